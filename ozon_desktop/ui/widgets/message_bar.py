"""The message of a page or dialog: one at a time, at most one action, details that can be copied."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets.labels import WrappedLabel

FADES_AFTER_MS = 10_000
SLIM_MARGINS = (10, 3, 4, 3)
KINDS = ("info", "good", "attention", "error")


class MessageBar(QFrame):
    """Hidden until `show_message`; the user can close it. Good news without an action goes by itself."""

    acted = Signal()
    visibility_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None, *, slim: bool = False) -> None:
        """slim: of the height of a line, to stand in place of one."""
        super().__init__(parent)
        self._on_action: Callable[[], object] | None = None
        self.setObjectName("message_bar")
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(FADES_AFTER_MS)
        self._fade.timeout.connect(self.hide)
        self.text = WrappedLabel("")
        self.text.setObjectName("message_text")
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = QPushButton()
        self.action.setObjectName("message_action")
        self.more = QPushButton("Подробности")
        self.more.setObjectName("message_details")
        self.more.setCheckable(True)
        self.copy = QPushButton("Скопировать")
        self.copy.setObjectName("message_copy")
        self.close_button = QToolButton()
        self.close_button.setText("×")
        self.close_button.setAccessibleName("Закрыть сообщение")
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Подробности ошибки")
        self.details.setFixedHeight(140)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        for button in (self.action, self.more, self.copy, self.close_button):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter if slim else Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SLIM_MARGINS if slim else (12, 8, 8, 8)))
        if slim:
            for button in (self.action, self.more, self.copy):
                set_role(button, "link")
            set_role(self.close_button, "slim")
        layout.addLayout(row)
        layout.addWidget(self.details)
        self.action.clicked.connect(self._act)
        self.more.toggled.connect(self._show_details)
        self.copy.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    @property
    def message(self) -> str:
        """The text shown now; "" when the bar is hidden."""
        return self.text.text() if not self.isHidden() else ""

    def show_message(
        self,
        text: str,
        kind: str = "info",
        action_text: str | None = None,
        on_action: Callable[[], object] | None = None,
        *,
        details: str = "",
    ) -> None:
        """Shows a message. kind: info | good | attention | error; `on_action` is called when the button is pressed."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind of message: {kind}")
        set_role(self, f"message-{kind}")
        self.text.setText(text)
        self._on_action = on_action
        self.action.setText(action_text or "")
        self.action.setVisible(bool(action_text))
        self.details.setPlainText(details)
        self.more.setChecked(False)
        self.more.setVisible(bool(details))
        self.copy.setVisible(bool(details))
        self._show_details(False)
        self.setAccessibleName(text)
        if kind == "good" and not action_text:
            self._fade.start()
        else:
            self._fade.stop()
        self.show()

    def close_with_escape(self, area: QWidget) -> None:
        """Esc anywhere in `area` closes the bar, unless the control with the focus has a use for the key."""
        area.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that no control inside took."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape and self.isVisible():
            self.hide()
            return True
        return False

    def setVisible(self, visible: bool) -> None:
        """Also notifies what stands around it."""
        super().setVisible(visible)
        self.visibility_changed.emit(visible)

    def _act(self) -> None:
        self.acted.emit()
        if self._on_action is not None:
            self._on_action()

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self.text.text()}\n\n{self.details.toPlainText()}")
