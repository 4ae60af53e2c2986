"""The texts of a product, out of its tree or, where no element in it holds others, out of its cut: then no tree is filled for it."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Final, Protocol
from xml.etree.ElementTree import Element

from ozon_desktop.store.shapes import MOST_SHAPES, Cut, Inside, Shape
from ozon_desktop.store.xml_stream import content, content_of, rich_content, rich_text

_BLANK: Final = -1
"""The place of the text of an element without an end tag, behind all others."""


class Texts(Protocol):
    """What stands in the attributes and the direct children of an element."""

    def attribute(self, name: str) -> str | None: ...

    def first(self, name: str) -> str:
        """As `content` of the first child of this name, "" when there is none."""
        ...

    def all(self, name: str) -> list[str]:
        """As `content` of each child of this name."""
        ...

    def rich(self, name: str) -> str:
        """As `rich_content` of the first child of this name."""
        ...

    def columns(self, name: str, *attributes: str) -> tuple[Sequence[str], ...]:
        """As `all`, and the values of each attribute of these children, "" for those that do not have it; () where none has it."""
        ...


class TreeTexts:
    """Of a product with elements in its elements."""

    __slots__ = ("_element", "_inside")

    def __init__(self, element: Element, inside: Inside) -> None:
        self._element = element
        self._inside = inside

    def attribute(self, name: str) -> str | None:
        return self._element.get(name)

    def first(self, name: str) -> str:
        found = self._inside.get(name)
        return content(found[0]) if found else ""

    def all(self, name: str) -> list[str]:
        return [content(child) for child in self._inside.get(name, ())]

    def rich(self, name: str) -> str:
        found = self._inside.get(name)
        return rich_content(found[0]) if found else ""

    def columns(self, name: str, *attributes: str) -> tuple[Sequence[str], ...]:
        found = self._inside.get(name, ())
        marks = [tuple([child.get(each, "") for child in found]) for each in attributes]
        return self.all(name), *(column if any(column) else () for column in marks)


class Places:
    """Where the texts of all products of one shape stand in their cuts."""

    def __init__(self, shape: Shape) -> None:
        leaves, values = shape.leaf_places(), shape.value_places()
        children = list(shape.root)
        self.attributes = {name: values[shape.root, name] for name in shape.root.attrib}
        self.numbers: dict[str, list[int]] = {}
        for child in children:
            self.numbers.setdefault(child.tag, []).append(leaves.get(child, _BLANK))
        self._values = values
        self._children = children
        self._columns: dict[tuple[str, str], Getter | None] = {}

    def column(self, name: str, attribute: str) -> "Getter | None":
        """Gives the values of an attribute of the children of this name; None where none of them has it."""
        key = name, attribute
        if key not in self._columns:
            found = [child for child in self._children if child.tag == name]
            some = any(attribute in child.attrib for child in found)
            places = [self._values.get((child, attribute)) for child in found]
            self._columns[key] = _getter(places) if some else None
        return self._columns[key]


Getter = Callable[[Sequence[str]], Sequence[str]]


def _getter(places: Sequence[int | None]) -> Getter:
    """Takes what stands in these places, "" for None."""
    if len(places) > 1 and None not in places:
        return itemgetter(*places)
    return lambda written: ["" if place is None else written[place] for place in places]


class FlatTexts:
    """Of a product whose elements hold nothing but texts."""

    __slots__ = ("_contents", "_cut", "_places")

    def __init__(self, places: Places, cut: Cut) -> None:
        self._places = places
        self._cut = cut
        leaves = cut.leaves
        self._contents = [each.strip() for each in leaves] if cut.plain else [content_of(each) for each in leaves]
        self._contents.append("")

    def attribute(self, name: str) -> str | None:
        place = self._places.attributes.get(name)
        return None if place is None else self._cut.values[place]

    def first(self, name: str) -> str:
        found = self._places.numbers.get(name)
        return self._contents[found[0]] if found else ""

    def all(self, name: str) -> list[str]:
        contents = self._contents
        return [contents[number] for number in self._places.numbers.get(name, ())]

    def rich(self, name: str) -> str:
        found = self._places.numbers.get(name)
        return rich_text(self._cut.leaves[found[0]]) if found and found[0] != _BLANK else ""

    def columns(self, name: str, *attributes: str) -> tuple[Sequence[str], ...]:
        getters = [self._places.column(name, each) for each in attributes]
        return self.all(name), *(() if each is None else each(self._cut.values) for each in getters)


class TextReader:
    """Gives the texts of products, and remembers where they stand in those of one shape."""

    def __init__(self) -> None:
        self._known: dict[Shape, Places | None] = {}

    def texts(self, cut: Cut) -> Texts | None:
        """None for a product with elements in its elements."""
        shape = cut.shape
        if shape not in self._known:
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
            shape.flat = not any(len(child) for child in shape.root)
            self._known[shape] = Places(shape) if shape.flat else None
        places = self._known[shape]
        return None if places is None else FlatTexts(places, cut)
