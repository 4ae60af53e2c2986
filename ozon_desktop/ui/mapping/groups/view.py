"""The list of the three groups: arrows, digits, Enter, Space and Delete, and the same with the mouse."""

from functools import partial
from itertools import chain

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip, QWidget

from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.mapping.groups.board import Kind, Row
from ozon_desktop.ui.mapping.groups.delegate import GroupsDelegate
from ozon_desktop.ui.mapping.groups.layout import ACTION, HEAD, MORE, OTHER, TICK
from ozon_desktop.ui.mapping.groups.model import GroupsModel
from ozon_desktop.ui.widgets.keys import DELETE, ENTER, KeyActions

DIGITS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)


class GroupsView(QListView):
    """Announces what is meant with a row; where the cursor stands outlives every change of the rows."""

    digit_chosen = Signal(str, int)
    """category id, digit from 1"""
    accepted = Signal(str)
    ticked = Signal(str)
    rejected = Signal(str)
    find_wanted = Signal(str)
    group_toggled = Signal(object)
    more_wanted = Signal(object)
    row_changed = Signal(object)
    """Row or None"""

    def __init__(self, model: GroupsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self.setObjectName("suggestion_groups")
        self.setAccessibleName("Предложения по группам")
        self.setModel(model)
        self._delegate = GroupsDelegate(theme, self)
        self.setItemDelegate(self._delegate)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(self._current_changed)
        keys = KeyActions(self)
        keys.on(ENTER, self._enter)
        keys.on(DELETE, self._delete)
        keys.on(frozenset({Qt.Key.Key_Space}), self._space)
        for digit, key in enumerate(DIGITS, 1):
            keys.on(frozenset({key}), partial(self._digit, digit))

    def current_row(self) -> Row | None:
        return self._rows.row(self.currentIndex())

    def show_rows(self) -> None:
        """Takes the rows as they are now; the cursor stays on its row, or where that row stood, and nothing scrolls."""
        before, scrolled = self.current_row(), self.verticalScrollBar().value()
        place = self.currentIndex().row()
        self._rows.show()
        found = self._rows.place_of(before.key) if before is not None else -1
        self._go_to(found if found >= 0 else self._nearest(place))
        self.executeDelayedItemsLayout()
        self.scheduleDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)
        self.row_changed.emit(self.current_row())

    def select_category(self, category_id: str) -> None:
        """Moves the cursor to a category that is listed."""
        place = self._rows.place_of((category_id,))
        if place >= 0:
            self._go_to(place)
            self.scrollTo(self.currentIndex())

    def go_first(self) -> None:
        """Moves the cursor to the first category."""
        self.scrollToTop()
        self._go_to(self._nearest(0))

    def _nearest(self, start: int) -> int:
        """The first category from there on, for a head does nothing by itself."""
        count = int(self._rows.rowCount())
        for place in chain(range(max(start, 0), count), range(min(start, count) - 1, -1, -1)):
            shown = self._rows.row(self._rows.index(place))
            if shown is not None and shown.kind is Kind.CATEGORY:
                return place
        return count - 1

    def _go_to(self, place: int) -> None:
        if 0 <= place < self._rows.rowCount():
            self.setCurrentIndex(self._rows.index(place))

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        self.row_changed.emit(self._rows.row(current))

    # --- keys -------------------------------------------------------------------------------------------------------

    def _digit(self, digit: int) -> None:
        row = self.current_row()
        if row is not None and row.category_id:
            self.digit_chosen.emit(row.category_id, digit)

    def _enter(self) -> None:
        row = self.current_row()
        if row is None:
            return
        if row.kind is Kind.HEAD:
            self.group_toggled.emit(row.group)
        elif row.kind is Kind.MORE:
            self.more_wanted.emit(row.group)
        elif row.group is SuggestionGroup.SURE:
            self.accepted.emit(row.category_id)
        elif row.group is SuggestionGroup.UNSURE:
            self.find_wanted.emit(row.category_id)

    def _delete(self) -> None:
        row = self.current_row()
        if row is not None and row.category_id:
            self.rejected.emit(row.category_id)

    def _space(self) -> None:
        row = self.current_row()
        if row is not None and row.category_id and row.group is SuggestionGroup.SURE:
            self.ticked.emit(row.category_id)
        elif row is not None and not row.category_id:
            self._enter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left closes a group and Right opens it, as in a tree; from a category Left goes up to the head of its group."""
        row = self.current_row()
        if row is None or event.key() not in {Qt.Key.Key_Left, Qt.Key.Key_Right} or event.modifiers():
            super().keyPressEvent(event)
            return
        left = event.key() == Qt.Key.Key_Left
        if row.kind is Kind.HEAD and row.opened is left:
            self.group_toggled.emit(row.group)
        elif row.kind is not Kind.HEAD and left:
            self._go_to(self._rows.place_of((Kind.HEAD, row.group)))

    # --- mouse ------------------------------------------------------------------------------------------------------

    def _part(self, point: QPoint) -> tuple[Row | None, str]:
        index = self.indexAt(point)
        return (self._rows.row(index), self._delegate.part_at(index, point)) if index.isValid() else (None, "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        row, part = self._part(event.position().toPoint())
        if row is None or row.key != getattr(self.current_row(), "key", None):
            return
        if part.isdigit():
            self.digit_chosen.emit(row.category_id, int(part))
        elif part == TICK:
            self.ticked.emit(row.category_id)
        elif part in {OTHER, ACTION}:
            self.find_wanted.emit(row.category_id)
        elif part == MORE:
            self.more_wanted.emit(row.group)
        elif part == HEAD:
            self.group_toggled.emit(row.group)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        hand = bool(self._part(event.position().toPoint())[1])
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def viewportEvent(self, event: QEvent) -> bool:
        """The tooltip of a choice says its whole path."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            row, part = self._part(event.pos())
            if row is not None and part.isdigit():
                found = self._rows.board.few(row.category_id)
                if int(part) <= len(found):
                    QToolTip.showText(event.globalPos(), " / ".join(found[int(part) - 1].path), self)
                    return True
        return super().viewportEvent(event)
