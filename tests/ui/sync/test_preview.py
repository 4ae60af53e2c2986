"""The preview of the synchronization page: counts, filters, when it is made again, and what the page says when it cannot be made."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.sync_plan import PlanItem
from ozon_desktop.errors import NoConnection, NotPossibleYet, OzonUnavailable
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.rules.window import RulesWindow
from ozon_desktop.ui.sync.preview.plan_index import Bucket
from tests.ui.sync.showing import Page, send_text, settled, shown


def test_the_preview_counts_every_kind_and_nothing_is_sent(open_page: Page, service: Any) -> None:
    page = open_page()
    assert page.status_line.text() == "Предварительный просмотр: ничего ещё не отправлено"
    assert [tile.figure.text() for tile in page.preview.tiles.values() if not tile.isHidden()] == ["1", "0", "1", "1", "1"]
    assert send_text(page) == "&Отправить 3 изменения"
    assert page.send.isEnabled()
    cost = page.preview.cost
    assert cost.requests.text() == "Обращений к Ozon: 7"
    assert cost.uses["daily_create"].isHidden(), "plenty is left: the row has better things to say"
    assert cost.requests.toolTip().replace("\u00a0", " ") == "Создание 1 из 1 488 сегодня"
    assert cost.requests.accessibleDescription() == cost.requests.toolTip()
    assert cost.uses["daily_update"].isHidden(), "a limit Ozon does not name"
    assert service.runs == []


def test_a_tile_filters_and_a_second_press_shows_all_again(open_page: Page, qtbot: QtBot) -> None:
    page = open_page()
    tile = page.preview.tiles[Bucket.SKIP]
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


@pytest.mark.parametrize(("missing", "page_name"), [(("mapping",), "mapping"), (("credentials", "fields"), "integration")])
def test_what_is_missing_is_said_with_the_way_there(
    open_page: Page, service: Any, context: WindowContext, missing: tuple[str, ...], page_name: str
) -> None:
    service.answer = NotPossibleYet("synchronize", missing=missing)
    page = open_page()
    assert shown(page) == "sync_empty"
    assert page.status_line.text().startswith("Отправить нельзя: сначала ")
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


def test_what_has_to_be_done_first_comes_before_the_tools(open_page: Page, service: Any) -> None:
    service.answer = NotPossibleYet("synchronize", missing=("mapping",))
    page = open_page()
    assert page.empty.button.isVisibleTo(page)
    assert page.tools_bar.isHidden()


def test_nothing_to_send_is_an_empty_state(open_page: Page, service: Any, preview_of: Any) -> None:
    service.answer = preview_of(())
    page = open_page()
    assert page.empty.text.text().startswith("Всё уже отправлено")
    assert not page.send.isEnabled()
    assert page.status_line.text() == "Всё уже отправлено"


def test_only_skipped_products_are_shown_with_their_number(
    open_page: Page, service: Any, preview_of: Any, plan_items: tuple[PlanItem, ...]
) -> None:
    service.answer = preview_of((plan_items[-1],))
    page = open_page()
    assert shown(page) == "PreviewView"
    assert page.status_line.text() == "Всё уже отправлено; пропущено 1 товар, причины ниже"
    assert page.preview.tree.isColumnHidden(2), "their long reasons get the room of the values they do not have"


def test_more_new_cards_than_the_limit_allows_is_said(open_page: Page, service: Any) -> None:
    preview: Preview = service.answer
    service.answer = Preview(
        preview.plan, (LimitUsage("daily_create", 12, 12),), 1, preview.warehouses, preview.attribute_names, preview.price_type, None
    )
    page = open_page()
    use = page.preview.cost.uses["daily_create"]
    assert use.text().replace("\u00a0", " ") == ("Новые карточки: на сегодня лимит Ozon исчерпан, 1 завтра, программа отправит их сама")
    assert use.property("role") == "attention"
    assert use.toolTip().replace("\u00a0", " ") == "Создание карточек: 12 из 12 на сегодня"


def test_changed_cards_are_counted_again(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    context.data_changed.emit("cards")
    assert page.status_line.text() == "Считаю, что изменилось…"
    settled(qtbot, context)
    assert len(service.previews) == 2


def test_without_a_cabinet_the_page_says_where_to_begin(open_page: Page, service: Any, context: WindowContext) -> None:
    context.choose_integration(0)
    page = open_page()
    assert page.empty.text.text() == "Сначала подключите кабинет Ozon"
    assert service.previews == []


def test_newly_required_fields_are_reported_above_the_changes(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    news = tuple(f"У типа «Чайник» появилось обязательное поле «Поле {number}»: 12 товаров" for number in range(7))
    service.answer = replace(service.answer, news=news)
    reported: list[str] = []
    context.data_changed.connect(reported.append)
    page = open_page()
    assert page.message_bar.property("role") == "message-info"
    assert page.message_bar.message.split("\n") == [*news[:5], "И ещё таких полей: 2"]
    assert reported == ["settings"], "the other pages show the old list of fields"
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


def test_the_rules_open_from_the_page_and_their_saving_makes_the_preview_again(
    open_page: Page, service: Any, qtbot: QtBot, context: WindowContext
) -> None:
    page = open_page()
    QTest.keyClick(page.tools_bar.rules, Qt.Key.Key_Space)
    settled(qtbot, context)
    rules = page.tools.rules
    assert isinstance(rules, RulesWindow)
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
