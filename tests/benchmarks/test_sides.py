"""Store, program and Ozon through thousands of edits and orders in any interleaving, with the program killed anywhere; see `e2e/sides`.

OZON_DESKTOP_SIDES_EDITS: how many for each store (1,000 unless told); OZON_DESKTOP_SIDES_SEED: of the first course.
Run: python -m pytest -n0 -s -o addopts="" -p no:randomly tests/benchmarks/test_sides.py
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.sides.world import STORES, run_course

EDITS = int(os.environ.get("OZON_DESKTOP_SIDES_EDITS", "1000"))
FIRST_SEED = int(os.environ.get("OZON_DESKTOP_SIDES_SEED", "100"))
EVENTS = 100


@pytest.mark.timeout(0)
@pytest.mark.parametrize("store", STORES)
async def test_all_sides_agree_and_no_more_is_promised_than_exists(store: str, tmp_path: Path) -> None:
    edits = kills = 0
    seed, orders, ends = FIRST_SEED, 0, Counter[str]()
    while edits < EDITS:
        print(f"{store}, seed {seed}", flush=True)
        world = await run_course(tmp_path / str(seed), seed, store, EVENTS)
        edits, kills, orders, ends = edits + world.edits, kills + world.kills, orders + len(world.store.sold), ends + world.ends
        seed += 1
    print(f"{store}: {edits} edits and orders ({orders} orders) in {seed - FIRST_SEED} courses, {kills} kills; runs: {dict(ends)}")
    assert kills > edits // 20
    assert ends["done"] > edits // 20
