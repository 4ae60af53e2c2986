"""The remembered answers about doubtful values; forgetting one makes it be asked about again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ozon_desktop.ui.products.doubtful.model import AnswerModel
from ozon_desktop.ui.widgets import ColumnFitter, MessageBar
from ozon_desktop.ui.widgets.tool_dialog import make_table

if TYPE_CHECKING:
    from ozon_desktop.domain.value_matching import ValueChoice
    from ozon_desktop.ui.context import WindowContext


class AnswersView(QWidget):
    """`forgotten` comes when an answer was taken away."""

    forgotten = Signal()

    def __init__(self, context: WindowContext, integration_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._integration_id = context, integration_id
        self.model = AnswerModel(self)
        self.bar = MessageBar()
        self.table = make_table("answer_table", "Решённые значения")
        self.table.setModel(self.model)
        ColumnFitter(self.table, self.model.widths, context.state, "answers")
        self.forget_button = QPushButton("&Спросить снова")
        self.forget_button.setObjectName("forget_answer")
        self.forget_button.setToolTip("Delete")
        self.forget_button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.bar)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.forget_button.clicked.connect(self.forget)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.forget)

    def read(self) -> None:
        """Ask for the answers."""
        work = self._context.application.cards.field_rules.choices(self._integration_id)
        self._context.worker.run(work, on_done=self._show, on_failed=self._failed)

    def _show(self, choices: list[ValueChoice]) -> None:
        self.model.show_rows(tuple(choices))
        self.forget_button.setEnabled(bool(choices))
        if choices:
            self.table.selectRow(0)

    def forget(self) -> None:
        """Take the current answer away."""
        choice = self.model.row_at(self.table.currentIndex().row())
        if choice is not None:
            service = self._context.application.cards.field_rules
            work = service.forget_value(self._integration_id, choice.dictionary, choice.text)
            self._context.worker.run(work, on_done=self._gone, on_failed=self._failed)

    def _gone(self, _: object) -> None:
        self.forgotten.emit()

    def _failed(self, error: object) -> None:
        shown = self._context.explain(error)
        self.bar.show_message(shown.line, "error", details=shown.details)
