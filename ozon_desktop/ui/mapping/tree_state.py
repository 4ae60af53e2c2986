"""Keeps selection, expansion and scroll of a tree over a reset of its model."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, QItemSelectionModel, QModelIndex
from PySide6.QtWidgets import QTreeView

Identity = Callable[[QModelIndex], object]
"""Names the item at an index of the view's model in a way that outlives a reset."""


@dataclass(frozen=True, slots=True)
class TreeState:
    """What the user sees of a tree: expanded, selected and current items by identity, and the scroll position."""

    expanded: frozenset[object]
    selected: frozenset[object]
    current: object
    scroll: int


def read_state(view: QTreeView, identity: Identity) -> TreeState:
    """The state of `view` now."""
    model = view.model()
    expanded = frozenset(identity(index) for index in _walk(model, view) if view.isExpanded(index))
    selected = frozenset(identity(index) for index in view.selectionModel().selectedRows())
    current = view.currentIndex()
    return TreeState(expanded, selected, identity(current) if current.isValid() else None, view.verticalScrollBar().value())


def restore_state(view: QTreeView, identity: Identity, state: TreeState) -> None:
    """Bring back what still exists."""
    selection = view.selectionModel()
    rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for index in _expand(view, identity, state.expanded):
        name = identity(index)
        if name == state.current and name is not None:
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        if name in state.selected:
            selection.select(index, rows)
    view.verticalScrollBar().setValue(state.scroll)


def _walk(model: QAbstractItemModel, view: QTreeView) -> Iterator[QModelIndex]:
    """Items that are expanded or stand below expanded ones: what is closed keeps nothing worth remembering."""
    stack = [model.index(row, 0) for row in range(model.rowCount())]
    while stack:
        index = stack.pop()
        yield index
        if view.isExpanded(index):
            stack.extend(model.index(row, 0, index) for row in range(model.rowCount(index)))


def _expand(view: QTreeView, identity: Identity, expanded: frozenset[object]) -> Iterator[QModelIndex]:
    model = view.model()
    stack = [model.index(row, 0) for row in range(model.rowCount())]
    while stack:
        index = stack.pop()
        yield index
        if identity(index) in expanded:
            view.setExpanded(index, True)
            stack.extend(model.index(row, 0, index) for row in range(model.rowCount(index)))
