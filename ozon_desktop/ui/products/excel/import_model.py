"""What a table of additional fields would change, field by field, and the rows of it that cannot be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.ui.widgets.row_model import RowModel

if TYPE_CHECKING:
    from ozon_desktop.services.cards.exchange import CardChange, CardRowProblem

ROW, OFFER, FIELD, BEFORE, AFTER = range(5)
PROBLEM_ROW, PROBLEM_TEXT = range(2)


class CardChangeModel(RowModel["CardChange"]):
    """Row of the sheet, article, field, value now, value to be."""

    def __init__(self, parent: QObject | None = None) -> None:
        titles = ("Строка", "Артикул", "Поле", "Было", "Станет")
        super().__init__(titles, frozenset({ROW}), parent)

    def text(self, row: CardChange, column: int) -> str:
        """What stands in a cell."""
        if column == ROW:
            return wording.number(row.row)
        if column in {OFFER, FIELD}:
            return row.offer_id if column == OFFER else row.field
        return (row.before if column == BEFORE else row.after) or "пусто"


class CardProblemModel(RowModel["CardRowProblem"]):
    """Rows that cannot be used, with the reason in words."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("Строка", "Что не так"), frozenset({PROBLEM_ROW}), parent)

    def text(self, row: CardRowProblem, column: int) -> str:
        """What stands in a cell."""
        return wording.number(row.row) if column == PROBLEM_ROW else wording.error_text(row.error).text

    def tip(self, row: CardRowProblem, column: int) -> str:
        """With what to do."""
        return str(wording.error_text(row.error))
