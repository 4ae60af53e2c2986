"""The simulated days of the suite with a look every twenty seconds, as the program looks: some 60,000 ticks.

Run alone: python -m pytest tests/benchmarks/test_schedule_days.py -o addopts="" -q -p no:randomly
"""

from datetime import timedelta

import pytest

from ozon_desktop.services.runs.scheduler import LOOK_EVERY_S
from tests.services.runs import test_schedule_days as days
from tests.services.runs.test_schedule_days import *  # noqa: F403


@pytest.fixture(autouse=True)
def _looks_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "LOOK", timedelta(seconds=LOOK_EVERY_S))
