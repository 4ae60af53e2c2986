"""Reading XML exports of any size safely: no entities, no network, flat memory, and errors that name line, element and product."""

import re
import zlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast
from zipfile import BadZipFile

from lxml import etree

from ozon_desktop.errors import BrokenFile, FileNotReadable, StoreFileError, UnsafeFile, WrongValue
from ozon_desktop.store.line_finder import Place, Reopen, find_line
from ozon_desktop.store.numbers import decimal_of
from ozon_desktop.store.readable import Readable

HEAD_SIZE = 64 * 1024
LINE_CAP = 65535
"""libxml2 keeps the line of an element in 16 bits: at this value the real line is unknown."""

DAMAGED_ARCHIVE = (BadZipFile, zlib.error, EOFError)
"""What reading a member of a damaged zip raises."""

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ROOT_START = re.compile(r"<(?![!?])")
_DECLARED_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=")
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class HeadedStream:
    """A stream whose first bytes were looked at already, readable from its start again. FileNotReadable or BrokenFile at once.

    reopen: gives the same file anew, to find the line of an error in a big one.
    """

    def __init__(self, stream: Readable, name: str, reopen: Reopen) -> None:
        self.reopen = reopen
        try:
            self.head = stream.read(HEAD_SIZE)
        except DAMAGED_ARCHIVE as error:
            raise BrokenFile(name, detail=str(error)) from error
        except OSError as error:
            raise FileNotReadable(name, detail=error.strerror or str(error)) from error
        self._left = self.head
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, the head first."""
        if self._left:
            part, self._left = (self._left, b"") if size < 0 else (self._left[:size], self._left[size:])
            return part + self._stream.read() if size < 0 else part
        return self._stream.read(size)


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return _without_namespace(str(element.tag))


@lru_cache(maxsize=1024)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def parent_name(element: etree._Element) -> str:
    """The local name of the element around it, "" for the root."""
    parent = element.getparent()
    return "" if parent is None else local(parent)


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The direct children of this local name."""
    return list(element.iterchildren(f"{{*}}{name}"))


def text(element: etree._Element, *path: str) -> str:
    """The stripped text at the end of a path of local names, "" when there is none."""
    found = element
    for name in path:
        inner = next(found.iterchildren(f"{{*}}{name}"), None)
        if inner is None:
            return ""
        found = inner
    return (found.text or "").strip()


def looks_like_xml(head: bytes) -> bool:
    """Whether the text starts with a tag, in any encoding an export comes in."""
    return _head_text(head).lstrip("\ufeff \t\r\n").startswith("<")


def root_name(head: bytes, name: str) -> str:
    """Local name of the root element, "" when the head does not reach it. UnsafeFile when an entity is declared before it."""
    line = _entity_line(_head_text(head))
    if line:
        raise UnsafeFile(name, detail="ENTITY", line=line, element="DOCTYPE")
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True, load_dtd=False, encoding=_encoding(head))
    try:
        parser.feed(head)
        for _, element in parser.read_events():
            return local(cast(etree._Element, element))
    except etree.XMLSyntaxError:
        # The full reading meets the same fault and reports it with its place.
        return ""
    return ""


def _head_text(head: bytes) -> str:
    codec = next((codec for bom, codec in _BOMS.items() if head.startswith(bom)), "latin-1")
    return head.decode(codec, errors="ignore")


def _entity_line(head: str) -> int:
    bare = _COMMENT.sub(lambda match: "\n" * match.group().count("\n"), head)
    entity = bare.find("<!ENTITY")
    root = _ROOT_START.search(bare)
    if entity < 0 or (root is not None and root.start() < entity):
        return 0
    return bare.count("\n", 0, entity) + 1


def _encoding(head: bytes) -> str | None:
    """windows-1251 for a file that declares nothing and is no UTF-8; None = as the file says."""
    if _DECLARED_ENCODING.match(head) or any(head.startswith(bom) for bom in _BOMS):
        return None
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A head may end in the middle of a character.
        return None if error.start >= len(head) - 4 and len(head) >= HEAD_SIZE else "windows-1251"
    return None


class ElementStream:
    """Start and end of the wanted elements of one XML file, in file order; `release` keeps the memory flat.

    products: local names of the elements that are a product; its name is in one of `name_tags`.
    Raises BrokenFile, UnsafeFile or FileNotReadable.
    """

    def __init__(self, stream: HeadedStream, name: str, tags: Sequence[str], products: frozenset[str], name_tags: Sequence[str]) -> None:
        self._stream = stream
        self._name = name
        self._tags = [f"{{*}}{tag}" for tag in tags]
        self._products = products
        self._name_tags = name_tags
        self._open: etree._Element | None = None
        self._released: etree._Element | None = None
        self._last_product = ""
        self._count = 0

    def __iter__(self) -> Iterator[tuple[str, etree._Element]]:
        events = etree.iterparse(
            self._stream,
            events=("start", "end"),
            tag=self._tags,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
            encoding=_encoding(self._stream.head),
        )
        first = True
        try:
            for event, element in events:
                if first:
                    self._refuse_entities(element)
                    first = False
                self._open = element if event == "start" else element.getparent()
                self._count += event == "start" and local(element) in self._products
                yield event, element
        except etree.XMLSyntaxError as error:
            raise self._broken(error) from error
        except DAMAGED_ARCHIVE as error:
            raise self.failure(BrokenFile, self._open, detail=str(error)) from error
        except (OSError, LookupError) as error:
            raise FileNotReadable(self._name, detail=str(error)) from error

    def release(self, element: etree._Element) -> None:
        """Forgets an element that was dealt with, and everything before it under the same parent."""
        if local(element) in self._products:
            self._last_product = self._product_name(element) or self._last_product
        self._released = element
        element.clear()
        parent = element.getparent()
        if parent is not None:
            while parent[0] is not element:
                del parent[0]

    def failure(
        self, kind: type[StoreFileError], element: etree._Element | None, *, detail: str = "", product: str = "", line: int = 0
    ) -> StoreFileError:
        """An error of this kind at this element; product as given, else the one around the element, else the last one read."""
        line = line or self._line(element)
        return kind(
            self._name,
            detail=detail,
            line=line,
            element="" if element is None else local(element),
            product=product or self._product_around(element) or self._last_product,
        )

    def number(self, element: etree._Element, written: str) -> Decimal | None:
        """A number written at this element; None for an empty text, WrongValue for one that is no number."""
        if not written.strip():
            return None
        value = decimal_of(written)
        if value is None:
            raise self.failure(WrongValue, element, detail=written.strip())
        return value

    def _line(self, element: etree._Element | None) -> int:
        line = None if element is None else element.sourceline
        if element is None or not isinstance(line, int):
            return 0
        return line if line < LINE_CAP else self._found_line(element)

    def _found_line(self, element: etree._Element) -> int:
        product = self._around(element)
        if product is None:
            return 0
        name = "" if element is product else local(element)
        alike = [inner for inner in product.iter() if local(inner) == name]
        place = Place(self._count, name, alike.index(element) + 1 if alike else 0)
        return find_line(self._stream.reopen, self._products, place, _encoding(self._stream.head))

    def _around(self, element: etree._Element | None) -> etree._Element | None:
        """The product an element belongs to."""
        while element is not None and local(element) not in self._products:
            element = element.getparent()
        return element

    def _product_around(self, element: etree._Element | None) -> str:
        product = self._around(element)
        return "" if product is None else self._product_name(product)

    def _product_name(self, product: etree._Element) -> str:
        return next((found for tag in self._name_tags if (found := " ".join(text(product, tag).split()))), "")

    def _broken(self, error: etree.XMLSyntaxError) -> StoreFileError:
        innermost = self._open
        while innermost is not None and len(innermost) and innermost[-1] is not self._released:
            innermost = innermost[-1]
        return self.failure(BrokenFile, innermost, detail=error.msg or "", line=max(error.lineno or 1, 1))

    def _refuse_entities(self, element: etree._Element) -> None:
        # The stubs do not know a DTD's entities.
        dtd = cast(Any, element.getroottree().docinfo.internalDTD)
        if dtd is not None and dtd.entities():
            raise UnsafeFile(self._name, detail="ENTITY", element="DOCTYPE")
