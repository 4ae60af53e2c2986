"""«История изменений» of the mapping: every change beside the window, and the way back to each of them."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QStyleOptionViewItem, QTreeView, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingChange
from ozon_desktop.services.mapping.view import MappingView
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.history.model import AFTER, BEFORE, STATE, WHAT, WHEN, WHO, HistoryModel
from ozon_desktop.ui.widgets import ColumnFitter, LeftElideDelegate, RowDelegate, Width, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions
from ozon_desktop.ui.widgets.tool_dialog import Body, ToolDialog

LIMIT = 500
COLUMNS = {
    WHAT: Width(share=4, least=18),
    BEFORE: Width(share=3, least=12),
    AFTER: Width(share=3, least=12),
    WHEN: Width(),
    WHO: Width(share=1, least=6),
    STATE: Width(),
}


class HistoryPanel(ToolDialog):
    """`changed` carries the new MappingView after a way back or forth."""

    changed = Signal(object)

    def __init__(self, context: WindowContext, view: MappingView, parent: QWidget | None = None) -> None:
        super().__init__(context, "mapping_history", "История изменений", parent, heading="")
        self._selected: int | None = None
        self._open: set[int] = set()
        self.model = HistoryModel(context.theme, context.application.clock, self)
        self.model.name_with(view)
        self.about = WrappedLabel("", role="status-line")
        self.tree = self._make_tree()
        self.body.addWidget(self.about)
        self.add_content(self.tree, empty="Соответствия ещё не менялись. Здесь появится каждое изменение: что, когда и кто изменил.")
        self.go_button = QPushButton("&Вернуть к этому моменту")
        self.finish(self.go_button, "history_go", 1040, 560)
        # With a default button Enter would press that one instead of the button that has the focus.
        self.close_button.setAutoDefault(True)
        self.go_button.setDefault(True)
        self._connect()
        self._show_parts(Body.LOADING)
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
        ColumnFitter(tree, COLUMNS, self.context.state, "mapping_history")
        return tree

    def _connect(self) -> None:
        self.tree.selectionModel().currentChanged.connect(self._chosen)
        self.tree.expanded.connect(self._expanded)
        self.tree.collapsed.connect(self._collapsed)
        self.tree.doubleClicked.connect(self.go)
        KeyActions(self.tree).on(ENTER, self.go)
        self.go_button.clicked.connect(self.go)
        self.context.data_changed.connect(self._data_changed)

    # --- reading ----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Ask for the changes again; what is selected and opened stays so."""
        self.start_reading(self.context.application.mapping.history(self.integration_id, LIMIT))

    def _data_changed(self, topic: str) -> None:
        if topic == "mapping" and not self.busy:
            self.refresh()

    def show_read(self, changes: list[MappingChange]) -> None:
        first = not self.model.changes
        selected, opened = self._selected, set(self._open)
        self.model.show_changes(changes, whole=len(changes) < LIMIT)
        self._open = opened
        for change_id in opened:
            self.tree.expand(self.model.index_of(change_id))
        index = self.model.index_of(selected) if selected is not None else QModelIndex()
        if not index.isValid():
            index = self.model.index(min(self.model.current_row(), self.model.rowCount() - 1), WHAT)
        self._show_parts(Body.CONTENT if changes else Body.EMPTY)
        self.tree.setCurrentIndex(index)
        self._show_count()
        if first:
            self.tree.setFocus()

    def _show_parts(self, shown: Body) -> None:
        self.show_body(shown)
        self.about.setVisible(shown is Body.CONTENT)
        self.show_state()

    def _show_count(self) -> None:
        undone, count = self.model.current_row(), len(self.model.changes)
        text = wording.plural(count, "изменение", "изменения", "изменений")
        if undone:
            text = f"{text}, из них отменено: {wording.number(undone)}"
        if count >= LIMIT:
            text = f"Последние {text}"
        self.about.setText(text + ". К любому можно вернуться, а потом передумать: ничего не теряется.")

    # --- back and forth ---------------------------------------------------------------------------------------------

    def go(self) -> None:
        """Makes the selected change the last one in force; nothing happens when it is, or while such work is under way."""
        steps, service = self._steps(), self.context.application.mapping
        if steps:
            work = service.undo(self.integration_id, -steps) if steps < 0 else service.redo(self.integration_id, steps)
            self.run(work, self._gone, self._not_gone)

    def _steps(self) -> int:
        selected = self.model.change_id(self.tree.currentIndex())
        return self.model.steps_to(selected) if selected is not None and not self.busy else 0

    def _gone(self, view: MappingView) -> None:
        self.bar.hide()
        self.model.name_with(view)
        self.changed.emit(view)
        self.ended()
        self.refresh()

    def _not_gone(self, error: object) -> None:
        self.job_failed(error)
        self.refresh()

    def show_state(self) -> None:
        steps = self._steps()
        self.go_button.setEnabled(bool(steps))
        count = wording.plural(abs(steps), "изменение", "изменения", "изменений")
        tip = f"{'Отменит' if steps < 0 else 'Вернёт'} {count}" if steps else "Выберите изменение: выделенное и так действует последним"
        self.go_button.setToolTip(tip)
        self.go_button.setAccessibleDescription(tip)

    def _chosen(self, current: QModelIndex) -> None:
        # A reset of the model takes the selection away; what was chosen before it is chosen again after it.
        if current.isValid():
            self._selected = self.model.change_id(current)
        self.show_state()

    def _expanded(self, index: QModelIndex) -> None:
        self._open.add(self.model.change_id(index) or 0)

    def _collapsed(self, index: QModelIndex) -> None:
        self._open.discard(self.model.change_id(index) or 0)


class _WhatDelegate(LeftElideDelegate):
    """A place is a path and is cut on the left; the name of a change is read from its beginning."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if not index.parent().isValid():
            option.textElideMode = Qt.TextElideMode.ElideRight
