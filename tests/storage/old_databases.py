"""Databases as earlier revisions left them: the schema at one revision, and rows written in the way of that time."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import make_url

from ozon_desktop.storage import schema

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
