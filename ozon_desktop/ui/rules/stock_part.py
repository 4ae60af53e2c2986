"""The tab «Остатки»: by the names of warehouses or by rules, what is kept back, and the rule of each Ozon warehouse."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.sold_pieces import WriteOff
from ozon_desktop.domain.stock_rules import MAX_STOCK, StockRules, WarehouseRule
from ozon_desktop.services.sync.rules import SyncRules
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.rules.numbers import ShortLine, whole_of
from ozon_desktop.ui.rules.part import Room, RulesPart, first_wrong
from ozon_desktop.ui.rules.warehouse_editor import WarehouseEditor
from ozon_desktop.ui.rules.warehouse_model import Draft, WarehouseModel, WarehouseRow
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.widgets import ColumnFitter, Field, FieldRow, WrappedLabel
from ozon_desktop.ui.widgets.tables import make_table
from ozon_desktop.wording.sync_rules import WRITE_OFFS, write_off_hint


class StockPart(RulesPart):
    """`by_rules_changed`: whether there are rules at all."""

    by_rules_changed = Signal(bool)

    def __init__(self, state: WindowState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: SyncRules | None = None
        self._rows: list[WarehouseRow] = []
        self.by_rules = False
        self.state_text = WrappedLabel("")
        self.state_text.setObjectName("stock_rules_state")
        self.switch = QPushButton()
        self.switch.setObjectName("stock_rules_switch")
        self.switch.setAutoDefault(False)
        self.scheme_note = WrappedLabel("", role="hint")
        self.scheme_note.setObjectName("stock_scheme_note")
        self.reserve, self.limit = ShortLine("stock_reserve"), ShortLine("stock_limit")
        self.reserve_field = Field("Резерв, шт.", self.reserve, hint="Столько всегда остаётся в магазине")
        self.limit_field = Field("Нижний предел, шт.", self.limit, hint="Если осталось меньше, отправляется ноль")
        self.write_off = QComboBox()
        self.write_off.setObjectName("stock_write_off")
        for value, text in WRITE_OFFS.items():
            self.write_off.addItem(text, value)
        self.write_off_field = Field("Проданное на Ozon", self.write_off, hint=write_off_hint(WriteOff.AT_SHIPMENT))
        self.model = WarehouseModel(self)
        self.table = make_table("warehouse_table", "Склады Ozon", rows=3)
        # The order of the warehouses is that in which they are filled.
        self.table.setSortingEnabled(False)
        self.table.setModel(self.model)
        ColumnFitter(self.table, self.model.widths, state, "warehouse_rules")
        self.up, self.down = QPushButton("Склад Ozon выше"), QPushButton("Склад Ozon ниже")
        for button, name in ((self.up, "warehouse_up"), (self.down, "warehouse_down")):
            button.setObjectName(name)
            button.setAutoDefault(False)
        self.none = WrappedLabel(
            "Склады кабинета ещё не прочитаны: пересчитайте изменения на странице «Синхронизация», и они появятся здесь.",
            role="attention",
        )
        self.none.setObjectName("no_ozon_warehouses")
        self.editor = WarehouseEditor()
        self.content = QWidget()
        self._lay_out()
        self.switch.clicked.connect(self._switch)
        for line in (self.reserve, self.limit):
            line.textEdited.connect(self._edited)
        self.write_off.currentIndexChanged.connect(self._write_off_chosen)
        self.table.selectionModel().currentRowChanged.connect(self._show_row)
        self.editor.edited.connect(self._draft_edited)
        self.up.clicked.connect(self._up)
        self.down.clicked.connect(self._down)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.switch)
        head.addStretch(1)
        general = QHBoxLayout()
        general.setSpacing(16)
        fields = (self.reserve_field, self.limit_field)
        for field in fields:
            general.addWidget(field, 1)
        FieldRow(fields, self)
        left = QVBoxLayout()
        left.setSpacing(8)
        order = QHBoxLayout()
        order.addWidget(self.up)
        order.addWidget(self.down)
        order.addStretch(1)
        hint = "Склады наполняются сверху вниз: что взял верхний, нижнему не достанется, поэтому лишнего не продать."
        left.addWidget(Room(self.table), 1)
        left.addWidget(self.none)
        left.addLayout(order)
        left.addWidget(WrappedLabel(hint, role="hint"))
        sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addLayout(left, 3)
        sides.addWidget(self.editor, 2)
        inside = QVBoxLayout(self.content)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addLayout(general)
        inside.addLayout(sides, 1)
        for label in (self.state_text, self.scheme_note):
            self.column.addWidget(label)
        self.column.addLayout(head)
        # Beside the rules, not among them: it holds also where warehouses meet by name.
        self.write_off_field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.column.addWidget(self.write_off_field)
        self.column.addWidget(self.content, 1)
        self.column.addStretch(0)

    # --- showing --------------------------------------------------------------------------------------------------------

    def show_rules(self, view: SyncRules) -> None:
        self._view = view
        self.model.words.stores = {store.id: store.name for store in view.store_warehouses}
        self._show_scheme(view.scheme)
        stocks = view.stocks or StockRules()
        self._take(stocks, by_rules=not stocks.only_write_off)

    def _take(self, shown: StockRules, *, by_rules: bool) -> None:
        view = self._view
        houses = {house.id: house for house in view.ozon_warehouses} if view is not None else {}
        rfbs = view is not None and view.scheme is Scheme.RFBS
        drafts = {rule.ozon_id: Draft.of(rule) for rule in shown.warehouses}
        self._rows = []
        for ozon_id in dict.fromkeys((*drafts, *houses)):
            house = houses.get(ozon_id)
            fits = house is not None and house.active and house.is_rfbs == rfbs
            self._rows.append(WarehouseRow(ozon_id, house, drafts.get(ozon_id, Draft()), fits))
        self.reserve.setText(str(shown.reserve))
        self.limit.setText(str(shown.lower_limit))
        blocked = self.write_off.blockSignals(True)
        self.write_off.setCurrentIndex(self.write_off.findData(shown.write_off))
        self.write_off.blockSignals(blocked)
        self._show_write_off()
        self._show_by_rules(by_rules)
        self._show_table(max(self.table.currentIndex().row(), 0))
        self.fault()

    def _show_by_rules(self, by_rules: bool) -> None:
        self.by_rules = by_rules
        by_name = (
            "Правила не заданы: склады сопоставляются по названию, остаток остальных складов магазина идёт на первый склад Ozon. "
            "Отправляется весь остаток."
        )
        self.state_text.setText("Остатки распределяются по правилам." if by_rules else by_name)
        self.switch.setText("Вернуться к названиям складов" if by_rules else "Задать правила")
        self.content.setVisible(by_rules)
        self.by_rules_changed.emit(by_rules)

    def _show_scheme(self, scheme: Scheme | None) -> None:
        fbo = (
            "Схема работы — FBO: остатки лежат на складах Ozon. Программа их читает и показывает («Проверить остатки на Ozon»), но не "
            "отправляет; правила начнут действовать при схеме FBS или rFBS."
        )
        other = "Остатки FBO, если они есть, только читаются и показываются: их программа не отправляет."
        is_fbo = scheme is Scheme.FBO
        self.scheme_note.setText(fbo if is_fbo else other)
        set_role(self.scheme_note, "attention" if is_fbo else "hint")

    def _show_table(self, row: int) -> None:
        self.model.words.by_name = not any(one.draft.spread is not None for one in self._rows)
        self.model.show_rows(tuple(self._rows))
        self.table.setVisible(bool(self._rows))
        self.none.setVisible(not self._rows)
        self.editor.setVisible(bool(self._rows))
        if self._rows:
            self.table.selectRow(min(row, len(self._rows) - 1))
        self._show_row()

    def _show_row(self, *_: object) -> None:
        number = self.table.currentIndex().row()
        row = self.model.row_at(number)
        self.up.setVisible(len(self._rows) > 1)
        self.down.setVisible(len(self._rows) > 1)
        self.up.setEnabled(number > 0)
        self.down.setEnabled(0 <= number < len(self._rows) - 1)
        if row is not None and self._view is not None:
            self.editor.show_draft(f"Склад Ozon «{row.name}»", row.draft, self._view.store_warehouses)

    # --- editing ------------------------------------------------------------------------------------------------------

    def _switch(self) -> None:
        """To rules, or back to names: then rules and exceptions go."""
        self._take(StockRules(write_off=self._write_off()), by_rules=not self.by_rules)
        self.changed.emit()

    def _draft_edited(self, draft: Draft) -> None:
        number = self.table.currentIndex().row()
        if not 0 <= number < len(self._rows):
            return
        old = self._rows[number]
        self._rows[number] = WarehouseRow(old.ozon_id, old.house, draft, old.fits)
        self.model.words.by_name = not any(one.draft.spread is not None for one in self._rows)
        self.model.rows_changed(tuple(self._rows))
        self.changed.emit()

    def _up(self) -> None:
        self._move(-1)

    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        number = self.table.currentIndex().row()
        if not 0 <= number + by < len(self._rows):
            return
        self._rows.insert(number + by, self._rows.pop(number))
        if number + by in {0, len(self._rows) - 1}:
            # A disabled button would take the focus of the keyboard with it.
            self.table.setFocus()
        self._show_table(number + by)
        self.changed.emit()

    def _write_off_chosen(self, *_: object) -> None:
        self._show_write_off()
        self._edited()

    def _show_write_off(self) -> None:
        """The line below says what is risked."""
        self.write_off_field.set_hint(write_off_hint(self._write_off()))

    def _write_off(self) -> WriteOff:
        return WriteOff(self.write_off.currentData())

    def _edited(self, *_: object) -> None:
        self.fault()
        self.changed.emit()

    # --- what is entered ----------------------------------------------------------------------------------------------

    def rules(self) -> StockRules | None:
        """The rules as they stand, without exceptions; None = warehouses meet by name, and sold pieces are treated as usual."""
        if not self.by_rules:
            bare = StockRules(write_off=self._write_off())
            return None if bare == StockRules() else bare
        made = (row.draft.rule(row.ozon_id) for row in self._rows)
        warehouses: tuple[WarehouseRule, ...] = tuple(rule for rule in made if rule is not None)
        reserve, limit = whole_of(self.reserve.text()), whole_of(self.limit.text())
        return StockRules(warehouses, reserve or 0, limit or 0, self._write_off())

    def state(self) -> object:
        if not self.by_rules:
            return self._write_off()
        drafts = tuple((row.ozon_id, row.draft) for row in self._rows if row.draft.spread is not None)
        return drafts, self.reserve.text(), self.limit.text(), self._write_off()

    def fault(self) -> QWidget | None:
        """The first field to correct; the Ozon warehouse with a wrong rule is chosen by `choose_wrong`."""
        for field in (self.reserve_field, self.limit_field):
            number = whole_of(field.editor.text()) if isinstance(field.editor, ShortLine) else None
            fits = number is not None and number <= MAX_STOCK
            error = None if fits or not self.by_rules else "Целое число, не меньше нуля"
            if field.error != error:
                field.set_error(error)
        wrong = first_wrong(self.reserve_field, self.limit_field)
        if wrong is not None or not self.by_rules:
            return wrong
        return self.table if any(row.draft.fault() for row in self._rows) else None

    def choose_wrong(self) -> QWidget | None:
        """Shows the first Ozon warehouse whose rule is wrong, and gives the control to correct."""
        wrong = next((number for number, row in enumerate(self._rows) if row.draft.fault()), None)
        if wrong is None:
            return None
        self.table.selectRow(wrong)
        return self.editor.wrong()
