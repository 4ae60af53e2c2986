"""What a table of the mapping would change, row by row, and the rows of it that cannot be used."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.services.mapping.exchange import ImportChange, ImportProblem
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel

ROW, CATEGORY, BEFORE, AFTER = range(4)
NONE = "нет"


class ImportChangeModel(RowTableModel["ImportChange"]):
    """Row of the sheet, category, type now, type to be."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        def faint(_: ImportChange) -> QColor:
            return theme.color("secondary")

        def faint_when_none(change: ImportChange) -> QColor | None:
            return None if change.after else faint(change)

        path = Width(share=1, least=14)
        columns: tuple[Column[ImportChange], ...] = (
            Column("Строка", _row, alignment=RIGHT, colour=faint, spoken=_spoken, sort_key=lambda change: change.row),
            Column("Категория магазина", lambda change: change.category, path),
            Column("Было", lambda change: change.before or NONE, path, tip=lambda change: _tip(change.before), colour=faint),
            Column("Станет", lambda change: change.after or NONE, path, tip=lambda change: _tip(change.after), colour=faint_when_none),
        )
        super().__init__(columns, parent=parent)


def _row(row: ImportChange | ImportProblem) -> str:
    return wording.number(row.row)


def _tip(type_name: str) -> str:
    return type_name or "Своего типа нет: действует тип родительской категории, если он есть"


def _spoken(change: ImportChange) -> str:
    return f"Строка {change.row}: {change.category}; было: {change.before or NONE}; станет: {change.after or NONE}"


class ImportProblemModel(RowTableModel["ImportProblem"]):
    """Rows that cannot be used, with the reason in words: «Строка 14: …», with what to do as the tooltip."""

    def __init__(self, parent: QObject | None = None) -> None:
        def text(problem: ImportProblem) -> str:
            return f"Строка {_row(problem)}: {wording.error_text(problem.error).text}"

        super().__init__((Column("", text, tip=lambda problem: str(wording.error_text(problem.error))),), parent=parent)
