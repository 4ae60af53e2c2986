"""Cancellations by the seller: the reasons of a posting, of the whole, of products.

Official: the methods, the ids and their kinds, that the set of reasons depends on the posting, that 402 needs words, that the cancellation
of products always does.
"""

from typing import Annotated

from msgspec import Meta

from .exemplars import PostingRequest, posting_of
from .memory import Memory
from .model import Json, Posting
from .parcels import let_go, set_status
from .posting_body import parcel_of
from .replies import invalid
from .requests import Id, Int32, Request

ASSUMED = (
    "До сборки продавцу доступны причины 352, 400, 402, 666, после неё — 352, 400, 402; у отправления в пути и дальше причин нет.",
    "/v2/posting/fbs/product/cancel: остаток сохраняет номер, отменённые товары исчезают из отправления; отменить так всё нельзя "
    "(HAS_INCORRECT_PRODUCT_QUANTITY).",
)
"""What no source says and the sandbox had to choose."""

OTHER = 402
REASONS = {
    352: ("Товар закончился на складе продавца", "seller"),
    400: ("Остался только бракованный товар", "seller"),
    401: ("Продавец отклонил арбитраж", "seller"),
    OTHER: ("Другое (вина продавца)", "seller"),
    506: ("Покупатель передумал", "buyer"),
    665: ("Покупатель не забрал заказ", "buyer"),
    666: ("Возврат из службы доставки: нет доставки в указанный регион", "seller"),
    667: ("Заказ утерян службой доставки", "seller"),
}
BY_STATUS = {"awaiting_packaging": (352, 400, OTHER, 666, 506), "awaiting_deliver": (352, 400, OTHER, 506)}


class ReasonsRequest(Request):
    related_posting_numbers: Annotated[list[str], Meta(min_length=1, max_length=100)]


class CancelRequest(PostingRequest, kw_only=True):
    cancel_reason_id: Id
    cancel_reason_message: str = ""


class CancelledProduct(Request, kw_only=True):
    sku: Id
    quantity: Int32


class ProductCancelRequest(PostingRequest, kw_only=True):
    cancel_reason_id: Id
    cancel_reason_message: str
    items: list[CancelledProduct]


def reasons(memory: Memory, body: ReasonsRequest) -> Json:
    found = [posting_of(memory, number) for number in body.related_posting_numbers]
    return {
        "result": [{"posting_number": posting.number, "reasons": [_reason(number) for number in _allowed(posting)]} for posting in found]
    }


def cancel(memory: Memory, body: CancelRequest) -> Json:
    posting = posting_of(memory, body.posting_number)
    _check(posting, body.cancel_reason_id)
    if body.cancel_reason_id == OTHER and not body.cancel_reason_message.strip():
        raise invalid("Request validation error: cancel_reason_message is required")
    set_status(memory, posting, "cancelled", memory.clock(), _why(int(body.cancel_reason_id)))
    return {"result": True}


def cancel_products(memory: Memory, body: ProductCancelRequest) -> Json:
    posting = posting_of(memory, body.posting_number)
    _check(posting, body.cancel_reason_id)
    if posting.status != "awaiting_packaging" or posting.ship_asked_at is not None:
        raise invalid("HAS_INCORRECT_STATUS")
    if not body.cancel_reason_message.strip():
        raise invalid("Request validation error: cancel_reason_message is required")
    left, offers = dict(posting.pieces), posting.offers
    for item in body.items:
        offer = offers.get(item.sku)
        if offer is None or not 1 <= item.quantity <= left.get(offer, 0):
            raise invalid("HAS_INCORRECT_PRODUCT_QUANTITY")
        left[offer] -= item.quantity
    left = {offer: count for offer, count in left.items() if count}
    if not left or not body.items:
        raise invalid("HAS_INCORRECT_PRODUCT_QUANTITY")
    for offer, count in posting.pieces.items():
        if gone := count - left.get(offer, 0):
            let_go(memory, posting, offer, gone, back=True)
    posting.body, posting.pieces = parcel_of(posting.body, posting.number, left), left
    posting.exemplars = {sku: known[: left[offer]] for sku, known in posting.exemplars.items() if (offer := offers[sku]) in left}
    return {"result": ""}


def _allowed(posting: Posting) -> tuple[int, ...]:
    return BY_STATUS.get(posting.status, ())


def _reason(number: int) -> Json:
    title, kind = REASONS[number]
    return {"id": number, "title": title, "type_id": kind}


def _check(posting: Posting, number: int) -> None:
    if posting.status in {"cancelled", "cancelled_from_split_pending"}:
        raise invalid("POSTING_ALREADY_CANCELLED")
    if not _allowed(posting):
        raise invalid("HAS_INCORRECT_STATUS")
    if number not in _allowed(posting) or REASONS[number][1] != "seller":
        raise invalid("HAS_INCORRECT_CANCEL_REASON")


def _why(number: int) -> Json:
    return {
        "cancel_reason_id": number,
        "cancel_reason": REASONS[number][0],
        "cancellation_type": "seller",
        "affect_cancellation_rating": True,
        "cancellation_initiator": "Продавец",
    }
