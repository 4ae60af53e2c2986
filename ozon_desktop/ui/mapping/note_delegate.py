"""Draws a row with a note at its right end: the text takes the width that is left, the note is never cut."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import RowDelegate

AIR = 12
Index = QModelIndex | QPersistentModelIndex


class NoteDelegate(RowDelegate):
    """A column of its own for the notes would cut the texts of all rows that have none.

    between: pixels from the text to the note.
    """

    def __init__(self, theme: Theme, parent: QObject | None = None, *, elide: Qt.TextElideMode, between: int) -> None:
        super().__init__(parent)
        self._theme = theme
        self._elide, self._between = elide, between

    def note(self, index: Index) -> str:
        """Empty = the row has none."""
        raise NotImplementedError

    def note_colour(self, index: Index) -> QColor:
        """Called for rows that have a note."""
        return self._theme.color("secondary")

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = self._elide
        if note := self.note(index):
            metrics = QFontMetrics(option.font)
            room = option.rect.width() - metrics.horizontalAdvance(note) - self._between
            option.text = metrics.elidedText(option.text, self._elide, max(room, 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if note := self.note(index):
            painter.save()
            painter.setFont(option.font)
            painter.setPen(self.note_colour(index))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(option.rect.adjusted(0, 0, -AIR // 2, 0), int(side), note)
            painter.restore()
