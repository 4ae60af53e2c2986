"""Puts a message where a line of the page stands: nothing below moves when it comes or goes."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QWidget

from ozon_desktop.ui.widgets.message_bar import MessageBar

WATCHED = frozenset(
    {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.LayoutRequest, QEvent.Type.FontChange, QEvent.Type.StyleChange}
)


class MessagePlace(QObject):
    """Lays `bar`, a child of `area` in none of its layouts, over `line`.

    A longer text goes on over what stands below, until it is closed.
    """

    def __init__(self, bar: MessageBar, area: QWidget, line: QWidget | None = None) -> None:
        super().__init__(bar)
        self._bar = bar
        self._area = area
        self._line: QWidget | None = None
        for watched in (bar, area):
            watched.installEventFilter(self)
        if line is not None:
            self.follow(line)

    def follow(self, line: QWidget) -> None:
        """Takes the place of another line from now on."""
        if self._line is not None and self._line is not line:
            self._line.removeEventFilter(self)
        self._line = line
        line.installEventFilter(self)
        self.fit()

    def fit(self) -> None:
        """Where and how large the bar has to be now."""
        line = self._line
        if line is None or self._bar.isHidden():
            return
        width = line.width()
        needed = self._bar.heightForWidth(width) if self._bar.hasHeightForWidth() else self._bar.sizeHint().height()
        place = QRect(line.mapTo(self._area, QPoint(0, 0)), line.size())
        self._bar.setGeometry(place.x(), place.y(), width, max(needed, place.height()))
        self._bar.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the line moves, or the message needs another height."""
        if event.type() in WATCHED:
            self.fit()
        return super().eventFilter(watched, event)
