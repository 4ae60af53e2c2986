"""Small helpers over SQLAlchemy Core shared by the repositories: upserts for both databases, and batches."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

T = TypeVar("T")

BATCH = 500
"""Rows or parameters per statement: far below the limits of both databases."""


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def upsert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *, keep: Iterable[str] = ()) -> None:
    """Inserts rows; one whose primary key exists is overwritten, save for the columns named in `keep`.

    All rows must have the same columns.
    """
    _insert(connection, table, rows, frozenset(keep), overwrite=True)


def insert_missing(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts the rows whose primary key does not exist yet."""
    _insert(connection, table, rows, frozenset(), overwrite=False)


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], keep: frozenset[str], *, overwrite: bool) -> None:
    if not rows:
        return
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    statement: Any = insert(table)
    keys = [column.name for column in table.primary_key.columns]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys and name not in keep}
    if overwrite and changed:
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=keys)
    connection.execute(statement, list(rows))
