"""Opening, migrating, refusing and sharing the database."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from ozon_desktop.errors import DatabaseBusy, DatabaseDamaged, DatabaseUnavailable, NewerDatabase, WrongInput
from ozon_desktop.storage import database as database_module
from ozon_desktop.storage import schema
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.table_base import metadata
from ozon_desktop.storage.unit_of_work import UnitOfWork

pytestmark = pytest.mark.usefixtures("real_migrations")

SEARCH_ONLY = ("ozon_value_", "ix_ozon_values_folded_trigrams", "ix_store_products_barcodes")


def pragma(database: Database, name: str) -> object:
    return database.run_sync(lambda unit: unit.preferences._connection.exec_driver_sql(f"PRAGMA {name}").scalar())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_file_and_folder_are_for_this_user_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "test.sqlite3"
    database = Database.in_file(path)
    database.open()
    database.run_sync(lambda unit: unit.preferences.set("a", "b"))
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    database.close()
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert set(modes.values()) == {0o600}
    assert "test.sqlite3" in modes


def test_a_readable_file_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "test.sqlite3"
    path.touch(mode=0o644)
    Database.in_file(path).close()
    assert sys.platform == "win32" or path.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("real_engine")
def test_sqlite_is_set_up_for_safety(sqlite_database: Database) -> None:
    assert pragma(sqlite_database, "journal_mode") == "wal"
    assert pragma(sqlite_database, "foreign_keys") == 1
    assert pragma(sqlite_database, "synchronous") == 2
    assert pragma(sqlite_database, "busy_timeout") == database_module.BUSY_TIMEOUT_MS


def test_opening_twice_changes_nothing(database: Database) -> None:
    database.run_sync(lambda unit: unit.preferences.set("theme", "dark"))
    database.open()
    assert database.run_sync(lambda unit: unit.preferences.get("theme")) == "dark"


def test_migrations_give_exactly_the_tables(database: Database) -> None:
    def differences(unit: UnitOfWork) -> list[object]:
        # The search among values stands on what only one of the databases has.
        opts = {"compare_type": True, "include_object": lambda _, name, *__: not name.startswith(SEARCH_ONLY)}
        context = MigrationContext.configure(unit.preferences._connection, opts=opts)
        return list(compare_metadata(context, metadata))

    assert database.run_sync(differences) == []


def test_revisions_known_to_the_program_are_those_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == schema.REVISIONS


def test_an_up_to_date_database_is_opened_without_alembic(sqlite_database: Database) -> None:
    code = (
        "import sys; from pathlib import Path; from ozon_desktop.storage.database import Database\n"
        "database = Database.in_file(Path(sys.argv[1])); database.open(); database.close()\n"
        "sys.exit('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, sqlite_database.url_for_people], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 0


def test_a_newer_database_is_refused_and_left_alone(sqlite_database: Database) -> None:
    place = sqlite_database.url_for_people
    with closing(sqlite3.connect(place)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(NewerDatabase) as caught:
        sqlite_database.open()
    assert caught.value.subject == place
    assert caught.value.detail == "9999"
    assert not list(Path(place).parent.glob("*.backup"))


def test_a_copy_is_made_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older database: one whose revision the program knows but has left behind."""
    path = tmp_path / "test.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('0000');"
            "CREATE TABLE old (word TEXT); INSERT INTO old VALUES ('kept');"
        )
    monkeypatch.setattr(schema, "REVISIONS", ("0000", "0001"))
    migrated: list[bool] = []
    monkeypatch.setattr(schema, "_migrate", lambda connection: migrated.append(connection.in_transaction()))
    database = Database.in_file(path)
    database.open()
    database.open()
    database.close()
    copies = sorted(tmp_path.glob("*.backup"))
    assert migrated == [True, True]
    assert [copy.name for copy in copies] == ["test.sqlite3.0000.1.backup", "test.sqlite3.0000.2.backup"]
    with closing(sqlite3.connect(copies[0])) as connection:
        assert connection.execute("SELECT word FROM old").fetchall() == [("kept",)]
    assert sys.platform == "win32" or copies[0].stat().st_mode & 0o777 == 0o600


def test_a_failed_migration_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "test.sqlite3"
    real = schema._migrate

    def fail(connection: Connection) -> None:
        real(connection)
        raise RuntimeError("power cut")

    monkeypatch.setattr(schema, "_migrate", fail)
    database = Database.in_file(path)
    with pytest.raises(RuntimeError, match="power cut"):
        database.open()
    database.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_what_is_no_database_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "test.sqlite3"
    path.write_text("this is a letter, not a database " * 100)
    database = Database.in_file(path)
    with pytest.raises(DatabaseDamaged) as caught:
        database.open()
    database.close()
    assert caught.value.subject == str(path)
    assert not caught.value.retryable


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable):
        Database.in_file(tmp_path / "file" / "test.sqlite3")


def test_a_server_that_does_not_answer_is_unavailable_and_its_password_unsaid() -> None:
    database = Database("postgresql://shop:secret@127.0.0.1:9/shop?sslpassword=secret")
    with pytest.raises(DatabaseUnavailable) as caught:
        database.open()
    database.close()
    assert caught.value.subject == "postgresql://shop@127.0.0.1:9/shop"
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://localhost/shop", "not a url"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(WrongInput):
        Database(url)


def test_a_database_held_by_another_process_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "BUSY_TIMEOUT_MS", 50)
    database = Database.in_file(tmp_path / "test.sqlite3")
    database.open()
    with closing(sqlite3.connect(tmp_path / "test.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy):
            database.run_sync(lambda unit: unit.preferences.set("a", "b"))
        other.execute("ROLLBACK")
    database.run_sync(lambda unit: unit.preferences.set("a", "b"))
    database.close()


def test_an_exception_rolls_everything_back(database: Database) -> None:
    def work(unit: UnitOfWork) -> None:
        unit.preferences.set("a", "b")
        unit.integrations.add("Магазин")
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        database.run_sync(work)
    assert database.run_sync(lambda unit: (unit.preferences.get("a"), unit.integrations.all())) == (None, [])


async def test_cancelling_the_caller_does_not_cut_the_transaction(database: Database) -> None:
    started, go_on = threading.Event(), threading.Event()

    def work(unit: UnitOfWork) -> None:
        unit.preferences.set("first", "1")
        started.set()
        assert go_on.wait(10)
        unit.preferences.set("second", "2")

    task = asyncio.create_task(database.run(work))
    await asyncio.to_thread(started.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await database.run(lambda unit: (unit.preferences.get("first"), unit.preferences.get("second"))) == ("1", "2")


async def test_work_of_several_tasks_never_overlaps(database: Database) -> None:
    def add_one(unit: UnitOfWork) -> None:
        unit.preferences.set("count", str(int(unit.preferences.get("count") or "0") + 1))

    await asyncio.gather(*(database.run(add_one) for _ in range(50)))
    assert await database.run(lambda unit: unit.preferences.get("count")) == "50"


def test_work_inside_work_is_a_mistake_not_a_deadlock(sqlite_database: Database) -> None:
    with pytest.raises(RuntimeError, match="inside"):
        sqlite_database.run_sync(lambda _: sqlite_database.run_sync(lambda unit: unit.preferences.get("a")))


def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError):
        database.run_sync(lambda unit: unit.sync.save_link(12345, "product", "offer"))


def test_tables_follow_the_naming_convention() -> None:
    tables = metadata.tables.values()
    names = [item.name for table in tables for item in table.constraints] + [item.name for table in tables for item in table.indexes]
    assert all(names)
    assert len(set(names)) == len(names)


def test_a_percent_sign_in_the_path_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alembic interpolates % in its settings, and both the program's folder and the data folder may have one."""
    folder = tmp_path / "100% моё? #1"
    folder.mkdir()
    linked = folder / "migrations"
    linked.symlink_to(schema.MIGRATIONS, target_is_directory=True)
    monkeypatch.setattr(schema, "MIGRATIONS", linked)
    database = Database.in_file(folder / "test.sqlite3")
    database.open()
    assert database.run_sync(lambda unit: unit.integrations.all()) == []
    database.close()


def test_a_schema_made_by_the_metadata_is_never_needed(sqlite_database: Database) -> None:
    """The revision alone makes every table, so a fresh database and a migrated one cannot differ."""
    with closing(sqlite3.connect(sqlite_database.url_for_people)) as connection:
        made = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert set(metadata.tables) <= made
