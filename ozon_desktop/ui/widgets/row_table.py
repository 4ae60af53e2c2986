"""The view of a large table whose rows are chosen many at once, searched and sorted."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QItemSelection
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.widgets import ColumnFitter, row_height
from ozon_desktop.ui.widgets.row_table_model import RowTableModel
from ozon_desktop.ui.widgets.tables import set_up_table

SELECTED_AT_MOST = 2000
"""So many selected rows are found again after the rows changed; selecting more one by one would take seconds."""


class RowTable(QTableView):
    """Rows of 30 px, many selected at once, one Tab stop."""

    def __init__(self, model: RowTableModel[Any], *, name: str, label: str, state: WindowState) -> None:
        super().__init__()
        self._rows = model
        set_up_table(self, name, label)
        set_role(self, "boxed")
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumHeight(row_height(self) * 4)
        self.fitter = ColumnFitter(self, model.widths, state, name)

    def selected_numbers(self) -> list[int]:
        """Selected rows from the first on; by ranges, because a list of indexes of 50,000 rows is slow."""
        ranges = self.selectionModel().selection()
        parts = (ranges.at(place) for place in range(ranges.count()))
        return sorted({number for part in parts for number in range(part.top(), part.bottom() + 1)})

    def selected_rows(self) -> list[Any]:
        """The rows themselves."""
        return [self._rows.row(number) for number in self.selected_numbers()]

    def keeping_place(self, change: Callable[[], None]) -> None:
        """Changes the rows; what was selected is selected again, and the current row stays where it was when it is gone."""
        keys = {self._rows.key(row) for row in self.selected_rows()[:SELECTED_AT_MOST]}
        current, scrolled = self.currentIndex().row(), self.verticalScrollBar().value()
        change()
        if not self._rows.rowCount() or self.selectionModel().hasSelection():
            return
        again = self._rows.numbers_of(keys) if keys else []
        self.select_numbers(again or [min(max(current, 0), self._rows.rowCount() - 1)])
        self.verticalScrollBar().setValue(scrolled)

    def select_numbers(self, numbers: Sequence[int]) -> None:
        """Select these rows; the first becomes the current one."""
        flags = self.selectionModel().SelectionFlag
        selection = QItemSelection()
        for first, last in _ranges(numbers):
            selection.select(self._rows.index(first, 0), self._rows.index(last, self._rows.columnCount() - 1))
        self.selectionModel().setCurrentIndex(self._rows.index(numbers[0], self._first_column()), flags.NoUpdate)
        self.selectionModel().select(selection, flags.ClearAndSelect)

    def _first_column(self) -> int:
        header = self.horizontalHeader()
        return next((column for column in range(self._rows.columnCount()) if not header.isSectionHidden(column)), 0)

    def take_focus(self, parent: QWidget) -> None:
        """The focus, when the window is there and nothing else in it has use for it."""
        if parent.isVisible() and self.isVisible():
            self.setFocus()


def _ranges(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbours together: the selection of many single rows is slow."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges
