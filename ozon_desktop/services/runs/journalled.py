"""Keeps a journal entry around every run: it ends as done, partial, failed or stopped, and never stays open."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar
from uuid import uuid4

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.lease import run_lease
from ozon_desktop.errors import AppError
from ozon_desktop.services.runs.bad_items import BadItems, collected_bad_items
from ozon_desktop.services.runs.leases import Held, Leases, RunIsHeld
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.errors import error_line

Result = TypeVar("Result")
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RunReport:
    """What the journal keeps of a run. requests: sent to Ozon; partial: not everything was done, None = there are problems."""

    counts: Counts = ()
    requests: int = 0
    problems: tuple[RunProblem, ...] = ()
    partial: bool | None = None


@dataclass(frozen=True, slots=True)
class Ended(Generic[Result]):
    """A run that got through, as journalled, and what its job gave."""

    run: Run
    result: Result


@dataclass(frozen=True, slots=True)
class Exclusive:
    """A run that nobody else may run meanwhile. lease: keeps the others out.

    begin and end are part of the transactions that start and finish the entry; what `begin` raises keeps the run from beginning, at
    the moment it gets. closed: called at last, the lease still held.
    """

    lease: str
    begin: Callable[[UnitOfWork, datetime], None]
    end: Callable[[UnitOfWork], None]
    closed: Callable[[], None]


class Journalled:
    """Runs jobs with an entry in the journal. on_end: called with the finished run, however it ended."""

    def __init__(self, storage: Database, clock: Clock, leases: Leases, on_end: Callable[[Run], None] | None = None) -> None:
        self._storage = storage
        self._clock = clock
        self._leases = leases
        self._on_end = on_end

    async def run(
        self,
        integration_id: int | None,
        kind: RunKind,
        job: Callable[[Held], Awaitable[Result]],
        report: Callable[[Result], RunReport],
        *,
        cause: RunCause = RunCause.MANUAL,
        broke_off: Callable[[], RunReport] = RunReport,
        exclusive: Exclusive | None = None,
    ) -> Ended[Result]:
        """Runs the job under a lease, which shows other programs over the same database that it is alive. Raises what the job raises.

        broke_off: the report of what was done before a failure or a stop. RunIsHeld for an exclusive run that goes on elsewhere.
        """
        run = Run(0, integration_id, kind, cause, self._clock())

        def start(unit: UnitOfWork) -> int:
            if exclusive is not None:
                exclusive.begin(unit, run.started_at)
            return unit.journal.start(run)

        lease = exclusive.lease if exclusive is not None else run_lease(uuid4().hex)
        async with self._leases.hold(lease, start) as held:
            try:
                with collected_bad_items() as bad_items:
                    return await self._watched(replace(run, id=held.run_id), held, job, report, broke_off, exclusive, bad_items)
            finally:
                if exclusive is not None:
                    exclusive.closed()

    async def _watched(
        self,
        run: Run,
        held: Held,
        job: Callable[[Held], Awaitable[Result]],
        report: Callable[[Result], RunReport],
        broke_off: Callable[[], RunReport],
        exclusive: Exclusive | None,
        bad_items: BadItems,
    ) -> Ended[Result]:
        async def finish(result: RunResult, done: RunReport, reason: str = "") -> Run:
            problems = (*done.problems, *bad_items.problems())
            return await self._finish(run, result, replace(done, problems=problems), reason, exclusive)

        try:
            result = await job(held)
        except asyncio.CancelledError:
            lost = RunIsHeld(str(run.integration_id), held.lost) if exclusive is not None and held.lost is not None else None
            reason = error_line(lost) if lost is not None else ""
            await asyncio.shield(finish(RunResult.STOPPED, broke_off(), reason))
            if lost is not None and (task := asyncio.current_task()) is not None and not task.uncancel():
                raise lost from None
            raise
        except Exception as error:
            reason = error_line(error) if isinstance(error, AppError) else type(error).__name__
            await finish(RunResult.FAILED, broke_off(), reason)
            raise
        done = report(result)
        partial = bool(done.problems) if done.partial is None else done.partial
        return Ended(await finish(RunResult.PARTIAL if partial or bad_items.problems() else RunResult.DONE, done), result)

    async def _finish(self, run: Run, result: RunResult, done: RunReport, reason: str, exclusive: Exclusive | None) -> Run:
        finished = replace(
            run,
            finished_at=self._clock(),
            result=result,
            counts=done.counts,
            requests=done.requests,
            reason=reason,
            problems=done.problems,
        )

        def work(unit: UnitOfWork) -> None:
            unit.journal.finish(finished)
            if exclusive is not None:
                exclusive.end(unit)

        await self._storage.run(work)
        if self._on_end is not None:
            self._on_end(finished)
        return finished
