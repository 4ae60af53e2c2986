"""A take-over that is killed is done as a whole or not at all, and can be done again at once."""

import sys
from pathlib import Path

import pytest

from tests.services.shop import SHIRTS, Shirt
from tests.services.store.killed_take_over import kill_take_overs
from tests.services.store.test_take_over import written_by_another


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_whenever_it_is_killed_nothing_is_half_done(prepared_shop: Path, tmp_path: Path) -> None:
    """The long form, over a big shop and also at moments that nobody chooses, is tests/benchmarks/test_take_over.py."""
    export = written_by_another(tmp_path / "other.xml", *SHIRTS[:2], Shirt("RU-9"))
    undone, done = kill_take_overs(prepared_shop / "data", export, tmp_path, seed=1, kills=3)
    assert (undone + done, undone > 0) == (3, True)
