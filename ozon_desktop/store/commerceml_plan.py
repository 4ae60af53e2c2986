"""Where the texts of goods stand that are written as nearly all back offices do, so that no tree is filled for each of them.

A plan is made for a shape once. Whatever it does not know how to read has none, and is read out of its tree.
"""

from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from ozon_desktop.store.shapes import MOST_SHAPES, Cut, Inside, Shape
from ozon_desktop.store.xml_stream import content_of

PLACES = ("Склад", "Склады", "Остаток", "Остатки", "ОстаткиПоСкладам", "КоличествоНаСкладах", "КоличествоНаСкладе")
"""Elements that hold stocks, in each other and in an offer."""
PRICES, STOCKS = frozenset({"Цены", "Цена"}), frozenset({*PLACES, "Количество"})
READ_OTHERWISE: Final = frozenset(
    {"ХарактеристикиТовара", "ИдХарактеристики", "ШтрихКод", "Штрихкоды", "Статус", "ПометкаУдаления", "Удален", *PRICES, *STOCKS}
)
"""Elements of goods that mean more than their texts, or that few write."""
OFFERED: Final = frozenset({"Цены", "Количество", "Склад"})
"""What an offer has beside what goods have."""
PRICE_WORDS: Final = frozenset({"Представление", "ИдТипаЦены", "ЦенаЗаЕдиницу", "Валюта", "Единица", "Коэффициент"})
STOCK_WORDS: Final = {"ИдСклада", "КоличествоНаСкладе"}
OFFER: Final = "Предложение"
_NOWHERE: Final = -1


class NotPlain(Exception):
    """Something of a shape has to be read out of a tree."""


class Pair(NamedTuple):
    """Places of the two texts of an entry of a list."""

    name: int
    value: int


class PricePlaces(NamedTuple):
    """Places of the texts of one price."""

    type_id: int
    value: int
    currency: int
    coefficient: int


class AmountPlan:
    """Places of the prices and stocks of an offer. stocks: warehouse and number, in the values of the cut; total: of the number of all."""

    def __init__(self, plan: "GoodsPlan", shape: Shape) -> None:
        inside = shape.inside
        entries = inside.entries("Цены")
        if any(entry.element.tag != "Цена" or entry.element.attrib or not entry.keys() <= PRICE_WORDS for entry in entries):
            raise NotPlain
        if any(len(found) > 1 or found[0].attrib for entry in entries for found in entry.values()):
            raise NotPlain
        self.prices = [
            PricePlaces(*(plan.first(entry, name) for name in ("ИдТипаЦены", "ЦенаЗаЕдиницу", "Валюта", "Коэффициент")))
            for entry in entries
        ]
        for entry in entries:
            for found in entry.values():
                plan.text(found[0])
        values = shape.value_places()
        places = inside.get("Склад", [])
        if any(len(place) or place.attrib.keys() != STOCK_WORDS for place in places):
            raise NotPlain
        self.stocks = [(values[place, "ИдСклада"], values[place, "КоличествоНаСкладе"]) for place in places]
        self.total = plan.first(inside, "Количество")


class GoodsPlan:
    """Places in the contents of a product, see `contents`; one that is nowhere is that of an empty text. amounts: of an offer."""

    def __init__(self, shape: Shape, leaves: dict[Element, int]) -> None:
        self._leaves = leaves
        inside = shape.inside
        offer = shape.root.tag == OFFER
        if shape.root.attrib or not (READ_OTHERWISE - OFFERED if offer else READ_OTHERWISE).isdisjoint(inside):
            raise NotPlain
        self.amounts = AmountPlan(self, shape) if offer else None
        self.names = tuple(inside)
        self.id, self.article, self.name, self.code = (self.first(inside, name) for name in ("Ид", "Артикул", "Наименование", "Код"))
        self.description = self.first(inside, "Описание")
        self.barcodes, self.pictures = self._all(inside.get("Штрихкод", [])), self._all(inside.get("Картинка", []))
        self.categories = self._all(inside.deep("Группы", "Ид"))
        makers = inside.within("Изготовитель")
        if len(makers) > 1 or any("Наименование" not in maker for maker in makers):
            raise NotPlain
        self.makers = [self.first(maker, "Наименование") for maker in makers]
        rates = [rate for block in inside.within("СтавкиНалогов") for rate in block.within("СтавкаНалога")]
        self.rates = [Pair(self.first(rate, "Наименование"), self.first(rate, "Ставка")) for rate in rates]
        self.properties = [self._pair(entry, "Ид") for entry in inside.entries("ЗначенияСвойств")]
        self.requisites = [self._pair(entry, "Наименование") for entry in inside.entries("ЗначенияРеквизитов")]
        self.unit: Element | None = next(iter(inside.get("БазоваяЕдиница", [])), None)
        self.unit_place = _NOWHERE if self.unit is None else self.text(self.unit)
        values = shape.value_places()
        unit = () if self.unit is None else self.unit.attrib
        self.unit_values = {name: values[self.unit, name] for name in unit if self.unit is not None}

    def text(self, element: Element) -> int:
        """The place of the text of an element that may hold no others. NotPlain."""
        if len(element):
            raise NotPlain
        return self._leaves.get(element, _NOWHERE)

    def first(self, inside: Inside, name: str) -> int:
        """That of the first child of this name. NotPlain."""
        found = inside.get(name)
        return self.text(found[0]) if found else _NOWHERE

    def _all(self, elements: list[Element]) -> list[int]:
        return [self.text(each) for each in elements]

    def _pair(self, entry: Inside, name: str) -> Pair:
        if not entry.keys() <= {name, "Наименование", "Значение"} or any(len(found) > 1 for found in entry.values()):
            raise NotPlain
        if name not in entry or "Значение" not in entry:
            raise NotPlain
        return Pair(self.first(entry, name), self.first(entry, "Значение"))


class Planned(NamedTuple):
    """A product of a shape that has a plan, with its `contents`."""

    plan: GoodsPlan
    cut: Cut
    texts: list[str]


class GoodsPlans:
    """The plans of the shapes met so far."""

    def __init__(self) -> None:
        self._known: dict[Shape, GoodsPlan | None] = {}

    def planned(self, cut: Cut) -> Planned | None:
        """None for a product that has to be read out of its tree."""
        plan = self.plan(cut.shape)
        return None if plan is None else Planned(plan, cut, contents(cut))

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
    except NotPlain:
        return None
