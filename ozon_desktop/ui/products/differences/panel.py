"""«Отличия от Ozon»: the store's card and the cabinet's field by field, and whose value wins."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QStyleOptionViewItem, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.card_differences import CardDifference, Side
from ozon_desktop.ui.products.differences.menu import differences_menu
from ozon_desktop.ui.products.differences.model import OZON, STORE, DifferencesModel
from ozon_desktop.ui.products.differences.reading import Call, Comparison, chosen, compared
from ozon_desktop.ui.widgets import ComboBox, EmptyState, Field, LeftElideDelegate, MessageBar, SearchField, Skeleton, WrappedLabel
from ozon_desktop.ui.widgets.keys import DELETE, ENTER, KeyActions
from ozon_desktop.ui.widgets.row_table import RowTable

if TYPE_CHECKING:
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.worker import Job

TOPICS = frozenset({"store", "tree", "settings", "mapping", "cards", "sync"})
LEFT, RIGHT = frozenset({Qt.Key.Key_Left}), frozenset({Qt.Key.Key_Right})


class DifferencesPanel(QDialog):
    """Does not block the window. product_ids: only these products; None = all."""

    def __init__(self, context: WindowContext, product_ids: Sequence[str] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = context.integration_id
        self._products = None if product_ids is None else tuple(product_ids)
        self._reading: Job | None = None
        self._known: Comparison | None = None
        self._writing = 0
        self._taken_back: set[Hashable] = set()
        self.setObjectName("differences")
        self.setWindowTitle("Отличия от Ozon")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model = DifferencesModel(context.theme, self)
        self.bar = MessageBar()
        self.title = WrappedLabel("", role="heading")
        self.title.setObjectName("differences_title")
        self.about = WrappedLabel("", role="hint")
        self.all_button = self._button("differences_all", "Показать &все товары")
        self.search = SearchField("Найти товар или значение", name="differences_search")
        self.field_box = ComboBox("differences_field", "")
        self.field_box.setAccessibleName("Поле")
        self.undecided = QCheckBox("Только &не решённые")
        self.undecided.setObjectName("differences_undecided")
        self.skeleton = Skeleton()
        self.empty = EmptyState("", name="differences_empty")
        label = "Отличия: ← взять из магазина, → взять с Ozon, Delete снять выбор"
        self.table = RowTable(self.model, name="differences_table", label=label, state=context.state)
        values = _ValueDelegate(self.model, self.table)
        for column in (STORE, OZON):
            self.table.setItemDelegateForColumn(column, values)
        self.store_text, self.ozon_text = self._value("differences_store"), self._value("differences_ozon")
        self.explanation = WrappedLabel("", role="hint")
        self.store_button = self._button("differences_take_store", "← Из &магазина")
        self.ozon_button = self._button("differences_take_ozon", "С &Ozon →")
        self.clear_button = self._button("differences_clear", "&Снять выбор")
        self.more_button = self._button("differences_more", "&Товары и правила…")
        self.close_button = self._button("differences_close", "Закр&ыть")
        self._lay_out()
        self._connect()
        self._show_parts()
        self.refresh()

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        # Enter must not press a button while another control has the focus.
        button.setAutoDefault(False)
        return button

    def _value(self, name: str) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setObjectName(name)
        text.setReadOnly(True)
        text.setTabChangesFocus(True)
        text.setFixedHeight(text.fontMetrics().lineSpacing() * 3 + 20)
        return text

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.all_button)
        filters = QHBoxLayout()
        filters.setSpacing(12)
        filters.addWidget(self.search, 3)
        filters.addWidget(self.field_box, 2)
        filters.addWidget(self.undecided)
        layout.addWidget(self.bar)
        layout.addLayout(head)
        layout.addWidget(self.about)
        layout.addLayout(filters)
        for contents in (self.skeleton, self.empty, self.table):
            layout.addWidget(contents, 1)
        self._values = QWidget()
        values = QHBoxLayout(self._values)
        values.setContentsMargins(0, 0, 0, 0)
        values.setSpacing(12)
        self.store_field = Field("В магазине", self.store_text)
        values.addWidget(self.store_field)
        values.addWidget(Field("На Ozon", self.ozon_text))
        layout.addWidget(self._values)
        layout.addWidget(self.explanation)
        buttons = QHBoxLayout()
        for button in (self.store_button, self.ozon_button, self.clear_button, self.more_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout.addLayout(buttons)
        size = QSize(1100, 700) * self._context.theme.scale
        self.resize(size.boundedTo(self.screen().availableSize()))

    def _connect(self) -> None:
        context = self._context
        self.all_button.clicked.connect(self._show_all)
        self.empty.acted.connect(self._show_all)
        self.search.searched.connect(self._searched)
        KeyActions(self.search).on(ENTER | {Qt.Key.Key_Down}, self._to_table)
        self.field_box.currentIndexChanged.connect(self._filter)
        self.undecided.toggled.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(self._update)
        self.table.selectionModel().currentChanged.connect(self._update)
        self.model.dataChanged.connect(self._update)
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
        self.close_button.clicked.connect(self.close)
        QShortcut(QKeySequence.StandardKey.Find, self, self._to_search)
        context.data_changed.connect(self._data_changed)
        context.theme.changed.connect(self.table.viewport().update)
        context.integration_changed.connect(self.close)

    # --- reading ----------------------------------------------------------------------------------------------------

    def show_products(self, product_ids: Sequence[str] | None) -> None:
        """Compare these products instead; None = all."""
        self._products = None if product_ids is None else tuple(product_ids)
        self._known = None
        self._show_parts()
        self.refresh()

    def refresh(self) -> None:
        """Compare again; works offline."""
        if self._reading is not None:
            self._reading.cancel()
        work = compared(self._context.application, self._integration_id, self._products)
        self._reading = self._context.worker.run(work, on_done=self._show, on_failed=self._reading_failed)

    def _show_all(self) -> None:
        self.show_products(None)

    def _data_changed(self, topic: str) -> None:
        if topic in TOPICS and not self._writing:
            self.refresh()

    def _reading_failed(self, error: object) -> None:
        self._reading = None
        self.skeleton.hide()
        self._show_error(error, "Повторить")

    def _again(self) -> None:
        self.bar.hide()
        self._show_parts()
        self.refresh()

    def _show(self, known: Comparison) -> None:
        self._reading = None
        first, self._known = self._known is None, known
        self.model.name_with(known.names)
        self.table.keeping_place(partial(self._fill, known))
        self._show_parts()
        self._tell_kept()
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

    def _to_table(self) -> None:
        self.search.returnPressed.emit()
        if self.model.rowCount():
            if not self.table.selectionModel().hasSelection():
                self.table.select_numbers([0])
            self.table.setFocus()

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _show_parts(self) -> None:
        known = self._known
        rows = known is not None and bool(self.model.rowCount())
        self.skeleton.setVisible(known is None)
        self.table.setVisible(rows)
        self.empty.setVisible(known is not None and not rows)
        self.all_button.setVisible(known is not None and self._products is not None)
        for label in (self.title, self.about):
            label.setVisible(known is not None)
        for control in (self.search, self.field_box, self.undecided):
            control.setVisible(known is not None and bool(self.model.total))
        for part in (self._values, self.explanation, self.store_button, self.ozon_button, self.clear_button, self.more_button):
            part.setVisible(rows)
        if known is not None:
            self._tell(known)
        self._update()

    def _tell(self, known: Comparison) -> None:
        total, products, undecided = self.model.counts()
        goods = wording.plural(products, "товара", "товаров", "товаров")
        count = wording.plural(total, "отличие", "отличия", "отличий")
        text = f"{count} у {goods}, не решено: {wording.number(undecided)}"
        self.title.setText(text if total else "Отличий нет")
        self.undecided.setText(f"Только &не решённые ({wording.number(undecided)})")
        moment = known.loaded_at
        told = wording.when(moment, self._context.application.clock()) if moment is not None else ""
        self.about.setText(f"Сравнение с карточками, загруженными с Ozon {told}." if told else "")
        self.about.setToolTip(wording.exact(moment) if moment is not None else "")
        if moment is None:
            self.empty.set_state("Сравнивать пока не с чем: загрузите карточки с Ozon")
        elif total:
            self.empty.set_state("По этому запросу ничего нет")
        else:
            self.empty.set_state("Карточки на Ozon такие же, как в магазине")

    def _update(self) -> None:
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
        numbered = [number for number in numbers if self.model.row(number).choosable]
        calls: dict[str, list[str]] = {}
        for number in numbered:
            row = self.model.row(number)
            calls.setdefault(row.field, []).append(row.product_id)
        if len(numbered) < len(numbers):
            reason = next(self.model.explanation(row) for row in map(self.model.row, numbers) if not row.choosable)
            self.bar.show_message(reason, "attention")
        if side is None:
            self._taken_back = {self.model.key(self.model.row(number)) for number in numbered}
        self.model.mark(numbered, side)
        self._write(side, [(tuple(products), field) for field, products in calls.items()], self._written)

    def choose_products(self, side: Side | None) -> None:
        """All fields of the products of the selected rows."""
        products = tuple(dict.fromkeys(row.product_id for row in self.table.selected_rows()))
        self._write(side, [(products, "")] if products else [], self._tell_changed if side is not None else self._written)

    def propose_rule(self, field: str, side: Side | None) -> None:
        """Asks before a field's rule for all products, now and later: what it enters on products is not undone by taking it back."""
        label = next((label for name, label, _ in self.model.fields() if name == field), field)
        if side is None:
            self._write(None, [((), field)], self._written)
            return
        text = "Всегда брать «{0}» из магазина: значения Ozon заменятся у всех товаров, сейчас и в будущем."
        if side is Side.OZON:
            text = "Всегда брать «{0}» с Ozon: у всех товаров, сейчас и после каждой загрузки карточек."
        self.bar.show_message(text.format(label), "attention", "Сделать правилом", partial(self._make_rule, field, side))
        self.bar.action.setFocus()

    def _make_rule(self, field: str, side: Side) -> None:
        self.bar.hide()
        self.table.take_focus(self)
        self._write(side, [((), field)], self._tell_changed)

    def _take_store(self) -> None:
        self.choose(Side.STORE)

    def _take_ozon(self) -> None:
        self.choose(Side.OZON)

    def _take_back(self) -> None:
        self.choose(None)

    def _write(self, side: Side | None, calls: list[Call], done: Callable[[int], object]) -> None:
        if not calls:
            return
        if self._reading is not None:
            # It would show the state before this choice.
            self._reading.cancel()
        self._writing += 1
        work = chosen(self._context.application.cabinet_cards, self._integration_id, side, calls)
        self._context.worker.run(work, on_done=done, on_failed=self._not_written, on_cancelled=self._written)

    def _written(self, *_: object) -> None:
        self._writing -= 1
        if not self._writing:
            self._context.data_changed.emit("cards")

    def _tell_changed(self, products: int) -> None:
        goods = wording.plural(products, "товара", "товаров", "товаров")
        self.bar.show_message(f"Выбор сохранён и применён у {goods}.", "good")
        self._written()

    def _not_written(self, error: object) -> None:
        self._taken_back.clear()
        self._show_error(error)
        self._written()

    def _tell_kept(self) -> None:
        """A choice taken back may hold by a wider one."""
        kept = sum(row.side is not None and self.model.key(row) in self._taken_back for row in self.model.rows)
        self._taken_back = set()
        if kept:
            text = "Строк, где сторона выбрана для всего товара или правилом: {0}. Снимите этот выбор в «Товары и правила…»."
            self.bar.show_message(text.format(wording.number(kept)), "attention")

    def _open_menu(self, point: QPoint) -> None:
        menu = differences_menu(self, self.table.selected_rows(), self._current())
        menu.popup(self.table.viewport().mapToGlobal(point))

    def _open_more(self) -> None:
        menu = differences_menu(self, self.table.selected_rows(), self._current())
        menu.popup(self.more_button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _show_error(self, error: object, action: str = "") -> None:
        shown = self._context.explain(error)
        self.bar.show_message(shown.line, "error", action or None, self._again if action else None, details=shown.details)


class _ValueDelegate(LeftElideDelegate):
    """The path of a type is cut on the left, so that its own name is seen; other values are read from their beginning."""

    def __init__(self, model: DifferencesModel, parent: RowTable) -> None:
        super().__init__(parent)
        self._model = model

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Qt: the elide mode of the row."""
        super().initStyleOption(option, index)
        if self._model.row(index.row()).field != "type_key":
            option.textElideMode = Qt.TextElideMode.ElideRight
