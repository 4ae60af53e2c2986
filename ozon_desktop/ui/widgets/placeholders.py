"""What stands where content is not there yet: a skeleton while loading, an empty state that says what to do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets.labels import WrappedLabel

WIDTHS = (60, 90, 75, 40, 85, 55)


class Skeleton(QFrame):
    """Grey bars in a card, in place of the page's content."""

    def __init__(self, parent: QWidget | None = None, *, rows: int = 6) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.setAccessibleName("Загружается")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(16)
        for number in range(rows):
            width = WIDTHS[number % len(WIDTHS)]
            bar = QFrame()
            bar.setFixedHeight(14)
            set_role(bar, "skeleton")
            row = QHBoxLayout()
            row.addWidget(bar, width)
            row.addStretch(100 - width)
            layout.addLayout(row)
        layout.addStretch(1)


class EmptyState(QWidget):
    """A sentence that says why nothing is here, and the button that changes it."""

    acted = Signal()

    def __init__(self, text: str, button: str = "", *, name: str = "empty_state", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.text = WrappedLabel(text, role="secondary")
        self.text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = QPushButton(button)
        self.button.setObjectName(f"{name}_button")
        set_role(self.button, "primary")
        self.button.clicked.connect(self._act)
        layout = QVBoxLayout(self)
        layout.setSpacing(16)
        layout.addStretch(1)
        layout.addWidget(self.text)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        # Only now: a widget without a parent would be shown as a window of its own and take the focus away.
        self.button.setVisible(bool(button))

    def set_state(self, text: str, button: str = "") -> None:
        """Changes sentence and button; an empty button text hides it."""
        self.text.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))

    def _act(self) -> None:
        self.acted.emit()
