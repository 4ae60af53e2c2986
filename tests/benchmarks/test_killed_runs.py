"""Runs killed by SIGKILL at random points, also in mid request, while Ozon fails by chance: nothing is lost, nothing doubled.

OZON_DESKTOP_KILLED_RUNS: how many runs are killed (300 unless told; 20 take about half a minute). OZON_DESKTOP_KILLED_SEED: the first
seed; several processes with seeds of their own make the number up together. OZON_DESKTOP_KILLED_SERVER:
a PostgreSQL server whose databases, one for each world, take the place of SQLite files, as postgresql://postgres@127.0.0.1:5432/postgres.
"""

import asyncio
import contextlib
import os
import random
import signal
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ozon_desktop.application import build
from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.price_rules import GuardLimits, PriceRule, PriceRules
from ozon_desktop.domain.pricing import money
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import Hold, Verdict
from ozon_desktop.errors import AppError
from ozon_desktop.sandbox.ozon.faults import Faults
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.database_address import ENVIRONMENT_DATABASE_URL
from ozon_desktop.services.shared import utc_now
from tests.benchmarks.killed_run import hasty_options
from tests.services.shop import ARCHIVE, IMPORT, PRICES, STOCKS, TIMERS, UNARCHIVE, WRITING, Line, Shirt, Shop, make_sandbox, set_up, wanted

RUNS = int(os.environ.get("OZON_DESKTOP_KILLED_RUNS", "300"))
SERVER = os.environ.get("OZON_DESKTOP_KILLED_SERVER", "")
FIRST_SEED = int(os.environ.get("OZON_DESKTOP_KILLED_SEED", "0"))
PER_WORLD = 10
"""Kills one after the other in one shop, each after changes of its own, before it is looked whether all came out right."""

FAULTS = "429=0.03,500=0.02,html=0.01,cut=0.03,timeout=0.02:0.2,slow=0.03:0.1"
PROGRAM = Path(__file__).with_name("killed_run.py")
STEPS = (
    *(IMPORT, PRICES, TIMERS, STOCKS, ARCHIVE, UNARCHIVE),
    *("/v1/product/import/info", "/v3/product/info/list", "/v1/product/action/timer/status", "/v4/posting/fbs/list"),
)
PROLONGED_AFTER = 24
"""Days after which the timers of lowest prices are due."""
LAST_REQUEST = 40
STEP_S = 10
"""How long a step is waited for; it may not be due. Longer than a busy machine takes to come to it."""
RULES = PriceRules(minimum=PriceRule(markup=Decimal(-20)), guard=GuardLimits(active=False, single=Decimal(1000)))


@dataclass
class World:
    """A shop whose store changes between kills. `ever`: every article there has been."""

    shop: Shop
    sandbox: Sandbox
    url: str
    rng: random.Random
    shirts: dict[str, Shirt] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    ends: Counter[str] = field(default_factory=Counter)
    days: int = 0
    step: str | None = None
    """The method at which the next run is killed; None = after any number of requests."""

    def now(self) -> datetime:
        """The time of both the program and Ozon: real time, some days ahead."""
        return utc_now() + timedelta(days=self.days)

    async def change(self) -> None:
        """New products, other prices and stocks, some products gone or back, a quota, weeks that pass; and buyers order."""
        rng = self.rng
        self.sandbox.memory.quotas.daily_create = rng.choice([2, 1_500])
        # At a step of the run, the first or the second time it is taken, or after any number of requests; never before the first.
        self.step = rng.choice([*STEPS, None, None])
        self.days += PROLONGED_AFTER if self.step == TIMERS else rng.choice([0, 0, 12])
        for shirt in rng.sample(list(self.shirts.values()), min(12, len(self.shirts))):
            self.shirts[shirt.offer_id] = replace(
                shirt, price=str(rng.randint(500, 5000)), stock=rng.randint(0, 9), name=rng.choice(["", f"Рубашка {rng.randint(1, 99)}"])
            )
        for _ in range(rng.randint(3, 9)):
            article = f"RU-{len(self.ever):04}" if rng.random() < 0.8 or not self.ever else rng.choice(sorted(self.ever))
            self.shirts.setdefault(article, Shirt(article, str(rng.randint(500, 5000)), rng.randint(0, 9), rng.randint(0, 3)))
            self.ever.add(article)
        for article in rng.sample(sorted(self.shirts), min(3, max(len(self.shirts) - 8, 0))):
            del self.shirts[article]
        if self.step == UNARCHIVE:
            with self.sandbox.memory.lock:
                archived = sorted(
                    offer for offer, product in self.sandbox.products.items() if product.archived and offer not in self.shirts
                )
            self.shirts |= {article: Shirt(article, str(rng.randint(500, 5000)), 5, 0) for article in archived[:2]}
        await self.shop.stocks_the_store(*self.shirts.values())
        await self.release()
        with self.sandbox.memory.lock:
            products = [product for product in self.sandbox.products.values() if not product.archived]
            for product in rng.sample(products, min(2, len(products))):
                self.sandbox.orders.place(product, 1, "fbo", self.sandbox.memory.clock())

    async def release(self) -> None:
        """Archivings pile up while every run is killed, until they look like a cut export; a person says that they are right."""
        held = self.shop.application.held_items
        keys = [item.key for item in await held.view(self.shop.integration) if item.hold is Hold.VANISHED]
        await held.decide(self.shop.integration, keys, Verdict.SEND)

    async def kill_one(self) -> None:
        """Starts the program and kills it (no clean-up of any kind) after some requests and a moment, mostly in mid request."""
        self.sandbox.reset_requests()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(PROGRAM), self.url, str(self.shop.folder), str(self.days)),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"begun\n"
        step = self.step
        stop_at, deadline = self.rng.randint(1, LAST_REQUEST if step is None else 2), time.monotonic() + STEP_S
        while self.asked(step) < stop_at and process.returncode is None and time.monotonic() < deadline:
            await asyncio.sleep(0.001)
        self.ends[step if step is not None and self.asked(step) >= stop_at else "anywhere"] += 1
        # Ozon has done the last one by now, its answer is under way; or the next request is.
        await asyncio.sleep(self.rng.uniform(0, 0.004 if step is not None else 0.03))
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        killed = await process.wait() == -signal.SIGKILL
        assert killed, "it ended by itself"
        open_intents = await self.shop.application.storage.run(lambda unit: unit.sync.open_intents(self.shop.integration))
        self.ends["with open intents" if open_intents else "between"] += 1

    def asked(self, step: str | None) -> int:
        """How many requests the program sent, of all or of one method."""
        return sum(step is None or request.path == step for request in list(self.sandbox.requests))

    async def come_right(self) -> None:
        """The next run, with an Ozon that works again, brings everything to where the store wants it."""
        with self.sandbox.memory.lock:
            self.sandbox.memory.faults = Faults("", 0)
            self.sandbox.memory.quotas.daily_create = 1_500
        shop = self.shop
        result = await shop.application.sync.run(shop.integration, silent)
        if result.run.result is not RunResult.DONE:
            # A card that Ozon still worked on when the first run gave up waiting, or products that were held.
            await self.release()
            result = await shop.application.sync.run(shop.integration, silent)
        assert result.run.result is RunResult.DONE, result.run
        assert without_zeros(shop.on_ozon()) == without_zeros(wanted(*self.shirts.values()))
        now = self.now()
        sold = [product for product in self.sandbox.products.values() if not product.archived]
        assert all(product.minimum_binds(now) for product in sold), "a lowest price that is not heeded"
        assert {product.offer_id: product.min_price for product in sold} == {
            shirt.offer_id: money(Decimal(shirt.price) * Decimal("0.8")) for shirt in self.shirts.values()
        }
        assert len(self.sandbox.memory.by_id) == len(self.sandbox.products), "a product twice"
        assert set(self.sandbox.products) <= self.ever
        orders = await shop.application.storage.run(lambda unit: unit.orders.all(shop.integration))
        assert sorted(order.posting.posting_number for order in orders) == sorted(self.sandbox.memory.postings), "orders"
        assert await shop.application.storage.run(lambda unit: unit.sync.open_intents(shop.integration)) == []
        self.sandbox.reset_requests()
        await shop.application.sync.run(shop.integration, silent)
        again = WRITING & {request.path for request in self.sandbox.requests}
        assert not again, f"sent again without need: {again}"
        await shop.application.journal.close_interrupted()
        left = [run for run in await shop.application.journal.runs(shop.integration, 1000) if run.result is RunResult.RUNNING]
        assert left == []
        interrupted = [run for run in await shop.application.journal.runs(shop.integration, 1000) if run.result is RunResult.INTERRUPTED]
        self.ends["journalled as interrupted"] += len([run for run in interrupted if run.kind is RunKind.SYNC])


@contextlib.contextmanager
def database_of(seed: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database of its own on the server, whose address both programs take from the environment; nothing where files are meant."""
    if not SERVER:
        yield
        return
    name = f"killed_{seed}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    monkeypatch.setenv(ENVIRONMENT_DATABASE_URL, f"{SERVER.rpartition('/')[0]}/{name}")
    try:
        yield
    finally:
        monkeypatch.delenv(ENVIRONMENT_DATABASE_URL)
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@dataclass
class ShiftedClock:
    """The time of a world, once there is one."""

    world: World | None = None

    def __call__(self) -> datetime:
        return utc_now() if self.world is None else self.world.now()


def without_zeros(cards: dict[str, tuple[str, Decimal, dict[int, int]]]) -> dict[str, tuple[str, Decimal, dict[int, int]]]:
    """A warehouse that holds nothing is like one that was never told of."""
    return {
        offer_id: (name, price, {warehouse: stock for warehouse, stock in stocks.items() if stock})
        for offer_id, (name, price, stocks) in cards.items()
    }


@pytest.mark.timeout(6000)
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
async def test_killed_runs_lose_nothing_and_double_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ends: Counter[str] = Counter()
    began, kills = time.monotonic(), 0
    for seed in range(FIRST_SEED, FIRST_SEED - (-RUNS // PER_WORLD)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        clock = ShiftedClock()
        sandbox = make_sandbox(latency_ms=12, clock=clock)  # type: ignore[arg-type]
        with database_of(seed, monkeypatch), SandboxThread(sandbox) as served:
            application = await build(hasty_options(folder, served.url, monkeypatch.setattr, clock))
            try:
                first = Shirt("RU-0000")
                shop = await set_up(application, Line(sandbox), folder, first)
                world = World(shop, sandbox, served.url, random.Random(seed), {"RU-0000": first}, {"RU-0000"})
                clock.world = world
                await application.sync_rules.save(shop.integration, RULES, None)
                sandbox.memory.faults = Faults(FAULTS, seed)
                for _ in range(min(PER_WORLD, RUNS - kills)):
                    await world.change()
                    await world.kill_one()
                    kills += 1
                await world.come_right()
                ends += world.ends
            except AppError as error:
                raise AssertionError(f"world {seed}: {error}") from error
            finally:
                await application.close()
    print(f"\n{kills} runs killed on {'PostgreSQL' if SERVER else 'SQLite'} in {time.monotonic() - began:.0f} s: {dict(ends)}")
    assert kills == RUNS
    assert not [step for step in STEPS if not ends[step]] or RUNS < 100, "a step was never met"
    assert ends["with open intents"], "no kill came between an intent and its answer: nothing was tested"
