"""What the sidebar and the tray tell: what needs attention, the last run, the next one."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from ozon_desktop.domain.journal import Run, RunKind, RunResult
from ozon_desktop.domain.schedule import next_run
from ozon_desktop.services.cards import CardsService
from ozon_desktop.services.mapping import MappingService
from ozon_desktop.services.parts import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Overview:
    """Counters of the pages and the state of the synchronization. needs_attention: problems of the last run."""

    unmapped: int
    not_ready: int
    new_orders: int
    last_run: Run | None
    last_success: datetime | None
    next_run: datetime | None
    offline_since: datetime | None
    needs_attention: int


class OverviewService:
    """Reads the overview."""

    def __init__(self, storage: Database, mapping: MappingService, cards: CardsService, clock: Clock, zone: tzinfo) -> None:
        self._storage = storage
        self._mapping = mapping
        self._cards = cards
        self._clock = clock
        self._zone = zone
        self._offline_since: datetime | None = None

    def note_network(self, reached: bool) -> None:
        """Remembers since when Ozon has not been reached."""
        if reached:
            self._offline_since = None
        elif self._offline_since is None:
            self._offline_since = self._clock()

    async def overview(self, integration_id: int) -> Overview:
        """The overview of one integration. NotFound."""
        mapping = await self._mapping.view(integration_id)
        cards = await self._cards.view(integration_id)

        def work(unit: UnitOfWork) -> Overview:
            integration = unit.integrations.get(integration_id)
            runs = [run for run in unit.journal.runs(integration_id, 50) if run.kind is RunKind.SYNC]
            last = runs[0] if runs else None
            success = next((run.finished_at for run in runs if run.result is RunResult.DONE), None)
            trigger = integration.settings.update_trigger
            due = None
            if integration.enabled and trigger is not None:
                due = next_run(trigger, last.started_at if last is not None else None, self._clock(), self._zone)
            counts = dict(last.counts) if last is not None else {}
            failed = counts.get("failed", 0) + counts.get("refused", 0)
            return Overview(
                mapping.coverage.categories - mapping.coverage.mapped_categories,
                cards.with_errors,
                unit.orders.count_new(integration_id),
                last,
                success,
                due,
                self._offline_since,
                failed,
            )

        return await self._storage.run(work)
