"""The first four days of a shop on Ozon at full size: 200 rich cards, 5,000 products, 1,500 creations a day, orders every ten minutes.

Run alone: python -m pytest tests/benchmarks/test_first_day.py -o addopts="" -q -s -p no:randomly
"""

import asyncio
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.first_day import FirstDay
from tests.e2e.first_day_schedule import ORDERS_EVERY, live_four_days
from tests.e2e.first_day_shop import Size

FULL = Size(products=5_000, cards=200, matched=150, by_barcode=50, daily_create=1_500, quiet=timedelta(minutes=10))


@pytest.mark.timeout(3_600)
def test_the_first_four_days_at_full_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.process_time()
    assert FULL.quiet == ORDERS_EVERY, "every look there is"
    day = FirstDay(tmp_path, FULL, monkeypatch, capsys)
    day.connects()
    day.looks_before_answering()
    day.answers_and_confirms()
    asyncio.run(live_four_days(day))
    with capsys.disabled():
        print(f"\n{FULL.products} products in four days: {time.process_time() - began:.0f} s of processor time")
