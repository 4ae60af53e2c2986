"""Random days of a cabinet with rich cards: see `tests/e2e/random_days.py`.

Run alone: python -m pytest tests/benchmarks/test_random_days.py -o addopts="" -q -s -p no:randomly
OZON_DESKTOP_RANDOM_DAYS: how many courses of events (20 unless told), OZON_DESKTOP_RANDOM_SEED: the first of them.
"""

import asyncio
import os
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.first_day import FirstDay
from tests.e2e.first_day_schedule import program
from tests.e2e.first_day_shop import Size
from tests.e2e.random_days import RandomDays

COURSES, FIRST = int(os.environ.get("OZON_DESKTOP_RANDOM_DAYS", "20")), int(os.environ.get("OZON_DESKTOP_RANDOM_SEED", "1"))
EVENTS = 40
SHOP = Size(products=40, cards=12, matched=10, by_barcode=3, daily_create=20, quiet=timedelta(hours=1))


async def live(story: FirstDay, seed: int) -> None:
    async with program(story, partial(RandomDays, seed=seed)) as days:
        assert isinstance(days, RandomDays)
        await days.live(EVENTS)
        await days.come_right()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(FIRST, FIRST + COURSES))
def test_whatever_happens_nothing_is_oversold_and_ozon_comes_to_what_the_store_has(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    story = FirstDay(tmp_path, SHOP, monkeypatch, capsys)
    story.connects()
    story.looks_before_answering()
    story.answers_and_confirms()
    asyncio.run(live(story, seed))
