"""The rows of the three groups as a list."""

from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject

from ozon_desktop import wording
from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.ui.mapping.groups.board import GroupBoard, Kind, Row
from ozon_desktop.ui.widgets.model_index import NOWHERE, Index, Role
from ozon_desktop.wording.mapping_groups import products_text

ROW = int(Role.UserRole) + 1


class GroupsModel(QAbstractListModel):
    """`board` knows what stands there; `show` asks it again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.board = GroupBoard()
        self._rows: list[Row] = []

    def show(self) -> None:
        """Takes the rows as they are now. Views are reset when other rows stand there, else only drawn again."""
        rows = self.board.rows()
        if [row.key for row in rows] == [row.key for row in self._rows]:
            self._rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, index: Index) -> Row | None:
        """The row at an index; None at none."""
        return self._rows[index.row()] if index.isValid() else None

    def place_of(self, key: tuple[str, ...]) -> int:
        """Where the row of this key stands, -1 = nowhere."""
        return next((place for place, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """The row itself, and all it says as one text for screen readers."""
        row = self.row(index)
        if row is None:
            return None
        if role == ROW:
            return row
        return spoken(row) if role in {Role.DisplayRole, Role.AccessibleTextRole} else None


def spoken(row: Row) -> str:
    """All a row says, read from left to right."""
    if row.kind is Kind.HEAD:
        return f"{wording.suggestion_group_text(row.group)} — {wording.number(row.count)}: {row.why}"
    if row.kind is Kind.MORE:
        return f"Показать ещё {wording.number(row.count)}"
    said = [row.name, products_text(row.products)]
    if row.group is SuggestionGroup.SURE:
        said += [f"→ {row.type_name}", "отмечено" if row.ticked else "не отмечено"]
    said.append(row.why)
    said += [f"{digit} {name}" + (", выбрано" if digit - 1 == row.chosen else "") for digit, name in enumerate(row.chips, 1)]
    said += [f"против: {row.against}" if row.against else "", row.note]
    return "; ".join(text for text in said if text)
