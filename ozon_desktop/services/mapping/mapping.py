"""Mapping of store categories, and of parts of their products, to Ozon types: changing it, undo and redo, history."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ozon_desktop.domain.card import SavedFields
from ozon_desktop.domain.carry_over import CarryOver, Move, carry
from ozon_desktop.domain.mapping import MappingChange, MappingPart, MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.store_catalog import fold, with_descendants
from ozon_desktop.errors import NotFound, NotPossibleYet, WrongInput
from ozon_desktop.services.cards.context import CardContext, place_of, read_context
from ozon_desktop.services.mapping.parts.suggestions import SuggestionService
from ozon_desktop.services.mapping.view import MappingView, PropertyChoice, Proposals, Suggestions, as_known, read_view, structure_of
from ozon_desktop.services.mapping.word_tables import WordTableFiles
from ozon_desktop.services.shared import Clock, Revision, user_name
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.mapping import mapping_step_text

VALUES_SHOWN = 200


class MappingService:
    """The mapping of one integration's catalogue structure. Every change is one step of undo, with who made it and when."""

    def __init__(self, storage: Database, clock: Clock, revision: Revision, words: WordTableFiles) -> None:
        self._storage = storage
        self._clock = clock
        self._revision = revision
        self._suggestions = SuggestionService(storage, words)

    async def view(self, integration_id: int) -> MappingView:
        """Reads the page. NotFound."""
        return await self._storage.run(lambda unit: read_view(unit, integration_id))

    async def map(self, integration_id: int, category_ids: Sequence[str], key: TypeKey) -> MappingView:
        """Maps categories to a type. NotPossibleYet while the integration is off, NotFound, WrongInput for a type Ozon switched off."""
        return await self.map_places(integration_id, {MappingPlace(category_id): key for category_id in category_ids})

    async def map_each(self, integration_id: int, keys: Mapping[str, TypeKey]) -> MappingView:
        """Maps each category to its own type, all in one step of undo. Errors as of `map`; then nothing is changed."""
        return await self.map_places(integration_id, {MappingPlace(category_id): key for category_id, key in keys.items()})

    async def unmap(self, integration_id: int, category_ids: Sequence[str]) -> MappingView:
        """Removes own mappings; the categories inherit again. NotPossibleYet, NotFound."""
        return await self.map_places(integration_id, {MappingPlace(category_id): None for category_id in category_ids})

    async def map_places(self, integration_id: int, after: Mapping[MappingPlace, TypeKey | None], label: str = "") -> MappingView:
        """Maps (None = unmaps) categories and parts of their products in one step of undo.

        Entered fields that the old and the new type have in common are carried over; those of the old type are kept.
        label: the step's name, made of the categories and the type when left out. Errors as of `map`; then nothing is changed.
        """

        def work(unit: UnitOfWork) -> MappingView:
            view = read_view(unit, integration_id)
            _check(view, after)
            if not after:
                return view
            known = {as_known(view, place): key for place, key in after.items()}
            before = read_context(unit, integration_id)
            change = unit.mappings.apply(integration_id, label or _label_of(view, known), known, self._clock(), user_name())
            if change.id:
                for fields in _carry(unit, before, dict(change.after))[0]:
                    unit.cards.save(integration_id, fields)
            return read_view(unit, integration_id)

        return await self._change(work)

    async def carry_over(self, integration_id: int, after: Mapping[MappingPlace, TypeKey | None]) -> CarryOver:
        """What such a change would do to the fields entered on products. Nothing is changed. NotFound."""

        def work(unit: UnitOfWork) -> CarryOver:
            view = read_view(unit, integration_id)
            unknown = [place.category_id for place in after if place.category_id not in view.resolved]
            if unknown:
                raise NotFound(unknown[0])
            known = {as_known(view, place): key for place, key in after.items()}
            return _carry(unit, read_context(unit, integration_id), known)[1]

        return await self._storage.run(work)

    async def properties(self, integration_id: int, category_id: str) -> tuple[PropertyChoice, ...]:
        """Properties by which the products of a category and below differ, those of most products first. NotFound."""

        def work(unit: UnitOfWork) -> tuple[PropertyChoice, ...]:
            view = read_view(unit, integration_id)
            if category_id not in view.resolved:
                raise NotFound(category_id)
            inside = with_descendants(view.categories, category_id)
            structure = structure_of(unit, unit.integrations.get(integration_id))
            products = [product for product in unit.store.products(structure) if inside.intersection(product.category_ids)]
            return _choices(pair for product in products for pair in product.properties)

        return await self._storage.run(work)

    async def undo(self, integration_id: int, steps: int = 1) -> MappingView:
        """Takes the last changes back; nothing happens when there are none."""
        return await self._step(lambda unit: unit.mappings.undo(integration_id), integration_id, steps)

    async def redo(self, integration_id: int, steps: int = 1) -> MappingView:
        """Makes changes taken back again; nothing happens when there are none."""
        return await self._step(lambda unit: unit.mappings.redo(integration_id), integration_id, steps)

    async def history(self, integration_id: int, limit: int = 500) -> list[MappingChange]:
        """All changes with who made them and when, newest first; those taken back are marked so."""
        return await self._storage.run(lambda unit: unit.mappings.history(integration_id, limit))

    async def suggest(self, integration_id: int, category_ids: Sequence[str] | None = None, limit: int = 5) -> Suggestions:
        """Ranked types for categories that need one (or for those named), by category id. Works offline. NotFound, WordTableError."""
        return await self._suggestions.suggest(integration_id, category_ids, limit)

    async def propose(self, integration_id: int, category_ids: Sequence[str] | None = None, limit: int = 5) -> Proposals:
        """As `suggest`, with what the products say of each type."""
        return await self._suggestions.propose(integration_id, category_ids, limit)

    async def _step(self, move: Callable[[UnitOfWork], object], integration_id: int, steps: int) -> MappingView:
        def work(unit: UnitOfWork) -> MappingView:
            for _ in range(steps):
                if move(unit) is None:
                    break
            return read_view(unit, integration_id)

        return await self._change(work)

    async def _change(self, work: Callable[[UnitOfWork], MappingView]) -> MappingView:
        view = await self._storage.run(work)
        self._revision.bump()
        return view


def _check(view: MappingView, after: Mapping[MappingPlace, TypeKey | None]) -> None:
    if view.can_map:
        raise NotPossibleYet("map", missing=tuple(reason.value for reason in view.can_map))
    for place, key in after.items():
        if place.category_id not in view.resolved:
            raise NotFound(place.category_id)
        if key is None:
            continue
        type_ = view.tree.types.get(key)
        if type_ is None:
            raise NotFound(str(key))
        if not type_.usable:
            raise WrongInput("type", detail=type_.name)


def _carry(unit: UnitOfWork, before: CardContext, after: Mapping[MappingPlace, TypeKey | None]) -> tuple[list[SavedFields], CarryOver]:
    """The fields to save for the new types of products, and the summary. before: as it was, without the change."""
    then = replace(before, own=dict(before.own), parts=dict(before.parts))
    for place, key in after.items():
        _assign(then, place, key)
    moves: list[Move] = []
    for product in unit.store.products(before.integration.settings.catalog_structure_id) if before.saved else ():
        old, new = place_of(before, product)[1], place_of(then, product)[1]
        saved = before.saved.get(product.id, {})
        if old is not None and old != new and old in saved:
            moves.append(Move(saved[old], new, saved.get(new) if new is not None else None))
    keys = {move.saved.type_key for move in moves} | {move.to for move in moves if move.to is not None}
    return carry(moves, unit.ozon.attributes_of(keys))


def _assign(context: CardContext, place: MappingPlace, key: TypeKey | None) -> None:
    if not place.property_name:
        context.own.pop(place.category_id, None)
        if key is not None:
            context.own[place.category_id] = key
        return
    same = (place.property_name, place.value)
    others = tuple(part for part in context.parts.get(place.category_id, ()) if (part.property_name, part.value) != same)
    context.parts[place.category_id] = others if key is None else (*others, MappingPart(place.property_name, place.value, key))


def _label_of(view: MappingView, after: Mapping[MappingPlace, TypeKey | None]) -> str:
    names = {category.id: category.name for category in view.categories}
    types = [view.tree.types[key].name if key is not None else None for key in dict.fromkeys(after.values())]
    return mapping_step_text([(names[place.category_id], place) for place in after], types)


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[PropertyChoice, ...]:
    """Values that differ only in case or ё/е count as one, spelled as they are met first."""
    names: dict[str, str] = {}
    spelled: dict[tuple[str, str], str] = {}
    counts: dict[str, Counter[str]] = {}
    for name, value in pairs:
        if not value.strip():
            continue
        folded = fold(name)
        names.setdefault(folded, name)
        spelled.setdefault((folded, fold(value)), value)
        counts.setdefault(folded, Counter())[fold(value)] += 1
    useful = {folded: values for folded, values in counts.items() if len(values) > 1}
    ordered = sorted(useful, key=lambda folded: (-useful[folded].total(), len(useful[folded])))
    return tuple(
        PropertyChoice(names[folded], tuple((spelled[folded, value], number) for value, number in useful[folded].most_common(VALUES_SHOWN)))
        for folded in ordered
    )
