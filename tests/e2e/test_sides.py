"""Store, program and Ozon agree, whatever happens and wherever the program is killed; the long form is `benchmarks/test_sides.py`."""

from pathlib import Path

import pytest

from tests.e2e.sides.world import STORES, run_course

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("store", STORES)
async def test_whatever_happens_all_sides_agree_and_no_more_is_promised_than_exists(store: str, tmp_path: Path) -> None:
    world = await run_course(tmp_path, 1, store, 40)
    assert world.kills
