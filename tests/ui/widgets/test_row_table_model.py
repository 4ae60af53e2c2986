"""The one model of tables: declared columns, search, filter, and sorting by Russian rules and by values."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.widgets import Width
from ozon_desktop.ui.widgets.row_table_model import LEFT, RIGHT, Column, RowTableModel

Role = Qt.ItemDataRole
NAME, PRICE, DAY = range(3)


@dataclass(frozen=True)
class Thing:
    """A row."""

    name: str
    price: Decimal | None = None
    day: date | None = None


COLUMNS: tuple[Column[Thing], ...] = (
    Column("Название", lambda row: row.name, Width(share=1), tip=lambda row: row.name if "\n" in row.name else ""),
    Column("Цена", lambda row: "нет" if row.price is None else str(row.price), alignment=RIGHT, sort_key=lambda row: row.price),
    Column("День", lambda row: f"{row.day:%d.%m.%Y}" if row.day else "", colour=lambda row: QColor("red"), sort_key=lambda row: row.day),
)


def model_of(*rows: Thing, speaks_rows: bool = False) -> RowTableModel[Thing]:
    model = RowTableModel(COLUMNS, key=lambda row: row.name, searched=lambda row: row.name, speaks_rows=speaks_rows)
    model.show_rows(rows)
    return model


def names(model: RowTableModel[Thing]) -> list[str]:
    return [model.index(number, NAME).data() for number in range(model.rowCount())]


@pytest.mark.parametrize(
    "ordered", [["А-2", "А-10"], ["Ёлка", "Жилет"], ["ежик", "ёжик", "ежиха"], ["", "Размер 9", "размер 10", "Размер 100"]]
)
def test_a_click_on_the_header_sorts_names_by_russian_rules(qtbot: QtBot, ordered: list[str]) -> None:
    table = QTableView()
    qtbot.addWidget(table)
    model = model_of(*map(Thing, reversed(ordered)))
    table.setModel(model)
    table.setSortingEnabled(True)
    table.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
    assert names(model) == ordered
    table.sortByColumn(NAME, Qt.SortOrder.DescendingOrder)
    assert names(model) == ordered[::-1]
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert names(model) == ordered[::-1]


def test_numbers_and_dates_are_sorted_by_their_value_and_missing_ones_stand_before_them(qapp: Any) -> None:
    first, second = date(2026, 11, 30), date(2026, 12, 1)
    model = model_of(Thing("a", Decimal(1000), second), Thing("b"), Thing("c", Decimal("99.5"), first), Thing("d"))
    for column in (PRICE, DAY):
        model.sort(column)
        assert names(model) == ["b", "d", "c", "a"]
        model.sort(column, Qt.SortOrder.DescendingOrder)
        assert names(model) == ["a", "c", "b", "d"]


def test_cells_show_what_is_declared(qapp: Any) -> None:
    model = model_of(Thing("в две\n строки", Decimal(5)))
    cell = model.index(0, NAME)
    assert (cell.data(), cell.data(Role.ToolTipRole), cell.data(Role.AccessibleTextRole)) == ("в две строки", *["в две\n строки"] * 2)
    assert [model.index(0, column).data(Role.TextAlignmentRole) for column in range(3)] == [LEFT, RIGHT, LEFT]
    assert model.index(0, DAY).data(Role.ForegroundRole) == QColor("red")
    assert cell.data(Role.ForegroundRole) is None
    assert cell.data(Role.CheckStateRole) is None
    header = [model.headerData(column, Qt.Orientation.Horizontal) for column in range(4)]
    assert header == ["Название", "Цена", "День", None]
    assert model.headerData(PRICE, Qt.Orientation.Horizontal, Role.TextAlignmentRole) == RIGHT
    assert model.widths[NAME] == Width(share=1)
    speaking = model_of(Thing("Сапоги", Decimal(5)), speaks_rows=True)
    assert speaking.index(0, NAME).data(Role.AccessibleTextRole) == "Название: Сапоги; Цена: 5; День: "


def test_search_and_filter_narrow_in_the_order_that_is_shown(qapp: Any) -> None:
    model = model_of(*(Thing(f"Ёлка {number}", Decimal(number)) for number in range(12)), Thing("Жилет 1"))
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.sort(NAME, Qt.SortOrder.DescendingOrder)
    model.search("ЕЛКА 1")
    assert names(model) == ["Ёлка 11", "Ёлка 10", "Ёлка 1"]
    model.filter_rows(lambda row: row.price != 10)
    assert names(model) == ["Ёлка 11", "Ёлка 1"]
    assert (model.total, model.row_at(2), model.row_of("Ёлка 1"), model.row_of("Ёлка 10")) == (13, None, 1, -1)
    model.search("")
    model.filter_rows(None)
    assert len(names(model)) == 13
    assert tester is not None


def test_rows_that_stay_keep_their_place_in_views(qtbot: QtBot) -> None:
    rows = [Thing("А-10", Decimal(1)), Thing("А-2", Decimal(2))]
    model = model_of(*rows)
    chosen = QPersistentModelIndex(model.index(0, NAME))
    model.sort(NAME)
    assert (chosen.row(), chosen.data()) == (1, "А-10")
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        assert model.update_rows([replace(row, price=Decimal(7)) for row in rows]) is False
    assert (chosen.row(), model.row(1).price) == (1, Decimal(7))
    with qtbot.waitSignal(model.modelReset):
        assert model.update_rows(rows[:1]) is True
    assert not chosen.isValid()


def test_what_changed_is_found_and_sorted_by_its_new_words(qapp: Any) -> None:
    model = model_of(Thing("b"), Thing("c"))
    model.sort(NAME)
    model.search("d")
    assert names(model) == []
    model.search("")
    model.rows_changed([Thing("d"), Thing("c")], (0,))
    assert names(model) == ["d", "c"]
    model.search("d")
    assert names(model) == ["d"]
    model.search("")
    assert names(model) == ["c", "d"]
