"""The long forms of the proofs of the FBS desk; run alone:

    python -m pytest -n2 -s tests/benchmarks/test_desk.py

Two hundred kills at boundary after boundary; a hundred days at random; how many requests a thousand postings take.
"""

from collections.abc import Awaitable, Callable
from itertools import count

import pytest

from tests.services.conftest import *  # noqa: F403
from tests.services.orders.desk_kills import WORKS, Reaper, Work, count_ships, kill_and_repeat
from tests.services.orders.desk_shop import LIST, SHIP, Desk, opened
from tests.services.orders.test_desk_courses import Course
from tests.services.shop import Shop

KILLS = 23
"""Of each of nine works: 207 in all."""


@pytest.mark.parametrize("make", WORKS, ids=lambda make: make.__name__)
async def test_two_hundred_kills(shop: Shop, monkeypatch: pytest.MonkeyPatch, make: Callable[[Desk], Awaitable[Work]]) -> None:
    desk = await opened(shop)
    counted = count_ships(monkeypatch)
    reaper = Reaper(desk, monkeypatch)
    kills = 0
    boundaries = count()
    while kills < KILLS:
        if await kill_and_repeat(desk, reaper, make, boundary := next(boundaries)):
            kills += 1
        else:
            # All boundaries of one course were tried: from the first again, for Ozon has other numbers by now.
            assert boundary > 10
            boundaries = count()
    assert set(counted.accepted.values()) <= {1}
    print(f"\n{make.__name__}: {kills} kills")


@pytest.mark.parametrize("seed", range(100, 200))
async def test_a_hundred_days(shop: Shop, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    desk = await opened(shop)
    await Course(desk, count_ships(monkeypatch), seed).run()


async def test_the_requests_of_a_thousand_postings(shop: Shop) -> None:
    desk = await opened(shop)
    numbers = await desk.order(*[{"RU-1": 1}] * 1_000)
    report = await desk.work.ship(desk.integration, numbers)
    assert report.assembled == 1_000
    sent = desk.line.sent()
    print(f"\n1,000 postings assembled with {report.requests} requests: {sent}")
    # One for each posting, and a list of a hundred orders before and after.
    assert sent == {SHIP: 1_000, LIST: 20}
