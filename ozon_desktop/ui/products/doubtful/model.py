"""Store texts that are not surely a value of Ozon's dictionary, and those the manager has answered already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.ui.widgets.row_model import RowModel

if TYPE_CHECKING:
    from ozon_desktop.domain.value_matching import DoubtfulValue, ValueChoice

TEXT, FIELD, PRODUCTS, BLOCKING = range(4)
ANSWER_TEXT, ANSWER = range(2)


class DoubtfulModel(RowModel["DoubtfulValue"]):
    """The store's text, the fields it stands in, how many cards have it and how many of them it holds back."""

    def __init__(self, parent: QObject | None = None) -> None:
        titles = ("Значение магазина", "Поле Ozon", "Товаров", "Не отправить")
        super().__init__(titles, frozenset({PRODUCTS, BLOCKING}), parent)

    def text(self, row: DoubtfulValue, column: int) -> str:
        """What stands in a cell."""
        if column == TEXT:
            return row.text
        if column == FIELD:
            return ", ".join(name for _, name in row.attributes)
        return wording.number(row.products if column == PRODUCTS else row.blocking)


class AnswerModel(RowModel["ValueChoice"]):
    """What was answered: a store text and the value it means."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(("Значение магазина", "Решено"), frozenset(), parent)

    def text(self, row: ValueChoice, column: int) -> str:
        """What stands in a cell."""
        if column == ANSWER_TEXT:
            return row.text
        return row.value.value if row.value is not None else "нет такого значения"
