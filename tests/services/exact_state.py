"""What a database holds, row by row, and whether each row is as before a step or as after the step was answered in full."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ozon_desktop.storage.columns import UtcDateTime
from ozon_desktop.storage.table_base import metadata

Row = dict[str, Any]
State = dict[str, dict[tuple[Any, ...], Row]]
"""Rows by their keys, by table."""

NOT_STATE = frozenset({"runs", "run_leases", "intents", "sent_values", "planned_cards", "preferences"})
"""The journal and what a step that is under way keeps for itself."""

CATALOGUE = ("ozon_categories", "ozon_types", "ozon_attributes", "ozon_dictionaries", "ozon_values")

COUNTS = frozenset({"seen", "number"})
"""Columns that say in the how manieth reading a row was met; they grow with every try, as moments do."""

OWN_KEYS = {
    "ozon_dictionaries": ("dictionary_id", "category_id", "type_id"),
    "order_statuses": ("integration_id", "posting_number", "status"),
    "ozon_attributes": ("category_id", "type_id", "id", "complex_id"),
}
"""What names a row where the database numbers it, or its place does."""

PIECEWISE = frozenset({"integrations", "accepted_offers", "orders"})
"""Tables whose rows are answered by several methods: each of their columns is as before or as answered."""

MEASURED = frozenset({"connection.checked_at", "connection.limits", "status", "status_name"})
"""What is only true of the moment it was read at: a moderation goes on meanwhile."""

NOT_KNOWN: dict[str, Any] = {"payload": None, "card_print": None, "price": None, "old_price": None, "min_price": None, "stocks": -1}
"""What says that Ozon's value is not known, so that it will be sent or read again."""

NOT_YET: dict[str, Any] = {"product_id": 0, "type_key": None}
"""The same of what is never forgotten once it was known."""


def read_state(path: Path) -> State:
    """All rows of the SQLite file, without moments, counts and the numbers the database gives."""
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        dictionaries = {row["id"]: tuple(row)[1:4] for row in connection.execute("SELECT * FROM ozon_dictionaries")}
        state: State = {}
        for table in metadata.sorted_tables:
            if table.name in NOT_STATE:
                continue
            key = OWN_KEYS.get(table.name) or tuple(column.name for column in table.primary_key)
            numbered = {column.name for column in table.primary_key} - set(key) if table.name in OWN_KEYS else set()
            left_out = COUNTS | numbered | {column.name for column in table.columns if isinstance(column.type, UtcDateTime)}
            rows: dict[tuple[Any, ...], Row] = {}
            for found in connection.execute(f'SELECT * FROM "{table.name}"'):
                row = dict(found)
                if table.name == "ozon_values":
                    row["dictionary"] = dictionaries[row["dictionary"]]
                identity = tuple(row[name] for name in key)
                row = {name: value for name, value in row.items() if name not in left_out}
                rows[identity] = _pieces(row) if table.name in PIECEWISE else row
            state[table.name] = rows
    connection.close()
    return state


def differing(one: State, other: State, tables: Iterable[str]) -> list[str]:
    """The rows of these tables that only one of both has so, but for those that are marked as gone."""
    faults: list[str] = []
    for table in tables:
        here, there = ({(key, str(row)) for key, row in state[table].items() if not row.get("gone")} for state in (one, other))
        faults += [f"{table} {key}: {row}" for key, row in sorted(here ^ there, key=str)]
    return faults


def neither(before: State, now: State, answered: State, held: State) -> list[str]:
    """The rows of `now` that are neither as before nor as answered, and those that both have and `now` has not.

    held: what else is true, because Ozon holds it; pieces of rows.
    """
    faults: list[str] = []
    for table in now:
        was, will = before[table], answered[table]
        for key, row in now[table].items():
            possible = [rows[key] for rows in (was, will, held.get(table, {})) if key in rows]
            if row in possible:
                continue
            odd = _odd(row, possible, NOT_KNOWN if key in was else NOT_KNOWN | NOT_YET) if possible else {"a row that nobody told": None}
            if table not in PIECEWISE or odd:
                faults.append(f"{table} {key}: {odd or row}")
        faults += [f"{table} {key}: lost" for key in was.keys() & will.keys() - now[table].keys()]
    return faults


def _pieces(row: Row) -> Row:
    """The row with the fields of its objects, and the stock of each warehouse, beside its own."""
    pieces: Row = {}
    for name, value in row.items():
        if name == "stocks":
            pieces |= {f"stocks.{warehouse}": pieces_there for warehouse, pieces_there in json.loads(value)}
        elif isinstance(value, str) and value.startswith("{"):
            pieces |= {f"{name}.{field}": of_field for field, of_field in json.loads(value).items()}
        else:
            pieces[name] = value
    return pieces


def _odd(row: Row, possible: list[Row], unknown: Mapping[str, Any]) -> Mapping[str, Any]:
    missing = object()
    return {
        name: value
        for name, value in row.items()
        if name not in MEASURED
        and all(other.get(name, missing) != value for other in possible)
        and unknown.get(name.partition(".")[0], missing) != value
    }
