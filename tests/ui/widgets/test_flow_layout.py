"""A wrapping layout that remembers its heights knows when they are others."""

from PySide6.QtWidgets import QLabel, QWidget
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
