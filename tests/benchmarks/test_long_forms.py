"""Proofs of the suite at full length: days with a look as often as the program's, many more random searches, changes, faults and kills.

Run alone: python -m pytest tests/benchmarks/test_long_forms.py -o addopts="" -q -p no:randomly
"""

from datetime import timedelta
from pathlib import Path

import pytest

from ozon_desktop.services.runs.scheduler import LOOK_EVERY_S
from tests.services.cards.test_card_table import test_table_after_any_changes_is_the_one_made_anew as table_is_the_one_made_anew
from tests.services.catalog.test_collection import test_faults_and_stops_at_any_point_leave_the_same_cache as same_cache_after_faults
from tests.services.conftest import application, line, options, prepared_shop, shop  # noqa: F401
from tests.services.runs import test_schedule_days as days
from tests.services.runs.test_schedule_days import (  # noqa: F401
    test_clock_that_is_set_and_set_right_neither_floods_nor_silences,
    test_day_of_clock_change_has_both_runs_once,
    test_hourly_is_hourly_whatever_the_clock_on_the_wall,
    test_sleep_over_several_runs_is_caught_up_once,
    test_wall_time_that_comes_again_because_the_clock_was_set_back_is_had_once,
)
from tests.services.shop import Shop
from tests.storage import test_value_search as search
from tests.storage.conftest import database, integration_id, postgresql_database, postgresql_url, sqlite_database  # noqa: F401
from tests.storage.test_value_search import test_search_gives_exactly_what_the_rules_say, way  # noqa: F401


@pytest.fixture(autouse=True)
def _at_full_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "LOOK", timedelta(seconds=LOOK_EVERY_S))
    monkeypatch.setattr(search, "QUERIES", 400)


@pytest.mark.parametrize("seed", range(2, 12))
async def test_table_after_more_changes(shop: Shop, seed: int) -> None:  # noqa: F811
    await table_is_the_one_made_anew(shop, seed)


@pytest.mark.parametrize("seed", range(1, 6))
async def test_cache_after_more_faults(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    await same_cache_after_faults(tmp_path, seed, monkeypatch)
