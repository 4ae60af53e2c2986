"""The command palette (Ctrl+K): a line over the page that finds a type for the selected categories, or a command."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from ozon_desktop.ui.look.theme import Theme, set_role
from ozon_desktop.ui.mapping.palette.found_list import FoundList
from ozon_desktop.ui.mapping.palette.model import PaletteRow, PaletteSource
from ozon_desktop.ui.widgets import WrappedLabel, row_height
from ozon_desktop.ui.widgets.keys import KeyActions

WIDTH, TOP, EDGE, BESIDE = 720, 48, 8, 12
MOST_ROWS = 14
ROWS_PER_PAGE = 8


class Palette(QWidget):
    """Lies over its parent, closed at first. `chosen` carries the PaletteRow; the palette is closed before that."""

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._source: PaletteSource | None = None
        self._return_to: QWidget | None = None
        self.setObjectName("palette")
        # An edge of the page's own ground sets it off from the cards; opaque, so that no key repaints the trees below.
        self.setAutoFillBackground(True)
        self.setAccessibleName("Поиск типа и команды")
        self.title = WrappedLabel("", role="heading")
        self.title.setObjectName("palette_title")
        self.line = QLineEdit()
        self.line.setObjectName("palette_line")
        self.line.setPlaceholderText("Тип Ozon или команда")
        self.line.setAccessibleName("Тип Ozon или команда")
        self.list = FoundList(theme, self.line, name="palette_list", title="Найденное", step=ROWS_PER_PAGE)
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
        self._connect(parent)
        self.hide()

    def _connect(self, area: QWidget) -> None:
        self.line.textChanged.connect(self._search)
        self.list.taken.connect(self._take)
        keys = KeyActions(self.line)
        keys.on(frozenset({Qt.Key.Key_Escape}), self.dismiss)
        keys.on(frozenset({Qt.Key.Key_Tab}), self._next_group)
        area.installEventFilter(self)
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
        rows = self.list.rows
        rows.show_rows(self._source.rows(self.line.text()))
        self.list.choose(rows.next_choosable(0, 1))
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
        """Follows the size of the page, and goes with it."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        elif event.type() is QEvent.Type.Hide:
            self.dismiss()
        return False

    def _place(self) -> None:
        """In the middle near the top; the list is as high as whole rows, and no higher than it has any."""
        page = self.parentWidget()
        if page is None:
            return
        width = min(WIDTH, page.width() - 2 * BESIDE) + 2 * EDGE
        inner = self._inner
        margins = inner.contentsMargins()
        room = width - 2 * EDGE - margins.left() - margins.right() - 2
        labels = sum(label.heightForWidth(max(room, 1)) for label in (self.title, self.hint))
        around = labels + self.line.sizeHint().height() + 3 * inner.spacing() + margins.top() + margins.bottom() + 2 + 2 * EDGE
        row = max(self.list.sizeHintForRow(0), row_height(self.list))
        rows = min(self.list.rows.rowCount(), MOST_ROWS, max((page.height() - TOP - around) // row, 2))
        self.list.setFixedHeight(rows * row)
        height = around + rows * row
        self.setGeometry(QRect((page.width() - width) // 2, max(0, min(TOP, page.height() - height)), width, height))

    def _next_group(self) -> None:
        self.list.choose(self.list.rows.next_group(self.list.currentIndex().row() + 1))

    def _take(self, row: PaletteRow) -> None:
        self.dismiss()
        self.chosen.emit(row)
