"""Says that cards have the additional fields of another type, what would carry over, and switches them with one press."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.carry_over import CarryOver
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import FlowLayout, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, ESCAPE, KeyActions
from ozon_desktop.ui.worker import Job


class ListSwitch(QFrame):
    """`switched` carries the CarryOver of what was done. name: begins the names of its parts."""

    switched = Signal(object)
    failed = Signal(object)

    def __init__(self, context: WindowContext, name: str, *, can_close: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._ids: tuple[str, ...] = ()
        self._lead = ""
        self._reading: Job | None = None
        self._working: Job | None = None
        self.setObjectName(name)
        set_role(self, "message-attention")
        self.text = WrappedLabel("")
        self.text.setObjectName(f"{name}_text")
        self.go_button = QPushButton()
        self.go_button.setObjectName(f"{name}_go")
        # With a parent also where it is not offered: what has none is destroyed by whoever collects garbage.
        self.close_button = QPushButton("Оставить как есть", self)
        self.close_button.setVisible(can_close)
        self.close_button.setObjectName(f"{name}_keep")
        self._can_close = can_close
        KeyActions(self.go_button).on(ENTER, self.go)
        if can_close:
            for button in (self.go_button, self.close_button):
                KeyActions(button).on(ESCAPE, self.dismiss)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(8)
        layout.addWidget(self.text)
        buttons = FlowLayout()
        buttons.addWidget(self.go_button)
        if can_close:
            buttons.addWidget(self.close_button)
        layout.addLayout(buttons)
        self.go_button.clicked.connect(self.go)
        self.close_button.clicked.connect(self.dismiss)
        context.integration_changed.connect(self.dismiss)
        self.hide()

    def ask(self, product_ids: Sequence[str], lead: str, button: str) -> None:
        """Show what is wrong (`lead`) and what `button` would carry over, as soon as that is known."""
        same = tuple(product_ids) == self._ids and not self.isHidden() and lead == self._lead
        self._ids, self._lead = tuple(product_ids), lead
        self.go_button.setText(button.replace("&", "&&"))
        if same and self._working is None and self._reading is None and self.go_button.isEnabled():
            return
        self._show_text("")
        self.go_button.setEnabled(False)
        self.show()
        if self._reading is not None:
            self._reading.cancel()
        service = self._context.application.cards
        asked = service.switch_preview(self._context.integration_id, self._ids)
        self._reading = self._context.worker.run(asked, on_done=self._show_summary, on_failed=self._failed)

    def dismiss(self, _: object = None) -> None:
        """Take it away; nothing is switched."""
        if self._reading is not None:
            self._reading.cancel()
        self._reading, self._ids = None, ()
        self.hide()

    def go(self) -> None:
        if self._working is None and self._ids and self.go_button.isEnabled():
            self.go_button.setEnabled(False)
            work = self._context.application.cards.switch_list(self._context.integration_id, self._ids)
            self._working = self._context.worker.run(work, on_done=self._done, on_failed=self._failed)

    def _show_text(self, text: str) -> None:
        self.text.setText(f"{self._lead} {text}".strip())
        self.setAccessibleName(self.text.text())
        self.go_button.setAccessibleDescription(self.text.text())

    def _show_summary(self, summary: CarryOver) -> None:
        self._reading = None
        self._show_text(wording.carry_over_text(summary))
        self.go_button.setEnabled(summary.products > 0 and not summary.unknown)
        if self._can_close:
            self.go_button.setFocus()

    def _done(self, summary: CarryOver) -> None:
        self._working = None
        self._ids = ()
        self.hide()
        self.switched.emit(summary)

    def _failed(self, error: object) -> None:
        self._reading = self._working = None
        self.go_button.setEnabled(True)
        self.failed.emit(error)
