"""«Разные типы для части товаров»: the products of one store category parted by a property, each part with its own Ozon type."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QTableView, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.services.mapping.view import MappingView, PropertyChoice
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.obstacles import obstacles_text
from ozon_desktop.ui.mapping.palette.type_search import FindTypes, FoundTypes, TypeSearch
from ozon_desktop.ui.mapping.parts.category_parts import CategoryParts
from ozon_desktop.ui.mapping.parts.model import PRODUCTS, SEPARATOR, TYPE, VALUE, PartsModel
from ozon_desktop.ui.widgets import ColumnFitter, ComboBox, Field, LeftElideDelegate
from ozon_desktop.ui.widgets.keys import DELETE, ENTER, KeyActions
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate
from ozon_desktop.ui.widgets.tables import make_table
from ozon_desktop.ui.widgets.tool_dialog import Body, ToolDialog

CHANGING = frozenset({"mapping", "store", "tree"})


class PartsPanel(ToolDialog):
    """`changed` carries the new MappingView after «Сохранить», which is one step of undo.

    find_types: types of Ozon for what is typed, the best first, with their paths; those that cannot be used are left out here.
    """

    changed = Signal(object)

    def __init__(
        self, context: WindowContext, view: MappingView, category_id: str, find_types: FindTypes, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, "mapping_parts", "Разные типы для части товаров", parent)
        self._parts = CategoryParts(category_id, view)
        self._category_id = category_id
        self._find_types = find_types
        self.model = PartsModel(context.theme, self)
        self.property_box = ComboBox("part_property", "Выберите свойство")
        self.field = Field("Разделить товары по свойству", self.property_box)
        self.table = self._make_table()
        self.type_search = TypeSearch(context.theme, self._usable_types)
        self.body.addWidget(self.field)
        self.add_content(self.table, empty="У товаров этой категории нет свойств, по которым их можно разделить")
        self.body.addWidget(self.type_search)
        self.choose_button = self.add_button("&Выбрать тип…", "part_choose", "Enter")
        self.clear_button = self.add_button("&Как у всей категории", "part_clear", "Delete")
        self.save_button = QPushButton("&Сохранить")
        self.save_button.setToolTip("Ctrl+S")
        self.finish(self.save_button, "part_save", 800, 640)
        # With a default button Enter would press that one instead of the button that has the focus.
        for button in (self.choose_button, self.clear_button, self.close_button):
            button.setAutoDefault(True)
        self.save_button.setDefault(True)
        self._connect()
        self._show_names()
        self._show_parts(Body.LOADING)
        self.refresh()

    def _make_table(self) -> QTableView:
        table = make_table("part_table", "Значения свойства и выбранные типы")
        table.setModel(self.model)
        table.setItemDelegateForColumn(PRODUCTS, NumberDelegate(table))
        table.setItemDelegateForColumn(TYPE, LeftElideDelegate(table))
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        ColumnFitter(table, self.model.widths, self.context.state, "mapping_parts")
        return table

    def _connect(self) -> None:
        self.property_box.currentIndexChanged.connect(self._property_chosen)
        KeyActions(self.property_box).on(ENTER, self.table.setFocus)
        keys = KeyActions(self.table)
        keys.on(ENTER, self.open_search)
        keys.on(DELETE, self.clear)
        self.table.doubleClicked.connect(self.open_search)
        self.table.selectionModel().selectionChanged.connect(self.show_state)
        self.model.edited.connect(self.show_state)
        self.type_search.chosen.connect(self._type_chosen)
        self.type_search.dismissed.connect(self.table.setFocus)
        self.choose_button.clicked.connect(self.open_search)
        self.clear_button.clicked.connect(self.clear)
        self.save_button.clicked.connect(self.save)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        self.context.data_changed.connect(self._data_changed)

    # --- reading ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.start_reading(self.context.application.mapping.properties(self.integration_id, self._category_id))

    def show_view(self, view: MappingView) -> None:
        """Another state of the mapping; choices that are not saved yet stay."""
        self._parts.take_view(view)
        self._show_names()
        if self._parts.complete:
            self._fill()

    def show_read(self, choices: tuple[PropertyChoice, ...]) -> None:
        first = not self._parts.complete
        self._parts.take_choices(choices)
        self._fill()
        if self._parts.view.can_map and first:
            self.bar.show_message(f"Сохранить пока нельзя. {obstacles_text(self._parts.view)}.", "attention")
        if first and self._parts.rows and self.isVisible():
            self.table.setFocus()

    def _data_changed(self, topic: str) -> None:
        if topic in CHANGING and not self.busy:
            work = self.context.application.mapping.view(self.integration_id)
            self.context.worker.run(work, on_done=self.show_view, on_failed=self._view_failed)
        if topic == "store":
            self.refresh()

    def _view_failed(self, error: object) -> None:
        self.show_error(error)

    def _show_names(self) -> None:
        parts = self._parts
        self.heading.setText(parts.path or "Этой категории в магазине больше нет")
        self.model.name_with(parts.view, parts.whole)
        rest = SEPARATOR.join(parts.view.tree.type_path(parts.whole)) if parts.whole is not None else ""
        text = "Товары с выбранным значением получат свой тип, остальные — тип всей категории: {0}."
        self.set_hint(text.format(rest or "он пока не выбран"))

    def _fill(self) -> None:
        """The rows of all properties, with the same property and value current as before."""
        rows = self._parts.rows
        self.model.show_kept({row.place: row.kept for row in self._parts.all_rows})
        chosen = self.property_box.chosen if self.property_box.chosen in rows else self._parts.first_property()
        self.property_box.set_choices([(name, *self._parts.property_texts(name)) for name in rows], chosen)
        self._show_parts(Body.CONTENT if rows else Body.EMPTY)
        self._show_values()

    def _show_parts(self, shown: Body) -> None:
        self.show_body(shown)
        self.field.setVisible(shown is Body.CONTENT)
        for button in (self.choose_button, self.clear_button, self.save_button):
            button.setVisible(shown is not Body.EMPTY)
        self.show_state()

    def _property_chosen(self) -> None:
        self.type_search.hide()
        self._show_values()

    def _show_values(self) -> None:
        current, selected = self.table.currentIndex().row(), self._selected()
        values = {self.model.value_of(row) for row in selected}
        now = self.model.value_of(current) if 0 <= current < self.model.rowCount() else None
        self.model.show_rows(self._parts.rows.get(str(self.property_box.chosen), ()))
        again = [row for row in range(self.model.rowCount()) if self.model.value_of(row) in values]
        if self.model.rowCount():
            there = next((row for row in again if self.model.value_of(row) == now), again[0] if again else 0)
            self.table.setCurrentIndex(self.model.index(there, VALUE))
        if len(again) > 1:
            flags = self.table.selectionModel().SelectionFlag
            for row in again:
                self.table.selectionModel().select(self.model.index(row, 0), flags.Select | flags.Rows)
        self.show_state()

    def _selected(self) -> list[int]:
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    # --- choosing ---------------------------------------------------------------------------------------------------

    def open_search(self) -> None:
        """Enter on values: find a type for those selected."""
        rows = self._selected()
        if rows and not self.busy:
            title = f"Тип для «{self.model.value_of(rows[0])}»"
            if len(rows) > 1:
                title += f" и ещё {wording.number(len(rows) - 1)}"
            self.type_search.open(title, self._parts.used(self.model.draft.values()))

    def clear(self) -> None:
        """Delete on values: as the whole category again."""
        rows = self._selected()
        if rows and not self.busy:
            self.model.choose(rows, None)

    def _type_chosen(self, key: TypeKey) -> None:
        self.model.choose(self._selected(), key)
        self.table.setFocus()

    def _usable_types(self, text: str) -> FoundTypes:
        return self._parts.usable(self._find_types(text))

    # --- saving and closing -----------------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep all choices of all properties as one change; nothing happens when there are none."""
        after = self.model.draft
        if after and not self.busy and not self._parts.view.can_map:
            self.run(self.context.application.mapping.map_places(self.integration_id, after), self._saved)

    def _saved(self, view: MappingView) -> None:
        self.show_view(view)
        self.changed.emit(view)
        self.ended()
        self.bar.show_message("Сохранено. «Отменить» на странице вернёт как было.", "good")

    def may_close(self) -> bool:
        """Choices that are not saved are not lost without a word."""
        count = len(self.model.draft)
        if not count or self.busy:
            return True
        text = f"Не сохранено: {wording.plural(count, 'изменение', 'изменения', 'изменений')}."
        self.bar.show_message(text, "attention", "Закрыть без сохранения", self._discard)
        self.bar.action.setFocus()
        return False

    def _discard(self) -> None:
        self.model.forget_draft()
        self.reject()

    def show_state(self) -> None:
        rows, count, idle = self._selected(), len(self.model.draft), not self.busy
        self.choose_button.setEnabled(bool(rows) and idle)
        self.clear_button.setEnabled(idle and any(self.model.key_of(row) is not None for row in rows))
        self.save_button.setEnabled(bool(count) and idle and not self._parts.view.can_map)
        self.save_button.setText(f"&Сохранить ({wording.number(count)})" if count else "&Сохранить")
