"""What is different in Ozon's tree since it was last fetched: new, renamed, moved, disabled and gone categories and types."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey


class ChangeKind(StrEnum):
    """What happened to a category or type; the order is that of the list shown."""

    GONE = "gone"
    DISABLED = "disabled"
    MOVED = "moved"
    RENAMED = "renamed"
    ENABLED = "enabled"
    NEW = "new"


ORDER = {kind: place for place, kind in enumerate(ChangeKind)}


@dataclass(frozen=True, slots=True)
class TreeChange:
    """One change. before, after: paths of names, () where there is none.

    key: the key of a type or the id of a category; that of before, for a new one that of after.
    """

    kind: ChangeKind
    key: TypeKey | int
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def is_category(self) -> bool:
        """Whether it happened to a category and not to a type."""
        return isinstance(self.key, int)


def tree_changes(before: OzonTree, after: OzonTree, bases: Iterable[int]) -> tuple[TreeChange, ...]:
    """Changes below these base categories. What lies below a base of which nothing was known is not reported as new.

    A type is moved when its type_id left one category and appeared in exactly one other. A category's new name or place is reported
    once, not for each of its types.
    """
    wanted = list(bases)
    known = [base for base in wanted if before.children.get(base) or before.types_of.get(base)]
    changes = [*_category_changes(before, after, known), *_type_changes(before, after, wanted, known)]
    return _sorted(changes)


def base_changes(before: OzonTree, after: OzonTree) -> tuple[TreeChange, ...]:
    """Changes of the base categories themselves; none when there were none before."""
    old, new = _present(before.base), _present(after.base)
    return _sorted(_compare_categories(before, after, old, new)) if old else ()


def _sorted(changes: Iterable[TreeChange]) -> tuple[TreeChange, ...]:
    return tuple(sorted(changes, key=lambda change: (ORDER[change.kind], not change.is_category, change.before, change.after)))


def _category_changes(before: OzonTree, after: OzonTree, bases: list[int]) -> list[TreeChange]:
    return _compare_categories(before, after, _present(_below(before, bases)), _present(_below(after, bases)))


def _below(tree: OzonTree, bases: list[int]) -> Iterable[OzonCategory]:
    """Categories below the bases, these not included."""
    stack, seen = list(bases), set(bases)
    while stack:
        for child in tree.children.get(stack.pop(), ()):
            if child.id not in seen:
                seen.add(child.id)
                stack.append(child.id)
                yield child


def _present(categories: Iterable[OzonCategory]) -> dict[int, OzonCategory]:
    return {category.id: category for category in categories if not category.gone}


def _compare_categories(
    before: OzonTree, after: OzonTree, old: Mapping[int, OzonCategory], new: Mapping[int, OzonCategory]
) -> list[TreeChange]:
    changes = [TreeChange(ChangeKind.GONE, id_, before.category_path(id_)) for id_ in old.keys() - new.keys()]
    changes += [TreeChange(ChangeKind.NEW, id_, (), after.category_path(id_)) for id_ in new.keys() - old.keys()]
    for id_ in old.keys() & new.keys():
        moved = old[id_].parent_id != new[id_].parent_id
        kind = _kind(old[id_], new[id_]) or (ChangeKind.MOVED if moved else None)
        if kind is not None:
            changes.append(TreeChange(kind, id_, before.category_path(id_), after.category_path(id_)))
    return changes


def _type_changes(before: OzonTree, after: OzonTree, wanted: list[int], known: list[int]) -> list[TreeChange]:
    old = {type_.key: type_ for type_ in before.types_below(known) if not type_.gone}
    new = {type_.key: type_ for type_ in after.types_below(wanted) if not type_.gone}
    listed = {type_.key for type_ in after.types_below(known)}
    arrived: dict[int, list[TypeKey]] = {}
    for key in sorted(new.keys() - old.keys()):
        arrived.setdefault(key.type_id, []).append(key)
    changes: list[TreeChange] = []
    for key in sorted(old.keys() - new.keys()):
        if len(arrived.get(key.type_id, ())) == 1:
            place = arrived.pop(key.type_id)[0]
            changes.append(TreeChange(ChangeKind.MOVED, key, before.type_path(key), after.type_path(place)))
        else:
            changes.append(TreeChange(ChangeKind.GONE, key, before.type_path(key)))
    changes += [TreeChange(ChangeKind.NEW, key, (), after.type_path(key)) for keys in arrived.values() for key in keys if key in listed]
    for key in old.keys() & new.keys():
        kind = _kind(old[key], new[key])
        if kind is not None:
            changes.append(TreeChange(kind, key, before.type_path(key), after.type_path(key)))
    return changes


def _kind(old: OzonCategory | OzonType, new: OzonCategory | OzonType) -> ChangeKind | None:
    if new.disabled != old.disabled:
        return ChangeKind.DISABLED if new.disabled else ChangeKind.ENABLED
    return ChangeKind.RENAMED if new.name != old.name else None


def new_places(keys: Iterable[TypeKey], tree: OzonTree) -> dict[TypeKey, TypeKey]:
    """For types that are gone: where the same type_id can be used now, if in exactly one category."""
    usable: dict[int, list[TypeKey]] = {}
    for type_ in tree.types.values():
        if type_.usable:
            usable.setdefault(type_.key.type_id, []).append(type_.key)
    found: dict[TypeKey, TypeKey] = {}
    for key in keys:
        known = tree.types.get(key)
        places = usable.get(key.type_id, [])
        if (known is None or known.gone) and len(places) == 1:
            found[key] = places[0]
    return found
