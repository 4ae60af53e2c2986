"""What the manager has opened, chosen and sorted in the trees of the categories page outlives refreshes, searches and restarts."""

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.store_catalog import StoreCategory
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.page import MappingPage
from ozon_desktop.ui.mapping.trees.store_tree_model import StoreColumn
from tests.ui.mapping.conftest import Opened
from tests.ui.mapping.fakes import WORK_BOOTS, FakeMapping

pytestmark = [pytest.mark.qt_log_ignore("propagateSizeHints", extend=True), pytest.mark.styled]


def place_of(page: MappingPage, category_id: str) -> QModelIndex:
    return page.store.filter.mapFromSource(page.store.model.index_of(page.store.model.node_of(category_id)))


def top_level(page: MappingPage) -> list[str]:
    model = page.store.tree.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_third_click_on_a_title_brings_the_stores_order_back(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> None:
    page = opened()
    header = page.store.tree.header()

    def click(column: int) -> None:
        place = QPoint(header.sectionViewportPosition(column) + 8, header.height() // 2)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert top_level(page) == ["Обувь", "Бытовая техника"]
    click(StoreColumn.NAME)
    assert top_level(page) == ["Бытовая техника", "Обувь"]
    click(StoreColumn.NAME)
    assert top_level(page) == ["Обувь", "Бытовая техника"]
    click(StoreColumn.NAME)
    assert header.sortIndicatorSection() == -1
    click(StoreColumn.PRODUCTS)
    assert top_level(page) == ["Обувь", "Бытовая техника"], "the largest come first"


def test_places_sort_and_widths_outlive_a_restart(opened: Opened, context: WindowContext, qtbot: QtBot) -> None:
    first = opened()
    first.store.tree.collapseAll()
    first.store.select("tv")
    first.ozon.select(WORK_BOOTS)
    first.store.tree.header().setSortIndicator(StoreColumn.NAME, Qt.SortOrder.DescendingOrder)
    first.store.search.setText("сапоги")
    first.store._search("сапоги")
    first.leave()
    first.hide()
    context.state.flush()
    second = opened()
    assert second.store.selected_ids() == []
    assert top_level(second) == ["Обувь", "Бытовая техника"]
    assert second.store.tree.header().sortIndicatorSection() == StoreColumn.NAME
    opened_ids = [name for name in ("shoes", "tech") if second.store.tree.isExpanded(place_of(second, name))]
    assert opened_ids == ["tech"], "what the search had opened is not kept"
    chosen = second.ozon.current_type()
    assert chosen is not None
    assert chosen.key == WORK_BOOTS


def test_scroll_and_selection_outlive_a_restart(opened: Opened, context: WindowContext, qtbot: QtBot, mapping: FakeMapping) -> None:
    many = [StoreCategory(f"c{number}", "s", None, f"Категория {number}", 10 + number) for number in range(200)]
    mapping.categories = (*mapping.categories, *many)
    first = opened()
    first.store.select("c150")
    first.store.tree.verticalScrollBar().setValue(140)
    qtbot.waitUntil(lambda: first.store.tree.verticalScrollBar().value() == 140)
    first.hide()
    second = opened()
    qtbot.waitUntil(lambda: second.store.tree.verticalScrollBar().value() == 140)
    assert second.store.selected_ids() == ["c150"]


def test_branches_are_as_they_were_after_a_search(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.store.tree.collapseAll()
    page.ozon._search("полусапоги")
    page.store._search("телевизоры")
    assert page.store.tree.isExpanded(place_of(page, "tech"))
    page.store._search("")
    page.ozon._search("")
    assert not page.store.tree.isExpanded(place_of(page, "tech"))
    # The type the search has chosen is still to be seen.
    assert page.ozon.tree.isExpanded(page.ozon.tree.currentIndex().parent())
    assert not page.ozon.tree.isExpanded(page.ozon.tree.model().index(1, 0))


def test_every_cabinet_has_branches_of_its_own(opened: Opened, context: WindowContext, qtbot: QtBot, mapping: FakeMapping) -> None:
    page = opened()
    page.store.tree.collapseAll()
    page.store.tree.setExpanded(place_of(page, "tech"), True)
    page.store.select("tv")

    def choose(cabinet: int) -> None:
        asked = mapping.calls.count(("view", cabinet))
        context.choose_integration(cabinet)
        qtbot.waitUntil(lambda: mapping.calls.count(("view", cabinet)) > asked and context.worker.pending == 0)

    choose(2)
    page.store.tree.setExpanded(place_of(page, "shoes"), True)
    page.store.select("boots")
    choose(1)
    assert page.store.tree.isExpanded(place_of(page, "tech"))
    assert not page.store.tree.isExpanded(place_of(page, "shoes"))
    assert page.store.selected_ids() == ["tv"]


def test_a_file_somebody_has_edited_does_no_harm(opened: Opened, context: WindowContext) -> None:
    context.state.remember("trees/store/1", '{"expanded": 7}')
    context.state.remember("store_tree/sort", "99 x")
    page = opened()
    assert top_level(page) == ["Обувь", "Бытовая техника"]
    assert page.store.tree.header().sortIndicatorSection() == -1


def test_current_row_stays_in_sight_when_the_tree_gets_lower(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.store.tree.expandAll()
    page.store.select("cookers")
    page.resize(1142, 480)

    def seen() -> bool:
        row = page.store.tree.visualRect(page.store.tree.currentIndex())
        return page.store.tree.viewport().rect().contains(row.center()) and row.bottom() < page.store.tree.viewport().height()

    qtbot.waitUntil(lambda: page.store.tree.viewport().height() < 180)
    qtbot.waitUntil(seen)
