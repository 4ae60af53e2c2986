"""The synchronization: gate, plan, sending, orders, and the entry in the journal."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ozon_desktop.domain.cabinet import QUOTA_USED_UP, ItemError
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult, failed_offers
from ozon_desktop.domain.lease import sync_lease
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_plan import ActionKind, Part, PlanItem, Reason, SyncPlan
from ozon_desktop.errors import AppError, NetworkError, NotFound
from ozon_desktop.services.orders.orders import OrdersService
from ozon_desktop.services.orders.view import OrdersFetched
from ozon_desktop.services.runs.board import RunBoard
from ozon_desktop.services.runs.leases import Held, Leases, RunIsHeld
from ozon_desktop.services.shared import Clients, Clock, Revision
from ozon_desktop.services.store.watching import own_changes
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState, Patience
from ozon_desktop.services.sync.parts.sender import Sender
from ozon_desktop.services.sync.preview import ALL_PARTS, Preview, PreviewService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SyncResult:
    """How a run ended, item by item. requests: sent to Ozon during the run."""

    run: Run
    outcomes: tuple[ItemOutcome, ...]
    new_orders: int


@dataclass(frozen=True, slots=True)
class Words:
    """Texts the journal keeps: of one of Ozon's errors, of an error of the program, and of a card's problems."""

    item_error: Callable[[ItemError], str]
    error: Callable[[AppError], str]
    skipped: Callable[[PlanItem], tuple[RunProblem, ...]]


class NoLongerDue(Exception):
    """Another process has run it meanwhile."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a run is asked to do. due: asked when the lease is taken; False = another process has run it meanwhile."""

    plan: SyncPlan | None = None
    parts: frozenset[Part] = ALL_PARTS
    cause: RunCause = RunCause.MANUAL
    only_offers: frozenset[str] | None = None
    due: Callable[[UnitOfWork], bool] | None = None


@dataclass(slots=True)
class _Done:
    """What a run has done so far, for the journal."""

    sender: Sender | None = None
    skips: tuple[PlanItem, ...] = ()
    orders: OrdersFetched = field(default_factory=lambda: OrdersFetched(0, 0))


class SyncService:
    """Synchronizes integrations, one run of each at a time, whichever process and computer it is on."""

    def __init__(
        self,
        storage: Database,
        clients: Clients,
        previews: PreviewService,
        orders: OrdersService,
        clock: Clock,
        revision: Revision,
        words: Words,
        patience: Patience | None = None,
        leases: Leases | None = None,
        board: RunBoard | None = None,
    ) -> None:
        self._storage = storage
        self._clients = clients
        self._previews = previews
        self._orders = orders
        self._clock = clock
        self._revision = revision
        self._words = words
        self._patience = patience or Patience()
        self._leases = leases or Leases(storage)
        self.board = board or RunBoard(storage, clock)

    async def preview(
        self, integration_id: int, progress: Progress, parts: frozenset[Part] = ALL_PARTS, *, against_ozon: bool = False
    ) -> Preview:
        """What a run would do now; against_ozon: compared with what Ozon shows at this moment. NotPossibleYet."""
        return await self._previews.preview(integration_id, progress, parts, against_ozon=against_ozon)

    async def run(
        self,
        integration_id: int,
        progress: Progress,
        *,
        plan: SyncPlan | None = None,
        parts: frozenset[Part] = ALL_PARTS,
        cause: RunCause = RunCause.MANUAL,
        only_offers: frozenset[str] | None = None,
        due: Callable[[UnitOfWork], bool] | None = None,
    ) -> SyncResult:
        """Sends `plan`, or a fresh one; a plan is not sent beyond `parts` and `only_offers`.

        RunIsHeld (an AlreadyRunning), NotPossibleYet, OzonError, NetworkError; NoLongerDue when `due` is False by the time the run
        would begin. Whatever was done before an error or a stop is kept, and journalled.
        """
        order = Order(plan, parts, cause, only_offers, due)
        began = self._clock()

        def start(unit: UnitOfWork) -> int:
            if order.due is not None and not order.due(unit):
                raise NoLongerDue
            self._leases.interrupt_dead(unit, integration_id, began, RunKind.SYNC)
            # It is tried again now; if the limit still holds, the run notes it anew.
            self.board.limit_over(unit, integration_id)
            return unit.journal.start(Run(0, integration_id, RunKind.SYNC, cause, began))

        with own_changes():
            async with self._leases.hold(sync_lease(integration_id), start) as held:
                run = Run(held.run_id, integration_id, RunKind.SYNC, cause, began)
                try:
                    return await self._run(run, held, progress, order)
                finally:
                    self.board.ended(integration_id)
                    self._revision.bump()

    async def retry_failed(self, integration_id: int, run_id: int, progress: Progress) -> SyncResult:
        """Sends again only the products that had problems in this run, also cards Ozon refused and that have not changed since.

        NotFound when the run is unknown, another integration's, or nothing failed in it; else as `run`.
        """

        def forget_refusals(unit: UnitOfWork) -> frozenset[str]:
            run = unit.journal.get(run_id)
            offers = failed_offers(run)
            if run.integration_id != integration_id or not offers:
                raise NotFound(str(run_id))
            refused = [known for known in unit.sync.accepted(integration_id).values() if known.refused is not None]
            unit.sync.save_accepted(integration_id, [replace(known, refused=None) for known in refused if known.offer_id in offers])
            return offers

        offers = await self._storage.run(forget_refusals)
        return await self.run(integration_id, progress, only_offers=offers)

    async def reachable(self, integration_id: int) -> bool:
        """Whether Ozon answers at all; asked while offline, so that a run is not begun and journalled in vain."""
        try:
            client = await self._clients.client(integration_id)
            await client.limits()
        except NetworkError:
            return False
        except AppError:
            return True
        return True

    def is_running(self, unit: UnitOfWork, integration_id: int) -> bool:
        """Whether a run of it goes on, in this process or another one."""
        lease = unit.leases.get(sync_lease(integration_id))
        return lease is not None and self._leases.is_alive(lease)

    async def _run(self, run: Run, held: Held, progress: Progress, order: Order) -> SyncResult:
        integration_id = run.integration_id or 0
        done = _Done()

        def tell(update: ProgressUpdate) -> None:
            held.note(update)
            self.board.note(integration_id, update)
            progress(update)

        try:
            client = await self._clients.client(integration_id)
            problem_text = self._noting_limits(integration_id)
            done.sender = sender = Sender(self._storage, client, self._clock, integration_id, run.id, problem_text, self._patience)
            await sender.reconcile()
            plan = narrow(await self._plan(integration_id, tell, order), order.parts, order.only_offers)
            done.skips = plan.of(ActionKind.SKIP)
            await sender.send(plan, tell)
            if Part.ORDERS in order.parts and order.only_offers is None:
                tell(ProgressUpdate(Stage.ORDERS))
                done.orders = await self._orders.bring(integration_id, tell)
        except asyncio.CancelledError:
            lost = RunIsHeld(str(integration_id), held.lost) if held.lost is not None else None
            reason = self._words.error(lost) if lost is not None else ""
            await asyncio.shield(self._finish(run, done, RunResult.STOPPED, reason))
            if lost is not None and (task := asyncio.current_task()) is not None and not task.uncancel():
                raise lost from None
            raise
        except AppError as error:
            await self._finish(run, done, RunResult.FAILED, self._words.error(error))
            raise
        except Exception as error:
            await self._finish(run, done, RunResult.FAILED, type(error).__name__)
            raise
        finished = await self._finish(run, done, None, "")
        return SyncResult(finished, tuple(sender.outcomes.values()), done.orders.new)

    async def _plan(self, integration_id: int, progress: Progress, order: Order) -> SyncPlan:
        if order.plan is not None:
            return order.plan
        preview = await self._previews.preview(integration_id, progress, order.parts)
        if preview.offline is not None and order.parts != {Part.ORDERS}:
            # Planned without a look into the cabinet it would miss warehouses and cards that exist: nothing to send by.
            raise preview.offline
        return preview.plan

    def _noting_limits(self, integration_id: int) -> Callable[[ItemError], str]:
        """The words of an error; one that says until when a limit is used up is remembered for the status line and the schedule."""

        def text(error: ItemError) -> str:
            if error.code == QUOTA_USED_UP:
                self.board.waits_for_limit(integration_id, self._clock() + timedelta(seconds=float(error.message)))
            return self._words.item_error(error)

        return text

    async def _finish(self, run: Run, done: _Done, result: RunResult | None, reason: str) -> Run:
        """Journals the run; result None = it got through, and its outcomes tell how."""
        sender, skips = done.sender, done.skips
        outcomes = tuple(sender.outcomes.values()) if sender is not None else ()
        sent = dict.fromkeys(ActionKind, 0)
        for outcome in outcomes:
            sent[outcome.kind] += outcome.state is OutcomeState.SENT
        sent[ActionKind.SKIP] = len(skips)
        failed = {outcome.offer_id for outcome in outcomes if outcome.state is OutcomeState.FAILED}
        waiting = {outcome.offer_id for outcome in outcomes if outcome.state is OutcomeState.WAITING}
        counts = [(kind.value, number) for kind, number in sent.items()]
        held_back = {Reason.REFUSED_UNCHANGED, Reason.PRICES_HELD, Reason.PRICE_NOT_ALLOWED}
        refused = sum(1 for item in skips if item.reason in held_back)
        counts += [("failed", len(failed)), ("waiting", len(waiting)), ("refused", refused), ("orders", done.orders.new)]
        counts += done.orders.failed_counts
        if result is None:
            part = failed or waiting or refused or done.orders.not_exported is not None
            result = RunResult.PARTIAL if part else RunResult.DONE
        finished = replace(
            run,
            finished_at=self._clock(),
            result=result,
            counts=tuple(counts),
            requests=sender.client.requests_sent if sender is not None else 0,
            reason=reason,
            problems=tuple(self._problems(done)),
        )
        await self._storage.run(lambda unit: unit.journal.finish(finished))
        await self.board.keep_limit(finished.integration_id or 0)
        return finished

    def _problems(self, done: _Done) -> Iterator[RunProblem]:
        """Of products sent, of products left out, and of the run as a whole."""
        if done.sender is not None:
            for outcome in done.sender.outcomes.values():
                yield from outcome.problems
        for item in done.skips:
            yield from self._words.skipped(item)
        if done.sender is not None:
            yield from done.sender.notes
        yield from self._orders.problems(done.orders)


def narrow(plan: SyncPlan, parts: frozenset[Part], only_offers: frozenset[str] | None) -> SyncPlan:
    """The plan without the parts switched off and, with `only_offers`, for these products alone."""
    kinds = {ActionKind.SKIP}
    if Part.PRODUCTS in parts:
        kinds |= {ActionKind.CREATE, ActionKind.UPDATE, ActionKind.ARCHIVE}
    if Part.PRICES in parts:
        kinds.add(ActionKind.PRICE)
    if Part.STOCKS in parts:
        kinds.add(ActionKind.STOCK)
    items = (item for item in plan.items if item.kind in kinds)
    return SyncPlan(tuple(item for item in items if only_offers is None or item.offer_id in only_offers))
