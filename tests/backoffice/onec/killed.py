"""A shop whose program is killed in the middle of exchanges with 1C: afterwards both agree, and no order is there twice or lost."""

import asyncio
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from ozon_desktop.application import Application, build
from ozon_desktop.backoffice.onec.server import bound
from ozon_desktop.domain.orders import Order, Posting, PostingProduct
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.backoffice.onec.exports import documents_xml, import_xml, offers_xml, returned
from tests.backoffice.onec.killed_program import PASSWORD, options
from tests.backoffice.onec.scripted import CLIENTS, Onec, OnecError, Reply
from tests.places import ROOT

PROGRAM = Path(__file__).with_name("killed_program.py")
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
LOGIN = "обмен"
STATUSES = ("awaiting_packaging", "awaiting_deliver", "delivering", "delivered", "cancelled")
BROKEN = (OSError, http.client.HTTPException, OnecError)


@dataclass
class FragileOnec(Onec):
    """A 1C whose other side is killed at a request, or a moment after it. left: requests until then, None = never."""

    life: int = 0
    left: int | None = None
    after_s: float = 0.0
    killer: threading.Timer | None = None

    def ask(self, query: str, body: bytes | None = None, cookie: str = "", *, basic: bool = True, path: str | None = None) -> Reply:
        if self.left is not None:
            self.left -= 1
            if self.left == 0:
                # The kill comes while the request is on its way or at work.
                self.killer = threading.Timer(self.after_s, os.kill, (self.life, signal.SIGKILL))
                self.killer.start()
        return super().ask(query, body, cookie, basic=basic, path=path)


@dataclass
class World:
    """goods: price and stock by id, as 1C has them; changed: what it has registered for the next exchange."""

    folder: Path
    application: Application
    port: int
    rng: random.Random
    goods: dict[str, tuple[float, int]] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    full: bool = True
    sold: dict[str, str] = field(default_factory=dict)
    onec: FragileOnec = field(init=False)
    lives: "subprocess.Popen[str]" = field(init=False)
    ends: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.onec = FragileOnec(f"http://127.0.0.1:{self.port}/ozon", LOGIN, PASSWORD, self.rng.choice(CLIENTS))
        environment, words = {**os.environ, "PYTHONPATH": str(ROOT)}, [sys.executable, str(PROGRAM), str(self.folder)]
        pipe = subprocess.PIPE
        self.lives = subprocess.Popen(words, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    # --- life of the shop -----------------------------------------------------------------------------------------------

    async def change(self) -> None:
        """People work in 1C, buyers order."""
        rng = self.rng
        for _ in range(rng.randint(1, 4)):
            id_ = f"p{rng.randint(1, 40)}"
            self.goods[id_] = (float(rng.randint(100, 999)), rng.randint(0, 20))
            self.changed.add(id_)
        if len(self.goods) > 6 and rng.random() < 0.5:
            # That something is gone is told by a full export only.
            gone = rng.choice(sorted(self.goods))
            del self.goods[gone]
            self.changed.discard(gone)
            self.full = True
        for _ in range(rng.randint(0, 3)):
            self.sold.setdefault(f"{rng.randint(10**7, 10**8)}-{rng.randint(1, 9999):04}-1", STATUSES[0])
        for number in rng.sample(sorted(self.sold), min(2, len(self.sold))):
            self.sold[number] = STATUSES[min(STATUSES.index(self.sold[number]) + 1, 3)] if rng.random() < 0.8 else "cancelled"
        await self._keep_orders()

    async def _keep_orders(self) -> None:
        def work(unit: UnitOfWork) -> None:
            integration = unit.integrations.all()[0]
            known = {order.posting.posting_number: order for order in unit.orders.all(integration.id)}
            for number, status in self.sold.items():
                if number in known and known[number].posting.status == status:
                    continue
                line = PostingProduct("A-p0", "Товар", 1, 1, Decimal(100), "RUB")
                posting = Posting(number, number, 1, "fbs", status, "", NOW, None, (line,))
                unit.orders.upsert(Order(integration.id, posting, None, None, None, NOW))

        await self.application.storage.run(work)

    # --- exchanges ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """A life of the program, ready to answer."""
        assert self.lives.stdin is not None
        assert self.lives.stdout is not None
        self.lives.stdin.write("live\n")
        self.lives.stdin.flush()
        said = self.lives.stdout.readline()
        if "http" not in said:
            raise AssertionError(said or self.lives.communicate()[1])
        self.onec.life = int(said.split()[0])

    def kill(self) -> None:
        """Ends the program as hard as can be."""
        assert self.lives.stdout is not None
        with suppress(ProcessLookupError):
            os.kill(self.onec.life, signal.SIGKILL)
        assert self.lives.stdout.readline().strip() == "ended"
        self.onec.life = 0

    def exchange(self) -> None:
        """A whole exchange, goods up, orders down, states up; what fails stays registered. One of BROKEN when it breaks off."""
        self.onec.send_goods(self._portions(), zipped=self.rng.random() < 0.2)
        self.changed.clear()
        self.full = False
        numbers = self.onec.fetch_orders()
        if numbers:
            states = [returned(number, {"Номер по 1С": f"УТ-{number[-4:]}", "Проведен": "true"}) for number in numbers]
            if self.onec.send_states(documents_xml(*states)).word != "success":
                raise OnecError("states")

    def break_off(self) -> None:
        """An exchange in the middle of which the program is killed."""
        self.start()
        self.onec.left, self.onec.after_s = self.rng.randint(1, 24), self.rng.choice([0.0, 0.002, 0.01, 0.03, 0.1])
        try:
            for _ in range(6):
                self.exchange()
        except BROKEN as error:
            self.ends[type(error).__name__] += 1
        self.onec.left = None
        if self.onec.killer is not None:
            self.onec.killer.join()
        self.kill()

    def _portions(self) -> list[dict[str, bytes]]:
        wanted = sorted(self.goods) if self.full else sorted(self.changed)
        size = self.rng.randint(3, 8)
        parts = [wanted[start : start + size] for start in range(0, len(wanted), size)]
        full = self.full
        goods = [
            {f"import0_{n}.xml": import_xml(dict.fromkeys(["p0", *part], "Товар"), full=full and n == 1, classifier=n == 1)}
            for n, part in enumerate(parts, start=1)
        ]
        offers = [
            {f"offers0_{n}.xml": offers_xml({"p0": (1.0, 9), **{id_: self.goods[id_] for id_ in part}}, full=full and n == 1)}
            for n, part in enumerate(parts, start=1)
        ]
        return goods + offers

    # --- what must be true ----------------------------------------------------------------------------------------------

    async def agree(self) -> None:
        """One exchange to its end, with everything: then both sides have the same."""
        self.full = True
        await asyncio.to_thread(self.start)
        await asyncio.to_thread(self.exchange)
        for _ in range(30):
            if not await asyncio.to_thread(self.onec.fetch_orders):
                break
        await self._until_whole()
        await asyncio.to_thread(self.kill)
        await self._same_goods()
        await self._same_orders()

    async def _until_whole(self) -> None:
        manifest = self.application.paths.exchange / "whole" / "export.json"
        async with asyncio.timeout(120):
            while '"folder"' in await asyncio.to_thread(manifest.read_text):
                await asyncio.sleep(0.05)

    async def _same_goods(self) -> None:
        products = {product.offer_id: product for product in await self.application.store_listing.products(())}
        alive = {offer for offer, product in products.items() if not product.deleted}
        assert alive == {f"A-{id_}" for id_ in self.goods} | {"A-p0"}
        for id_, (price, stock) in self.goods.items():
            product = products[f"A-{id_}"]
            assert [Decimal(str(each.value)) for each in product.prices.values()] == [Decimal(str(price))], id_
            assert sum(map(Decimal, product.stocks.values())) == stock, id_

    async def _same_orders(self) -> None:
        loaded = {document.findtext("Ид"): number for number, document in self.onec.documents.items()}
        assert len(self.onec.created) == len(set(self.onec.created)) == len(self.onec.documents) == len(loaded)
        # One that was over before 1C heard of it needs no document there.
        over = {number for number, status in self.sold.items() if status in {"delivered", "cancelled"}}
        assert set(self.sold) - over <= set(loaded)
        assert set(loaded) <= set(self.sold)
        integration = (await self.application.integrations.all())[0].id
        assert await self.application.store_orders.count_waiting(integration) == 0
        for posting_number, number in loaded.items():
            assert posting_number is not None
            values = self.onec.documents[number].findall("ЗначенияРеквизитов/ЗначениеРеквизита")
            told = {entry.findtext("Наименование"): entry.findtext("Значение") for entry in values}
            assert told["Отменен"] == ("true" if self.sold[posting_number] == "cancelled" else "false"), posting_number


async def make_world(folder: Path, seed: int) -> World:
    with bound(0, open_to_network=False) as free:
        port = free.getsockname()[1]
    application = await build(options(folder))
    await application.onec.connect(StoreConnection(ConnectionKind.ONEC, login=LOGIN, port=port), PASSWORD)
    integration = (await application.integrations.all())[0]
    await application.storage.run(lambda unit: unit.integrations.save(replace(integration, enabled=True)))
    return World(folder, application, port, random.Random(seed))


async def kill_exchanges(folder: Path, seed: int, kills: int) -> Counter[str]:
    """So many kills one after another in one shop, then everything must agree; gives how the exchanges broke off."""
    world = await make_world(folder, seed)
    try:
        for _ in range(kills):
            await world.change()
            await asyncio.to_thread(world.break_off)
        await world.agree()
    finally:
        if world.onec.life:
            world.kill()
        world.lives.communicate()
        await world.application.close()
    return world.ends
