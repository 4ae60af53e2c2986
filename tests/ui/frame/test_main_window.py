"""The window: pages, shortcuts, messages, the long job, closing."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QLabel
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.errors import NoConnection
from ozon_desktop.ui.app import save_pages, wait_until
from ozon_desktop.ui.context import PAGES, WindowContext
from ozon_desktop.ui.frame import closing
from ozon_desktop.ui.frame.main_window import MainWindow, first_size
from ozon_desktop.ui.look.theme import ThemeMode
from ozon_desktop.ui.look.tokens import DARK
from ozon_desktop.ui.widgets.confirm import Unsaved
from tests.ui.frame.fakes import factory, page
from tests.ui.run_fakes import FakeRuns


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
    assert shown.calls == ["save"], "nothing to undo on this page, and no other page is gone to"
    shown.step = "правка"
    window.context.data_changed.emit("integration")
    assert window.menus.undo.text() == "&Отменить: правка"
    window.menus.undo.trigger()
    assert shown.calls == ["save", "undo"]
    assert window.current_page is shown


def test_the_menu_names_the_last_step_of_the_page_in_front(window: MainWindow, qtbot: QtBot) -> None:
    first, second = page(window, "products"), page(window, "orders")
    first.step = "«Бренд» у 6 товаров"
    window.show_page("products")
    assert (window.menus.undo.text(), window.menus.undo.isEnabled()) == ("&Отменить: «Бренд» у 6 товаров", True)
    assert not window.menus.redo.isEnabled()
    window.show_page("orders")
    assert (window.menus.undo.text(), window.menus.undo.isEnabled()) == ("&Отменить", False)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (first.calls, second.calls) == ([], [])
    window.show_page("products")
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (first.calls, second.calls) == (["undo"], [])


def test_a_text_field_undoes_its_own_typing_first_and_then_the_page(window: MainWindow, qtbot: QtBot) -> None:
    shown = page(window, "products")
    shown.step = "правка"
    window.show_page("products")
    shown.search.setFocus()
    QTest.keyClicks(shown.search, "abc")
    QTest.keyClick(shown.search, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (shown.search.text(), shown.calls) == ("", [])
    QTest.keyClick(shown.search, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert shown.calls == ["undo"]


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


def test_end_of_a_job_is_reported_on_another_page_and_failure_reaches_the_page(window: MainWindow, qtbot: QtBot) -> None:
    context, ends = window.context, Ends()

    async def work(progress: Progress) -> None:
        await asyncio.sleep(0.01)
        raise NoConnection("/v1/description-category/tree")

    context.run_job("Получить базовые категории", work, on_done=ends.note, on_failed=ends.note)
    window.show_page("journal")
    qtbot.waitUntil(lambda: bool(ends.results))
    assert isinstance(ends.results[0], NoConnection)
    assert "Получить базовые категории" in window.messages.news.message
    assert "связи" in window.messages.news.message


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


def test_a_loaded_table_is_told_to_the_page_with_its_columns(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    tables: list[Path] = []
    window.context.table_loaded.connect(tables.append)
    window.context.load_files.emit([Path("price.CSV")])
    qtbot.waitUntil(lambda: frame.loaded == [Path("price.CSV")] and window.context.long_job is None)
    assert tables == [window.context.last_table] == [Path("price.CSV")]
    assert "Столбцы — на странице «Интеграция»" in window.bar.message


def test_another_cabinet_is_added_and_shown(window: MainWindow, qtbot: QtBot, frame: FakeRuns) -> None:
    window.sidebar.cabinet_added.emit()
    qtbot.waitUntil(lambda: window.context.integration_id == 2)
    qtbot.waitUntil(lambda: window.sidebar.cabinet.line.text() == "Client ID не введён")
    assert window.current_page is page(window, "integration")


class Answers:
    """What a manager says when asked about unsaved changes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.answer = Unsaved.STAY
        monkeypatch.setattr(closing, "ask_to_save", self._ask)

    def _ask(self, _: Any, title: str, text: str) -> Unsaved:
        self.asked.append(text)
        return self.answer


def test_closing_with_unsaved_changes_asks(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = Answers(monkeypatch)
    page(window, "integration").unsaved = True
    assert not window.close()
    assert window.isVisible()
    manager.answer = Unsaved.DISCARD
    assert window.close()
    assert len(manager.asked) == 2


def test_changes_are_saved_before_the_window_closes(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = Answers(monkeypatch)
    manager.answer = Unsaved.SAVE
    edited = page(window, "integration")
    edited.unsaved = True
    window.show_page("journal")
    with qtbot.waitSignal(window.closed):
        assert not window.close(), "not before it is saved"
        assert edited.calls == ["save"]
        assert window.current_page is edited
        edited.unsaved = False
    assert not window.isVisible()


def test_a_window_whose_changes_cannot_be_saved_stays(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = Answers(monkeypatch)
    manager.answer = Unsaved.SAVE
    edited = page(window, "integration")
    edited.unsaved = True
    assert not window.close()
    qtbot.waitUntil(lambda: not edited.findChildren(closing.SaveFirst))
    assert window.isVisible()
    assert edited.unsaved
    assert len(manager.asked) == 1


def test_size_and_page_are_remembered(window: MainWindow, frame_context: WindowContext, qtbot: QtBot) -> None:
    window.show_page("orders")
    window.resize(777, 640)
    assert window.close()
    again = MainWindow(frame_context, {name: factory(name) for name in PAGES})
    qtbot.waitUntil(lambda: frame_context.worker.pending == 0)
    assert again.size().width() == 777
    assert again.current_page.accessibleName() == "orders"
    again.dispose()


@pytest.mark.slow
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


@pytest.mark.parametrize(
    ("screen", "window"), [((1366, 768), (1350, 728)), ((1920, 1040), (1366, 768)), ((1280, 680), (1264, 640)), ((960, 520), (944, 480))]
)
def test_a_window_opened_for_the_first_time_fits_on_the_screen(screen: tuple[int, int], window: tuple[int, int]) -> None:
    assert first_size(QSize(*screen)).toTuple() == window
