"""A wrapping layout that remembers its heights knows when they are others."""

import shiboken6
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.widgets import FlowLayout


def test_heights_follow_every_change_of_what_stands_in_it(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    layout = FlowLayout(box, spacing=4)
    labels = [QLabel("слово") for _ in range(3)]
    for label in labels:
        label.setFixedSize(100, 20)
        layout.addWidget(label)
    box.show()
    assert [layout.heightForWidth(width) for width in (100, 210, 400)] == [68, 44, 20]
    labels[2].hide()
    assert layout.heightForWidth(100) == 44
    labels[2].show()
    labels[0].setFixedSize(100, 50)
    assert layout.heightForWidth(100) == 98
    assert layout.minimumSize().height() == 50
    late = QLabel("позже")
    late.setFixedSize(150, 20)
    layout.insert(0, late)
    late.show()
    assert layout.minimumSize().width() == 150
    assert layout.heightForWidth(150) == 122
    layout.takeAt(0)
    assert layout.heightForWidth(150) == 98


def test_heights_are_worked_out_once_for_a_width(qtbot: QtBot) -> None:
    class Counting(QLabel):
        asked = 0

        def sizeHint(self):  # type: ignore[no-untyped-def]
            Counting.asked += 1
            return super().sizeHint()

    box = QWidget()
    qtbot.addWidget(box)
    layout = FlowLayout(box)
    layout.addWidget(Counting("слово"))
    box.show()
    layout.heightForWidth(333)
    before = Counting.asked
    for _ in range(50):
        layout.heightForWidth(333)
    assert Counting.asked == before


def test_what_stands_in_it_outlives_any_widget_that_python_asked_for_its_neighbour(qtbot: QtBot) -> None:
    """PySide takes the answer of `nextInFocusChain` for a child: with the asked widget all wrappers below go that C++ made."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    first, box = QLineEdit(), QWidget()
    column.addWidget(first)
    column.addWidget(box)
    layout = FlowLayout()
    for text in ("Применить", "Не надо"):
        layout.addWidget(QPushButton(text))
    QVBoxLayout(box).addLayout(layout)
    window.show()
    before = layout.heightForWidth(60)
    widget = first.nextInFocusChain()
    while widget is not None and widget is not first:
        widget = widget.nextInFocusChain()
    shiboken6.delete(first)
    layout.invalidate()
    assert layout.heightForWidth(60) == before
    assert window.sizeHint().isValid()


def test_a_widget_that_goes_takes_its_place_with_it(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    layout = FlowLayout(box)
    stays, goes, taken = QPushButton("останется"), QPushButton("уйдёт"), QPushButton("вынут")
    for button in (stays, goes, taken):
        layout.addWidget(button)
    shiboken6.delete(goes)
    assert layout.count() == 2
    item = layout.takeAt(1)
    assert item is not None
    assert item.widget() is taken
    del item
    layout.removeWidget(stays)
    assert layout.count() == 0
    assert shiboken6.isValid(stays), "removed, not destroyed"
