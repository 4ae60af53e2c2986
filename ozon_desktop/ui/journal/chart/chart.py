"""The chart of the journal: a bar of runs for each of the last days, its errors below the axis, read by mouse and keyboard."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from ozon_desktop import wording
from ozon_desktop.ui.journal.chart.days import DayRuns
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.look.tokens import Tokens

WEEK = 7
GAP = 6
BAR_LINES = 5.6
"""Height of bars and dates in lines of text."""
ERRORS_SHARE = 0.3
"""How much of the height belongs to the errors below the axis."""


class RunChart(QWidget):
    """day_chosen carries the day whose runs the manager wants to see, None = of all days again.

    ←/→, Home and End move from day to day and read its numbers; Enter or a click chooses it; Esc chooses none.
    """

    day_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._days: tuple[DayRuns, ...] = ()
        self._current = -1
        self._chosen: date | None = None
        self.setObjectName("run_chart")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme.changed.connect(self.update)
        self._parts = ("выполнено", "с ошибками", "не выполнено", "остановлено и пропущено")
        self._describe()

    # --- what is shown ----------------------------------------------------------------------------------------------

    def show_days(self, days: Sequence[DayRuns]) -> None:
        """Shows other days, the oldest first; the day that was read stays current while it is among them."""
        current = self.current_day
        self._days = tuple(days)
        self._current = next((place for place, counted in enumerate(days) if counted.day == current), len(days) - 1)
        self._describe()

    def show_chosen(self, day: date | None) -> None:
        """Marks the day the table is narrowed to, None = none."""
        if day != self._chosen:
            self._chosen = day
            self._describe()

    @property
    def current_day(self) -> date | None:
        """The day whose numbers are read."""
        return self._days[self._current].day if 0 <= self._current < len(self._days) else None

    def day_text(self, place: int) -> str:
        """A day in words: «24.11.2026: 5 запусков — выполнено 3, с ошибками 2; ошибок 12»."""
        counted = self._days[place]
        words = "{day}: {runs}".format(day=f"{counted.day:%d.%m.%Y}", runs=_runs(counted.total))
        if not counted.total:
            return "{day}: запусков не было".format(day=f"{counted.day:%d.%m.%Y}")
        parts = [f"{name} {wording.number(count)}" for name, count in zip(self._parts, counted.stack, strict=True) if count]
        errors = f"ошибок {wording.number(counted.errors)}" if counted.errors else "без ошибок"
        return f"{words} — {', '.join(parts)}; {errors}"

    def summary(self) -> str:
        if not self._days:
            return ""
        runs, errors = sum(counted.total for counted in self._days), sum(counted.errors for counted in self._days)
        days = wording.plural(len(self._days), "день", "дня", "дней")
        text = f"За {days}: {_runs(runs)}, ошибок {wording.number(errors)}"
        worst = max(self._days, key=lambda counted: counted.errors)
        if not worst.errors:
            return text
        words = "больше всего {day} — {errors}"
        return f"{text}; {words.format(day=f'{worst.day:%d.%m}', errors=wording.number(worst.errors))}"

    def reading(self) -> str:
        """What stands above the bars: the current day while the chart has the focus or a day is chosen, else the summary."""
        if self._days and (self.hasFocus() or self._chosen is not None):
            return self.day_text(self._current)
        return self.summary()

    def _describe(self) -> None:
        name = "Запуски и ошибки по дням"
        day = self.day_text(self._current) if self._days else ""
        self.setAccessibleName(f"{name}. {day}" if day else name)
        keys = "Стрелки влево и вправо читают день, Enter показывает его запуски, Esc — запуски всех дней"
        self.setAccessibleDescription(". ".join(part for part in (self.summary(), keys) if part))
        self.update()

    # --- keyboard and mouse -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._days) - 1,
        }
        key = Qt.Key(event.key())
        if key in moves and self._days:
            self._move(moves[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self._days:
            self.day_chosen.emit(self.current_day)
        elif key == Qt.Key.Key_Escape and self._chosen is not None:
            self.day_chosen.emit(None)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses the day, on the chosen day all days again."""
        place = self.place_at(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or place < 0:
            super().mousePressEvent(event)
            return
        self._move(place)
        self.day_chosen.emit(None if self.current_day == self._chosen else self.current_day)

    def event(self, event: QEvent) -> bool:
        """The tooltip names the day under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            place = self.place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.day_text(place) if place >= 0 else "", self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The current day is read."""
        super().focusInEvent(event)
        self._describe()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The summary is read again."""
        super().focusOutEvent(event)
        self._describe()

    def _move(self, place: int) -> None:
        self._current = min(max(place, 0), len(self._days) - 1)
        self._describe()

    # --- places -----------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(480, self._head_height() + round(self.fontMetrics().height() * BAR_LINES))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self.sizeHint().height())

    def place_at(self, point: QPointF) -> int:
        """The number of the day at a point of the widget, -1 beside the days."""
        area = self._plot()
        inside = self._days and area.left() <= point.x() < area.right() and area.top() <= point.y()
        return min(int((point.x() - area.left()) / area.width() * len(self._days)), len(self._days) - 1) if inside else -1

    def column(self, place: int) -> QRectF:
        """The strip of a day, from the top of the bars to the bottom of the dates."""
        area, step = self._plot(), self._plot().width() / max(len(self._days), 1)
        return QRectF(area.left() + place * step, area.top(), step, self.height() - area.top() - 2)

    def _plot(self) -> QRectF:
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance(wording.number(max(self._most()))) + GAP * 2
        top = self._head_height() + GAP
        return QRectF(left, top, max(self.width() - left - 4, 1), max(self.height() - top - metrics.height() - GAP, 1))

    def _most(self) -> tuple[int, int]:
        runs = max((counted.total for counted in self._days), default=0)
        return runs, max((counted.errors for counted in self._days), default=0)

    def _head_height(self) -> int:
        metrics = self.fontMetrics()
        return (metrics.height() + 2) * (1 if self._one_line() else 2)

    def _one_line(self) -> bool:
        return self.fontMetrics().averageCharWidth() * 150 < self.width()

    # --- painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens()
        self._paint_head(painter, tokens)
        if self._days:
            self._paint_marks(painter, tokens)
            self._paint_bars(painter, tokens)
            self._paint_axis(painter, tokens)
        painter.end()

    def _colors(self, tokens: Tokens) -> tuple[QColor, ...]:
        return tuple(QColor(name) for name in (tokens.good, tokens.attention, tokens.error, tokens.secondary))

    def _paint_head(self, painter: QPainter, tokens: Tokens) -> None:
        metrics, height = self.fontMetrics(), self.fontMetrics().height()
        legend = [*zip(self._parts, self._colors(tokens), strict=True), ("ошибки — вниз", None)]
        widths = [metrics.horizontalAdvance(name) + height + GAP for name, _ in legend]
        left = self.width() - sum(widths) if self._one_line() else 0
        top = 0 if self._one_line() else height + 2
        room = left - GAP * 2 if self._one_line() else self.width()
        painter.setPen(QColor(tokens.text))
        text = metrics.elidedText(self.reading(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(0, 0, room, height), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        for (name, color), width in zip(legend, widths, strict=True):
            mark = QRectF(left, top + height * 0.25, height * 0.5, height * 0.5)
            self._bar(painter, mark, color, tokens)
            painter.setPen(QColor(tokens.secondary))
            painter.drawText(QPointF(left + height * 0.5 + 4, top + metrics.ascent()), name)
            left += width

    def _paint_marks(self, painter: QPainter, tokens: Tokens) -> None:
        for place, counted in enumerate(self._days):
            current = place == self._current and self.hasFocus()
            if counted.day == self._chosen or current:
                painter.setBrush(QColor(tokens.accent_soft))
                painter.setPen(QPen(QColor(tokens.accent), 2) if current else QPen(Qt.PenStyle.NoPen))
                painter.drawRoundedRect(self.column(place).adjusted(1, 0, -1, 0), 3, 3)

    def _paint_bars(self, painter: QPainter, tokens: Tokens) -> None:
        area, colors = self._plot(), self._colors(tokens)
        axis, (runs, errors) = self._axis(), self._most()
        for place, counted in enumerate(self._days):
            strip = self.column(place)
            width = min(strip.width() * 0.6, 28)
            left, bottom = strip.center().x() - width / 2, axis
            for count, color in zip(counted.stack, colors, strict=True):
                height = (axis - area.top()) * count / max(runs, 1)
                self._bar(painter, QRectF(left, bottom - height, width, height), color, tokens)
                bottom -= height
            depth = (area.bottom() - axis) * counted.errors / max(errors, 1)
            self._bar(painter, QRectF(left, axis + 1, width, depth), None, tokens)

    @staticmethod
    def _bar(painter: QPainter, area: QRectF, color: QColor | None, tokens: Tokens) -> None:
        """A full bar in a colour, or with None the hollow one of errors: distinguished by its form as well."""
        if not area.height():
            return
        painter.setPen(QPen(QColor(tokens.error), 1) if color is None else QPen(Qt.PenStyle.NoPen))
        painter.setBrush(QColor(tokens.error_soft) if color is None else color)
        # A day with one error of a thousand must still be seen.
        painter.drawRect(area if color is not None else QRectF(area.x() + 0.5, area.y(), area.width() - 1, max(area.height() - 1, 1.0)))

    def _axis(self) -> float:
        area = self._plot()
        return round(area.top() + area.height() * (1 - ERRORS_SHARE)) + 0.5

    def _paint_axis(self, painter: QPainter, tokens: Tokens) -> None:
        area, axis, metrics = self._plot(), self._axis(), self.fontMetrics()
        painter.setPen(QColor(tokens.line))
        painter.drawLine(QPointF(area.left(), axis), QPointF(area.right(), axis))
        painter.setPen(QColor(tokens.secondary))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for most, y in zip(self._most(), (area.top(), area.bottom() - metrics.height()), strict=True):
            if most:
                painter.drawText(QRectF(0, y, area.left() - GAP, metrics.height()), right, wording.number(most))
        last = len(self._days) - 1
        for place, counted in enumerate(self._days):
            if (last - place) % WEEK == 0:
                text = f"{counted.day:%d.%m}"
                width = metrics.horizontalAdvance(text) + 2
                left = min(max(self.column(place).center().x() - width / 2, 0), self.width() - width)
                painter.drawText(QRectF(left, area.bottom() + 2, width, metrics.height()), Qt.AlignmentFlag.AlignCenter, text)


def _runs(count: int) -> str:
    return wording.plural(count, "запуск", "запуска", "запусков")
