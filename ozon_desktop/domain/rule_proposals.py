"""Which store properties look as if they were meant for an attribute: by equal and close names, and by what stands in them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.field_values import NUMERIC, normal_text
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute
from ozon_desktop.domain.russian_order import russian_order
from ozon_desktop.domain.store_catalog import Product, fold
from ozon_desktop.domain.units import UNITS, measure, unit_in_name, unit_of
from ozon_desktop.domain.value_matching import stem

PROPOSED_FROM = 0.55
"""Confidence from which a rule is proposed."""

CONFIDENT = 0.8
"""From this confidence on a rule is ticked from the start. Measured on shops it was not tuned on (test_unseen_fields.py)."""

DOUBTFUL = 0.7
"""The most a property gets for an attribute while it fits another one better."""

TAUGHT = 1.0
SAME_NAME = 0.95
LONGEST_UNIT = 8
SAMPLES = 5
_EMPTY_WORDS = "товар товара изделие изделия продукт продукта основной основная и в на для"
_EMPTY = frozenset(map(stem, _EMPTY_WORDS.split()))
# «Размеры» are 20 × 30 × 5, «Размер» is 48 or XL: the stem alone would take one for the other.
_APART = {"размеры": "габарит", "габариты": "габарит", "размеров": "габарит"}
_MAKER = stem("изготовитель")
_COUNTRY = stem("страна")
# May well be another thing: proposed, never sure by the name.
_LOOSE = {stem("состав"): stem("материал")}
_LOOSELY = 0.75
_WARRANTY = (stem("гарантия"), (stem("гарантийный"), stem("срок")))
_SAME = {
    stem(word): stem(group.split()[0])
    for group in (
        "изготовитель изготовителя производитель производителя производство производства изготовления происхождение происхождения",
        "количество кол число",
        "масса вес",
        "расцветка цвет",
        "бренд марка",
        "экран экрана дисплей дисплея",
        "комплектация комплект поставки",
        "sim сим",
    )
    for word in group.split()
}


@dataclass(frozen=True, slots=True)
class RuleProposal:
    """A rule that could be accepted. confidence: 0 to 1; samples: values the property has, the most frequent first.

    products: how many products of the category and below have the property filled in.
    """

    attribute: Attribute
    property_name: str
    confidence: float
    samples: tuple[str, ...]
    products: int
    kind: RuleKind = RuleKind.PROPERTY

    def rule(self, category_id: str) -> FieldRule:
        return FieldRule(category_id, self.attribute.id, self.kind, property_name=self.property_name)


def property_uses(products: Iterable[Product]) -> dict[str, Counter[str]]:
    """How often each value stands in each property, by the property's name as it is met first."""
    names: dict[str, str] = {}
    uses: dict[str, Counter[str]] = {}
    for product in products:
        for name, value in product.properties:
            if value.strip():
                uses.setdefault(names.setdefault(fold(name), name), Counter())[value.strip()] += 1
    return uses


def likeness(property_name: str, attribute_name: str) -> float:
    """How much two names mean the same, 0 to 1; units and words like «товара» do not count."""
    if fold(property_name) == fold(attribute_name):
        return 1.0
    ours, theirs = _words(property_name), _words(attribute_name)
    strict = _likeness(ours, theirs)
    loosely = _LOOSELY * _likeness([_LOOSE.get(word, word) for word in ours], [_LOOSE.get(word, word) for word in theirs])
    return max(strict, loosely)


def _likeness(ours: list[str], theirs: list[str]) -> float:
    if not ours or not theirs:
        return 0.0
    if ours == theirs:
        return 0.95
    if set(ours) == set(theirs):
        return 0.9
    shorter, longer = sorted((ours, theirs), key=len)
    if longer[: len(shorter)] == shorter:
        # «Страна» is most likely «Страна-изготовитель»; «Длина» may well be another length than «Длина рукава».
        return 0.85 if shorter == [_COUNTRY] and set(longer[1:]) == {_MAKER} else 0.6
    # Imported here: most commands compare no words, and it takes four mebibytes.
    from rapidfuzz import fuzz

    spelled = fuzz.ratio(" ".join(ours), " ".join(theirs)) / 100
    return 0.85 * spelled if spelled >= 0.85 else 0.0


def _words(name: str) -> list[str]:
    words = [word for word in re.findall(r"[a-zа-я]+|\d+", fold(_without_unit(name))) if word not in UNITS]
    stems = [_APART.get(word) or _SAME.get(stem(word), stem(word)) for word in words]
    # «Гарантия», «Срок гарантии», «Гарантийный срок»
    alone, both = _WARRANTY
    if stems == [alone] or set(stems) in ({alone, both[1]}, set(both)):
        return list(both)
    return [word for word in dict.fromkeys(stems) if word not in _EMPTY]


def _without_unit(name: str) -> str:
    """«Ёмкость аккумулятора, мА·ч» without what stands behind the last comma, when that is as short as a unit."""
    head, comma, tail = name.rstrip(" :").rpartition(",")
    return head if comma and len(tail.strip()) <= LONGEST_UNIT and " " not in tail.strip().replace(". ", ".") else name


def propose(
    attributes: Sequence[Attribute],
    uses: Mapping[str, Counter[str]],
    in_dictionary: Callable[[Attribute, str], bool],
    taken: Iterable[int] = (),
    taught: Mapping[int, str] | None = None,
) -> list[RuleProposal]:
    """The best property for each attribute, the surest first. taken: attributes that have a rule already.

    in_dictionary: whether a sample is surely one of the attribute's dictionary values. taught: names of the properties by which the
    shop fills attributes elsewhere; what it decided there is sure here, and nothing else is sure of such a property.
    """
    skipped, learned = {*taken, TYPE_ATTRIBUTE}, taught or {}
    meant = {fold(name): number for number, name in learned.items()}
    found: list[RuleProposal] = []
    for attribute in attributes:
        if attribute.id in skipped:
            continue
        wanted = fold(learned[attribute.id]) if attribute.id in learned else None
        known = next((name for name in uses if fold(name) == wanted), None)
        if known is not None:
            found.append(_taught(attribute, known, uses[known]))
            continue
        best = max((_proposal(attribute, name, values, in_dictionary) for name, values in uses.items()), key=_rank, default=None)
        if best is not None and best.confidence >= PROPOSED_FROM:
            elsewhere = meant.get(fold(best.property_name), attribute.id) != attribute.id
            found.append(replace(best, confidence=min(best.confidence, DOUBTFUL)) if elsewhere else best)
    sure = [one if _is_first(one, attributes) else replace(one, confidence=min(one.confidence, DOUBTFUL)) for one in found]
    return sorted(sure, key=lambda proposal: (-proposal.confidence, -proposal.products, russian_order(proposal.attribute.name)))


def _taught(attribute: Attribute, name: str, values: Counter[str]) -> RuleProposal:
    samples = samples_of(values)
    kind = RuleKind.UNITS if _needs_units(attribute, name, samples) else RuleKind.PROPERTY
    return RuleProposal(attribute, name, TAUGHT, samples, values.total(), kind)


def _is_first(proposal: RuleProposal, attributes: Sequence[Attribute]) -> bool:
    """Whether no other attribute's name is more like the property's: «Материал» fills «Материал», not surely «Состав материала» too."""
    if proposal.confidence == TAUGHT:
        return True
    own = likeness(proposal.property_name, proposal.attribute.name)
    return all(likeness(proposal.property_name, other.name) <= own for other in attributes)


def samples_of(values: Counter[str]) -> tuple[str, ...]:
    """The values that are looked at and shown."""
    return tuple(value for value, _ in values.most_common(SAMPLES))


def possible(property_name: str, attribute: Attribute) -> bool:
    """Whether the names are close enough to look at the property's values."""
    return likeness(property_name, attribute.name) >= PROPOSED_FROM


def _rank(proposal: RuleProposal) -> tuple[float, int]:
    return proposal.confidence, proposal.products


def _proposal(attribute: Attribute, name: str, values: Counter[str], in_dictionary: Callable[[Attribute, str], bool]) -> RuleProposal:
    confidence = likeness(name, attribute.name)
    samples = samples_of(values)
    kind = RuleKind.PROPERTY
    if confidence >= PROPOSED_FROM:
        if _needs_units(attribute, name, samples):
            kind = RuleKind.UNITS
        fitting = sum(_fits(attribute, name, sample, kind, in_dictionary) for sample in samples) / max(1, len(samples))
        # A name says more than values that are spelled otherwise, unless no value fits at all.
        least = 0.9 if confidence >= SAME_NAME else 0.8
        if _unit_unknown(attribute, name, samples):
            confidence = min(confidence, DOUBTFUL)
        confidence *= 0.5 if not fitting and attribute.kind != "dictionary" else least + (1 - least) * fitting
    return RuleProposal(attribute, name, round(confidence, 3), samples, values.total(), kind)


def _needs_units(attribute: Attribute, name: str, samples: Sequence[str]) -> bool:
    """Whether the property's numbers have a unit of the same quantity that is written in its name or its values."""
    wanted = unit_of(attribute)
    if wanted is None or attribute.kind not in NUMERIC:
        return False
    named = unit_in_name(name)
    if named is not None:
        return named.quantity is wanted.quantity and named != wanted
    measured = [measure(sample) for sample in samples]
    return any(found is not None and found[1] is not None and found[1].quantity is wanted.quantity for found in measured)


def _unit_unknown(attribute: Attribute, name: str, samples: Sequence[str]) -> bool:
    """Whether the attribute's numbers have a unit and the property's tell none: «Вес 0.416» may be kilograms as well as grams."""
    wanted = unit_of(attribute)
    if wanted is None or attribute.kind not in NUMERIC or unit_in_name(name) is not None:
        return False
    measured = [measure(sample) for sample in samples]
    return not any(found is not None and found[1] is not None for found in measured)


def _fits(attribute: Attribute, name: str, sample: str, kind: RuleKind, in_dictionary: Callable[[Attribute, str], bool]) -> bool:
    if attribute.has_dictionary:
        return in_dictionary(attribute, sample)
    if kind is RuleKind.UNITS:
        found = measure(sample)
        return found is not None and (found[1] is not None or unit_in_name(name) is not None)
    return normal_text(attribute, sample) is not None
