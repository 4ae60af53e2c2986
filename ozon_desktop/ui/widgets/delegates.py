"""Item delegates the tables and trees share."""

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ozon_desktop.ui.look.density import CALM, rows_high
from ozon_desktop.ui.widgets.model_index import Index

ROW_HEIGHT = CALM.row


def row_height(widget: QWidget) -> int:
    """30 px, 24 where compact rows were chosen; more at a larger text, so that no letter is clipped."""
    return rows_high(widget.fontMetrics().height())


class RowDelegate(QStyledItemDelegate):
    """Rows of 30 px, 24 where compact rows were chosen; taller only when the text needs it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """At least what the density wants."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(size.height(), rows_high(option.fontMetrics.height())))


class MiddleElideDelegate(RowDelegate):
    """Elides in the middle: names of one kind begin alike, and end with what tells them apart."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: how the cell is painted."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


class LeftElideDelegate(RowDelegate):
    """Elides on the left, so that the end of a path (the type's own name) is always seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideLeft
