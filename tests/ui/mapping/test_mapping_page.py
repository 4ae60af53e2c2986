"""The categories page as the manager uses it: mapping in every way, undo, suggestions, gates and empty states."""

from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QListView, QMenu, QPushButton, QTreeView
from pytestqt.qtbot import QtBot

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingState
from ozon_desktop.domain.matching import MatchReason
from ozon_desktop.domain.ozon_catalog import OzonTree
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.errors import DatabaseBusy
from ozon_desktop.services.mapping.view import Suggestion
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.menus import ozon_menu
from ozon_desktop.ui.mapping.page import MappingPage
from tests.ui.finding import child
from tests.ui.mapping.conftest import Opened
from tests.ui.mapping.fakes import BOOTS, COOKER, HALF_BOOTS, TV, WORK_BOOTS, FakeMapping

# The offscreen platform says so for every window with a smallest size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def place_of(page: MappingPage, category_id: str) -> QModelIndex:
    return page.store.filter.mapFromSource(page.store.model.index_of(page.store.model.node_of(category_id)))


def select_all(page: MappingPage, *category_ids: str) -> None:
    page.store.select(category_ids[0])
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for category_id in category_ids[1:]:
        page.store.tree.selectionModel().select(place_of(page, category_id), flags)


def state(name: MappingState) -> str:
    return wording.mapping_state_text(name)


def shown(page: MappingPage, category_id: str) -> list[str]:
    model = page.store.model
    return [model.data(model.index_of(model.node_of(category_id), column)) for column in (2, 3)]


def mapped_calls(mapping: FakeMapping) -> list[Any]:
    return [call for call in mapping.calls if call[0] != "view"]


def propose(mapping: FakeMapping) -> None:
    path = mapping.tree.type_path
    mapping.suggestions = {
        "boots": (
            Suggestion(BOOTS, path(BOOTS), 0.97, MatchReason.NAME),
            Suggestion(HALF_BOOTS, path(HALF_BOOTS), 0.7, MatchReason.WORDS),
        ),
        "sneakers": (Suggestion(HALF_BOOTS, path(HALF_BOOTS), 0.41, MatchReason.PRODUCTS, "Кроссовки"),),
    }


def test_status_line_says_how_much_is_mapped(opened: Opened) -> None:
    page = opened()
    assert page.status_line.text() == "Сопоставлено 1 из 4 категорий — 3 % товаров"
    assert shown(page, "cookers")[1] == state(MappingState.TYPE_DISABLED)


def test_button_maps_several_categories_at_once(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    page = opened()
    select_all(page, "sneakers", "boots")
    page.ozon.select(BOOTS)
    button = child(page, QPushButton, "map_button")
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == "сопоставлена")
    assert mapped_calls(mapping) == [("map", ("sneakers", "boots"), BOOTS)]
    assert page.store.selected_ids() == ["sneakers", "boots"]


def test_enter_on_the_ozon_tree_maps_and_says_the_other_pages(opened: Opened, context: WindowContext, qtbot: QtBot) -> None:
    page = opened()
    page.store.select("boots")
    page.ozon.select(BOOTS)
    with qtbot.waitSignal(context.data_changed) as reported:
        qtbot.keyClick(page.ozon.tree, Qt.Key.Key_Return)
    assert reported.args == ["mapping"]
    assert shown(page, "boots") == ["Обувь / Повседневная обувь / Сапоги", "сопоставлена"]


@pytest.mark.styled
def test_double_click_on_a_type_maps(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    page = opened()
    page.store.select("boots")
    page.ozon.select(BOOTS)
    qtbot.waitUntil(lambda: page.ozon.tree.visualRect(page.ozon.tree.currentIndex()).top() > 0)
    place = page.ozon.tree.visualRect(page.ozon.tree.currentIndex()).center()
    qtbot.mouseClick(page.ozon.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(page.ozon.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: mapping.own.get("boots") == BOOTS)


def test_dropping_a_type_maps_the_category_under_it(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    page = opened()
    data = page.ozon.model.mimeData([page.ozon.model.index_of(page.ozon.model.node_of(BOOTS))])
    onto = page.store.filter.mapFromSource(page.store.model.index_of(page.store.model.node_of("sneakers")))
    assert page.store.filter.dropMimeData(data, Qt.DropAction.LinkAction, -1, -1, onto)
    qtbot.waitUntil(lambda: mapping.own.get("sneakers") == BOOTS)


def test_dropping_onto_a_selected_category_maps_all_selected_ones(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    page = opened()
    select_all(page, "sneakers", "boots")
    data = page.ozon.model.mimeData([page.ozon.model.index_of(page.ozon.model.node_of(BOOTS))])
    onto = page.store.filter.mapFromSource(page.store.model.index_of(page.store.model.node_of("boots")))
    assert page.store.filter.canDropMimeData(data, Qt.DropAction.LinkAction, -1, -1, onto)
    assert page.store.filter.dropMimeData(data, Qt.DropAction.LinkAction, -1, -1, onto)
    qtbot.waitUntil(lambda: mapping.own.get("boots") == BOOTS)
    assert mapped_calls(mapping) == [("map", ("sneakers", "boots"), BOOTS)]


def test_all_suggestions_of_the_selection_are_accepted_in_one_step(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    propose(mapping)
    page = opened()
    page.session.suggest()
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == "предложено уверенно")
    select_all(page, "sneakers", "boots")
    qtbot.keyClick(page.store.tree, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == "сопоставлена")
    assert mapped_calls(mapping) == [("map_each", {"sneakers": HALF_BOOTS, "boots": BOOTS})]
    page.undo()
    qtbot.waitUntil(lambda: "boots" not in mapping.own and "sneakers" not in mapping.own)


def test_inheritance_is_brought_back_below_a_mapped_parent(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    mapping.own = {"shoes": BOOTS, "boots": HALF_BOOTS, "tv": TV}
    page = opened()
    page.store.select("tv")
    assert page.store.unmap_button.text() == "Убрать соответствие"
    page.store.select("boots")
    assert page.store.unmap_button.text() == "Вернуть наследование"
    action = next(action for action in page.store_menu().actions() if action.text() == "Вернуть наследование\tDelete")
    action.trigger()
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == state(MappingState.INHERITED))
    assert mapped_calls(mapping) == [("unmap", ("boots",))]


def test_coverage_is_reported_above_the_tree(opened: Opened) -> None:
    page = opened()
    assert page.store.coverage.words.text() == "1 из 4 категорий, 3 % товаров"
    assert page.store.coverage.bar.value() == 3
    assert page.store.coverage.bar.accessibleName() == "Сопоставлено: 1 из 4 категорий, 3 % товаров"


def test_filters_say_how_many_they_show(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    propose(mapping)
    page = opened()
    box = child(page, QComboBox, "store_filter")

    def texts() -> list[str]:
        return [box.itemText(row) for row in range(box.count())]

    assert texts() == ["Все · 6", "Без соответствия · 3", "С предложением · 0", "Нужно исправить · 1"]
    page.session.suggest()
    qtbot.waitUntil(lambda: texts()[2] == "С предложением · 2")
    page.store.select("boots")
    qtbot.keyClick(page.store.tree, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: texts() == ["Все · 6", "Без соответствия · 1", "С предложением · 1", "Нужно исправить · 1"])


def test_children_inherit_and_delete_unmaps(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.store.select("shoes")
    page.ozon.select(BOOTS)
    qtbot.keyClick(page.store.tree, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page, "sneakers")[1] == state(MappingState.INHERITED))
    assert page.store.unmap_button.isEnabled()
    qtbot.keyClick(page.store.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: shown(page, "sneakers")[1] == state(MappingState.NONE))
    assert not page.store.unmap_button.isEnabled()


def test_undo_and_redo_name_the_change(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    page = opened()
    assert not page.undo_button.isEnabled()
    page.store.select("boots")
    page.ozon.select(BOOTS)
    page.selection.map()
    qtbot.waitUntil(page.undo_button.isEnabled)
    assert page.undo_button.toolTip() == "«Женские сапоги» → «Сапоги» (Ctrl+Z)"
    qtbot.keyClick(page.store.tree, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.redo_button.isEnabled)
    assert "boots" not in mapping.own
    qtbot.waitUntil(lambda: page.message_bar.message == "Отменено: «Женские сапоги» → «Сапоги».")
    qtbot.mouseClick(page.redo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: mapping.own.get("boots") == BOOTS)
    qtbot.waitUntil(lambda: page.message_bar.message == "Сделано снова: «Женские сапоги» → «Сапоги».")


def test_suggestions_map_nothing_until_accepted(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    propose(mapping)
    page = opened()
    qtbot.mouseClick(page.suggest_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == "предложено уверенно")
    assert mapped_calls(mapping) == []
    assert page.status_line.text() == "Без соответствия 2 категории: уверенно 1, выбрать одно из 0, не знаю 1"
    page.show_trees()
    page.store.select("boots")
    qtbot.keyClick(page.store.tree, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == "сопоставлена")
    assert shown(page, "sneakers")[1] == "предложено, проверьте"


def test_accept_all_takes_only_confident_suggestions(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    propose(mapping)
    page = opened()
    assert page.store.accept_all.isHidden()
    page.session.suggest()
    qtbot.waitUntil(lambda: not page.store.accept_all.isHidden())
    assert page.store.accept_all.text() == "Принять все уверенные: 1"
    qtbot.mouseClick(page.store.accept_all, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: mapping.own.get("boots") == BOOTS and page.store.accept_all.isHidden())
    assert mapped_calls(mapping) == [("map_each", {"boots": BOOTS})]
    assert page.store.groups_button.text() == "Предложения по группам: 1"


def propose_siblings(mapping: FakeMapping) -> None:
    path = mapping.tree.type_path
    few = (
        Suggestion(BOOTS, path(BOOTS), 0.5, MatchReason.NAME, chance=0.5),
        Suggestion(HALF_BOOTS, path(HALF_BOOTS), 0.4, MatchReason.NAME, chance=0.4),
    )
    mapping.suggestions = {"boots": few, "sneakers": few}


def test_a_digit_chooses_one_of_a_few_and_goes_on(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    propose_siblings(mapping)
    page = opened()
    page.session.suggest()
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == "одно из 2")
    assert shown(page, "boots")[0] == "1 Сапоги · 2 Полусапоги"
    assert page.store.accept_all.isHidden()
    first, second = page.store.model.proposals()
    page.store.select(first)
    qtbot.keyClick(page.store.tree, Qt.Key.Key_3)
    qtbot.keyClick(page.store.tree, Qt.Key.Key_Return)
    assert mapped_calls(mapping) == [], "there is no third one, and Enter takes none of a few"
    qtbot.keyClick(page.store.tree, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: mapping.own.get(first) == HALF_BOOTS)
    qtbot.waitUntil(lambda: page.store.selected_ids() == [second])


def test_a_digit_does_nothing_where_there_is_nothing_to_choose(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    propose(mapping)
    page = opened()
    page.session.suggest()
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == "предложено уверенно")
    page.store.select("boots")
    qtbot.keyClick(page.store.tree, Qt.Key.Key_1)
    assert mapped_calls(mapping) == []


def test_delete_rejects_a_suggestion_and_leaves_the_mapping(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    propose(mapping)
    page = opened()
    page.session.suggest()
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == "предложено уверенно")
    page.store.select("boots")
    qtbot.keyClick(page.store.tree, Qt.Key.Key_Delete)
    assert shown(page, "boots") == ["", state(MappingState.NONE)]
    assert mapped_calls(mapping) == []


def test_filter_shows_only_what_has_no_mapping(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.open_payload("unmapped")
    proxy = page.store.filter
    assert [proxy.index(row, 0).data() for row in range(proxy.rowCount())] == ["Обувь"]


def test_search_chooses_the_best_type_and_enter_does_not_map_yet(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    page = opened()
    page.store.select("boots")
    page.ozon.search.setText("сапоги")
    qtbot.keyClick(page.ozon.search, Qt.Key.Key_Return)
    chosen = page.ozon.current_type()
    assert chosen is not None
    assert chosen.key == BOOTS
    assert mapped_calls(mapping) == []


def test_disabled_type_cannot_be_mapped_and_the_page_says_why(opened: Opened, mapping: FakeMapping) -> None:
    page = opened()
    page.store.select("boots")
    page.ozon.select(COOKER)
    assert not page.ozon.map_button.isEnabled()
    assert page.ozon.why.text() == "Этот тип нельзя выбрать: отключён на Ozon."
    page.selection.map()
    assert mapped_calls(mapping) == []


def test_integration_that_is_off_leads_to_its_page(opened: Opened, context: WindowContext, qtbot: QtBot, mapping: FakeMapping) -> None:
    mapping.missing = (Missing.ENABLED,)
    page = opened()
    page.store.select("boots")
    page.ozon.select(BOOTS)
    assert not page.ozon.map_button.isEnabled()
    assert page.message_bar.message.startswith("Сопоставлять пока нельзя.")
    with qtbot.waitSignal(context.go_to) as reported:
        qtbot.mouseClick(page.message_bar.action, Qt.MouseButton.LeftButton)
    assert reported.args == ["integration", None]
    mapping.missing = ()
    page.refresh()
    qtbot.waitUntil(page.ozon.map_button.isEnabled)
    assert page.message_bar.message == ""


def test_empty_states_lead_where_data_comes_from(opened: Opened, context: WindowContext, qtbot: QtBot, mapping: FakeMapping) -> None:
    mapping.categories = ()
    mapping.tree = OzonTree.build([], [])
    page = opened()
    for button, payload in ((page.store.empty.button, "load_export"), (page.ozon.empty.button, "fetch_base")):
        with qtbot.waitSignal(context.go_to) as reported:
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert reported.args == ["integration", payload]


def test_refresh_keeps_selection_and_expansion_when_categories_come(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    page = opened()
    page.store.select("tv")
    page.ozon.select(TV)
    mapping.categories = mapping.categories[:-1]
    page.refresh()
    qtbot.waitUntil(lambda: page.store.model.node_of("cookers") == -1)
    assert page.store.selected_ids() == ["tv"]
    chosen = page.ozon.current_type()
    assert chosen is not None
    assert chosen.key == TV


def test_attributes_and_values_of_a_type_are_read(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.ozon.select(BOOTS)
    panel = page.ozon.details
    qtbot.waitUntil(lambda: panel.title.text() == "Сапоги: 5 характеристик, 3 обязательные")
    model = panel.attribute_list.model()
    assert [model.index(row, 0).data() for row in range(3)] == ["Бренд *", "Название модели *", "Цвет товара *"]
    assert model.index(2, 1).data() == "справочник, несколько значений"
    panel.attribute_list.setCurrentIndex(model.index(0, 0))
    values = child(page, QListView, "value_list").model()
    qtbot.waitUntil(lambda: values.rowCount() == 3)
    assert "частично" in panel.partial.text()
    qtbot.keyClicks(panel.value_search, "nik")
    qtbot.waitUntil(lambda: values.rowCount() == 1)
    assert values.index(0, 0).data() == "Nike"
    assert panel.description.toPlainText() == "Торговая марка"
    assert not panel.description.isHidden()
    panel.attribute_list.setCurrentIndex(model.index(1, 0))
    assert panel.value_list.isHidden()
    assert panel.description.isHidden()


@pytest.mark.styled
def test_settings_of_one_type_can_be_fetched(opened: Opened, context: WindowContext, qtbot: QtBot) -> None:
    page = opened()
    page.ozon.select(WORK_BOOTS)
    assert not page.ozon.details.fetch.isHidden()
    with qtbot.waitSignal(context.job_ended):
        qtbot.mouseClick(page.ozon.details.fetch, Qt.MouseButton.LeftButton)
    fetched: Any = context.application.catalog
    assert fetched.fetched == [[WORK_BOOTS]]


def test_failed_reading_is_reported_and_can_be_repeated(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    mapping.error = DatabaseBusy("база")
    page = opened()
    assert page.message_bar.action.text() == "Повторить"
    mapping.error = None
    qtbot.mouseClick(page.message_bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.status_line.text().startswith("Сопоставлено"))
    assert page.message_bar.message == ""


def test_menus_offer_what_the_keys_do(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    propose(mapping)
    page = opened()
    page.session.suggest()
    qtbot.waitUntil(lambda: shown(page, "boots")[1] == "предложено уверенно")
    page.store.select("boots")
    page.ozon.select(WORK_BOOTS)
    texts = [action.text().split("\t")[0] for action in page.store_menu().actions() if action.text()]
    assert texts[:3] == ["Принять предложение", "Отклонить предложение", "Другие предложения"]
    assert "Получить настройки" in [action.text() for action in ozon_menu(page.selection).actions()]
    others = next(action.menu() for action in page.store_menu().actions() if action.text() == "Другие предложения")
    assert isinstance(others, QMenu)
    others.actions()[0].trigger()
    qtbot.waitUntil(lambda: mapping.own.get("boots") == HALF_BOOTS)


def test_tree_is_named_for_screen_readers(opened: Opened) -> None:
    page = opened()
    assert {tree.accessibleName() for tree in page.findChildren(QTreeView)} == {"Категории магазина", "Категории Ozon"}
