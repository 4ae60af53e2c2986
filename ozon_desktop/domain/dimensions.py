"""The package of a product out of the free properties a store keeps: which property means what, and in which unit."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from ozon_desktop.domain.card import Dimensions
from ozon_desktop.domain.readiness import DENSITY_BOUNDS
from ozon_desktop.domain.store_catalog import Product, fold

_MM, _CM, _M, _KG = Decimal(1), Decimal(10), Decimal(1000), Decimal(1000)
LENGTH_UNITS = {
    **dict.fromkeys(("мм", "mm", "миллиметр", "миллиметры", "миллиметрах"), _MM),
    **dict.fromkeys(("см", "cm", "сантиметр", "сантиметры", "сантиметрах"), _CM),
    **dict.fromkeys(("м", "m", "метр", "метры", "метрах"), _M),
}
"""Millimetres in each unit."""
WEIGHT_UNITS = {
    **dict.fromkeys(("г", "гр", "грамм", "граммы", "граммах", "g"), Decimal(1)),
    **dict.fromkeys(("кг", "килограмм", "килограммы", "килограммах", "kg"), _KG),
}
"""Grams in each unit."""
METRES_UP_TO = Decimal(3)
CENTIMETRES_UP_TO = Decimal(300)
KILOGRAMS_BELOW = Decimal(100)
LONGEST_PARCEL = Decimal(10_000)

_AXES = {
    "длина": "depth",
    "глубина": "depth",
    "length": "depth",
    "depth": "depth",
    "ширина": "width",
    "width": "width",
    "высота": "height",
    "толщина": "height",
    "height": "height",
    "вес": "weight",
    "масса": "weight",
    "weight": "weight",
}
_TRIPLES = frozenset({"габариты", "габарит", "размеры", "размер", "dimensions"})
_PACKAGE = re.compile(r"упаков|брутто|транспорт|короб|package|gross|\bв уп\b")
_SIZE = re.compile(r"габарит")
_BARE = re.compile(r"\bтовара?\b|нетто|изделия|product|\bnet\b|без упаковки")
_OTHER_THING = re.compile(
    r"ворот|рукав|каблук|подошв|спинк|сиден|кабел|шнур|провод|стельк|волос|брюк|юбк|внутрен|нагрузк|максимальн|пользовател|ребенк"
)
_NUMBER = r"\d{1,9}(?: \d{3}){0,2}(?:[.,]\d{1,9})?"
_VALUE = re.compile(rf"\s*(-?{_NUMBER})\s*([a-zа-я]*)\.?\s*")
_MEASURE = rf"\s*({_NUMBER})\s*([a-zа-я]*?)\.?\s*"
_TRIPLE = re.compile(rf"{_MEASURE}[xх×*/]{_MEASURE}[xх×*/]{_MEASURE}")


@dataclass(frozen=True, slots=True)
class _Found:
    """A number of one axis. rank: 0 package, 1 «габарит», 2 not said of what, 3 bare product. unit in mm or g, None = not written.

    words: how many words the property's name has; «Длина» says more of the parcel than «Длина, м» beside it (of a hose).
    """

    axis: str
    rank: int
    value: Decimal
    unit: Decimal | None
    words: int = 0


def package_of(product: Product) -> Dimensions:
    """The package from the properties: mm and g, rounded, at least 1 when above zero; None = unknown, 0 stays 0, never negative.

    Properties of the package («упаковка», «брутто», «Габарит_…») win over plain ones («Вес», «Длина»), those over the bare
    product («Товар_…», «нетто»); a complete set of three lengths of one kind wins over a mixture, and a number over a zero.
    A unit is taken from the value or the name. Without one: a weight below 100 is kg, else g; lengths of one kind share a unit:
    metres when the longest is 3 at most and one has a decimal part, centimetres up to 300, else millimetres. When the weight
    then gives a density no real parcel has, the unit that gives a possible one is taken.
    """
    found = list(_found(product.properties))
    weight = _weight(found)
    lengths = _lengths(found, weight)
    return Dimensions(lengths.get("depth"), lengths.get("width"), lengths.get("height"), weight)


def _found(properties: Iterable[tuple[str, str]]) -> Iterator[_Found]:
    for name, value in properties:
        folded = fold(name)
        if _OTHER_THING.search(folded):
            continue
        words = re.findall(r"[a-zа-я]+", folded)
        rank = _rank(folded)
        axis = next((_AXES[word] for word in words if word in _AXES), None)
        units = WEIGHT_UNITS if axis == "weight" else LENGTH_UNITS
        named = next((units[word] for word in reversed(words) if word in units), None)
        if axis is not None:
            yield from _single(axis, rank, fold(value), named, len(words))
        elif any(word in _TRIPLES for word in words):
            yield from _three(rank, fold(value), named)


def _rank(name: str) -> int:
    if _PACKAGE.search(name) and "без упаковки" not in name:
        return 0
    if _BARE.search(name):
        return 3
    return 1 if _SIZE.search(name) else 2


def _single(axis: str, rank: int, value: str, named: Decimal | None, words: int) -> Iterator[_Found]:
    match = _VALUE.fullmatch(value)
    if match is None:
        return
    units = WEIGHT_UNITS if axis == "weight" else LENGTH_UNITS
    written = match.group(2)
    number = _decimal(match.group(1))
    if number < 0 or (written and written not in units):
        return
    unit = units.get(written, named)
    if axis != "weight" and number * (unit or 1) > LONGEST_PARCEL:
        # A hose or yarn of many metres: no side of a parcel.
        return
    yield _Found(axis, rank, number, unit, words)


def _three(rank: int, value: str, named: Decimal | None) -> Iterator[_Found]:
    match = _TRIPLE.fullmatch(value)
    if match is None:
        return
    numbers, units = match.groups()[::2], match.groups()[1::2]
    last = units[2]
    if any(unit and unit not in LENGTH_UNITS for unit in units):
        return
    if "/" in value and rank > 1 and not last and named is None:
        # «40/42/44» under «Размер» are sizes of clothes.
        return
    for axis, number, unit in zip(("depth", "width", "height"), numbers, units, strict=True):
        yield _Found(axis, rank, _decimal(number), LENGTH_UNITS.get(unit or last, named))


def _decimal(number: str) -> Decimal:
    return Decimal(number.replace(" ", "").replace(",", "."))


def _weight(found: list[_Found]) -> int | None:
    best = _best([item for item in found if item.axis == "weight"])
    if best is None:
        return None
    unit = best.unit or (_KG if best.value < KILOGRAMS_BELOW else Decimal(1))
    return _whole(best.value * unit)


def _lengths(found: list[_Found], weight: int | None) -> dict[str, int]:
    """Millimetres by axis: of the first kind that has all three above zero, else of the best of each axis."""
    kinds = [[item for item in found if item.axis != "weight" and item.rank == rank] for rank in range(4)]
    for kind in kinds:
        chosen = _per_axis(kind)
        if len(chosen) == 3 and all(item.value for item in chosen):
            return _in_millimetres(chosen, weight)
    mixed = _per_axis([item for kind in kinds for item in kind])
    result: dict[str, int] = {}
    for rank in range(4):
        # Numbers of one kind share a unit; another kind may have been kept in another one.
        result.update(_in_millimetres([item for item in mixed if item.rank == rank], None))
    return result


def _per_axis(items: list[_Found]) -> list[_Found]:
    chosen = (_best([item for item in items if item.axis == axis]) for axis in ("depth", "width", "height"))
    return [item for item in chosen if item is not None]


def _best(items: list[_Found]) -> _Found | None:
    return min(items, key=lambda item: (not item.value, item.rank, item.words), default=None)


def _in_millimetres(items: list[_Found], weight: int | None) -> dict[str, int]:
    bare = [item.value for item in items if item.unit is None]
    unit = _guessed_unit(bare)
    if weight and len(bare) == 3:
        fitting = [candidate for candidate in _by_likelihood(unit) if _possible(bare, candidate, weight)]
        unit = fitting[0] if fitting else unit
    return {item.axis: _whole(item.value * (item.unit or unit)) for item in items}


def _guessed_unit(values: list[Decimal]) -> Decimal:
    longest = max(values, default=Decimal(0))
    has_fraction = any(value != value.to_integral_value() for value in values)
    if longest <= METRES_UP_TO and has_fraction:
        return _M
    return _CM if longest <= CENTIMETRES_UP_TO else _MM


def _by_likelihood(guess: Decimal) -> list[Decimal]:
    """The guess, then its neighbours in size: no one is wrong by metres against millimetres."""
    neighbours = [second if first == guess else first for first, second in pairwise((_M, _CM, _MM)) if guess in {first, second}]
    return [guess, *neighbours]


def _possible(values: list[Decimal], unit: Decimal, weight: int) -> bool:
    volume = values[0] * values[1] * values[2] * unit**3
    return bool(volume) and DENSITY_BOUNDS[0] <= Decimal(weight) * 1000 / volume <= DENSITY_BOUNDS[1]


def _whole(value: Decimal) -> int:
    rounded = int(value.quantize(Decimal(1), ROUND_HALF_UP))
    return rounded or (1 if value > 0 else 0)
