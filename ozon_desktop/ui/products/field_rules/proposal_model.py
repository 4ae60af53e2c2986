"""Proposed rules with check marks: the attribute, the property it would be filled from, samples and how many products have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal

from ozon_desktop import wording
from ozon_desktop.ui.widgets.row_model import Index, Role, RowModel

if TYPE_CHECKING:
    from ozon_desktop.domain.rule_proposals import RuleProposal

FIELD, PROPERTY, SAMPLES, PRODUCTS, SURE = range(5)
CHECKED_FROM = 0.8
"""Confidence from which a proposal is checked to begin with."""


class ProposalModel(RowModel["RuleProposal"]):
    """`checked_changed` comes when another number of rows is checked."""

    checked_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        titles = (
            "Поле Ozon",
            "Откуда",
            "Примеры",
            "Товаров",
            "Похоже на",
        )
        super().__init__(titles, frozenset({PRODUCTS, SURE}), parent)
        self._checked: set[int] = set()

    def show_rows(self, rows: Sequence[RuleProposal]) -> None:
        """Show these; sure ones are checked."""
        self._checked = {number for number, row in enumerate(rows) if row.confidence >= CHECKED_FROM}
        super().show_rows(rows)
        self.checked_changed.emit()

    def checked(self) -> list[RuleProposal]:
        """The checked proposals in their order."""
        return [row for number, row in enumerate(self.rows) if number in self._checked]

    def toggle(self, number: int) -> None:
        """Check or uncheck a row."""
        if self.row_at(number) is not None:
            self._checked ^= {number}
            self.dataChanged.emit(self.index(number, 0), self.index(number, 0))
            self.checked_changed.emit()

    def check_all(self, checked: bool) -> None:
        """Check all rows, or none."""
        self._checked = set(range(len(self.rows))) if checked else set()
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))
        self.checked_changed.emit()

    def text(self, row: RuleProposal, column: int) -> str:
        """What stands in a cell."""
        if column == FIELD:
            return f"{row.attribute.name} *" if row.attribute.is_required else row.attribute.name
        if column == PROPERTY:
            return wording.rule_text(row.rule(""))
        if column == SAMPLES:
            return ", ".join(row.samples)
        return wording.number(row.products) if column == PRODUCTS else f"{round(row.confidence * 100)} %"

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Qt: also the check mark."""
        if role == Role.CheckStateRole and index.isValid() and index.column() == FIELD:
            return Qt.CheckState.Checked if index.row() in self._checked else Qt.CheckState.Unchecked
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        """Qt: the check mark."""
        if role != Role.CheckStateRole or not index.isValid() or index.column() != FIELD:
            return False
        if (Qt.CheckState(value) is Qt.CheckState.Checked) != (index.row() in self._checked):
            self.toggle(index.row())
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt: the first column can be checked."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.isValid() and index.column() == FIELD else flags
