"""Brings a database to the newest schema: refuses newer ones, keeps a copy before a migration, loads Alembic only for one."""

import re
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from ozon_desktop.errors import DatabaseDamaged, NewerDatabase
from ozon_desktop.storage import backups
from ozon_desktop.storage.table_base import metadata

NEWEST = 20
REVISIONS = tuple(f"{number:04}" for number in range(1, NEWEST + 1))
"""All revisions in `migrations/versions`, oldest first; known here so that an up-to-date database needs no Alembic."""

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
VERSION_TABLE = "alembic_version"
_LIKE_OURS = re.compile(r"\d{4}")
_ADVISORY_LOCK = 0x0204E
_LOCK_POSTGRESQL = text("SELECT pg_advisory_xact_lock(:number)")


def bring_up_to_date(engine: Engine, place: str) -> None:
    """Creates or migrates the schema in one transaction. place: for messages.

    NewerDatabase when the program does not know it, DatabaseDamaged when it is not, or no longer, a database of this program.
    """
    file = Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None
    with engine.begin() as connection:
        stored = stored_revision(connection, place, file)
        if stored == REVISIONS[-1]:
            _must_be_complete(connection, place, file)
    if stored == REVISIONS[-1]:
        return
    if stored is not None and file is not None:
        backups.before_migration(file, stored)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(_LOCK_POSTGRESQL, {"number": _ADVISORY_LOCK})
        # Another process may have migrated it while this one waited for the lock.
        if stored_revision(connection, place, file) != REVISIONS[-1]:
            _migrate(connection)


def stored_revision(connection: Connection, place: str, file: Path | None = None) -> str | None:
    """The revision the database is at; None = it is empty. NewerDatabase for a later one, DatabaseDamaged for none or a foreign one."""
    there = set(inspect(connection).get_table_names())
    # A database server is shared: what others keep there is their own matter.
    ours = there if file is not None else there & set(metadata.tables)
    if VERSION_TABLE not in there:
        if not ours:
            return None
        raise _damaged(place, file, "tables without a revision")
    stored: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()
    if stored is None:
        if not ours - {VERSION_TABLE}:
            return None
        raise _damaged(place, file, "tables without a revision")
    if stored not in REVISIONS:
        if _LIKE_OURS.fullmatch(stored) and stored > REVISIONS[-1]:
            raise NewerDatabase(place, detail=stored)
        raise _damaged(place, file, f"revision {stored[:40]}")
    return stored


def _must_be_complete(connection: Connection, place: str, file: Path | None) -> None:
    missing = sorted(set(metadata.tables) - set(inspect(connection).get_table_names()))
    if missing:
        raise _damaged(place, file, f"no table {', '.join(missing)}")


def _damaged(place: str, file: Path | None, detail: str) -> DatabaseDamaged:
    return backups.damaged(file, detail) if file is not None else DatabaseDamaged(place, detail=detail)


def _migrate(connection: Connection) -> None:
    # Imported here: it takes a good part of the program's start, and is needed once per release.
    from alembic import command
    from alembic.config import Config

    config = Config()
    # Alembic interpolates %, which may well be in a path.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
