"""Copies of each day are made while the program works; what goes wrong is told once, and copies go on when it is over."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ozon_desktop.errors import DatabaseFull
from ozon_desktop.services.backups import Backups
from ozon_desktop.storage import backups
from ozon_desktop.storage.database import Database


class Day:
    """A clock that is put on."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database.in_file(tmp_path / "shop.sqlite3")
    database.open()
    return database


async def test_one_copy_a_day(database: Database) -> None:
    day, told = Day(), list[tuple[str, str]]()
    kept = Backups(database, day, lambda title, text: told.append((title, text)))
    assert await kept.look() is not None
    assert await kept.look() is None
    day.now += timedelta(hours=25)
    assert await kept.look() is not None
    assert (len(await kept.all()), await kept.check(), told) == (2, [], [])
    database.close()


async def test_trouble_is_told_once_and_copies_go_on_when_there_is_room(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    looks = 0
    real = backups.daily

    def full(file: Path, now: datetime) -> Path:
        raise DatabaseFull(str(file))

    async def sleep(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            monkeypatch.setattr(backups, "daily", real)
        if looks == 4:
            raise asyncio.CancelledError

    monkeypatch.setattr(backups, "daily", full)
    kept = Backups(database, Day(), lambda title, text: told.append(f"{title} {text}"), sleep)
    with pytest.raises(asyncio.CancelledError):
        await kept.run()
    assert len(told) == 1
    assert "Нет места на диске" in told[0]
    assert len(await kept.all()) == 1
    database.close()
