"""Simulated hours of many cabinets over one program, one database and one clock; each cabinet has a sandbox of its own that often fails."""

import gc
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop import application as composition
from ozon_desktop.application import Application, build
from ozon_desktop.domain.journal import RunKind
from ozon_desktop.domain.orders import Order
from ozon_desktop.domain.progress import silent
from ozon_desktop.ozon.limits import RetryPolicy
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.faults import Faults
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.benchmarks.killed_run import hasty_options
from tests.services.shop import BEGIN, SHIRT, Line, Shirt, hasty_pace, make_sandbox, set_up

Bought = tuple[int, str]
"""The cabinet's place and the posting's number: each sandbox counts its own."""
STEP = timedelta(minutes=5)
ORDERS_WITHIN = timedelta(minutes=30)
"""From the order to its being known: two looks of ten minutes, of which one may meet a fault, and their steps."""
FAULTS = "429=0.01,500=0.01,html=0.01,cut=0.01,timeout=0.01:0.01,slow=0.01:0.01"


@dataclass
class Time:
    """The clock of the program and of every cabinet."""

    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Cabinets:
    """As one application: each request goes to the sandbox of its Client-Id, which knows itself under its usual one."""

    sandboxes: dict[int, Sandbox] = field(default_factory=dict)

    async def __call__(self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        given = dict(scope["headers"])
        number = int(given.get(b"client-id", b"0"))
        usual = str(KNOWN_CLIENT_ID).encode()
        headers = [(name, usual if name == b"client-id" else value) for name, value in scope["headers"]]
        await self.sandboxes[number].app({**scope, "headers": headers}, receive, send)


def used() -> tuple[float, int]:
    """(resident memory in MB, open descriptors)."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir("/proc/self/fd"))


async def one_more(application: Application, number: int, shop_settings: Any) -> int:
    """A cabinet set up like the first one."""
    made = await application.integrations.add(f"Кабинет {number}")
    settings = replace(shop_settings, client_id=KNOWN_CLIENT_ID + number)
    await application.integrations.save(made.id, settings, ADMIN_KEY)
    await application.connection.check(made.id)
    await application.catalog.fetch_base(made.id, silent)
    await application.integrations.select_bases(made.id, frozenset({100}))
    await application.catalog.fetch_children(made.id, silent)
    await application.catalog.fetch_settings(made.id, silent)
    await application.integrations.set_enabled(made.id, True)
    await application.mapping.map(made.id, ["2"], SHIRT)
    await application.storage.run(lambda unit: unit.guards.confirm(made.id, BEGIN))
    return made.id


@dataclass(frozen=True, slots=True)
class Lived:
    """What some hours came to. begin, end: (MB, descriptors) after a quarter and at the end; hourly: moments of scheduled runs by cabinet.

    late: orders that were not known within ORDERS_WITHIN, with the moment they were, None = never.
    """

    orders: int
    begin: tuple[float, int]
    end: tuple[float, int]
    hourly: list[list[datetime]]
    late: dict[Bought, datetime | None]


async def live(folder: Path, monkeypatch: pytest.MonkeyPatch, cabinets_many: int, products: int, orders: int, hours: int) -> Lived:
    """Lives through them: looks of the schedule every STEP, orders of buyers spread over the time."""
    clock, cabinets, rng = Time(), Cabinets(), random.Random(1)
    for number in range(cabinets_many):
        cabinets.sandboxes[KNOWN_CLIENT_ID + number] = make_sandbox(clock=clock)  # type: ignore[arg-type]
    options = hasty_options(folder, "http://load.invalid", monkeypatch.setattr, clock)
    hasty = partial(Transport, pace=hasty_pace(), retries=RetryPolicy(attempts=6, first_delay_s=0.001, longest_delay_s=0.01))

    def made(**arguments: Any) -> Transport:
        return hasty(**{**arguments, "app": cabinets})

    monkeypatch.setattr(composition, "Transport", made)
    application = await build(options)
    shirts = [Shirt(f"RU-{number:05}", str(500 + number), 9) for number in range(products)]
    shop = await set_up(application, Line(cabinets.sandboxes[KNOWN_CLIENT_ID]), folder, *shirts)
    page = await application.integrations.page(shop.integration)
    ids = [shop.integration]
    ids += [await one_more(application, number, page.integration.settings) for number in range(1, cabinets_many)]
    for number, sandbox in enumerate(cabinets.sandboxes.values()):
        sandbox.memory.faults = Faults(FAULTS, number)
    placed: dict[Bought, datetime] = {}
    known: dict[Bought, datetime] = {}
    measured: list[tuple[float, int]] = []
    steps = int(timedelta(hours=hours) / STEP)
    for step in range(steps):
        clock.now += STEP
        _buy(cabinets, placed, clock.now, rng, orders * (step + 1) // steps - orders * step // steps)
        await application.scheduler.tick()
        for place, id_ in enumerate(ids):
            for order in await application.storage.run(partial(_orders, id_)):
                known.setdefault((place, order.posting.posting_number), clock.now)
        if step >= steps // 4 and step % 12 == 0:
            measured.append(used())
    hourly = [await _sync_moments(application, id_) for id_ in ids]
    await application.close()
    asked = {number: at for number, at in placed.items() if at < clock.now - ORDERS_WITHIN}
    late = {number: known.get(number) for number, at in asked.items() if number not in known or known[number] - at > ORDERS_WITHIN}
    return Lived(len(placed), measured[0], measured[-1], hourly, late)


def _buy(cabinets: Cabinets, placed: dict[Bought, datetime], now: datetime, rng: random.Random, many: int) -> None:
    """So many orders, each in any cabinet."""
    for _ in range(many):
        place, sandbox = rng.choice(list(enumerate(cabinets.sandboxes.values())))
        with sandbox.memory.lock:
            products = [product for product in sandbox.products.values() if not product.archived]
            if products:
                posting = sandbox.orders.place(rng.choice(products), 1, "fbo", now)
                placed[place, posting.number] = now


def _orders(integration_id: int, unit: UnitOfWork) -> list[Order]:
    return unit.orders.all(integration_id)


async def _sync_moments(application: Application, integration_id: int) -> list[datetime]:
    """When the scheduled synchronizations of a cabinet began, in order."""
    runs = await application.storage.run(lambda unit: unit.journal.runs(integration_id, 10_000))
    return sorted(run.started_at for run in runs if run.kind is RunKind.SYNC and run.cause.value == "scheduled")


def exactly_hourly(lived: Lived, hours: int) -> bool:
    """Whether each cabinet was synchronized once an hour: nothing due was left out or done twice."""
    once = all(later - earlier >= timedelta(minutes=55) for moments in lived.hourly for earlier, later in pairwise(moments))
    return once and all(len(moments) >= hours - 1 for moments in lived.hourly)
