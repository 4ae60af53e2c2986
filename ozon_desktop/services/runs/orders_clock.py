"""Brings orders every few minutes, whatever the update condition says, also while the schedule of the synchronization rests."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.lease import orders_lease
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.schedule import DEFAULT_ORDER_MINUTES, LONGEST_ORDER_MINUTES, SHORTEST_ORDER_MINUTES, orders_are_due
from ozon_desktop.errors import AppError, NetworkError, StorageError, WrongInput
from ozon_desktop.services.notifications import NotificationsService
from ozon_desktop.services.orders.orders import OrdersService
from ozon_desktop.services.orders.view import OrdersFetched
from ozon_desktop.services.runs.edits import own_changes
from ozon_desktop.services.runs.leases import Leases, RunIsHeld
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.sync.sync import SyncService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_line, unexpected_line
from ozon_desktop.wording.orders import order_minutes_text

log = logging.getLogger(__name__)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=15)


class _NotNow(Exception):
    """Another process has fetched meanwhile, or a synchronization does."""


@dataclass(slots=True)
class _Trouble:
    """One integration's fetches that fail one after another."""

    tries: int
    not_before: datetime


class OrdersClock:
    """One fetch of an integration at a time, in one process; none while its synchronization runs, which brings orders itself.

    A fetch that brings nothing leaves no line in the journal; while one fails, its line is drawn out from the first time to the last.
    """

    def __init__(
        self,
        storage: Database,
        orders: OrdersService,
        sync: SyncService,
        notifications: NotificationsService,
        leases: Leases,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._orders = orders
        self._sync = sync
        self._notifications = notifications
        self._leases = leases
        self._clock = clock
        self._trouble: dict[int, _Trouble] = {}

    async def minutes(self, integration_id: int) -> int:
        return await self._storage.run(lambda unit: _minutes(unit, integration_id))

    async def set_minutes(self, integration_id: int, minutes: int) -> None:
        """How often orders are fetched. WrongInput outside of 5 to 120."""
        if not SHORTEST_ORDER_MINUTES <= minutes <= LONGEST_ORDER_MINUTES:
            raise WrongInput("orders", detail=order_minutes_text(minutes, SHORTEST_ORDER_MINUTES, LONGEST_ORDER_MINUTES))
        await self._storage.run(lambda unit: unit.preferences.set(_minutes_key(integration_id), str(minutes)))

    def is_due(self, integration: Integration, unit: UnitOfWork) -> bool:
        """Whether it is time, and nothing else of this integration brings orders now."""
        settings, id_ = integration.settings, integration.id
        if not integration.enabled or not integration.has_key or settings.client_id is None:
            return False
        now = self._clock()
        trouble = self._trouble.get(id_)
        if trouble is not None and now < trouble.not_before <= now + LONGEST_RETRY:
            return False
        if self._sync.is_running(unit, id_):
            return False
        return trouble is not None or orders_are_due(self._orders.fetched_at(unit, id_), now, _minutes(unit, id_))

    async def fetch(self, integration: Integration) -> None:
        """Brings the orders now, unless somebody else has meanwhile. StorageError; whatever else happens is journalled and told."""
        began = self._clock()

        def begin(unit: UnitOfWork) -> int:
            if not self.is_due(integration, unit):
                raise _NotNow
            return 0

        try:
            async with self._leases.hold(orders_lease(integration.id), begin) as held:
                try:
                    with own_changes():
                        found = await self._orders.bring(integration.id, silent)
                except asyncio.CancelledError:
                    task = asyncio.current_task()
                    if held.lost is not None and task is not None and not task.uncancel():
                        log.warning("orders of %s: another process has taken over", integration.name)
                        return
                    raise
        except (_NotNow, RunIsHeld):
            return
        except StorageError:
            raise
        except Exception as error:
            await self._failed(integration, began, error)
        else:
            await self._done(integration, began, found)

    async def _done(self, integration: Integration, began: datetime, found: OrdersFetched) -> None:
        self._trouble.pop(integration.id, None)
        self._sync.board.online(integration.id)
        result = RunResult.PARTIAL if found.problems else RunResult.DONE
        counts = (("new", found.new), ("updated", found.updated), *found.failed_counts)
        run = Run(0, integration.id, RunKind.ORDERS, RunCause.SCHEDULED, began, self._clock(), result, counts, found.requests)

        def work(unit: UnitOfWork) -> None:
            unit.preferences.remove(_failing_key(integration.id))
            if found.is_news:
                _write(unit, replace(run, problems=found.problems))

        await self._storage.run(work)

    async def _failed(self, integration: Integration, began: datetime, error: Exception) -> None:
        """Tried again, later and later; the owner hears of it once."""
        id_ = integration.id
        tries = self._trouble[id_].tries if id_ in self._trouble else 0
        # Nobody waits longer for an order after an outage than without one.
        every = timedelta(minutes=await self.minutes(id_))
        retry_at = self._clock() + min(FIRST_RETRY * 2 ** min(tries, 10), LONGEST_RETRY, every)
        self._trouble[id_] = _Trouble(tries + 1, retry_at)
        told = False
        if isinstance(error, NetworkError) and error.retryable:
            # The synchronization may have met it before: one outage is told once.
            told = self._sync.board.entry(id_).offline_since is not None
            self._sync.board.offline(id_, retry_at)
        if isinstance(error, AppError):
            log.warning("orders of %s not fetched: %s", integration.name, type(error).__name__)
            reason = error_line(error)
        else:
            log.error("orders of %s not fetched", integration.name, exc_info=error)
            reason = unexpected_line(type(error).__name__)
        run = Run(0, id_, RunKind.ORDERS, RunCause.SCHEDULED, began, self._clock(), RunResult.FAILED, reason=reason)

        def work(unit: UnitOfWork) -> Run | None:
            """The new line; None = that of before was drawn out."""
            failing = unit.preferences.get(_failing_key(id_))
            last = unit.journal.last(id_, RunKind.ORDERS)
            if last is not None and failing == str(last.id) and last.reason == reason:
                unit.journal.finish(replace(last, finished_at=run.finished_at))
                return None
            written = _write(unit, run)
            unit.preferences.set(_failing_key(id_), str(written.id))
            return written

        news = await self._storage.run(work)
        if news is not None and not told:
            self._notifications.notify_trouble(integration.name, reason, type(error).__name__, news)


def _write(unit: UnitOfWork, run: Run) -> Run:
    written = replace(run, id=unit.journal.start(run))
    unit.journal.finish(written)
    return written


def _minutes(unit: UnitOfWork, integration_id: int) -> int:
    kept = unit.preferences.get(_minutes_key(integration_id))
    return DEFAULT_ORDER_MINUTES if kept is None else int(kept)


def _minutes_key(integration_id: int) -> str:
    return f"orders/every/{integration_id}"


def _failing_key(integration_id: int) -> str:
    return f"orders/failing/{integration_id}"
