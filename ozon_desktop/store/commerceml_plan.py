"""Where the texts of goods stand that are written as nearly all back offices do, so that no tree is filled for each of them.

A plan is made for a shape once. Whatever it does not know how to read has none, and is read out of its tree.
"""

from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from ozon_desktop.store.commerceml_amounts import PRICES, STOCKS
from ozon_desktop.store.shapes import MOST_SHAPES, Cut, Inside, Shape
from ozon_desktop.store.xml_stream import content_of

READ_OTHERWISE: Final = frozenset(
    {"ХарактеристикиТовара", "ИдХарактеристики", "ШтрихКод", "Штрихкоды", "Статус", "ПометкаУдаления", "Удален", *PRICES, *STOCKS}
)
"""Elements of goods that mean more than their texts, or that few write."""
_NOWHERE: Final = -1


class Pair(NamedTuple):
    """Places of the two texts of an entry of a list."""

    name: int
    value: int


class GoodsPlan:
    """Places in the contents of a product, see `GoodsPlans.contents`; one that is nowhere is that of an empty text."""

    def __init__(self, shape: Shape, leaves: dict[Element, int]) -> None:
        self._leaves = leaves
        inside = shape.inside
        if shape.root.attrib or not READ_OTHERWISE.isdisjoint(inside):
            raise _NotPlain
        self.names = tuple(inside)
        self.id, self.article, self.name, self.code = (self._first(inside, name) for name in ("Ид", "Артикул", "Наименование", "Код"))
        self.description = self._first(inside, "Описание")
        self.barcodes, self.pictures = self._all(inside.get("Штрихкод", [])), self._all(inside.get("Картинка", []))
        self.categories = self._all(inside.deep("Группы", "Ид"))
        makers = inside.within("Изготовитель")
        if len(makers) > 1 or any("Наименование" not in maker for maker in makers):
            raise _NotPlain
        self.makers = [self._first(maker, "Наименование") for maker in makers]
        rates = [rate for block in inside.within("СтавкиНалогов") for rate in block.within("СтавкаНалога")]
        self.rates = [Pair(self._first(rate, "Наименование"), self._first(rate, "Ставка")) for rate in rates]
        self.properties = [self._pair(entry, "Ид") for entry in inside.entries("ЗначенияСвойств")]
        self.requisites = [self._pair(entry, "Наименование") for entry in inside.entries("ЗначенияРеквизитов")]
        self.unit: Element | None = next(iter(inside.get("БазоваяЕдиница", [])), None)
        self.unit_place = _NOWHERE if self.unit is None else self._text(self.unit)
        values = shape.value_places()
        unit = () if self.unit is None else self.unit.attrib
        self.unit_values = {name: values[self.unit, name] for name in unit if self.unit is not None}

    def _text(self, element: Element) -> int:
        if len(element):
            raise _NotPlain
        return self._leaves.get(element, _NOWHERE)

    def _first(self, inside: Inside, name: str) -> int:
        found = inside.get(name)
        return self._text(found[0]) if found else _NOWHERE

    def _all(self, elements: list[Element]) -> list[int]:
        return [self._text(each) for each in elements]

    def _pair(self, entry: Inside, name: str) -> Pair:
        if not entry.keys() <= {name, "Наименование", "Значение"} or any(len(found) > 1 for found in entry.values()):
            raise _NotPlain
        if name not in entry or "Значение" not in entry:
            raise _NotPlain
        return Pair(self._first(entry, name), self._first(entry, "Значение"))


class _NotPlain(Exception):
    pass


class GoodsPlans:
    """The plans of the shapes met so far."""

    def __init__(self) -> None:
        self._known: dict[Shape, GoodsPlan | None] = {}

    def plan(self, shape: Shape) -> GoodsPlan | None:
        if shape not in self._known:
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
            self._known[shape] = _planned(shape)
            shape.flat = self._known[shape] is not None
        return self._known[shape]


def contents(cut: Cut) -> list[str]:
    """As `content` of each element that holds no others, then an empty text."""
    found = [each.strip() for each in cut.leaves] if cut.plain else [content_of(each) for each in cut.leaves]
    found.append("")
    return found


def _planned(shape: Shape) -> GoodsPlan | None:
    try:
        return GoodsPlan(shape, shape.leaf_places())
    except _NotPlain:
        return None
