"""Category mappings and the history that makes them undoable: a line of changes, the undone ones at its end."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from ozon_desktop.domain.mapping import MappingChange
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.storage.sql import batches, upsert
from ozon_desktop.storage.tables import category_mappings, mapping_changes

Pairs = tuple[tuple[str, TypeKey | None], ...]


class MappingRepository:
    """Reads and changes mappings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def own(self, integration_id: int) -> dict[str, TypeKey]:
        """The mapping each store category has itself, nothing inherited."""
        table = category_mappings
        query = select(table.c.category_id, table.c.description_category_id, table.c.type_id)
        rows = self._connection.execute(query.where(table.c.integration_id == integration_id))
        return {row.category_id: TypeKey(row.description_category_id, row.type_id) for row in rows}

    def apply(self, integration_id: int, label: str, after: Mapping[str, TypeKey | None], at: datetime, who: str) -> MappingChange:
        """Maps (None = unmaps) these categories as one undoable change; what was undone cannot be redone afterwards.

        Categories already mapped so are left out; a change of nothing is not stored and has the id 0.
        """
        own = self.own(integration_id)
        changed: Pairs = tuple((category, key) for category, key in after.items() if own.get(category) != key)
        before: Pairs = tuple((category, own.get(category)) for category, _ in changed)
        if not changed:
            return MappingChange(0, label, before, changed, at, who)
        table = mapping_changes
        self._connection.execute(delete(table).where(table.c.integration_id == integration_id, table.c.undone.is_(True)))
        self._write(integration_id, changed)
        values = {"integration_id": integration_id, "label": label, "before": before, "after": changed, "at": at, "who": who}
        added = self._connection.execute(insert(table).values(undone=False, **values).returning(table.c.id)).scalar_one()
        return MappingChange(added, label, before, changed, at, who)

    def undo(self, integration_id: int) -> MappingChange | None:
        """Takes the last change back and gives it; None when there is none."""
        change = self._next_undo(integration_id)
        if change is not None:
            self._write(integration_id, change.before)
            self._mark(change.id, undone=True)
        return change

    def redo(self, integration_id: int) -> MappingChange | None:
        """Repeats the change undone last and gives it; None when there is none."""
        change = self._next_redo(integration_id)
        if change is not None:
            self._write(integration_id, change.after)
            self._mark(change.id, undone=False)
        return change

    def undo_label(self, integration_id: int) -> str | None:
        """What `undo` would take back."""
        change = self._next_undo(integration_id)
        return None if change is None else change.label

    def redo_label(self, integration_id: int) -> str | None:
        """What `redo` would repeat."""
        change = self._next_redo(integration_id)
        return None if change is None else change.label

    def history(self, integration_id: int, limit: int = 100) -> list[MappingChange]:
        """Changes in force, newest first."""
        table = mapping_changes
        query = select(table).where(table.c.integration_id == integration_id, table.c.undone.is_(False))
        return [_change(row) for row in self._connection.execute(query.order_by(table.c.id.desc()).limit(limit))]

    def _next_undo(self, integration_id: int) -> MappingChange | None:
        return next(iter(self.history(integration_id, 1)), None)

    def _next_redo(self, integration_id: int) -> MappingChange | None:
        table = mapping_changes
        query = select(table).where(table.c.integration_id == integration_id, table.c.undone.is_(True))
        row = self._connection.execute(query.order_by(table.c.id).limit(1)).one_or_none()
        return None if row is None else _change(row)

    def _mark(self, change_id: int, *, undone: bool) -> None:
        self._connection.execute(update(mapping_changes).where(mapping_changes.c.id == change_id).values(undone=undone))

    def _write(self, integration_id: int, pairs: Pairs) -> None:
        rows = [
            {
                "integration_id": integration_id,
                "category_id": category,
                "description_category_id": key.description_category_id,
                "type_id": key.type_id,
            }
            for category, key in pairs
            if key is not None
        ]
        upsert(self._connection, category_mappings, rows)
        table = category_mappings
        for removed in batches(category for category, key in pairs if key is None):
            self._connection.execute(delete(table).where(table.c.integration_id == integration_id, table.c.category_id.in_(removed)))


def _change(row: Row[Any]) -> MappingChange:
    return MappingChange(row.id, row.label, row.before, row.after, row.at, row.who)
