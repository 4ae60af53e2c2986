"""The synchronization: gate, plan, sending, orders, and the entry in the journal."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from ozon_desktop.domain.card_merging import held_payload
from ozon_desktop.domain.held_items import HeldItem, SentValue
from ozon_desktop.domain.holds import confirmed, plan_id, sendable
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, failed_offers
from ozon_desktop.domain.lease import sync_lease
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.setup_guide import Action
from ozon_desktop.domain.sold_pieces import WriteOff
from ozon_desktop.domain.stock_rules import NO_RULES
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, Part, PlanItem, Reason, SyncPlan
from ozon_desktop.errors import AppError, NetworkError, NotConfirmed, NotFound, OzonError, PlanChanged, ReadOnlyCabinet
from ozon_desktop.services.orders.orders import OrdersService
from ozon_desktop.services.orders.sold_since import forget_sold, sold_since
from ozon_desktop.services.orders.view import OrdersFetched
from ozon_desktop.services.runs.board import RunBoard
from ozon_desktop.services.runs.edits import own_changes
from ozon_desktop.services.runs.journalled import Exclusive, Journalled, RunReport
from ozon_desktop.services.runs.leases import Held, Leases
from ozon_desktop.services.shared import Clients, Clock, Revision, check_possible
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState, Patience
from ozon_desktop.services.sync.parts.existing import as_known
from ozon_desktop.services.sync.parts.fresh_stocks import fallen, lowered, only_lower
from ozon_desktop.services.sync.parts.holding import forget_sent
from ozon_desktop.services.sync.parts.plan_maker import plan_of
from ozon_desktop.services.sync.parts.sender import Sender
from ozon_desktop.services.sync.preview import ALL_PARTS, SENDING_PARTS, PreviewService, reads_orders
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.cards import problem_text
from ozon_desktop.wording.errors import error_line
from ozon_desktop.wording.holds import held_items_text, hold_text
from ozon_desktop.wording.sync import reason_text
from ozon_desktop.wording.sync_rules import price_problem_text

log = logging.getLogger(__name__)
HELD_BACK = frozenset({Reason.REFUSED_UNCHANGED, Reason.PRICE_NOT_ALLOWED, Reason.OZON_UNREADABLE, Reason.ORDERS_UNREAD})
"""Why items of a plan were left out although the store wants them sent."""

Pull = Callable[[Progress], Awaitable[tuple[RunProblem, ...]]]
"""Brings the store's goods up to date; gives why that failed, for the run goes on with those of before."""

NOTHING = Accepted("")
TAKEN_BACK_FOR = timedelta(days=30)
"""How long it is kept what Ozon held before a run."""

LOOKS_AFTER = 3
"""How often sales that came while stocks were being sent are looked for; whoever sells faster is lowered by the next run."""


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
    orders_failed: OzonError | None = None
    orders_asked: bool = False
    pull_problems: tuple[RunProblem, ...] = ()

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
        problems += self.pull_problems
        if self.orders_failed is not None:
            problems.append(RunProblem("", "", type(self.orders_failed).__name__, error_line(self.orders_failed)))
        no_orders = self.orders.not_exported is not None or self.orders_failed is not None
        partial = bool(failed or waiting or refused or self.held or no_orders or self.pull_problems)
        requests = self.sender.client.requests_sent if self.sender is not None else 0
        return RunReport(tuple(counts), requests, _distinct(problems), partial)


class SyncService:
    """Synchronizes integrations, one run of each at a time, whichever process and computer it is on.

    pull: brings the goods of a connected store before a plan is made; None = they come by files.
    """

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
        pull: Pull | None = None,
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
        self._pull = pull

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

    async def retry_last(self, integration_id: int, progress: Progress) -> SyncResult | None:
        """As `retry_failed` for the last synchronization; None when it left nothing to be tried again, or there was none."""
        last = await self._storage.run(lambda unit: unit.journal.last(integration_id, RunKind.SYNC, skipped=False))
        if last is None or not failed_offers(last):
            return None
        return await self.retry_failed(integration_id, last.id, progress)

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
        failure: Exception | None = None
        try:
            await self._send_plan(sender, integration_id, progress, asked, done)
        except (OzonError, NetworkError) as error:
            failure = error
        except AppError:
            # Nothing was asked of Ozon at all, or the database cannot be used.
            raise
        except Exception as error:
            log.exception("an unexpected error in a synchronization")
            failure = error
        if failure is not None:
            if Part.ORDERS in asked.parts and asked.only_offers is None and not done.orders_asked:
                await self._bring_orders_too(integration_id, progress, done)
            raise failure

    async def _bring_orders(self, integration_id: int, progress: Progress, asked: SyncRequest, done: _Done) -> None:
        """Before anything is worked out. A refusal of Ozon holds back only what depends on it; NetworkError."""
        done.orders_asked = True
        progress(ProgressUpdate(Stage.ORDERS))
        try:
            done.orders = await self._orders.bring(integration_id, progress)
        except OzonError as error:
            if asked.parts == {Part.ORDERS}:
                raise
            log.warning("orders of integration %d not read: %s", integration_id, type(error).__name__)
            done.orders_failed = error

    async def _bring_orders_too(self, integration_id: int, progress: Progress, done: _Done) -> None:
        """Orders are brought whatever became of the rest, as far as Ozon is reached; the first failure is the one to be told."""
        progress(ProgressUpdate(Stage.ORDERS))
        try:
            done.orders = await self._orders.bring(integration_id, progress)
        except (OzonError, NetworkError) as error:
            log.warning("orders were not brought either: %s", type(error).__name__)

    async def _lower_what_was_sold(self, integration_id: int, progress: Progress, asked: SyncRequest, done: _Done, sender: Sender) -> None:
        """What was sold between reading the orders and sending the stocks was just offered again: it is taken off at once."""
        for _ in range(LOOKS_AFTER):
            try:
                found = await self._orders.look(integration_id)
            except OzonError as error:
                done.orders_failed = error
                return
            before = done.orders
            done.orders = replace(
                before,
                new=before.new + found.new,
                exported=before.exported + found.exported,
                not_exported=found.not_exported,
                unwritten=found.unwritten,
            )
            if not found.new:
                return
            lower = narrow(fallen(await self._stocks_now(integration_id)), asked.parts, asked.only_offers)
            await sender.send(sendable(lower), progress)

    async def _stocks_now(self, integration_id: int) -> SyncPlan:
        made = await self._storage.run(lambda unit: plan_of(unit, integration_id, frozenset({Part.STOCKS})))
        return made.plan

    async def _send_plan(self, sender: Sender, integration_id: int, progress: Progress, asked: SyncRequest, done: _Done) -> None:
        await sender.reconcile()
        if reads_orders(asked.parts, asked.plan):
            await self._bring_orders(integration_id, progress, asked, done)
        if self._pull is not None and asked.plan is None and not asked.parts.isdisjoint(SENDING_PARTS):
            done.pull_problems = await self._pull(progress)
        plan, limits = await self._plan(integration_id, progress, asked)
        if asked.confirm is not None and asked.only_offers is None and asked.parts >= SENDING_PARTS and plan.changes:
            await self._storage.run(lambda unit: unit.guards.confirm(integration_id, self._clock()))
        if asked.plan is not None and plan.of(ActionKind.STOCK):
            plan = lowered(plan, await self._stocks_now(integration_id))
        if done.orders_failed is not None and await self._storage.run(partial(_subtracts, integration_id)):
            plan = only_lower(plan, await self._storage.run(lambda unit: sold_since(unit, integration_id)))
        plan = narrow(confirmed(plan) if asked.release else plan, asked.parts, asked.only_offers)
        done.skips, done.held = plan.of(ActionKind.SKIP), plan.undecided
        await self._storage.run(lambda unit: _keep_before(unit, integration_id, sender.run_id, sendable(plan), self._clock()))
        try:
            await sender.send(sendable(plan), progress, limits)
        finally:
            await self._storage.run(lambda unit: _forget(unit, integration_id, _sent_items(plan, sender)))
        if asked.only_offers is None:
            await self._tell_of_held(integration_id)
        if sendable(plan).of(ActionKind.STOCK) and done.orders_failed is None:
            await self._lower_what_was_sold(integration_id, progress, asked, done, sender)

    async def _checked(self, integration_id: int, progress: Progress, asked: SyncRequest) -> SyncRequest:
        """What is asked, with the plan that is confirmed. Nothing is journalled of what may not begin."""
        if asked.confirm is None:
            return asked
        name = await self._storage.run(lambda unit: _check_allowed(unit, integration_id, asked))
        plan, _ = await self._plan(integration_id, progress, asked)
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

    async def _plan(self, integration_id: int, progress: Progress, asked: SyncRequest) -> tuple[SyncPlan, tuple[LimitUsage, ...] | None]:
        """The plan, and what Ozon has just said of its limits; None = it was not asked."""
        if asked.plan is not None:
            return asked.plan, None
        preview = await self._previews.preview(integration_id, progress, asked.parts)
        if preview.offline is not None and asked.parts != {Part.ORDERS}:
            # Planned without a look into the cabinet it would miss warehouses and cards that exist: nothing to send by.
            raise preview.offline
        return preview.plan, preview.limits


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
    # Of a card from before the program what was read of it is all that can be put back, also the prices beside its price.
    older = {item.offer_id for item in items if _is_older(item, known.get(item.offer_id, NOTHING))}
    for card in unit.cabinet.cards(integration_id, older) if older else ():
        found = as_known(known.get(card.offer_id, Accepted(card.offer_id)), card)
        known[card.offer_id] = found if found.payload is not None else replace(found, payload=held_payload(card))
    values = (SentValue(item, _before(item, known.get(item.offer_id, Accepted(item.offer_id)))) for item in items)
    unit.guards.keep_sent(integration_id, run_id, values, at)


def _is_older(item: PlanItem, known: Accepted) -> bool:
    """Whether Ozon may hold more than the program noted of what the item sends."""
    of_card = item.kind is ActionKind.UPDATE and known.payload is None
    return of_card or (known.adopted and item.kind in {ActionKind.UPDATE, ActionKind.PRICE, ActionKind.TIMER})


def _before(item: PlanItem, known: Accepted) -> Accepted:
    """Without what is of no use when it is taken back: cards are large."""
    carries_card = item.kind in {ActionKind.UPDATE, ActionKind.ARCHIVE}
    return replace(known, payload=known.payload if carries_card else None, refused=None, errors=())


def _sent_items(plan: SyncPlan, sender: Sender) -> list[PlanItem]:
    def sent(item: PlanItem) -> bool:
        outcome = sender.outcomes.get((item.offer_id, item.kind))
        return not item.waits and outcome is not None and outcome.state is OutcomeState.SENT

    return [item for item in plan.items if sent(item)]


def _forget(unit: UnitOfWork, integration_id: int, sent: Sequence[PlanItem]) -> None:
    """Decisions about what was sent, and that its stock was not sure."""
    forget_sent(unit, integration_id, sent)
    forget_sold(unit, integration_id, {item.offer_id for item in sent if item.kind is ActionKind.STOCK})


def _subtracts(integration_id: int, unit: UnitOfWork) -> bool:
    """Whether pieces sold on Ozon are to be subtracted from its stocks."""
    return (unit.sync_rules.stocks(integration_id) or NO_RULES).write_off is not WriteOff.IGNORED


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
        kinds |= {ActionKind.PRICE, ActionKind.TIMER}
    if Part.STOCKS in parts:
        kinds.add(ActionKind.STOCK)
    items = (item for item in plan.items if item.kind in kinds)
    return SyncPlan(tuple(item for item in items if only_offers is None or item.offer_id in only_offers))
