"""/v4/posting/fbs/list, /v4/posting/fbs/unfulfilled/list and /v3/posting/fbo/list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .model import Json, Posting
from .paging import Key, take_page
from .replies import ApiError, invalid
from .schema import Bool, Id, Int, Items, Moment, Obj, Spec, Str, obj, parse_moment

if TYPE_CHECKING:
    from .sandbox import Sandbox

LONGEST_PERIOD = timedelta(days=366)
OPTIONAL_PARTS = ("analytics_data", "barcodes", "financial_data", "legal_info")
UNFULFILLED = frozenset(
    {
        "awaiting_registration",
        "acceptance_in_progress",
        "awaiting_approve",
        "awaiting_verification",
        "awaiting_packaging",
        "awaiting_deliver",
    }
)
STATUSES = UNFULFILLED | {
    "arbitration",
    "client_arbitration",
    "delivering",
    "driver_pickup",
    "delivered",
    "cancelled",
    "cancelled_from_split_pending",
    "not_accepted",
    "sent_by_seller",
}

_PERIOD = Obj({"from": Moment(), "to": Moment()})
_STATUS_LIST = Items(Str(choices=STATUSES))
_IDS = Items(Id(), 1000)
_PLACES: dict[str, Spec] = {"warehouse_ids": _IDS, "delivery_method_ids": _IDS, "provider_ids": _IDS}
_PAGE: dict[str, Spec] = {
    "limit": Int(1, 100),
    "cursor": Str(),
    "sort_dir": Str(choices=frozenset({"", "ASC", "DESC", "asc", "desc"})),
    "translit": Bool(),
}
_WITH = Obj(dict.fromkeys(OPTIONAL_PARTS, Bool()))
FBS_LIST_REQUEST = Obj(
    {
        **_PAGE,
        "with": _WITH,
        "filter": obj(
            "since",
            "to",
            since=Moment(),
            to=Moment(),
            statuses=_STATUS_LIST,
            order_id=Int(minimum=0),
            order_numbers=Items(Str(), 100),
            last_changed_status_date=_PERIOD,
            integration_type_flow=Items(Str()),
            is_blr_traceable=Bool(),
            **_PLACES,
        ),
    },
    frozenset({"filter", "limit"}),
)
UNFULFILLED_REQUEST = Obj(
    {
        **_PAGE,
        "with": _WITH,
        "filter": obj(
            cutoff_from=Moment(),
            cutoff_to=Moment(),
            delivering_date_from=Moment(),
            delivering_date_to=Moment(),
            statuses=_STATUS_LIST,
            last_changed_status_date=_PERIOD,
            **_PLACES,
        ),
    },
    frozenset({"filter", "limit"}),
)
FBO_LIST_REQUEST = Obj(
    {
        **_PAGE,
        "with": Obj({name: Bool() for name in OPTIONAL_PARTS if name != "barcodes"}),
        "filter": obj(
            "since",
            "to",
            since=Moment(),
            to=Moment(),
            statuses=_STATUS_LIST,
            posting_numbers=Items(Str(), 100),
            order_numbers=Items(Str(), 100),
        ),
    },
    frozenset({"filter", "limit"}),
)


def fbs_list(sandbox: Sandbox, body: Json) -> Json:
    condition = body["filter"]
    since, to = _period(condition)
    chosen = [
        posting
        for posting in _seller_postings(sandbox)
        if since <= posting.created_at <= to and _matches(posting, condition) and _matches_order(posting, condition)
    ]
    postings, cursor, has_next = _page(chosen, body, _by_created)
    return {"postings": postings, "cursor": cursor, "has_next": has_next}


def unfulfilled_list(sandbox: Sandbox, body: Json) -> Json:
    condition = body["filter"]
    by_cutoff = [condition.get("cutoff_from"), condition.get("cutoff_to")]
    by_delivery = [condition.get("delivering_date_from"), condition.get("delivering_date_to")]
    if any(by_cutoff) == any(by_delivery):
        raise invalid("Request validation error: use either cutoff_from and cutoff_to or delivering_date_from and delivering_date_to")
    bounds = by_cutoff if any(by_cutoff) else by_delivery
    if not all(bounds):
        raise invalid("Request validation error: both ends of the period are required")
    start, end = (_moment(bound) for bound in bounds)
    # Nothing unfulfilled was handed over yet, so that the sandbox measures both periods by the date of shipment.
    chosen = [
        posting
        for posting in _seller_postings(sandbox)
        if posting.status in UNFULFILLED and start <= _moment(posting.body["shipment_date"]) <= end and _matches(posting, condition)
    ]
    postings, cursor, has_next = _page(chosen, body, lambda posting: (posting.body["shipment_date"], posting.body["order_id"]))
    return {"postings": postings, "count": len(chosen), "cursor": cursor, "has_next": has_next}


def fbo_list(sandbox: Sandbox, body: Json) -> Json:
    condition = body["filter"]
    since, to = _period(condition)
    numbers = condition.get("posting_numbers") or []
    chosen = [
        posting
        for posting in sandbox.orders.postings.values()
        if posting.scheme == "fbo"
        and since <= posting.created_at <= to
        and (not numbers or posting.number in numbers)
        and _matches(posting, condition)
        and _matches_order(posting, condition)
    ]
    postings, cursor, has_next = _page(chosen, body, _by_created)
    return {"postings": postings, "cursor": cursor, "has_next": has_next}


def _seller_postings(sandbox: Sandbox) -> Iterable[Posting]:
    return (posting for posting in sandbox.orders.postings.values() if posting.scheme != "fbo")


def _by_created(posting: Posting) -> Key:
    return str(posting.body["in_process_at"]), int(posting.body["order_id"])


def _moment(text: str) -> datetime:
    moment = parse_moment(text)
    if moment is None:
        raise invalid(f"malformed time: {text}")
    return moment


def _period(condition: Json) -> tuple[datetime, datetime]:
    since, to = _moment(condition["since"]), _moment(condition["to"])
    if since > to:
        raise invalid("Request validation error: invalid field filter.since: must not be after filter.to")
    if to - since > LONGEST_PERIOD:
        raise ApiError(400, 3, "PERIOD_IS_TOO_LONG")
    return since, to


def _matches(posting: Posting, condition: Json) -> bool:
    if condition.get("statuses") and posting.status not in condition["statuses"]:
        return False
    delivery = posting.body.get("delivery_method") or {}
    for name, field in (("warehouse_ids", "warehouse_id"), ("delivery_method_ids", "id"), ("provider_ids", "tpl_provider_id")):
        if condition.get(name) and delivery.get(field) not in {int(wanted) for wanted in condition[name]}:
            return False
    changed = condition.get("last_changed_status_date") or {}
    if changed.get("from") and posting.changed_at < _moment(changed["from"]):
        return False
    return not (changed.get("to") and posting.changed_at > _moment(changed["to"]))


def _matches_order(posting: Posting, condition: Json) -> bool:
    if condition.get("order_id") and posting.body["order_id"] != condition["order_id"]:
        return False
    if condition.get("integration_type_flow") and posting.body.get("integration_type_flow") not in condition["integration_type_flow"]:
        return False
    if condition.get("is_blr_traceable"):
        return False
    return not condition.get("order_numbers") or posting.body["order_number"] in condition["order_numbers"]


def _page(chosen: list[Posting], body: Json, key: Callable[[Posting], Key]) -> tuple[list[Json], str, bool]:
    descending = (body.get("sort_dir") or "").upper() == "DESC"
    page, cursor, has_next = take_page(chosen, key, body.get("cursor") or "", body["limit"], descending=descending)
    asked = body.get("with") or {}
    blank = {name: None for name in OPTIONAL_PARTS if not asked.get(name)}
    return [{**posting.body, **{name: None for name in blank if name in posting.body}} for posting in page], cursor, has_next
