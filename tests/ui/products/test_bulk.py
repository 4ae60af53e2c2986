"""Several products at once: one field for all, filling down, another type's lists, and the table in XLSX."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.carry_over import CarryOver
from ozon_desktop.domain.ozon_catalog import OzonType, TypeKey
from ozon_desktop.errors import BrokenFile
from ozon_desktop.services.cards.exchange import CardChange, CardsPreview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.excel.import_model import CardChangeModel, CardProblemModel
from ozon_desktop.ui.products.page import ProductsPage
from ozon_desktop.ui.products.table.product_table_model import ProductColumn
from tests.ui.finding import child
from tests.ui.products.fakes import BRAND, KEY, MODEL, FakeCards, FakeTables
from tests.ui.products.keys import type_text

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"does not support (raise|grabbing)", extend=True)
Opened = Callable[[], ProductsPage]
LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
BOOTS = OzonType(TypeKey(11, 9), "Ботинки")


def press(widget: Any, name: str, qtbot: QtBot) -> None:
    found = child(widget, QPushButton, name)
    assert found is not None, name
    assert found.isVisible(), name
    qtbot.mouseClick(found, LEFT)


def bulk_dialog(page: ProductsPage, qtbot: QtBot) -> Any:
    qtbot.waitUntil(lambda: page.bulk.dialog is not None)
    return page.bulk.dialog


def test_one_field_of_all_selected_products_in_one_step(opened: Opened, context: WindowContext, qtbot: QtBot, tables: FakeTables) -> None:
    page = opened()
    assert not page.selection.isVisible()
    page.table.select_ids(["p1", "p2", "p3"])
    assert page.selection.text.text() == "Выделено 3 товара"
    press(page, "bulk_edit", qtbot)
    dialog = bulk_dialog(page, qtbot)
    assert not dialog.isModal()
    assert dialog.field.currentText() == "Бренд *"
    assert dialog.apply_button.text() == "&Применить к 3 товарам"
    assert not dialog.apply_button.isEnabled(), "an empty field empties nothing by a hasty press"
    dialog.field.choose(MODEL.id)
    line = dialog.editor.control()
    assert line.objectName() == "bulk_value"
    assert line.text() == "Сапоги зимние женские"
    line.clear()
    line.textEdited.emit("")
    assert dialog.apply_button.text() == "&Очистить у 3 товаров"
    type_text(line, "Зимние")
    with qtbot.waitSignal(context.data_changed):
        qtbot.mouseClick(dialog.apply_button, LEFT)
    assert tables.calls == [("set", ("p1", "p2", "p3"), MODEL.id, ((0, "Зимние"),))]
    assert dialog.bar.message == "Поле заполнено у 3 товаров."


def test_products_that_were_passed_over_are_reported(opened: Opened, qtbot: QtBot, tables: FakeTables) -> None:
    tables.passed = 1
    page = opened()
    page.table.select_ids(["p1", "p2", "p3"])
    qtbot.keyClick(page.table, Qt.Key.Key_D, CTRL)
    dialog = bulk_dialog(page, qtbot)
    dialog.field.choose(MODEL.id)
    dialog.apply()
    qtbot.waitUntil(lambda: dialog.bar.message.startswith("Поле заполнено у 2 товаров. Пропущено: 1 товар"))


def test_a_field_is_filled_down_from_its_editor(opened: Opened, context: WindowContext, qtbot: QtBot, tables: FakeTables) -> None:
    page = opened()
    line = child(page, QLineEdit, f"field_{MODEL.id}")
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_D, CTRL)
    assert page.panel.message.message.startswith("Выделите в таблице товары")
    page.table.select_ids(["p1", "p2", "p3"])
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_D, CTRL)
    qtbot.waitUntil(lambda: page.panel.message.message == "Поле заполнено у 2 товаров.")
    assert tables.calls == [("set", ("p2", "p3"), MODEL.id, ((0, "Сапоги зимние женские"),))]


def test_a_card_with_another_list_is_marked_and_switched_with_one_press(
    opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards
) -> None:
    cards.other = BOOTS
    page = opened()
    assert page.model.text(page.model.row(0), ProductColumn.READY) == "другой список"
    text = child(page, QLabel, "list_switch_text")
    qtbot.waitUntil(lambda: "Перейдут: «Бренд»" in text.text())
    assert text.text().startswith("Заполнен список типа «Ботинки», а категория сопоставлена с «Сапоги»")
    assert "Высота каблука" in text.text()
    assert page.panel.form.note.text().startswith("Заполнен список типа «Ботинки»")
    go = child(page, QPushButton, "list_switch_go")
    assert go.text() == "Перейти на список „Сапоги“"
    go.setFocus()
    qtbot.keyClick(go, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ("switch", ("p1",)) in cards.calls and not page.panel.switch.isVisible() and context.worker.pending == 0)
    assert page.model.text(page.model.row(0), ProductColumn.READY) == "2 ошибки"


def test_a_type_without_settings_cannot_be_switched_to(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    cards.other = BOOTS
    cards.carry = CarryOver(1, unknown=(KEY,))
    page = opened()
    qtbot.waitUntil(lambda: "Настройки нового типа ещё не получены" in page.panel.switch.text.text())
    assert not page.panel.switch.go_button.isEnabled()


def test_lists_of_all_selected_products_are_switched_after_telling(
    opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards
) -> None:
    cards.other = BOOTS
    page = opened()
    page.table.select_ids(["p1", "p2", "p3"])
    assert page.selection.switch_button.text() == "Перейти на список: 2"
    press(page, "bulk_switch", qtbot)
    qtbot.waitUntil(lambda: page.switch.go_button.isEnabled())
    assert page.switch.text.text().startswith("У 2 карточек заполнен список полей другого типа.")
    qtbot.keyClick(page.switch.go_button, Qt.Key.Key_Escape)
    assert not page.switch.isVisible()
    press(page, "bulk_switch", qtbot)
    qtbot.waitUntil(lambda: page.switch.go_button.isEnabled())
    press(page, "bulk_list_go", qtbot)
    qtbot.waitUntil(lambda: ("switch", ("p1", "p3")) in cards.calls)
    qtbot.waitUntil(lambda: page.message_bar.message == "1 карточка переведена на список категории.")


def test_fields_of_the_shown_category_are_written(
    opened: Opened, qtbot: QtBot, tables: FakeTables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened()
    page.excel.name_actions()
    assert page.excel.export_action.text() == "Выгрузить поля категории «Женские сапоги»…"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "сапоги"), ""))
    page.excel.export_action.trigger()
    qtbot.waitUntil(lambda: page.message_bar.message == "Поля 3 товаров записаны в файл «сапоги.xlsx».")
    assert tables.calls == [("export", "boots", KEY, "сапоги.xlsx")]


def test_a_file_is_shown_before_it_is_applied(
    opened: Opened, context: WindowContext, qtbot: QtBot, tables: FakeTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("сапоги.xlsx", ""))
    page.excel.name_actions()
    page.excel.import_action.trigger()
    dialog = page.excel.dialog
    assert dialog is not None
    assert not dialog.isModal()
    qtbot.waitUntil(lambda: dialog.heading.text() == "Изменится 1 карточка, 1 ошибка, 4 без изменений")
    assert [dialog.changes.index(0, column).data() for column in range(5)] == ["2", "SP-2201", "Бренд", "пусто", "Nike"]
    assert dialog.problems.index(0, 0).data() == "3"
    assert "Найки" in dialog.problems.index(0, 1).data()
    assert tables.calls == []
    with qtbot.waitSignal(context.data_changed):
        qtbot.keyClick(dialog.apply_button, Qt.Key.Key_Space)
    assert dialog.heading.text() == "Изменена 1 карточка"
    assert not dialog.apply_button.isEnabled()
    assert len(tables.calls) == 1


def test_a_file_that_cannot_be_read_is_reported_and_read_again(
    opened: Opened, qtbot: QtBot, tables: FakeTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened()

    async def broken(*_: Any) -> CardsPreview:
        raise BrokenFile("сапоги.xlsx", line=1)

    monkeypatch.setattr(tables, "preview", broken)
    page.excel.open_import(Path("сапоги.xlsx"))
    dialog = page.excel.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.heading.text() == "Файл не прочитан")
    assert "сапоги.xlsx" in dialog.bar.message
    monkeypatch.undo()
    press(dialog, "card_import_again", qtbot)
    qtbot.waitUntil(lambda: dialog.apply_button.isEnabled())


def test_models_follow_the_rules_of_item_models(qapp: Any) -> None:
    read = FakeTables().read
    changes, problems = CardChangeModel(), CardProblemModel()
    testers = [QAbstractItemModelTester(item, QAbstractItemModelTester.FailureReportingMode.Warning) for item in (changes, problems)]
    changes.show_rows(read.changes)
    problems.show_rows(read.problems)
    changes.show_rows((CardChange(5, "p1", "SP-2201", "Бренд", "Nike", ""),))
    assert changes.index(0, 4).data() == "пусто"
    assert BRAND.name in changes.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    problems.show_rows(())
    assert len(testers) == 2
