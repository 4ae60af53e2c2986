"""The row of filters: kind, result, days and text, by mouse and keyboard."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.journal.page import JournalPage
from ozon_desktop.ui.journal.run_filter import RunFilter, last_days, search_text
from tests.ui.journal.conftest import NOW, FakeJournal, make_runs

Open = Callable[[], JournalPage]


def shown(page: JournalPage) -> list[int]:
    """Ids of the runs in the table."""
    return [run.id for run in page.model.shown]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("kt-2", [1]),
        ("бренд", [1]),
        ("not_mapped", [1]),
        ("выключен", [2]),
        ("по расписанию", [2, 4]),
        ("папка выгрузки", [3]),
        ("связи заказов", [4]),
        ("нет такого", []),
    ],
)
def test_a_text_finds_articles_errors_and_reasons(text: str, found: list[int]) -> None:
    runs = make_runs()
    reported = {run.id: search_text(run) for run in runs}
    assert [run.id for run in filter(RunFilter(text=text).lets(reported), runs)] == found


def test_days_are_those_of_the_managers_clock_and_both_ends_count() -> None:
    first, last = last_days(date(2026, 11, 24), 7)
    assert (first, last) == (date(2026, 11, 18), date(2026, 11, 24))
    noon = NOW.astimezone().replace(hour=12)
    runs = [replace(run, started_at=noon - timedelta(days=back)) for run, back in zip(make_runs(), (0, 6, 7, -1), strict=True)]
    assert [run.id for run in filter(RunFilter(first=first, last=last).lets({}), runs)] == [1, 2]


def test_the_period_narrows_the_runs(open_page: Open, journal: FakeJournal) -> None:
    journal.all[2] = replace(journal.all[2], started_at=NOW - timedelta(days=10))
    journal.all[3] = replace(journal.all[3], started_at=NOW - timedelta(days=60))
    page = open_page()
    counts = []
    for value in ("", "7", "28"):
        page.filters.period.setCurrentIndex(page.filters.period.findData(value))
        counts.append(len(shown(page)))
    assert counts == [4, 2, 3]


def test_typing_narrows_and_escape_shows_all_again(open_page: Open, qtbot: QtBot) -> None:
    page = open_page()
    page.focus_search()
    QTest.keyClicks(page.filters.search, "KT-1")
    qtbot.waitUntil(lambda: shown(page) == [1])
    QTest.keyClick(page.filters.search, Qt.Key.Key_Escape)
    assert shown(page) == [1, 2, 3, 4]


def test_a_box_is_chosen_by_keyboard(open_page: Open) -> None:
    page = open_page()
    QTest.keyClick(page.filters.kind, Qt.Key.Key_Down)
    assert shown(page) == [1, 2]
    QTest.keyClick(page.filters.kind, Qt.Key.Key_Home)
    assert shown(page) == [1, 2, 3, 4]


def test_nothing_found_offers_all_runs(open_page: Open) -> None:
    page = open_page()
    page.filters.search.setText("нет такого")
    QTest.keyClick(page.filters.search, Qt.Key.Key_Return)
    assert shown(page) == []
    assert not page.none_found.isHidden()
    assert not page.export.isEnabled()
    QTest.mouseClick(page.show_all, Qt.MouseButton.LeftButton)
    assert shown(page) == [1, 2, 3, 4]
    assert page.show_all.isHidden()
