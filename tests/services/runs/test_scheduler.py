"""The schedule: what is due is started once, what was missed is caught up once, what could not start is journalled with its reason."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.lease import sync_lease
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import WrongInput
from ozon_desktop.sandbox.ozon.refusals import Refusals
from ozon_desktop.services.runs.board import RunBoard
from ozon_desktop.services.runs.edits import EditedRevision
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.runs.scheduler import Scheduler
from ozon_desktop.wording.runs import SCHEDULE_PAUSED
from tests.services.shop import SHIRTS, Line, Shop, set_up

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


def scheduler_of(shop: Shop, edits: EditedRevision | None = None) -> Scheduler:
    """One whose wall times are those of UTC, whatever this computer's zone."""
    application = shop.application
    parts = (application.storage, application.sync, application.notifications, application.clock)
    return Scheduler(*parts, UTC, edits=edits)


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
    async with Leases(timed.application.storage).hold(sync_lease(timed.integration), lambda _: 0):
        assert await scheduler.tick() == [timed.integration]
        (skipped,) = await runs(timed)
        assert skipped.result is RunResult.SKIPPED
        assert skipped.reason.startswith("Уже выполняется. Другой запуск этой интеграции ещё не закончился")
        assert await scheduler.tick() == [], "tried again a moment later"


async def test_skipping_is_one_line_while_its_reason_stays(timed: Shop) -> None:
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    await scheduler.set_paused(True)
    for _ in range(60):
        await scheduler.tick()
        clock.move(minutes=3)
    (line,) = await runs(timed)
    assert (line.result, line.reason) == (RunResult.SKIPPED, SCHEDULE_PAUSED)
    assert line.finished_at is not None
    assert line.finished_at - line.started_at > timedelta(hours=2)
    await scheduler.set_paused(False)
    assert await scheduler.tick() == [timed.integration]
    assert [run.result for run in await runs(timed)] == [RunResult.DONE, RunResult.SKIPPED]
    clock.move(minutes=3)
    assert await scheduler.tick() == [], "what was missed is caught up once"


async def test_outage_is_one_failed_run_then_patience_then_a_run_by_itself(timed: Shop) -> None:
    reported: list[tuple[str, str]] = []
    timed.application.notifications.listen(lambda title, text: reported.append((title, text)))
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    board = timed.application.sync.board
    timed.line.break_at("*", "network")
    await scheduler.tick()
    assert board.entry(timed.integration).offline_since == START
    tried: list[datetime] = []
    for _ in range(3 * 60 * 3):
        clock.move(seconds=20)
        tried += [clock.now] * len(await scheduler.tick())
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise([START, *tried])]
    assert gaps[0] < 60
    assert gaps == sorted(gaps), "waits longer and longer"
    assert max(gaps) <= 15 * 60 + 20
    assert [run.result for run in await runs(timed)] == [RunResult.FAILED], "one line for one outage"
    assert len(reported) == 1
    timed.line.mend()
    clock.move(minutes=15)
    assert await scheduler.tick() == [timed.integration]
    first = (await runs(timed))[0]
    assert (first.result, first.cause) == (RunResult.DONE, RunCause.RESUMED)
    assert board.entry(timed.integration).offline_since is None


async def test_killed_run_is_resumed_at_once(timed: Shop) -> None:
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    await scheduler.tick()
    clock.move(minutes=5)
    killed = Run(0, timed.integration, RunKind.SYNC, RunCause.MANUAL, clock.now)
    killed_id = await timed.application.storage.run(lambda unit: unit.journal.start(killed))
    assert await scheduler.tick() == [timed.integration]
    last, before, _ = await runs(timed)
    assert (last.cause, last.result) == (RunCause.RESUMED, RunResult.DONE)
    assert (before.id, before.result) == (killed_id, RunResult.INTERRUPTED)
    assert await scheduler.tick() == []


async def test_run_that_another_process_did_meanwhile_is_not_done_twice(timed: Shop) -> None:
    one, other = scheduler_of(timed), scheduler_of(timed)
    assert await one.begin() == [timed.integration]
    assert await other.begin() == [timed.integration], "both have seen it due"
    await asyncio.gather(one._jobs[timed.integration], other._jobs[timed.integration])
    clock_of(timed).move(minutes=6)
    await one.tick()
    await other.tick()
    assert [run.result for run in await runs(timed) if run.result is not RunResult.SKIPPED] == [RunResult.DONE]


async def test_limit_that_is_over_starts_the_rest(timed: Shop) -> None:
    scheduler, clock, board = scheduler_of(timed), clock_of(timed), timed.application.sync.board
    await choose(timed, UpdateTrigger.ON_CHANGE)
    await scheduler.tick()
    board.waits_for_limit(timed.integration, clock.now + timedelta(hours=3))
    await timed.application.storage.run(lambda unit: board.keep_limit(unit, timed.integration))
    # A program started again.
    timed.application.sync.board = RunBoard(timed.application.storage, clock)
    clock.move(hours=2)
    assert await scheduler.tick() == []
    clock.move(hours=1)
    assert await scheduler.tick() == [timed.integration]
    assert await scheduler.tick() == []


async def test_edit_is_sent_when_the_manager_rests(timed: Shop) -> None:
    await choose(timed, UpdateTrigger.ON_CHANGE)
    edits, clock = EditedRevision(), clock_of(timed)
    scheduler = scheduler_of(timed, edits)
    await scheduler.tick()
    assert await scheduler.tick() == []
    for _ in range(6):
        edits.bump()
        clock.move(seconds=20)
        assert await scheduler.tick() == [], "in the middle of editing"
    clock.move(seconds=40)
    assert await scheduler.tick() == [timed.integration]
    clock.move(minutes=10)
    assert await scheduler.tick() == [], "the run's own changes call for no other run"


async def test_edit_made_just_before_the_program_was_closed_is_sent_by_the_next_one(timed: Shop) -> None:
    await choose(timed, UpdateTrigger.ON_CHANGE)
    edits = EditedRevision()
    closed = scheduler_of(timed, edits)
    await closed.tick()
    edits.bump()
    assert await closed.tick() == []
    assert await scheduler_of(timed).tick() == [timed.integration]


async def test_failed_run_after_a_change_is_tried_again(timed: Shop) -> None:
    await choose(timed, UpdateTrigger.ON_CHANGE)
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    timed.line.break_at("*", "key")
    assert await scheduler.tick() == [timed.integration]
    timed.line.mend()
    clock.move(minutes=10)
    assert await scheduler.tick() == []
    clock.move(minutes=5)
    assert await scheduler.tick() == [timed.integration]


async def test_cancelled_schedule_stops_its_run_and_keeps_what_was_done(timed: Shop) -> None:
    scheduler = scheduler_of(timed)
    forever = asyncio.create_task(scheduler.run())
    while not timed.line.paths:
        await asyncio.sleep(0.001)
    forever.cancel()
    with pytest.raises(asyncio.CancelledError):
        await forever
    (stopped,) = await runs(timed)
    assert stopped.result is RunResult.STOPPED
    assert await timed.application.storage.run(lambda unit: unit.leases.all()) == []
    assert await scheduler_of(timed).tick() == [timed.integration], "stopped together with the program: resumed by the next one"


async def test_a_run_that_a_person_stopped_waits_for_the_next_time(timed: Shop) -> None:
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    (begun,) = await scheduler.begin()
    while not timed.line.paths:
        await asyncio.sleep(0.001)
    assert await scheduler.stop_run(begun)
    (stopped,) = await runs(timed)
    assert stopped.result is RunResult.STOPPED
    assert not await scheduler.stop_run(begun), "there is none any more"
    assert await scheduler.tick() == []
    assert await scheduler_of(timed).tick() == [], "the next program knows it as well"
    clock.move(hours=1)
    assert await scheduler.tick() == [timed.integration]
    assert (await runs(timed))[0].result is RunResult.DONE


async def test_times_of_twice_a_day_are_chosen(timed: Shop) -> None:
    scheduler = scheduler_of(timed)
    await scheduler.set_times(timed.integration, (time(22, 30), time(7, 5)))
    assert await scheduler_of(timed).times(timed.integration) == (time(7, 5), time(22, 30))
    with pytest.raises(WrongInput):
        await scheduler.set_times(timed.integration, (time(9), time(9)))


async def test_failure_is_reported_and_the_schedule_goes_on(timed: Shop) -> None:
    reported: list[tuple[str, str]] = []
    timed.application.notifications.listen(lambda title, text: reported.append((title, text)))
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    timed.line.break_at("*", "network")
    assert await scheduler.tick() == [timed.integration]
    ((title, text),) = reported
    assert (title, text.split(".")[0]) == ("Ozon", "Нет связи с Ozon")
    timed.line.mend()
    clock.move(hours=1)
    assert await scheduler.tick() == [timed.integration]
    assert [run.result for run in await runs(timed)] == [RunResult.DONE, RunResult.FAILED]


async def test_a_stock_that_waits_for_half_a_minute_is_no_news(timed: Shop) -> None:
    scheduler, clock = scheduler_of(timed), clock_of(timed)
    await scheduler.tick()
    reported: list[tuple[str, str]] = []
    timed.application.notifications.listen(lambda title, text: reported.append((title, text)))
    timed.sandbox.memory.refusals = Refusals(["stock:TOO_MANY_REQUESTS=RU-1"])
    await timed.stocks_the_store(replace(SHIRTS[0], stock=9), *SHIRTS[1:])
    clock.move(hours=1)
    await scheduler.tick()
    last = (await runs(timed))[0]
    assert ([problem.code for problem in last.problems], dict(last.counts)["waiting"]) == (["TOO_MANY_REQUESTS"], 1)
    assert reported == []


async def test_integration_that_is_off_is_left_alone(timed: Shop) -> None:
    await timed.application.integrations.set_enabled(timed.integration, False)
    assert await scheduler_of(timed).tick() == []
    assert await runs(timed) == []
