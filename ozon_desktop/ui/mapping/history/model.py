"""Changes of the mapping as a tree: a change, and below it the places it changed with their types before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, Qt

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingChange, MappingPlace
from ozon_desktop.domain.store_catalog import category_paths
from ozon_desktop.ui.widgets.model_index import NOWHERE, Index, Role

if TYPE_CHECKING:
    from ozon_desktop.domain.ozon_catalog import TypeKey
    from ozon_desktop.services.mapping.mapping import MappingView
    from ozon_desktop.ui.look.theme import Theme

WHAT, BEFORE, AFTER, WHEN, WHO, STATE = range(6)
SEPARATOR = " / "
BEGINNING = 0
"""Stands for the id of a change in the last row: the state before all of them."""


class HistoryModel(QAbstractItemModel):
    """Changes newest first as the service gives them, those taken back on top; the last row is the state before all of them."""

    def __init__(self, theme: Theme, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock
        self._changes: Sequence[MappingChange] = ()
        self._whole = True
        self._view: MappingView | None = None
        self._categories: dict[str, str] = {}
        self._titles = ("Что", "Было", "Стало", "Когда", "Кто", "Состояние")

    def show_changes(self, changes: Sequence[MappingChange], *, whole: bool = True) -> None:
        """Show these instead. whole: the first change ever made is among them, so that the state before it can be offered."""
        self.beginResetModel()
        self._changes, self._whole = tuple(changes), whole
        self.endResetModel()

    def name_with(self, view: MappingView) -> None:
        """Names categories and types as this view has them now."""
        self._view = view
        self._categories = {category: SEPARATOR.join(path) for category, path in category_paths(view.categories).items()}
        if self._changes:
            last = self.index(self.rowCount() - 1, len(self._titles) - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def changes(self) -> Sequence[MappingChange]:
        """What is shown, newest first."""
        return self._changes

    def change_id(self, index: Index) -> int | None:
        """The id of the change a row belongs to, BEGINNING for the last row, None outside."""
        if not index.isValid():
            return None
        row = index.internalId() - 1 if index.internalId() else index.row()
        return self._changes[row].id if row < len(self._changes) else BEGINNING

    def index_of(self, change_id: int) -> QModelIndex:
        """The row of a change, invalid when it is not shown."""
        row = next((row for row, change in enumerate(self._changes) if change.id == change_id), -1)
        if change_id == BEGINNING and self._whole:
            row = len(self._changes)
        return self.index(row, 0) if row >= 0 else NOWHERE

    def current_row(self) -> int:
        """The row of the last change in force; the row after the changes when all are taken back."""
        return sum(change.undone for change in self._changes)

    def steps_to(self, change_id: int) -> int:
        """Steps that make a change the last one in force: below 0 to undo, above 0 to redo."""
        return self.current_row() - self.index_of(change_id).row()

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """Qt: changes have the internal id 0, places the number of their change from 1."""
        if not self.hasIndex(row, column, parent):
            return NOWHERE
        return self.createIndex(row, column, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        """Qt: the change of a place."""
        if not index.isValid() or not index.internalId():
            return NOWHERE
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: changes, or the places of one."""
        if not parent.isValid():
            return len(self._changes) + (self._whole and bool(self._changes))
        if parent.internalId() or parent.column() or parent.row() >= len(self._changes):
            return 0
        return len(self._changes[parent.row()].after)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt: the same for all."""
        return len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Qt: titles."""
        if orientation is not Qt.Orientation.Horizontal or role != Role.DisplayRole or not 0 <= section < len(self._titles):
            return None
        return self._titles[section]

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Qt: text, tooltip and colour of a cell."""
        if not index.isValid():
            return None
        if role == Role.DisplayRole:
            return self._text(index)
        if role == Role.ToolTipRole:
            return self._tip(index)
        if role == Role.AccessibleTextRole:
            return self._spoken(index) if index.column() == WHAT else self._text(index)
        if role == Role.ForegroundRole:
            return self._colour(index)
        return None

    def _text(self, index: Index) -> str:
        if index.internalId():
            return self._place_text(self._changes[index.internalId() - 1], index.row(), index.column())
        if index.row() >= len(self._changes):
            return {WHAT: "До первого изменения", STATE: self._state(index.row())}.get(index.column(), "")
        change = self._changes[index.row()]
        if index.column() == BEFORE:
            return self._common([key for _, key in change.before])
        if index.column() == AFTER:
            return self._common([key for _, key in change.after])
        texts = {
            WHAT: change.label,
            WHEN: wording.when(change.at, self._clock()),
            WHO: change.who or "—",
            STATE: self._state(index.row()),
        }
        return texts[index.column()]

    def _place_text(self, change: MappingChange, row: int, column: int) -> str:
        place, after = change.after[row]
        if column == WHAT:
            return self._place(place)
        if column == BEFORE:
            return self._type(dict(change.before).get(place))
        return self._type(after) if column == AFTER else ""

    def _common(self, keys: list[TypeKey | None]) -> str:
        different = len(set(keys)) > 1
        return "разное" if different else self._type(keys[0]) if keys else ""

    def _place(self, place: MappingPlace) -> str:
        path = self._categories.get(place.category_id) or f"категории больше нет ({place.category_id})"
        return f"{path} ({wording.mapping_part_text(place.property_name, place.value)})" if place.property_name else path

    def _type(self, key: TypeKey | None) -> str:
        if key is None:
            return "нет"
        path = self._view.tree.type_path(key) if self._view is not None else ()
        return SEPARATOR.join(path) or f"тип, которого больше нет ({key})"

    def _state(self, row: int) -> str:
        current = self.current_row()
        if row == current:
            return "сейчас"
        if row < current:
            return "отменено"
        return "действует" if row < len(self._changes) else ""

    def _tip(self, index: Index) -> str:
        if index.column() == WHEN and not index.internalId() and index.row() < len(self._changes):
            return wording.exact(self._changes[index.row()].at)
        text = self._text(index)
        if index.column() in {BEFORE, AFTER} and text == "нет":
            return "Своего типа нет: действует тип родительской категории, если он есть"
        if index.column() in {BEFORE, AFTER} and text == "разное":
            return "У разных категорий по-разному: раскройте строку"
        return text

    def _spoken(self, index: Index) -> str:
        """The whole row for a screen reader, which would read the first column only."""
        cells = (index.sibling(index.row(), column).data() for column in (WHAT, BEFORE, AFTER, WHEN, WHO, STATE))
        return "; ".join(str(cell) for cell in cells if cell)

    def _colour(self, index: Index) -> Any:
        tokens = self._theme
        row = index.internalId() - 1 if index.internalId() else index.row()
        if row < self.current_row():
            return tokens.color("secondary")
        if index.column() == STATE and row == self.current_row():
            return tokens.color("accent")
        return tokens.color("secondary") if index.column() in {WHEN, WHO, STATE} or index.internalId() else None
