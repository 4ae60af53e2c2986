"""The table of orders: filter by state, scheme and text, sorting, new ones marked in words and weight.

Tens of thousands of orders are listed: a cell is put into words when it is drawn, and only then.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from ozon_desktop import wording
from ozon_desktop.domain.orders import CANCELLED, PARTLY_RETURNED, RETURNED, Order, placed_at
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.services.orders.view import OrderEntry, OrdersView, order_entry
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.wording.orders import order_state_text, scheme_text

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NUMBER, DATE, STATUS, GOODS, TOTAL, SCHEME, ORGANIZATION, DIRECTION, RESPONSIBLE = range(9)
ANSWERED = frozenset({Role.DisplayRole, Role.ToolTipRole, Role.TextAlignmentRole, Role.FontRole, Role.ForegroundRole})
"""Views ask for a dozen roles of each cell they draw or measure."""
FAILED = CANCELLED | {RETURNED, PARTLY_RETURNED}
"""States in which the shop does not earn what was ordered."""


class OrderTableModel(QAbstractTableModel):
    """Rows of OrdersView, newest first unless sorted by the manager."""

    def __init__(self, theme: Theme, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock
        self._view = OrdersView((), {}, {}, {})
        self._all: list[OrderEntry] = []
        self._order: array[int] | None = None
        self._found: Sequence[int] = ()
        self._rows: Sequence[int] = ()
        self._status = self._text = self._scheme = ""
        self._sort: tuple[int, bool] | None = None
        self._bold = QFont()
        self._bold.setBold(True)
        self._titles = (
            "Номер отправления",
            "Дата",
            "Статус",
            "Товары",
            "Сумма",
            "Схема",
            "Организация",
            "Направление",
            "Ответственный",
        )

    def show_orders(self, view: OrdersView) -> None:
        """Shows other orders under the same filter. Views are reset."""
        self._view = view
        self._all = list(view.entries) if view.entries else [order_entry(order) for order in view.orders]
        self._arrange()
        self._apply()

    def show_filter(self, text: str, status: str, scheme: str = "") -> None:
        """Narrows the table to a state and a scheme ("" = all) and to a text in numbers, articles or names."""
        if (text, status, scheme) != (self._text, self._status, self._scheme):
            self._text, self._status, self._scheme = text, status, scheme
            self._apply()

    @property
    def total(self) -> int:
        """Orders without a filter."""
        return len(self._all)

    @property
    def new(self) -> int:
        """Orders not exported yet."""
        return sum(entry.order.exported_at is None for entry in self._all)

    def sums(self) -> dict[str, Decimal]:
        """What the shown orders come to, by currency."""
        shown = [self._all[place] for place in self._found]
        currencies = dict.fromkeys(entry.currency for entry in shown)
        return {currency: sum((entry.total for entry in shown if entry.currency == currency), Decimal(0)) for currency in currencies}

    def statuses(self) -> list[str]:
        """States that occur, the most frequent first."""
        return _by_frequency(entry.state for entry in self._all)

    def schemes(self) -> list[str]:
        """Schemes that occur, the most frequent first."""
        return _by_frequency(entry.scheme for entry in self._all)

    def order(self, row: int) -> Order:
        """The order of a row."""
        return self._all[self._rows[row]].order

    def rows_of(self, posting_numbers: set[str]) -> list[int]:
        """The rows these postings are shown in."""
        if not posting_numbers:
            return []
        places = {place for place in self._found if self._all[place].number in posting_numbers}
        return [row for row, place in enumerate(self._rows) if place in places] if places else []

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
        if role not in ANSWERED or not index.isValid():
            return None
        entry, column = self._all[self._rows[index.row()]], index.column()
        if role == Role.DisplayRole:
            return self._cell(entry, column)
        if role == Role.ToolTipRole:
            return self._tooltip(entry, column)
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        if role == Role.FontRole:
            return self._bold if column == NUMBER and entry.order.exported_at is None else None
        if role == Role.ForegroundRole:
            return self._color(entry.order, column)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column; -1 = newest first."""
        self._sort = None if column < 0 else (column, order is Qt.SortOrder.DescendingOrder)
        self._arrange()
        self._apply()

    def _arrange(self) -> None:
        """Sorting is kept apart from filtering: a key in the search field sorts nothing."""
        self._order = None
        if self._sort is not None:
            column, descending = self._sort
            keys = [self._sort_key(entry, column) for entry in self._all]
            self._order = array("l", sorted(range(len(keys)), key=keys.__getitem__, reverse=descending))

    def _apply(self) -> None:
        wanted, status, scheme, entries = fold(self._text), self._status, self._scheme, self._all
        self.beginResetModel()
        # Looked through in the order they lie in memory: in another order the same takes five times as long.
        found: Sequence[int] = range(len(entries))
        if wanted:
            found = [place for place, entry in enumerate(entries) if wanted in entry.search]
        if scheme:
            found = [place for place in found if entries[place].scheme == scheme]
        if status:
            found = [place for place in found if entries[place].state == status]
        self._found = self._rows = found
        if self._order is not None:
            shown = bytearray(len(entries))
            for place in found:
                shown[place] = 1
            self._rows = [place for place in self._order if shown[place]]
        self.endResetModel()

    def _cell(self, entry: OrderEntry, column: int) -> str:
        order, view = entry.order, self._view
        posting = order.posting
        if column == NUMBER:
            return entry.number if order.exported_at is not None else f"{entry.number} · новый"
        if column == DATE:
            return wording.when(posting.created_at, self._clock()) if posting.created_at is not None else ""
        if column == STATUS:
            return order_state_text(entry.state)
        if column == GOODS:
            return self._goods(order)
        if column == TOTAL:
            return wording.money(entry.total, entry.currency)
        if column == SCHEME:
            return scheme_text(posting.scheme)
        names = {ORGANIZATION: view.organizations, DIRECTION: view.directions, RESPONSIBLE: view.employees}[column]
        ids = {ORGANIZATION: order.organization_id, DIRECTION: order.direction_id, RESPONSIBLE: order.responsible_id}
        return _name(names, ids[column])

    def _goods(self, order: Order) -> str:
        lines = order.posting.products
        if not lines:
            return ""
        pieces = f"{wording.number(sum(line.quantity for line in lines))} шт."
        more = f" и ещё {len(lines) - 1}" if len(lines) > 1 else ""
        return f"{pieces} {lines[0].name}{more}"

    def _tooltip(self, entry: OrderEntry, column: int) -> str:
        posting = entry.order.posting
        if column == DATE and posting.created_at is not None:
            return wording.exact(posting.created_at)
        if column == GOODS:
            return "\n".join(f"{line.offer_id}  {line.name} × {wording.number(line.quantity)}" for line in posting.products)
        if column == NUMBER and entry.order.exported_at is None:
            return "Ещё не выгружен в магазин"
        return self._cell(entry, column)

    def _color(self, order: Order, column: int) -> QColor | None:
        tokens = self._theme.tokens()
        if column == NUMBER and order.exported_at is None:
            return QColor(tokens.accent)
        return QColor(tokens.error) if column == STATUS and order.state in FAILED else None

    def _sort_key(self, entry: OrderEntry, column: int) -> tuple[Decimal | float, str]:
        if column == TOTAL:
            return entry.total, ""
        if column == DATE:
            return placed_at(entry.order).timestamp(), ""
        return 0.0, self._cell(entry, column).casefold()


def _by_frequency(values: Iterable[str]) -> list[str]:
    return [value for value, _ in Counter(values).most_common()]


def _name(names: Mapping[str, str], key: str | None) -> str:
    return names.get(key, key) if key is not None else ""


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if column == TOTAL else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
