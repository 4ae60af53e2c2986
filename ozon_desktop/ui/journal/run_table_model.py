"""The table of runs, newest first, narrowed by a filter."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.journal import Run, RunResult
from ozon_desktop.ui.journal.run_filter import RunFilter
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import RIGHT, Column, RowTableModel
from ozon_desktop.wording.runs import done_text, duration_text, error_count, result_text

COLORS = {
    RunResult.RUNNING: "accent",
    RunResult.DONE: "good",
    RunResult.PARTIAL: "attention",
    RunResult.FAILED: "error",
    RunResult.INTERRUPTED: "error",
}


def run_columns(theme: Theme, clock: Callable[[], datetime]) -> tuple[Column[Run], ...]:
    """When it began, what ran and why, how it ended, and its numbers."""

    def when(run: Run) -> str:
        return wording.when(run.started_at, clock())

    def exactly(run: Run) -> str:
        return wording.exact(run.started_at)

    def color(run: Run) -> QColor:
        return theme.color(COLORS.get(run.result, "secondary"))

    return (
        Column("Когда", when, tip=exactly, sort_key=lambda run: run.started_at),
        Column("Что", lambda run: wording.run_kind_text(run.kind)),
        Column("Почему", lambda run: wording.run_cause_text(run.cause)),
        Column("Итог", result_text, colour=color),
        Column("Что сделано", _done, Width(share=1, least=16)),
        Column("Ошибки", lambda run: _count(error_count(run)), Width(spare=1), RIGHT, sort_key=error_count),
        Column("Запросы", lambda run: _count(run.requests), Width(spare=3), RIGHT, sort_key=lambda run: run.requests),
        Column("Длительность", duration_text, Width(spare=2), RIGHT, sort_key=_duration),
    )


def _done(run: Run) -> str:
    if run.result is RunResult.RUNNING:
        return done_text(run) or "идёт"
    # One that broke off has not found out whether there was anything to change.
    return done_text(run) or ("менять было нечего" if run.result is RunResult.DONE else "до изменений не дошло")


def _duration(run: Run) -> timedelta | None:
    return run.finished_at - run.started_at if run.finished_at is not None else None


def _count(number: int) -> str:
    return wording.number(number) if number else ""


class RunTableModel(RowTableModel[Run]):
    def __init__(self, theme: Theme, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(run_columns(theme, clock), key=lambda run: run.id, parent=parent)
        self._texts: Mapping[int, str] = {}
        self._filter = RunFilter()

    def show_runs(self, runs: Sequence[Run], texts: Mapping[int, str]) -> None:
        """Shows other runs under the same filter; texts: `search_text` of each by its id. Views are reset."""
        self._texts = texts
        self._accepts = self._filter.lets(texts)
        self._reset(tuple(runs))

    def show_filter(self, wanted: RunFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self.filter_rows(wanted.lets(self._texts))

    def of_any_day(self) -> list[Run]:
        """What the filter lets through whatever its days: the chart draws these."""
        return list(filter(self._filter.of_days(None, None).lets(self._texts), self.rows))

    @property
    def shown(self) -> tuple[Run, ...]:
        """The runs the filter lets through, as the rows are."""
        return tuple(map(self.row, range(self.rowCount())))
