"""The command palette (Ctrl+K): a line over the page that finds a type for the selected categories, or a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QLineEdit, QListView, QStyleOptionViewItem, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.palette.model import NOTE, PaletteModel, PaletteRow, PaletteSource
from ozon_desktop.ui.widgets import LeftElideDelegate, WrappedLabel, row_height
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions

if TYPE_CHECKING:
    from ozon_desktop.ui.look.theme import Theme

WIDTH, TOP, EDGE, AIR = 720, 48, 8, 12
MOST_ROWS = 14
ROWS_PER_PAGE = 8


class Palette(QWidget):
    """Lies over its parent, closed at first. `chosen` carries the PaletteRow; the palette is closed before that."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._page = parent
        self._source: PaletteSource | None = None
        self._return_to: QWidget | None = None
        self.setObjectName("palette")
        # An edge of the page's own ground sets it off from the cards; opaque, so that no key repaints the trees below.
        self.setAutoFillBackground(True)
        self.setAccessibleName("Поиск типа и команды")
        self.model = PaletteModel(theme, self)
        self.title = WrappedLabel("", role="heading")
        self.title.setObjectName("palette_title")
        self.line = QLineEdit()
        self.line.setObjectName("palette_line")
        self.line.setPlaceholderText("Тип Ozon или команда")
        self.line.setAccessibleName("Тип Ozon или команда")
        self.list = self._make_list()
        self.hint = WrappedLabel("", role="hint")
        self._frame = QFrame()
        set_role(self._frame, "card")
        self._inner = QVBoxLayout(self._frame)
        self._inner.setContentsMargins(16, 14, 16, 12)
        self._inner.setSpacing(8)
        for widget in (self.title, self.line, self.list, self.hint):
            self._inner.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        layout.addWidget(self._frame)
        self._connect()
        self.hide()

    def _make_list(self) -> QListView:
        view = QListView()
        view.setObjectName("palette_list")
        view.setAccessibleName("Найденное")
        view.setModel(self.model)
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setItemDelegate(_PaletteDelegate(self._theme, view))
        # The line keeps the focus: what is typed narrows, the arrows choose.
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return view

    def _connect(self) -> None:
        self.line.textChanged.connect(self._search)
        self.list.clicked.connect(self._clicked)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        keys = KeyActions(self.line)
        keys.on(ENTER, self._enter)
        for key, action in (
            (Qt.Key.Key_Escape, self.dismiss),
            (Qt.Key.Key_Down, lambda: self._move(1)),
            (Qt.Key.Key_Up, lambda: self._move(-1)),
            (Qt.Key.Key_PageDown, lambda: self._move(ROWS_PER_PAGE)),
            (Qt.Key.Key_PageUp, lambda: self._move(-ROWS_PER_PAGE)),
            (Qt.Key.Key_Tab, self._next_group),
        ):
            keys.on(frozenset({key}), action)
        self._page.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    # --- open and closed --------------------------------------------------------------------------------------------

    def open(self, source: PaletteSource, title: str, hint: str) -> None:
        """Show it with an empty line. title: what a type will be chosen for; hint: what the keys do."""
        self._return_to = self.window().focusWidget() if self.isHidden() else self._return_to
        self._source = source
        self.title.setText(title)
        self.hint.setText(hint)
        self.line.clear()
        self.refresh()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close it and give the focus back."""
        if self.isHidden():
            return
        back, self._return_to, self._source = self._return_to, None, None
        # The focus goes first: a hidden line would hand it to whatever comes next.
        if back is not None and back.isVisible():
            back.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
        self.closed.emit()

    def refresh(self) -> None:
        """Ask the source again for what is typed."""
        if self._source is None:
            return
        self.model.show_rows(self._source.rows(self.line.text()))
        self._choose(self.model.next_choosable(0, 1))
        self.list.scrollToTop()
        self._place()

    def _search(self, _text: str) -> None:
        if not self.isHidden():
            self.refresh()

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if not self.isHidden() and new is not None and not self.isAncestorOf(new) and new.window() is self.window():
            self._return_to = None
            self.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: follows the size of the page, and goes with it."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        elif event.type() is QEvent.Type.Hide:
            self.dismiss()
        return False

    def _place(self) -> None:
        """In the middle near the top; the list is as high as whole rows, and no higher than it has any."""
        page = self._page
        width = min(WIDTH, page.width() - 2 * AIR) + 2 * EDGE
        inner = self._inner
        margins = inner.contentsMargins()
        room = width - 2 * EDGE - margins.left() - margins.right() - 2
        labels = sum(label.heightForWidth(max(room, 1)) for label in (self.title, self.hint))
        around = labels + self.line.sizeHint().height() + 3 * inner.spacing() + margins.top() + margins.bottom() + 2 + 2 * EDGE
        row = max(self.list.sizeHintForRow(0), row_height(self.list))
        rows = min(self.model.rowCount(), MOST_ROWS, max((page.height() - TOP - around) // row, 2))
        self.list.setFixedHeight(rows * row)
        height = around + rows * row
        self.setGeometry(QRect((page.width() - width) // 2, max(0, min(TOP, page.height() - height)), width, height))

    # --- choosing ---------------------------------------------------------------------------------------------------

    def _choose(self, number: int) -> None:
        index = self.model.index(number, 0) if number >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)

    def _move(self, step: int) -> None:
        direction = 1 if step > 0 else -1
        last = self.model.rowCount() - 1
        wanted = min(max(self.list.currentIndex().row() + step, 0), last)
        found = self.model.next_choosable(wanted, direction)
        # Beyond the last row that can be chosen: the nearest one on the way there.
        self._choose(found if found >= 0 else self.model.next_choosable(wanted, -direction))

    def _next_group(self) -> None:
        self._choose(self.model.next_group(self.list.currentIndex().row() + 1))

    def _current_changed(self, current: QModelIndex) -> None:
        # The line has the focus, so a screen reader reads its description.
        self.line.setAccessibleDescription(str(current.data(Qt.ItemDataRole.AccessibleTextRole) or ""))

    def _clicked(self, index: QModelIndex) -> None:
        self._take(self.model.row(index.row()))

    def _enter(self) -> None:
        self._take(self.model.row(self.list.currentIndex().row()))

    def _take(self, row: PaletteRow | None) -> None:
        if row is not None and row.choosable:
            self.dismiss()
            self.chosen.emit(row)


class _PaletteDelegate(LeftElideDelegate):
    """The text with what is said about it at the right; only the text is elided."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Qt: the text as far as the note leaves room."""
        super().initStyleOption(option, index)
        note = index.data(NOTE)
        if note:
            room = option.rect.width() - QFontMetrics(option.font).horizontalAdvance(note) - 3 * AIR
            option.text = QFontMetrics(option.font).elidedText(option.text, Qt.TextElideMode.ElideLeft, max(room, 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Qt: the row, then the note."""
        super().paint(painter, option, index)
        note = index.data(NOTE)
        if note:
            painter.save()
            painter.setFont(option.font)
            painter.setPen(self._theme.color("secondary"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(option.rect.adjusted(0, 0, -AIR // 2, 0), int(side), note)
            painter.restore()
