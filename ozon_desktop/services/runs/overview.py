"""What the sidebar and the tray show: what needs attention, the last run, the next one."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.journal import Run, RunKind, RunResult
from ozon_desktop.domain.lease import sync_lease
from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.domain.run_status import RunState, RunStatus
from ozon_desktop.domain.schedule import next_run
from ozon_desktop.services.cards.cards import CardsService
from ozon_desktop.services.mapping.mapping import MappingService
from ozon_desktop.services.orders.not_in_store import count_not_in_store
from ozon_desktop.services.runs.board import PAUSED, RunBoard
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.runs.scheduler import times_of
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Overview:
    """Counters of the pages and the state of the synchronization. held: changes that wait for a person's decision."""

    unmapped: int
    not_ready: int
    new_orders: int
    last_run: Run | None
    last_success: datetime | None
    next_run: datetime | None
    offline_since: datetime | None
    status: RunStatus | None = None
    held: int = 0


class OverviewService:
    def __init__(
        self,
        storage: Database,
        mapping: MappingService,
        cards: CardsService,
        clock: Clock,
        zone: tzinfo,
        board: RunBoard | None = None,
        leases: Leases | None = None,
    ) -> None:
        self._storage = storage
        self._mapping = mapping
        self._cards = cards
        self._clock = clock
        self._zone = zone
        self._board = board or RunBoard(storage, clock)
        self._leases = leases or Leases(storage)

    async def overview(self, integration_id: int) -> Overview:
        """The overview of one integration. NotFound."""
        mapping = await self._mapping.view(integration_id)
        cards = await self._cards.view(integration_id)

        def work(unit: UnitOfWork) -> Overview:
            status = self._status(unit, integration_id)
            runs = [run for run in unit.journal.runs(integration_id, 50) if run.kind is RunKind.SYNC]
            return Overview(
                mapping.coverage.categories - mapping.coverage.mapped_categories,
                cards.with_errors,
                count_not_in_store(unit, integration_id),
                status.last_run,
                next((run.finished_at for run in runs if run.result is RunResult.DONE), None),
                status.next_run,
                self._board.entry(integration_id).offline_since,
                status,
                unit.guards.count_undecided(integration_id),
            )

        return await self._storage.run(work)

    async def status(self, integration_id: int) -> RunStatus:
        """The state of the synchronization alone: cheap enough for every second. NotFound."""
        return await self._storage.run(lambda unit: self._status(unit, integration_id))

    async def statuses(self) -> dict[int, RunStatus]:
        return await self._storage.run(
            lambda unit: {integration.id: self._status(unit, integration.id) for integration in unit.integrations.all()}
        )

    def _status(self, unit: UnitOfWork, integration_id: int) -> RunStatus:
        integration = unit.integrations.get(integration_id)
        last = unit.journal.last(integration_id, RunKind.SYNC)
        counts = dict(last.counts) if last is not None else {}
        problems = counts.get("failed", 0) + counts.get("refused", 0)
        due = self._next(unit, integration, last)
        state = self._state(unit, integration, problems)
        if state.state is RunState.RUNNING or not integration.enabled:
            due = None
        return RunStatus(state.state, state.progress, state.holder, state.since, state.until, problems, last, due)

    def _state(self, unit: UnitOfWork, integration: Integration, problems: int) -> RunStatus:
        entry = self._board.entry(integration.id)
        lease = unit.leases.get(sync_lease(integration.id))
        if lease is not None and self._leases.is_alive(lease):
            ours = entry.progress is not None
            known = Stage(lease.stage) if lease.stage in set(Stage) else None
            theirs = ProgressUpdate(known, lease.done, lease.total) if known is not None else None
            return RunStatus(RunState.RUNNING, entry.progress or theirs, None if ours else lease, lease.since)
        if entry.offline_since is not None:
            return RunStatus(RunState.OFFLINE, since=entry.offline_since, until=entry.retry_at)
        if not integration.enabled:
            return RunStatus(RunState.OFF)
        if unit.guards.is_read_only(integration.id):
            return RunStatus(RunState.READ_ONLY)
        if unit.guards.confirmed_at(integration.id) is None:
            return RunStatus(RunState.WAITING_FOR_REVIEW)
        if (paused := unit.preferences.get(PAUSED)) is not None:
            return RunStatus(RunState.PAUSED, since=datetime.fromisoformat(paused))
        limit = self._board.limit_until(unit, integration.id)
        if limit is not None and limit > self._clock():
            return RunStatus(RunState.WAITING_FOR_LIMIT, until=limit)
        return RunStatus(RunState.NEEDS_ATTENTION if problems else RunState.IDLE)

    def _next(self, unit: UnitOfWork, integration: Integration, last: Run | None) -> datetime | None:
        trigger = integration.settings.update_trigger
        if not integration.enabled or trigger is None:
            return None
        now = self._clock()
        counted = unit.journal.last(integration.id, RunKind.SYNC, skipped=False) if last is not None else None
        started = min(counted.started_at, now) if counted is not None else None
        return next_run(trigger, started, now, self._zone, times_of(unit, integration.id))
