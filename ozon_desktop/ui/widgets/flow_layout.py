"""A layout that puts widgets one after another and wraps like words; for chips and rows of buttons."""

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem


class FlowLayout(QLayout):
    """Wraps its widgets; hidden widgets take no place. A widget whose horizontal policy grows takes the rest of its line."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        self._least: QSize | None = None
        self.setContentsMargins(QMargins(0, 0, 0, 0))
        self.setSpacing(spacing)

    def addWidget(self, widget: QWidget) -> None:
        """Puts a widget behind the others.

        Its item is made here and not by Qt: PySide may declare wrappers of what C++ has made dead when any other widget goes
        (it takes answers of methods like `nextInFocusChain` for children), and an error inside `heightForWidth` ends the process.
        """
        self.addChildWidget(widget)
        self.addItem(QWidgetItem(widget))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def invalidate(self) -> None:
        """Qt: a widget has changed. Until then Qt asks for the same sizes many times over, at every change anywhere in the window."""
        self._heights.clear()
        self._least = None
        super().invalidate()

    def insert(self, position: int, widget: QWidget) -> None:
        """Put a widget before the one at `position`."""
        self.addWidget(widget)
        self._items.insert(position, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self.invalidate()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        height = self._heights.get(width)
        if height is None:
            height = self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return height

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """Qt: the smallest that works; height follows the width."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        if self._least is None:
            size = QSize()
            for item in self._items:
                if not item.isEmpty():
                    size = size.expandedTo(item.minimumSize())
            self._least = size
        return QSize(self._least)

    def line_width(self) -> int:
        """The width at which everything stands in one line."""
        widths = [item.sizeHint().width() for item in self._items if not item.isEmpty()]
        return sum(widths) + self.spacing() * max(0, len(widths) - 1)

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, line = rect.x(), rect.y(), 0
        placed: list[tuple[QLayoutItem, QRect]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint().boundedTo(QSize(max(rect.width(), 1), 10_000))
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                _place(placed, line)
                x, y, line, placed = rect.x(), y + line + self.spacing(), 0, []
            width = rect.right() + 1 - x if item.expandingDirections() & Qt.Orientation.Horizontal else hint.width()
            if move:
                placed.append((item, QRect(x, y, width, hint.height())))
            x += width + self.spacing()
            line = max(line, hint.height())
        _place(placed, line)
        return y + line - rect.y()


def _place(items: list[tuple[QLayoutItem, QRect]], height: int) -> None:
    """A lower widget stands in the middle of its line."""
    for item, area in items:
        item.setGeometry(area.translated(0, (height - area.height()) // 2))
