"""«Сначала пять»: of a confirmed preview five typical products are sent, read back from Ozon, and compared before the rest may go."""

from dataclasses import dataclass

from ozon_desktop.domain.first_five import FieldCheck, compare, typical
from ozon_desktop.domain.holds import sendable
from ozon_desktop.domain.progress import Progress
from ozon_desktop.services.shared import Clients
from ozon_desktop.services.sync.parts.ozon_now import shown_now
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult, SyncService
from ozon_desktop.storage.database import Database


@dataclass(frozen=True, slots=True)
class FiveSent:
    """How the five went. checks: every field that was sent beside what Ozon shows now."""

    offers: tuple[str, ...]
    result: SyncResult
    checks: tuple[FieldCheck, ...]

    @property
    def different(self) -> tuple[FieldCheck, ...]:
        return tuple(check for check in self.checks if not check.matches)


class FirstFive:
    """Sends the five; the rest stays a preview to be confirmed, for these five confirm nothing beyond themselves."""

    def __init__(self, storage: Database, clients: Clients, sync: SyncService) -> None:
        self._storage = storage
        self._clients = clients
        self._sync = sync

    async def send(self, integration_id: int, progress: Progress, preview: Preview, confirm: str) -> FiveSent:
        """Sends five typical products of the preview whose id is confirmed, and compares. Errors as `SyncService.run`."""
        offers = typical(preview.plan)
        result = await self._sync.run(integration_id, progress, SyncRequest(preview.plan, only_offers=offers, confirm=confirm))
        scheme = (await self._storage.run(lambda unit: unit.integrations.get(integration_id))).settings.scheme
        shown = await shown_now(await self._clients.client(integration_id), sorted(offers), scheme, progress)
        sent = [item for item in sendable(preview.plan).items if item.offer_id in offers]
        return FiveSent(tuple(sorted(offers)), result, compare(sent, shown))
