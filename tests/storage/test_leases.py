"""Leases: one holder at a time on both databases, also among processes; free again when the holder is gone."""

import asyncio
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.lease import Owner, run_lease, sync_lease
from ozon_desktop.services.runs.journal import JournalService
from ozon_desktop.services.runs.leases import Leases, RunIsHeld, process_gone, this_process
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.run_tables import run_leases
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.storage.conftest import NOW
from tests.storage.lease_holder import LENGTH_S, NAME, of_another_computer

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
OURS, THEIRS = of_another_computer("ours"), of_another_computer("theirs")


def child(task: str, database: Database) -> subprocess.Popen[bytes]:
    url = database._url.render_as_string(hide_password=False)
    # Not run as a file: beside it lie modules whose names are those of the package.
    path = str(HERE / "lease_holder.py")
    code = f"import runpy, sys; sys.argv = [{path!r}, {task!r}, {url!r}]; runpy.run_path({path!r}, run_name='__main__')"
    words = [sys.executable, "-c", code]
    return subprocess.Popen(words, cwd=HERE.parents[1], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_second_taker_learns_who_holds_it(database: Database) -> None:
    assert database.run_sync(lambda unit: unit.leases.take(NAME, THEIRS, 3, 30.0)) is None
    holder = database.run_sync(lambda unit: unit.leases.take(NAME, OURS, 4, 30.0))
    assert holder is not None
    assert (holder.owner, holder.run_id) == (THEIRS, 3)
    assert 25 < holder.left_s <= 30
    assert database.run_sync(lambda unit: unit.leases.take("sync:2", OURS, 4, 30.0)) is None, "another integration"


def test_own_lease_is_not_taken_twice(database: Database) -> None:
    assert database.run_sync(lambda unit: unit.leases.take(NAME, OURS, 3, 30.0)) is None
    assert database.run_sync(lambda unit: unit.leases.take(NAME, OURS, 4, 30.0)) is not None


def test_lease_that_ran_out_is_taken_and_cannot_be_renewed_any_more(database: Database) -> None:
    database.run_sync(lambda unit: unit.leases.take(NAME, THEIRS, 3, -1.0))
    assert database.run_sync(lambda unit: unit.leases.take(NAME, OURS, 4, 30.0)) is None
    assert not database.run_sync(lambda unit: unit.leases.renew(NAME, THEIRS.token, 30.0))
    database.run_sync(lambda unit: unit.leases.release(NAME, THEIRS.token))
    assert database.run_sync(lambda unit: unit.leases.get(NAME)) is not None, "the late owner gave back what was not its own"


def test_renewal_keeps_the_lease_and_says_progress(database: Database) -> None:
    database.run_sync(lambda unit: unit.leases.take(NAME, OURS, 3, 0.0))
    assert database.run_sync(lambda unit: unit.leases.renew(NAME, OURS.token, 30.0, "prices", 120, 340))
    lease = database.run_sync(lambda unit: unit.leases.get(NAME))
    assert lease is not None
    assert (lease.stage, lease.done, lease.total) == ("prices", 120, 340)
    assert lease.left_s > 25


def test_lease_written_before_the_clock_was_set_back_does_not_last_for_ever(database: Database) -> None:
    def an_hour_ahead(unit: UnitOfWork) -> None:
        unit.leases.take(NAME, THEIRS, 3, 30.0)
        unit.leases._connection.execute(update(run_leases).values(expires_ms=run_leases.c.expires_ms + 3_600_000))

    database.run_sync(an_hour_ahead)
    assert database.run_sync(lambda unit: unit.leases.take(NAME, OURS, 4, 30.0)) is None


def test_two_processes_never_hold_it_together(database: Database) -> None:
    rivals = [child("contend", database) for _ in range(2)]
    for rival in rivals:
        output = rival.communicate(timeout=100)[1].decode()
        assert rival.returncode == 0, output
    assert database.run_sync(lambda unit: unit.leases.get(NAME)) is None


async def test_killed_holder_is_followed_by_the_survivor(database: Database) -> None:
    holder = child("hold", database)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n", holder.communicate()[1].decode()
        ours = Leases(database, OURS, 20.0)
        # Longer than the lease: without renewals it would be free by now.
        await asyncio.sleep(LENGTH_S * 1.4)
        with pytest.raises(RunIsHeld, match="KASSA") as refused:
            async with ours.hold(NAME, lambda _: 8):
                pytest.fail("the holder lives")
        assert refused.value.holder.run_id == 7
    finally:
        holder.kill()
        holder.communicate()
    killed = time.monotonic()
    while True:
        try:
            async with ours.hold(NAME, lambda _: 8):
                break
        except RunIsHeld:
            assert time.monotonic() - killed < 60
            await asyncio.sleep(0.05)


async def test_holder_of_this_computer_that_is_dead_need_not_be_waited_for(database: Database) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = replace(this_process(), token="dead", pid=ended.pid)
    database.run_sync(lambda unit: unit.leases.take(NAME, dead, 3, 30.0))
    async with Leases(database).hold(NAME, lambda _: 8) as held:
        assert held.run_id == 8


def test_only_a_process_of_this_computer_can_be_known_to_be_dead() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    here = this_process()
    assert not process_gone(here)
    assert process_gone(replace(here, pid=ended.pid))
    assert not process_gone(replace(here, pid=ended.pid, machine="elsewhere"))
    assert not process_gone(Owner("x", pid=ended.pid))


async def test_owner_that_lost_its_lease_is_stopped(database: Database) -> None:
    def steal(unit: UnitOfWork) -> None:
        unit.leases.release(NAME, OURS.token)
        unit.leases.take(NAME, THEIRS, 9, 30.0)

    async def work() -> None:
        async with Leases(database, OURS, 5.0, 0.02).hold(NAME, lambda _: 8) as held:
            await database.run(steal)
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                assert held.lost is not None
                assert held.lost.owner == THEIRS
                raise

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(work())
    lease = await database.run(lambda unit: unit.leases.get(NAME))
    assert lease is not None
    assert lease.owner == THEIRS, "the late owner ended somebody else's lease"


async def test_run_is_not_begun_when_its_journal_entry_fails(database: Database) -> None:
    def start(_: UnitOfWork) -> int:
        raise LookupError

    with pytest.raises(LookupError):
        async with Leases(database).hold(NAME, start):
            pytest.fail("begun")
    assert await database.run(lambda unit: unit.leases.get(NAME)) is None


async def test_start_of_another_program_leaves_live_runs_alone(database: Database, integration_id: int) -> None:
    def begin(unit: UnitOfWork) -> list[int]:
        kinds = [
            (integration_id, RunKind.SYNC),
            (integration_id, RunKind.SETTINGS),
            (None, RunKind.CATEGORIES),
            (integration_id, RunKind.ORDERS),
        ]
        ids = [unit.journal.start(Run(0, owner, kind, RunCause.MANUAL, NOW)) for owner, kind in kinds]
        unit.leases.take(sync_lease(integration_id), THEIRS, ids[0], 30.0)
        unit.leases.take(run_lease("alive"), THEIRS, ids[1], 30.0)
        unit.leases.take(run_lease("dead"), THEIRS, ids[2], -1.0)
        return ids

    ids = await database.run(begin)
    journal = JournalService(database, lambda: NOW + timedelta(minutes=1))
    assert await journal.close_interrupted() == 2
    results = {run.id: run.result for run in await journal.runs(None)}
    assert [results[id_] for id_ in ids] == [RunResult.RUNNING, RunResult.RUNNING, RunResult.INTERRUPTED, RunResult.INTERRUPTED]
    assert {lease.name for lease in await database.run(lambda unit: unit.leases.all())} == {sync_lease(integration_id), run_lease("alive")}
