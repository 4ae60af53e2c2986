"""A tile that counts one kind of change and, pressed, narrows the list to it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.look.theme import set_role


class Tile(QPushButton):
    """A figure beside its words; checked while the list is narrowed to it. tone: the colour of a figure that is not nothing."""

    def __init__(self, words: str, *, name: str, tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setCheckable(True)
        self._words = words
        self._tone = tone
        self.figure = QLabel("—")
        self.label = QLabel(words)
        set_role(self.figure, "figure")
        set_role(self.label, "secondary")
        self._layout = layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 14, 5)
        layout.setSpacing(8)
        for label in (self.figure, self.label):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(label)
        self.set_count(None)

    def set_count(self, count: int | None) -> None:
        """Shows a count; None = not known yet."""
        self.figure.setText("—" if count is None else wording.number(count))
        set_role(self.figure, f"figure-{self._tone}" if self._tone and count else "figure")
        self.setEnabled(bool(count))
        self.setAccessibleName(f"{self._words}: {self.figure.text()}")

    def sizeHint(self) -> QSize:
        return self._layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """The words are never cut."""
        return self._layout.minimumSize()
