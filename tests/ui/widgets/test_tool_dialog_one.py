"""Two windows of one thing are impossible."""

import pytest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.widgets.tool_dialog import show_one


class Stubborn(QDialog):
    """One that may ask before it closes."""

    closes = True

    def reject(self) -> None:
        """Qt: every way to close comes through here."""
        if self.closes:
            super().reject()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """What the dialogs stand over."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_new_one_takes_the_place_of_the_open_one(window: QWidget) -> None:
    first, second = Stubborn(window), Stubborn(window)
    assert show_one(first) is first
    assert show_one(second) is second
    assert (first.isVisible(), second.isVisible()) == (False, True)


def test_one_that_asks_about_its_changes_stays(window: QWidget) -> None:
    first, second = Stubborn(window), Stubborn(window)
    show_one(first)
    first.closes = False
    assert show_one(second) is first
    assert (first.isVisible(), second.isVisible()) == (True, False)


def test_another_kind_stands_beside_it(window: QWidget) -> None:
    first, other = Stubborn(window), QDialog(window)
    show_one(first)
    show_one(other)
    assert first.isVisible()
    assert other.isVisible()
