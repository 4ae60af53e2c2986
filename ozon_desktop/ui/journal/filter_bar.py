"""The row above the runs: what, how it ended, when, and a text."""

from datetime import date, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from ozon_desktop import wording
from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.ui.journal.chart.days import DAYS
from ozon_desktop.ui.journal.run_filter import RunFilter, last_days
from ozon_desktop.ui.widgets import FlowLayout, SearchField

WEEK = 7
SEARCH_CHARACTERS = 24


class FilterBar(QWidget):
    """changed: the runs wanted are others now."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        kinds = [(wording.run_kind_text(kind), kind.value) for kind in RunKind]
        results = [(wording.capital(wording.run_result_text(result)), result.value) for result in RunResult]
        periods = [("Сегодня", "1"), ("За 7 дней", str(WEEK)), ("За 4 недели", str(DAYS))]
        self.kind = self._box("run_kind", "Что", "Любые запуски", kinds)
        self.result = self._box("run_result", "Итог", "Любой итог", results)
        self.period = self._box("run_period", "Когда", "За всё время", periods)
        self._fixed_periods = self.period.count()
        self.search = SearchField("Артикул, ошибка, причина", name="run_search")
        self.search.setMinimumWidth(self.search.fontMetrics().averageCharWidth() * SEARCH_CHARACTERS)
        layout = FlowLayout(self, spacing=12)
        for widget in (self.kind, self.result, self.period, self.search):
            layout.addWidget(widget)
        self.search.searched.connect(self._changed)

    def _box(self, name: str, accessible: str, everything: str, items: list[tuple[str, str]]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(accessible)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.addItem(everything, "")
        for text, value in items:
            box.addItem(text, value)
        box.currentIndexChanged.connect(self._changed)
        return box

    def wanted(self, now: datetime) -> RunFilter:
        """What is chosen; `now` says which day is today."""
        kind, result, period = (str(box.currentData() or "") for box in (self.kind, self.result, self.period))
        first: date | None = None
        last: date | None = None
        if period.isdigit():
            first, last = last_days(now.astimezone().date(), int(period))
        elif period:
            first = last = date.fromisoformat(period)
        text = self.search.text().strip()
        return RunFilter(RunKind(kind) if kind else None, RunResult(result) if result else None, first, last, text)

    @property
    def day(self) -> date | None:
        """The single day chosen in the chart; None = another period."""
        return date.fromisoformat(str(self.period.currentData())) if self.period.currentIndex() >= self._fixed_periods else None

    def choose_day(self, day: date | None) -> None:
        """Narrows to one day, or with None to no period at all. The day stays among the periods until another one is chosen so."""
        if day is None:
            self.period.setCurrentIndex(0)
            return
        before = self.period.blockSignals(True)
        while self.period.count() > self._fixed_periods:
            self.period.removeItem(self._fixed_periods)
        self.period.addItem(f"{day:%d.%m.%Y}", day.isoformat())
        self.period.setCurrentIndex(self._fixed_periods)
        self.period.blockSignals(before)
        self._changed()

    def clear(self) -> None:
        for box in (self.kind, self.result, self.period):
            box.setCurrentIndex(0)
        self.search.clear()
        self._changed()

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _changed(self, *_: object) -> None:
        self.changed.emit()
