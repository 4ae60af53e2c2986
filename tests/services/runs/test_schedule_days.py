"""Whole simulated days with sleep, a clock that is set, and summer time: each due run is done once."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.services.runs.board import RunBoard
from ozon_desktop.services.runs.scheduler import Scheduler
from ozon_desktop.services.sync.sync import NoLongerDue, SyncRequest
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

pytestmark = pytest.mark.slow

LOOK = timedelta(minutes=5)
"""Between two looks of the schedule; `benchmarks/test_schedule_days.py` looks as often as the program."""
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@dataclass
class Day:
    """A computer: `real` is the time that passes, the clock shows it plus `wrong`. runs: (real, shown) moments."""

    database: Database
    zone: ZoneInfo
    real: datetime
    wrong: timedelta = timedelta()
    runs: list[tuple[datetime, datetime]] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.real + self.wrong

    async def live(self, scheduler: Scheduler, until: datetime) -> None:
        while self.real < until:
            await scheduler.tick()
            self.real += LOOK

    @property
    def shown(self) -> list[str]:
        return [f"{moment.astimezone(self.zone):%d %H:%M}" for _, moment in self.runs]


class Runs:
    """In the place of the synchronization: only the journal is written."""

    def __init__(self, day: Day) -> None:
        self.board = RunBoard(day.database, day.clock)
        self._day = day

    def is_running(self, unit: UnitOfWork, integration_id: int) -> bool:
        return False

    async def run(self, integration_id: int, _: object, request: SyncRequest) -> Any:
        day = self._day
        run = Run(0, integration_id, RunKind.SYNC, request.cause, day.clock(), day.clock(), RunResult.DONE)

        def work(unit: UnitOfWork) -> None:
            if request.due is None or not request.due(unit):
                raise NoLongerDue
            unit.journal.start(run)

        await day.database.run(work)
        day.runs.append((day.real, day.clock()))
        return type("Result", (), {"run": run})()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database.in_file(tmp_path / "day.sqlite3")
    database.open()
    yield database
    database.close()


async def begin(database: Database, zone: str, day: date, trigger: UpdateTrigger, times: tuple[time, ...] = ()) -> tuple[Day, Scheduler]:
    """Midnight of that day, with a run a moment ago; and midnight of the next one in `Day`."""
    place = ZoneInfo(zone)
    lived = Day(database, place, datetime.combine(day, time(0), place).astimezone(UTC))
    runs = Runs(lived)
    scheduler = Scheduler(database, cast(Any, runs), cast(Any, None), lived.clock, place)

    def work(unit: UnitOfWork) -> int:
        made = unit.integrations.add("Магазин")
        unit.integrations.save(replace(made, enabled=True, settings=replace(made.settings, update_trigger=trigger)))
        unit.journal.start(Run(0, made.id, RunKind.SYNC, RunCause.SCHEDULED, lived.real, lived.real, RunResult.DONE))
        return made.id

    integration_id = await database.run(work)
    if times:
        await scheduler.set_times(integration_id, times)
    return lived, scheduler


def midnight_after(day: Day) -> datetime:
    here = day.real.astimezone(day.zone)
    return datetime.combine(here.date() + timedelta(days=1), time(0), day.zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "day", "hours", "night_run"),
    [
        ("Europe/Berlin", SPRING, 23, "03:30"),  # 2:30 is not there that night
        ("Europe/Berlin", AUTUMN, 25, "02:30"),  # 2:30 comes twice
        ("Europe/Moscow", SPRING, 24, "02:30"),
        ("Europe/Moscow", AUTUMN, 24, "02:30"),
    ],
)
async def test_day_of_clock_change_has_both_runs_once(database: Database, zone: str, day: date, hours: int, night_run: str) -> None:
    lived, scheduler = await begin(database, zone, day, UpdateTrigger.TWICE_A_DAY, (time(2, 30), time(18, 0)))
    start, end = lived.real, midnight_after(lived)
    assert end - start == timedelta(hours=hours)
    await lived.live(scheduler, end)
    assert len(lived.runs) == 2, lived.shown
    wanted = [datetime.combine(day, time.fromisoformat(text), lived.zone).astimezone(UTC) for text in (night_run, "18:00")]
    assert all(timedelta() <= real - moment <= LOOK for (real, _), moment in zip(lived.runs, wanted, strict=True)), lived.shown


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", SPRING), ("Europe/Berlin", AUTUMN), ("Europe/Moscow", AUTUMN)])
async def test_hourly_is_hourly_whatever_the_clock_on_the_wall(database: Database, zone: str, day: date) -> None:
    lived, scheduler = await begin(database, zone, day, UpdateTrigger.HOURLY)
    start = lived.real
    await lived.live(scheduler, start + timedelta(hours=24, minutes=30))
    assert len(lived.runs) in {23, 24}, lived.shown
    gaps = [later - earlier for earlier, later in pairwise([start, *(real for real, _ in lived.runs)])]
    assert all(timedelta(hours=1) <= gap <= timedelta(hours=1) + LOOK for gap in gaps)


@pytest.mark.parametrize(
    ("trigger", "wanted"), [(UpdateTrigger.TWICE_A_DAY, ["20:10"]), (UpdateTrigger.EVERY_3_HOURS, ["03:00", "06:0", "20:10", "23:1"])]
)
async def test_sleep_over_several_runs_is_caught_up_once(database: Database, trigger: UpdateTrigger, wanted: list[str]) -> None:
    lived, scheduler = await begin(database, "Europe/Moscow", AUTUMN, trigger)
    start = lived.real
    await lived.live(scheduler, start + timedelta(hours=8))
    lived.real = start + timedelta(hours=20, minutes=10)
    await lived.live(scheduler, start + timedelta(hours=24))
    assert len(lived.runs) == len(wanted), lived.shown
    assert all(shown[3:].startswith(text) for shown, text in zip(lived.shown, wanted, strict=True)), lived.shown


@pytest.mark.parametrize(
    "wrong", [timedelta(minutes=-45), timedelta(hours=-1), timedelta(hours=2), timedelta(days=40), timedelta(days=-40)]
)
async def test_clock_that_is_set_and_set_right_neither_floods_nor_silences(database: Database, wrong: timedelta) -> None:
    lived, scheduler = await begin(database, "Europe/Moscow", AUTUMN, UpdateTrigger.HOURLY)
    start = lived.real
    await lived.live(scheduler, start + timedelta(hours=9, minutes=20))
    lived.wrong = wrong
    await lived.live(scheduler, start + timedelta(hours=13))
    lived.wrong = timedelta()
    await lived.live(scheduler, start + timedelta(hours=24))
    gaps = [later - earlier for earlier, later in pairwise([start, *(real for real, _ in lived.runs)])]
    assert max(gaps) <= timedelta(hours=2) + LOOK, lived.shown
    assert sum(gap < timedelta(minutes=59) for gap in gaps) <= 2, lived.shown
    assert 21 <= len(lived.runs) <= 26, lived.shown


async def test_wall_time_that_comes_again_because_the_clock_was_set_back_is_had_once(database: Database) -> None:
    lived, scheduler = await begin(database, "Europe/Moscow", AUTUMN, UpdateTrigger.TWICE_A_DAY)
    start = lived.real
    await lived.live(scheduler, start + timedelta(hours=9, minutes=30))
    lived.wrong = timedelta(hours=-1)
    await lived.live(scheduler, start + timedelta(hours=25))
    assert [text[3:5] for text in lived.shown] == ["09", "18"], lived.shown
