"""What both trees of the page share: nodes kept as numbers (quick for ten thousand rows), and a filter over a set of them."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel, Signal

ROOT = -1
Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
"""The invisible root, as the models' methods have it by default; a constant value that nobody can change."""


class NodeTree:
    """Parents, children and rows of numbered nodes. Nodes are added parents first or last, then `freeze` is called once."""

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
    """A read-only tree model over a NodeTree. Subclasses fill `nodes` and give data, columns and headers."""

    about_to_change = Signal()
    """New contents are in place but views have not been told: filters compute what they accept."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.nodes = NodeTree()

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


class NodeFilter(QSortFilterProxyModel):
    """Shows the nodes that `accepts` gives (with their ancestors); one set for the whole tree, so that a row costs a look-up.

    `accepts()` returns the matching nodes, or None when everything is shown.
    """

    def __init__(self, model: NodeModel, accepts: Callable[[], set[int] | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes_of = model
        self._accepts = accepts
        self._shown: set[int] | None = None
        self.matches: set[int] = set()
        model.about_to_change.connect(self._compute)
        self.setSourceModel(model)

    def refilter(self) -> None:
        """Ask `accepts` again and show the result."""
        self._compute()
        # invalidateFilter is deprecated in new versions of Qt, and row by row it is slower than this.
        self.invalidate()

    def _compute(self) -> None:
        matches = self._accepts()
        self.matches = matches or set()
        self._shown = None if matches is None else self._nodes_of.nodes.with_ancestors(matches)

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Qt: whether a source row is shown."""
        if self._shown is None:
            return True
        return self._nodes_of.nodes.children[self._nodes_of.node(source_parent)][source_row] in self._shown
