"""Doubtful values: decided by keyboard and mouse from the page, remembered, and asked again."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton, QTableView
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue
from ozon_desktop.domain.value_matching import ValueChoice
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.doubtful.dialog import DoubtfulDialog
from ozon_desktop.ui.products.doubtful.model import AnswerModel, DoubtfulModel
from ozon_desktop.ui.products.fields.dictionary_editor import ValueLine
from ozon_desktop.ui.products.page import ProductsPage
from tests.ui.finding import child
from tests.ui.products.fakes import LEATHER, WOOD, FakeCards, FakeCatalog
from tests.ui.products.keys import type_text

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"does not support (raise|grabbing)", extend=True)
Opened = Callable[[], ProductsPage]


@pytest.fixture
def dialog(opened: Opened, context: WindowContext, qtbot: QtBot) -> Iterator[DoubtfulDialog]:
    page = opened()
    button = child(page, QPushButton, "doubtful_button")
    assert button.text() == "Сомнительные значения: 2"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    shown = page.doubtful.dialog
    assert shown is not None
    qtbot.waitUntil(lambda: shown.model.rowCount() == 2)
    shown.activateWindow()
    # The page outlives the dialog, whose parent it is.
    yield shown
    page.close()


def test_each_value_is_decided_by_keyboard(dialog: DoubtfulDialog, qtbot: QtBot, cards: FakeCards, context: WindowContext) -> None:
    assert not dialog.isModal()
    question = child(dialog, QLabel, "doubtful_question")
    candidates = child(dialog, QListWidget, "doubtful_candidates")
    table = child(dialog, QTableView, "doubtful_table")
    assert question.text() == "Что значит «цвет мокрого асфальта»?"
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert question.text() == "Что значит «кожзам»?"
    qtbot.keyClick(table, Qt.Key.Key_Up)
    assert [candidates.item(row).text() for row in range(candidates.count())] == ["1. серый", "2. Нет такого значения"]
    with qtbot.waitSignal(context.data_changed) as reported:
        qtbot.keyClick(candidates, Qt.Key.Key_Return)
    assert reported.args == ["cards"]
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 1 and not dialog.busy)
    qtbot.keyClick(candidates, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: dialog.empty.isVisible())
    assert cards.field_rules.answers == [
        ValueChoice(WOOD.dictionary, WOOD.text, DictionaryValue(5, "серый")),
        ValueChoice(LEATHER.dictionary, LEATHER.text, None),
    ]
    assert not dialog.decide_button.isEnabled()


def test_the_button_decides_and_an_answer_can_be_asked_again(dialog: DoubtfulDialog, qtbot: QtBot, cards: FakeCards) -> None:
    qtbot.mouseClick(dialog.decide_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.answers.model.rowCount() == 1 and dialog.model.rowCount() == 1)
    dialog.tabs.setCurrentIndex(1)
    assert not dialog.decide_button.isVisible()
    assert dialog.answers.model.index(0, 1).data() == "серый"
    qtbot.keyClick(dialog.answers.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    assert cards.field_rules.answers == []


def test_a_value_that_is_not_among_the_close_ones_is_searched(
    dialog: DoubtfulDialog, qtbot: QtBot, cards: FakeCards, catalog: FakeCatalog
) -> None:
    line = child(dialog, ValueLine, "doubtful_other")
    assert line.accessibleName() == "Другое значение справочника «Цвет товара»"
    line.setFocus()
    type_text(line, "син")
    qtbot.waitUntil(lambda: catalog.searched == ["син"])
    line.picked.emit(DictionaryValue(4, "Синий"))
    qtbot.waitUntil(lambda: cards.field_rules.answers == [ValueChoice(WOOD.dictionary, WOOD.text, DictionaryValue(4, "Синий"))])


def test_no_doubtful_values_need_no_button(opened: Opened, cards: FakeCards) -> None:
    cards.field_rules.doubtful = []
    assert not opened().doubtful.isVisible()


def test_lists_follow_the_rules_of_item_models(qapp: Any) -> None:
    model, answers = DoubtfulModel(), AnswerModel()
    testers = [QAbstractItemModelTester(item, QAbstractItemModelTester.FailureReportingMode.Warning) for item in (model, answers)]
    model.show_rows((WOOD, LEATHER))
    answers.show_rows((ValueChoice(DictionaryKey(7), "кожзам", None),))
    assert [model.index(0, column).data() for column in range(4)] == ["цвет мокрого асфальта", "Цвет товара", "12", "4"]
    assert [answers.index(0, column).data() for column in range(2)] == ["кожзам", "нет такого значения"]
    model.show_rows(())
    assert len(testers) == 2
