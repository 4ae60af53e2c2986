"""Every refusal known from API.md §2 becomes its class, and bodies that are no JSON do no harm."""

import httpx
import pytest

from ozon_desktop import errors
from ozon_desktop.ozon.errors import refusal, retry_after

PATH = "/v3/product/list"
KNOWN = [
    (401, b'{"code":16,"message":"Client-Id and Api-Key headers are required"}', errors.HeadersMissing),
    (400, b'{"code":3,"message":"Client-Id header value should be positive integer"}', errors.InvalidClientId),
    (404, b'{"code":5,"message":"Invalid Api-Key, please check the key and try again"}', errors.InvalidKey),
    (403, b'{"code":7,"message":"Api-key is deactivated, use another one or generate a new one"}', errors.KeyDeactivated),
    (403, b'{"code":7,"message":"Api-Key is missing a required role for a method"}', errors.MissingRole),
    (403, b'{"message":"Api-Key is restricted to specific IP addresses"}', errors.KeyRestrictedToIp),
    (403, b'{"code":7,"message":"Offer not signed"}', errors.OfferNotSigned),
    (400, b'{"code":9,"message":"obsolete method cannot be used"}', errors.MethodSwitchedOff),
    (404, b"404 page not found", errors.MethodSwitchedOff),
    (429, b'{"code":8,"message":"You have reached request rate limit per second"}', errors.RateLimited),
    (429, b'{"code":"RESOURCE_EXHAUSTED","message":"You have reached operation items limits."}', errors.ItemLimitReached),
    (503, b'{"message":"Circle is open"}', errors.CircuitOpen),
    (500, b"Internal error", errors.OzonUnavailable),
    (400, b'{"code":3,"message":"POSTING_ALREADY_SHIPPED"}', errors.PostingShipped),
    (400, b'{"code":3,"message":"POSTING_ALREADY_CANCELLED"}', errors.PostingCancelled),
    (400, b'{"code":3,"message":"POSTING_NOT_FOUND"}', errors.PostingUnknown),
    (404, b'{"code":5,"message":"CARRIAGE_NOT_FOUND"}', errors.PostingUnknown),
    (400, b'{"code":3,"message":"HAS_INCORRECT_STATUS"}', errors.PostingMoved),
    (400, b'{"code":3,"message":"HAS_INCORRECT_PRODUCT_QUANTITY"}', errors.WrongPieces),
    (400, b'{"code":3,"message":"UNKNOW_PRODUCT"}', errors.WrongPieces),
    (400, b'{"code":3,"message":"EXEMPLAR_INFO_NOT_FILLED_COMPLETELY"}', errors.MarksMissing),
    (400, b'{"code":3,"message":"MANDATORY_MARK_REDUNDANT"}', errors.PostingRefused),
]
BY_CODE_OR_STATUS = [
    (400, b'{"code":"PERMISSION_DENIED","message":"no"}', errors.MissingRole),
    (400, b'{"code":"7","message":"no"}', errors.MissingRole),
    (400, b'{"code":13,"message":"?"}', errors.OzonUnavailable),
    (400, b'{"code":9,"message":"product is not ready"}', errors.RequestRefused),
    (501, b'{"code":12,"message":"unknown service"}', errors.MethodSwitchedOff),
    (400, b'{"code":3,"message":"limit must be positive"}', errors.RequestRefused),
    (404, b'{"code":5,"message":"task not found"}', errors.RequestRefused),
    (400, b'{"code":8,"details":"Too many requests"}', errors.RateLimited),
    (502, b"<html><h1>502 Bad Gateway</h1></html>", errors.OzonUnavailable),
    (429, b"<html>slow down</html>", errors.RateLimited),
    (403, b"<html>Access denied</html>", errors.UnexpectedAnswer),
    (403, b"", errors.MissingRole),
    (401, b"", errors.InvalidKey),
    (500, b'{"code":13,"mess', errors.OzonUnavailable),
    (400, b'{"code":3,"mess', errors.RequestRefused),
    (500, b"\xff\xfe\x00", errors.OzonUnavailable),
    (500, b"[1, 2]", errors.OzonUnavailable),
    (400, b'{"code":[],"message":{"a":1}}', errors.RequestRefused),
    (302, b"", errors.UnexpectedAnswer),
    (418, b"teapot", errors.UnexpectedAnswer),
]


@pytest.mark.parametrize(("status", "body", "kind"), KNOWN + BY_CODE_OR_STATUS)
def test_a_refusal_becomes_its_class(status: int, body: bytes, kind: type[errors.OzonError]) -> None:
    assert type(refusal(PATH, status, httpx.Headers(), body)) is kind


def test_the_message_wins_over_code_and_status() -> None:
    error = refusal(PATH, 500, httpx.Headers(), b'{"code":13,"message":"Api-Key is missing a required role for a method"}')
    assert type(error) is errors.MissingRole


def test_an_error_keeps_what_support_asks_for() -> None:
    error = refusal(PATH, 403, httpx.Headers({"X-O3-Trace-Id": "abc"}), b'{"code":7,"message":"Offer not signed"}')
    assert (error.subject, error.detail, error.status, error.code, error.trace_id) == (PATH, "Offer not signed", 403, 7, "abc")


def test_a_code_that_is_a_text_is_kept() -> None:
    error = refusal(PATH, 429, httpx.Headers(), b'{"code":"RESOURCE_EXHAUSTED","message":"no"}')
    assert (type(error), error.code) == (errors.RateLimited, "RESOURCE_EXHAUSTED")


def test_the_header_of_items_tells_an_item_limit_without_its_words() -> None:
    error = refusal(PATH, 429, httpx.Headers({"Item-Retry-After": "3"}), b"{}")
    assert isinstance(error, errors.ItemLimitReached)
    assert error.retry_after == 180


@pytest.mark.parametrize(
    ("headers", "text", "seconds"),
    [
        ({}, "", 1),
        ({"Retry-After": "7"}, "", 7),
        ({"Retry-After": "0.5"}, "", 0.5),
        ({"Retry-After": "soon"}, "", 1),
        ({"Retry-After": "nan"}, "", 1),
        ({"Retry-After": "-4"}, "", 0),
        ({"Item-Retry-After": "2"}, "Retry after 120 seconds", 120),
        ({"Item-Retry-After": "1"}, "Retry after 120 seconds", 120),
        ({"Item-Retry-After": "3"}, "Retry after 120 seconds", 180),
        ({"Item-Retry-After": "120"}, "Retry after 120 seconds", 120),
        ({"Retry-After": "1"}, "retry after 2 minutes", 120),
        ({"Retry-After": "Tue, 24 Nov 2026 08:00:30 GMT", "Date": "Tue, 24 Nov 2026 08:00:00 GMT"}, "", 30),
        ({"Retry-After": "Tue, 24 Nov 2026 08:00:30 GMT"}, "", 1),
    ],
)
def test_the_longest_wait_named_counts(headers: dict[str, str], text: str, seconds: float) -> None:
    assert retry_after(httpx.Headers(headers), text) == seconds
