"""«Разные типы для части товаров»: the products of one store category parted by a property, each part with its own Ozon type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QPushButton, QTableView, QVBoxLayout, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.store_catalog import category_paths
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.dialog_size import open_at
from ozon_desktop.ui.mapping.palette.type_search import TypeSearch
from ozon_desktop.ui.mapping.parts.model import PRODUCTS, SEPARATOR, TYPE, VALUE, PartRow, PartsModel, part_rows
from ozon_desktop.ui.widgets import (
    ColumnFitter,
    ComboBox,
    EmptyState,
    Field,
    LeftElideDelegate,
    MessageBar,
    RowDelegate,
    Skeleton,
    WrappedLabel,
    make_sortable,
    row_height,
)
from ozon_desktop.ui.widgets.keys import DELETE, ENTER, KeyActions
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate

if TYPE_CHECKING:
    from ozon_desktop.domain.ozon_catalog import TypeKey
    from ozon_desktop.services.mapping.mapping import MappingView, PropertyChoice
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.mapping.palette.type_search import FindTypes, FoundTypes
    from ozon_desktop.ui.worker import Job

VALUES_NAMED = 4
CHANGING = frozenset({"mapping", "store", "tree"})


class PartsPanel(QDialog):
    """Does not block the window. `changed` carries the new MappingView after «Сохранить», which is one step of undo.

    find_types: types of Ozon for what is typed, the best first, with their paths; those that cannot be used are left out here.
    """

    changed = Signal(object)

    def __init__(
        self, context: WindowContext, view: MappingView, category_id: str, find_types: FindTypes, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = context.integration_id
        self._view = view
        self._category = category_id
        self._find_types = find_types
        self._choices: tuple[PropertyChoice, ...] | None = None
        self._rows: dict[str, tuple[PartRow, ...]] = {}
        self._reading: Job | None = None
        self._saving: Job | None = None
        self.setObjectName("mapping_parts")
        self.setWindowTitle("Разные типы для части товаров")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model = PartsModel(context.theme, self)
        self.bar = MessageBar()
        self.title = WrappedLabel("", role="heading")
        self.about = WrappedLabel("", role="hint")
        self.skeleton = Skeleton()
        self.empty = EmptyState("У товаров этой категории нет свойств, по которым их можно разделить")
        self.property_box = ComboBox("part_property", "Выберите свойство")
        self.table = self._make_table()
        self.search = TypeSearch(self._usable_types)
        self.choose_button = self._button("part_choose", "&Выбрать тип…")
        self.clear_button = self._button("part_clear", "&Как у всей категории")
        self.close_button = self._button("part_close", "&Закрыть")
        self.save_button = self._button("part_save", "&Сохранить")
        self.save_button.setDefault(True)
        set_role(self.save_button, "primary")
        self._lay_out()
        self._connect()
        self._name()
        self._show_parts(loading=True)
        self._read()

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        return button

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("part_table")
        table.setAccessibleName("Значения свойства и выбранные типы")
        set_role(table, "boxed")
        table.setModel(self.model)
        table.setItemDelegate(RowDelegate(table))
        table.setItemDelegateForColumn(PRODUCTS, NumberDelegate(table))
        table.setItemDelegateForColumn(TYPE, LeftElideDelegate(table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setHighlightSections(False)
        make_sortable(table)
        table.setMinimumHeight(row_height(table) * 4)
        ColumnFitter(table, self.model.widths, self._context.state, "mapping_parts")
        return table

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        self.field = Field("Разделить товары по свойству", self.property_box)
        layout.addWidget(self.bar)
        layout.addWidget(self.title)
        layout.addWidget(self.about)
        layout.addWidget(self.field)
        layout.addWidget(self.skeleton, 1)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.search)
        buttons = QHBoxLayout()
        for button in (self.choose_button, self.clear_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for button in (self.close_button, self.save_button):
            buttons.addWidget(button)
        layout.addLayout(buttons)
        open_at(self, self._context.theme, 800, 640)

    def _connect(self) -> None:
        self.property_box.currentIndexChanged.connect(self._property_chosen)
        KeyActions(self.property_box).on(ENTER, self.table.setFocus)
        keys = KeyActions(self.table)
        keys.on(ENTER, self.open_search)
        keys.on(DELETE, self.clear)
        self.table.doubleClicked.connect(self.open_search)
        self.table.selectionModel().selectionChanged.connect(self._update)
        self.model.edited.connect(self._update)
        self.search.chosen.connect(self._type_chosen)
        self.search.dismissed.connect(self._search_dismissed)
        self.choose_button.clicked.connect(self.open_search)
        self.clear_button.clicked.connect(self.clear)
        self.save_button.clicked.connect(self.save)
        self.close_button.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        self._context.data_changed.connect(self._data_changed)
        self._context.theme.changed.connect(self.table.viewport().update)
        self._context.integration_changed.connect(self._discard)

    # --- reading ----------------------------------------------------------------------------------------------------

    def show_view(self, view: MappingView) -> None:
        """Another state of the mapping; choices that are not saved yet stay."""
        self._view = view
        self._name()
        if self._choices is not None:
            self._fill()

    def _read(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        service = self._context.application.mapping
        self._reading = self._context.worker.run(
            service.properties(self._integration_id, self._category), on_done=self._show, on_failed=self._reading_failed
        )

    def _data_changed(self, topic: str) -> None:
        if topic in CHANGING and self._saving is None:
            service = self._context.application.mapping
            self._context.worker.run(service.view(self._integration_id), on_done=self.show_view, on_failed=self._failed)
        if topic == "store":
            self._read()

    def _show(self, choices: tuple[PropertyChoice, ...]) -> None:
        first = self._choices is None
        self._reading = None
        self._choices = choices
        self._fill()
        if self._view.can_map and first:
            words = ". ".join(wording.missing_text(item).rstrip(".") for item in self._view.can_map)
            self.bar.show_message(f"Сохранить пока нельзя. {words}.", "attention")
        if first and self._rows and self.isVisible():
            self.table.setFocus()

    def _fill(self) -> None:
        """The rows of all properties, with the same property and value current as before."""
        self._rows = part_rows(self._category, self._choices or (), self._view.parts.get(self._category, ()))
        self.model.show_kept({row.place: row.kept for rows in self._rows.values() for row in rows})
        chosen = self.property_box.chosen
        if chosen not in self._rows:
            with_types = (name for name, rows in self._rows.items() if any(row.kept is not None for row in rows))
            chosen = next(with_types, next(iter(self._rows), None))
        self.property_box.set_choices([(name, *self._property_texts(name)) for name in self._rows], chosen)
        self._show_parts(loading=False)
        self._show_values()

    def _property_texts(self, name: str) -> tuple[str, str]:
        rows = self._rows[name]
        text = "{} — {}".format(name, wording.plural(len(rows), "значение", "значения", "значений"))
        types = sum(row.kept is not None for row in rows)
        if types:
            text += f", выбрано типов: {wording.number(types)}"
        some = ", ".join(row.place.value for row in rows[:VALUES_NAMED])
        return text, f"{text}: {some}" + ("…" if len(rows) > VALUES_NAMED else "")

    def _property_chosen(self) -> None:
        self.search.hide()
        self._show_values()

    def _show_values(self) -> None:
        current, selected = self.table.currentIndex().row(), self._selected()
        values = {self.model.value_of(row) for row in selected}
        now = self.model.value_of(current) if 0 <= current < self.model.rowCount() else None
        self.model.show_rows(self._rows.get(str(self.property_box.chosen), ()))
        again = [row for row in range(self.model.rowCount()) if self.model.value_of(row) in values]
        if self.model.rowCount():
            there = next((row for row in again if self.model.value_of(row) == now), again[0] if again else 0)
            self.table.setCurrentIndex(self.model.index(there, VALUE))
        self._select(again)
        self._update()

    def _reading_failed(self, error: object) -> None:
        self._reading = None
        self.skeleton.hide()
        self._show_error(error, "Повторить")

    def _name(self) -> None:
        path = category_paths(self._view.categories).get(self._category, ())
        self.title.setText(SEPARATOR.join(path) or "Этой категории в магазине больше нет")
        mapped = self._view.resolved.get(self._category)
        whole = mapped.key if mapped is not None else None
        self.model.name_with(self._view, whole)
        rest = SEPARATOR.join(self._view.tree.type_path(whole)) if whole is not None else ""
        text = "Товары с выбранным значением получат свой тип, остальные — тип всей категории: {0}."
        self.about.setText(text.format(rest or "он пока не выбран"))

    def _show_parts(self, *, loading: bool) -> None:
        self.skeleton.setVisible(loading)
        self.empty.setVisible(not loading and not self._rows)
        for widget in (self.field, self.table):
            widget.setVisible(not loading and bool(self._rows))
        for button in (self.choose_button, self.clear_button, self.save_button):
            button.setVisible(loading or bool(self._rows))
        self._update()

    # --- choosing ---------------------------------------------------------------------------------------------------

    def open_search(self) -> None:
        """Enter on values: find a type for those selected."""
        rows = self._selected()
        if not rows or self._saving is not None:
            return
        first = self.model.value_of(rows[0])
        title = f"Тип для «{first}»"
        if len(rows) > 1:
            title = f"Тип для «{first}» и ещё {wording.number(len(rows) - 1)}"
        self.search.open(title, self._usual_types())

    def clear(self) -> None:
        """Delete on values: as the whole category again."""
        rows = self._selected()
        if rows and self._saving is None:
            self.model.choose(rows, None)

    def _type_chosen(self, key: TypeKey) -> None:
        self.model.choose(self._selected(), key)
        self.table.setFocus()

    def _search_dismissed(self) -> None:
        self.table.setFocus()

    def _usable_types(self, text: str) -> FoundTypes:
        return self._usable(self._find_types(text))

    def _usual_types(self) -> FoundTypes:
        """Types that are used in this category already: the next value often goes to one of them."""
        mapped = self._view.resolved.get(self._category)
        keys = [key for key in self.model.draft.values() if key is not None]
        keys += [row.kept for rows in self._rows.values() for row in rows if row.kept is not None]
        keys += [mapped.key] if mapped is not None and mapped.key is not None else []
        return self._usable([(key, self._view.tree.type_path(key)) for key in dict.fromkeys(keys)])

    def _usable(self, found: FoundTypes) -> FoundTypes:
        types = self._view.tree.types
        return [(key, path) for key, path in found if key in types and types[key].usable]

    def _selected(self) -> list[int]:
        return sorted(index.row() for index in self.table.selectionModel().selectedRows())

    def _select(self, rows: list[int]) -> None:
        if len(rows) > 1:
            flags = self.table.selectionModel().SelectionFlag
            for row in rows:
                self.table.selectionModel().select(self.model.index(row, 0), flags.Select | flags.Rows)

    # --- saving -----------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep all choices of all properties as one change; nothing happens when there are none."""
        after = self.model.draft
        if not after or self._saving is not None or self._view.can_map:
            return
        service = self._context.application.mapping
        self._saving = self._context.worker.run(
            service.map_places(self._integration_id, after), on_done=self._saved, on_failed=self._not_saved, on_cancelled=self._ended
        )
        self._update()

    def _saved(self, view: MappingView) -> None:
        self.show_view(view)
        self.changed.emit(view)
        self._ended()
        self.bar.show_message("Сохранено. «Отменить» на странице вернёт как было.", "good")

    def _not_saved(self, error: object) -> None:
        self._ended()
        self._show_error(error)

    def _ended(self) -> None:
        self._saving = None
        self._update()

    def reject(self) -> None:
        """Esc, «Закрыть» and the cross: choices that are not saved are not lost without a word."""
        count = len(self.model.draft)
        if not count or self._saving is not None:
            super().reject()
            return
        text = "Не сохранено: {}.".format(wording.plural(count, "изменение", "изменения", "изменений"))
        self.bar.show_message(text, "attention", "Закрыть без сохранения", self._discard)
        self.bar.action.setFocus()

    def _discard(self, _: object = None) -> None:
        self.model.forget_draft()
        super().reject()

    def _failed(self, error: object) -> None:
        self._show_error(error)

    def _show_error(self, error: object, action: str = "") -> None:
        shown = self._context.explain(error)
        self.bar.show_message(shown.line, "error", action, self._again if action else None, details=shown.details)

    def _again(self) -> None:
        self.bar.hide()
        self._show_parts(loading=True)
        self._read()

    def _update(self, *_: object) -> None:
        rows, count = self._selected(), len(self.model.draft)
        idle = self._saving is None
        self.choose_button.setEnabled(bool(rows) and idle)
        self.clear_button.setEnabled(idle and any(self.model.key_of(row) is not None for row in rows))
        self.save_button.setEnabled(bool(count) and idle and not self._view.can_map)
        self.save_button.setText(f"&Сохранить ({wording.number(count)})" if count else "&Сохранить")
        self.choose_button.setToolTip("Enter")
        self.clear_button.setToolTip("Delete")
        self.save_button.setToolTip("Ctrl+S")
