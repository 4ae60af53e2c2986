"""«Загрузить карточки с Ozon»: the cabinet's cards in the cache, whose they are, where they differ, and their way into the store."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ozon_desktop.domain.adoption import CachedCard, Decision
from ozon_desktop.domain.card import Card
from ozon_desktop.domain.card_differences import HELD, CardDifference, Side, SideChoice, Sides, compare, taken_from_ozon, with_ozon_kept
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.journal import RunKind
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.pricing import split_stock
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.domain.sync_plan import DesiredState
from ozon_desktop.errors import AlreadyMatched, AlreadyRunning, NotFound, WrongInput
from ozon_desktop.services.cabinet.card_export import CardExport
from ozon_desktop.services.cabinet.parts.loading import CabinetLoading
from ozon_desktop.services.cabinet.parts.match_decisions import MatchDecisions
from ozon_desktop.services.cabinet.report import AdoptionReport, matched, missing_links, read_known, report_of, save_links
from ozon_desktop.services.cards.builder import prepare
from ozon_desktop.services.cards.history import CardHistory
from ozon_desktop.services.runs.journalled import Counts, Journalled, RunReport
from ozon_desktop.services.runs.leases import Held
from ozon_desktop.services.shared import Clients, Clock, Revision
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.plan_rows import ProductOutline
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.catalog_export import write_catalog
from ozon_desktop.store.sheets import write_sheet
from ozon_desktop.wording.card_steps import side_step
from ozon_desktop.wording.setup import field_label

TABLE_FILE = "ozon-cards.xlsx"
NEVER_CHOSEN = frozenset({"type_key", "old_price"})


@dataclass(frozen=True, slots=True)
class ExportedFiles:
    """What was written. archived: cards left out because they are in Ozon's archive."""

    import_file: Path
    offers_file: Path
    table: Path
    cards: int
    archived: int


class CabinetCardsService:
    """The cabinet's own cards of an integration.

    A card whose article is not the product's is tied to it by a link (product id → article on Ozon): made for a match by barcode, a
    confirmed proposal and a card assigned by hand. Wherever a product's article on Ozon is needed (plan, readiness, prices, stocks)
    the link comes before the store's article, so such a card is updated under its own one and the product is never created again.
    """

    def __init__(
        self, storage: Database, clients: Clients, clock: Clock, revision: Revision, journalled: Journalled, history: CardHistory
    ) -> None:
        self._history = history
        self._storage = storage
        self._clients = clients
        self._clock = clock
        self._revision = revision
        self._journalled = journalled
        self._decisions = MatchDecisions(storage)
        self._loading: set[int] = set()
        self._reports: dict[int, tuple[int, AdoptionReport]] = {}

    async def load(self, integration_id: int, progress: Progress) -> AdoptionReport:
        """Reads the whole cabinet, links cards with products, applies the chosen sides. OzonError, NetworkError, AlreadyRunning.

        What came before an error or a stop is cached; links are made from complete readings only. The journal shows it.
        """
        if integration_id in self._loading:
            raise AlreadyRunning(str(integration_id))
        read, requests = 0, 0

        async def job(_: Held) -> AdoptionReport:
            nonlocal requests
            client = await self._clients.client(integration_id)
            before = client.requests_sent
            await CabinetLoading(self._storage, client, self._clock, integration_id).run(counted)
            requests = client.requests_sent - before
            progress(ProgressUpdate(Stage.PLAN))
            await self._settle(integration_id)
            self._revision.bump()
            return await self.report(integration_id)

        def counted(update: ProgressUpdate) -> None:
            nonlocal read
            read = max(read, update.done)
            progress(update)

        def report(result: AdoptionReport) -> RunReport:
            return RunReport((("cards", read), *_counts(result)), requests)

        def broke_off() -> RunReport:
            return RunReport((("cards", read),))

        self._loading.add(integration_id)
        try:
            return (await self._journalled.run(integration_id, RunKind.CABINET, job, report, broke_off=broke_off)).result
        finally:
            self._loading.discard(integration_id)
            self._decisions.forget_step(integration_id)
            self._revision.bump()

    async def report(self, integration_id: int) -> AdoptionReport:
        """Whose the cached cards are, as of the store's products now; works offline."""
        known = self._reports.get(integration_id)
        number = self._revision.number
        if known is None or known[0] != number:
            facts = await self._storage.run(lambda unit: read_known(unit, integration_id))
            adoption = await asyncio.to_thread(matched, facts)
            known = number, report_of(facts, adoption, self._decisions.undoable(integration_id))
            self._reports[integration_id] = known
            links = missing_links(facts, adoption) if facts.complete else []
            if links:
                # A product that came into the store since, or a decision taken back: linked now, or it would be created anew.
                await self._storage.run(lambda unit: save_links(unit, integration_id, links))
                self._revision.bump()
        return known[1]

    async def card(self, integration_id: int, offer_id: str) -> CachedCard:
        """One card as last read. NotFound."""
        return await self._storage.run(lambda unit: _cached(unit, integration_id, offer_id))

    async def confirm(self, integration_id: int, product_id: str, offer_id: str) -> None:
        """The card is this product's: it will be updated, never created. Takes the place of what either was matched to. NotFound."""
        await self.decide(integration_id, [Decision(product_id, offer_id, True)])

    async def reject(self, integration_id: int, product_id: str, offer_id: str) -> None:
        """The card is not this product's and is not proposed again. NotFound; WrongInput ("offer_id") when the articles are equal."""
        await self.decide(integration_id, [Decision(product_id, offer_id, False)])

    async def decide(self, integration_id: int, decisions: Sequence[Decision]) -> None:
        """Confirms and rejects pairs in one step, all of them or none; see `confirm` and `reject`."""
        await self._decisions.decide(integration_id, decisions)
        self._revision.bump()

    async def assign(self, integration_id: int, product_id: str, offer_id: str) -> None:
        """As `confirm`, of a card and a product that nothing connects: AlreadyMatched when either is matched with another one."""
        report = await self.report(integration_id)
        for card in report.matched:
            product = card.product
            if product is not None and (product.product_id == product_id) != (card.offer_id == offer_id):
                raise AlreadyMatched(product.offer_id, detail=card.offer_id)
        await self.confirm(integration_id, product_id, offer_id)

    async def take_back(self, integration_id: int, decisions: Sequence[Decision]) -> None:
        """Forgets decisions: a rejected pair is proposed, or matched by its barcode, again."""
        await self._decisions.take_back(integration_id, decisions)
        self._revision.bump()

    async def undo(self, integration_id: int) -> int:
        """Takes the last step of decisions back; gives how many pairs it had, 0 = there is nothing to take back."""
        undone = await self._decisions.undo(integration_id)
        self._revision.bump()
        return undone

    # --- differences ------------------------------------------------------------------------------------------------

    async def differences(
        self, integration_id: int, product_ids: Collection[str] | None = None, fields: Collection[str] | None = None
    ) -> list[CardDifference]:
        """Where cards and products differ, by product; None = of all products, in all fields. Works offline.

        Types are named by their paths in the tree.
        """

        def work(unit: UnitOfWork) -> list[CardDifference]:
            found = _differing(unit, integration_id, product_ids)
            rows = [one for _, _, of_card in found for one in of_card if fields is None or one.field in fields]
            return _with_type_names(unit, rows)

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
        step = self._history.record(integration_id)

        def work(unit: UnitOfWork) -> tuple[int, str]:
            # A rule may enter values on any product.
            reached = owners if product_ids else [outline.id for outline in _sold(unit, integration_id)] if side is Side.OZON else ()
            with step.watch_sides(unit, [(owner, field) for owner in owners], reached):
                if side is None:
                    for owner in owners:
                        unit.cabinet.forget_sides(integration_id, owner, field)
                    changed = 0
                else:
                    unit.cabinet.choose_sides(integration_id, [SideChoice(owner, field, side) for owner in owners])
                    changed = _apply_sides(unit, integration_id, product_ids or None, field)
            return changed, _field_name(unit, field)

        changed, name = await self._storage.run(work)
        step.keep(side_step(side, name, len(product_ids)))
        self._revision.bump()
        return changed

    async def _settle(self, integration_id: int) -> None:
        """After a complete reading: barcodes become links, and what was chosen before holds for what is new."""
        facts = await self._storage.run(lambda unit: read_known(unit, integration_id))
        adoption = await asyncio.to_thread(matched, facts)
        links = missing_links(facts, adoption)

        def work(unit: UnitOfWork) -> None:
            save_links(unit, integration_id, links)
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


def ozon_sides(unit: UnitOfWork, integration_id: int) -> Callable[[DesiredState], DesiredState]:
    """For planning a synchronization: leaves Ozon's own value in fields whose side is Ozon."""
    sides = Sides.of(unit.cabinet.sides(integration_id))

    def kept(desired: DesiredState) -> DesiredState:
        if not any(sides.side(desired.card.product.id, name) is Side.OZON for name in HELD):
            return desired
        cached = next(unit.cabinet.cards(integration_id, [desired.card.offer_id]), None)
        return with_ozon_kept(desired, cached, sides)

    return kept


def _sold(unit: UnitOfWork, integration_id: int) -> list[ProductOutline]:
    return unit.plan.outlines(unit.integrations.get(integration_id).settings.catalog_structure_id)[0]


def _field_name(unit: UnitOfWork, field: str) -> str:
    """As the window calls it; "" = all fields."""
    number = field.removeprefix("attribute:")
    if number == field:
        return field_label(field) if field else ""
    return unit.ozon.attribute_names([int(number)]).get(int(number), f"№ {number}")


def _cached(unit: UnitOfWork, integration_id: int, offer_id: str) -> CachedCard:
    found = sorted(unit.cabinet.cards(integration_id, [offer_id]), key=lambda card: card.gone)
    if not found:
        raise NotFound(offer_id)
    return found[0]


def _counts(report: AdoptionReport) -> Counts:
    """For the journal: what became of the cards."""
    return (
        ("matched", len(report.matched)),
        ("only_ozon", len(report.only_ozon)),
        ("only_store", len(report.only_store)),
        ("unsure", len(report.doubtful) + len(report.several)),
        ("gone", len(report.gone)),
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
        saved = context.saved.get(product.id, {}).get(card.type.key) if card.type is not None else None
        yield card, cached, compare(card, cached, stock, sides, entered=saved.dimensions if saved is not None else None)


def _with_type_names(unit: UnitOfWork, rows: list[CardDifference]) -> list[CardDifference]:
    if not any(row.field == "type_key" for row in rows):
        return rows
    tree = unit.ozon.tree()

    def named(text: str) -> str:
        return " / ".join(tree.type_path(TypeKey.parse(text))) or text

    return [replace(row, store=named(row.store), ozon=named(row.ozon)) if row.field == "type_key" else row for row in rows]


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
