"""Time zones in every way a system names them: the program starts, and wall times are those of the computer's clock."""

import os
import subprocess
import sys
from datetime import UTC, datetime, time, timedelta

import pytest

from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.schedule import next_run
from ozon_desktop.time_zone import SystemZone
from tests.places import ROOT

SUMMER, WINTER = datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2026, 12, 1, 12, tzinfo=UTC)

ASKED = """
import sys
from datetime import UTC, datetime, time
from ozon_desktop.time_zone import local_zone, settle_zone, zone_trouble
from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.schedule import next_run
settle_zone()
zone = local_zone()
for month in (7, 12):
    moment = datetime(2026, month, 1, 12, tzinfo=UTC)
    print(int(moment.astimezone(zone).utcoffset().total_seconds() // 60), int(moment.astimezone().utcoffset().total_seconds() // 60))
    due = next_run(UpdateTrigger.TWICE_A_DAY, moment, moment, zone, (time(9), time(18)))
    print(due.astimezone(UTC).hour * 60 + due.astimezone(UTC).minute)
print(zone_trouble() or "-")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has its own names of zones, and no TZ")
@pytest.mark.parametrize(
    ("name", "summer", "winter", "trouble"),
    [
        ("MSK-3", 180, 180, "-"),
        ("MSK", 180, 180, "-"),
        ("YEKT-5", 300, 300, "-"),
        ("yekt", 300, 300, "-"),
        ("<+03>-3", 180, 180, "-"),
        ("UTC+3", -180, -180, "-"),
        ("CET-1CEST,M3.5.0,M10.5.0/3", 120, 60, "-"),
        (":Europe/Moscow", 180, 180, "-"),
        ("Europe/Berlin", 120, 60, "-"),
        ("Nowhere/Nope", 0, 0, "Nowhere/Nope"),
    ],
)
def test_every_way_to_name_a_zone(name: str, summer: int, winter: int, trouble: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED], env={**os.environ, "TZ": name}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"{summer} {summer}"
    assert lines[2] == f"{winter} {winter}"
    for said, offset in ((lines[1], summer), (lines[3], winter)):
        # 12:00 UTC is after 9:00 in all of them but west of Greenwich: 9:00 there is 12:00 UTC, had already.
        assert int(said) == (18 * 60 - offset) % (24 * 60)
    assert lines[4] == trouble


def test_the_zone_of_the_system_agrees_with_the_clock_of_the_computer() -> None:
    zone = SystemZone()
    for moment in (SUMMER, WINTER):
        assert moment.astimezone(zone).utcoffset() == moment.astimezone().utcoffset()
        assert moment.astimezone(zone).astimezone(UTC) == moment
        due = next_run(UpdateTrigger.TWICE_A_DAY, moment, moment, zone, (time(9), time(18)))
        assert due is not None
        assert timedelta() < due.astimezone(UTC) - moment <= timedelta(hours=16)
        assert due.tzname()
