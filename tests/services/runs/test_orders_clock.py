"""Orders come every few minutes whatever the update condition says; what goes wrong with one integration stops nothing else."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.integration import Integration, UpdateTrigger
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.lease import orders_lease, sync_lease
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import WrongInput
from ozon_desktop.services.runs.edits import EditedRevision
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.runs.orders_clock import OrdersClock
from ozon_desktop.services.runs.scheduler import Scheduler
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.runs.test_scheduler import Clock, choose, clock_of, runs
from tests.services.runs.test_scheduler import timed as timed_shop
from tests.services.shop import SHIRTS, Line, Shop, set_up

timed = timed_shop
FBS = "/v4/posting/fbs/list"


def clock_with(shop: Shop) -> OrdersClock:
    application = shop.application
    leases = Leases(application.storage)
    return OrdersClock(application.storage, application.orders, application.sync, application.notifications, leases, application.clock)


def scheduler_of(shop: Shop, edits: EditedRevision | None = None) -> Scheduler:
    application = shop.application
    parts = (application.storage, application.sync, application.notifications, application.clock, application.scheduler._zone)
    return Scheduler(*parts, edits=edits, orders=clock_with(shop))


async def fetches(shop: Shop) -> list[Run]:
    return [run for run in await shop.application.journal.runs(shop.integration) if run.kind is RunKind.ORDERS]


async def known_orders(shop: Shop) -> int:
    return len((await shop.application.orders.view(shop.integration)).orders)


@pytest.fixture
async def selling(timed: Shop) -> Shop:
    """The shop on sale, updated on change only: nothing is due of itself."""
    await timed.application.sync.run(timed.integration, silent)
    await choose(timed, UpdateTrigger.ON_CHANGE)
    await scheduler_of(timed).tick()
    clock_of(timed).move(minutes=20)
    timed.line.mend()
    return timed


@pytest.mark.parametrize("rest", ["on change", "paused", "not chosen", "never sent"])
async def test_orders_come_whatever_keeps_the_synchronization(selling: Shop, rest: str) -> None:
    scheduler = scheduler_of(selling)
    if rest == "paused":
        await scheduler.set_paused(True)
        await choose(selling, UpdateTrigger.HOURLY)
    elif rest == "not chosen":

        def forget(unit: UnitOfWork) -> None:
            known = unit.integrations.get(selling.integration)
            unit.integrations.save(replace(known, settings=replace(known.settings, update_trigger=None)))

        await selling.application.storage.run(forget)
    elif rest == "never sent":
        await selling.application.mapping.unmap(selling.integration, ["2"])
    selling.sandbox.place_order("RU-1")
    await scheduler.tick()
    assert await known_orders(selling) == 1


async def test_orders_come_every_ten_minutes_and_an_empty_fetch_leaves_no_line(selling: Shop) -> None:
    scheduler, clock = scheduler_of(selling), clock_of(selling)
    asked: list[int] = []
    for minute in range(31):
        selling.line.mend()
        await scheduler.tick()
        if FBS in selling.line.paths:
            asked.append(minute)
        clock.move(minutes=1)
    assert asked == [0, 10, 20, 30]
    assert await fetches(selling) == []
    selling.sandbox.place_order("RU-1")
    clock.move(minutes=10)
    await scheduler.tick()
    (line,) = await fetches(selling)
    assert (line.cause, line.result, dict(line.counts)["new"]) == (RunCause.SCHEDULED, RunResult.DONE, 1)


async def test_how_often_is_chosen_within_limits_for_each_cabinet(selling: Shop) -> None:
    orders, clock = clock_with(selling), clock_of(selling)
    assert await orders.minutes(selling.integration) == 10
    await orders.set_minutes(selling.integration, 5)
    assert (await orders.minutes(selling.integration), await orders.minutes(selling.integration + 1)) == (5, 10)
    scheduler = scheduler_of(selling)
    await scheduler.tick()
    selling.line.mend()
    clock.move(minutes=5)
    await scheduler.tick()
    assert FBS in selling.line.paths
    for wrong in (4, 121, 0, -10):
        with pytest.raises(WrongInput, match=r"5 .* 120"):
            await orders.set_minutes(selling.integration, wrong)
    for bound in (5, 120):
        await orders.set_minutes(selling.integration, bound)
        assert await orders.minutes(selling.integration) == bound


async def test_an_integration_that_is_off_gets_no_orders(selling: Shop) -> None:
    await selling.application.integrations.set_enabled(selling.integration, False)
    await scheduler_of(selling).tick()
    assert selling.line.paths == []


async def test_fetching_calls_for_no_synchronization(selling: Shop) -> None:
    edits = EditedRevision()
    selling.application.orders._revision = edits
    scheduler, clock = scheduler_of(selling, edits), clock_of(selling)
    selling.sandbox.place_order("RU-1")
    await scheduler.tick()
    assert await known_orders(selling) == 1
    clock.move(minutes=5)
    assert await scheduler.tick() == []


@pytest.mark.parametrize("lease", [sync_lease, orders_lease])
async def test_orders_are_not_fetched_while_somebody_does_it_already(selling: Shop, lease: object) -> None:
    name = lease(selling.integration)  # type: ignore[operator]
    async with Leases(selling.application.storage).hold(name, lambda _: 0):
        await scheduler_of(selling).tick()
        assert selling.line.paths == []
    await scheduler_of(selling).tick()
    assert FBS in selling.line.paths


async def test_two_programs_over_one_database_fetch_once(selling: Shop) -> None:
    one, other = scheduler_of(selling), scheduler_of(selling)
    await asyncio.gather(one.begin(), other.begin())
    await asyncio.gather(*one._order_jobs.values(), *other._order_jobs.values())
    assert selling.line.sent()[FBS] == 1


async def test_a_run_brings_orders_itself_and_puts_the_next_fetch_off(selling: Shop) -> None:
    await selling.application.sync.run(selling.integration, silent)
    selling.line.mend()
    clock_of(selling).move(minutes=9)
    await scheduler_of(selling).tick()
    assert selling.line.paths == []


async def test_a_clock_that_is_set_back_stops_nothing(selling: Shop) -> None:
    scheduler, clock = scheduler_of(selling), clock_of(selling)
    await scheduler.tick()
    clock.move(days=-3)
    selling.line.mend()
    await scheduler.tick()
    assert FBS in selling.line.paths


@pytest.mark.parametrize("kind", ["network", "html"])
async def test_an_outage_is_one_line_and_one_notice_then_orders_come_by_themselves(selling: Shop, kind: str) -> None:
    told: list[tuple[str, str]] = []
    selling.application.notifications.listen(lambda title, text: told.append((title, text)))
    scheduler, clock = scheduler_of(selling), clock_of(selling)
    selling.sandbox.place_order("RU-1")
    selling.line.break_at("*" if kind == "network" else FBS, kind)
    asked = 0
    for _ in range(180):
        before = len(selling.line.paths)
        await scheduler.tick()
        asked += len(selling.line.paths) > before
        clock.move(seconds=20)
    (line,) = await fetches(selling)
    assert line.result is RunResult.FAILED
    assert line.finished_at is not None
    assert line.finished_at - line.started_at > timedelta(minutes=40)
    assert 5 < asked < 12, "later and later"
    assert len(told) == 1
    selling.line.mend()
    clock.move(minutes=15)
    await scheduler.tick()
    assert await known_orders(selling) == 1
    assert [run.result for run in await fetches(selling)] == [RunResult.DONE, RunResult.FAILED]
    selling.line.break_at("*" if kind == "network" else FBS, kind)
    clock.move(minutes=15)
    await scheduler.tick()
    assert len(await fetches(selling)) == 3, "another outage is another line"


async def test_after_an_outage_orders_are_as_late_as_without_one(selling: Shop) -> None:
    scheduler, clock = scheduler_of(selling), clock_of(selling)
    await clock_with(selling).set_minutes(selling.integration, 5)
    selling.line.break_at("*", "network")
    for _ in range(30):
        await scheduler.tick()
        clock.move(minutes=2)
    selling.line.mend()
    selling.sandbox.place_order("RU-1")
    for _ in range(3):
        await scheduler.tick()
        clock.move(minutes=2)
    assert await known_orders(selling) == 1


async def test_an_outage_that_orders_and_synchronization_meet_is_told_once(selling: Shop) -> None:
    told: list[str] = []
    selling.application.notifications.listen(lambda title, text: told.append(text))
    scheduler, clock = scheduler_of(selling), clock_of(selling)
    selling.line.break_at("*", "network")
    await scheduler.tick()
    assert [run.kind for run in await fetches(selling)] == [RunKind.ORDERS]
    await choose(selling, UpdateTrigger.HOURLY)
    clock.move(hours=2)
    await scheduler.tick()
    clock.move(minutes=15)
    await scheduler.tick()
    assert (await runs(selling))[0].result is RunResult.FAILED
    assert len(told) == 1, told
    selling.line.mend()
    clock.move(minutes=15)
    await scheduler.tick()
    selling.line.break_at("*", "network")
    clock.move(hours=2)
    await scheduler.tick()
    clock.move(minutes=15)
    await scheduler.tick()
    assert len(told) == 2, "another outage is news"


async def test_the_end_of_the_program_stops_a_fetch(selling: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()

    async def hanging(*_: object) -> None:
        begun.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(selling.application.orders, "bring", hanging)
    scheduler = scheduler_of(selling)
    await scheduler.begin()
    await begun.wait()
    await scheduler.stop()
    assert await selling.application.storage.run(lambda unit: unit.leases.all()) == []
    assert await fetches(selling) == []


# --- whatever goes wrong ----------------------------------------------------------------------------------------------


@pytest.fixture
async def two(options: Options, line: Line, tmp_path: Path) -> AsyncIterator[Shop]:
    """The shop with a second cabinet that is set up like the first, over the same Ozon."""
    application = await build(replace(options, clock=Clock()))
    shop = await set_up(application, line, tmp_path, *SHIRTS)

    def copy(unit: UnitOfWork) -> None:
        first = unit.integrations.get(shop.integration)
        second = unit.integrations.add("Второй")
        unit.integrations.save(replace(first, id=second.id, name="Второй", enabled=True))

    await application.storage.run(copy)
    yield shop
    await application.close()


async def test_an_unexpected_error_is_logged_journalled_and_told_once_and_the_others_go_on(
    two: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[str, str]] = []
    two.application.notifications.listen(lambda title, text: told.append((title, text)))
    real, tried = two.application.sync.run, list[int]()

    async def broken(integration_id: int, *arguments: object) -> object:
        tried.append(integration_id)
        if integration_id == two.integration:
            raise ZeroDivisionError("a mistake of the program")
        return await real(integration_id, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(two.application.sync, "run", broken)
    scheduler, clock = scheduler_of(two), clock_of(two)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            await scheduler.tick()
            clock.move(minutes=61)
    assert tried.count(two.integration) == 3
    assert two.integration + 1 in tried
    (line,) = await runs(two)
    assert (line.result, "ZeroDivisionError" in line.reason) == (RunResult.FAILED, True)
    mine = [text for title, text in told if "ZeroDivisionError" in text]
    assert len(mine) == 1
    assert any(record.exc_info and record.exc_info[0] is ZeroDivisionError for record in caplog.records)


async def test_an_unexpected_error_in_finding_out_what_is_due_stops_only_that_integration(
    two: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler = scheduler_of(two)
    real = scheduler._due

    def broken(integration: Integration, unit: UnitOfWork) -> object:
        if integration.id == two.integration:
            raise KeyError("broken settings")
        return real(integration, unit)

    monkeypatch.setattr(scheduler, "_due", broken)
    assert await scheduler.tick() == [two.integration + 1]
    (line,) = await runs(two)
    assert (line.result, "KeyError" in line.reason) == (RunResult.FAILED, True)
    clock_of(two).move(minutes=1)
    await scheduler.tick()
    assert len(await runs(two)) == 1


async def test_an_unexpected_error_in_fetching_orders_is_a_line_and_a_notice(
    selling: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    selling.application.notifications.listen(lambda title, text: told.append(text))

    async def broken(*_: object) -> None:
        raise RuntimeError("a mistake of the program")

    monkeypatch.setattr(selling.application.orders, "bring", broken)
    scheduler, clock = scheduler_of(selling), clock_of(selling)
    for _ in range(3):
        await scheduler.tick()
        clock.move(minutes=15)
    (line,) = await fetches(selling)
    assert (line.result, "RuntimeError" in line.reason) == (RunResult.FAILED, True)
    assert len(told) == 1
    assert any(record.exc_info and record.exc_info[0] is RuntimeError for record in caplog.records)


async def test_the_loop_lives_whatever_a_look_raises(selling: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0
    enough = asyncio.Event()

    async def sleep(_: float) -> None:
        if looks >= 3:
            enough.set()
        await asyncio.sleep(0)

    scheduler = scheduler_of(selling)
    scheduler._sleep = sleep

    async def broken() -> list[int]:
        nonlocal looks
        looks += 1
        raise MemoryError

    monkeypatch.setattr(scheduler, "begin", broken)
    forever = asyncio.create_task(scheduler.run())
    await enough.wait()
    assert not forever.done()
    forever.cancel()
    with pytest.raises(asyncio.CancelledError):
        await forever
