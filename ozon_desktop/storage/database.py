"""The database as the rest of the program sees it: open it, run a piece of work in one transaction, close it."""

import asyncio
import errno
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from ozon_desktop.errors import (
    DatabaseDamaged,
    DatabaseFull,
    DatabaseNotAllowed,
    DatabaseReadOnly,
    DatabaseUnavailable,
    WrongInput,
)
from ozon_desktop.storage import backups, schema
from ozon_desktop.storage.sql_failures import failure
from ozon_desktop.storage.unit_of_work import UnitOfWork

T = TypeVar("T")

BUSY_TIMEOUT_MS = 15_000
PAGE_BYTES = 8192
"""A product with its texts takes 2 to 3 KiB: of SQLite's 4 KiB a third would stay empty, written and read with the rest."""
CONNECT_TIMEOUT_S = 10

URL_FORM = "нужен вид postgresql://ИМЯ@СЕРВЕР:ПОРТ/БАЗА или sqlite:///ФАЙЛ"
_FILE_FAILURES = {
    errno.EACCES: DatabaseNotAllowed,
    errno.EPERM: DatabaseNotAllowed,
    errno.EROFS: DatabaseReadOnly,
    errno.ENOSPC: DatabaseFull,
    getattr(errno, "EDQUOT", errno.ENOSPC): DatabaseFull,
}

_log = logging.getLogger(__name__)


class Database:
    """One database with one worker thread of its own, so work never overlaps within this process.

    url: any SQLAlchemy URL of SQLite or PostgreSQL. WrongInput when it is neither.
    """

    def __init__(self, url: str | URL) -> None:
        self._url = _parse(url)
        self._thread_id: int | None = None
        self._executor = ThreadPoolExecutor(1, "database", initializer=self._remember_thread)
        try:
            self._engine = _engine(self._url)
        except ModuleNotFoundError as error:
            self._executor.shutdown()
            raise DatabaseUnavailable(self.url_for_people, detail=str(error)) from error

    @classmethod
    def in_file(cls, path: Path) -> "Database":
        """SQLite in a file that only this user may read.

        DatabaseUnavailable when it cannot be created; DatabaseDamaged when nothing is there any more, but copies of it are.
        """
        try:
            if (not path.exists() or path.stat().st_size == 0) and backups.backups_of(path):
                # An empty one in its place would look as if the shop had never been there.
                raise backups.damaged(path, "the file is empty" if path.exists() else "the file is missing")
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            path.chmod(0o600)
        except OSError as error:
            kind = _FILE_FAILURES.get(error.errno or 0, DatabaseUnavailable)
            raise kind(str(path), detail=error.strerror or str(error)) from error
        # Not as a text: a path may hold what means something in a URL.
        return cls(URL.create("sqlite", database=str(path)))

    @property
    def file(self) -> Path | None:
        """The file of SQLite; None for a server, and for a database in memory."""
        sqlite = self._url.get_backend_name() == "sqlite"
        return Path(self._url.database) if sqlite and self._url.database and self._url.database != ":memory:" else None

    @property
    def url_for_people(self) -> str:
        """Where the data is: the file, or the address without password."""
        if self._url.get_backend_name() == "sqlite":
            return self._url.database or ":memory:"
        # Built anew rather than blanked out: the query may hold a password too.
        url = self._url
        return URL.create("postgresql", url.username, host=url.host, port=url.port, database=url.database).render_as_string()

    def open(self) -> None:
        """Creates or migrates the schema. NewerDatabase, DatabaseDamaged, DatabaseUnavailable, DatabaseBusy."""
        self._on_thread(self._open)

    async def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """Does `work` in one transaction on the worker thread: committed on success, rolled back on an exception.

        A cancelled caller waits until the transaction is over and then gets its CancelledError.
        """
        future = asyncio.get_running_loop().run_in_executor(self._executor, self._transaction, work)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await asyncio.wait([future])
            if not future.cancelled() and (failure := future.exception()) is not None:
                _log.warning("work of a cancelled task failed", exc_info=failure)
            raise

    def run_sync(self, work: Callable[[UnitOfWork], T]) -> T:
        """Like `run`, for callers without an event loop; blocks. RuntimeError inside another work: it would wait for itself."""
        return self._on_thread(lambda: self._transaction(work))

    def close(self) -> None:
        """Lets running work finish and closes the connections; the object cannot be used afterwards."""
        self._executor.submit(self._engine.dispose).result()
        self._executor.shutdown()

    def _remember_thread(self) -> None:
        self._thread_id = threading.get_ident()

    def _on_thread(self, work: Callable[[], T]) -> T:
        if threading.get_ident() == self._thread_id:
            raise RuntimeError("database work started inside database work")
        return self._executor.submit(work).result()

    def _open(self) -> None:
        with self._translated():
            schema.bring_up_to_date(self._engine, self.url_for_people)

    def _transaction(self, work: Callable[[UnitOfWork], T]) -> T:
        with self._translated(), self._engine.begin() as connection:
            return work(UnitOfWork(connection))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Failures of the database itself in the program's words; a wrong statement stays what it is: a bug."""
        try:
            yield
        except DBAPIError as error:
            known = failure(error, self.url_for_people, str(self._url.password or ""))
            if known is None:
                raise
            if isinstance(known, DatabaseDamaged) and self.file is not None:
                known = backups.damaged(self.file, known.detail)
            raise known from error


def _parse(url: str | URL) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # Without the error's own words: they may hold the address, and so a password.
        raise WrongInput("database_url", detail=URL_FORM) from error
    backend = parsed.drivername.partition("+")[0]
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        return parsed
    raise WrongInput("database_url", detail=f"{backend[:40]} — такой базы программа не знает; {URL_FORM}")


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True, connect_args={"connect_timeout": CONNECT_TIMEOUT_S})
    # Every transaction has ended when its connection is given back: there is nothing to roll back.
    engine = create_engine(url, pool_reset_on_return=None)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions start late and end at DDL; `_begin_sqlite` starts ours instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    # The page of a new file, before anything is in it: one that exists keeps its own.
    page = f"page_size = {PAGE_BYTES}"
    for pragma in (f"busy_timeout = {BUSY_TIMEOUT_MS}", page):
        cursor.execute(f"PRAGMA {pragma}")
    # Another program's file stays as it is: to switch its journal would be to write into it.
    others, ours = cursor.execute(f"SELECT count(*), sum(name = '{schema.VERSION_TABLE}') FROM sqlite_master").fetchone()
    for pragma in ("journal_mode = WAL",) * (ours or not others) + ("synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: a transaction that reads and then writes would fail at once, without waiting, if another process wrote between.
    # Past SQLAlchemy, for which it would be a statement like any other: a quarter of what an empty transaction takes.
    begin = "BEGIN IMMEDIATE"
    try:
        connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]
    except sqlite3.Error as error:
        raise DBAPIError.instance(begin, None, error, sqlite3.Error, dialect=connection.dialect) from error
