"""What Ozon's validation says about one item of /v3/product/import, as entries of import/info `items[].errors`.

Codes are the documented ones. Where the documentation names none, the comment beside the code says so.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from .catalog import Catalog
from .dictionaries import Dictionary
from .import_item import CURRENCY, GRAMS, MILLIMETRES, ImportItem, Value
from .model import Json

PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
VAT_RATES = frozenset({"0", "0.05", "0.07", "0.1", "0.2", "0.22"})
MAX_NAME = 255
MAX_OFFER_ID = 50
MAX_BARCODE = 100
MAX_PRICE = Decimal(100_000_000)
MAX_WEIGHT_G = 1_000_000
MIN_DENSITY, MAX_DENSITY = Decimal("0.001"), Decimal("13.55")
TYPE_ATTRIBUTE = 8229
# Live answers show a card without this code as `imported`, yet with an error that keeps it from being sold.
CUSTOMS_CODE_ATTRIBUTE = 22232

EMPTY_TEXT = (
    "Это обязательное поле — без него нельзя продавать товар. Заполните поле и пересохраните карточку. "
    "Если редактируете через XLS-шаблон, скачайте его заново"
)


def entry(code: str, text: str, field: str = "", attribute: Json | None = None, level: str = "error") -> Json:
    """One element of `errors` in the answer of /v1/product/import/info."""
    return {
        "code": code,
        "field": field,
        "attribute_id": int(attribute["id"]) if attribute else 0,
        "attribute_name": str(attribute["name"]) if attribute else "",
        "state": "new",
        "level": level,
        "description": text,
        "message": text,
    }


def decimal(text: str) -> Decimal | None:
    """The number in plain digits with an optional point, else None."""
    return Decimal(text) if PLAIN_NUMBER.fullmatch(text) else None


def is_fatal(error: Json) -> bool:
    """True when the item is not imported because of this entry."""
    return str(error["level"]) == "error" and int(error["attribute_id"]) != CUSTOMS_CODE_ATTRIBUTE


def check_item(item: ImportItem, catalog: Catalog) -> list[Json]:
    """Everything that is wrong with an item, fatal or not; an empty list when nothing is."""
    errors = [*_texts(item), *_prices(item), *_dimensions(item), *_images(item)]
    category_errors = list(_category(item, catalog))
    if not category_errors:
        errors += _attributes(item, catalog)
    return category_errors + errors


def _texts(item: ImportItem) -> Iterator[Json]:
    name = item.name.strip()
    if not name:
        yield entry("EMPTY_REQUIRED", "Не заполнено название товара", "name")
    if len(name) > MAX_NAME:
        yield entry("name_too_long", f"Слишком длинное название: не больше {MAX_NAME} символов", "name")
    if len(item.offer_id) > MAX_OFFER_ID:
        # No documented code: the limit is only given in the text of the method.
        yield entry("offer_id_too_long", f"Слишком длинный артикул: не больше {MAX_OFFER_ID} символов", "offer_id")
    if len(item.barcode) > MAX_BARCODE:
        # No documented code: the limit is that of /v1/barcode/add.
        yield entry("barcode_too_long", f"Слишком длинный штрихкод: не больше {MAX_BARCODE} символов", "barcode")


def _category(item: ImportItem, catalog: Catalog) -> Iterator[Json]:
    category_id, type_id = item.category_id, item.type_id
    if not category_id:
        yield entry("description_category_is_empty", "Не указана категория", "description_category_id")
    elif not catalog.has_category(category_id):
        yield entry("description_category_invalid", "Указана неверная категория", "description_category_id")
    elif not type_id:
        yield entry("description_type_is_empty", "Не указан тип товара", "type_id")
    elif not catalog.has_type(category_id, type_id):
        yield entry("description_category_has_no_description_type", "В этой категории нет такого типа товара", "type_id")
    elif catalog.is_disabled(category_id, type_id):
        yield entry("description_category_is_legacy", "В этой категории больше нельзя создавать товары", "type_id")


def _prices(item: ImportItem) -> Iterator[Json]:
    price = decimal(item.price)
    if price is None or price <= 0:
        yield entry("price_is_negative", "Не указана цена или она не больше нуля", "price")
    elif price > MAX_PRICE or price != round(price, 2):
        yield entry("price_out_of_range", "Цена вне допустимого диапазона", "price")
    if item.old_price:
        old_price = decimal(item.old_price)
        if old_price is None or old_price < 0:
            yield entry("price_out_of_range", "Цена до скидки вне допустимого диапазона", "old_price")
        elif price is not None and 0 < old_price <= price:
            yield entry("old_price_less_than_price", "Цена до скидки должна быть больше цены", "old_price")
    if (item.currency_code or CURRENCY) != CURRENCY:
        yield entry("bad_request_error", "Неверно указана валюта", "currency_code")
    if item.vat not in VAT_RATES:
        yield entry("vat_invalid", "Неверно указана ставка НДС", "vat")


def _dimensions(item: ImportItem) -> Iterator[Json]:
    sizes = {"depth": item.depth, "width": item.width, "height": item.height, "weight": item.weight}
    for name, value in sizes.items():
        if value <= 0:
            yield entry("missing_dimension", "Не указаны габариты или вес товара", name)
    if item.dimension_unit not in MILLIMETRES:
        yield entry("missing_dimension", "Не указана единица измерения габаритов", "dimension_unit")
    if item.weight_unit not in GRAMS:
        yield entry("missing_dimension", "Не указана единица измерения веса", "weight_unit")
    if min(sizes.values()) <= 0 or not item.cubic_millimetres or not item.grams:
        return
    if item.grams > MAX_WEIGHT_G:
        # No documented code: the limit is only given in the text of the method.
        yield entry("weight_too_big", "Вес товара больше 1000 кг", "weight")
    if not MIN_DENSITY <= item.grams * 1000 / item.cubic_millimetres <= MAX_DENSITY:
        yield entry("Incorrect_density", "Неверная плотность товара: проверьте вес и габариты", "weight")


def _images(item: ImportItem) -> Iterator[Json]:
    links = [link for link in (item.primary_image, *item.images) if link]
    if links and not any(link.startswith(("http://", "https://")) for link in links):
        yield entry("all_image_failed", "Не удалось загрузить ни одного изображения", "images")


def _attributes(item: ImportItem, catalog: Catalog) -> Iterator[Json]:
    known = {int(attribute["id"]): attribute for attribute in catalog.attributes(item.category_id, item.type_id)}
    filled: set[int] = set()
    for sent in [*item.attributes, *item.nested_attributes]:
        attribute = known.get(sent.id)
        if sent.id == TYPE_ATTRIBUTE:
            continue
        if attribute is None:
            # No documented code: the live service keeps the card and drops the value.
            unknown = {"id": sent.id, "name": ""}
            yield entry("attribute_not_in_category", "У этого типа товара нет такой характеристики", attribute=unknown, level="warning")
            continue
        values = sent.filled
        if values:
            filled.add(sent.id)
        yield from _values(attribute, values, catalog.dictionary(attribute, item.category_id, item.type_id))
    for attribute_id, attribute in known.items():
        if attribute["is_required"] and attribute_id not in filled and attribute_id != TYPE_ATTRIBUTE:
            yield entry("error_attribute_values_empty", EMPTY_TEXT, attribute=attribute)


def _values(attribute: Json, values: list[Value], dictionary: Dictionary | None) -> Iterator[Json]:
    limit = int(attribute["max_value_count"]) if attribute["is_collection"] else 1
    if limit and len(values) > limit:
        yield entry("VALUE_MAX_LIMIT", f"Слишком много значений: не больше {limit}", attribute=attribute)
    for value in values:
        if dictionary is not None:
            if value.dictionary_value_id not in dictionary:
                text = "Значения нет в справочнике характеристики"
                yield entry("error_attribute_values_out_of_range", text, attribute=attribute)
        elif not _fits(str(attribute["type"]), value.value.strip()):
            # No documented code for a text where a number or a link belongs.
            yield entry("error_attribute_values_invalid", "Неверный формат значения характеристики", attribute=attribute)


def _fits(kind: str, text: str) -> bool:
    match kind.casefold():
        case "integer":
            return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()
        case "decimal":
            return decimal(text) is not None
        case "url":
            return text.startswith(("http://", "https://"))
        case "boolean":
            return text in {"true", "false"}
        case _:
            return bool(text)
