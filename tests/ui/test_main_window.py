"""The window: pages, shortcuts, messages, the long job, closing."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.integration import Integration
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.errors import NoConnection, StorageError
from ozon_desktop.services.overview import RunState, RunStatus
from ozon_desktop.services.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.ui import closing
from ozon_desktop.ui.app import save_pages, wait_until
from ozon_desktop.ui.context import PAGES, WindowContext
from ozon_desktop.ui.main_window import MainWindow
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.run_settings import RunSettingsDialog
from ozon_desktop.ui.theme import DARK, ThemeMode
from ozon_desktop.ui.tray import Tray, stay_when_closed

from .run_fakes import FakeRuns, FakeSchedule, ended


class FakePage(Page):
    """Notes what the window asks of it."""

    def __init__(self, context: WindowContext, name: str) -> None:
        super().__init__(context, name)
        self.refreshed = 0
        self.payloads: list[object] = []
        self.calls: list[str] = []
        self.unsaved = False
        self.search = QLineEdit()
        self.body.addWidget(self.search)

    def refresh(self) -> None:
        self.refreshed += 1

    def open_payload(self, payload: object) -> None:
        self.payloads.append(payload)

    def focus_search(self) -> None:
        self.search.setFocus()

    def save(self) -> None:
        self.calls.append("save")

    def undo(self) -> None:
        self.calls.append("undo")

    def has_unsaved_changes(self) -> bool:
        return self.unsaved


def factory(name: str) -> Callable[[WindowContext], Page]:
    return lambda context: FakePage(context, name)


@pytest.fixture
def frame() -> FakeRuns:
    return FakeRuns()


@pytest.fixture
def schedule() -> FakeSchedule:
    return FakeSchedule()


@pytest.fixture
def window(qtbot: QtBot, frame_context: WindowContext, frame: FakeRuns, schedule: FakeSchedule) -> Iterator[MainWindow]:
    frame_context.application.scheduler = schedule  # type: ignore[assignment]
    frame_context.application.sync = frame  # type: ignore[assignment]
    window = MainWindow(frame_context, {name: factory(name) for name in PAGES})
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: frame_context.worker.pending == 0)
    yield window
    frame_context.worker.stop()
    window.dispose()


def page(window: MainWindow, name: str) -> FakePage:
    found = window.page(name)
    assert isinstance(found, FakePage)
    return found


def test_frame_shows_cabinet_counters_and_the_demo_bar(window: MainWindow) -> None:
    assert window.sidebar.cabinet.name.text() == "ООО «Ромашка»"
    assert window.sidebar.buttons["products"].badge.text() == "37"
    demo = window.findChild(QFrame, "demo_bar")
    assert demo is not None
    assert demo.isVisible()


def test_digits_switch_pages_and_a_page_asks_once_when_shown(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page is page(window, "products")
    assert page(window, "products").refreshed == 1
    window.show_page("journal")
    window.show_page("products")
    assert page(window, "products").refreshed == 1
    window.context.data_changed.emit("cards")
    assert page(window, "products").refreshed == 2
    assert page(window, "journal").refreshed == 1
    window.show_page("journal")
    assert page(window, "journal").refreshed == 2


def test_f5_runs_the_synchronization(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert page(window, "sync").payloads == ["run"]
    assert window.current_page is page(window, "sync")
    window.sidebar.run.click()
    assert page(window, "sync").payloads == ["run", "run"]


def test_search_save_and_undo_go_to_the_page(window: MainWindow, qtbot: QtBot) -> None:
    shown = page(window, "integration")
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert shown.search.hasFocus()
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert shown.calls == ["save"]
    window.menus.undo.trigger()
    assert page(window, "mapping").calls == ["undo"]


def test_shortcut_a_page_binds_itself_is_left_to_it(window: MainWindow, qtbot: QtBot) -> None:
    bound = page(window, "products")
    pressed: list[str] = []
    shortcut = QShortcut(QKeySequence("Ctrl+S"), bound)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(lambda: pressed.append("own"))
    window.show_page("products")
    bound.search.setFocus()
    QTest.keyClick(bound.search, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert pressed == ["own"]
    window.menus.save.trigger()
    assert pressed == ["own", "own"]
    window.show_page("orders")
    assert window.menus.save.shortcut() == QKeySequence("Ctrl+S")


def test_theme_changes_from_the_menu_and_is_remembered(window: MainWindow) -> None:
    dark = next(action for action in window.menus.themes if action.data() == ThemeMode.DARK.value)
    dark.trigger()
    assert window.context.theme.tokens() is DARK
    assert window.context.state.text("window/theme") == "dark"


def test_sidebar_shrinks_below_a_thousand_pixels(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(980, 700)
    qtbot.waitUntil(lambda: window.sidebar.width() < 100)
    window.resize(1200, 700)
    qtbot.waitUntil(lambda: window.sidebar.width() > 200)


class Ends:
    """How a long job ended."""

    def __init__(self) -> None:
        self.results: list[object] = []

    def note(self, result: object) -> None:
        self.results.append(result)


def test_one_long_job_at_a_time_and_it_can_be_stopped(window: MainWindow, qtbot: QtBot) -> None:
    context, ends = window.context, Ends()

    async def work(progress: Progress) -> None:
        progress(ProgressUpdate(Stage.CABINET, 3, 9))
        await asyncio.Event().wait()

    assert context.run_job("Долгая работа", work, on_done=ends.note, on_failed=ends.note) is not None
    qtbot.waitUntil(lambda: "3 из 9" in window.sidebar.strip.stage.text())
    assert context.run_job("Вторая", work, on_done=ends.note, on_failed=ends.note) is None
    assert "Долгая работа" in window.bar.message
    window.sidebar.strip.stop.click()
    assert window.sidebar.strip.stage.text() == "Останавливаю…"
    qtbot.waitUntil(lambda: context.long_job is None)
    assert ends.results == []
    assert window.sidebar.run.isVisible()
    assert "Остановлено" in window.bar.message


def test_end_of_a_job_is_told_on_another_page_and_failure_reaches_the_page(window: MainWindow, qtbot: QtBot) -> None:
    context, ends = window.context, Ends()

    async def work(progress: Progress) -> None:
        await asyncio.sleep(0.01)
        raise NoConnection("/v1/description-category/tree")

    context.run_job("Получить базовые категории", work, on_done=ends.note, on_failed=ends.note)
    window.show_page("journal")
    qtbot.waitUntil(lambda: bool(ends.results))
    assert isinstance(ends.results[0], NoConnection)
    assert "Получить базовые категории" in window.bar.message
    assert "связи" in window.bar.message


def test_unexpected_failure_offers_details_to_copy(window: MainWindow, qtbot: QtBot) -> None:
    async def broken() -> None:
        raise ZeroDivisionError("ошибка в программе")

    window.context.worker.run(broken())
    qtbot.waitUntil(lambda: window.bar.more.isVisible())
    window.bar.more.click()
    assert window.bar.details.isVisible()
    window.bar.copy.click()
    assert "ZeroDivisionError" in QApplication.clipboard().text()


def test_store_files_are_loaded_as_a_long_job(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    topics: list[str] = []
    window.context.data_changed.connect(topics.append)
    window.store_loading.load([Path("import.xml")])
    qtbot.waitUntil(lambda: frame.loaded == [Path("import.xml")] and window.context.long_job is None)
    assert topics == ["store"]
    assert "2 товара" in window.bar.message


def test_another_cabinet_is_added_and_shown(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    window.sidebar.cabinet_added.emit()
    qtbot.waitUntil(lambda: window.context.integration_id == 2)
    qtbot.waitUntil(lambda: window.sidebar.cabinet.line.text() == "Client ID не введён")
    assert window.current_page is page(window, "integration")


def test_closing_with_unsaved_changes_asks(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answer = False

    def ask(_: Any, title: str, *rest: Any, **more: Any) -> bool:
        asked.append(title)
        return answer

    monkeypatch.setattr(closing, "confirm", ask)
    page(window, "integration").unsaved = True
    assert not window.close()
    assert window.isVisible()
    answer = True
    assert window.close()
    assert len(asked) == 2


def test_size_and_page_are_remembered(window: MainWindow, frame_context: WindowContext, qtbot: QtBot) -> None:
    window.show_page("orders")
    window.resize(777, 640)
    assert window.close()
    again = MainWindow(frame_context, {name: factory(name) for name in PAGES})
    qtbot.waitUntil(lambda: frame_context.worker.pending == 0)
    assert again.size().width() == 777
    assert again.current_page.accessibleName() == "orders"
    again.dispose()


def test_pictures_of_every_page_are_saved(window: MainWindow, tmp_path: Path) -> None:
    saved = save_pages(window, tmp_path / "pictures")
    assert [path.name for path in saved] == [f"{number}-{name}.png" for number, name in enumerate(PAGES, 1)]
    assert all(path.stat().st_size > 1000 for path in saved)


def test_waiting_gives_up(qtbot: QtBot) -> None:
    assert not wait_until(lambda: False, seconds=0.05)


def test_every_control_of_the_frame_has_a_name_to_be_read_aloud(window: MainWindow) -> None:
    for button in window.sidebar.buttons.values():
        assert button.accessibleName()
    assert window.sidebar.run.accessibleName() == "Синхронизировать"
    label = window.findChild(QLabel, "status_text")
    assert label is not None
    assert label.text()


# --- runs, tray, several cabinets -----------------------------------------------------------------------------------------

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


def test_database_out_of_reach_is_told_once(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    told: list[object] = []
    window.watch.failed.connect(told.append)
    frame.failure = StorageError()
    looked(window, qtbot)
    looked(window, qtbot)
    assert len(told) == 1
    frame.failure = None
    looked(window, qtbot)
    frame.failure = StorageError()
    looked(window, qtbot)
    assert len(told) == 2


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
def test_refused_pause_is_told_by_the_system_when_the_window_is_closed(
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


def test_all_cabinets_run_one_after_the_other_and_each_is_told(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
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


def test_stopping_all_cabinets_begins_no_other_and_tells_what_was_done(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
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
