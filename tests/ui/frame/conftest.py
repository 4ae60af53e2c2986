"""The window over fake services and fake pages."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.context import PAGES, WindowContext
from ozon_desktop.ui.frame.main_window import MainWindow
from tests.ui.frame.fakes import factory
from tests.ui.run_fakes import FakeOrdersClock, FakeRuns, FakeSchedule


@pytest.fixture
def frame() -> FakeRuns:
    return FakeRuns()


@pytest.fixture
def schedule() -> FakeSchedule:
    return FakeSchedule()


@pytest.fixture
def window(qtbot: QtBot, frame_context: WindowContext, frame: FakeRuns, schedule: FakeSchedule) -> Iterator[MainWindow]:
    frame_context.application.scheduler = schedule  # type: ignore[assignment]
    frame_context.application.orders_clock = FakeOrdersClock()  # type: ignore[assignment]
    frame_context.application.sync = frame  # type: ignore[assignment]
    window = MainWindow(frame_context, {name: factory(name) for name in PAGES})
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: frame_context.worker.pending == 0)
    yield window
    frame_context.worker.stop()
    window.dispose()
