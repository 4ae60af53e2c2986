"""When the next run is due: always later than the last, at wall times even where clocks are changed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.schedule import TWICE_A_DAY_AT, next_run

ZONES = ["Europe/Moscow", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Asia/Kathmandu"]
moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
TIMED = [trigger for trigger in UpdateTrigger if trigger is not UpdateTrigger.ON_CHANGE]


@given(st.sampled_from(TIMED), moments, st.sampled_from(ZONES))
def test_next_run_is_later_than_the_last(trigger: UpdateTrigger, last: datetime, zone: str) -> None:
    due = next_run(trigger, last, last, ZoneInfo(zone))
    assert due is not None
    # In UTC: two times of one zone are compared by the hands of the clock alone.
    assert due.astimezone(UTC) > last
    assert due.astimezone(UTC) - last <= timedelta(hours=17)


@given(moments, st.sampled_from(ZONES))
def test_twice_a_day_hits_its_wall_times(last: datetime, zone: str) -> None:
    due = next_run(UpdateTrigger.TWICE_A_DAY, last, last, ZoneInfo(zone))
    assert due is not None
    assert due.astimezone(ZoneInfo(zone)).time() in TWICE_A_DAY_AT


@pytest.mark.parametrize("first_day", [datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC)])
def test_clock_change_neither_drops_nor_doubles_a_run(first_day: datetime) -> None:
    zone = ZoneInfo("Europe/Berlin")
    runs, last = [], first_day
    for _ in range(6):
        due = next_run(UpdateTrigger.TWICE_A_DAY, last, last, zone)
        assert due is not None
        last = due.astimezone(UTC)
        runs.append(last.astimezone(zone))
    assert [run.time() for run in runs] == [time(9), time(18)] * 3
    assert len({run.date() for run in runs}) == 3


def test_intervals_and_a_missed_run() -> None:
    last, now = datetime(2026, 11, 24, 9, 0, tzinfo=UTC), datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    assert next_run(UpdateTrigger.HOURLY, last, now, UTC) == last + timedelta(hours=1)
    assert next_run(UpdateTrigger.EVERY_3_HOURS, last, now, UTC) == last + timedelta(hours=3)
    assert next_run(UpdateTrigger.HOURLY, None, now, UTC) == now
    assert next_run(UpdateTrigger.ON_CHANGE, last, now, UTC) is None
    due = next_run(UpdateTrigger.TWICE_A_DAY, last, now, UTC)
    assert due is not None
    assert due < now, "a run missed while the computer slept is due"
