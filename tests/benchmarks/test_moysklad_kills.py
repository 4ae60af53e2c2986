"""The program killed 300 times at any request to МойСклад: no order lost or doubled, people's states kept, stocks the same on both sides.

Run alone: python -m pytest tests/benchmarks/test_moysklad_kills.py -o addopts="" -q -s -p no:randomly -p no:cacheprovider
KILLS=50 makes it shorter, FIRST_SEED=1000 another one.
"""

import os
from pathlib import Path

import pytest

from tests.services.orders.moysklad_course import run_course

KILLS = int(os.environ.get("KILLS", "300"))
FIRST_SEED = int(os.environ.get("FIRST_SEED", "100"))
EVENTS = 100


@pytest.mark.timeout(4 * 3600)
async def test_kills(tmp_path: Path) -> None:
    kills, seed, events = 0, FIRST_SEED, 0
    while kills < KILLS:
        kills += await run_course(tmp_path / str(seed), seed, EVENTS)
        seed, events = seed + 1, events + EVENTS
    print(f"\n{kills} kills in {events} events of {seed - FIRST_SEED} courses")
