"""rFBS: the seller moves the postings on himself, and names their tracking numbers.

Official: the methods and the answer for each posting; that one may change a posting's state from its last one only.
"""

from typing import Annotated

from msgspec import Meta

from .memory import Memory
from .model import Json
from .parcels import set_status
from .requests import Request

ASSUMED = ("Отказ по отправлению rFBS — текст HAS_INCORRECT_STATUS или HAS_INCORRECT_TPL_INTEGRATION_TYPE в error своей строки.",)
"""What no source says and the sandbox had to choose."""

NEXT = {
    "delivering": frozenset({"awaiting_deliver"}),
    "driver_pickup": frozenset({"delivering"}),
    "delivered": frozenset({"delivering", "driver_pickup"}),
}


class NumbersRequest(Request, kw_only=True):
    posting_number: Annotated[list[str], Meta(min_length=1, max_length=100)]


class Tracking(Request, kw_only=True):
    posting_number: str
    tracking_number: str


class TrackingRequest(Request, kw_only=True):
    tracking_numbers: Annotated[list[Tracking], Meta(min_length=1, max_length=20)]


def delivering(memory: Memory, body: NumbersRequest) -> Json:
    return _move(memory, body, "delivering")


def last_mile(memory: Memory, body: NumbersRequest) -> Json:
    return _move(memory, body, "driver_pickup")


def delivered(memory: Memory, body: NumbersRequest) -> Json:
    return _move(memory, body, "delivered")


def set_tracking(memory: Memory, body: TrackingRequest) -> Json:
    rows = []
    for one in body.tracking_numbers:
        error = _refusal(memory, one.posting_number, frozenset({"awaiting_deliver", "delivering", "driver_pickup"}))
        if not error:
            memory.postings[one.posting_number].body["tracking_number"] = one.tracking_number
        rows.append(_row(one.posting_number, error))
    return {"result": rows}


def _move(memory: Memory, body: NumbersRequest, status: str) -> Json:
    rows = []
    for number in dict.fromkeys(body.posting_number):
        error = _refusal(memory, number, NEXT[status])
        if not error:
            set_status(memory, memory.postings[number], status, memory.clock())
        rows.append(_row(number, error))
    return {"result": rows}


def _refusal(memory: Memory, number: str, before: frozenset[str]) -> str:
    posting = memory.postings.get(number)
    if posting is None or posting.scheme == "fbo":
        return "POSTING_NOT_FOUND"
    if posting.scheme != "rfbs":
        return "HAS_INCORRECT_TPL_INTEGRATION_TYPE"
    return "" if posting.status in before else "HAS_INCORRECT_STATUS"


def _row(number: str, error: str) -> Json:
    return {"posting_number": number, "result": not error, "error": error}
