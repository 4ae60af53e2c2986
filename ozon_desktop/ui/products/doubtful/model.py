"""Store texts that are not surely a value of Ozon's dictionary, and those the manager has answered already."""

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.domain.value_matching import DoubtfulValue, ValueChoice
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel

TEXT, FIELD, PRODUCTS, BLOCKING = range(4)


class DoubtfulModel(RowTableModel["DoubtfulValue"]):
    """The store's text, the fields it stands in, how many cards have it and how many of them it holds back."""

    def __init__(self, parent: QObject | None = None) -> None:
        columns: tuple[Column[DoubtfulValue], ...] = (
            Column("Значение магазина", lambda row: row.text, Width(share=2, least=14)),
            Column("Поле Ozon", lambda row: ", ".join(name for _, name in row.attributes), Width(share=2, least=12)),
            Column("Товаров", lambda row: wording.number(row.products), alignment=RIGHT, sort_key=lambda row: row.products),
            Column("Не отправить", lambda row: wording.number(row.blocking), alignment=RIGHT, sort_key=lambda row: row.blocking),
        )
        super().__init__(columns, speaks_rows=True, parent=parent)


class AnswerModel(RowTableModel["ValueChoice"]):
    """What was answered: a store text and the value it means."""

    def __init__(self, parent: QObject | None = None) -> None:
        def answer(row: ValueChoice) -> str:
            return row.value.value if row.value is not None else "нет такого значения"

        half = Width(share=1)
        columns: tuple[Column[ValueChoice], ...] = (Column("Значение магазина", lambda row: row.text, half), Column("Решено", answer, half))
        super().__init__(columns, speaks_rows=True, parent=parent)
