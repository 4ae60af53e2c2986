"""The schedule: what is due is started once, what was missed is caught up once, what could not start is journalled with its reason."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.services.progress import silent
from ozon_desktop.services.scheduler import Scheduler

from .shop import SHIRTS, Line, Shop, set_up

START = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@pytest.fixture
async def timed(options: Options, line: Line, tmp_path: Path) -> AsyncIterator[Shop]:
    application = await build(replace(options, clock=Clock()))
    yield await set_up(application, line, tmp_path, *SHIRTS)
    await application.close()


def clock_of(shop: Shop) -> Clock:
    return cast(Clock, shop.application.clock)


def scheduler_of(shop: Shop) -> Scheduler:
    """One whose wall times are those of UTC, whatever this computer's zone."""
    application = shop.application
    parts = (application.storage, application.sync, application.notifications, application.clock)
    return Scheduler(*parts, UTC, lambda error: type(error).__name__)


async def choose(shop: Shop, trigger: UpdateTrigger) -> None:
    page = await shop.application.integrations.page(shop.integration)
    await shop.application.integrations.save(shop.integration, replace(page.integration.settings, update_trigger=trigger), None)


async def runs(shop: Shop) -> list[Run]:
    return [run for run in await shop.application.journal.runs(shop.integration) if run.kind is RunKind.SYNC]


async def test_hourly_runs_at_once_then_each_hour(timed: Shop) -> None:
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    assert await scheduler.tick() == [timed.integration]
    clock.move(minutes=59)
    assert await scheduler.tick() == []
    clock.move(minutes=1)
    assert await scheduler.tick() == [timed.integration]
    assert [run.cause for run in await runs(timed)] == [RunCause.SCHEDULED, RunCause.SCHEDULED]


async def test_night_of_sleep_is_caught_up_once(timed: Shop) -> None:
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    await scheduler.tick()
    clock.move(hours=14)
    assert await scheduler.tick() == [timed.integration]
    clock.move(seconds=20)
    assert await scheduler.tick() == []


async def test_twice_a_day_runs_even_if_nothing_ever_ran(timed: Shop) -> None:
    await choose(timed, UpdateTrigger.TWICE_A_DAY)
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    due: list[datetime] = []
    for _ in range(48 * 2):
        if await scheduler.tick():
            due.append(clock.now)
        clock.move(minutes=30, seconds=1)
    assert [(moment.day - START.day, moment.hour) for moment in due] == [(0, 9), (0, 18), (1, 9), (1, 18)]


async def test_on_change_runs_after_an_import_and_not_again(timed: Shop) -> None:
    await choose(timed, UpdateTrigger.ON_CHANGE)
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    await timed.application.sync.run(timed.integration, silent)
    clock.move(minutes=5)
    assert await scheduler.tick() == []
    await timed.stocks_the_store(replace(SHIRTS[0], price="2100"), *SHIRTS[1:])
    clock.move(seconds=20)
    assert await scheduler.tick() == [timed.integration]
    clock.move(seconds=20)
    assert await scheduler.tick() == []
    assert (await runs(timed))[0].cause is RunCause.CHANGE


async def test_import_that_ended_after_a_run_began_is_not_forgotten(timed: Shop) -> None:
    await choose(timed, UpdateTrigger.ON_CHANGE)
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    began = clock.now
    clock.move(seconds=1)
    await timed.application.sync.run(timed.integration, silent)
    clock.move(seconds=5)
    import_run = Run(0, None, RunKind.STORE_IMPORT, RunCause.MANUAL, began, clock.now, RunResult.DONE)
    await timed.application.storage.run(lambda unit: unit.journal.finish(replace(import_run, id=unit.journal.start(import_run))))
    assert await scheduler.tick() == [timed.integration]


async def test_failed_import_after_a_good_one_does_not_hide_it(timed: Shop) -> None:
    await choose(timed, UpdateTrigger.ON_CHANGE)
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    await timed.application.sync.run(timed.integration, silent)
    clock.move(minutes=1)
    await timed.stocks_the_store(replace(SHIRTS[0], price="2100"), *SHIRTS[1:])
    clock.move(seconds=1)
    failed = Run(0, None, RunKind.STORE_IMPORT, RunCause.MANUAL, clock.now, clock.now, RunResult.FAILED)
    await timed.application.storage.run(lambda unit: unit.journal.finish(replace(failed, id=unit.journal.start(failed))))
    assert await scheduler.tick() == [timed.integration]


async def test_run_that_is_under_way_is_skipped_with_the_reason(timed: Shop) -> None:
    scheduler = scheduler_of(timed)
    timed.application.sync._running.add(timed.integration)
    assert await scheduler.tick() == [timed.integration]
    (skipped,) = await runs(timed)
    assert (skipped.result, skipped.reason) == (RunResult.SKIPPED, "AlreadyRunning")
    assert await scheduler.tick() == [], "journalled again a moment later"


async def test_failure_is_told_and_the_schedule_goes_on(timed: Shop) -> None:
    told: list[tuple[str, str]] = []
    timed.application.notifications.listen(lambda title, text: told.append((title, text)))
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    timed.line.break_at("*", "network")
    assert await scheduler.tick() == [timed.integration]
    assert told == [("Ozon", "NoConnection")]
    timed.line.mend()
    clock.move(hours=1)
    assert await scheduler.tick() == [timed.integration]
    assert [run.result for run in await runs(timed)] == [RunResult.DONE, RunResult.FAILED]


async def test_integration_that_is_off_is_left_alone(timed: Shop) -> None:
    await timed.application.integrations.set_enabled(timed.integration, False)
    assert await scheduler_of(timed).tick() == []
    assert await runs(timed) == []
