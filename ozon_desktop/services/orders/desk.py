"""The FBS desk: from a new order to a parcel handed over. What is to be done is read from here, what is done is asked of Ozon.

Every action is written before it is asked for and answered after the posting was read again; whoever is killed in between leaves an open
intent, and the next action reads first what became of it. One process at a time works on a cabinet's postings.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import TypeVar

from ozon_desktop.domain.fbs import ActionAsked, ActionEnd, CancelReason, CarriageMethod, FbsAction, FbsIntent, Need, OwnDelivery, ShipState
from ozon_desktop.domain.fbs_todo import PickLine, picking, picking_order, todo
from ozon_desktop.domain.journal import RunKind, RunProblem
from ozon_desktop.domain.lease import fbs_lease
from ozon_desktop.domain.orders import Order, OrderReturn, Posting
from ozon_desktop.errors import MissingRole, NotFound, WrongInput
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.endpoints import Endpoint
from ozon_desktop.ozon.fbs import STEPS, FbsClient
from ozon_desktop.services.orders.desk_view import (
    CarriageDone,
    DeskPatience,
    Done,
    MarkEntered,
    MarksChecked,
    PieceSlot,
    ReturnLine,
    ShipOutcome,
    ShipReport,
    Sleep,
    TodoView,
)
from ozon_desktop.services.orders.parts.assembling import Assembling
from ozon_desktop.services.orders.parts.carrying import Carrying
from ozon_desktop.services.orders.parts.deciding import Deciding
from ozon_desktop.services.orders.parts.fetching import fetched_at
from ozon_desktop.services.orders.parts.keeping import forget_codes
from ozon_desktop.services.orders.parts.ladder import Ladder
from ozon_desktop.services.orders.parts.marking import Marking, Place, enter, slots
from ozon_desktop.services.orders.parts.mending import mend
from ozon_desktop.services.runs.journalled import Journalled, RunReport
from ozon_desktop.services.runs.leases import Held, Leases
from ozon_desktop.services.shared import Clients, Clock, Revision, user_name
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.fbs import outcome_text

T = TypeVar("T")
Packages = Mapping[str, Sequence[Mapping[int, int]]]


@dataclass(frozen=True, slots=True)
class DeskParts:
    """What the desk stands on."""

    storage: Database
    clients: Clients
    clock: Clock
    revision: Revision
    journalled: Journalled
    leases: Leases
    zone: tzinfo


class FbsDesk:
    """Work on the FBS and rFBS postings of an integration.

    Methods that ask Ozon raise OzonError, NetworkError, RunIsHeld (another process works there now), MissingRole before anything is asked
    where the key is known to lack a method, and NotFound for a posting that is no known order.
    """

    def __init__(
        self, parts: DeskParts, patience: DeskPatience | None = None, sleep: Sleep = asyncio.sleep, who: Callable[[], str] = user_name
    ) -> None:
        self._parts = parts
        self._storage = parts.storage
        self._patience = patience or DeskPatience()
        self._sleep = sleep
        self._who = who

    # --- what is to be done -----------------------------------------------------------------------------------------

    async def todo(self, integration_id: int, warehouse_ids: frozenset[int] = frozenset()) -> TodoView:
        """Postings to assemble and to hand over as the last fetch left them. warehouse_ids: of these only."""
        now = self._parts.clock()

        def work(unit: UnitOfWork) -> TodoView:
            postings = [order.posting for order in unit.orders.open(integration_id)]
            chosen = [one for one in postings if not warehouse_ids or one.warehouse_id in warehouse_ids]
            under_way = [intent.subject for intent in unit.fbs.open(integration_id) if intent.action is FbsAction.SHIP]
            return TodoView(tuple(todo(chosen, now, self._parts.zone, under_way)), fetched_at(unit, integration_id))

        return await self._storage.run(work)

    async def picking(self, integration_id: int, numbers: Sequence[str]) -> list[PickLine]:
        """What to fetch for these postings."""
        return picking([order.posting for order in await self._orders(integration_id, numbers)])

    async def in_picking_order(self, integration_id: int, numbers: Sequence[str]) -> list[str]:
        """The same numbers as the picking list goes."""
        return [one.posting_number for one in picking_order([order.posting for order in await self._orders(integration_id, numbers)])]

    async def history(self, integration_id: int, subject: str) -> list[FbsIntent]:
        """All that was done here with a posting, a carriage or a return, with who and when, oldest first."""
        return await self._storage.run(lambda unit: unit.fbs.of_subject(integration_id, subject))

    async def lacking_rights(self, integration_id: int) -> tuple[str, ...]:
        """Methods of the desk the key may not call, as the last check of the connection found."""
        needed = {endpoint.path for endpoint in endpoints.ENDPOINTS if endpoint.function is endpoints.Function.ASSEMBLY}
        report = (await self._storage.run(lambda unit: unit.integrations.get(integration_id))).connection
        return tuple(path for path in (report.missing_methods if report is not None else ()) if path in needed)

    # --- assembling -------------------------------------------------------------------------------------------------

    async def ship(self, integration_id: int, numbers: Sequence[str], packages: Packages | None = None) -> ShipReport:
        """Assembles postings, each in one parcel unless `packages` (pieces by SKU, by posting) says otherwise.

        Partial results are told for each posting. What concerns all of them is raised after they were journalled.
        """
        orders = await self._orders(integration_id, numbers)

        async def job(ladder: Ladder, still: list[FbsIntent]) -> ShipReport:
            work = Assembling(ladder)
            done.append(work)
            await work.ship(orders, packages or {}, still)
            return ShipReport(_in_order(numbers, work), ladder.client.requests_sent)

        done: list[Assembling] = []

        def broke_off() -> RunReport:
            return _ship_report(ShipReport(_in_order(numbers, done[0]))) if done else RunReport()

        return await self._run(integration_id, (endpoints.SHIP, endpoints.POSTING), job, _ship_report, broke_off)

    async def ship_part(self, integration_id: int, number: str, part: Mapping[int, int]) -> Done:
        """Assembles these pieces (by SKU) alone. WrongInput when the posting has not so many."""
        await self._orders(integration_id, [number])
        return await self._decide(integration_id, endpoints.SHIP_PART, number, lambda step: step.ship_part(number, part))

    async def split(self, integration_id: int, number: str, parts: Sequence[Mapping[int, int]]) -> Done:
        """Makes several postings of one without assembling. WrongInput when the parts are not the posting."""
        await self._orders(integration_id, [number])
        return await self._decide(integration_id, endpoints.SPLIT, number, lambda step: step.split(number, parts))

    async def countries(self, integration_id: int, name: str = "") -> dict[str, str]:
        """Countries by code."""
        return await FbsClient(await self._parts.clients.client(integration_id)).countries(name)

    async def set_country(self, integration_id: int, number: str, sku: int, code: str) -> Done:
        """Names the country a product comes from. The detail says when a customs declaration is asked for now."""

        async def work(step: Deciding) -> Done:
            return Done(True, "теперь нужна ГТД" if await step.set_country(number, sku, code) else "")

        await self._orders(integration_id, [number])
        return await self._decide(integration_id, endpoints.SET_COUNTRY, number, work)

    # --- codes on pieces --------------------------------------------------------------------------------------------

    async def slots(self, integration_id: int, number: str) -> tuple[PieceSlot, ...]:
        """The places for codes of a posting, with what is there."""
        await self._orders(integration_id, [number])
        return await self._storage.run(lambda unit: _slots(unit, integration_id, number))

    async def enter_mark(
        self, integration_id: int, number: str, text: str, *, sku: int | None = None, piece: int | None = None, kind: Need | None = None
    ) -> MarkEntered:
        """Puts a scanned code into the named place, else into the first free one it fits. Ozon is not asked."""
        place = Place(integration_id, number, self._parts.clock(), self._who(), sku, piece, kind)
        return await self._storage.run(lambda unit: enter(unit, place, unit.orders.get(integration_id, number).posting, text))

    async def drop_mark(self, integration_id: int, number: str, sku: int, piece: int, kind: Need) -> bool:
        """Takes a code out of its place; whether there was one."""

        def work(unit: UnitOfWork) -> bool:
            found = [one for one in unit.fbs.marks(integration_id, [number]) if (one.sku, one.piece, one.kind) == (sku, piece, kind)]
            for mark in found:
                unit.fbs.drop_mark(mark)
            return bool(found)

        return await self._storage.run(work)

    async def send_marks(self, integration_id: int, number: str) -> MarksChecked:
        """Sends all codes of a posting and waits for Ozon's check. WrongInput when it is not to be assembled any more."""

        async def job(ladder: Ladder, _still: list[FbsIntent]) -> MarksChecked:
            return await Marking(ladder).send(number)

        def report(done: MarksChecked) -> RunReport:
            wrong = [slot for slot in done.slots if slot.mark is not None and slot.mark.errors]
            problems = [RunProblem(slot.offer_id, number, slot.mark.errors[0], ", ".join(slot.mark.errors)) for slot in wrong if slot.mark]
            return RunReport((("done", len(done.slots) - len(wrong)), ("refused", len(wrong))), problems=tuple(problems))

        await self._orders(integration_id, [number])
        return await self._run(integration_id, (endpoints.SET_PIECES, endpoints.PIECES), job, report)

    async def forget_codes(self) -> int:
        """Codes of parcels that left long ago become their digests; gives how many."""
        now = self._parts.clock()
        return await self._storage.run(lambda unit: forget_codes(unit, now))

    # --- cancelling, handing over, own delivery ---------------------------------------------------------------------

    async def cancel_reasons(self, integration_id: int, number: str) -> tuple[CancelReason, ...]:
        """Reasons the seller may give now; () = Ozon lets nobody cancel it."""
        found = await FbsClient(await self._parts.clients.client(integration_id)).cancel_reasons([number])
        return tuple(one for one in found.get(number, ()) if one.by_seller)

    async def cancel(
        self, integration_id: int, number: str, reason_id: int, message: str = "", items: Mapping[int, int] | None = None
    ) -> Done:
        """Cancels a posting, or these pieces of it by SKU, for good. WrongInput for a reason Ozon does not take or that lacks words."""
        await self._orders(integration_id, [number])
        endpoint = endpoints.CANCEL_POSTING if items is None else endpoints.CANCEL_PRODUCTS
        return await self._decide(integration_id, endpoint, number, lambda step: step.cancel(number, reason_id, message, items))

    async def carriage_methods(self, integration_id: int) -> list[CarriageMethod]:
        """Delivery methods with postings to hand over."""
        return await FbsClient(await self._parts.clients.client(integration_id)).carriage_methods()

    async def gather_carriage(self, integration_id: int, method_id: int, numbers: Sequence[str] = ()) -> CarriageDone:
        """The open carriage of a method, of exactly these postings when they are named; nothing is closed yet."""
        needed = (endpoints.CREATE_CARRIAGE, endpoints.CARRIAGE_METHODS)
        return await self._carry(integration_id, needed, lambda step: step.gather(method_id, numbers))

    async def approve_carriage(self, integration_id: int, carriage_id: int, file: Path | None = None) -> CarriageDone:
        """Closes a carriage for good and fetches its documents. FileNotReadable when they cannot be written."""
        return await self._carry(integration_id, (endpoints.APPROVE_CARRIAGE,), lambda step: step.approve(carriage_id, file))

    async def carriage_documents(self, integration_id: int, carriage_id: int, file: Path | None = None) -> CarriageDone:
        """The documents of an approved carriage, once more."""
        return await self._carry(integration_id, (endpoints.ACT_STATUS,), lambda step: step.documents(carriage_id, file))

    async def cancel_carriage(self, integration_id: int, carriage_id: int) -> str:
        """Takes a carriage apart that was not approved. Gives why it was not, "" = it was."""

        async def job(ladder: Ladder, _still: list[FbsIntent]) -> str:
            return await Carrying(ladder).cancel(carriage_id)

        return await self._run(integration_id, (endpoints.CANCEL_CARRIAGE,), job, lambda words: RunReport((("done", int(not words)),)))

    async def move(self, integration_id: int, step: OwnDelivery, numbers: Sequence[str]) -> dict[str, Done]:
        """Moves rFBS postings a step on; an answer for each."""
        await self._orders(integration_id, numbers)
        return await self._each(integration_id, STEPS[step], lambda work: work.move(step, numbers))

    async def track(self, integration_id: int, tracking: Mapping[str, str]) -> dict[str, Done]:
        """Tracking numbers of rFBS postings; an answer for each."""
        await self._orders(integration_id, list(tracking))
        return await self._each(integration_id, endpoints.SET_TRACKING, lambda work: work.track(tracking))

    # --- returns ----------------------------------------------------------------------------------------------------

    async def returns(self, integration_id: int) -> list[ReturnLine]:
        """Goods on their way back as the last fetch knew them, the newest first, with what became of them here."""

        def work(unit: UnitOfWork) -> list[ReturnLine]:
            there = {action: unit.fbs.of_kind(integration_id, action) for action in (FbsAction.RECEIVED, FbsAction.WRITTEN_OFF)}
            here = {intent.subject: intent for intents in there.values() for intent in sorted(intents, key=lambda one: one.id)}
            entries = [entry for order in unit.orders.all(integration_id) for entry in order.returns]
            return [_return_line(entry, here.get(str(entry.id))) for entry in sorted(entries, key=lambda one: -one.id)]

        return await self._storage.run(work)

    async def settle_return(self, integration_id: int, return_id: int, *, written_off: bool = False) -> None:
        """The goods of a return are here: into stock, or written off. NotFound; WrongInput when it was said already."""
        now, action = self._parts.clock(), FbsAction.WRITTEN_OFF if written_off else FbsAction.RECEIVED
        line = next((one for one in await self.returns(integration_id) if one.entry.id == return_id), None)
        if line is None:
            raise NotFound(str(return_id))
        if line.here:
            raise WrongInput(str(return_id), detail="об этом возврате уже записано")
        intent = FbsIntent(0, integration_id, 0, action, str(return_id), ActionAsked(), self._who(), now, now, ActionEnd.DONE)
        await self._storage.run(lambda unit: unit.fbs.begin([intent]))

    # --- running ----------------------------------------------------------------------------------------------------

    async def _orders(self, integration_id: int, numbers: Sequence[str]) -> list[Order]:
        """Known orders of the seller's schemes; NotFound names the first that is none."""
        known = {
            order.posting.posting_number: order for order in await self._storage.run(lambda unit: unit.orders.some(integration_id, numbers))
        }
        for number in numbers:
            if number not in known or known[number].posting.scheme == "fbo":
                raise NotFound(number)
        return [known[number] for number in dict.fromkeys(numbers)]

    async def _decide(self, integration_id: int, endpoint: Endpoint, number: str, work: Callable[[Deciding], Awaitable[Done]]) -> Done:
        async def job(ladder: Ladder, _still: list[FbsIntent]) -> Done:
            return await work(Deciding(ladder))

        def report(done: Done) -> RunReport:
            problems = () if done.done else (RunProblem("", number, "not_done", f"{number}: {done.detail}"),)
            return RunReport((("done", int(done.done)),), problems=problems)

        return await self._run(integration_id, (endpoint, endpoints.POSTING), job, report)

    async def _each(
        self, integration_id: int, endpoint: Endpoint, work: Callable[[Deciding], Awaitable[dict[str, Done]]]
    ) -> dict[str, Done]:
        async def job(ladder: Ladder, _still: list[FbsIntent]) -> dict[str, Done]:
            return await work(Deciding(ladder))

        def report(done: dict[str, Done]) -> RunReport:
            wrong = {number: one.detail for number, one in done.items() if not one.done}
            problems = tuple(RunProblem("", number, "refused", f"{number}: {words}") for number, words in wrong.items())
            return RunReport((("done", len(done) - len(wrong)), ("refused", len(wrong))), problems=problems)

        return await self._run(integration_id, (endpoint,), job, report)

    async def _carry(
        self, integration_id: int, needed: Sequence[Endpoint], work: Callable[[Carrying], Awaitable[CarriageDone]]
    ) -> CarriageDone:
        async def job(ladder: Ladder, _still: list[FbsIntent]) -> CarriageDone:
            return await work(Carrying(ladder))

        def report(done: CarriageDone) -> RunReport:
            problems = tuple(RunProblem("", number, "not_taken", f"{number}: {words}") for number, words in done.not_taken)
            return RunReport((("done", 1),), problems=problems)

        return await self._run(integration_id, needed, job, report)

    async def _run(
        self,
        integration_id: int,
        needed: Sequence[Endpoint],
        job: Callable[[Ladder, list[FbsIntent]], Awaitable[T]],
        report: Callable[[T], RunReport],
        broke_off: Callable[[], RunReport] = RunReport,
    ) -> T:
        """One entry in the journal, under the lease of the cabinet's postings. What earlier runs left open is answered first."""
        lacking = await self.lacking_rights(integration_id)
        missing = next((endpoint for endpoint in needed if endpoint.path in lacking), None)
        if missing is not None:
            raise MissingRole(missing.path)
        client = await self._parts.clients.client(integration_id)

        async def work(held: Held) -> T:
            parts = self._parts
            ladder = Ladder(parts.storage, parts.clock, client, integration_id, held.run_id, self._who(), self._patience, self._sleep)
            return await job(ladder, await mend(ladder))

        try:
            async with self._parts.leases.hold(fbs_lease(integration_id), lambda unit: 0):
                return (await self._parts.journalled.run(integration_id, RunKind.FBS, work, report, broke_off=broke_off)).result
        finally:
            self._parts.revision.bump()


def _slots(unit: UnitOfWork, integration_id: int, number: str) -> tuple[PieceSlot, ...]:
    posting: Posting = unit.orders.get(integration_id, number).posting
    return slots(posting, unit.fbs.marks(integration_id, [number]))


def _return_line(entry: OrderReturn, said: FbsIntent | None) -> ReturnLine:
    return ReturnLine(entry) if said is None else ReturnLine(entry, said.action.value, said.asked_at, said.who)


def _in_order(numbers: Sequence[str], work: Assembling) -> tuple[ShipOutcome, ...]:
    nothing = (ShipOutcome(number, ShipState.NOT_ASKED) for number in dict.fromkeys(numbers))
    return tuple(work.outcomes.get(one.posting_number, one) for one in nothing)


def _ship_report(done: ShipReport) -> RunReport:
    wrong = [one for one in done.outcomes if not one.good and one.state is not ShipState.WAITING]
    waiting = sum(one.state is ShipState.WAITING for one in done.outcomes)
    counts = [
        ("assembled", done.assembled),
        *([("wait_for_ozon", waiting)] if waiting else []),
        *([("refused", len(wrong))] if wrong else []),
    ]
    problems = tuple(
        RunProblem("", one.posting_number, one.state.value, f"{one.posting_number}: {outcome_text(one.state, one.detail, one.needs)}")
        for one in wrong
    )
    return RunReport(tuple(counts), done.requests, problems)
