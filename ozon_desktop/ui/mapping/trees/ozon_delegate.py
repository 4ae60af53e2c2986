"""Draws a row of the Ozon tree: the name with all the width there is, and at the right what is to be said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from ozon_desktop.ui.mapping.trees.ozon_tree_model import STATE_COLUMN
from ozon_desktop.ui.widgets import RowDelegate
from ozon_desktop.ui.widgets.model_index import Index

if TYPE_CHECKING:
    from ozon_desktop.ui.look.theme import Theme

AIR = 12


class OzonDelegate(RowDelegate):
    """A column of its own for the state would cut the names of all rows that have none; the state itself is never cut."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: the name as far as the state leaves room."""
        super().initStyleOption(option, index)
        state = _state(index)
        if state:
            metrics = QFontMetrics(option.font)
            room = option.rect.width() - metrics.horizontalAdvance(state) - 2 * AIR
            option.text = metrics.elidedText(option.text, Qt.TextElideMode.ElideRight, max(room, 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Qt: the row, then the state."""
        super().paint(painter, option, index)
        state = _state(index)
        if state:
            painter.save()
            painter.setFont(option.font)
            painter.setPen(_state_cell(index).data(Qt.ItemDataRole.ForegroundRole) or self._theme.color("secondary"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(option.rect.adjusted(0, 0, -AIR // 2, 0), int(side), state)
            painter.restore()


def _state(index: Index) -> str:
    return _state_cell(index).data() or ""


def _state_cell(index: Index) -> QModelIndex:
    return index.sibling(index.row(), STATE_COLUMN)
