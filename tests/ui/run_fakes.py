"""Fakes of what the frame reads of runs: the states of all cabinets, the schedule, the watched folder, a synchronization."""

import asyncio
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from types import SimpleNamespace

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.run_status import RunState, RunStatus
from ozon_desktop.domain.watched_folder import FileTrouble, FolderFault, WatchedState
from ozon_desktop.errors import AppError, WrongInput
from ozon_desktop.services.runs.overview import Overview
from tests.ui.conftest import NOW, FakeFrame


def ended(result: RunResult, number: int = 5, **counts: int) -> Run:
    """A run that has ended."""
    return Run(number, 1, RunKind.SYNC, RunCause.MANUAL, NOW, NOW, result, tuple(counts.items()))


@dataclass
class FakeRuns(FakeFrame):
    """The frame's fake with states of runs. plans: what a run of a cabinet brings or raises; None waits until it is stopped."""

    states: dict[int, RunStatus] = field(default_factory=dict)
    plans: dict[int, Run | AppError | None] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)
    failure: AppError | None = None

    async def overview(self, integration_id: int) -> Overview:
        """The counters with the state."""
        return Overview(self.unmapped, self.not_ready, self.new_orders, None, None, None, None, self._state(integration_id))

    async def statuses(self) -> dict[int, RunStatus]:
        """The states of all."""
        if self.failure is not None:
            raise self.failure
        return {cabinet.id: self._state(cabinet.id) for cabinet in self.cabinets}

    async def run(self, integration_id: int, progress: Progress) -> SimpleNamespace:
        """One synchronization."""
        self.asked.append(integration_id)
        progress(ProgressUpdate(Stage.PRODUCTS, 1, 2))
        planned = self.plans[integration_id]
        if planned is None:
            await asyncio.Event().wait()
        if isinstance(planned, AppError):
            raise planned
        return SimpleNamespace(run=planned)

    def _state(self, integration_id: int) -> RunStatus:
        return self.states.get(integration_id, RunStatus(RunState.IDLE))


@dataclass
class FakeFolder:
    """The watched folder."""

    path: Path | None = None
    troubles: tuple[FileTrouble, ...] = ()

    async def state(self) -> WatchedState:
        """As the true one."""
        gone = self.path is not None and not await asyncio.to_thread(self.path.is_dir)
        return WatchedState(self.path, FolderFault.MISSING if gone else None, self.troubles)

    async def set_folder(self, folder: Path | None) -> None:
        """As the true one."""
        if folder is not None and not await asyncio.to_thread(folder.is_dir):
            raise WrongInput("folder", detail=str(folder))
        self.path = folder


@dataclass
class FakeSchedule:
    """The schedule's settings."""

    chosen: dict[int, tuple[time, ...]] = field(default_factory=dict)
    rests: bool = False
    failure: AppError | None = None
    watched: FakeFolder | None = field(default_factory=FakeFolder)

    async def times(self, integration_id: int) -> tuple[time, ...]:
        """The wall times."""
        return self.chosen.get(integration_id, (time(9), time(18)))

    async def set_times(self, integration_id: int, times: tuple[time, ...]) -> None:
        """Keeps them."""
        if self.failure is not None:
            raise self.failure
        self.chosen[integration_id] = times

    stopped: list[int] = field(default_factory=list)

    async def stop_run(self, integration_id: int) -> bool:
        """Remembers whose run was stopped."""
        self.stopped.append(integration_id)
        return True

    async def paused(self) -> bool:
        """Whether it rests."""
        return self.rests

    async def set_paused(self, paused: bool) -> None:
        """Rests or goes on."""
        if self.failure is not None:
            raise self.failure
        self.rests = paused


@dataclass
class FakeOrdersClock:
    """How often orders are fetched. Refuses what the clock refuses."""

    chosen: dict[int, int] = field(default_factory=dict)

    async def minutes(self, integration_id: int) -> int:
        return self.chosen.get(integration_id, 10)

    async def set_minutes(self, integration_id: int, minutes: int) -> None:
        """WrongInput outside of 5 to 120."""
        if not 5 <= minutes <= 120:
            raise WrongInput("orders", detail=str(minutes))
        self.chosen[integration_id] = minutes
