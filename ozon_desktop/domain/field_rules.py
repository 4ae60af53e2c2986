"""Rules that fill additional fields: store property, constant, template, conversion of units, table of values; and their texts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from ozon_desktop.domain.field_values import Values, number
from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.domain.store_catalog import Product, fold
from ozon_desktop.domain.units import converted, measure, plain, unit_in_name, unit_of

ALL_CATEGORIES = ""
"""The category id of the integration's default."""


class RuleKind(StrEnum):
    CONSTANT = "constant"
    PROPERTY = "property"
    TEMPLATE = "template"
    UNITS = "units"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Default of one attribute for a store category and below, or for all (category_id ALL_CATEGORIES).

    CONSTANT: `values`. PROPERTY: the text of the store property `property_name`. TEMPLATE: `template`, «{Бренд} {Наименование}».
    UNITS: the property's number times `factor`, or taken into the attribute's unit where factor is None. TABLE: the property (""
    = what the attribute takes by itself) with texts replaced by `table`, pairs of a store text and one value (id, text); texts
    that are not in the table are taken as of PROPERTY.
    """

    category_id: str
    attribute_id: int
    kind: RuleKind
    values: Values = ()
    property_name: str = ""
    template: str = ""
    factor: Decimal | None = None
    table: tuple[tuple[str, tuple[int, str]], ...] = ()


class ProductField(StrEnum):
    """Fields of a product that a template can name."""

    NAME = "Наименование"
    OFFER_ID = "Артикул"
    VENDOR = "Бренд"
    DESCRIPTION = "Описание"
    BARCODE = "Штрихкод"
    UNIT = "Единица"
    CATEGORY = "Категория"


_FIELDS = {fold(name): name for name in ProductField}


@lru_cache(maxsize=65_536)
def folded_name(name: str) -> str:
    """`fold` of a property's name: the same few names stand on every product."""
    return fold(name)


class ProductTexts:
    """The texts of one product by name, its properties looked through once. category: the name of its store category."""

    __slots__ = ("_properties", "category", "product")

    def __init__(self, product: Product, category: str = "") -> None:
        self.product = product
        self.category = category
        self._properties: dict[str, str] = {}
        for name, value in product.properties:
            self._properties.setdefault(folded_name(name), value)

    def property_text(self, name: str) -> str:
        """The value of a property, ignoring case and ё/е; "" when the product has none."""
        return self._properties.get(folded_name(name), "")

    def named(self, name: str) -> str:
        """What a template's name stands for: the product's field, else (or when that is empty) the property."""
        field = _FIELDS.get(folded_name(name))
        return (self._field(field) if field is not None else "") or self.property_text(name)

    def _field(self, field: ProductField) -> str:
        product = self.product
        return {
            ProductField.NAME: product.name,
            ProductField.OFFER_ID: product.offer_id,
            ProductField.VENDOR: product.vendor,
            ProductField.DESCRIPTION: product.description,
            ProductField.BARCODE: product.barcodes[0] if product.barcodes else "",
            ProductField.UNIT: product.unit,
            ProductField.CATEGORY: self.category,
        }[field].strip()


# --- Templates ------------------------------------------------------------------------------------------------------

_PLACE = re.compile(r"\{([^{}]*)\}")


def template_names(template: str) -> list[str]:
    """The names in braces, each once, as written."""
    return list(dict.fromkeys(name.strip() for name in _PLACE.findall(template)))


def template_faults(template: str, property_names: Iterable[str]) -> list[str]:
    """What is wrong with a template: names that no field and no property has, and a brace without its other half."""
    known = {folded_name(name) for name in property_names} | set(_FIELDS)
    faults = ["{" + name + "}" for name in template_names(template) if folded_name(name) not in known]
    rest = _PLACE.sub("", template)
    return faults + [brace for brace in "{}" if brace in rest]


def filled_template(template: str, texts: ProductTexts) -> str:
    """The template with its names replaced. "" when every name in it is empty; an empty part leaves no gap and no stray comma."""
    parts: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        parts.append(texts.named(match.group(1)).strip())
        return parts[-1]

    filled = _PLACE.sub(replaced, template)
    if parts and not any(parts):
        return ""
    if all(parts):
        return filled.strip()
    filled = re.sub(r"\(\s*\)|«\s*»", "", filled)
    filled = re.sub(r"[ \t]+", " ", filled)
    filled = re.sub(r"(?:\s*[,;/]){2,}", lambda match: match.group()[-1], filled)
    filled = re.sub(r" (?=[,;.])", "", filled)
    return filled.strip(" \t\n,;/–—-")


# --- The text a rule gives ------------------------------------------------------------------------------------------


def rule_text(rule: FieldRule, texts: ProductTexts, attribute: Attribute) -> str:
    """The text that a rule gives for a product; "" = none, also for a number whose unit is not known. CONSTANT has no text."""
    if rule.kind is RuleKind.TEMPLATE:
        return filled_template(rule.template, texts)
    text = texts.property_text(rule.property_name).strip() if rule.property_name else ""
    if rule.kind is RuleKind.UNITS:
        return _converted(rule, text, attribute) if text else ""
    return text


def _converted(rule: FieldRule, text: str, attribute: Attribute) -> str:
    if rule.factor is not None:
        found = measure(text)
        value = found[0] if found is not None else number(text)
        return "" if value is None else plain(value * rule.factor)
    unit = unit_of(attribute)
    value = converted(text, unit, unit_in_name(rule.property_name)) if unit is not None else None
    return "" if value is None else plain(value)


def table_of(rule: FieldRule) -> Mapping[str, tuple[int, str]]:
    """The rule's table by folded store text."""
    return {fold(text): value for text, value in rule.table}


def with_row(rule: FieldRule, text: str, value: tuple[int, str]) -> FieldRule:
    """The rule with one more row of its table; a row of the same text is replaced."""
    rows = [row for row in rule.table if fold(row[0]) != fold(text)]
    return FieldRule(
        rule.category_id, rule.attribute_id, RuleKind.TABLE, property_name=rule.property_name, table=(*rows, (text.strip(), value))
    )
