"""Draws a row of the Ozon tree: the name, and at the right the state of a category or type that needs attention."""

from PySide6.QtCore import QModelIndex, QObject, Qt
from PySide6.QtGui import QColor

from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.mapping.note_delegate import AIR, Index, NoteDelegate
from ozon_desktop.ui.mapping.trees.ozon_tree_model import STATE_COLUMN


class OzonDelegate(NoteDelegate):
    """The note is what the hidden column of states says."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, parent, elide=Qt.TextElideMode.ElideRight, between=2 * AIR)

    def note(self, index: Index) -> str:
        return _state_cell(index).data() or ""

    def note_colour(self, index: Index) -> QColor:
        return _state_cell(index).data(Qt.ItemDataRole.ForegroundRole) or super().note_colour(index)


def _state_cell(index: Index) -> QModelIndex:
    return index.sibling(index.row(), STATE_COLUMN)
