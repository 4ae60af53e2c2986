"""Product cards: the table with readiness, one card with its additional fields, saving, rules, adoption of existing cards."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import Card, CardProblem, Dimensions, FieldRule, ProblemCode, SavedFields
from ozon_desktop.domain.dimensions import package_of
from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.store_catalog import Product, fold
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.errors import NotFound
from ozon_desktop.services.card_builder import place_of, prepare
from ozon_desktop.services.parts import Clients, Clock, Revision
from ozon_desktop.services.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CardRow:
    """One row of the products table. stock: sum over the store's warehouses; ozon_status "" = not on Ozon."""

    product_id: str
    offer_id: str
    name: str
    category: str
    type_name: str
    price: Decimal | None
    currency: str
    stock: Decimal
    ready: bool
    problems: tuple[CardProblem, ...]
    ozon_status: str
    ozon_errors: tuple[ItemError, ...]


@dataclass(frozen=True, slots=True)
class CardsView:
    """The products table. reasons: (code, field, how many cards), most frequent first."""

    rows: tuple[CardRow, ...]
    ready: int
    with_errors: int
    reasons: tuple[tuple[ProblemCode, str, int], ...]


@dataclass(frozen=True, slots=True)
class CardDetails:
    """One card as the panel shows it. automatic_dimensions: what the store's properties give."""

    card: Card
    category_id: str | None
    category_path: tuple[str, ...]
    type_path: tuple[str, ...]
    saved: SavedFields | None
    automatic_dimensions: Dimensions
    ozon: Accepted | None


@dataclass(frozen=True, slots=True)
class AdoptReport:
    """What «Загрузить карточки с Ozon» found. doubtful: articles of store products with several candidates."""

    matched: int
    only_ozon: int
    only_store: int
    doubtful: tuple[str, ...]


class CardsService:
    """Cards of an integration."""

    def __init__(self, storage: Database, clients: Clients, clock: Clock, revision: Revision) -> None:
        self._storage = storage
        self._clients = clients
        self._clock = clock
        self._revision = revision
        self._cached: dict[int, tuple[int, CardsView]] = {}

    async def view(self, integration_id: int) -> CardsView:
        """The table; computed again only after something changed."""
        known = self._cached.get(integration_id)
        if known is not None and known[0] == self._revision.number:
            return known[1]
        number = self._revision.number
        view = await self._storage.run(lambda unit: _view(unit, integration_id))
        self._cached[integration_id] = (number, view)
        return view

    async def details(self, integration_id: int, product_id: str) -> CardDetails:
        """One card. NotFound."""
        return await self._storage.run(lambda unit: _details(unit, integration_id, product_id))

    async def save_fields(self, integration_id: int, fields: SavedFields) -> CardDetails:
        """Saves what was entered on a product; fields not in it are taken from rules again. NotFound."""

        def work(unit: UnitOfWork) -> CardDetails:
            unit.cards.save(integration_id, fields)
            return _details(unit, integration_id, fields.product_id)

        details = await self._storage.run(work)
        self._revision.bump()
        return details

    async def save_rule(self, integration_id: int, rule: FieldRule) -> None:
        """Saves the default of an attribute for a store category and below."""
        await self._storage.run(lambda unit: unit.cards.save_rule(integration_id, rule))
        self._revision.bump()

    async def delete_rule(self, integration_id: int, category_id: str, attribute_id: int) -> None:
        """Removes a default; nothing happens when there is none."""
        await self._storage.run(lambda unit: unit.cards.delete_rule(integration_id, category_id, attribute_id))
        self._revision.bump()

    async def rules(self, integration_id: int) -> list[FieldRule]:
        """All rules."""
        return await self._storage.run(lambda unit: unit.cards.rules(integration_id))

    async def copy_fields(self, integration_id: int, from_product_id: str, to_product_ids: Sequence[str]) -> int:
        """Copies the entered fields of one product to others of the same type; gives how many took them. NotFound."""

        def work(unit: UnitOfWork) -> int:
            context, builder = prepare(unit, integration_id, from_product_id)
            source = _product(builder.products, from_product_id)
            _, key = place_of(context, source)
            saved = context.saved.get(from_product_id, {}).get(key) if key is not None else None
            if saved is None:
                return 0
            wanted = set(to_product_ids) - {from_product_id}
            copied = 0
            for product in builder.products:
                if product.id in wanted and place_of(context, product)[1] == key:
                    unit.cards.save(integration_id, replace(saved, product_id=product.id))
                    copied += 1
            return copied

        copied = await self._storage.run(work)
        self._revision.bump()
        return copied

    async def resolve_values(self, integration_id: int, progress: Progress) -> int:
        """Asks Ozon for store texts that partial dictionaries lack (brands); gives how many were found. OzonError, NetworkError."""
        wanted = await self._storage.run(lambda unit: _unresolved(unit, integration_id))
        if not wanted:
            return 0
        client = await self._clients.client(integration_id)
        found = 0
        for done, ((dictionary, folded), (text, key, attribute_id)) in enumerate(wanted.items()):
            progress(ProgressUpdate(Stage.VALUES, done, len(wanted), text))
            values = await client.search_values(key, attribute_id, text)
            found += any(fold(value.value) == folded for value in values)
            await self._storage.run(partial(_save_values, dictionary, values))
        progress(ProgressUpdate(Stage.VALUES, len(wanted), len(wanted)))
        if found:
            self._revision.bump()
        return found

    async def adopt(self, integration_id: int, progress: Progress) -> AdoptReport:
        """Reads the cabinet's cards and matches them to store products by article, then by barcode. OzonError, NetworkError."""
        client = await self._clients.client(integration_id)
        offers: list[str] = []
        async for page in client.products():
            offers.extend(listed.offer_id for listed in page)
            progress(ProgressUpdate(Stage.CABINET, len(offers)))
        infos = await client.product_infos(offers) if offers else []

        def work(unit: UnitOfWork) -> AdoptReport:
            _, builder = prepare(unit, integration_id)
            accepted = unit.sync.accepted(integration_id)
            by_offer = {product.offer_id: product for product in builder.products}
            by_barcode: dict[str, list[Product]] = {}
            for product in builder.products:
                for barcode in product.barcodes:
                    by_barcode.setdefault(barcode, []).append(product)
            matched: set[str] = set()
            doubtful: list[str] = []
            only_ozon = 0
            for info in infos:
                known = accepted.get(info.offer_id, Accepted(info.offer_id))
                status = replace(known, product_id=info.product_id, status=info.status, status_name=info.status_name, errors=info.errors)
                unit.sync.save_accepted(
                    integration_id,
                    [replace(status, price=info.price, updated_at=self._clock(), archived=info.archived, type_key=info.type_key)],
                )
                candidates = {product.id: product for code in info.barcodes for product in by_barcode.get(code, [])}
                match = by_offer.get(info.offer_id)
                if match is None and len(candidates) == 1:
                    match = next(iter(candidates.values()))
                    unit.sync.save_link(integration_id, match.id, info.offer_id)
                if match is not None:
                    matched.add(match.id)
                elif candidates:
                    doubtful.extend(candidate.offer_id for candidate in candidates.values())
                else:
                    only_ozon += 1
            return AdoptReport(len(matched), only_ozon, len(builder.products) - len(matched), tuple(dict.fromkeys(doubtful)))

        report = await self._storage.run(work)
        self._revision.bump()
        return report


def _product(products: Sequence[Product], product_id: str) -> Product:
    for product in products:
        if product.id == product_id:
            return product
    raise NotFound(product_id)


def _view(unit: UnitOfWork, integration_id: int) -> CardsView:
    context, builder = prepare(unit, integration_id)
    accepted = unit.sync.accepted(integration_id)
    stocks = unit.store.stocks()
    rows: list[CardRow] = []
    reasons: Counter[tuple[ProblemCode, str]] = Counter()
    for product in builder.products:
        card = builder.build(product)
        category, _ = place_of(context, product)
        known = accepted.get(card.offer_id)
        reasons.update({(problem.code, problem.field) for problem in card.problems if problem.blocking})
        rows.append(
            CardRow(
                product.id,
                card.offer_id,
                product.name,
                " / ".join(context.paths[category]) if category is not None else "",
                card.type.name if card.type is not None else "",
                card.price,
                card.currency,
                sum((stock.quantity for stock in stocks.get(product.id, [])), Decimal(0)),
                card.ready,
                card.problems,
                known.status_name or known.status if known is not None else "",
                known.errors if known is not None else (),
            )
        )
    ready = sum(1 for row in rows if row.ready)
    return CardsView(tuple(rows), ready, len(rows) - ready, tuple((code, field, count) for (code, field), count in reasons.most_common()))


def _details(unit: UnitOfWork, integration_id: int, product_id: str) -> CardDetails:
    context, builder = prepare(unit, integration_id, product_id)
    product = _product(builder.products, product_id)
    card = builder.build(product)
    category, _ = place_of(context, product)
    return CardDetails(
        card,
        category,
        context.paths[category] if category is not None else (),
        context.tree.type_path(card.type.key) if card.type is not None else (),
        context.saved.get(product_id, {}).get(card.type.key) if card.type is not None else None,
        package_of(product),
        unit.sync.accepted(integration_id).get(card.offer_id),
    )


def _unresolved(unit: UnitOfWork, integration_id: int) -> dict[tuple[DictionaryKey, str], tuple[str, TypeKey, int]]:
    """Texts not found in partial dictionaries, each once: (dictionary, folded text) → (text, type and attribute to ask with)."""
    _, builder = prepare(unit, integration_id)
    states = unit.ozon.dictionary_states()
    wanted: dict[tuple[DictionaryKey, str], tuple[str, TypeKey, int]] = {}
    for product in builder.products:
        for dictionary, text, key, attribute_id in builder.wanted_of(product):
            state = states.get(dictionary)
            if (state is None or state.partial) and len(text.strip()) >= 2:
                wanted.setdefault((dictionary, fold(text)), (text, key, attribute_id))
    found = unit.ozon.find_values(wanted.keys())
    return {pair: ask for pair, ask in wanted.items() if pair not in found}


def _save_values(dictionary: DictionaryKey, values: list[DictionaryValue], unit: UnitOfWork) -> None:
    unit.ozon.save_values(dictionary, values)
