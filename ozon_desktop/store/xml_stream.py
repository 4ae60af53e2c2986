"""Reading XML exports of any size safely: no entities, no network, flat memory, and errors that name line, element and product."""

import html
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache, partial
from gzip import BadGzipFile
from html.entities import html5
from typing import Any, TypeVar, cast
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from lxml import etree

from ozon_desktop.domain.archives import DAMAGED_ARCHIVE
from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.store_catalog import KnownElement, ReadElement
from ozon_desktop.errors import BrokenFile, FileNotReadable, StoreFileError, UnsafeFile
from ozon_desktop.store.clean_stream import CleanStream
from ozon_desktop.store.known import KnownElements, print_of
from ozon_desktop.store.lifted import LiftedStream, Tree, Whole
from ozon_desktop.store.line_finder import Place, Reopen, find_line
from ozon_desktop.store.numbers import Meaning, decimal_of
from ozon_desktop.store.readable import Readable
from ozon_desktop.store.repeats import Repeats
from ozon_desktop.store.safe_html import NBSP, TAG, safe_html
from ozon_desktop.store.shapes import Inside

HEAD_SIZE = 64 * 1024
LINE_CAP = 65535
"""libxml2 keeps the line of an element in 16 bits: at this value the real line is unknown."""

MANY_DIGITS = 12
EXACT_LINES = 20
LONGEST_WRITTEN = 200
MAX_ESCAPES = 4
"""A text that is escaped more often is kept as it stands then."""

_EXACT = re.compile(r"[0-9]{1,11}\.[0-9]{1,2}")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ROOT_START = re.compile(r"<(?![!?])")
_BREAKING = frozenset({"p", "br", "div", "li", "ul", "ol", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
"""Tags of HTML that part words, as a blank does."""
_ESCAPED = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
XmlElement = etree._Element | ElementTree.Element
"""An element of the file's tree, or one of a product that is a tree of its own: both have tag, text, tail, attributes and children."""
AnyElement = TypeVar("AnyElement", etree._Element, ElementTree.Element)
_NAMESPACE = re.compile(r' xmlns(?::[A-Za-z0-9]+)?="[^"]*"')


class HeadedStream:
    """A stream whose first signs were looked at already, readable from its start again: clean UTF-8, whatever the file is written in.

    reopen: gives the same file anew, to find the line of an error in a big one. FileNotReadable or BrokenFile at once.
    """

    def __init__(self, stream: Readable, name: str, reopen: Reopen) -> None:
        self._stream = CleanStream(stream, name)
        self._name = name
        self._reopen = reopen
        try:
            self.head = self._stream.read(HEAD_SIZE)
        except DAMAGED_ARCHIVE as error:
            raise BrokenFile(name, detail=str(error)) from error
        except OSError as error:
            raise _not_read(name, error) from error
        self._left = self.head

    @property
    def notes(self) -> list[tuple[ImportProblemKind, int, str]]:
        """What was changed in the text so that it can be read, up to where it was read: kind, line, what stood there."""
        return self._stream.notes

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, the head first."""
        if self._left:
            part, self._left = (self._left, b"") if size < 0 else (self._left[:size], self._left[size:])
            return part + self._stream.read() if size < 0 else part
        return self._stream.read(size)

    @contextmanager
    def again(self) -> Iterator[Readable]:
        """The same signs from the start."""
        with self._reopen() as stream:
            yield CleanStream(stream, self._name)


def local(element: XmlElement) -> str:
    """The element's name without its namespace."""
    return _without_namespace(str(element.tag))


@lru_cache(maxsize=1024)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def parent_name(element: etree._Element) -> str:
    """The local name of the element around it, "" for the root."""
    parent = element.getparent()
    return "" if parent is None else local(parent)


def children(element: AnyElement, name: str) -> list[AnyElement]:
    """The direct children of this local name."""
    return [child for child in element if local(child) == name]


def descendants(element: AnyElement, name: str) -> list[AnyElement]:
    """The elements of this local name at any depth inside, in the order of the file."""
    return [inner for inner in element.iter() if inner is not element and local(inner) == name]


def text(element: XmlElement, *path: str) -> str:
    """The stripped text at the end of a path of local names, "" when there is none."""
    found = element
    for name in path:
        for inner in found:
            tag = inner.tag
            if tag == name or local(inner) == name:
                found = inner
                break
        else:
            return ""
    return content(found)


def content(element: XmlElement) -> str:
    """All text of an element, stripped: with that of the elements inside, and unescaped where it was escaped twice."""
    return content_of(_whole(element) if len(element) else element.text)


def content_of(written: str | None) -> str:
    """As `content`, of the text of an element that holds nothing else."""
    if not written:
        return ""
    return unescaped(written) if "&" in written else written.strip()


def unescaped(written: str) -> str:
    """The stripped text without what HTML escapes, until nothing is escaped: nobody writes «&amp;» or «&quot;» on a label."""
    for _ in range(MAX_ESCAPES):
        if "&" not in written or not _ESCAPED.search(written):
            break
        written = _ESCAPED.sub(lambda match: html5_character(match.group()), written)
    return written.strip()


def html5_character(entity: str) -> str:
    """The characters of one entity with its semicolon; itself when HTML does not know it."""
    return html.unescape(entity) if entity[1] == "#" or entity[1:] in html5 else entity


def rich_content(element: XmlElement) -> str:
    """The text of a description, stripped, with the simple markup it has, be it elements or text: see `safe_html`."""
    if len(element):
        inside = (_written(child) for child in element)
        return safe_html(_NAMESPACE.sub("", f"{escape(element.text or '')}{''.join(inside)}"))
    return rich_text(element.text or "")


def rich_text(written: str) -> str:
    """As `rich_content`, of the text of an element that holds nothing else."""
    # What is no HTML yet may be HTML that was escaped once more.
    written = written if TAG.search(written) else unescaped(written)
    return safe_html(written) if TAG.search(written) else written.replace(NBSP, " ").strip()


def _plain(element: etree._Element) -> ElementTree.Element:
    """The same as a tree of its own, names without namespaces; what has no name becomes text."""
    plain = ElementTree.Element(local(element), {_without_namespace(str(name)): str(value) for name, value in element.attrib.items()})
    plain.text = element.text
    last: ElementTree.Element | None = None
    for child in element:
        if isinstance(child.tag, str):
            last = _plain(child)
            last.tail = child.tail
            plain.append(last)
        elif last is None:
            plain.text = f"{plain.text or ''} {child.text or ''} {child.tail or ''}"
        else:
            last.tail = f"{last.tail or ''} {child.text or ''} {child.tail or ''}"
    return plain


def _written(element: XmlElement) -> str:
    """The markup of an element with what stands behind it."""
    if isinstance(element, ElementTree.Element):
        return ElementTree.tostring(element, encoding="unicode")
    return etree.tostring(element, encoding="unicode", with_tail=True)


def _whole(element: XmlElement) -> str:
    if not len(element):
        return element.text or ""
    parts = [element.text or ""]
    for child in element:
        parted = not isinstance(child.tag, str) or local(child).casefold() in _BREAKING
        parts += [" ", _whole(child), " "] if parted else [_whole(child)]
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def plain_number(bare: str) -> Decimal | None:
    """The number nearly all files write, for which no looking for words is needed: digits, and up to two behind a point."""
    if bare.isdecimal():
        return Decimal(bare) if bare.isascii() and len(bare) < MANY_DIGITS else None
    return Decimal(bare) if _EXACT.fullmatch(bare) else None


def looks_like_xml(head: bytes) -> bool:
    """Whether the clean text starts with a tag."""
    return head.lstrip().startswith(b"<")


def root_name(head: bytes, name: str) -> str:
    """Local name of the root element, "" when the head does not reach it. UnsafeFile when an entity is declared before it."""
    line = _entity_line(head.decode("utf-8", errors="ignore"))
    if line:
        raise UnsafeFile(name, detail="ENTITY", line=line, element="DOCTYPE")
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8")
    try:
        parser.feed(head)
        for _, element in parser.read_events():
            return local(cast(etree._Element, element))
    except etree.XMLSyntaxError:
        # The full reading meets the same fault and reports it with its place.
        return ""
    return ""


def _entity_line(head: str) -> int:
    bare = _COMMENT.sub(lambda match: "\n" * match.group().count("\n"), head)
    entity = bare.find("<!ENTITY")
    root = _ROOT_START.search(bare)
    if entity < 0 or (root is not None and root.start() < entity):
        return 0
    return bare.count("\n", 0, entity) + 1


def _not_read(name: str, error: OSError) -> StoreFileError:
    """A damaged archive calls itself an error of the system, too."""
    kind = BrokenFile if isinstance(error, BadGzipFile) else FileNotReadable
    return kind(name, detail=error.strerror or str(error))


class ElementStream:
    """Start and end of the wanted elements of one XML file, in file order; `release` keeps the memory flat.

    products: local names of the elements that are a product; its name is in one of `name_tags`. known, id_of: see `LiftedStream`.
    Raises BrokenFile, UnsafeFile or FileNotReadable.
    """

    def __init__(
        self,
        stream: HeadedStream,
        name: str,
        tags: Sequence[str],
        products: frozenset[str],
        name_tags: Sequence[str],
        known: KnownElements | None = None,
        id_of: Callable[[bytes], str] | None = None,
    ) -> None:
        self._stream = stream
        self._known = known
        self._lifting = LiftedStream(stream, products, known, id_of)
        self._whole: Whole | None = None
        self._repeats = Repeats()
        self._name = name
        self._tags = [f"{{*}}{tag}" for tag in tags]
        self._products = products
        self._name_tags = name_tags
        self._open: etree._Element | None = None
        self._released: etree._Element | None = None
        self._last_product = ""
        self._count = 0
        self._problems: list[ImportProblem] = []
        self._problem_count = 0

    def __iter__(self) -> Iterator[tuple[str, etree._Element]]:
        events = etree.iterparse(
            self._lifting,
            events=("start", "end"),
            tag=self._tags,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
            encoding="utf-8",
        )
        first = True
        try:
            for event, element in events:
                if first:
                    self._refuse_entities(element)
                    first = False
                self._open = element if event == "start" else element.getparent()
                if event == "start" and local(element) in self._products:
                    self._count += self._lifting.size(element)
                yield event, element
        except etree.XMLSyntaxError as error:
            raise self._broken(error) from error
        except DAMAGED_ARCHIVE as error:
            raise self.failure(BrokenFile, self._open, detail=str(error)) from error
        except OSError as error:
            raise _not_read(self._name, error) from error

    def products(self, element: etree._Element, contexts: Collection[bytes]) -> Iterator[Whole | KnownElement]:
        """The products this element stands for, each with all it holds; its problems can be told until the next one.

        One that would say the same as in an earlier import, in one of the contexts, is not read. See `tell_repeated` for ids given twice.
        """
        run = self._lifting.take(element)
        if run is None:
            root = _plain(element)
            print_ = print_of(ElementTree.tostring(root))
            self._whole = Whole(Tree(root, Inside(root)), partial(self._line_in_tree, element), print_)
            yield self._whole
        for lifted in run or ():
            known = lifted.known
            if known is not None and known.context in contexts and self._known is not None and self._known.holds(known.product_id):
                yield known
            else:
                self._whole = lifted.whole()
                yield self._whole
        if self._whole is not None:
            self._last_product = self._product_name(self._whole.root) or self._last_product
            self._whole = None

    def tell_repeated(self, product_id: str, given: Whole | KnownElement) -> None:
        """A problem when the file has given this id before and said something else of it: what comes last is taken."""
        # What is known again was not touched by anything before it.
        if self._repeats.differ(product_id, given.print) and isinstance(given, Whole):
            self.problem(ImportProblemKind.REPEATED_ID, given.root, product_id)

    def read(self, whole: Whole, product_id: str, context: bytes) -> Iterator[ReadElement]:
        """That all of an element was given: for one that can be known again, without a problem."""
        if whole.cut is not None and self._known is not None and not self._problems:
            yield ReadElement(product_id, whole.print, context)

    def _line_in_tree(self, product: etree._Element, number: int) -> int:
        named = [each for each in product.iter() if isinstance(each.tag, str)]
        element = named[number]
        return self._line(element) if self._problem_count <= EXACT_LINES else self._short_line(element)

    def release(self, element: etree._Element) -> None:
        """Forgets an element that was dealt with, and everything before it under the same parent."""
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

    def number(self, element: XmlElement, written: str, meaning: Meaning) -> Decimal | None:
        """A number written at this element; None for an empty text, and for one that is no certain number, which then is a problem."""
        bare = written.strip()
        if not bare:
            return None
        if (plain := plain_number(bare)) is not None:
            return plain
        value = decimal_of(bare, meaning)
        if isinstance(value, ImportProblemKind):
            self.problem(value, element, bare)
            return None
        if meaning is Meaning.PRICE and value < 0:
            self.problem(ImportProblemKind.NEGATIVE_PRICE, element, bare)
            return None
        return value

    def problem(self, kind: ImportProblemKind, element: XmlElement, written: str = "") -> None:
        """Keeps a problem at this element for `drained`."""
        product = self._product_of(element)
        name = "" if product is None else self._product_name(product)
        found = "" if product is None else text(product, "Ид") or (product.get("id") or "").strip()
        self._problem_count += 1
        # Far down a big file each line costs reading it once more.
        line = self._line(element) if self._problem_count <= EXACT_LINES else self._cheap_line(element)
        self._problems.append(ImportProblem(kind, self._name, line, found, name, local(element), written[:LONGEST_WRITTEN]))

    @property
    def troubled(self) -> bool:
        """Whether `drained` gives anything."""
        return bool(self._problems)

    def drained(self) -> Iterator[ImportProblem]:
        """The problems since the last call."""
        if self._problems:
            problems, self._problems = self._problems, []
            yield from problems

    def _cheap_line(self, element: XmlElement) -> int:
        return self._line(element) if isinstance(element, ElementTree.Element) else self._short_line(element)

    @staticmethod
    def _short_line(element: etree._Element) -> int:
        line = element.sourceline
        return line if isinstance(line, int) and line < LINE_CAP else 0

    def _line(self, element: XmlElement | None) -> int:
        if isinstance(element, ElementTree.Element):
            return 0 if self._whole is None else self._whole.line_of(element)
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
        return find_line(self._stream.again, self._products, place)

    def _product_of(self, element: XmlElement) -> XmlElement | None:
        if isinstance(element, ElementTree.Element):
            return None if self._whole is None else self._whole.root
        return self._around(element)

    def _around(self, element: etree._Element | None) -> etree._Element | None:
        """The product an element belongs to."""
        while element is not None and local(element) not in self._products:
            element = element.getparent()
        return element

    def _product_around(self, element: etree._Element | None) -> str:
        product = self._around(element)
        return "" if product is None else self._product_name(product)

    def _product_name(self, product: XmlElement) -> str:
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
