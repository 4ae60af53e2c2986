"""Item delegates the tables and trees share."""

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ozon_desktop.ui.widgets.model_index import Index

ROW_HEIGHT = 30


def row_height(widget: QWidget) -> int:
    """30 px, more at a larger text, so that no letter is clipped."""
    return max(ROW_HEIGHT, widget.fontMetrics().height() + 12)


class RowDelegate(QStyledItemDelegate):
    """Rows of 30 px, taller only when the text needs it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """At least 30 px."""
        size = super().sizeHint(option, index)
        return QSize(size.width(), max(ROW_HEIGHT, size.height(), option.fontMetrics.height() + 12))


class LeftElideDelegate(RowDelegate):
    """Elides on the left, so that the end of a path (the type's own name) is always seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Sets the elide mode."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideLeft
