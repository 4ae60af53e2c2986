"""The tree view over a GroupedModel: opening a line by double click or Enter, groups that stay open over refreshes."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.widgets import ColumnFitter, RowDelegate, Width
from ozon_desktop.ui.widgets.grouped_model import GROUP_KEY, OFFER_ID, GroupedModel

OPEN_LINES = 5_000
"""Groups are opened by themselves up to so many lines."""


class LinesTree(QTreeView):
    """opened carries the index of the line that was double-clicked or entered."""

    opened = Signal(object)

    def __init__(self, model: GroupedModel, *, name: str, accessible: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = model
        self._closed: set[str] = set()
        self._kept: tuple[str | None, str | None, int, int] = (None, None, -1, 0)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.header()
        header.setSectionsMovable(False)
        self.collapsed.connect(self._group_closed)
        self.expanded.connect(self._group_opened)
        self.doubleClicked.connect(self._double_clicked)
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)

    def fit_columns(self, state: WindowState, *columns: Width) -> ColumnFitter:
        """How wide each column is, by the name of the tree."""
        return ColumnFitter(self, dict(enumerate(columns)), state, self.objectName())

    def sizeHint(self) -> QSize:
        """It takes the room that is left, and squeezes nothing else for more."""
        return self.minimumSizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a line, and opens or closes a group."""
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and index.isValid():
            if index.parent().isValid():
                self.opened.emit(index)
            else:
                header = index.siblingAtColumn(0)
                self.setExpanded(header, not self.isExpanded(header))
            event.accept()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Colours come from the theme, so a new theme paints again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.viewport().update()

    def _double_clicked(self, index: QModelIndex) -> None:
        if index.parent().isValid():
            self.opened.emit(index)

    def _group_closed(self, index: QModelIndex) -> None:
        self._closed.add(str(index.data(GROUP_KEY)))

    def _group_opened(self, index: QModelIndex) -> None:
        self._closed.discard(str(index.data(GROUP_KEY)))

    def _keep(self) -> None:
        current = self.currentIndex()
        group = current.data(GROUP_KEY) if current.isValid() else None
        offer = current.data(OFFER_ID) if current.isValid() else None
        line = current.row() if current.parent().isValid() else -1
        self._kept = (group, offer, line, self.verticalScrollBar().value())

    def _restore(self) -> None:
        groups = self._lines.groups
        few = sum(group.lines for group in groups) <= OPEN_LINES
        for row, group in enumerate(groups):
            if group.key not in self._closed and (few or len(groups) == 1):
                self.expand(self._lines.index(row, 0))
        key, offer, line, scroll = self._kept
        if key is None:
            return
        for row, group in enumerate(groups):
            if group.key == key:
                self._select(self._lines.index(row, 0), offer, line)
                self.verticalScrollBar().setValue(scroll)

    def _select(self, header: QModelIndex, offer: str | None, line: int) -> None:
        """The line of the article; when that is gone, the one that has come to its place, so that keys go on from there."""
        row = self._lines.row_of(self._lines.groups[header.row()], offer) if offer is not None else -1
        if row < 0 <= line:
            row = min(line, self._lines.rowCount(header) - 1)
        found = self._lines.index(row, 0, header) if row >= 0 else header
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(found, flags)
