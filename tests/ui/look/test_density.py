"""Compact rows: chosen in the menu, in force at once, remembered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.look.density import CALM, Rows, rows_high
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.widgets import ColumnFitter
from ozon_desktop.ui.widgets.columns import Width
from ozon_desktop.ui.widgets.tables import set_up_table


@pytest.fixture(autouse=True)
def calm() -> Iterator[None]:
    """As before, for the tests that come."""
    yield
    Rows.density = CALM


@pytest.mark.parametrize(("compact", "expected"), [(False, 30), (True, 24)])
def test_rows_of_small_text_have_the_height_of_the_density(theme: Theme, compact: bool, expected: int) -> None:
    theme.set_compact(compact)
    assert rows_high(16) == expected
    assert rows_high(40) > 40, "a large text is never clipped"


def test_a_table_that_is_shown_follows(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    table = QTableView()
    qtbot.addWidget(table)
    set_up_table(table, "table", "Таблица")
    table.setModel(QStandardItemModel(3, 1, table))
    ColumnFitter(table, {0: Width()}, WindowState(tmp_path / "window.ini"), "table")
    table.show()
    calm = table.rowHeight(0)
    theme.set_compact(True)
    qtbot.waitUntil(lambda: table.rowHeight(0) < calm)
    theme.set_compact(False)
    qtbot.waitUntil(lambda: table.rowHeight(0) == calm)
