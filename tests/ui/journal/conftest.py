"""A window context over a fake journal, and runs to show."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.progress import Progress
from ozon_desktop.errors import AppError
from ozon_desktop.services.sync.sync import SyncResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.journal.page import JournalPage
from ozon_desktop.ui.look.theme import Theme, ThemeMode, window_font
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.worker import Worker

NOW = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
EMPTY_BRAND = RunProblem("KT-1", "Бренд", "error_attribute_values_empty", "Не заполнена характеристика «Бренд»")
NOT_MAPPED = RunProblem("SP-1", "category", "not_mapped", "Категория не сопоставлена с категорией Ozon")


def make_runs() -> list[Run]:
    """A partly failed synchronization, a skipped one, an import, and orders that could not be fetched; newest first."""

    def run(number: int, kind: RunKind, cause: RunCause, result: RunResult, **more: Any) -> Run:
        started = NOW - timedelta(hours=number)
        return Run(number, 1, kind, cause, started, started + timedelta(seconds=95), result, **more)

    unreached = (RunProblem("", "", "NoConnection", ""),)
    problems = (EMPTY_BRAND, replace(EMPTY_BRAND, offer_id="KT-2"), NOT_MAPPED)
    return [
        run(
            1,
            RunKind.SYNC,
            RunCause.MANUAL,
            RunResult.PARTIAL,
            counts=(("create", 12), ("price", 37), ("failed", 2)),
            requests=1204,
            problems=problems,
        ),
        run(2, RunKind.SYNC, RunCause.SCHEDULED, RunResult.SKIPPED, reason="компьютер был выключен"),
        run(3, RunKind.STORE_IMPORT, RunCause.FOLDER, RunResult.DONE, counts=(("products", 40),)),
        run(
            4,
            RunKind.ORDERS,
            RunCause.SCHEDULED,
            RunResult.FAILED,
            reason="Нет связи с Ozon",
            problems=unreached,
        ),
    ]


class FakeJournal:
    """Answers with what the test put in."""

    def __init__(self) -> None:
        self.all = make_runs()
        self.broken: AppError | None = None

    async def runs(self, integration_id: int | None, limit: int) -> list[Run]:
        """The runs that were put in."""
        if self.broken is not None:
            raise self.broken
        return [run for run in self.all if integration_id in {None, run.integration_id}][:limit]


class FakeSync:
    """Remembers what it was asked to send; each run enters the journal."""

    def __init__(self, journal: FakeJournal) -> None:
        self.retried: list[tuple[int, int]] = []
        self.answer: RunResult | AppError = RunResult.DONE
        self._journal = journal

    async def retry_failed(self, integration_id: int, run_id: int, progress: Progress) -> SyncResult:
        """A run that ends as the test wants."""
        self.retried.append((integration_id, run_id))
        if isinstance(self.answer, AppError):
            raise self.answer
        run = Run(9, integration_id, RunKind.SYNC, RunCause.MANUAL, NOW, NOW, self.answer)
        self._journal.all.insert(0, run)
        return SyncResult(run, (), 0)


@pytest.fixture
def journal() -> FakeJournal:
    """The fake journal behind the context."""
    return FakeJournal()


@pytest.fixture
def sync(journal: FakeJournal) -> FakeSync:
    """The fake synchronization behind the context."""
    return FakeSync(journal)


@pytest.fixture
def context(qtbot: QtBot, tmp_path: Path, journal: FakeJournal, sync: FakeSync) -> Iterator[WindowContext]:
    """A context whose application is nothing but the fakes."""
    application: Any = SimpleNamespace(journal=journal, sync=sync, clock=lambda: NOW)
    theme = Theme(ThemeMode.LIGHT)
    # Whatever size of text and style another test has left behind.
    QApplication.setFont(window_font())
    theme.apply()
    worker = Worker()
    state = WindowState(tmp_path / "window.ini")
    yield WindowContext(application, worker, theme, state, presenter=Presenter(), integration_id=1)
    worker.stop()
    # Jobs are deleted here: left to the garbage collector, they could be deleted in the next test's services thread. All are young.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect(1)


@pytest.fixture
def open_page(qtbot: QtBot, context: WindowContext) -> Callable[[], JournalPage]:
    """Opens the page as wide as a window of 1366 × 768 shows it, and waits for the journal."""

    def opened() -> JournalPage:
        page = JournalPage(context)
        qtbot.addWidget(page)
        # High enough for everything whatever the font: a low window is a matter of its own.
        page.resize(1142, 50 * page.fontMetrics().height())
        page.show()
        qtbot.waitUntil(lambda: context.worker.pending == 0)
        return page

    return opened
