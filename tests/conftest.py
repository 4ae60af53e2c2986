"""What every test shares: Qt without a display, so that the README's test command needs no settings of its own; garbage in one thread."""

import gc
import os
import sys
from collections.abc import Iterator
from functools import partialmethod
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import Engine

from ozon_desktop.storage import schema
from tests.fonts import bring_font

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Containers often forbid Python to keep what it has compiled: each worker, and each process that a test starts, would compile the whole
# program and its tests anew. What is kept lies in `__pycache__`, as on any desktop.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
bring_font()


SLOW = {"application", "terminal"}
"""Fixtures that build the whole program: the fast check leaves out what stands on them."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks tests of the whole program."""
    if SLOW & set(getattr(item, "fixturenames", ())):
        item.add_marker("slow")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The interpreter collects nothing while a test runs, in no thread.

    Windows of earlier tests that are caught in cycles would be destroyed on a thread of the services, or while Qt walks over all
    widgets: the process dies of either. The program itself keeps to the same (`ui/garbage.py`).
    Benchmarks are left alone: they measure with everything that costs time.
    """
    if "benchmarks" not in item.path.parts:
        gc.disable()


class Collector:
    """Collects garbage when there is enough of it: the young when a test has made many, all when a quarter has been added to what stayed.

    Python does the same, but counts collections where this counts objects: after every eleventh test it would walk over all that the
    process has, a sixth of the whole run. A window that ends thaws what is frozen: it is frozen again.
    """

    YOUNG = 5_000
    GROWTH = 0.25
    LEAST = 20_000

    def __init__(self) -> None:
        self._stayed = 0
        self._frozen = False

    def freeze(self) -> None:
        """What is there stays to the end: it need not be walked over."""
        gc.freeze()
        self._frozen, self._stayed = True, 0

    def __call__(self) -> None:
        if self._frozen and not gc.get_freeze_count():
            gc.collect(1)
            self.freeze()
            return
        if gc.get_count()[0] < self.YOUNG:
            return
        gc.collect(1)
        if len(gc.get_objects(generation=2)) > self._stayed * (1 + self.GROWTH) + self.LEAST:
            gc.collect()
            self._stayed = len(gc.get_objects(generation=2))


collect = Collector()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What the imports and the collection have made stays to the end: the collector need not walk over it after every few tests."""
    if not any("benchmarks" in item.path.parts for item in session.items):
        gc.collect()
        collect.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Collects in the main thread when the test's fixtures and windows are gone."""
    yield
    collect()


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Waits of tests end when they are over; how long one may take on a machine busy with other things is no test's matter."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("waitUntil", "waitSignal", "waitSignals", "waitActive", "waitExposed"):
            patch.setattr(QtBot, name, partialmethod(getattr(QtBot, name), timeout=60_000))
        yield


class Migrations:
    """Brings databases up to date: a new SQLite file becomes a copy of one that the migrations have made once."""

    def __init__(self, folder: Path) -> None:
        self.run = schema.bring_up_to_date
        self._folder = folder
        self._made: bytes | None = None

    def __call__(self, engine: Engine, place: str) -> None:
        file = Path(engine.url.database or "") if engine.dialect.name == "sqlite" else None
        if file is not None and file.is_file() and file.stat().st_size == 0:
            file.write_bytes(self._new_file())
        self.run(engine, place)

    def _new_file(self) -> bytes:
        if self._made is None:
            from ozon_desktop.storage.database import Database

            database = Database.in_file(self._folder / "new.sqlite3")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(schema, "bring_up_to_date", self.run)
                database.open()
            database.close()
            self._made = (self._folder / "new.sqlite3").read_bytes()
        return self._made


@pytest.fixture(scope="session", autouse=True)
def migrations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrations]:
    """In place of running all migrations for each test that wants a database of its own."""
    with pytest.MonkeyPatch.context() as patch:
        made = Migrations(tmp_path_factory.mktemp("schema"))
        patch.setattr(schema, "bring_up_to_date", made)
        yield made


@pytest.fixture
def real_migrations(migrations: Migrations, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of the migrations themselves."""
    monkeypatch.setattr(schema, "bring_up_to_date", migrations.run)
