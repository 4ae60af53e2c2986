"""Values of additional fields as texts: numbers, yes and no, how many are allowed, and the form in which Ozon takes them."""

from decimal import Decimal, InvalidOperation

from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.units import converted, plain, unit_of

Values = tuple[tuple[int, str], ...]
"""Values of one attribute: (dictionary_value_id, text), id 0 for free text or for a text not found in the dictionary."""

VIDEO_ATTRIBUTES, MOST_VIDEOS = frozenset({21837, 21841}), 5
"""A video's title and its link."""

BOOLEANS = {"да": "true", "есть": "true", "true": "true", "1": "true", "нет": "false", "false": "false", "0": "false"}
"""How people and exports write yes and no, folded."""

NUMERIC = frozenset({"integer", "decimal"})
"""Kinds of attributes that take numbers."""

LINK_BEGINNINGS = ("http://", "https://")
"""What an address begins with; Ozon takes no other."""


def sent_values(attribute: Attribute, values: Values) -> Values:
    """Values in the form Ozon takes: numbers with a point, yes and no as true and false."""
    if attribute.has_dictionary:
        return values
    return tuple((value_id, normal_text(attribute, text) or text.strip()) for value_id, text in values)


def normal_text(attribute: Attribute, text: str) -> str | None:
    """A free value in Ozon's form; None when it cannot be what the attribute's type says."""
    if attribute.kind == "boolean":
        return BOOLEANS.get(fold(text))
    if attribute.kind == "url":
        return text.strip() if text.strip().startswith(LINK_BEGINNINGS) else None
    if attribute.kind not in NUMERIC:
        return text.strip()
    value = number(text)
    if value is None or (attribute.kind == "integer" and value != value.to_integral_value()):
        return None
    return plain(value)


def in_unit_of(attribute: Attribute, text: str) -> str:
    """A store text for a numeric attribute: «15 см» becomes 150 where Ozon wants mm; anything else stays as it is."""
    if attribute.kind not in NUMERIC or text.strip()[-1:].isdigit():
        return text
    unit = unit_of(attribute)
    value = converted(text, unit) if unit is not None else None
    return text if value is None else plain(value)


def value_limit(attribute: Attribute) -> int:
    """How many values it may hold; 0 = any number."""
    return attribute.max_value_count if attribute.is_collection else 1


def accepted_limit(attribute: Attribute) -> int:
    """How many values Ozon takes; 0 = any number. A card that has several videos holds them as values of one attribute.

    Source: /v3/product/import.
    """
    return MOST_VIDEOS if attribute.id in VIDEO_ATTRIBUTES else value_limit(attribute)


def split_texts(text: str, attribute: Attribute) -> list[str]:
    """The single values in a store text: a collection is written with ; or, without one, with commas."""
    whole = text.strip()
    if not attribute.is_collection:
        return [whole]
    parts = whole.split(";" if ";" in whole else ",")
    return [part.strip() for part in parts if part.strip()]


def lookup_texts(text: str, attribute: Attribute) -> set[str]:
    """Every text that is looked up for a store text: the whole one, and its parts."""
    return {text.strip(), *split_texts(text, attribute)} if text.strip() else set()


def number(text: str) -> Decimal | None:
    """A number as people write it («1 234,5»); None when it is none."""
    try:
        value = Decimal(text.replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
