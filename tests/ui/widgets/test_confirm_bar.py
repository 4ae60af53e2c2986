"""The question in place before many cards are changed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.widgets.confirm_bar import UNASKED, ConfirmBar

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"does not support (raise|grabbing)", extend=True)


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def area(qtbot: QtBot) -> QWidget:
    """A window with a line that has the focus; held here, because a parent without a reference takes its parts along."""
    area = QWidget()
    layout = QVBoxLayout(area)
    line = QLineEdit()
    layout.addWidget(line)
    layout.addWidget(ConfirmBar("question"))
    qtbot.addWidget(area)
    with qtbot.waitExposed(area):
        area.show()
    area.activateWindow()
    line.setFocus()
    return area


@pytest.fixture
def bar(area: QWidget) -> ConfirmBar:
    found = area.findChild(ConfirmBar)
    assert found is not None
    return found


def test_up_to_twenty_cards_are_not_asked_about(bar: ConfirmBar, done: list[str]) -> None:
    assert UNASKED == 20
    bar.ask(20, "Поле изменится у 20 товаров.", lambda: done.append("done"))
    assert (done, bar.asking) == (["done"], False)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_more_are_changed_only_after_a_key_on_apply(bar: ConfirmBar, done: list[str], qtbot: QtBot, key: Qt.Key) -> None:
    bar.ask(21, "Поле изменится у 21 товара.", lambda: done.append("done"))
    assert (done, bar.asking, bar.text.text()) == ([], True, "Поле изменится у 21 товара.")
    assert bar.apply_button.hasFocus()
    qtbot.keyClick(bar.apply_button, key)
    assert (done, bar.asking) == (["done"], False)
    line = bar.window().findChild(QLineEdit)
    assert line is not None
    assert line.hasFocus(), "where it was before the question"


@pytest.mark.parametrize(("button", "key"), [("apply", Qt.Key.Key_Escape), ("decline", Qt.Key.Key_Escape), ("decline", Qt.Key.Key_Return)])
def test_escape_and_no_change_nothing(bar: ConfirmBar, done: list[str], qtbot: QtBot, button: str, key: Qt.Key) -> None:
    bar.ask(21, "Поле изменится у 21 товара.", lambda: done.append("done"))
    with qtbot.waitSignal(bar.declined):
        qtbot.keyClick(bar.apply_button if button == "apply" else bar.decline_button, key)
    assert (done, bar.asking) == ([], False)
    bar.apply_button.click()
    assert done == [], "a question that is gone has no answer"


def test_another_question_takes_the_place_of_the_first(bar: ConfirmBar, done: list[str]) -> None:
    bar.ask(30, "первое", lambda: done.append("first"))
    bar.ask(40, "второе", lambda: done.append("second"))
    bar.apply_button.click()
    assert done == ["second"]


def test_it_takes_the_place_of_the_buttons_and_gives_it_back(area: QWidget, bar: ConfirmBar, done: list[str], qtbot: QtBot) -> None:
    line = area.findChild(QLineEdit)
    assert line is not None
    bar.stand_for(line)
    bar.ask(21, "Поле изменится у 21 товара.", lambda: done.append("done"))
    assert line.isHidden()
    qtbot.keyClick(bar.apply_button, Qt.Key.Key_Escape)
    assert line.isVisible()
    assert line.hasFocus()
