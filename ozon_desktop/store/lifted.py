"""Products of an export read apart from the rest of the file: found by their bytes and cut one by one, far cheaper than as one big tree."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from lxml import etree

from ozon_desktop.domain.store_catalog import KnownElement
from ozon_desktop.store.known import KnownElements, print_of
from ozon_desktop.store.readable import Readable
from ozon_desktop.store.shapes import Cut, Inside, Shape, Shapes

CHUNK: Final = 128 * 1024
LONGEST: Final = 512 * 1024
"""A longer product stays in the tree, whose parser has limits."""
MARK: Final = "lifted-products"
"""Attribute of what stands in the tree in place of products that follow each other: their number. No export has it."""
CDATA_START: Final = b"<![CDATA["
CDATA_END: Final = b"]]>"


class Tree(NamedTuple):
    """A product as a tree of its own, names without namespaces, and what it holds."""

    root: Element
    inside: Inside


class Whole:
    """A product by itself. cut: as it was cut out of the file, None = it was not; line: of its element of that number; print: of its bytes.

    What is cut can be known again by its print.
    """

    __slots__ = ("_line", "_tree", "cut", "print")

    def __init__(self, read: Cut | Tree, line: Callable[[int], int], print_: bytes) -> None:
        self.cut = read if isinstance(read, Cut) else None
        self._tree: Cut | Tree | Shape = read
        self._line = line
        self.print = print_

    @property
    def tree(self) -> Tree | Shape:
        """Its tree, until the next product is read."""
        # Most products are read out of their texts alone.
        if isinstance(self._tree, Cut):
            self._tree = self._tree.tree()
        return self._tree

    @property
    def root(self) -> Element:
        return self.tree.root

    @property
    def inside(self) -> Inside:
        return self.tree.inside

    def line_of(self, element: Element) -> int:
        """The line in the file an element of the product stands in, 0 when that is not known."""
        return self._line(next((number for number, each in enumerate(self.root.iter()) if each is element), 0))


@dataclass(slots=True)
class Lifted:
    """One product that was taken out of the file. written: its bytes, which begin at `start` of those in `around`.

    first: the line in which `around` begins; known: what these bytes said once.
    """

    name: bytes
    written: bytes
    around: bytes
    start: int
    first: int
    cdata: bool
    shapes: Shapes
    print: bytes = b""
    known: KnownElement | None = None
    cut: Cut | None = None

    @property
    def line(self) -> int:
        """The line in which it begins. Hardly any product has a problem, so it is counted when it is asked for."""
        return self.first + self.around.count(b"\n", 0, self.start)

    def can_be_cut(self) -> bool:
        """Whether it is well formed by itself; what is known was found to be."""
        if self.known is None and self.cut is None and len(self.written) < LONGEST:
            self.cut = self.shapes.cut(self.written, cdata=self.cdata)
        return self.known is not None or self.cut is not None

    def whole(self) -> Whole:
        """The product, until the next one is read."""
        cut = self.cut or self.shapes.cut(self.written, cdata=self.cdata)
        if cut is None:
            raise ValueError("read before, and not well formed any more")
        return Whole(cut, partial(_line_inside, self), self.print)


class _Run:
    """Products of one name with nothing between them. start: of the first of them."""

    def __init__(self, name: bytes, start: int) -> None:
        self.name = name
        self.start = start
        self.products: list[Lifted] = []


class LiftedStream:
    """`stream` (clean UTF-8) with a mark in place of products that could be read apart; lines stay where they are.

    names: of the elements that are products. What is not well formed by itself stays, so that the parser of the whole file judges it.
    known: elements of earlier imports, asked with the product id that `id_of` finds in the bytes of a product.
    """

    def __init__(
        self, stream: Readable, names: Iterable[str], known: KnownElements | None = None, id_of: Callable[[bytes], str] | None = None
    ) -> None:
        self._stream = stream
        self._known = known
        self._id_of = id_of
        self._shapes = Shapes()
        self._ends = {name.encode(): f"</{name}>".encode() for name in names}
        self._start = re.compile(rb"<(" + b"|".join(map(re.escape, self._ends)) + rb")(?=[ >\t\r\n])")
        self._kept = b""
        self._line = 1
        self._ended = False
        self._number = 0
        self._lifted: dict[str, list[Lifted]] = {}
        self._before: dict[str, list[Lifted]] = {}

    def take(self, element: etree._Element) -> list[Lifted] | None:
        """The products this mark stands for, once; None for an element that is none."""
        number = element.get(MARK)
        return None if number is None else self._lifted.pop(number, None) or self._before.pop(number, None)

    def size(self, element: etree._Element) -> int:
        """How many products this element stands for."""
        number = element.get(MARK)
        return 1 if number is None else len(self._lifted.get(number) or self._before.get(number) or "x")

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
        run: _Run | None = None
        position = 0
        for product in self._found(data):
            alone = not product.can_be_cut()
            between = data[position : product.start]
            if run is not None and (alone or run.name != product.name or not (between == b"" or between.isspace())):
                parts.append(self._mark(run, data, position))
                run = None
            position = product.start + len(product.written)
            if alone:
                parts += [between, product.written]
                continue
            if run is None:
                parts.append(between)
                run = _Run(product.name, product.start)
            run.products.append(product)
        if run is not None:
            parts.append(self._mark(run, data, position))
        rest = data[position:]
        keep = self._unfinished(rest)
        if keep is None:
            self._kept = b""
        else:
            rest, self._kept = rest[:keep], rest[keep:]
        self._line += data.count(b"\n", 0, len(data) - len(self._kept))
        parts.append(rest)
        return b"".join(parts)

    def _found(self, data: bytes) -> list[Lifted]:
        """The products in the data, up to the first that is not whole."""
        found: list[Lifted] = []
        position, cdata, line = 0, CDATA_START in data, self._line
        while (match := self._start.search(data, position)) is not None:
            start, name = match.start(), match.group(1)
            end, marked = _end(data, start, self._ends[name]) if cdata else (data.find(self._ends[name], start), False)
            if end < 0:
                break
            position = end + len(self._ends[name])
            written = data[start:position]
            found.append(Lifted(name, written, data, start, line, marked, self._shapes, print_of(written)))
        if self._known is not None and self._id_of is not None:
            known = self._known.find([(self._id_of(product.written), product.print) for product in found])
            for product, before in zip(found, known, strict=True):
                product.known = before
        return found

    def _unfinished(self, rest: bytes) -> int | None:
        """Where in the rest a product may begin that is not whole yet."""
        if self._ended:
            return None
        found = self._start.search(rest)
        if found is not None:
            return found.start() if len(rest) - found.start() < LONGEST else None
        last = rest.rfind(b"<", max(len(rest) - 64, 0))
        return last if last >= 0 and b">" not in rest[last:] else None

    def _mark(self, run: _Run, data: bytes, end: int) -> bytes:
        self._number += 1
        number = str(self._number)
        self._lifted[number] = run.products
        return b'<%s %s="%s"%s/>' % (run.name, MARK.encode(), number.encode(), b"\n" * data.count(b"\n", run.start, end))


def _end(data: bytes, start: int, end_tag: bytes) -> tuple[int, bool]:
    """Where the end tag of the product that starts here is, -1 when it is not in the data, and whether the product holds CDATA.

    In CDATA such a tag is a text.
    """
    end = data.find(end_tag, start)
    cdata = False
    while end >= 0 and (opened := data.rfind(CDATA_START, start, end)) >= 0:
        cdata = True
        closed = data.find(CDATA_END, opened)
        if closed < 0:
            return -1, True
        if closed < end:
            break
        end = data.find(end_tag, closed)
    return end, cdata


def _line_inside(product: Lifted, number: int) -> int:
    """The line of the element of this number."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return product.line + (list(etree.fromstring(product.written, parser).iter())[number].sourceline or 1) - 1
