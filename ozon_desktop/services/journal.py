"""The journal of runs."""

from ozon_desktop.domain.journal import Run
from ozon_desktop.services.parts import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


class JournalService:
    """Reads the journal."""

    def __init__(self, storage: Database, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def runs(self, integration_id: int | None, limit: int = 200) -> list[Run]:
        """Runs newest first; None = of all integrations."""
        return await self._storage.run(lambda unit: unit.journal.runs(integration_id, limit))

    async def close_interrupted(self) -> int:
        """Marks runs that a killed program left open; gives how many."""

        def work(unit: UnitOfWork) -> int:
            now = self._clock()
            owners = [None, *(integration.id for integration in unit.integrations.all())]
            return sum(unit.journal.interrupt_running(owner, now) for owner in owners)

        return await self._storage.run(work)
