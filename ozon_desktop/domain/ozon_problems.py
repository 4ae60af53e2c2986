"""Ozon's own complaints about a card (import task, moderation, product info) put beside the field they are about."""

from collections.abc import Iterable
from dataclasses import dataclass

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.ozon_catalog import Attribute

_FIELDS = {
    "name": "name",
    "offer_id": "offer_id",
    "price": "price",
    "old_price": "old_price",
    "min_price": "min_price",
    "currency_code": "price",
    "vat": "vat",
    "depth": "depth",
    "width": "width",
    "height": "height",
    "dimension_unit": "depth",
    "weight": "weight",
    "weight_unit": "weight",
    "images": "images",
    "primary_image": "images",
    "color_image": "images",
    "pictures": "images",
    "barcode": "barcode",
    "barcodes": "barcode",
    "stock": "stock",
    "description_category_id": "category",
    "category": "category",
    "type_id": "category",
}
_CODES = {
    "incorrect_density": "weight",
    "ml_incorrect_volume_weight": "weight",
    "weight_too_big": "weight",
    "empty_required": "name",
    "offer_id_too_long": "offer_id",
    "offer_id_repeated": "offer_id",
    "size_required_for_not_unique_offer_id": "offer_id",
    "barcode_too_long": "barcode",
    "barcode_invalid": "barcode",
    "barcode_already_used": "barcode",
    "missing_dimension": "depth",
    "vat_invalid": "vat",
    "name_too_long": "name",
    "price_is_negative": "price",
    "price_negative": "price",
    "price_out_of_range": "price",
    "invalid_category_price": "price",
    "price_less_than_min_auto_price": "price",
    "action_price_enabled_min_price_missing": "min_price",
    "old_price_less_than_price": "old_price",
    "all_image_failed": "images",
    "all_image_unprocessed": "images",
    "some_image_failed": "images",
    "primary_image_load_failed": "images",
    "pics_http_error": "images",
    "levels_category_not_found": "category",
}
_BEGINNINGS = {
    "description_category": "category",
    "description_type": "category",
    "discount_": "old_price",
    "min_auto_price": "min_price",
    "error limiting": "price",
}


@dataclass(frozen=True, slots=True)
class OzonProblem:
    """One complaint of Ozon. field: as in CardProblem, a name of the card ("price", "depth" …) or the attribute's; "" = the whole card."""

    error: ItemError
    field: str = ""
    attribute_id: int = 0

    @property
    def blocking(self) -> bool:
        """Whether the product cannot be sold with it."""
        return self.error.blocking


def ozon_problems(errors: Iterable[ItemError], attributes: Iterable[Attribute]) -> tuple[OzonProblem, ...]:
    """The complaints, each with its field, those that block first. attributes: of the card's type."""
    if not errors:
        return ()
    known = list(attributes)
    names = {attribute.id: attribute.name for attribute in known}
    ids = {attribute.name.casefold(): attribute.id for attribute in known}
    found = (_placed(error, names, ids) for error in dict.fromkeys(errors))
    return tuple(sorted(found, key=lambda problem: not problem.blocking))


def field_of(error: ItemError, otherwise: str = "") -> str:
    """Where a complaint stands: the attribute's name, or a name of the card ("price", "depth" …).

    otherwise: where it stands when neither Ozon nor the code says it, as for a stock.
    """
    return error.attribute_name or _card_field(error) or error.field.strip() or otherwise


def _placed(error: ItemError, names: dict[int, str], ids: dict[str, int]) -> OzonProblem:
    attribute_id = error.attribute_id or ids.get(error.attribute_name.casefold(), 0)
    if attribute_id:
        return OzonProblem(error, names.get(attribute_id, error.attribute_name), attribute_id)
    field = _last_part(error.field)
    if field not in _FIELDS and field in ids:
        return OzonProblem(error, names[ids[field]], ids[field])
    return OzonProblem(error, _card_field(error))


def _card_field(error: ItemError) -> str:
    """The field of the card that Ozon names, else the one its code is about; "" when there is none."""
    code = error.code.strip().casefold()
    named = _FIELDS.get(_last_part(error.field)) or _CODES.get(code)
    return named or next((name for start, name in _BEGINNINGS.items() if code.startswith(start)), "")


def _last_part(field: str) -> str:
    return field.strip().casefold().rpartition(".")[2]
