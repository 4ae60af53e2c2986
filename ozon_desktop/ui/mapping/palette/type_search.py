"""A line that finds types of Ozon with what it has found below: typing narrows, the arrows and Enter choose, Esc closes."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ui.look.theme import Theme, set_role
from ozon_desktop.ui.mapping.palette.found_list import FoundList
from ozon_desktop.ui.mapping.palette.model import PaletteRow, RowKind
from ozon_desktop.ui.widgets import WrappedLabel, row_height
from ozon_desktop.ui.widgets.keys import KeyActions

FoundTypes = Sequence[tuple[TypeKey, tuple[str, ...]]]
"""Types and their paths."""
FindTypes = Callable[[str], FoundTypes]
"""Types for what is typed, the best first."""

ROWS_SEEN = 6


class TypeSearch(QFrame):
    """Hidden until `open`. `chosen` carries a TypeKey, `dismissed` comes for Esc; it is hidden before both."""

    chosen = Signal(object)
    dismissed = Signal()

    def __init__(self, theme: Theme, find_types: FindTypes, parent: QWidget | None = None) -> None:
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
        self.list = FoundList(theme, self.line, name="type_search_list", title="Найденные типы Ozon", step=ROWS_SEEN)
        self.hint = WrappedLabel("", role="hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        for widget in (self.title, self.line, self.list, self.hint):
            layout.addWidget(widget)
        self.line.textChanged.connect(self._search)
        self.list.taken.connect(self._take)
        KeyActions(self.line).on(frozenset({Qt.Key.Key_Escape}), self._escape)
        self.hide()

    def open(self, title: str, usual: FoundTypes) -> None:
        """Show it with an empty line. title: what a type will be chosen for; usual: types offered while nothing is typed."""
        self._usual = usual
        self.title.setText(title)
        self.line.clear()
        self._search("")
        self.list.setFixedHeight(row_height(self.list) * ROWS_SEEN + 4)
        self.show()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _search(self, text: str) -> None:
        typed = bool(text.strip())
        found = self._find(text) if typed else self._usual
        self.list.rows.show_rows([PaletteRow(RowKind.TYPE, " / ".join(path), key=key) for key, path in found])
        self.list.choose(0 if found else -1)
        keys = "↑ ↓ — выбрать · Enter — взять тип · Esc — закрыть поиск"
        if typed and not found:
            keys = "Ничего не найдено. Попробуйте одно слово или его начало."
        elif not typed:
            keys = "Введите часть названия типа или категории Ozon. " + keys
        self.hint.setText(keys)

    def _take(self, row: PaletteRow) -> None:
        self.hide()
        self.chosen.emit(row.key)

    def _escape(self) -> None:
        if self.line.text():
            self.line.clear()
            return
        self.hide()
        self.dismissed.emit()
