"""Orders between the program and МойСклад, whatever is killed when. The long form: tests/benchmarks/test_moysklad_kills.py."""

from pathlib import Path

import pytest

from tests.services.orders.moysklad_course import run_course

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(3))
async def test_in_any_course_no_order_is_lost_or_made_twice(tmp_path: Path, seed: int) -> None:
    assert await run_course(tmp_path, seed, 60) > 0
