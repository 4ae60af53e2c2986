"""Mapping of store categories to Ozon types: reading, mapping, unmapping, undo and redo, suggestions."""

import asyncio
import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.mapping import Coverage, MappedCategory, coverage, products_below, resolve
from ozon_desktop.domain.matching import TypeMatcher
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.setup_guide import Action, Missing, missing_for
from ozon_desktop.domain.store_catalog import StoreCategory, category_paths
from ozon_desktop.domain.tree_changes import new_places
from ozon_desktop.errors import NotFound, NotPossibleYet, WrongInput
from ozon_desktop.services.parts import Clock, Revision
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

PRODUCTS_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A type proposed for a store category. confidence 0…1; reason in Russian."""

    key: TypeKey
    path: tuple[str, ...]
    confidence: float
    reason: str


@dataclass(frozen=True, slots=True)
class MappingView:
    """Everything the categories page shows.

    can_map: what is missing before mapping is allowed, empty = allowed; moved: new places of mapped types Ozon has moved.
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


class MappingService:
    """The mapping of one integration's catalogue structure."""

    def __init__(self, storage: Database, clock: Clock, revision: Revision) -> None:
        self._storage = storage
        self._clock = clock
        self._revision = revision

    async def view(self, integration_id: int) -> MappingView:
        """Reads the page. NotFound."""
        return await self._storage.run(lambda unit: _view(unit, integration_id))

    async def map(self, integration_id: int, category_ids: Sequence[str], key: TypeKey) -> MappingView:
        """Maps categories to a type. NotPossibleYet while the integration is off, NotFound, WrongInput for a type Ozon switched off."""

        def work(unit: UnitOfWork) -> MappingView:
            view = _view(unit, integration_id)
            _check(view, category_ids)
            type_ = view.tree.types.get(key)
            if type_ is None:
                raise NotFound(str(key))
            if not type_.usable:
                raise WrongInput("type", detail=type_.name)
            unit.mappings.apply(
                integration_id, f"{_names(view, category_ids)} → «{type_.name}»", dict.fromkeys(category_ids, key), self._clock(), _user()
            )
            return _view(unit, integration_id)

        return await self._change(work)

    async def unmap(self, integration_id: int, category_ids: Sequence[str]) -> MappingView:
        """Removes own mappings; the categories inherit again. NotPossibleYet, NotFound."""

        def work(unit: UnitOfWork) -> MappingView:
            view = _view(unit, integration_id)
            _check(view, category_ids)
            after = {category_id: None for category_id in category_ids if category_id in view.own}
            if after:
                label = f"Убрать соответствие: {_names(view, list(after))}"
                unit.mappings.apply(integration_id, label, after, self._clock(), _user())
            return _view(unit, integration_id)

        return await self._change(work)

    async def undo(self, integration_id: int) -> MappingView:
        """Takes the last change back; nothing happens when there is none."""
        return await self._step(lambda unit: unit.mappings.undo(integration_id), integration_id)

    async def redo(self, integration_id: int) -> MappingView:
        """Makes the change taken back again; nothing happens when there is none."""
        return await self._step(lambda unit: unit.mappings.redo(integration_id), integration_id)

    async def suggest(
        self, integration_id: int, category_ids: Sequence[str] | None = None, limit: int = 5
    ) -> dict[str, tuple[Suggestion, ...]]:
        """Ranked types for categories that need one (or for those named), by category id. Works offline."""

        def work(unit: UnitOfWork) -> tuple[MappingView, dict[str, list[str]]]:
            view = _view(unit, integration_id)
            integration = unit.integrations.get(integration_id)
            names: dict[str, list[str]] = {}
            for product in unit.store.products(_structure(unit, integration)):
                for category_id in product.category_ids:
                    known = names.setdefault(category_id, [])
                    if len(known) < PRODUCTS_LOOKED_AT:
                        known.append(product.name)
            return view, names

        view, names = await self._storage.run(work)
        wanted = _without_mapping(view) if category_ids is None else category_ids
        return await asyncio.to_thread(_suggest, view, names, wanted, limit)

    async def _step(self, move: Callable[[UnitOfWork], object], integration_id: int) -> MappingView:
        def work(unit: UnitOfWork) -> MappingView:
            move(unit)
            return _view(unit, integration_id)

        return await self._change(work)

    async def _change(self, work: Callable[[UnitOfWork], MappingView]) -> MappingView:
        view = await self._storage.run(work)
        self._revision.bump()
        return view


def _structure(unit: UnitOfWork, integration: Integration) -> str | None:
    """The chosen structure; before a choice the first one, so that the page is not empty."""
    chosen = integration.settings.catalog_structure_id
    structures = unit.store.structures()
    return chosen or (structures[0].id if structures else None)


def _view(unit: UnitOfWork, integration_id: int) -> MappingView:
    integration = unit.integrations.get(integration_id)
    structure = _structure(unit, integration)
    categories = tuple(unit.store.categories(structure))
    own = unit.mappings.own(integration_id)
    tree = unit.ozon.tree()
    resolved = resolve(categories, own, tree)
    own_products = unit.store.product_counts(structure)
    return MappingView(
        categories,
        own,
        resolved,
        own_products,
        products_below(categories, own_products),
        tree,
        coverage(resolved, own_products),
        unit.mappings.undo_label(integration_id),
        unit.mappings.redo_label(integration_id),
        missing_for(Action.MAP, integration, len(own)),
        new_places(set(own.values()), tree),
    )


def _check(view: MappingView, category_ids: Sequence[str]) -> None:
    if view.can_map:
        raise NotPossibleYet("map", missing=tuple(reason.value for reason in view.can_map))
    unknown = [category_id for category_id in category_ids if category_id not in view.resolved]
    if unknown:
        raise NotFound(unknown[0])


def _names(view: MappingView, category_ids: Sequence[str]) -> str:
    names = {category.id: category.name for category in view.categories}
    first = f"«{names[category_ids[0]]}»"
    return first if len(category_ids) == 1 else f"{first} и ещё {len(category_ids) - 1}"


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # A service account without a name or home: the change is still worth keeping.
        return ""


def _without_mapping(view: MappingView) -> list[str]:
    """Categories that need a type: they hold products themselves, or nothing lies below them."""
    parents = {category.parent_id for category in view.categories}
    return [
        category.id
        for category in view.categories
        if (view.resolved[category.id].key is None and (view.own_products.get(category.id) or category.id not in parents))
        or view.own.get(category.id) in view.moved
    ]


def _suggest(view: MappingView, names: dict[str, list[str]], wanted: Sequence[str], limit: int) -> dict[str, tuple[Suggestion, ...]]:
    matcher = TypeMatcher(view.tree)
    paths = category_paths(view.categories)
    found: dict[str, tuple[Suggestion, ...]] = {}
    for category_id in wanted:
        products = names.get(category_id, [])
        matches = matcher.best(paths[category_id], products, limit)
        place = view.moved.get(view.own[category_id]) if category_id in view.own else None
        if place is not None:
            found[category_id] = (Suggestion(place, view.tree.type_path(place), 1.0, "Ozon перенёс тип в другую категорию"),)
            continue
        found[category_id] = tuple(
            Suggestion(
                match.key,
                view.tree.type_path(match.key),
                match.confidence,
                "совпадает название" if match.by_name or not products else f"товары: {products[0][:40]}",
            )
            for match in matches
        )
    return found
