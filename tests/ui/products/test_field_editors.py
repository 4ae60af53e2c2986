"""Editors of additional fields: what may be typed, what comes out, and how dictionary values are picked."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QListView, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue
from ozon_desktop.services.catalog import ValueSearch
from ozon_desktop.ui.products.dictionary_editor import DictionaryEditor, MultiEditor
from ozon_desktop.ui.products.field_box import make_editor
from ozon_desktop.ui.products.field_editors import FieldEditor, FixedEditor

from .fakes import BRAND, COLOUR, COUNT, HEEL, LINED, MODEL, NOTE, TYPE

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


def test_yes_and_no_and_not_told(source: Source, qtbot: QtBot) -> None:
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
    assert editor.values() == ((3, "Зелёный"),)


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
    with qtbot.waitSignal(editor.told) as told:
        qtbot.keyClicks(editor.control(), typed)
    assert told.args == [said]
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
