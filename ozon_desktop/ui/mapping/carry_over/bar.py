"""The bar that asks before a change of the mapping what shall become of entered fields."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.carry_over.question import CarryOverQuestion
from ozon_desktop.ui.widgets import FlowLayout, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions


class CarryOverBar(QFrame):
    """Shown while the question is open; has the focus then, and gives it back."""

    def __init__(self, question: CarryOverQuestion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._return_to: QWidget | None = None
        self.setObjectName("carry_over_bar")
        set_role(self, "message-attention")
        self.text = WrappedLabel("")
        self.text.setObjectName("carry_over_text")
        self.go_button = QPushButton("&Изменить тип")
        self.go_button.setObjectName("carry_over_go")
        self.go_button.setToolTip("Enter")
        set_role(self.go_button, "primary")
        self.keep_button = QPushButton("&Оставить как есть")
        self.keep_button.setObjectName("carry_over_keep")
        self.keep_button.setToolTip("Esc")
        self._lay_out()
        escape = frozenset({Qt.Key.Key_Escape})
        for button, action in ((self.go_button, question.agree), (self.keep_button, question.dismiss)):
            button.clicked.connect(action)
            keys = KeyActions(button)
            # A push button outside a dialog takes the space bar only.
            keys.on(ENTER, action)
            keys.on(escape, question.dismiss)
        question.opened.connect(self._open)
        question.closed.connect(self._close)
        self.hide()

    def _lay_out(self) -> None:
        buttons = FlowLayout()
        buttons.addWidget(self.go_button)
        buttons.addWidget(self.keep_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        row = QHBoxLayout()
        row.addWidget(self.text, 1)
        layout.addLayout(row)
        layout.addLayout(buttons)

    def _open(self, text: str) -> None:
        self.text.setText(text)
        self.setAccessibleName(text)
        # The focus goes to the button, and a screen reader reads its description.
        self.go_button.setAccessibleDescription(text)
        self._return_to = self.window().focusWidget()
        self.show()
        self.go_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _close(self) -> None:
        back, self._return_to = self._return_to, None
        # The focus goes first: a hidden button would hand it to whatever comes next.
        if back is not None and back.isVisible() and self.isAncestorOf(self.window().focusWidget() or self.window()):
            back.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
