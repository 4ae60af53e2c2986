"""Goods and their folders as they are written through the API."""

from typing import Any

from .bodies import Bodies
from .fields import id_of, known_row, new_id, number_of, reference, sync_id_of, text_of
from .memory import Memory
from .model import Good, Json, Named
from .replies import ApiError, not_found, wrong_field

BARCODE_KINDS = {"ean13": 13, "ean8": 8, "gtin": 14, "upc": 12, "code128": 0}
MOST_BARCODES = 100


def folder(memory: Memory, bodies: Bodies, body: Json) -> Json:
    """POST entity/productfolder; one with a syncId that is known is answered instead."""
    folders = memory.lists["productfolder"]
    known = known_row(folders.values(), body)
    if known is None:
        known = Named(new_id(), text_of(body, "name", required=True), memory.clock())
        known.parent_id = reference(memory, body, "productFolder", "productfolder", folders.__contains__) or ""
        known.external_code, known.sync_id = text_of(body, "externalCode") or known.id, sync_id_of(body)
        folders[known.id] = known
    return bodies.named("productfolder", known)


def product(memory: Memory, bodies: Bodies, body: Json) -> Json:
    """POST entity/product; one with a syncId that is known is answered instead."""
    known = known_row(memory.of_kind("product"), body)
    if known is not None:
        return bodies.good(known)
    made = Good(new_id(), "product", text_of(body, "name", required=True), memory.clock())
    made.code = text_of(body, "code") or memory.next_number()
    made.article, made.external_code, made.sync_id = text_of(body, "article"), text_of(body, "externalCode"), sync_id_of(body)
    made.description = text_of(body, "description")
    made.barcodes = _barcodes(body.get("barcodes", []))
    made.folder_id = reference(memory, body, "productFolder", "productfolder", memory.lists["productfolder"].__contains__) or ""
    made.uom_id = reference(memory, body, "uom", "uom", memory.lists["uom"].__contains__) or ""
    made.weight, made.volume = float(number_of(body, "weight", 0)), float(number_of(body, "volume", 0))
    made.vat = _vat(body, made.vat)
    made.attributes = dict(_attribute(memory, each) for each in _list(body, "attributes"))
    made.currency_id = next(iter(memory.lists["currency"]))
    for price in _list(body, "salePrices"):
        _add_price(memory, made, price)
    return bodies.good(memory.add(made))


def _list(body: Json, name: str) -> list[Json]:
    found = body.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise wrong_field(name, "должно быть массивом")
    return found


def _barcodes(given: Any) -> list[dict[str, str]]:
    if not isinstance(given, list) or len(given) > MOST_BARCODES:
        raise wrong_field("barcodes", "должно быть массивом")
    found = []
    for each in given:
        if not isinstance(each, dict) or len(each) != 1 or not all(isinstance(code, str) for code in each.values()):
            raise wrong_field("barcodes", "должно быть объектом с одним штрихкодом")
        (kind, code), *_ = each.items()
        if kind not in BARCODE_KINDS or not code or not _is_barcode(BARCODE_KINDS[kind], code):
            raise ApiError(400, 3005, f"Ошибка сохранения объекта: неверный штрихкод '{code}'", "barcodes")
        found.append({kind: code})
    return found


def _is_barcode(length: int, code: str) -> bool:
    if not length:
        return code.isascii()
    if not (code.isascii() and code.isdigit() and len(code) == length):
        return False
    weighed = sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(reversed(code)))
    return weighed % 10 == 0


def _vat(body: Json, usual: int | None) -> int | None:
    """None = the product is sold without."""
    for name in ("vatEnabled", "useParentVat"):
        if name in body and not isinstance(body[name], bool):
            raise wrong_field(name, "должно быть логическим значением")
    if body.get("vatEnabled") is False:
        return None
    rate = number_of(body, "vat", usual or 0)
    if rate != int(rate) or rate > 100:
        raise wrong_field("vat", "должно быть целым числом процентов")
    return int(rate)


def _attribute(memory: Memory, given: Json) -> tuple[str, object]:
    meta = given.get("meta")
    if not isinstance(meta, dict) or meta.get("type") != "attributemetadata" or meta.get("mediaType") != "application/json":
        raise wrong_field("attributes", "должно быть ссылкой в формате meta")
    id_ = str(meta.get("href", "")).rstrip("/").rpartition("/")[2]
    field = memory.attributes.get(id_)
    if field is None:
        raise not_found("attributemetadata", id_)
    value = given.get("value")
    kinds: dict[str, type | tuple[type, ...]] = {"long": int, "double": (int, float), "boolean": bool}
    wanted = kinds.get(field.type, str)
    if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
        raise ApiError(400, 2016, f"Ошибка формата: значение доп. поля '{field.name}' не соответствует типу {field.type}", "attributes")
    if field.type == "string" and len(str(value)) > 255:
        raise wrong_field("attributes", "не может быть длиннее 255 символов")
    return id_, value


def _add_price(memory: Memory, good: Good, price: Json) -> None:
    type_id = id_of(price.get("priceType"), "pricetype", "salePrices")
    if type_id not in memory.price_types:
        raise not_found("pricetype", type_id)
    currency = reference(memory, price, "currency", "currency", memory.lists["currency"].__contains__)
    good.currency_id = currency or good.currency_id
    good.prices[type_id] = float(number_of(price, "value", 0))
