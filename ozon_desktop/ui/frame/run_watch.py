"""Asks every two seconds what the runs of all cabinets are doing, so that the window and the tray show it while it happens."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from ozon_desktop.application import Application
from ozon_desktop.domain.run_status import RunState, RunStatus
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.worker import Job

LOOK_EVERY_MS = 2_000


@dataclass(frozen=True, slots=True)
class RunReading:
    """One look: the states by the integration's id, whether the schedule rests, and the moment of the look."""

    statuses: Mapping[int, RunStatus]
    paused: bool
    now: datetime


async def read_runs(application: Application) -> RunReading:
    """Looks once. StorageError."""
    statuses, paused = await asyncio.gather(application.overview.statuses(), application.scheduler.paused())
    return RunReading(statuses, paused, application.clock())


class RunWatch(QObject):
    """read(RunReading): one look; ended: since the look before, a run has ended or another cabinet has come.

    failed(error): an order, or the first of the looks that fail one after the other.
    """

    read = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(self, context: WindowContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._looking: Job | None = None
        self._failing = False
        self._last: RunReading | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @property
    def paused(self) -> bool:
        """Whether the schedule rests, as far as is known."""
        return self._last is not None and self._last.paused

    @property
    def runs_here(self) -> bool:
        """Whether this program runs a synchronization; one of another computer goes on without it."""
        statuses = self._last.statuses.values() if self._last is not None else ()
        return any(status.state is RunState.RUNNING and status.holder is None for status in statuses)

    def is_running(self, integration_id: int) -> bool:
        status = self._last.statuses.get(integration_id) if self._last is not None else None
        return status is not None and status.state is RunState.RUNNING

    def look(self) -> None:
        """Looks now, unless a look is under way."""
        if self._looking is None:
            self._looking = self._context.worker.run(
                read_runs(self._context.application), on_done=self._read, on_failed=self._look_failed, on_cancelled=self._forgotten
            )

    def set_paused(self, paused: bool) -> None:
        """Lets the schedule rest or go on; what it then is comes with `read`."""
        self._context.worker.run(self._pause(paused), on_done=self._paused, on_failed=self._not_paused)

    def stop(self) -> None:
        """Looks no more: the database is about to be closed."""
        self._timer.stop()

    async def _pause(self, paused: bool) -> RunReading:
        await self._context.application.scheduler.set_paused(paused)
        return await read_runs(self._context.application)

    def _paused(self, reading: RunReading) -> None:
        self._publish(reading)

    def _not_paused(self, error: object) -> None:
        self.failed.emit(error)
        self.look()

    def _read(self, reading: RunReading) -> None:
        self._looking = None
        self._failing = False
        self._publish(reading)

    def _publish(self, reading: RunReading) -> None:
        before, self._last = self._last, reading
        self.read.emit(reading)
        if before is not None and _last_runs(before) != _last_runs(reading):
            self.ended.emit()

    def _look_failed(self, error: object) -> None:
        self._looking = None
        if self._timer.isActive() and not self._failing:
            self._failing = True
            self.failed.emit(error)

    def _forgotten(self) -> None:
        self._looking = None


def _last_runs(reading: RunReading) -> dict[int, tuple[int, object] | None]:
    runs = ((key, status.last_run) for key, status in reading.statuses.items())
    return {key: (run.id, run.result) if run is not None else None for key, run in runs}
