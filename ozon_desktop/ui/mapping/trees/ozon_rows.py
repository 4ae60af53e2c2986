"""The Ozon tree as numbered rows with the texts that are searched."""

from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.ui.mapping.trees.tree_nodes import ROOT, NodeTree


class OzonRows:
    """Built of data only, so that it may be made beside the window. Types stand above the sub-categories of their category."""

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
