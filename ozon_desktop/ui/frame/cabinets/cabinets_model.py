"""The table of cabinets: a row each, with its state, its last run and the next one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt

from ozon_desktop.ui.frame.cabinets.all_cabinets import Cabinet
from ozon_desktop.ui.frame.frame_data import FrameData, Status, cabinet_line, run_status
from ozon_desktop.ui.widgets.row_model import Index, Role, RowModel
from ozon_desktop.wording import counts_text

if TYPE_CHECKING:
    from ozon_desktop.ui.frame.run_watch import RunReading
    from ozon_desktop.ui.look.theme import Theme

STATE, PROBLEMS = 2, 5


@dataclass(frozen=True, slots=True)
class CabinetRow:
    """A cabinet and the state of its synchronization in words. last: what its last run did; problems: what that run could not."""

    cabinet: Cabinet
    line: str
    status: Status
    last: str
    problems: int


def cabinet_rows(frame: FrameData, reading: RunReading | None) -> tuple[CabinetRow, ...]:
    """The rows; the states are those of the newest look, of the frame's own before there was one."""
    statuses, now = (reading.statuses, reading.now) if reading is not None else (frame.statuses, frame.now)
    rows = []
    for integration in frame.all:
        status = statuses.get(integration.id) or frame.statuses.get(integration.id)
        shown = run_status(status, now) if status is not None else Status("neutral", "")
        run = status.last_run if status is not None else None
        rows.append(
            CabinetRow(
                Cabinet(integration.id, frame.name_of(integration), integration.enabled),
                cabinet_line(integration),
                shown,
                counts_text(run.counts) if run is not None else "",
                status.problems if status is not None else 0,
            )
        )
    return tuple(rows)


class CabinetsModel(RowModel[CabinetRow]):
    """Changes in place while runs go on, so that the selection stays."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        titles = ("Кабинет", "Ozon", "Состояние", "Дальше", "Последний запуск", "Ошибки")
        super().__init__(titles, numbers=frozenset({PROBLEMS}), parent=parent)
        self._theme = theme

    def update_rows(self, rows: tuple[CabinetRow, ...]) -> None:
        """The same cabinets with other states, or other cabinets."""
        if [row.cabinet.id for row in rows] != [row.cabinet.id for row in self.rows]:
            self.show_rows(rows)
        elif rows != self.rows:
            self.rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, self.columnCount() - 1))

    def text(self, row: CabinetRow, column: int) -> str:
        """What stands in a cell."""
        problems = str(row.problems) if row.problems else ""
        return (row.cabinet.name, row.line, row.status.text, row.status.detail, row.last, problems)[column]

    def tip(self, row: CabinetRow, column: int) -> str:
        """The exact times of the states."""
        exact = {STATE: row.status.exact, STATE + 1: row.status.detail_exact}.get(column)
        return exact or self.text(row, column)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Qt: the state has a colour too."""
        if role == Qt.ItemDataRole.ForegroundRole and index.column() in {STATE, PROBLEMS}:
            row = self.row_at(index.row())
            kind = "error" if row is not None and index.column() == PROBLEMS else row.status.kind if row is not None else "neutral"
            return None if kind == "neutral" else self._theme.color(kind)
        return super().data(index, role)
