"""Runs counted by local day for the chart; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ozon_desktop.domain.journal import Run, RunResult
from ozon_desktop.ui.journal.run_filter import local_day
from ozon_desktop.wording.runs import error_count

DAYS = 28


@dataclass(slots=True)
class DayRuns:
    """One day. failed: also those cut off; other: stopped by hand or skipped; errors: of all its runs. A run under way counts nowhere."""

    day: date
    done: int = 0
    partial: int = 0
    failed: int = 0
    other: int = 0
    errors: int = 0

    @property
    def total(self) -> int:
        return self.done + self.partial + self.failed + self.other

    @property
    def stack(self) -> tuple[int, int, int, int]:
        """The parts of its bar from the bottom: done, partial, failed, other."""
        return self.done, self.partial, self.failed, self.other


_PARTS = {
    RunResult.DONE: "done",
    RunResult.PARTIAL: "partial",
    RunResult.FAILED: "failed",
    RunResult.INTERRUPTED: "failed",
    RunResult.STOPPED: "other",
    RunResult.SKIPPED: "other",
}


def run_days(runs: Iterable[Run], last: date, days: int = DAYS) -> tuple[DayRuns, ...]:
    """So many days up to `last`, the oldest first, each of them also when nothing ran."""
    counted = {day: DayRuns(day) for day in (last - timedelta(days=back) for back in range(days - 1, -1, -1))}
    for run in runs:
        found, part = counted.get(local_day(run)), _PARTS.get(run.result)
        if found is not None and part is not None:
            setattr(found, part, getattr(found, part) + 1)
            found.errors += error_count(run)
    return tuple(counted.values())
