"""The chart of runs by day: counted right, read by keyboard, chosen by key and click, in both themes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.journal import RunResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.journal.chart.chart import RunChart
from ozon_desktop.ui.journal.chart.days import DayRuns, run_days
from ozon_desktop.ui.journal.page import JournalPage
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.look.tokens import DARK, LIGHT
from tests.ui.journal.conftest import NOW, FakeJournal, make_runs

pytestmark = pytest.mark.styled

Open = Callable[[], JournalPage]
TODAY = date(2026, 11, 24)
DAYS = (
    DayRuns(TODAY - timedelta(days=2), done=5),
    DayRuns(TODAY - timedelta(days=1)),
    DayRuns(TODAY, done=2, partial=2, failed=1, other=1, errors=12),
)


@pytest.fixture
def chart(qtbot: QtBot) -> RunChart:
    """Three days, in the light theme."""
    chart = RunChart(Theme(ThemeMode.LIGHT))
    qtbot.addWidget(chart)
    chart.resize(1000, chart.sizeHint().height())
    chart.show_days(DAYS)
    chart.show()
    return chart


def painted(image: QImage, name: str) -> int:
    """How many pixels have exactly this colour."""
    wanted = QColor(name).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def click(chart: RunChart, place: int) -> None:
    """Clicks the strip of a day."""
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=chart.column(place).center().toPoint())


def test_runs_are_counted_by_day_and_result() -> None:
    noon = NOW.astimezone().replace(hour=12)
    runs = [replace(run, started_at=noon) for run in make_runs()]
    runs += [replace(runs[2], result=result) for result in (RunResult.RUNNING, RunResult.STOPPED, RunResult.INTERRUPTED)]
    runs += [replace(runs[0], started_at=noon - timedelta(days=1)), replace(runs[0], started_at=noon - timedelta(days=3))]
    days = run_days(runs, noon.date(), 3)
    assert [counted.total for counted in days] == [0, 1, 6]
    assert days[2] == DayRuns(noon.date(), done=1, partial=1, failed=2, other=2, errors=3)


def test_the_summary_and_the_day_are_reported_in_words(chart: RunChart) -> None:
    assert chart.summary() == "За 3 дня: 11 запусков, ошибок 12; больше всего 24.11 — 12"
    assert chart.accessibleDescription().startswith(chart.summary())
    words = "выполнено 2, с ошибками 2, не выполнено 1, остановлено и пропущено 1; ошибок 12"
    assert chart.accessibleName() == f"Запуски и ошибки по дням. 24.11.2026: 6 запусков — {words}"


def test_arrows_read_the_days_and_stop_at_the_ends(chart: RunChart) -> None:
    read = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Right, Qt.Key.Key_Home):
        QTest.keyClick(chart, key)
        read.append(chart.current_day.day if chart.current_day else 0)
    assert read == [23, 22, 22, 23, 24, 24, 22]
    assert chart.accessibleName().endswith("22.11.2026: 5 запусков — выполнено 5; без ошибок")
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert chart.accessibleName().endswith("23.11.2026: запусков не было")


def test_enter_chooses_the_day_and_escape_none(chart: RunChart) -> None:
    spy = QSignalSpy(chart.day_chosen)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    chart.show_chosen(DAYS[1].day)
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    assert [spy.at(number)[0] for number in range(spy.count())] == [DAYS[1].day, None]


def test_a_click_chooses_the_day_and_the_same_day_again_none(chart: RunChart) -> None:
    spy = QSignalSpy(chart.day_chosen)
    click(chart, 0)
    chart.show_chosen(DAYS[0].day)
    click(chart, 0)
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPointF(1, 1).toPoint())
    assert [spy.at(number)[0] for number in range(spy.count())] == [DAYS[0].day, None]


def test_the_day_read_stays_when_days_are_read_again(chart: RunChart) -> None:
    QTest.keyClick(chart, Qt.Key.Key_Left)
    chart.show_days((*DAYS[1:], DayRuns(TODAY + timedelta(days=1))))
    assert chart.current_day == DAYS[1].day


@pytest.mark.slow
@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_the_parts_of_a_bar_have_the_colours_of_the_theme(qtbot: QtBot, chart: RunChart, tokens: object) -> None:
    theme = Theme(ThemeMode.LIGHT if tokens is LIGHT else ThemeMode.DARK)
    drawn = RunChart(theme)
    qtbot.addWidget(drawn)
    drawn.resize(chart.size())
    empty = drawn.grab().toImage()
    drawn.show_days(DAYS)
    image = drawn.grab().toImage()
    for name in (theme.tokens().good, theme.tokens().attention, theme.tokens().error, theme.tokens().secondary):
        assert painted(image, name) > painted(empty, name)


def test_no_days_can_be_shown_and_asked(chart: RunChart) -> None:
    chart.show_days(())
    spy = QSignalSpy(chart.day_chosen)
    QTest.keyClick(chart, Qt.Key.Key_Return)
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert not chart.grab().isNull()
    assert (spy.count(), chart.current_day, chart.summary()) == (0, None, "")


def test_enter_on_a_day_shows_its_runs_and_escape_all(open_page: Open, journal: FakeJournal) -> None:
    journal.all[3] = replace(journal.all[3], started_at=NOW - timedelta(days=1))
    page = open_page()
    page.chart.setFocus()
    QTest.keyClick(page.chart, Qt.Key.Key_Left)
    QTest.keyClick(page.chart, Qt.Key.Key_Return)
    assert [run.id for run in page.model.shown] == [4]
    assert page.filters.period.currentText() == f"{page.chart.current_day:%d.%m.%Y}"
    assert "не выполнено 1" in page.chart.reading()
    assert page.panel.heading.text().endswith("не удалось")
    QTest.keyClick(page.chart, Qt.Key.Key_Escape)
    assert page.model.rowCount() == 4


def test_another_day_replaces_the_first_in_the_box(open_page: Open) -> None:
    page = open_page()
    fixed = page.filters.period.count()
    for place in (20, 21):
        click(page.chart, place)
    assert page.filters.period.count() == fixed + 1
    assert page.filters.day == page.chart.current_day


def test_the_chart_counts_what_the_other_filters_let_through(open_page: Open) -> None:
    page = open_page()
    page.filters.kind.setCurrentIndex(page.filters.kind.findData("sync"))
    assert page.chart.summary().startswith("За 28 дней: 2 запуска, ошибок 2")


def test_the_button_hides_the_chart_and_it_stays_hidden(open_page: Open, context: WindowContext) -> None:
    page = open_page()
    assert page.chart.isVisible()
    QTest.mouseClick(page.chart_button, Qt.MouseButton.LeftButton)
    assert page.chart_card.isHidden()
    again = open_page()
    assert again.chart_card.isHidden()
    assert not again.chart_button.isChecked()
    QTest.keyClick(again.chart_button, Qt.Key.Key_Space)
    assert again.chart.isVisible()


def test_a_low_window_shows_the_problems_unless_the_chart_is_asked_for(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()

    def hidden() -> tuple[bool, bool]:
        return page.chart_card.isHidden(), page.panel.isHidden()

    page.resize(900, 420)
    qtbot.waitUntil(lambda: hidden() == (True, False))
    page.chart_button.click()
    qtbot.waitUntil(lambda: hidden() == (False, True))
    page.resize(1142, 50 * page.fontMetrics().height())
    qtbot.waitUntil(lambda: hidden() == (False, False))


def test_the_focus_is_seen(chart: RunChart, qtbot: QtBot) -> None:
    chart.activateWindow()
    chart.clearFocus()
    qtbot.waitUntil(lambda: not chart.hasFocus())
    before = chart.grab().toImage()
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(chart.hasFocus)
    assert chart.grab().toImage() != before
    assert chart.reading().startswith("24.11.2026")


def test_a_heading_without_room_stands_above_the_buttons(open_page: Open) -> None:
    page = open_page()
    beside = page.panel.heading.geometry().bottom() > page.panel.act.geometry().top()
    page.resize(640, 740)
    layout = page.panel.layout()
    assert layout is not None
    layout.activate()
    above = page.panel.heading.geometry().bottom() <= page.panel.act.geometry().top()
    assert (beside, above) == (True, True)
