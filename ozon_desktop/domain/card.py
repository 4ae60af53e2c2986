"""The product card: additional fields of the mapped type, where each value comes from, and whether Ozon would accept it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from ozon_desktop.domain.cabinet import CabinetAttribute
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import (
    ANNOTATION_ATTRIBUTE,
    BRAND_ATTRIBUTE,
    MODEL_NAME_ATTRIBUTE,
    NAME_ATTRIBUTE,
    SELLER_CODE_ATTRIBUTE,
    TYPE_ATTRIBUTE,
    Attribute,
    DictionaryKey,
    DictionaryValue,
    OzonType,
    TypeKey,
)
from ozon_desktop.domain.store_catalog import Product, fold

NAME_LIMIT = 255
OFFER_ID_LIMIT = 50

Values = tuple[tuple[int, str], ...]
"""Values of one attribute: (dictionary_value_id, text), id 0 for free text or for a text not found in the dictionary."""

Lookup = Callable[[DictionaryKey, str], DictionaryValue | None]
"""Finds a dictionary value by its text, ignoring case and ё/е."""


class Origin(StrEnum):
    """Where the value of a field comes from, in order of precedence."""

    PRODUCT = "product"
    CATEGORY = "category"
    PARENT = "parent"
    AUTOMATIC = "automatic"
    EMPTY = "empty"


class RuleKind(StrEnum):
    """How a category's rule gives a value."""

    CONSTANT = "constant"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Default of one attribute for all products of a store category and below: constant values, or a store property."""

    category_id: str
    attribute_id: int
    kind: RuleKind
    values: Values = ()
    property_name: str = ""


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Package: depth, width, height in mm, weight in g; None = unknown."""

    depth: int | None = None
    width: int | None = None
    height: int | None = None
    weight: int | None = None

    def over(self, other: "Dimensions") -> "Dimensions":
        """These values, with the other's where these are unknown."""
        return Dimensions(
            other.depth if self.depth is None else self.depth,
            other.width if self.width is None else self.width,
            other.height if self.height is None else self.height,
            other.weight if self.weight is None else self.weight,
        )


@dataclass(frozen=True, slots=True)
class SavedFields:
    """What the manager entered on one product for one type: values by attribute id, and the package."""

    product_id: str
    type_key: TypeKey
    values: Mapping[int, Values] = field(default_factory=dict)
    dimensions: Dimensions = field(default_factory=Dimensions)


@dataclass(frozen=True, slots=True)
class FilledField:
    """One additional field. `source`: name of the property or category the value comes from."""

    attribute: Attribute
    values: Values
    origin: Origin
    source: str = ""


class ProblemCode(StrEnum):
    """Why a card is not ready. Those of WARNINGS do not hold it back."""

    NO_CATEGORY = "no_category"
    NOT_MAPPED = "not_mapped"
    TYPE_DISABLED = "type_disabled"
    TYPE_GONE = "type_gone"
    SETTINGS_MISSING = "settings_missing"
    REQUIRED_EMPTY = "required_empty"
    NOT_IN_DICTIONARY = "not_in_dictionary"
    NOT_A_NUMBER = "not_a_number"
    NOT_YES_OR_NO = "not_yes_or_no"
    TOO_MANY_VALUES = "too_many_values"
    DIMENSION_MISSING = "dimension_missing"
    WEIGHT_MISSING = "weight_missing"
    DENSITY = "density"
    NAME_EMPTY = "name_empty"
    NAME_TOO_LONG = "name_too_long"
    OFFER_ID_EMPTY = "offer_id_empty"
    OFFER_ID_TOO_LONG = "offer_id_too_long"
    OFFER_ID_DUPLICATE = "offer_id_duplicate"
    PRICE_MISSING = "price_missing"
    PRICE_NOT_POSITIVE = "price_not_positive"
    CURRENCY = "currency"
    VAT_NOT_ACCEPTED = "vat_not_accepted"
    PICTURE_MISSING = "picture_missing"


BOOLEANS = {"да": "true", "есть": "true", "true": "true", "1": "true", "нет": "false", "false": "false", "0": "false"}
"""How people and exports write yes and no, folded."""

WARNINGS = frozenset({ProblemCode.PICTURE_MISSING})


@dataclass(frozen=True, slots=True)
class CardProblem:
    """One problem. field: a name of the card ("name", "price", "depth" …) or the attribute's name; detail: the bad value, limit …"""

    code: ProblemCode
    field: str
    attribute_id: int = 0
    detail: str = ""

    @property
    def blocking(self) -> bool:
        """Whether the card must not be sent with it."""
        return self.code not in WARNINGS


@dataclass(frozen=True, slots=True)
class CardPayload:
    """What is sent to /v3/product/import for one product. Money in the cabinet's currency, mm, g."""

    offer_id: str
    name: str
    type_key: TypeKey
    price: Decimal
    vat: str
    currency: str
    depth: int
    width: int
    height: int
    weight: int
    images: tuple[str, ...] = ()
    barcode: str = ""
    attributes: tuple[CabinetAttribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A product with everything its Ozon card needs. `type` None = its category is not mapped."""

    product: Product
    offer_id: str
    type: OzonType | None
    fields: tuple[FilledField, ...]
    dimensions: Dimensions
    price: Decimal | None
    vat: VatRate | None
    currency: str
    problems: tuple[CardProblem, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether it may be sent."""
        return not any(problem.blocking for problem in self.problems)

    def payload(self) -> CardPayload:
        """What to send; ValueError when the card is not ready."""
        sizes = self.dimensions
        if not self.ready or self.type is None or self.price is None or self.vat is None:
            raise ValueError(f"card {self.offer_id} is not ready")
        return CardPayload(
            self.offer_id,
            self.product.name.strip(),
            self.type.key,
            self.price,
            self.vat.ozon_value,
            self.currency,
            sizes.depth or 0,
            sizes.width or 0,
            sizes.height or 0,
            sizes.weight or 0,
            web_pictures(self.product),
            self.product.barcodes[0] if self.product.barcodes else "",
            tuple(
                CabinetAttribute(filled.attribute.id, filled.attribute.complex_id, sent_values(filled.attribute, filled.values))
                for filled in self.fields
                if filled.values and filled.attribute.id != TYPE_ATTRIBUTE
            ),
        )


def web_pictures(product: Product) -> tuple[str, ...]:
    """Pictures Ozon can load: public addresses only, 30 at most."""
    return tuple(url for url in product.pictures if url.startswith(("http://", "https://")))[:30]


def fill_fields(
    product: Product,
    attributes: Iterable[Attribute],
    type_: OzonType,
    saved: SavedFields | None,
    rules: Mapping[int, tuple[FieldRule, Origin, str]],
    lookup: Lookup,
) -> tuple[FilledField, ...]:
    """Every attribute of the type with its value: entered on the product, else by rule, else automatic.

    `rules`: the nearest rule by attribute id, with where it comes from and that category's name.
    Required fields come first, then by group as Ozon lists them.
    """
    filled: list[FilledField] = []
    for attribute in attributes:
        if saved is not None and attribute.id in saved.values:
            filled.append(FilledField(attribute, saved.values[attribute.id], Origin.PRODUCT))
            continue
        by_rule = rules.get(attribute.id)
        if by_rule is not None:
            rule, origin, source = by_rule
            values = _rule_values(rule, product, attribute, type_.key, lookup)
            if values:
                filled.append(FilledField(attribute, values, origin, rule.property_name or source))
                continue
        values, source = _automatic(product, attribute, type_, lookup)
        filled.append(FilledField(attribute, values, Origin.AUTOMATIC if values else Origin.EMPTY, source))
    return tuple(sorted(filled, key=lambda item: not item.attribute.is_required))


def _rule_values(rule: FieldRule, product: Product, attribute: Attribute, key: TypeKey, lookup: Lookup) -> Values:
    if rule.kind is RuleKind.CONSTANT:
        return rule.values
    text = product.property_value(rule.property_name)
    return text_values(text, attribute, key, lookup) if text else ()


def text_values(text: str, attribute: Attribute, key: TypeKey, lookup: Lookup) -> Values:
    """A store text as values of the attribute; texts not found in the dictionary keep the id 0."""
    whole = text.strip()
    if not whole:
        return ()
    if not attribute.has_dictionary:
        return ((0, whole),)
    dictionary = DictionaryKey.of(attribute, key)
    as_one = lookup(dictionary, whole)
    if as_one is not None:
        return ((as_one.id, as_one.value),)
    values: list[tuple[int, str]] = []
    for part in split_texts(whole, attribute):
        found = lookup(dictionary, part)
        values.append((found.id, found.value) if found is not None else (0, part))
    return tuple(dict.fromkeys(values))


def split_texts(text: str, attribute: Attribute) -> list[str]:
    """The single values in a store text: a collection is written with ; or, without one, with commas."""
    whole = text.strip()
    if not attribute.is_collection:
        return [whole]
    parts = whole.split(";" if ";" in whole else ",")
    return [part.strip() for part in parts if part.strip()]


def lookup_texts(text: str, attribute: Attribute) -> set[str]:
    """Every text that `text_values` would look up: the whole one, and its parts."""
    return {text.strip(), *split_texts(text, attribute)} if text.strip() else set()


def source_text(product: Product, attribute: Attribute) -> tuple[str, str]:
    """The store text an attribute takes by itself, and the name of where it stands ("" = the product itself)."""
    known = {
        NAME_ATTRIBUTE: product.name,
        MODEL_NAME_ATTRIBUTE: product.name,
        ANNOTATION_ATTRIBUTE: product.description,
        SELLER_CODE_ATTRIBUTE: product.offer_id,
        BRAND_ATTRIBUTE: product.vendor,
    }
    for name in (attribute.name, attribute.name.removesuffix(" товара")):
        text = product.property_value(name)
        if text:
            return text, name
    return known.get(attribute.id, ""), ""


def _automatic(product: Product, attribute: Attribute, type_: OzonType, lookup: Lookup) -> tuple[Values, str]:
    if attribute.id == TYPE_ATTRIBUTE:
        return ((type_.key.type_id, type_.name),), ""
    text, source = source_text(product, attribute)
    if not text.strip():
        return (), ""
    values = text_values(text, attribute, type_.key, lookup)
    if attribute.has_dictionary and not attribute.is_required:
        # An optional value is only proposed when the dictionary has it: a guess must not hold a card back.
        values = tuple(pair for pair in values if pair[0])
    if not attribute.has_dictionary and not attribute.is_required:
        values = tuple(pair for pair in values if normal_text(attribute, pair[1]) is not None)
    limit = value_limit(attribute)
    return (values[:limit] if limit else values), source


def sent_values(attribute: Attribute, values: Values) -> Values:
    """Values in the form Ozon takes: numbers with a point, yes and no as true and false."""
    if attribute.has_dictionary:
        return values
    return tuple((value_id, normal_text(attribute, text) or text.strip()) for value_id, text in values)


def normal_text(attribute: Attribute, text: str) -> str | None:
    """A free value in Ozon's form; None when it cannot be what the attribute's type says."""
    if attribute.kind == "boolean":
        return BOOLEANS.get(fold(text))
    if attribute.kind not in {"integer", "decimal"}:
        return text.strip()
    value = number(text)
    if value is None or (attribute.kind == "integer" and value != value.to_integral_value()):
        return None
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def value_limit(attribute: Attribute) -> int:
    """How many values it may hold; 0 = any number."""
    return attribute.max_value_count if attribute.is_collection else 1


def number(text: str) -> Decimal | None:
    """A number as people write it («1 234,5»); None when it is none."""
    try:
        value = Decimal(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
