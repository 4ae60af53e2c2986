"""The table of all cards, kept: worked out in pieces beside other work, and after a change only where the change reaches."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TypeVar

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryState, OzonType, TypeKey
from ozon_desktop.domain.ozon_problems import ozon_problems
from ozon_desktop.domain.store_catalog import Price, Product
from ozon_desktop.domain.value_matching import Pair
from ozon_desktop.services.cards.builder import CardBuilder, all_names
from ozon_desktop.services.cards.context import CardContext, Uses, read_entered, read_rules, sent_barcode
from ozon_desktop.services.cards.parts.changes import CardChange
from ozon_desktop.services.cards.parts.checker import FieldChecker, Pending, Place, Users, Wanted
from ozon_desktop.services.cards.parts.value_lookup import ValueReader
from ozon_desktop.services.cards.parts.value_membership import read_gone
from ozon_desktop.services.cards.view import CardRow, CardsView, view_of
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.product_rows import ProductRow
from ozon_desktop.storage.sql import batches
from ozon_desktop.storage.unit_of_work import UnitOfWork

AT_ONCE = 2_000
"""Products read in one transaction: others get at the database between two of them."""

OUTLINES_AT_ONCE = 10_000
FEW = 300
"""Products up to which entered fields are read one by one."""

NOTHING = Decimal(0)
NO_STATE: tuple[str, tuple[ItemError, ...]] = ("", ())
States = dict[str, tuple[str, tuple[ItemError, ...]]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table was worked out from, but for products, prices and stocks, which only an import changes."""

    context: CardContext
    imported: int
    dictionaries: Mapping[DictionaryKey, DictionaryState]


@dataclass(slots=True)
class _Batch:
    products: list[Product]
    prices: dict[str, dict[str, Price]]
    stocks: dict[str, Decimal]
    states: States
    pending: list[Pending] = field(default_factory=list)


def read_facts(unit: UnitOfWork, integration_id: int) -> Facts:
    return Facts(read_entered(unit, integration_id), unit.store.import_number(), unit.ozon.dictionary_states())


class CardTable:
    """Rows of all cards of one integration. Made by `make`, kept right by `change` and `catch_up`."""

    def __init__(self, storage: Database, facts: Facts, outlines: Sequence[Product]) -> None:
        self._storage = storage
        self._facts = facts
        self._articles = {product.id: product.offer_id for product in outlines}
        self._barcodes = {product.id: sent_barcode(product) for product in outlines}
        self._rows: dict[str, CardRow] = {}
        self._places: dict[str, Place] = {}
        self._users = Users()
        self._paths: dict[str, str] = {}
        self._reader = ValueReader(facts.context.answers, all_names(facts.context))
        self.uses = Uses({}, Counter(self._barcodes.values()))
        self._count_offers()
        self._builder = self._new_builder()
        self._checker = FieldChecker(self._builder, self._users)
        self.view = CardsView((), 0, 0, ())

    @classmethod
    async def make(cls, storage: Database, integration_id: int) -> "CardTable":
        """The whole table, worked out anew. NotFound."""
        facts = await storage.run(lambda unit: read_facts(unit, integration_id))
        pages: list[list[ProductRow]] = []
        after: str | None = None
        while page := await storage.run(partial(_outline_page, after)):
            pages.append(page)
            after = page[-1][0]
        structure = facts.context.integration.settings.catalog_structure_id
        outlines = await storage.run(lambda unit: unit.store.outlines(structure, pages))
        table = cls(storage, facts, outlines)
        await table._work_out(table._articles)
        return table

    @property
    def integration_id(self) -> int:
        return self._facts.context.integration.id

    def has(self, product_id: str) -> bool:
        return product_id in self._articles

    # --- What a change reaches -------------------------------------------------------------------------------------------

    async def change(self, change: CardChange) -> bool:
        """Brings the table up to date with a known change. False when the whole table has to be made anew."""
        concerned = set(change.product_ids) & self._articles.keys()
        await self._storage.run(lambda unit: self._read_entered(unit, concerned))
        if change.dictionaries:
            gone = await self._storage.run(read_gone)
            if gone != self._facts.context.gone:
                return False
        if change.rules:
            rules, answers = await self._storage.run(lambda unit: read_rules(unit, self.integration_id))
            concerned |= await self._take_rules(replace(self._facts.context, rules=rules, answers=answers))
        if change.dictionaries:
            concerned |= await self._look_up_again(lambda pair: pair[0] in change.dictionaries)
        await self._work_out(concerned)
        return True

    async def catch_up(self) -> bool:
        """Brings the table up to date after anything may have changed, by comparing facts. False = make it anew."""
        before = self._facts
        now = await self._storage.run(lambda unit: read_facts(unit, self.integration_id))
        if now.imported != before.imported or _base_of(now.context) != _base_of(before.context):
            return False
        old = before.context
        concerned = _differing(old.saved, now.context.saved) | _differing(old.pictures, now.context.pictures)
        concerned = (concerned & self._articles.keys()) | self._take_links(now.context.links)
        self._facts = Facts(replace(now.context, rules=old.rules, answers=old.answers), now.imported, now.dictionaries)
        concerned |= await self._take_rules(now.context)
        changed = _differing(before.dictionaries, now.dictionaries)
        if changed:
            concerned |= await self._look_up_again(lambda pair: pair[0] in changed)
        concerned |= await self._with_other_state()
        await self._work_out(concerned)
        return True

    def _read_entered(self, unit: UnitOfWork, product_ids: Collection[str]) -> None:
        context = self._facts.context
        many = len(product_ids) > FEW
        saved = unit.cards.saved(self.integration_id) if many else {}
        pictures = unit.cards.pictures(self.integration_id) if many else {}
        for product_id in product_ids:
            entered = saved.get(product_id, {}) if many else unit.cards.saved_of(self.integration_id, product_id)
            _put(context.saved, product_id, entered or None)
            _put(
                context.pictures, product_id, pictures.get(product_id) if many else unit.cards.pictures_of(self.integration_id, product_id)
            )

    async def _take_rules(self, context: CardContext) -> set[str]:
        """Takes other rules and answers; gives the products whose fields that can hold them back come about in another way now."""
        before, old_answers = self._builder, self._facts.context.answers
        self._facts = replace(self._facts, context=replace(self._facts.context, rules=context.rules, answers=context.answers))
        self._builder = self._new_builder()
        places = {place for place in self._places.values() if place[1] is not None}
        other = {
            (category, key)
            for category, key in places
            if key and self._builder.watched(category, key, None) != before.watched(category, key, None)
        }
        # An entered value stands before the rules of its own field, but not before those of others.
        concerned = {product_id for product_id, place in self._places.items() if place in other}
        answered = _differing(old_answers, context.answers)
        if answered:
            concerned |= await self._look_up_again(lambda pair: (pair[0].dictionary_id, pair[1]) in answered)
        return concerned

    async def _look_up_again(self, wanted: Callable[[Pair], bool]) -> set[str]:
        """Products with a text that means something else now, of those texts that are wanted."""
        pairs = [pair for pair in {*self._users.products, *self._users.places} if wanted(pair)]
        answers = self._facts.context.answers
        changed = await self._storage.run(lambda unit: self._reader.read_again(unit, pairs, answers))
        self._builder = self._new_builder()
        places = {place for pair in changed for place in self._users.places.get(pair, ())}
        concerned = {product_id for product_id, place in self._places.items() if place in places}
        return concerned.union(*(self._users.products.get(pair, ()) for pair in changed))

    def _take_links(self, links: Mapping[str, str]) -> set[str]:
        """Takes other links; gives the products whose article on Ozon, or whose sharing of it, is another one."""
        context = self._facts.context
        if links == context.links:
            return set()
        before = {product_id: self._article(product_id) for product_id in self._articles}
        context.links.clear()
        context.links.update(links)
        self._count_offers()
        return {id_ for id_, (offer, shared) in before.items() if self._article(id_) != (offer, shared)}

    async def _with_other_state(self) -> set[str]:
        """Products of which Ozon says something else than before."""
        found: set[str] = set()
        for ids in batches(self._rows, AT_ONCE):
            offers = [self._rows[product_id].offer_id for product_id in ids]
            states = await self._storage.run(partial(_states, self.integration_id, offers))
            for product_id, offer in zip(ids, offers, strict=True):
                row = self._rows[product_id]
                if states.get(offer, NO_STATE) != (row.ozon_status, row.ozon_errors):
                    found.add(product_id)
        return found

    def _article(self, product_id: str) -> tuple[str, bool]:
        offer = self._facts.context.links.get(product_id, self._articles[product_id])
        return offer, self.uses.offers[offer] > 1

    def _count_offers(self) -> None:
        links = self._facts.context.links
        offers = Counter(links.get(product_id, article) for product_id, article in self._articles.items())
        self.uses = Uses(offers, self.uses.barcodes)

    # --- Working out -----------------------------------------------------------------------------------------------------

    async def _work_out(self, product_ids: Collection[str]) -> None:
        self._builder = self._new_builder()
        self._checker = FieldChecker(self._builder, self._users)
        chosen = set(product_ids)
        for ids in batches((product_id for product_id in self._articles if product_id in chosen), AT_ONCE):
            batch = await self._storage.run(partial(self._read, ids))
            wanted = await asyncio.to_thread(self._wanted, batch)
            if wanted.whole:
                await self._storage.run(partial(_look_up, self._reader, wanted))
            await asyncio.to_thread(self._check, batch)
        self._reader.close()
        self.view = await asyncio.to_thread(view_of, [self._rows[product_id] for product_id in self._articles if product_id in self._rows])

    def _new_builder(self) -> CardBuilder:
        # Prices are those of the batch under way.
        builder = CardBuilder(replace(self._facts.context, prices={}, other_prices={}), (), self.uses)
        builder.use_values(self._reader.known)
        return builder

    def _read(self, ids: Sequence[str], unit: UnitOfWork) -> _Batch:
        context = self._facts.context
        products = unit.store.products_of(ids)
        priced = {*ids, *(product.parent_id for product in products if product.parent_id is not None)}
        prices = {price_type: unit.store.prices_for(price_type, priced) for price_type in context.price_types}
        offers = [context.links.get(product.id, product.offer_id) for product in products]
        return _Batch(products, prices, unit.store.stock_sums(ids), unit.sync.states_of(self.integration_id, offers))

    def _wanted(self, batch: _Batch) -> Wanted:
        """Texts of the batch to look up; remembers who needs them."""
        wanted, saved = Wanted(), self._facts.context.saved
        for product in batch.products:
            pending = self._checker.read(product, saved.get(product.id), wanted)
            self._places[product.id] = pending.place
            batch.pending.append(pending)
        return wanted

    def _check(self, batch: _Batch) -> None:
        builder, context = self._builder, self._facts.context
        builder.use_prices(batch.prices)
        for pending in batch.pending:
            product = pending.product
            card = builder.check(product, self._checker.problems(pending))
            status, errors = batch.states.get(card.offer_id, NO_STATE)
            attributes = context.attributes.get(card.type.key, []) if errors and card.type is not None else []
            self._rows[product.id] = CardRow(
                product.id,
                card.offer_id,
                product.name,
                self._path(card.category_id),
                card.type.name if card.type is not None else "",
                card.price,
                context.currency,
                batch.stocks.get(product.id, NOTHING),
                not any(problem.blocking for problem in card.problems),
                card.problems,
                status,
                errors,
                ozon_problems(errors, attributes),
            )

    def _path(self, category_id: str | None) -> str:
        if category_id is None:
            return ""
        path = self._paths.get(category_id)
        if path is None:
            path = self._paths[category_id] = " / ".join(self._facts.context.paths[category_id])
        return path


def _base_of(context: CardContext) -> tuple[object, ...]:
    """What all cards depend on; when the settings of a type were collected says nothing about them."""
    types: dict[TypeKey, OzonType] = {}
    for key in context.attributes:
        type_ = context.tree.types.get(key)
        if type_ is not None:
            types[key] = replace(type_, settings_at=None)
    settings = context.integration.settings
    return (
        (
            settings.catalog_structure_id,
            settings.price_type_id,
            settings.vat_rate,
            settings.vat_of_product,
            context.currency,
            context.price_rules,
        ),
        context.categories,
        context.own,
        context.parts,
        context.attributes,
        types,
        context.gone,
    )


K = TypeVar("K")


def _differing(before: Mapping[K, object], after: Mapping[K, object]) -> set[K]:
    """Keys whose value is another one, or is only on one side."""
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def _put(known: dict[str, T], key: str, value: T | None) -> None:
    if value is None:
        known.pop(key, None)
    else:
        known[key] = value


def _outline_page(after: str | None, unit: UnitOfWork) -> list[ProductRow]:
    return unit.store.outline_page(after, OUTLINES_AT_ONCE)


def _states(integration_id: int, offers: Sequence[str], unit: UnitOfWork) -> States:
    return unit.sync.states_of(integration_id, offers)


def _look_up(reader: ValueReader, wanted: Wanted, unit: UnitOfWork) -> None:
    reader.read(unit, wanted.whole, wanted.single)
