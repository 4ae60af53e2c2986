"""The model of every table: rows of one kind, columns declared as data, search and sorting over lists.

A hundred thousand rows answer at once: the keys of a column are worked out once, and a filter only picks from the order they gave.
"""

import re
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QColor, QFont

from ozon_desktop.domain.russian_order import russian_orders
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.ui.widgets.columns import Width
from ozon_desktop.ui.widgets.model_index import NOWHERE, Index, Role

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WHOLE = Width()
LINE_ENDS = re.compile(r"\s*\n\s*")
TEXTS = frozenset({Role.DisplayRole, Role.EditRole})
CELL_ROLES = TEXTS | {
    *(Role.ToolTipRole, Role.AccessibleTextRole, Role.TextAlignmentRole, Role.ForegroundRole),
    *(Role.FontRole, Role.DecorationRole, Role.CheckStateRole),
}
"""Views ask for a dozen roles of each cell they draw or measure; the others are answered without looking at the row."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """How a column is called and what its cells show of a row.

    `tip` and `spoken` (for screen readers) are the text where they are not given. `sort_key` too; where it gives texts they are sorted by
    Russian rules, anything else by its value, and None stands before all values. `checked`: the cells have a check mark.
    """

    title: str
    text: Callable[[Row], str]
    width: Width = WHOLE
    alignment: Qt.AlignmentFlag = LEFT
    tip: Callable[[Row], str] | None = None
    spoken: Callable[[Row], str] | None = None
    colour: Callable[[Row], QColor | None] | None = None
    font: Callable[[Row], QFont | None] | None = None
    icon: Callable[[Row], Any] | None = None
    sort_key: Callable[[Row], Any] | None = None
    checked: Callable[[Row], bool] | None = None


class RowTableModel(QAbstractTableModel, Generic[Row]):
    """Rows in the order asked for, those of them that pass search and filter.

    key: what makes a row the same row after reading again; searched: the texts a search looks in;
    speaks_rows: the first cell is spoken as its whole row, for tables whose keys do not walk over cells.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        key: Callable[[Row], Hashable] | None = None,
        searched: Callable[[Row], str] | None = None,
        speaks_rows: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key, self._searched, self._speaks_rows = key, searched, speaks_rows
        self._rows: Sequence[Row] = ()
        self._shown: Sequence[int] = ()
        self._accepts: Callable[[Row], bool] | None = None
        self._search_words: list[str] = []
        self._found_in: list[str] | None = None
        self._sort: tuple[int, Qt.SortOrder] | None = None
        self._order: list[int] | None = None
        self._sort_keys: dict[int, list[Any]] = {}

    # --- contents ---------------------------------------------------------------------------------------------------

    @property
    def rows(self) -> Sequence[Row]:
        """All rows, also those that are not shown."""
        return self._rows

    @property
    def total(self) -> int:
        """Rows without search and filter."""
        return len(self._rows)

    @property
    def widths(self) -> dict[int, Width]:
        """By the numbers of the columns, for a `ColumnFitter`."""
        return {number: column.width for number, column in enumerate(self.columns)}

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Take other rows. Equal ones are only filtered again, so that selection and scroll stay."""
        if rows == self._rows:
            self._forget_texts()
            self.reorder()
        else:
            self._reset(rows)

    def update_rows(self, rows: Sequence[Row]) -> bool:
        """Take other rows. True when views were reset, False when they are the same rows by their keys with other contents."""
        if rows == self._rows:
            return False
        if len(rows) != len(self._rows) or any(
            new is not old and self.key(new) != self.key(old) for new, old in zip(rows, self._rows, strict=True)
        ):
            self._reset(rows)
            return True
        self._rows = rows
        self._forget_texts()
        self.reorder()
        self._announce(0, self.rowCount() - 1)
        return False

    def rows_changed(self, rows: Sequence[Row] | None = None, numbers: Collection[int] | None = None) -> None:
        """Shown rows say something else now and stay where they are. rows: all rows with what changed; numbers: which, None = any."""
        if rows is not None:
            self._rows = rows
        self._forget_texts()
        first, last = (0, self.rowCount() - 1) if numbers is None else (min(numbers, default=0), max(numbers, default=-1))
        self._announce(first, last)

    def key(self, row: Row) -> Hashable:
        """What makes it the same row after reading again."""
        assert self._key is not None
        return self._key(row)

    def row(self, number: int) -> Row:
        """A shown row."""
        return self._rows[self._shown[number]]

    def row_at(self, number: int) -> Row | None:
        """A shown row, None outside."""
        return self.row(number) if 0 <= number < len(self._shown) else None

    def numbers_of(self, keys: Collection[Hashable]) -> list[int]:
        """Where these rows are shown."""
        if not keys:
            return []
        return [number for number, source in enumerate(self._shown) if self.key(self._rows[source]) in keys]

    def row_of(self, key: Hashable) -> int:
        """Where a row is shown, -1 when it is not."""
        return next(iter(self.numbers_of((key,))), -1)

    # --- search, filter, order --------------------------------------------------------------------------------------

    def search(self, text: str) -> None:
        """Show rows that have all these words; selected rows that stay keep their selection."""
        words = fold(text).split()
        if words != self._search_words:
            self._search_words = words
            self.reorder()

    def filter_rows(self, accepts: Callable[[Row], bool] | None) -> None:
        """Show rows that pass, besides having the words of the search; None = any."""
        self._accepts = accepts
        self.reorder()

    def reorder(self) -> None:
        """New order for the views; persistent indexes (selection, current) follow their rows."""
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        sources = [self._shown[index.row()] for index in old]
        self._shown = self._chosen()
        places = {source: number for number, source in enumerate(self._shown)} if old else {}
        new = [
            self.createIndex(places[source], index.column()) if source in places else QModelIndex()
            for source, index in zip(sources, old, strict=True)
        ]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _chosen(self) -> Sequence[int]:
        """Numbers of the rows to show. Looked through in the order they lie in memory: in another one it takes five times as long."""
        rows, accepts = self._rows, self._accepts
        numbers: Sequence[int] = range(len(rows))
        if accepts is not None:
            numbers = [number for number in numbers if accepts(rows[number])]
        if self._search_words and self._found_in is None and self._searched is not None:
            # In one piece: with a hundred thousand texts one by one the first key of a search would be felt.
            self._found_in = fold("\0".join(self._searched(row).replace("\0", " ") for row in rows)).split("\0")
        for word in self._search_words:
            texts = self._found_in or []
            numbers = [number for number in numbers if word in texts[number]]
        if self._sort is None:
            return numbers
        if self._order is None:
            self._order = self._sorted(*self._sort)
        if len(numbers) == len(rows):
            return self._order
        wanted = bytearray(len(rows))
        for number in numbers:
            wanted[number] = 1
        return [number for number in self._order if wanted[number]]

    def _sorted(self, column: int, order: Qt.SortOrder) -> list[int]:
        keys = self._sort_keys.get(column)
        if keys is None:
            # Kept: with a hundred thousand rows working them out takes longer than the sorting.
            keys = self._sort_keys[column] = _sort_keys(self.columns[column], self._rows)
        descending = order is Qt.SortOrder.DescendingOrder
        full = [number for number, key in enumerate(keys) if key is not None]
        full.sort(key=keys.__getitem__, reverse=descending)
        if len(full) == len(keys):
            return full
        empty = [number for number, key in enumerate(keys) if key is None]
        return full + empty if descending else empty + full

    def _forget_texts(self) -> None:
        self._found_in, self._order = None, None
        self._sort_keys = {}

    def _reset(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self._forget_texts()
        self._shown = self._chosen()
        self.endResetModel()

    def _announce(self, first: int, last: int) -> None:
        if first <= last:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    # --- cells ------------------------------------------------------------------------------------------------------

    def text(self, row: Row, column: int) -> str:
        """The words of a cell, whole."""
        return self.columns[column].text(row)

    def shown_text(self, number: int, column: int) -> str:
        """The words as they are drawn in row `number` of those shown: in one line."""
        text = self.text(self.row(number), column)
        return LINE_ENDS.sub(" ", text) if "\n" in text else text

    def spoken(self, row: Row) -> str:
        """What a screen reader says for a whole row."""
        return "; ".join(f"{column.title}: {column.text(row)}" for column in self.columns if column.title)

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: sort by a column; -1 = as they came."""
        wanted = None if column < 0 else (column, order)
        if wanted != self._sort:
            self._sort, self._order = wanted, None
            self.reorder()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Role.TextAlignmentRole:
            return self.columns[section].alignment
        return self.columns[section].title if role == Role.DisplayRole else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if role not in CELL_ROLES or not index.isValid() or index.row() >= len(self._shown):
            return None
        if role in TEXTS:
            return self.shown_text(index.row(), index.column())
        column = self.columns[index.column()]
        if role == Role.TextAlignmentRole:
            return column.alignment
        row = self.row(index.row())
        if role == Role.ToolTipRole:
            return (column.tip or column.text)(row) or None
        if role == Role.AccessibleTextRole:
            return self.spoken(row) if self._speaks_rows and index.column() == 0 else (column.spoken or column.text)(row)
        if role == Role.CheckStateRole:
            checked = column.checked and column.checked(row)
            return None if checked is None else Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        asked = {Role.ForegroundRole: column.colour, Role.FontRole: column.font, Role.DecorationRole: column.icon}[Role(role)]
        return asked(row) if asked is not None else None


def _sort_keys(column: Column[Row], rows: Sequence[Row]) -> list[Any]:
    keys: list[Any] = list(map(column.sort_key or column.text, rows))
    return russian_orders(keys) if all(isinstance(key, str) for key in keys) else keys
