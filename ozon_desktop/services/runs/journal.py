"""The journal of runs."""

from ozon_desktop.domain.journal import ProblemGroup, Run, problem_groups
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


class JournalService:
    def __init__(self, storage: Database, clock: Clock, leases: Leases | None = None) -> None:
        self._storage = storage
        self._clock = clock
        self._leases = leases or Leases(storage)

    async def runs(self, integration_id: int | None, limit: int = 200) -> list[Run]:
        """Runs newest first; None = of all integrations."""
        return await self._storage.run(lambda unit: unit.journal.runs(integration_id, limit))

    async def groups(self, run_id: int) -> tuple[ProblemGroup, ...]:
        """The problems of a run by cause, the most frequent first. NotFound."""
        return problem_groups(await self._storage.run(lambda unit: unit.journal.get(run_id)))

    async def close_interrupted(self) -> int:
        """Marks runs that a killed program left open; gives how many. Those another process is working on stay as they are."""

        def work(unit: UnitOfWork) -> int:
            now = self._clock()
            owners = [None, *(integration.id for integration in unit.integrations.all())]
            closed = sum(self._leases.interrupt_dead(unit, owner, now) for owner in owners)
            self._leases.sweep(unit)
            return closed

        return await self._storage.run(work)
