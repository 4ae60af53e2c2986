"""What waits for a person's decision, and the decisions: «Верно, отправить», «Не отправлять», and both taken back."""

from collections.abc import Iterable

from ozon_desktop.domain.held_items import HeldItem
from ozon_desktop.domain.holds import HeldKey
from ozon_desktop.domain.sync_plan import Hold, Verdict
from ozon_desktop.errors import NotFound
from ozon_desktop.services.shared import Revision
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


class HeldItems:
    """Held changes of integrations, as their last previews or runs found them."""

    def __init__(self, storage: Database, revision: Revision) -> None:
        self._storage = storage
        self._revision = revision

    async def view(self, integration_id: int) -> list[HeldItem]:
        """All that is held, decided or not."""
        return await self._storage.run(lambda unit: unit.guards.held(integration_id))

    async def decide(self, integration_id: int, keys: Iterable[HeldKey], verdict: Verdict) -> int:
        """Decides about these changes, of products that vanished about all of them; gives how many changes that is.

        SEND lets a change go once; KEEP keeps it away until the store's value is another one. NotFound: a change is not held any more,
        and nothing was decided.
        """
        return await self._set(integration_id, tuple(keys), verdict)

    async def take_back(self, integration_id: int, keys: Iterable[HeldKey]) -> int:
        """The changes are undecided again; as `decide`."""
        return await self._set(integration_id, tuple(keys), None)

    async def _set(self, integration_id: int, keys: tuple[HeldKey, ...], verdict: Verdict | None) -> int:
        def work(unit: UnitOfWork) -> int:
            held = {item.key: item for item in unit.guards.held(integration_id)}
            missing = next((key for key in keys if key not in held), None)
            if missing is not None:
                raise NotFound(missing.offer_id)
            chosen = set(keys)
            if any(held[key].hold is Hold.VANISHED for key in keys):
                chosen |= {key for key, item in held.items() if item.hold is Hold.VANISHED}
            return unit.guards.decide(integration_id, sorted(chosen), verdict)

        decided = await self._storage.run(work)
        self._revision.bump()
        return decided
