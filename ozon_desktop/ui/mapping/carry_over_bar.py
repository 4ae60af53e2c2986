"""Before a change of the mapping: tells in a bar what becomes of entered fields, and goes on when the manager agrees."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import FlowLayout, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions

if TYPE_CHECKING:
    from ozon_desktop.domain.carry_over import CarryOver
    from ozon_desktop.domain.mapping import MappingPlace
    from ozon_desktop.domain.ozon_catalog import TypeKey
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.worker import Job

Go = Callable[[], object]


class MessageTarget(Protocol):
    """What says that something failed: a page."""

    def show_error(self, error: object, action_text: str | None = None, on_action: Callable[[], object] | None = None) -> None:
        """Says what failed, with at most one action."""


class CarryOverGuard(QFrame):
    """Hidden until there is something to tell; blocks nothing. `kept` comes when everything is left as it is.

    message_target: where a failed check is told.
    """

    kept = Signal()

    def __init__(self, context: WindowContext, message_target: MessageTarget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._target = message_target
        self._after: Mapping[MappingPlace, TypeKey | None] = {}
        self._go: Go | None = None
        self._asking: Job | None = None
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
        self.go_button.clicked.connect(self._agree)
        self.keep_button.clicked.connect(self._keep)
        escape = frozenset({Qt.Key.Key_Escape})
        for button, action in ((self.go_button, self._agree), (self.keep_button, self._keep)):
            keys = KeyActions(button)
            # A push button outside a dialog takes the space bar only.
            keys.on(ENTER, action)
            keys.on(escape, self._keep)
        context.integration_changed.connect(self.dismiss)
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

    @property
    def pending(self) -> bool:
        """Whether a question is being prepared or stands open."""
        return self._go is not None

    def ask(self, after: Mapping[MappingPlace, TypeKey | None], go: Go) -> None:
        """Calls `go` when nothing entered is concerned, or when the manager agrees; replaces a question that is open."""
        self._clear()
        self._after, self._go = dict(after), go
        service = self._context.application.mapping
        asked = service.carry_over(self._context.integration_id, self._after)
        self._asking = self._context.worker.run(asked, on_done=self._told, on_failed=self._failed)

    def dismiss(self, _: object = None) -> None:
        """Takes an open question away; nothing is changed."""
        self._clear()

    def _told(self, summary: CarryOver) -> None:
        self._asking = None
        text = wording.carry_over_text(summary)
        if not text:
            self._agree()
            return
        self.text.setText(text)
        self.setAccessibleName(text)
        # The focus goes to the button, and a screen reader reads its description.
        self.go_button.setAccessibleDescription(text)
        self._return_to = self.window().focusWidget()
        self.show()
        self.go_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _failed(self, error: object) -> None:
        after, go = self._after, self._go
        self._clear()
        if go is not None:
            self._target.show_error(error, "Повторить", lambda: self.ask(after, go))

    def _agree(self) -> None:
        go = self._go
        self._clear()
        if go is not None:
            go()

    def _keep(self) -> None:
        self._clear()
        self.kept.emit()

    def _clear(self) -> None:
        """Closed, and the focus back where it was."""
        if self._asking is not None:
            self._asking.cancel()
        back, self._return_to = self._return_to, None
        self._asking, self._go, self._after = None, None, {}
        # The focus goes first: a hidden button would hand it to whatever comes next.
        if back is not None and back.isVisible() and self.isAncestorOf(self.window().focusWidget() or self.window()):
            back.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
