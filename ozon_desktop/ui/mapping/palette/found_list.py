"""The list below a search line: the line keeps the focus, what is typed narrows, and the line's keys choose."""

from functools import partial

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView

from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.mapping.note_delegate import AIR, Index, NoteDelegate
from ozon_desktop.ui.mapping.palette.model import NOTE, PaletteModel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions


class FoundList(QListView):
    """`taken` carries the PaletteRow chosen with Enter or the mouse. step: how many rows a page key goes."""

    taken = Signal(object)

    def __init__(self, theme: Theme, line: QLineEdit, *, name: str, title: str, step: int) -> None:
        super().__init__()
        self.rows = PaletteModel(theme, self)
        self._line = line
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setModel(self.rows)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_RowDelegate(theme, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._take)
        self.selectionModel().currentChanged.connect(self._current_changed)
        keys = KeyActions(line)
        keys.on(ENTER, self._take_current)
        for key, rows in ((Qt.Key.Key_Down, 1), (Qt.Key.Key_Up, -1), (Qt.Key.Key_PageDown, step), (Qt.Key.Key_PageUp, -step)):
            keys.on(frozenset({key}), partial(self._move, rows))

    def choose(self, number: int) -> None:
        """Make a row the current one; -1 = none."""
        self.setCurrentIndex(self.rows.index(number, 0) if number >= 0 else QModelIndex())

    def _move(self, step: int) -> None:
        direction = 1 if step > 0 else -1
        wanted = min(max(self.currentIndex().row() + step, 0), self.rows.rowCount() - 1)
        found = self.rows.next_choosable(wanted, direction)
        # Beyond the last row that can be chosen: the nearest one on the way there.
        self.choose(found if found >= 0 else self.rows.next_choosable(wanted, -direction))

    def _current_changed(self, current: QModelIndex) -> None:
        # The line has the focus, so a screen reader reads its description.
        self._line.setAccessibleDescription(str(current.data(Qt.ItemDataRole.AccessibleTextRole) or ""))

    def _take_current(self) -> None:
        self._take(self.currentIndex())

    def _take(self, index: QModelIndex) -> None:
        row = self.rows.row(index.row())
        if row is not None and row.choosable:
            self.taken.emit(row)


class _RowDelegate(NoteDelegate):
    """Of a path the end is always seen."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(theme, parent, elide=Qt.TextElideMode.ElideLeft, between=3 * AIR)

    def note(self, index: Index) -> str:
        return index.data(NOTE) or ""
