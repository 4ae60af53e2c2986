"""Statements that are built once: with each value they say what a new one would."""

import pytest
from sqlalchemy import Connection, Executable, select

from ozon_desktop.storage.database import Database
from ozon_desktop.storage.sql import prepared
from ozon_desktop.storage.tables import preferences
from ozon_desktop.storage.unit_of_work import UnitOfWork


def connection_of(unit: UnitOfWork) -> Connection:
    return unit.preferences._connection


def test_it_is_built_once_and_asks_for_each_value(database: Database) -> None:
    built: list[object] = []

    @prepared
    def keys(value: str, wanted: list[str]) -> Executable:
        built.append(value)
        table = preferences.c
        return select(table.key).where(table.value == value, table.key.in_(wanted)).order_by(table.key)

    def work(unit: UnitOfWork) -> list[list[str]]:
        for key, value in (("a", "1"), ("b", "1"), ("c", "2")):
            unit.preferences.set(key, value)
        connection = connection_of(unit)
        asked: list[tuple[str, list[str]]] = [("1", ["a", "b", "c"]), ("2", ["a", "b", "c"]), ("1", ["b"]), ("1", [])]
        found = [list(keys(connection, value, wanted).scalars()) for value, wanted in asked]
        return [*found, list(keys.streamed(connection, "1", ["a"]).scalars())]

    assert database.run_sync(work) == [["a", "b"], ["c"], ["b"], [], ["a"]]
    assert len(built) == 1


def test_a_value_too_few_is_an_error(sqlite_database: Database) -> None:
    @prepared
    def named(key: str) -> Executable:
        return select(preferences).where(preferences.c.key == key)

    with pytest.raises(ValueError, match="zip"):
        sqlite_database.run_sync(lambda unit: named(connection_of(unit)).all())  # type: ignore[call-arg]


def test_preferences_are_found_by_their_beginning(database: Database) -> None:
    """As text: signs that mean something to LIKE stand for themselves, and so does the case."""

    def work(unit: UnitOfWork) -> dict[str, str]:
        for key in ("col_1", "col%2", "colx1", "COL_3", "col_"):
            unit.preferences.set(key, "x")
        return unit.preferences.starting_with("col_")

    assert database.run_sync(work) == {"col_1": "x", "col_": "x"}
