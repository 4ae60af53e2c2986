"""Keeps a journal entry around a job that is not a synchronization: it ends as done, failed or stopped, and never stays open."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.lease import run_lease
from ozon_desktop.errors import AppError
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database

Result = TypeVar("Result")
Counts = tuple[tuple[str, int], ...]


class Journalled:
    """Runs jobs with an entry in the journal. on_end: called with the finished run, however it ended."""

    def __init__(
        self,
        storage: Database,
        clock: Clock,
        error_text: Callable[[AppError], str],
        on_end: Callable[[Run], None] | None = None,
        leases: Leases | None = None,
    ) -> None:
        self._storage = storage
        self._leases = leases or Leases(storage)
        self._clock = clock
        self._error_text = error_text
        self._on_end = on_end

    async def run(
        self,
        integration_id: int | None,
        kind: RunKind,
        job: Callable[[], Awaitable[Result]],
        told: Callable[[Result], tuple[Counts, int, tuple[RunProblem, ...]]],
        cause: RunCause = RunCause.MANUAL,
        so_far: Callable[[], Counts] = tuple,
    ) -> Result:
        """The job's result; `told` says its counts, requests and problems. Raises what the job raises.

        so_far: counts of what was done before a stop or a failure.
        """
        run = Run(0, integration_id, kind, cause, self._clock())
        run = replace(run, id=await self._storage.run(lambda unit: unit.journal.start(run)))
        # Shows other programs over the same database that the run is alive.
        async with self._leases.hold(run_lease(run.id), lambda _: run.id):
            return await self._watched(run, job, told, so_far)

    async def _watched(
        self,
        run: Run,
        job: Callable[[], Awaitable[Result]],
        told: Callable[[Result], tuple[Counts, int, tuple[RunProblem, ...]]],
        so_far: Callable[[], Counts],
    ) -> Result:
        try:
            result = await job()
        except asyncio.CancelledError:
            await asyncio.shield(self._finish(replace(run, result=RunResult.STOPPED, counts=so_far())))
            raise
        except AppError as error:
            await self._finish(replace(run, result=RunResult.FAILED, counts=so_far(), reason=self._error_text(error)))
            raise
        except Exception as error:
            await self._finish(replace(run, result=RunResult.FAILED, counts=so_far(), reason=type(error).__name__))
            raise
        counts, requests, problems = told(result)
        ended = RunResult.PARTIAL if problems else RunResult.DONE
        await self._finish(replace(run, result=ended, counts=counts, requests=requests, problems=problems))
        return result

    async def _finish(self, run: Run) -> None:
        finished = replace(run, finished_at=self._clock())
        await self._storage.run(lambda unit: unit.journal.finish(finished))
        if self._on_end is not None:
            self._on_end(finished)
