"""What is written through the API: counterparties, products, orders with their lines and reserves."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from .bodies import REFERENCES, Bodies
from .filters import moment
from .memory import Memory
from .model import CustomerOrder, Good, Json, Named, Position, moment_text
from .replies import ApiError, missing_field, not_found, wrong_field

MOST_LINES = 1000
LONGEST = {"name": 255, "description": 4096, "externalCode": 255}


def counterparty(memory: Memory, bodies: Bodies, body: Json) -> Json:
    """POST entity/counterparty; one with a syncId that is known is answered instead."""
    known = _known(memory.lists["counterparty"].values(), body)
    if known is None:
        known = Named(_new_id(), _text(body, "name", required=True), memory.clock())
        known.external_code, known.sync_id = _text(body, "externalCode") or known.id, _sync_id(body)
        known.extra = {"companyType": body.get("companyType", "legal"), "created": moment_text(memory.clock())}
        memory.lists["counterparty"][known.id] = known
    return bodies.named("counterparty", known)


def product(memory: Memory, bodies: Bodies, body: Json) -> Json:
    """POST entity/product."""
    known = _known(memory.of_kind("product"), body)
    if known is not None:
        return bodies.good(known)
    made = Good(_new_id(), "product", _text(body, "name", required=True), memory.clock(), code=_text(body, "code") or memory.next_number())
    made.article, made.external_code, made.sync_id = _text(body, "article"), _text(body, "externalCode"), _sync_id(body)
    made.description = _text(body, "description")
    made.barcodes = [{str(kind): str(code) for kind, code in each.items()} for each in body.get("barcodes", [])]
    made.currency_id = next(iter(memory.lists["currency"]))
    made.folder_id = _reference(memory, body, "productFolder", "productfolder", lambda id_: id_ in memory.lists["productfolder"]) or ""
    made.weight = float(_number(body, "weight", 0))
    for price in body.get("salePrices", []):
        type_id = _id_of(price.get("priceType"), "pricetype", "salePrices")
        if type_id not in memory.price_types:
            raise not_found("pricetype", type_id)
        made.prices[type_id] = float(_number(price, "value", 0))
    return bodies.good(memory.add(made))


def new_order(memory: Memory, bodies: Bodies, body: Json) -> Json:
    """POST entity/customerorder: with the syncId of an order that is there, that order is answered and nothing made."""
    known = _known(memory.orders.values(), body)
    if known is not None:
        return bodies.order(known)
    for name in ("organization", "agent"):
        if not body.get(name):
            raise missing_field(name)
    now = memory.clock()
    order = CustomerOrder(_new_id(), _text(body, "name") or memory.next_number(), now, now, now)
    order.currency_id = next(iter(memory.lists["currency"]))
    order.external_code, order.sync_id = _text(body, "externalCode") or order.id, _sync_id(body)
    order.references["owner"] = next(iter(memory.lists["employee"]))
    _fill(memory, order, body)
    order.positions = [_position(memory, each) for each in _lines(body.get("positions", []))]
    memory.orders[order.id] = order
    memory.reserve(order, 1)
    return bodies.order(order)


def change_order(memory: Memory, bodies: Bodies, order_id: str, body: Json) -> Json:
    """PUT entity/customerorder/{id}: fields that are named change; positions, if named, take the place of all that there were."""
    order = _order(memory, order_id)
    if "syncId" in body and body["syncId"] != order.sync_id and order.sync_id:
        raise ApiError(400, 1047, "Вы не можете обновить поле syncId в запросе на обновление сущности", "syncId")
    memory.reserve(order, -1)
    try:
        _fill(memory, order, body)
        if "positions" in body:
            order.positions = [_position(memory, each, _line_of(order, each)) for each in _lines(body["positions"])]
    finally:
        memory.reserve(order, 1)
    order.updated = memory.clock()
    return bodies.order(order)


def new_position(memory: Memory, bodies: Bodies, order_id: str, body: Json) -> list[Json]:
    """POST entity/customerorder/{id}/positions."""
    order = _order(memory, order_id)
    line = _position(memory, body)
    memory.reserve(order, -1)
    order.positions.append(line)
    memory.reserve(order, 1)
    order.updated = memory.clock()
    return [bodies.position(order, line)]


def change_position(memory: Memory, bodies: Bodies, order_id: str, line_id: str, body: Json) -> Json:
    """PUT entity/customerorder/{id}/positions/{id}."""
    order = _order(memory, order_id)
    line = next((line for line in order.positions if line.id == line_id), None)
    if line is None:
        raise not_found("customerorderposition", line_id)
    memory.reserve(order, -1)
    try:
        _position(memory, body, line)
    finally:
        memory.reserve(order, 1)
    order.updated = memory.clock()
    return bodies.position(order, line)


def _fill(memory: Memory, order: CustomerOrder, body: Json) -> None:
    for name, kind in REFERENCES.items():
        if name in body:
            order.references |= _changed(order, name, _reference(memory, body, name, kind, memory.lists[kind].__contains__))
    if "state" in body:
        order.references |= _changed(order, "state", _reference(memory, body, "state", "state", memory.states.__contains__))
    rate = body.get("rate")
    if isinstance(rate, dict):
        order.currency_id = _reference(memory, rate, "currency", "currency", memory.lists["currency"].__contains__) or order.currency_id
    if "description" in body:
        order.description = _text(body, "description")
    if body.get("name"):
        order.name = _text(body, "name")
    if "applicable" in body:
        order.applicable = body["applicable"] is True
    order.moment = _moment(body, "moment") or order.moment
    order.delivery = _moment(body, "deliveryPlannedMoment") or order.delivery


def _changed(order: CustomerOrder, name: str, id_: str | None) -> dict[str, str]:
    if id_ is None:
        order.references.pop(name, None)
        return {}
    return {name: id_}


def _position(memory: Memory, body: Json, line: Position | None = None) -> Position:
    """A new line, or the line with what the body names."""
    if line is None:
        good_id = _reference(memory, body, "assortment", "", memory.goods.__contains__)
        if good_id is None:
            raise missing_field("assortment")
        line = Position(_new_id(), good_id, Decimal(1))
    line.quantity = _number(body, "quantity", line.quantity)
    if line.quantity <= 0:
        raise wrong_field("quantity", "должно быть больше нуля")
    line.price = float(_number(body, "price", line.price))
    line.vat = int(_number(body, "vat", line.vat))
    line.vat_enabled = bool(body.get("vatEnabled", line.vat_enabled or line.vat > 0))
    line.discount = float(_number(body, "discount", line.discount))
    line.reserve = min(_number(body, "reserve", line.reserve), line.quantity)
    return line


def _lines(body: object) -> list[Json]:
    if not isinstance(body, list) or not all(isinstance(each, dict) for each in body):
        raise wrong_field("positions", "должно быть массивом")
    if len(body) > MOST_LINES:
        raise ApiError(413, 1044, "Превышен максимальный размер запроса")
    return body


def _line_of(order: CustomerOrder, body: Json) -> Position | None:
    id_ = body.get("id")
    return next((line for line in order.positions if line.id == id_), None)


def _order(memory: Memory, order_id: str) -> CustomerOrder:
    order = memory.orders.get(order_id)
    if order is None:
        raise not_found("customerorder", order_id)
    return order


def _known(rows: Any, body: Json) -> Any:
    sync_id = _sync_id(body)
    return next((row for row in rows if row.sync_id == sync_id), None) if sync_id else None


def _sync_id(body: Mapping[str, object]) -> str:
    text = body.get("syncId") or ""
    try:
        return str(uuid.UUID(str(text))) if text else ""
    except ValueError:
        raise ApiError(400, 1052, "Неверный формат UUID", "syncId") from None


def _reference(memory: Memory, body: Json, name: str, kind: str, is_known: Callable[[str], bool]) -> str | None:
    """The id behind the link of a field; None = it is emptied. 404 when nothing is there."""
    value = body.get(name)
    if value is None:
        return None
    id_ = _id_of(value, kind, name)
    if not is_known(id_):
        raise not_found(kind or "assortment", id_)
    return id_


def _id_of(value: object, kind: str, name: str) -> str:
    meta = value.get("meta") if isinstance(value, dict) else None
    if not isinstance(meta, dict) or not isinstance(meta.get("href"), str) or meta.get("mediaType") != "application/json":
        raise wrong_field(name, "должно быть ссылкой в формате meta")
    path, _, id_ = str(meta["href"]).partition("?")[0].rstrip("/").rpartition("/")
    if (kind and meta.get("type") != kind) or str(meta.get("type")) not in path:
        raise ApiError(400, 1060, "Некорректный тип данных в meta сущности, поле type", name)
    return id_


def _text(body: Json, name: str, *, required: bool = False) -> str:
    value = body.get(name)
    if value is None or value == "":
        if required:
            raise missing_field(name)
        return ""
    if not isinstance(value, str):
        raise wrong_field(name, "должно быть строкой")
    if len(value) > LONGEST.get(name, 255):
        raise ApiError(400, 3040, f"Ошибка валидации: поле '{name}' не может быть более '{LONGEST.get(name, 255)}' символов", name)
    return value


def _number(body: Json, name: str, usual: Decimal | float) -> Decimal:
    value = body.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise wrong_field(name, "должно быть числом")
    if value < 0:
        raise ApiError(400, 3002, f"Ошибка сохранения объекта: поле '{name}' не может иметь отрицательное значение", name)
    return Decimal(str(value))


def _moment(body: Json, name: str) -> datetime | None:
    return moment(_text(body, name), name) if body.get(name) else None


def _new_id() -> str:
    return str(uuid.uuid4())
