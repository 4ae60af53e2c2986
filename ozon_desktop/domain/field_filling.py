"""Where the value of each additional field comes from: entered, by the nearest rule, the integration's default, or by itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ozon_desktop.domain.card import FilledField, Origin, SavedFields
from ozon_desktop.domain.field_rules import FieldRule, ProductTexts, RuleKind, rule_text, table_of
from ozon_desktop.domain.field_values import NUMERIC, Values, in_unit_of, lookup_texts, normal_text, split_texts, value_limit
from ozon_desktop.domain.ozon_catalog import (
    ANNOTATION_ATTRIBUTE,
    BRAND_ATTRIBUTE,
    MODEL_NAME_ATTRIBUTE,
    NAME_ATTRIBUTE,
    SELLER_CODE_ATTRIBUTE,
    TYPE_ATTRIBUTE,
    Attribute,
    DictionaryKey,
    OzonType,
    TypeKey,
)
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.value_matching import NOTHING, Lookup


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """A rule as it reaches a product. source: the name of the category it stands at, "" = the integration."""

    rule: FieldRule
    origin: Origin
    source: str = ""


Rules = Mapping[int, Sequence[AppliedRule]]
"""Rules by attribute id, the nearest first."""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """All that is the same of one attribute for every product of a category, worked out once."""

    attribute: Attribute
    dictionary: DictionaryKey | None
    rules: tuple[AppliedRule, ...]
    tables: tuple[Mapping[str, tuple[int, str]], ...]
    names: tuple[str, ...]
    kind: str
    empty: FilledField = field(compare=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """A store text as values. unmatched: the parts that no dictionary value surely is."""

    values: Values
    unmatched: tuple[str, ...] = ()


def plan_fields(attributes: Iterable[Attribute], key: TypeKey, rules: Rules) -> tuple[FieldPlan, ...]:
    """The plans of a type's attributes; required ones first, then as Ozon lists them."""
    plans = []
    for attribute in sorted(attributes, key=lambda item: not item.is_required):
        applied = tuple(rules.get(attribute.id, ()))
        plans.append(
            FieldPlan(
                attribute,
                DictionaryKey.of(attribute, key) if attribute.has_dictionary else None,
                applied,
                tuple(table_of(item.rule) for item in applied),
                tuple(dict.fromkeys((attribute.name, attribute.name.removesuffix(" товара")))),
                attribute.kind,
                FilledField(attribute, (), Origin.EMPTY),
            )
        )
    return tuple(plans)


class FieldFiller:
    """Fills the fields of many products; a text that stands on several of them is read once."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._read: dict[tuple[int, DictionaryKey | None, str], Reading] = {}
        self._filled: dict[tuple[int, DictionaryKey | None, str, str], FilledField] = {}

    def fill(self, texts: ProductTexts, plans: Sequence[FieldPlan], type_: OzonType, saved: SavedFields | None) -> tuple[FilledField, ...]:
        """Every attribute with its value: entered on the product, else of the first rule that gives one, else automatic."""
        entered: Mapping[int, Values] = saved.values if saved is not None else {}
        return tuple(self._field(texts, plan, type_, entered) for plan in plans)

    def _field(self, texts: ProductTexts, plan: FieldPlan, type_: OzonType, entered: Mapping[int, Values]) -> FilledField:
        own = entered.get(plan.attribute.id)
        if own is not None:
            return FilledField(plan.attribute, self._found_anew(plan, own), Origin.PRODUCT)
        unmatched: tuple[str, ...] = ()
        for applied, table in zip(plan.rules, plan.tables, strict=True):
            reading = self._by_rule(texts, plan, applied, table)
            if reading.values:
                source = applied.rule.property_name or applied.source
                return FilledField(plan.attribute, reading.values, applied.origin, source, reading.unmatched)
            unmatched = unmatched or reading.unmatched
        return self._automatic(texts, plan, type_, unmatched)

    def _found_anew(self, plan: FieldPlan, own: Values) -> Values:
        """Entered texts that came from another type's list, as values of this dictionary where it has them."""
        if plan.dictionary is None or all(value_id for value_id, _ in own):
            return own
        values: list[tuple[int, str]] = []
        for value_id, text in own:
            found = None if value_id else self._lookup(plan.dictionary, text)
            values.append((value_id, text) if found is None or found is NOTHING else (found.id, found.value))
        return tuple(values)

    def _by_rule(self, texts: ProductTexts, plan: FieldPlan, applied: AppliedRule, table: Mapping[str, tuple[int, str]]) -> Reading:
        rule = applied.rule
        if rule.kind is RuleKind.CONSTANT:
            return Reading(self._constant(plan, applied))
        if rule.kind is RuleKind.TABLE and not rule.property_name:
            text = source_text(texts, plan)[0]
        else:
            text = rule_text(rule, texts, plan.attribute)
        if not text:
            return Reading(())
        return self._of_table(plan, text, table) if table else self.read(plan, text)

    def _constant(self, plan: FieldPlan, applied: AppliedRule) -> Values:
        """A constant's values; one of another type's dictionary is the value of the same name here."""
        dictionary = plan.dictionary
        if dictionary is None or not _looked_up(applied, dictionary):
            return applied.rule.values
        values: list[tuple[int, str]] = []
        for value_id, text in applied.rule.values:
            found = self._lookup(dictionary, text)
            if found is not None and found is not NOTHING:
                values.append((found.id, found.value))
            elif applied.origin is not Origin.INTEGRATION or dictionary.type_key is None:
                # A default for all types must not hold back those whose dictionary has no such value.
                values.append((value_id, text))
        return tuple(values)

    def _of_table(self, plan: FieldPlan, text: str, table: Mapping[str, tuple[int, str]]) -> Reading:
        whole = table.get(fold(text))
        parts = [text] if whole is not None else split_texts(text, plan.attribute)
        values: list[tuple[int, str]] = []
        unmatched: list[str] = []
        for part in parts:
            row = table.get(fold(part))
            if row is None:
                reading = self.read(plan, part)
                values.extend(reading.values)
                unmatched.extend(reading.unmatched)
                continue
            found = self._lookup(plan.dictionary, row[1]) if plan.dictionary is not None else None
            values.append(row if found is None or found is NOTHING else (found.id, found.value))
        return Reading(tuple(dict.fromkeys(values)), tuple(unmatched))

    def _automatic(self, texts: ProductTexts, plan: FieldPlan, type_: OzonType, unmatched: tuple[str, ...]) -> FilledField:
        attribute = plan.attribute
        if attribute.id == TYPE_ATTRIBUTE:
            return FilledField(attribute, ((type_.key.type_id, type_.name),), Origin.AUTOMATIC)
        text, source = source_text(texts, plan)
        if not text.strip():
            return FilledField(attribute, (), Origin.EMPTY, unmatched=unmatched) if unmatched else plan.empty
        if unmatched or not _repeats(plan):
            return self._by_itself(plan, text, source, unmatched)
        key = (attribute.id, plan.dictionary, text, source)
        known = self._filled.get(key)
        if known is None:
            known = self._filled[key] = self._by_itself(plan, text, source, ())
        return known

    def _by_itself(self, plan: FieldPlan, text: str, source: str, unmatched: tuple[str, ...]) -> FilledField:
        attribute = plan.attribute
        reading = self.read(plan, text)
        values = reading.values
        if not attribute.is_required:
            # An optional value is only proposed when it is one: a guess must not hold a card back.
            if attribute.has_dictionary:
                values = tuple(pair for pair in values if pair[0])
            else:
                values = tuple(pair for pair in values if normal_text(attribute, pair[1]) is not None)
        limit = value_limit(attribute)
        values = values[:limit] if limit else values
        return FilledField(attribute, values, Origin.AUTOMATIC if values else Origin.EMPTY, source, unmatched or reading.unmatched)

    def read(self, plan: FieldPlan, text: str) -> Reading:
        """A store text as values of the attribute; texts not found in the dictionary keep the id 0."""
        if not _repeats(plan):
            return Reading(((0, text.strip()),)) if text.strip() else Reading(())
        key = (plan.attribute.id, plan.dictionary, text)
        known = self._read.get(key)
        if known is None:
            known = self._read[key] = self._values(plan, text.strip())
        return known

    def _values(self, plan: FieldPlan, whole: str) -> Reading:
        if not whole:
            return Reading(())
        if plan.dictionary is None:
            return Reading(((0, in_unit_of(plan.attribute, whole)),))
        as_one = self._lookup(plan.dictionary, whole)
        if as_one is not None:
            return Reading(() if as_one is NOTHING else ((as_one.id, as_one.value),))
        values: list[tuple[int, str]] = []
        unmatched: list[str] = []
        for part in split_texts(whole, plan.attribute):
            found = self._lookup(plan.dictionary, part)
            if found is None:
                unmatched.append(part)
                values.append((0, part))
            elif found is not NOTHING:
                values.append((found.id, found.value))
        return Reading(tuple(dict.fromkeys(values)), tuple(unmatched))


def _repeats(plan: FieldPlan) -> bool:
    """Whether many products have the same text: a number or a value of a dictionary, unlike a name or a description."""
    return plan.dictionary is not None or plan.kind in NUMERIC


def source_text(texts: ProductTexts, plan: FieldPlan) -> tuple[str, str]:
    """The store text an attribute takes by itself, and the name of where it stands ("" = the product itself)."""
    for name in plan.names:
        text = texts.property_text(name)
        if text:
            return text, name
    product, attribute_id = texts.product, plan.attribute.id
    if attribute_id == MODEL_NAME_ATTRIBUTE:
        # Cards of one model name are joined: sizes and colours have that of their model.
        return product.model or product.name, ""
    if attribute_id == NAME_ATTRIBUTE:
        return product.name, ""
    if attribute_id == ANNOTATION_ATTRIBUTE:
        return product.description, ""
    if attribute_id == SELLER_CODE_ATTRIBUTE:
        return product.offer_id, ""
    return (product.vendor if attribute_id == BRAND_ATTRIBUTE else ""), ""


def store_texts(texts: ProductTexts, plan: FieldPlan) -> Iterator[str]:
    """The store texts that may become values of a dictionary attribute of this product."""
    yield source_text(texts, plan)[0]
    for applied in plan.rules:
        if applied.rule.kind is not RuleKind.CONSTANT:
            yield rule_text(applied.rule, texts, plan.attribute)


def _looked_up(applied: AppliedRule, dictionary: DictionaryKey) -> bool:
    """Whether a constant may stand for another value id here: it was given as a text, or for another type."""
    foreign = dictionary.type_key is not None and applied.origin is not Origin.CATEGORY
    return foreign or not all(value_id for value_id, _ in applied.rule.values)


def fixed_texts(plan: FieldPlan) -> set[str]:
    """Texts of the rules themselves that are looked up in the attribute's dictionary, whatever the product."""
    dictionary = plan.dictionary
    looked_up = [applied for applied in plan.rules if dictionary is not None and _looked_up(applied, dictionary)]
    return {text for applied in looked_up for _, text in applied.rule.values} | {
        text for table in plan.tables for _, text in table.values()
    }


def wanted_texts(texts: ProductTexts, plan: FieldPlan, saved: SavedFields | None) -> set[str]:
    """All texts that filling the attribute of this product may look up."""
    entered = saved.values.get(plan.attribute.id) if saved is not None else None
    if entered is not None:
        return {text for value_id, text in entered if not value_id}
    found = fixed_texts(plan)
    for text in store_texts(texts, plan):
        found |= lookup_texts(text, plan.attribute)
    return found
