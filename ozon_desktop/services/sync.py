"""The synchronization: gate, plan, sending, orders, and the entry in the journal."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.sync_plan import ActionKind, Part, PlanItem, Reason, SyncPlan
from ozon_desktop.errors import AlreadyRunning, AppError
from ozon_desktop.services.orders import OrdersService
from ozon_desktop.services.parts import Clients, Clock, Revision
from ozon_desktop.services.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.services.sync_preview import ALL_PARTS, Preview, PreviewService
from ozon_desktop.services.sync_sender import ItemOutcome, OutcomeState, Patience, Sender
from ozon_desktop.storage.database import Database

__all__ = ["ALL_PARTS", "ItemOutcome", "OutcomeState", "Preview", "SyncResult", "SyncService"]


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


class SyncService:
    """Synchronizes integrations, one run of each at a time."""

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
    ) -> None:
        self._storage = storage
        self._clients = clients
        self._previews = previews
        self._orders = orders
        self._clock = clock
        self._revision = revision
        self._words = words
        self._patience = patience or Patience()
        self._running: set[int] = set()

    async def preview(self, integration_id: int, progress: Progress, parts: frozenset[Part] = ALL_PARTS) -> Preview:
        """What a run would do now. NotPossibleYet."""
        return await self._previews.preview(integration_id, progress, parts)

    async def run(
        self,
        integration_id: int,
        progress: Progress,
        *,
        plan: SyncPlan | None = None,
        parts: frozenset[Part] = ALL_PARTS,
        cause: RunCause = RunCause.MANUAL,
        only_offers: frozenset[str] | None = None,
    ) -> SyncResult:
        """Sends `plan`, or a fresh one; a plan is not sent beyond `parts` and `only_offers`.

        AlreadyRunning, NotPossibleYet, OzonError, NetworkError. Whatever was done before an error or a stop is kept, and journalled.
        """
        if integration_id in self._running:
            raise AlreadyRunning(str(integration_id))
        self._running.add(integration_id)
        try:
            return await self._run(integration_id, progress, plan, parts, cause, only_offers)
        finally:
            self._running.discard(integration_id)
            self._revision.bump()

    async def _run(
        self,
        integration_id: int,
        progress: Progress,
        plan: SyncPlan | None,
        parts: frozenset[Part],
        cause: RunCause,
        only_offers: frozenset[str] | None,
    ) -> SyncResult:
        run = Run(0, integration_id, RunKind.SYNC, cause, self._clock())
        client = None
        sender: Sender | None = None
        new_orders, counts = 0, dict.fromkeys(ActionKind, 0)
        run = replace(run, id=await self._storage.run(lambda unit: unit.journal.start(run)))
        skips: tuple[PlanItem, ...] = ()
        try:
            client = await self._clients.client(integration_id)
            sender = Sender(self._storage, client, self._clock, integration_id, run.id, self._words.item_error, self._patience)
            await sender.reconcile()
            if plan is None:
                preview = await self._previews.preview(integration_id, progress, parts)
                if preview.offline is not None and parts != {Part.ORDERS}:
                    # Planned without a look into the cabinet it would miss warehouses and cards that exist: nothing to send by.
                    raise preview.offline
                plan = preview.plan
            plan = narrow(plan, parts, only_offers)
            counts, skips = plan.counts(), plan.of(ActionKind.SKIP)
            await sender.send(plan, progress)
            if Part.ORDERS in parts and only_offers is None:
                progress(ProgressUpdate(Stage.ORDERS))
                new_orders = (await self._orders.bring(integration_id, progress)).new
        except asyncio.CancelledError:
            await asyncio.shield(self._finish(run, sender, skips, counts, new_orders, RunResult.STOPPED, ""))
            raise
        except AppError as error:
            await self._finish(run, sender, skips, counts, new_orders, RunResult.FAILED, self._words.error(error))
            raise
        except Exception as error:
            await self._finish(run, sender, skips, counts, new_orders, RunResult.FAILED, type(error).__name__)
            raise
        finished = await self._finish(run, sender, skips, counts, new_orders, None, "")
        return SyncResult(finished, tuple(sender.outcomes.values()), new_orders)

    async def _finish(
        self,
        run: Run,
        sender: Sender | None,
        skips: tuple[PlanItem, ...],
        planned: dict[ActionKind, int],
        new_orders: int,
        result: RunResult | None,
        reason: str,
    ) -> Run:
        outcomes = tuple(sender.outcomes.values()) if sender is not None else ()
        sent = dict.fromkeys(ActionKind, 0)
        for outcome in outcomes:
            sent[outcome.kind] += outcome.state is OutcomeState.SENT
        sent[ActionKind.SKIP] = planned[ActionKind.SKIP]
        failed = {outcome.offer_id for outcome in outcomes if outcome.state is OutcomeState.FAILED}
        waiting = {outcome.offer_id for outcome in outcomes if outcome.state is OutcomeState.WAITING}
        counts = [(kind.value, number) for kind, number in sent.items()]
        refused = sum(1 for item in skips if item.reason is Reason.REFUSED_UNCHANGED)
        counts += [("failed", len(failed)), ("waiting", len(waiting)), ("refused", refused), ("orders", new_orders)]
        problems = tuple(problem for outcome in outcomes for problem in outcome.problems)
        skipped = tuple(problem for item in skips for problem in self._words.skipped(item))
        if result is None:
            result = RunResult.PARTIAL if failed or waiting or refused else RunResult.DONE
        finished = replace(
            run,
            finished_at=self._clock(),
            result=result,
            counts=tuple(counts),
            requests=sender.client.requests_sent if sender is not None else 0,
            reason=reason,
            problems=problems + skipped,
        )
        await self._storage.run(lambda unit: unit.journal.finish(finished))
        return finished


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
