"""Asks the connected store for its goods every few minutes, and before each run; what goes wrong is journalled once while it lasts."""

import logging
from datetime import datetime, timedelta

from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.progress import Progress, silent
from ozon_desktop.errors import AlreadyRunning, AppError, StorageError
from ozon_desktop.services.notifications import NotificationsService
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.store.connection import StoreConnectionService
from ozon_desktop.services.store.parts.lasting import note_failure, note_success
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_line, unexpected_line
from ozon_desktop.wording.store_connection import kind_text

log = logging.getLogger(__name__)
FAILING = "store/pull_failing"
FIRST_RETRY = timedelta(minutes=1)
LONGEST_RETRY = timedelta(minutes=30)
FRESH = timedelta(minutes=1)
"""A pull so young need not be repeated for the run of another cabinet."""


class StorePulling:
    """The clock of the store's connection. Only cabinets that update on change need it; for others goods are pulled within the run."""

    def __init__(self, storage: Database, connection: StoreConnectionService, notifications: NotificationsService, clock: Clock) -> None:
        self._storage = storage
        self._connection = connection
        self._notifications = notifications
        self._clock = clock
        self._tries = 0
        self._not_before: datetime | None = None

    async def is_due(self) -> bool:
        """Whether it is time to ask. StorageError."""
        if not await self._storage.run(self._wanted):
            return False
        connection = await self._connection.current()
        if not connection.is_pulled:
            return False
        now = self._clock()
        if self._not_before is not None and now < self._not_before <= now + LONGEST_RETRY:
            return False
        pulled_at = await self._connection.pulled_at()
        return pulled_at is None or not timedelta() <= now - pulled_at < timedelta(minutes=connection.interval_min)

    async def next_at(self) -> datetime | None:
        """When goods are asked for next; None = by no clock: within the next run, or the store brings them itself. StorageError."""
        connection = await self._connection.current()
        if not connection.is_pulled or not await self._storage.run(self._wanted):
            return None
        now, pulled_at = self._clock(), await self._connection.pulled_at()
        due = now if pulled_at is None else max(now, pulled_at + timedelta(minutes=connection.interval_min))
        return due if self._not_before is None else max(due, self._not_before)

    async def look(self) -> None:
        """Pulls if it is due. StorageError; whatever else happens is journalled and told."""
        if await self.is_due():
            await self.pull(silent, RunCause.CONNECTION)

    async def before_run(self, progress: Progress) -> tuple[RunProblem, ...]:
        """Goods as they are now, for a run that is about to plan; gives why they could not be had. StorageError."""
        connection = await self._connection.current()
        if not connection.is_pulled:
            return ()
        pulled_at = await self._connection.pulled_at()
        if pulled_at is not None and timedelta() <= self._clock() - pulled_at < FRESH:
            return ()
        problem = await self.pull(progress, RunCause.CONNECTION)
        return () if problem is None else (problem,)

    async def pull(self, progress: Progress, cause: RunCause) -> RunProblem | None:
        """Pulls now; gives what went wrong, journalled and told. StorageError."""
        began = self._clock()
        try:
            await self._connection.pull(progress, cause=cause)
        except AlreadyRunning:
            return None
        except StorageError:
            raise
        except AppError as error:
            log.warning("the store was not pulled: %s", type(error).__name__)
            return await self._failed(began, error_line(error), type(error).__name__)
        except Exception as error:
            log.exception("the store was not pulled")
            return await self._failed(began, unexpected_line(type(error).__name__), type(error).__name__)
        self._tries, self._not_before = 0, None
        await self._storage.run(lambda unit: note_success(unit, FAILING))
        return None

    async def _failed(self, began: datetime, reason: str, kind: str) -> RunProblem:
        """Tried again, later and later; the owner hears of it once. kind: the name of the error's class."""
        self._not_before = self._clock() + min(FIRST_RETRY * 2 ** min(self._tries, 10), LONGEST_RETRY)
        self._tries += 1
        run = Run(0, None, RunKind.STORE_IMPORT, RunCause.CONNECTION, began, self._clock(), RunResult.FAILED, reason=reason)
        news = await self._storage.run(lambda unit: note_failure(unit, FAILING, run))
        if news is not None:
            name = kind_text((await self._connection.current()).kind)
            self._notifications.notify_trouble(name, reason, kind, news)
        return RunProblem("", "", kind, reason)

    @staticmethod
    def _wanted(unit: UnitOfWork) -> bool:
        enabled = [integration for integration in unit.integrations.all() if integration.enabled]
        return any(integration.settings.update_trigger is UpdateTrigger.ON_CHANGE for integration in enabled)
