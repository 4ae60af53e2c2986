"""Products that are written alike share one tree, which is filled anew for each of them: far cheaper than to parse each by itself.

A product is cut at its tags. Its tags without the values of their attributes are its shape; a shape is judged by a strict parser
once, and what may stand between tags and in quotes is judged for each product. Whatever is in doubt has no shape.
"""

import re
from collections.abc import Callable, Container, Sequence
from itertools import count
from operator import itemgetter
from typing import Final
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.sax.saxutils import escape

DEEPEST: Final = 200
"""Levels of elements in a product; the parser of a whole file takes 256 in all."""
MOST_SHAPES: Final = 500
"""Shapes kept; each takes some ten kilobytes."""
MANY: Final = 200
"""Products of one shape after which a pattern is made for it."""
MOST_TAGS: Final = 400
"""A shape of more has no pattern."""

_TAG: Final = "\1"
_WAS_CDATA: Final = "\2"
"""Signs before a tag, and before what stood in CDATA. No clean text has them."""
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_REFERENCE = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CHARACTER = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_QUOTE = re.compile('"')
_NO_ELEMENT: Final = ("", "!", "?")

Setter = Callable[[str, str], object]


class Inside(dict[str, list[Element]]):
    """The direct children of an element by their names. What it says of elements further inside it finds once for each shape."""

    __slots__ = ("_deep", "_entries", "_sole", "_within", "element")

    def __init__(self, element: Element) -> None:
        super().__init__()
        self.element = element
        self._entries: dict[str, list[Inside]] = {}
        self._within: dict[str, list[Inside]] = {}
        self._deep: dict[tuple[str, str], list[Element]] = {}
        self._sole: dict[str, Element] | None = None
        for child in element:
            name = child.tag
            if name in self:
                self[name].append(child)
            else:
                self[name] = [child]

    def within(self, name: str) -> list["Inside"]:
        """What is inside each of the children of this name."""
        found = self._within.get(name)
        if found is None:
            found = self._within[name] = [Inside(child) for child in self.get(name, ())]
        return found

    def entries(self, name: str) -> list["Inside"]:
        """What is inside each child, whatever its name, of the children of this name."""
        found = self._entries.get(name)
        if found is None:
            found = self._entries[name] = [Inside(entry) for child in self.get(name, ()) for entry in child]
        return found

    def deep(self, name: str, inner: str) -> list[Element]:
        """The elements of the second name at any depth inside the children of the first."""
        found = self._deep.get((name, inner))
        if found is None:
            found = self._deep[name, inner] = [each for child in self.get(name, ()) for each in child.iter(inner) if each is not child]
        return found

    def sole(self) -> dict[str, Element]:
        """Children that are the only one of their name and hold nothing but a text."""
        if self._sole is None:
            self._sole = {name: found[0] for name, found in self.items() if len(found) == 1 and not len(found[0])}
        return self._sole


class Cut:
    """One product cut at its tags. leaves: the texts of the elements that hold no others, in the order of the file; values: of attributes.

    plain: there is no ampersand in them.
    """

    __slots__ = ("_texts", "leaves", "plain", "shape", "values")

    def __init__(
        self, shape: "Shape", leaves: Sequence[str], values: Sequence[str], texts: Callable[[], Sequence[str]], *, plain: bool
    ) -> None:
        self.shape = shape
        self.leaves = leaves
        self.values = values
        self.plain = plain
        self._texts = texts

    def tree(self) -> "Shape":
        """The shape, filled with this product until another one of its shape is asked for its tree."""
        self.shape.fill(self._texts(), self.values)
        return self.shape


class Shape:
    """A tree that is filled for each product of its shape. root: the product; inside: what it holds.

    flat: its reader needs no tree; once many products had the shape, one pattern finds all their texts.
    """

    def __init__(self, key: str, root: Element, starts: list[tuple[int, Element]], ends: list[tuple[int, Element]]) -> None:
        self.root = root
        self.inside = Inside(root)
        self.flat = False
        self._tags = key.split(_TAG)[1:]
        self._starts = starts
        self._ends = ends
        self._leaves = [(place, element) for place, element in starts if not len(element)]
        self.leaves_of: Callable[[Sequence[str]], Sequence[str]] = _getter([place for place, _ in self._leaves])
        self._behind = itemgetter(*(place for place, _ in ends))
        self._attributes = [(each, name) for each in root.iter() for name in each.attrib]
        self._setters: list[tuple[Setter, str]] = [(each.set, name) for each, name in self._attributes]
        self._tailed = False
        self._met = 0
        self._pattern: _Pattern | None = None

    def leaf_places(self) -> dict[Element, int]:
        """Where in the leaves of a `Cut` the text of each element stands that has one."""
        return {element: number for number, (_, element) in enumerate(self._leaves)}

    def value_places(self) -> dict[tuple[Element, str], int]:
        """Where in the values of a `Cut` that of each attribute stands."""
        return {attribute: place for place, attribute in enumerate(self._attributes)}

    def fill(self, texts: Sequence[str], values: Sequence[str]) -> None:
        """Puts these texts and values where they belong."""
        for place, element in self._starts:
            element.text = texts[place]
        if values:
            for (put, name), value in zip(self._setters, values, strict=True):
                put(name, value)
        # Most exports have nothing between a tag that closes and the next one.
        tailed = "".join(self._behind(texts)) != ""
        if tailed or self._tailed:
            for place, element in self._ends:
                element.tail = texts[place]
            self._tailed = tailed

    def pattern(self) -> "_Pattern | None":
        """What finds the texts of a product of this shape, None until many were met: to make it takes as long as to cut hundreds."""
        self._met += 1
        if self._pattern is None and self.flat and self._met >= MANY and len(self._tags) <= MOST_TAGS:
            self._pattern = _Pattern(self._tags, {place for place, _ in self._leaves})
        return self._pattern


class _Pattern:
    """Finds the texts and values of the products of a shape that hold nothing but blanks between their elements."""

    def __init__(self, tags: Sequence[str], leaves: Container[int]) -> None:
        self._count = len(tags)
        parts: list[str] = []
        groups: list[bool] = []
        for place, tag in enumerate(tags):
            quoted = tag.split('"')
            groups += [False] * (len(quoted) - 1)
            parts += ["<", r'"([^"<\n\t]*)"'.join(map(re.escape, quoted)), ">"]
            if place in leaves:
                groups.append(True)
                parts.append("([^<]*)")
            elif place < len(tags) - 1:
                parts.append(r"[ \n\t]*")
        self._match = re.compile("".join(parts)).fullmatch
        self._leaves = _getter([number for number, leaf in enumerate(groups) if leaf])
        self._values = _getter([number for number, leaf in enumerate(groups) if not leaf])

    def found(self, text: str) -> tuple[Sequence[str], Sequence[str]] | None:
        """Leaves and values; None when it is of another shape, or there is more in it than they."""
        match = self._match(text)
        # A bracket that closes nothing may be a part of what no text may hold.
        if match is None or text.count(">") != self._count:
            return None
        groups = match.groups()
        return self._leaves(groups), self._values(groups)


def _getter(places: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda written: [written[place] for place in places]


class Shapes:
    """Knows the shapes of the products met so far."""

    def __init__(self) -> None:
        self._known: dict[str, Shape | None] = {}
        self._last: tuple[_Pattern, Shape] | None = None

    def cut(self, written: bytes, *, cdata: bool) -> Cut | None:
        """A product, from its start tag to its end tag, cut; None for one that only a strict parser can judge.

        cdata: whether it holds any.
        """
        try:
            text = written.decode()
        except UnicodeDecodeError:
            return None
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if self._last is not None and not cdata and "&" not in text:
            pattern, shape = self._last
            found = pattern.found(text)
            if found is not None:
                return Cut(shape, *found, lambda: _apart(text)[1], plain=True)
        return self._cut(text, cdata=cdata)

    def _cut(self, text: str, *, cdata: bool) -> Cut | None:
        if cdata:
            text = _CDATA.sub(lambda match: _WAS_CDATA + escape(match.group(1)), text)
        tags, texts = _apart(text)
        inside_tags = "".join(tags)
        quoted = inside_tags.split('"')
        key = '"'.join(quoted[::2])
        # Tags and texts take turns, only a tag begins with the sign for it, and no quote goes from one tag to another.
        taken_in_turns = text.count("<") == key.count(_TAG) == len(tags) and _TAG not in text and len(quoted) % 2
        if not taken_in_turns or "\n" in inside_tags or "\t" in inside_tags or _WAS_CDATA in inside_tags:
            return None
        if cdata:
            texts = [each.replace(_WAS_CDATA, "") for each in texts]
        shape = self._shape(key)
        values = quoted[1::2]
        plain = "&" not in text
        if shape is None or not (plain or (_resolve(texts) and _resolve(values))):
            return None
        pattern = shape.pattern()
        if pattern is not None:
            self._last = pattern, shape
        return Cut(shape, shape.leaves_of(texts), values, lambda: texts, plain=plain)

    def _shape(self, key: str) -> Shape | None:
        known = self._known.get(key)
        if known is None and key not in self._known:
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
            known = self._known[key] = _judged(key)
        return known


def _apart(text: str) -> tuple[list[str], list[str]]:
    """Tags, each behind its sign, and the texts behind them."""
    parts = text.replace("<", f">{_TAG}").split(">")
    return parts[1::2], parts[2::2]


def _judged(key: str) -> Shape | None:
    """The shape of tags without values, each behind its sign; None when they are not well formed, or mean more than they say."""
    tags = key.split(_TAG)[1:]
    if ":" in key or "xmlns" in key or "'" in key or any(tag[:1] in _NO_ELEMENT for tag in tags):
        return None
    numbers = count()
    parser = XMLParser()
    try:
        parser.feed("".join(f"<{_QUOTE.sub(lambda _: f'{chr(34)}{next(numbers)}{chr(34)}', tag)}>" for tag in tags))
        root = parser.close()
    except ParseError:
        return None
    if not isinstance(root, Element) or [int(value) for each in root.iter() for value in each.attrib.values()] != [*range(next(numbers))]:
        return None
    starts: list[tuple[int, Element]] = []
    ends: list[tuple[int, Element]] = []
    elements, around = root.iter(), list[Element]()
    for place, tag in enumerate(tags):
        element = around.pop() if tag.startswith("/") else next(elements)
        if tag.startswith("/") or tag.endswith("/"):
            ends.append((place, element))
        else:
            starts.append((place, element))
            around.append(element)
        if len(around) > DEEPEST:
            return None
    return Shape(key, root, starts, ends)


def _resolve(texts: list[str]) -> bool:
    """Puts characters in the place of references; False when there is an ampersand that begins none."""
    for place, text in enumerate(texts):
        if "&" in text:
            try:
                texts[place], found = _REFERENCE.subn(_character, text)
            except ValueError:
                return False
            if found != text.count("&"):
                return False
    return True


def _character(match: re.Match[str]) -> str:
    """The character meant. ValueError for one that XML does not have."""
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NAMED[name]
    found = chr(int(decimal) if decimal else int(hexadecimal, 16))
    if not _CHARACTER.fullmatch(found):
        raise ValueError(match.group())
    return found
