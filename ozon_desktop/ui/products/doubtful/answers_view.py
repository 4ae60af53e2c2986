"""The remembered answers about doubtful values; forgetting one makes it be asked about again."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ozon_desktop.domain.value_matching import ValueChoice
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.doubtful.model import AnswerModel
from ozon_desktop.ui.widgets import ColumnFitter, MessageBar
from ozon_desktop.ui.widgets.keys import DELETE, KeyActions
from ozon_desktop.ui.widgets.tables import make_table
from ozon_desktop.ui.widgets.tool_dialog import make_button


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
        self.forget_button = make_button("&Спросить снова", "forget_answer", "Delete")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.addWidget(self.bar)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.forget_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.forget_button.clicked.connect(self.forget)
        KeyActions(self.table).on(DELETE, self.forget)

    def read(self) -> None:
        work = self._context.application.cards.field_rules.choices(self._integration_id)
        self._context.worker.run(work, on_done=self._show, on_failed=self._failed)

    def _show(self, choices: list[ValueChoice]) -> None:
        self.model.show_rows(tuple(choices))
        self.forget_button.setEnabled(bool(choices))
        if choices:
            self.table.selectRow(0)

    def forget(self) -> None:
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
