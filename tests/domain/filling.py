"""The fields of one product, and one text, as the filler of many products fills and reads them."""

from collections.abc import Iterable

from ozon_desktop.domain.card import FilledField, SavedFields
from ozon_desktop.domain.field_filling import FieldFiller, Rules, plan_fields
from ozon_desktop.domain.field_rules import ProductTexts
from ozon_desktop.domain.field_values import Values
from ozon_desktop.domain.ozon_catalog import Attribute, OzonType, TypeKey
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.domain.value_matching import Lookup


def fill_fields(
    product: Product,
    attributes: Iterable[Attribute],
    type_: OzonType,
    saved: SavedFields | None,
    rules: Rules,
    lookup: Lookup,
    category: str = "",
) -> tuple[FilledField, ...]:
    """The fields of one product, as `FieldFiller` fills them. category: the name of its store category, for templates."""
    plans = plan_fields(attributes, type_.key, rules)
    return FieldFiller(lookup).fill(ProductTexts(product, category), plans, type_, saved)


def text_values(text: str, attribute: Attribute, key: TypeKey, lookup: Lookup) -> Values:
    """A store text as values of an attribute of the type; texts not found in the dictionary keep the id 0."""
    (plan,) = plan_fields([attribute], key, {})
    return FieldFiller(lookup).read(plan, text).values
