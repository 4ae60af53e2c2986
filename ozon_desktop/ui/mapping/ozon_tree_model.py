"""The Ozon tree (base category, categories, types) with states in words, its search, and how a type is dragged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt
from PySide6.QtGui import QColor

from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.ui.mapping.tree_nodes import ROOT, Index, NodeFilter, NodeModel, NodeTree

if TYPE_CHECKING:
    from ozon_desktop.ui.theme import Theme

TYPE_MIME = "application/x-ozon-type-key"
TYPE_KEY = Qt.ItemDataRole.UserRole + 1
NAME_COLUMN, STATE_COLUMN = 0, 1


class OzonTreeModel(NodeModel):
    """Column 0: name, column 1: what is to be said about it. Types stand above the sub-categories of their category."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tree: OzonTree | None = None
        self._items: list[OzonCategory | OzonType] = []
        self._by_key: dict[TypeKey, int] = {}
        self._paths: list[str] = []

    def show_tree(self, tree: OzonTree) -> bool:
        """Take a tree. True when views were reset; the same tree again costs nothing."""
        if self._tree == tree:
            return False
        same_shape = self._tree is not None and _shape(self._tree) == _shape(tree)
        if not same_shape:
            self.beginResetModel()
        self._tree = tree
        self._build(tree)
        self.about_to_change.emit()
        if same_shape:
            for parent, below in self.nodes.children.items():
                above = self.index_of(parent)
                self.dataChanged.emit(self.index(0, 0, above), self.index(len(below) - 1, 1, above))
        else:
            self.endResetModel()
        return not same_shape

    def _build(self, tree: OzonTree) -> None:
        self.nodes = NodeTree()
        self._items, self._by_key, self._paths = [], {}, []
        stack: list[tuple[OzonCategory, int, str]] = [(base, ROOT, "") for base in reversed(tree.base)]
        while stack:
            category, above, path = stack.pop()
            path = f"{path} {fold(category.name)}".strip()
            node = self._add(category, above, path)
            for type_ in tree.types_of.get(category.id, ()):
                self._by_key[type_.key] = self._add(type_, node, f"{path} {fold(type_.name)}")
            stack.extend((child, node, path) for child in reversed(tree.children.get(category.id, ())))

    def _add(self, item: OzonCategory | OzonType, above: int, path: str) -> int:
        self._items.append(item)
        self._paths.append(path)
        return self.nodes.add(above)

    def type_at(self, index: Index) -> OzonType | None:
        """The type at an index of this model, None for a category."""
        item = self._items[self.node(index)] if index.isValid() else None
        return item if isinstance(item, OzonType) else None

    def summary(self, category_id: int) -> tuple[OzonCategory, int, int]:
        """A category, how many types can be used below it, and for how many of them the settings were collected."""
        assert self._tree is not None
        types = [type_ for type_ in self._tree.types_below([category_id]) if type_.usable]
        return self._tree.categories[category_id], len(types), sum(type_.settings_at is not None for type_ in types)

    def node_of(self, key: TypeKey) -> int:
        """The node of a type, ROOT when the tree does not have it."""
        return self._by_key.get(key, ROOT)

    def identity(self, index: Index) -> object:
        """Something that names the item over refreshes: the id of a category, the key of a type."""
        item = self._items[self.node(index)] if index.isValid() else None
        return item.key if isinstance(item, OzonType) else item.id if item is not None else None

    def matching(self, text: str) -> set[int] | None:
        """Nodes whose path has every word of `text`; None = no search."""
        words = fold(text).split()
        if not words:
            return None
        found = set(range(len(self._paths)))
        for word in words:
            found = {node for node in found if word in self._paths[node]}
        return found

    def best(self, text: str, nodes: set[int]) -> int:
        """The type that fits `text` best: its own name equal, else beginning with it, else having it; ROOT when there is none."""
        wanted, best, best_rank = fold(text), ROOT, 9
        for node in sorted(nodes):
            item = self._items[node]
            if not isinstance(item, OzonType):
                continue
            name = fold(item.name)
            rank = 0 if name == wanted else 1 if name.startswith(wanted) else 2 if wanted in name else 3
            if not item.usable:
                rank += 4
            if rank < best_rank:
                best, best_rank = node, rank
        return best

    # --- Qt ---------------------------------------------------------------------------------------------------------

    def columnCount(self, parent: Index | None = None) -> int:
        """Qt: name and state."""
        return 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt: text, colour and tooltip of a cell."""
        if not index.isValid():
            return None
        item = self._items[self.node(index)]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.name if index.column() == NAME_COLUMN else self.state_text(item)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(item)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.name} — {self.state_text(item)}" if self.state_text(item) else item.name
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._colour(item, index.column())
        return item.key if role == TYPE_KEY and isinstance(item, OzonType) else None

    def state_text(self, item: OzonCategory | OzonType) -> str:
        """What the manager has to know of it; empty when it is as it should be."""
        if item.gone:
            return self.tr("удалён на Ozon") if isinstance(item, OzonType) else self.tr("удалена на Ozon")
        if item.disabled:
            return self.tr("отключён на Ozon") if isinstance(item, OzonType) else self.tr("отключена на Ozon")
        if isinstance(item, OzonType):
            return "" if item.settings_at is not None else self.tr("настройки не получены")
        tree = self._tree
        empty = tree is not None and not tree.children.get(item.id) and not tree.types_of.get(item.id)
        return self.tr("типы не получены") if empty else ""

    def _tip(self, item: OzonCategory | OzonType) -> str:
        assert self._tree is not None
        path = self._tree.type_path(item.key) if isinstance(item, OzonType) else self._tree.category_path(item.id)
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
