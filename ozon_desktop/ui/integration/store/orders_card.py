"""What the store has of the orders and what waits, with the numbers people use there, so that both sides can be compared by eye."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.services.store.overview import OrderInStore, StoreOverview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import Card, ColumnFitter, LeastRows, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.widgets.row_table_model import Column, RowTableModel
from ozon_desktop.ui.widgets.tables import LowTable, set_up_table
from ozon_desktop.wording import plural
from ozon_desktop.wording.store_connection import kind_text
from ozon_desktop.wording.store_exchange import orders_heading, orders_line, placed_text

LEAST = 4
WIDEST = 52
"""Characters the table has room for at the least, when its numbers need them."""


class StoreOrdersCard(Card):
    """orders_asked: the page of orders; order_asked(posting number): one of them there."""

    orders_asked = Signal()
    order_asked = Signal(str)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__("Заказы для магазина", parent)
        self.all = QPushButton("Все заказы")
        self.all.setObjectName("all_orders")
        set_role(self.all, "link")
        self.head.addWidget(self.all, 0, Qt.AlignmentFlag.AlignTop)
        self.line = WrappedLabel("", role="hint")
        self.line.setObjectName("store_orders_line")
        theme = context.theme

        def colour(order: OrderInStore) -> QColor:
            return theme.color(_state(order)[1])

        columns: tuple[Column[OrderInStore], ...] = (
            Column("Отправление", lambda order: order.posting_number),
            Column("Номер там", _number),
            Column("Состояние", lambda order: _state(order)[0], tip=lambda order: order.problem or _state(order)[0], colour=colour),
        )
        self.model: RowTableModel[OrderInStore] = RowTableModel(columns, key=lambda order: order.posting_number, parent=self)
        self.table = LowTable()
        set_up_table(self.table, "store_order_table", "Заказы в магазине")
        self.table.setModel(self.model)
        LeastRows(self.table, LEAST)
        ColumnFitter(self.table, self.model.widths, context.state, "store_order_table")
        self.problem = QFrame()
        set_role(self.problem, "message-attention")
        self.problem_title = WrappedLabel("", role="label")
        self.problem_text = WrappedLabel("")
        self.problem_text.setObjectName("store_order_problem")
        self.problem_button = QPushButton("Открыть заказ")
        self.problem_button.setObjectName("open_problem_order")
        set_role(self.problem_button, "link")
        inside = QVBoxLayout(self.problem)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setSpacing(4)
        for widget in (self.problem_title, self.problem_text):
            inside.addWidget(widget)
        inside.addWidget(self.problem_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.setSpacing(8)
        self.body.addWidget(self.line)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.problem)
        self.all.clicked.connect(self.orders_asked)
        self.table.doubleClicked.connect(self._open)
        KeyActions(self.table).on(ENTER, self._open)
        self.table.selectionModel().currentRowChanged.connect(self._show_problem)
        self.problem_button.clicked.connect(self._open_problem)
        theme.changed.connect(self.model.rows_changed)
        self.table.horizontalHeader().sectionResized.connect(self._widen)

    def show_overview(self, overview: StoreOverview) -> None:
        connection = overview.connection
        self.set_heading(orders_heading(connection))
        self.line.setText(orders_line(connection, overview.placed, overview.waiting, overview.problems, overview.held))
        chosen = self.model.row_at(self.table.currentIndex().row())
        if self.model.update_rows(overview.orders) and chosen is not None:
            row = self.model.row_of(chosen.posting_number)
            if row >= 0:
                self.table.setCurrentIndex(self.model.index(row, 0))
        self.table.setVisible(bool(overview.orders))
        self.table.setAccessibleName(f"{orders_heading(connection)}, {kind_text(connection.kind)}")
        self._problems = overview.problems
        self._show_problem()

    def _widen(self) -> None:
        """Numbers are compared by eye: the card is as wide as they are, where they are not absurdly long."""
        bar = self.table.verticalScrollBar().sizeHint().width()
        wanted = self.table.horizontalHeader().length() + bar + 2 * self.table.frameWidth()
        self.table.setMinimumWidth(min(wanted, WIDEST * self.table.fontMetrics().averageCharWidth()))

    def _problem_order(self) -> OrderInStore | None:
        """The chosen order if something is wrong with it, else the first of those."""
        chosen = self.model.row_at(self.table.currentIndex().row())
        if chosen is not None and chosen.problem:
            return chosen
        return next((order for order in self.model.rows if order.problem), None)

    def _show_problem(self) -> None:
        order = self._problem_order()
        self.problem.setVisible(order is not None)
        if order is not None:
            self.problem_title.setText(plural(self._problems, "заказ не принят", "заказа не приняты", "заказов не приняты"))
            self.problem_text.setText(f"{order.posting_number}: {order.problem}")

    def _open(self) -> None:
        order = self.model.row_at(self.table.currentIndex().row())
        if order is not None:
            self.order_asked.emit(order.posting_number)

    def _open_problem(self) -> None:
        order = self._problem_order()
        if order is not None:
            self.order_asked.emit(order.posting_number)


def _number(order: OrderInStore) -> str:
    return (order.placed.number or order.placed.id) if order.placed is not None else "—"


def _state(order: OrderInStore) -> tuple[str, str]:
    return placed_text(order.placed, order.stage, order.problem)
