"""The table of orders: filter by state, scheme and text, sorting, new ones marked in words and weight.

Tens of thousands of orders are listed: a cell is put into words when it is drawn, and only then.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QFont

from ozon_desktop import wording
from ozon_desktop.domain.orders import CANCELLED, PARTLY_RETURNED, RETURNED, Order, placed_at
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.services.orders.view import OrderEntry, OrdersView
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel
from ozon_desktop.wording.order_hand_over import not_in_store_tip
from ozon_desktop.wording.orders import order_state_text, scheme_text

NUMBER, DATE, STATUS, GOODS, TOTAL, SCHEME, ORGANIZATION, DIRECTION, RESPONSIBLE = range(9)
FAILED = CANCELLED | {RETURNED, PARTLY_RETURNED}
"""States in which the shop does not earn what was ordered."""


def order_columns(theme: Theme, clock: Callable[[], datetime], view: OrdersView) -> tuple[Column[OrderEntry], ...]:
    """Columns of the orders of a view, whose names they show."""
    bold = QFont()
    bold.setBold(True)

    def date(entry: OrderEntry) -> str:
        created = entry.order.posting.created_at
        return wording.when(created, clock()) if created is not None else ""

    def number_color(entry: OrderEntry) -> QColor | None:
        return theme.color("accent") if entry.is_new else None

    def status_color(entry: OrderEntry) -> QColor | None:
        return theme.color("error") if entry.order.state in FAILED else None

    return (
        Column(
            "Номер отправления",
            lambda entry: f"{entry.number} · новый" if entry.is_new else entry.number,
            tip=lambda entry: not_in_store_tip(view.connection) if entry.is_new else entry.number,
            colour=number_color,
            font=lambda entry: bold if entry.is_new else None,
        ),
        Column("Дата", date, tip=_exact_date, sort_key=lambda entry: placed_at(entry.order).timestamp()),
        Column("Статус", lambda entry: order_state_text(entry.state), colour=status_color),
        Column("Товары", _goods, Width(share=3, least=22), tip=_every_line),
        Column(
            "Сумма",
            lambda entry: wording.money(entry.total, entry.currency),
            Width(spare=1),
            alignment=RIGHT,
            sort_key=lambda entry: entry.total,
        ),
        Column("Схема", lambda entry: scheme_text(entry.order.posting.scheme), Width(spare=1)),
        Column("Организация", lambda entry: _name(view.organizations, entry.order.organization_id), Width(share=1, spare=1)),
        Column("Направление", lambda entry: _name(view.directions, entry.order.direction_id), Width(share=1, spare=1)),
        Column("Ответственный", lambda entry: _name(view.employees, entry.order.responsible_id), Width(share=1, spare=1)),
    )


class OrderTableModel(RowTableModel[OrderEntry]):
    """Rows of OrdersView, newest first unless sorted by the manager."""

    def __init__(self, theme: Theme, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(order_columns(theme, clock, OrdersView((), {}, {}, {})), key=lambda entry: entry.number, parent=parent)
        self._theme, self._clock = theme, clock
        self._wanted = ("", "", "")

    def show_orders(self, view: OrdersView) -> None:
        """Shows other orders under the same filter. Views are reset."""
        self.columns = order_columns(self._theme, self._clock, view)
        self._reset(view.entries)

    def show_filter(self, text: str, status: str, scheme: str = "") -> None:
        """Narrows the table to a state and a scheme ("" = all) and to a text in numbers, articles or names."""
        if (text, status, scheme) != self._wanted:
            self._wanted = (text, status, scheme)
            phrase = fold(text)

            def accepts(entry: OrderEntry) -> bool:
                return phrase in entry.search and (not scheme or entry.scheme == scheme) and (not status or entry.state == status)

            self.filter_rows(accepts)

    @property
    def new(self) -> int:
        """Orders the store has not got yet."""
        return sum(entry.is_new for entry in self.rows)

    def sums(self) -> dict[str, Decimal]:
        """What the shown orders come to, by currency."""
        shown = [self._rows[number] for number in self._shown]
        currencies = dict.fromkeys(entry.currency for entry in shown)
        return {currency: sum((entry.total for entry in shown if entry.currency == currency), Decimal(0)) for currency in currencies}

    def statuses(self) -> list[str]:
        """States that occur, the most frequent first."""
        return _by_frequency(entry.state for entry in self.rows)

    def schemes(self) -> list[str]:
        """Schemes that occur, the most frequent first."""
        return _by_frequency(entry.scheme for entry in self.rows)

    def order(self, row: int) -> Order:
        return self.row(row).order


def _exact_date(entry: OrderEntry) -> str:
    created = entry.order.posting.created_at
    return wording.exact(created) if created is not None else ""


def _goods(entry: OrderEntry) -> str:
    lines = entry.order.posting.products
    if not lines:
        return ""
    pieces = f"{wording.number(sum(line.quantity for line in lines))} шт."
    more = f" и ещё {len(lines) - 1}" if len(lines) > 1 else ""
    return f"{pieces} {lines[0].name}{more}"


def _every_line(entry: OrderEntry) -> str:
    return "\n".join(f"{line.offer_id}  {line.name} × {wording.number(line.quantity)}" for line in entry.order.posting.products)


def _by_frequency(values: Iterable[str]) -> list[str]:
    return [value for value, _ in Counter(values).most_common()]


def _name(names: Mapping[str, str], key: str | None) -> str:
    return names.get(key, key) if key is not None else ""
