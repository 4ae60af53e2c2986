"""The command palette of the categories page: finds types and commands, maps, and gives the focus back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.matching import MatchReason
from ozon_desktop.domain.ozon_catalog import OzonTree
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.services.mapping.view import Suggestion
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.mapping.page import MappingPage
from ozon_desktop.ui.mapping.palette.model import TYPES_SHOWN, PaletteModel, PaletteRow, PaletteSource, RowKind
from ozon_desktop.ui.mapping.palette.palette import Palette
from ozon_desktop.ui.mapping.trees.ozon_tree_model import OzonTreeModel
from ozon_desktop.ui.mapping.trees.store_tree_model import StoreFilterMode
from tests.ui.mapping.fakes import BOOTS, COOKER, HALF_BOOTS, TV, WORK_BOOTS, FakeMapping, make_tree

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(context: WindowContext, qtbot: QtBot) -> MappingPage:
    """The page in front, its trees shown."""
    page = MappingPage(context)
    qtbot.addWidget(page)
    page.resize(1142, 768)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(lambda: page.status_line.text() != "" and page.isActiveWindow())
    return page


@pytest.fixture
def open_(page: MappingPage, qtbot: QtBot) -> Callable[..., Palette]:
    """Selects store categories and presses Ctrl+K."""

    def show(*category_ids: str) -> Palette:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for category_id in category_ids:
            node = page.store.model.node_of(category_id)
            page.store.tree.selectionModel().select(page.store.filter.mapFromSource(page.store.model.index_of(node)), flags)
        page.store.tree.setFocus()
        qtbot.keyClick(page.store.tree, Key.Key_K, CTRL)
        qtbot.waitUntil(page.finder.palette.line.hasFocus)
        return page.finder.palette

    return show


def rows(palette: Palette) -> list[PaletteRow]:
    return [row for number in range(palette.list.rows.rowCount()) if (row := palette.list.rows.row(number)) is not None]


def texts(palette: Palette, kind: RowKind = RowKind.TYPE) -> list[str]:
    return [row.text for row in rows(palette) if row.kind is kind]


def type_in(palette: Palette, text: str) -> None:
    """Letter by letter; QTest knows no Cyrillic keys."""
    for letter in text:
        palette.line.insert(letter)


def current(palette: Palette) -> str:
    return str(palette.list.currentIndex().data() or "")


def suggestion(mapping: FakeMapping, sure: float = 0.7) -> Suggestion:
    return Suggestion(HALF_BOOTS, mapping.tree.type_path(HALF_BOOTS), sure, MatchReason.WORDS)


def test_types_are_found_by_name_and_path_and_enter_maps(
    page: MappingPage, open_: Callable[..., Palette], qtbot: QtBot, mapping: FakeMapping
) -> None:
    palette = open_("sneakers", "boots", "cookers")
    assert palette.title.text() == "Сопоставить: «Кроссовки» и ещё 2"
    type_in(palette, "повседневная сап")
    assert texts(palette) == ["Обувь / Повседневная обувь / Сапоги", "Обувь / Повседневная обувь / Полусапоги"]
    qtbot.keyClick(palette.line, Key.Key_Down)
    assert current(palette).endswith("Полусапоги")
    qtbot.keyClick(palette.line, Key.Key_Return)
    qtbot.waitUntil(lambda: mapping.own.get("boots") == HALF_BOOTS)
    assert mapping.own["sneakers"] == mapping.own["cookers"] == HALF_BOOTS
    assert palette.isHidden()


def test_escape_gives_the_focus_back_and_maps_nothing(
    page: MappingPage, open_: Callable[..., Palette], qtbot: QtBot, mapping: FakeMapping
) -> None:
    palette = open_("boots")
    assert palette.title.text() == "Сопоставить: «Женские сапоги»"
    assert not palette.isWindow()
    assert palette.parent() is page
    type_in(palette, "сапоги")
    qtbot.keyClick(palette.line, Key.Key_Escape)
    assert palette.isHidden()
    assert page.store.tree.hasFocus()
    assert all(call[0] == "view" for call in mapping.calls)


def test_it_closes_when_the_focus_goes_elsewhere(page: MappingPage, open_: Callable[..., Palette]) -> None:
    palette = open_("boots")
    page.ozon.search.setFocus()
    assert palette.isHidden()
    assert page.ozon.search.hasFocus()


def test_empty_line_offers_suggestions_then_recent_types(
    page: MappingPage, open_: Callable[..., Palette], qtbot: QtBot, mapping: FakeMapping
) -> None:
    mapping.suggestions = {"boots": (suggestion(mapping),)}
    page.session.map_to(["sneakers"], BOOTS)
    qtbot.waitUntil(lambda: mapping.own.get("sneakers") == BOOTS and not page.session.busy)
    palette = open_("boots")
    qtbot.waitUntil(lambda: len(texts(palette)) == 2)
    assert mapping.suggested_for == [["boots"]]
    assert texts(palette, RowKind.HEADING) == ["Предложения", "Недавние типы", "Команды"]
    assert [(row.key, row.note) for row in rows(palette)[1::2][:2]] == [(HALF_BOOTS, "предложено, проверьте"), (BOOTS, "")]
    qtbot.keyClick(palette.line, Key.Key_Return)
    qtbot.waitUntil(lambda: mapping.own.get("boots") == HALF_BOOTS)
    assert page.session.recent.keys() == [HALF_BOOTS, BOOTS]


def test_suggestions_do_not_come_between_what_is_typed(open_: Callable[..., Palette], qtbot: QtBot, mapping: FakeMapping) -> None:
    mapping.suggestions = {"boots": (suggestion(mapping),)}
    palette = open_("boots")
    palette.line.setText("телевизор")
    qtbot.waitUntil(lambda: mapping.suggested_for != [])
    qtbot.wait(50)
    assert texts(palette) == ["Электроника / Телевизоры и мониторы / Телевизор"]


def test_disabled_type_is_shown_and_cannot_be_chosen(open_: Callable[..., Palette], qtbot: QtBot, mapping: FakeMapping) -> None:
    palette = open_("boots")
    type_in(palette, "мультиварка")
    found = next(row for row in rows(palette) if row.kind is RowKind.TYPE)
    assert (found.key, found.note, found.choosable) == (COOKER, "отключён на Ozon", False)
    assert not palette.list.rows.flags(palette.list.rows.index(1, 0)) & Qt.ItemFlag.ItemIsSelectable
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert palette.isVisible()
    assert "boots" not in mapping.own


def test_commands_are_a_second_group_and_say_why_they_cannot_be_used(
    page: MappingPage, open_: Callable[..., Palette], qtbot: QtBot
) -> None:
    palette = open_("tv")
    commands = {row.text: row for row in rows(palette) if row.kind is RowKind.COMMAND}
    assert {text: row.note for text, row in commands.items()} == {
        "Отменить": "отменять нечего",
        "Вернуть": "возвращать нечего",
        "Подобрать автоматически": "",
        "Принять все уверенные": "уверенных предложений нет",
        "Убрать соответствие": "",
        "Вернуть наследование": "у родителя нет соответствия",
        "История изменений": "",
        "Разные типы для части товаров": "",
        "Записать таблицу XLSX": "",
        "Загрузить таблицу XLSX": "",
        "Показать: все": "",
        "Показать: без соответствия": "",
        "Показать: с предложением": "",
        "Показать: нужно исправить": "",
    }
    type_in(palette, "без соответствия")
    assert texts(palette, RowKind.HEADING) == ["Команды"]
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert page.store.filter.mode is StoreFilterMode.UNMAPPED
    assert page.store.tree.hasFocus()


def test_inheritance_is_brought_back_by_a_command(
    page: MappingPage, open_: Callable[..., Palette], qtbot: QtBot, mapping: FakeMapping
) -> None:
    mapping.own = {"shoes": BOOTS, "boots": HALF_BOOTS}
    page.refresh()
    qtbot.waitUntil(lambda: page.store.model.has_own("boots"))
    palette = open_("boots")
    type_in(palette, "наследование")
    assert current(palette) == "Вернуть наследование"
    qtbot.keyClick(palette.line, Key.Key_Return)
    qtbot.waitUntil(lambda: mapping.own == {"shoes": BOOTS})


def test_tab_goes_from_group_to_group_and_the_arrows_pass_headings(open_: Callable[..., Palette], qtbot: QtBot) -> None:
    palette = open_("boots")
    type_in(palette, "о")
    kinds = [row.kind for row in rows(palette)]
    assert kinds[0] is RowKind.HEADING
    first = current(palette)
    assert first
    qtbot.keyClick(palette.line, Key.Key_Tab)
    row = palette.list.rows.row(palette.list.currentIndex().row())
    assert row is not None
    assert row.kind is RowKind.COMMAND
    qtbot.keyClick(palette.line, Key.Key_Tab)
    assert current(palette) == first
    qtbot.keyClick(palette.line, Key.Key_Up)
    assert current(palette) == first, "above it there is only the heading"
    for _ in range(30):
        qtbot.keyClick(palette.line, Key.Key_Down)
    last = palette.list.rows.row(palette.list.currentIndex().row())
    assert last is not None
    assert last.choosable
    assert palette.line.hasFocus()
    assert palette.line.accessibleDescription().startswith(last.text)


def test_without_a_selected_category_it_shows_the_type_in_the_tree(
    page: MappingPage, open_: Callable[..., Palette], qtbot: QtBot, mapping: FakeMapping
) -> None:
    page.store.tree.clearSelection()
    palette = open_()
    assert palette.title.text() == "Категория магазина не выбрана"
    type_in(palette, "телевизор")
    qtbot.keyClick(palette.line, Key.Key_Return)
    chosen = page.ozon.current_type()
    assert chosen is not None
    assert chosen.key == TV
    assert page.ozon.tree.hasFocus()
    assert all(call[0] == "view" for call in mapping.calls)


def test_while_mapping_is_not_possible_it_maps_nothing(
    page: MappingPage, open_: Callable[..., Palette], qtbot: QtBot, mapping: FakeMapping
) -> None:
    mapping.missing = (Missing.ENABLED,)
    page.refresh()
    qtbot.waitUntil(lambda: page.message_bar.message != "")
    palette = open_("boots")
    assert palette.title.text().startswith("Сопоставлять пока нельзя")
    type_in(palette, "рабочие")
    qtbot.keyClick(palette.line, Key.Key_Return)
    assert mapping.own.get("boots") is None
    chosen = page.ozon.current_type()
    assert chosen is not None
    assert chosen.key == WORK_BOOTS


def test_button_and_menu_open_it_and_ctrl_k_closes_it(page: MappingPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.store.palette_button, Qt.MouseButton.LeftButton)
    palette = page.finder.palette
    assert palette.isVisible()
    qtbot.keyClick(palette.line, Key.Key_K, CTRL)
    assert palette.isHidden()
    next(action for action in page.store_menu().actions() if action.text() == "Найти тип…\tCtrl+K").trigger()
    assert palette.isVisible()
    page.hide()
    assert palette.isHidden()


def test_long_lists_are_cut_and_say_so_and_the_model_follows_the_rules(qapp: object) -> None:
    theme = Theme(ThemeMode.LIGHT)
    tree = make_tree()
    many = [replace(tree.types[BOOTS], key=replace(BOOTS, type_id=1000 + number), name=f"Сапог {number}") for number in range(100)]
    types = OzonTreeModel(theme)
    types.show_tree(OzonTree.build(tree.categories.values(), many))
    source = PaletteSource(types, (), ())
    model = PaletteModel(theme)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    model.show_rows(source.rows("сапог"))
    assert model.rowCount() == TYPES_SHOWN + 2
    last = model.row(TYPES_SHOWN + 1)
    assert last is not None
    assert last.text == f"И ещё {100 - TYPES_SHOWN}: добавьте слово, чтобы сузить поиск"
    model.show_rows(source.rows("такого нет"))
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["Ничего не найдено. Попробуйте одно слово или его начало."]
    assert tester is not None


@pytest.mark.styled
def test_it_has_names_for_screen_readers_and_fits_a_small_page(page: MappingPage, open_: Callable[..., Palette], qtbot: QtBot) -> None:
    palette = open_("boots")
    for widget in (palette, palette.line, palette.list):
        assert widget.accessibleName()
    page.resize(640, 420)
    qtbot.waitUntil(lambda: page.rect().contains(palette.geometry()))
    assert palette.list.viewport().height() > 60
