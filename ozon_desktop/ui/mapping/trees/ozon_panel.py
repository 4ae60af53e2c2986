"""Right card of the page: the Ozon tree with search, the chosen type's attributes, and «Сопоставить»."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QSizePolicy, QSplitter, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from ozon_desktop.domain.ozon_catalog import OzonTree, OzonType, TypeKey
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.trees.category_button import CategoryButton
from ozon_desktop.ui.mapping.trees.ozon_delegate import OzonDelegate
from ozon_desktop.ui.mapping.trees.ozon_rows import OzonRows
from ozon_desktop.ui.mapping.trees.ozon_tree_model import STATE_COLUMN, OzonFilter, OzonTreeModel
from ozon_desktop.ui.mapping.trees.tree_nodes import ROOT
from ozon_desktop.ui.mapping.trees.tree_state import CurrentInSight, TreeMemory, read_state, restore_state
from ozon_desktop.ui.mapping.type_details.panel import TypePanel
from ozon_desktop.ui.widgets import Card, EmptyState, LeastRows, SearchField, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions

if TYPE_CHECKING:
    from ozon_desktop.ui.context import WindowContext

EXPANDED_AT_MOST = 400
"""More matches than this are left closed, but for the branch of the best: nobody reads them, and opening them costs time."""


class OzonPanel(Card):
    """Tells which type is chosen and that it shall be mapped; the page does it."""

    map_pressed = Signal()
    type_chosen = Signal(object)
    """OzonType or None"""
    fetch_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self.set_heading("Категории Ozon")
        self.model = OzonTreeModel(context.theme, self)
        self.filter = OzonFilter(self.model, self)
        self.search = SearchField("Найти категорию или тип Ozon", name="ozon_search")
        self.tree = self._make_tree()
        CurrentInSight(self.tree)
        LeastRows(self.tree, 3)
        self._memory = TreeMemory(self.tree, self._identity, context.state, "ozon")
        self._shown_for = 0
        self.details = TypePanel(context)
        self.category = CategoryButton()
        self.map_button = QPushButton("Сопоставить   Enter")
        self.map_button.setObjectName("map_button")
        self.map_button.setAccessibleName("Сопоставить")
        set_role(self.map_button, "primary")
        self.why = WrappedLabel("", role="hint", insistent=True)
        self.why.setObjectName("map_hint")
        self.empty = EmptyState("Категории Ozon ещё не получены.", "Получить базовые категории", name="ozon_empty")
        self._nothing = EmptyState("Ничего не найдено. Попробуйте одно слово или его начало.", name="ozon_nothing")
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    def _make_tree(self) -> QTreeView:
        tree = QTreeView()
        tree.setObjectName("ozon_tree")
        tree.setAccessibleName("Категории Ozon")
        tree.setModel(self.filter)
        tree.setHeaderHidden(True)
        tree.setUniformRowHeights(True)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setDragEnabled(True)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.setItemDelegate(OzonDelegate(self._context.theme, tree))
        tree.setColumnHidden(STATE_COLUMN, True)
        return tree

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        self._views = QStackedWidget()
        self._views.addWidget(self.tree)
        self._views.addWidget(self._nothing)
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setObjectName("ozon_parts")
        self.parts.addWidget(self._views)
        self.parts.addWidget(self.details)
        self.parts.setChildrenCollapsible(False)
        self.parts.setSizes([300, 240])
        self.details.hide()
        column.addWidget(self.parts, 1)
        for button in (self.category, self.map_button):
            # With large text there may be too little height: the trees give way, not the buttons.
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column.addWidget(self.category)
        column.addWidget(self.why)
        column.addWidget(self.map_button)
        self._stack.addWidget(content)
        self._stack.addWidget(self.empty)
        self.body.addWidget(self._stack, 1)
        self._context.state.restore_splitter("ozon_parts", self.parts)

    def _connect(self) -> None:
        self.search.searched.connect(self._search)
        self.search.returnPressed.connect(self._search_entered)
        self.tree.selectionModel().currentChanged.connect(self._chosen)
        self.tree.doubleClicked.connect(self._double_clicked)
        self.tree.customContextMenuRequested.connect(self.menu_wanted)
        KeyActions(self.tree).on(ENTER, self._enter)
        self.map_button.clicked.connect(self.map_pressed)
        self.empty.acted.connect(self.fetch_wanted)
        self.parts.splitterMoved.connect(self._keep_parts)

    def _keep_parts(self, _position: int, _index: int) -> None:
        self._context.state.keep_splitter("ozon_parts", self.parts)

    # --- contents ---------------------------------------------------------------------------------------------------

    def show_tree(self, tree: OzonTree, rows: OzonRows | None = None) -> None:
        """Show the tree; what was selected, expanded and scrolled stays, also over a restart.

        rows: those of a tree other than the one shown, when they have been made beside the window.
        """
        fresh = self.model.rowCount() == 0 or self._shown_for != self._context.integration_id
        state = read_state(self.tree, self._identity)
        reset = self.model.show_rows(rows) if rows is not None else self.model.show_tree(tree)
        self._shown_for = self._context.integration_id
        if fresh:
            self._memory.restore(self._shown_for)
        elif reset:
            restore_state(self.tree, self._identity, state)
        self._stack.setCurrentIndex(0 if tree.categories else 1)
        self._show_found()
        self._show_details()

    def keep_places(self) -> None:
        """Keeps what is opened and chosen for the next time."""
        if self._shown_for and self.model.rowCount():
            self._memory.keep(self._shown_for)

    def current_type(self) -> OzonType | None:
        """The type chosen in the tree."""
        return self.model.type_at(self.filter.mapToSource(self.tree.currentIndex()))

    def current_category(self) -> int | None:
        """Id of the category chosen in the tree, None when a type or nothing is."""
        identity = self.model.identity(self.filter.mapToSource(self.tree.currentIndex()))
        return identity if isinstance(identity, int) else None

    def select(self, key: TypeKey) -> None:
        """Choose a type and scroll to it; a search that hides it is cleared."""
        node = self.model.node_of(key)
        if node == ROOT:
            return
        if not self.filter.mapFromSource(self.model.index_of(node)).isValid():
            self.search.clear()
            self._search("")
        self._choose(node)

    def show_gate(self, why: str, possible: bool) -> None:
        """Whether «Сопоставить» can be used now, and if not, what is missing."""
        self.map_button.setEnabled(possible)
        self.why.setText(why)
        self.why.setVisible(bool(why))

    def _choose(self, node: int) -> None:
        index = self.filter.mapFromSource(self.model.index_of(node))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.tree.selectionModel().setCurrentIndex(index, flags)
        self.tree.scrollTo(index)

    def _identity(self, index: QModelIndex) -> str:
        return str(self.model.identity(self.filter.mapToSource(index)))

    def _search(self, text: str) -> None:
        self.filter.text = text
        if text.strip():
            self._memory.search_begins()
        self.filter.refilter()
        self._show_found()
        if not text.strip():
            self._memory.search_ends()
            return
        if len(self.filter.matches) <= EXPANDED_AT_MOST:
            self.tree.expandAll()
        best = self.model.best(text, self.filter.matches)
        if best != ROOT:
            self._choose(best)

    def _show_found(self) -> None:
        self._views.setCurrentIndex(0 if self.filter.rowCount() else 1)

    def _search_entered(self) -> None:
        # Enter shows the best match and waits: mapping at once would map what the manager has not looked at.
        if self.current_type() is not None:
            self.tree.setFocus()

    def _chosen(self) -> None:
        self._show_details()
        self.type_chosen.emit(self.current_type())

    def _show_details(self) -> None:
        """Until a type is chosen all the height is the tree's."""
        type_, category = self.current_type(), self.current_category()
        self.details.show_type(type_)
        self.details.setVisible(type_ is not None)
        if category is None:
            self.category.hide()
        else:
            self.category.show_category(*self.model.summary(category))

    def _double_clicked(self, _index: QModelIndex) -> None:
        if self.current_type() is not None:
            self.map_pressed.emit()

    def _enter(self) -> None:
        if self.current_type() is not None:
            self.map_pressed.emit()
        else:
            index = self.tree.currentIndex()
            self.tree.setExpanded(index, not self.tree.isExpanded(index))
