"""What Ozon's validation says about one item of /v3/product/import, as entries of import/info `items[].errors`.

Codes are the documented ones. Where the documentation names none, the comment beside the code says so.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from .catalog import Catalog
from .model import Json

CURRENCY = "RUB"
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
MILLIMETRES = {"mm": Decimal(1), "cm": Decimal(10), "in": Decimal("25.4")}
GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.592")}

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


def decimal(text: object) -> Decimal | None:
    """The number in plain digits with an optional point, else None."""
    return Decimal(text) if isinstance(text, str) and PLAIN_NUMBER.fullmatch(text) else None


def is_fatal(error: Json) -> bool:
    """True when the item is not imported because of this entry."""
    return str(error["level"]) == "error" and int(error["attribute_id"]) != CUSTOMS_CODE_ATTRIBUTE


def check_item(item: Json, catalog: Catalog) -> list[Json]:
    """Everything that is wrong with an item, fatal or not; an empty list when nothing is."""
    errors = [*_texts(item), *_prices(item), *_dimensions(item), *_images(item)]
    category_errors = list(_category(item, catalog))
    if not category_errors:
        errors += _attributes(item, catalog)
    return category_errors + errors


def category_of(item: Json) -> int:
    return int(item.get("new_description_category_id") or item.get("description_category_id") or 0)


def _texts(item: Json) -> Iterator[Json]:
    name = str(item.get("name") or "").strip()
    if not name:
        yield entry("EMPTY_REQUIRED", "Не заполнено название товара", "name")
    if len(name) > MAX_NAME:
        yield entry("name_too_long", f"Слишком длинное название: не больше {MAX_NAME} символов", "name")
    if len(str(item.get("offer_id") or "")) > MAX_OFFER_ID:
        # No documented code: the limit is only given in the text of the method.
        yield entry("offer_id_too_long", f"Слишком длинный артикул: не больше {MAX_OFFER_ID} символов", "offer_id")
    if len(str(item.get("barcode") or "")) > MAX_BARCODE:
        # No documented code: the limit is that of /v1/barcode/add.
        yield entry("barcode_too_long", f"Слишком длинный штрихкод: не больше {MAX_BARCODE} символов", "barcode")


def _category(item: Json, catalog: Catalog) -> Iterator[Json]:
    category_id, type_id = category_of(item), int(item.get("type_id") or 0)
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


def _prices(item: Json) -> Iterator[Json]:
    price = decimal(item.get("price"))
    if price is None or price <= 0:
        yield entry("price_is_negative", "Не указана цена или она не больше нуля", "price")
    elif price > MAX_PRICE or price != round(price, 2):
        yield entry("price_out_of_range", "Цена вне допустимого диапазона", "price")
    if item.get("old_price"):
        old_price = decimal(item["old_price"])
        if old_price is None or old_price < 0:
            yield entry("price_out_of_range", "Цена до скидки вне допустимого диапазона", "old_price")
        elif price is not None and 0 < old_price <= price:
            yield entry("old_price_less_than_price", "Цена до скидки должна быть больше цены", "old_price")
    if (item.get("currency_code") or CURRENCY) != CURRENCY:
        yield entry("bad_request_error", "Неверно указана валюта", "currency_code")
    if item.get("vat") not in VAT_RATES:
        yield entry("vat_invalid", "Неверно указана ставка НДС", "vat")


def _dimensions(item: Json) -> Iterator[Json]:
    sides = [int(item.get(name) or 0) for name in ("depth", "width", "height")]
    for name, value in zip(("depth", "width", "height", "weight"), [*sides, int(item.get("weight") or 0)], strict=True):
        if value <= 0:
            yield entry("missing_dimension", "Не указаны габариты или вес товара", name)
    length, mass = MILLIMETRES.get(item.get("dimension_unit") or ""), GRAMS.get(item.get("weight_unit") or "")
    if length is None:
        yield entry("missing_dimension", "Не указана единица измерения габаритов", "dimension_unit")
    if mass is None:
        yield entry("missing_dimension", "Не указана единица измерения веса", "weight_unit")
    weight = int(item.get("weight") or 0)
    if length is None or mass is None or weight <= 0 or min(sides) <= 0:
        return
    grams = weight * mass
    if grams > MAX_WEIGHT_G:
        # No documented code: the limit is only given in the text of the method.
        yield entry("weight_too_big", "Вес товара больше 1000 кг", "weight")
    density = grams * 1000 / (sides[0] * sides[1] * sides[2] * length**3)
    if not MIN_DENSITY <= density <= MAX_DENSITY:
        yield entry("Incorrect_density", "Неверная плотность товара: проверьте вес и габариты", "weight")


def _images(item: Json) -> Iterator[Json]:
    links = [link for link in [item.get("primary_image"), *(item.get("images") or [])] if link]
    if links and not any(str(link).startswith(("http://", "https://")) for link in links):
        yield entry("all_image_failed", "Не удалось загрузить ни одного изображения", "images")


def sent_values(item: Json) -> Iterator[tuple[int, list[Json]]]:
    """(attribute id, values) of the plain attributes, then of the nested ones."""
    nested = [inner for group in item.get("complex_attributes") or [] for inner in group.get("attributes") or []]
    for attribute in [*(item.get("attributes") or []), *nested]:
        yield int(attribute.get("id") or 0), [value for value in attribute.get("values") or [] if _is_filled(value)]


def _is_filled(value: Json) -> bool:
    return bool(value.get("dictionary_value_id")) or bool(str(value.get("value") or "").strip())


def _attributes(item: Json, catalog: Catalog) -> Iterator[Json]:
    category_id, type_id = category_of(item), int(item["type_id"])
    known = {int(attribute["id"]): attribute for attribute in catalog.attributes(category_id, type_id)}
    filled: set[int] = set()
    for attribute_id, values in sent_values(item):
        attribute = known.get(attribute_id)
        if attribute_id == TYPE_ATTRIBUTE:
            continue
        if attribute is None:
            # No documented code: the live service keeps the card and drops the value.
            unknown = {"id": attribute_id, "name": ""}
            yield entry("attribute_not_in_category", "У этого типа товара нет такой характеристики", attribute=unknown, level="warning")
            continue
        if values:
            filled.add(attribute_id)
        yield from _values(attribute, values, catalog, category_id, type_id)
    for attribute_id, attribute in known.items():
        if attribute["is_required"] and attribute_id not in filled and attribute_id != TYPE_ATTRIBUTE:
            yield entry("error_attribute_values_empty", EMPTY_TEXT, attribute=attribute)


def _values(attribute: Json, values: list[Json], catalog: Catalog, category_id: int, type_id: int) -> Iterator[Json]:
    limit = int(attribute["max_value_count"]) if attribute["is_collection"] else 1
    if limit and len(values) > limit:
        yield entry("VALUE_MAX_LIMIT", f"Слишком много значений: не больше {limit}", attribute=attribute)
    dictionary = catalog.dictionary(attribute, category_id, type_id)
    for value in values:
        if dictionary is not None:
            if value.get("dictionary_value_id") not in dictionary:
                text = "Значения нет в справочнике характеристики"
                yield entry("error_attribute_values_out_of_range", text, attribute=attribute)
        elif not _fits(str(attribute["type"]), str(value.get("value") or "").strip()):
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
