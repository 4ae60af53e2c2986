"""Exchanges with 1C killed by SIGKILL at random requests: no order is twice or lost, the store is what 1C has exported.

OZON_DESKTOP_KILLED_EXCHANGES: how many are killed (300 unless told). OZON_DESKTOP_KILLED_SEED: the first seed.
Run: python -m pytest -n0 -s tests/benchmarks/test_killed_exchanges.py
"""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.backoffice.onec.killed import kill_exchanges

KILLS = int(os.environ.get("OZON_DESKTOP_KILLED_EXCHANGES", "300"))
FIRST_SEED = int(os.environ.get("OZON_DESKTOP_KILLED_SEED", "0"))
PER_WORLD = 6


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.timeout(0)
async def test_whatever_is_killed_when_both_sides_agree(tmp_path: Path) -> None:
    ends: Counter[str] = Counter()
    for number in range(0, KILLS, PER_WORLD):
        seed = FIRST_SEED * 1_000 + number
        print(f"seed {seed}", flush=True)
        ends += await kill_exchanges(tmp_path / f"{seed}", seed, min(PER_WORLD, KILLS - number))
    print(f"{KILLS} kills; broke off: {dict(ends)}")
    assert sum(ends.values()) > KILLS // 2
