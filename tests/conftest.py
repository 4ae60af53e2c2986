"""What every test shares: Qt without a display, so that the README's test command needs no settings of its own; garbage in one thread."""

import gc
import os
import sys
from collections.abc import Iterator
from functools import partialmethod
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.util import LRUCache

from ozon_desktop.storage import database, schema
from tests.fonts import bring_font
from tests.without_qt import NO_QT, WindowFolder, WindowModule, is_of_qt, leave_out

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Containers often forbid Python to keep what it has compiled: each worker, and each process that a test starts, would compile the whole
# program and its tests anew. What is kept lies in `__pycache__`, as on any desktop.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
bring_font()
if find_spec("sniffio") is None:
    # httpx asks at each request to an application in this process whether trio is at work: a search of the whole path, for nothing.
    sys.modules["sniffio"] = None  # type: ignore[assignment]


WINDOW = Path(__file__).parent / "ui"

# The suite tries each property often enough to notice that it broke; `--hypothesis-profile=long` looks for rare cases.
settings.register_profile("suite", max_examples=40, deadline=None)
settings.register_profile("long", max_examples=2_000, deadline=None)
settings.load_profile("suite")

SLOW = {"application", "line", "prepared_shop", "terminal"}
"""Fixtures that build the whole program: the fast check leaves out what stands on them."""
NOT_COVERING = {"architecture", "sandbox", "ui"}
"""Folders of tests that stand on fakes or on other code than is measured: to trace them costs most of what measuring costs."""

MAKE_ENGINE = database._engine
"""As the program makes its engines."""


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Where Qt cannot be loaded its plugin would end the run before it begins. Here, because the plugin is not configured yet."""
    if NO_QT:
        pluginmanager.set_blocked("pytest-qt")
        leave_out(WINDOW / "conftest.py")


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The window's own folder is skipped as a whole: its shared fixtures are made of Qt."""
    return WindowFolder.from_parent(parent, path=path) if NO_QT and path == WINDOW else None


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Files that import Qt are skipped with the reason."""
    return WindowModule.from_parent(parent, path=module_path) if NO_QT else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Tests that come upon Qt only while they run."""
    try:
        yield
    except ImportError as error:
        if NO_QT and is_of_qt(error):
            pytest.skip(NO_QT)
        raise


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks tests of the whole program, and those whose way through the program is not measured."""
    if SLOW & set(getattr(item, "fixturenames", ())):
        item.add_marker("slow")
    if item.path.relative_to(Path(__file__).parent).parts[0] in NOT_COVERING:
        item.add_marker("no_cover")


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

    def freeze(self) -> None:
        """What is there stays to the end: it need not be walked over."""
        gc.freeze()
        self._stayed = 0

    def __call__(self) -> None:
        if gc.isenabled():
            # By a window that has ended; to count what is frozen would take as long as to walk over it.
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
    if NO_QT:
        yield
        return
    from pytestqt.qtbot import QtBot

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
            made = database.Database.in_file(self._folder / "new.sqlite3")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(schema, "bring_up_to_date", self.run)
                made.open()
            made.close()
            self._made = (self._folder / "new.sqlite3").read_bytes()
        return self._made


@pytest.fixture(scope="session", autouse=True)
def migrations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrations]:
    """In place of running all migrations for each test that wants a database of its own."""
    with pytest.MonkeyPatch.context() as patch:
        made = Migrations(tmp_path_factory.mktemp("schema"))
        patch.setattr(schema, "bring_up_to_date", made)
        yield made


@pytest.fixture(scope="session", autouse=True)
def compiled_statements() -> Iterator[None]:
    """One memory of compiled statements for all SQLite files: each test has a database of its own, and would compile them all anew."""
    with create_engine("sqlite://").connect() as connection:
        dialect = connection.dialect
    compiled: LRUCache[Any, Any] = LRUCache(3_000)

    def make_sharing(url: URL) -> Engine:
        engine = MAKE_ENGINE(url)
        if url.get_backend_name() == "sqlite":
            # By dialect, too: the memory tells statements apart by it.
            engine.dialect, engine._compiled_cache = dialect, compiled
            # Tests kill programs, never the machine: nothing has to reach the disk, which took half of a test of the sending.
            event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_engine", make_sharing)
        yield


@pytest.fixture
def real_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of the connections themselves."""
    monkeypatch.setattr(database, "_engine", MAKE_ENGINE)


@pytest.fixture
def real_migrations(migrations: Migrations, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of the migrations themselves."""
    monkeypatch.setattr(schema, "bring_up_to_date", migrations.run)
