"""The databases of `data/`, made by `make_old_database.py`: unpacked, read column by column, and compared with what became of them."""

import json
import lzma
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

DATA = Path(__file__).parent / "data"
RELEASES = tuple(sorted(path.name.partition(".")[0] for path in DATA.glob("r*.sqlite3.xz")))

Row = Mapping[str, object]
Tables = dict[str, list[Row]]

NOT_DATA = ("alembic_version", "sqlite_", "ozon_value_grams")
"""Beginnings of tables that a migration may build anew: the revision itself, and the full text index of SQLite."""


@dataclass(frozen=True)
class Allowed:
    """Something a later revision does on purpose to rows that were there; everything else must stay as it was, to the letter.

    column: "" = the row itself. becomes: what the column must hold afterwards, from the row as it was; for column "": whether the row
    must still be there. since: the revision that does it, so that the test asks for it from then on only.
    """

    since: str
    table: str
    column: str
    why: str
    becomes: Callable[[Row], object]


def _with_write_off(row: Row) -> object:
    if not row["stocks"]:
        return row["stocks"]
    rules = json.loads(str(row["stocks"]))
    rules["write_off"] = "at_shipment" if rules.pop("minus_reserved") else "at_order"
    return json.dumps(rules, ensure_ascii=False)


ALLOWED: tuple[Allowed, ...] = (
    Allowed("0013", "sync_rules", "stocks", "what Ozon reserved is replaced by when the store writes orders off", _with_write_off),
)
"""A migration that changes what is kept adds its line here:

    Allowed("0012", "accepted_offers", "status", "the words of Ozon became codes", lambda row: CODES[row["status"]]),
"""


def unpack_sqlite(release: str, target: Path) -> str:
    """Writes the file and gives its URL."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(lzma.decompress((DATA / f"{release}.sqlite3.xz").read_bytes()))
    return f"sqlite:///{target}"


def unpack_postgresql(release: str, url: str) -> None:
    """Restores the dump into an empty database."""
    dump = lzma.decompress((DATA / f"{release}.postgresql.sql.xz").read_bytes())
    with psycopg.connect(url) as connection:
        connection.execute(dump)


def read(url: str) -> Tables:
    """Every table as the database itself gives it, past the program's own reading: rows by column."""
    return _read_sqlite(Path(url.removeprefix("sqlite:///"))) if url.startswith("sqlite") else _read_postgresql(url)


def _read_sqlite(file: Path) -> Tables:
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        names = [row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')] for name in names if _is_data(name)}


def _read_postgresql(url: str) -> Tables:
    found: Tables = {}
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            if _is_data(name):
                cursor = connection.execute(f'SELECT * FROM "{name}"'.encode())
                columns = [column.name for column in cursor.description or ()]
                found[name] = [dict(zip(columns, row, strict=True)) for row in cursor]
    return found


def _is_data(name: str) -> bool:
    return not name.startswith(NOT_DATA)


def losses(before: Tables, after: Tables, revision: str, allowed: Sequence[Allowed] = ALLOWED) -> list[str]:
    """What of `before` is not in `after`: tables, columns, rows and values, in words. New tables, columns and rows are no loss."""
    declared = [one for one in allowed if one.since <= revision]
    found: list[str] = []
    for table, rows in before.items():
        expected = list(_expected(table, rows, declared))
        if table not in after:
            found += [f"{table}: the table is gone"] if expected else []
            continue
        columns = set(expected[0]) if expected else set()
        gone = columns - set(after[table][0]) if after[table] else columns
        if gone:
            found.append(f"{table}: without {', '.join(sorted(gone))}")
            continue
        missing = Counter(map(_key, expected)) - Counter(_key({name: row[name] for name in columns}) for row in after[table])
        found += [f"{table}: missing or changed: {dict(row)}" for row in missing]
    return found


def _expected(table: str, rows: Sequence[Row], declared: Sequence[Allowed]) -> Iterator[Row]:
    of_table = [one for one in declared if one.table == table]
    for row in rows:
        if all(one.becomes(row) for one in of_table if not one.column):
            yield {**row, **{one.column: one.becomes(row) for one in of_table if one.column}}


def _key(row: Row) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(row.items()))
