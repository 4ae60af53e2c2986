"""Suggestions for the mapping from everything known locally: names, products, existing Ozon cards, what was accepted before."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ozon_desktop.domain.mapping import MappingState
from ozon_desktop.domain.matching import Evidence, Lesson, Match, MatchReason, TypeMatcher
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.store_catalog import Product, category_paths
from ozon_desktop.services.mapping.parts.goods import goods_of, with_names
from ozon_desktop.services.mapping.view import MappingView, Proposals, Suggestion, Suggestions, read_view, structure_of
from ozon_desktop.services.mapping.word_tables import WordTableFiles
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

PRODUCTS_LOOKED_AT = 30
PROPERTIES_LOOKED_AT = 20
# Categories not asked about only tell what the shop trades in.
OTHERS_LOOKED_AT = 300


class SuggestionService:
    """Ranks Ozon types for store categories, offline and beside the event loop."""

    def __init__(self, storage: Database, words: WordTableFiles) -> None:
        self._storage = storage
        self._words = words

    async def suggest(self, integration_id: int, category_ids: Sequence[str] | None = None, limit: int = 5) -> Suggestions:
        """Ranked types for categories that need one (or for those named), by category id. NotFound, WordTableError."""
        known = await self._read(integration_id, category_ids)
        return await asyncio.to_thread(self._rank, known, limit)

    async def propose(self, integration_id: int, category_ids: Sequence[str] | None = None, limit: int = 5) -> Proposals:
        """As `suggest`, with what the names of the products say of each type, and some of the products."""
        known = await self._read(integration_id, category_ids)

        def work() -> Proposals:
            names = {category.id: category.name for category in known.view.categories}
            ranked = self._rank(known, limit)
            named = {one: with_names(names[one], found, known.products[one]) for one, found in ranked.items()}
            return Proposals(named, {one: goods_of(names[one], known.products[one]) for one in known.wanted})

        return await asyncio.to_thread(work)

    async def _read(self, integration_id: int, category_ids: Sequence[str] | None) -> "_Known":
        def work(unit: UnitOfWork) -> _Known:
            view = read_view(unit, integration_id)
            wanted = list(dict.fromkeys(without_mapping(view) if category_ids is None else category_ids))
            around = [*wanted, *_others(view, wanted)]
            products = _products(unit, integration_id, around)
            evidence = _evidence(unit, integration_id, view, products, wanted)
            return _Known(view, wanted, evidence, _lessons(unit, integration_id, view), products)

        return await self._storage.run(work)

    def _rank(self, known: "_Known", limit: int) -> Suggestions:
        view, wanted = known.view, known.wanted
        matcher = TypeMatcher(view.tree, self._words.tables(), known.lessons)
        found: Suggestions = {}
        ranked = matcher.best_of_store(list(known.evidence.values()), limit, range(len(wanted)))
        for category_id, matches in zip(wanted, ranked[: len(wanted)], strict=True):
            place = view.moved.get(view.own[category_id]) if category_id in view.own else None
            if place is not None:
                found[category_id] = (Suggestion(place, view.tree.type_path(place), 1.0, MatchReason.MOVED),)
            else:
                found[category_id] = tuple(_suggestion(view.tree, match) for match in matches)
        return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What a suggestion is made of. evidence: of the wanted categories first, then of others of the store."""

    view: MappingView
    wanted: list[str]
    evidence: dict[str, Evidence]
    lessons: list[Lesson]
    products: dict[str, list[Product]]


def without_mapping(view: MappingView) -> list[str]:
    """Categories that need a type: they hold products themselves, or nothing lies below them."""
    parents = {category.parent_id for category in view.categories}
    open_states = {MappingState.NONE, MappingState.PARTIAL, MappingState.TYPE_GONE, MappingState.TYPE_DISABLED}
    return [
        category.id
        for category in view.categories
        if (view.resolved[category.id].state in open_states and (view.own_products.get(category.id) or category.id not in parents))
        or view.own.get(category.id) in view.moved
    ]


def _others(view: MappingView, wanted: Sequence[str]) -> list[str]:
    """Categories that are not asked about, spread evenly over the store."""
    asked = set(wanted)
    others = [category.id for category in view.categories if category.id not in asked]
    step = max(1, -(-len(others) // OTHERS_LOOKED_AT))
    return others[::step]


def _products(unit: UnitOfWork, integration_id: int, category_ids: Sequence[str]) -> dict[str, list[Product]]:
    """The products that lie in each of the categories themselves."""
    products: dict[str, list[Product]] = {category_id: [] for category_id in category_ids}
    for product in unit.store.products(structure_of(unit, unit.integrations.get(integration_id))):
        for category_id in product.category_ids:
            if category_id in products:
                products[category_id].append(product)
    return products


def _evidence(
    unit: UnitOfWork, integration_id: int, view: MappingView, products: Mapping[str, Sequence[Product]], asked_about: Sequence[str]
) -> dict[str, Evidence]:
    """asked_about: the categories whose own type is in question."""
    links, accepted = unit.sync.links(integration_id), unit.sync.accepted(integration_id)
    types = {offer: known.type_key or (known.payload.type_key if known.payload else None) for offer, known in accepted.items()}
    paths = category_paths(view.categories)
    relatives = _relatives(view)
    asked = set(asked_about)
    return {
        category_id: Evidence(
            paths[category_id],
            tuple(product.name for product in _sample(inside)),
            _properties(inside),
            Counter(key for product in inside if (key := types.get(links.get(product.id, product.offer_id))) is not None),
            relatives.get(category_id, ()),
            view.own.get(category_id) if category_id not in asked else None,
        )
        for category_id, inside in products.items()
    }


def _sample(products: Sequence[Product]) -> Sequence[Product]:
    """Some of the products, spread evenly: the first by name would be all of one kind."""
    step = max(1, len(products) // PRODUCTS_LOOKED_AT)
    return products[::step][:PRODUCTS_LOOKED_AT]


def _properties(products: Sequence[Product]) -> tuple[tuple[str, str], ...]:
    counts = Counter(pair for product in _sample(products) for pair in product.properties)
    return tuple(pair for pair, _ in counts.most_common(PROPERTIES_LOOKED_AT))


def _relatives(view: MappingView) -> dict[str, tuple[TypeKey, ...]]:
    """Types the parent and its other children are mapped to."""
    by_parent: dict[str | None, list[tuple[str, TypeKey]]] = {}
    for category in view.categories:
        if category.id in view.own:
            by_parent.setdefault(category.parent_id, []).append((category.id, view.own[category.id]))
    found: dict[str, tuple[TypeKey, ...]] = {}
    for category in view.categories:
        near = [key for sibling, key in by_parent.get(category.parent_id, ()) if sibling != category.id] if category.parent_id else []
        if category.parent_id in view.own:
            near.append(view.own[category.parent_id])
        found[category.id] = tuple(near)
    return found


def _lessons(unit: UnitOfWork, integration_id: int, view: MappingView) -> list[Lesson]:
    """What the manager mapped before: here, and in the other cabinets of this database."""
    lessons: list[Lesson] = []
    names: Mapping[str, tuple[str, ...]] = category_paths(tuple(unit.store.categories(None)))
    for integration in unit.integrations.all():
        own = view.own if integration.id == integration_id else unit.mappings.own(integration.id)
        lessons += [Lesson(names[category_id], key) for category_id, key in own.items() if category_id in names]
    return lessons


def _suggestion(tree: OzonTree, match: Match) -> Suggestion:
    return Suggestion(match.key, tree.type_path(match.key), match.confidence, match.reason, match.detail, match.chance)
