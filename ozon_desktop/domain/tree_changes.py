"""What is different in Ozon's tree since it was last fetched: new, renamed, moved, disabled and gone types."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ozon_desktop.domain.ozon_catalog import OzonTree, OzonType, TypeKey


class ChangeKind(StrEnum):
    """What happened to a type; the order is that of the list shown."""

    GONE = "gone"
    DISABLED = "disabled"
    MOVED = "moved"
    RENAMED = "renamed"
    ENABLED = "enabled"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class TreeChange:
    """One change. before, after: paths of names, () where there is none; key: the type before, for a new one after."""

    kind: ChangeKind
    key: TypeKey
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def tree_changes(before: OzonTree, after: OzonTree, bases: Iterable[int]) -> tuple[TreeChange, ...]:
    """Changes of the types below these base categories; none when nothing was known of them before.

    A type is moved when its type_id left one category and appeared in exactly one other. A category that was renamed or moved
    shows in the paths of its types.
    """
    below = list(bases)
    old = {type_.key: type_ for type_ in before.types_below(below) if not type_.gone}
    new = {type_.key: type_ for type_ in after.types_below(below) if not type_.gone}
    if not old:
        return ()
    arrived: dict[int, list[TypeKey]] = {}
    for key in new.keys() - old.keys():
        arrived.setdefault(key.type_id, []).append(key)
    changes: list[TreeChange] = []
    for key in old.keys() - new.keys():
        places = arrived.get(key.type_id, [])
        if len(places) == 1:
            changes.append(TreeChange(ChangeKind.MOVED, key, before.type_path(key), after.type_path(places[0])))
            arrived.pop(key.type_id)
        else:
            changes.append(TreeChange(ChangeKind.GONE, key, before.type_path(key)))
    changes.extend(TreeChange(ChangeKind.NEW, key, (), after.type_path(key)) for keys in arrived.values() for key in keys)
    for key in old.keys() & new.keys():
        kind = _kind(old[key], new[key], before.type_path(key), after.type_path(key))
        if kind is not None:
            changes.append(TreeChange(kind, key, before.type_path(key), after.type_path(key)))
    order = list(ChangeKind)
    return tuple(sorted(changes, key=lambda change: (order.index(change.kind), change.before, change.after)))


def _kind(old: OzonType, new: OzonType, before: tuple[str, ...], after: tuple[str, ...]) -> ChangeKind | None:
    if new.disabled != old.disabled:
        return ChangeKind.DISABLED if new.disabled else ChangeKind.ENABLED
    return ChangeKind.RENAMED if before != after else None


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
