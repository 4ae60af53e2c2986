"""What the categories page shows, read from the local data."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.mapping import (
    Coverage,
    MappedCategory,
    MappingPart,
    MappingPlace,
    Parts,
    coverage,
    key_of_product,
    products_below,
    resolve,
)
from ozon_desktop.domain.matching.evidence import MatchReason
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.setup_guide import Action, Missing, missing_for
from ozon_desktop.domain.store_catalog import Product, StoreCategory, fold
from ozon_desktop.domain.tree_changes import new_places
from ozon_desktop.storage.unit_of_work import UnitOfWork

CONFIDENT = 0.96
"""From this confidence on a proposal counts as confident. Of shops left out 95 to 98 of 100 such are right (test_unseen_shops.py)."""


@dataclass(frozen=True, slots=True)
class PartState:
    """A part of a category's products with its own type.

    products: how many it has in the category and below; usable: Ozon has neither disabled the type nor taken it away.
    """

    part: MappingPart
    products: int
    usable: bool


@dataclass(frozen=True, slots=True)
class MappingView:
    """Everything the categories page shows.

    can_map: what is missing before mapping is allowed, empty = allowed; moved: new places of mapped types Ozon has moved;
    parts: types of parts of categories' products, by category id.
    """

    categories: tuple[StoreCategory, ...]
    own: dict[str, TypeKey]
    resolved: dict[str, MappedCategory]
    own_products: dict[str, int]
    products: dict[str, int]
    tree: OzonTree
    coverage: Coverage
    undo_label: str | None
    redo_label: str | None
    can_map: tuple[Missing, ...]
    moved: dict[TypeKey, TypeKey] = field(default_factory=dict)
    parts: dict[str, tuple[PartState, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PropertyChoice:
    """A property by which a category's products can be parted: (value, number of products), the most frequent first."""

    name: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class NamedBy:
    """How many of a category's `of` products have a word of a type in their names. words: those met, as the type's name has them."""

    words: tuple[str, ...]
    products: int
    of: int


@dataclass(frozen=True, slots=True)
class Goods:
    """The products that lie in a category itself. sample: (article, name) of some; brand: the category is called as their maker."""

    products: int
    sample: tuple[tuple[str, str], ...] = ()
    brand: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A type proposed for a store category.

    confidence 0…1: how likely it is right; chance: its part of all types considered, 0…1; reason and detail: what speaks for it;
    named: what the names of the products say, None where nobody asked.
    """

    key: TypeKey
    path: tuple[str, ...]
    confidence: float
    reason: MatchReason
    detail: str = ""
    chance: float = 0.0
    named: NamedBy | None = None

    @property
    def confident(self) -> bool:
        """Whether it may be accepted together with others, unlooked at."""
        return self.confidence >= CONFIDENT


Suggestions = dict[str, tuple[Suggestion, ...]]


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is suggested for categories, and the products it rests on, by category id."""

    suggestions: Suggestions
    goods: dict[str, Goods]


def structure_of(unit: UnitOfWork, integration: Integration) -> str | None:
    """The chosen structure; before a choice the first one, so that the page is not empty."""
    chosen = integration.settings.catalog_structure_id
    structures = unit.store.structures()
    return chosen or (structures[0].id if structures else None)


def read_view(unit: UnitOfWork, integration_id: int) -> MappingView:
    """Reads the page. NotFound."""
    integration = unit.integrations.get(integration_id)
    structure = structure_of(unit, integration)
    categories = tuple(unit.store.categories(structure))
    own, parts = unit.mappings.own(integration_id), unit.mappings.parts(integration_id)
    tree = unit.ozon.tree()
    resolved = resolve(categories, own, tree, parts)
    own_products = unit.store.product_counts(structure)
    # Which products a part has is asked only where there are parts: reading every product takes a while.
    products = unit.store.products(structure) if parts else []
    return MappingView(
        categories,
        own,
        resolved,
        own_products,
        products_below(categories, own_products),
        tree,
        coverage(resolved, own_products, _mapped_by_parts(products, categories, own, parts, tree)),
        unit.mappings.undo_label(integration_id),
        unit.mappings.redo_label(integration_id),
        missing_for(Action.MAP, integration, len(own) + len(parts)),
        new_places({*own.values(), *(part.key for of_category in parts.values() for part in of_category)}, tree),
        part_states(products, categories, parts, tree),
    )


def as_known(view: MappingView, place: MappingPlace) -> MappingPlace:
    """The place as it is spelled already: «сезон = зима» is the part «Сезон = Зима»."""
    wanted = (fold(place.property_name), fold(place.value))
    for state in view.parts.get(place.category_id, ()):
        if (fold(state.part.property_name), fold(state.part.value)) == wanted:
            return MappingPlace(place.category_id, state.part.property_name, state.part.value)
    return place


def part_states(
    products: Sequence[Product], categories: Sequence[StoreCategory], parts: Parts, tree: OzonTree
) -> dict[str, tuple[PartState, ...]]:
    """Every part with the number of its products, by category id."""
    if not parts:
        return {}
    by_id = {category.id: category for category in categories}
    counts: Counter[MappingPlace] = Counter()
    for product in products:
        for category_id in {above for own in product.category_ids for above in _upwards(own, by_id)}:
            part = next((part for part in parts.get(category_id, ()) if part.has(product)), None)
            if part is not None:
                counts[MappingPlace(category_id, part.property_name, part.value)] += 1
    return {
        category_id: tuple(
            PartState(part, counts[MappingPlace(category_id, part.property_name, part.value)], _usable(tree, part.key))
            for part in of_category
        )
        for category_id, of_category in parts.items()
        if category_id in by_id
    }


def _upwards(category_id: str, by_id: dict[str, StoreCategory]) -> list[str]:
    line: list[str] = []
    current: str | None = category_id
    while current is not None and current in by_id and current not in line:
        line.append(current)
        current = by_id[current].parent_id
    return line


def _mapped_by_parts(
    products: Sequence[Product], categories: Sequence[StoreCategory], own: dict[str, TypeKey], parts: Parts, tree: OzonTree
) -> dict[str, int]:
    """Products with a usable type, by category; needed where categories are mapped by parts."""
    by_id = {category.id: category for category in categories}
    counts: Counter[str] = Counter()
    for product in products:
        for category_id in product.category_ids:
            if category_id in by_id:
                key = key_of_product(product, category_id, by_id, own, parts)
                counts[category_id] += key is not None and _usable(tree, key)
    return dict(counts)


def _usable(tree: OzonTree, key: TypeKey) -> bool:
    type_ = tree.types.get(key)
    return type_ is not None and type_.usable
