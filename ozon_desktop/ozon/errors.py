"""Turns Ozon's refusals into the program's error classes: by message text first, then by code, then by HTTP status."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from ozon_desktop.errors import (
    CircuitOpen,
    HeadersMissing,
    InvalidClientId,
    InvalidKey,
    ItemLimitReached,
    KeyDeactivated,
    KeyRestrictedToIp,
    MarksMissing,
    MethodSwitchedOff,
    MissingRole,
    OfferNotSigned,
    OzonError,
    OzonUnavailable,
    PostingCancelled,
    PostingMoved,
    PostingRefused,
    PostingShipped,
    PostingUnknown,
    RateLimited,
    RequestRefused,
    UnexpectedAnswer,
    WrongPieces,
)

TRACE_HEADER = "x-o3-trace-id"
REMAINING_HEADER = "Ratelimit-Remaining"
DETAIL_LENGTH = 500
MOST_DIGITS = 9
CODE_LENGTH = 100
LONGEST_WAIT_S = 86_400.0
"""No limit of Ozon's lasts longer than its day."""

_BY_TEXT: tuple[tuple[str, type[OzonError]], ...] = (
    ("headers are required", HeadersMissing),
    ("client-id header value should be", InvalidClientId),
    ("invalid api-key", InvalidKey),
    ("api-key is deactivated", KeyDeactivated),
    ("missing a required role", MissingRole),
    ("restricted to specific ip", KeyRestrictedToIp),
    ("offer not signed", OfferNotSigned),
    ("obsolete method", MethodSwitchedOff),
    ("404 page not found", MethodSwitchedOff),
    ("operation items limit", ItemLimitReached),
    ("request rate limit", RateLimited),
    ("too many requests", RateLimited),
    ("circle is open", CircuitOpen),
    ("posting_already_shipped", PostingShipped),
    ("posting_already_cancelled", PostingCancelled),
    ("posting_not_found", PostingUnknown),
    ("carriage_not_found", PostingUnknown),
    ("transition_is_not_possible", PostingMoved),
    ("has_incorrect_status", PostingMoved),
    ("incorrect_carriage_status", PostingMoved),
    ("posting must have 'awaiting_packaging' status", PostingMoved),
    ("has_incorrect_product_quantity", WrongPieces),
    ("unknow_product", WrongPieces),
    ("unknown_product_defined", WrongPieces),
    ("exemplar_info_not_filled_completely", MarksMissing),
    ("exemplar_info_already_defined", PostingRefused),
    ("mandatory_mark_redundant", PostingRefused),
    ("exemplar_id does not belong", PostingRefused),
    ("gtd_must_be_specified_for_product_country", MarksMissing),
    ("gtd_is_required_only_for_legal_customer", PostingRefused),
    ("has_incorrect_cancel_reason", PostingRefused),
    ("has_incorrect_tpl_integration_type", PostingRefused),
    ("ship_fbp_postings_is_forbidden", PostingRefused),
    ("incorrect_ovh_for_posting", PostingRefused),
    ("delivery_method_not_found", PostingRefused),
    ("internal error", OzonUnavailable),
)

_CODE_NAMES = {
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "UNAUTHENTICATED": 16,
}

_BY_CODE: dict[int, type[OzonError]] = {
    3: RequestRefused,
    4: OzonUnavailable,
    5: RequestRefused,
    7: MissingRole,
    8: RateLimited,
    9: RequestRefused,
    12: MethodSwitchedOff,
    13: OzonUnavailable,
    14: OzonUnavailable,
    16: InvalidKey,
}

_BY_STATUS: dict[int, type[OzonError]] = {
    400: RequestRefused,
    401: InvalidKey,
    403: MissingRole,
    404: RequestRefused,
    408: OzonUnavailable,
    409: RequestRefused,
    413: RequestRefused,
    422: RequestRefused,
    429: RateLimited,
}

_UNITS = {"s": 1.0, "m": 60.0, "h": 3600.0}


def refusal(path: str, status: int, headers: Mapping[str, str], body: bytes) -> OzonError:
    """The error an answer other than 2xx means. `headers` must ignore case, as those of httpx do."""
    answer = _json_object(body)
    older = answer.get("error") if answer is not None else None
    code = answer.get("code", 0) if answer is not None else 0
    if not code and isinstance(older, dict):
        code = older.get("code", 0)
    text = _text(answer, body)
    kind = _classify(status, code, text, answer is not None)
    if kind is RateLimited and "item-retry-after" in headers:
        kind = ItemLimitReached
    shown_code = code if isinstance(code, int) else code[:CODE_LENGTH] if isinstance(code, str) else 0
    trace = headers.get(TRACE_HEADER, "")
    if issubclass(kind, RateLimited):
        wait = retry_after(headers, text)
        return kind(path, retry_after=wait, detail=text, status=status, code=shown_code, trace_id=trace)
    return kind(path, detail=text, status=status, code=shown_code, trace_id=trace)


def known_words(text: str) -> str:
    """The words an error is told by, as this program has them and without anything else of the text; "" when it has none of them."""
    folded = text.casefold()
    return next((words for words, _ in _BY_TEXT if words in folded), "")


def refusal_within(path: str, body: bytes) -> OzonError | None:
    """The refusal in a 200 of the older shape, `{"error": {…}}`; None when it is none."""
    answer = _json_object(body)
    if answer is None or not isinstance(answer.get("error"), dict):
        return None
    return RequestRefused(path, detail=_text(answer, body), status=200)


def retry_after(headers: Mapping[str, str], text: str) -> float:
    """Seconds to wait after a 429: the largest of Retry-After, Item-Retry-After and «Retry after N seconds», a day at most.

    1 when none is given.

    Item-Retry-After is in minutes by the documentation. Its example contradicts that, so a message naming the same number of
    seconds decides.
    """
    said = _seconds_said(text)
    waits = [said, _seconds(headers.get("retry-after", ""), headers.get("date", ""))]
    item = _seconds(headers.get("item-retry-after", ""), "")
    waits.append(item if item is not None and item == said else item and item * 60)
    return min(max((wait for wait in waits if wait is not None), default=1.0), LONGEST_WAIT_S)


def _classify(status: int, code: object, text: str, is_json: bool) -> type[OzonError]:
    folded = text.casefold()
    for piece, kind in _BY_TEXT:
        if piece in folded:
            return kind
    number = _code_number(code)
    if number in _BY_CODE:
        return _BY_CODE[number]
    if status >= 500:
        return OzonUnavailable
    if not is_json and folded.startswith("<") and status != 429:
        # A page of a proxy, a portal or a guard in front of Ozon: its 403 says nothing about the key.
        return UnexpectedAnswer
    return _BY_STATUS.get(status, UnexpectedAnswer)


def _json_object(body: bytes) -> dict[str, Any] | None:
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None


def _text(answer: dict[str, Any] | None, body: bytes) -> str:
    """Ozon's own words: message, and details where it is a text; the older shape has them in `error`; else the body's beginning."""
    if answer is None:
        return body[: 4 * DETAIL_LENGTH].decode("utf-8", "replace").strip()[:DETAIL_LENGTH]
    pieces = [answer.get(name) for name in ("message", "error", "details")]
    if isinstance(older := answer.get("error"), dict):
        pieces += [older.get("message"), *_faults(older.get("data"))]
    return " ".join(piece for piece in pieces if isinstance(piece, str) and piece)[:DETAIL_LENGTH]


def _faults(data: object) -> list[str]:
    """`data` of the older shape: a text, or rows of a field's name and what is wrong with it."""
    if isinstance(data, str):
        return [data]
    rows = [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []
    words = ([row.get("name"), row.get("message") or row.get("code")] for row in rows)
    return [": ".join(word for word in pair if isinstance(word, str) and word) for pair in words]


def _code_number(code: object) -> int:
    if isinstance(code, int):
        return int(code)
    if not isinstance(code, str):
        return 0
    if code.isascii() and code.isdigit():
        return int(code) if len(code) <= MOST_DIGITS else 0
    return _CODE_NAMES.get(code.upper(), 0)


def _seconds_said(text: str) -> float | None:
    found = re.search(r"retry after (\d{1,15}(?:\.\d{1,9})?)\s*([smh])", text, re.IGNORECASE)
    return float(found[1]) * _UNITS[found[2].casefold()] if found else None


def _seconds(value: str, date: str) -> float | None:
    """A number of seconds, or an HTTP date compared with the answer's own Date, so that a wrong local clock does no harm."""
    try:
        return max(float(value), 0.0) if float(value) < float("inf") else None
    except ValueError:
        pass  # Not a number: it may be a date.
    try:
        return max((parsedate_to_datetime(value) - parsedate_to_datetime(date)).total_seconds(), 0.0)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
