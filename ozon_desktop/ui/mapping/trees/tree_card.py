"""A card with a tree that is searched: what is opened, selected and scrolled stays over a refresh, a search and a restart."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.trees.tree_nodes import NodeFilter
from ozon_desktop.ui.mapping.trees.tree_state import CurrentInSight, TreeMemory, read_state, restore_state
from ozon_desktop.ui.widgets import Card, EmptyState, LeastRows, SearchField


class TreeCard(Card):
    """Subclasses call `build`, put `views` and the rest into `column`, call `finish`, and say what identifies an item.

    expanded_at_most: of more matches than this the branches are left closed, for opening them costs time and nobody reads so many.
    """

    menu_wanted = Signal(QPoint)
    expanded_at_most = 200

    def __init__(self, context: WindowContext, heading: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._context = context
        self._shown_for = 0
        self.set_heading(heading)

    def build(self, rows: NodeFilter, *, name: str, title: str, placeholder: str, empty: EmptyState, nothing: str, least_rows: int) -> None:
        """Makes the tree in `views`, its search and `column`. empty: shown without any rows; nothing: said when a search finds none."""
        self._rows = rows
        self.tree = QTreeView()
        self.tree.setObjectName(f"{name}_tree")
        self.tree.setAccessibleName(title)
        self.tree.setModel(rows)
        self.tree.setUniformRowHeights(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self.menu_wanted)
        CurrentInSight(self.tree)
        LeastRows(self.tree, least_rows)
        self._memory = TreeMemory(self.tree, self.identity, self._context.state, name)
        self.search = SearchField(placeholder, name=f"{name}_search")
        self.empty = empty
        self.views = QStackedWidget()
        self.views.addWidget(self.tree)
        self.views.addWidget(EmptyState(nothing, name=f"{name}_nothing"))
        self._content = QWidget()
        self.column = QVBoxLayout(self._content)
        self.column.setContentsMargins(0, 0, 0, 0)

    def finish(self) -> None:
        """Puts the column into the card; after everything else, for Tab goes from widget to widget as they came."""
        self._stack = QStackedWidget()
        self._stack.addWidget(self._content)
        self._stack.addWidget(self.empty)
        self.body.addWidget(self._stack, 1)

    def identity(self, index: QModelIndex) -> str:
        """Names an item in a way that outlives a refresh and the program."""
        raise NotImplementedError

    def show_contents(self, show: Callable[[], bool], open_first: Callable[[], object] | None = None) -> None:
        """Calls `show`, which gives the model other contents and says whether it was reset. open_first: when no place was ever kept."""
        fresh = self._rows.sourceModel().rowCount() == 0 or self._shown_for != self._context.integration_id
        state = read_state(self.tree, self.identity)
        reset = show()
        self._shown_for = self._context.integration_id
        if not fresh:
            if reset:
                restore_state(self.tree, self.identity, state)
        elif not self._memory.restore(self._shown_for) and open_first is not None:
            open_first()
        self.show_found()

    def keep_places(self) -> None:
        """Keeps what is opened and selected for the next time."""
        if self._shown_for and self._rows.sourceModel().rowCount():
            self._memory.keep(self._shown_for)

    def show_empty(self, empty: bool) -> None:
        """Whether there are no rows at all."""
        self._stack.setCurrentIndex(1 if empty else 0)

    def show_found(self) -> None:
        """The tree, or that the search has found nothing."""
        self.views.setCurrentIndex(0 if self._rows.rowCount() else 1)

    def refilter(self, narrowed: bool) -> None:
        """Another search or filter; what it opens closes again when everything is shown."""
        if narrowed:
            self._memory.search_begins()
        self._rows.refilter()
        self.show_found()
        if not narrowed:
            self._memory.search_ends()
        elif len(self._rows.matches) <= self.expanded_at_most:
            self.tree.expandAll()

    def select_index(self, index: QModelIndex) -> None:
        """Select one item of the tree and scroll to it."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.tree.selectionModel().setCurrentIndex(index, flags)
        self.tree.scrollTo(index)
