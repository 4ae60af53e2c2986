"""Both trees of the categories page: what they show, find and filter, and that views keep their place."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingState, coverage, products_below, resolve
from ozon_desktop.domain.matching import MatchReason
from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.store_catalog import StoreCategory
from ozon_desktop.services.mapping.view import MappingView, Suggestion
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.mapping.trees.ozon_tree_model import TYPE_MIME, OzonFilter, OzonTreeModel
from ozon_desktop.ui.mapping.trees.store_tree_model import StoreColumn, StoreFilter, StoreFilterMode, StoreTreeModel

BOOTS, COOKER, LOST = TypeKey(11, 1), TypeKey(22, 5), TypeKey(99, 9)


def tree() -> OzonTree:
    return OzonTree.build(
        [
            OzonCategory(1, None, "Обувь"),
            OzonCategory(11, 1, "Повседневная обувь"),
            OzonCategory(2, None, "Техника"),
            OzonCategory(22, 2, "Кухня"),
        ],
        [OzonType(BOOTS, "Сапоги"), OzonType(TypeKey(11, 2), "Сапожки"), OzonType(COOKER, "Мультиварка", disabled=True)],
    )


def view(own: dict[str, TypeKey], *extra: StoreCategory) -> MappingView:
    categories = (
        StoreCategory("tech", "s", None, "Техника", 9),
        StoreCategory("shoes", "s", None, "Обувь", 0),
        StoreCategory("boots", "s", "shoes", "Сапоги", 2),
        StoreCategory("felt", "s", "boots", "Валенки", 3),
        *extra,
    )
    counts = {"boots": 1058, "felt": 2, "tech": 5}
    resolved = resolve(categories, own, tree())
    below = products_below(categories, counts)
    return MappingView(categories, own, resolved, counts, below, tree(), coverage(resolved, counts), None, None, ())


@pytest.fixture
def theme(qapp: Any) -> Theme:
    return Theme(ThemeMode.LIGHT)


@pytest.fixture
def store(theme: Theme) -> StoreTreeModel:
    model = StoreTreeModel(theme)
    model.show_view(view({"boots": BOOTS, "tech": COOKER}))
    return model


def texts(model: StoreTreeModel, category_id: str) -> list[str]:
    node = model.node_of(category_id)
    return [model.data(model.index_of(node, column)) for column in range(4)]


def names(model: Any, parent: QModelIndex) -> list[str]:
    return [model.index(row, 0, parent).data() for row in range(model.rowCount(parent))]


def test_store_tree_follows_the_rules_of_item_models(theme: Theme) -> None:
    model = StoreTreeModel(theme)
    proxy = StoreFilter(model)
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    testers = [QAbstractItemModelTester(model, mode), QAbstractItemModelTester(proxy, mode)]
    model.show_view(view({}))
    proxy.sort(StoreColumn.NAME, Qt.SortOrder.DescendingOrder)
    proxy.text = "валенки"
    proxy.refilter()
    model.show_view(view({"felt": BOOTS}))
    model.show_view(view({}, StoreCategory("new", "s", "tech", "Новая", 4)))
    assert names(proxy, QModelIndex()) == ["Обувь"]
    proxy.text, proxy.mode = "", StoreFilterMode.SUGGESTED
    proxy.refilter()
    assert proxy.rowCount() == 0
    model.show_proposals({"new": (Suggestion(BOOTS, ("Сапоги",), 0.5, MatchReason.WORDS),)})
    assert names(proxy, QModelIndex()) == ["Техника"], "rows come and go with what they say"
    model.reject(["new"])
    assert proxy.rowCount() == 0
    proxy.mode = StoreFilterMode.ALL
    for column in StoreColumn:
        proxy.sort(column, Qt.SortOrder.AscendingOrder)
    proxy.sort(-1)
    assert names(proxy, QModelIndex()) == ["Обувь", "Техника"]
    assert len(testers) == 2


@pytest.mark.parametrize(
    ("column", "order", "sorted_names"),
    [
        (StoreColumn.NAME, Qt.SortOrder.AscendingOrder, ["Обувь", "Прочее", "Техника"]),
        (StoreColumn.PRODUCTS, Qt.SortOrder.DescendingOrder, ["Обувь", "Техника", "Прочее"]),
        (StoreColumn.STATE, Qt.SortOrder.AscendingOrder, ["Техника", "Прочее", "Обувь"]),
        (-1, Qt.SortOrder.AscendingOrder, ["Обувь", "Прочее", "Техника"]),
    ],
)
def test_store_tree_is_sorted_by_the_titles(theme: Theme, column: int, order: Qt.SortOrder, sorted_names: list[str]) -> None:
    model = StoreTreeModel(theme)
    model.show_view(view({"boots": BOOTS, "tech": COOKER}, StoreCategory("gone", "s", None, "Прочее", 5)))
    proxy = StoreFilter(model)
    proxy.sort(StoreColumn.NAME, Qt.SortOrder.DescendingOrder)
    proxy.sort(column, order)
    assert names(proxy, QModelIndex()) == sorted_names


def test_rows_that_stay_keep_their_persistent_places(theme: Theme) -> None:
    model = StoreTreeModel(theme)
    model.show_view(view({}))
    proxy = StoreFilter(model)
    felt = QPersistentModelIndex(proxy.mapFromSource(model.index_of(model.node_of("felt"))))
    tech = QPersistentModelIndex(proxy.mapFromSource(model.index_of(model.node_of("tech"))))
    proxy.sort(StoreColumn.NAME, Qt.SortOrder.DescendingOrder)
    assert (felt.data(), tech.data(), tech.row()) == ("Валенки", "Техника", 0)
    proxy.text = "валенки"
    proxy.refilter()
    assert felt.data() == "Валенки"
    assert not tech.isValid()


def test_store_tree_says_products_type_and_state_in_words(store: StoreTreeModel) -> None:
    assert names(store, QModelIndex()) == ["Обувь", "Техника"]
    assert texts(store, "boots") == ["Сапоги", "1\u00a0058 / 1\u00a0060", "Обувь / Повседневная обувь / Сапоги", "сопоставлена"]
    assert [texts(store, name)[1] for name in ("shoes", "felt")] == ["1\u00a0060", "2"]
    states = {"felt": MappingState.INHERITED, "tech": MappingState.TYPE_DISABLED}
    assert {name: texts(store, name)[3] for name in states} == {name: wording.mapping_state_text(state) for name, state in states.items()}


def test_a_heading_is_partial_only_while_something_below_it_has_no_type(theme: Theme) -> None:
    model = StoreTreeModel(theme)
    model.show_view(view({"boots": BOOTS}))
    assert texts(model, "shoes")[3] == "всё внутри сопоставлено", "it has no products of its own"
    mapped = view({"boots": BOOTS})
    model.show_view(replace(mapped, own_products={**mapped.own_products, "shoes": 3}))
    assert texts(model, "shoes")[3] == "частично"


def test_states_are_reported_in_the_words_of_the_page() -> None:
    words = {
        MappingState.MAPPED: "сопоставлена",
        MappingState.INHERITED: "от родителя",
        MappingState.NONE: "нет",
        MappingState.TYPE_DISABLED: "тип отключён на Ozon",
    }
    assert {state: wording.mapping_state_text(state) for state in words} == words


def test_products_are_explained(store: StoreTreeModel) -> None:
    header = store.headerData(StoreColumn.PRODUCTS, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert header.startswith("Товаров вместе с вложенными категориями; «12 / 96» — из них 12 лежат прямо в этой категории")
    tip = store.data(store.index_of(store.node_of("shoes"), StoreColumn.PRODUCTS), Qt.ItemDataRole.ToolTipRole)
    assert tip == "В самой категории: 0; вместе с вложенными: 1\u00a0060"


def test_inherited_state_names_the_category_it_comes_from(store: StoreTreeModel) -> None:
    index = store.index_of(store.node_of("felt"), StoreColumn.STATE)
    assert store.data(index, Qt.ItemDataRole.ToolTipRole) == "Соответствие взято у категории «Сапоги»"


def test_numbers_stand_right(store: StoreTreeModel) -> None:
    index = store.index_of(store.node_of("boots"), StoreColumn.PRODUCTS)
    assert store.data(index, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_suggestion_is_shown_and_ends_when_the_category_is_mapped(theme: Theme) -> None:
    model = StoreTreeModel(theme)
    model.show_view(view({}))
    model.show_proposals({"felt": (Suggestion(BOOTS, ("Обувь", "Сапоги"), 0.931, MatchReason.NAME),), "tech": ()})
    assert texts(model, "felt")[2:] == ["Обувь / Сапоги", "предложено, проверьте"]
    assert list(model.proposals()) == ["felt"]
    model.show_view(view({"felt": BOOTS}))
    assert model.proposals() == {}
    assert texts(model, "felt")[3] == "сопоставлена"


@pytest.mark.parametrize(
    ("mode", "text", "found"),
    [
        (StoreFilterMode.ALL, "ОБУВЬ валенки", {"felt"}),
        (StoreFilterMode.UNMAPPED, "", {"gone"}),
        (StoreFilterMode.TO_FIX, "", {"tech", "lost"}),
        (StoreFilterMode.SUGGESTED, "", {"gone"}),
    ],
)
def test_store_filter_narrows_by_words_and_state(theme: Theme, mode: StoreFilterMode, text: str, found: set[str]) -> None:
    model = StoreTreeModel(theme)
    extra = (StoreCategory("gone", "s", None, "Прочее", 5), StoreCategory("lost", "s", None, "Утерянное", 6))
    model.show_view(view({"boots": BOOTS, "tech": COOKER, "lost": LOST}, *extra))
    model.show_proposals({"gone": (Suggestion(BOOTS, ("Сапоги",), 0.5, MatchReason.WORDS),)})
    nodes = model.matching(text, mode)
    assert nodes is not None
    assert {model.category_id(model.index_of(node)) for node in nodes} == found


def test_partly_mapped_category_with_own_products_counts_as_unmapped(theme: Theme) -> None:
    model = StoreTreeModel(theme)
    model.show_view(view({"felt": BOOTS, "tech": BOOTS}))
    nodes = model.matching("", StoreFilterMode.UNMAPPED)
    assert nodes == {model.node_of("boots")}


def test_same_categories_do_not_reset_the_views(store: StoreTreeModel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(store.modelReset), qtbot.waitSignal(store.dataChanged):
        assert store.show_view(view({})) is False


def test_dropping_an_ozon_type_says_which_category(store: StoreTreeModel, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setData(TYPE_MIME, b"11:1")
    onto = store.index_of(store.node_of("felt"))
    assert store.canDropMimeData(data, Qt.DropAction.LinkAction, -1, -1, onto)
    assert not store.canDropMimeData(data, Qt.DropAction.LinkAction, 1, 0, store.index_of(store.node_of("shoes")))
    assert not store.canDropMimeData(QMimeData(), Qt.DropAction.LinkAction, -1, -1, onto)
    with qtbot.waitSignal(store.type_dropped) as reported:
        store.dropMimeData(data, Qt.DropAction.LinkAction, -1, -1, onto)
    assert reported.args == ["felt", BOOTS]


def test_ozon_tree_follows_the_rules_of_item_models(theme: Theme) -> None:
    model = OzonTreeModel(theme)
    proxy = OzonFilter(model)
    mode = QAbstractItemModelTester.FailureReportingMode.Warning
    testers = [QAbstractItemModelTester(model, mode), QAbstractItemModelTester(proxy, mode)]
    model.show_tree(tree())
    proxy.text = "сапожки"
    proxy.refilter()
    base = proxy.index(0, 0)
    assert names(proxy, base) == ["Повседневная обувь"]
    assert names(proxy, proxy.index(0, 0, base)) == ["Сапожки"]
    changed = OzonTree.build(tree().categories.values(), [replace(type_, disabled=True) for type_ in tree().types.values()])
    assert model.show_tree(changed) is False
    proxy.text = ""
    proxy.refilter()
    assert names(proxy, QModelIndex()) == ["Обувь", "Техника"]
    proxy.text = "сапожки"
    proxy.refilter()
    model.show_tree(OzonTree.build([OzonCategory(1, None, "Обувь")], []))
    assert proxy.rowCount() == 0
    assert len(testers) == 2


def test_ozon_tree_says_what_cannot_be_mapped(theme: Theme) -> None:
    model = OzonTreeModel(theme)
    source = tree()
    model.show_tree(source)
    assert model.state_text(source.types[BOOTS]) == "настройки не получены"
    assert model.state_text(source.types[COOKER]) == "отключён на Ozon"
    assert model.state_text(replace(source.types[BOOTS], gone=True)) == "удалён на Ozon"
    assert model.state_text(OzonCategory(7, None, "Книги")) == "типы не получены"
    flags = {key: model.flags(model.index_of(model.node_of(key))) for key in (BOOTS, COOKER)}
    assert flags[BOOTS] & Qt.ItemFlag.ItemIsDragEnabled
    assert not flags[COOKER] & Qt.ItemFlag.ItemIsDragEnabled


def test_only_a_usable_type_is_dragged(theme: Theme) -> None:
    model = OzonTreeModel(theme)
    model.show_tree(tree())
    dragged = model.mimeData([model.index_of(model.node_of(BOOTS))])
    assert bytes(dragged.data(TYPE_MIME).data()) == b"11:1"
    assert not model.mimeData([model.index_of(model.node_of(COOKER))]).hasFormat(TYPE_MIME)


def test_search_prefers_the_types_own_name(theme: Theme) -> None:
    model = OzonTreeModel(theme)
    model.show_tree(tree())
    nodes = model.matching("сапо")
    assert nodes is not None
    assert model.best("сапожки", nodes) == model.node_of(TypeKey(11, 2))
    everything = model.matching("техника мультиварка")
    assert everything == {model.node_of(COOKER)}
    assert model.matching("  ") is None


def test_new_settings_change_the_words_without_a_reset(theme: Theme, qtbot: QtBot) -> None:
    model = OzonTreeModel(theme)
    old = tree()
    model.show_tree(old)
    types = [replace(type_, disabled=False) for type_ in old.types.values()]
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        assert model.show_tree(OzonTree.build(old.categories.values(), types)) is False
    assert model.flags(model.index_of(model.node_of(COOKER))) & Qt.ItemFlag.ItemIsDragEnabled


def test_ten_thousand_types_are_searched_at_once(theme: Theme) -> None:
    categories = [OzonCategory(0, None, "База"), *(OzonCategory(number, 0, f"Категория {number}") for number in range(1, 501))]
    types = [OzonType(TypeKey(1 + number % 500, number), f"Тип {number}") for number in range(10_000)]
    model = OzonTreeModel(theme)
    model.show_tree(OzonTree.build(categories, types))
    proxy = OzonFilter(model)
    proxy.text = "тип 9999"
    proxy.refilter()
    assert proxy.matches == {model.node_of(TypeKey(500, 9999))}
    assert proxy.rowCount(proxy.index(0, 0)) == 1
