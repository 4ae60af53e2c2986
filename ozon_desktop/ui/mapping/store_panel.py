"""Left card of the page: the store's categories with filter and search, and what can be done with the chosen ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingState
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ui.mapping.keys import DELETE, ENTER, KeyActions
from ozon_desktop.ui.mapping.number_delegate import NumberDelegate
from ozon_desktop.ui.mapping.store_tree_model import (
    CATEGORY_ID,
    StoreColumn,
    StoreFilter,
    StoreFilterMode,
    StoreTreeModel,
    confidence_text,
)
from ozon_desktop.ui.mapping.tree_nodes import ROOT
from ozon_desktop.ui.mapping.tree_state import read_state, restore_state
from ozon_desktop.ui.widgets import Card, Column, ColumnFitter, EmptyState, LeftElideDelegate, RowDelegate, SearchField

if TYPE_CHECKING:
    from ozon_desktop.services.mapping import MappingView, Suggestion
    from ozon_desktop.ui.context import WindowContext

CONFIDENT = 0.8
"""Suggestions from this confidence on are accepted by «Принять все уверенные»."""
EXPANDED_AT_MOST = 400


class StorePanel(Card):
    """Tells what the manager wants; the page does it."""

    enter_pressed = Signal()
    delete_pressed = Signal()
    accept_all_pressed = Signal()
    import_wanted = Signal()
    selection_changed = Signal()
    menu_wanted = Signal(QPoint)
    category_opened = Signal(object)
    """category id (str): a double click"""
    type_dropped = Signal(object, object)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self.set_heading(self.tr("Категории магазина"))
        self.model = StoreTreeModel(context.theme, self)
        self.filter = StoreFilter(self.model, self)
        self._filter_box = self._make_filter_box()
        self.search = SearchField(self.tr("Найти категорию магазина"), name="store_search")
        self.tree = self._make_tree()
        self.unmap_button = QPushButton(self.tr("Убрать соответствие"))
        self.unmap_button.setObjectName("unmap_button")
        self.unmap_button.setToolTip(self.tr("Delete"))
        self.accept_all = QPushButton()
        self.accept_all.setObjectName("accept_all")
        self.empty = EmptyState(
            self.tr("Категорий магазина ещё нет. Загрузите выгрузку магазина."), self.tr("Загрузить выгрузку"), name="store_empty"
        )
        self._nothing = EmptyState(self.tr("Таких категорий нет."), name="store_nothing")
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.head.addWidget(self._filter_box)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        self._views = QStackedWidget()
        self._views.addWidget(self.tree)
        self._views.addWidget(self._nothing)
        column.addWidget(self.search)
        column.addWidget(self._views, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.unmap_button)
        buttons.addStretch(1)
        buttons.addWidget(self.accept_all)
        column.addLayout(buttons)
        self._stack.addWidget(content)
        self._stack.addWidget(self.empty)
        self.body.addWidget(self._stack, 1)
        self.accept_all.hide()

    def _make_filter_box(self) -> QComboBox:
        box = QComboBox()
        box.setObjectName("store_filter")
        box.setAccessibleName(self.tr("Какие категории показать"))
        texts = {
            StoreFilterMode.ALL: self.tr("Все"),
            StoreFilterMode.UNMAPPED: self.tr("Только без соответствия"),
            StoreFilterMode.SUGGESTED: self.tr("С предложением"),
            StoreFilterMode.TO_FIX: self.tr("Нужно исправить"),
        }
        for mode, text in texts.items():
            box.addItem(text, mode.value)
        return box

    def _make_tree(self) -> QTreeView:
        tree = QTreeView()
        tree.setObjectName("store_tree")
        tree.setAccessibleName(self.tr("Категории магазина"))
        tree.setModel(self.filter)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setExpandsOnDoubleClick(False)
        tree.setAcceptDrops(True)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        tree.setDefaultDropAction(Qt.DropAction.LinkAction)
        tree.setDragDropOverwriteMode(True)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.setItemDelegate(RowDelegate(tree))
        tree.setItemDelegateForColumn(StoreColumn.PRODUCTS, NumberDelegate(tree))
        tree.setItemDelegateForColumn(StoreColumn.OZON, LeftElideDelegate(tree))
        header = tree.header()
        header.setSectionsMovable(False)
        return tree

    def _widths(self) -> dict[int, Column]:
        states = [wording.mapping_state_text(state) for state in MappingState]
        return {
            StoreColumn.NAME: Column(share=1, least=13),
            StoreColumn.PRODUCTS: Column(spare=True),
            StoreColumn.OZON: Column(share=1, least=8),
            StoreColumn.STATE: Column((*states, self.tr("предложение {0}").format(confidence_text(0.88)))),
        }

    def _connect(self) -> None:
        self.search.searched.connect(self._search)
        self._filter_box.currentIndexChanged.connect(self._filter_chosen)
        self.tree.selectionModel().selectionChanged.connect(self._selected)
        self.tree.customContextMenuRequested.connect(self.menu_wanted)
        self.tree.doubleClicked.connect(self._opened)
        keys = KeyActions(self.tree)
        keys.on(ENTER, self.enter_pressed.emit)
        keys.on(DELETE, self.delete_pressed.emit)
        self.unmap_button.clicked.connect(self.delete_pressed)
        self.accept_all.clicked.connect(self.accept_all_pressed)
        self.empty.acted.connect(self.import_wanted)
        self.model.type_dropped.connect(self.type_dropped)
        ColumnFitter(self.tree, self._widths(), self._context.state, "store_tree")

    # --- contents ---------------------------------------------------------------------------------------------------

    def show_view(self, view: MappingView) -> None:
        """Show the state of the mapping; what was selected, expanded and scrolled stays."""
        first = self.model.rowCount() == 0
        state = read_state(self.tree, self._identity)
        if self.model.show_view(view):
            restore_state(self.tree, self._identity, state)
            if first:
                self.tree.expandToDepth(0 if len(view.categories) > EXPANDED_AT_MOST else 2)
        else:
            self.filter.refilter()
        self._stack.setCurrentIndex(0 if view.categories else 1)
        self._filter_box.setEnabled(bool(view.categories))
        self._show_found()
        self._selected()

    def show_proposals(self, proposals: dict[str, tuple[Suggestion, ...]]) -> None:
        """Show suggestions and open the branches they are in."""
        self.model.show_proposals(proposals)
        self._refilter()
        for category_id in self.model.proposals():
            self._reveal(category_id)
        self._selected()

    def reject(self, category_ids: Sequence[str]) -> None:
        """Take suggestions away."""
        self.model.reject(category_ids)
        self._refilter()
        self._selected()

    def confident(self) -> dict[str, TypeKey]:
        """The types of all confident suggestions by category."""
        return {category: found.key for category, found in self.model.proposals().items() if found.confidence >= CONFIDENT}

    def selected_ids(self) -> list[str]:
        """Ids of the selected categories, top to bottom."""
        rows = sorted(self.tree.selectionModel().selectedRows(), key=lambda index: self.tree.visualRect(index).top())
        return [str(index.data(CATEGORY_ID)) for index in rows]

    def select(self, category_id: str) -> None:
        """Select one category and scroll to it."""
        index = self._reveal(category_id)
        if index.isValid():
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.tree.selectionModel().setCurrentIndex(index, flags)
            self.tree.scrollTo(index)

    def choose_filter(self, mode: StoreFilterMode) -> None:
        """Set the filter box."""
        self._filter_box.setCurrentIndex(self._filter_box.findData(mode.value))

    def _reveal(self, category_id: str) -> QModelIndex:
        node = self.model.node_of(category_id)
        index = self.filter.mapFromSource(self.model.index_of(node)) if node != ROOT else QModelIndex()
        above = index.parent()
        while above.isValid():
            self.tree.setExpanded(above, True)
            above = above.parent()
        return index

    def _identity(self, index: QModelIndex) -> object:
        return index.data(CATEGORY_ID)

    def _search(self, text: str) -> None:
        self.filter.text = text
        self._refilter()

    def _filter_chosen(self, _row: int) -> None:
        self.filter.mode = StoreFilterMode(self._filter_box.currentData())
        self._refilter()

    def _refilter(self) -> None:
        self.filter.refilter()
        if (self.filter.text or self.filter.mode is not StoreFilterMode.ALL) and len(self.filter.matches) <= EXPANDED_AT_MOST:
            self.tree.expandAll()
        self._show_found()

    def _show_found(self) -> None:
        self._views.setCurrentIndex(0 if self.filter.rowCount() else 1)

    def _opened(self, index: QModelIndex) -> None:
        self.category_opened.emit(index.data(CATEGORY_ID))

    def _selected(self) -> None:
        selected = self.selected_ids()
        self.unmap_button.setEnabled(any(self.model.has_own(category) for category in selected))
        count = len(self.confident())
        self.accept_all.setVisible(count > 0)
        self.accept_all.setText(self.tr("Принять все уверенные: {0}").format(wording.number(count)))
        self.selection_changed.emit()
