"""Whether a cabinet is sent to at all: after its first preview was confirmed, and unless it is for reading only."""

from dataclasses import dataclass
from datetime import datetime

from ozon_desktop.services.shared import Clients, Revision
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SendingState:
    """confirmed_at: when the first sending was confirmed, UTC; None = it still waits for a person."""

    confirmed_at: datetime | None
    read_only: bool


class SendingStates:
    """The switch «только чтение», and how far the first sending is."""

    def __init__(self, storage: Database, clients: Clients, revision: Revision) -> None:
        self._storage = storage
        self._clients = clients
        self._revision = revision

    async def state(self, integration_id: int) -> SendingState:
        """NotFound."""

        def work(unit: UnitOfWork) -> SendingState:
            unit.integrations.get(integration_id)
            return SendingState(unit.guards.confirmed_at(integration_id), unit.guards.is_read_only(integration_id))

        return await self._storage.run(work)

    async def set_read_only(self, integration_id: int, read_only: bool) -> SendingState:
        """From now on nothing, or again everything, goes out; a run under way meets it at its next request. NotFound."""
        await self._clients.set_read_only(integration_id, read_only)
        self._revision.bump()
        return await self.state(integration_id)
