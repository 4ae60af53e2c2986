"""Killed at any boundary and asked again, the desk has done everything exactly once. The long form is in the benchmarks."""

from collections.abc import Awaitable, Callable

import pytest

from tests.services.orders.desk_kills import WORKS, Reaper, Work, count_ships, kill_and_repeat
from tests.services.orders.desk_shop import Desk, opened
from tests.services.shop import Shop

pytestmark = pytest.mark.slow
BOUNDARIES = (6, 13, 16, 17, 18, 19, 22, 27, 500)
"""Around the asking itself, and one beyond the end."""


@pytest.mark.parametrize("make", WORKS, ids=lambda make: make.__name__)
async def test_a_kill_does_nothing_twice(shop: Shop, monkeypatch: pytest.MonkeyPatch, make: Callable[[Desk], Awaitable[Work]]) -> None:
    desk = await opened(shop)
    counted = count_ships(monkeypatch)
    reaper = Reaper(desk, monkeypatch)
    killed = [boundary for boundary in BOUNDARIES if await kill_and_repeat(desk, reaper, make, boundary)]
    assert len(killed) >= 5
    assert 500 not in killed
    assert set(counted.accepted.values()) <= {1}
