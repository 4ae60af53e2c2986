"""The window and runs: those of others, the tray, several cabinets."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.lease import Lease, Owner
from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.domain.run_status import RunState, RunStatus
from ozon_desktop.errors import NoConnection, StorageError
from ozon_desktop.ui.frame import closing
from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.frame.run_settings import RunSettingsDialog
from ozon_desktop.ui.frame.tray import Tray, stay_when_closed
from ozon_desktop.ui.widgets.confirm import Unsaved
from tests.ui.conftest import NOW
from tests.ui.frame.fakes import page
from tests.ui.run_fakes import FakeRuns, FakeSchedule, ended

# The offscreen platform has no notification area.
in_tray = pytest.mark.qt_log_ignore("systemTrayWindowChanged", extend=True)
RUNNING = RunStatus(RunState.RUNNING, progress=ProgressUpdate(Stage.PRODUCTS, 120, 340))


@pytest.fixture
def with_tray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", staticmethod(lambda: True))


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system was asked to show."""
    shown: list[str] = []
    monkeypatch.setattr(Tray, "notify", lambda _, title, text: shown.append(f"{title}: {text}"))
    return shown


def looked(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.context.worker.pending == 0)
    window.watch.look()
    qtbot.waitUntil(lambda: window.context.worker.pending == 0)


def tray_of(window: MainWindow) -> Tray:
    assert window.tray is not None
    return window.tray


def refuse(asked: list[str]) -> Callable[..., bool]:
    def ask(_: Any, title: str, *rest: Any, **more: Any) -> bool:
        asked.append(title)
        return False

    return ask


def stay(asked: list[str]) -> Callable[..., Unsaved]:
    def ask(_: Any, title: str, text: str) -> Unsaved:
        asked.append(title)
        return Unsaved.STAY

    return ask


def test_run_that_nobody_started_here_is_shown_and_its_end_reaches_the_pages(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    topics: list[str] = []
    window.context.data_changed.connect(topics.append)
    frame.states[1] = RUNNING
    looked(window, qtbot)
    assert "120 из 340" in window.sidebar.status_label.text()
    assert topics == []
    frame.states[1] = RunStatus(RunState.IDLE, last_run=ended(RunResult.DONE))
    looked(window, qtbot)
    assert topics == ["journal"]
    assert window.sidebar.status.kind == "good"


def test_a_run_of_the_schedule_can_be_stopped_in_the_sidebar(
    window: MainWindow, qtbot: QtBot, frame: FakeRuns, schedule: FakeSchedule
) -> None:
    frame.states[1] = RUNNING
    looked(window, qtbot)
    assert window.sidebar.strip.isVisible()
    assert not window.sidebar.run.isVisible()
    assert "120 из 340" in window.sidebar.strip.stage.text()
    window.sidebar.strip.stop.click()
    assert window.sidebar.strip.stage.text() == "Останавливаю…"
    qtbot.waitUntil(lambda: schedule.stopped == [1])
    looked(window, qtbot)
    assert window.sidebar.strip.stage.text() == "Останавливаю…", "until it has ended"
    frame.states[1] = RunStatus(RunState.IDLE, last_run=ended(RunResult.STOPPED))
    looked(window, qtbot)
    assert window.sidebar.run.isVisible()
    assert not window.sidebar.strip.isVisible()


def test_a_run_of_another_computer_cannot_be_stopped_here(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    lease = Lease("sync:1", Owner("token", "KASSA", "anna"), 7, NOW, 20.0)
    frame.states[1] = replace(RUNNING, holder=lease)
    looked(window, qtbot)
    assert window.sidebar.run.isVisible()
    assert not window.sidebar.strip.isVisible()


def test_database_out_of_reach_is_reported_once(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    reported: list[object] = []
    window.watch.failed.connect(reported.append)
    frame.failure = StorageError()
    looked(window, qtbot)
    looked(window, qtbot)
    assert len(reported) == 1
    frame.failure = None
    looked(window, qtbot)
    frame.failure = StorageError()
    looked(window, qtbot)
    assert len(reported) == 2


def test_closing_without_a_tray_ends_the_program_even_when_staying_was_chosen(window: MainWindow, qtbot: QtBot) -> None:
    stay_when_closed(window.context.state, True)
    with qtbot.waitSignal(window.closed):
        assert window.close()


@in_tray
@pytest.mark.usefixtures("with_tray", "messages")
def test_closing_ends_the_program_unless_staying_was_chosen(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closed):
        assert window.close()


@in_tray
@pytest.mark.usefixtures("with_tray")
def test_closed_window_stays_in_the_tray_and_comes_back(window: MainWindow, qtbot: QtBot, messages: list[str]) -> None:
    stay_when_closed(window.context.state, True)
    page(window, "integration").unsaved = True
    for _ in range(2):
        assert not window.close()
        assert not window.isVisible()
        tray_of(window).open_asked.emit()
        assert window.isVisible()
    assert len(messages) == 1, "told only the first time"


@in_tray
@pytest.mark.usefixtures("with_tray", "messages")
def test_tray_follows_the_status_and_its_menu_works_with_the_window_closed(
    window: MainWindow, qtbot: QtBot, frame: FakeRuns, schedule: FakeSchedule
) -> None:
    tray = tray_of(window)
    stay_when_closed(window.context.state, True)
    window.close()
    frame.states[1] = RunStatus(RunState.NEEDS_ATTENTION, problems=3, last_run=ended(RunResult.PARTIAL))
    looked(window, qtbot)
    assert "Нужно внимание: 3 ошибки" in tray._icon.toolTip()
    assert tray._status.kind == "attention"
    tray.pause_asked.emit(True)
    qtbot.waitUntil(lambda: schedule.rests and tray._paused)
    frame.states[1] = RUNNING
    looked(window, qtbot)
    assert not tray._run.isEnabled()
    frame.states[1] = RunStatus(RunState.IDLE)
    looked(window, qtbot)
    tray.run_asked.emit()
    assert window.isVisible()
    assert page(window, "sync").payloads == ["run"]


@in_tray
@pytest.mark.usefixtures("with_tray")
def test_refused_pause_is_reported_by_the_system_when_the_window_is_closed(
    window: MainWindow, qtbot: QtBot, schedule: FakeSchedule, messages: list[str]
) -> None:
    window.hide()
    schedule.failure = StorageError()
    tray_of(window).pause_asked.emit(True)
    qtbot.waitUntil(lambda: bool(messages))
    assert not tray_of(window)._paused


@in_tray
@pytest.mark.usefixtures("with_tray", "messages")
def test_quitting_from_the_tray_asks_about_what_would_be_lost(
    window: MainWindow, qtbot: QtBot, frame: FakeRuns, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(closing, "confirm", refuse(asked))
    monkeypatch.setattr(closing, "ask_to_save", stay(asked))
    stay_when_closed(window.context.state, True)
    window.close()
    page(window, "integration").unsaved = True
    tray_of(window).quit_asked.emit()
    assert asked == ["Есть несохранённые изменения"]
    page(window, "integration").unsaved = False
    frame.states[1] = RUNNING
    looked(window, qtbot)
    tray_of(window).quit_asked.emit()
    assert asked[1:] == ["Работа не закончена"]
    frame.states[1] = RunStatus(RunState.IDLE)
    looked(window, qtbot)
    with qtbot.waitSignal(window.closed):
        tray_of(window).quit_asked.emit()
    assert len(asked) == 2


def test_run_settings_open_from_the_menu_once_and_beside_the_window(window: MainWindow, qtbot: QtBot) -> None:
    window.run_settings.trigger()
    window.run_settings.trigger()
    (dialog,) = window.findChildren(RunSettingsDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    qtbot.waitUntil(lambda: window.context.worker.pending == 0)


def test_the_rules_open_from_the_menu_over_their_page(window: MainWindow) -> None:
    window.show_page("journal")
    window.menus.rules.trigger()
    assert window.current_page is page(window, "sync")
    assert page(window, "sync").payloads == ["rules"]


def several(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    frame.cabinets = [Integration(number, f"Кабинет {number}", enabled=number != 3) for number in (1, 2, 3, 4)]
    window.read_frame()
    qtbot.waitUntil(lambda: window.context.worker.pending == 0)


def test_all_cabinets_run_one_after_the_other_and_each_is_reported(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    several(window, qtbot, frame)
    frame.plans = {1: ended(RunResult.DONE, create=12), 2: NoConnection("/v3/product/import"), 4: ended(RunResult.PARTIAL, failed=2)}
    window.sidebar.all_asked.emit()
    window.show_page("journal")
    qtbot.waitUntil(lambda: window.context.long_job is None)
    assert frame.asked == [1, 2, 4]
    lines = window.bar.message.split("\n")
    assert lines[0] == "Кабинет 1: выполнено, создано 12"
    assert lines[1].startswith("Кабинет 2: нет связи")
    assert lines[2] == "Кабинет 3: интеграция выключена, ничего не отправлено"
    assert lines[3] == "Кабинет 4: выполнено с ошибками, ошибок 2"
    assert window.bar.property("role") == "message-attention"


def test_stopping_all_cabinets_begins_no_other_and_says_what_was_done(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    several(window, qtbot, frame)
    frame.plans = {1: ended(RunResult.DONE), 2: None}
    window.sidebar.all_asked.emit()
    qtbot.waitUntil(lambda: "Кабинет 2" in window.sidebar.strip.detail.text())
    assert window.context.run_job("Вторая", asyncio.sleep, on_done=print, on_failed=print) is None  # type: ignore[arg-type]
    window.sidebar.strip.stop.click()
    qtbot.waitUntil(lambda: window.context.long_job is None)
    assert frame.asked == [1, 2]
    assert window.bar.message.startswith("Остановлено.\nКабинет 1: выполнено\nКабинет 2: не закончено")


def test_without_a_cabinet_that_is_on_nothing_is_started(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    frame.cabinets = [Integration(1, "Первый"), Integration(2, "Второй")]
    window.read_frame()
    qtbot.waitUntil(lambda: window.context.worker.pending == 0)
    window.sidebar.all_asked.emit()
    assert frame.asked == []
    assert "Ни один кабинет не включён" in window.bar.message
