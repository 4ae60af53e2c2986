"""A choice of two or three words side by side."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from ozon_desktop.ui.look.theme import set_role


class Segmented(QWidget):
    """One of the words is chosen; arrows move the choice. chosen(key): the manager chose another one."""

    chosen = Signal(str)

    def __init__(self, words: Mapping[str, str], *, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for key, text in words.items():
            button = self.buttons[key] = QPushButton(text)
            button.setCheckable(True)
            button.setObjectName(f"{name}_{key}")
            button.setAccessibleName(f"{accessible}: {text}")
            set_role(button, "segment")
            button.setProperty("key", key)
            button.clicked.connect(self._clicked)
            self._group.addButton(button)
            layout.addWidget(button)
        next(iter(self.buttons.values())).setChecked(True)

    @property
    def key(self) -> str:
        """What is chosen."""
        return next(key for key, button in self.buttons.items() if button.isChecked())

    def choose(self, key: str) -> None:
        """Chooses without a signal."""
        self.buttons[key].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose the neighbour."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() not in steps:
            super().keyPressEvent(event)
            return
        keys = list(self.buttons)
        place = min(max(keys.index(self.key) + steps[Qt.Key(event.key())], 0), len(keys) - 1)
        if keys[place] != self.key:
            self.choose(keys[place])
            self.buttons[keys[place]].setFocus()
            self.chosen.emit(keys[place])

    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.chosen.emit(button.property("key"))
