"""Products of an export read apart from the rest of the file: found by their bytes, parsed one by one, far cheaper than as one big tree."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element, ParseError, XMLParser

from lxml import etree

from ozon_desktop.store.readable import Readable

CHUNK: Final = 128 * 1024
LONGEST: Final = 512 * 1024
"""A longer product stays in the tree, whose parser has limits."""
DEEPEST: Final = 200
"""Levels of elements in a product; the big parser takes 256 in all."""
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
        self._before: dict[str, Lifted] = {}

    def take(self, element: etree._Element) -> Lifted | None:
        """The product this mark stands for, once; None for an element that is none."""
        number = element.get(MARK)
        return None if number is None else self._lifted.pop(number, None) or self._before.pop(number, None)

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes, empty at the end; fewer than `size`, so that few products wait."""
        given = b""
        while not given and not self._ended:
            raw = self._stream.read(CHUNK)
            self._ended = not raw
            given = self._without_products(self._kept + raw)
        return given

    def _without_products(self, data: bytes) -> bytes:
        # The parser of the file may be one part behind; a mark that it never met stands in a comment.
        self._before, self._lifted = self._lifted, {}
        parts: list[bytes] = []
        products: list[tuple[int, bytes, bytes, int]] = []
        position = 0
        while (found := self._start.search(data, position)) is not None:
            start, end_tag = found.start(), self._ends[found.group(1)]
            end = data.find(end_tag, found.end())
            if end < 0:
                break
            end += len(end_tag)
            between, written = data[position:start], data[start:end]
            parts.append(between)
            self._line += between.count(b"\n")
            products.append((len(parts), found.group(1), written, self._line))
            parts.append(written)
            self._line += written.count(b"\n")
            position = end
        for (place, name, written, line), root in zip(products, _trees([product[2] for product in products]), strict=True):
            if root is not None:
                parts[place] = self._mark(name, written, Lifted(root, partial(_line_inside, written, line)))
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

    def _mark(self, name: bytes, written: bytes, lifted: Lifted) -> bytes:
        self._number += 1
        number = str(self._number)
        self._lifted[number] = lifted
        return b'<%s %s="%s"%s/>' % (name, MARK.encode(), number.encode(), b"\n" * written.count(b"\n"))


def _trees(products: Sequence[bytes]) -> list[Element | None]:
    """The tree of each product; None for one that the big parser has to judge."""
    plain = [_is_plain(written) for written in products]
    # Together, for a parser of its own costs more than a product. Each holds one end tag of its name: together they are well formed
    # only when each of them is.
    together = _tree(b"".join([b"<x>", *(written for written, is_plain in zip(products, plain, strict=True) if is_plain), b"</x>"]))
    if together is not None and len(together) == sum(plain):
        roots = iter(together)
        return [_shallow(next(roots), written) if is_plain else None for written, is_plain in zip(products, plain, strict=True)]
    trees = (_tree(written) if is_plain else None for written, is_plain in zip(products, plain, strict=True))
    return [None if tree is None else _shallow(tree, written) for tree, written in zip(trees, products, strict=True)]


def _is_plain(written: bytes) -> bool:
    """Whether it has nothing that the big parser could judge differently: CDATA, comments and namespaces are left to it."""
    return len(written) < LONGEST and b"<!" not in written and b"<?" not in written and b"xmlns" not in written


def _tree(written: bytes) -> Element | None:
    parser = XMLParser(encoding="utf-8")
    try:
        parser.feed(written)
        root = parser.close()
    except ParseError:
        return None
    return root if isinstance(root, Element) else None


def _shallow(root: Element, written: bytes) -> Element | None:
    """The tree, unless it is deeper than the big parser would take."""
    root.tail = None
    # To walk through all of them would cost much: each level has an end tag.
    if written.count(b"</") <= DEEPEST:
        return root
    level, depth = [root], 0
    while level and depth <= DEEPEST:
        level, depth = [child for element in level if len(element) for child in element], depth + 1
    return None if level else root


def _line_inside(written: bytes, first: int, number: int) -> int:
    """The line of the element of this number; `first` is that of the product."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return first + (list(etree.fromstring(written, parser).iter())[number].sourceline or 1) - 1
