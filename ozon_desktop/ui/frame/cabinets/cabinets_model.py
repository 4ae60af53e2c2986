"""The table of cabinets: a row each, with its state, its last run and the next one."""

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from ozon_desktop.ui.frame.cabinets.all_cabinets import Cabinet
from ozon_desktop.ui.frame.frame_data import FrameData, Status, cabinet_line, run_status
from ozon_desktop.ui.frame.run_watch import RunReading
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel
from ozon_desktop.wording import counts_text


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


def cabinet_columns(theme: Theme) -> tuple[Column[CabinetRow], ...]:
    """Its name and its place on Ozon, the state of its synchronization, what comes next and what came last, what that could not."""

    def state_color(row: CabinetRow) -> QColor | None:
        return None if row.status.kind == "neutral" else theme.color(row.status.kind)

    def error_color(_: CabinetRow) -> QColor:
        return theme.color("error")

    return (
        Column("Кабинет", lambda row: row.cabinet.name, Width(share=3, least=14)),
        Column("Ozon", lambda row: row.line, Width(samples=("Ozon 1234567 · rFBS",))),
        Column(
            "Состояние",
            lambda row: row.status.text,
            Width(samples=("Отправляется 120 из 340",)),
            tip=lambda row: row.status.exact or row.status.text,
            colour=state_color,
        ),
        Column(
            "Дальше",
            lambda row: row.status.detail,
            Width(share=2, least=12, spare=1),
            tip=lambda row: row.status.detail_exact or row.status.detail,
        ),
        Column("Последний запуск", lambda row: row.last, Width(share=3, least=12, spare=1)),
        Column(
            "Ошибки",
            lambda row: str(row.problems) if row.problems else "",
            Width(samples=("1 000",)),
            RIGHT,
            colour=error_color,
            sort_key=lambda row: row.problems,
        ),
    )


class CabinetsModel(RowTableModel[CabinetRow]):
    """Changes in place while runs go on, so that the selection stays."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(cabinet_columns(theme), key=lambda row: row.cabinet.id, speaks_rows=True, parent=parent)
