"""Product cards: the table with readiness, one card with its additional fields, saving, rules."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from ozon_desktop.domain.card import Card, Dimensions, SavedFields
from ozon_desktop.domain.carry_over import CarryOver
from ozon_desktop.domain.dimensions import PackageDoubt, read_package
from ozon_desktop.domain.field_rules import FieldRule
from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue
from ozon_desktop.domain.ozon_problems import OzonProblem, ozon_problems
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.domain.price_timers import LowestPrice
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.errors import NotFound
from ozon_desktop.services.cards.builder import prepare_one
from ozon_desktop.services.cards.context import CardContext, Uses, place_of, read_rules, read_shared
from ozon_desktop.services.cards.field_rules import FieldRulesService, OwnValue
from ozon_desktop.services.cards.history import CardHistory, Recording
from ozon_desktop.services.cards.parts import lists as card_lists
from ozon_desktop.services.cards.parts.card_state import Touched
from ozon_desktop.services.cards.parts.changes import CardChange, ChangeLog
from ozon_desktop.services.cards.parts.table import CardTable
from ozon_desktop.services.cards.parts.value_asking import Choice, unresolved
from ozon_desktop.services.cards.parts.value_membership import AT_ONCE, MembershipCheck, note_checked, read_gone
from ozon_desktop.services.cards.view import CardsView
from ozon_desktop.services.gather import gather
from ozon_desktop.services.shared import Clients, Clock, Revision
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.card_steps import card_step, copy_step, list_step, pictures_step


@dataclass(frozen=True, slots=True)
class CardDetails:
    """One card as the panel shows it.

    automatic_dimensions: what the store's properties give; package_doubts: what is doubtful about them; picture_choice: the
    manager's own order of the pictures; ozon_problems: what Ozon said of the card, beside the fields it is about; lowest: None = the
    program has set no lowest price, or never asked Ozon about its timer.
    """

    card: Card
    category_id: str | None
    category_path: tuple[str, ...]
    type_path: tuple[str, ...]
    saved: SavedFields | None
    automatic_dimensions: Dimensions
    ozon: Accepted | None
    package_doubts: tuple[PackageDoubt, ...] = ()
    picture_choice: PictureChoice | None = None
    ozon_problems: tuple[OzonProblem, ...] = ()
    lowest: LowestPrice | None = None


class CardsService:
    """Cards of an integration. field_rules: where their values come from; history: steps that can be undone."""

    def __init__(self, storage: Database, clients: Clients, clock: Clock, revision: Revision) -> None:
        self._storage = storage
        self._clients = clients
        self._clock = clock
        self._revision = revision
        self._log = ChangeLog(revision)
        self._tables: dict[int, tuple[int, CardTable]] = {}
        self._shared: dict[int, tuple[int, CardContext]] = {}
        self._working: dict[int, asyncio.Lock] = {}
        self.history = CardHistory(storage, self._log)
        self.field_rules = FieldRulesService(storage, self._log, self.history)

    async def view(self, integration_id: int) -> CardsView:
        """The table, worked out in the background; after a change only where the change reaches."""
        async with self._working.setdefault(integration_id, asyncio.Lock()):
            known = self._tables.pop(integration_id, None)
            number = self._revision.number
            if known is not None and known[0] != number:
                known = await self._brought_up_to_date(integration_id, *known)
            table = known[1] if known is not None else await CardTable.make(self._storage, integration_id)
            self._tables[integration_id] = number, table
            return table.view

    async def _brought_up_to_date(self, integration_id: int, number: int, table: CardTable) -> tuple[int, CardTable] | None:
        """None when the table has to be made anew. One that was stopped halfway is not kept."""
        change = self._log.since(integration_id, number)
        if change == CardChange():
            return number, table
        done = await (table.catch_up() if change is None else table.change(change))
        return (number, table) if done else None

    async def details(self, integration_id: int, product_id: str) -> CardDetails:
        """One card; only what it is made of is read. NotFound."""
        return await self._changed(integration_id, product_id, None)

    async def save_fields(self, integration_id: int, fields: SavedFields) -> CardDetails:
        """Saves what was entered on a product; fields not in it are taken from rules again. NotFound."""
        return await self.save_card(integration_id, fields.product_id, fields)

    async def save_pictures(self, integration_id: int, choice: PictureChoice) -> CardDetails:
        """Saves the order of a product's pictures and the main one; an empty choice gives the store's order back. NotFound."""
        return await self.save_card(integration_id, choice.product_id, pictures=choice)

    async def save_card(
        self, integration_id: int, product_id: str, fields: SavedFields | None = None, pictures: PictureChoice | None = None
    ) -> CardDetails:
        """Saves fields, pictures or both of a product in one step; None leaves them as they are. NotFound; then nothing is saved."""

        def save(unit: UnitOfWork) -> None:
            if fields is not None:
                save_with_list(unit, integration_id, fields)
            if pictures is not None:
                unit.cards.save_pictures(integration_id, pictures)

        return await self._changed(integration_id, product_id, save, card_step if fields is not None else pictures_step)

    async def save_many(
        self, integration_id: int, collect: Callable[[UnitOfWork], Sequence[SavedFields]], label: Callable[[int], str]
    ) -> tuple[str, ...]:
        """Saves the fields `collect` gives, of many products in one transaction and step; gives the products. label: by their number."""
        step = self.history.record(integration_id)

        def work(unit: UnitOfWork) -> tuple[str, ...]:
            fields = collect(unit)
            products = tuple(saved.product_id for saved in fields)
            with step.watch(unit, Touched(frozenset(products))):
                for saved in fields:
                    save_with_list(unit, integration_id, saved)
            return products

        products = await self._storage.run(work)
        self._many_changed(integration_id, products, step, label)
        return products

    def _many_changed(self, integration_id: int, products: Collection[str], step: Recording, label: Callable[[int], str]) -> None:
        """Every one of them is noted: table, counters and preview are brought up to date by what is noted here."""
        if products:
            step.keep(label(len(products)))
            self._log.note(integration_id, CardChange(frozenset(products)))

    async def _changed(
        self,
        integration_id: int,
        product_id: str,
        save: Callable[[UnitOfWork], None] | None,
        label: Callable[[str], str] = card_step,
    ) -> CardDetails:
        """Saves something of one product, where anything is to be saved, and gives its card. label: of the step, by the article."""
        number = self._revision.number
        shared = self._shared.get(integration_id)
        since = self._log.since(integration_id, shared[0]) if shared is not None else None
        uses = self._uses_of(integration_id, product_id)
        step = self.history.record(integration_id)

        def work(unit: UnitOfWork) -> tuple[CardContext, CardDetails]:
            if save is not None:
                with step.watch(unit, Touched(frozenset({product_id}))):
                    save(unit)
            if shared is None or since is None:
                context = read_shared(unit, integration_id)
            elif since.rules or since.dictionaries:
                rules, answers = read_rules(unit, integration_id)
                context = replace(shared[1], rules=rules, answers=answers, gone=read_gone(unit))
            else:
                context = shared[1]
            return context, _details(unit, context, product_id, uses, self._clock())

        context, details = await self._storage.run(work)
        self._shared[integration_id] = number, context
        if save is not None:
            step.keep(label(details.card.offer_id))
            self._log.note(integration_id, CardChange(frozenset({product_id})))
        return details

    def _uses_of(self, integration_id: int, product_id: str) -> Uses | None:
        """How often articles and barcodes stand in the store, where the table knows it for sure."""
        known = self._tables.get(integration_id)
        current = known is not None and self._log.since(integration_id, known[0]) is not None
        return known[1].uses if known is not None and current and known[1].has(product_id) else None

    async def switch_preview(self, integration_id: int, product_ids: Sequence[str]) -> CarryOver:
        """What `switch_list` would carry over. Nothing is changed."""
        return await self._storage.run(lambda unit: card_lists.preview(unit, integration_id, product_ids))

    async def switch_list(self, integration_id: int, product_ids: Sequence[str]) -> CarryOver:
        """Switches the additional fields of products to their category's type: equal attributes carry over, the others are kept.

        Products that need no switching are passed over; types without settings are reported as unknown and not switched to.
        """
        step = self.history.record(integration_id)

        def work(unit: UnitOfWork) -> CarryOver:
            with step.watch(unit, Touched(frozenset(product_ids))):
                return card_lists.switch(unit, integration_id, product_ids)

        carried = await self._storage.run(work)
        self._many_changed(integration_id, product_ids, step, lambda _: list_step(carried.products))
        return carried

    async def save_rule(self, integration_id: int, rule: FieldRule, own: OwnValue | None = None) -> None:
        """Saves a default of an attribute, see `FieldRulesService.save`. WrongInput."""
        await self.field_rules.save(integration_id, [rule], own)

    async def delete_rule(self, integration_id: int, category_id: str, attribute_id: int) -> None:
        """Removes a default; nothing happens when there is none."""
        await self.field_rules.delete(integration_id, category_id, attribute_id)

    async def copy_fields(self, integration_id: int, from_product_id: str, to_product_ids: Sequence[str]) -> int:
        """Copies the entered fields of one product to others of the same type; gives how many took them. NotFound."""

        def collect(unit: UnitOfWork) -> list[SavedFields]:
            context = read_shared(unit, integration_id)
            wanted = [product_id for product_id in dict.fromkeys(to_product_ids) if product_id != from_product_id]
            products = unit.store.sold(context.integration.settings.catalog_structure_id, [from_product_id, *wanted])
            if not products or products[0].id != from_product_id:
                raise NotFound(from_product_id)
            _, key = place_of(context, products[0])
            saved = unit.cards.saved_for(integration_id, from_product_id, key) if key is not None else None
            if saved is None or (not saved.values and saved.dimensions == Dimensions()):
                return []
            same = [product.id for product in products[1:] if place_of(context, product)[1] == key]
            return [replace(saved, product_id=product_id) for product_id in same]

        return len(await self.save_many(integration_id, collect, copy_step))

    async def resolve_values(self, integration_id: int, progress: Progress, choose: Choice | None = None) -> int:
        """Asks Ozon for store texts that partial dictionaries lack (brands); gives how many were found. OzonError, NetworkError.

        Values that cards have and that were not asked about for a day are asked about too: those that are gone hold their cards back.
        choose: of which products; None = of all.
        """
        wanted, used = await self._storage.run(lambda unit: unresolved(unit, integration_id, self._clock(), choose))
        if not wanted and not used:
            return 0
        client = await self._clients.client(integration_id)
        found: set[DictionaryKey] = set()
        number = 0
        changed: frozenset[DictionaryKey] = frozenset()
        try:
            for done in range(0, len(wanted), AT_ONCE):
                some = list(wanted.items())[done : done + AT_ONCE]
                progress(ProgressUpdate(Stage.VALUES, done, len(wanted), some[0][1][0]))
                answers = await gather(*(client.search_values(key, attribute_id, text) for _, (text, key, attribute_id) in some))
                known = [(*pair, values) for (pair, _), values in zip(some, answers, strict=True)]
                hits = await self._storage.run(partial(_save_values, known, self._clock()))
                number += len(hits)
                found.update(hits)
            changed = await MembershipCheck(self._storage, client, self._clock).run(used, progress)
        finally:
            if found or changed:
                self._log.note(integration_id, CardChange(dictionaries=changed | found))
        progress(ProgressUpdate(Stage.VALUES, len(wanted), len(wanted)))
        return number


def save_with_list(unit: UnitOfWork, integration_id: int, fields: SavedFields) -> None:
    """Saves fields; emptied, they are still this type's list and not that of a type mapped earlier."""
    unit.cards.save(integration_id, fields)
    if unit.cards.has_lists(integration_id, fields.product_id):
        unit.cards.choose_list(integration_id, [fields.product_id], fields.type_key)


def _details(unit: UnitOfWork, shared: CardContext, product_id: str, uses: Uses | None, now: datetime) -> CardDetails:
    context, builder = prepare_one(unit, shared, product_id, uses)
    if not builder.products:
        raise NotFound(product_id)
    (product,) = builder.products
    card = builder.build(product)
    category, _ = place_of(context, product)
    package = read_package(product)
    accepted = unit.plan.accepted_whole(context.integration.id, [card.offer_id]).get(card.offer_id)
    attributes = context.attributes.get(card.type.key, []) if card.type is not None else []
    return CardDetails(
        card,
        category,
        context.paths[category] if category is not None else (),
        context.tree.type_path(card.type.key) if card.type is not None else (),
        context.saved.get(product_id, {}).get(card.type.key) if card.type is not None else None,
        package.dimensions,
        accepted,
        package.doubts,
        context.pictures.get(product_id),
        ozon_problems(accepted.errors, attributes) if accepted is not None else (),
        _lowest(unit, context.integration.id, accepted, now) if accepted is not None else None,
    )


def _lowest(unit: UnitOfWork, integration_id: int, accepted: Accepted, now: datetime) -> LowestPrice | None:
    known = next(iter(unit.price_timers.all(integration_id, [accepted.offer_id])), None)
    if known is None or known.timer is None or accepted.min_price is None:
        return None
    return LowestPrice(accepted.min_price, known.timer.ends_at if known.timer.binds(now) else None)


def _save_values(answers: list[tuple[DictionaryKey, str, list[DictionaryValue]]], now: datetime, unit: UnitOfWork) -> list[DictionaryKey]:
    """Keeps the answers to (dictionary, folded text); gives the dictionary of each text that was found."""
    found: list[DictionaryKey] = []
    for dictionary, folded, values in answers:
        unit.ozon.save_values(dictionary, values)
        same = [value.id for value in values if fold(value.value) == folded]
        if same:
            # Seen just now: they need no asking whether they are still there.
            note_checked(unit, dictionary, same, now)
            found.append(dictionary)
    return found
