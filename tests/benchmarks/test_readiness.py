"""Readiness of 100,000 products: of all, of one, after an edit and a rule, and how fast the table is filtered.

Run alone: python -m pytest tests/benchmarks/test_readiness.py -o addopts="" -q -s -p no:randomly
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

import pytest

from ozon_desktop.domain.card import SavedFields
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.services.cards.cards import CardsService
from ozon_desktop.services.cards.view import CardsView
from ozon_desktop.services.secrets import MemoryStore, SecretsService
from ozon_desktop.services.shared import Clients, Revision, utc_now
from ozon_desktop.storage.database import Database
from tests.benchmarks.many_cards import fill, type_key

PRODUCTS, ONE_BY_ONE = 100_000, 200
REFERENCE_TEXTS = 400_000


def reference() -> float:
    """Seconds of a fixed piece of work like that of readiness, so that figures of different machines and hours can be compared."""
    started = time.perf_counter()
    known: dict[tuple[int, str], tuple[str, ...]] = {}
    for number in range(REFERENCE_TEXTS):
        text = f"Цвет {number % 5000}; Размер {number % 700}"
        key = number % 37, text
        if key not in known:
            known[key] = tuple(part.strip().casefold() for part in text.split(";"))
    return time.perf_counter() - started


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


class Pulse:
    """The longest time the event loop, and the database for another asker, could not be had."""

    def __init__(self, database: Database) -> None:
        self.loop = self.waits = 0.0
        self._database = database

    async def run(self) -> None:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(0.005)
            self.loop = max(self.loop, time.perf_counter() - started - 0.005)
            started = time.perf_counter()
            await self._database.run(lambda unit: unit.preferences.get("none"))
            self.waits = max(self.waits, time.perf_counter() - started)


def filters(view: CardsView) -> dict[str, float]:
    """Milliseconds of each kind of filter; each must leave some rows and not all."""
    index, code, field = view.index, *view.reasons[0][:2]
    category = view.categories[0][0]
    asked: dict[str, Callable[[], object]] = {
        "ready": lambda: index.numbers(ready=True),
        "with problems": lambda: index.numbers(ready=False),
        "a reason": lambda: index.numbers(reasons=[(code, field)]),
        "three reasons": lambda: index.numbers(reasons=[reason[:2] for reason in view.reasons[:3]]),
        "a category": lambda: index.numbers(category=category),
        "all three": lambda: index.numbers(ready=False, reasons=[(code, field)], category=category),
    }
    found = {}
    for name, ask in asked.items():
        started = time.perf_counter()
        ask()
        found[name] = (time.perf_counter() - started) * 1000
    assert 0 < len(index.numbers(reasons=[(code, field)])) < len(view.rows)
    return found


@pytest.mark.timeout(900)
async def test_readiness_of_many_products(tmp_path: Path) -> None:
    database = Database.in_file(tmp_path / "data.sqlite3")
    await asyncio.to_thread(database.open)
    integration = await database.run(lambda unit: fill(unit, PRODUCTS))
    transport = Transport(base_url="http://127.0.0.1:9")
    revision = Revision()
    cards = CardsService(database, Clients(database, SecretsService(MemoryStore()), transport), utc_now, revision)
    gc.collect()
    unit = await asyncio.to_thread(reference)
    cold = await timed(lambda: cards.details(integration, "p500"))
    untabled = median([await timed(lambda: cards.details(integration, f"p{number}")) for number in range(501, 511)])  # noqa: B023
    pulse = Pulse(database)
    beat = asyncio.create_task(pulse.run())
    worked = time.process_time()
    whole = await timed(lambda: cards.view(integration))
    worked = time.process_time() - worked
    beat.cancel()
    view = await cards.view(integration)
    one = [await timed(lambda: cards.details(integration, f"p{number}")) for number in range(ONE_BY_ONE)]  # noqa: B023
    saves: list[float] = []
    after: list[float] = []
    for number in range(20):
        fields = SavedFields(f"p{number}", type_key(number), {8050: ((0, "лён"),)})
        saves.append(await timed(lambda: cards.save_fields(integration, fields)))  # noqa: B023
        after.append(await timed(lambda: cards.view(integration)))
    await cards.field_rules.save(integration, [FieldRule("c2", 20001, RuleKind.CONSTANT, ((0, "да"),))])
    rule = await timed(lambda: cards.view(integration))
    revision.bump()
    unknown = await timed(lambda: cards.view(integration))
    unit_after = await asyncio.to_thread(reference)
    spent = filters(view)
    await transport.aclose()
    await asyncio.to_thread(database.close)
    mean = (unit + unit_after) / 2
    print(
        f"\n{PRODUCTS} products, {view.ready} ready, {len(view.reasons)} reasons; reference {unit:.2f} and {unit_after:.2f} s"
        f"\nall: {whole:.1f} s ({worked:.1f} s of processor time) = {whole / mean:.1f} references;"
        f" meanwhile the loop waited at most {pulse.loop * 1000:.0f} ms, the database {pulse.waits * 1000:.0f} ms"
        f"\none: {median(one) * 1000:.1f} ms, at most {max(one) * 1000:.1f} ms;"
        f" without the table {untabled * 1000:.0f} ms, first {cold * 1000:.0f} ms"
        f"\nsaving one: {median(saves) * 1000:.1f} ms, the table after it {median(after) * 1000:.0f} ms;"
        f" after a rule of one of 60 categories {rule:.2f} s, after a change nobody told of {unknown:.1f} s"
        f"\nfilters, ms: " + ", ".join(f"{name} {taken:.1f}" for name, taken in spent.items())
    )
    assert len(view.rows) == PRODUCTS
    assert whole < 20
    assert median(one) < 0.01
    assert max(spent.values()) < 100
