"""What a table of additional fields would change, field by field, and the rows of it that cannot be used."""

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.services.cards.exchange import CardChange, CardRowProblem
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel

ROW, OFFER, FIELD, BEFORE, AFTER = range(5)
NONE = "пусто"


class CardChangeModel(RowTableModel["CardChange"]):
    """Row of the sheet, article, field, value now, value to be."""

    def __init__(self, parent: QObject | None = None) -> None:
        value = Width(share=2, least=12)
        columns: tuple[Column[CardChange], ...] = (
            Column("Строка", _row, alignment=RIGHT, sort_key=lambda change: change.row),
            Column("Артикул", lambda change: change.offer_id, Width(share=1, least=10)),
            Column("Поле", lambda change: change.field, value),
            Column("Было", lambda change: change.before or NONE, value),
            Column("Станет", lambda change: change.after or NONE, value),
        )
        super().__init__(columns, speaks_rows=True, parent=parent)


class CardProblemModel(RowTableModel["CardRowProblem"]):
    """Rows that cannot be used, with the reason in words, and with what to do as the tooltip."""

    def __init__(self, parent: QObject | None = None) -> None:
        def tip(problem: CardRowProblem) -> str:
            return str(wording.error_text(problem.error))

        columns: tuple[Column[CardRowProblem], ...] = (
            Column("Строка", _row, alignment=RIGHT, sort_key=lambda problem: problem.row),
            Column("Что не так", lambda problem: wording.error_text(problem.error).text, Width(share=1, least=30), tip=tip),
        )
        super().__init__(columns, speaks_rows=True, parent=parent)


def _row(row: CardChange | CardRowProblem) -> str:
    return wording.number(row.row)
