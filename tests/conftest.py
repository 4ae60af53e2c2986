"""What every test shares: Qt without a display, so that the README's test command needs no settings of its own; garbage in one thread."""

import gc
import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """The interpreter collects nothing while a test runs, in no thread.

    Windows of earlier tests that are caught in cycles would be destroyed on a thread of the services, or while Qt walks over all
    widgets: the process dies of either. The program itself keeps to the same (`ui/garbage.py`).
    Benchmarks are left alone: they measure with everything that costs time.
    """
    if "benchmarks" not in item.path.parts:
        gc.disable()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Collects in the main thread when the test's fixtures and windows are gone; the oldest generation as rarely as Python would."""
    yield
    gc.collect(2 if gc.get_count()[2] > gc.get_threshold()[2] else 1)
