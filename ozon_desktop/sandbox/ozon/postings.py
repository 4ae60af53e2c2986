"""/v4/posting/fbs/list, /v4/posting/fbs/unfulfilled/list and /v3/posting/fbo/list."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta, field

from .memory import Memory
from .model import Json, Posting
from .paging import Key, take_page
from .replies import ApiError, invalid
from .requests import Direction, Ids, Moment, NotNegative, Period, Request, broken, one_of

LONGEST_PERIOD = timedelta(days=366)
MOST_PARCELS = 10_000
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

Status = Annotated[str, one_of(STATUSES)]
Numbers = Annotated[list[str], Meta(max_length=100)]


class PostingFilter(Request):
    statuses: list[Status] = []


class SellerFilter(PostingFilter):
    """What FBS and rFBS lists have in common."""

    warehouse_ids: Ids = []
    delivery_method_ids: Ids = []
    provider_ids: Ids = []
    last_changed_status_date: Period = field(default_factory=Period)


class FbsFilter(SellerFilter, kw_only=True):
    since: Moment
    to: Moment
    order_id: NotNegative = 0
    order_numbers: Numbers = []
    integration_type_flow: list[str] = []
    is_blr_traceable: bool = False


class UnfulfilledFilter(SellerFilter):
    cutoff_from: Moment | None = None
    cutoff_to: Moment | None = None
    delivering_date_from: Moment | None = None
    delivering_date_to: Moment | None = None


class FboFilter(PostingFilter, kw_only=True):
    since: Moment
    to: Moment
    posting_numbers: Numbers = []
    order_numbers: Numbers = []


class FboParts(Request):
    """Which of the parts are wanted that are null otherwise."""

    analytics_data: bool = False
    financial_data: bool = False
    legal_info: bool = False


class FbsParts(FboParts):
    barcodes: bool = False


class PageRequest(Request):
    limit: Annotated[int, Meta(ge=1, le=100)]
    cursor: str = ""
    sort_dir: Direction = ""
    translit: bool = False


class FbsListRequest(PageRequest, kw_only=True):
    filter: FbsFilter
    parts: FbsParts = field(default_factory=FbsParts, name="with")


class UnfulfilledRequest(PageRequest, kw_only=True):
    filter: UnfulfilledFilter
    parts: FbsParts = field(default_factory=FbsParts, name="with")


class FboListRequest(PageRequest, kw_only=True):
    filter: FboFilter
    parts: FboParts = field(default_factory=FboParts, name="with")


def fbs_list(memory: Memory, body: FbsListRequest) -> Json:
    wanted = body.filter
    _check_period(wanted.since, wanted.to)
    chosen = [
        posting
        for posting in _seller_postings(memory, wanted)
        if wanted.since <= posting.created_at <= wanted.to
        and (not wanted.order_id or posting.body["order_id"] == wanted.order_id)
        and (not wanted.order_numbers or posting.body["order_number"] in wanted.order_numbers)
        and (not wanted.integration_type_flow or posting.body["integration_type_flow"] in wanted.integration_type_flow)
        and not wanted.is_blr_traceable
    ]
    return _page(memory, chosen, body, body.parts, _by_created)


def unfulfilled_list(memory: Memory, body: UnfulfilledRequest) -> Json:
    wanted = body.filter
    by_cutoff = (wanted.cutoff_from, wanted.cutoff_to)
    by_delivery = (wanted.delivering_date_from, wanted.delivering_date_to)
    if any(by_cutoff) == any(by_delivery):
        raise invalid("Request validation error: use either cutoff_from and cutoff_to or delivering_date_from and delivering_date_to")
    start, end = by_cutoff if any(by_cutoff) else by_delivery
    if start is None or end is None:
        raise invalid("Request validation error: both ends of the period are required")
    # Nothing unfulfilled was handed over yet, so that the sandbox measures both periods by the date of shipment.
    chosen = [
        posting
        for posting in _seller_postings(memory, wanted)
        if posting.status in UNFULFILLED and start <= datetime.fromisoformat(posting.body["shipment_date"]) <= end
    ]
    page = _page(memory, chosen, body, body.parts, lambda posting: (posting.body["shipment_date"], _place(posting)))
    return {**page, "count": len(chosen)}


def fbo_list(memory: Memory, body: FboListRequest) -> Json:
    wanted = body.filter
    _check_period(wanted.since, wanted.to)
    chosen = [
        posting
        for posting in memory.postings.values()
        if posting.scheme == "fbo"
        and wanted.since <= posting.created_at <= wanted.to
        and (not wanted.statuses or posting.status in wanted.statuses)
        and (not wanted.posting_numbers or posting.number in wanted.posting_numbers)
        and (not wanted.order_numbers or posting.body["order_number"] in wanted.order_numbers)
    ]
    return _page(memory, chosen, body, body.parts, _by_created)


def _seller_postings(memory: Memory, wanted: SellerFilter) -> Iterable[Posting]:
    places = (("warehouse_id", wanted.warehouse_ids), ("id", wanted.delivery_method_ids), ("tpl_provider_id", wanted.provider_ids))
    return (
        posting
        for posting in memory.postings.values()
        if posting.scheme != "fbo"
        and (not wanted.statuses or posting.status in wanted.statuses)
        and all(not ids or posting.body["delivery_method"][field] in ids for field, ids in places)
        and posting.changed_at in wanted.last_changed_status_date
        and not (_lags(memory, posting) and posting.shown_before is None and posting.body["parent_posting_number"])
    )


def _lags(memory: Memory, posting: Posting) -> bool:
    """Whether the lists do not know the state of a posting yet."""
    return memory.clock() < posting.changed_at + memory.timing.list_lag


def _by_created(posting: Posting) -> Key:
    return str(posting.body["in_process_at"]), _place(posting)


def _place(posting: Posting) -> int:
    """Ascending with the orders, and different for the parcels of one."""
    return int(posting.body["order_id"]) * MOST_PARCELS + int(posting.number.rpartition("-")[2])


def _check_period(since: datetime, to: datetime) -> None:
    if since > to:
        raise broken("filter.since", "must not be after filter.to")
    if to - since > LONGEST_PERIOD:
        raise ApiError(400, 3, "PERIOD_IS_TOO_LONG")


def _page(memory: Memory, chosen: list[Posting], body: PageRequest, wanted: FboParts, key: Callable[[Posting], Key]) -> Json:
    page, cursor, has_next = take_page(chosen, key, body.cursor, body.limit, descending=body.sort_dir.upper() == "DESC")
    blank = [name for name in OPTIONAL_PARTS if not getattr(wanted, name, False)]
    bodies = [posting.shown_before if posting.shown_before and _lags(memory, posting) else posting.body for posting in page]
    postings = [{**shown, **{name: None for name in blank if name in shown}} for shown in bodies]
    return {"postings": postings, "cursor": cursor, "has_next": has_next}
