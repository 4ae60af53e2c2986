"""The Ozon tree (base category, categories, types) with states in words, its search, and how a type is dragged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt
from PySide6.QtGui import QColor

from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.ui.mapping.trees.tree_nodes import ROOT, NodeFilter, NodeModel, NodeTree
from ozon_desktop.ui.widgets.model_index import NOWHERE, Index

if TYPE_CHECKING:
    from ozon_desktop.ui.look.theme import Theme

TYPE_MIME = "application/x-ozon-type-key"
TYPE_KEY = Qt.ItemDataRole.UserRole + 1
NAME_COLUMN, STATE_COLUMN = 0, 1
RANKS = 4


class OzonRows:
    """A tree as numbered rows with the texts that are searched. Built of data only, so that it may be made beside the window."""

    def __init__(self, tree: OzonTree) -> None:
        self.tree = tree
        self.nodes = NodeTree()
        self.items: list[OzonCategory | OzonType] = []
        self.by_key: dict[TypeKey, int] = {}
        self.names: list[str] = []
        self.paths: list[str] = []
        stack: list[tuple[OzonCategory, int, str]] = [(base, ROOT, "") for base in reversed(tree.base)]
        while stack:
            category, above, path = stack.pop()
            name = fold(category.name)
            path = f"{path} {name}".strip()
            node = self._add(category, above, name, path)
            for type_ in tree.types_of.get(category.id, ()):
                name = fold(type_.name)
                self.by_key[type_.key] = self._add(type_, node, name, f"{path} {name}")
            stack.extend((child, node, path) for child in reversed(tree.children.get(category.id, ())))

    def _add(self, item: OzonCategory | OzonType, above: int, name: str, path: str) -> int:
        self.items.append(item)
        self.names.append(name)
        self.paths.append(path)
        return self.nodes.add(above)


NO_ROWS = OzonRows(OzonTree({}, {}, {}, {}))


class OzonTreeModel(NodeModel):
    """Column 0: name, column 1: what is to be said about it. Types stand above the sub-categories of their category."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = NO_ROWS

    @property
    def tree(self) -> OzonTree:
        """The tree that is shown."""
        return self._rows.tree

    def show_tree(self, tree: OzonTree) -> bool:
        """Take a tree. True when views were reset; the same tree again costs nothing."""
        return self.show_rows(OzonRows(tree)) if self.tree != tree else False

    def show_rows(self, rows: OzonRows) -> bool:
        """Take a tree whose rows are made already. True when views were reset."""
        same_shape = _shape(self.tree) == _shape(rows.tree)
        if not same_shape:
            self.beginResetModel()
        self._rows, self.nodes = rows, rows.nodes
        if same_shape:
            self.tell_values()
        else:
            self.endResetModel()
        return not same_shape

    def type_at(self, index: Index) -> OzonType | None:
        """The type at an index of this model, None for a category."""
        item = self._rows.items[self.node(index)] if index.isValid() else None
        return item if isinstance(item, OzonType) else None

    def summary(self, category_id: int) -> tuple[OzonCategory, int, int]:
        """A category, how many types can be used below it, and for how many of them the settings were collected."""
        types = [type_ for type_ in self.tree.types_below([category_id]) if type_.usable]
        return self.tree.categories[category_id], len(types), sum(type_.settings_at is not None for type_ in types)

    def node_of(self, key: TypeKey) -> int:
        """The node of a type, ROOT when the tree does not have it."""
        return self._rows.by_key.get(key, ROOT)

    def identity(self, index: Index) -> object:
        """Something that names the item over refreshes: the id of a category, the key of a type."""
        item = self._rows.items[self.node(index)] if index.isValid() else None
        return item.key if isinstance(item, OzonType) else item.id if item is not None else None

    def matching(self, text: str) -> set[int] | None:
        """Nodes whose path has every word of `text`; None = no search."""
        words = fold(text).split()
        if not words:
            return None
        first, *others = words
        paths = self._rows.paths
        found = [node for node, path in enumerate(paths) if first in path]
        for word in others:
            found = [node for node in found if word in paths[node]]
        return set(found)

    def best(self, text: str, nodes: set[int]) -> int:
        """The type that fits `text` best: its own name equal, else beginning with it, else having it; ROOT when there is none."""
        ranked = self._ranked(fold(text), sorted(nodes))
        return next((rank[0] for rank in ranked if rank), ROOT)

    def find_types(self, text: str, limit: int) -> tuple[list[OzonType], int]:
        """The first `limit` types whose path has every word of `text`, best first as in `best`, and how many there are at all."""
        nodes = self.matching(text)
        if nodes is None:
            return [], 0
        ranked = self._ranked(fold(text), sorted(nodes))
        found = islice(chain.from_iterable(ranked), limit)
        return [item for node in found if isinstance(item := self._rows.items[node], OzonType)], sum(map(len, ranked))

    def _ranked(self, wanted: str, nodes: Iterable[int]) -> list[list[int]]:
        """The types among `nodes` by how well their names fit; those that cannot be used come last."""
        items, names = self._rows.items, self._rows.names
        ranked: list[list[int]] = [[] for _ in range(2 * RANKS)]
        for node in nodes:
            item = items[node]
            if not isinstance(item, OzonType):
                continue
            name = names[node]
            rank = 3 if wanted not in name else 0 if name == wanted else 1 if name.startswith(wanted) else 2
            ranked[rank if item.usable else rank + RANKS].append(node)
        return ranked

    def usable_types(self, keys: Iterable[TypeKey]) -> list[OzonType]:
        """Those of these types that the tree has and that can be used, in the order given."""
        found = (self.tree.types.get(key) for key in keys)
        return [type_ for type_ in found if type_ is not None and type_.usable]

    def path_text(self, key: TypeKey) -> str:
        """The path of a type as it is shown: «Обувь / Повседневная обувь / Сапоги»."""
        return " / ".join(self.tree.type_path(key))

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Qt: name and state."""
        return 2

    def cell(self, node: int, column: int, role: int) -> Any:
        """Text, colour and tooltip of a cell."""
        item = self._rows.items[node]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.name if column == NAME_COLUMN else self.state_text(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(item)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.name} — {self.state_text(item)}" if self.state_text(item) else item.name
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(item, column)
        return item.key if role == TYPE_KEY and isinstance(item, OzonType) else None

    def state_text(self, item: OzonCategory | OzonType) -> str:
        """What the manager has to know of it; empty when it is as it should be."""
        if item.gone:
            return "удалён на Ozon" if isinstance(item, OzonType) else "удалена на Ozon"
        if item.disabled:
            return "отключён на Ozon" if isinstance(item, OzonType) else "отключена на Ozon"
        if isinstance(item, OzonType):
            return "" if item.settings_at is not None else "настройки не получены"
        empty = not self.tree.children.get(item.id) and not self.tree.types_of.get(item.id)
        return "типы не получены" if empty else ""

    def _tip(self, item: OzonCategory | OzonType) -> str:
        path = self.tree.type_path(item.key) if isinstance(item, OzonType) else self.tree.category_path(item.id)
        state = self.state_text(item)
        return " / ".join(path) + (f"\n{state}" if state else "")

    def _colour(self, item: OzonCategory | OzonType, column: int) -> QColor | None:
        tokens = self._theme.tokens()
        if item.gone or item.disabled:
            return QColor(tokens.attention if column == STATE_COLUMN else tokens.secondary)
        return QColor(tokens.secondary) if column == STATE_COLUMN else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Qt: a usable type can be dragged; the others can be looked at."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        type_ = self.type_at(index)
        if type_ is None:
            return flags
        flags |= Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsDragEnabled if type_.usable else flags

    def supportedDragActions(self) -> Qt.DropAction:
        """Qt: a type is linked, never moved."""
        return Qt.DropAction.LinkAction | Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        """Qt: the type's key."""
        return [TYPE_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Qt: what is dragged."""
        data = QMimeData()
        for index in indexes:
            type_ = self.type_at(index)
            if type_ is not None and type_.usable:
                data.setData(TYPE_MIME, str(type_.key).encode())
                break
        return data


class OzonFilter(NodeFilter):
    """The Ozon tree narrowed by words of names and paths."""

    def __init__(self, model: OzonTreeModel, parent: QObject | None = None) -> None:
        self._model = model
        self.text = ""
        super().__init__(model, self._matching, parent)

    def _matching(self) -> set[int] | None:
        return self._model.matching(self.text)


def key_of_mime(data: QMimeData) -> TypeKey | None:
    """The type that is dragged, None when it is something else."""
    if not data.hasFormat(TYPE_MIME):
        return None
    return TypeKey.parse(bytes(data.data(TYPE_MIME).data()).decode())


def _shape(tree: OzonTree) -> tuple[list[object], list[object]]:
    """What decides which rows there are: ids and parents in order."""
    return [(item.id, item.parent_id) for item in tree.categories.values()], list(tree.types)
