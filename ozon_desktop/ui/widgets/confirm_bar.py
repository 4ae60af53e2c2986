"""Asks in place, without a dialog, before many cards are changed at once."""

from collections.abc import Callable

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets.flow_layout import FlowLayout
from ozon_desktop.ui.widgets.keys import ENTER, ESCAPE, KeyActions
from ozon_desktop.ui.widgets.labels import WrappedLabel

UNASKED = 20
"""Cards that may be changed at once without a question."""


class ConfirmBar(QFrame):
    """Hidden until `ask`. Enter or Space on «Применить» goes on, Esc or «Не надо» does not; the focus goes back to where it was."""

    declined = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Callable[[], object] | None = None
        self._came_from: QWidget | None = None
        self._size = QSize()
        self._instead_of: tuple[QWidget, ...] = ()
        self.setObjectName(name)
        set_role(self, "message-attention")
        self.text = WrappedLabel("")
        self.text.setObjectName(f"{name}_text")
        self.apply_button = self._button("Применить", f"{name}_apply", self._apply)
        self.decline_button = self._button("Не надо", f"{name}_decline", self._decline)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        buttons = FlowLayout()
        buttons.addWidget(self.apply_button)
        buttons.addWidget(self.decline_button)
        layout.addLayout(buttons)
        self.hide()

    def _button(self, text: str, name: str, action: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(action)
        keys = KeyActions(button)
        keys.on(ENTER, action)
        keys.on(ESCAPE, self._decline)
        return button

    @property
    def asking(self) -> bool:
        return not self.isHidden()

    def stand_for(self, *widgets: QWidget) -> None:
        """While it asks it takes the place of these: with large text a low window has no room for both."""
        self._instead_of = widgets

    def setVisible(self, visible: bool) -> None:
        """Also of what it stands for."""
        # What gives room comes before what takes it, so that the window does not grow in between.
        if visible:
            for widget in self._instead_of:
                widget.hide()
        super().setVisible(visible)
        if not visible:
            for widget in self._instead_of:
                widget.show()

    def ask(self, count: int, text: str, action: Callable[[], object]) -> None:
        """Does `action` at once for up to UNASKED cards; for more it asks first: text says how many and what."""
        if count > UNASKED:
            self.ask_anyway(text, action)
            return
        self._action = None
        self.hide()
        action()

    def ask_anyway(self, text: str, action: Callable[[], object], apply: str = "Применить", decline: str = "Не надо") -> None:
        """Asks before `action`, however little it changes. apply, decline: the words of the buttons."""
        self.hide()
        self._action = action
        self.apply_button.setText(apply)
        self.decline_button.setText(decline)
        self.text.setText(text)
        self.setAccessibleName(text)
        self.apply_button.setAccessibleDescription(text)
        self._came_from, self._size = self.window().focusWidget(), self.window().size()
        self.show()
        self.apply_button.setFocus()

    def dismiss(self) -> None:
        """Nothing is done."""
        self._action = None
        had_focus = self.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() is not None else False
        if self.asking and self._instead_of:
            # A dialog that grew for the question goes back, once its layout knows that there is none.
            QTimer.singleShot(0, self, self._give_back)
        self.hide()
        if had_focus and self._came_from is not None:
            self._came_from.setFocus()
        self._came_from = None

    def _give_back(self) -> None:
        if not self.asking and self._size.isValid():
            layout = self.window().layout()
            if layout is not None:
                layout.activate()
            self.window().resize(self._size)

    def _decline(self) -> None:
        self.dismiss()
        self.declined.emit()

    def _apply(self) -> None:
        action = self._action
        self.dismiss()
        if action is not None:
            action()
