"""A shop's first four days on Ozon, small; see `first_day.py`."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.first_day import FirstDay
from tests.e2e.first_day_schedule import live_four_days
from tests.e2e.first_day_shop import Size

SMALL = Size(products=100, cards=20, matched=15, by_barcode=5, daily_create=26, quiet=timedelta(hours=1))

TINY = Size(products=40, cards=12, matched=10, by_barcode=3, daily_create=12, quiet=timedelta(hours=1))

pytestmark = pytest.mark.slow


def test_the_first_four_days_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    day = FirstDay(tmp_path, SMALL, monkeypatch, capsys)
    day.connects()
    day.looks_before_answering()
    day.answers_and_confirms()
    asyncio.run(live_four_days(day))


def test_as_in_the_store_takes_away_only_what_the_preview_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    day = FirstDay(tmp_path, TINY, monkeypatch, capsys)
    day.connects()
    day.looks_before_answering()
    day.answers_and_confirms("store")
