"""Damage of every kind is called damage, with the copies that exist; no room, no rights and a missing log have words of their own."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseLoginRefused,
    DatabaseNotAllowed,
    DatabaseNotThere,
    DatabaseReadOnly,
    DatabaseUnavailable,
    NewerDatabase,
    NotFound,
    StorageError,
    WrongInput,
)
from ozon_desktop.storage import backups, journal
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_text
from ozon_desktop.wording.sync import who_text

NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
ROWS = 400


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database at rest, with enough in it that every part of the file holds something."""
    path = tmp_path_factory.mktemp("filled") / "shop.sqlite3"
    database = Database.in_file(path)
    database.open()

    def fill(unit: UnitOfWork) -> None:
        for number in range(ROWS):
            unit.preferences.set(f"key/{number}", f"value {number} " * 40)

    database.run_sync(fill)
    database.close()
    return path.read_bytes()


@pytest.fixture
def file(tmp_path: Path, filled: bytes) -> Path:
    """A copy for one test."""
    path = tmp_path / "shop.sqlite3"
    path.write_bytes(filled)
    return path


def opened(file: Path) -> Database:
    """Gives the open database, or closes it and fails as it does."""
    database = Database.in_file(file)
    try:
        database.open()
    except StorageError:
        database.close()
        raise
    return database


def value(file: Path, key: str) -> str | None:
    database = opened(file)
    try:
        return database.run_sync(lambda unit: unit.preferences.get(key))
    finally:
        database.close()


def statement(text: str) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute(text)

    return spoil


def flip(start: int, step: int) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        content = bytearray(file.read_bytes())
        for place in range(start, len(content), step):
            content[place] ^= 0xFF
        file.write_bytes(content)

    return spoil


def cut(share: float) -> Callable[[Path], None]:
    def spoil(file: Path) -> None:
        file.write_bytes(file.read_bytes()[: int(file.stat().st_size * share)])

    return spoil


def foreign(file: Path) -> None:
    file.unlink()
    statement("CREATE TABLE photos (name TEXT)")(file)


def letter(file: Path) -> None:
    file.write_text("Здравствуйте! Это письмо. " * 500, encoding="utf-8")


DAMAGES: dict[str, Callable[[Path], None]] = {
    "the head": flip(0, 7),
    "every page": flip(8192, 997),
    "cut in the middle": cut(0.5),
    "only the head is left": cut(0.0005),
    "emptied": cut(0),
    "gone": lambda file: file.unlink(),
    "no table": statement("DROP TABLE integrations"),
    "no revision": statement("DELETE FROM alembic_version"),
    "no table of revisions": statement("DROP TABLE alembic_version"),
    "a foreign revision": statement("UPDATE alembic_version SET version_num = 'c0ffee123456'"),
    "another program's database": foreign,
    "no database at all": letter,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_called_damage_and_one_step_leads_back(file: Path, damage: str) -> None:
    backups.daily(file, NOW)
    DAMAGES[damage](file)
    found = file.read_bytes() if file.exists() else None
    with pytest.raises(DatabaseDamaged) as caught:
        opened(file)
    error = caught.value
    assert (error.subject, len(error.backups)) == (str(file), 1)
    assert (file.read_bytes() if file.exists() else None) == found, "looking changes nothing"
    words = error_text(error)
    assert "повреждена" in words.title
    assert "doctor --restore" in words.action
    kept = backups.restore(file, backups.backups_of(file)[0].path)
    assert value(file, f"key/{ROWS - 1}") is not None
    assert (kept.read_bytes() if kept is not None else None) == found, "what was there is kept"


def test_damage_inside_that_opening_does_not_meet_is_found_by_a_check_and_by_the_next_copy(file: Path) -> None:
    backups.daily(file, NOW)
    with closing(sqlite3.connect(file)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'preferences'").fetchone()[0]
    content = bytearray(file.read_bytes())
    start = (page - 1) * 8192
    content[start + 100 : start + 8192] = b"\xa5" * 8092
    file.write_bytes(content)
    assert backups.check(file, thorough=True)
    before = backups.backups_of(file)
    with pytest.raises(DatabaseDamaged) as caught:
        backups.daily(file, NOW + timedelta(days=1))
    assert caught.value.backups
    assert backups.backups_of(file) == before, "a damaged copy counts for nothing and removes nothing"
    assert not list(file.parent.glob("*.part"))


def test_an_empty_file_without_copies_is_a_new_database(tmp_path: Path) -> None:
    (tmp_path / "new.sqlite3").touch()
    assert value(tmp_path / "new.sqlite3", "key/1") is None


def test_copies_of_days_rotate_and_those_before_migrations_stay(file: Path) -> None:
    first = backups.before_migration(file, "0016")
    for day in range(10):
        made = backups.daily(file, NOW + timedelta(days=day))
        assert backups.check(made, thorough=True, at_rest=True) == []
    left = {backup.path.name for backup in backups.backups_of(file)}
    assert first.name in left
    assert left - {first.name} == {f"shop.sqlite3.daily.2026-12-{day:02}.backup" for day in range(4, 11)}
    assert not [path for path in file.parent.iterdir() if path.name.endswith((".part", ".backup-wal", ".backup-shm"))]


def test_a_copy_of_the_day_is_due_once_a_day_whatever_the_clock_does(file: Path) -> None:
    assert backups.is_daily_due(file, NOW)
    made = backups.daily(file, NOW).stat().st_mtime
    then = datetime.fromtimestamp(made, UTC)
    assert not backups.is_daily_due(file, then + timedelta(hours=23))
    assert backups.is_daily_due(file, then + timedelta(hours=25))
    assert backups.is_daily_due(file, then - timedelta(days=365)), "a clock set back: copies go on"
    assert backups.is_daily_due(file, then + timedelta(days=365))


def test_nothing_is_sent_from_a_copy_before_a_person_has_looked(file: Path) -> None:
    database = opened(file)
    cabinet = database.run_sync(lambda unit: unit.integrations.add("Магазин")).id
    database.run_sync(lambda unit: unit.guards.confirm(cabinet, NOW))
    database.close()
    backups.restore(file, backups.daily(file, NOW))
    database = opened(file)
    confirmed = database.run_sync(lambda unit: unit.guards.confirmed_at(cabinet))
    database.close()
    assert confirmed is None


def test_what_was_in_the_log_of_the_old_file_is_not_taken_for_the_copys(file: Path) -> None:
    copy = backups.daily(file, NOW)
    other = file.with_name("other.sqlite3")
    database = opened(file)
    database.run_sync(lambda unit: unit.preferences.set("key/1", "later"))
    # As a kill leaves it: the change only in the log beside the file.
    for ending in ("", "-wal"):
        other.with_name(other.name + ending).write_bytes(file.with_name(file.name + ending).read_bytes())
    database.close()
    (other.with_name(other.name + ".daily.2026-12-01.backup")).write_bytes(copy.read_bytes())
    kept = backups.restore(other, backups.backups_of(other)[0].path)
    assert value(other, "key/1") == "value 1 " * 40
    assert kept is not None
    assert value(kept, "key/1") == "later", "and it is kept with the file it belongs to"


def test_no_copy_is_put_in_the_place_of_a_database_that_is_open(file: Path) -> None:
    copy = backups.daily(file, NOW)
    database = opened(file)
    database.run_sync(lambda unit: unit.preferences.set("key/1", "later"))
    try:
        with pytest.raises(DatabaseBusy):
            backups.restore(file, copy)
    finally:
        database.close()
    assert value(file, "key/1") == "later"


def test_a_damaged_copy_is_not_put_back_and_a_missing_one_is_said(file: Path) -> None:
    copy = backups.daily(file, NOW)
    flip(8192, 997)(copy)
    before = file.read_bytes()
    with pytest.raises(DatabaseDamaged):
        backups.restore(file, copy)
    with pytest.raises(NotFound):
        backups.restore(file, file.with_name("nothing"))
    assert file.read_bytes() == before
    assert backups.newest_whole(backups.backups_of(file)) is None


def test_a_full_disk_writes_nothing_half_and_work_goes_on_when_there_is_room(file: Path) -> None:
    database = opened(file)

    def limit(pages: int) -> None:
        database.run_sync(lambda unit: unit.preferences._connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").scalar())

    def work(unit: UnitOfWork) -> None:
        for number in range(200):
            unit.preferences.set(f"new/{number}", "x" * 4_000)

    def fill() -> None:
        database.run_sync(work)

    # Below what it has now: SQLite then takes what it has.
    limit(1)
    with pytest.raises(DatabaseFull) as caught:
        fill()
    assert database.run_sync(lambda unit: unit.preferences.starting_with("new/")) == {}
    limit(1_000_000)
    fill()
    assert len(database.run_sync(lambda unit: unit.preferences.starting_with("new/"))) == 200
    database.close()
    assert backups.check(file, thorough=True) == []
    assert "место" in error_text(caught.value).action


LIMITED = """
import resource, signal, sys
from pathlib import Path
from ozon_desktop.errors import DatabaseFull
from ozon_desktop.storage.database import Database
database = Database.in_file(Path(sys.argv[1]))
database.open()
log = Path(sys.argv[1] + "-wal")
database.run_sync(lambda unit: unit.preferences.set("a", "before"))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
now = max(log.stat().st_size, Path(sys.argv[1]).stat().st_size)
resource.setrlimit(resource.RLIMIT_FSIZE, (now, resource.RLIM_INFINITY))
def work(unit):
    for number in range(2_000):
        unit.preferences.set(f"new/{number}", "x" * 4_000)
try:
    database.run_sync(work)
except DatabaseFull:
    print("full")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert database.run_sync(lambda unit: unit.preferences.starting_with("new/")) == {}
database.run_sync(work)
print(len(database.run_sync(lambda unit: unit.preferences.starting_with("new/"))))
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no files of a process")
def test_a_write_the_system_refuses_is_no_room_too(file: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LIMITED, str(file)], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["full", "2000"], done.stderr


def test_no_room_for_a_copy_is_said_and_leaves_the_copies_alone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backups.daily(file, NOW)
    before = backups.backups_of(file)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(DatabaseFull):
        backups.daily(file, NOW + timedelta(days=1))
    with pytest.raises(DatabaseFull):
        backups.restore(file, before[0].path)
    assert backups.backups_of(file) == before
    assert value(file, "key/1") is not None


def test_a_database_that_cannot_be_written_is_read_only(file: Path) -> None:
    database = Database(f"sqlite:///file:{file}?mode=ro&uri=true")
    with pytest.raises(DatabaseReadOnly) as caught:
        database.run_sync(lambda unit: unit.preferences.set("a", "b"))
    database.close()
    assert "только для чтения" in error_text(caught.value).title


def test_a_log_that_may_not_be_opened_is_a_matter_of_rights(file: Path) -> None:
    """A folder in its place: as one who may do everything meets a file he may not open."""
    file.with_name(file.name + "-wal").mkdir()
    with pytest.raises(DatabaseNotAllowed) as caught:
        opened(file)
    assert "-wal" in error_text(caught.value).text


def test_a_missing_log_is_no_damage(file: Path) -> None:
    database = opened(file)
    database.run_sync(lambda unit: unit.preferences.set("key/1", "later"))
    left = file.with_name("left.sqlite3")
    left.write_bytes(file.read_bytes())
    database.close()
    assert value(left, f"key/{ROWS - 1}") is not None


PASSWORD = "s3cr3t-пароль"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (f"postgresql://shop:{PASSWORD}@127.0.0.1:9/shop", DatabaseUnavailable),
        (f"postgresql://shop:{PASSWORD}@nowhere.invalid/shop", DatabaseUnavailable),
        (f"postgresql://shop:{PASSWORD}@127.0.0.1:port/shop", WrongInput),
        (f"mysql://shop:{PASSWORD}@127.0.0.1/shop", WrongInput),
        (f"{PASSWORD}", WrongInput),
    ],
)
def test_a_wrong_address_says_what_is_wrong_without_the_password(address: str, kind: type[Exception]) -> None:
    def use() -> None:
        with closing(Database(address)) as database:
            database.open()

    with pytest.raises(kind) as caught:
        use()
    words = str(error_text(caught.value))
    assert PASSWORD not in words + str(caught.value)
    assert len(words) > 60


@pytest.mark.slow
def test_a_server_that_refuses_says_which_of_login_and_database_it_was(postgresql_url: str) -> None:
    for address, kind in (
        (f"{postgresql_url}_missing", DatabaseNotThere),
        (postgresql_url.replace("://postgres", f"://nobody_here:{PASSWORD}"), DatabaseLoginRefused),
    ):
        database = Database(address)
        with pytest.raises(kind) as caught:
            database.open()
        database.close()
        assert PASSWORD not in str(error_text(caught.value))


@pytest.mark.slow
def test_a_server_database_that_lost_a_table_is_damaged(postgresql_database: Database) -> None:
    def execute(text: str) -> None:
        postgresql_database.run_sync(lambda unit: unit.preferences._connection.exec_driver_sql(text) and None)

    execute("ALTER TABLE preferences RENAME TO preferences_lost")
    try:
        with pytest.raises(DatabaseDamaged) as caught:
            postgresql_database.open()
    finally:
        execute("ALTER TABLE preferences_lost RENAME TO preferences")
    assert "preferences" in caught.value.detail
    assert "из своей копии" in error_text(caught.value).action


def test_newer_is_still_newer(file: Path) -> None:
    statement("UPDATE alembic_version SET version_num = '0999'")(file)
    with pytest.raises(NewerDatabase):
        opened(file)


@pytest.mark.slow
def test_a_shared_journal_says_who_did_it_and_from_which_computer(postgresql_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    names = iter([("KASSA", "anna"), ("SKLAD", "boris")])

    def one() -> None:
        computer, person = next(names)
        monkeypatch.setattr(journal, "host", lambda: computer)
        monkeypatch.setattr(journal, "user_name", lambda: person)
        run = Run(0, None, RunKind.STORE_IMPORT, RunCause.MANUAL, NOW)
        run = replace(run, id=postgresql_database.run_sync(lambda unit: unit.journal.start(run)))
        # Another computer may end what this one began: it was begun by this one all the same.
        monkeypatch.setattr(journal, "host", lambda: "OTHER")
        postgresql_database.run_sync(lambda unit: unit.journal.finish(replace(run, result=RunResult.DONE)))

    one()
    one()
    runs = postgresql_database.run_sync(lambda unit: unit.journal.runs(None))
    assert sorted(who_text(run) for run in runs) == ["компьютер KASSA, пользователь anna", "компьютер SKLAD, пользователь boris"]
