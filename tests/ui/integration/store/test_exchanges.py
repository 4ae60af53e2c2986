"""How the connection stands, loading anew, the log, orders and their states, the tabs of the page."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.domain.store_connection import ConnectionCheck, ConnectionKind, OrderStage, PlacedOrder, StoreConnection
from ozon_desktop.domain.store_health import StoreHealth
from ozon_desktop.errors import (
    BackOfficeUnreachable,
    DatabaseBusy,
)
from ozon_desktop.services.store.connection import PullResult
from ozon_desktop.services.store.overview import OrderInStore
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import OZON, STORE, IntegrationPageView
from tests.ui.integration.conftest import settle
from tests.ui.integration.store.using import IMPORT, LINK, ONEC, Use, button, press
from tests.ui.integration.store_fakes import FakeStore


@pytest.mark.parametrize(
    ("connection", "health", "badge", "role"),
    [
        (LINK, StoreHealth.GOOD, "Связь есть", "good"),
        (LINK, StoreHealth.FAILING, "Связи нет", "error"),
        (LINK, StoreHealth.SILENT, "Давно нет обмена", "attention"),
        (LINK, StoreHealth.LOADING, "Идёт загрузка", "accent"),
        (LINK, StoreHealth.NEVER, "Ещё не загружалось", "attention"),
        (ONEC, StoreHealth.NEVER, "1С ещё не приходила", "attention"),
    ],
)
def test_each_state_has_its_words(
    view: IntegrationPageView, use: Use, connection: StoreConnection, health: StoreHealth, badge: str, role: str
) -> None:
    use(connection, health, failure="Сервер не найден")
    card = view.store.card
    assert (card.badge.text(), card.badge.property("role")) == (badge, f"badge-{role}")
    assert bool(card.state.text()) is (health in {StoreHealth.FAILING, StoreHealth.SILENT} or connection is ONEC)
    assert ("на связи" in view.status_line.text()) is (health is StoreHealth.GOOD)


def test_a_check_names_the_missing_rights(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(LINK)
    store.check_result = ConnectionCheck("ООО «Ромашка»", ("видеть остатки",))
    press(view, qtbot, context, "check_store")
    assert view.store.card.badge.property("role") == "badge-attention"
    assert view.store.card.state.text().splitlines() == ["Связь есть: ООО «Ромашка»", "Не хватает прав: видеть остатки"]
    store.failure = BackOfficeUnreachable("выгрузка shop.example")
    press(view, qtbot, context, "check_store")
    assert view.store.card.badge.text() == "Связи нет"
    assert button(view, "check_store").isEnabled()


def test_the_line_of_truth_is_the_stores_only_on_its_tab(view: IntegrationPageView, use: Use) -> None:
    use(LINK)
    assert view.status_line.text().startswith("Магазин на связи, Ссылка")
    view.tabs.show_tab(OZON)
    assert "Магазин на связи" not in view.status_line.text()


def test_a_page_that_cannot_be_read_says_so_and_can_be_read_again(
    view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    store.unread = DatabaseBusy("data")
    view.store_session.refresh()
    settle(qtbot, context)
    assert view.message_bar.property("role") == "message-error"
    store.unread = None
    store.overview = replace(store.overview, exchanges=(IMPORT,))
    view.message_bar.action.click()
    settle(qtbot, context)
    assert view.store.card.exchanges.model.rowCount() == 1


def test_everything_is_loaded_anew_after_a_question_and_can_be_stopped(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(LINK)
    store.holds = True
    press_without_waiting = button(view, "pull_store_full")
    press_without_waiting.click()
    QTest.keyClick(view.store.card.question.apply_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: store.pulls == [True])
    assert view.store.card.progress.isVisible()
    qtbot.waitUntil(lambda: view.store.card.progress_bar.maximum() == 1_000)
    assert not press_without_waiting.isEnabled(), "one load at a time"
    stop = button(view, "stop_store_pull")
    stop.click()
    assert stop.text() == "Останавливаю…"
    settle(qtbot, context)
    assert not view.store.card.progress.isVisible()
    assert press_without_waiting.isEnabled()


def test_what_came_is_said_never_greener_than_it_was(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(LINK)
    press(view, qtbot, context, "pull_store")
    assert view.message_bar.message == "Ничего не изменилось."
    store.result = PullResult(ImportCounts(products=3, prices=3, problems=1), True, 2)
    press(view, qtbot, context, "pull_store")
    assert "3 товара" in view.message_bar.message
    assert view.message_bar.property("role") == "message-attention"
    store.failure = BackOfficeUnreachable("выгрузка shop.example")
    press(view, qtbot, context, "pull_store")
    assert "Нет связи с магазином" in view.message_bar.message


def test_goods_cannot_be_loaded_while_another_job_runs(view: IntegrationPageView, use: Use, qtbot: QtBot, context: WindowContext) -> None:
    use(LINK)
    view.categories.fetch_asked.emit(next(iter(view.categories.buttons)))
    assert not button(view, "pull_store").isEnabled()
    assert "Идёт другая работа" in button(view, "pull_store").toolTip()
    settle(qtbot, context)
    assert button(view, "pull_store").isEnabled()


def test_enter_on_a_line_of_the_log_opens_it_in_the_journal(
    view: IntegrationPageView, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(LINK, exchanges=(IMPORT, replace(IMPORT, id=6)))
    table = view.store.card.exchanges.table
    table.setCurrentIndex(view.store.card.exchanges.model.index(1, 0))
    use(LINK, exchanges=(replace(IMPORT, id=8), IMPORT, replace(IMPORT, id=6)))
    with qtbot.waitSignal(context.go_to) as went:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert went.args == ["journal", 6], "the line that was chosen stayed chosen"


def test_orders_are_shown_with_the_stores_numbers_and_what_to_do(
    view: IntegrationPageView, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    orders = (
        OrderInStore("1-1", problem="Не выбрана организация"),
        OrderInStore("2-1"),
        OrderInStore("3-1", PlacedOrder("x", "УТ00-004512", posted=True), OrderStage.NEW),
    )
    use(ONEC, orders=orders, waiting=2, placed=1, problems=1)
    card = view.store.orders
    assert card.heading.text() == "Что взяла 1С"
    rows = [[card.model.index(row, column).data() for column in range(3)] for row in range(3)]
    assert rows == [["1-1", "—", "не принят"], ["2-1", "—", "ждёт обмена"], ["3-1", "УТ00-004512", "проведён"]]
    assert "1-1: Не выбрана организация" in card.problem_text.text()
    with qtbot.waitSignal(context.go_to) as went:
        card.problem_button.click()
    assert went.args == ["orders", "1-1"]
    card.table.setCurrentIndex(card.model.index(2, 0))
    with qtbot.waitSignal(context.go_to) as went:
        QTest.keyClick(card.table, Qt.Key.Key_Return)
    assert went.args == ["orders", "3-1"]


def test_states_are_kept_when_the_line_is_left(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    store.kept_states = {OrderStage.NEW: "Новый"}
    use(ONEC)
    view.store.card.tabs.show_tab("states")
    lines = view.store.card.states.lines
    assert lines[OrderStage.NEW].text() == "Новый"
    lines[OrderStage.SHIPPED].insert("Отгружен")
    view.store_session.refresh()
    settle(qtbot, context)
    assert lines[OrderStage.SHIPPED].text() == "Отгружен", "what is being typed stays"
    QTest.keyClick(lines[OrderStage.SHIPPED], Qt.Key.Key_Return)
    settle(qtbot, context)
    assert store.kept_states == {OrderStage.NEW: "Новый", OrderStage.SHIPPED: "Отгружен"}
    lines[OrderStage.NEW].clear()
    QTest.keyClick(lines[OrderStage.NEW], Qt.Key.Key_Return)
    settle(qtbot, context)
    assert store.kept_states == {OrderStage.SHIPPED: "Отгружен"}


def test_states_are_chosen_from_those_the_store_has(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    store.kept_states = {OrderStage.NEW: "Новый", OrderStage.SHIPPED: "Своё"}
    use(ONEC, order_states=("Новый", "Отгружен", "Отменен"))
    card = view.store.card
    card.tabs.show_tab("states")
    assert "выберите его из списка" in card.states.explained.text()
    box = card.states.boxes[OrderStage.CANCELLED]
    assert [box.itemText(row) for row in range(box.count())] == ["Новый", "Отгружен", "Отменен"]
    assert {stage: line.text() for stage, line in card.states.lines.items() if line.text()} == store.kept_states
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    settle(qtbot, context)
    assert store.kept_states == {OrderStage.NEW: "Новый", OrderStage.SHIPPED: "Своё", OrderStage.CANCELLED: "Отменен"}
    use(ONEC, order_states=("Новый", "Собран"))
    assert box.line.text() == "Отменен", "another list changes no choice"
    box.line.clear()
    box.line.insert("Нов")
    QTest.keyClick(box.line, Qt.Key.Key_Return)
    settle(qtbot, context)
    assert store.kept_states[OrderStage.CANCELLED] == "Нов", "what is typed is taken as it is"


def test_the_wheel_changes_no_state(view: IntegrationPageView, store: FakeStore, use: Use) -> None:
    use(ONEC, order_states=("Новый", "Собран"))
    view.store.card.tabs.show_tab("states")
    box = view.store.card.states.boxes[OrderStage.NEW]
    middle = QPointF(box.rect().center())
    held, keys, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    turned = QWheelEvent(middle, middle, QPoint(), QPoint(0, -120), held, keys, phase, False)
    QCoreApplication.sendEvent(box, turned)
    assert box.line.text() == ""


def test_another_page_can_ask_for_the_tab(view: IntegrationPageView) -> None:
    view.tabs.show_tab(OZON)
    view.open_payload("store")
    assert view.tabs.key == STORE
    assert view.store.isVisible()
    assert not view.connection.isVisible()


def test_the_progress_of_the_setting_up_leads_to_its_next_step(view: IntegrationPageView) -> None:
    assert view.progress.text() == view.checklist.heading.text()
    view.progress.click()
    assert view.tabs.key == OZON
    assert view.checklist.isVisible()


def test_a_kind_that_this_program_has_not_is_not_offered(context: WindowContext, store: FakeStore, qtbot: QtBot) -> None:
    store.kinds = frozenset({ConnectionKind.FILES, ConnectionKind.LINK})
    view = IntegrationPageView(context)
    qtbot.addWidget(view)
    assert list(view.store.card.kind.buttons) == ["files", "link"]
    settle(qtbot, context)
