"""Keeps selection, expansion and scroll of a tree over a reset of its model, over a search, and over a restart."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QAbstractItemModel, QEvent, QItemSelectionModel, QModelIndex, QObject, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QTreeView

from ozon_desktop.ui.state import WindowState

Identity = Callable[[QModelIndex], str]
"""Names the item at an index of the view's model in a way that outlives a reset and the program."""
MOST_KEPT = 3000
"""So many open branches and chosen rows of a tree are kept over a restart; the file they stand in is read whole."""


@dataclass(frozen=True, slots=True)
class TreeState:
    """What the user sees of a tree: expanded, selected and current items by identity, and the scroll position."""

    expanded: frozenset[str]
    selected: frozenset[str]
    current: str | None
    scroll: int


class TreeMemory:
    """What is opened in a tree, apart from what a search opens; kept in the window's state by integration."""

    def __init__(self, view: QTreeView, identity: Identity, state: WindowState, name: str) -> None:
        self._view, self._identity, self._state, self._name = view, identity, state, name
        self._before_search: frozenset[str] | None = None

    def search_begins(self) -> None:
        """Call before a search or a filter opens branches."""
        if self._before_search is None:
            self._before_search = read_state(self._view, self._identity).expanded

    def search_ends(self) -> None:
        """Call when everything is shown again: the branches are as they were, and the current row is seen."""
        before, self._before_search = self._before_search, None
        if before is None:
            return
        self._view.collapseAll()
        for _ in _expand(self._view, self._identity, before):
            pass
        if self._view.currentIndex().isValid():
            self._view.scrollTo(self._view.currentIndex())

    def keep(self, integration_id: int) -> None:
        seen = read_state(self._view, self._identity)
        expanded = seen.expanded if self._before_search is None else self._before_search
        kept = {
            "expanded": sorted(expanded)[:MOST_KEPT],
            "selected": sorted(seen.selected)[:MOST_KEPT],
            "current": seen.current,
            "scroll": seen.scroll,
        }
        self._state.remember(self._key(integration_id), json.dumps(kept, ensure_ascii=False))

    def restore(self, integration_id: int) -> bool:
        """Brings back what was kept and still exists; False when nothing was kept."""
        try:
            kept = json.loads(self._state.text(self._key(integration_id)))
            state = TreeState(frozenset(kept["expanded"]), frozenset(kept["selected"]), kept["current"], int(kept["scroll"]))
        except (ValueError, KeyError, TypeError):
            # Nothing there, or a file somebody has edited: the tree opens as it does the first time.
            return False
        self._view.clearSelection()
        if self._before_search is None:
            self._view.collapseAll()
            restore_state(self._view, self._identity, state)
        else:
            # What a search has opened stays open until it ends.
            restore_state(self._view, self._identity, replace(state, expanded=read_state(self._view, self._identity).expanded))
            self._before_search = state.expanded
        if self._view.verticalScrollBar().value() != state.scroll:
            # Before the tree has got its height there is nothing to scroll in.
            QTimer.singleShot(0, self._view, partial(self._view.verticalScrollBar().setValue, state.scroll))
        return True

    def _key(self, integration_id: int) -> str:
        return f"trees/{self._name}/{integration_id}"


class CurrentInSight(QObject):
    """Keeps the current row of a tree in sight when the tree gets lower: a bar has come above it, details below it."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only what was in sight before comes back; a row that was scrolled away stays away."""
        if isinstance(event, QResizeEvent) and event.size().height() < event.oldSize().height():
            row = self._view.visualRect(self._view.currentIndex())
            if row.isValid() and row.top() >= 0 and row.bottom() < event.oldSize().height() and row.bottom() >= event.size().height():
                QTimer.singleShot(0, self._view, self._scroll)
        return False

    def _scroll(self) -> None:
        self._view.scrollTo(self._view.currentIndex())


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
        if name == state.current:
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        if name in state.selected:
            selection.select(index, rows)
    view.executeDelayedItemsLayout()
    view.verticalScrollBar().setValue(state.scroll)


def _walk(model: QAbstractItemModel, view: QTreeView) -> Iterator[QModelIndex]:
    """Items that are expanded or stand below expanded ones: what is closed keeps nothing worth remembering."""
    stack = [model.index(row, 0) for row in range(model.rowCount())]
    while stack:
        index = stack.pop()
        yield index
        if view.isExpanded(index):
            stack.extend(model.index(row, 0, index) for row in range(model.rowCount(index)))


def _expand(view: QTreeView, identity: Identity, expanded: frozenset[str]) -> Iterator[QModelIndex]:
    model = view.model()
    # Otherwise each branch that opens is laid out by itself.
    view.scheduleDelayedItemsLayout()
    stack = [model.index(row, 0) for row in range(model.rowCount())]
    while stack:
        index = stack.pop()
        yield index
        if identity(index) in expanded:
            view.setExpanded(index, True)
            stack.extend(model.index(row, 0, index) for row in range(model.rowCount(index)))
