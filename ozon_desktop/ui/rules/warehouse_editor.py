"""The rule of one Ozon warehouse: how it is filled, by which store warehouses in which order, by which share."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from ozon_desktop.domain.stock_rules import Spread
from ozon_desktop.domain.store_catalog import StoreWarehouse
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.rules.numbers import ShortLine
from ozon_desktop.ui.rules.part import Room
from ozon_desktop.ui.rules.warehouse_model import Draft
from ozon_desktop.ui.widgets import ComboBox, Field, RowDelegate, WrappedLabel, row_height

STORE_ID = Qt.ItemDataRole.UserRole
FEEDING = frozenset({Spread.SUM, Spread.PRIORITY, Spread.SHARE})


class WarehouseEditor(QWidget):
    """`edited` carries the Draft as it stands now."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stores: Sequence[StoreWarehouse] = ()
        self.title = WrappedLabel("", role="heading")
        self.spread = ComboBox("warehouse_spread", "Не выбрано")
        self.spread_field = Field("Как наполнять", self.spread)
        self.share = ShortLine("warehouse_share", "Доля, %")
        self.share_field = Field("Доля, %", self.share)
        self.list = QListWidget()
        self.list.setObjectName("warehouse_stores")
        self.list.setItemDelegate(RowDelegate(self.list))
        self.list.setMinimumHeight(row_height(self.list) * 3)
        set_role(self.list, "boxed")
        self.list_title = WrappedLabel("С каких складов магазина", role="label")
        self.list_title.setBuddy(self.list)
        self.list.setAccessibleName(self.list_title.text())
        self.fault_label = WrappedLabel("", role="error")
        self.fault_label.setObjectName("warehouse_fault")
        self.up = QPushButton("Выше")
        self.down = QPushButton("Ниже")
        for button, name, spoken in (
            (self.up, "store_up", "Склад магазина выше"),
            (self.down, "store_down", "Склад магазина ниже"),
        ):
            button.setObjectName(name)
            button.setAccessibleName(spoken)
            button.setAutoDefault(False)
        self._lay_out()
        self.spread.currentIndexChanged.connect(self._edited)
        self.share.textEdited.connect(self._edited)
        self.list.itemChanged.connect(self._edited)
        self.list.currentRowChanged.connect(self._show_buttons)
        self.up.clicked.connect(self._up)
        self.down.clicked.connect(self._down)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        order = QHBoxLayout()
        order.addWidget(self.up)
        order.addWidget(self.down)
        order.addStretch(1)
        for widget in (self.title, self.spread_field, self.share_field, self.list_title):
            column.addWidget(widget)
        column.addWidget(Room(self.list), 1)
        column.addWidget(self.fault_label)
        column.addLayout(order)
        column.addStretch(0)

    def show_draft(self, title: str, draft: Draft, stores: Sequence[StoreWarehouse]) -> None:
        """Shows the rule of a warehouse; chosen store warehouses stand first, in their order."""
        self._stores = stores
        self.title.setText(title)
        choices = (
            (None, "Без своего правила"),
            (Spread.SUM, "Сумма складов"),
            (Spread.PRIORITY, "По очереди: первый, где есть товар"),
            (Spread.SHARE, "Доля остатка складов"),
            (Spread.LEAVE, "Не трогать: наполняет другая программа"),
        )
        self.spread.set_choices(choices, draft.spread)
        self.share.setText(draft.share)
        blocked = self.list.blockSignals(True)
        self.list.clear()
        names = {store.id: store.name for store in stores}
        for store_id in (*draft.store_ids, *(store.id for store in stores if store.id not in draft.store_ids)):
            item = QListWidgetItem(names.get(store_id, "Склад, которого больше нет в магазине"))
            item.setData(STORE_ID, store_id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if store_id in draft.store_ids else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(blocked)
        self._show_use(draft)

    def draft(self) -> Draft:
        spread = self.spread.chosen
        items = [self.list.item(row) for row in range(self.list.count())]
        chosen = tuple(str(item.data(STORE_ID)) for item in items if item.checkState() is Qt.CheckState.Checked)
        return Draft(spread if isinstance(spread, Spread) else None, chosen, self.share.text())

    def wrong(self) -> QWidget | None:
        """The control to correct."""
        fault = self.draft().fault()
        return {"": None, "stores": self.list, "share": self.share}[fault]

    def _show_use(self, draft: Draft) -> None:
        feeding = draft.spread in FEEDING
        self.share_field.setVisible(draft.spread is Spread.SHARE)
        for widget in (self.list_title, self.list):
            widget.setVisible(feeding)
        for button in (self.up, self.down):
            # The order says which warehouse is emptied first also where all of them are summed; it is chosen where it decides.
            button.setVisible(draft.spread is Spread.PRIORITY)
        fault = draft.fault()
        none = "В магазине нет складов: загрузите выгрузку с остатками."
        self.fault_label.setText(("Отметьте хотя бы один склад." if self._stores else none) if fault == "stores" else "")
        self.fault_label.setVisible(fault == "stores")
        self.share_field.set_error("Доля — больше 0 и не больше 100 %" if fault == "share" else None)
        self._show_buttons()

    def _show_buttons(self, *_: object) -> None:
        row = self.list.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)

    def _edited(self, *_: object) -> None:
        draft = self.draft()
        self._show_use(draft)
        self.edited.emit(draft)

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if not 0 <= row + by < self.list.count():
            return
        blocked = self.list.blockSignals(True)
        item = self.list.takeItem(row)
        self.list.insertItem(row + by, item)
        self.list.setCurrentRow(row + by)
        self.list.blockSignals(blocked)
        # A disabled button would take the focus of the keyboard with it.
        at_end = row + by in {0, self.list.count() - 1}
        if at_end and (self.up.hasFocus() or self.down.hasFocus()):
            self.list.setFocus()
        self._edited()
