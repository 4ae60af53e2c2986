"""The base of small tables over tuples of rows: titles, texts per column, numbers at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
Role = Qt.ItemDataRole
Row = TypeVar("Row")


class RowModel(QAbstractTableModel, Generic[Row]):
    """Subclasses give `text`, and `tip` and `spoken` where the text is not enough. numbers: columns that stand right."""

    def __init__(self, titles: Sequence[str], numbers: frozenset[int] = frozenset(), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()
        self._titles = tuple(titles)
        self._numbers = numbers

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def row_at(self, number: int) -> Row | None:
        """A row, None outside."""
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def text(self, row: Row, column: int) -> str:
        """What stands in a cell."""
        raise NotImplementedError

    def tip(self, row: Row, column: int) -> str:
        """The tooltip of a cell."""
        return self.text(row, column)

    def spoken(self, row: Row) -> str:
        """What a screen reader says for a whole row."""
        return "; ".join(f"{title}: {self.text(row, column)}" for column, title in enumerate(self._titles) if title)

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of columns."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Qt: titles, those of numbers at the right."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._titles):
            return None
        if role == Role.TextAlignmentRole:
            return self._alignment(section)
        return self._titles[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Qt: text, tooltip and alignment of a cell."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Role.DisplayRole:
            return self.text(row, index.column())
        if role == Role.ToolTipRole:
            return self.tip(row, index.column())
        if role == Role.AccessibleTextRole and index.column() == 0:
            return self.spoken(row)
        return self._alignment(index.column()) if role == Role.TextAlignmentRole else None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self._numbers else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
