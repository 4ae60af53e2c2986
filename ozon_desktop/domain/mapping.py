"""Category mapping: which Ozon type each store category, or a part of its products, goes to; inheritance, states, coverage, changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.store_catalog import Product, StoreCategory, fold


class MappingState(StrEnum):
    MAPPED = "mapped"
    INHERITED = "inherited"
    PARTIAL = "partial"
    NONE = "none"
    TYPE_DISABLED = "type_disabled"
    TYPE_GONE = "type_gone"


@dataclass(frozen=True, slots=True)
class MappedCategory:
    """The effective mapping of one store category. inherited_from: the ancestor whose mapping it takes, None = its own."""

    category_id: str
    key: TypeKey | None
    state: MappingState
    inherited_from: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class MappingPlace:
    """What is mapped: a whole category, or those of its products whose property has a value («Вид = Зимние»).

    property_name is "" for the whole category.
    """

    category_id: str
    property_name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class MappingPart:
    """A type for some of a category's products: those whose property has this value (ignoring case and ё/е)."""

    property_name: str
    value: str
    key: TypeKey

    def has(self, product: Product) -> bool:
        value = product.property_value(self.property_name)
        return value is not None and fold(value) == fold(self.value)


Parts = Mapping[str, tuple[MappingPart, ...]]
"""Parts by category id."""

Assignments = tuple[tuple[MappingPlace, TypeKey | None], ...]
"""Types of places, None = none."""


@dataclass(frozen=True, slots=True)
class MappingChange:
    """One undoable change: the own mapping of each place before and after. undone: it was taken back and can be made again."""

    id: int
    label: str
    before: Assignments
    after: Assignments
    at: datetime
    who: str = ""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the store is mapped. Categories counted are those that hold products themselves."""

    mapped_categories: int
    categories: int
    mapped_products: int
    products: int

    @property
    def product_percent(self) -> int:
        """Whole percent of products, rounded down so that 100 means all."""
        return 100 * self.mapped_products // self.products if self.products else 0


def resolve(
    categories: Iterable[StoreCategory], own: Mapping[str, TypeKey], tree: OzonTree, parts: Parts | None = None
) -> dict[str, MappedCategory]:
    """The effective mapping of every category: its own, else the nearest ancestor's; with parts alone it is «частично»."""
    by_id = {category.id: category for category in categories}
    resolved: dict[str, MappedCategory] = {}
    for category in by_id.values():
        source, seen = category, {category.id}
        while source.id not in own and source.parent_id in by_id and source.parent_id not in seen:
            source = by_id[source.parent_id]
            seen.add(source.id)
        key = own.get(source.id)
        inherited = source.id if key is not None and source.id != category.id else None
        resolved[category.id] = MappedCategory(category.id, key, _state(key, inherited, tree), inherited)
    for category_id in parts or {}:
        if category_id in resolved and resolved[category_id].state is MappingState.NONE:
            resolved[category_id] = MappedCategory(category_id, None, MappingState.PARTIAL)
    return _mark_partial(by_id, resolved, parts or {})


def _state(key: TypeKey | None, inherited: str | None, tree: OzonTree) -> MappingState:
    if key is None:
        return MappingState.NONE
    type_ = tree.types.get(key)
    if type_ is None or type_.gone:
        return MappingState.TYPE_GONE
    if type_.disabled:
        return MappingState.TYPE_DISABLED
    return MappingState.INHERITED if inherited else MappingState.MAPPED


def _mark_partial(by_id: Mapping[str, StoreCategory], resolved: dict[str, MappedCategory], parts: Parts) -> dict[str, MappedCategory]:
    """A category without a mapping above one that has it is «частично»."""
    for category in by_id.values():
        if resolved[category.id].key is None and category.id not in parts:
            continue
        parent, seen = category.parent_id, {category.id}
        while parent is not None and parent in by_id and parent not in seen:
            above = resolved[parent]
            if above.state is MappingState.NONE:
                resolved[parent] = MappedCategory(parent, None, MappingState.PARTIAL)
            seen.add(parent)
            parent = by_id[parent].parent_id
    return resolved


def key_of_product(
    product: Product, category_id: str, categories: Mapping[str, StoreCategory], own: Mapping[str, TypeKey], parts: Parts
) -> TypeKey | None:
    """The type of one product in one of its categories: of the nearest category upwards, there a part before the whole."""
    current: str | None = category_id
    seen: set[str] = set()
    while current is not None and current in categories and current not in seen:
        part = next((part for part in parts.get(current, ()) if part.has(product)), None)
        if part is not None:
            return part.key
        if current in own:
            return own[current]
        seen.add(current)
        current = categories[current].parent_id
    return None


def coverage(
    resolved: Mapping[str, MappedCategory], own_products: Mapping[str, int], by_parts: Mapping[str, int] | None = None
) -> Coverage:
    """Coverage by products directly in each category. by_parts: those that only a part maps, in categories without a mapping."""
    usable = {MappingState.MAPPED, MappingState.INHERITED}
    counted = {category: number for category, number in own_products.items() if number and category in resolved}
    mapped = {category: number for category, number in counted.items() if resolved[category].state in usable}
    partly = {category: number for category, number in (by_parts or {}).items() if category in counted and category not in mapped}
    whole = len(mapped) + sum(number >= counted[category] for category, number in partly.items())
    return Coverage(whole, len(counted), sum(mapped.values()) + sum(partly.values()), sum(counted.values()))


def products_below(categories: Iterable[StoreCategory], own_products: Mapping[str, int]) -> dict[str, int]:
    """Products in each category and below it."""
    by_id = {category.id: category for category in categories}
    total = dict.fromkeys(by_id, 0)
    for category_id, number in own_products.items():
        current: str | None = category_id
        seen: set[str] = set()
        while current in by_id and current not in seen:
            total[current] += number
            seen.add(current)
            current = by_id[current].parent_id
    return total
