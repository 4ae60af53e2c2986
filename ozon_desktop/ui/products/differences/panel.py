"""«Отличия от Ozon»: the store's card and the cabinet's field by field, and whose value wins."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QPlainTextEdit, QStyleOptionViewItem, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card_differences import CardDifference, Side
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.products.differences.menu import differences_menu
from ozon_desktop.ui.products.differences.model import OZON, STORE, DifferencesModel
from ozon_desktop.ui.products.differences.session import Comparison, DifferencesSession
from ozon_desktop.ui.widgets import ComboBox, Field, LeftElideDelegate, WrappedLabel
from ozon_desktop.ui.widgets.keys import DELETE, KeyActions
from ozon_desktop.ui.widgets.row_table import RowTable
from ozon_desktop.ui.widgets.tool_dialog import Body, ToolDialog, make_button

TOPICS = frozenset({"store", "tree", "settings", "mapping", "cards", "sync"})
LEFT, RIGHT = frozenset({Qt.Key.Key_Left}), frozenset({Qt.Key.Key_Right})


class DifferencesPanel(ToolDialog):
    """product_ids: only these products; None = all."""

    def __init__(self, context: WindowContext, product_ids: Sequence[str] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(context, "differences", "Отличия от Ozon", parent, heading="")
        self._session = DifferencesSession(context, product_ids, self)
        self._known: Comparison | None = None
        self.model = DifferencesModel(context.theme, self)
        self.title = WrappedLabel("", role="heading")
        self.about = WrappedLabel("", role="hint")
        self.all_button = make_button("Показать &все товары", "differences_all")
        self.field_box = ComboBox("differences_field", "")
        self.field_box.setAccessibleName("Поле")
        self.undecided = QCheckBox("Только &не решённые")
        self.undecided.setObjectName("differences_undecided")
        label = "Отличия: ← взять из магазина, → взять с Ozon, Delete снять выбор"
        self.table = RowTable(self.model, name="differences_table", label=label, state=context.state)
        values = _ValueDelegate(self.model, self.table)
        for column in (STORE, OZON):
            self.table.setItemDelegateForColumn(column, values)
        self.store_text, self.ozon_text = self._value("differences_store"), self._value("differences_ozon")
        self.explanation = WrappedLabel("", role="hint")
        self._lay_out()
        self._connect()
        self._show_parts()
        self.refresh()

    def _value(self, name: str) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setObjectName(name)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setFixedHeight(text.fontMetrics().lineSpacing() * 3 + 20)
        return text

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.all_button)
        filters = QHBoxLayout()
        filters.setSpacing(12)
        filters.addWidget(self.add_search("Найти товар или значение", self.table), 3)
        filters.addWidget(self.field_box, 2)
        filters.addWidget(self.undecided)
        self.body.addLayout(head)
        self.body.addWidget(self.about)
        self.body.addLayout(filters)
        self.add_content(self.table)
        self._values = QWidget()
        values = QHBoxLayout(self._values)
        values.setContentsMargins(0, 0, 0, 0)
        values.setSpacing(12)
        self.store_field = Field("В магазине", self.store_text)
        values.addWidget(self.store_field)
        values.addWidget(Field("На Ozon", self.ozon_text))
        self.body.addWidget(self._values)
        self.body.addWidget(self.explanation)
        self.store_button = self.add_button("← Из &магазина", "differences_take_store")
        self.ozon_button = self.add_button("С &Ozon →", "differences_take_ozon")
        self.clear_button = self.add_button("&Снять выбор", "differences_clear")
        self.more_button = self.add_button("&Товары и правила…", "differences_more")
        self.close_button.setText("Закр&ыть")
        self.finish(None, "", 1100, 700)

    def _connect(self) -> None:
        self.all_button.clicked.connect(self._show_all)
        self.empty.acted.connect(self._show_all)
        self.search.searched.connect(self._searched)
        self.field_box.currentIndexChanged.connect(self._filter)
        self.undecided.toggled.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(self.show_state)
        self.table.selectionModel().currentChanged.connect(self.show_state)
        self.model.dataChanged.connect(self.show_state)
        keys = KeyActions(self.table)
        keys.on(LEFT, self._take_store)
        keys.on(RIGHT, self._take_ozon)
        keys.on(DELETE, self._take_back)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.store_button.clicked.connect(self._take_store)
        self.ozon_button.clicked.connect(self._take_ozon)
        self.clear_button.clicked.connect(self._take_back)
        self.more_button.clicked.connect(self._open_more)
        self._session.applied.connect(self._show_applied)
        self._session.failed.connect(self.show_error)
        self.context.data_changed.connect(self._data_changed)

    # --- reading ----------------------------------------------------------------------------------------------------

    def show_products(self, product_ids: Sequence[str] | None) -> None:
        """Compare these products instead; None = all."""
        self._session.products = None if product_ids is None else tuple(product_ids)
        self._known = None
        self._show_parts()
        self.refresh()

    def refresh(self) -> None:
        """Compare again; works offline."""
        self.start_reading(self._session.compare())

    def _show_all(self) -> None:
        self.show_products(None)

    def _data_changed(self, topic: str) -> None:
        if topic in TOPICS and not self._session.writing:
            self.refresh()

    def show_read(self, result: Comparison) -> None:
        if self._session.writing:
            # It shows the state before this choice; after it the comparison is read again.
            return
        first, self._known = self._known is None, result
        self.model.name_with(result.names)
        self.table.keeping_place(partial(self._fill, result))
        self._show_parts()
        self._show_kept()
        if first:
            self.table.take_focus(self)

    def _fill(self, known: Comparison) -> None:
        self.model.show_rows(known.rows)
        field_now, fields = self.field_box.chosen, self.model.fields()
        choices: list[tuple[object, str]] = [("", "Все поля")]
        choices += [(field, f"{label} · {wording.number(count)}") for field, label, count in fields]
        self.field_box.set_choices(choices, field_now if field_now in {field for field, _, _ in fields} else "")
        self._filter()

    def _filter(self) -> None:
        self.model.filter(field=str(self.field_box.chosen or ""), undecided=self.undecided.isChecked())
        self._show_parts()

    def _searched(self, text: str) -> None:
        self.model.search(text)
        self._show_parts()

    def _show_parts(self) -> None:
        known = self._known
        rows = known is not None and bool(self.model.rowCount())
        self.show_body(Body.LOADING if known is None else Body.CONTENT if rows else Body.EMPTY)
        self.all_button.setVisible(known is not None and self._session.products is not None)
        for label in (self.title, self.about):
            label.setVisible(known is not None)
        for control in (self.search, self.field_box, self.undecided):
            control.setVisible(known is not None and bool(self.model.total))
        for part in (self._values, self.explanation, self.store_button, self.ozon_button, self.clear_button, self.more_button):
            part.setVisible(rows)
        if known is not None:
            self._show_counts(known)
        self.show_state()

    def _show_counts(self, known: Comparison) -> None:
        total, products, undecided = self.model.counts()
        goods = wording.plural(products, "товара", "товаров", "товаров")
        count = wording.plural(total, "отличие", "отличия", "отличий")
        text = f"{count} у {goods}, не решено: {wording.number(undecided)}"
        self.title.setText(text if total else "Отличий нет")
        self.undecided.setText(f"Только &не решённые ({wording.number(undecided)})")
        moment = known.loaded_at
        when = wording.when(moment, self.context.application.clock()) if moment is not None else ""
        self.about.setText(f"Сравнение с карточками, загруженными с Ozon {when}." if when else "")
        self.about.setToolTip(wording.exact(moment) if moment is not None else "")
        if moment is None:
            self.empty.set_state("Сравнивать пока не с чем: загрузите карточки с Ozon")
        elif total:
            self.empty.set_state("По этому запросу ничего нет")
        else:
            self.empty.set_state("Карточки на Ozon такие же, как в магазине")

    def show_state(self, *_: object) -> None:
        """The values of the current row, and which buttons can be pressed."""
        current = self._current()
        self.store_text.setPlainText(self.model.value(current, STORE) if current is not None else "")
        self.ozon_text.setPlainText(self.model.value(current, OZON) if current is not None else "")
        self.store_field.set_hint(self.model.origin(current) if current is not None else "")
        self.explanation.setText(self.model.explanation(current) if current is not None else "")
        selected = self.table.selectionModel().hasSelection()
        for button in (self.store_button, self.ozon_button, self.clear_button, self.more_button):
            button.setEnabled(selected)

    def _current(self) -> CardDifference | None:
        row = self.table.currentIndex().row()
        return self.model.row(row) if 0 <= row < self.model.rowCount() else None

    # --- choosing ---------------------------------------------------------------------------------------------------

    def choose(self, side: Side | None) -> None:
        """←, →, Delete: for the selected fields of their products; None takes the choice back."""
        numbers = self.table.selected_numbers()
        rows = {number: self.model.row(number) for number in numbers}
        choosable = [number for number in numbers if rows[number].choosable]
        if len(choosable) < len(numbers):
            reason = next(self.model.explanation(row) for row in rows.values() if not row.choosable)
            self.bar.show_message(reason, "attention")
        self.model.mark(choosable, side)
        self._session.choose([rows[number] for number in choosable], side)

    def choose_products(self, side: Side | None) -> None:
        """All fields of the products of the selected rows."""
        self._session.choose_products(list(dict.fromkeys(row.product_id for row in self.table.selected_rows())), side)

    def propose_rule(self, field: str, side: Side | None) -> None:
        """Asks before a field's rule for all products, now and later: what it enters on products is not undone by taking it back."""
        label = next((label for name, label, _ in self.model.fields() if name == field), field)
        if side is None:
            self._session.make_rule(field, None)
            return
        text = "Всегда брать «{0}» из магазина: значения Ozon заменятся у всех товаров, сейчас и в будущем."
        if side is Side.OZON:
            text = "Всегда брать «{0}» с Ozon: у всех товаров, сейчас и после каждой загрузки карточек."
        self.bar.show_message(text.format(label), "attention", "Сделать правилом", partial(self._make_rule, field, side))
        self.bar.action.setFocus()

    def _make_rule(self, field: str, side: Side) -> None:
        self.bar.hide()
        self.table.take_focus(self)
        self._session.make_rule(field, side)

    def _take_store(self) -> None:
        self.choose(Side.STORE)

    def _take_ozon(self) -> None:
        self.choose(Side.OZON)

    def _take_back(self) -> None:
        self.choose(None)

    def _show_applied(self, products: int) -> None:
        goods = wording.plural(products, "товара", "товаров", "товаров")
        self.bar.show_message(f"Выбор сохранён и применён у {goods}.", "good")

    def _show_kept(self) -> None:
        """A choice taken back may hold by a wider one."""
        kept = self._session.still_chosen(self.model.rows)
        if kept:
            text = "Строк, где сторона выбрана для всего товара или правилом: {0}. Снимите этот выбор в «Товары и правила…»."
            self.bar.show_message(text.format(wording.number(kept)), "attention")

    def _menu(self) -> QMenu:
        return differences_menu(
            self,
            self.table.selected_rows(),
            self._current(),
            choose=self.choose,
            choose_products=self.choose_products,
            propose_rule=self.propose_rule,
        )

    def _open_menu(self, point: QPoint) -> None:
        self._menu().popup(self.table.viewport().mapToGlobal(point))

    def _open_more(self) -> None:
        menu = self._menu()
        menu.popup(self.more_button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))


class _ValueDelegate(LeftElideDelegate):
    """The path of a type is cut on the left, so that its own name is seen; other values are read from their beginning."""

    def __init__(self, model: DifferencesModel, parent: RowTable) -> None:
        super().__init__(parent)
        self._model = model

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if self._model.row(index.row()).field != "type_key":
            option.textElideMode = Qt.TextElideMode.ElideRight
