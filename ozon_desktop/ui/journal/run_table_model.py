"""The table of runs, newest first, narrowed by a filter."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from ozon_desktop import wording
from ozon_desktop.domain.journal import Run, RunResult
from ozon_desktop.ui.journal.run_filter import RunFilter
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.wording.runs import done_text, duration_text, error_count, result_text

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
WHEN, WHAT, CAUSE, RESULT, COUNTS, ERRORS, REQUESTS, DURATION = range(8)
NUMBERS = frozenset({ERRORS, REQUESTS, DURATION})


class RunTableModel(QAbstractTableModel):
    """Runs as the journal service gives them."""

    def __init__(self, theme: Theme, clock: Callable[[], datetime], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._clock = clock
        self._all: tuple[Run, ...] = ()
        self._rows: list[Run] = []
        self._told: Mapping[int, str] = {}
        self._filter = RunFilter()
        self._titles = (
            "Когда",
            "Что",
            "Почему",
            "Итог",
            "Что сделано",
            "Ошибки",
            "Запросы",
            "Длительность",
        )

    def show_runs(self, runs: Sequence[Run], told: Mapping[int, str]) -> None:
        """Shows other runs under the same filter; `told`: what each tells, for the search, by its id. Views are reset."""
        self._all, self._told = tuple(runs), told
        self._apply()

    def show_filter(self, wanted: RunFilter) -> None:
        """Narrows the table."""
        if wanted != self._filter:
            self._filter = wanted
            self._apply()

    def of_any_day(self) -> list[Run]:
        """What the filter lets through whatever its days: the chart draws these."""
        return self._filter.of_days(None, None).apply(self._all, self._told)

    @property
    def shown(self) -> tuple[Run, ...]:
        """The runs the filter lets through, as the rows are."""
        return tuple(self._rows)

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs, whatever the filter."""
        return self._all

    def run(self, row: int) -> Run:
        """The run of a row."""
        return self._rows[row]

    def row_of(self, run_id: int) -> int:
        """The row a run is shown in, -1 when it is not shown."""
        return next((row for row, run in enumerate(self._rows) if run.id == run_id), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        """Runs the filter lets through."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """Columns of the table."""
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Titles, those of numbers at the right."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            return _alignment(section)
        return self._titles[section] if role == Role.DisplayRole and 0 <= section < len(self._titles) else None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """A cell."""
        if not index.isValid():
            return None
        run, column = self._rows[index.row()], index.column()
        if role == Role.DisplayRole:
            return self._display(run, column)
        if role == Role.ToolTipRole:
            return wording.exact(run.started_at) if column == WHEN else self._display(run, column)
        if role == Role.TextAlignmentRole:
            return _alignment(column)
        if role == Role.ForegroundRole and column == RESULT:
            return self._color(run)
        return None

    def _display(self, run: Run, column: int) -> str:
        if column == WHEN:
            return wording.when(run.started_at, self._clock())
        if column in {ERRORS, REQUESTS}:
            count = run.requests if column == REQUESTS else error_count(run)
            return wording.number(count) if count else ""
        if column == DURATION:
            return duration_text(run)
        if column == COUNTS:
            return done_text(run) or ("идёт" if run.result is RunResult.RUNNING else "менять было нечего")
        texts = {WHAT: wording.run_kind_text(run.kind), CAUSE: wording.run_cause_text(run.cause), RESULT: result_text(run)}
        return texts[column]

    def _color(self, run: Run) -> QColor:
        tokens = self._theme.tokens()
        colors = {
            RunResult.RUNNING: tokens.accent,
            RunResult.DONE: tokens.good,
            RunResult.PARTIAL: tokens.attention,
            RunResult.FAILED: tokens.error,
            RunResult.INTERRUPTED: tokens.error,
        }
        return QColor(colors.get(run.result, tokens.secondary))

    def _apply(self) -> None:
        self.beginResetModel()
        self._rows = self._filter.apply(self._all, self._told)
        self.endResetModel()


def _alignment(column: int) -> Qt.AlignmentFlag:
    return (Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
