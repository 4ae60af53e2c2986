"""The synchronization page compared with Ozon: asked for, told, taken back; and the prices Ozon would refuse."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.price_rules import PriceFault, PriceProblem
from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, PlanItem, Reason
from ozon_desktop.errors import NoConnection
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.sync.preview.model import SyncPlanModel
from ozon_desktop.ui.sync.preview.plan_index import PlanIndex
from tests.ui.sync.showing import Page, settled, shown


def test_comparing_with_ozon_is_asked_for_and_reported(open_page: Page, service: Any, qtbot: QtBot, context: WindowContext) -> None:
    page = open_page()
    assert service.compared == [False]
    assert page.preview.cost.compared.isHidden()
    assert "спросит" in page.tools_bar.compare.accessibleDescription()
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


def test_a_comparison_that_did_not_come_about_is_not_reported_as_one(
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
    service.reported = ProgressUpdate(Stage.CABINET, 1000, 3000)
    service.wait = True
    page.tools_bar.compare.click()
    qtbot.waitUntil(lambda: "1 000 из 3 000" in page.status_line.text().replace("\u00a0", " "))
    service.wait = False
    page.tools_bar.compare.click()
    settled(qtbot, context)
    assert page.status_line.text() == "Предварительный просмотр: ничего ещё не отправлено"


def refused_prices() -> PlanItem:
    """A product whose old and lowest price Ozon would refuse."""
    problems = (
        PriceProblem(PriceFault.AVERAGE_DISCOUNT, "old_price", Decimal(1990), Decimal(2000)),
        PriceProblem(PriceFault.MIN_TOO_SMALL, "min_price", Decimal(1990), Decimal(500)),
    )
    changes = (FieldChange("price", "1890", "1990"), FieldChange("old_price", "2490", "2000"), FieldChange("min_price", "", "500"))
    return PlanItem(ActionKind.SKIP, "KR-9", "Кеды", Reason.PRICE_NOT_ALLOWED, changes=changes, product_id="p9", price_problems=problems)


def test_prices_ozon_would_refuse_are_reported_at_their_line_counted_and_filtered(
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


def test_a_hundred_thousand_refused_prices_take_a_line_each(qapp: QApplication) -> None:
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
