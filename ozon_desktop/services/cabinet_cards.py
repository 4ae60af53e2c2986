"""«Загрузить карточки с Ozon»: the cabinet's cards in the cache, whose they are, where they differ, and their way into the store."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ozon_desktop.domain.adoption import (
    AdoptedCard,
    Adoption,
    CachedCard,
    CardOutline,
    CardState,
    Decision,
    MatchedBy,
    match,
)
from ozon_desktop.domain.card import Card
from ozon_desktop.domain.card_differences import HELD, CardDifference, Side, SideChoice, Sides, compare, taken_from_ozon, with_ozon_kept
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.pricing import split_stock
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.domain.sync_plan import Wish
from ozon_desktop.errors import AlreadyRunning, NotFound, WrongInput
from ozon_desktop.services.cabinet_export import CardExport
from ozon_desktop.services.cabinet_loading import CabinetLoading
from ozon_desktop.services.card_builder import prepare
from ozon_desktop.services.parts import Clients, Clock, Revision
from ozon_desktop.services.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.storage.cabinet_cards import CabinetLoad
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.catalog_export import write_catalog
from ozon_desktop.store.sheets import write_sheet

TABLE_FILE = "ozon-cards.xlsx"
NEVER_CHOSEN = frozenset({"type_key", "old_price"})


@dataclass(frozen=True, slots=True)
class StoreProduct:
    """A product of the store as the report names it."""

    product_id: str
    offer_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ReportedCard:
    """A card of the cabinet. product and by: what it was matched to; candidates: (product, likeness in per cent), the closest first."""

    offer_id: str
    ozon_id: int
    name: str
    archived: bool
    product: StoreProduct | None = None
    by: MatchedBy | None = None
    candidates: tuple[tuple[StoreProduct, float], ...] = ()


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """The cabinet beside the store, each group to be listed.

    doubtful: proposed by name; several: a barcode or an article of two cards or two products; gone: cached, but not in the cabinet
    any more. loaded_at None = never read; complete: the last reading was not stopped.
    """

    matched: tuple[ReportedCard, ...] = ()
    only_ozon: tuple[ReportedCard, ...] = ()
    only_store: tuple[StoreProduct, ...] = ()
    doubtful: tuple[ReportedCard, ...] = ()
    several: tuple[ReportedCard, ...] = ()
    gone: tuple[ReportedCard, ...] = ()
    loaded_at: datetime | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class ExportedFiles:
    """What was written. archived: cards left out because they are in Ozon's archive."""

    import_file: Path
    offers_file: Path
    table: Path
    cards: int
    archived: int


@dataclass(frozen=True, slots=True)
class _Known:
    outlines: list[CardOutline]
    products: list[Product]
    links: dict[str, str]
    decisions: list[Decision]
    load: CabinetLoad | None


class CabinetCardsService:
    """The cabinet's own cards of an integration."""

    def __init__(self, storage: Database, clients: Clients, clock: Clock, revision: Revision) -> None:
        self._storage = storage
        self._clients = clients
        self._clock = clock
        self._revision = revision
        self._loading: set[int] = set()
        self._reports: dict[int, tuple[int, AdoptionReport]] = {}

    async def load(self, integration_id: int, progress: Progress) -> AdoptionReport:
        """Reads the whole cabinet, links cards with products, applies the chosen sides. OzonError, NetworkError, AlreadyRunning.

        What came before an error or a stop is cached; links are made from complete readings only.
        """
        if integration_id in self._loading:
            raise AlreadyRunning(str(integration_id))
        self._loading.add(integration_id)
        try:
            client = await self._clients.client(integration_id)
            await CabinetLoading(self._storage, client, self._clock, integration_id).run(progress)
            progress(ProgressUpdate(Stage.PLAN))
            await self._settle(integration_id)
        finally:
            self._loading.discard(integration_id)
            self._revision.bump()
        return await self.report(integration_id)

    async def report(self, integration_id: int) -> AdoptionReport:
        """Whose the cached cards are, as of the store's products now; works offline."""
        known = self._reports.get(integration_id)
        number = self._revision.number
        if known is None or known[0] != number:
            facts = await self._storage.run(lambda unit: _known(unit, integration_id))
            adoption = await asyncio.to_thread(_matched, facts)
            known = number, _report(facts, adoption)
            self._reports[integration_id] = known
        return known[1]

    async def card(self, integration_id: int, offer_id: str) -> CachedCard:
        """One card as last read. NotFound."""
        return await self._storage.run(lambda unit: _cached(unit, integration_id, offer_id))

    async def confirm(self, integration_id: int, product_id: str, offer_id: str) -> None:
        """The card is this product's: it will be updated, never created. Takes the place of what either was matched to. NotFound."""
        await self._decide(integration_id, Decision(product_id, offer_id, True))

    async def reject(self, integration_id: int, product_id: str, offer_id: str) -> None:
        """The card is not this product's and is not proposed again. NotFound; WrongInput ("offer_id") when the articles are equal."""
        await self._decide(integration_id, Decision(product_id, offer_id, False))

    async def _decide(self, integration_id: int, decision: Decision) -> None:
        def work(unit: UnitOfWork) -> None:
            _cached(unit, integration_id, decision.offer_id)
            product = unit.store.product(decision.product_id)
            if product is None or product.deleted:
                raise NotFound(decision.product_id)
            if not decision.same and product.offer_id.strip() == decision.offer_id.strip():
                raise WrongInput("offer_id", detail=decision.offer_id)
            unit.cabinet.decide(integration_id, decision)

        await self._storage.run(work)
        self._revision.bump()

    # --- differences ------------------------------------------------------------------------------------------------

    async def differences(
        self, integration_id: int, product_ids: Collection[str] | None = None, fields: Collection[str] | None = None
    ) -> list[CardDifference]:
        """Where cards and products differ, by product; None = of all products, in all fields. Works offline."""

        def work(unit: UnitOfWork) -> list[CardDifference]:
            found = _differing(unit, integration_id, product_ids)
            return [one for _, _, of_card in found for one in of_card if fields is None or one.field in fields]

        return await self._storage.run(work)

    async def choose(self, integration_id: int, side: Side | None, *, product_ids: Sequence[str] = (), field: str = "") -> int:
        """Remembers whose value wins and applies it; gives how many products it changes. side None takes the choice back.

        Both given: the field of these products; products only: all their fields; a field only: a rule for all products, now and later.
        OZON: values are entered on the product where they can be, else Ozon's is not overwritten; STORE: the next synchronization
        sends the card. WrongInput ("field") when neither is given or nothing can be chosen for the field.
        """
        if field in NEVER_CHOSEN or not (field or product_ids):
            raise WrongInput("field", detail=field)
        owners = list(product_ids) or [""]

        def work(unit: UnitOfWork) -> int:
            if side is None:
                for owner in owners:
                    unit.cabinet.forget_sides(integration_id, owner, field)
                return 0
            unit.cabinet.choose_sides(integration_id, [SideChoice(owner, field, side) for owner in owners])
            return _apply_sides(unit, integration_id, product_ids or None, field)

        changed = await self._storage.run(work)
        self._revision.bump()
        return changed

    async def _settle(self, integration_id: int) -> None:
        """After a complete reading: barcodes become links, and what was chosen before holds for what is new."""
        facts = await self._storage.run(lambda unit: _known(unit, integration_id))
        adoption = await asyncio.to_thread(_matched, facts)

        def work(unit: UnitOfWork) -> None:
            for adopted in adoption.of(CardState.MATCHED):
                if adopted.by is MatchedBy.BARCODE and adopted.product_id is not None:
                    unit.sync.save_link(integration_id, adopted.product_id, adopted.card.offer_id)
            if unit.cabinet.sides(integration_id):
                _apply_sides(unit, integration_id, None, "")

        await self._storage.run(work)

    # --- into the store ---------------------------------------------------------------------------------------------

    async def export_only_on_ozon(
        self, integration_id: int, folder: Path, *, encoding: str = "utf-8", with_archived: bool = False
    ) -> ExportedFiles:
        """Writes cards without a product of the store as CommerceML (import.xml, offers.xml) and as a table.

        encoding: "utf-8" or "windows-1251", of the CommerceML. WrongInput, FileNotReadable when the folder may not be written.
        """
        alone = (await self.report(integration_id)).only_ozon
        wanted = [card.offer_id for card in alone if with_archived or not card.archived]

        def work(unit: UnitOfWork) -> tuple[Path, Path]:
            export = CardExport(unit.ozon.tree(), lambda key: {item.id: item.name for item in unit.ozon.attributes(key)})
            cards = list(unit.cabinet.cards(integration_id, wanted))
            places = write_catalog(export.catalog(cards), map(export.product, cards), folder, encoding)
            write_sheet(folder / TABLE_FILE, "Карточки Ozon", *export.table(cards))
            return places

        first, second = await self._storage.run(work)
        return ExportedFiles(first, second, folder / TABLE_FILE, len(wanted), len(alone) - len(wanted))


def ozon_sides(unit: UnitOfWork, integration_id: int) -> Callable[[Wish], Wish]:
    """For planning a synchronization: leaves Ozon's own value in fields whose side is Ozon."""
    sides = Sides.of(unit.cabinet.sides(integration_id))

    def kept(wish: Wish) -> Wish:
        if not any(sides.side(wish.card.product.id, name) is Side.OZON for name in HELD):
            return wish
        cached = next(unit.cabinet.cards(integration_id, [wish.card.offer_id]), None)
        return with_ozon_kept(wish, cached, sides)

    return kept


def _cached(unit: UnitOfWork, integration_id: int, offer_id: str) -> CachedCard:
    found = sorted(unit.cabinet.cards(integration_id, [offer_id]), key=lambda card: card.gone)
    if not found:
        raise NotFound(offer_id)
    return found[0]


def _known(unit: UnitOfWork, integration_id: int) -> _Known:
    structure_id = unit.integrations.get(integration_id).settings.catalog_structure_id
    return _Known(
        unit.cabinet.outlines(integration_id),
        unit.store.products(structure_id),
        unit.sync.links(integration_id),
        unit.cabinet.decisions(integration_id),
        unit.cabinet.last_load(integration_id),
    )


def _matched(facts: _Known) -> Adoption:
    return match(facts.outlines, facts.products, facts.links, facts.decisions)


def _report(facts: _Known, adoption: Adoption) -> AdoptionReport:
    products = {product.id: StoreProduct(product.id, product.offer_id, product.name) for product in facts.products}

    def told(adopted: AdoptedCard) -> ReportedCard:
        card = adopted.card
        candidates = tuple((products[candidate.product_id], candidate.score) for candidate in adopted.candidates)
        product = products[adopted.product_id] if adopted.product_id is not None else None
        return ReportedCard(card.offer_id, card.product_id, card.name, card.archived, product, adopted.by, candidates)

    groups = {state: tuple(told(adopted) for adopted in adoption.of(state)) for state in CardState}
    return AdoptionReport(
        groups[CardState.MATCHED],
        groups[CardState.ONLY_OZON],
        tuple(products[product_id] for product_id in adoption.only_store),
        groups[CardState.DOUBTFUL],
        groups[CardState.SEVERAL],
        tuple(told(AdoptedCard(card, CardState.ONLY_OZON)) for card in facts.outlines if card.gone),
        facts.load.started_at if facts.load is not None else None,
        facts.load is not None and facts.load.finished_at is not None,
    )


_Differing = tuple[Card, CachedCard, list[CardDifference]]


def _differing(unit: UnitOfWork, integration_id: int, product_ids: Collection[str] | None) -> Iterator[_Differing]:
    """(card of the product, card of the cabinet, differences); two products of one article have none of their own and are left out."""
    only = next(iter(product_ids)) if product_ids is not None and len(product_ids) == 1 else None
    context, builder = prepare(unit, integration_id, only)
    by_offer: dict[str, list[Product]] = {}
    for product in builder.products:
        by_offer.setdefault(builder.offer_id(product), []).append(product)
    wanted = None if product_ids is None else set(product_ids)
    single = {
        offer_id: of_offer[0]
        for offer_id, of_offer in by_offer.items()
        if len(of_offer) == 1 and (wanted is None or of_offer[0].id in wanted)
    }
    scheme = context.integration.settings.scheme or Scheme.FBO
    stocks = unit.store.stocks()
    houses, ozon_houses = unit.store.warehouses(), unit.ozon.warehouses(integration_id)
    sides = Sides.of(unit.cabinet.sides(integration_id))
    for cached in unit.cabinet.cards(integration_id, list(single)):
        if cached.gone:
            continue
        product = single[cached.offer_id]
        split = split_stock(stocks.get(product.id, []), houses, ozon_houses, scheme)
        stock = (scheme.value.casefold(), sum(pieces for _, pieces in split)) if split else None
        card = builder.build(product)
        yield card, cached, compare(card, cached, stock, sides)


def _apply_sides(unit: UnitOfWork, integration_id: int, product_ids: Collection[str] | None, field: str) -> int:
    """Enters Ozon's values, and marks cards to be sent, where a side is chosen for what differs; gives how many products."""
    changed, to_send, stocks_to_send = set[str](), list[str](), list[str]()
    for card, cached, differences in _differing(unit, integration_id, product_ids):
        chosen = [one for one in differences if one.choosable and one.side is not None and (not field or one.field == field)]
        if not chosen or card.type is None:
            continue
        from_ozon = {one.field for one in chosen if one.side is Side.OZON}
        from_store = {one.field for one in chosen if one.side is Side.STORE}
        saved = unit.cards.saved_for(integration_id, card.product.id, card.type.key)
        taken = taken_from_ozon(card, cached, saved, from_ozon)
        if taken is not None:
            unit.cards.save(integration_id, taken)
        if from_store - {"stock", "price"}:
            # A price that differs from Ozon's is sent anyway.
            to_send.append(cached.offer_id)
        if "stock" in from_store:
            stocks_to_send.append(cached.offer_id)
        changed.add(card.product.id)
    unit.cabinet.forget_sent(integration_id, to_send)
    unit.cabinet.forget_stocks(integration_id, stocks_to_send)
    return len(changed)
