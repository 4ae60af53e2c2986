"""Columns and heads that fit themselves: words that must be whole, names that elide, what gives way, what is remembered."""

from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QTableView, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.look.theme import Theme, ThemeMode, window_font
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.widgets import ROW_HEIGHT, ColumnFitter, Field, FieldRow, Width, row_height
from ozon_desktop.ui.widgets.page_head import PageHead

NAME, PLACE, STATE = range(3)
LONG = "Очень длинное название товара, которое не помещается ни в какую колонку целиком"


@pytest.fixture
def state(tmp_path: Path) -> WindowState:
    """What the window remembers."""
    return WindowState(tmp_path / "window.ini")


def make_table(qtbot: QtBot, state: WindowState) -> QTableView:
    table = QTableView()
    qtbot.addWidget(table)
    model = QStandardItemModel(0, 3, table)
    model.setHorizontalHeaderLabels(["Название", "Склад", "Состояние"])
    model.appendRow([QStandardItem(text) for text in (LONG, "Главный", "нет соответствия на Ozon")])
    table.setModel(model)
    columns = {NAME: Width(share=1, least=10), PLACE: Width(spare=True), STATE: Width(("сопоставлена",))}
    ColumnFitter(table, columns, state, "goods")
    table.resize(600, 200)
    table.show()
    qtbot.waitExposed(table)
    return table


def whole(table: QTableView, column: int) -> bool:
    text = str(table.model().index(0, column).data())
    return table.columnWidth(column) > table.fontMetrics().horizontalAdvance(text)


def test_states_are_whole_and_the_name_takes_the_rest(qtbot: QtBot, state: WindowState) -> None:
    table = make_table(qtbot, state)
    assert whole(table, STATE)
    assert not whole(table, NAME)
    assert sum(table.columnWidth(column) for column in range(3)) <= table.viewport().width()
    assert not table.horizontalScrollBar().isVisible()


def test_a_longer_state_widens_its_column(qtbot: QtBot, state: WindowState) -> None:
    table = make_table(qtbot, state)
    table.model().setData(table.model().index(0, STATE), "настройки типа ещё не получены")
    qtbot.waitUntil(lambda: whole(table, STATE))


@pytest.fixture(autouse=True)
def usual_text(qapp: QApplication) -> None:
    """Whatever size of text and style another test has left behind."""
    qapp.setFont(window_font())
    Theme(ThemeMode.LIGHT).apply()


def test_a_spare_column_gives_way_and_comes_back(qtbot: QtBot, state: WindowState) -> None:
    table = make_table(qtbot, state)
    table.resize(310, 200)
    qtbot.waitUntil(lambda: table.isColumnHidden(PLACE))
    assert whole(table, STATE)
    table.resize(600, 200)
    qtbot.waitUntil(lambda: not table.isColumnHidden(PLACE))


def test_rows_and_columns_follow_the_text_live(qtbot: QtBot, state: WindowState) -> None:
    theme = Theme(ThemeMode.LIGHT)
    theme.apply()
    before = QFont(QApplication.font())
    table = make_table(qtbot, state)
    width = table.columnWidth(STATE)
    large = QFont(before)
    large.setPointSizeF(before.pointSizeF() * 2)
    try:
        QApplication.setFont(large)
        qtbot.waitUntil(lambda: table.columnWidth(STATE) > width * 1.5)
        assert table.rowHeight(0) == row_height(table) > ROW_HEIGHT
    finally:
        QApplication.setFont(before)


def test_a_column_the_manager_dragged_keeps_its_width(qtbot: QtBot, state: WindowState) -> None:
    state.remember("widths/goods", "0:123 broken")
    table = make_table(qtbot, state)
    assert table.columnWidth(NAME) == 123
    table.resize(900, 200)
    assert table.columnWidth(NAME) == 123


def test_editors_beside_each_other_stand_on_one_line(qtbot: QtBot) -> None:
    area = QWidget()
    qtbot.addWidget(area)
    short, long = (
        Field("Бренд", QLineEdit(), parent=area),
        Field("Название модели (для объединения в одну карточку)", QLineEdit(), parent=area),
    )
    long.head.addWidget(QToolButton())
    FieldRow((short, long), area)
    short.setGeometry(0, 0, 140, 160)
    long.setGeometry(150, 0, 140, 160)
    area.show()
    qtbot.waitUntil(lambda: short.editor.y() == long.editor.y())
    tops = short.editor.y()
    long.resize(600, 160)
    qtbot.waitUntil(lambda: short.editor.y() == long.editor.y() < tops)


def test_actions_go_below_a_title_that_needs_the_room(qtbot: QtBot) -> None:
    head = PageHead("Соответствие категорий")
    qtbot.addWidget(head)
    button = QPushButton("Подобрать автоматически")
    head.add(button)
    head.resize(900, 60)
    head.show()
    qtbot.waitUntil(lambda: button.mapTo(head, button.rect().topLeft()).x() > 600)
    head.resize(280, 160)
    qtbot.waitUntil(lambda: button.mapTo(head, button.rect().topLeft()).y() >= head.title.geometry().bottom())
    assert button.mapTo(head, button.rect().bottomLeft()).y() <= head.line.y()
    assert button.mapTo(head, button.rect().topLeft()).x() == 0
