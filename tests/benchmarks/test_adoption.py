"""How near reading a whole cabinet of 50,000 cards comes to Ozon's limit, how long it takes, and how much memory.

Run alone: python -m pytest tests/benchmarks/test_adoption.py -o addopts="" -q -s -p no:randomly
"""

import asyncio
import multiprocessing
import resource
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ozon_desktop.domain.progress import silent
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.endpoints import Endpoint
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import serve
from ozon_desktop.services.cabinet.parts.loading import CARDS_A_REQUEST, SIDE_BY_SIDE, CabinetLoading
from tests.places import SANDBOX_DATA as DATA
from tests.services.cabinet.cards_on_ozon import place, values
from tests.services.catalog.collecting import CREDENTIALS, now, open_database

CARDS, ARCHIVED_EVERY = 50_000, 10
LATENCY_MS = 150
LIMIT = 50.0
MOST_MEMORY_MB = 400


def _serve(ready: "multiprocessing.Queue[str]") -> None:
    """A cabinet full of cards with a dozen attributes each."""
    sandbox = Sandbox(data_dir=DATA, order_interval_s=0, latency_ms=LATENCY_MS)
    attributes = tuple(values(7000 + number, (0, f"Значение {number}")) for number in range(12))
    for number in range(CARDS):
        archived = number % ARCHIVED_EVERY == 0
        name = f"Рубашка мужская льняная {number}"
        place(sandbox, f"A-{number}", name, barcode=str(4_600_000_000_000 + number), stock=7, archived=archived, attributes=attributes)
    serve(sandbox, on_ready=ready.put)


@contextmanager
def served() -> Iterator[str]:
    """The cabinet in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ready = context.Queue()
    process = context.Process(target=_serve, args=(ready,), daemon=True)
    process.start()
    try:
        yield ready.get(timeout=120)
    finally:
        process.terminate()
        process.join()


@pytest.mark.timeout(600)
async def test_a_large_cabinet_is_read_at_the_limit(tmp_path: Path) -> None:
    answers: Counter[int] = Counter()
    moments: list[float] = []

    def record(endpoint: Endpoint, asked: bytes, status: int, answer: bytes) -> None:
        answers[status] += 1
        moments.append(time.perf_counter())

    database = open_database(tmp_path)
    integration = (await asyncio.to_thread(database.run_sync, lambda unit: unit.integrations.add("Магазин"))).id
    with served() as url:
        transport = Transport(base_url=url, recorder=record)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started, worked = time.perf_counter(), time.process_time()
        await CabinetLoading(database, OzonClient(transport, CREDENTIALS), now, integration).run(silent)
        seconds, worked = time.perf_counter() - started, time.process_time() - worked
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
        await transport.aclose()
    cached = await asyncio.to_thread(database.run_sync, lambda unit: len(unit.cabinet.outlines(integration)))
    database.close()
    moments.sort()
    # While work remains: until only the last requests are under way.
    inner = moments[: max(len(moments) - SIDE_BY_SIDE * 4, 2)]
    rate = (len(inner) - 1) / (inner[-1] - inner[0])
    print(
        f"\n{CARDS} cards, {CARDS_A_REQUEST} a request: {len(moments)} requests in {seconds:.1f} s ({CARDS / seconds:.0f} cards/s), "
        f"{rate:.2f} requests/s while work remains = {rate / LIMIT:.3f} of the limit; {worked:.1f} s of processor time, "
        f"{grown:.0f} MB more memory; answers by status: {dict(answers)}"
    )
    assert cached == CARDS
    assert answers == {200: len(moments)}
    assert grown < MOST_MEMORY_MB
    assert rate / LIMIT >= 0.95
