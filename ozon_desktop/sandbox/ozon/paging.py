"""Cursors: the sort key of the last element, in base64, so that pages stay right while elements are added."""

import base64
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import TypeVar

import msgspec

from .replies import invalid

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
        raise invalid(f"Request validation error: invalid field {field}: malformed value") from None
    if isinstance(first, str) and isinstance(like[0], str):
        return first, second
    if isinstance(first, int) and isinstance(like[0], int):
        return first, second
    raise invalid(f"Request validation error: invalid field {field}: it belongs to another order of sorting")


def take_page(
    elements: Iterable[Element],
    key: Callable[[Element], Key],
    cursor: str,
    limit: int,
    *,
    descending: bool = False,
    field: str = "cursor",
    in_order: bool = False,
) -> tuple[list[Element], str, bool]:
    """(elements after the cursor in key order, cursor of the next page, whether there is one).

    The cursor is empty on the last page. in_order: they come in ascending order of the key. Sorting tens of thousands for each
    page would hold up all other requests for a tenth of a second.
    """
    if in_order and not descending:
        return _take_next(list(elements), key, cursor, limit, field)
    ordered = sorted(((key(element), element) for element in elements), key=lambda pair: pair[0], reverse=descending)
    if cursor and ordered:
        last = decode_cursor(cursor, ordered[0][0], field)
        ordered = [pair for pair in ordered if (pair[0] < last if descending else pair[0] > last)]
    page = ordered[:limit]
    has_next = len(ordered) > limit
    return [element for _, element in page], encode_cursor(page[-1][0]) if has_next else "", has_next


def _take_next(
    ordered: list[Element], key: Callable[[Element], Key], cursor: str, limit: int, field: str
) -> tuple[list[Element], str, bool]:
    start = 0
    if cursor and ordered:
        start = bisect_right(ordered, decode_cursor(cursor, key(ordered[0]), field), key=key)
    page = ordered[start : start + limit]
    has_next = len(ordered) > start + limit
    return page, encode_cursor(key(page[-1])) if has_next else "", has_next
