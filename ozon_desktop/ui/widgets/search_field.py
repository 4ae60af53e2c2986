"""A search field that waits until typing pauses; Esc clears it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

DEBOUNCE_MS = 150


class SearchField(QLineEdit):
    """searched(text) comes 150 ms after the last key, at once for Enter and Esc."""

    searched = Signal(str)

    def __init__(self, placeholder: str, *, name: str = "search", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)
        self._searched_for = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._search)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._search)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears a text; an empty field leaves the key to its window."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._search()
            return
        super().keyPressEvent(event)

    def _typed(self, _: str) -> None:
        self._timer.start()

    def _search(self) -> None:
        self._timer.stop()
        if self.text() != self._searched_for:
            self._searched_for = self.text()
            self.searched.emit(self._searched_for)
