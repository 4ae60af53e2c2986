"""The exported journal: a row per problem, numbers once per run, and the page that says how it went."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from ozon_desktop.services.runs import journal_export
from ozon_desktop.services.runs.journal_export import HEADINGS, export_journal, journal_rows
from ozon_desktop.services.spreadsheets import read_table
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.journal.page import JournalPage
from tests.ui.journal.conftest import make_runs

Open = Callable[[], JournalPage]


def exported(page: JournalPage, qtbot: QtBot, context: WindowContext) -> None:
    """Presses the button by keyboard and waits for the file."""
    QTest.keyClick(page.export, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: context.worker.pending == 0)


async def test_what_the_table_shows_is_written(
    open_page: Open, qtbot: QtBot, context: WindowContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "выгрузка" / "Журнал"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    page = open_page()
    page.filters.kind.setCurrentIndex(page.filters.kind.findData("sync"))
    exported(page, qtbot, context)
    rows = [row.texts for row in await read_table(file.with_suffix(".xlsx"))]
    assert [row["Артикул"] for row in rows] == ["KT-1", "KT-2", "SP-1", ""]
    assert [row["Запросы"] for row in rows] == ["1204", "", "", "0"]
    assert [row["Что сделать"] for row in rows] == ["открыть карточку", "открыть карточку", "сопоставить категорию", ""]
    assert {row["Что"] for row in rows} == {"Синхронизация"}
    assert page.message_bar.message.startswith("Выгружено: 2 запуска, 3 ошибки. Файл: ")
    assert page.message_bar.property("role") == "message-good"
    assert page.export.isEnabled()


def test_a_place_that_cannot_be_written_is_reported(
    open_page: Open, qtbot: QtBot, context: WindowContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "занято").write_text("не папка")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "занято" / "Журнал.xlsx"), ""))
    page = open_page()
    exported(page, qtbot, context)
    assert page.message_bar.property("role") == "message-error"
    assert page.message_bar.action.text() == "Выбрать другое место"


def test_a_choice_thought_better_of_writes_nothing(open_page: Open, context: WindowContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    page = open_page()
    page.export.click()
    assert context.worker.pending == 0
    assert page.export.isEnabled()


def test_every_row_has_every_column() -> None:
    rows = list(journal_rows(make_runs()))
    assert len(rows) == 6
    assert {len(row) for row in rows} == {len(HEADINGS)}


async def test_rows_beyond_the_sheet_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_export, "MOST_ROWS", 4)
    written = await export_journal(tmp_path / "Журнал.xlsx", make_runs())
    assert (written.runs, written.problems, written.left_out) == (4, 4, 2)
    assert len(await read_table(tmp_path / "Журнал.xlsx")) == 4
