"""Databases as earlier revisions left them: the schema at one revision, and rows written in the way of that time."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url

from ozon_desktop.storage import schema
from ozon_desktop.storage.database import Database

Fill = Callable[[Connection], None]


def make_old(url: str, revision: str, fill: Fill) -> None:
    """Brings an empty database to a revision and fills it."""
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    parsed = make_url(url)
    engine = create_engine(parsed.set(drivername="postgresql+psycopg") if parsed.drivername == "postgresql" else parsed)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        fill(connection)
    engine.dispose()


@contextmanager
def own_postgresql(server_url: str) -> Iterator[str]:
    """An empty database of its own: the shared one is at the newest schema already."""
    name = f"ozon_desktop_old_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield server_url.rpartition("/")[0] + "/" + name
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def upgraded_from(revision: str, fill: Fill, request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """The database of a revision after the program was started over it; request.param: "sqlite" or "postgresql"."""
    if request.param == "sqlite":
        yield from _upgraded(f"sqlite:///{folder / 'shop.sqlite3'}", revision, fill)
        return
    with own_postgresql(request.getfixturevalue("postgresql_url")) as url:
        yield from _upgraded(url, revision, fill)


def _upgraded(url: str, revision: str, fill: Fill) -> Iterator[Database]:
    make_old(url, revision, fill)
    database = Database(url)
    database.open()
    yield database
    database.close()
