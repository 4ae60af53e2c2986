"""A tree of two levels, groups and their lines, without an object per line, so that 100,000 products open at once."""

from __future__ import annotations  # array[int] exists for the type checker only

from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QFont

from ozon_desktop.ui.widgets.model_index import NOWHERE, Index, Role

GROUP_KEY = int(Role.UserRole) + 1
"""Role: the key of the group an index is in."""
OFFER_ID = int(Role.UserRole) + 2
"""Role: the article of the product on a line."""
PRODUCT_ID = int(Role.UserRole) + 3
"""Role: the store's id of the product on a line."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group: positions of its items in the source, and the number of the first line of each, ascending."""

    key: str
    items: array[int]
    starts: array[int]
    lines: int

    @classmethod
    def of(cls, key: str, items: Iterable[int], lines_of: Callable[[int], int]) -> Group:
        """The group of these items; `lines_of` says how many lines an item takes, at least 1."""
        numbers, starts, total = array("L"), array("L"), 0
        for item in items:
            numbers.append(item)
            starts.append(total)
            total += lines_of(item)
        return cls(key, numbers, starts, total)

    def at(self, row: int) -> tuple[int, int]:
        """(position of the item, number of the line within it) of a row."""
        place = bisect_right(self.starts, row) - 1
        return self.items[place], row - self.starts[place]


class GroupedModel(QAbstractItemModel):
    """Subclasses say what stands in a group's header and in the cells of its lines."""

    def __init__(self, titles: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles = tuple(titles)
        self._groups: tuple[Group, ...] = ()
        self._bold = QFont()
        self._bold.setBold(True)

    @property
    def groups(self) -> tuple[Group, ...]:
        return self._groups

    def show_groups(self, groups: Iterable[Group]) -> None:
        """Shows other groups; empty ones are left out. Views are reset."""
        self.beginResetModel()
        self._groups = tuple(group for group in groups if group.lines)
        self.endResetModel()

    def group_title(self, group: Group) -> str:
        """The header of a group."""
        raise NotImplementedError

    def group_cell(self, group: Group, column: int, role: int) -> Any:
        """What a view asks about a cell of a group's header."""
        if column == 0 and role == Role.DisplayRole:
            return self.group_title(group)
        return self._bold if column == 0 and role == Role.FontRole else None

    def cell(self, group: Group, item: int, line: int, column: int, role: int) -> Any:
        """What a view asks about a cell of a line."""
        raise NotImplementedError

    def offer_of(self, item: int) -> str:
        """The article of an item."""
        raise NotImplementedError

    def row_of(self, group: Group, offer_id: str) -> int:
        """The first line of the product with this article in a group, -1 when it is not there."""
        return next((row for item, row in zip(group.items, group.starts, strict=True) if self.offer_of(item) == offer_id), -1)

    def place(self, index: Index) -> tuple[Group, int, int] | None:
        """(group, item, line) of a line; None for a header or an invalid index."""
        if not index.isValid() or not index.internalId():
            return None
        group = self._groups[index.internalId() - 1]
        return (group, *group.at(index.row()))

    # --- the tree ---------------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """Headers carry the internal id 0, lines the number of their group from 1."""
        if not parent.isValid():
            known = 0 <= row < len(self._groups) and 0 <= column < len(self._titles)
            return self.createIndex(row, column, 0) if known else QModelIndex()
        inside = not parent.internalId() and parent.column() == 0 and 0 <= row < self._groups[parent.row()].lines
        return self.createIndex(row, column, parent.row() + 1) if inside and 0 <= column < len(self._titles) else QModelIndex()

    def parent(self, index: Index | None = None) -> Any:  # QObject.parent() and the model's parent share the name
        if index is None:
            return super().parent()
        if not index.isValid() or not index.internalId():
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        if not parent.isValid():
            return len(self._groups)
        return 0 if parent.internalId() or parent.column() else self._groups[parent.row()].lines

    def columnCount(self, parent: Index = NOWHERE) -> int:
        return len(self._titles)

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        """Only headers have lines. A tree asks this of every line it lays out."""
        if not parent.isValid():
            return bool(self._groups)
        return not parent.internalId() and parent.column() == 0

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Role.DisplayRole and 0 <= section < len(self._titles):
            return self._titles[section]
        if orientation is Qt.Orientation.Horizontal and role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        place = self.place(index)
        if place is not None:
            return place[0].key if role == GROUP_KEY else self.cell(*place, index.column(), role)
        group = self._groups[index.row()]
        return group.key if role == GROUP_KEY else self.group_cell(group, index.column(), role)
