"""The three groups as the manager works through them: accept, choose, think, with keys and mouse, each step taken back at once."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.matching import MatchReason
from ozon_desktop.domain.matching.evidence import SuggestionGroup
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.domain.store_catalog import StoreCategory
from ozon_desktop.services.mapping.view import Goods, NamedBy, Suggestion
from ozon_desktop.ui.mapping.groups.board import FIRST, Kind, Row
from ozon_desktop.ui.mapping.groups.layout import OTHER, TICK
from ozon_desktop.ui.mapping.groups.model import spoken
from ozon_desktop.ui.mapping.page import MappingPage
from tests.ui.mapping.conftest import Opened
from tests.ui.mapping.fakes import BOOTS, HALF_BOOTS, TV, WORK_BOOTS, FakeMapping

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

CATEGORIES = (
    StoreCategory("tv", "s", None, "Телевизоры", 0),
    StoreCategory("sets", "s", None, "Приёмники", 1),
    StoreCategory("boots", "s", None, "Сапоги", 2),
    StoreCategory("half", "s", None, "Полусапожки", 3),
    StoreCategory("sale", "s", None, "Распродажа", 4),
    StoreCategory("sale_boots", "s", "sale", "Сапоги", 5),
    StoreCategory("brand", "s", None, "Bubble Home", 6),
    StoreCategory("odd", "s", None, "Разное", 7),
)


def one(mapping: FakeMapping, key: TypeKey, confidence: float, chance: float = 0.5, named: NamedBy | None = None) -> Suggestion:
    return Suggestion(key, mapping.tree.type_path(key), confidence, MatchReason.NAME, chance=chance, named=named)


@pytest.fixture
def page(opened: Opened, qtbot: QtBot, mapping: FakeMapping) -> MappingPage:
    """With suggestions of all three groups."""
    few = (one(mapping, BOOTS, 0.5, 0.5, NamedBy(("сапоги",), 3, 8)), one(mapping, HALF_BOOTS, 0.4, 0.45, NamedBy((), 0, 8)))
    mapping.categories, mapping.own = CATEGORIES, {}
    mapping.suggestions = {
        "tv": (one(mapping, TV, 0.99, 0.9),),
        "sets": (one(mapping, TV, 0.97, 0.6), one(mapping, BOOTS, 0.2, 0.3)),
        "boots": few,
        "half": few,
        "sale_boots": (one(mapping, BOOTS, 0.5, 0.5), one(mapping, HALF_BOOTS, 0.4, 0.45)),
        "brand": (one(mapping, TV, 0.98),),
        "odd": (),
    }
    mapping.goods = {
        "tv": Goods(5),
        "sets": Goods(9, (("A-1", "Приёмник"),)),
        "boots": Goods(8),
        "half": Goods(7),
        "brand": Goods(3, brand=True),
    }
    shown = opened()
    qtbot.mouseClick(shown.suggest_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shown.in_groups)
    return shown


def rows(page: MappingPage) -> list[Row]:
    return page.groups.board.rows()


def of(page: MappingPage, category_id: str) -> Row:
    return next(row for row in rows(page) if row.category_id == category_id)


def listed(page: MappingPage, group: SuggestionGroup) -> list[str]:
    return [row.category_id for row in rows(page) if row.group is group and row.kind is Kind.CATEGORY]


def done(page: MappingPage, qtbot: QtBot, condition: Callable[[], bool]) -> None:
    qtbot.waitUntil(lambda: condition() and not page.session.busy)


def key(page: MappingPage, qtbot: QtBot, category_id: str, pressed: Qt.Key) -> None:
    page.groups.show_category(category_id)
    qtbot.keyClick(page.groups.list, pressed)


def point_of(page: MappingPage, category_id: str, part: str) -> QPoint:
    """The middle of a part of a row, where the mouse would be."""
    view = page.groups.list
    page.groups.show_category(category_id)
    row = of(page, category_id)
    layout = view._delegate.layout_of(row)
    rect = layout.chips[int(part) - 1] if part.isdigit() else layout.areas[part]
    return rect.center() + view.visualRect(view.currentIndex()).topLeft()


def test_groups_come_in_the_order_of_the_work_most_products_first(page: MappingPage) -> None:
    assert [listed(page, group) for group in SuggestionGroup] == [["sets", "tv"], ["boots", "half", "sale_boots"], ["brand", "odd"]]
    assert page.status_line.text() == "Без соответствия 7 категорий: уверенно 2, выбрать одно из 3, не знаю 2"
    assert page.accept_button.text().startswith("Принять все 2")
    assert page.groups.category == "sets", "the cursor stands on the first"


def test_reasons_are_told_with_what_speaks_against(page: MappingPage) -> None:
    assert (of(page, "sets").why, of(page, "sets").against) == ("совпадает название", "похоже и на «Сапоги»")
    assert of(page, "boots").why == "в названиях товаров: «сапоги» 3"
    assert of(page, "brand").why == "это марка, а не вид товара"
    assert of(page, "odd").why == "подходящего типа не нашлось"
    page.groups.show_category("boots")
    first, second = page.groups.details.candidates[:2]
    assert (first.name.text(), first.against.text()) == ("Сапоги", "против: 5 товаров названы иначе")
    assert first.reasons.text().endswith("3 товара из 8 со словом «сапоги»")
    assert second.against.text() == "против: таких слов нет ни в одном товаре"
    assert page.groups.details.candidates[2].isHidden()
    assert "1 Сапоги; 2 Полусапоги" in spoken(of(page, "boots"))


def test_the_sure_ones_are_accepted_together_and_taken_back_together(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    qtbot.keyClick(page.groups.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    done(page, qtbot, lambda: mapping.own == {"tv": TV, "sets": TV})
    assert listed(page, SuggestionGroup.SURE) == []
    assert page.accept_button.isHidden()
    page.session.undo()
    done(page, qtbot, lambda: mapping.own == {})
    assert listed(page, SuggestionGroup.SURE) == ["sets", "tv"]


def test_what_is_unticked_is_not_accepted(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    key(page, qtbot, "sets", Qt.Key.Key_Space)
    assert page.accept_button.text().startswith("Принять все 1")
    assert not of(page, "sets").ticked
    qtbot.mouseClick(page.groups.list.viewport(), Qt.MouseButton.LeftButton, pos=point_of(page, "sets", TICK))
    assert of(page, "sets").ticked
    key(page, qtbot, "sets", Qt.Key.Key_Space)
    qtbot.mouseClick(page.accept_button, Qt.MouseButton.LeftButton)
    done(page, qtbot, lambda: mapping.own == {"tv": TV})
    assert listed(page, SuggestionGroup.SURE) == ["sets"]


def test_a_digit_chooses_goes_on_and_teaches_the_same_question_in_one_step(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    key(page, qtbot, "boots", Qt.Key.Key_2)
    assert page.groups.category == "half", "the cursor goes on at once, over what is answered with it"
    done(page, qtbot, lambda: mapping.own == {"boots": HALF_BOOTS, "sale_boots": HALF_BOOTS})
    row = of(page, "boots")
    assert (row.chosen, row.note) == (1, "так же и здесь: «Распродажа / Сапоги»")
    assert [call for call in mapping.calls if call[0] == "map_each"] == [("map_each", {"boots": HALF_BOOTS, "sale_boots": HALF_BOOTS})]
    qtbot.waitUntil(lambda: mapping.suggested_for[-1] == ["half", "brand", "odd"])
    page.session.undo()
    done(page, qtbot, lambda: mapping.own == {})
    assert of(page, "boots").chosen == -1
    assert page.groups.board.counts()[SuggestionGroup.CHOICE] == 3


def test_a_click_on_a_sibling_chooses_it(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    qtbot.mouseClick(page.groups.list.viewport(), Qt.MouseButton.LeftButton, pos=point_of(page, "half", "1"))
    done(page, qtbot, lambda: mapping.own == {"half": BOOTS})


def test_answers_quicker_than_they_are_written_down_are_not_lost(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    key(page, qtbot, "boots", Qt.Key.Key_1)
    qtbot.keyClick(page.groups.list, Qt.Key.Key_2)
    key(page, qtbot, "tv", Qt.Key.Key_Return)
    done(page, qtbot, lambda: mapping.own == {"boots": BOOTS, "sale_boots": BOOTS, "half": HALF_BOOTS, "tv": TV})
    assert len(mapping.done) == 3, "each is a step of its own"


def test_what_a_choice_taught_is_shown_where_the_row_stands(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    taught = Suggestion(WORK_BOOTS, mapping.tree.type_path(WORK_BOOTS), 0.9, MatchReason.LEARNED, chance=0.9)
    mapping.suggestions["odd"] = (taught,)
    key(page, qtbot, "half", Qt.Key.Key_1)
    qtbot.waitUntil(lambda: page.groups.board.few("odd") == (taught,))
    assert listed(page, SuggestionGroup.UNSURE) == ["brand", "odd"], "nothing jumps under the cursor"


def test_a_rejected_proposal_is_kept_among_those_without_an_answer(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    key(page, qtbot, "tv", Qt.Key.Key_Delete)
    assert of(page, "tv").group is SuggestionGroup.UNSURE
    assert of(page, "tv").why == "предложение отклонено"
    qtbot.keyClick(page.groups.list, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    done(page, qtbot, lambda: mapping.own == {"sets": TV})


def test_groups_fold_and_the_rest_is_shown_on_demand(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    count = FIRST[SuggestionGroup.CHOICE] + 4
    mapping.categories = tuple(StoreCategory(f"c{number}", "s", None, f"Обувь {number}", number) for number in range(count))
    mapping.suggestions = {f"c{number}": mapping.suggestions["boots"] for number in range(count)}
    page.session.refresh()
    qtbot.waitUntil(lambda: page.session.view is not None and len(page.session.view.categories) == count)
    page.session.suggest()
    qtbot.waitUntil(lambda: page.groups.board.counts()[SuggestionGroup.CHOICE] == count)
    assert [row.kind for row in rows(page)] == [Kind.HEAD, *[Kind.CATEGORY] * FIRST[SuggestionGroup.CHOICE], Kind.MORE]
    view = page.groups.list
    for _ in range(FIRST[SuggestionGroup.CHOICE]):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    row = view.current_row()
    assert row is not None
    assert (row.kind, row.count) == (Kind.MORE, 4)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert len(listed(page, SuggestionGroup.CHOICE)) == count
    qtbot.keyClick(view, Qt.Key.Key_Left)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert [row.kind for row in rows(page)] == [Kind.HEAD]
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert len(listed(page, SuggestionGroup.CHOICE)) == count


def test_enter_never_takes_one_of_a_few(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    key(page, qtbot, "boots", Qt.Key.Key_Return)
    key(page, qtbot, "boots", Qt.Key.Key_5)
    qtbot.wait(20)
    assert mapping.own == {}


def test_another_type_is_looked_for_with_the_category_chosen(page: MappingPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.groups.list.viewport(), Qt.MouseButton.LeftButton, pos=point_of(page, "half", OTHER))
    assert page.finder.palette.isVisible()
    assert page.store.selected_ids() == ["half"]


def test_nothing_can_be_chosen_while_the_integration_is_off(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    mapping.missing = (Missing.ENABLED,)
    page.session.refresh()
    qtbot.waitUntil(lambda: not page.session.can_map)
    key(page, qtbot, "boots", Qt.Key.Key_1)
    qtbot.wait(20)
    assert mapping.own == {}
    assert page.accept_button.isHidden()
    assert not page.groups.details.candidates[0].isEnabled()
    assert "Сопоставлять пока нельзя" in page.message_bar.message


def test_all_categories_are_one_button_away_and_back(page: MappingPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.groups.back, Qt.MouseButton.LeftButton)
    assert not page.in_groups
    assert page.store.groups_button.text() == "Предложения по группам: 7"
    qtbot.mouseClick(page.store.groups_button, Qt.MouseButton.LeftButton)
    assert page.in_groups


def test_when_everything_is_mapped_the_groups_say_so(page: MappingPage, qtbot: QtBot, mapping: FakeMapping) -> None:
    mapping.own = {category.id: TV for category in CATEGORIES}
    page.session.refresh()
    qtbot.waitUntil(lambda: page.groups.empty.isVisible())
    assert page.groups.empty.text.text() == "Всё сопоставлено."
    assert page.status_line.text().startswith("Сопоставлено")
