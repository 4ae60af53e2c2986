"""Copies of the SQLite file beside it: before migrations and one a day, each opened and checked before it counts; and the way back to one.

Nothing is ever deleted but copies of days past: what a copy takes the place of is kept beside it under another name.
"""

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ozon_desktop.errors import DatabaseBusy, DatabaseDamaged, DatabaseFull, DatabaseUnavailable, NotFound

DAILY_KEPT = 7
DAILY_EVERY = timedelta(days=1)
ROOM_LEFT = 64 * 1024 * 1024
"""Bytes that stay free for the program's own writing when a copy is made."""
MOST_FOUND = 20
"""Lines a check gives at most."""

_OWNER_ONLY = 0o600
_NAME = re.compile(r"(?:\d{4}\.\d+|daily\.\d{4}-\d\d-\d\d)\.backup")


@dataclass(frozen=True, slots=True)
class Backup:
    """made_at: UTC. daily: by the day, and so removed after some days; else from before a migration."""

    path: Path
    made_at: datetime
    daily: bool


def backups_of(file: Path) -> tuple[Backup, ...]:
    """The copies beside a database, the newest first. A folder that cannot be read has none."""
    found: list[Backup] = []
    with contextlib.suppress(OSError):
        for path in file.parent.iterdir():
            rest = path.name.removeprefix(f"{file.name}.")
            if rest != path.name and _NAME.fullmatch(rest):
                moment = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                found.append(Backup(path, moment, rest.startswith("daily.")))
    return tuple(sorted(found, key=lambda backup: (backup.made_at, backup.path.name), reverse=True))


def damaged(file: Path, detail: str) -> DatabaseDamaged:
    """The error for this file, with the copies that exist."""
    return DatabaseDamaged(str(file), detail=detail, backups=tuple(backup.made_at for backup in backups_of(file)))


def before_migration(file: Path, revision: str) -> Path:
    """A copy of the database as a release left it; never over an earlier one. DatabaseDamaged, DatabaseFull, DatabaseUnavailable."""
    number = 1
    while (copy := file.with_name(f"{file.name}.{revision}.{number}.backup")).exists():
        number += 1
    return _copy(file, copy)


def is_daily_due(file: Path, now: datetime) -> bool:
    """Whether the newest copy of a day is older than a day. One from ahead means that the clock was set back: another day, another copy."""
    newest = next((backup.made_at for backup in backups_of(file) if backup.daily), None)
    return newest is None or not timedelta() <= now - newest < DAILY_EVERY


def daily(file: Path, now: datetime) -> Path:
    """The copy of this day; then those beyond DAILY_KEPT are removed. DatabaseDamaged, DatabaseFull, DatabaseUnavailable: all stay."""
    copy = file.with_name(f"{file.name}.daily.{now.astimezone(UTC):%Y-%m-%d}.backup")
    made = _copy(file, copy)
    os.utime(made, (now.timestamp(), now.timestamp()))
    for old in [backup for backup in backups_of(file) if backup.daily][DAILY_KEPT:]:
        with contextlib.suppress(OSError):
            old.path.unlink()
    return made


def check(file: Path, *, thorough: bool = False, at_rest: bool = False) -> list[str]:
    """What is wrong inside the file, in SQLite's words, at most MOST_FOUND lines; [] = it is whole.

    thorough: indexes and references too; at_rest: nobody has it open, so that no file is made beside it. Reads all of it, writes nothing.
    """
    pragma, how = "integrity_check" if thorough else "quick_check", "immutable=1" if at_rest else "mode=ro"
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?{how}", uri=True, timeout=15)) as connection:
            found = [str(line) for (line,) in connection.execute(f"PRAGMA {pragma}({MOST_FOUND})")]
            if found == ["ok"]:
                found = []
            if thorough and not found:
                rows = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_FOUND)
                found = [f"{table}, row {row}: what it refers to in {parent} is missing" for table, row, parent, _ in rows]
            return found
    except sqlite3.DatabaseError as error:
        return [str(error)]


def restore(file: Path, backup: Path) -> Path | None:
    """Puts a copy in the place of the database; gives where what was there is kept now, None = nothing was.

    The copy stays. Killed at any moment, the place holds the one or the other whole. DatabaseBusy while another program has the database
    open, DatabaseDamaged when the copy itself is, NotFound, DatabaseFull, DatabaseUnavailable: nothing has changed then.
    """
    if not backup.is_file():
        raise NotFound(str(backup))
    found = check(backup, at_rest=True)
    if found:
        raise damaged(backup, found[0])
    _must_be_alone(file)
    waiting = file.with_name(f"{file.name}.restoring")
    try:
        _must_have_room(file, backup.stat().st_size)
        _copy_file(backup, waiting)
        _wait_for_review(waiting)
        kept = _set_aside(file) if file.exists() else None
        # What was not yet written into the old file belongs to it alone: under the new one it would be taken for the new one's.
        for ending in ("-wal", "-shm"):
            _beside(file, ending).unlink(missing_ok=True)
        waiting.replace(file)
        _sync_folder(file.parent)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            waiting.unlink(missing_ok=True)
        raise _told(error, file, file) from error
    return kept


def _wait_for_review(file: Path) -> None:
    """A copy knows nothing of what was sent after it: until a person has looked at a preview, nothing is sent."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        # What was made before there was such a table is asked by its migration.
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sending_states'").fetchone():
            connection.execute("UPDATE sending_states SET confirmed_at = NULL")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    _sync(file)


def _copy(file: Path, copy: Path) -> Path:
    """A copy taken through SQLite, so that the write-ahead log is in it; it gets its name when it was opened and found whole."""
    part = copy.with_name(f"{copy.name}.part")
    try:
        _must_have_room(file, _size(file))
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
        # Without Python's transactions: the copy has none of its own.
        with closing(sqlite3.connect(file, timeout=15)) as source, closing(sqlite3.connect(part, isolation_level=None)) as target:
            source.backup(target)
            # A copy is one file, whatever the original was.
            target.execute("PRAGMA journal_mode = DELETE")
        found = check(part, at_rest=True)
        if found:
            raise damaged(file, found[0])
        _sync(part)
        part.replace(copy)
        _sync_folder(copy.parent)
    except (OSError, sqlite3.Error) as error:
        raise _told(error, file, copy) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return copy


def _told(error: OSError | sqlite3.Error, file: Path, copy: Path) -> DatabaseDamaged | DatabaseFull | DatabaseUnavailable:
    name: str = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return damaged(file, str(error))
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR_WRITE")):
        return DatabaseFull(str(copy), detail=str(error))
    return DatabaseUnavailable(str(copy), detail=str(error))


def _must_be_alone(file: Path) -> None:
    """DatabaseBusy while another process has the database open. A file that is no database any more nobody can have open."""
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file, timeout=0.5, isolation_level=None)) as connection:
            # In this mode the first transaction locks the whole file, which it cannot beside any other connection.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        name: str = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise DatabaseBusy(str(file), detail=str(error)) from error


def _set_aside(file: Path) -> Path:
    """Keeps what is in the place under a name of its own, with what was not yet written into it; the place itself stays filled."""
    number = 1
    while (kept := file.with_name(f"{file.name}.before-restore.{number}")).exists():
        number += 1
    _copy_file(file, kept)
    log = _beside(file, "-wal")
    if log.exists():
        _copy_file(log, _beside(kept, "-wal"))
    return kept


def _copy_file(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY))
    shutil.copyfile(source, target)
    _sync(target)


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(file.name + ending)


def _size(file: Path) -> int:
    return sum(each.stat().st_size for each in (file, _beside(file, "-wal")) if each.exists())


def _must_have_room(file: Path, size: int) -> None:
    free = shutil.disk_usage(file.parent).free
    if free < size + min(ROOM_LEFT, size):
        raise DatabaseFull(str(file.parent), detail=f"{free} bytes are free, a copy takes {size}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """So that a new name outlives a power cut. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def newest_whole(backups: Sequence[Backup]) -> Backup | None:
    """The newest copy that can be opened and is whole."""
    return next((backup for backup in backups if not check(backup.path, at_rest=True)), None)
