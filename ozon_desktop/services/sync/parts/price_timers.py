"""Keeps the lowest prices binding: reads their timers, plans to prolong those that end, prolongs them, and writes down what came of it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.price_timers import NOT_PROLONGED, KnownTimer, MinPriceTimer, timer_items
from ozon_desktop.domain.sync_plan import ActionKind, PlanItem, SyncPlan, in_order
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.parts.record import Desk, batches
from ozon_desktop.services.sync.parts.splitting import Splitting
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

TIMERS_A_REQUEST = 1000


class TimerReader:
    """The timers of one integration, as Ozon tells them."""

    def __init__(self, storage: Database, client: OzonClient, clock: Clock, integration_id: int) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._id = integration_id

    async def read(self, timers: Collection[KnownTimer]) -> dict[str, MinPriceTimer]:
        """Asks about these products and keeps what Ozon says, by article. OzonError, NetworkError."""
        by_id = {one.product_id: one.offer_id for one in timers}
        found: dict[str, MinPriceTimer] = {}
        for batch in batches(list(by_id), TIMERS_A_REQUEST):
            read = await self._client.min_price_timers(batch)
            # One that Ozon says nothing of has no timer.
            said = {product_id: MinPriceTimer(product_id, enabled=False) for product_id in batch} | {one.product_id: one for one in read}
            found |= {by_id[product_id]: timer for product_id, timer in said.items() if product_id in by_id}
        now = self._clock()
        if found:
            await self._storage.run(lambda unit: unit.price_timers.save(self._id, found.items(), now))
        return found

    async def refresh(self) -> None:
        """Reads what was not read for a day; a lowest price that Ozon does not respect any more is planned anew. As `read`."""
        now = self._clock()
        stale = [one for one in await self._storage.run(lambda unit: unit.price_timers.all(self._id)) if one.to_read(now)]
        read = await self.read(stale)
        loose = [offer_id for offer_id, timer in read.items() if not timer.binds(now)]
        if loose:
            await self._storage.run(lambda unit: unit.price_timers.forget_minimum(self._id, loose))


def with_timers(unit: UnitOfWork, integration_id: int, plan: SyncPlan, now: datetime) -> SyncPlan:
    """The plan with a line for each timer that is to be prolonged."""
    sent = frozenset(item.offer_id for item in plan.of(ActionKind.PRICE) if item.min_price)
    items = timer_items(unit.price_timers.all(integration_id), sent, now)
    if not items:
        return plan
    cards = unit.plan.accepted_whole(integration_id, {item.offer_id for item in items})
    names = {offer_id: known.payload.name for offer_id, known in cards.items() if known.payload is not None}
    return in_order([*plan.items, *(replace(item, name=names.get(item.offer_id, "")) for item in items)])


class TimerSender:
    """Prolongs timers in one run."""

    def __init__(self, desk: Desk, reader: TimerReader) -> None:
        self._desk = desk
        self._reader = reader

    async def send(self, items: Sequence[PlanItem]) -> None:
        """Prolongs them, and looks until when they run now."""
        splitting = Splitting(self._prolong, self._refuse)
        known = [item for item in items if self._desk.ledger.get(item.offer_id).product_id]
        for batch in batches(known, TIMERS_A_REQUEST):
            await splitting.send(batch)
        asked = [item for item in known if self._desk.record.state(item) is OutcomeState.SENT]
        now = self._desk.record.clock()
        timers = await self._reader.read(self._known(asked))
        for item in asked:
            timer = timers.get(item.offer_id)
            if timer is None or not timer.binds(now) or timer.ends_soon(now):
                self._desk.record.note(item, OutcomeState.WAITING, (ItemError(NOT_PROLONGED, ""),))

    async def look(self, prices: Sequence[PlanItem]) -> None:
        """Reads the timers that the lowest prices sent in this run have started."""
        sent = [item for item in prices if item.min_price and self._desk.record.state(item) is OutcomeState.SENT]
        await self._reader.read(self._known(sent))

    def _known(self, items: Sequence[PlanItem]) -> list[KnownTimer]:
        return [KnownTimer(item.offer_id, self._desk.ledger.get(item.offer_id).product_id) for item in items]

    async def _prolong(self, batch: tuple[PlanItem, ...]) -> None:
        # Prolonging twice does no harm, and what became of it is read afterwards: it needs no intent.
        await self._desk.client.prolong_min_price_timers([self._desk.ledger.get(item.offer_id).product_id for item in batch])
        for item in batch:
            self._desk.record.note(item, OutcomeState.SENT)

    def _refuse(self, batch: tuple[PlanItem, ...], error: Exception) -> None:
        for item in batch:
            self._desk.record.note_error(item, error)
