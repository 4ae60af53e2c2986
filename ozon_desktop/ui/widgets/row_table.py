"""A table of plain rows with search and sorting over lists, so that 50,000 rows answer at once, and its view."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import Column, ColumnFitter, RowDelegate, row_height

if TYPE_CHECKING:
    from ozon_desktop.ui.state import WindowState

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NOWHERE = QModelIndex()
SELECTED_AT_MOST = 2000
"""So many selected rows are found again after the rows changed; selecting more one by one would take seconds."""

LINE_ENDS = re.compile(r"\s*\n\s*")
Row = TypeVar("Row")


class RowModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order and selection asked for. Subclasses set the titles and say what a cell shows."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles: tuple[str, ...] = ()
        self._rows: Sequence[Row] = ()
        self._order: list[int] = []
        self._found_in: list[str] | None = None
        self._words: list[str] = []
        self._sort: tuple[int, Qt.SortOrder] | None = None

    # --- what subclasses say ----------------------------------------------------------------------------------------

    def key(self, row: Row) -> Hashable:
        """What makes a row the same row after reading again."""
        raise NotImplementedError

    def text(self, row: Row, column: int) -> str:
        """The words of a cell, whole."""
        raise NotImplementedError

    def searched(self, row: Row) -> str:
        """The texts a search looks in."""
        raise NotImplementedError

    def accepts(self, row: Row) -> bool:
        """Whether a row passes filters other than the search."""
        return True

    def shown_text(self, number: int, column: int) -> str:
        """The words as they are drawn in row `number` of those shown."""
        text = self.text(self.row(number), column)
        return LINE_ENDS.sub(" ", text) if "\n" in text else text

    def tip(self, row: Row, column: int) -> str:
        """The tooltip of a cell."""
        return self.text(row, column)

    def colour(self, row: Row, column: int) -> Any:
        """The colour of a cell; None = the usual one."""
        return None

    def sort_key(self, row: Row, column: int) -> Any:
        """What a column is sorted by."""
        return self.text(row, column).casefold()

    # --- contents ---------------------------------------------------------------------------------------------------

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take other rows. Equal ones are only filtered again, so that selection and scroll stay."""
        if rows == self._rows:
            self.reorder()
            return
        self.beginResetModel()
        self._rows, self._found_in = rows, None
        self._order = self._sorted(self._accepted())
        self.endResetModel()

    def search(self, text: str) -> None:
        """Show rows that have all these words; selected rows that stay keep their selection."""
        words = fold(text).split()
        if words != self._words:
            self._words = words
            self.reorder()

    @property
    def total(self) -> int:
        """Rows without search and filters."""
        return len(self._rows)

    @property
    def rows(self) -> Sequence[Row]:
        """All rows, also those that are not shown."""
        return self._rows

    def row(self, number: int) -> Row:
        """A shown row."""
        return self._rows[self._order[number]]

    def numbers_of(self, keys: Collection[Hashable]) -> list[int]:
        """Where these rows are shown."""
        return [number for number, source in enumerate(self._order) if self.key(self._rows[source]) in keys]

    def reorder(self) -> None:
        """New order for the views; persistent indexes (selection, current) follow their rows."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        sources = [self._order[index.row()] for index in old]
        self._order = self._sorted(self._accepted())
        places = {source: number for number, source in enumerate(self._order)} if old else {}
        new = [
            self.createIndex(places[source], index.column()) if source in places else QModelIndex()
            for source, index in zip(sources, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _accepted(self) -> list[int]:
        rows = self._rows
        numbers = [number for number, row in enumerate(rows) if self.accepts(row)]
        if self._words and self._found_in is None:
            self._found_in = [fold(self.searched(row)) for row in rows]
        for word in self._words:
            texts = self._found_in or []
            numbers = [number for number in numbers if word in texts[number]]
        return numbers

    def _sorted(self, numbers: list[int]) -> list[int]:
        if self._sort is None:
            return numbers
        column, order = self._sort
        rows = self._rows
        return sorted(numbers, key=lambda number: self.sort_key(rows[number], column), reverse=order is Qt.SortOrder.DescendingOrder)

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: sort by a column; -1 = as they came."""
        self._sort = None if column < 0 else (column, order)
        self.reorder()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: rows that pass search and filters."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt: as many as titles."""
        return 0 if parent.isValid() else len(self.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Qt: titles."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.titles):
            return None
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return self.titles[section] if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Qt: text, tooltip and colour of a cell; what a cell leaves out as a repetition is spoken all the same."""
        if not index.isValid() or index.row() >= len(self._order):
            return None
        if role == Role.DisplayRole:
            return self.shown_text(index.row(), index.column())
        row, column = self.row(index.row()), index.column()
        if role == Role.ToolTipRole:
            return self.tip(row, column) or None
        if role == Role.AccessibleTextRole:
            return self.text(row, column)
        return self.colour(row, column) if role == Role.ForegroundRole else None


class RowTable(QTableView):
    """Rows of 30 px, many selected at once, one Tab stop."""

    def __init__(self, model: RowModel[Any], columns: Mapping[int, Column], *, name: str, label: str, state: WindowState) -> None:
        super().__init__()
        self._rows = model
        self.setObjectName(name)
        self.setAccessibleName(label)
        set_role(self, "boxed")
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumHeight(row_height(self) * 4)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.fitter = ColumnFitter(self, columns, state, name)

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
