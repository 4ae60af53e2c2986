"""Builds the cards of an integration from everything stored: products, prices, mapping, attributes, rules, entered fields."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ozon_desktop.domain.card import (
    Card,
    CardProblem,
    Dimensions,
    FieldRule,
    FilledField,
    Lookup,
    Origin,
    ProblemCode,
    RuleKind,
    SavedFields,
    fill_fields,
    lookup_texts,
    source_text,
)
from ozon_desktop.domain.dimensions import package_of
from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.mapping import MappingPart, key_of_product
from ozon_desktop.domain.ozon_catalog import TYPE_ATTRIBUTE, Attribute, DictionaryKey, DictionaryValue, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.pricing import iso_currency, money
from ozon_desktop.domain.readiness import base_problems, dimension_problems, field_problems
from ozon_desktop.domain.store_catalog import Price, Product, StoreCategory, category_paths, fold
from ozon_desktop.storage.unit_of_work import UnitOfWork

Rules = dict[int, tuple[FieldRule, Origin, str]]


@dataclass(frozen=True, slots=True)
class CardContext:
    """What cards are built from, read once for all of them."""

    integration: Integration
    categories: dict[str, StoreCategory]
    paths: dict[str, tuple[str, ...]]
    own: dict[str, TypeKey]
    parts: dict[str, tuple[MappingPart, ...]]
    tree: OzonTree
    attributes: dict[TypeKey, list[Attribute]]
    prices: dict[str, Price]
    saved: dict[str, dict[TypeKey, SavedFields]]
    links: dict[str, str]
    rules: dict[tuple[str, int], FieldRule]
    currency: str


def read_context(unit: UnitOfWork, integration_id: int) -> CardContext:
    """Reads everything but the products."""
    integration = unit.integrations.get(integration_id)
    categories = unit.store.categories(integration.settings.catalog_structure_id)
    tree = unit.ozon.tree()
    own, parts = unit.mappings.own(integration_id), unit.mappings.parts(integration_id)
    keys = set(own.values()) | {part.key for of_category in parts.values() for part in of_category}
    price_type = integration.settings.price_type_id
    report = integration.connection
    return CardContext(
        integration,
        {category.id: category for category in categories},
        category_paths(tuple(categories)),
        own,
        parts,
        tree,
        {key: unit.ozon.attributes(key) for key in keys},
        unit.store.prices(price_type) if price_type else {},
        unit.cards.saved(integration_id),
        unit.sync.links(integration_id),
        {(rule.category_id, rule.attribute_id): rule for rule in unit.cards.rules(integration_id)},
        report.currency if report is not None and report.currency else "RUB",
    )


def place_of(context: CardContext, product: Product) -> tuple[str | None, TypeKey | None]:
    """The category that decides (the first of the chosen structure that gives a type, else the first one), and the type's key."""
    candidates = [category_id for category_id in product.category_ids if category_id in context.categories]
    for category_id in candidates:
        key = key_of_product(product, category_id, context.categories, context.own, context.parts)
        if key is not None:
            return category_id, key
    return next(iter(candidates), None), None


def type_of(context: CardContext, key: TypeKey | None) -> OzonType | None:
    """The Ozon type of a key, one that is gone when the tree does not have it."""
    return None if key is None else context.tree.types.get(key, OzonType(key, str(key), gone=True))


def rules_for(context: CardContext, category_id: str | None) -> Rules:
    """The nearest rule of each attribute, from the category up."""
    found: Rules = {}
    origin, seen = Origin.CATEGORY, set[str]()
    while category_id is not None and category_id in context.categories and category_id not in seen:
        seen.add(category_id)
        category = context.categories[category_id]
        for (owner, attribute_id), rule in context.rules.items():
            if owner == category_id and attribute_id not in found:
                found[attribute_id] = (rule, origin, category.name)
        category_id, origin = category.parent_id, Origin.PARENT
    return found


class CardBuilder:
    """Builds cards against one context, one lookup of dictionary values for all products."""

    def __init__(self, context: CardContext, products: Iterable[Product]) -> None:
        self._context = context
        self._products = list(products)
        self._rules: dict[str | None, Rules] = {}
        self._offers = Counter(self.offer_id(product) for product in self._products)
        self._values: Mapping[tuple[DictionaryKey, str], DictionaryValue] = {}

    @property
    def products(self) -> list[Product]:
        """The products it builds cards of."""
        return self._products

    def offer_id(self, product: Product) -> str:
        """The offer_id on Ozon: the article, unless the product was matched to an existing card."""
        return self._context.links.get(product.id, product.offer_id)

    def wanted_values(self) -> set[tuple[DictionaryKey, str]]:
        """(dictionary, text) pairs the cards need looked up."""
        wanted: set[tuple[DictionaryKey, str]] = set()
        for product in self._products:
            wanted |= {pair[:2] for pair in self.wanted_of(product)}
        return wanted

    def wanted_of(self, product: Product) -> set[tuple[DictionaryKey, str, TypeKey, int]]:
        """(dictionary, text, type, attribute id) that the card of one product needs looked up."""
        category_id, key = place_of(self._context, product)
        type_ = type_of(self._context, key)
        if type_ is None:
            return set()
        rules = self._rules_of(category_id)
        wanted: set[tuple[DictionaryKey, str, TypeKey, int]] = set()
        for attribute in self._context.attributes.get(type_.key, []):
            if not attribute.has_dictionary or attribute.id == TYPE_ATTRIBUTE:
                continue
            texts = [source_text(product, attribute)[0]]
            rule = rules.get(attribute.id)
            if rule is not None and rule[0].kind is RuleKind.PROPERTY:
                texts.append(product.property_value(rule[0].property_name) or "")
            dictionary = DictionaryKey.of(attribute, type_.key)
            wanted |= {(dictionary, part, type_.key, attribute.id) for text in texts for part in lookup_texts(text, attribute)}
        return wanted

    def use_values(self, values: Mapping[tuple[DictionaryKey, str], DictionaryValue]) -> None:
        """Gives the values found for `wanted_values`, by folded text."""
        self._values = values

    def build(self, product: Product) -> Card:
        """The card of one product with its problems."""
        context = self._context
        category_id, key = place_of(context, product)
        type_ = type_of(context, key)
        offer_id = self.offer_id(product)
        price = context.prices.get(product.id) or context.prices.get(product.parent_id or "")
        value: Decimal | None = money(price.value) if price is not None else None
        vat = context.integration.settings.vat_rate
        saved = context.saved.get(product.id, {}).get(type_.key) if type_ is not None else None
        sizes = (saved.dimensions if saved is not None else Dimensions()).over(package_of(product))
        problems = base_problems(product, offer_id, value, vat, self._offers[offer_id] > 1)
        if price is not None and iso_currency(price.currency) != context.currency:
            problems.append(CardProblem(ProblemCode.CURRENCY, "price", detail=price.currency))
        problems = [*_type_problems(context, category_id, type_), *problems, *dimension_problems(sizes)]
        fields: tuple[FilledField, ...] = ()
        if type_ is not None:
            fields = fill_fields(product, context.attributes.get(type_.key, []), type_, saved, self._rules_of(category_id), self._lookup())
            problems.extend(field_problems(fields))
        return Card(product, offer_id, type_, fields, sizes, value, vat, context.currency, tuple(problems))

    def _rules_of(self, category_id: str | None) -> Rules:
        if category_id not in self._rules:
            self._rules[category_id] = rules_for(self._context, category_id)
        return self._rules[category_id]

    def _lookup(self) -> Lookup:
        return lambda dictionary, text: self._values.get((dictionary, fold(text)))


def _type_problems(context: CardContext, category_id: str | None, type_: OzonType | None) -> list[CardProblem]:
    if category_id is None:
        return [CardProblem(ProblemCode.NO_CATEGORY, "category")]
    if type_ is None:
        return [CardProblem(ProblemCode.NOT_MAPPED, "category", detail=context.categories[category_id].name)]
    if type_.gone:
        return [CardProblem(ProblemCode.TYPE_GONE, "category", detail=type_.name)]
    if type_.disabled:
        return [CardProblem(ProblemCode.TYPE_DISABLED, "category", detail=type_.name)]
    if not context.attributes.get(type_.key):
        return [CardProblem(ProblemCode.SETTINGS_MISSING, "category", detail=type_.name)]
    return []


def prepare(unit: UnitOfWork, integration_id: int, product_id: str | None = None) -> tuple[CardContext, CardBuilder]:
    """A builder over all products of the integration (or one of them) with dictionary values looked up."""
    context = read_context(unit, integration_id)
    builder = CardBuilder(context, unit.store.products(context.integration.settings.catalog_structure_id))
    if product_id is not None:
        one = next((product for product in builder.products if product.id == product_id), None)
        wanted = {pair[:2] for pair in builder.wanted_of(one)} if one is not None else set()
    else:
        wanted = builder.wanted_values()
    builder.use_values(unit.ozon.find_values(wanted))
    return context, builder
