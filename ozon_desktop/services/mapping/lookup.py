"""Finding a store category or an Ozon type by what a person writes: an id, a path, its end, or a unique name."""

from collections.abc import Iterable

from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.store_catalog import StoreCategory, category_paths, fold
from ozon_desktop.errors import Ambiguous, NotFound

SEPARATOR = " / "
CANDIDATES_NAMED = 5

Folded = tuple[str, ...]


class CategoryFinder:
    """Store categories by id, full path or unique name."""

    def __init__(self, categories: Iterable[StoreCategory]) -> None:
        known = tuple(categories)
        self._paths = category_paths(known)
        self._by_id = {category.id: category for category in known}
        self._by_path: dict[Folded, list[StoreCategory]] = {}
        self._by_name: dict[str, list[StoreCategory]] = {}
        for category in known:
            self._by_path.setdefault(_joined(self._paths[category.id]), []).append(category)
            self._by_name.setdefault(fold(category.name), []).append(category)

    def find(self, text: str) -> StoreCategory:
        """NotFound, Ambiguous."""
        if text in self._by_id:
            return self._by_id[text]
        found = self._by_path.get(_parts(text)) or self._by_name.get(fold(text.strip()), [])
        if not found:
            raise NotFound(text)
        if len(found) > 1:
            raise Ambiguous(text, detail="; ".join(SEPARATOR.join(self._paths[category.id]) for category in found[:CANDIDATES_NAMED]))
        return found[0]


class TypeFinder:
    """Types by "category:type" ids, full path, the end of a path, or unique name; usable ones before disabled and gone ones."""

    def __init__(self, tree: OzonTree) -> None:
        self._tree = tree
        self._by_end: dict[Folded, list[TypeKey]] = {}
        for key in tree.types:
            path = _joined(tree.type_path(key))
            for start in range(len(path)):
                self._by_end.setdefault(path[start:], []).append(key)

    def find(self, text: str) -> TypeKey:
        """NotFound, Ambiguous."""
        try:
            key = TypeKey.parse(text)
        except ValueError:
            key = None
        if key is not None and key in self._tree.types:
            return key
        found = self._by_end.get(_parts(text), [])
        usable = [key for key in found if self._tree.types[key].usable] or found
        if not usable:
            raise NotFound(text)
        if len(usable) > 1:
            raise Ambiguous(text, detail="; ".join(SEPARATOR.join(self._tree.type_path(key)) for key in usable[:CANDIDATES_NAMED]))
        return usable[0]


def _parts(text: str) -> Folded:
    return tuple(fold(part) for part in text.split("/") if part.strip())


def _joined(path: Iterable[str]) -> Folded:
    """A path as it looks after being written with separators: a name may have a slash itself."""
    return _parts(SEPARATOR.join(path))
