"""The rule editor and the proposed rules, by keyboard and mouse, from the card."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QListWidget, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.card import SavedFields
from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule, ProductTexts, RuleKind
from ozon_desktop.errors import WrongInput
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.field_rules.dialog import RuleDialog
from ozon_desktop.ui.products.field_rules.example import example, fault
from ozon_desktop.ui.products.field_rules.proposal_model import FIELD, ProposalModel
from ozon_desktop.ui.products.page import ProductsPage
from tests.ui.finding import child, shown_child
from tests.ui.products.fakes import COLOUR, HEEL, KEY, MODEL, PRODUCTS, PROPOSALS, FakeCards
from tests.ui.products.keys import type_text

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"does not support (raise|grabbing)", extend=True)
Opened = Callable[[], ProductsPage]
ENTER, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Space


def line_of(box: QComboBox) -> QLineEdit:
    line = box.lineEdit()
    assert line is not None
    return line


def editor_of(page: ProductsPage, attribute_id: int, context: WindowContext, qtbot: QtBot) -> RuleDialog:
    page.panel.field_actions.edit_rule(attribute_id)
    dialog = page.panel.field_actions.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: context.worker.pending == 0)
    return dialog


def press(dialog: Any, name: str, qtbot: QtBot) -> None:
    qtbot.mouseClick(shown_child(dialog, QPushButton, name), Qt.MouseButton.LeftButton)


def test_a_template_is_put_together_by_keyboard_with_a_live_example(
    opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards
) -> None:
    page = opened()
    dialog = editor_of(page, MODEL.id, context, qtbot)
    assert not dialog.isModal()
    dialog.kind.choose(RuleKind.TEMPLATE)
    assert not shown_child(dialog, QPushButton, "rule_save").isEnabled()
    line = shown_child(dialog, QLineEdit, "rule_template")
    type_text(line, "Модель ")
    places = shown_child(dialog, QListWidget, "rule_places")
    assert places.item(0).text() == "{Наименование} — Сапоги зимние женские"
    assert "{Сезон} — Зима" in [places.item(row).text() for row in range(places.count())]
    qtbot.keyClick(places, ENTER)
    assert line.text() == "Модель {Наименование}"
    assert shown_child(dialog, QLabel, "rule_example").text() == "У товара SP-2201 получится: Модель Сапоги зимние женские"
    type_text(line, " {")
    assert shown_child(dialog, QLabel, "rule_example").text() == "Скобка без пары: {"
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    press(dialog, "rule_save", qtbot)
    rule = FieldRule("boots", MODEL.id, RuleKind.TEMPLATE, template="Модель {Наименование} ")
    qtbot.waitUntil(lambda: cards.field_rules.calls == [("save", rule)])


def test_the_rule_can_be_for_the_parent_and_for_all(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    dialog = editor_of(page, MODEL.id, context, qtbot)
    scope = shown_child(dialog, QComboBox, "rule_scope")
    texts = ["Категория «Женские сапоги» и вложенные", "Родительская категория «Обувь»", "Все категории"]
    assert [scope.itemText(row) for row in range(scope.count())] == texts
    qtbot.keyClick(scope, Qt.Key.Key_Down)
    box = shown_child(dialog, QComboBox, "rule_property")
    assert [box.itemText(row) for row in range(box.count())] == ["Цвет", "Сезон"]
    type_text(line_of(box), "Сезон")
    assert shown_child(dialog, QLabel, "rule_example").text().endswith("получится: Зима")
    press(dialog, "rule_save", qtbot)
    qtbot.waitUntil(lambda: len(cards.field_rules.calls) == 1)
    assert cards.field_rules.calls[0][1] == FieldRule("shoes", MODEL.id, RuleKind.PROPERTY, property_name="Сезон")


def test_the_rule_in_force_is_shown_and_can_be_taken_away(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    cards.field_rules.all_rules = [FieldRule(ALL_CATEGORIES, HEEL.id, RuleKind.UNITS, property_name="Каблук")]
    page = opened()
    dialog = editor_of(page, HEEL.id, context, qtbot)
    assert dialog.place == ALL_CATEGORIES
    assert dialog.kind.chosen is RuleKind.UNITS
    assert shown_child(dialog, QComboBox, "rule_property").currentText() == "Каблук"
    assert shown_child(dialog, QLabel, "rule_example").text().startswith("У товара SP-2201 это правило ничего не даст")
    press(dialog, "rule_delete", qtbot)
    qtbot.waitUntil(lambda: cards.field_rules.calls == [("delete", ALL_CATEGORIES, HEEL.id)])


def test_a_table_of_values_is_filled_row_by_row(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    dialog = editor_of(page, MODEL.id, context, qtbot)
    dialog.kind.choose(RuleKind.TABLE)
    type_text(line_of(shown_child(dialog, QComboBox, "rule_property")), "Сезон")
    for text, value in (("Зима", "Зимние"), ("Лето", "Летние")):
        type_text(shown_child(dialog, QLineEdit, "rule_table_text"), text)
        type_text(shown_child(dialog, QLineEdit, "rule_table_value"), value)
        press(dialog, "rule_table_add", qtbot)
    rows = shown_child(dialog, QListWidget, "rule_table_rows")
    assert [rows.item(row).text() for row in range(rows.count())] == ["Зима → Зимние", "Лето → Летние"]
    assert shown_child(dialog, QLabel, "rule_example").text() == "У товара SP-2201 получится: Зимние"
    press(dialog, "rule_table_remove", qtbot)
    press(dialog, "rule_save", qtbot)
    qtbot.waitUntil(lambda: len(cards.field_rules.calls) == 1)
    assert cards.field_rules.calls[0][1].table == (("Зима", (0, "Зимние")),)


def test_one_value_for_all_takes_the_place_of_the_own_value(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    cards.saved["p1"] = SavedFields("p1", KEY, {MODEL.id: ((0, "Моя"),)})
    page = opened()
    dialog = editor_of(page, MODEL.id, context, qtbot)
    assert shown_child(dialog, QCheckBox, "rule_drop_own").isChecked()
    dialog.kind.choose(RuleKind.CONSTANT)
    type_text(shown_child(dialog, QLineEdit, "rule_value"), "Общая")
    press(dialog, "rule_save", qtbot)
    qtbot.waitUntil(lambda: page.panel.form.boxes[MODEL.id].below.text().startswith("правило категории «Женские сапоги»"))
    assert cards.saved["p1"].values == {}


def test_a_refused_rule_is_reported_and_stays(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    dialog = editor_of(page, MODEL.id, context, qtbot)
    cards.field_rules.error = WrongInput("Шаблон", detail="нет такого поля или свойства: {Фасон}")
    type_text(line_of(shown_child(dialog, QComboBox, "rule_property")), "Фасон")
    press(dialog, "rule_save", qtbot)
    qtbot.waitUntil(lambda: "{Фасон}" in dialog.bar.message)
    assert shown_child(dialog, QPushButton, "rule_save").isEnabled()


def test_example_of_every_kind() -> None:
    texts = ProductTexts(PRODUCTS["p1"], "Женские сапоги")
    black = ((61574, "чёрный"),)
    rules = {
        FieldRule("b", 1, RuleKind.CONSTANT, black): "чёрный",
        FieldRule("b", 1, RuleKind.PROPERTY, property_name="Сезон"): "Зима",
        FieldRule("b", 1, RuleKind.TEMPLATE, template="{Категория}, {Цвет}"): "Женские сапоги, чёрный",
        FieldRule("b", 1, RuleKind.TABLE, property_name="Цвет", table=(("Черный", (5, "чёрный матовый")),)): "чёрный матовый",
        FieldRule("b", 1, RuleKind.TABLE, table=(("чёрный", (5, "тёмный")),)): "тёмный",
        FieldRule("b", 1, RuleKind.UNITS, property_name="Высота"): "",
    }
    for rule, given in rules.items():
        assert example(rule, texts, COLOUR, black) == given
        assert fault(rule, texts) is None
    assert fault(FieldRule("b", 1, RuleKind.CONSTANT), texts) == "Введите значение"


def test_proposals_are_checked_with_the_space_bar_and_accepted(
    opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards
) -> None:
    page = opened()
    qtbot.mouseClick(shown_child(page, QPushButton, "propose_rules"), Qt.MouseButton.LeftButton)
    dialog = page.panel.field_actions.proposals
    assert dialog is not None
    assert not dialog.isModal()
    table = child(dialog, QTableView, "proposal_table")
    qtbot.waitUntil(lambda: table.model().rowCount() == 3)
    accept = shown_child(dialog, QPushButton, "proposals_accept")
    assert accept.text() == "Принять 2 правила"
    dialog.activateWindow()
    table.setFocus()
    qtbot.keyClick(table, SPACE)
    assert accept.text() == "Принять 1 правило"
    press(dialog, "proposals_all", qtbot)
    assert accept.text() == "Принять 3 правила"
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, SPACE)
    qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: cards.field_rules.calls == [("accept", "boots", "Размер", "Каблук")])
    qtbot.waitUntil(lambda: dialog.bar.message.startswith("Сохранено: 2 правила"))
    assert table.model().rowCount() == 1
    assert not accept.isEnabled()


def test_no_proposals_are_reported(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    cards.field_rules.proposals = []
    page = opened()
    page.panel.field_actions.propose_rules()
    dialog = page.panel.field_actions.proposals
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.empty.isVisible())
    assert not shown_child(dialog, QPushButton, "proposals_accept").isEnabled()


def test_proposal_model_follows_the_rules_of_item_models(qapp: Any) -> None:
    model = ProposalModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_rows(PROPOSALS)
    first = model.index(0, FIELD)
    assert model.setData(first, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert [row.property_name for row in model.checked()] == ["Пар"]
    assert first.data() == "Российский размер"
    assert "Товаров: 40" in first.data(Qt.ItemDataRole.AccessibleTextRole)
    model.show_rows(())
    assert tester is not None


def test_the_editor_stays_with_its_product_while_another_is_shown(
    opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards
) -> None:
    cards.saved["p1"] = SavedFields("p1", KEY, {MODEL.id: ((0, "Моя"),)})
    cards.saved["p2"] = SavedFields("p2", KEY, {MODEL.id: ((0, "Чужая"),)})
    page = opened()
    dialog = editor_of(page, MODEL.id, context, qtbot)
    page.table.select_ids(["p2"])
    qtbot.waitUntil(lambda: page.card.product_id == "p2")
    type_text(line_of(shown_child(dialog, QComboBox, "rule_property")), "Сезон")
    assert "SP-2201" in shown_child(dialog, QLabel, "rule_example").text()
    press(dialog, "rule_save", qtbot)
    qtbot.waitUntil(lambda: len(cards.field_rules.calls) == 1 and context.worker.pending == 0)
    assert cards.saved["p2"].values == {MODEL.id: ((0, "Чужая"),)}
