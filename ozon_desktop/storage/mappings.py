"""Category mappings and the history that makes them undoable: a line of changes, the undone ones at its end."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from ozon_desktop.domain.mapping import Assignments, MappingChange, MappingPart, MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.storage.mapping_tables import category_mappings, mapping_changes, mapping_parts
from ozon_desktop.storage.sql import batches, of_integration, upsert

After = Mapping[str, TypeKey | None] | Mapping[MappingPlace, TypeKey | None]
"""Types of places; an id stands for the whole category."""


class MappingRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def own(self, integration_id: int) -> dict[str, TypeKey]:
        """The mapping each store category has itself, nothing inherited, parts left out."""
        rows = of_integration(self._connection, category_mappings, integration_id)
        return {row.category_id: TypeKey(row.description_category_id, row.type_id) for row in rows}

    def parts(self, integration_id: int) -> dict[str, tuple[MappingPart, ...]]:
        """Types of parts of categories' products, by category id, each category's by property and value."""
        found: dict[str, tuple[MappingPart, ...]] = {}
        for row in of_integration(self._connection, mapping_parts, integration_id, "category_id", "property_name", "value"):
            part = MappingPart(row.property_name, row.value, TypeKey(row.description_category_id, row.type_id))
            found[row.category_id] = (*found.get(row.category_id, ()), part)
        return found

    def keys(self, integration_id: int) -> list[TypeKey]:
        """The type of every mapped category and part, as often as it is used."""
        parts = (part.key for of_category in self.parts(integration_id).values() for part in of_category)
        return [*self.own(integration_id).values(), *parts]

    def apply(
        self,
        integration_id: int,
        label: str,
        after: Mapping[str, TypeKey | None] | Mapping[MappingPlace, TypeKey | None],
        at: datetime,
        who: str,
    ) -> MappingChange:
        """Maps (None = unmaps) these places as one undoable change; what was undone cannot be redone afterwards.

        A category id alone stands for the whole category. Places already mapped so are left out; a change of nothing is not
        stored and has the id 0.
        """
        known = self._all(integration_id)
        wanted = {MappingPlace(place) if isinstance(place, str) else place: key for place, key in after.items()}
        changed: Assignments = tuple((place, key) for place, key in wanted.items() if known.get(place) != key)
        before: Assignments = tuple((place, known.get(place)) for place, _ in changed)
        if not changed:
            return MappingChange(0, label, before, changed, at, who)
        table = mapping_changes
        self._connection.execute(delete(table).where(table.c.integration_id == integration_id, table.c.undone.is_(True)))
        self._write(integration_id, changed)
        values = {"integration_id": integration_id, "label": label, "at": at, "who": who}
        kept = {"before": _stored(before), "after": _stored(changed)}
        added = self._connection.execute(insert(table).values(undone=False, **values, **kept).returning(table.c.id)).scalar_one()
        return MappingChange(added, label, before, changed, at, who)

    def _all(self, integration_id: int) -> dict[MappingPlace, TypeKey]:
        known = {MappingPlace(category): key for category, key in self.own(integration_id).items()}
        for category, parts in self.parts(integration_id).items():
            known |= {MappingPlace(category, part.property_name, part.value): part.key for part in parts}
        return known

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
        """Changes, newest first, those that were taken back before the ones in force."""
        table = mapping_changes
        query = select(table).where(table.c.integration_id == integration_id)
        return [_change(row) for row in self._connection.execute(query.order_by(table.c.id.desc()).limit(limit))]

    def _next_undo(self, integration_id: int) -> MappingChange | None:
        table = mapping_changes
        query = select(table).where(table.c.integration_id == integration_id, table.c.undone.is_(False))
        row = self._connection.execute(query.order_by(table.c.id.desc()).limit(1)).one_or_none()
        return None if row is None else _change(row)

    def _next_redo(self, integration_id: int) -> MappingChange | None:
        table = mapping_changes
        query = select(table).where(table.c.integration_id == integration_id, table.c.undone.is_(True))
        row = self._connection.execute(query.order_by(table.c.id).limit(1)).one_or_none()
        return None if row is None else _change(row)

    def _mark(self, change_id: int, *, undone: bool) -> None:
        self._connection.execute(update(mapping_changes).where(mapping_changes.c.id == change_id).values(undone=undone))

    def _write(self, integration_id: int, assignments: Assignments) -> None:
        whole = [_row(integration_id, place, key) for place, key in assignments if key is not None and not place.property_name]
        upsert(self._connection, category_mappings, whole)
        parts = [
            _row(integration_id, place, key) | {"property_name": place.property_name, "value": place.value}
            for place, key in assignments
            if key is not None and place.property_name
        ]
        upsert(self._connection, mapping_parts, parts)
        gone = [place for place, key in assignments if key is None]
        table = category_mappings
        for removed in batches(place.category_id for place in gone if not place.property_name):
            self._connection.execute(delete(table).where(table.c.integration_id == integration_id, table.c.category_id.in_(removed)))
        self._delete_parts(integration_id, (place for place in gone if place.property_name))

    def _delete_parts(self, integration_id: int, places: Iterable[MappingPlace]) -> None:
        columns = mapping_parts.c
        for place in places:
            self._connection.execute(
                delete(mapping_parts).where(
                    columns.integration_id == integration_id,
                    columns.category_id == place.category_id,
                    columns.property_name == place.property_name,
                    columns.value == place.value,
                )
            )


def _row(integration_id: int, place: MappingPlace, key: TypeKey) -> dict[str, Any]:
    return {
        "integration_id": integration_id,
        "category_id": place.category_id,
        "description_category_id": key.description_category_id,
        "type_id": key.type_id,
    }


def _stored(assignments: Assignments) -> tuple[tuple[str | MappingPlace, TypeKey | None], ...]:
    """Whole categories by their id, as they were stored before parts existed."""
    return tuple((place if place.property_name else place.category_id, key) for place, key in assignments)


def _places(stored: tuple[tuple[str | MappingPlace, TypeKey | None], ...]) -> Assignments:
    return tuple((MappingPlace(place) if isinstance(place, str) else place, key) for place, key in stored)


def _change(row: Row[Any]) -> MappingChange:
    return MappingChange(row.id, row.label, _places(row.before), _places(row.after), row.at, row.who, row.undone)
