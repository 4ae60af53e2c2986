"""«Сначала пять»: every field that was sent beside what Ozon shows now, and the way to the rest."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTableView, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.first_five import FieldCheck
from ozon_desktop.services.sync.first_five import FiveSent
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.sync.preview.plan_index import Names
from ozon_desktop.ui.widgets import Card, ColumnFitter, Width, WrappedLabel
from ozon_desktop.ui.widgets.row_table_model import Column, RowTableModel
from ozon_desktop.ui.widgets.tables import set_up_table
from ozon_desktop.wording.preview import five_text


class FiveView(QWidget):
    """rest_wanted: the manager wants the preview of the rest."""

    rest_wanted = Signal()

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = Names()
        self.model: RowTableModel[FieldCheck] = RowTableModel(
            (
                Column("Товар", lambda check: f"{check.offer_id}  {check.name}", Width(share=3, least=24)),
                Column("Поле", self._field, Width(share=1, least=14)),
                Column("Отправлено", lambda check: wording.change_value_text(check.field, check.sent), Width(share=2, least=10)),
                Column("Показывает Ozon", lambda check: wording.change_value_text(check.field, check.shown), Width(share=2, least=10)),
                Column(
                    "Итог",
                    lambda check: "совпало" if check.matches else "не совпало",
                    Width(("не совпало",)),
                    colour=lambda check: context.theme.color("good" if check.matches else "error"),
                ),
            ),
            parent=self,
        )
        self.table = QTableView()
        set_up_table(self.table, "five_checks", "Первые товары: отправлено и показано")
        self.table.setModel(self.model)
        ColumnFitter(self.table, self.model.widths, context.state, "five_checks")
        self.heading = WrappedLabel("", role="heading")
        self.rest = QPushButton("Просмотреть &остальное")
        self.rest.setObjectName("five_rest")
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.rest, 0, Qt.AlignmentFlag.AlignTop)
        card = Card()
        card.body.addLayout(head)
        card.body.addWidget(self.table, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card, 1)
        self.rest.clicked.connect(self.rest_wanted)

    def show_sent(self, sent: FiveSent, names: Names) -> None:
        """Shows the comparison, what differs first."""
        self._names = names
        self.heading.setText(five_text(len(sent.offers), len(sent.checks), len(sent.different)))
        self.model.show_rows(sorted(sent.checks, key=lambda check: (check.matches, check.offer_id)))

    def _field(self, check: FieldCheck) -> str:
        return wording.change_label(check.field, self._names.attributes, self._names.warehouses)
