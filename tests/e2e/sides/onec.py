"""1C as the store: it comes to the program, brings goods in portions and fetches orders; an exchange may break off anywhere."""

import asyncio
import http.client
import random
from collections import Counter
from dataclasses import dataclass

import pytest

from ozon_desktop.application import Application
from ozon_desktop.backoffice.onec.server import bound
from ozon_desktop.domain.onec_exchange import ExchangeAddress
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from tests.backoffice.onec.exports import documents_xml, returned
from tests.backoffice.onec.scripted import CLIENTS, Onec, OnecError, Reply
from tests.e2e.sides.commerceml import GROUP, PRICE_TYPE, export_files
from tests.e2e.sides.mortal import Killed, Lives
from tests.e2e.sides.store import StoreSide, Told, Ware
from tests.services.shop import MovingClock

LOGIN, PASSWORD = "обмен", "пароль из двадцати знаков"
BROKEN = (OSError, http.client.HTTPException, OnecError)


@dataclass
class MortalOnec(Onec):
    """A client whose other side may die at any of its requests."""

    lives: Lives | None = None

    def ask(self, query: str, body: bytes | None = None, cookie: str = "", *, basic: bool = True, path: str | None = None) -> Reply:
        assert self.lives is not None
        try:
            self.lives.fate.effect()
            reply = super().ask(query, body, cookie, basic=basic, path=path)
            self.lives.fate.effect()
        except (Killed, KeyError) as error:
            if not self.lives.fate.dead:
                raise
            # What still answers for a dead one says nothing a client could read.
            raise ConnectionResetError("the program is there no more") from error
        return reply


class OnecSide(StoreSide):
    """changed: what it has registered for the next exchange; full: the next one brings everything."""

    category, price_type = GROUP, PRICE_TYPE

    def __init__(self, rng: random.Random, clock: MovingClock, lives: Lives, patch: pytest.MonkeyPatch) -> None:
        super().__init__(rng, clock, lives, patch)
        self.changed: set[str] = set()
        self.full = True
        self.returned: set[str] = set()
        with bound(0, open_to_network=False) as free:
            self.port = free.getsockname()[1]
        address = f"http://127.0.0.1:{self.port}/ozon"
        self.onec = MortalOnec(address, LOGIN, PASSWORD, rng.choice(CLIENTS), lives=lives)
        self._serving: asyncio.Task[None] | None = None

    # --- people ---------------------------------------------------------------------------------------------------------

    def add(self, ware: Ware) -> None:
        super().add(ware)
        self.changed.add(ware.article)

    def change(self, ware: Ware, *, price: int, shelf: int, name: str) -> None:
        super().change(ware, price=price, shelf=shelf, name=name)
        self.changed.add(ware.article)

    def delete(self, ware: Ware) -> None:
        super().delete(ware)
        # That something is gone is told by a full export only.
        self.full = True

    def ship(self, number: str) -> None:
        super().ship(number)
        self.changed.add(self.sold[number][0])

    def person(self) -> None:
        """Its states are told with the next exchange once more."""
        self.returned.clear()

    @property
    def waits(self) -> bool:
        return self.full or bool(self.changed)

    # --- the program ----------------------------------------------------------------------------------------------------

    async def connect(self, application: Application, integration: int) -> None:
        await application.onec.connect(StoreConnection(ConnectionKind.ONEC, login=LOGIN, port=self.port), PASSWORD)
        await self.begin(application)
        await self.exchange(application)

    async def begin(self, application: Application) -> None:
        ready = asyncio.Event()

        def on_ready(address: ExchangeAddress) -> None:
            ready.set()

        self._serving = asyncio.create_task(application.onec.serve(on_ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait([self._serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        if not ready.is_set():
            self._serving.result()

    async def end(self) -> None:
        """What served is ended first, so that its port is free."""
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.wait([self._serving])

    async def exchange(self, application: Application) -> None:
        """A whole exchange, goods up, orders down, states up; what breaks off is brought again."""
        try:
            await self._whole_exchange(application)
        except BROKEN:
            assert self.lives.fate.dead, "only a kill breaks it off"

    async def _whole_exchange(self, application: Application) -> None:
        self.known.append(self.told())
        await asyncio.to_thread(self._exchange)
        await self._until_whole(application)
        del self.known[:-1]

    def _exchange(self) -> None:
        goods = [ware for ware in self.wares.values() if not ware.gone and (self.full or ware.article in self.changed)]
        if goods or self.full:
            files = export_files(goods, self.clock.now, full=self.full, size=self.rng.randint(3, 30))
            self.onec.send_goods([dict([file]) for file in files], zipped=self.rng.random() < 0.2)
        self.changed.clear()
        self.full = False
        while self.onec.fetch_orders():
            continue
        fresh = sorted(set(self.onec.documents) - self.returned)
        if fresh:
            states = [returned(number, {"Номер по 1С": f"УТ-{number[-4:]}", "Проведен": "true"}) for number in fresh]
            if self.onec.send_states(documents_xml(*states)).word != "success":
                raise OnecError("states")
            self.returned.update(fresh)

    async def _until_whole(self, application: Application) -> None:
        """Until the program has taken what the whole export no longer names for gone."""
        manifest = application.paths.exchange / "whole" / "export.json"
        async with asyncio.timeout(60):
            while not self.lives.fate.dead and manifest.exists() and '"folder"' in await asyncio.to_thread(manifest.read_text):
                await asyncio.sleep(0.01)

    async def finish(self, application: Application, integration: int) -> None:
        self.full = True
        await self._whole_exchange(application)

    # --- orders ---------------------------------------------------------------------------------------------------------

    def orders(self) -> dict[str, Counter[str]]:
        assert len(self.onec.created) == len(set(self.onec.created))
        found: dict[str, Counter[str]] = {}
        for document in self.onec.documents.values():
            number = document.findtext("Ид") or ""
            assert number not in found, f"{number} is there twice"
            found[number] = Counter()
            for line in document.iterfind("Товары/Товар"):
                found[number][line.findtext("Артикул") or ""] += int(float(line.findtext("Количество") or "0"))
        return found

    def check_orders(self, cancelled: set[str]) -> None:
        super().check_orders(cancelled)
        for document in self.onec.documents.values():
            number = document.findtext("Ид") or ""
            values = document.findall("ЗначенияРеквизитов/ЗначениеРеквизита")
            told = {entry.findtext("Наименование"): entry.findtext("Значение") for entry in values}
            assert told["Отменен"] == ("true" if number in cancelled else "false"), number

    def told(self) -> Told:
        return super().told()
