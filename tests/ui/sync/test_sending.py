"""Sending from the synchronization page, and its results, which are never greener than they are."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.price_rules import GuardLimits, PriceChange, PriceGuard
from ozon_desktop.domain.sync_plan import ActionKind, Hold, Part, SyncPlan
from ozon_desktop.errors import NoConnection, OzonUnavailable
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.rules.window import RulesWindow
from ozon_desktop.ui.sync.page import SyncPage
from tests.ui.sync.conftest import SENT
from tests.ui.sync.showing import Page, send_text, settled, shown


def test_prices_held_back_are_reported_and_sent_when_confirmed(open_page: Page, service: Any, context: WindowContext, qtbot: QtBot) -> None:
    held = [replace(item, hold=Hold.MANY_PRICES) if item.kind is ActionKind.PRICE else item for item in service.answer.plan.items]
    change = PriceChange("KR-1042", Decimal(990), Decimal(99))
    guard = PriceGuard(GuardLimits(), 30, 25, (change,))
    assert guard.stopped
    service.answer = replace(service.answer, plan=SyncPlan(tuple(held)), guard=guard)
    page = open_page()
    assert "25 цен из 30" in page.message_bar.message.replace("\u00a0", " ")
    assert send_text(page) == "&Отправить 2 изменения"
    qtbot.mouseClick(page.message_bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: send_text(page) == "&Отправить 3 изменения")
    assert not page.message_bar.isVisible()
    page.send.click()
    settled(qtbot, context)
    (run,) = service.runs
    assert [item.offer_id for item in run["plan"].of(ActionKind.PRICE)] == ["KR-1042"]


def test_a_part_that_is_switched_off_is_neither_planned_nor_sent(
    open_page: Page, service: Any, qtbot: QtBot, context: WindowContext
) -> None:
    page = open_page()
    page.preview.parts[Part.STOCKS].click()
    settled(qtbot, context)
    assert service.previews[-1] == frozenset(Part) - {Part.STOCKS}
    page.send.click()
    settled(qtbot, context)
    assert service.runs[-1]["parts"] == frozenset(Part) - {Part.STOCKS}


def test_sending_sends_the_plan_that_was_shown(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    topics = QSignalSpy(context.data_changed)
    page.send.click()
    assert not page.send.isEnabled()
    assert page.status_line.text() == "Идёт отправка"
    settled(qtbot, context)
    assert service.runs[0]["plan"] is service.answer.plan
    assert service.runs[0]["only_offers"] is None
    assert shown(page) == "ResultView"
    assert page.status_line.text().endswith(": 1 изменение")
    assert page.message_bar.property("role") == "message-good"
    assert [topics.at(row)[0] for row in range(topics.count())] == ["sync", "orders", "journal"]
    assert len(service.previews) == 1, "its own news must not start a new preview"


def test_partial_failure_is_attention_and_only_the_errors_are_repeated(
    open_page: Page, service: Any, failed_outcome: ItemOutcome, result_of: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.result = result_of(SENT, failed_outcome, result=RunResult.PARTIAL, new_orders=2)
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    assert page.status_line.text().endswith("1 изменение, 1 ошибка, 2 новых заказа")
    assert page.message_bar.property("role") == "message-attention"
    tree = page.result.model
    assert [tree.index(row, 0).data() for row in range(tree.rowCount())] == ["Ошибка — 1", "Отправлено — 1"]
    assert "«Бренд»" in tree.index(0, 3, tree.index(0, 0)).data()
    page.result.copy.click()
    assert QGuiApplication.clipboard().text().startswith("KT-1\tЧайник Ёлка\tНе заполнена характеристика «Бренд»")
    page.result.retry.click()
    settled(qtbot, context)
    assert service.runs[1]["only_offers"] == {"KT-1"}
    assert service.runs[1]["plan"] is None


def test_skipped_products_are_reported_beside_a_success(
    open_page: Page, service: Any, result_of: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.result = result_of(SENT, counts=(("price", 1), ("skip", 155)))
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    assert page.message_bar.property("role") == "message-info"
    assert page.message_bar.message == "Ozon принял всё, что отправлено. Пропущено 155 товаров: причины видны после пересчёта и в журнале"


def test_orders_that_could_not_be_written_are_reported_beside_a_success(
    open_page: Page, service: Any, result_of: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.result = result_of(SENT, counts=(("price", 1), ("skip", 155), ("not_exported", 3)))
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    assert page.message_bar.property("role") == "message-attention"
    assert "3 заказа не записаны для магазина" in page.message_bar.message.replace("\u00a0", " ")


def test_waiting_for_ozon_is_not_reported_as_done(
    open_page: Page, service: Any, result_of: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.result = result_of(ItemOutcome("A", "Чайник", ActionKind.CREATE, OutcomeState.WAITING), result=RunResult.PARTIAL)
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    assert page.message_bar.property("role") == "message-info"
    assert page.status_line.text().endswith("0 изменений, 1 ждёт Ozon")
    assert page.result.retry.isHidden()


def test_f5_sends_at_once_also_from_a_page_never_opened(service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = SyncPage(context, RulesWindow)
    qtbot.addWidget(page)
    page.open_payload("run")
    qtbot.waitUntil(lambda: len(service.runs) == 1)
    settled(qtbot, context)
    assert len(service.previews) == 1
    assert service.runs[0]["plan"] is service.answer.plan


def test_f5_after_a_result_computes_and_sends_again(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    page.open_payload("run")
    settled(qtbot, context)
    page.open_payload("run")
    qtbot.waitUntil(lambda: len(service.runs) == 2)
    settled(qtbot, context)
    assert len(service.previews) == 2


def test_stopping_says_so_and_counts_again(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    service.hold = True
    page = open_page()
    page.send.click()
    qtbot.waitUntil(lambda: "3 из 12" in page.progress.stage.text())
    page.progress.stop.click()
    assert page.progress.stage.text() == "Останавливаю…"
    settled(qtbot, context)
    assert page.progress.isHidden()
    assert page.message_bar.property("role") == "message-attention"
    assert page.status_line.text() == "Отправка остановлена"


def test_a_failed_run_says_the_error_and_offers_to_repeat(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    service.result = OzonUnavailable("/v3/product/import")
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    assert "Ozon сейчас не работает" in page.message_bar.message
    assert page.message_bar.property("role") == "message-error"
    page.message_bar.action.click()
    qtbot.waitUntil(lambda: len(service.runs) == 2)
    settled(qtbot, context)


def test_offline_the_preview_is_shown_but_not_sent(
    open_page: Page, service: Any, preview_of: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.answer = preview_of(offline=NoConnection("/v1/roles"))
    page = open_page()
    assert shown(page) == "PreviewView"
    assert not page.send.isEnabled()
    assert page.status_line.text() == "Нет связи с Ozon"
    assert "Нет связи с Ozon" in page.message_bar.message
    reported = QSignalSpy(context.notify)
    page.open_payload("run")
    settled(qtbot, context)
    assert reported.at(0)[0] == "Синхронизация не началась"
    assert service.runs == []


def test_another_cabinet_forgets_the_result(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    context.choose_integration(2)
    settled(qtbot, context)
    assert shown(page) == "PreviewView"
    assert page.message_bar.isHidden()


def test_another_long_job_keeps_the_button_off_and_says_which(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()

    async def work(progress: Any) -> None:
        progress(None)

    context.run_job("Получение категорий", work, on_done=page.set_status_line, on_failed=page.set_status_line)
    assert not page.send.isEnabled()
    assert page.send.toolTip() == "Идёт другая работа: Получение категорий"
    page.open_payload("run")
    assert service.runs == []
