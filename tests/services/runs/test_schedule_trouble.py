"""What keeps the whole schedule from going on reaches the owner once, and the schedule goes on when it is over."""

import asyncio
from datetime import UTC
from typing import Any

import pytest

from ozon_desktop.errors import AppError, DatabaseBusy, DatabaseDamaged, DatabaseFull
from ozon_desktop.services.runs.scheduler import Scheduler
from ozon_desktop.services.shared import utc_now


class Owner:
    """Remembers what was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def notify_owner(self, title: str, text: str) -> None:
        self.told.append(f"{title}: {text}")


async def told_of(*looks: Exception | None) -> tuple[list[str], int]:
    """What the owner hears when the looks of a schedule end so, and how many there were."""
    owner, done = Owner(), 0
    nothing: Any = None

    async def sleep(_: float) -> None:
        if done == len(looks):
            raise asyncio.CancelledError

    class Spoilt(Scheduler):
        async def begin(self) -> list[int]:
            nonlocal done
            done += 1
            if (failure := looks[done - 1]) is not None:
                raise failure
            return []

    schedule = Spoilt(nothing, nothing, owner, utc_now, UTC, sleep)  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await schedule.run()
    return owner.told, done


async def test_a_full_disk_is_told_once_until_there_is_room_again() -> None:
    full = DatabaseFull("shop.sqlite3")
    told, looks = await told_of(full, full, None, full)
    assert (len(told), looks) == (2, 4)
    assert all("Расписание не работает: Нет места на диске" in text for text in told)


@pytest.mark.parametrize(("error", "word"), [(DatabaseDamaged("a.db"), "повреждена"), (ZeroDivisionError("x"), "ZeroDivisionError")])
async def test_damage_and_mistakes_are_told(error: AppError | Exception, word: str) -> None:
    told, looks = await told_of(error, error)
    assert (len(told), looks) == (1, 2)
    assert word in told[0]


async def test_a_database_that_is_busy_for_a_moment_is_no_news() -> None:
    assert await told_of(DatabaseBusy("shop.sqlite3"), None) == ([], 2)
