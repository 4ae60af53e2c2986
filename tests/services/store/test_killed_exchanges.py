"""The program is killed in the middle of exchanges with 1C; `benchmarks/test_killed_exchanges.py` does it 300 times."""

import sys
from pathlib import Path

import pytest

from tests.backoffice.onec.killed import kill_exchanges

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")]


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_kills_the_store_and_1c_agree_and_no_order_is_twice_or_lost(seed: int, tmp_path: Path) -> None:
    assert sum((await kill_exchanges(tmp_path, seed, 3)).values()) > 0
