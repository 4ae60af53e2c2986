"""What cards of an integration are built from, read once: categories, mapping, attributes, rules, and the facts of each product."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ozon_desktop.domain.card import Dimensions, Origin, SavedFields
from ozon_desktop.domain.field_filling import AppliedRule
from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule
from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.mapping import MappingPart, key_of_product
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.domain.price_rules import PriceRules
from ozon_desktop.domain.store_catalog import Price, Product, StoreCategory, category_paths
from ozon_desktop.services.cards.parts.value_lookup import Answers, read_answers
from ozon_desktop.services.cards.parts.value_membership import read_gone
from ozon_desktop.storage.unit_of_work import UnitOfWork

Rules = dict[int, list[AppliedRule]]
Gone = Mapping[DictionaryKey, frozenset[int]]
"""Ids of values that Ozon took out of its dictionaries, as far as they were asked about."""


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
    answers: Answers = field(default_factory=dict)
    pictures: dict[str, PictureChoice] = field(default_factory=dict)
    gone: Gone = field(default_factory=dict)
    price_rules: PriceRules = field(default_factory=PriceRules)
    other_prices: dict[str, dict[str, Price]] = field(default_factory=dict)

    @property
    def price_types(self) -> tuple[str, ...]:
        """Ids of all price types that cards need, the selling price's first."""
        chosen = self.integration.settings.price_type_id
        return tuple(dict.fromkeys((*((chosen,) if chosen else ()), *self.price_rules.price_types)))


@dataclass(frozen=True, slots=True)
class Uses:
    """How many products of the store have an offer_id, and how many a barcode: the sent one."""

    offers: Mapping[str, int]
    barcodes: Mapping[str, int]


def read_context(unit: UnitOfWork, integration_id: int) -> CardContext:
    """Reads everything but the products."""
    context = read_entered(unit, integration_id)
    prices = {price_type: unit.store.prices(price_type) for price_type in context.price_types}
    return replace(context, prices=prices.get(context.integration.settings.price_type_id or "", {}), other_prices=prices)


def read_entered(unit: UnitOfWork, integration_id: int) -> CardContext:
    """`read_shared` with the links, entered fields and pictures of all products; without prices."""
    saved, links = unit.cards.saved(integration_id), unit.sync.links(integration_id)
    return replace(read_shared(unit, integration_id), saved=saved, links=links, pictures=unit.cards.pictures(integration_id))


def read_shared(unit: UnitOfWork, integration_id: int) -> CardContext:
    """What all products share: without prices, links, entered fields and pictures."""
    integration = unit.integrations.get(integration_id)
    categories = unit.store.categories(integration.settings.catalog_structure_id)
    tree = unit.ozon.tree()
    own, parts = unit.mappings.own(integration_id), unit.mappings.parts(integration_id)
    keys = set(own.values()) | {part.key for of_category in parts.values() for part in of_category}
    report = integration.connection
    rules, answers = read_rules(unit, integration_id)
    return CardContext(
        integration,
        {category.id: category for category in categories},
        category_paths(tuple(categories)),
        own,
        parts,
        tree,
        unit.ozon.attributes_of(keys),
        {},
        {},
        {},
        rules,
        report.currency if report is not None and report.currency else "RUB",
        answers,
        gone=read_gone(unit),
        price_rules=unit.sync_rules.prices(integration_id),
    )


def read_rules(unit: UnitOfWork, integration_id: int) -> tuple[dict[tuple[str, int], FieldRule], Answers]:
    """Rules by category and attribute, and remembered answers about values."""
    rules = {(rule.category_id, rule.attribute_id): rule for rule in unit.cards.rules(integration_id)}
    return rules, read_answers(unit, integration_id)


def read_one(unit: UnitOfWork, shared: CardContext, product: Product) -> CardContext:
    """The context for one product alone. shared: from `read_shared`."""
    integration_id = shared.integration.id
    ids = [product.id] if product.parent_id is None else [product.id, product.parent_id]
    prices = {price_type: unit.store.prices_for(price_type, ids) for price_type in shared.price_types}
    link, pictures = unit.sync.link(integration_id, product.id), unit.cards.pictures_of(integration_id, product.id)
    return replace(
        shared,
        prices=prices.get(shared.integration.settings.price_type_id or "", {}),
        other_prices=prices,
        saved={product.id: unit.cards.saved_of(integration_id, product.id)},
        links={} if link is None else {product.id: link},
        pictures={} if pictures is None else {product.id: pictures},
    )


def read_uses(unit: UnitOfWork, context: CardContext, product: Product) -> Uses:
    """How often the article and the barcode of one product stand in the store. context: of this product."""
    offer_id = context.links.get(product.id, product.offer_id)
    barcode = sent_barcode(product)
    integration_id = context.integration.id
    ids = [*unit.store.sharing(offer_id, barcode), *unit.sync.linked_to(integration_id, offer_id), product.id]
    offers = barcodes = 0
    for other in unit.store.sold(context.integration.settings.catalog_structure_id, ids):
        link = unit.sync.link(integration_id, other.id)
        offers += (other.offer_id if link is None else link) == offer_id
        barcodes += sent_barcode(other) == barcode
    return Uses({offer_id: offers}, {barcode: barcodes})


def sent_barcode(product: Product) -> str:
    """The barcode that Ozon gets; "" = none."""
    return product.barcodes[0] if product.barcodes else ""


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
    """The rules of each attribute, the nearest first: of the category, of those above it, then the integration's default."""
    found: Rules = {}
    by_category: dict[str, list[FieldRule]] = {}
    for rule in context.rules.values():
        by_category.setdefault(rule.category_id, []).append(rule)
    origin, seen = Origin.CATEGORY, set[str]()
    while category_id is not None and category_id in context.categories and category_id not in seen:
        seen.add(category_id)
        category = context.categories[category_id]
        for rule in by_category.get(category_id, ()):
            found.setdefault(rule.attribute_id, []).append(AppliedRule(rule, origin, category.name))
        category_id, origin = category.parent_id, Origin.PARENT
    for rule in by_category.get(ALL_CATEGORIES, ()):
        found.setdefault(rule.attribute_id, []).append(AppliedRule(rule, Origin.INTEGRATION))
    return found


def list_of(context: CardContext, product: Product, type_: OzonType | None) -> TypeKey | None:
    """The type whose additional fields a product has, when it is not the mapped one; None = nothing has to be switched.

    Of several earlier lists the one with the most values counts.
    """
    saved = context.saved.get(product.id)
    if not saved or type_ is None or type_.key in saved:
        return None
    entered = [fields for fields in saved.values() if fields.values or fields.dimensions != Dimensions()]
    return max(entered, key=lambda fields: (len(fields.values), fields.type_key)).type_key if entered else None
