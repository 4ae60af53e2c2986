"""A line that finds types of Ozon with what it has found below: typing narrows, the arrows and Enter choose, Esc closes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.widgets import LeftElideDelegate, WrappedLabel, row_height
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.widgets.model_index import NOWHERE, Index

FoundTypes = Sequence[tuple[TypeKey, tuple[str, ...]]]
"""Types and their paths."""
FindTypes = Callable[[str], FoundTypes]
"""Types for what is typed, the best first."""

ROWS_SEEN = 6
SEPARATOR = " / "


class FoundModel(QAbstractListModel):
    """The types found, by their paths."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._found: FoundTypes = ()

    def show_found(self, found: FoundTypes) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._found = tuple(found)
        self.endResetModel()

    def key(self, row: int) -> TypeKey | None:
        """The type of a row, None outside."""
        return self._found[row][0] if 0 <= row < len(self._found) else None

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of types."""
        return 0 if parent.isValid() else len(self._found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: the path, also as the tooltip."""
        if not index.isValid() or role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        return SEPARATOR.join(self._found[index.row()][1])


class TypeSearch(QFrame):
    """Hidden until `open`. `chosen` carries a TypeKey, `dismissed` comes for Esc; it is hidden before both."""

    chosen = Signal(object)
    dismissed = Signal()

    def __init__(self, find_types: FindTypes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find_types
        self._usual: FoundTypes = ()
        self.setObjectName("type_search")
        set_role(self, "card")
        self.title = WrappedLabel("", role="heading")
        self.line = QLineEdit()
        self.line.setObjectName("type_search_line")
        self.line.setPlaceholderText("Найти тип Ozon")
        self.line.setAccessibleName("Найти тип Ozon")
        self.line.setClearButtonEnabled(True)
        self.model = FoundModel(self)
        self.list = self._make_list()
        self.hint = WrappedLabel("", role="hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        for widget in (self.title, self.line, self.list, self.hint):
            layout.addWidget(widget)
        self.line.textChanged.connect(self._search)
        self.list.clicked.connect(self._clicked)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        keys = KeyActions(self.line)
        keys.on(ENTER, self._take)
        keys.on(frozenset({Qt.Key.Key_Escape}), self._escape)
        for key, step in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, -1), (Qt.Key.Key_PageDown, ROWS_SEEN), (Qt.Key.Key_PageUp, -ROWS_SEEN)):
            keys.on(frozenset({key}), partial(self._move, step))
        self.hide()

    def _make_list(self) -> QListView:
        view = QListView()
        view.setObjectName("type_search_list")
        view.setAccessibleName("Найденные типы Ozon")
        view.setModel(self.model)
        view.setItemDelegate(LeftElideDelegate(view))
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The line keeps the focus: what is typed narrows, the arrows choose.
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setFixedHeight(row_height(view) * ROWS_SEEN + 4)
        return view

    def open(self, title: str, usual: FoundTypes, text: str = "") -> None:
        """Show it. title: what a type will be chosen for; usual: types offered while nothing is typed; text: typed already."""
        self._usual = usual
        self.title.setText(title)
        self.line.setText(text)
        self._search(text)
        self.list.setFixedHeight(row_height(self.list) * ROWS_SEEN + 4)
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _search(self, text: str) -> None:
        typed = bool(text.strip())
        self.model.show_found(self._find(text) if typed else self._usual)
        found = self.model.rowCount() > 0
        self.list.setCurrentIndex(self.model.index(0, 0) if found else NOWHERE)
        keys = "↑ ↓ — выбрать · Enter — взять тип · Esc — закрыть поиск"
        if typed and not found:
            keys = "Ничего не найдено. Попробуйте одно слово или его начало."
        elif not typed:
            keys = "Введите часть названия типа или категории Ozon. " + keys
        self.hint.setText(keys)

    def _move(self, step: int) -> None:
        last = self.model.rowCount() - 1
        if last >= 0:
            self.list.setCurrentIndex(self.model.index(min(max(self.list.currentIndex().row() + step, 0), last), 0))

    def _current_changed(self, current: QModelIndex) -> None:
        # The line has the focus, so a screen reader reads its description.
        self.line.setAccessibleDescription(str(current.data() or ""))

    def _clicked(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self._take()

    def _take(self) -> None:
        key = self.model.key(self.list.currentIndex().row())
        if key is not None:
            self.hide()
            self.chosen.emit(key)

    def _escape(self) -> None:
        if self.line.text():
            self.line.clear()
            return
        self.hide()
        self.dismissed.emit()
