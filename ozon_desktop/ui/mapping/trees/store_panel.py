"""Left card of the page: the store's categories with filter and search, and what can be done with the chosen ones."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QPushButton, QStyleOptionViewItem, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.services.mapping.view import MappingView, Suggestion
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.trees.coverage_bar import CoverageBar
from ozon_desktop.ui.mapping.trees.store_tree_model import (
    CATEGORY_ID,
    TO_CHOOSE,
    StoreColumn,
    StoreFilter,
    StoreFilterMode,
    StoreTreeModel,
)
from ozon_desktop.ui.mapping.trees.tree_card import TreeCard
from ozon_desktop.ui.mapping.trees.tree_nodes import ROOT
from ozon_desktop.ui.widgets import ColumnFitter, EmptyState, FlowLayout, LeftElideDelegate, RowDelegate, Width
from ozon_desktop.ui.widgets.keys import DELETE, ENTER, KeyActions
from ozon_desktop.ui.widgets.model_index import Index
from ozon_desktop.ui.widgets.number_delegate import NumberDelegate

SORT = "store_tree/sort"
DIGITS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5)
"""They choose one of the few suggestions of a category."""


class TypeDelegate(LeftElideDelegate):
    """Of a path its end is seen, of the few to choose from their beginning."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        if index.data(TO_CHOOSE):
            option.textElideMode = Qt.TextElideMode.ElideRight


class StorePanel(TreeCard):
    """Announces which categories are selected and what shall be done with them."""

    enter_pressed = Signal()
    delete_pressed = Signal()
    digit_pressed = Signal(int)
    accept_all_pressed = Signal()
    groups_wanted = Signal()
    palette_wanted = Signal()
    import_wanted = Signal()
    selection_changed = Signal()
    category_opened = Signal(object)
    """category id (str): a double click"""
    type_dropped = Signal(object, object)

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "Категории магазина", parent)
        self.model = StoreTreeModel(context.theme, self)
        self.filter = StoreFilter(self.model, self)
        self.build(
            self.filter,
            name="store",
            title="Категории магазина",
            placeholder="Найти категорию магазина",
            empty=EmptyState("Категорий магазина ещё нет. Загрузите выгрузку магазина.", "Загрузить выгрузку", name="store_empty"),
            nothing="Таких категорий нет.",
            least_rows=4,
        )
        self._filter_box = self._make_filter_box()
        self.coverage = CoverageBar()
        self.unmap_button = QPushButton("Убрать соответствие")
        self.unmap_button.setObjectName("unmap_button")
        self.unmap_button.setToolTip("Delete")
        self.palette_button = QPushButton("Найти тип   Ctrl+K")
        self.palette_button.setObjectName("palette_button")
        self.palette_button.setAccessibleName("Найти тип")
        self.accept_all = QPushButton()
        self.accept_all.setObjectName("accept_all")
        self.groups_button = QPushButton()
        self.groups_button.setObjectName("show_groups")
        self._set_up_tree()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.head.addWidget(self._filter_box)
        self.column.addWidget(self.coverage)
        self.column.addWidget(self.search)
        self.column.addWidget(self.views, 1)
        buttons = FlowLayout()
        for button in (self.palette_button, self.unmap_button, self.groups_button, self.accept_all):
            buttons.addWidget(button)
        self.column.addLayout(buttons)
        self.finish()
        self.accept_all.hide()
        self.groups_button.hide()

    def show_groups_button(self, count: int) -> None:
        """The way to the suggestions by group. count: of the categories that stand there, 0 = there are none."""
        self.groups_button.setText(f"Предложения по группам: {wording.number(count)}")
        self.groups_button.setVisible(count > 0)

    def _make_filter_box(self) -> QComboBox:
        box = QComboBox()
        box.setObjectName("store_filter")
        box.setAccessibleName("Какие категории показать")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for mode in StoreFilterMode:
            box.addItem(self.filter_text(mode), mode.value)
        return box

    def filter_text(self, mode: StoreFilterMode) -> str:
        return {
            StoreFilterMode.ALL: "Все",
            StoreFilterMode.UNMAPPED: "Без соответствия",
            StoreFilterMode.SUGGESTED: "С предложением",
            StoreFilterMode.TO_FIX: "Нужно исправить",
        }[mode]

    def _show_counts(self) -> None:
        # Only the states that are there get their width: the room of the others is the types'.
        self._fitter.set_samples(StoreColumn.STATE, self.model.states())
        for mode, count in self.model.counts().items():
            text = f"{self.filter_text(mode)} · {wording.number(count)}"
            self._filter_box.setItemText(self._filter_box.findData(mode.value), text)

    def _set_up_tree(self) -> None:
        tree = self.tree
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setExpandsOnDoubleClick(False)
        tree.setAcceptDrops(True)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        tree.setDefaultDropAction(Qt.DropAction.LinkAction)
        tree.setDragDropOverwriteMode(True)
        tree.setItemDelegate(RowDelegate(tree))
        tree.setItemDelegateForColumn(StoreColumn.PRODUCTS, NumberDelegate(tree))
        tree.setItemDelegateForColumn(StoreColumn.OZON, TypeDelegate(tree))
        header = tree.header()
        header.setSectionsMovable(False)
        header.setSectionsClickable(True)
        # The third click on a title brings the store's own order back.
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(*_sorting(self._context.state.text(SORT)))
        tree.setSortingEnabled(True)
        header.sortIndicatorChanged.connect(self._sorted)

    def _sorted(self, column: int, order: Qt.SortOrder) -> None:
        self._context.state.remember(SORT, f"{column} {order.value}")
        if self.tree.currentIndex().isValid():
            self.tree.scrollTo(self.tree.currentIndex())

    def _widths(self) -> dict[int, Width]:
        return {
            StoreColumn.NAME: Width(share=1, least=13),
            StoreColumn.PRODUCTS: Width(spare=True),
            StoreColumn.OZON: Width(share=1, least=8),
            StoreColumn.STATE: Width(),
        }

    def _connect(self) -> None:
        self.search.searched.connect(self._search)
        self._filter_box.currentIndexChanged.connect(self._filter_chosen)
        self.tree.selectionModel().selectionChanged.connect(self._selected)
        self.tree.doubleClicked.connect(self._opened)
        keys = KeyActions(self.tree)
        keys.on(ENTER, self.enter_pressed.emit)
        keys.on(DELETE, self.delete_pressed.emit)
        for digit, key in enumerate(DIGITS, 1):
            keys.on(frozenset({key}), partial(self.digit_pressed.emit, digit))
        self.unmap_button.clicked.connect(self.delete_pressed)
        self.accept_all.clicked.connect(self.accept_all_pressed)
        self.groups_button.clicked.connect(self.groups_wanted)
        self.palette_button.clicked.connect(self.palette_wanted)
        self.empty.acted.connect(self.import_wanted)
        self.model.type_dropped.connect(self.type_dropped)
        self._fitter = ColumnFitter(self.tree, self._widths(), self._context.state, "store_tree")
        # Rows that come into sight may say more than those that were measured.
        self.tree.expanded.connect(self._fitter.measure_later)
        self.tree.collapsed.connect(self._fitter.measure_later)

    # --- contents ---------------------------------------------------------------------------------------------------

    def show_view(self, view: MappingView) -> None:
        """Show the state of the mapping; what was selected, expanded and scrolled stays, also over a restart."""
        depth = 0 if len(view.categories) > self.expanded_at_most else 2
        self.show_contents(partial(self.model.show_view, view), partial(self.tree.expandToDepth, depth))
        self.show_empty(not view.categories)
        self._filter_box.setEnabled(bool(view.categories))
        self.coverage.show_coverage(view.coverage)
        self._show_counts()
        self._selected()

    def show_proposals(self, proposals: dict[str, tuple[Suggestion, ...]]) -> None:
        """Show suggestions and open the branches they are in."""
        self.model.show_proposals(proposals)
        self._show_counts()
        self.show_found()
        # Otherwise each branch that opens is laid out by itself.
        self.tree.scheduleDelayedItemsLayout()
        for category_id in self.model.proposals():
            self._reveal(category_id)
        self._selected()

    def reject(self, category_ids: Sequence[str]) -> None:
        self.model.reject(category_ids)
        self._show_counts()
        self.show_found()
        self._selected()

    def confident(self) -> dict[str, TypeKey]:
        """The types of all confident suggestions by category."""
        return {category: found.key for category, found in self.model.proposals().items() if found.confident}

    def selected_ids(self) -> list[str]:
        """Ids of the selected categories, top to bottom."""
        rows = sorted(self.tree.selectionModel().selectedRows(), key=lambda index: self.tree.visualRect(index).top())
        return [str(index.data(CATEGORY_ID)) for index in rows]

    def select(self, category_id: str) -> None:
        """Select one category and scroll to it."""
        index = self._reveal(category_id)
        if index.isValid():
            self.select_index(index)

    def unmap_text(self) -> str:
        """What taking the own mappings of the selected categories away means for them."""
        own = [category for category in self.selected_ids() if self.model.has_own(category)]
        again = bool(own) and all(self.model.inherits_again(category) for category in own)
        return "Вернуть наследование" if again else "Убрать соответствие"

    def choose_filter(self, mode: StoreFilterMode) -> None:
        self._filter_box.setCurrentIndex(self._filter_box.findData(mode.value))

    def _reveal(self, category_id: str) -> QModelIndex:
        node = self.model.node_of(category_id)
        index = self.filter.mapFromSource(self.model.index_of(node)) if node != ROOT else QModelIndex()
        above = index.parent()
        while above.isValid():
            self.tree.setExpanded(above, True)
            above = above.parent()
        return index

    def identity(self, index: QModelIndex) -> str:
        return str(index.data(CATEGORY_ID))

    def _search(self, text: str) -> None:
        self.filter.text = text
        self._refilter()

    def _filter_chosen(self, _row: int) -> None:
        self.filter.mode = StoreFilterMode(self._filter_box.currentData())
        self._refilter()

    def _refilter(self) -> None:
        self.refilter(bool(self.filter.text.strip()) or self.filter.mode is not StoreFilterMode.ALL)

    def _opened(self, index: QModelIndex) -> None:
        self.category_opened.emit(index.data(CATEGORY_ID))

    def _selected(self) -> None:
        selected = self.selected_ids()
        self.unmap_button.setEnabled(any(self.model.has_own(category) for category in selected))
        self.unmap_button.setText(self.unmap_text())
        count = len(self.confident())
        self.accept_all.setVisible(count > 0)
        self.accept_all.setText(f"Принять все уверенные: {wording.number(count)}")
        self.selection_changed.emit()


def _sorting(kept: str) -> tuple[int, Qt.SortOrder]:
    """The column (-1 = the store's order) and direction as they were kept."""
    column, _, order = kept.partition(" ")
    if column not in {str(int(known)) for known in StoreColumn}:
        return -1, Qt.SortOrder.AscendingOrder
    return int(column), Qt.SortOrder.DescendingOrder if order == "1" else Qt.SortOrder.AscendingOrder
