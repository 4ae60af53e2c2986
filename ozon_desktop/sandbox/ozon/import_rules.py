"""What Ozon's validation says about one item of /v3/product/import, as entries of import/info `items[].errors`.

Codes are the documented ones. What is assumed or recorded says so where it stands, see `rules`.
"""

from .catalog import Catalog
from .import_item import ImportItem
from .memory import Memory
from .model import Json
from .refusals import Kind
from .rules.attributes import CUSTOMS_CODE_ATTRIBUTE, attribute_errors, category_errors, certificate_errors
from .rules.barcodes import barcode_errors, taken_error
from .rules.dimensions import dimension_errors
from .rules.pictures import picture_errors, picture_faults
from .rules.prices import currency_errors, lowest_price_errors, price_errors
from .rules.texts import text_errors


def is_fatal(error: Json) -> bool:
    """True when the item is not imported because of this entry."""
    return str(error["level"]) == "error" and int(error["attribute_id"]) != CUSTOMS_CODE_ATTRIBUTE


def check_item(item: ImportItem, catalog: Catalog) -> list[Json]:
    """Everything that is wrong with an item by itself, fatal or not; an empty list when nothing is."""
    errors = [*text_errors(item), *barcode_errors(item), *price_errors(item), *dimension_errors(item), *picture_errors(item)]
    wrong_category = list(category_errors(item, catalog))
    if not wrong_category:
        errors += attribute_errors(item, catalog)
    return wrong_category + errors


def cabinet_errors(memory: Memory, item: ImportItem) -> list[Json]:
    """What is wrong with an item in this cabinet: its currency, brands and other products, and what it was told to refuse."""
    product, owner = memory.shelf.get(item.offer_id), memory.barcode_owner(item.barcode)
    errors = list(currency_errors(item, memory.contract.currency))
    errors += certificate_errors(item, memory.catalog, memory.contract.certified_brands)
    if owner is not None and owner.offer_id != item.offer_id:
        errors.append(taken_error(owner.offer_id))
    if product is not None:
        errors += lowest_price_errors(item, product.min_price)
    return [*errors, *memory.refusals.entries(Kind.IMPORT, item.offer_id)]


def moderation_errors(memory: Memory, item: ImportItem) -> list[Json]:
    """What is found in an item after it was accepted: pictures that do not load, and what moderation was told to refuse."""
    return [*picture_faults(item), *memory.refusals.entries(Kind.MODERATION, item.offer_id)]
