"""Runs synchronizations when they are due: by the trigger of the page, or after the store's data changed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial

from ozon_desktop.domain.integration import Integration, UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.schedule import next_run
from ozon_desktop.errors import AlreadyRunning, AppError, NotPossibleYet
from ozon_desktop.services.notifications import NotificationsService
from ozon_desktop.services.parts import Clock
from ozon_desktop.services.progress import silent
from ozon_desktop.services.sync import SyncService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)
LOOK_EVERY_S = 20.0


class Scheduler:
    """Looks every few seconds what is due; a run missed during sleep is caught up once."""

    def __init__(
        self,
        storage: Database,
        sync: SyncService,
        notifications: NotificationsService,
        clock: Clock,
        zone: tzinfo,
        error_text: Callable[[AppError], str],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._storage = storage
        self._sync = sync
        self._notifications = notifications
        self._clock = clock
        self._zone = zone
        self._error_text = error_text
        self._sleep = sleep
        self._tried: dict[int, datetime] = {}
        self._seen: dict[int, datetime] = {}

    async def run(self) -> None:
        """Runs until it is cancelled."""
        while True:
            await self.tick()
            await self._sleep(LOOK_EVERY_S)

    async def tick(self) -> list[int]:
        """Starts what is due, one integration after the other; gives the ids of those that were due."""
        due: list[int] = []
        for integration in await self._storage.run(lambda unit: unit.integrations.all()):
            cause = await self._storage.run(partial(self._cause, integration))
            if cause is not None:
                due.append(integration.id)
                await self._start(integration, cause)
        return due

    def _cause(self, integration: Integration, unit: UnitOfWork) -> RunCause | None:
        trigger = integration.settings.update_trigger
        if not integration.enabled or trigger is None:
            return None
        last = unit.journal.last(integration.id, RunKind.SYNC)
        # A skipped run counts as tried, or a missing setting would be journalled every few seconds.
        tried = max((moment for moment in (last.started_at if last else None, self._tried.get(integration.id)) if moment), default=None)
        if trigger is UpdateTrigger.ON_CHANGE:
            return RunCause.CHANGE if _imported_since(unit, tried) else None
        if trigger is UpdateTrigger.TWICE_A_DAY and tried is None:
            # Counted from the first look: the next wall time after «now» would never be reached.
            tried = self._seen.setdefault(integration.id, self._clock())
        moment = next_run(trigger, tried, self._clock(), self._zone)
        return RunCause.SCHEDULED if moment is not None and moment <= self._clock() else None

    async def _start(self, integration: Integration, cause: RunCause) -> None:
        self._tried[integration.id] = self._clock()
        try:
            result = await self._sync.run(integration.id, silent, cause=cause)
        except (AlreadyRunning, NotPossibleYet) as error:
            await self._skipped(integration, cause, self._error_text(error))
        except AppError as error:
            # The run journalled itself; the schedule goes on with the next one.
            log.warning("scheduled run of %s failed: %s", integration.name, type(error).__name__)
            ended = await self._storage.run(partial(_last_sync, integration.id))
            self._notifications.tell_owner(integration.name, self._error_text(error), ended)
        else:
            if result.run.result is RunResult.PARTIAL:
                self._notifications.tell_owner(integration.name, "Синхронизация прошла не полностью, подробности в журнале", result.run)

    async def _skipped(self, integration: Integration, cause: RunCause, reason: str) -> None:
        run = Run(0, integration.id, RunKind.SYNC, cause, self._clock(), self._clock(), RunResult.SKIPPED, reason=reason)

        def work(unit: UnitOfWork) -> None:
            unit.journal.finish(replace(run, id=unit.journal.start(run)))

        await self._storage.run(work)


def _imported_since(unit: UnitOfWork, moment: datetime | None) -> bool:
    """Whether an import ended after `moment`: one still going on when a run began was not seen by that run."""
    imports = (run for run in unit.journal.runs(None) if run.kind is RunKind.STORE_IMPORT and run.result is RunResult.DONE)
    return any(run.finished_at is not None and (moment is None or run.finished_at > moment) for run in imports)


def _last_sync(integration_id: int, unit: UnitOfWork) -> Run | None:
    return unit.journal.last(integration_id, RunKind.SYNC)
