"""«Проверить остатки на Ozon»: the table, progress and stop, failures, and windows opened from the page and the menu."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ozon_desktop.errors import NoConnection
from ozon_desktop.services.sync.rules import StockCheck
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.rules.window import RulesWindow
from ozon_desktop.ui.sync.stock_check.dialog import OUTCOME, SENT, StockCheckWindow
from ozon_desktop.ui.sync.tools import SyncTools
from tests.ui.rules.conftest import FOREST, FakeRules, seen

Settled = Callable[[], None]


@pytest.fixture
def window(qtbot: QtBot, context: WindowContext) -> Iterator[StockCheckWindow]:
    """The window, nothing checked yet."""
    window = StockCheckWindow(context)
    window.show()
    window.activateWindow()
    yield window
    context.worker.stop()
    if isValid(window):
        window.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def rows(window: StockCheckWindow) -> list[list[str]]:
    model = window.model
    return [[model.text(model.row(row), column).replace("\u00a0", " ") for column in range(7)] for row in range(model.rowCount())]


def test_what_was_sent_stands_beside_what_ozon_shows(window: StockCheckWindow, service: FakeRules, settled: Settled) -> None:
    service.check = StockCheck(
        2, (seen("A-1", 5, 5), seen("A-1", None, 12, 1, "fbo"), seen("A-2", 7, 3, 1), seen("A-2", 2, 2, house=FOREST), seen("A-3", 1, 1200))
    )
    assert window.empty.isVisible()
    assert "FBO" in window.hint.text()
    window.check_button.click()
    settled()
    assert rows(window) == [
        ["A-1", "FBS", "Основной", "5", "5", "0", "Совпадает"],
        ["A-1", "FBO", "", "—", "12", "1", "Программа остаток FBO не отправляет"],
        ["A-2", "FBS", "Основной", "7", "3", "1", "На Ozon меньше на 4 шт."],
        ["A-2", "FBS", "На Лесной", "2", "2", "0", "Совпадает"],
        ["A-3", "FBS", "Основной", "1", "1 200", "0", "На Ozon больше на 1 199 шт."],
    ]
    assert "не совпадают у 2" in window.bar.message
    window.different.click()
    assert [row[0] for row in rows(window)] == ["A-2", "A-3"]
    window.search.setText("а-3")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    window.search.setText("A-3")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert [row[0] for row in rows(window)] == ["A-3"]
    assert window.table.columnWidth(OUTCOME) > 0
    window.different.click()
    window.search.setText("на лесной")
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert [row[2] for row in rows(window)] == ["На Лесной"]


def test_all_the_same_is_good_and_nothing_is_reported_as_nothing(window: StockCheckWindow, service: FakeRules, settled: Settled) -> None:
    service.check = StockCheck(1, (seen("A-1", 5, 3, 2),))
    window.check_button.click()
    settled()
    assert "показывает то, что отправлено" in window.bar.message
    window.different.click()
    assert "расхождений нет" in window.empty.text.text()
    service.check = StockCheck(0, ())
    window.check_button.click()
    settled()
    assert "не показывает остатков" in window.empty.text.text()
    service.check = StockCheck(0, (seen("A-1", None, 3, 0, "fbo"),))
    window.different.setChecked(False)
    window.check_button.click()
    settled()
    assert "ещё не отправляла" in window.bar.message


def test_a_check_says_how_far_it_is_and_is_stopped(
    window: StockCheckWindow, service: FakeRules, settled: Settled, qtbot: QtBot, context: WindowContext
) -> None:
    service.hold = True
    window.check_button.click()
    qtbot.waitUntil(lambda: "1\u00a0000 из 2\u00a0500" in window.progress.stage.text())
    assert "Отправка" not in window.progress.stage.text()
    assert not window.check_button.isEnabled()
    window.progress.stop.click()
    settled()
    assert "остановлена" in window.bar.message
    assert window.progress.isHidden()
    assert window.check_button.isEnabled()
    assert context.long_job is None


def test_closing_stops_the_check(window: StockCheckWindow, service: FakeRules, settled: Settled, context: WindowContext) -> None:
    service.hold = True
    window.check_button.click()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    settled()
    assert context.long_job is None


def test_a_failure_is_reported_and_the_lines_stay(window: StockCheckWindow, service: FakeRules, settled: Settled) -> None:
    service.check = StockCheck(1, (seen("A-1", 5, 5),))
    window.check_button.click()
    settled()
    service.failure = NoConnection("api-seller.ozon.ru")
    window.check_button.click()
    settled()
    assert window.bar.message
    assert len(rows(window)) == 1


def test_another_long_job_goes_first(window: StockCheckWindow, service: FakeRules, context: WindowContext, settled: Settled) -> None:
    service.hold = True
    context.run_job("Загрузка", lambda progress: service.verify(1, progress), on_done=print, on_failed=print)
    window.check_button.click()
    assert "«Загрузка»" in window.bar.message
    context.stop_job()
    settled()


def test_long_lists_are_sorted_by_numbers(window: StockCheckWindow, service: FakeRules, settled: Settled) -> None:
    service.check = StockCheck(50_000, tuple(seen(f"A-{number}", number, number) for number in range(50_000)))
    window.check_button.click()
    settled()
    window.table.sortByColumn(SENT, Qt.SortOrder.DescendingOrder)
    assert rows_first(window) == "A-49999"


def rows_first(window: StockCheckWindow) -> str:
    return window.model.text(window.model.row(0), 0)


# --- Opening --------------------------------------------------------------------------------------------------------


def test_each_window_is_opened_once_and_says_what_is_unsaved(qtbot: QtBot, context: WindowContext, settled: Settled) -> None:
    page = QWidget()
    tools = SyncTools(context, RulesWindow, page)
    tools.open_rules(page)
    tools.open_check(page)
    settled()
    rules, check = tools.rules, tools.check
    assert isinstance(rules, RulesWindow)
    assert check is not None
    tools.open_rules(page)
    assert tools.rules is rules
    assert not tools.unsaved
    rules.guard.active.click()
    assert tools.unsaved
    tools.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert tools.rules is None
    assert tools.check is None
    assert not tools.unsaved
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_without_a_cabinet_there_is_nothing_to_rule(qtbot: QtBot, context: WindowContext) -> None:
    context.choose_integration(0)
    page = QWidget()
    tools = SyncTools(context, RulesWindow, page)
    tools.open_rules(page)
    tools.open_check(page)
    assert tools.rules is None
    assert tools.check is None
    page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
