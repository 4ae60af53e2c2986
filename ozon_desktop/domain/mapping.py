"""Category mapping: which Ozon type each store category goes to, with inheritance, states in data, coverage, and undoable changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.store_catalog import StoreCategory


class MappingState(StrEnum):
    """State of one store category."""

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


@dataclass(frozen=True, slots=True)
class MappingChange:
    """One undoable change: the own mapping of each category before and after (None = none)."""

    id: int
    label: str
    before: tuple[tuple[str, TypeKey | None], ...]
    after: tuple[tuple[str, TypeKey | None], ...]
    at: datetime
    who: str = ""


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


def resolve(categories: Iterable[StoreCategory], own: Mapping[str, TypeKey], tree: OzonTree) -> dict[str, MappedCategory]:
    """The effective mapping of every category: its own, else the nearest ancestor's."""
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
    return _mark_partial(by_id, resolved)


def _state(key: TypeKey | None, inherited: str | None, tree: OzonTree) -> MappingState:
    if key is None:
        return MappingState.NONE
    type_ = tree.types.get(key)
    if type_ is None or type_.gone:
        return MappingState.TYPE_GONE
    if type_.disabled:
        return MappingState.TYPE_DISABLED
    return MappingState.INHERITED if inherited else MappingState.MAPPED


def _mark_partial(by_id: Mapping[str, StoreCategory], resolved: dict[str, MappedCategory]) -> dict[str, MappedCategory]:
    """A category without a mapping above one that has it is «частично»."""
    for category in by_id.values():
        if resolved[category.id].key is None:
            continue
        parent, seen = category.parent_id, {category.id}
        while parent is not None and parent in by_id and parent not in seen:
            above = resolved[parent]
            if above.state is MappingState.NONE:
                resolved[parent] = MappedCategory(parent, None, MappingState.PARTIAL)
            seen.add(parent)
            parent = by_id[parent].parent_id
    return resolved


def coverage(resolved: Mapping[str, MappedCategory], own_products: Mapping[str, int]) -> Coverage:
    """Coverage by products directly in each category."""
    usable = {MappingState.MAPPED, MappingState.INHERITED}
    counted = {category: number for category, number in own_products.items() if number and category in resolved}
    mapped = {category: number for category, number in counted.items() if resolved[category].state in usable}
    return Coverage(len(mapped), len(counted), sum(mapped.values()), sum(counted.values()))


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
