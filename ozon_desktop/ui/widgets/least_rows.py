"""Keeps room for some rows of a list or tree, at any size of text: where there is less, the page scrolls."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractItemView, QTableView, QTreeView

from ozon_desktop.ui.widgets.columns import RESTYLED
from ozon_desktop.ui.widgets.delegates import row_height


class LeastRows(QObject):
    """The view's least height is that of its header and of so many rows."""

    def __init__(self, view: QAbstractItemView, rows: int) -> None:
        super().__init__(view)
        self._view = view
        self._rows = rows
        view.installEventFilter(self)
        self._measure()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Qt: another size of text."""
        if event.type() in RESTYLED and watched is self._view:
            self._measure()
        return False

    def _measure(self) -> None:
        view = self._view
        header = view.horizontalHeader() if isinstance(view, QTableView) else view.header() if isinstance(view, QTreeView) else None
        above = header.sizeHint().height() if header is not None and not header.isHidden() else 0
        height = above + self._rows * row_height(view) + 2 * view.frameWidth()
        if height != view.minimumHeight():
            view.setMinimumHeight(height)
