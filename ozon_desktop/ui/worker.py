"""The only bridge between the window and the services: one Python thread with an asyncio loop, results as queued signals.

Widgets never meet the other thread: it only touches plain handles, and every callback runs in the window thread.
"""

import asyncio
import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot

from ozon_desktop.domain.progress import Progress, ProgressUpdate

log = logging.getLogger(__name__)

Work = Coroutine[Any, Any, Any] | Callable[[Progress], Coroutine[Any, Any, Any]]
"""A coroutine, or a factory that gets the progress callback and gives one."""

Callback = Callable[[Any], object] | SignalInstance
"""A bound method of a QObject, or a signal of one that passes the result on."""

STOP_SECONDS = 10.0
"""How long a closing program waits for cancelled work; a thread stuck in a system call is then left to the daemon flag."""


class Job(QObject):
    """One piece of work under way. Signals are emitted in the window thread; exactly one of the last three comes."""

    progressed = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, cancel: Callable[[], None]) -> None:
        # No parent and no deleteLater: PySide frees a child whose parent goes first twice. The last reference ends it.
        super().__init__()
        self._cancel = cancel
        self._running = True
        self._cancelling = False

    @property
    def running(self) -> bool:
        """Whether its end has not been delivered yet."""
        return self._running

    @property
    def cancelling(self) -> bool:
        return self._cancelling

    def cancel(self) -> None:
        """Asks it to stop; returns at once. `cancelled` follows when it has."""
        if self._running and not self._cancelling:
            self._cancelling = True
            self._cancel()

    def deliver(self, kind: str, payload: object) -> None:
        """Emits the signal of its kind; called by the worker in the window thread only."""
        if kind == "progressed":
            if not self._cancelling:
                self.progressed.emit(payload)
            return
        self._running = False
        if kind == "done":
            self.done.emit(payload)
        elif kind == "failed":
            self.failed.emit(payload)
        else:
            self.cancelled.emit()


class Worker(QObject):
    """Runs coroutines of the services beside the window.

    `unheard` carries the exception of a job that nobody listens to, so that no failure is lost. `idle` comes when the
    last job has ended.
    """

    unheard = Signal(object)
    idle = Signal()
    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inbox: deque[tuple[int, str, object]] = deque()
        self._jobs: dict[int, Job] = {}
        self._heard: set[int] = set()
        self._tasks: dict[int, asyncio.Task[Any]] = {}
        self._next_number = 1
        self._stopping = self._stopped = False
        self._arrived.connect(self._take_one, Qt.ConnectionType.QueuedConnection)
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(self._beside)
        self._thread = threading.Thread(target=self._serve, name="services", daemon=True)
        self._thread.start()

    @property
    def pending(self) -> int:
        """Jobs whose end has not been delivered yet."""
        return len(self._jobs)

    @property
    def stopped(self) -> bool:
        """Whether nothing can be started any more: the program is closing, though answers may still arrive."""
        return self._stopped

    def run(
        self,
        work: Work,
        *,
        on_progress: Callback | None = None,
        on_done: Callback | None = None,
        on_failed: Callback | None = None,
        on_cancelled: Callable[[], object] | None = None,
    ) -> Job:
        """Starts `work`; the callbacks are bound methods of QObjects and are dropped when their object is deleted.

        What the last results still ask for while the worker stops counts as cancelled. RuntimeError after `stop()`.
        """
        if self._stopped:
            if not callable(work):
                work.close()
            raise RuntimeError("the worker has stopped")
        number = self._next_number
        self._next_number += 1
        job = Job(partial(self._ask_to_cancel, number))
        for signal, callback in (
            (job.progressed, on_progress),
            (job.done, on_done),
            (job.failed, on_failed),
            (job.cancelled, on_cancelled),
        ):
            if callback is not None:
                signal.connect(callback)
        if on_failed is not None:
            self._heard.add(number)
        self._jobs[number] = job
        if not self._stopping:
            self._call(self._start_task, number, work)
        elif not callable(work):
            work.close()
        return job

    def stop(self) -> None:
        """Cancels everything, waits for it and ends the thread; unfinished jobs count as cancelled."""
        if self._stopping:
            return
        self._stopping = True
        self._call(self._loop.stop)
        self._thread.join(STOP_SECONDS)
        # The loop knows the worker by it: left in a circle, the worker would be destroyed by whatever thread collects.
        self._loop.set_exception_handler(None)
        while self._inbox:
            self._take_one()
        self._stopped = True
        for number in list(self._jobs):
            self._inbox.append((number, "cancelled", None))
            self._take_one()

    # --- window thread ----------------------------------------------------------------------------------------------

    def _ask_to_cancel(self, number: int) -> None:
        if not self._stopping:
            self._call(self._cancel_task, number)

    def _call(self, function: Callable[..., object], *arguments: object) -> None:
        self._loop.call_soon_threadsafe(function, *arguments)

    @Slot()
    def _take_one(self) -> None:
        if not self._inbox:
            return
        number, kind, payload = self._inbox.popleft()
        if kind == "unheard":
            self.unheard.emit(payload)
            return
        job = self._jobs.get(number)
        if job is None:
            return
        if kind != "progressed":
            del self._jobs[number]
        try:
            job.deliver(kind, payload)
            if kind == "failed" and number not in self._heard:
                self.unheard.emit(payload)
        finally:
            if kind != "progressed":
                self._heard.discard(number)
                if not self._jobs:
                    self.idle.emit()

    # --- services thread --------------------------------------------------------------------------------------------

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            if left:
                self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()

    def _start_task(self, number: int, work: Work) -> None:
        def progress(update: ProgressUpdate) -> None:
            self._post(number, "progressed", update)

        try:
            coroutine = work(progress) if callable(work) else work
        except Exception as error:
            self._post(number, "failed", error)
            return
        task = self._loop.create_task(coroutine)
        self._tasks[number] = task
        # Not a wrapping coroutine: one that is cancelled before its first step could not report its end.
        task.add_done_callback(partial(self._finished, number))

    def _cancel_task(self, number: int) -> None:
        task = self._tasks.get(number)
        if task is not None:
            task.cancel()

    def _finished(self, number: int, task: "asyncio.Task[Any]") -> None:
        del self._tasks[number]
        error = None if task.cancelled() else task.exception()
        if task.cancelled():
            self._post(number, "cancelled", None)
        elif error is not None:
            self._post(number, "failed", error)
        else:
            self._post(number, "done", task.result())

    def _beside(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A task that no job waits for has failed."""
        error = context.get("exception")
        if error is None:
            log.error("beside the jobs: %s", context.get("message"))
        else:
            self._post(0, "unheard", error)

    def _post(self, number: int, kind: str, payload: object) -> None:
        self._inbox.append((number, kind, payload))
        # The window may be gone while a thread of the services still reports.
        with contextlib.suppress(RuntimeError):
            self._arrived.emit()
