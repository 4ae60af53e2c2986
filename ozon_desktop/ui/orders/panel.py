"""The panel of one order: status, contents, dates, warehouse, who is responsible, and the history of its status."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QHeaderView, QLabel, QScrollArea, QTableView, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.orders import Order
from ozon_desktop.domain.store_connection import stage_of
from ozon_desktop.services.orders.view import OrderEntry, OrdersView
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.orders.line_table_model import NAME, LineTableModel
from ozon_desktop.ui.orders.table_model import FAILED
from ozon_desktop.ui.widgets import Badge, Card, WrappedLabel, row_height
from ozon_desktop.ui.widgets.delegates import MiddleElideDelegate
from ozon_desktop.ui.widgets.tables import set_up_table
from ozon_desktop.wording.order_hand_over import NOT_HANDED_OVER
from ozon_desktop.wording.orders import order_state_text, scheme_text
from ozon_desktop.wording.store_exchange import placed_text

MOST_LINES = 8
"""Lines shown without scrolling."""
LARGE_CHARACTER = 11
"""Average width in px from which names stand above their values instead of beside them."""


class OrderPanel(Card):
    """offer_opened: the article of a line that was double-clicked."""

    offer_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(" ", parent)
        self.setObjectName("order_panel")
        self.status = Badge("", "accent")
        self.head.addWidget(self.status)
        self.model = LineTableModel(self)
        self.lines = _lines_table(self.model, "Состав отправления")
        self.facts = QFormLayout()
        self.facts.setHorizontalSpacing(16)
        self.facts.setVerticalSpacing(6)
        self.history = QFormLayout()
        self.history.setHorizontalSpacing(16)
        self.history.setVerticalSpacing(6)
        self.history_title = WrappedLabel("История статуса", role="heading")
        inside = QWidget()
        inside.setObjectName("scrolled")
        content = QVBoxLayout(inside)
        content.setContentsMargins(0, 0, 0, 0)
        content.setSpacing(12)
        content.addWidget(self.lines)
        content.addLayout(self.facts)
        content.addWidget(self.history_title)
        content.addLayout(self.history)
        content.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inside)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(area, 1)
        self.lines.doubleClicked.connect(self._opened)
        self.lines.horizontalHeader().sortIndicatorChanged.connect(self._lines_sorted)

    def show_order(self, entry: OrderEntry, view: OrdersView, now: datetime) -> None:
        """Shows another order; its history comes later."""
        order = entry.order
        posting = order.posting
        self.set_heading(posting.posting_number)
        self.status.set_state(order_state_text(order.state), "error" if order.state in FAILED else "accent")
        self.model.show_rows(posting.products)
        self._fit()
        currency = posting.products[0].currency if posting.products else "RUB"
        facts = (
            ("Сумма", wording.money(posting.total, currency)),
            ("Заказ", posting.order_number),
            ("Схема", scheme_text(posting.scheme)),
            ("Создан", posting.created_at),
            ("Отгрузить до", posting.shipment_date),
            ("Получен программой", order.received_at),
            in_store(entry, view),
            ("Склад", posting.warehouse_name or (str(posting.warehouse_id) if posting.warehouse_id else "")),
            ("Организация", view.organizations.get(order.organization_id or "", "")),
            ("Направление", view.directions.get(order.direction_id or "", "")),
            ("Ответственный", view.employees.get(order.responsible_id or "", "")),
            ("Причина отмены", posting.cancel_reason),
            ("Возврат", _returns(order)),
        )
        _fill(self.facts, [(name, value) for name, value in facts if value], now)
        self.show_history([], now)

    def show_history(self, states: list[tuple[datetime, str]], now: datetime) -> None:
        """Shows when each status was seen, oldest first."""
        _fill(self.history, [(moment, order_state_text(status)) for moment, status in states], now)
        self.history_title.setVisible(bool(states))

    def _fit(self) -> None:
        """Heights and wrapping follow the system's text scale, so that nothing is cut in large text."""
        row = row_height(self)
        self.lines.verticalHeader().setDefaultSectionSize(row)
        self.lines.setFixedHeight(row * (min(self.model.rowCount(), MOST_LINES) + 1) + 16)
        large = self.fontMetrics().averageCharWidth() > LARGE_CHARACTER
        policy = QFormLayout.RowWrapPolicy.WrapAllRows if large else QFormLayout.RowWrapPolicy.DontWrapRows
        for form in (self.facts, self.history):
            form.setRowWrapPolicy(policy)

    def _lines_sorted(self, column: int) -> None:
        self.lines.horizontalHeader().setSortIndicatorShown(column >= 0)

    def _opened(self, index: QModelIndex) -> None:
        self.offer_opened.emit(self.model.row(index.row()).offer_id)


def _returns(order: Order) -> str:
    """A line for each return: article, pieces, reason, where it is now."""
    lines = []
    for entry in order.returns:
        parts = [f"{entry.offer_id} × {wording.number(entry.quantity)}", entry.reason, entry.status]
        lines.append(", ".join(part for part in parts if part))
    return "\n".join(lines)


def _lines_table(model: LineTableModel, accessible: str) -> QTableView:
    table = QTableView()
    set_up_table(table, "order_lines", accessible)
    table.setModel(model)
    table.setSelectionMode(QTableView.SelectionMode.ExtendedSelection)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
    header.setMinimumSectionSize(40)
    table.setItemDelegateForColumn(NAME, MiddleElideDelegate(table))
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    # The panel is narrow: no title keeps room for an arrow until one is needed.
    header.setSortIndicatorShown(False)
    return table


def in_store(entry: OrderEntry, view: OrdersView) -> tuple[str, datetime | str]:
    """Name and value of the line about the store: the order's number and state there, or when its file was written."""
    order, placed = entry.order, view.placed.get(entry.number)
    if placed is not None:
        state, _ = placed_text(placed, stage_of(order), "")
        return "В магазине", f"{placed.number}, {state}" if placed.number else state
    if order.exported_at is None and not entry.is_new:
        return "В магазине", NOT_HANDED_OVER
    return "Передан в магазин" if view.connection.takes_orders else "Выгружен в магазин", order.exported_at or "ещё нет"


def _fill(form: QFormLayout, rows: Sequence[tuple[str | datetime, str | datetime | None]], now: datetime) -> None:
    while form.rowCount():
        form.removeRow(0)
    for name, content in rows:
        label, value = QLabel(), WrappedLabel()
        set_role(label, "secondary")
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        _say(label, name, now)
        _say(value, content or "", now)
        form.addRow(label, value)


def _say(label: QLabel, content: str | datetime, now: datetime) -> None:
    """Times are relative, with the exact one in the tooltip."""
    if isinstance(content, datetime):
        label.setText(wording.when(content, now))
        label.setToolTip(wording.exact(content))
    else:
        label.setText(content)
