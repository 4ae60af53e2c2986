"""The line of an element far down a big file, found by reading the file once more: libxml2 forgets lines beyond 65535."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from xml.parsers import expat

from ozon_desktop.store.readable import Readable

CHUNK = 256 * 1024
Reopen = Callable[[], AbstractContextManager[Readable]]


@dataclass(frozen=True, slots=True)
class Place:
    """The `occurrence`-th element `name` (from 1) inside the `product`-th product (from 1); the product itself when `name` is empty."""

    product: int
    name: str
    occurrence: int


class _Found(Exception):
    """Ends the reading."""


def find_line(reopen: Reopen, products: frozenset[str], place: Place) -> int:
    """The line where the element starts, from 1; 0 when the file does not hold it any more.

    reopen gives UTF-8. Only for a file whose prolog was checked: the parser here knows nothing of entities.
    """
    parser = expat.ParserCreate("utf-8")
    seen = {"product": 0, "inner": 0}

    def started(tag: str, _: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name in products:
            seen["product"] += 1
        if seen["product"] != place.product:
            return
        seen["inner"] += name == place.name
        if not place.name or seen["inner"] == place.occurrence:
            raise _Found

    parser.StartElementHandler = started
    try:
        with reopen() as stream:
            while chunk := stream.read(CHUNK):
                parser.Parse(chunk)
    except _Found:
        return parser.CurrentLineNumber
    except expat.ExpatError:
        return 0
    return 0
