"""Runs synchronizations when they are due: by the trigger of the page, after a change, after a break, when a limit or an outage ends.

Orders have a clock of their own. Whatever goes wrong with one integration, the others and the next look go on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from functools import partial

from ozon_desktop.domain.cabinet import QUOTA_USED_UP, TOO_OFTEN
from ozon_desktop.domain.integration import Integration, UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.schedule import TWICE_A_DAY_AT, next_run, parse_times, times_text
from ozon_desktop.domain.sync_plan import Hold, Reason
from ozon_desktop.errors import (
    AlreadyRunning,
    AppError,
    DatabaseBusy,
    NetworkError,
    NotConfirmed,
    NotPossibleYet,
    ReadOnlyCabinet,
    WrongInput,
)
from ozon_desktop.services.notifications import NotificationsService
from ozon_desktop.services.runs.board import PAUSED
from ozon_desktop.services.runs.edits import EditedRevision, edited_key
from ozon_desktop.services.runs.orders_clock import OrdersClock
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.store.pulling import StorePulling
from ozon_desktop.services.store.watching import WatchedFolder
from ozon_desktop.services.sync.sync import NoLongerDue, SyncRequest, SyncService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_line, unexpected_line
from ozon_desktop.wording.holds import READ_ONLY, WAITS_FOR_REVIEW
from ozon_desktop.wording.runs import PARTLY_SENT, SCHEDULE_PAUSED, SCHEDULE_STOPPED

log = logging.getLogger(__name__)
LOOK_EVERY_S = 20.0
EDITS_REST = timedelta(seconds=30)
"""Whoever fills in cards does not want a run after each field."""
SKIPPED_AGAIN = timedelta(minutes=5)
FAILED_AGAIN = timedelta(minutes=15)
CLOCK_WAS_WRONG = timedelta(days=1)
FIRST_RETRY = timedelta(seconds=30)
LONGEST_RETRY = timedelta(minutes=15)
ENDED = frozenset({RunResult.DONE, RunResult.PARTIAL, RunResult.STOPPED})


@dataclass(frozen=True, slots=True)
class _Due:
    """last: the number of the run it was decided after, 0 = none."""

    cause: RunCause
    last: int


class Scheduler:
    """Looks every few seconds what is due; a run missed during sleep is caught up once. Integrations do not wait for each other.

    edits: counts changes made in the program; watched: the folder of exports; orders: their clock; pulling: that of the connected
    store. None = it makes nothing due. half_there: whether somebody is just bringing an export, so that nothing is to be planned.
    """

    def __init__(
        self,
        storage: Database,
        sync: SyncService,
        notifications: NotificationsService,
        clock: Clock,
        zone: tzinfo,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        edits: EditedRevision | None = None,
        watched: WatchedFolder | None = None,
        orders: OrdersClock | None = None,
        pulling: StorePulling | None = None,
        half_there: Callable[[UnitOfWork], bool] = lambda unit: False,
    ) -> None:
        self._storage = storage
        self._sync = sync
        self._notifications = notifications
        self._clock = clock
        self._zone = zone
        self._sleep = sleep
        self._edits = edits or EditedRevision()
        self.watched = watched
        self.orders = orders
        self.pulling = pulling
        self._half_there = half_there
        self._pull_job: asyncio.Task[None] | None = None
        self._stopped = False
        self._jobs: dict[int, asyncio.Task[None]] = {}
        self._order_jobs: dict[int, asyncio.Task[None]] = {}
        self._told: dict[int, str] = {}
        self._schedule_told = ""
        self._not_before: dict[int, datetime] = {}
        self._outages: dict[int, int] = {}
        self._anchors: dict[tuple[int, int], datetime] = {}
        self._synced_edits: dict[int, int] = {}
        self._rest: tuple[int, datetime] = (0, clock())

    # --- settings -------------------------------------------------------------------------------------------------------

    async def times(self, integration_id: int) -> tuple[time, ...]:
        return await self._storage.run(lambda unit: times_of(unit, integration_id))

    async def set_times(self, integration_id: int, times: tuple[time, ...]) -> None:
        """Chooses the times of «twice a day». WrongInput unless there are two different ones."""
        if len(set(times)) != 2:
            raise WrongInput("times", detail=times_text(times))
        await self._storage.run(lambda unit: unit.preferences.set(_times_key(integration_id), times_text(times)))

    async def paused(self) -> bool:
        """Whether the schedule of this database rests; runs started by hand go on."""
        return await self._storage.run(lambda unit: unit.preferences.get(PAUSED) is not None)

    async def set_paused(self, paused: bool) -> None:
        """Rests or goes on; what was missed meanwhile is caught up once."""
        moment = self._clock().isoformat()
        await self._storage.run(lambda unit: unit.preferences.set(PAUSED, moment) if paused else unit.preferences.remove(PAUSED))
        if not paused:
            self._not_before.clear()

    # --- running --------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Runs until it is cancelled; runs under way are then stopped, with what they did kept."""
        try:
            while True:
                try:
                    await self.begin()
                except AppError as error:
                    log.warning("schedule: %s", type(error).__name__)
                    self._tell_of_the_schedule(error, error_line(error))
                except Exception as error:
                    # Whatever it was, the next look may get through.
                    log.exception("schedule")
                    self._tell_of_the_schedule(error, unexpected_line(type(error).__name__))
                else:
                    self._schedule_told = ""
                await self._sleep(LOOK_EVERY_S)
        finally:
            await self.stop()

    def _tell_of_the_schedule(self, error: Exception, line: str) -> None:
        """What keeps all of the schedule from going on has no run to be journalled with: the owner hears of it once, until it is over."""
        kind = type(error).__name__
        if self._schedule_told != kind and not isinstance(error, DatabaseBusy):
            self._schedule_told = kind
            self._notifications.notify_owner(SCHEDULE_STOPPED, line)

    async def stop(self) -> None:
        """Stops the runs under way, with what they did kept, and starts no more: for the end of the program."""
        self._stopped = True
        pull = [self._pull_job] if self._pull_job is not None else []
        jobs = [job for job in (*self._jobs.values(), *self._order_jobs.values(), *pull) if not job.done()]
        for job in jobs:
            job.cancel()
        if jobs:
            await asyncio.wait(jobs)

    async def stop_run(self, integration_id: int) -> bool:
        """A person stops the run of one cabinet that this schedule has begun; False when there is none. StorageError.

        What it did is kept. It is not gone on with by itself: the next one comes when the schedule has the next one.
        """
        job = self._jobs.get(integration_id)
        if job is None or job.done():
            return False
        edits = self._edits.edits
        job.cancel()
        await asyncio.wait([job])
        self._synced_edits[integration_id] = edits

        def remember(unit: UnitOfWork) -> None:
            last = unit.journal.last(integration_id, RunKind.SYNC, skipped=False)
            if last is not None and last.result is RunResult.STOPPED:
                unit.preferences.set(_stopped_key(integration_id), str(last.id))

        await self._storage.run(remember)
        return True

    async def tick(self) -> list[int]:
        """Starts what is due and waits for it; gives the ids of those whose synchronization was due."""
        due = await self.begin()
        pull = [self._pull_job] if self._pull_job is not None else []
        jobs = [*(self._jobs[integration_id] for integration_id in due), *self._order_jobs.values(), *pull]
        if jobs:
            await asyncio.gather(*jobs)
        return due

    async def begin(self) -> list[int]:
        """Starts what is due; gives the ids of those whose synchronization is. StorageError."""
        if self._stopped:
            return []
        await self._look_into_folder()
        self._ask_the_store()
        self._notice_edits()
        due: list[int] = []
        for integration in await self._storage.run(lambda unit: unit.integrations.all()):
            if await self._begin_one(integration):
                due.append(integration.id)
            await self._begin_orders(integration)
        return due

    async def _look_into_folder(self) -> None:
        if self.watched is None:
            return
        try:
            await self.watched.look()
        except AppError:
            raise
        except Exception:
            log.exception("watched folder")

    def _ask_the_store(self) -> None:
        """Beside everything else: a slow store must not hold up the schedule."""
        if self.pulling is not None and (self._pull_job is None or self._pull_job.done()):
            self._pull_job = asyncio.create_task(self._guarded_pull(self.pulling))

    @staticmethod
    async def _guarded_pull(pulling: StorePulling) -> None:
        try:
            await pulling.look()
        except AppError as error:
            log.warning("the connected store: %s", type(error).__name__)
        except Exception:
            log.exception("the connected store")

    async def _begin_one(self, integration: Integration) -> bool:
        """Starts the synchronization of an integration if it is due. StorageError."""
        job = self._jobs.get(integration.id)
        if job is not None and not job.done():
            return False
        try:
            found = await self._storage.run(partial(self._due, integration))
        except AppError:
            raise
        except Exception as error:
            if not self._waits(integration.id):
                await self._unexpected(integration, error, None)
            return False
        if found is None or self._stopped:
            return False
        self._jobs[integration.id] = asyncio.create_task(self._guarded(integration, found))
        return True

    async def _begin_orders(self, integration: Integration) -> None:
        """Starts fetching orders if it is due and no synchronization, which brings them itself, was just started. StorageError."""
        running = [self._order_jobs.get(integration.id), self._jobs.get(integration.id)]
        if self.orders is None or self._stopped or any(job is not None and not job.done() for job in running):
            return
        try:
            due = await self._storage.run(partial(self.orders.is_due, integration))
        except AppError:
            raise
        except Exception:
            log.exception("orders of %s", integration.name)
            return
        if due and not self._stopped:
            self._order_jobs[integration.id] = asyncio.create_task(self._guarded_orders(self.orders, integration))

    @staticmethod
    async def _guarded_orders(orders: OrdersClock, integration: Integration) -> None:
        try:
            await orders.fetch(integration)
        except AppError as error:
            log.warning("orders of %s: %s", integration.name, type(error).__name__)
        except Exception:
            log.exception("orders of %s", integration.name)

    async def _guarded(self, integration: Integration, due: _Due) -> None:
        try:
            await self._start(integration, due)
        except AppError as error:
            # The database itself: nothing can be journalled.
            log.warning("schedule of %s: %s", integration.name, type(error).__name__)
            self._not_before[integration.id] = self._clock() + FIRST_RETRY
        except Exception as error:
            # A mistake in one run must not end the schedule of the others.
            await self._unexpected(integration, error, due.last)
        else:
            self._told.pop(integration.id, None)

    async def _unexpected(self, integration: Integration, error: Exception, last: int | None) -> None:
        """Logs an error nobody foresaw with its trace, keeps it in the journal, and tells the owner once.

        last: the run before the one it ended, which may have been journalled as failed; None = none was begun.
        """
        id_, kind = integration.id, type(error).__name__
        log.error("schedule of %s", integration.name, exc_info=error)
        now = self._clock()
        self._not_before[id_] = now + FAILED_AGAIN
        reason = unexpected_line(kind)

        def work(unit: UnitOfWork) -> Run:
            known = unit.journal.last(id_, RunKind.SYNC, skipped=False)
            if known is not None and known.result is RunResult.FAILED:
                if last is not None and known.id > last:
                    # The run itself was journalled as failed.
                    return known
                if known.reason == reason:
                    drawn_out = replace(known, finished_at=now)
                    unit.journal.finish(drawn_out)
                    return drawn_out
            run = Run(0, id_, RunKind.SYNC, RunCause.SCHEDULED, now, now, RunResult.FAILED, reason=reason)
            run = replace(run, id=unit.journal.start(run))
            unit.journal.finish(run)
            return run

        try:
            run = await self._storage.run(work)
        except Exception:
            log.exception("schedule of %s: not journalled", integration.name)
            return
        if self._told.get(id_) != kind:
            self._told[id_] = kind
            self._notifications.notify_trouble(integration.name, reason, kind, run)

    # --- what is due ----------------------------------------------------------------------------------------------------

    def _due(self, integration: Integration, unit: UnitOfWork) -> _Due | None:
        trigger = integration.settings.update_trigger
        if not integration.enabled or trigger is None or self._waits(integration.id) or self._half_there(unit):
            return None
        last = unit.journal.last(integration.id, RunKind.SYNC, skipped=False)
        cause = self._cause(integration.id, trigger, last, unit)
        return None if cause is None else _Due(cause, last.id if last is not None else 0)

    def _waits(self, integration_id: int) -> bool:
        """Whether it was tried a moment ago. A moment beyond all waits means that the clock was set back."""
        until, now = self._not_before.get(integration_id), self._clock()
        return until is not None and now < until <= now + LONGEST_RETRY

    def _cause(self, integration_id: int, trigger: UpdateTrigger, last: Run | None, unit: UnitOfWork) -> RunCause | None:
        now = self._clock()
        if integration_id in self._outages or (last is not None and self._broke_off(integration_id, last, unit)):
            return RunCause.RESUMED
        limit = self._sync.board.limit_until(unit, integration_id)
        if limit is not None and limit <= now:
            return RunCause.RESUMED
        if trigger is UpdateTrigger.ON_CHANGE:
            return RunCause.CHANGE if self._changed(integration_id, unit) else None
        moment = next_run(trigger, self._counted_from(integration_id, trigger, last), now, self._zone, times_of(unit, integration_id))
        return RunCause.SCHEDULED if moment is not None and moment <= now else None

    def _broke_off(self, integration_id: int, last: Run, unit: UnitOfWork) -> bool:
        """Whether the last run was killed, or stopped together with the program."""
        if last.result is RunResult.RUNNING:
            return not self._sync.is_running(unit, integration_id)
        if last.result is RunResult.STOPPED and last.cause is not RunCause.MANUAL:
            return unit.preferences.get(_stopped_key(integration_id)) != str(last.id)
        return last.result is RunResult.INTERRUPTED

    def _counted_from(self, integration_id: int, trigger: UpdateTrigger, last: Run | None) -> datetime | None:
        now = self._clock()
        if last is None:
            # An interval is due at once; wall times are counted from the first look, or «after now» would never be reached.
            return self._anchors.setdefault((integration_id, 0), now) if trigger is UpdateTrigger.TWICE_A_DAY else None
        ahead = last.started_at - now
        set_back = ahead > (CLOCK_WAS_WRONG if trigger is UpdateTrigger.TWICE_A_DAY else timedelta())
        if set_back or (integration_id, last.id) in self._anchors:
            # Counted from when that was noticed; a wall time that comes a second time in one day was had already.
            return self._anchors.setdefault((integration_id, last.id), now)
        return last.started_at

    def _notice_edits(self) -> None:
        if self._edits.edits != self._rest[0]:
            self._rest = (self._edits.edits, self._clock())

    def _changed(self, integration_id: int, unit: UnitOfWork) -> bool:
        """Whether the store was imported or edited since the last run that got through. By numbers: clocks are set back."""
        key = edited_key(integration_id)
        seen = next((run.id for run in unit.journal.runs(integration_id) if run.kind is RunKind.SYNC and run.result in ENDED), 0)
        if unit.journal.last_import() > seen:
            return True
        if self._edits.edits > self._synced_edits.get(integration_id, 0):
            unit.preferences.set(key, "1")
            return not timedelta() <= self._clock() - self._rest[1] < EDITS_REST
        return unit.preferences.get(key) is not None

    # --- one run --------------------------------------------------------------------------------------------------------

    async def _start(self, integration: Integration, due: _Due) -> None:
        id_ = integration.id
        if await self.paused():
            await self._skipped(integration, due.cause, SCHEDULE_PAUSED)
            return
        if id_ in self._outages and not await self._sync.reachable(id_):
            self._wait_for_network(id_)
            return
        edits = self._edits.edits

        def still_due(unit: UnitOfWork) -> bool:
            last = unit.journal.last(id_, RunKind.SYNC, skipped=False)
            if (last.id if last is not None else 0) != due.last:
                return False
            unit.preferences.remove(edited_key(id_))
            return True

        try:
            result = await self._sync.run(id_, silent, SyncRequest(cause=due.cause, due=still_due))
        except NoLongerDue:
            self._reached(id_, edits)
        except (AlreadyRunning, NotPossibleYet) as error:
            self._reached(id_, self._synced_edits.get(id_, 0))
            await self._skipped(integration, due.cause, error_line(error))
        except (NotConfirmed, ReadOnlyCabinet) as error:
            self._reached(id_, self._synced_edits.get(id_, 0))
            await self._skipped(integration, due.cause, READ_ONLY if isinstance(error, ReadOnlyCabinet) else WAITS_FOR_REVIEW)
        except NetworkError as error:
            # The orders may have met it before: one outage is told once.
            first = id_ not in self._outages and self._sync.board.entry(id_).offline_since is None
            if error.retryable:
                self._wait_for_network(id_)
            else:
                self._not_before[id_] = self._clock() + FAILED_AGAIN
            await self._notify_failure(integration, error, first)
        except AppError as error:
            self._reached(id_, self._synced_edits.get(id_, 0))
            self._not_before[id_] = self._clock() + FAILED_AGAIN
            await self._notify_failure(integration, error, True)
        else:
            self._reached(id_, edits)
            if result.run.result is RunResult.PARTIAL:
                self._notify_partial(integration, result.run)

    def _reached(self, integration_id: int, edits: int) -> None:
        """Ozon was reached; changes up to `edits` are with it."""
        self._outages.pop(integration_id, None)
        self._not_before.pop(integration_id, None)
        self._sync.board.online(integration_id)
        self._synced_edits[integration_id] = edits

    def _wait_for_network(self, integration_id: int) -> None:
        tries = self._outages.get(integration_id, 0)
        self._outages[integration_id] = tries + 1
        moment = self._clock() + min(FIRST_RETRY * 2 ** min(tries, 10), LONGEST_RETRY)
        self._not_before[integration_id] = moment
        self._sync.board.offline(integration_id, moment)

    async def _notify_failure(self, integration: Integration, error: AppError, news: bool) -> None:
        """The run journalled itself; the schedule goes on with the next one. One outage is notified once."""
        log.warning("scheduled run of %s failed: %s", integration.name, type(error).__name__)
        if news:
            ended = await self._storage.run(partial(_last_sync, integration.id))
            self._notifications.notify_trouble(integration.name, error_line(error), type(error).__name__, ended)

    def _notify_partial(self, integration: Integration, run: Run) -> None:
        counts, cause = dict(run.counts), cause_of(run)
        waits = counts.get("held") or counts.get("waiting")
        if not cause and waits and not (counts.get("failed") or counts.get("refused")):
            # The owner was told of what is held when it was, and the rest of a large store only waits for its turn.
            return
        if cause:
            self._notifications.notify_trouble(integration.name, PARTLY_SENT, cause, run)
        else:
            self._notifications.notify(integration.name, PARTLY_SENT)

    async def _skipped(self, integration: Integration, cause: RunCause, reason: str) -> None:
        """One line in the journal from the first time to the last, while the reason stays."""
        now = self._clock()
        self._not_before[integration.id] = now + SKIPPED_AGAIN

        def work(unit: UnitOfWork) -> None:
            last = unit.journal.last(integration.id, RunKind.SYNC)
            if last is not None and last.result is RunResult.SKIPPED and last.reason == reason:
                unit.journal.finish(replace(last, finished_at=now))
                return
            run = Run(0, integration.id, RunKind.SYNC, cause, now, now, RunResult.SKIPPED, reason=reason)
            unit.journal.finish(replace(run, id=unit.journal.start(run)))

        await self._storage.run(work)


def cause_of(run: Run) -> str:
    """What kept a run from being all good, whichever and however many products it concerned; "" = nothing that is new.

    A card that was refused was notified then: that it is not sent again unchanged is the same trouble. Of what is held the owner is
    told by itself. What waits for Ozon's next day, or for the half minute it wants between two stocks, is no trouble.
    """
    no_news = {Reason.REFUSED_UNCHANGED.value, QUOTA_USED_UP, TOO_OFTEN, *(hold.value for hold in Hold)}
    return " ".join(sorted({problem.code for problem in run.problems} - no_news))


def times_of(unit: UnitOfWork, integration_id: int) -> tuple[time, ...]:
    return parse_times(unit.preferences.get(_times_key(integration_id)) or "") or TWICE_A_DAY_AT


def _stopped_key(integration_id: int) -> str:
    """The preference that names the last run a person stopped."""
    return f"schedule/stopped/{integration_id}"


def _times_key(integration_id: int) -> str:
    return f"schedule/times/{integration_id}"


def _last_sync(integration_id: int, unit: UnitOfWork) -> Run | None:
    return unit.journal.last(integration_id, RunKind.SYNC)
