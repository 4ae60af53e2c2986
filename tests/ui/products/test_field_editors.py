"""Editors of additional fields: what may be typed, what comes out, and how dictionary values are picked."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QListView, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue
from ozon_desktop.services.catalog.view import ValueSearch
from ozon_desktop.ui.products.fields.box import make_editor
from ozon_desktop.ui.products.fields.colours import ColourModel, colour_of, shows_colours, swatch
from ozon_desktop.ui.products.fields.dictionary_editor import DictionaryEditor, MultiEditor, ValueLine
from ozon_desktop.ui.products.fields.editors import FieldEditor, FixedEditor
from ozon_desktop.ui.products.fields.limits import is_address, length_limit
from tests.ui.products.fakes import BRAND, COLOUR, COUNT, HEEL, LINED, MODEL, NOTE, TYPE
from tests.ui.products.keys import type_text

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"does not support (raise|grabbing)", extend=True)


class Source:
    """Answers searches at once."""

    arrow = QIcon()

    def __init__(self) -> None:
        self.values = [DictionaryValue(1, "Adidas"), DictionaryValue(2, "Nike"), DictionaryValue(3, "Зелёный")]
        self.partial = self.online = self.offline = False
        self.texts: list[str] = []

    def search(
        self, attribute: Attribute, text: str, on_done: Callable[[ValueSearch], object], on_failed: Callable[[object], object]
    ) -> None:
        self.texts.append(text)
        found = tuple(value for value in self.values if text.casefold() in value.value.casefold())
        on_done(ValueSearch(found, self.partial, self.online, self.offline))


@pytest.fixture
def source(qapp: Any) -> Source:
    return Source()


def shown(editor: FieldEditor, qtbot: QtBot) -> FieldEditor:
    qtbot.addWidget(editor)
    with qtbot.waitExposed(editor):
        editor.show()
    editor.activateWindow()
    editor.control().setFocus()
    return editor


def test_each_kind_of_attribute_gets_its_editor(source: Source, qtbot: QtBot) -> None:
    kinds = dict.fromkeys((BRAND, COLOUR, MODEL, COUNT, TYPE), QLineEdit) | {NOTE: QPlainTextEdit, LINED: QComboBox}
    for attribute, kind in kinds.items():
        editor = make_editor(attribute, source, QIcon())
        qtbot.addWidget(editor)
        assert isinstance(editor.control(), kind)
        assert editor.control().objectName() == f"field_{attribute.id}"
        assert editor.control().accessibleName() == attribute.name
    assert isinstance(make_editor(TYPE, source, QIcon()), FixedEditor)
    assert isinstance(make_editor(Attribute(1, "Ключевые слова", is_collection=True), source, QIcon()), MultiEditor)


def test_integer_takes_digits_only_and_decimal_comma_becomes_a_point(source: Source, qtbot: QtBot) -> None:
    count = shown(make_editor(COUNT, source, QIcon()), qtbot)
    qtbot.keyClicks(count.control(), "1a2,5")
    assert count.values() == ((0, "125"),)
    heel = shown(make_editor(HEEL, source, QIcon()), qtbot)
    qtbot.keyClicks(heel.control(), "7,5x")
    assert heel.values() == ((0, "7.5"),)


def test_showing_values_is_no_change_by_the_manager(source: Source, qtbot: QtBot) -> None:
    for attribute, value in ((MODEL, "Зимние"), (NOTE, "Длинный\nтекст"), (LINED, "true"), (BRAND, "Nike"), (COLOUR, "Зелёный")):
        editor = make_editor(attribute, source, QIcon())
        qtbot.addWidget(editor)
        with qtbot.assertNotEmitted(editor.changed):
            editor.set_values(((0, value),))
        assert editor.values() == ((0, value),)
        editor.set_values(())
        assert editor.values() == ()


def test_yes_and_no_and_not_reported(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(LINED, source, QIcon()), qtbot)
    with qtbot.waitSignal(editor.changed):
        qtbot.keyClick(editor.control(), Qt.Key.Key_Down)
    assert editor.values() == ((0, "true"),)


def test_typing_searches_once_after_a_pause_and_picking_gives_the_value(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(BRAND, source, QIcon()), qtbot)
    qtbot.keyClicks(editor.control(), "nik")
    qtbot.waitUntil(lambda: source.texts == ["nik"])
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QListView)
    assert popup.model().index(0, 0).data() == "Nike"
    with qtbot.waitSignal(editor.changed):
        popup.setCurrentIndex(popup.model().index(0, 0))
        qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert editor.values() == ((2, "Nike"),)


def test_text_equal_to_a_value_becomes_that_value(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(BRAND, source, QIcon()), qtbot)
    line = editor.control()
    assert isinstance(line, QLineEdit)
    line.setText("зеленый")
    line.textEdited.emit("зеленый")
    assert editor.values() == ((0, "зеленый"),)
    source.values[2:] = [DictionaryValue(3, "Зелёный")]
    source.search(BRAND, "зел", editor._line.show_found, print)  # type: ignore[attr-defined]
    line.editingFinished.emit()
    qtbot.waitUntil(lambda: editor.values() == ((3, "Зелёный"),))


AGES = (DictionaryValue(11, "от 3 лет"), DictionaryValue(12, "от 13 лет"), DictionaryValue(13, "3"))


def popup_of(qtbot: QtBot) -> QListView:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QListView))
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QListView)
    return popup


@pytest.mark.parametrize(("typed", "taken"), [("от 13 лет", ((12, "от 13 лет"),)), ("от 1", ())])
def test_who_saves_while_the_list_is_open_saves_what_is_typed_if_it_is_a_value(
    source: Source, qtbot: QtBot, typed: str, taken: tuple[tuple[int, str], ...]
) -> None:
    source.values[:] = AGES
    editor = shown(make_editor(COLOUR, source, QIcon()), qtbot)
    line = editor.control()
    assert isinstance(line, ValueLine)
    type_text(line, typed)
    qtbot.waitUntil(lambda: line.listing)
    editor.finish()
    assert editor.values() == taken
    editor.finish()
    assert editor.values() == taken


def test_who_saves_at_once_after_enter_saves_what_was_typed(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(Attribute(1, "Ключевые слова", is_collection=True), source, QIcon()), qtbot)
    line = editor.control()
    assert isinstance(line, QLineEdit)
    type_text(line, "лён")
    editor.finish()
    assert editor.values() == ((0, "лён"),)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
@pytest.mark.parametrize("attribute", [COLOUR, BRAND])
def test_a_chosen_value_never_brings_the_typed_fragment_along(source: Source, qtbot: QtBot, attribute: Attribute, key: Qt.Key) -> None:
    source.values[:] = AGES
    editor = shown(make_editor(attribute, source, QIcon()), qtbot)
    line = editor.control()
    type_text(line, "3")
    qtbot.keyClick(line, Qt.Key.Key_Down)
    popup = popup_of(qtbot)
    while popup.currentIndex().data() != "от 3 лет":
        qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, key)
    qtbot.waitUntil(lambda: editor.values() == ((11, "от 3 лет"),))
    editor.clearFocus()
    line.clearFocus()
    QApplication.processEvents()
    assert editor.values() == ((11, "от 3 лет"),)


def test_a_fragment_entered_before_the_choice_gives_way_to_it(source: Source, qtbot: QtBot) -> None:
    """Enter came before the list was there, or without a row being current; then the value is chosen after all."""
    source.values[:] = AGES[:2]
    editor = shown(make_editor(COLOUR, source, QIcon()), qtbot)
    editor.set_values(((61574, "чёрный"), (0, "своё 3")))
    line = editor.control()
    assert isinstance(line, QLineEdit)
    type_text(line, "3")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert editor.values()[2:] == ((0, "3"),)
    editor.set_values(editor.values()[1:])
    type_text(line, "лет")
    line.editingFinished.emit()
    qtbot.waitUntil(lambda: editor.values() == ((0, "своё 3"), (0, "3"), (0, "лет")))
    editor._picked(AGES[0])  # type: ignore[attr-defined]
    assert editor.values() == ((0, "своё 3"), (0, "3"), (11, "от 3 лет")), "what was there before this search stays"


@pytest.mark.parametrize(
    ("typed", "partial", "online", "offline", "said"),
    [
        ("Zz", True, False, True, "Не найдено: справочник загружен частично, а связи с Ozon сейчас нет."),
        ("Zz", True, True, False, "В справочнике Ozon такого значения нет."),
        ("Zz", False, False, False, "В справочнике Ozon такого значения нет."),
        ("Ni", True, False, True, "Справочник загружен частично, а связи с Ozon сейчас нет: показано только то, что уже загружено."),
        ("Ni", True, True, False, "Справочник загружен частично: остальное ищется на Ozon."),
        ("N", True, False, False, "Справочник загружен частично, введите хотя бы две буквы — остальное найдётся на Ozon."),
        ("Ni", False, False, False, ""),
    ],
)
def test_search_in_a_part_of_a_dictionary_says_what_it_looked_into(
    source: Source, qtbot: QtBot, typed: str, partial: bool, online: bool, offline: bool, said: str
) -> None:
    editor = shown(make_editor(BRAND, source, QIcon()), qtbot)
    assert isinstance(editor, DictionaryEditor)
    source.partial, source.online, source.offline = partial, online, offline
    with qtbot.waitSignal(editor.hinted) as reported:
        qtbot.keyClicks(editor.control(), typed)
    assert reported.args == [said]
    assert editor.values() == ((0, typed),), "a text that is not found is kept"


def test_several_values_are_chips_that_can_be_removed(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(COLOUR, source, QIcon()), qtbot)
    assert isinstance(editor, MultiEditor)
    editor.set_values(((61574, "чёрный"), (2, "синий")))
    assert [chip.text() for chip in editor.chips()] == ["чёрный", "синий"]
    with qtbot.waitSignal(editor.changed):
        qtbot.mouseClick(editor.chips()[0], Qt.MouseButton.LeftButton)
    assert editor.values() == ((2, "синий"),)


def test_values_beyond_the_limit_and_doubles_are_not_taken(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(COLOUR, source, QIcon()), qtbot)
    line = editor.control()
    assert isinstance(line, QLineEdit)
    for text in ("красный", "Красный", "синий"):
        line.setText(text)
        qtbot.keyClick(line, Qt.Key.Key_Return)
    assert [text for _, text in editor.values()] == ["красный", "синий"]
    assert not line.isReadOnly()
    line.setText("белый")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert line.isReadOnly()
    assert line.placeholderText() == "не больше 3"


def test_an_address_is_checked_while_it_is_typed(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(Attribute(1, "Ссылка", type="URL"), source, QIcon()), qtbot)
    qtbot.keyClicks(editor.control(), "shop.ru")
    assert editor.problem() == "Нужен полный адрес, например https://example.ru/page"
    editor.set_values(((0, "https://shop.ru/1"),))
    assert editor.problem() is None
    editor.set_values(())
    assert editor.problem() is None


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("https://a.ru", True),
        ("http://a.ru/x", True),
        ("ftp://a.ru", False),
        ("https://a", False),
        ("https://a .ru", False),
        ("a.ru", False),
    ],
)
def test_what_is_an_address(text: str, right: bool) -> None:
    assert is_address(text) is right


@pytest.mark.parametrize(
    ("attribute", "limit"),
    [
        (MODEL, 255),
        (NOTE, 6000),
        (Attribute(1, "Состав", "Укажите состав. Не более 1 000 символов."), 1000),
        (Attribute(1, "Состав", "Максимальная длина — 120 знаков"), 120),
        (Attribute(1, "Состав", "Укажите до 5 материалов"), 0),
        (Attribute(1, "Состав", "до 100 символов", dictionary_id=5), 0),
        (COUNT, 0),
    ],
)
def test_length_is_known_or_reported_by_ozon(attribute: Attribute, limit: int) -> None:
    assert length_limit(attribute) == limit


def test_typing_stops_at_the_length_but_a_longer_value_is_shown_whole(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(Attribute(1, "Код", "не более 5 символов"), source, QIcon()), qtbot)
    qtbot.keyClicks(editor.control(), "1234567")
    assert editor.values() == ((0, "12345"),)
    editor.set_values(((0, "1234567"),))
    assert editor.values() == ((0, "1234567"),)
    assert editor.problem() == "Длиннее 5 символов: сейчас 7"


def test_a_long_text_counts_its_characters(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(Attribute(1, "Описание", "не более 5 символов", type="multiline"), source, QIcon()), qtbot)
    qtbot.keyClicks(editor.control(), "1234567")
    assert editor.counter.text() == "7 из 5 символов"  # type: ignore[attr-defined]
    assert editor.problem() == "Длиннее 5 символов: сейчас 7"


def test_colours_are_shown_beside_their_names(source: Source, qtbot: QtBot) -> None:
    editor = shown(make_editor(COLOUR, source, QIcon()), qtbot)
    assert isinstance(editor, MultiEditor)
    editor.set_values(((1, "тёмно-синий"), (2, "разноцветный")))
    first, second = editor.chips()
    assert first.parentWidget() is not second.parentWidget(), "only a known colour has a square"
    assert first.text() == "тёмно-синий"
    with qtbot.waitSignal(editor.changed):
        qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert editor.values() == ((2, "разноцветный"),)
    single = shown(make_editor(Attribute(9, "Цвет", dictionary_id=7), source, QIcon()), qtbot)
    assert isinstance(single, DictionaryEditor)
    before = len(single.control().actions())
    single.set_values(((1, "белый"),))
    assert len(single.control().actions()) == before + 1
    single.set_values(((1, "в горошек"),))
    assert len(single.control().actions()) == before


def test_what_a_colour_is(qapp: Any) -> None:
    dark, plain, light = colour_of("Тёмно-синий"), colour_of("синий"), colour_of("светло-синий")
    assert dark is not None
    assert plain is not None
    assert light is not None
    assert dark.lightness() < plain.lightness() < light.lightness()
    assert colour_of("в горошек") is None
    assert swatch("в горошек").isNull()
    assert not swatch("красный").isNull()
    assert shows_colours(COLOUR)
    assert not shows_colours(BRAND)
    model = ColourModel()
    model.show_rows([DictionaryValue(1, "красный"), DictionaryValue(2, "в горошек")])
    icons = [model.index(row, 0).data(Qt.ItemDataRole.DecorationRole) for row in range(2)]
    assert [icon.isNull() for icon in icons] == [False, True]
