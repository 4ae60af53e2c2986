"""A question asked in place below the table of a dialog, instead of a dialog over a dialog."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import WrappedLabel
from ozon_desktop.ui.widgets.keys import ESCAPE, KeyActions
from ozon_desktop.ui.widgets.tool_dialog import make_button


class InPlaceForm(QFrame):
    """Hidden until a subclass shows it; `dismissed` by Esc in one of its widgets and by «Отмена».

    name: begins the names of its parts. go: text of the button that answers.
    """

    dismissed = Signal()

    def __init__(self, name: str, go: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}_form")
        set_role(self, "card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 12)
        self.column.setSpacing(8)
        self.title = WrappedLabel("", role="heading")
        self.cancel = make_button("Отм&ена", f"{name}_cancel")
        self.go = make_button(go, f"{name}_go")
        set_role(self.go, "primary")
        self.cancel.clicked.connect(self.dismiss)
        self.hide()

    def close_with_escape(self, *widgets: QWidget) -> None:
        """Those of its widgets that take the keyboard, beside its two buttons."""
        for widget in (*widgets, self.cancel, self.go):
            KeyActions(widget).on(ESCAPE, self.dismiss)

    def dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
