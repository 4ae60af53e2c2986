"""The columns of a price list on the page «Интеграция»: shown after it was loaded, changed there, loaded once more."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.price_list import ColumnRole
from ozon_desktop.errors import FileNotReadable
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import IntegrationPageView
from tests.ui.integration.conftest import FakeColumns, settle

PRICE_LIST = Path("price.xlsx")


def test_nothing_is_shown_before_a_table_was_loaded(view: IntegrationPageView) -> None:
    assert view.price_list.isHidden()


def test_each_heading_is_shown_once_with_what_it_is_and_examples(view: IntegrationPageView, context: WindowContext, qtbot: QtBot) -> None:
    context.table_loaded.emit(PRICE_LIST)
    settle(qtbot, context)
    card = view.price_list
    assert not card.isHidden()
    assert {heading: box.chosen for heading, box in card.boxes.items()} == {
        "Артикул": ColumnRole.ARTICLE,
        "Цена опт": ColumnRole.PROPERTY,
        "Пусто": ColumnRole.NOTHING,
    }
    assert card.fields["Артикул"].below.text() == "Например: 007, 8"
    assert card.fields["Пусто"].below.text() == "В столбце пусто"
    assert card.boxes["Цена опт"].accessibleName() == "Цена опт"
    assert "price.xlsx" in card.explained.text()
    assert not card.load_button.isEnabled()


def test_another_role_is_kept_and_the_table_loaded_again(
    view: IntegrationPageView, columns: FakeColumns, context: WindowContext, qtbot: QtBot
) -> None:
    context.table_loaded.emit(PRICE_LIST)
    settle(qtbot, context)
    asked = QSignalSpy(context.load_files)
    view.price_list.boxes["Цена опт"].choose(ColumnRole.PRICE)
    QTest.keyClick(view.price_list.load_button, Qt.Key.Key_Space)
    settle(qtbot, context)
    assert columns.roles == {"Артикул": ColumnRole.ARTICLE, "Цена опт": ColumnRole.PRICE}
    assert asked.count() == 1
    assert asked.at(0) == [[PRICE_LIST]]


def test_a_table_that_is_gone_is_told(view: IntegrationPageView, columns: FakeColumns, context: WindowContext, qtbot: QtBot) -> None:
    columns.failure = FileNotReadable("price.xlsx", detail="нет файла")
    context.table_loaded.emit(PRICE_LIST)
    settle(qtbot, context)
    assert view.price_list.isHidden()
    assert "price.xlsx" in view.message_bar.message


def test_a_page_built_after_the_loading_shows_the_table(context: WindowContext, qtbot: QtBot) -> None:
    context.last_table = PRICE_LIST
    view = IntegrationPageView(context)
    qtbot.addWidget(view)
    settle(qtbot, context)
    assert not view.price_list.isHidden()
