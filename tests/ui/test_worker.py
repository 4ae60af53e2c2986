"""The bridge to the services: results, progress, cancelling, failures, receivers that are gone."""

import asyncio
import gc
import sys
import threading
import weakref
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.errors import NoConnection
from ozon_desktop.ui.worker import Worker


class Listener(QObject):
    """Notes what it is told, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.progress: list[Any] = []
        self.results: list[Any] = []
        self.errors: list[Any] = []
        self.cancelled = 0
        self.threads: set[threading.Thread] = set()

    def on_progress(self, update: object) -> None:
        self.progress.append(update)
        self.threads.add(threading.current_thread())

    def on_done(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(threading.current_thread())

    def on_failed(self, error: object) -> None:
        self.errors.append(error)

    def on_cancelled(self) -> None:
        self.cancelled += 1


async def answer(value: object) -> object:
    await asyncio.sleep(0)
    return value


async def fail(error: Exception) -> None:
    await asyncio.sleep(0)
    raise error


async def wait_for_ever() -> None:
    await asyncio.Event().wait()


def test_result_arrives_in_the_window_thread(qtbot: QtBot, worker: Worker) -> None:
    listener = Listener()
    job = worker.run(answer("готово"), on_done=listener.on_done)
    qtbot.waitUntil(lambda: bool(listener.results))
    assert listener.results == ["готово"]
    assert listener.threads == {threading.current_thread()}
    assert not job.running
    assert worker.pending == 0


def test_two_thousand_progress_signals_lose_no_reference(qtbot: QtBot, worker: Worker) -> None:
    """PySide 6.12.0 on Python 3.11 dropped a reference to True on each emit and aborted after some 570."""
    listener = Listener()
    update = ProgressUpdate(Stage.PRODUCTS, 1, 2)

    async def many(progress: Progress) -> bool:
        for number in range(2000):
            progress(update)
            if number % 100 == 0:
                await asyncio.sleep(0)
        return True

    gc.collect()
    before_true, before_none, before_update = sys.getrefcount(True), sys.getrefcount(None), sys.getrefcount(update)
    worker.run(many, on_progress=listener.on_progress, on_done=listener.on_done)
    qtbot.waitUntil(lambda: bool(listener.results), timeout=60_000)
    assert len(listener.progress) == 2000
    assert all(seen is update for seen in listener.progress)
    listener.progress.clear()
    gc.collect()
    assert sys.getrefcount(True) > before_true - 1000
    assert sys.getrefcount(None) > before_none - 1000
    assert abs(sys.getrefcount(update) - before_update) < 10


def test_cancelling_stops_a_waiting_job(qtbot: QtBot, worker: Worker) -> None:
    listener = Listener()
    job = worker.run(wait_for_ever(), on_done=listener.on_done, on_failed=listener.on_failed, on_cancelled=listener.on_cancelled)
    job.cancel()
    assert job.cancelling
    qtbot.waitUntil(lambda: listener.cancelled == 1)
    assert (listener.results, listener.errors, job.running) == ([], [], False)
    job.cancel()


def test_failure_reaches_on_failed(qtbot: QtBot, worker: Worker) -> None:
    listener = Listener()
    error = NoConnection("/v1/roles")
    worker.run(fail(error), on_done=listener.on_done, on_failed=listener.on_failed)
    qtbot.waitUntil(lambda: bool(listener.errors))
    assert listener.errors == [error]
    assert listener.results == []


def test_failure_nobody_listens_to_is_reported_all_the_same(qtbot: QtBot, worker: Worker) -> None:
    listener = Listener()
    worker.unheard.connect(listener.on_failed)
    worker.run(fail(ValueError("x")))
    qtbot.waitUntil(lambda: bool(listener.errors))
    assert isinstance(listener.errors[0], ValueError)


def test_factory_that_raises_at_once_is_a_failure(qtbot: QtBot, worker: Worker) -> None:
    listener = Listener()

    def broken(progress: Progress) -> Any:
        raise KeyError("no coroutine")

    worker.run(broken, on_failed=listener.on_failed)
    qtbot.waitUntil(lambda: bool(listener.errors))
    assert isinstance(listener.errors[0], KeyError)


def test_widget_deleted_while_its_job_runs_is_not_called(qtbot: QtBot, worker: Worker) -> None:
    class Called(QLabel):
        def on_done(self, text: str) -> None:
            self.setText(text)

    release = threading.Event()
    label = Called("до")
    worker.run(asyncio.to_thread(release.wait, 5), on_done=label.on_done)
    other = Listener()
    label.deleteLater()
    del label
    gc.collect()
    qtbot.wait(20)
    release.set()
    with qtbot.waitSignal(worker.idle):
        worker.run(answer(1), on_done=other.on_done)
    assert other.results == [1]
    assert worker.pending == 0


def test_stop_cancels_what_runs_and_refuses_more(qtbot: QtBot) -> None:
    worker, listener = Worker(), Listener()
    worker.run(wait_for_ever(), on_cancelled=listener.on_cancelled)
    worker.stop()
    assert listener.cancelled == 1
    assert worker.pending == 0
    with pytest.raises(RuntimeError):
        worker.run(answer(1))
    worker.stop()


def test_what_the_last_results_ask_for_while_stopping_is_reported_as_cancelled(qtbot: QtBot) -> None:
    worker, listener = Worker(), Listener()
    asked = threading.Event()

    class Page(QObject):
        def on_done(self, _: object) -> None:
            job = worker.run(answer(2), on_done=listener.on_done, on_cancelled=listener.on_cancelled)
            job.cancel()

    async def first() -> int:
        asked.set()
        return 1

    page = Page()
    worker.run(first(), on_done=page.on_done)
    # No turn of the event loop before the end: the result waits to be told.
    assert asked.wait(60)
    worker.stop()
    assert (listener.results, listener.cancelled, worker.pending) == ([], 1, 0)


def test_jobs_run_side_by_side(qtbot: QtBot, worker: Worker) -> None:
    listener = Listener()
    slow = worker.run(wait_for_ever(), on_cancelled=listener.on_cancelled)
    worker.run(answer("быстро"), on_done=listener.on_done)
    qtbot.waitUntil(lambda: listener.results == ["быстро"])
    assert slow.running
    slow.cancel()
    qtbot.waitUntil(lambda: listener.cancelled == 1)


def test_a_task_beside_the_jobs_that_fails_is_heard(qtbot: QtBot, worker: Worker, caplog: pytest.LogCaptureFixture) -> None:
    listener = Listener()
    worker.unheard.connect(listener.on_failed)
    error = ZeroDivisionError("beside")

    async def leaves_it() -> None:
        task = asyncio.create_task(fail(error))
        await asyncio.wait([task])

    worker.run(leaves_it(), on_done=listener.on_done)
    qtbot.waitUntil(lambda: listener.errors == [error])
    assert "Traceback" not in caplog.text


def test_a_stopped_worker_goes_with_its_last_reference(qtbot: QtBot) -> None:
    """Not with the collector, which may run on any thread."""
    worker = Worker()
    worker.stop()
    known = weakref.ref(worker)
    assert not gc.isenabled()
    del worker
    assert known() is None
