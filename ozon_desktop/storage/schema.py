"""Brings a database to the newest schema: refuses newer ones, keeps a copy before a migration, loads Alembic only for one."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from ozon_desktop.errors import DatabaseUnavailable, NewerDatabase

NEWEST = 18
REVISIONS = tuple(f"{number:04}" for number in range(1, NEWEST + 1))
"""All revisions in `migrations/versions`, oldest first; known here so that an up-to-date database needs no Alembic."""

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
_ADVISORY_LOCK = 0x0204E
_LOCK_POSTGRESQL = text("SELECT pg_advisory_xact_lock(:number)")


def bring_up_to_date(engine: Engine, place: str) -> None:
    """Creates or migrates the schema in one transaction. place: for messages. NewerDatabase when the program does not know it."""
    with engine.begin() as connection:
        stored = stored_revision(connection, place)
    if stored == REVISIONS[-1]:
        return
    if stored is not None and engine.dialect.name == "sqlite" and engine.url.database:
        _back_up(Path(engine.url.database), stored)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(_LOCK_POSTGRESQL, {"number": _ADVISORY_LOCK})
        # Another process may have migrated it while this one waited for the lock.
        if stored_revision(connection, place) != REVISIONS[-1]:
            _migrate(connection)


def stored_revision(connection: Connection, place: str) -> str | None:
    """The revision the database is at; None = it is empty. NewerDatabase for one not in REVISIONS."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    stored: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if stored is not None and stored not in REVISIONS:
        raise NewerDatabase(place, detail=stored)
    return stored


def _back_up(file: Path, stored: str) -> Path:
    """A copy beside the file, taken through SQLite so that the write-ahead log is in it. Never overwrites an earlier copy."""
    number = 1
    while (copy := file.with_name(f"{file.name}.{stored}.{number}.backup")).exists():
        number += 1
    try:
        os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except (OSError, sqlite3.Error) as error:
        copy.unlink(missing_ok=True)
        raise DatabaseUnavailable(str(copy), detail=str(error)) from error
    return copy


def _migrate(connection: Connection) -> None:
    # Imported here: it takes a good part of the program's start, and is needed once per release.
    from alembic import command
    from alembic.config import Config

    config = Config()
    # Alembic interpolates %, which may well be in a path.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
