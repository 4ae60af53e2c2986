"""The orders page: the table, one order in detail, fetching, and the export."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy
from pytestqt.qtbot import QtBot

from ozon_desktop.errors import FileNotReadable, NoConnection
from ozon_desktop.services.orders import OrdersFetched
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.orders.order_table_model import GOODS, NUMBER, RESPONSIBLE, STATUS, TOTAL
from ozon_desktop.ui.orders.page import OrdersPage

Open = Callable[[], OrdersPage]


@pytest.fixture
def open_page(qtbot: QtBot, context: WindowContext) -> Open:
    """Opens the page and waits for its orders."""

    def opened() -> OrdersPage:
        page = OrdersPage(context)
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(lambda: context.worker.pending == 0)
        return page

    return opened


def settled(qtbot: QtBot, context: WindowContext) -> None:
    """Waits until no work is under way."""
    qtbot.waitUntil(lambda: context.worker.pending == 0)


def column(page: OrdersPage, number: int) -> list[str]:
    """What a column of the table shows."""
    model = page.model
    return [str(model.index(row, number).data()).replace("\u00a0", " ") for row in range(model.rowCount())]


def test_orders_are_shown_in_words_and_new_ones_are_marked(open_page: Open) -> None:
    page = open_page()
    assert column(page, NUMBER) == ["100-1 · новый", "100-2", "100-3 · новый"]
    assert column(page, STATUS) == ["ожидает сборки", "доставлен", "отменён"]
    assert column(page, GOODS) == ["6 шт. Чайник 0 и ещё 2", "2 шт. Чайник 0", "2 шт. Чайник 0"]
    assert column(page, TOTAL)[0] == "7 407,00 ₽"
    assert column(page, RESPONSIBLE)[0] == "Смирнова Анна"
    assert page.truth.text() == "3 заказа, ещё не выгружено в магазин: 2"
    assert page.model.index(0, TOTAL).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_the_models_behave_like_models(open_page: Open) -> None:
    page = open_page()
    testers = [
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal) for model in (page.model, page.panel.model)
    ]
    page.model.show_filter("100-2", "")
    page.table.selectRow(0)
    assert len(testers) == 2
    assert page.model.rowCount(QModelIndex()) == 1


def test_status_and_text_filter_together(open_page: Open) -> None:
    page = open_page()
    assert page.status.itemText(0) == "Все статусы"
    page.status.setCurrentIndex(page.status.findData("cancelled"))
    assert column(page, NUMBER) == ["100-3 · новый"]
    page.search.setText("kt-2")
    page.search.returnPressed.emit()
    assert page.model.rowCount() == 0
    assert not page.none_found.isHidden()
    page.status.setCurrentIndex(0)
    assert column(page, NUMBER) == ["100-1 · новый"]


def test_columns_sort_by_value(open_page: Open) -> None:
    page = open_page()
    page.model.sort(TOTAL, Qt.SortOrder.DescendingOrder)
    assert column(page, NUMBER)[0] == "100-1 · новый"
    page.model.sort(TOTAL, Qt.SortOrder.AscendingOrder)
    assert column(page, NUMBER)[-1] == "100-1 · новый"
    page.model.sort(-1)
    assert column(page, NUMBER) == ["100-1 · новый", "100-2", "100-3 · новый"]


def test_one_order_shows_contents_and_history(open_page: Open, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    assert page.panel.isHidden()
    page.table.selectRow(0)
    settled(qtbot, context)
    assert page.panel.heading.text() == "100-1"
    assert page.panel.status.text() == "ожидает сборки"
    assert page.panel.model.rowCount() == 3
    assert page.panel.model.index(1, 3).data().replace("\u00a0", " ") == "1 234,50 ₽"
    assert page.panel.history.rowCount() == 2
    opened = QSignalSpy(context.go_to)
    page.panel.lines.doubleClicked.emit(page.panel.model.index(1, 0))
    assert opened.at(0) == ["products", "KT-1"]


def test_the_selected_order_stays_selected_when_orders_are_read_again(open_page: Open, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    page.table.selectRow(1)
    settled(qtbot, context)
    context.data_changed.emit("orders")
    settled(qtbot, context)
    assert [index.row() for index in page.table.selectionModel().selectedRows()] == [1]
    assert page.panel.heading.text() == "100-2"


def test_fetching_is_a_long_job_that_tells_what_came(open_page: Open, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    started = QSignalSpy(context.job_started)
    page.fetch.click()
    assert started.count() == 1
    assert not page.fetch.isEnabled()
    assert page.fetch.toolTip() == "Идёт другая работа: Получение заказов"
    settled(qtbot, context)
    assert page.message_bar.message == "Из Ozon пришло: 1 новый заказ, обновлено прежних: 2"
    assert page.message_bar.property("role") == "message-good"
    assert column(page, NUMBER)[0] == "200-1 · новый"
    assert page.fetch.isEnabled()


def test_no_new_orders_is_not_told_as_success(open_page: Open, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    service.fetched = OrdersFetched(0, 3)
    page = open_page()
    page.open_payload("fetch")
    settled(qtbot, context)
    assert page.message_bar.message == "Новых заказов нет, обновлено прежних: 3"
    assert page.message_bar.property("role") == "message-info"


def test_a_failed_fetch_can_be_repeated(open_page: Open, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    service.fetched = NoConnection("/v4/posting/fbs/list")
    page = open_page()
    page.fetch.click()
    settled(qtbot, context)
    assert "Нет связи с Ozon" in page.message_bar.message
    service.fetched = OrdersFetched(1, 0)
    page.message_bar.action.click()
    settled(qtbot, context)
    assert page.message_bar.message.startswith("Из Ozon пришло: 1 новый заказ")


def test_the_export_names_its_file_and_remembers_the_folder(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    monkeypatch.setattr(page, "choose_folder", lambda: str(tmp_path))
    page.export.click()
    settled(qtbot, context)
    assert service.folders == [tmp_path]
    assert page.message_bar.message == f"Выгружено: 3 заказа. Файл для магазина: {tmp_path / 'orders.xml'}"
    assert page.truth.text() == "3 заказа, все выгружены в магазин"
    assert context.state.text("orders/folder") == str(tmp_path)


def test_a_cancelled_folder_choice_exports_nothing(open_page: Open, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    monkeypatch.setattr(page, "choose_folder", lambda: "")
    page.export.click()
    assert service.folders == []
    assert page.message_bar.isHidden()


def test_a_folder_that_cannot_be_written_offers_another(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.broken = FileNotReadable("C:\\", detail="denied")
    page = open_page()
    monkeypatch.setattr(page, "choose_folder", lambda: "/forbidden")
    page.export.click()
    settled(qtbot, context)
    assert page.message_bar.property("role") == "message-error"
    assert page.message_bar.action.text() == "Выбрать другую папку"
    assert page.export.isEnabled()


def test_without_orders_the_page_says_how_to_get_them(open_page: Open, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    service.orders = []
    page = open_page()
    assert page.stack.currentWidget() is page.empty
    assert not page.export.isEnabled()
    page.empty.button.click()
    settled(qtbot, context)
    assert page.stack.currentWidget() is page.splitter


def test_without_a_cabinet_the_way_to_it_is_shown(open_page: Open, context: WindowContext) -> None:
    context.choose_integration(0)
    page = open_page()
    spy = QSignalSpy(context.go_to)
    page.empty.button.click()
    assert spy.at(0)[0] == "integration"


def test_a_posting_can_be_opened_from_elsewhere(open_page: Open, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    page.open_payload("100-3")
    settled(qtbot, context)
    assert page.panel.heading.text() == "100-3"
