"""Carriages (отгрузки): what can be handed over, the list of a carriage, its approval, its documents.

Official: the methods and fields; that no field of the creation is required, so that `{}` makes a carriage of everything; that the list
is rewritten as a whole.
"""

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, field

from .auth import KNOWN_CLIENT_ID
from .labels import make_pdf
from .memory import Memory
from .model import Carriage, Json, Posting, stamp
from .parcels import set_status
from .replies import ApiError, invalid, not_found
from .requests import Id, Int32, NotNegative, Request

ASSUMED = (
    "Отгрузка берёт собранные отправления FBS склада, которых нет в другой отгрузке; одна незакрытая на склад: второй раз — "
    "POSTING_NOT_FOUND, если нового нет.",
    "Подтверждённая отгрузка сразу закрыта (closed), и её отправления уходят в доставку; отменить можно только неподтверждённую.",
)
"""What no source says and the sandbox had to choose."""

FIRST_CARRIAGE = 22_435_521_842_000


class DeliveryFilter(Request):
    delivery_method_id: NotNegative = 0
    departure_date: str = ""


class DeliveryListRequest(Request, kw_only=True):
    limit: Annotated[int, Meta(ge=1, le=1000)]
    cursor: str = ""
    filter: DeliveryFilter = field(default_factory=DeliveryFilter)


class CreateRequest(Request):
    delivery_method_id: Id = Id(0)
    departure_date: str = ""
    all_blr_traceable: bool = False


class CarriageRequest(Request, kw_only=True):
    carriage_id: Id


class SetPostingsRequest(CarriageRequest, kw_only=True):
    posting_numbers: list[str]


class ApproveRequest(CarriageRequest, kw_only=True):
    containers_count: Int32 = 0


class ActRequest(Request, kw_only=True):
    id: Id


def delivery_list(memory: Memory, body: DeliveryListRequest) -> Json:
    methods = [
        _method(memory, warehouse_id)
        for warehouse_id, warehouse in memory.warehouses.items()
        if warehouse.scheme == "fbs" and body.filter.delivery_method_id in {0, warehouse_id} and any(_unsent(memory, warehouse_id))
    ]
    return {"methods": methods, "cursor": "", "has_next": False}


def create(memory: Memory, body: CreateRequest) -> Json:
    ready = [
        posting
        for warehouse_id in memory.warehouses
        if body.delivery_method_id in {0, warehouse_id}
        for posting in _unsent(memory, warehouse_id)
        if posting.status == "awaiting_deliver" and not posting.carriage
    ]
    if body.delivery_method_id and body.delivery_method_id not in memory.warehouses:
        raise invalid("DELIVERY_METHOD_NOT_FOUND")
    if not ready:
        raise invalid("POSTING_NOT_FOUND")
    number = FIRST_CARRIAGE + len(memory.carriages)
    made = Carriage(number, int(body.delivery_method_id) or ready[0].warehouse_id, memory.clock(), [])
    memory.carriages[number] = made
    _fill(memory, made, ready)
    return {"carriage_id": number}


def get(memory: Memory, body: CarriageRequest) -> Json:
    carriage = _carriage(memory, body.carriage_id)
    return {
        "act_type": "fbs",
        "all_blr_traceable": False,
        "is_waybill_enabled": True,
        "is_econom": False,
        "arrival_pass_ids": [],
        "available_actions": ["get_shipping_list", "get_waybill"] if carriage.approved_at else [],
        "cancel_availability": {"is_cancel_available": _status(carriage) == "new", "reason": ""},
        "carriage_id": carriage.number,
        "company_id": KNOWN_CLIENT_ID,
        "containers_count": 0,
        "created_at": stamp(carriage.created_at),
        "delivery_method_id": carriage.warehouse_id,
        "departure_date": stamp(carriage.created_at),
        "first_mile_type": "drop_off",
        "has_postings_for_next_carriage": _has_next(memory, carriage),
        "integration_type": "ozon",
        "is_container_label_printed": False,
        "is_partial": False,
        "partial_num": 0,
        "retry_count": 0,
        "status": _status(carriage),
        "tpl_provider_id": 24,
        "updated_at": stamp(carriage.approved_at or carriage.created_at),
        "warehouse_id": carriage.warehouse_id,
    }


def set_postings(memory: Memory, body: SetPostingsRequest) -> Json:
    carriage = _open(memory, body.carriage_id)
    answers, chosen = [], []
    for number in dict.fromkeys(body.posting_numbers):
        posting = memory.postings.get(number)
        good = posting is not None and posting.status == "awaiting_deliver" and posting.warehouse_id == carriage.warehouse_id
        good = good and posting is not None and posting.carriage in {0, carriage.number}
        answers.append({"posting_number": number, "result": bool(good), "error": "" if good else "posting_statuses_not_ready"})
        if good and posting is not None:
            chosen.append(posting)
    _empty(memory, carriage)
    _fill(memory, carriage, chosen)
    return {"result": answers}


def approve(memory: Memory, body: ApproveRequest) -> Json:
    carriage = _open(memory, body.carriage_id)
    if body.containers_count:
        raise invalid("Trying set ContainersCount to not HasEntrustedAcceptance company")
    if not carriage.postings:
        raise invalid("no_postings")
    carriage.approved_at = memory.clock()
    for number in carriage.postings:
        set_status(memory, memory.postings[number], "delivering", carriage.approved_at)
    return {}


def cancel(memory: Memory, body: CarriageRequest) -> Json:
    carriage = _carriage(memory, body.carriage_id)
    if _status(carriage) != "new":
        return {"error": "INCORRECT_CARRIAGE_STATUS", "carriage_status": _status(carriage)}
    _empty(memory, carriage)
    carriage.cancelled = True
    return {"error": "", "carriage_status": "cancelled"}


def act_status(memory: Memory, body: ActRequest) -> Json:
    carriage = _carriage(memory, body.id)
    ready = _documents_ready(memory, carriage)
    words = "cancelled" if carriage.cancelled else "ready" if ready else "in_process"
    return {
        "result": {
            "act_type": "fbs",
            "added_to_act": list(carriage.postings),
            "removed_from_act": [],
            "status": words,
            "is_partial": False,
            "has_postings_for_next_carriage": _has_next(memory, carriage),
            "partial_num": 0,
        }
    }


def act_pdf(memory: Memory, body: ActRequest) -> bytes:
    """The document itself, as it comes from Ozon."""
    carriage = _with_documents(memory, body.id)
    return make_pdf([f"ACT {carriage.number}", *carriage.postings])


def act_barcode(memory: Memory, body: ActRequest) -> Json:
    return {"result": f"%303%{_with_documents(memory, body.id).number}"}


def _unsent(memory: Memory, warehouse_id: int) -> Iterator[Posting]:
    return (
        posting
        for posting in memory.postings.values()
        if posting.scheme == "fbs" and posting.warehouse_id == warehouse_id and posting.status in {"awaiting_packaging", "awaiting_deliver"}
    )


def _method(memory: Memory, warehouse_id: int) -> Json:
    warehouse = memory.warehouses[warehouse_id]
    waiting = list(_unsent(memory, warehouse_id))
    packed = [posting for posting in waiting if posting.status == "awaiting_deliver"]
    there = [one for one in memory.carriages.values() if one.warehouse_id == warehouse_id and _status(one) == "new"]
    can_create = any(not posting.carriage for posting in packed)
    carriages = [_carriage_row(one.number, _status(one), len(one.postings)) for one in there]
    carriages += [_carriage_row(0, "", len([one for one in packed if not one.carriage]))] if can_create and not there else []
    cutoff = min(posting.body["shipment_date"] for posting in waiting)
    return {
        "carriage_postings_count": sum(len(one.postings) for one in there),
        "carriages": carriages,
        "cut_in": "",
        "cutoff_at": cutoff,
        "delivery_method_id": warehouse_id,
        "delivery_method_name": warehouse.name,
        "delivery_method_status": "ACTIVE",
        "departure_date": stamp(memory.clock()),
        "dropoff_address": "г. Примерск, ул. Примерная, д. 2",
        "dropoff_point_id": 1,
        "dropoff_point_type": "PVZ",
        "errors": [],
        "first_mile_changing": False,
        "first_mile_type": "drop_off",
        "has_entrusted_acceptance": False,
        "integration_type": "ozon",
        "is_optional_carriage": False,
        "is_presort": False,
        "is_rfbs": False,
        "mandatory_packaged_count": len(packed),
        "mandatory_postings_count": len(waiting),
        "optional_packaged_count": 0,
        "recommended_time_local": "14:00",
        "recommended_time_utc_offset_in_minutes": 180,
        "tpl_provider_name": "Ozon",
        "warehouse_city": "Примерск",
        "warehouse_id": warehouse_id,
        "warehouse_name": warehouse.name,
    }


def _carriage_row(number: int, status: str, count: int) -> Json:
    actions = ["approve", "cancel", "set_postings"] if number else ["create"]
    return {"id": number, "status": status, "postings_count": count, "available_actions": actions, "all_blr_traceable": False}


def _carriage(memory: Memory, number: int) -> Carriage:
    carriage = memory.carriages.get(number)
    if carriage is None:
        raise not_found("CARRIAGE_NOT_FOUND")
    return carriage


def _open(memory: Memory, number: int) -> Carriage:
    carriage = _carriage(memory, number)
    if _status(carriage) != "new":
        raise invalid("INCORRECT_CARRIAGE_STATUS")
    return carriage


def _status(carriage: Carriage) -> str:
    return "cancelled" if carriage.cancelled else "new" if carriage.approved_at is None else "closed"


def _fill(memory: Memory, carriage: Carriage, postings: list[Posting]) -> None:
    carriage.postings = [posting.number for posting in postings]
    for posting in postings:
        posting.carriage = carriage.number
        posting.body["substatus"] = "posting_in_carriage"


def _empty(memory: Memory, carriage: Carriage) -> None:
    for number in carriage.postings:
        posting = memory.postings[number]
        posting.carriage = 0
        if posting.status == "awaiting_deliver":
            posting.body["substatus"] = "posting_not_in_carriage"
    carriage.postings = []


def _has_next(memory: Memory, carriage: Carriage) -> bool:
    return any(posting.status == "awaiting_deliver" and not posting.carriage for posting in _unsent(memory, carriage.warehouse_id))


def _documents_ready(memory: Memory, carriage: Carriage) -> bool:
    return carriage.approved_at is not None and memory.clock() >= carriage.approved_at + memory.timing.act_delay


def _with_documents(memory: Memory, number: int) -> Carriage:
    carriage = _carriage(memory, number)
    if not _documents_ready(memory, carriage):
        raise ApiError(400, 3, "The next postings aren't ready")
    return carriage
