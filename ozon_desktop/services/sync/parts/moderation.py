"""Cards that Ozon accepted and still looks at: later runs ask what became of them, for it may take hours."""

import json
from collections.abc import Iterable

from ozon_desktop.domain.cabinet import CabinetProduct
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork


class ModerationWatch:
    """The articles of one integration whose newest values Ozon has not decided about, kept from run to run."""

    def __init__(self, storage: Database, client: OzonClient, integration_id: int) -> None:
        self._storage = storage
        self._client = client
        self._key = f"cards/moderated/{integration_id}"
        self._kept: frozenset[str] = frozenset()
        self._watched: set[str] = set()

    async def ask(self) -> list[CabinetProduct]:
        """What Ozon says now of the cards that earlier runs left undecided. OzonError, NetworkError."""
        self._kept = await self._storage.run(self._read)
        self._watched = set(self._kept)
        infos = await self._client.product_infos(sorted(self._kept)) if self._kept else []
        # What is not in the cabinet any more will never be decided.
        self._watched &= {info.offer_id for info in infos}
        return infos

    def note(self, infos: Iterable[CabinetProduct]) -> None:
        """Ozon has said this of cards; those it has not let pass are asked for again: it may speak of values before the newest yet."""
        for info in infos:
            if info.decided and not info.failed:
                self._watched.discard(info.offer_id)
            else:
                self._watched.add(info.offer_id)

    def forget(self, offer_id: str) -> None:
        """Ozon's word about this card is final."""
        self._watched.discard(offer_id)

    async def save(self) -> None:
        """Keeps what the next run is to ask for."""
        watched = frozenset(self._watched)
        if watched != self._kept:
            await self._storage.run(lambda unit: self._write(unit, watched))
            self._kept = watched

    def _read(self, unit: UnitOfWork) -> frozenset[str]:
        return frozenset(json.loads(unit.preferences.get(self._key) or "[]"))

    def _write(self, unit: UnitOfWork, watched: frozenset[str]) -> None:
        if watched:
            unit.preferences.set(self._key, json.dumps(sorted(watched), ensure_ascii=False))
        else:
            unit.preferences.remove(self._key)
