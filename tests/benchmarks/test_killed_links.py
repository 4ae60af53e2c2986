"""Pulls of a link killed by SIGKILL at any moment, from a server that is slow and cuts answers: the store is always one whole export.

OZON_DESKTOP_KILLED_LINKS: how many are killed (300 unless told). OZON_DESKTOP_KILLED_SEED: the first seed.
Run: python -m pytest -n0 -s tests/benchmarks/test_killed_links.py
"""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.backoffice.killed_link import kill_pulls

KILLS = int(os.environ.get("OZON_DESKTOP_KILLED_LINKS", "300"))
FIRST_SEED = int(os.environ.get("OZON_DESKTOP_KILLED_SEED", "0"))
PER_WORLD = 20


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.timeout(0)
async def test_whenever_it_is_killed_the_store_is_one_whole_export(tmp_path: Path) -> None:
    ends: Counter[str] = Counter()
    for number in range(0, KILLS, PER_WORLD):
        seed = FIRST_SEED * 1_000 + number
        print(f"seed {seed}", flush=True)
        ends += await kill_pulls(tmp_path / f"{seed}", seed, min(PER_WORLD, KILLS - number))
    print(f"{KILLS} kills; the store was then: {dict(ends)}")
    assert ends.total() == KILLS
    assert ends["old"] > KILLS // 10, "no kill came before a pull was done: nothing was tested"
    assert ends["new"] > KILLS // 10, "no pull was done before a kill: nothing was tested"
