"""What the last refreshes of Ozon's tree changed, kept so that it can be read later and without a network."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.domain.tree_changes import ChangeKind, TreeChange
from ozon_desktop.storage.unit_of_work import UnitOfWork

ONE_REFRESH = timedelta(hours=1)
"""Base and child categories are fetched by two buttons: what they changed within it is shown together."""


@dataclass(frozen=True, slots=True)
class LastChanges:
    """Changes of the last refresh that had any. concerned: mappings whose type cannot be used, when it is read."""

    at: datetime
    changes: tuple[TreeChange, ...]
    concerned: int


def concerned_mappings(unit: UnitOfWork, integration_id: int, tree: OzonTree) -> int:
    """How many mappings have a type that Ozon disabled, moved or took away."""
    types = (tree.types.get(key) for key in unit.mappings.keys(integration_id))
    return sum(1 for type_ in types if type_ is None or not type_.usable)


def remember_changes(unit: UnitOfWork, integration_id: int, changes: tuple[TreeChange, ...], now: datetime) -> None:
    """Keeps the changes; a refresh that changed nothing leaves those of the one before."""
    if not changes:
        return
    before = _read(unit, integration_id)
    if before is not None and now - before[0] < ONE_REFRESH:
        changes = tuple(dict.fromkeys((*before[1], *changes)))
    rows = [[change.kind.value, str(change.key), change.before, change.after] for change in changes]
    unit.preferences.set(_key(integration_id), json.dumps(rows, ensure_ascii=False))
    unit.preferences.set(_moment_key(integration_id), now.isoformat())


def changed_at(unit: UnitOfWork, integration_id: int) -> datetime | None:
    """When the changes that are kept came; None = there are none."""
    text = unit.preferences.get(_moment_key(integration_id))
    return datetime.fromisoformat(text) if text else None


def last_changes(unit: UnitOfWork, integration_id: int) -> LastChanges | None:
    kept = _read(unit, integration_id)
    return LastChanges(*kept, concerned_mappings(unit, integration_id, unit.ozon.tree())) if kept is not None else None


def _read(unit: UnitOfWork, integration_id: int) -> tuple[datetime, tuple[TreeChange, ...]] | None:
    at, text = changed_at(unit, integration_id), unit.preferences.get(_key(integration_id))
    if at is None or not text:
        return None
    return at, tuple(TreeChange(ChangeKind(kind), _node(key), tuple(before), tuple(after)) for kind, key, before, after in json.loads(text))


def _node(text: str) -> TypeKey | int:
    return TypeKey.parse(text) if ":" in text else int(text)


def _key(integration_id: int) -> str:
    return f"tree_changes:{integration_id}"


def _moment_key(integration_id: int) -> str:
    return f"tree_changes_at:{integration_id}"
