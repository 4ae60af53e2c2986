"""Many cards at once in the window: buttons name what is highlighted, many are confirmed in place, and every step can be undone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.field_rules import RuleKind
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.page import ProductsPage
from ozon_desktop.ui.products.table.product_table_model import ProductColumn, Readiness
from ozon_desktop.ui.widgets import confirm_bar
from tests.ui.finding import child
from tests.ui.products.fakes import BRAND, MODEL, NOTE, PRODUCTS, FakeCards, FakeTables
from tests.ui.products.keys import type_text
from tests.ui.products.test_bulk import bulk_dialog, press

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"does not support (raise|grabbing)", extend=True)
Opened = Callable[[], ProductsPage]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def asks_from_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirm_bar, "UNASKED", 1)


# --- what is highlighted --------------------------------------------------------------------------------------------


def says(page: ProductsPage) -> tuple[str, str]:
    """What the bar below the table says, and what the button of the card offers."""
    text = page.selection.text.text() if not page.selection.isHidden() else ""
    return text, page.panel.copy_button.text()


def test_buttons_follow_rows_that_leave_through_the_search(opened: Opened) -> None:
    page = opened()
    page.table.select_ids(["p1", "p2", "p3"])
    assert says(page) == ("Выделено 3 товара", "Скопировать на 2 товара")
    page.model.show_filter(page.model.filter.__class__(text="KR-1042"))
    assert page.table.selected_ids() == ["p2"]
    assert says(page) == ("", "Скопировать на другие…")
    page.model.show_filter(page.model.filter.__class__())
    assert page.table.selected_ids() == ["p2"], "what left is not highlighted again"
    assert says(page) == ("", "Скопировать на другие…")


def test_buttons_follow_rows_that_leave_through_a_chip(opened: Opened) -> None:
    page = opened()
    page.table.select_ids(["p1", "p2", "p3"])
    page.chips.choose(Readiness.ERRORS)
    assert page.table.selected_ids() == ["p1", "p3"]
    assert says(page) == ("Выделено 2 товара", "Скопировать на 1 товар")


def test_buttons_follow_a_refresh_with_other_rows(
    opened: Opened, context: WindowContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened()
    page.table.select_ids(["p1", "p2", "p3"])
    with monkeypatch.context() as patched:
        patched.delitem(PRODUCTS, "p3")
        context.data_changed.emit("store")
        qtbot.waitUntil(lambda: page.model.total == 2 and context.worker.pending == 0)
    assert page.table.selected_ids() == ["p1", "p2"]
    assert says(page) == ("Выделено 2 товара", "Скопировать на 1 товар")


def test_another_order_keeps_what_is_highlighted(opened: Opened) -> None:
    page = opened()
    page.table.select_ids(["p1", "p3"])
    page.model.sort(ProductColumn.NAME, Qt.SortOrder.DescendingOrder)
    assert sorted(page.table.selected_ids()) == ["p1", "p3"]
    assert says(page) == ("Выделено 2 товара", "Скопировать на 1 товар")


def test_the_bulk_window_works_on_what_is_highlighted_when_it_is_pressed(opened: Opened, qtbot: QtBot, tables: FakeTables) -> None:
    page = opened()
    page.table.select_ids(["p1", "p2", "p3"])
    press(page, "bulk_edit", qtbot)
    dialog = bulk_dialog(page, qtbot)
    dialog.field.choose(MODEL.id)
    page.table.select_ids(["p2", "p3"])
    assert dialog.apply_button.text() == "&Применить к 2 товарам"
    page.table.clearSelection()
    assert (dialog.apply_button.text(), dialog.apply_button.isEnabled()) == ("Выделите товары в таблице", False)
    page.table.select_ids(["p3"])
    dialog.apply_button.click()
    qtbot.waitUntil(lambda: bool(tables.calls))
    assert tables.calls[0][:2] == ("set", ("p3",))


# --- many are confirmed ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("asks_from_two")
def test_a_field_of_many_is_confirmed_in_the_bulk_window(opened: Opened, qtbot: QtBot, tables: FakeTables) -> None:
    page = opened()
    page.table.select_ids(["p1", "p2", "p3"])
    press(page, "bulk_edit", qtbot)
    dialog = bulk_dialog(page, qtbot)
    dialog.field.choose(MODEL.id)
    dialog.apply_button.click()
    assert tables.calls == []
    assert dialog.question.text.text() == "Поле «Название модели» изменится у 3 товаров: «Сапоги зимние женские»."
    qtbot.keyClick(dialog.question.apply_button, Qt.Key.Key_Escape)
    assert (tables.calls, dialog.question.asking, dialog.isVisible()) == ([], False, True)
    dialog.apply_button.click()
    page.table.select_ids(["p2", "p3"])
    assert not dialog.question.asking, "the question was about other products"
    dialog.apply_button.click()
    qtbot.keyClick(dialog.question.apply_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(tables.calls))
    assert tables.calls[0][:2] == ("set", ("p2", "p3"))


@pytest.mark.usefixtures("asks_from_two")
def test_copying_to_many_is_confirmed_on_the_card(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    page.table.select_ids(["p1", "p2", "p3"])
    press(page.panel, "copy_fields", qtbot)
    assert [call for call in cards.calls if call[0] == "copy"] == []
    assert page.panel.question.text.text() == "Введённые поля товара SP-2201 будут скопированы на 2 товара."
    press(page.panel, "card_question_decline", qtbot)
    assert not page.panel.question.asking
    press(page.panel, "copy_fields", qtbot)
    page.table.select_ids(["p1", "p2"])
    assert not page.panel.question.asking, "the question was about other products"
    page.table.select_ids(["p1", "p2", "p3"])
    press(page.panel, "copy_fields", qtbot)
    press(page.panel, "card_question_apply", qtbot)
    qtbot.waitUntil(lambda: ("copy", "p1", ("p2", "p3")) in cards.calls)
    assert len([call for call in cards.calls if call[0] == "copy"]) == 1


@pytest.mark.usefixtures("asks_from_two")
def test_filling_many_down_is_confirmed_on_the_card(opened: Opened, qtbot: QtBot, tables: FakeTables) -> None:
    page = opened()
    page.table.select_ids(["p1", "p2", "p3"])
    line = child(page, QLineEdit, f"field_{MODEL.id}")
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_D, CTRL)
    assert tables.calls == []
    assert page.panel.question.text.text().startswith("Поле «Название модели» изменится у 2 товаров")
    qtbot.keyClick(page.panel.question.apply_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(tables.calls))
    assert line.hasFocus()


@pytest.mark.usefixtures("asks_from_two")
def test_a_rule_that_reaches_many_is_confirmed(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    page.panel.form.boxes[BRAND.id].field_editor.set_values(((2, "Nike"),))
    page.panel.field_actions.save_rule(BRAND.id)
    assert page.panel.question.text.text() == "Правило поля «Бренд» в категории «Женские сапоги»: 2 товара, кроме заполненных вручную."
    assert cards.rules == {}
    qtbot.keyClick(page.panel.question.apply_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: BRAND.id in cards.rules and context.worker.pending == 0)


@pytest.mark.usefixtures("asks_from_two")
def test_rules_from_their_windows_are_confirmed_too(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    page.panel.field_actions.edit_rule(BRAND.id)
    dialog = page.panel.field_actions.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: not dialog.busy)
    dialog.kind.choose(RuleKind.TEMPLATE)
    type_text(child(dialog, QLineEdit, "rule_template"), "Модель")
    dialog.save()
    assert dialog.question.text.text().startswith("Правило поля «Бренд» в категории «Женские сапоги»: 2 товара")
    assert cards.field_rules.calls == []
    dialog.question.apply_button.click()
    qtbot.waitUntil(lambda: bool(cards.field_rules.calls))
    page.panel.field_actions.propose_rules()
    proposals = page.panel.field_actions.proposals
    assert proposals is not None
    qtbot.waitUntil(lambda: not proposals.busy and proposals.model.rowCount() > 0)
    proposals.model.check_all(True)
    proposals.accept_checked()
    assert "в категории «Женские сапоги»: 2 товара" in proposals.question.text.text()
    assert len(cards.field_rules.calls) == 1
    proposals.question.apply_button.click()
    qtbot.waitUntil(lambda: len(cards.field_rules.calls) == 2)


def test_the_button_of_an_import_says_how_many_cards(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.excel.open_import(Path("сапоги.xlsx"))
    dialog = page.excel.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.apply_button.text() == "&Применить к 1 карточке")


# --- steps back -----------------------------------------------------------------------------------------------------


def test_undo_says_what_it_took_back_and_reads_the_table_again(
    opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards
) -> None:
    page = opened()
    cards.history.done += ["изменения карточки SP-2201", "«Бренд» у 35 товаров"]
    assert page.undo_label == "«Бренд» у 35 товаров"
    with qtbot.waitSignal(context.data_changed, check_params_cb=lambda topic: topic == "cards"):
        page.undo()
    assert page.message_bar.message == "Отменено: «Бренд» у 35 товаров."
    assert (page.undo_label, page.redo_label) == ("изменения карточки SP-2201", "«Бренд» у 35 товаров")
    with qtbot.waitSignal(context.data_changed, check_params_cb=lambda topic: topic == "cards"):
        page.redo()
    assert page.message_bar.message == "Сделано снова: «Бренд» у 35 товаров."


def test_what_others_changed_since_is_said(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    cards.history.done.append("«Бренд» у 35 товаров")
    cards.history.left = 3
    page.undo()
    qtbot.waitUntil(lambda: "Оставлено как есть, потому что с тех пор изменено ещё раз: 3." in page.message_bar.message)


def test_nothing_to_undo_is_no_error_and_presses_do_not_pile_up(
    opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards
) -> None:
    page = opened()
    page.undo()
    page.redo()
    assert page.message_bar.message == ""
    cards.history.done += ["первое", "второе"]
    page.undo()
    page.undo()
    qtbot.waitUntil(lambda: context.worker.pending == 0 and page.message_bar.message == "Отменено: второе.")
    assert cards.history.done == ["первое"], "a press while a step is being taken back is passed over"


def test_another_cabinet_forgets_the_steps(opened: Opened, context: WindowContext, cards: FakeCards) -> None:
    page = opened()
    cards.history.done.append("первое")
    context.choose_integration(2)
    assert (cards.history.forgotten, page.undo_label) == (1, None)


def test_what_was_typed_and_stored_is_no_longer_the_fields_own_to_undo(opened: Opened, context: WindowContext, qtbot: QtBot) -> None:
    page = opened()
    line, note = child(page, QLineEdit, f"field_{MODEL.id}"), child(page, QPlainTextEdit, f"field_{NOTE.id}")
    type_text(line, "Зимние")
    note.setFocus()
    note.insertPlainText("Тёплые")
    assert line.isUndoAvailable()
    assert note.document().isUndoAvailable()
    page.card.save()
    qtbot.waitUntil(lambda: not page.card.saving and context.worker.pending == 0)
    assert not line.isUndoAvailable()
    assert not note.document().isUndoAvailable()
