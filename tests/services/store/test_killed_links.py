"""The program is killed while it pulls a link; `benchmarks/test_killed_links.py` does it 300 times."""

import sys
from pathlib import Path

import pytest

from tests.backoffice.killed_link import kill_pulls

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")]


@pytest.mark.parametrize("seed", [1, 2])
async def test_whenever_a_pull_is_killed_the_store_is_one_whole_export(seed: int, tmp_path: Path) -> None:
    assert (await kill_pulls(tmp_path, seed, 5)).total() == 5
