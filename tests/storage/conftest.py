"""A database of each kind for the tests: SQLite in a folder of its own, PostgreSQL where a server answers."""

import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ozon_desktop.storage.database import Database
from ozon_desktop.storage.table_base import metadata

SERVER = os.environ.get("OZON_DESKTOP_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/test")

NOW = datetime(2026, 11, 24, 8, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A database of this test run, dropped at its end."""
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        pytest.skip(f"no PostgreSQL server: {error}")
    name = f"ozon_desktop_{uuid.uuid4().hex}"
    with server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield SERVER.rpartition("/")[0] + "/" + name
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database with the newest schema."""
    database = Database.in_file(tmp_path / "data" / "test.sqlite3")
    database.open()
    yield database
    database.close()


@pytest.fixture
def postgresql_database(postgresql_url: str) -> Iterator[Database]:
    """An empty PostgreSQL database with the newest schema."""
    database = Database(postgresql_url)
    database.open()
    yield database
    database.close()
    with psycopg.connect(postgresql_url) as connection:
        names = sql.SQL(", ").join(sql.Identifier(name) for name in metadata.tables)
        connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> Database:
    """Each kind of database in turn."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def integration_id(database: Database) -> int:
    """An integration to hang things on."""
    return database.run_sync(lambda unit: unit.integrations.add("Магазин")).id
