"""Products of an export read apart from the rest of the file: found by their bytes, parsed one by one, far cheaper than as one big tree."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element, ParseError, XMLParser

from lxml import etree

from ozon_desktop.store.readable import Readable

CHUNK: Final = 128 * 1024
LONGEST: Final = 512 * 1024
"""A longer product stays in the tree, whose parser has limits."""
MARK: Final = "lifted-product"
"""Attribute of what stands in the tree in place of a product: its number. No export has it."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """One product as a tree of its own, names without namespaces. line: of its element of that number, in the order of the file."""

    root: Element
    line: Callable[[int], int]

    def line_of(self, element: Element) -> int:
        """The line in the file an element of the product stands in, 0 when that is not known."""
        return self.line(next((number for number, each in enumerate(self.root.iter()) if each is element), 0))


class LiftedStream:
    """`stream` (clean UTF-8) with a mark in place of each product that could be read apart; lines stay where they are.

    names: of the elements that are products. What is not well formed by itself stays, so that the parser of the whole file judges it.
    """

    def __init__(self, stream: Readable, names: Iterable[str]) -> None:
        self._stream = stream
        self._ends = {name.encode(): f"</{name}>".encode() for name in names}
        self._start = re.compile(rb"<(" + b"|".join(map(re.escape, self._ends)) + rb")(?=[ >\t\r\n])")
        self._kept = b""
        self._line = 1
        self._ended = False
        self._number = 0
        self._lifted: dict[str, Lifted] = {}

    def take(self, element: etree._Element) -> Lifted | None:
        """The product this mark stands for, once; None for an element that is none."""
        number = element.get(MARK)
        return None if number is None else self._lifted.pop(number, None)

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes, empty at the end; fewer than `size`, so that few products wait."""
        given = b""
        while not given and not self._ended:
            raw = self._stream.read(CHUNK)
            self._ended = not raw
            given = self._without_products(self._kept + raw)
        return given

    def _without_products(self, data: bytes) -> bytes:
        # What waits is marked in the part given before: a mark that was never met stands in a comment.
        self._lifted.clear()
        parts: list[bytes] = []
        position = 0
        while (found := self._start.search(data, position)) is not None:
            start, end_tag = found.start(), self._ends[found.group(1)]
            end = data.find(end_tag, found.end())
            if end < 0:
                break
            end += len(end_tag)
            between = data[position:start]
            parts.append(between)
            self._line += between.count(b"\n")
            parts.append(self._lift(found.group(1), data[start:end]))
            position = end
        rest = data[position:]
        keep = self._unfinished(rest)
        if keep is None:
            self._kept = b""
        else:
            rest, self._kept = rest[:keep], rest[keep:]
        self._line += rest.count(b"\n")
        parts.append(rest)
        return b"".join(parts)

    def _unfinished(self, rest: bytes) -> int | None:
        """Where in the rest a product may begin that is not whole yet."""
        if self._ended:
            return None
        found = self._start.search(rest)
        if found is not None:
            return found.start() if len(rest) - found.start() < LONGEST else None
        last = rest.rfind(b"<", max(len(rest) - 64, 0))
        return last if last >= 0 and b">" not in rest[last:] else None

    def _lift(self, name: bytes, written: bytes) -> bytes:
        lines = written.count(b"\n")
        root = _tree(written) if len(written) < LONGEST else None
        line = self._line
        self._line += lines
        if root is None:
            return written
        self._number += 1
        number = str(self._number)
        self._lifted[number] = Lifted(root, partial(_line_inside, written, line))
        return b'<%s %s="%s"%s/>' % (name, MARK.encode(), number.encode(), b"\n" * lines)


def _tree(written: bytes) -> Element | None:
    # Each limit and check of the big parser that could judge differently: CDATA and comments are left to it.
    if b"<!" in written or b"<?" in written or (b"xmlns" in written):
        return None
    parser = XMLParser(encoding="utf-8")
    try:
        parser.feed(written)
        root = parser.close()
    except ParseError:
        return None
    return root if isinstance(root, Element) else None


def _line_inside(written: bytes, first: int, number: int) -> int:
    """The line of the element of this number; `first` is that of the product."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return first + (list(etree.fromstring(written, parser).iter())[number].sourceline or 1) - 1
