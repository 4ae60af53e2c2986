"""A row of tabs: one is shown, keys turn them, a widget may stand in several."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.widgets.tab_row import TabRow


class Pages(QWidget):
    """Three tabs; «shared» stands in the first two."""

    def __init__(self) -> None:
        super().__init__()
        self.tabs = TabRow("tabs", "Части")
        self.line, self.second, self.shared, self.third = QLineEdit(), QLabel("2"), QLabel("1 и 2"), QLabel("3")
        layout = QVBoxLayout(self)
        for widget in (self.tabs, self.line, self.second, self.shared, self.third):
            layout.addWidget(widget)
        self.tabs.add("one", "Первая", self.shared, self.line)
        self.tabs.add("two", "Вторая", self.shared, self.second)
        self.tabs.add("three", "Третья", self.third)
        self.tabs.turn_with_keys(self)

    @property
    def seen(self) -> list[QWidget]:
        return [widget for widget in (self.line, self.second, self.shared, self.third) if widget.isVisible()]


@pytest.fixture
def pages(qtbot: QtBot) -> Pages:
    pages = Pages()
    qtbot.addWidget(pages)
    pages.show()
    with qtbot.waitActive(pages):
        pages.activateWindow()
    return pages


def test_one_tab_is_shown_and_what_it_shares_stays(pages: Pages, qtbot: QtBot) -> None:
    assert pages.seen == [pages.line, pages.shared]
    with qtbot.waitSignal(pages.tabs.chosen) as chosen:
        pages.tabs.show_tab("two")
    assert chosen.args == ["two"]
    assert pages.seen == [pages.second, pages.shared]
    pages.tabs.show_tab("three")
    assert pages.seen == [pages.third]


def test_keys_turn_the_tabs_from_inside_a_field(pages: Pages) -> None:
    pages.line.setFocus()
    QTest.keyClick(pages.line, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert pages.tabs.key == "two"
    assert pages.tabs.bar.hasFocus(), "the field is hidden now"
    QTest.keyClick(pages.tabs.bar, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(pages.tabs.bar, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert pages.tabs.key == "three"
    QTest.keyClick(pages.tabs.bar, Qt.Key.Key_Left)
    assert pages.tabs.key == "two"


def test_a_tab_that_is_not_offered_is_passed_over(pages: Pages) -> None:
    pages.tabs.show_tab("two")
    pages.tabs.set_visible("two", False)
    assert pages.tabs.key in {"one", "three"}
    assert pages.second not in pages.seen
    pages.tabs.show_tab("one")
    QTest.keyClick(pages.tabs.bar, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert pages.tabs.key == "three"
    with pytest.raises(ValueError, match="not in tuple"):
        pages.tabs.show_tab("four")


def test_the_wheel_turns_no_tab(pages: Pages) -> None:
    place = QPointF(pages.tabs.bar.rect().center())
    down, none, held = QPoint(0, -120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(place, pages.tabs.bar.mapToGlobal(place), QPoint(), down, none, held, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(pages.tabs.bar, event)
    assert pages.tabs.key == "one"
    assert not event.isAccepted(), "the page scrolls"
