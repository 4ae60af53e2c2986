"""Small helpers over SQLAlchemy Core shared by the repositories: statements built once, upserts for both databases, and batches."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from inspect import signature
from typing import Any, Generic, ParamSpec, TypeVar

from sqlalchemy import ColumnElement, Connection, CursorResult, Executable, Select, Table, bindparam, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

T = TypeVar("T")
P = ParamSpec("P")

BATCH = 500
"""Rows or parameters per statement: far below the limits of both databases."""
STREAMED = 5_000
"""Rows fetched at a time."""
_STREAM = {"stream_results": True, "yield_per": STREAMED}


class prepared(Generic[P]):
    """Executes the statement that `build` makes; it is made once, of places for the values, for to make it takes longer than to execute it.

    The values decide what is compared, never how the statement looks: a None given for a comparison with `==` finds nothing, and a list
    is given to `in_` alone.
    """

    def __init__(self, build: Callable[P, Executable]) -> None:
        self._build = build
        self._places = tuple(f"given_{name}" for name in signature(build).parameters)

    def __call__(self, connection: Connection, /, *values: P.args, **named: P.kwargs) -> CursorResult[*tuple[Any, ...]]:
        return connection.execute(self._statement, self._given(values, named))

    def streamed(self, connection: Connection, /, *values: P.args, **named: P.kwargs) -> CursorResult[*tuple[Any, ...]]:
        """Rows come from the server `STREAMED` at a time; SQLite has no server, and gives its first row to the result beforehand."""
        return connection.execute(self._statement, self._given(values, named), execution_options=_STREAM)

    def _given(self, values: tuple[object, ...], named: dict[str, object]) -> dict[str, object]:
        return dict(zip(self._places, values, strict=not named)) | {f"given_{name}": value for name, value in named.items()}

    @cached_property
    def _statement(self) -> Executable:
        return self._build(*map(bindparam, self._places))  # type: ignore[call-arg, arg-type]


def has_parent(parent_id: ColumnElement[str | None]) -> ColumnElement[bool]:
    """The column is not NULL, said so that SQLite finds the rows by its index: for `IS NOT NULL` it reads the whole table."""
    return parent_id >= ""


def of_integration(connection: Connection, table: Table, integration_id: int, *order: str) -> CursorResult[*tuple[Any, ...]]:
    """The whole rows of an integration. order: names of the columns they are sorted by."""
    return connection.execute(_own_rows(table, order), {"own": integration_id})


@cache
def _own_rows(table: Table, order: tuple[str, ...]) -> Select[Any]:
    return select(table).where(table.c.integration_id == bindparam("own")).order_by(*(table.c[name] for name in order))


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
    statement = _insertion(connection.dialect.name, table, tuple(rows[0]), keep, overwrite)
    connection.execute(statement, list(rows))


@cache
def _insertion(dialect: str, table: Table, names: tuple[str, ...], keep: frozenset[str], overwrite: bool) -> Executable:
    insert: Any = postgresql_insert if dialect == "postgresql" else sqlite_insert
    statement = insert(table)
    keys = [column.name for column in table.primary_key.columns]
    changed = {name: statement.excluded[name] for name in names if name not in keys and name not in keep}
    if overwrite and changed:
        made: Executable = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    else:
        made = statement.on_conflict_do_nothing(index_elements=keys)
    return made


def upsert_rows(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """As `upsert`, for a hundred thousand rows: values as the database's driver takes them, in the order of `names`."""
    if rows:
        connection.exec_driver_sql(_driver_text(connection.dialect.name, table, tuple(names), overwrite=True), list(rows))


def insert_missing_rows(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """As `insert_missing`, see `upsert_rows`."""
    if rows:
        connection.exec_driver_sql(_driver_text(connection.dialect.name, table, tuple(names), overwrite=False), list(rows))


@cache
def _driver_text(dialect: str, table: Table, names: tuple[str, ...], *, overwrite: bool) -> str:
    keys = [column.name for column in table.primary_key.columns]
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
    done = f"UPDATE SET {changed}" if overwrite else "NOTHING"
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({_marks(dialect, names)}) ON CONFLICT ({', '.join(keys)}) DO {done}"


def _marks(dialect: str, names: Sequence[str]) -> str:
    return ", ".join(["%s" if dialect == "postgresql" else "?"] * len(names))


def rows_with(connection: Connection, table: Table, names: Sequence[str], name: str, values: Sequence[str]) -> Sequence[tuple[Any, ...]]:
    """Columns of the rows in which a column has one of at most BATCH values, as the driver gives them."""
    if connection.dialect.name == "postgresql":
        text, given = _driver_select(table, tuple(names), name, "= ANY(%s)"), (list(values),)
        return connection.exec_driver_sql(text, given).all()
    return connection.exec_driver_sql(_driver_select(table, tuple(names), name, f"IN ({_marks('sqlite', values)})"), tuple(values)).all()


@cache
def _driver_select(table: Table, names: tuple[str, ...], name: str, condition: str) -> str:
    return f"SELECT {', '.join(names)} FROM {table.name} WHERE {name} {condition}"
