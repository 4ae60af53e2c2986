"""«Запуски и трей»: saved at once, errors beside what they concern, everything by keyboard."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSystemTrayIcon, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.errors import StorageError
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.frame.run_settings import RunSettingsDialog
from ozon_desktop.ui.frame.run_watch import RunWatch
from ozon_desktop.ui.frame.tray import stays_when_closed
from tests.ui.run_fakes import FakeOrdersClock, FakeRuns, FakeSchedule


class FakeStart:
    """Starts with the system, or the system refuses."""

    def __init__(self) -> None:
        self.on = False
        self.refuses = False

    def enabled(self) -> bool:
        return self.on

    def enable(self) -> None:
        if self.refuses:
            raise PermissionError(13, "Отказано в доступе")
        self.on = True

    def disable(self) -> None:
        self.on = False


@pytest.fixture
def schedule() -> FakeSchedule:
    return FakeSchedule()


@pytest.fixture
def start() -> FakeStart:
    return FakeStart()


@pytest.fixture
def frame() -> FakeRuns:
    return FakeRuns()


@pytest.fixture
def orders() -> FakeOrdersClock:
    return FakeOrdersClock()


@pytest.fixture
def context(frame_context: WindowContext, schedule: FakeSchedule, orders: FakeOrdersClock) -> WindowContext:
    frame_context.application.scheduler = schedule  # type: ignore[assignment]
    frame_context.application.orders_clock = orders  # type: ignore[assignment]
    return frame_context


@contextmanager
def opened(qtbot: QtBot, context: WindowContext, start: FakeStart) -> Iterator[RunSettingsDialog]:
    window = QWidget()
    watch = RunWatch(context, window)
    dialog = RunSettingsDialog(context, watch, window, starter=start)
    dialog.show()
    dialog.activateWindow()
    settled(qtbot, context)
    yield dialog
    watch.stop()
    context.worker.stop()
    # Or the timers would be collected on another thread.
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def settled(qtbot: QtBot, context: WindowContext) -> None:
    qtbot.waitUntil(lambda: context.worker.pending == 0)


@pytest.fixture
def dialog(qtbot: QtBot, context: WindowContext, start: FakeStart, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunSettingsDialog]:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))
    with opened(qtbot, context, start) as dialog:
        yield dialog


def enter(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def test_times_are_kept_with_enter_and_the_dialog_stays_open(
    dialog: RunSettingsDialog, context: WindowContext, schedule: FakeSchedule, qtbot: QtBot
) -> None:
    assert (dialog.first.text(), dialog.second.text()) == ("09:00", "18:00")
    enter(dialog.second, "20:30")
    settled(qtbot, context)
    assert schedule.chosen == {1: (time(9), time(20, 30))}
    assert dialog.isVisible()


@pytest.mark.parametrize(("text", "reported"), [("25:00", "Введите время"), ("", "Введите время"), ("9:00", "два разных")])
def test_wrong_time_is_reported_below_and_not_kept(
    dialog: RunSettingsDialog, context: WindowContext, schedule: FakeSchedule, qtbot: QtBot, text: str, reported: str
) -> None:
    dialog.second.clear()
    enter(dialog.second, text)
    settled(qtbot, context)
    assert reported in dialog.times_error.text()
    assert schedule.chosen == {}
    enter(dialog.second, "19:00")
    settled(qtbot, context)
    assert reported not in dialog.times_error.text()
    assert schedule.chosen == {1: (time(9), time(19))}


def test_how_often_orders_come_is_kept_for_the_cabinet(
    dialog: RunSettingsDialog, context: WindowContext, orders: FakeOrdersClock, qtbot: QtBot
) -> None:
    assert dialog.minutes.text() == "10"
    enter(dialog.minutes, "30")
    settled(qtbot, context)
    assert orders.chosen == {1: 30}
    context.choose_integration(2)
    settled(qtbot, context)
    assert dialog.minutes.text() == "10"


@pytest.mark.parametrize("text", ["4", "121", "-5", "abc", ""])
def test_minutes_beyond_the_limits_are_refused_below(
    dialog: RunSettingsDialog, context: WindowContext, orders: FakeOrdersClock, qtbot: QtBot, text: str
) -> None:
    dialog.minutes.clear()
    enter(dialog.minutes, text)
    settled(qtbot, context)
    assert "5" in (dialog.orders_every.error or "")
    assert orders.chosen == {}
    enter(dialog.minutes, "10")
    assert dialog.orders_every.error is None


def test_failure_of_the_database_is_reported_beside_what_was_not_kept(
    dialog: RunSettingsDialog, context: WindowContext, schedule: FakeSchedule, qtbot: QtBot
) -> None:
    schedule.failure = StorageError()
    enter(dialog.second, "20:30")
    dialog.paused.check.click()
    qtbot.waitUntil(lambda: context.worker.pending == 0)
    assert dialog.times_error.text() == context.explain(StorageError()).line
    qtbot.waitUntil(lambda: not dialog.paused.check.isChecked())
    assert not schedule.rests


def test_other_cabinet_has_its_own_times(dialog: RunSettingsDialog, context: WindowContext, schedule: FakeSchedule, qtbot: QtBot) -> None:
    schedule.chosen[2] = (time(7), time(8))
    context.choose_integration(2)
    settled(qtbot, context)
    assert (dialog.first.text(), dialog.second.text()) == ("07:00", "08:00")
    enter(dialog.first, "6:15")
    settled(qtbot, context)
    assert schedule.chosen == {2: (time(6, 15), time(8))}


def test_pause_follows_the_schedule(dialog: RunSettingsDialog, context: WindowContext, schedule: FakeSchedule, qtbot: QtBot) -> None:
    QTest.keyClick(dialog.paused.check, Qt.Key.Key_Space)
    settled(qtbot, context)
    assert schedule.rests
    schedule.rests = False
    dialog._watch.look()
    qtbot.waitUntil(lambda: not dialog.paused.check.isChecked())


def test_tray_is_chosen_at_once(dialog: RunSettingsDialog, context: WindowContext) -> None:
    assert not stays_when_closed(context.state)
    dialog.stays.check.click()
    assert stays_when_closed(context.state)
    dialog.stays.check.click()
    assert not stays_when_closed(context.state)


def test_without_a_tray_there_is_nothing_to_choose(
    qtbot: QtBot, context: WindowContext, start: FakeStart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: False))
    with opened(qtbot, context, start) as dialog:
        assert not dialog.stays.check.isEnabled()
        assert "нет области уведомлений" in dialog.stays.below.text()


def test_start_with_the_system_and_a_system_that_refuses(
    dialog: RunSettingsDialog, context: WindowContext, start: FakeStart, qtbot: QtBot
) -> None:
    start.refuses = True
    dialog.starts.check.click()
    settled(qtbot, context)
    assert not dialog.starts.check.isChecked()
    assert "Отказано в доступе" in dialog.starts.below.text()
    start.refuses = False
    dialog.starts.check.click()
    settled(qtbot, context)
    assert start.on
    assert "Отказано" not in dialog.starts.below.text()


def test_every_control_has_a_name_and_escape_closes(dialog: RunSettingsDialog) -> None:
    for line in (dialog.first, dialog.second, dialog.minutes):
        assert line.accessibleName()
        assert "&" not in line.accessibleName()
    mnemonics = [
        text[text.index("&") + 1].lower()
        for text in (
            dialog.times.label.text(),
            dialog.second_time.label.text(),
            dialog.orders_every.label.text(),
            *(button.text() for button in (dialog.close_button,)),
            *(line.check.text() for line in (dialog.paused, dialog.stays, dialog.starts)),
        )
    ]
    assert len(set(mnemonics)) == len(mnemonics), mnemonics
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
