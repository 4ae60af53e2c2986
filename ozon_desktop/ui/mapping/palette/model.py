"""Rows of the command palette: types of Ozon and commands of the page, found by words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import OzonType, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.services.mapping.view import Suggestion
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.mapping.palette.command import PageCommand
from ozon_desktop.ui.mapping.trees.ozon_tree_model import OzonTreeModel
from ozon_desktop.ui.mapping.trees.store_tree_model import proposal_text

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
NOTE = Qt.ItemDataRole.UserRole + 1
TYPES_SHOWN = 60
"""Nobody reads further: one more word narrows better than scrolling."""


class RowKind(Enum):
    HEADING = auto()
    TYPE = auto()
    COMMAND = auto()


@dataclass(frozen=True, slots=True)
class PaletteRow:
    """One row. note: said at its right; blocked: it is shown, the note says why it cannot be chosen."""

    kind: RowKind
    text: str
    note: str = ""
    key: TypeKey | None = None
    command: PageCommand | None = None
    blocked: bool = False

    @property
    def choosable(self) -> bool:
        """Whether Enter does something with it."""
        return self.kind is not RowKind.HEADING and not self.blocked


class PaletteSource:
    """What the palette can find while it is open. An empty line gives suggestions, recent types and all commands."""

    def __init__(self, types: OzonTreeModel, commands: Sequence[PageCommand], recent: Sequence[TypeKey]) -> None:
        self._types = types
        self._commands = [(fold(command.text), command) for command in commands]
        self._recent = types.usable_types(recent)
        self.suggestions: Sequence[Suggestion] = ()

    def rows(self, text: str) -> list[PaletteRow]:
        """The rows for what is typed: types first, then commands, each group below its heading."""
        words = fold(text).split()
        groups = [*self._first(), *self._command_rows(())] if not words else [*self._found(text), *self._command_rows(words)]
        return groups or [_heading("Ничего не найдено. Попробуйте одно слово или его начало.")]

    def _first(self) -> list[PaletteRow]:
        suggested = [PaletteRow(RowKind.TYPE, " / ".join(found.path), proposal_text(found), found.key) for found in self.suggestions]
        known = {found.key for found in self.suggestions}
        recent = [self._type_row(type_) for type_ in self._recent if type_.key not in known]
        return [*_group("Предложения", suggested), *_group("Недавние типы", recent)]

    def _found(self, text: str) -> list[PaletteRow]:
        types, total = self._types.find_types(text, TYPES_SHOWN)
        rows = _group("Типы Ozon", [self._type_row(type_) for type_ in types])
        if total > len(types):
            rows.append(_heading(f"И ещё {wording.number(total - len(types))}: добавьте слово, чтобы сузить поиск"))
        return rows

    def _type_row(self, type_: OzonType) -> PaletteRow:
        path, state = self._types.path_text(type_.key), self._types.state_text(type_)
        return PaletteRow(RowKind.TYPE, path, state, type_.key, blocked=not type_.usable)

    def _command_rows(self, words: Sequence[str]) -> list[PaletteRow]:
        found = [command for text, command in self._commands if all(word in text for word in words)]
        rows = [
            PaletteRow(RowKind.COMMAND, command.text, command.why or command.keys, command=command, blocked=bool(command.why))
            for command in found
        ]
        return _group("Команды", rows)


class PaletteModel(QAbstractListModel):
    """The rows as a list; headings and blocked rows cannot be chosen."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: Sequence[PaletteRow] = ()

    def show_rows(self, rows: Sequence[PaletteRow]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> PaletteRow | None:
        """A row, None outside."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def next_choosable(self, number: int, step: int) -> int:
        """The nearest row from `number` on, in steps of `step`, that can be chosen; -1 when there is none."""
        while (row := self.row(number)) is not None:
            if row.choosable:
                return number
            number += step
        return -1

    def next_group(self, number: int) -> int:
        """The first row that can be chosen in the group below; the first one of all after the last group; -1 = there is none."""
        while (row := self.row(number)) is not None and row.kind is not RowKind.HEADING:
            number += 1
        below = self.next_choosable(number, 1)
        return below if below >= 0 else self.next_choosable(0, 1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == NOTE:
            return row.note
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{row.text} — {row.note}" if row.note else row.text
        if role == Qt.ItemDataRole.ForegroundRole:
            return None if row.choosable else self._theme.color("secondary")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        if not row.choosable:
            return Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren


def _heading(text: str) -> PaletteRow:
    return PaletteRow(RowKind.HEADING, text)


def _group(title: str, rows: list[PaletteRow]) -> list[PaletteRow]:
    return [_heading(title), *rows] if rows else []
