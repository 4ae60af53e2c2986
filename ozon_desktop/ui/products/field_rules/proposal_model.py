"""Proposed rules with check marks: the attribute, the property it would be filled from, samples and how many products have it."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from ozon_desktop import wording
from ozon_desktop.domain.rule_proposals import CONFIDENT, RuleProposal
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.model_index import Index, Role
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel

FIELD, PROPERTY, SAMPLES, PRODUCTS, SURE = range(5)
Place = tuple[int, str]


class ProposalModel(RowTableModel["RuleProposal"]):
    """`checked_changed` comes when another number of rows is checked."""

    checked_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        self._checked = checked = set[Place]()

        def name(row: RuleProposal) -> str:
            return f"{row.attribute.name} *" if row.attribute.is_required else row.attribute.name

        def sure(row: RuleProposal) -> str:
            return f"{round(row.confidence * 100)} %"

        columns: tuple[Column[RuleProposal], ...] = (
            Column("Поле Ozon", name, Width(share=2, least=16), checked=lambda row: _place(row) in checked),
            Column("Откуда", lambda row: wording.rule_text(row.rule("")), Width(share=2, least=16)),
            Column("Примеры", lambda row: ", ".join(row.samples), Width(share=3, least=14)),
            Column("Товаров", lambda row: wording.number(row.products), alignment=RIGHT, sort_key=lambda row: row.products),
            Column("Похоже на", sure, Width(("100 %",)), RIGHT, sort_key=lambda row: row.confidence),
        )
        super().__init__(columns, speaks_rows=True, parent=parent)

    def show_rows(self, rows: Sequence[RuleProposal]) -> None:
        """Show these; sure ones are checked."""
        self._check(row for row in rows if row.confidence >= CONFIDENT)
        super().show_rows(rows)
        self.checked_changed.emit()

    def checked(self) -> list[RuleProposal]:
        return [row for row in self.rows if _place(row) in self._checked]

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        row = self.row_at(index.row())
        if role != Role.CheckStateRole or row is None or index.column() != FIELD:
            return False
        if (Qt.CheckState(value) is Qt.CheckState.Checked) != (_place(row) in self._checked):
            self.toggle(index.row())
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt: the first column can be checked. Not in the base: the selection of a large table asks each of its cells for flags."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.isValid() and index.column() == FIELD else flags

    def toggle(self, number: int) -> None:
        row = self.row_at(number)
        if row is not None:
            self._checked.symmetric_difference_update({_place(row)})
            self.rows_changed(numbers=(number,))
            self.checked_changed.emit()

    def check_all(self, checked: bool) -> None:
        self._check(self.rows if checked else ())
        self.rows_changed()
        self.checked_changed.emit()

    def _check(self, rows: Iterable[RuleProposal]) -> None:
        self._checked.clear()
        self._checked.update(_place(row) for row in rows)


def _place(row: RuleProposal) -> Place:
    """What makes it the same proposal."""
    return row.attribute.id, row.property_name
