"""What both trees of the page share: nodes kept as numbers (quick for ten thousand rows), and a filter with order over them."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractProxyModel, QModelIndex, QObject, Qt, Signal

from ozon_desktop.ui.widgets.model_index import NOWHERE, Index

ROOT = -1


class NodeTree:
    """Parents, children and rows of numbered nodes, parents added first: siblings stand in the order of their numbers."""

    def __init__(self) -> None:
        self.parents: list[int] = []
        self.children: dict[int, list[int]] = {}
        self.rows: list[int] = []

    def add(self, parent: int) -> int:
        """A new node below `parent` (ROOT = top level); its number."""
        node = len(self.parents)
        siblings = self.children.setdefault(parent, [])
        self.parents.append(parent)
        self.rows.append(len(siblings))
        siblings.append(node)
        return node

    def with_ancestors(self, nodes: set[int]) -> set[int]:
        """These nodes and everything above them, so that each can be reached."""
        result: set[int] = set()
        for start in nodes:
            node = start
            while node != ROOT and node not in result:
                result.add(node)
                node = self.parents[node]
        return result


class NodeModel(QAbstractItemModel):
    """A read-only tree model over a NodeTree. Subclasses fill `nodes` and give cells, columns and headers."""

    values_changed = Signal()
    """The rows are the same, what they say is not; `dataChanged` has been told."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes = NodeTree()

    def cell(self, node: int, column: int, role: int) -> Any:
        """What `data` gives, by the number of the node."""
        raise NotImplementedError

    def sort_key(self, column: int) -> Callable[[int], Any]:
        """The key by which nodes are ordered when the manager sorts by a column."""
        return lambda node: self.cell(node, column, Qt.ItemDataRole.DisplayRole)

    def tell_values(self) -> None:
        """Tells views that every row may say something else now."""
        last = self.columnCount() - 1
        for parent, below in self.nodes.children.items():
            above = self.index_of(parent)
            self.dataChanged.emit(self.index(0, 0, above), self.index(len(below) - 1, last, above))
        self.values_changed.emit()

    def node(self, index: Index) -> int:
        """The node's number of an index of this model; ROOT for the invalid index."""
        return int(index.internalId()) if index.isValid() else ROOT

    def index_of(self, node: int, column: int = 0) -> QModelIndex:
        """The index of a node."""
        return QModelIndex() if node == ROOT else self.createIndex(self.nodes.rows[node], column, node)

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """Qt: the child at row and column."""
        below = self.nodes.children.get(self.node(parent), ())
        if not 0 <= row < len(below) or not 0 <= column < self.columnCount() or (parent.isValid() and parent.column() != 0):
            return QModelIndex()
        return self.createIndex(row, column, below[row])

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        """Qt: the parent (the overload without arguments is QObject's and not needed here)."""
        return self.index_of(self.nodes.parents[self.node(index)]) if index.isValid() else QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of children."""
        return 0 if parent.column() > 0 else len(self.nodes.children.get(self.node(parent), ()))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, colour, tooltip of a cell."""
        return self.cell(int(index.internalId()), index.column(), role) if index.isValid() else None


class NodeFilter(QAbstractProxyModel):
    """Shows the nodes that `accepts` gives (with their ancestors), in the model's order or sorted by a column.

    `accepts()` returns the matching nodes, or None when everything is shown. Qt's own filter would ask row by row, in Python;
    here rows are sets and lists of numbers, so that ten thousand of them are narrowed between two keys.
    """

    def __init__(self, model: NodeModel, accepts: Callable[[], set[int] | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = model
        self._accepts = accepts
        self._shown: set[int] | None = None
        self._children: dict[int, list[int]] = {}
        self._rows: dict[int, int] | list[int] = []
        self._order: tuple[int, bool] | None = None
        self.matches: set[int] = set()
        self.setSourceModel(model)
        model.modelAboutToBeReset.connect(self._source_about_to_be_reset)
        model.modelReset.connect(self._source_reset)
        model.values_changed.connect(self._source_values_changed)
        self._arrange()

    def refilter(self) -> None:
        """Ask `accepts` again and show the result; what stays shown keeps its selection and expansion."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = [(int(index.internalId()), index.column()) for index in before]
        self._arrange()
        self.changePersistentIndexList(before, [self._place(node, column) for node, column in places])
        self.layoutChanged.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Qt: sorts siblings by a column; -1 brings the model's own order back."""
        wanted = (column, order is Qt.SortOrder.DescendingOrder) if column >= 0 else None
        if wanted != self._order:
            self._order = wanted
            self.refilter()

    # --- arrangement ------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        nodes, matches = self._source.nodes, self._accepts()
        self.matches = matches or set()
        self._shown = None if matches is None else nodes.with_ancestors(matches)
        if self._shown is None and self._order is None:
            self._children, self._rows = nodes.children, nodes.rows
            return
        children = nodes.children
        if self._shown is not None:
            children = {}
            for node in sorted(self._shown):
                children.setdefault(nodes.parents[node], []).append(node)
        if self._order is not None:
            column, descending = self._order
            key = self._source.sort_key(column)
            children = {parent: sorted(below, key=key, reverse=descending) for parent, below in children.items()}
        self._children = children
        self._rows = {node: row for below in children.values() for row, node in enumerate(below)}

    def _place(self, node: int, column: int) -> QModelIndex:
        if node == ROOT or (self._shown is not None and node not in self._shown):
            return QModelIndex()
        return self.createIndex(self._rows[node], column, node)

    def _source_about_to_be_reset(self) -> None:
        self.beginResetModel()

    def _source_reset(self) -> None:
        self._arrange()
        self.endResetModel()

    def _source_values_changed(self) -> None:
        # What a row says decides whether it is shown and where it stands. Also without a filter one new layout costs less than
        # `dataChanged` for each of a few hundred branches: a tree looks up where every one of them is.
        self.refilter()

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def mapToSource(self, proxyIndex: Index) -> QModelIndex:
        """Qt: the index of the model below."""
        return self._source.index_of(int(proxyIndex.internalId()), proxyIndex.column()) if proxyIndex.isValid() else QModelIndex()

    def mapFromSource(self, sourceIndex: Index) -> QModelIndex:
        """Qt: the index here; invalid when the node is not shown."""
        return self._place(int(sourceIndex.internalId()), sourceIndex.column()) if sourceIndex.isValid() else QModelIndex()

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """Qt: the child at row and column."""
        below = self._children.get(int(parent.internalId()) if parent.isValid() else ROOT, ())
        if not 0 <= row < len(below) or not 0 <= column < self.columnCount() or (parent.isValid() and parent.column() != 0):
            return QModelIndex()
        return self.createIndex(row, column, below[row])

    def parent(self, index: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        """Qt: the parent."""
        return self._place(self._source.nodes.parents[int(index.internalId())], 0) if index.isValid() else QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Qt: number of shown children."""
        if parent.column() > 0:
            return 0
        return len(self._children.get(int(parent.internalId()) if parent.isValid() else ROOT, ()))

    def hasChildren(self, parent: Index = NOWHERE) -> bool:
        """Qt: whether a child is shown."""
        return self.rowCount(parent) > 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt: as the model below."""
        return self._source.columnCount()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: as the model below, also while nothing is shown."""
        return self._source.headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: as the model below."""
        return self._source.cell(int(index.internalId()), index.column(), role) if index.isValid() else None
