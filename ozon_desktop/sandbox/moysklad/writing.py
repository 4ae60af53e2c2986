"""What is written through the API: counterparties, orders with their lines and reserves. Goods are in `writing_goods`."""

from datetime import datetime
from decimal import Decimal

from .bodies import REFERENCES, Bodies
from .fields import known_row, new_id, number_of, reference, sync_id_of, text_of
from .filters import moment
from .memory import Memory
from .model import CustomerOrder, Json, Named, Position, moment_text
from .replies import ApiError, missing_field, not_found, wrong_field

MOST_LINES = 1000


def counterparty(memory: Memory, bodies: Bodies, body: Json) -> Json:
    """POST entity/counterparty; one with a syncId that is known is answered instead."""
    known = known_row(memory.lists["counterparty"].values(), body)
    if known is None:
        known = Named(new_id(), text_of(body, "name", required=True), memory.clock())
        known.external_code, known.sync_id = text_of(body, "externalCode") or known.id, sync_id_of(body)
        known.extra = {"companyType": body.get("companyType", "legal"), "created": moment_text(memory.clock())}
        memory.lists["counterparty"][known.id] = known
    return bodies.named("counterparty", known)


def new_order(memory: Memory, bodies: Bodies, body: Json) -> Json:
    """POST entity/customerorder: with the syncId of an order that is there, that order is answered and nothing made."""
    known = known_row(memory.orders.values(), body)
    if known is not None:
        return bodies.order(known)
    for name in ("organization", "agent"):
        if not body.get(name):
            raise missing_field(name)
    now = memory.clock()
    order = CustomerOrder(new_id(), text_of(body, "name") or memory.next_number(), now, now, now)
    order.currency_id = next(iter(memory.lists["currency"]))
    order.external_code, order.sync_id = text_of(body, "externalCode") or order.id, sync_id_of(body)
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
            order.references |= _changed(order, name, reference(memory, body, name, kind, memory.lists[kind].__contains__))
    if "state" in body:
        order.references |= _changed(order, "state", reference(memory, body, "state", "state", memory.states.__contains__))
    rate = body.get("rate")
    if isinstance(rate, dict):
        order.currency_id = reference(memory, rate, "currency", "currency", memory.lists["currency"].__contains__) or order.currency_id
    if "description" in body:
        order.description = text_of(body, "description")
    if body.get("name"):
        order.name = text_of(body, "name")
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
        good_id = reference(memory, body, "assortment", "", memory.goods.__contains__)
        if good_id is None:
            raise missing_field("assortment")
        line = Position(new_id(), good_id, Decimal(1))
    line.quantity = number_of(body, "quantity", line.quantity)
    if line.quantity <= 0:
        raise wrong_field("quantity", "должно быть больше нуля")
    line.price = float(number_of(body, "price", line.price))
    line.vat = int(number_of(body, "vat", line.vat))
    line.vat_enabled = bool(body.get("vatEnabled", line.vat_enabled or line.vat > 0))
    line.discount = float(number_of(body, "discount", line.discount))
    line.reserve = min(number_of(body, "reserve", line.reserve), line.quantity)
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


def _moment(body: Json, name: str) -> datetime | None:
    return moment(text_of(body, name), name) if body.get(name) else None
