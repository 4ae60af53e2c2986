"""Reads the whole cabinet into the cache: two lists of products, and of each part of them four answers, many at once."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

from ozon_desktop.domain.adoption import CachedCard, merged
from ozon_desktop.domain.cabinet import ListedProduct
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.gather import first_of, gather, prompt_threads
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

CARDS_A_REQUEST = 250
"""Ozon answers 1000 at most, but answers of megabytes hold each other up, and the pace falls when they come unevenly: with so many
the limit of requests is used, and a lost answer costs little."""

SIDE_BY_SIDE = 16
"""Parts under way at once, four requests each. With those waiting it bounds the memory."""

WAITING, UNSAVED = 4, 6
"""Parts that wait to be asked about, and parts that came and wait to be saved: a slow disk or processor keeps no requests back."""

SAVED_TOGETHER = 4
RARE_COLLECTION = (100_000, 20, 100)
VISIBILITIES = ("ALL", "ARCHIVED")


@dataclass(frozen=True, slots=True)
class _Part:
    """Listed products of one visibility: the other methods leave archived ones out unless they are asked for."""

    products: list[ListedProduct]
    visibility: str


class CabinetLoading:
    """One reading of the cabinet, kept part by part as it comes."""

    def __init__(
        self,
        storage: Database,
        client: OzonClient,
        clock: Clock,
        integration_id: int,
        cards_a_request: int = CARDS_A_REQUEST,
    ) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._integration_id = integration_id
        self._cards_a_request = cards_a_request
        self._queue: asyncio.Queue[_Part | None] = asyncio.Queue(WAITING)
        self._came: asyncio.Queue[list[CachedCard] | None] = asyncio.Queue(UNSAVED)
        self._totals: dict[str, int] = {}
        self._number = 0
        self._done = 0
        self._began = (0.0, 0)

    async def run(self, progress: Progress) -> list[str]:
        """Reads everything; gives the articles of cards that are gone since. OzonError, NetworkError.

        What came before an error or a stop is kept, and then nothing counts as gone; nor does a card that could not be read.
        """
        self._number = await self._storage.run(lambda unit: unit.cabinet.start_load(self._integration_id, self._clock()))
        self._began = (monotonic(), self._client.requests_sent)
        progress(ProgressUpdate(Stage.CABINET))
        try:
            with _undisturbed():
                await self._read_all(progress)
        except BaseExceptionGroup as failures:
            # All of them fail for one common reason: the first says it.
            raise first_of(failures) from None
        finally:
            # Of what was cut short, too, nothing that came is lost.
            await self._save(self._all_that_came())
        unread = self._client.unread
        await self._storage.run(lambda unit: unit.cabinet.keep_seen(self._integration_id, unread, self._number))
        if any(bad.method == endpoints.PRODUCT_LIST.path and not bad.offer_id for bad in self._client.bad_items):
            # Whose row it was nobody knows: any card that was not found may be the one.
            return []
        return await self._storage.run(lambda unit: unit.cabinet.finish_load(self._integration_id, self._number, self._clock()))

    async def _read_all(self, progress: Progress) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._save_all(progress))
            group.create_task(self._ask_all())

    async def _ask_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._list_all())
            for _ in range(SIDE_BY_SIDE):
                group.create_task(self._work())
        await self._came.put(None)

    async def _save_all(self, progress: Progress) -> None:
        """Saves what came, all that came meanwhile in one transaction."""
        while (cards := await self._came.get()) is not None:
            await self._save([*cards, *self._all_that_came(SAVED_TOGETHER - 1)])
            progress(self._update())

    def _all_that_came(self, most: int = UNSAVED + SIDE_BY_SIDE) -> list[CachedCard]:
        """Cards of at most so many parts that wait to be saved."""
        cards: list[CachedCard] = []
        while most and not self._came.empty():
            part = self._came.get_nowait()
            if part is None:
                self._came.put_nowait(None)
                break
            cards += part
            most -= 1
        return cards

    async def _save(self, cards: list[CachedCard]) -> None:
        if cards:
            await self._storage.run(partial(_save, self._integration_id, cards, self._number, self._clock()))
            self._done += len(cards)

    async def _list_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for visibility in VISIBILITIES:
                group.create_task(self._list(visibility))
        for _ in range(SIDE_BY_SIDE):
            await self._queue.put(None)

    async def _list(self, visibility: str) -> None:
        async for page, total in self._client.listing(visibility):
            self._totals[visibility] = total
            for start in range(0, len(page), self._cards_a_request):
                await self._queue.put(_Part(page[start : start + self._cards_a_request], visibility))

    async def _work(self) -> None:
        while (part := await self._queue.get()) is not None:
            await self._came.put(await self._read(part))

    async def _read(self, part: _Part) -> list[CachedCard]:
        offers = [listed.offer_id for listed in part.products]
        infos, cards, prices, stocks = await gather(
            self._client.product_infos(offers),
            _collected(self._client, offers, part.visibility),
            self._client.prices(offers, part.visibility),
            self._client.stocks(offers, part.visibility),
        )
        by_offer = {info.offer_id: info for info in infos}
        shown = {card.offer_id: card for card in cards}
        priced = {price.offer_id: price for price in prices}
        # What Ozon said of a product unreadably stays as it was read before.
        unread = self._client.unread
        # A product that Ozon lists and then does not know was deleted in between.
        return [
            merged(listed, info, shown.get(listed.offer_id), priced.get(listed.offer_id), stocks.get(listed.offer_id, ()))
            for listed in part.products
            if (info := by_offer.get(listed.offer_id)) is not None and listed.offer_id not in unread
        ]

    def _update(self) -> ProgressUpdate:
        passed = monotonic() - self._began[0]
        known = len(self._totals) == len(VISIBILITIES) and all(self._totals.values())
        total = max(sum(self._totals.values()), self._done) if known or self._totals.get("ALL") else None
        rate = (self._client.requests_sent - self._began[1]) / passed if passed > 1 else None
        left = (total - self._done) * passed / self._done if total is not None and self._done and passed > 2 else None
        return ProgressUpdate(Stage.CABINET, self._done, total, "", rate, left)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Looks for garbage less often while hundreds of thousands of small objects come and go.

    Otherwise a third of the time goes into looking for garbage that is not there, and requests leave late by the pauses.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(*RARE_COLLECTION)
    try:
        with prompt_threads():
            yield
    finally:
        gc.set_threshold(*thresholds)


async def _collected(client: OzonClient, offers: list[str], visibility: str) -> list[Any]:
    return [card async for page in client.cards(offers, visibility) for card in page]


def _save(integration_id: int, cards: list[CachedCard], number: int, at: Any, unit: UnitOfWork) -> None:
    unit.cabinet.save(integration_id, cards, number, at)
