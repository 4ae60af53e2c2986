"""Right card of the page: the Ozon tree with search, the chosen type's attributes, and «Сопоставить»."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QPushButton, QSizePolicy, QSplitter, QWidget

from ozon_desktop.domain.ozon_catalog import OzonTree, OzonType, TypeKey
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import set_role
from ozon_desktop.ui.mapping.trees.category_button import CategoryButton
from ozon_desktop.ui.mapping.trees.ozon_delegate import OzonDelegate
from ozon_desktop.ui.mapping.trees.ozon_rows import OzonRows
from ozon_desktop.ui.mapping.trees.ozon_tree_model import STATE_COLUMN, OzonFilter, OzonTreeModel
from ozon_desktop.ui.mapping.trees.tree_card import TreeCard
from ozon_desktop.ui.mapping.trees.tree_nodes import ROOT
from ozon_desktop.ui.mapping.type_details.panel import TypePanel
from ozon_desktop.ui.widgets import EmptyState, WrappedLabel
from ozon_desktop.ui.widgets.keys import ENTER, KeyActions


class OzonPanel(TreeCard):
    """Announces which type is chosen and that it shall be mapped."""

    map_pressed = Signal()
    type_chosen = Signal(object)
    """OzonType or None"""
    fetch_wanted = Signal()
    expanded_at_most = 400

    def __init__(self, context: WindowContext, parent: QWidget | None = None) -> None:
        super().__init__(context, "Категории Ozon", parent)
        self.model = OzonTreeModel(context.theme, self)
        self.filter = OzonFilter(self.model, self)
        self.build(
            self.filter,
            name="ozon",
            title="Категории Ozon",
            placeholder="Найти категорию или тип Ozon",
            empty=EmptyState("Категории Ozon ещё не получены.", "Получить базовые категории", name="ozon_empty"),
            nothing="Ничего не найдено. Попробуйте одно слово или его начало.",
            least_rows=3,
        )
        self.details = TypePanel(context)
        self.category = CategoryButton()
        self.map_button = QPushButton("Сопоставить   Enter")
        self.map_button.setObjectName("map_button")
        self.map_button.setAccessibleName("Сопоставить")
        set_role(self.map_button, "primary")
        self.why = WrappedLabel("", role="hint", insistent=True)
        self.why.setObjectName("map_hint")
        self._set_up_tree()
        self._lay_out()
        self._connect()

    def _set_up_tree(self) -> None:
        self.tree.setHeaderHidden(True)
        self.tree.setDragEnabled(True)
        self.tree.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.tree.setItemDelegate(OzonDelegate(self._context.theme, self.tree))
        self.tree.setColumnHidden(STATE_COLUMN, True)

    def _lay_out(self) -> None:
        self.parts = QSplitter(Qt.Orientation.Vertical)
        self.parts.setObjectName("ozon_parts")
        self.parts.addWidget(self.views)
        self.parts.addWidget(self.details)
        self.parts.setChildrenCollapsible(False)
        self.parts.setSizes([300, 240])
        self.details.hide()
        self.column.addWidget(self.search)
        self.column.addWidget(self.parts, 1)
        for button in (self.category, self.map_button):
            # With large text there may be too little height: the trees give way, not the buttons.
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for widget in (self.category, self.why, self.map_button):
            self.column.addWidget(widget)
        self.finish()
        self._context.state.restore_splitter("ozon_parts", self.parts)

    def _connect(self) -> None:
        self.search.searched.connect(self._search)
        self.search.returnPressed.connect(self._search_entered)
        self.tree.selectionModel().currentChanged.connect(self._chosen)
        self.tree.doubleClicked.connect(self._double_clicked)
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
        self.show_contents(lambda: self.model.show_rows(rows) if rows is not None else self.model.show_tree(tree))
        self.show_empty(not tree.categories)
        self._show_details()

    def current_type(self) -> OzonType | None:
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
        self.select_index(self.filter.mapFromSource(self.model.index_of(node)))

    def identity(self, index: QModelIndex) -> str:
        return str(self.model.identity(self.filter.mapToSource(index)))

    def _search(self, text: str) -> None:
        self.filter.text = text
        narrowed = bool(text.strip())
        self.refilter(narrowed)
        best = self.model.best(text, self.filter.matches) if narrowed else ROOT
        if best != ROOT:
            self._choose(best)

    def _search_entered(self) -> None:
        # Enter shows the best match and waits: mapping at once would map what nobody has looked at.
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

    def _double_clicked(self) -> None:
        if self.current_type() is not None:
            self.map_pressed.emit()

    def _enter(self) -> None:
        if self.current_type() is not None:
            self.map_pressed.emit()
        else:
            index = self.tree.currentIndex()
            self.tree.setExpanded(index, not self.tree.isExpanded(index))
