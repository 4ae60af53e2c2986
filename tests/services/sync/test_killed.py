"""A program killed inside a run, not at its start: the next run ends where the store wants it, with nothing lost and nothing twice."""

import asyncio
import os
import random
import signal
import sys
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.application import build
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.price_rules import GuardLimits, PriceRule, PriceRules
from ozon_desktop.domain.progress import silent
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.shared import utc_now
from tests.benchmarks import killed_run
from tests.services.shop import ARCHIVE, IMPORT, TIMERS, WRITING, Line, Shirt, Shop, make_sandbox, set_up, wanted

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")]

RULES = PriceRules(minimum=PriceRule(markup=Decimal(-20)), guard=GuardLimits(active=False, single=Decimal(1000)))
FIRST = tuple(Shirt(f"RU-{number}", f"{1000 + number}", number) for number in range(5))
MORE = tuple(Shirt(f"RU-{number}", f"{1000 + number}", number) for number in range(5, 9))
OTHER_NAME = replace(FIRST[0], name="Рубашка другая")
NUMBERS = (replace(OTHER_NAME, price="1900", stock=8), *FIRST[1:4])
MOST_REQUESTS = 500
"""A run of these few products makes some twenty; each method waited for is asked in the first one."""

# (where it is killed, what the store has then, how many days pass before, how many cards Ozon takes that day)
STEPS = (
    (IMPORT, (*FIRST, *MORE), 0, len(FIRST) + 2),
    (ARCHIVE, NUMBERS[1:], 0, 1_500),
    (TIMERS, (*NUMBERS, *MORE), 24, 1_500),
)


@dataclass
class Clock:
    """Real time, some days ahead, for the program and for Ozon."""

    days: int = 0

    def __call__(self) -> datetime:
        return utc_now() + timedelta(days=self.days)


async def kill_at(path: str, sandbox: Sandbox, url: str, shop: Shop, days: int, delay_s: float) -> None:
    """Starts the program and kills it (no clean-up of any kind) a moment after Ozon has done what it was asked by this method."""
    sandbox.reset_requests()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = (sys.executable, str(killed_run.__file__), url, str(shop.folder), str(days))
    process = await asyncio.create_subprocess_exec(*words, env=environment, stdout=asyncio.subprocess.PIPE)
    try:
        while path not in (asked := [request.path for request in list(sandbox.requests)]):
            assert process.returncode is None, "it ended by itself"
            assert len(asked) < MOST_REQUESTS, f"{path} was never asked, but {sorted(set(asked))}"
            await asyncio.sleep(0.002)
        await asyncio.sleep(delay_s)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
    assert process.returncode == -signal.SIGKILL


async def test_a_run_killed_inside_is_completed_by_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The long form, at every step and random moments, with an Ozon that fails, is tests/benchmarks/test_killed_runs.py."""
    chance, clock = random.Random(1), Clock()
    sandbox = make_sandbox(latency_ms=4, clock=clock)  # type: ignore[arg-type]
    with SandboxThread(sandbox) as served:
        application = await build(killed_run.hasty_options(tmp_path, served.url, monkeypatch.setattr, clock))
        try:
            shop = await set_up(application, Line(sandbox), tmp_path, *FIRST)
            await application.sync_rules.save(shop.integration, RULES, None)
            while (await application.sync.run(shop.integration, silent)).run.result is not RunResult.DONE:
                pass
            for path, shirts, days, quota in STEPS:
                clock.days += days
                sandbox.memory.quotas.daily_create = quota
                await shop.stocks_the_store(*shirts)
                await kill_at(path, sandbox, served.url, shop, clock.days, chance.uniform(0, 0.004))
                await comes_right(shop, sandbox, clock, path, *shirts)
        finally:
            await application.close()


async def comes_right(shop: Shop, sandbox: Sandbox, clock: Clock, path: str, *shirts: Shirt) -> None:
    """One more run brings everything to where the store wants it, a further one has nothing to do."""
    application = shop.application
    sandbox.memory.quotas.daily_create = 1_500
    result = await application.sync.run(shop.integration, silent)
    if result.run.result is not RunResult.DONE:
        # A card that Ozon still worked on when the first run gave up waiting.
        result = await application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, (path, result.run)
    assert shop.on_ozon() == wanted(*shirts), path
    sold = [product for product in sandbox.products.values() if not product.archived]
    assert all(product.minimum_binds(clock() + timedelta(days=7)) for product in sold), path
    assert len(sandbox.memory.by_id) == len(sandbox.memory.shelf), "a product twice"
    assert await application.storage.run(lambda unit: unit.sync.open_intents(shop.integration)) == []
    runs = await application.journal.runs(shop.integration)
    assert RunResult.INTERRUPTED in {run.result for run in runs}
    sandbox.reset_requests()
    await application.sync.run(shop.integration, silent)
    again = WRITING & {request.path for request in sandbox.requests}
    assert not again, f"sent again without need after a kill at {path}: {again}"
