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
from pathlib import Path

import pytest
from ozon_sdk import SellerAPI
from services.collecting import Cache, Collector, cached, in_process, open_database, smallest_number, some_types
from services.test_collection import FAULTS, unlimited

from ozon_desktop.domain.ozon_catalog import OzonType
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox import ADMIN_KEY, KNOWN_CLIENT_ID, Sandbox, SandboxThread

FULL_SIZE = 3_000
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


async def measured(program: Collector, types: list[OzonType]) -> tuple[float, float, int, Cache]:
    """(rate while work remained, seconds, requests, cache) of one collection."""
    moments: list[tuple[float, int]] = []
    before = program.client.requests_sent
    started = time.perf_counter()
    result = await program.collect(types, lambda update: moments.append((time.perf_counter(), program.client.requests_sent)))
    seconds = time.perf_counter() - started
    assert not result.failed
    # While work remains: without the first answer's way and the last answers under way.
    first, last = moments[len(moments) // 20], moments[-len(moments) // 20]
    rate = (last[1] - first[1]) / (last[0] - first[0])
    return rate, seconds, program.client.requests_sent - before, await cached(program.database, types)


@pytest.mark.timeout(1200)
async def test_full_size_selection_at_the_limit(tmp_path: Path) -> None:
    with served(scale=6, latency_ms=LATENCY_MS) as url:
        program = Collector(Transport(base_url=url), open_database(tmp_path))
        types = some_types(await program.fetch_tree(), FULL_SIZE)
        assert len(types) == FULL_SIZE
        rate, seconds, requests, cache = await measured(program, types)
        await program.close()
    smallest = smallest_number(cache)
    print(
        f"\n{FULL_SIZE} types in {seconds:.0f} s: {rate:.2f} requests/s = {rate / LIMIT:.3f} of the limit; "
        f"{requests} requests = {requests / smallest:.4f} of the smallest possible {smallest}"
    )
    assert rate / LIMIT >= 0.95
    assert requests / smallest <= 1.02


@pytest.mark.timeout(900)
async def test_against_the_straightforward_way(tmp_path: Path) -> None:
    """Every dictionary for every type, one after the other, as ozon-sdk is used by its examples and paced by its defaults."""
    sandbox = Sandbox(order_interval_s=0, latency_ms=LATENCY_MS)
    with SandboxThread(sandbox) as server:
        program = Collector(Transport(base_url=server.url), open_database(tmp_path))
        types = some_types(await program.fetch_tree(), 6)
        _, seconds, requests, _ = await measured(program, types)
        await program.close()
        sandbox.reset_requests()
        started = time.perf_counter()
        async with SellerAPI(str(KNOWN_CLIENT_ID), ADMIN_KEY, base_url=server.url) as api:
            for type_ in types:
                key = {"description_category_id": type_.key.description_category_id, "type_id": type_.key.type_id}
                for attribute in (await api.get_attributes(**key)).result or []:
                    more, last = bool(attribute.dictionary_id), 0
                    while more:
                        page = await api.get_attribute_values(attribute_id=attribute.id_, limit=2000, last_value_id=last, **key)
                        values = page.result or []
                        more, last = bool(page.has_next and values), values[-1].id_ if values else 0
        plain_seconds, plain = time.perf_counter() - started, len(sandbox.requests)
    print(
        f"\n6 types: {requests} requests, {seconds:.1f} s; straightforward {plain} requests, {plain_seconds:.1f} s: "
        f"{plain / requests:.1f} times the requests, {plain_seconds / seconds:.1f} times the time"
    )
    assert requests < plain
    assert seconds < plain_seconds


@pytest.mark.timeout(3000)
async def test_survival_of_faults_and_kills(tmp_path: Path) -> None:
    (tmp_path / "calm").mkdir()
    calm = in_process(unlimited(), tmp_path / "calm")
    types = some_types(await calm.fetch_tree(), 15)
    await calm.collect(types)
    wanted = await cached(calm.database, types)
    await calm.close()
    ended: Counter[str] = Counter()
    for seed in range(SURVIVALS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        cache = await _killed_for_real(folder, seed, types) if seed < KILLED_FOR_REAL else await _stopped(folder, seed, types)
        ended["equal" if cache == wanted else "different"] += 1
    print(f"\n{SURVIVALS} collections with faults and kills ({KILLED_FOR_REAL} by SIGKILL): {dict(ended)}")
    assert ended == {"equal": SURVIVALS}


async def _stopped(folder: Path, seed: int, types: list[OzonType]) -> Cache:
    rng = random.Random(seed)
    sandbox = unlimited(faults=FAULTS, seed=seed)
    program = in_process(sandbox, folder)
    await program.fetch_tree()
    for _ in range(3):
        task = asyncio.create_task(program.collect(types))
        await asyncio.sleep(rng.random() * 0.12)
        task.cancel()
        await asyncio.wait([task])
        await program.close()
        program = in_process(sandbox, folder)
    return await _finished(program, types)


async def _killed_for_real(folder: Path, seed: int, types: list[OzonType]) -> Cache:
    rng = random.Random(seed)
    with SandboxThread(unlimited(faults=FAULTS, seed=seed)) as server:
        first = Collector(Transport(base_url=server.url), open_database(folder))
        await first.fetch_tree()
        await first.close()
        command = [sys.executable, str(KILLED_PROGRAM), server.url, str(folder), str(len(types))]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        await process.stdout.readline()
        await asyncio.sleep(rng.random() * 0.8)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        return await _finished(Collector(Transport(base_url=server.url), open_database(folder)), types)


async def _finished(program: Collector, types: list[OzonType]) -> Cache:
    """Collects until nothing fails, as a manager would press the button again."""
    for _ in range(6):
        if not (await program.collect(types)).failed:
            break
    cache = await cached(program.database, types)
    await program.close()
    return cache
