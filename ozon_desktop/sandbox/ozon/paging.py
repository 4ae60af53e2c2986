"""Cursors: the sort key of the last element, in base64, so that pages stay right while elements are added."""

import base64
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from .requests import broken

Element = TypeVar("Element")
Key = tuple[str, int] | tuple[int, int]


def encode_cursor(key: Key) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode("ascii")


def decode_cursor(cursor: str, like: Key, field: str) -> Key:
    """The key in a cursor; 400 for anything the sandbox never gave out for this order."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii"))
        first, second = msgspec.json.decode(raw, type=tuple[str | int, int])
    except (ValueError, msgspec.MsgspecError):
        raise broken(field, "malformed value") from None
    if isinstance(first, str) and isinstance(like[0], str):
        return first, second
    if isinstance(first, int) and isinstance(like[0], int):
        return first, second
    raise broken(field, "it belongs to another order of sorting")


def take_page(
    elements: Iterable[Element],
    key: Callable[[Element], Key],
    cursor: str,
    limit: int,
    *,
    descending: bool = False,
    field: str = "cursor",
    in_order: bool = False,
    always_cursor: bool = False,
) -> tuple[list[Element], str, bool]:
    """(elements after the cursor in key order, cursor of the next page, whether there is one).

    The cursor is empty on the last page, with always_cursor only on a page that is empty itself. in_order: they come in ascending
    order of the key. Sorting tens of thousands for each page would hold up all other requests for a tenth of a second.
    """
    ordered = list(elements) if in_order else sorted(elements, key=key)
    start, end = 0, len(ordered)
    if cursor and ordered:
        last = decode_cursor(cursor, key(ordered[0]), field)
        if descending:
            end = bisect_left(ordered, last, key=key)
        else:
            start = bisect_right(ordered, last, key=key)
    page = ordered[max(start, end - limit) : end][::-1] if descending else ordered[start : min(end, start + limit)]
    has_next = end - start > limit
    return page, encode_cursor(key(page[-1])) if has_next or (always_cursor and page) else "", has_next
