"""Orders on their way to a connected store: which it lacks, handing them over, and how they stand there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from ozon_desktop.backoffice.protocol import OrderDesk
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.lease import STORE_ORDERS_LEASE
from ozon_desktop.domain.store_connection import OrdersHeld, OrderStage, PlacedOrder, StoreOrder, stage_of
from ozon_desktop.errors import BackOfficeAnswerUnreadable, BackOfficeError, BackOfficeFailed, BackOfficeNotFound, BackOfficeRefused
from ozon_desktop.services.orders.feeding import Feeding
from ozon_desktop.services.orders.view import HandedOver
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.store.unproved_ids import held_orders
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.store_orders import KeptOrder
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.store_connection import changed_by_hand_text, no_store_product_text, still_reserved_text

STATES = "store/order_states"
MOST = 5_000
"""Orders handed over at once; the next look takes the next."""

CHANGED_BY_HAND, NO_STORE_PRODUCT, STILL_RESERVED = "changed_by_hand", "no_store_product", "still_reserved"


@dataclass(frozen=True, slots=True)
class _Waiting:
    order: StoreOrder
    kept: KeptOrder


class StoreOrders:
    """What the store is told of orders, whatever connection it has. The store knows each by a permanent number of the program.

    An order is asked for (`asked`) before it goes out and confirmed after; whoever is killed in between asks again, for a connection
    makes an order of one posting only once. One process at a time hands orders over: `lease`.
    """

    lease = STORE_ORDERS_LEASE

    def __init__(self, storage: Database, clock: Clock, leases: Leases) -> None:
        self._storage = storage
        self._clock = clock
        self._leases = leases

    # --- the table of states ----------------------------------------------------------------------------------------

    async def states(self) -> dict[OrderStage, str]:
        """The store's state (id or name) for each stage; a stage without one leaves the state there alone."""
        return await self._storage.run(_states)

    async def set_states(self, states: Mapping[OrderStage, str]) -> None:
        kept = {stage.value: state.strip() for stage, state in states.items() if state.strip()}
        text = msgspec.json.encode(kept).decode()
        await self._storage.run(lambda unit: unit.preferences.set(STATES, text))

    # --- what the store lacks ---------------------------------------------------------------------------------------

    async def waiting(self, most: int, integration_id: int | None = None) -> list[StoreOrder]:
        """Orders the store has not confirmed as they are now, oldest first. integration_id None = of all cabinets that are enabled."""
        return [entry.order for entry in await self._storage.run(lambda unit: self._waiting(unit, most, integration_id))]

    async def count_waiting(self, integration_id: int) -> int:
        return await self._storage.run(lambda unit: unit.store_orders.count_waiting(integration_id))

    async def held(self) -> OrdersHeld | None:
        """Why none of them may go out now; None = they may."""
        return await self._storage.run(held_orders)

    async def asked(self, orders: Sequence[StoreOrder]) -> None:
        """Notes that these are about to be given to the store."""
        now = self._clock()

        def work(unit: UnitOfWork) -> None:
            for order in orders:
                unit.store_orders.ask(order.order.integration_id, order.posting_number, order.stage, now)

        await self._storage.run(work)

    async def confirmed(self, orders: Sequence[StoreOrder], placed: Mapping[str, PlacedOrder] | None = None) -> None:
        """The store has these, as they were given. placed: how they stand there, by posting number, where that is known."""
        now = self._clock()
        await self._storage.run(lambda unit: _confirm(unit, orders, placed or {}, now))

    async def refused(self, order: StoreOrder, reason: str) -> bool:
        """Keeps why the store did not take it; gives whether that is news. It is tried again with every handing over."""
        return await self._storage.run(lambda unit: unit.store_orders.refuse(order.order.integration_id, order.posting_number, reason))

    async def seen(self, found: Mapping[int, PlacedOrder]) -> int:
        """Keeps how orders stand in the store, by the program's own number; gives how many of them have changed."""

        def work(unit: UnitOfWork) -> int:
            known = unit.store_orders.by_own_number(found)
            return unit.store_orders.see({(kept.integration_id, kept.posting_number): found[number] for number, kept in known.items()})

        return await self._storage.run(work)

    async def placed(self, integration_id: int) -> list[KeptOrder]:
        """Orders the store has, as they were last seen there."""
        return await self._storage.run(lambda unit: unit.store_orders.placed(integration_id))

    async def problems(self, integration_id: int) -> dict[str, str]:
        """Why the store did not take orders, by posting number."""
        return await self._storage.run(lambda unit: unit.store_orders.problems(integration_id))

    # --- handing over -----------------------------------------------------------------------------------------------

    async def hand_over(self, integration_id: int, desk: OrderDesk) -> HandedOver:
        """Gives the store what it lacks, one by one; one it refuses is kept for the next time and holds up no other.

        Nothing while orders are held. RunIsHeld: another process hands over now. Any other BackOfficeError ends it: what was taken until
        then is kept. An order that the store itself fails at is like a refused one, if it does not fail at the next as well.
        """
        began, done = self._clock(), HandedOver()
        async with self._leases.hold(self.lease, lambda unit: 0):
            held = await self.held()
            if held is not None:
                return HandedOver(waiting=await self.count_waiting(integration_id), held=held)
            try:
                failed: tuple[StoreOrder, BackOfficeError] | None = None
                for entry in await self._storage.run(lambda unit: self._waiting(unit, MOST, integration_id)):
                    try:
                        done = await self._give(entry, desk, done)
                    except (BackOfficeFailed, BackOfficeAnswerUnreadable) as error:
                        if failed is not None:
                            raise
                        failed = entry.order, error
                    else:
                        if failed is not None:
                            done = replace(done, problems=(*done.problems, *await self._refused(*failed)))
                        failed = None
                if failed is not None:
                    raise failed[1]
            finally:
                # Also of what was taken before the store fell silent.
                if done.orders or done.problems:
                    await self._journal(integration_id, began, done)
            return done

    async def _journal(self, integration_id: int, began: datetime, done: HandedOver) -> None:
        counts = (("handed", done.orders),)
        run = Run(0, integration_id, RunKind.STORE_ORDERS, RunCause.CONNECTION, began, counts=counts, problems=done.problems)
        ended = replace(run, finished_at=self._clock(), result=RunResult.PARTIAL if done.problems else RunResult.DONE)
        await self._storage.run(lambda unit: unit.journal.finish(replace(ended, id=unit.journal.start(run))))

    async def _give(self, entry: _Waiting, desk: OrderDesk, done: HandedOver) -> HandedOver:
        order, kept = entry.order, entry.kept
        first = kept.asked_stage is None
        await self.asked([order])
        try:
            placed = await self._placed(entry, desk)
        except (BackOfficeRefused, BackOfficeNotFound) as error:
            return replace(done, problems=(*done.problems, *await self._refused(order, error)))
        await self.confirmed([order], {} if placed is None else {order.posting_number: placed})
        problems = list(unknown_lines(order)) if first else []
        if placed is not None and placed.changed_by_hand and not (kept.placed is not None and kept.placed.changed_by_hand):
            problems.append(RunProblem("", order.posting_number, CHANGED_BY_HAND, changed_by_hand_text(order.posting_number)))
        if placed is not None and placed.reserved and not placed.shipped and _newly_cancelled(entry):
            problems.append(RunProblem("", order.posting_number, STILL_RESERVED, still_reserved_text(order.posting_number)))
        return replace(done, orders=done.orders + 1, problems=(*done.problems, *problems))

    @staticmethod
    async def _placed(entry: _Waiting, desk: OrderDesk) -> PlacedOrder | None:
        """How it stands in the store now; None = it was cancelled before the store had it."""
        order, kept = entry.order, entry.kept
        placed = kept.placed
        if placed is None and order.stage is OrderStage.CANCELLED:
            placed = (await desk.find([order])).get(order.posting_number)
            if placed is None:
                return None
        if placed is None:
            return await desk.put(order)
        return await desk.set_state(order, placed, kept.set_state)

    async def _refused(self, order: StoreOrder, error: BackOfficeError) -> list[RunProblem]:
        text = error_line(error)
        if not await self.refused(order, text):
            return []
        return [RunProblem("", order.posting_number, type(error).__name__, text)]

    def _waiting(self, unit: UnitOfWork, most: int, integration_id: int | None) -> list[_Waiting]:
        cabinets = [integration.id for integration in unit.integrations.all() if integration.enabled]
        found: list[_Waiting] = []
        for id_ in cabinets if integration_id is None else [integration_id]:
            numbers = unit.store_orders.waiting(id_, most - len(found))
            found += _store_orders(unit, id_, numbers)
        return found


def _newly_cancelled(entry: _Waiting) -> bool:
    return entry.order.stage is OrderStage.CANCELLED and entry.kept.set_stage is not OrderStage.CANCELLED


def unknown_lines(order: StoreOrder) -> list[RunProblem]:
    """A line for each product of the order that the store does not know: it stands in the comment there."""
    number = order.posting_number
    missing = [line for line in order.order.posting.products if line.offer_id not in order.product_ids]
    return [
        RunProblem(line.offer_id, number, NO_STORE_PRODUCT, no_store_product_text(number, line.offer_id, line.name, line.quantity))
        for line in missing
    ]


def _store_orders(unit: UnitOfWork, integration_id: int, numbers: Sequence[str]) -> list[_Waiting]:
    if not numbers:
        return []
    kept = unit.store_orders.numbered(integration_id, numbers)
    states, orders = _states(unit), unit.orders.some(integration_id, numbers)
    articles = {line.offer_id for order in orders for line in order.posting.products}
    ids = unit.orders.product_ids(integration_id, articles)
    houses = Feeding(unit)
    found = []
    for order in orders:
        stage, known = stage_of(order), kept[order.posting.posting_number]
        own = {line.offer_id: ids[line.offer_id] for line in order.posting.products if line.offer_id in ids}
        places = houses.taken_from(integration_id, order.posting)
        found.append(_Waiting(StoreOrder(order, known.own_number, stage, states.get(stage, ""), own, places), known))
    return found


def _states(unit: UnitOfWork) -> dict[OrderStage, str]:
    text = unit.preferences.get(STATES)
    return msgspec.json.decode(text, type=dict[OrderStage, str]) if text else {}


def _confirm(unit: UnitOfWork, orders: Sequence[StoreOrder], placed: Mapping[str, PlacedOrder], now: datetime) -> None:
    for order in orders:
        integration_id, number = order.order.integration_id, order.posting_number
        there = placed.get(number)
        if there is not None:
            known = unit.store_orders.some(integration_id, [number]).get(number)
            there = there.after(known.placed if known is not None else None)
        unit.store_orders.confirm(integration_id, number, order.stage, order.state, there)
        # By the store's clock where it tells: its stocks are dated by it too.
        at = now if there is None or there.seen_at is None else there.seen_at
        unit.orders.mark_handed(integration_id, {number: order.order.state}, at)
