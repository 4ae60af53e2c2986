"""The contents of one posting: article, name, quantity, price and sum of each line."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ozon_desktop import wording
from ozon_desktop.domain.orders import PostingProduct

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
OFFER, NAME, QUANTITY, PRICE = range(4)


class LineTableModel(QAbstractTableModel):
    """Lines of one posting."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[PostingProduct, ...] = ()
        self._titles = ("Артикул", "Название", "Кол-во", "Цена")

    def show_lines(self, lines: tuple[PostingProduct, ...]) -> None:
        """Shows the lines of another posting."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def line(self, row: int) -> PostingProduct:
        """The line of a row."""
        return self._lines[row]

    def rowCount(self, parent: Index | None = None) -> int:
        """Lines."""
        return 0 if parent is not None and parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns of the table."""
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Titles, those of numbers at the right."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return _alignment(section)
        return self._titles[section] if role == Role.DisplayRole and 0 <= section < len(self._titles) else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell; the tooltip of the name holds it whole."""
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        cells = (line.offer_id, line.name, wording.number(line.quantity), wording.money(line.price, line.currency))
        if role in {Role.DisplayRole, Role.ToolTipRole}:
            return cells[index.column()]
        return _alignment(index.column()) if role == Role.TextAlignmentRole else None


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if column in {QUANTITY, PRICE} else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
