"""The contents of one posting: article, name, quantity and price of each line."""

from PySide6.QtCore import QObject

from ozon_desktop import wording
from ozon_desktop.domain.orders import PostingProduct
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel

OFFER, NAME, QUANTITY, PRICE = range(4)
COLUMNS: tuple[Column[PostingProduct], ...] = (
    Column("Артикул", lambda line: line.offer_id),
    Column("Название", lambda line: line.name),
    Column("Шт.", lambda line: wording.number(line.quantity), alignment=RIGHT, sort_key=lambda line: line.quantity),
    Column("Цена", lambda line: wording.money(line.price, line.currency), alignment=RIGHT, sort_key=lambda line: line.price),
)


class LineTableModel(RowTableModel[PostingProduct]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(COLUMNS, parent=parent)
