"""«Отличия от Ozon»: fields side by side, sides by keys, for products and as rules, and filters."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.card_differences import CardDifference, Side
from ozon_desktop.errors import AppError
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.differences.menu import differences_menu
from ozon_desktop.ui.products.differences.model import FIELD, NAME, OFFER, OZON, SIDE, STORE
from ozon_desktop.ui.products.differences.panel import DifferencesPanel
from tests.ui.products.adoption_fakes import DIFFERENCES, LOADED, REPORT, FakeCabinet

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
NAME_ROW, BRAND_ROW, PRICE_ROW, TYPE_ROW, KEPT_ROW, TEXT_ROW = range(6)


@pytest.fixture
def cabinet() -> FakeCabinet:
    cabinet = FakeCabinet()
    cabinet.known, cabinet.rows = REPORT, list(DIFFERENCES)
    return cabinet


def opened(context: WindowContext, qtbot: QtBot, window: QWidget, products: list[str] | None = None) -> DifferencesPanel:
    panel = DifferencesPanel(context, products, window)
    panel.show()
    qtbot.waitUntil(panel.skeleton.isHidden)
    return panel


@pytest.fixture
def panel(context: WindowContext, qtbot: QtBot, window: QWidget) -> DifferencesPanel:
    return opened(context, qtbot, window)


def settled(context: WindowContext, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: context.worker.pending == 0)


def cell(panel: DifferencesPanel, row: int, column: int, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
    return panel.model.index(row, column).data(role)


def column(panel: DifferencesPanel, number: int) -> list[str]:
    return [cell(panel, row, number) for row in range(panel.model.rowCount())]


def chosen(cabinet: FakeCabinet) -> list[tuple[Any, ...]]:
    return [call[1:] for call in cabinet.calls if call[0] == "choose"]


def test_fields_stand_side_by_side(panel: DifferencesPanel) -> None:
    tester = QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert column(panel, FIELD) == ["Название", "Бренд", "Цена", "Тип товара Ozon", "Цена", "Описание"]
    assert cell(panel, PRICE_ROW, STORE) == "7\u00a0450"
    assert cell(panel, BRAND_ROW, OZON) == "нет значения"
    assert cell(panel, TYPE_ROW, OZON) == "Обувь / Повседневная обувь / Полусапоги"
    assert cell(panel, KEPT_ROW, SIDE) == "с Ozon в магазин"
    assert cell(panel, TEXT_ROW, NAME) == "Мультиварка 5 л"
    assert panel.title.text() == "6 отличий у 2 товаров, не решено: 4"
    assert panel.about.text().startswith("Сравнение с карточками, загруженными с Ozon сегодня")
    assert panel.about.toolTip() == f"{LOADED.astimezone():%d.%m.%Y %H:%M}"
    del tester


def test_long_values_are_one_line_in_the_table_and_whole_below(panel: DifferencesPanel) -> None:
    panel.table.select_numbers([TEXT_ROW])
    assert "\n" not in cell(panel, TEXT_ROW, STORE)
    assert panel.store_text.toPlainText() == "Мультиварка\nс десятью программами"
    assert cell(panel, TEXT_ROW, OZON, Qt.ItemDataRole.ToolTipRole) == DIFFERENCES[TEXT_ROW].ozon


def test_where_the_stores_value_comes_from_is_reported(panel: DifferencesPanel) -> None:
    reported = {row: cell(panel, row, STORE, Qt.ItemDataRole.ToolTipRole).splitlines()[-1] for row in (BRAND_ROW, PRICE_ROW, TYPE_ROW)}
    assert reported == {
        BRAND_ROW: "Правило категории «Обувь»",
        PRICE_ROW: "Цена выбранного типа в магазине",
        TYPE_ROW: "Сопоставление категории",
    }
    panel.table.select_numbers([BRAND_ROW])
    assert panel.store_field.below.text() == "Правило категории «Обувь»"
    assert panel.store_field.below.property("role") == "hint"


def test_a_row_is_spoken_whole(panel: DifferencesPanel) -> None:
    spoken = cell(panel, PRICE_ROW, OFFER, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Артикул: SP-2201; Товар: Сапоги зимние женские; Поле: Цена")
    assert spoken.endswith("Чьё значение: не выбрано")


@pytest.mark.parametrize(("key", "side"), [(Qt.Key.Key_Left, Side.STORE), (Qt.Key.Key_Right, Side.OZON)])
def test_arrows_choose_a_side(
    panel: DifferencesPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet, key: Qt.Key, side: Side
) -> None:
    panel.table.select_numbers([PRICE_ROW])
    qtbot.keyClick(panel.table, key)
    settled(context, qtbot)
    assert chosen(cabinet) == [(side, ("p1",), "price")]
    assert panel.table.selected_numbers() == [PRICE_ROW]
    assert panel.title.text().endswith("не решено: 3")


def test_keys_pressed_one_after_another_all_count(
    panel: DifferencesPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet
) -> None:
    panel.table.select_numbers([NAME_ROW])
    qtbot.keyClick(panel.table, Qt.Key.Key_Right)
    qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    qtbot.keyClick(panel.table, Qt.Key.Key_Left)
    settled(context, qtbot)
    assert chosen(cabinet) == [(Side.OZON, ("p1",), "name"), (Side.STORE, ("p1",), "attribute:85")]
    assert column(panel, SIDE)[:2] == ["с Ozon в магазин", "из магазина на Ozon"]


def test_several_rows_go_field_by_field_and_what_cannot_be_chosen_says_why(
    panel: DifferencesPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet
) -> None:
    panel.table.select_numbers([PRICE_ROW, TYPE_ROW, KEPT_ROW])
    panel.store_button.click()
    settled(context, qtbot)
    assert chosen(cabinet) == [(Side.STORE, ("p1", "p4"), "price")]
    assert "на странице «Категории»" in panel.bar.message
    assert cell(panel, TYPE_ROW, SIDE) == "не выбирается"
    assert "«Категории»" in cell(panel, TYPE_ROW, SIDE, Qt.ItemDataRole.ToolTipRole)


def test_delete_takes_a_choice_back(panel: DifferencesPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    panel.table.select_numbers([KEPT_ROW])
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    settled(context, qtbot)
    assert chosen(cabinet) == [(None, ("p4",), "price")]
    assert cell(panel, KEPT_ROW, SIDE) == "не выбрано"
    assert panel.bar.message == ""


def test_a_choice_that_holds_by_a_rule_is_reported(
    panel: DifferencesPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet
) -> None:
    cabinet.rules["price"] = Side.STORE
    panel.table.select_numbers([KEPT_ROW])
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    settled(context, qtbot)
    assert cell(panel, KEPT_ROW, SIDE) == "из магазина на Ozon"
    assert "правилом: 1" in panel.bar.message


def menu_of(panel: DifferencesPanel, rows: list[CardDifference], current: CardDifference) -> QMenu:
    return differences_menu(
        panel, rows, current, choose=panel.choose, choose_products=panel.choose_products, propose_rule=panel.propose_rule
    )


def entry(menu: QMenu, start: str) -> Any:
    actions = [*menu.actions(), *(action for part in menu.findChildren(QMenu) for action in part.actions())]
    return next(action for action in actions if action.text().startswith(start))


def test_a_rule_is_asked_for_once_and_made(panel: DifferencesPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    panel.table.select_numbers([PRICE_ROW])
    menu = menu_of(panel, panel.table.selected_rows(), DIFFERENCES[PRICE_ROW])
    entry(menu, "Всегда брать с Ozon: «Цена»").trigger()
    assert chosen(cabinet) == []
    assert panel.bar.message.startswith("Всегда брать «Цена» с Ozon: у всех товаров")
    panel.bar.action.click()
    settled(context, qtbot)
    assert chosen(cabinet) == [(Side.OZON, (), "price")]
    assert panel.bar.message == "Выбор сохранён и применён у 2 товаров."
    assert column(panel, SIDE)[PRICE_ROW] == "с Ozon в магазин"
    entry(menu, "Снять правило для поля «Цена»").trigger()
    settled(context, qtbot)
    assert chosen(cabinet)[-1] == (None, (), "price")
    assert column(panel, SIDE)[PRICE_ROW] == "не выбрано"


def test_all_fields_of_products(panel: DifferencesPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet) -> None:
    panel.table.select_numbers([NAME_ROW, TEXT_ROW])
    menu = menu_of(panel, panel.table.selected_rows(), DIFFERENCES[NAME_ROW])
    assert any(action.text() == "Все поля: 2 товара" for action in menu.actions())
    panel.choose_products(Side.STORE)
    settled(context, qtbot)
    assert chosen(cabinet) == [(Side.STORE, ("p1", "p4"), "")]
    assert panel.title.text().endswith("не решено: 0")


def test_no_rule_for_a_field_without_sides(panel: DifferencesPanel) -> None:
    menu = menu_of(panel, [DIFFERENCES[TYPE_ROW]], DIFFERENCES[TYPE_ROW])
    assert not entry(menu, "Всегда брать с Ozon").isEnabled()
    assert not entry(menu, "Взять с Ozon\t").isEnabled()


def test_filters_by_field_by_choice_and_by_words(panel: DifferencesPanel, qtbot: QtBot) -> None:
    assert [panel.field_box.itemText(row) for row in range(2)] == ["Все поля", "Цена · 2"]
    panel.field_box.choose("price")
    assert column(panel, OFFER) == ["SP-2201", "OZ-4"]
    panel.undecided.setChecked(True)
    assert column(panel, OFFER) == ["SP-2201"]
    panel.field_box.choose("")
    assert column(panel, FIELD) == ["Название", "Бренд", "Цена", "Описание"]
    panel.search.setText("мультиварка")
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert column(panel, FIELD) == ["Описание"]
    panel.search.setText("такого нет")
    qtbot.waitUntil(lambda: not panel.empty.isHidden())
    assert panel.empty.text.text() == "По этому запросу ничего нет"


def test_a_decided_row_leaves_the_undecided_ones(
    panel: DifferencesPanel, context: WindowContext, qtbot: QtBot, cabinet: FakeCabinet
) -> None:
    panel.undecided.setChecked(True)
    panel.table.select_numbers([0])
    qtbot.keyClick(panel.table, Qt.Key.Key_Right)
    settled(context, qtbot)
    assert column(panel, FIELD) == ["Бренд", "Цена", "Описание"]
    assert panel.table.selected_numbers() == [0]


def test_chosen_products_and_then_all(context: WindowContext, qtbot: QtBot, window: QWidget, cabinet: FakeCabinet) -> None:
    panel = opened(context, qtbot, window, ["p4"])
    assert column(panel, OFFER) == ["OZ-4", "OZ-4"]
    panel.all_button.click()
    settled(context, qtbot)
    assert panel.model.rowCount() == 6
    assert panel.all_button.isHidden()
    panel.show_products(["p1"])
    settled(context, qtbot)
    assert cabinet.calls[-1] == ("differences", ("p1",))


def test_nothing_to_compare_says_why(context: WindowContext, qtbot: QtBot, window: QWidget, cabinet: FakeCabinet) -> None:
    cabinet.rows = []
    panel = opened(context, qtbot, window)
    assert panel.empty.text.text() == "Карточки на Ozon такие же, как в магазине"
    cabinet.known = replace(REPORT, loaded_at=None)
    panel.refresh()
    settled(context, qtbot)
    assert panel.empty.text.text() == "Сравнивать пока не с чем: загрузите карточки с Ozon"


def test_failures_are_reported_in_place(context: WindowContext, qtbot: QtBot, window: QWidget, cabinet: FakeCabinet) -> None:
    cabinet.error = AppError("диск занят")
    panel = opened(context, qtbot, window)
    assert panel.bar.action.text() == "Повторить"
    cabinet.error = None
    panel.bar.action.click()
    settled(context, qtbot)
    assert panel.model.rowCount() == 6
    cabinet.error = AppError("диск занят")
    panel.table.select_numbers([PRICE_ROW])
    qtbot.keyClick(panel.table, Qt.Key.Key_Right)
    settled(context, qtbot)
    cabinet.error = None
    panel.bar.action.click()
    settled(context, qtbot)
    assert cell(panel, PRICE_ROW, SIDE) == "не выбрано"


def test_what_a_choice_does_is_said_for_the_current_row(panel: DifferencesPanel) -> None:
    said = {}
    for row in (PRICE_ROW, BRAND_ROW, TYPE_ROW, KEPT_ROW):
        panel.table.select_numbers([row])
        said[row] = panel.explanation.text()
    assert said[PRICE_ROW].startswith("Сторона не выбрана")
    assert "«Категории»" in said[TYPE_ROW]
    assert said[KEPT_ROW] == "Значение на Ozon останется как есть: синхронизация не будет его менять."
    ozon_empty = replace(DIFFERENCES[BRAND_ROW], side=Side.OZON)
    assert panel.model.explanation(ozon_empty).startswith("На Ozon значения нет")


def test_fifty_thousand_rows(context: WindowContext, qtbot: QtBot, window: QWidget, cabinet: FakeCabinet) -> None:
    cabinet.rows = [CardDifference(f"p{number}", f"A-{number}", "price", "100", str(number)) for number in range(50_000)]
    panel = opened(context, qtbot, window)
    panel.table.selectAll()
    qtbot.keyClick(panel.table, Qt.Key.Key_Right)
    settled(context, qtbot)
    calls = chosen(cabinet)
    assert len(calls) == 1
    assert len(calls[0][1]) == 50_000
    assert panel.title.text().endswith("не решено: 0")


def test_every_control_has_a_name(panel: DifferencesPanel) -> None:
    for control in panel.findChildren(QWidget):
        if control.focusPolicy() & Qt.FocusPolicy.TabFocus and control.isVisible():
            assert control.accessibleName() or control.property("text"), control.objectName()
