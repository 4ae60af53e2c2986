"""Holds what a page shows: gives it all the room there is, and scrolls it when that is less than it needs at the least."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class LowArea(QScrollArea):
    """`content` is never squeezed below its minimum size, however low the window and however large the text.

    A resizable scroll area would not do: with texts that wrap inside it takes the preferred height for the least, and scrolls
    pages that would fit.
    """

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content = content
        self.setWidget(content)
        content.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: the content asks for another size."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._content:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt: there is another amount of room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._content.resize(self.viewport().size().expandedTo(self._content.minimumSizeHint()))
