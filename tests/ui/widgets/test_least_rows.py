"""A list keeps room for some rows, also when the text grows."""

from PySide6.QtGui import QFont, QStandardItemModel
from PySide6.QtWidgets import QTreeView
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.widgets import LeastRows, row_height


def test_there_is_room_for_the_rows_at_any_size_of_text(qtbot: QtBot) -> None:
    tree = QTreeView()
    qtbot.addWidget(tree)
    tree.setModel(QStandardItemModel(3, 2, tree))
    LeastRows(tree, 4)
    tree.resize(300, 20)
    tree.show()
    qtbot.waitExposed(tree)
    qtbot.waitUntil(lambda: tree.viewport().height() >= 4 * row_height(tree))
    small = tree.minimumHeight()
    font = QFont(tree.font())
    font.setPointSizeF(3 * font.pointSizeF())
    tree.setFont(font)
    qtbot.waitUntil(lambda: tree.minimumHeight() > small)
    qtbot.waitUntil(lambda: tree.viewport().height() >= 4 * row_height(tree))
