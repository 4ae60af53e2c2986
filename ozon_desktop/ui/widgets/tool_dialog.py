"""The base of dialogs that stand beside the window: they block nothing, tell errors in a bar, and close with Esc or with their cabinet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QPushButton, QTableView, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import MessageBar, RowDelegate, WrappedLabel, make_sortable, row_height

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.worker import Job


class ToolDialog(QDialog):
    """Heading, hint and `body`, buttons below. One job at a time: `busy` while it runs."""

    def __init__(self, context: WindowContext, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.integration_id = context.integration_id
        self._job: Job | None = None
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.bar = MessageBar()
        self.heading = WrappedLabel(title, role="heading")
        self.heading.setObjectName(f"{name}_title")
        self.hint = WrappedLabel("", role="hint")
        self.hint.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        self.close_button = QPushButton("&Закрыть")
        self.close_button.setObjectName(f"{name}_close")
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        for widget in (self.bar, self.heading, self.hint):
            layout.addWidget(widget)
        layout.addLayout(self.body, 1)
        layout.addLayout(self.buttons)
        context.integration_changed.connect(self.close)

    def finish(self, primary: QPushButton, name: str, width: int, height: int) -> None:
        """Put the buttons in, the primary one last, and take a size. width and height: pixels for text of 10 pt."""
        primary.setObjectName(name)
        primary.setAutoDefault(False)
        set_role(primary, "primary")
        self.buttons.addWidget(self.close_button)
        self.buttons.addWidget(primary)
        scale = self.context.theme.scale
        self.resize(QSize(round(width * scale), round(height * scale)).boundedTo(self.screen().availableSize()))

    def set_hint(self, text: str) -> None:
        """One line below the heading."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._job is not None

    def run(
        self, work: Coroutine[Any, Any, Any], on_done: Callable[[Any], object], on_failed: Callable[[object], object] | None = None
    ) -> None:
        """Start a job; on_done and on_failed call `ended` first."""
        self._job = self.context.worker.run(work, on_done=on_done, on_failed=on_failed or self.job_failed)
        self.show_state()

    def ended(self) -> None:
        """The job is over."""
        self._job = None
        self.show_state()

    def job_failed(self, error: object) -> None:
        """Tell what failed; what was entered stays."""
        self.ended()
        self.tell_error(error)

    def tell_error(self, error: object) -> None:
        """An exception in the bar."""
        shown = self.context.explain(error)
        self.bar.show_message(shown.line, "error", details=shown.details)

    def show_state(self) -> None:
        """Which buttons can be pressed. Subclasses override it."""


def make_table(name: str, title: str, rows: int = 4) -> QTableView:
    """A table of rows without grid and row numbers, sorted by its titles; Tab leaves it."""
    table = QTableView()
    table.setObjectName(name)
    table.setAccessibleName(title)
    set_role(table, "boxed")
    table.setItemDelegate(RowDelegate(table))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.horizontalHeader().setHighlightSections(False)
    make_sortable(table)
    table.setMinimumHeight(row_height(table) * rows)
    return table
