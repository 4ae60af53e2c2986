"""What a table of the mapping would change, row by row, and the rows of it that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ozon_desktop import wording

if TYPE_CHECKING:
    from ozon_desktop.services.mapping.exchange import ImportChange, ImportProblem
    from ozon_desktop.ui.look.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE = QModelIndex()
ROW, CATEGORY, BEFORE, AFTER = range(4)


class ImportChangeModel(QAbstractTableModel):
    """Row of the sheet, category, type now, type to be."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._changes: Sequence[ImportChange] = ()
        self._titles = ("Строка", "Категория магазина", "Было", "Станет")

    def show_changes(self, changes: Sequence[ImportChange]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._changes = changes
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of changes."""
        return 0 if parent.isValid() else len(self._changes)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt: four."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Qt: titles, the one of numbers at the right."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._titles):
            return None
        if role == Role.TextAlignmentRole:
            return _alignment(section)
        return self._titles[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Qt: text, tooltip, colour and alignment of a cell."""
        if not index.isValid():
            return None
        change, column = self._changes[index.row()], index.column()
        if role == Role.DisplayRole:
            return self._text(change, column)
        if role == Role.ToolTipRole:
            none = (column == BEFORE and not change.before) or (column == AFTER and not change.after)
            return "Своего типа нет: действует тип родительской категории, если он есть" if none else self._text(change, column)
        if role == Role.AccessibleTextRole and column == ROW:
            before, after = self._text(change, BEFORE), self._text(change, AFTER)
            return f"Строка {change.row}: {change.category}; было: {before}; станет: {after}"
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        if role == Role.ForegroundRole:
            faint = column in {ROW, BEFORE} or (column == AFTER and not change.after)
            return self._theme.color("secondary") if faint else None
        return None

    def _text(self, change: ImportChange, column: int) -> str:
        if column == ROW:
            return wording.number(change.row)
        if column == CATEGORY:
            return change.category
        return (change.before if column == BEFORE else change.after) or "нет"


class ImportProblemModel(QAbstractListModel):
    """Rows that cannot be used, with the reason in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._problems: Sequence[ImportProblem] = ()

    def show_problems(self, problems: Sequence[ImportProblem]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._problems = problems
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of problems."""
        return 0 if parent.isValid() else len(self._problems)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Qt: «Строка 14: …», with what to do as the tooltip."""
        if not index.isValid():
            return None
        problem = self._problems[index.row()]
        words = wording.error_text(problem.error)
        if role == Role.DisplayRole:
            return f"Строка {wording.number(problem.row)}: {words.text}"
        return str(words) if role == Role.ToolTipRole else None


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if column == ROW else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
