"""«История изменений» of the mapping: every change beside the window, and the way back to each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QStyleOptionViewItem,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ozon_desktop import wording
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.dialog_size import open_at
from ozon_desktop.ui.mapping.history.model import AFTER, BEFORE, STATE, WHAT, WHEN, WHO, HistoryModel
from ozon_desktop.ui.widgets import ColumnFitter, EmptyState, LeftElideDelegate, MessageBar, RowDelegate, Skeleton, Width, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions

if TYPE_CHECKING:
    from ozon_desktop.domain.mapping import MappingChange
    from ozon_desktop.services.mapping.mapping import MappingView
    from ozon_desktop.ui.context import WindowContext
    from ozon_desktop.ui.worker import Job

LIMIT = 500
COLUMNS = {
    WHAT: Width(share=4, least=18),
    BEFORE: Width(share=3, least=12),
    AFTER: Width(share=3, least=12),
    WHEN: Width(),
    WHO: Width(share=1, least=6),
    STATE: Width(),
}


class HistoryPanel(QDialog):
    """Does not block the window. `changed` carries the new MappingView after a way back or forth."""

    changed = Signal(object)

    def __init__(self, context: WindowContext, view: MappingView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._integration_id = context.integration_id
        self._reading: Job | None = None
        self._going: Job | None = None
        self._selected: int | None = None
        self._open: set[int] = set()
        self.setObjectName("mapping_history")
        self.setWindowTitle("История изменений")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.model = HistoryModel(context.theme, context.application.clock, self)
        self.model.name_with(view)
        self.bar = MessageBar()
        self.about = WrappedLabel("", role="truth")
        self.skeleton = Skeleton()
        self.empty = EmptyState("Соответствия ещё не менялись. Здесь появится каждое изменение: что, когда и кто изменил.")
        self.tree = self._make_tree()
        self.go_button = QPushButton("&Вернуть к этому моменту")
        self.go_button.setObjectName("history_go")
        self.go_button.setDefault(True)
        set_role(self.go_button, "primary")
        self.close_button = QPushButton("&Закрыть")
        self.close_button.setObjectName("history_close")
        self._lay_out()
        self._connect()
        self._show_parts(loading=True)
        self.refresh()

    def _make_tree(self) -> QTreeView:
        tree = QTreeView()
        tree.setObjectName("history_tree")
        tree.setAccessibleName("Изменения, последние сверху")
        set_role(tree, "boxed")
        tree.setModel(self.model)
        tree.setUniformRowHeights(True)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setExpandsOnDoubleClick(False)
        tree.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setItemDelegate(RowDelegate(tree))
        paths = LeftElideDelegate(tree)
        for column in (BEFORE, AFTER):
            tree.setItemDelegateForColumn(column, paths)
        tree.setItemDelegateForColumn(WHAT, _WhatDelegate(tree))
        ColumnFitter(tree, COLUMNS, self._context.state, "mapping_history")
        return tree

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(12)
        layout.addWidget(self.bar)
        layout.addWidget(self.about)
        for widget in (self.skeleton, self.empty, self.tree):
            layout.addWidget(widget, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.go_button)
        layout.addLayout(buttons)
        open_at(self, self._context.theme, 1040, 560)

    def _connect(self) -> None:
        self.tree.selectionModel().currentChanged.connect(self._chosen)
        self.tree.expanded.connect(self._expanded)
        self.tree.collapsed.connect(self._collapsed)
        self.tree.doubleClicked.connect(self.go)
        KeyActions(self.tree).on(ENTER, self.go)
        self.go_button.clicked.connect(self.go)
        self.close_button.clicked.connect(self.close)
        self._context.data_changed.connect(self._data_changed)
        self._context.theme.changed.connect(self.tree.viewport().update)
        self._context.integration_changed.connect(self.close)

    # --- reading ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the changes again; what is selected and opened stays so."""
        if self._reading is not None:
            self._reading.cancel()
        service = self._context.application.mapping
        self._reading = self._context.worker.run(
            service.history(self._integration_id, LIMIT), on_done=self._show, on_failed=self._reading_failed
        )

    def name_with(self, view: MappingView) -> None:
        """Names categories and types as this view has them now."""
        self.model.name_with(view)

    def _data_changed(self, topic: str) -> None:
        if topic == "mapping" and self._going is None:
            self.refresh()

    def _show(self, changes: list[MappingChange]) -> None:
        first, self._reading = not self.model.changes, None
        selected, opened = self._selected, set(self._open)
        self.model.show_changes(changes, whole=len(changes) < LIMIT)
        self._open = opened
        for change_id in opened:
            self.tree.expand(self.model.index_of(change_id))
        index = self.model.index_of(selected) if selected is not None else QModelIndex()
        if not index.isValid():
            index = self.model.index(min(self.model.current_row(), self.model.rowCount() - 1), WHAT)
        self._show_parts(loading=False)
        self.tree.setCurrentIndex(index)
        self._tell()
        if first:
            self.tree.setFocus()

    def _show_parts(self, *, loading: bool) -> None:
        empty = not loading and not self.model.changes
        self.skeleton.setVisible(loading)
        self.empty.setVisible(empty)
        self.tree.setVisible(not loading and not empty)
        self.about.setVisible(not loading and not empty)
        self._update_button()

    def _tell(self) -> None:
        undone = self.model.current_row()
        count = len(self.model.changes)
        text = wording.plural(count, "изменение", "изменения", "изменений")
        if undone:
            text = f"{text}, из них отменено: {wording.number(undone)}"
        if count >= LIMIT:
            text = f"Последние {text}"
        self.about.setText(text + ". К любому можно вернуться, а потом передумать: ничего не теряется.")

    def _reading_failed(self, error: object) -> None:
        self._reading = None
        self.skeleton.hide()
        self._show_error(error, "Повторить")

    # --- back and forth ---------------------------------------------------------------------------------------------

    def go(self) -> None:
        """Makes the selected change the last one in force; nothing happens when it is, or while such work is under way."""
        steps = self._steps()
        if not steps:
            return
        service = self._context.application.mapping
        work = service.undo(self._integration_id, -steps) if steps < 0 else service.redo(self._integration_id, steps)
        self._going = self._context.worker.run(work, on_done=self._gone, on_failed=self._not_gone, on_cancelled=self._ended)
        self._update_button()

    def _steps(self) -> int:
        selected = self.model.change_id(self.tree.currentIndex())
        return self.model.steps_to(selected) if selected is not None and self._going is None else 0

    def _gone(self, view: MappingView) -> None:
        self.bar.hide()
        self.model.name_with(view)
        self.changed.emit(view)
        self._ended()
        self.refresh()

    def _not_gone(self, error: object) -> None:
        self._ended()
        self._show_error(error)
        self.refresh()

    def _ended(self) -> None:
        self._going = None
        self._update_button()

    def _show_error(self, error: object, action: str = "") -> None:
        shown = self._context.explain(error)
        self.bar.show_message(shown.line, "error", action, self._again if action else None, details=shown.details)

    def _again(self) -> None:
        self.bar.hide()
        self.refresh()

    def _update_button(self) -> None:
        steps = self._steps()
        self.go_button.setEnabled(bool(steps))
        count = wording.plural(abs(steps), "изменение", "изменения", "изменений")
        undo, redo = "Отменит {0}", "Вернёт {0}"
        tip = (undo if steps < 0 else redo).format(count) if steps else "Выберите изменение: выделенное и так действует последним"
        self.go_button.setToolTip(tip)
        self.go_button.setAccessibleDescription(tip)

    def _chosen(self, current: QModelIndex) -> None:
        # A reset of the model takes the selection away; what was chosen before it is chosen again after it.
        if current.isValid():
            self._selected = self.model.change_id(current)
        self._update_button()

    def _expanded(self, index: QModelIndex) -> None:
        self._open.add(self.model.change_id(index) or 0)

    def _collapsed(self, index: QModelIndex) -> None:
        self._open.discard(self.model.change_id(index) or 0)


class _WhatDelegate(LeftElideDelegate):
    """A place is a path and is cut on the left; the name of a change is read from its beginning."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Qt: the elide mode of the row."""
        super().initStyleOption(option, index)
        if not index.parent().isValid():
            option.textElideMode = Qt.TextElideMode.ElideRight
