"""Types that Ozon has moved, and the settings of whole Ozon categories, on the categories page."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.ozon_catalog import OzonTree, OzonType, TypeKey
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.menus import ozon_menu
from ozon_desktop.ui.mapping.page import MappingPage
from ozon_desktop.ui.mapping.trees.store_tree_model import StoreColumn, StoreFilterMode
from tests.ui.mapping.fakes import MOMENT, TV, FakeMapping

NEW_PLACE = TypeKey(22, TV.type_id)
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def mapping(mapping: FakeMapping) -> FakeMapping:
    """The television, to which a category is mapped, has gone to the kitchen."""
    types = [replace(type_, gone=type_.key == TV) for type_ in mapping.tree.types.values()]
    mapping.tree = OzonTree.build(mapping.tree.categories.values(), [*types, OzonType(NEW_PLACE, "Телевизор", settings_at=MOMENT)])
    mapping.own = {"tv": TV}
    return mapping


@pytest.fixture
def page(context: WindowContext, qtbot: QtBot, mapping: FakeMapping) -> MappingPage:
    page = MappingPage(context)
    qtbot.addWidget(page)
    page.resize(1142, 768)
    page.show()
    qtbot.waitUntil(lambda: page.status_line.text() != "")
    return page


def cell(page: MappingPage, category_id: str, column: int, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
    model = page.store.model
    return model.data(model.index(model.index_of(model.node_of(category_id)).row(), column, model.index_of(model.node_of("tech"))), role)


def test_moved_type_is_marked_and_its_new_place_named(page: MappingPage) -> None:
    assert cell(page, "tv", StoreColumn.STATE) == "тип перенесён"
    assert cell(page, "tv", StoreColumn.STATE, Qt.ItemDataRole.ToolTipRole).endswith("Электроника / Техника для кухни / Телевизор")
    page.open_payload("to_fix")
    assert page.store.filter.mode is StoreFilterMode.TO_FIX
    assert page.message_bar.message == "Ozon перенёс типы в другие категории. Соответствий с ними: 1."


def test_all_new_places_are_accepted_at_once(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    qtbot.mouseClick(page.message_bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: mapping.own == {"tv": NEW_PLACE})
    qtbot.waitUntil(lambda: cell(page, "tv", StoreColumn.STATE) == "сопоставлена")
    assert page.message_bar.message == ""


def test_new_place_is_accepted_for_the_selected_category(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    text = "Тип перенесён — принять новое место"
    page.store.select("boots")
    assert text not in [action.text() for action in page.store_menu().actions()]
    page.store.select("tv")
    next(action for action in page.store_menu().actions() if action.text() == text).trigger()
    qtbot.waitUntil(lambda: mapping.own == {"tv": NEW_PLACE})


def test_closed_offer_stays_closed(page: MappingPage, qtbot: QtBot, context: WindowContext, mapping: FakeMapping) -> None:
    page.hide_message()
    asked = mapping.calls.count(("view", 1))
    page.refresh()
    qtbot.waitUntil(lambda: mapping.calls.count(("view", 1)) > asked and context.worker.pending == 0)
    assert page.message_bar.message == ""


def test_settings_of_a_whole_category_are_fetched_with_a_button_or_the_menu(
    page: MappingPage, qtbot: QtBot, context: WindowContext
) -> None:
    catalog: Any = context.application.catalog
    page.ozon.tree.setCurrentIndex(page.ozon.tree.model().index(0, 0))
    button = page.ozon.category
    assert button.text().split() == ["Получить", "настройки", "3", "типов", "внутри"]
    assert button.toolTip() == "Обувь: настройки получены для 2 из 3"
    assert page.ozon.details.isHidden()
    with qtbot.waitSignal(context.job_ended):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(context.job_ended):
        next(action for action in ozon_menu(page.selection).actions() if action.text() == "Получить настройки всех типов внутри").trigger()
    assert catalog.below == [[1], [1]]
    page.ozon.select(NEW_PLACE)
    assert button.isHidden()
    page.ozon.tree.setCurrentIndex(page.ozon.tree.model().index(2, 0))
    assert button.isHidden(), "no types are known below books"
