"""The synchronization page: preview, sending, results that are never greener than they are, and what it says when it cannot."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.price_rules import GuardLimits, PriceChange, PriceFault, PriceGuard, PriceProblem
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, Part, PlanItem, Reason, SyncPlan
from ozon_desktop.errors import NoConnection, NotPossibleYet, OzonUnavailable
from ozon_desktop.services.progress import ProgressUpdate, Stage
from ozon_desktop.services.sync import ItemOutcome, OutcomeState, Preview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.sync.page import SyncPage
from ozon_desktop.ui.sync.plan_index import PlanIndex
from ozon_desktop.ui.sync.sync_plan_model import SyncPlanModel
from ozon_desktop.ui.theme import Theme, ThemeMode

Page = Callable[[], SyncPage]
SENT = ItemOutcome("KR-1042", "Кроссовки Atlas", ActionKind.PRICE, OutcomeState.SENT)


@pytest.fixture
def open_page(qtbot: QtBot, context: WindowContext) -> Page:
    """Opens the page and waits until it has its preview, or says why not."""

    def opened() -> SyncPage:
        page = SyncPage(context)
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(lambda: context.worker.pending == 0)
        return page

    return opened


def settled(qtbot: QtBot, context: WindowContext) -> None:
    """Waits until no work is under way."""
    qtbot.waitUntil(lambda: context.worker.pending == 0)


def shown(page: SyncPage) -> str:
    """Which body is shown."""
    body = page.stack.currentWidget()
    assert body is not None
    return body.objectName() or type(body).__name__


def test_prices_held_back_are_told_and_sent_when_confirmed(open_page: Page, service: Any, context: WindowContext, qtbot: QtBot) -> None:
    held = [
        replace(item, kind=ActionKind.SKIP, reason=Reason.PRICES_HELD) if item.kind is ActionKind.PRICE else item
        for item in service.answer.plan.items
    ]
    change = PriceChange("KR-1042", Decimal(990), Decimal(99))
    guard = PriceGuard(GuardLimits(), 30, 25, (change,))
    assert guard.stopped
    service.answer = replace(service.answer, plan=SyncPlan(tuple(held)), guard=guard)
    page = open_page()
    assert "25 цен из 30" in page.message_bar.message.replace("\u00a0", " ")
    assert page.send.text() == "&Отправить 2 изменения"
    qtbot.mouseClick(page.message_bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.send.text() == "&Отправить 3 изменения")
    assert not page.message_bar.isVisible()
    page.send.click()
    settled(qtbot, context)
    (run,) = service.runs
    assert [item.offer_id for item in run["plan"].of(ActionKind.PRICE)] == ["KR-1042"]


def test_the_preview_counts_every_kind_and_nothing_is_sent(open_page: Page, service: Any) -> None:
    page = open_page()
    assert page.truth.text() == "Предварительный просмотр: ничего ещё не отправлено"
    assert [tile.figure.text() for tile in page.preview.tiles.values() if not tile.isHidden()] == ["1", "0", "1", "1", "1"]
    assert page.send.text() == "&Отправить 3 изменения"
    assert page.send.isEnabled()
    cost = page.preview.cost
    assert cost.requests.text() == "Потребуется 7 запросов"
    assert cost.uses["daily_create"].text().replace("\u00a0", " ") == "Создание 1 из 1 488 сегодня"
    assert cost.uses["daily_create"].property("role") == "secondary"
    assert cost.uses["daily_update"].isHidden(), "a limit Ozon does not name"
    assert service.runs == []


def test_a_tile_filters_and_a_second_press_shows_all_again(open_page: Page, qtbot: QtBot) -> None:
    page = open_page()
    tile = page.preview.tiles[ActionKind.SKIP]
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert [group.key for group in page.preview.model.groups] == ["skip"]
    assert page.preview.tree.isColumnHidden(2)
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert len(page.preview.model.groups) == 4
    assert not page.preview.tree.isColumnHidden(2)


def test_search_without_a_hit_says_so(open_page: Page, qtbot: QtBot) -> None:
    page = open_page()
    page.focus_search()
    page.preview.search.setText("нет такого")
    QTest.keyClick(page.preview.search, Qt.Key.Key_Return)
    assert page.preview.none_found.text() == "По запросу «нет такого» ничего не нашлось"
    QTest.keyClick(page.preview.search, Qt.Key.Key_Escape)
    assert page.preview.none_found.isHidden()


def test_enter_on_a_line_opens_the_product(open_page: Page, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    model = page.preview.model
    page.preview.tree.setCurrentIndex(model.index(0, 0, model.index(3, 0)))
    spy = QSignalSpy(context.go_to)
    QTest.keyClick(page.preview.tree, Qt.Key.Key_Return)
    assert spy.at(0) == ["products", "p4"]


def test_enter_on_a_group_closes_it_and_it_stays_closed(open_page: Page, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    header = page.preview.model.index(0, 0)
    page.preview.tree.setCurrentIndex(header)
    QTest.keyClick(page.preview.tree, Qt.Key.Key_Return)
    page.recalculate.click()
    settled(qtbot, context)
    tree, model = page.preview.tree, page.preview.model
    assert [tree.isExpanded(model.index(row, 0)) for row in range(model.rowCount())] == [False, True, True, True]


def test_recalculating_keeps_the_selected_product(open_page: Page, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    model = page.preview.model
    page.preview.tree.setCurrentIndex(model.index(0, 0, model.index(2, 0)))
    page.recalculate.click()
    settled(qtbot, context)
    assert page.preview.tree.currentIndex().data() == "KR-1043  Кроссовки Atlas"


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
    assert page.truth.text() == "Идёт отправка"
    settled(qtbot, context)
    assert service.runs[0]["plan"] is service.answer.plan
    assert service.runs[0]["only_offers"] is None
    assert shown(page) == "ResultView"
    assert page.truth.text().endswith(": 1 изменение")
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
    assert page.truth.text().endswith("1 изменение, 1 ошибка, 2 новых заказа")
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


def test_skipped_products_are_told_beside_a_success(
    open_page: Page, service: Any, result_of: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.result = result_of(SENT, counts=(("price", 1), ("skip", 155)))
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    assert page.message_bar.property("role") == "message-info"
    assert page.message_bar.message == "Ozon принял всё, что отправлено. Пропущено 155 товаров: причины видны после пересчёта и в журнале"


def test_orders_that_could_not_be_written_are_told_beside_a_success(
    open_page: Page, service: Any, result_of: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.result = result_of(SENT, counts=(("price", 1), ("skip", 155), ("not_exported", 3)))
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    assert page.message_bar.property("role") == "message-attention"
    assert "3 заказа не записаны для магазина" in page.message_bar.message.replace("\u00a0", " ")


def test_waiting_for_ozon_is_not_told_as_done(open_page: Page, service: Any, result_of: Any, qtbot: QtBot, context: WindowContext) -> None:
    service.result = result_of(ItemOutcome("A", "Чайник", ActionKind.CREATE, OutcomeState.WAITING), result=RunResult.PARTIAL)
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    assert page.message_bar.property("role") == "message-info"
    assert page.truth.text().endswith("0 изменений, 1 ждёт Ozon")
    assert page.result.retry.isHidden()


def test_f5_sends_at_once_also_from_a_page_never_opened(service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = SyncPage(context)
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
    assert page.truth.text() == "Отправка остановлена"


def test_a_failed_run_tells_the_error_and_offers_to_repeat(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
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
    assert page.truth.text() == "Нет связи с Ozon"
    assert "Нет связи с Ozon" in page.message_bar.message
    told = QSignalSpy(context.notify)
    page.open_payload("run")
    settled(qtbot, context)
    assert told.at(0)[0] == "Синхронизация не началась"
    assert service.runs == []


@pytest.mark.parametrize(("missing", "page_name"), [(("mapping",), "mapping"), (("credentials", "fields"), "integration")])
def test_what_is_missing_is_said_with_the_way_there(
    open_page: Page, service: Any, context: WindowContext, missing: tuple[str, ...], page_name: str
) -> None:
    service.answer = NotPossibleYet("synchronize", missing=missing)
    page = open_page()
    assert shown(page) == "sync_empty"
    assert page.truth.text().startswith("Отправить нельзя: сначала ")
    spy = QSignalSpy(context.go_to)
    page.empty.button.click()
    assert spy.at(0)[0] == page_name


def test_a_failed_preview_can_be_repeated(open_page: Page, service: Any, preview_of: Any, qtbot: QtBot, context: WindowContext) -> None:
    service.answer = OzonUnavailable("/v2/warehouse/list")
    page = open_page()
    assert "Ozon сейчас не работает" in page.message_bar.message
    service.answer = preview_of()
    page.message_bar.action.click()
    settled(qtbot, context)
    assert shown(page) == "PreviewView"


def test_nothing_to_send_is_an_empty_state(open_page: Page, service: Any, preview_of: Any) -> None:
    service.answer = preview_of(())
    page = open_page()
    assert page.empty.text.text().startswith("Всё уже отправлено")
    assert not page.send.isEnabled()
    assert page.truth.text() == "Всё уже отправлено"


def test_only_skipped_products_are_shown_with_their_number(
    open_page: Page, service: Any, preview_of: Any, plan_items: tuple[PlanItem, ...]
) -> None:
    service.answer = preview_of((plan_items[-1],))
    page = open_page()
    assert shown(page) == "PreviewView"
    assert page.truth.text() == "Всё уже отправлено; пропущено 1 товар, причины ниже"
    assert page.preview.tree.isColumnHidden(2), "their long reasons get the room of the values they do not have"


def test_more_new_cards_than_the_limit_allows_is_said(open_page: Page, service: Any) -> None:
    preview: Preview = service.answer
    service.answer = Preview(
        preview.plan, (LimitUsage("daily_create", 12, 12),), 1, preview.warehouses, preview.attribute_names, preview.price_type, None
    )
    page = open_page()
    use = page.preview.cost.uses["daily_create"]
    assert use.text().replace("\u00a0", " ") == "Создание 1 из 0 сегодня: 1 товар останется на потом"
    assert use.property("role") == "attention"
    assert use.toolTip().replace("\u00a0", " ") == "Создание карточек: 12 из 12 на сегодня"


def test_changed_cards_are_counted_again(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    context.data_changed.emit("cards")
    assert page.truth.text() == "Считаю, что изменилось…"
    settled(qtbot, context)
    assert len(service.previews) == 2


def test_another_cabinet_forgets_the_result(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    page.send.click()
    settled(qtbot, context)
    context.choose_integration(2)
    settled(qtbot, context)
    assert shown(page) == "PreviewView"
    assert page.message_bar.isHidden()


def test_without_a_cabinet_the_page_says_where_to_begin(open_page: Page, service: Any, context: WindowContext) -> None:
    context.choose_integration(0)
    page = open_page()
    assert page.empty.text.text() == "Сначала подключите кабинет Ozon"
    assert service.previews == []


def test_another_long_job_keeps_the_button_off_and_says_which(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()

    async def work(progress: Any) -> None:
        progress(None)

    context.run_job("Получение категорий", work, on_done=page.set_truth, on_failed=page.set_truth)
    assert not page.send.isEnabled()
    assert page.send.toolTip() == "Идёт другая работа: Получение категорий"
    page.open_payload("run")
    assert service.runs == []


def test_newly_required_fields_are_told_above_the_changes(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    news = tuple(f"У типа «Чайник» появилось обязательное поле «Поле {number}»: 12 товаров" for number in range(7))
    service.answer = replace(service.answer, news=news)
    told: list[str] = []
    context.data_changed.connect(told.append)
    page = open_page()
    assert page.message_bar.property("role") == "message-info"
    assert page.message_bar.message.split("\n") == [*news[:5], "И ещё таких полей: 2"]
    assert told == ["settings"], "the other pages show the old list of fields"
    assert len(service.previews) == 1
    with qtbot.waitSignal(context.go_to) as asked:
        qtbot.mouseClick(page.message_bar.action, Qt.MouseButton.LeftButton)
    assert asked.args == ["products", "errors"]


def test_news_stay_beside_the_reason_of_a_look_that_broke_off(open_page: Page, service: Any, preview_of: Any) -> None:
    news = ("У типа «Чайник» появилось обязательное поле «Объём»: 1 товар",)
    service.answer = replace(preview_of(offline=NoConnection("/v2/warehouse/list")), news=news)
    page = open_page()
    assert "Нет связи" in page.message_bar.message
    assert news[0] in page.message_bar.message
    assert page.message_bar.action.text() == "Повторить"


# --- Comparing with Ozon, prices that do not fit, the windows beside the page ----------------------------------------


def test_comparing_with_ozon_is_asked_for_and_told(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    assert service.compared == [False]
    assert page.preview.cost.compared.isHidden()
    assert "запрос" in page.tools_bar.compare.text()
    service.answer = replace(service.answer, against_ozon=True)
    QTest.keyClick(page.tools_bar.compare, Qt.Key.Key_Space)
    settled(qtbot, context)
    assert service.compared == [False, True]
    assert page.preview.cost.compared.text() == "Сравнено с тем, что Ozon показывает сейчас"
    service.answer = replace(service.answer, against_ozon=False)
    page.tools_bar.compare.click()
    settled(qtbot, context)
    assert service.compared[-1] is False
    assert page.preview.cost.compared.isHidden()


def test_a_comparison_that_did_not_come_about_is_not_told_as_one(
    open_page: Page, service: Any, preview_of: Any, qtbot: QtBot, context: WindowContext
) -> None:
    page = open_page()
    service.answer = preview_of(offline=NoConnection("api-seller.ozon.ru"))
    page.tools_bar.compare.click()
    settled(qtbot, context)
    assert page.preview.cost.compared.text() == "С Ozon не сравнено: кабинет не ответил"
    assert page.preview.cost.compared.property("role") == "attention"


def test_another_cabinet_is_not_compared_unasked(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    page.tools_bar.compare.click()
    settled(qtbot, context)
    context.choose_integration(2)
    settled(qtbot, context)
    assert service.compared == [False, True, False]
    assert not page.tools_bar.compare.isChecked()


def test_comparing_is_there_also_when_all_is_sent(
    open_page: Page, service: Any, preview_of: Any, qtbot: QtBot, context: WindowContext
) -> None:
    service.answer = preview_of(())
    page = open_page()
    assert shown(page) == "sync_empty"
    service.answer = replace(preview_of(()), against_ozon=True)
    assert page.tools_bar.compare.isVisibleTo(page)
    page.tools_bar.compare.click()
    settled(qtbot, context)
    assert "отличий от магазина нет" in page.empty.text.text()


def test_how_far_a_comparison_is_can_be_read(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    service.told = ProgressUpdate(Stage.CABINET, 1000, 3000)
    service.wait = True
    page.tools_bar.compare.click()
    qtbot.waitUntil(lambda: "1 000 из 3 000" in page.truth.text().replace("\u00a0", " "))
    service.wait = False
    page.tools_bar.compare.click()
    settled(qtbot, context)
    assert page.truth.text() == "Предварительный просмотр: ничего ещё не отправлено"


def test_the_rules_open_from_the_page_and_their_saving_makes_the_preview_again(
    open_page: Page, service: Any, qtbot: QtBot, context: WindowContext
) -> None:
    page = open_page()
    QTest.keyClick(page.tools_bar.rules, Qt.Key.Key_Space)
    settled(qtbot, context)
    rules = page.tools.rules
    assert rules is not None
    assert rules.isVisible()
    assert not page.has_unsaved_changes()
    rules.guard.active.click()
    assert page.has_unsaved_changes()
    before = len(service.previews)
    rules.save_button.click()
    settled(qtbot, context)
    assert len(service.previews) == before + 1
    assert not page.has_unsaved_changes()
    page.open_payload("rules")
    assert page.tools.rules is rules
    page.leave()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert page.tools.rules is None


def test_what_has_to_be_done_first_comes_before_the_tools(open_page: Page, service: Any) -> None:
    service.answer = NotPossibleYet("synchronize", missing=("mapping",))
    page = open_page()
    assert page.empty.button.isVisibleTo(page)
    assert page.tools_bar.isHidden()


def refused_prices() -> PlanItem:
    """A product whose old and lowest price Ozon would refuse."""
    problems = (
        PriceProblem(PriceFault.AVERAGE_DISCOUNT, "old_price", Decimal(1990), Decimal(2000)),
        PriceProblem(PriceFault.MIN_TOO_SMALL, "min_price", Decimal(1990), Decimal(500)),
    )
    changes = (FieldChange("price", "1890", "1990"), FieldChange("old_price", "2490", "2000"), FieldChange("min_price", "", "500"))
    return PlanItem(ActionKind.SKIP, "KR-9", "Кеды", Reason.PRICE_NOT_ALLOWED, changes=changes, product_id="p9", price_problems=problems)


def test_prices_ozon_would_refuse_are_told_at_their_line_counted_and_filtered(
    open_page: Page, service: Any, preview_of: Any, plan_items: tuple[PlanItem, ...], qtbot: QtBot, context: WindowContext
) -> None:
    service.answer = preview_of((*plan_items, refused_prices()))
    page = open_page()
    preview, model = page.preview, page.preview.model
    assert preview.wrong_prices.text() == "Цены не подходят: 1"
    QTest.keyClick(preview.wrong_prices, Qt.Key.Key_Space)
    assert [group.key for group in model.groups] == ["skip"]
    header = model.index(0, 0)
    assert model.rowCount(header) == 2
    lines = [[str(model.index(row, column, header).data()).replace("\u00a0", " ") for column in range(5)] for row in range(2)]
    assert lines[0][:4] == ["KR-9  Кеды", "Цена до скидки", "2 490", "2 000"]
    assert "нужно не меньше 5 %" in lines[0][4]
    assert lines[1][1:4] == ["Минимальная цена", "", "500"]
    assert "меньше половины цены" in lines[1][4]
    assert not preview.tree.isColumnHidden(2)
    tip = model.index(0, 4, header).data(Qt.ItemDataRole.ToolTipRole)
    assert "не меньше 5 %" in tip
    assert "меньше половины" in tip
    service.answer = preview_of(plan_items)
    page.recalculate.click()
    settled(qtbot, context)
    assert preview.wrong_prices.isHidden()
    assert len(model.groups) == 4, "the filter goes with the last of them"


def test_a_hundred_thousand_refused_prices_take_a_line_each() -> None:
    items = tuple(replace(refused_prices(), offer_id=f"KR-{number}") for number in range(60_000))
    index = PlanIndex.build(items)
    assert index.price_problems == 60_000
    model = SyncPlanModel(Theme(ThemeMode.LIGHT))
    model.show_plan(index)
    model.show_wrong_prices(True)
    header = model.index(0, 0)
    assert model.rowCount(header) == 60_000
    assert model.index(0, 1, header).data() == "2 причины"
    assert "; " in model.index(0, 4, header).data()
