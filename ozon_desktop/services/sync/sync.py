"""The synchronization: gate, plan, sending, orders, and the entry in the journal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from ozon_desktop.domain.held_items import HeldItem, SentValue
from ozon_desktop.domain.holds import confirmed, plan_id, sendable
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, failed_offers
from ozon_desktop.domain.lease import sync_lease
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.setup_guide import Action
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, Part, PlanItem, Reason, SyncPlan
from ozon_desktop.errors import AppError, NetworkError, NotConfirmed, NotFound, PlanChanged, ReadOnlyCabinet
from ozon_desktop.services.orders.orders import OrdersService
from ozon_desktop.services.orders.view import OrdersFetched
from ozon_desktop.services.runs.board import RunBoard
from ozon_desktop.services.runs.edits import own_changes
from ozon_desktop.services.runs.journalled import Exclusive, Journalled, RunReport
from ozon_desktop.services.runs.leases import Held, Leases
from ozon_desktop.services.shared import Clients, Clock, Revision, check_possible
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState, Patience
from ozon_desktop.services.sync.parts.holding import forget_sent
from ozon_desktop.services.sync.parts.ozon_now import payload_of
from ozon_desktop.services.sync.parts.sender import Sender
from ozon_desktop.services.sync.preview import ALL_PARTS, SENDING_PARTS, PreviewService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.cards import problem_text
from ozon_desktop.wording.holds import held_items_text, hold_text
from ozon_desktop.wording.sync import reason_text
from ozon_desktop.wording.sync_rules import price_problem_text

HELD_BACK = frozenset({Reason.REFUSED_UNCHANGED, Reason.PRICE_NOT_ALLOWED, Reason.OZON_UNREADABLE})
"""Why items of a plan were left out although the store wants them sent."""

NOTHING = Accepted("")
TAKEN_BACK_FOR = timedelta(days=30)
"""How long it is kept what Ozon held before a run."""


@dataclass(frozen=True, slots=True)
class SyncResult:
    """How a run ended, item by item."""

    run: Run
    outcomes: tuple[ItemOutcome, ...]
    new_orders: int


class NoLongerDue(Exception):
    """Another process has run it meanwhile."""


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """What a run is asked to do: to send `plan`, None = a fresh one, not beyond `parts` and `only_offers` (None = all).

    due: asked when the run would begin; False = another process has run it meanwhile. confirm: the id of the plan that a person has
    seen; no other plan is sent then, and a first sending takes place at all. release: what the guards hold in it is sent as well.
    """

    plan: SyncPlan | None = None
    parts: frozenset[Part] = ALL_PARTS
    cause: RunCause = RunCause.MANUAL
    only_offers: frozenset[str] | None = None
    due: Callable[[UnitOfWork], bool] | None = None
    confirm: str | None = None
    release: bool = False


@dataclass(slots=True)
class _Done:
    """What a run has done so far, for the journal."""

    sender: Sender | None = None
    skips: tuple[PlanItem, ...] = ()
    held: tuple[PlanItem, ...] = ()
    orders: OrdersFetched = field(default_factory=lambda: OrdersFetched(0, 0))

    def report(self) -> RunReport:
        """Counts by kind of action, and the problems of products sent, of products left out, and of the run as a whole."""
        outcomes = tuple(self.sender.outcomes.values()) if self.sender is not None else ()
        sent = dict.fromkeys(ActionKind, 0)
        for outcome in outcomes:
            sent[outcome.kind] += outcome.state is OutcomeState.SENT
        sent[ActionKind.SKIP] = len(self.skips)
        failed = {outcome.offer_id for outcome in outcomes if outcome.state is OutcomeState.FAILED}
        waiting = {outcome.offer_id for outcome in outcomes if outcome.state is OutcomeState.WAITING}
        refused = sum(1 for item in self.skips if item.reason in HELD_BACK)
        counts = [(kind.value, number) for kind, number in sent.items()]
        counts += [("failed", len(failed)), ("waiting", len(waiting)), ("refused", refused), ("held", len(self.held))]
        counts.append(("orders", self.orders.new))
        counts += self.orders.failed_counts
        problems = [problem for outcome in outcomes for problem in outcome.problems]
        problems += [problem for item in self.skips for problem in _skip_problems(item)]
        problems += [RunProblem(item.offer_id, "", item.hold.value, hold_text(item.hold)) for item in self.held if item.hold is not None]
        problems += [*(self.sender.notes if self.sender is not None else ()), *self.orders.problems]
        partial = bool(failed or waiting or refused or self.held or self.orders.not_exported is not None)
        requests = self.sender.client.requests_sent if self.sender is not None else 0
        return RunReport(tuple(counts), requests, _distinct(problems), partial)


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
        journalled: Journalled,
        leases: Leases,
        board: RunBoard,
        patience: Patience,
        tell_owner: Callable[[str, str], object] = lambda title, text: None,
    ) -> None:
        self._storage = storage
        self._clients = clients
        self._previews = previews
        self._orders = orders
        self._clock = clock
        self._revision = revision
        self._journalled = journalled
        self._leases = leases
        self.board = board
        self._patience = patience
        self._tell_owner = tell_owner

    async def run(self, integration_id: int, progress: Progress, request: SyncRequest | None = None) -> SyncResult:
        """Does what is asked, by default everything.

        RunIsHeld (an AlreadyRunning), NotPossibleYet, OzonError, NetworkError; NoLongerDue when `due` is False by the time the run
        would begin. Whatever was done before an error or a stop is kept, and journalled. NotConfirmed: it would be the first sending
        to this cabinet; PlanChanged: `confirm` names another plan; ReadOnlyCabinet. These three are before anything is done.
        """
        asked = await self._checked(integration_id, progress, request or SyncRequest())
        done = _Done()

        def begin(unit: UnitOfWork, now: datetime) -> None:
            if asked.due is not None and not asked.due(unit):
                raise NoLongerDue
            _check_allowed(unit, integration_id, asked)
            self._leases.interrupt_dead(unit, integration_id, now, RunKind.SYNC)
            # It is tried again now; if the limit still holds, the run notes it anew.
            self.board.limit_over(unit, integration_id)

        def end(unit: UnitOfWork) -> None:
            self.board.keep_limit(unit, integration_id)

        def closed() -> None:
            self.board.ended(integration_id)
            self._revision.bump()

        async def job(held: Held) -> None:
            def report_progress(update: ProgressUpdate) -> None:
                held.note(update)
                self.board.note(integration_id, update)
                progress(update)

            try:
                await self._send(integration_id, held.run_id, report_progress, asked, done)
            finally:
                if done.sender is not None:
                    await self._keep_outcomes(integration_id, held.run_id, done.sender)

        exclusive = Exclusive(sync_lease(integration_id), begin, end, closed)
        with own_changes():
            ended = await self._journalled.run(
                integration_id,
                RunKind.SYNC,
                job,
                lambda _: done.report(),
                cause=asked.cause,
                broke_off=done.report,
                exclusive=exclusive,
            )
        return SyncResult(ended.run, tuple(done.sender.outcomes.values()) if done.sender is not None else (), done.orders.new)

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
        return await self.run(integration_id, progress, SyncRequest(only_offers=offers))

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

    async def _send(self, integration_id: int, run_id: int, progress: Progress, asked: SyncRequest, done: _Done) -> None:
        client = await self._clients.client(integration_id)
        limit_ends = partial(self.board.waits_for_limit, integration_id)
        done.sender = sender = Sender(self._storage, client, self._clock, integration_id, run_id, limit_ends, self._patience)
        await sender.reconcile()
        plan = await self._plan(integration_id, progress, asked)
        if asked.confirm is not None and asked.only_offers is None and asked.parts >= SENDING_PARTS and plan.changes:
            await self._storage.run(lambda unit: unit.guards.confirm(integration_id, self._clock()))
        plan = narrow(confirmed(plan) if asked.release else plan, asked.parts, asked.only_offers)
        done.skips, done.held = plan.of(ActionKind.SKIP), plan.undecided
        await self._storage.run(lambda unit: _keep_before(unit, integration_id, run_id, sendable(plan), self._clock()))
        await sender.send(sendable(plan), progress)
        await self._storage.run(lambda unit: forget_sent(unit, integration_id, _sent_items(plan, sender)))
        if asked.only_offers is None:
            await self._tell_of_held(integration_id)
        if Part.ORDERS in asked.parts and asked.only_offers is None:
            progress(ProgressUpdate(Stage.ORDERS))
            done.orders = await self._orders.bring(integration_id, progress)

    async def _checked(self, integration_id: int, progress: Progress, asked: SyncRequest) -> SyncRequest:
        """What is asked, with the plan that is confirmed. Nothing is journalled of what may not begin."""
        if asked.confirm is None:
            return asked
        name = await self._storage.run(lambda unit: _check_allowed(unit, integration_id, asked))
        plan = await self._plan(integration_id, progress, asked)
        now = plan_id(plan, integration_id)
        if now != asked.confirm:
            raise PlanChanged(name, detail=now)
        return replace(asked, plan=plan)

    async def _keep_outcomes(self, integration_id: int, run_id: int, sender: Sender) -> None:
        """Only what was sent can be taken back; of the rest Ozon may hold the new value where no answer came."""
        unsent = [key for key, outcome in sender.outcomes.items() if outcome.state in {OutcomeState.FAILED, OutcomeState.NOT_SENT}]
        pairs = [(offer_id, kind.value) for offer_id, kind in unsent]
        limit = self._clock() - TAKEN_BACK_FOR
        await self._storage.run(lambda unit: unit.guards.forget_sent(integration_id, run_id, pairs, limit))

    async def _tell_of_held(self, integration_id: int) -> None:
        """The owner hears once of what waits for a decision."""

        def work(unit: UnitOfWork) -> tuple[str, list[HeldItem]]:
            new = [item for item in unit.guards.held(integration_id) if item.verdict is None and not item.told]
            unit.guards.set_told(integration_id)
            return unit.integrations.get(integration_id).name, new

        name, new = await self._storage.run(work)
        if new:
            self._tell_owner(name, held_items_text(new))

    async def fetch_orders(self, integration_id: int, progress: Progress) -> OrdersFetched:
        """Orders alone, while sending waits for a person."""
        return await self._orders.fetch(integration_id, progress)

    async def _plan(self, integration_id: int, progress: Progress, asked: SyncRequest) -> SyncPlan:
        if asked.plan is not None:
            return asked.plan
        preview = await self._previews.preview(integration_id, progress, asked.parts)
        if preview.offline is not None and asked.parts != {Part.ORDERS}:
            # Planned without a look into the cabinet it would miss warehouses and cards that exist: nothing to send by.
            raise preview.offline
        return preview.plan


def _check_allowed(unit: UnitOfWork, integration_id: int, asked: SyncRequest) -> str:
    """The cabinet's name; NotConfirmed, ReadOnlyCabinet, NotPossibleYet when nothing may be sent to it now."""
    name = unit.integrations.get(integration_id).name
    if asked.parts.isdisjoint(SENDING_PARTS):
        return name
    if unit.guards.is_read_only(integration_id):
        raise ReadOnlyCabinet(name)
    if asked.confirm is None and unit.guards.confirmed_at(integration_id) is None:
        # Before there can be a preview, what is missing is the news.
        check_possible(unit, Action.SYNCHRONIZE, integration_id)
        raise NotConfirmed(name)
    return name


def _keep_before(unit: UnitOfWork, integration_id: int, run_id: int, plan: SyncPlan, at: datetime) -> None:
    """Writes down what Ozon holds of everything that is about to be sent, so that it can be sent again."""
    items = [item for item in plan.items if item.kind is not ActionKind.SKIP]
    known = unit.plan.accepted_whole(integration_id, {item.offer_id for item in items})
    unknown = {item.offer_id for item in items if item.kind is ActionKind.UPDATE and known.get(item.offer_id, NOTHING).payload is None}
    for card in unit.cabinet.cards(integration_id, unknown) if unknown else ():
        # The card is from before the program: what was read of it is all that can be put back.
        found = known.get(card.offer_id, Accepted(card.offer_id))
        old_price, min_price = found.old_price or card.old_price, found.min_price or card.min_price
        known[card.offer_id] = replace(found, payload=payload_of(card), old_price=old_price, min_price=min_price)
    values = (SentValue(item, _before(item, known.get(item.offer_id, Accepted(item.offer_id)))) for item in items)
    unit.guards.keep_sent(integration_id, run_id, values, at)


def _before(item: PlanItem, known: Accepted) -> Accepted:
    """Without what is of no use when it is taken back: cards are large."""
    carries_card = item.kind in {ActionKind.UPDATE, ActionKind.ARCHIVE}
    return replace(known, payload=known.payload if carries_card else None, refused=None, errors=())


def _sent_items(plan: SyncPlan, sender: Sender) -> list[PlanItem]:
    def sent(item: PlanItem) -> bool:
        outcome = sender.outcomes.get((item.offer_id, item.kind))
        return not item.waits and outcome is not None and outcome.state is OutcomeState.SENT

    return [item for item in plan.items if sent(item)]


def _distinct(problems: Iterable[RunProblem]) -> tuple[RunProblem, ...]:
    """What is wrong with a card holds up its price and its stock as well: it is told once, where it was found first."""
    first: dict[tuple[str, str, str], RunProblem] = {}
    for problem in problems:
        first.setdefault((problem.offer_id, problem.code, problem.text), problem)
    return tuple(first.values())


def _skip_problems(item: PlanItem) -> tuple[RunProblem, ...]:
    """Why an item was left out, as the journal keeps it."""
    if item.price_problems:
        texts = [(problem, price_problem_text(problem)) for problem in item.price_problems]
        return tuple(RunProblem(item.offer_id, problem.field, problem.fault.value, text) for problem, text in texts)
    if item.reason is not Reason.NOT_READY:
        return (RunProblem(item.offer_id, "", item.reason.value, reason_text(item.reason)),)
    blocking = (problem for problem in item.problems if problem.blocking)
    return tuple(RunProblem(item.offer_id, problem.field, problem.code.value, problem_text(problem)) for problem in blocking)


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
