"""The products page as the manager uses it: filters, the card, saving, rules, copies, unsaved changes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QListView, QPushButton, QTableView, QToolButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.ozon_catalog import Attribute
from ozon_desktop.domain.price_timers import LowestPrice
from ozon_desktop.errors import DatabaseBusy
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import ThemeMode
from ozon_desktop.ui.products.adoption.panel import AdoptionPanel
from ozon_desktop.ui.products.card.field_menu import FieldActions, field_menu
from ozon_desktop.ui.products.differences.panel import DifferencesPanel
from ozon_desktop.ui.products.page import ProductsPage
from ozon_desktop.ui.products.table.product_table_model import Readiness
from tests.ui.finding import child
from tests.ui.products.fakes import ATTRIBUTES, BRAND, COLOUR, KEY, MODEL, NOTE, SIZE, TYPE, FakeCards, FakeCatalog
from tests.ui.products.keys import type_text

Opened = Callable[[], ProductsPage]
# The offscreen platform says so for every window with a smallest size.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def offers(page: ProductsPage) -> list[str]:
    return [page.model.row(number).offer_id for number in range(page.model.rowCount())]


def enter(page: ProductsPage, attribute_id: int, text: str) -> None:
    line = child(page, QLineEdit, f"field_{attribute_id}")
    line.setText(text)
    line.textEdited.emit(text)


def button(page: ProductsPage, name: str) -> QPushButton:
    found = child(page, QPushButton, name)
    assert found is not None, name
    return found


def saved(cards: FakeCards) -> list[SavedFields]:
    return [call[1] for call in cards.calls if call[0] == "save"]


def test_status_line_and_chips_say_how_many_are_ready(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    assert page.status_line.text() == "1 готов к отправке, 2 с ошибками"
    chips = {name: button(page, name).text() for name in ("chip_all", "chip_ready", "chip_errors", "chip_reason_0", "chip_reason_1")}
    assert list(chips.values()) == ["Все 3", "Готовы 1", "С ошибками 2", "нет бренда — 2", "нет габаритов — 1"]
    qtbot.mouseClick(button(page, "chip_errors"), Qt.MouseButton.LeftButton)
    assert offers(page) == ["SP-2201", "MV-0007"]
    qtbot.mouseClick(button(page, "chip_ready"), Qt.MouseButton.LeftButton)
    assert offers(page) == ["KR-1042"]
    qtbot.mouseClick(button(page, "chip_reason_0"), Qt.MouseButton.LeftButton)
    assert offers(page) == ["SP-2201", "MV-0007"]


def test_search_finds_by_article_and_name(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.search.setText("кроссовки atlas")
    qtbot.waitUntil(lambda: offers(page) == ["KR-1042"])


def test_card_says_what_is_wrong_and_leads_to_the_field(opened: Opened) -> None:
    page = opened()
    head = page.panel.card_head
    assert head.badge.text() == "2 ошибки"
    assert f'<a href="{BRAND.id}">Не заполнено обязательное поле «Бренд»</a>' in head.problems.text()
    assert '<a href="height">' in head.problems.text()
    page.activateWindow()
    head.problems.linkActivated.emit(str(BRAND.id))
    assert page.focusWidget() is child(page, QLineEdit, f"field_{BRAND.id}")
    head.problems.linkActivated.emit("height")
    assert page.focusWidget() is child(page, QLineEdit, "dim_height")


def test_hints_say_where_values_come_from(opened: Opened) -> None:
    page = opened()
    boxes = page.panel.form.boxes
    assert boxes[COLOUR.id].below.text() == "из данных магазина «Цвет»; не больше 3 значений"
    assert boxes[SIZE.id].below.text() == "нельзя изменить после первой поставки"
    assert boxes[TYPE.id].below.text() == "задаётся сопоставленной категорией"
    assert boxes[BRAND.id].error == "Не заполнено обязательное поле «Бренд»"
    assert boxes[BRAND.id].label.text().startswith("Бренд")


def test_saving_stores_only_what_was_changed(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    assert not page.panel.save_button.isEnabled()
    enter(page, MODEL.id, "Зимние 2201")
    height = child(page, QLineEdit, "dim_height")
    qtbot.keyClicks(height, "120")
    assert page.has_unsaved_changes()
    assert page.panel.form.boxes[MODEL.id].below.text() == "изменено, ещё не сохранено; до 255 символов"
    with qtbot.waitSignal(context.data_changed) as reported:
        qtbot.mouseClick(button(page, "save_card"), Qt.MouseButton.LeftButton)
    assert reported.args == ["cards"]
    assert saved(cards) == [SavedFields("p1", KEY, {MODEL.id: ((0, "Зимние 2201"),)}, Dimensions(height=120))]
    assert not page.has_unsaved_changes()
    assert page.panel.form.boxes[MODEL.id].below.text() == "введено на товаре; до 255 символов"
    assert page.panel.card_head.badge.text() == "1 ошибка"


def test_ctrl_s_saves(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    enter(page, MODEL.id, "Зимние")
    qtbot.keyClick(page.table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(saved(cards)) == 1)


def test_unsaved_changes_are_asked_about_before_another_card(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    enter(page, MODEL.id, "Зимние")
    page.table.select_ids(["p2"])
    assert not page.panel.unsaved.isHidden()
    assert page.card.product_id == "p1"
    qtbot.mouseClick(button(page, "unsaved_save"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.card.product_id == "p2")
    assert len(saved(cards)) == 1
    enter(page, MODEL.id, "Другое")
    page.table.select_ids(["p3"])
    qtbot.mouseClick(button(page, "unsaved_discard"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.card.product_id == "p3")
    assert len(saved(cards)) == 1
    assert page.panel.unsaved.isHidden()


def test_what_is_typed_while_another_card_is_read_is_not_lost(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    page.table.select_ids(["p2"])
    enter(page, MODEL.id, "Зимние")
    qtbot.waitUntil(lambda: not page.panel.unsaved.isHidden())
    assert page.card.product_id == "p1"
    qtbot.mouseClick(button(page, "unsaved_save"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.card.product_id == "p2")
    assert len(saved(cards)) == 1


def test_going_back_to_the_changed_card_takes_the_question_away(opened: Opened) -> None:
    page = opened()
    enter(page, MODEL.id, "Зимние")
    page.table.select_ids(["p2"])
    page.table.select_ids(["p1"])
    assert page.panel.unsaved.isHidden()
    assert page.has_unsaved_changes()


def test_failed_saving_keeps_the_changes(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    enter(page, MODEL.id, "Зимние")
    cards.error = DatabaseBusy("база")
    page.card.save()
    qtbot.waitUntil(lambda: page.panel.message.message != "")
    assert page.has_unsaved_changes()
    assert page.panel.save_button.isEnabled()


def test_refresh_keeps_unsaved_changes(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    enter(page, MODEL.id, "Зимние")
    before = len(cards.calls)
    context.data_changed.emit("store")
    qtbot.waitUntil(lambda: len(cards.calls) > before and context.worker.pending == 0)
    assert page.has_unsaved_changes()
    assert child(page, QLineEdit, f"field_{MODEL.id}").text() == "Зимние"


def test_value_becomes_the_rule_of_the_category(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    page.panel.form.boxes[BRAND.id].field_editor.set_values(((2, "Nike"),))
    page.panel.field_actions.save_rule(BRAND.id)
    qtbot.waitUntil(lambda: page.panel.form.boxes[BRAND.id].below.text() == "правило категории «Женские сапоги»")
    assert cards.rules[BRAND.id] == FieldRule("boots", BRAND.id, RuleKind.CONSTANT, ((2, "Nike"),))
    page.card.delete_rule(BRAND.id)
    qtbot.waitUntil(lambda: page.panel.form.boxes[BRAND.id].error is not None)


def test_property_rule_takes_the_place_of_the_own_value(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    cards.saved["p1"] = SavedFields("p1", KEY, {MODEL.id: ((0, "Моя"),)})
    page = opened()
    page.card.save_property_rule(MODEL.id, "Сезон")
    qtbot.waitUntil(lambda: cards.saved["p1"] == SavedFields("p1", KEY, {}))
    assert cards.rules[MODEL.id] == FieldRule("boots", MODEL.id, RuleKind.PROPERTY, (), "Сезон")


def test_menu_of_a_field_offers_rules_and_the_way_back(opened: Opened) -> None:
    page = opened()
    reported: list[Any] = []
    actions = FieldActions(
        reported.append,
        lambda attribute, name: reported.append((attribute, name)),
        reported.append,
        reported.append,
        reported.append,
        reported.append,
    )
    draft = page.card.draft
    assert draft is not None
    menu = field_menu(page.panel.form.boxes[COLOUR.id], draft, actions)
    entries = {action.text(): action for action in menu.actions() if action.text()}
    assert list(entries) == [
        "Для всех товаров категории «Женские сапоги»",
        "Правило…",
        "Взять из свойства магазина",
        "Вернуть к правилу",
    ]
    assert not entries["Вернуть к правилу"].isEnabled()
    entries["Для всех товаров категории «Женские сапоги»"].trigger()
    submenu: Any = entries["Взять из свойства магазина"].menu()
    submenu.actions()[1].trigger()
    assert reported == [COLOUR.id, (COLOUR.id, "Сезон")]


def test_reverting_gives_the_value_back_after_saving(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    cards.saved["p1"] = SavedFields("p1", KEY, {MODEL.id: ((0, "Моя"),)})
    page = opened()
    page.card.revert(MODEL.id)
    page.card.save()
    qtbot.waitUntil(lambda: child(page, QLineEdit, f"field_{MODEL.id}").text() == "Сапоги зимние женские")
    assert saved(cards) == [SavedFields("p1", KEY, {})]


def test_fields_are_copied_to_the_other_selected_products(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    page.card.copy_to_targets()
    assert page.panel.message.message.startswith("Выделите в таблице")
    page.table.select_ids(["p1", "p2", "p3"])
    assert page.card.product_id == "p1"
    assert page.panel.copy_button.text() == "Скопировать на 2 товара"
    qtbot.mouseClick(page.panel.copy_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.panel.message.message == "Введённые поля скопированы на 2 товара.")
    assert ("copy", "p1", ("p2", "p3")) in cards.calls


def test_unmapped_category_leads_to_the_mapping(opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards) -> None:
    cards.type = None
    page = opened()
    assert "не сопоставлена" in page.panel.empty.text.text()
    with qtbot.waitSignal(context.go_to) as reported:
        qtbot.mouseClick(page.panel.empty.button, Qt.MouseButton.LeftButton)
    assert reported.args == ["mapping", "boots"]


def test_missing_settings_are_fetched_from_the_card(
    opened: Opened, context: WindowContext, qtbot: QtBot, cards: FakeCards, catalog: FakeCatalog
) -> None:
    cards.attributes = ()
    assert cards.type is not None
    cards.type = replace(cards.type, settings_at=None)
    page = opened()
    with qtbot.waitSignal(context.job_ended):
        qtbot.mouseClick(page.panel.empty.button, Qt.MouseButton.LeftButton)
    assert catalog.fetched == [[KEY]]


def test_cards_on_ozon_and_their_differences_open_beside_the_page(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    qtbot.mouseClick(button(page, "adopt_button"), Qt.MouseButton.LeftButton)
    panel = page.opened
    assert isinstance(panel, AdoptionPanel)
    assert not panel.isModal()
    panel.differences_wanted.emit(["p1"])
    differences = page.opened
    assert isinstance(differences, DifferencesPanel)
    differences.close()
    panel.close()


def test_checking_values_is_a_long_job(opened: Opened, context: WindowContext, qtbot: QtBot) -> None:
    page = opened()
    with qtbot.waitSignal(context.job_ended):
        qtbot.mouseClick(button(page, "resolve_values"), Qt.MouseButton.LeftButton)
    assert page.message_bar.message == "На Ozon найдено: 3 значения."


def test_other_pages_can_name_a_product(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.search.setText("ничего такого")
    qtbot.waitUntil(lambda: offers(page) == [])
    page.open_payload("KR-1042")
    qtbot.waitUntil(lambda: page.card.product_id == "p2")
    page.open_payload("нет")
    assert page.message_bar.message == "Товара «нет» в магазине больше нет."


def test_dictionary_search_goes_through_the_catalogue(opened: Opened, qtbot: QtBot, catalog: FakeCatalog) -> None:
    page = opened()
    line = child(page, QLineEdit, f"field_{BRAND.id}")
    line.setFocus()
    qtbot.keyClicks(line, "nik")
    qtbot.waitUntil(lambda: catalog.searched == ["nik"])


def test_card_of_forty_attributes_is_built_once_and_shared_by_products(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    kinds = [attribute for attribute in ATTRIBUTES if attribute is not TYPE]
    cards.attributes = tuple(replace(kinds[number % len(kinds)], id=50_000 + number, name=f"Поле {number}") for number in range(40))
    page.table.select_ids(["p2"])
    qtbot.waitUntil(lambda: page.card.product_id == "p2")
    boxes = dict(page.panel.form.boxes)
    assert len(boxes) == 40
    page.table.select_ids(["p3"])
    qtbot.waitUntil(lambda: page.card.product_id == "p3")
    assert page.panel.form.boxes == boxes


@pytest.mark.styled
def test_theme_changes_live_and_keeps_unsaved_changes(opened: Opened, context: WindowContext) -> None:
    page = opened()
    enter(page, MODEL.id, "Зимние")
    context.theme.set_mode(ThemeMode.DARK)
    assert page.panel.form.boxes[MODEL.id].field_editor.values() == ((0, "Зимние"),)
    assert page.has_unsaved_changes()


def test_a_category_narrows_the_table_and_stands_for_those_below(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    box = child(page, QComboBox, "product_category")
    assert [box.itemText(row) for row in range(box.count())] == ["Все категории", "Кухня", "Обувь", "Женские сапоги"]
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_End)
    assert offers(page) == ["SP-2201", "KR-1042"]
    box.setCurrentIndex(1)
    assert offers(page) == ["MV-0007"]
    page.chips.choose(Readiness.READY)
    assert offers(page) == []
    page.open_payload("KR-1042")
    assert offers(page) == ["SP-2201", "KR-1042", "MV-0007"]
    assert box.currentIndex() == 0


def test_enter_on_a_row_opens_the_field_to_correct(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.activateWindow()
    page.table.select_ids(["p3"])
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.card.product_id == "p3" and page.focusWidget() is child(page, QLineEdit, f"field_{BRAND.id}"))


def test_the_own_value_gives_way_below_its_field(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    page = opened()
    revert = button(page, f"revert_{MODEL.id}")
    assert not revert.isVisible()
    enter(page, MODEL.id, "Моя")
    qtbot.waitUntil(revert.isVisible)
    qtbot.mouseClick(revert, Qt.MouseButton.LeftButton)
    assert not revert.isVisible()
    assert child(page, QLineEdit, f"field_{MODEL.id}").text() == "Сапоги зимние женские"
    assert not page.has_unsaved_changes()


def test_what_is_filled_in_together_stands_together(opened: Opened, qtbot: QtBot, cards: FakeCards) -> None:
    video = Attribute(21837, "Название видео", complex_id=100, group_name="Видео")
    link = Attribute(21841, "Ссылка на видео", type="URL", complex_id=100, group_name="Видео", is_required=True)
    cards.attributes = (video, NOTE, link, BRAND)
    page = opened()
    assert list(page.panel.form.boxes) == [BRAND.id, link.id, video.id, NOTE.id]
    texts = [label.text() for label in page.panel.form.findChildren(QLabel)]
    assert "Видео (заполняются вместе)" in texts


def test_saving_takes_what_is_typed_and_was_not_entered_yet(opened: Opened, cards: FakeCards, qtbot: QtBot) -> None:
    words = Attribute(22508, "Ключевые слова", is_collection=True)
    cards.attributes = (words, MODEL)
    page = opened()
    enter(page, MODEL.id, "Сапоги")
    type_text(child(page, QLineEdit, f"field_{words.id}"), "зима")
    page.card.save()
    qtbot.waitUntil(lambda: bool(cards.saved))
    assert cards.saved["p1"].values[words.id] == ((0, "зима"),)


def test_the_price_says_until_when_its_minimum_protects(opened: Opened, cards: FakeCards) -> None:
    until = datetime(2026, 12, 28, 12, tzinfo=UTC)
    cards.lowest = LowestPrice(Decimal(900), until)
    page = opened()
    price = page.panel.form.store.fields["price"]
    assert price.below.text() == "Минимальная цена 900,00\xa0₽ защищает до 28.12"
    assert price.editor.accessibleDescription() == price.below.text(), "a screen reader hears it too"


def test_tab_goes_through_the_parts_of_the_page(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.activateWindow()
    page.excel.setFocus()
    passed = []
    for _ in range(8):
        focus = QApplication.focusWidget()
        assert focus is not None
        passed.append(focus.objectName())
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    wanted = "excel_button doubtful_button resolve_values adopt_button chip_all product_search product_category product_table"
    assert passed == wanted.split()


def test_every_control_of_the_page_has_a_name(opened: Opened) -> None:
    page = opened()
    page.table.select_ids(["p1", "p2"])
    kinds = (QLineEdit, QComboBox, QPushButton, QToolButton, QListView, QTableView)
    nameless = [
        (type(widget).__name__, widget.objectName())
        for kind in kinds
        for widget in page.findChildren(kind)
        if widget.isVisible() and not widget.accessibleName() and not getattr(widget, "text", str)()
    ]
    assert nameless == []
