"""Two hours of two cabinets with faults: each due run once, orders in time, no descriptor left open. A day: `benchmarks/test_load.py`."""

from pathlib import Path

import pytest

from tests.services.many_cabinets import exactly_hourly, live

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="measured by /proc")]


async def test_two_hours_of_two_cabinets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived = await live(tmp_path, monkeypatch, 2, 6, 12, 2)
    assert lived.orders
    assert lived.late == {}
    assert exactly_hourly(lived, 2)
    assert lived.end[1] <= lived.begin[1] + 2
