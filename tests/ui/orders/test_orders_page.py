"""The orders page: the table, one order in detail, fetching, and the export."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.orders import ExportEncoding, ExportSettings, OrderReturn
from ozon_desktop.errors import FileNotReadable, NoConnection, RequestRefused
from ozon_desktop.services.orders.view import OrdersFetched
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.orders.page import OrdersPage
from ozon_desktop.ui.orders.table_model import GOODS, NUMBER, RESPONSIBLE, STATUS, TOTAL

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
    assert page.status_line.text() == "3 заказа, ещё не выгружено в магазин: 2"
    assert page.model.index(0, TOTAL).data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_titles_of_an_orders_goods_keep_no_room_for_an_arrow_until_one_is_sorted_by(open_page: Open) -> None:
    page = open_page()
    page.table.selectRow(0)
    header = page.panel.lines.horizontalHeader()
    assert not header.isSortIndicatorShown()
    names = [page.panel.model.row(row).offer_id for row in range(page.panel.model.rowCount())]
    shown = []
    for _ in range(3):
        point = QPoint(header.sectionViewportPosition(0) + 10, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
        shown.append((header.isSortIndicatorShown(), [page.panel.model.row(row).offer_id for row in range(len(names))]))
    assert shown == [(True, sorted(names)), (True, sorted(names, reverse=True)), (False, names)]


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


def test_fetching_is_a_long_job_that_says_what_came(open_page: Open, qtbot: QtBot, context: WindowContext) -> None:
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


def test_no_new_orders_is_not_reported_as_success(open_page: Open, service: Any, qtbot: QtBot, context: WindowContext) -> None:
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


def test_all_orders_go_into_a_folder_chosen_for_it(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    monkeypatch.setattr(page.store, "choose_folder", lambda: str(tmp_path))
    page.form.all.click()
    settled(qtbot, context)
    assert service.folders == [tmp_path]
    assert page.message_bar.message == f"Выгружено: 3 заказа. Файл для магазина: {tmp_path / 'orders.xml'}"
    assert page.status_line.text() == "3 заказа, все выгружены в магазин"
    assert context.state.text("orders/folder") == str(tmp_path)


def test_a_cancelled_folder_choice_exports_nothing(open_page: Open, service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page()
    monkeypatch.setattr(page.store, "choose_folder", lambda: "")
    page.form.all.click()
    assert service.folders == []
    assert page.message_bar.isHidden()


def test_without_a_folder_the_export_asks_for_one_in_the_page(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext, tmp_path: Path
) -> None:
    page = open_page()
    assert page.form.isHidden()
    page.export.click()
    assert page.form.isVisible()
    assert service.folders == []
    page.form.folder.setText(str(tmp_path))
    page.form.encoding.setCurrentIndex(1)
    page.form.again.setChecked(True)
    page.form.save.click()
    settled(qtbot, context)
    assert service.export_settings == ExportSettings(str(tmp_path), ExportEncoding.WINDOWS_1251, True)
    assert page.form.isHidden()
    assert page.message_bar.message == f"Новые заказы будут записываться в {tmp_path}"
    page.message_bar.action.click()
    settled(qtbot, context)
    assert page.message_bar.message == f"Выгружено: 2 заказа. Файл для магазина: {tmp_path / 'ozon-1-000001.xml'}"
    page.export.click()
    settled(qtbot, context)
    assert page.message_bar.message == "Магазин уже получил все заказы"


def test_the_form_shows_what_is_kept_and_esc_closes_it(open_page: Open, service: Any, qtbot: QtBot, tmp_path: Path) -> None:
    service.export_settings = ExportSettings(str(tmp_path), ExportEncoding.WINDOWS_1251, True)
    page = open_page()
    page.store.setup.click()
    assert page.form.settings() == service.export_settings
    page.form.again.setFocus()
    qtbot.keyClick(page.form.again, Qt.Key.Key_Escape)
    assert page.form.isHidden()
    assert not page.store.setup.isChecked()


def test_a_folder_that_cannot_be_written_is_reported_beside_it(open_page: Open, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    service.broken = FileNotReadable("/forbidden", detail="Permission denied")
    page = open_page()
    page.store.setup.click()
    page.form.folder.setText("/forbidden")
    page.form.save.click()
    settled(qtbot, context)
    assert page.form.folder_field.error == "В эту папку нельзя писать. Permission denied"
    assert page.form.isVisible()
    assert page.form.save.isEnabled()


def test_a_failed_export_offers_another_folder(open_page: Open, service: Any, qtbot: QtBot, context: WindowContext, tmp_path: Path) -> None:
    service.export_settings = ExportSettings(str(tmp_path))
    page = open_page()
    service.broken = FileNotReadable(str(tmp_path), detail="denied")
    page.export.click()
    settled(qtbot, context)
    assert page.message_bar.property("role") == "message-error"
    assert page.export.isEnabled()
    page.message_bar.action.click()
    assert page.form.isVisible()


def test_orders_that_wait_for_their_folder_are_reported_after_fetching(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.fetched = OrdersFetched(1, 0, not_exported=FileNotReadable("D:/orders", detail="нет места"))
    page = open_page()
    page.fetch.click()
    settled(qtbot, context)
    assert "Заказы не записаны: в папку «D:/orders» нельзя писать (нет места)" in page.message_bar.message
    assert page.message_bar.property("role") == "message-attention"


def test_labels_are_printed_for_the_selected_orders_of_own_warehouses(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    assert not page.labels.isEnabled()
    assert page.labels.toolTip() == "Выберите в списке отправления FBS"
    page.table.selectRow(2)
    settled(qtbot, context)
    assert not page.labels.isEnabled()
    page.table.selectAll()
    settled(qtbot, context)
    monkeypatch.setattr(page.store, "choose_file", lambda: str(tmp_path / "l.pdf"))
    service.refused = (("100-2", "уже доставлено"),)
    page.labels.click()
    settled(qtbot, context)
    assert service.printed == [(["100-1", "100-2"], tmp_path / "l.pdf")]
    assert page.message_bar.message == "Этикетки: 1 отправление. Без этикетки: 100-2 — уже доставлено"
    assert page.message_bar.property("role") == "message-attention"


def test_labels_ozon_does_not_print_are_reported_with_its_reason(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    page.table.selectRow(0)
    settled(qtbot, context)
    monkeypatch.setattr(page.store, "choose_file", lambda: str(tmp_path / "l.pdf"))
    service.broken = RequestRefused("/v2/posting/fbs/package-label/get", detail="Отправление не собрано", status=200)
    page.labels.click()
    settled(qtbot, context)
    assert page.message_bar.message == "Ozon не сделал этикетки: Отправление не собрано"


def test_the_scheme_filters_and_the_sum_follows(open_page: Open) -> None:
    page = open_page()
    assert page.sums.text().replace("\u00a0", " ") == "Показано: 3 заказа на 12 345,00 ₽"
    page.scheme.setCurrentIndex(page.scheme.findData("fbo"))
    assert column(page, NUMBER) == ["100-3 · новый"]
    assert page.sums.text().replace("\u00a0", " ") == "Показано: 1 заказ на 2 469,00 ₽"


def test_several_selected_orders_stay_selected_over_a_refresh(open_page: Open, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    page.table.selectAll()
    settled(qtbot, context)
    context.data_changed.emit("orders")
    settled(qtbot, context)
    assert len(page.table.selectionModel().selectedRows()) == 3


def test_returned_goods_are_reported_in_the_list_and_the_panel(open_page: Open, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    back = OrderReturn(1, "100-2", "KT-0", 2, "ClientReturn", "Не подошёл", "В пункте выдачи", None)
    service.orders[1] = replace(service.orders[1], returns=(back,))
    page = open_page()
    assert column(page, STATUS) == ["ожидает сборки", "возвращён", "отменён"]
    page.table.selectRow(1)
    settled(qtbot, context)
    assert page.panel.status.text() == "возвращён"
    texts = [label.text() for label in page.panel.findChildren(QLabel)]
    assert "KT-0 × 2, Не подошёл, В пункте выдачи" in [text.replace("\u00a0", " ") for text in texts]


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
