"""The page «Заказы»: the table of postings, one of them in detail, fetching, the export to the store, labels."""

from datetime import datetime

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QTableView, QWidget

from ozon_desktop import wording
from ozon_desktop.services.orders.view import OrdersFetched, OrdersView
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.orders.actions import OrderActions
from ozon_desktop.ui.orders.panel import OrderPanel
from ozon_desktop.ui.orders.session import OrdersSession
from ozon_desktop.ui.orders.table_model import GOODS, OrderTableModel
from ozon_desktop.ui.page import Page
from ozon_desktop.ui.widgets import Card, ColumnFitter, EmptyState, SearchField, WrappedLabel
from ozon_desktop.ui.widgets.delegates import MiddleElideDelegate
from ozon_desktop.ui.widgets.tables import set_up_table
from ozon_desktop.wording.order_hand_over import hand_over_line
from ozon_desktop.wording.orders import not_exported_text, order_state_text, scheme_text

MOST_KEPT = 200
"""Selected orders that stay selected when the list is read again."""


class OrdersPage(Page):
    topics = frozenset({"orders", "integration"})

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "Заказы", parent=parent)
        self.session = OrdersSession(context, self)
        self._opened = ""
        self._chosen: set[str] = set()
        self.model = OrderTableModel(context.theme, context.application.clock, self)
        self.table = self._make_table()
        self.search = SearchField("Найти по номеру, артикулу или названию", name="order_search")
        self.status = self._box("order_status", "Статус")
        self.scheme = self._box("order_scheme", "Схема")
        self.none_found = WrappedLabel("По этому запросу заказов нет", role="hint")
        self.none_found.hide()
        self.sums = WrappedLabel("", role="hint")
        self.sums.setObjectName("orders_sums")
        self.panel = OrderPanel()
        self.panel.hide()
        self.empty = EmptyState("", name="orders_empty")
        self.store = OrderActions(context, self.session, self.model, self.table)
        self.form, self.export, self.labels = self.store.form, self.store.export, self.store.labels
        self.fetch = QPushButton("&Получить заказы")
        self.fetch.setObjectName("fetch_orders")
        for button in (self.labels, self.store.setup, self.export):
            self.add_action(button)
        self.add_action(self.fetch, primary=True)
        self._compose()
        self._connect()

    @staticmethod
    def _box(name: str, accessible: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(accessible)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def _make_table(self) -> QTableView:
        table = QTableView()
        set_up_table(table, "order_table", "Заказы")
        table.setModel(self.model)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setItemDelegateForColumn(GOODS, MiddleElideDelegate(table))
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.context.state.restore_header("orders", table.horizontalHeader())
        ColumnFitter(table, self.model.widths, self.context.state, "orders")
        return table

    def _compose(self) -> None:
        filters = QHBoxLayout()
        filters.setSpacing(12)
        filters.addWidget(self.search, 1)
        filters.addWidget(self.status)
        filters.addWidget(self.scheme)
        card = Card()
        card.body.addLayout(filters)
        card.body.addWidget(self.none_found)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.sums)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setHandleWidth(16)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(card)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([720, 380])
        self.context.state.restore_splitter("orders", self.splitter)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.splitter)
        self.stack.addWidget(self.empty)
        self.body.addWidget(self.form)
        self.body.addWidget(self.stack, 1)

    def _connect(self) -> None:
        session = self.session
        session.read.connect(self._arrived)
        session.unread.connect(self._failed)
        session.history.connect(self._show_history)
        session.fetching.connect(self._fetch_started)
        session.fetched.connect(self._fetched)
        session.not_fetched.connect(self._fetch_failed)
        self.store.reported.connect(self.show_message)
        self.store.failed.connect(self.show_error)
        self.search.searched.connect(self._filter)
        self.status.currentIndexChanged.connect(self._filter)
        self.scheme.currentIndexChanged.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.panel.offer_opened.connect(self._open_product)
        self.fetch.clicked.connect(session.fetch)
        self.empty.acted.connect(self._empty_acted)
        self.context.job_started.connect(self._update_actions)
        self.context.job_ended.connect(self._update_actions)

    # --- what the frame asks ----------------------------------------------------------------------------------------

    def refresh(self) -> None:
        if not self.context.integration_id:
            self._show_empty("Сначала подключите кабинет Ozon", "Открыть «Интеграция»")
            return
        self.set_loading(self.session.view is None)
        self.session.refresh()

    def set_integration(self, integration_id: object) -> None:
        self.session.view = None
        self._opened = ""
        self._chosen = set()
        self.panel.hide()
        self.store.setup.setChecked(False)
        self.hide_message()
        super().set_integration(integration_id)

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def open_payload(self, payload: object) -> None:
        """«fetch» gets the orders; a posting number selects its order."""
        if payload == "fetch":
            self.session.fetch()
        elif isinstance(payload, str):
            self._opened, self._chosen = payload, {payload}
            self._select_again()

    def hideEvent(self, event: QHideEvent) -> None:
        self.context.state.keep_header("orders", self.table.horizontalHeader())
        if not self.panel.isHidden():
            self.context.state.keep_splitter("orders", self.splitter)
        super().hideEvent(event)

    # --- the table --------------------------------------------------------------------------------------------------

    def _arrived(self, view: OrdersView) -> None:
        self.set_loading(False)
        scroll = self.table.verticalScrollBar().value()
        self.model.show_orders(view)
        self._fill_statuses()
        if not view.orders:
            self._show_empty("Заказов ещё нет: программа приносит их из Ozon при каждой синхронизации", "Получить заказы")
            return
        self.stack.setCurrentWidget(self.splitter)
        self.table.verticalScrollBar().setValue(scroll)
        self._update_actions()
        total = wording.plural(self.model.total, "заказ", "заказа", "заказов")
        self.set_status_line(f"{total}, {hand_over_line(view.connection, self.model.new)}")

    def _failed(self, error: object) -> None:
        self.set_loading(False)
        self.show_error(error, "Повторить", self.refresh)

    def _show_empty(self, text: str, button: str) -> None:
        self.empty.set_state(text, button)
        self.stack.setCurrentWidget(self.empty)
        self.set_status_line("Заказов нет")
        self._update_actions()

    def _fill_statuses(self) -> None:
        for box, all_, values, words in (
            (self.status, "Все статусы", self.model.statuses(), lambda state: wording.capital(order_state_text(state))),
            (self.scheme, "Все схемы", self.model.schemes(), scheme_text),
        ):
            chosen = box.currentData() or ""
            box.blockSignals(True)
            box.clear()
            box.addItem(all_, "")
            for value in values:
                box.addItem(words(value), value)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.blockSignals(False)
        self._filter()

    def _filter(self) -> None:
        self.model.show_filter(self.search.text(), self.status.currentData() or "", self.scheme.currentData() or "")
        self.none_found.setVisible(bool(self.model.total) and not self.model.rowCount())
        shown = wording.plural(self.model.rowCount(), "заказ", "заказа", "заказов")
        sums = " + ".join(wording.money(total, currency) for currency, total in self.model.sums().items())
        self.sums.setText(f"Показано: {shown} на {sums}" if sums else "")
        self._select_again()

    def _select_again(self) -> None:
        """What was selected stays so, as far as it is shown."""
        rows = self.model.numbers_of(self._chosen)
        chosen = QItemSelection()
        for row in rows:
            chosen.select(self.model.index(row, 0), self.model.index(row, self.model.columnCount() - 1))
        if rows:
            selection = self.table.selectionModel()
            selection.setCurrentIndex(self.model.index(rows[0], 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            selection.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.store.update_labels()

    def _selected(self) -> None:
        rows = [index.row() for index in self.table.selectionModel().selectedRows()]
        self.store.update_labels()
        if not rows or self.session.view is None:
            return
        numbers = [self.model.order(row).posting.posting_number for row in rows[:MOST_KEPT]]
        self._chosen = set(numbers)
        if self._opened in self._chosen and self.panel.isVisible() and len(rows) > 1:
            return
        entry = self.model.row(rows[0])
        self._opened = entry.number
        self.panel.show_order(entry, self.session.view, self.context.application.clock())
        self.panel.show()
        self.session.ask_history(self._opened)

    def _show_history(self, number: str, states: list[tuple[datetime, str]]) -> None:
        if number == self._opened:
            self.panel.show_history(states, self.context.application.clock())

    def _open_product(self, offer_id: str) -> None:
        self.context.go_to.emit("products", offer_id)

    # --- fetching and exporting -------------------------------------------------------------------------------------

    def _update_actions(self) -> None:
        long = self.context.long_job
        why = f"Идёт другая работа: {long.title}" if long is not None else ""
        if not self.context.integration_id:
            why = "Сначала подключите кабинет Ozon"
        self.fetch.setEnabled(not why)
        self.fetch.setToolTip(why)
        self.empty.button.setEnabled(not why or not self.context.integration_id)
        self.store.update()

    def _empty_acted(self) -> None:
        if self.context.integration_id:
            self.session.fetch()
        else:
            self.context.go_to.emit("integration", None)

    def _fetch_started(self) -> None:
        self.hide_message()
        self.set_status_line("Получаю заказы из Ozon…")

    def _fetched(self, fetched: OrdersFetched) -> None:
        new = wording.plural(fetched.new, "новый заказ", "новых заказа", "новых заказов")
        words = "Из Ozon пришло: {new}, обновлено прежних: {updated}" if fetched.new else "Новых заказов нет, обновлено прежних: {updated}"
        text = words.format(new=new, updated=wording.number(fetched.updated))
        if fetched.not_exported is not None:
            words = f"{text}. {not_exported_text(fetched.not_exported)}"
            self.show_message(words, "attention", *self.store.remedy(fetched.not_exported))
        else:
            self.show_message(text, "good" if fetched.new else "info")

    def _fetch_failed(self, error: object) -> None:
        self.show_error(error, "Повторить", self.session.fetch)
