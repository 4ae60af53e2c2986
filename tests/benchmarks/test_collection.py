"""How near the settings collection comes to Ozon's limit, against the straightforward way, and whether it survives trouble.

Run alone: python -m pytest tests/benchmarks/test_collection.py -o addopts="" -q -s -p no:randomly
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ozon_sdk import SellerAPI

from ozon_desktop.domain.ozon_catalog import OzonType
from ozon_desktop.ozon.endpoints import Endpoint
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.catalog.parts.collection import SIDE_BY_SIDE
from tests.services.catalog.collecting import (
    HASTY,
    Cache,
    Collector,
    cached,
    finished,
    in_process,
    open_database,
    shrink_pages,
    smallest_number,
    some_types,
    stopped,
)
from tests.services.catalog.test_collection import FAULTS, unlimited

FULL_SIZE, FEW = 3_000, 20
LATENCY_MS = 150
LIMIT = 50.0
SURVIVALS, KILLED_FOR_REAL = 200, 12
KILLED_PROGRAM = Path(__file__).with_name("killed_collection.py")


@contextmanager
def served(scale: int, latency_ms: int) -> Iterator[str]:
    """A sandbox in a process of its own."""
    command = [sys.executable, "-m", "ozon_desktop", "sandbox", "--port", "0", "--scale", str(scale), "--latency", str(latency_ms)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@dataclass
class Measured:
    """One collection. rate: requests/s while work remained; seconds and requests: of the whole; answers: how many of each HTTP status."""

    rate: float
    seconds: float
    requests: int
    answers: Counter[int]
    cache: Cache


async def measured(url: str, folder: Path, number: int) -> Measured:
    """Collects the settings of so many types, all or as many as there are."""
    answers: Counter[int] = Counter()
    moments: list[float] = []

    def record(endpoint: Endpoint, asked: bytes, status: int, answer: bytes) -> None:
        answers[status] += 1
        moments.append(time.perf_counter())

    program = Collector(Transport(base_url=url, recorder=record), open_database(folder))
    types = some_types(await program.fetch_tree(), number)
    assert len(types) == number
    answers.clear()
    moments.clear()
    before = program.client.requests_sent
    started = time.perf_counter()
    result = await program.collect(types)
    seconds = time.perf_counter() - started
    assert not result.failed
    requests = program.client.requests_sent - before
    # While work remains: from the first answer to the moment when only the last requests are under way.
    moments.sort()
    inner = moments[: max(len(moments) - SIDE_BY_SIDE, 2)]
    rate = (len(inner) - 1) / (inner[-1] - inner[0])
    cache = await cached(program.database, types)
    await program.close()
    return Measured(rate, seconds, requests, answers, cache)


@pytest.mark.timeout(1200)
async def test_full_size_selection_at_the_limit(tmp_path: Path) -> None:
    with served(scale=6, latency_ms=LATENCY_MS) as url:
        run = await measured(url, tmp_path, FULL_SIZE)
    smallest = smallest_number(run.cache)
    print(
        f"\n{FULL_SIZE} types in {run.seconds:.0f} s: {run.rate:.2f} requests/s while work remains = {run.rate / LIMIT:.3f} of the limit "
        f"({run.requests / run.seconds:.2f} over the whole); {run.requests} requests = {run.requests / smallest:.4f} of the smallest "
        f"possible {smallest}; answers by status: {dict(run.answers)}"
    )
    assert run.answers == {200: run.requests}
    assert run.rate / LIMIT >= 0.95
    assert run.requests / smallest <= 1.02


@pytest.mark.timeout(900)
async def test_against_the_straightforward_way(tmp_path: Path) -> None:
    """Every dictionary for every type, one after the other, as ozon-sdk is used by its examples and paced by its defaults."""
    sandbox = Sandbox(order_interval_s=0, latency_ms=LATENCY_MS)
    with SandboxThread(sandbox) as server:
        ours = await measured(server.url, tmp_path, FEW)
        types = list(ours.cache[0])
        sandbox.reset_requests()
        started = time.perf_counter()
        async with SellerAPI(str(KNOWN_CLIENT_ID), ADMIN_KEY, base_url=server.url) as api:
            for type_key in types:
                key: dict[str, Any] = {"description_category_id": type_key.description_category_id, "type_id": type_key.type_id}
                for attribute in (await api.get_attributes(**key)).result or []:
                    more = bool(attribute.dictionary_id)
                    last: int | None = 0
                    while more:
                        page = await api.get_attribute_values(attribute_id=attribute.id_, limit=2000, last_value_id=last, **key)
                        values = page.result or []
                        more, last = bool(page.has_next and values), values[-1].id_ if values else 0
        plain_seconds, plain = time.perf_counter() - started, len(sandbox.requests)
    print(
        f"\n{FEW} types: {ours.requests} requests, {ours.seconds:.1f} s; straightforward {plain} requests, {plain_seconds:.1f} s: "
        f"{plain / ours.requests:.1f} times the requests, {plain_seconds / ours.seconds:.1f} times the time"
    )
    assert ours.requests < plain
    assert ours.seconds < plain_seconds


@pytest.mark.timeout(3000)
async def test_survival_of_faults_and_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shrink_pages(monkeypatch.setattr)
    (tmp_path / "calm").mkdir()
    calm = in_process(unlimited(), tmp_path / "calm")
    types = some_types(await calm.fetch_tree(), 30)
    wanted = await finished(calm, types)
    ended: Counter[str] = Counter()
    in_the_middle = 0
    for seed in range(SURVIVALS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        survive = killed_for_real if seed < KILLED_FOR_REAL else stopped_at_random
        cache, stops = await survive(folder, seed, types)
        ended["equal" if cache == wanted else "different"] += 1
        in_the_middle += stops
    print(
        f"\n{SURVIVALS} collections with faults, {KILLED_FOR_REAL} of them killed by SIGKILL, {in_the_middle} stops or kills "
        f"in the middle: {dict(ended)}"
    )
    assert ended == {"equal": SURVIVALS}
    assert in_the_middle >= SURVIVALS


async def stopped_at_random(folder: Path, seed: int, types: list[OzonType]) -> tuple[Cache, int]:
    """(cache, stops in the middle)."""
    rng = random.Random(seed)
    sandbox = unlimited(faults=FAULTS, seed=seed)
    program = in_process(sandbox, folder)
    await program.fetch_tree()
    in_the_middle = 0
    for _ in range(3):
        in_the_middle += await stopped(program, types, rng, within_s=0.15)
        program = in_process(sandbox, folder)
    return await finished(program, types), in_the_middle


async def killed_for_real(folder: Path, seed: int, types: list[OzonType]) -> tuple[Cache, int]:
    """(cache, kills in the middle)."""
    rng = random.Random(seed)
    with SandboxThread(unlimited(faults=FAULTS, seed=seed)) as server:
        first = Collector(Transport(base_url=server.url, retries=HASTY), open_database(folder))
        await first.fetch_tree()
        await first.close()
        command = [sys.executable, str(KILLED_PROGRAM), server.url, str(folder), str(len(types))]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        assert await process.stdout.readline() == b"begun\n"
        await asyncio.sleep(rng.random() * 1.5)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        killed = await process.wait() == -signal.SIGKILL
        return await finished(Collector(Transport(base_url=server.url, retries=HASTY), open_database(folder)), types), killed
