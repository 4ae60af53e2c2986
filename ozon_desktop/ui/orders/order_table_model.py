"""The table of orders: filter by status and text, sorting, new ones marked in words and weight."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from ozon_desktop import wording
from ozon_desktop.domain.orders import Order
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.services.orders import OrdersView
from ozon_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NUMBER, DATE, STATUS, GOODS, TOTAL, SCHEME, ORGANIZATION, DIRECTION, RESPONSIBLE = range(9)
CANCELLED = frozenset({"cancelled", "cancelled_from_split_pending", "not_accepted"})


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order with everything the table shows of it, put into words once."""

    order: Order
    cells: tuple[str, ...]
    search: str

    @property
    def is_new(self) -> bool:
        """Not exported to the store yet."""
        return self.order.exported_at is None


class OrderTableModel(QAbstractTableModel):
    """Rows of OrdersView, newest first unless sorted by the manager."""

    def __init__(self, theme: Theme, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock
        self._all: list[OrderRow] = []
        self._rows: list[OrderRow] = []
        self._status = ""
        self._text = ""
        self._sort: tuple[int, bool] | None = None
        self._bold = QFont()
        self._bold.setBold(True)
        self._titles = (
            self.tr("Номер отправления"),
            self.tr("Дата"),
            self.tr("Статус"),
            self.tr("Товары"),
            self.tr("Сумма"),
            self.tr("Схема"),
            self.tr("Организация"),
            self.tr("Направление"),
            self.tr("Ответственный"),
        )

    def show_orders(self, view: OrdersView) -> None:
        """Shows other orders under the same filter. Views are reset."""
        now = self._clock()
        self._all = [self._row(order, view, now) for order in view.orders]
        self._apply()

    def show_filter(self, text: str, status: str) -> None:
        """Narrows the table to a status ("" = all) and to a text in numbers, articles or names."""
        if (text, status) != (self._text, self._status):
            self._text, self._status = text, status
            self._apply()

    @property
    def total(self) -> int:
        """Orders without a filter."""
        return len(self._all)

    @property
    def new(self) -> int:
        """Orders not exported yet."""
        return sum(row.is_new for row in self._all)

    def statuses(self) -> list[str]:
        """Statuses that occur, the most frequent first."""
        counted: dict[str, int] = {}
        for row in self._all:
            counted[row.order.posting.status] = counted.get(row.order.posting.status, 0) + 1
        return sorted(counted, key=lambda status: -counted[status])

    def order(self, row: int) -> Order:
        """The order of a row."""
        return self._rows[row].order

    def row_of(self, posting_number: str) -> int:
        """The row a posting is shown in, -1 when it is not shown."""
        return next((row for row, shown in enumerate(self._rows) if shown.order.posting.posting_number == posting_number), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        """Orders the filter lets through."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns of the table."""
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Titles; the one of the sum stands right like its numbers."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return _alignment(section)
        return self._titles[section] if role == Role.DisplayRole and 0 <= section < len(self._titles) else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell."""
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Role.DisplayRole:
            return row.cells[column]
        if role == Role.ToolTipRole:
            return self._tooltip(row, column)
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        if role == Role.FontRole:
            return self._bold if column == NUMBER and row.is_new else None
        if role == Role.ForegroundRole:
            return self._color(row, column)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column; -1 = newest first."""
        self._sort = None if column < 0 else (column, order is Qt.SortOrder.DescendingOrder)
        self._apply()

    def _apply(self) -> None:
        wanted = fold(self._text)
        self.beginResetModel()
        self._rows = [
            row
            for row in self._all
            if (not self._status or row.order.posting.status == self._status) and (not wanted or wanted in row.search)
        ]
        if self._sort is not None:
            column, descending = self._sort
            self._rows.sort(key=lambda row: _sort_key(row, column), reverse=descending)
        self.endResetModel()

    def _row(self, order: Order, view: OrdersView, now: datetime) -> OrderRow:
        posting = order.posting
        words = "{number}" if order.exported_at is not None else self.tr("{number} · новый")
        cells = (
            words.format(number=posting.posting_number),
            wording.when(posting.created_at, now) if posting.created_at is not None else "",
            wording.posting_status_text(posting.status),
            self._goods(order),
            wording.money(posting.total, posting.products[0].currency if posting.products else "RUB"),
            {"fbs": "FBS", "fbo": "FBO", "rfbs": "rFBS"}.get(posting.scheme.casefold(), posting.scheme),
            _name(view.organizations, order.organization_id),
            _name(view.directions, order.direction_id),
            _name(view.employees, order.responsible_id),
        )
        goods = " ".join(f"{line.offer_id} {line.name}" for line in posting.products)
        return OrderRow(order, cells, fold(f"{posting.posting_number} {posting.order_number} {goods}"))

    def _goods(self, order: Order) -> str:
        lines = order.posting.products
        if not lines:
            return ""
        pieces = self.tr("{count} шт.").format(count=wording.number(sum(line.quantity for line in lines)))
        more = self.tr(" и ещё {count}").format(count=len(lines) - 1) if len(lines) > 1 else ""
        return f"{pieces} {lines[0].name}{more}"

    def _tooltip(self, row: OrderRow, column: int) -> str:
        created = row.order.posting.created_at
        if column == DATE and created is not None:
            return wording.exact(created)
        if column == GOODS:
            return "\n".join(f"{line.offer_id}  {line.name} × {wording.number(line.quantity)}" for line in row.order.posting.products)
        if column == NUMBER and row.is_new:
            return self.tr("Ещё не выгружен в магазин")
        return row.cells[column]

    def _color(self, row: OrderRow, column: int) -> QColor | None:
        tokens = self._theme.tokens()
        if column == NUMBER and row.is_new:
            return QColor(tokens.accent)
        return QColor(tokens.error) if column == STATUS and row.order.posting.status in CANCELLED else None


def _name(names: Mapping[str, str], key: str | None) -> str:
    return names.get(key, key) if key is not None else ""


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if column == TOTAL else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter


def _sort_key(row: OrderRow, column: int) -> tuple[Decimal | float, str]:
    posting = row.order.posting
    if column == TOTAL:
        return posting.total, ""
    if column == DATE:
        return (posting.created_at.timestamp() if posting.created_at is not None else 0.0), ""
    return 0.0, row.cells[column].casefold()
