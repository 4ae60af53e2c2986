"""The orders page where the store is connected: its words, its buttons and its remedies are those of the connection, not of a folder."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.journal import RunProblem
from ozon_desktop.domain.store_connection import ConnectionKind, PlacedOrder, StoreConnection
from ozon_desktop.errors import BackOfficeUnreachable, FileNotReadable
from ozon_desktop.services.orders.view import HandedOver, OrdersFetched
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.orders.page import OrdersPage

MOYSKLAD, ONEC = StoreConnection(ConnectionKind.MOYSKLAD), StoreConnection(ConnectionKind.ONEC)
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


def press(page: OrdersPage, qtbot: QtBot, context: WindowContext) -> None:
    QTest.mouseClick(page.store.export, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: context.worker.pending == 0)


@pytest.mark.parametrize(
    ("connection", "line"),
    [
        (MOYSKLAD, "3 заказа, ещё не передано в МойСклад: 2"),
        (ONEC, "3 заказа, 1С ещё не забрала: 2"),
        (StoreConnection(ConnectionKind.LINK), "3 заказа, ещё не выгружено в магазин: 2"),
    ],
    ids=["moysklad", "1c", "link"],
)
def test_the_line_says_what_the_store_lacks(open_page: Open, service: Any, connection: StoreConnection, line: str) -> None:
    service.connection = connection
    page = open_page()
    assert page.status_line.text() == line
    assert page.store.setup.isVisible() is not connection.takes_orders, "a folder is asked for only where files are written"


def test_moysklad_is_given_the_orders_by_the_button_and_no_folder_is_asked_for(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.connection, service.handed = MOYSKLAD, HandedOver(2)
    page = open_page()
    assert page.store.export.text() == "Передать в Мой&Склад"
    press(page, qtbot, context)
    assert not page.form.isVisible()
    assert page.message_bar.message.replace("\u00a0", " ") == "Передано в магазин: 2 заказа"


def test_what_the_store_did_not_take_whole_is_said(open_page: Open, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    problem = RunProblem("X-1", "100-1", "no_store_product", "Заказ 100-1: в магазине нет товара X-1")
    service.connection, service.handed = MOYSKLAD, HandedOver(1, problems=(problem,))
    page = open_page()
    press(page, qtbot, context)
    assert "нет товара X-1" in page.message_bar.message


def test_1c_fetches_by_itself_and_the_button_says_so(open_page: Open, service: Any) -> None:
    service.connection = ONEC
    page = open_page()
    assert not page.store.export.isEnabled()
    assert page.store.export.toolTip() == "1С забирает заказы сама, при следующем обмене"


def test_where_the_store_is_out_of_reach_the_way_to_its_settings_is_offered(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.connection, service.broken = MOYSKLAD, BackOfficeUnreachable("заказы")
    page = open_page()
    opened = QSignalSpy(context.go_to)
    press(page, qtbot, context)
    assert "Нет связи с магазином" in page.message_bar.message
    QTest.mouseClick(page.message_bar.action, Qt.MouseButton.LeftButton)
    assert [opened.at(0)[0], opened.at(0)[1]] == ["integration", "store"]
    assert page.store.export.isEnabled(), "it can be tried again"


@pytest.mark.parametrize(
    ("error", "button"),
    [(BackOfficeUnreachable("заказы"), "Открыть «Магазин»"), (FileNotReadable("D:/orders"), "Выбрать другую папку")],
    ids=["store", "folder"],
)
def test_a_fetch_that_could_not_hand_over_offers_what_helps(
    open_page: Open, service: Any, qtbot: QtBot, context: WindowContext, error: Any, button: str
) -> None:
    service.fetched = OrdersFetched(1, 0, not_exported=error, unwritten=1)
    page = open_page()
    page.session.fetch()
    qtbot.waitUntil(lambda: context.worker.pending == 0 and context.long_job is None)
    assert page.message_bar.action.text() == button


def test_an_order_shows_its_number_and_state_in_the_store(open_page: Open, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    service.connection = ONEC
    service.placed = {"100-2": PlacedOrder("guid", "УТ00-004512", posted=True)}
    page = open_page()
    page.table.selectRow(1)
    qtbot.waitUntil(lambda: context.worker.pending == 0)
    assert "УТ00-004512, проведён" in {label.text() for label in page.panel.findChildren(QLabel)}
