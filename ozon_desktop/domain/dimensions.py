"""The package of a product out of the free properties a store keeps: which property means what, and in which unit."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from ozon_desktop.domain.card import Dimensions
from ozon_desktop.domain.readiness import DENSITY_BOUNDS
from ozon_desktop.domain.store_catalog import Product, fold
from ozon_desktop.domain.units import LENGTHS, WEIGHTS, decimal_of, measure

_MM, _CM, _M, _KG = Decimal(1), Decimal(10), Decimal(1000), Decimal(1000)
METRES_UP_TO = Decimal(3)
CENTIMETRES_UP_TO = Decimal(300)
KILOGRAMS_BELOW = Decimal(100)
LONGEST_PARCEL = Decimal(10_000)
HEAVIEST_PARCEL = Decimal(1_000_000)

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
_LETTERS = {"д": "depth", "г": "depth", "l": "depth", "d": "depth", "ш": "width", "w": "width", "в": "height", "т": "height", "h": "height"}
_SIDES = ("depth", "width", "height")
_TRIPLES = frozenset({"габариты", "габарит", "размеры", "размер", "dimensions"})
_PACKAGE = re.compile(r"упаков|брутто|транспорт|короб|package|gross|\bв уп\b")
_SIZE = re.compile(r"габарит|dimensions")
_BARE = re.compile(r"\bтовара?\b|нетто|изделия|product|\bnet\b|без упаковки")
_OTHER_THING = re.compile(
    r"ворот|рукав|каблук|подошв|спинк|сиден|кабел|шнур|провод|стельк|волос|брюк|юбк|внутрен|нагрузк|максимальн|пользовател|ребенк"
)
_NUMBER = r"\d{1,9}(?: \d{3}){0,2}(?:[.,]\d{1,9})?"
_MEASURE = rf"\s*({_NUMBER})\s*([a-zа-я]*?)\.?\s*"
_BY = r"(?:[xх×*/]|\bна\b)"
_TRIPLE = re.compile(rf"{_MEASURE}{_BY}{_MEASURE}{_BY}{_MEASURE}")
_ORDER = re.compile(r"\b([дгlшwdвтh]) ?[xх×*/] ?([дгlшwdвтh]) ?[xх×*/] ?([дгlшwdвтh])\b")
_LABELLED = re.compile(rf"([a-zа-я][a-zа-я ().,]*?)\s*[:=–—-]?\s*({_NUMBER}[^:=]*)")
# A comma before a unit belongs to the label: «Вес брутто, кг: 1,2».
_PARTS = re.compile(r"[;\n]|,\s+(?!(?:кг|гр?|[мсд]?м)\s*:)(?=[a-zа-я]+\b[^,;]*\d)", re.IGNORECASE)


class PackageFault(StrEnum):
    """Why a text about the package is reported to the manager. All but UNIT_GUESSED give no number."""

    UNIT_GUESSED = "unit_guessed"
    CONTRADICTION = "contradiction"
    ABSURD = "absurd"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PackageDoubt:
    """One thing to report. axis: depth | width | height | weight, "" = all three sides; property_name and text as the store has them.

    detail: of UNIT_GUESSED the unit taken (мм, см, м, г or кг), of CONTRADICTION the other text.
    """

    fault: PackageFault
    axis: str
    property_name: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """The package as the store's properties give it, and what is doubtful about them."""

    dimensions: Dimensions
    doubts: tuple[PackageDoubt, ...] = ()


@dataclass(frozen=True, slots=True)
class _Name:
    """What a property's name says. axis "" = three sides, in `order`; words: how many it has; «Длина» says more of the parcel
    than «Длина, м» beside it (of a hose)."""

    axis: str
    order: tuple[str, ...]
    rank: int
    unit: Decimal | None
    words: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A number of one axis. unit in mm or g, None = not written. name and text: the property, for reports of it."""

    axis: str
    about: _Name
    value: Decimal
    unit: Decimal | None
    name: str
    text: str

    @property
    def rank(self) -> int:
        """0 package, 1 «габарит», 2 not said of what, 3 bare product."""
        return self.about.rank


def read_package(product: Product) -> Package:
    """The package from the properties: mm and g, rounded, at least 1 when above zero; None = unknown, 0 stays 0, never negative.

    Properties of the package («упаковка», «брутто», «Габарит_…») win over plain ones («Вес», «Длина»), those over the bare
    product («Товар_…», «нетто»); a complete set of three lengths of one kind wins over a mixture, and a number over a zero.
    A unit is taken from the value or the name. Without one: a weight below 100 is kg, else g; lengths of one kind share a unit:
    metres when the longest is 3 at most and one has a decimal part, centimetres up to 300, else millimetres. When the weight
    then gives a density no real parcel has, the unit that gives a possible one is taken. A unit found so is reported.
    Two properties of the package that contradict each other, impossible sizes and unreadable texts give nothing and are reported.
    """
    return _package(tuple((name, text) for name, text in product.properties if _name(name) is not None and text.strip()))


@lru_cache(maxsize=20_000)
def _package(properties: tuple[tuple[str, str], ...]) -> Package:
    # Most products of a shop are packed like some others.
    doubts: list[PackageDoubt] = []
    found = _without_contradictions(list(_found(properties, doubts)), doubts)
    weight = _weight(found, doubts)
    lengths = _lengths(found, weight, doubts)
    sizes = Dimensions(lengths.get("depth"), lengths.get("width"), lengths.get("height"), weight)
    return Package(sizes, tuple(doubt for doubt in doubts if _matters(doubt, sizes)))


def _matters(doubt: PackageDoubt, sizes: Dimensions) -> bool:
    """Whether the doubt is still one: what another property gave needs no word."""
    if doubt.fault is PackageFault.UNIT_GUESSED:
        return True
    return any(getattr(sizes, side) is None for side in ((doubt.axis,) if doubt.axis else _SIDES))


# --- Reading properties ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def _name(name: str) -> _Name | None:
    folded = fold(name)
    if _OTHER_THING.search(folded):
        return None
    words = re.findall(r"[a-zа-я]+", folded)
    named = list(dict.fromkeys(_AXES[word] for word in words if word in _AXES))
    letters = _ORDER.search(folded)
    order = tuple(_LETTERS[letter] for letter in letters.groups()) if letters is not None else ()
    if len(set(order)) == 3 or set(named) == set(_SIDES):
        axis, order = "", order if len(set(order)) == 3 else tuple(named)
    elif named:
        axis, order = named[0], ()
    elif any(word in _TRIPLES for word in words) or (_PACKAGE.search(folded) and words and words[0].startswith("упаков")):
        axis, order = "", _SIDES
    else:
        return None
    units = WEIGHTS if axis == "weight" else LENGTHS
    unit = next((units[word].size for word in reversed(words) if word in units), None)
    return _Name(axis, order, _rank(folded), unit, len(words))


def _rank(name: str) -> int:
    if _PACKAGE.search(name) and "без упаковки" not in name:
        return 0
    if _BARE.search(name):
        return 3
    return 1 if _SIZE.search(name) else 2


def _found(properties: Iterable[tuple[str, str]], doubts: list[PackageDoubt]) -> Iterator[_Found]:
    for name, text in properties:
        about = _name(name)
        if about is None:
            continue
        read = list(_read(about, name, text, doubts))
        if not read and _worth_reporting(about) and not any(doubt.property_name == name for doubt in doubts):
            doubts.append(PackageDoubt(PackageFault.UNREADABLE, about.axis, name, text.strip()))
        yield from read


def _worth_reporting(about: _Name) -> bool:
    """Whether a text that cannot be read is worth a word: «Длина: макси» and «Размер: XL» are no packages."""
    return about.rank <= 1 or about.axis == "weight"


def _read(about: _Name, name: str, text: str, doubts: list[PackageDoubt]) -> Iterator[_Found]:
    folded = fold(text)
    if about.axis:
        yield from _single(about, name, text, doubts)
        return
    match = _TRIPLE.fullmatch(folded)
    if match is not None:
        yield from _three(about, name, text, match, doubts)
    elif ":" in folded or about.rank <= 1:
        yield from _labelled(name, text, doubts)


def _single(about: _Name, name: str, text: str, doubts: list[PackageDoubt]) -> Iterator[_Found]:
    found = measure(text)
    if found is None:
        return
    value, written = found
    units = WEIGHTS if about.axis == "weight" else LENGTHS
    if written is not None and written not in units.values():
        return
    unit = written.size if written is not None else about.unit
    most = HEAVIEST_PARCEL if about.axis == "weight" else LONGEST_PARCEL
    if value < 0 or value * (unit or 1) > most:
        # A hose or yarn of many metres is no side of a parcel, and nothing to report.
        if _worth_reporting(about):
            doubts.append(PackageDoubt(PackageFault.ABSURD, about.axis, name, text.strip()))
        return
    yield _Found(about.axis, about, value, unit, name, text.strip())


def _three(about: _Name, name: str, text: str, match: re.Match[str], doubts: list[PackageDoubt]) -> Iterator[_Found]:
    numbers, units = match.groups()[::2], match.groups()[1::2]
    last = units[2]
    if any(unit and unit not in LENGTHS for unit in units):
        return
    if "/" in text and about.rank > 1 and not last and about.unit is None:
        # «40/42/44» under «Размер» are sizes of clothes.
        return
    sizes = [LENGTHS[unit or last].size if unit or last else about.unit for unit in units]
    values = [decimal_of(number) for number in numbers]
    if any(value * (size or 1) > LONGEST_PARCEL for value, size in zip(values, sizes, strict=True)):
        doubts.append(PackageDoubt(PackageFault.ABSURD, "", name, text.strip()))
        return
    for axis, value, size in zip(about.order, values, sizes, strict=True):
        yield _Found(axis, about, value, size, name, text.strip())


def _labelled(name: str, text: str, doubts: list[PackageDoubt]) -> Iterator[_Found]:
    """«Длина: 30 см; ширина: 20 см», «Д 30 см, Ш 20 см», «Вес брутто, кг: 1,2»: each part as a property of its own."""
    for part in _PARTS.split(text):
        match = _LABELLED.fullmatch(fold(part))
        if match is None:
            continue
        label = match.group(1).strip()
        first = label.split()[0].strip(".,")
        spelled = next((word for word, axis in _AXES.items() if axis == _LETTERS[first]), "") if first in _LETTERS else ""
        about = _name(f"{name} {spelled or label}")
        if about is not None and about.axis:
            yield from _single(about, name, match.group(2), doubts)


# --- Choosing among them --------------------------------------------------------------------------------------------


def _without_contradictions(found: list[_Found], doubts: list[PackageDoubt]) -> list[_Found]:
    """Without the numbers of which two equally good ones differ: which one is right cannot be known."""
    kept = list(found)
    for axis in (*_SIDES, "weight"):
        items = [item for item in found if item.axis == axis and item.value and item.unit is not None]
        for rank in {item.rank for item in items}:
            equal = [item for item in items if item.rank == rank]
            if rank > 1:
                fewest = min(item.about.words for item in equal)
                equal = [item for item in equal if item.about.words == fewest]
            sizes = [item.value * (item.unit or 1) for item in equal]
            if max(sizes) > min(sizes) * Decimal("1.01"):
                least, most = equal[sizes.index(min(sizes))], equal[sizes.index(max(sizes))]
                other = f"{most.name}: {most.text}"
                doubts.append(PackageDoubt(PackageFault.CONTRADICTION, axis, least.name, least.text, other))
                # What is said of something else does not settle what the package is.
                kept = [item for item in kept if item.axis != axis or item.rank < rank]
    return kept


def _weight(found: list[_Found], doubts: list[PackageDoubt]) -> int | None:
    best = _best([item for item in found if item.axis == "weight"])
    if best is None:
        return None
    if best.unit is not None or not best.value:
        return _whole(best.value * (best.unit or 1))
    unit, spelled = (_KG, "кг") if best.value < KILOGRAMS_BELOW else (Decimal(1), "г")
    doubts.append(PackageDoubt(PackageFault.UNIT_GUESSED, "weight", best.name, best.text, spelled))
    return _whole(best.value * unit)


def _lengths(found: list[_Found], weight: int | None, doubts: list[PackageDoubt]) -> dict[str, int]:
    """Millimetres by axis: of the first kind that has all three above zero, else of the best of each axis."""
    kinds = [[item for item in found if item.axis != "weight" and item.rank == rank] for rank in range(4)]
    for kind in kinds:
        chosen = _per_axis(kind)
        if len(chosen) == 3 and all(item.value for item in chosen):
            return _in_millimetres(chosen, weight, doubts)
    mixed = _per_axis([item for kind in kinds for item in kind])
    result: dict[str, int] = {}
    for rank in range(4):
        # Numbers of one kind share a unit; another kind may have been kept in another one.
        result.update(_in_millimetres([item for item in mixed if item.rank == rank], None, doubts))
    return result


def _per_axis(items: list[_Found]) -> list[_Found]:
    chosen = (_best([item for item in items if item.axis == axis]) for axis in _SIDES)
    return [item for item in chosen if item is not None]


def _best(items: list[_Found]) -> _Found | None:
    return min(items, key=lambda item: (not item.value, item.rank, item.about.words), default=None)


def _in_millimetres(items: list[_Found], weight: int | None, doubts: list[PackageDoubt]) -> dict[str, int]:
    bare = [item for item in items if item.unit is None]
    values = [item.value for item in bare]
    unit = _guessed_unit(values)
    if weight and len(bare) == 3:
        fitting = [candidate for candidate in _by_likelihood(unit) if _possible(values, candidate, weight)]
        unit = fitting[0] if fitting else unit
    if any(values):
        spelled = {_MM: "мм", _CM: "см", _M: "м"}[unit]
        axis = bare[0].axis if len(bare) == 1 else ""
        doubts.append(PackageDoubt(PackageFault.UNIT_GUESSED, axis, bare[0].name, bare[0].text, spelled))
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
