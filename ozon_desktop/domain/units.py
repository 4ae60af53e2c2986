"""Units of measure as shops and Ozon write them: recognised in names and texts, and numbers taken from one to another."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.domain.store_catalog import fold


class Quantity(StrEnum):
    """What a unit measures; only units of one quantity can be taken into each other."""

    LENGTH = "length"
    WEIGHT = "weight"
    VOLUME = "volume"
    POWER = "power"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. size: how many mm, g, ml, W or s it has."""

    quantity: Quantity
    size: Decimal


def _spelled(quantity: Quantity, size: str, spellings: str) -> dict[str, Unit]:
    return dict.fromkeys(spellings.split(), Unit(quantity, Decimal(size)))


LENGTHS = {
    **_spelled(Quantity.LENGTH, "1", "мм mm миллиметр миллиметра миллиметров миллиметры миллиметрах"),
    **_spelled(Quantity.LENGTH, "10", "см cm сантиметр сантиметра сантиметров сантиметры сантиметрах"),
    **_spelled(Quantity.LENGTH, "100", "дм dm дециметр дециметра дециметров дециметры дециметрах"),
    **_spelled(Quantity.LENGTH, "1000", "м m метр метра метров метры метрах"),
}
"""Units of length by folded spelling."""
WEIGHTS = {
    **_spelled(Quantity.WEIGHT, "0.001", "мг mg миллиграмм миллиграммов миллиграммах"),
    **_spelled(Quantity.WEIGHT, "1", "г гр g грамм грамма граммов граммы граммах"),
    **_spelled(Quantity.WEIGHT, "1000", "кг kg килограмм килограмма килограммов килограммы килограммах"),
}
"""Units of weight by folded spelling."""
UNITS = {
    **LENGTHS,
    **WEIGHTS,
    **_spelled(Quantity.VOLUME, "1", "мл ml миллилитр миллилитра миллилитров миллилитрах"),
    **_spelled(Quantity.VOLUME, "1000", "л l литр литра литров литры литрах"),
    **_spelled(Quantity.POWER, "1", "вт w ватт ваттах"),
    **_spelled(Quantity.POWER, "1000", "квт kw киловатт киловаттах"),
    **_spelled(Quantity.TIME, "1", "сек секунд секунда секунды секундах"),
    **_spelled(Quantity.TIME, "60", "мин минут минута минуты минутах"),
    **_spelled(Quantity.TIME, "3600", "ч час часа часов часах"),
}
"""All units by folded spelling."""

_NUMBER = r"\d{1,9}(?: \d{3}){0,2}(?:[.,]\d{1,9})?"
_MEASURE = re.compile(rf"(-?{_NUMBER})\s*([a-zа-я]*)\.?")
_TWO_PARTS = re.compile(rf"({_NUMBER})\s*([a-zа-я]+)\.?\s+({_NUMBER})\s*([a-zа-я]+)\.?")
# A single letter is a unit only where a name puts units: after a comma, in brackets, after «в», or at its end.
_PLACES = re.compile(r"[,(]\s*([a-zа-я]+)\.?\s*(?=$|[),;])|\sв\s+([a-zа-я]+)\b|\s([a-zа-я]+)\.?$")
_IN_SENTENCE = re.compile(r"\bв ([a-zа-я]+)\b|единиц[аы] измерения\W+([a-zа-я]+)\b")


@lru_cache(maxsize=4096)
def unit_in_name(name: str) -> Unit | None:
    """The unit that a name ends with or names («Длина, мм», «Вес (кг)», «Вес в граммах»); None without one or with several."""
    return _only_one(_PLACES.findall(fold(name)))


@lru_cache(maxsize=4096)
def _unit_in_description(description: str) -> Unit | None:
    return _only_one(_IN_SENTENCE.findall(fold(description)))


def _only_one(found: list[tuple[str, ...]]) -> Unit | None:
    units = {UNITS[word] for words in found for word in words if word in UNITS}
    return units.pop() if len(units) == 1 else None


def unit_of(attribute: Attribute) -> Unit | None:
    """The unit Ozon wants an attribute in: from its name, else by its description; None = there is none, or there are several."""
    return unit_in_name(attribute.name) or _unit_in_description(attribute.description)


def decimal_of(digits: str) -> Decimal:
    """A number matched as one; comma or point, blanks between thousands."""
    return Decimal(digits.replace(" ", "").replace(",", "."))


def measure(text: str) -> tuple[Decimal, Unit | None] | None:
    """A number with its unit («15 см», «1 кг 200 г» in the smaller one; None = no unit is written). None for any other text."""
    folded = fold(text)
    two = _TWO_PARTS.fullmatch(folded)
    if two is not None:
        return _sum(*two.groups())
    match = _MEASURE.fullmatch(folded)
    if match is None:
        return None
    digits, word = match.groups()
    if word and word not in UNITS:
        return None
    return decimal_of(digits), UNITS.get(word)


def _sum(first: str, first_word: str, second: str, second_word: str) -> tuple[Decimal, Unit | None] | None:
    great, small = UNITS.get(first_word), UNITS.get(second_word)
    if great is None or small is None or great.quantity is not small.quantity or great.size <= small.size:
        return None
    return decimal_of(first) * great.size / small.size + decimal_of(second), small


def converted(text: str, to: Unit, assumed: Unit | None = None) -> Decimal | None:
    """The text's number in another unit: «15 см» → 150 for mm. assumed: the unit when the text has none.

    None when the text is no number with a unit, when no unit is known, or when it measures something else.
    """
    found = measure(text)
    if found is None:
        return None
    unit = found[1] or assumed
    if unit is None or unit.quantity is not to.quantity:
        return None
    return found[0] * unit.size / to.size


def plain(value: Decimal) -> str:
    """A number without exponent and surplus zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
