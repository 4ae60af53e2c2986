"""The shared widgets: what they say, what they emit, what they keep."""

from enum import StrEnum

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QStyleOptionViewItem, QToolButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.progress import ProgressUpdate, Stage
from ozon_desktop.ui.look.theme import Theme
from ozon_desktop.ui.widgets import (
    ROW_HEIGHT,
    Badge,
    Card,
    ComboBox,
    ElidedLabel,
    EmptyState,
    Field,
    LeftElideDelegate,
    MessageBar,
    ProgressStrip,
    SearchField,
    WrappedLabel,
)


class Size(StrEnum):
    """Values Qt would turn into bare texts."""

    SMALL = "s"
    LARGE = "l"


def test_field_shows_the_error_instead_of_the_hint_and_reads_it_aloud(qtbot: QtBot) -> None:
    editor = QLineEdit()
    field = Field("Client ID", editor, required=True, hint="Целое число")
    qtbot.addWidget(field)
    assert field.label.text().endswith("*")
    assert editor.accessibleName() == "Client ID"
    field.set_error("Не число")
    assert field.below.text() == "Не число"
    assert field.below.property("role") == "error"
    assert editor.property("state") == "error"
    assert editor.accessibleDescription() == "Не число"
    field.set_error(None)
    assert field.below.text() == "Целое число"
    assert editor.property("state") == ""
    assert field.error is None


def test_search_waits_for_a_pause_and_esc_clears_at_once(qtbot: QtBot) -> None:
    field, reported = SearchField("Найти"), list[str]()
    qtbot.addWidget(field)
    field.searched.connect(reported.append)
    field.insert("сап")
    assert reported == []
    qtbot.waitUntil(lambda: reported == ["сап"])
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert reported == ["сап", ""]
    assert field.text() == ""
    field.insert("о")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert reported == ["сап", "", "о"]


def test_combo_box_gives_the_value_back_as_it_was(qtbot: QtBot) -> None:
    box = ComboBox("size", "Не выбрано")
    qtbot.addWidget(box)
    changes: list[int] = []
    box.currentIndexChanged.connect(changes.append)
    box.set_choices([(Size.SMALL, "Малый", "Малый, для писем"), (Size.LARGE, "Большой")], Size.LARGE)
    assert box.chosen is Size.LARGE
    assert changes == []
    box.choose(Size.SMALL)
    now: object = box.chosen
    assert now is Size.SMALL
    assert changes == [0]
    box.set_choices([(Size.LARGE, "Большой")], Size.SMALL)
    assert box.chosen is None


def test_wheel_over_a_combo_box_changes_nothing(qtbot: QtBot) -> None:
    box = ComboBox("size", "Не выбрано")
    qtbot.addWidget(box)
    box.set_choices([(1, "один"), (2, "два")], 1)
    box.show()
    none = Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(box, wheel)
    assert box.chosen == 1


def test_message_bar_shows_one_message_with_its_action(qtbot: QtBot) -> None:
    bar, acted = MessageBar(), list[str]()
    qtbot.addWidget(bar)
    assert bar.message == ""
    bar.show_message("Нет связи", "error", "Повторить", lambda: acted.append("ещё раз"))
    assert bar.message == "Нет связи"
    bar.action.click()
    assert acted == ["ещё раз"]
    assert not bar.more.isVisible()
    bar.close_button.click()
    assert bar.message == ""
    with pytest.raises(ValueError, match="unknown kind"):
        bar.show_message("x", "pink")


def test_wrapped_text_gets_the_height_it_needs(qtbot: QtBot, theme: Theme) -> None:
    card = Card("Заголовок")
    qtbot.addWidget(card)
    label = WrappedLabel("Длинный текст, который в узкой карточке занимает несколько строк и нигде не обрезается, как бы узко ни было")
    card.body.addWidget(label)
    card.resize(220, 400)
    card.show()
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) > 3 * label.fontMetrics().height())


def test_elided_label_keeps_the_whole_text_in_the_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("Обувь / Повседневная обувь / Сапоги", elide=Qt.TextElideMode.ElideLeft)
    qtbot.addWidget(label)
    label.resize(80, 24)
    label.grab()
    assert label.toolTip() == "Обувь / Повседневная обувь / Сапоги"
    label.resize(600, 24)
    label.grab()
    assert label.toolTip() == ""


def test_path_delegate_elides_on_the_left_and_rows_are_thirty_pixels(qtbot: QtBot) -> None:
    delegate, option = LeftElideDelegate(), QStyleOptionViewItem()
    model = QStandardItemModel()
    model.appendRow(QStandardItem("Обувь / Сапоги"))
    delegate.initStyleOption(option, model.index(0, 0))
    assert option.textElideMode == Qt.TextElideMode.ElideLeft
    assert delegate.sizeHint(QStyleOptionViewItem(), model.index(0, 0)).height() >= ROW_HEIGHT


def test_badge_without_words_is_hidden(qtbot: QtBot) -> None:
    badge = Badge("готов", "good")
    qtbot.addWidget(badge)
    badge.set_state("", "neutral")
    assert badge.isHidden()
    badge.set_state("3 ошибки", "error")
    assert badge.property("role") == "badge-error"
    assert not badge.isHidden()


def test_empty_state_says_what_to_do_and_carries_the_button(qtbot: QtBot) -> None:
    state = EmptyState("Категории Ozon ещё не получены", "Получить базовые категории")
    qtbot.addWidget(state)
    with qtbot.waitSignal(state.acted):
        state.button.click()
    state.set_state("Пусто")
    assert state.button.isHidden()


def test_progress_without_a_known_end_runs_on(qtbot: QtBot) -> None:
    strip = ProgressStrip()
    qtbot.addWidget(strip)
    strip.start("Работа")
    strip.show_update(ProgressUpdate(Stage.READING_FILE, 500, None, "import.xml"))
    assert strip.bar.maximum() == 0
    assert strip.detail.text() == "import.xml"
    strip.show_update(ProgressUpdate(Stage.PRODUCTS, 7, 5))
    assert strip.bar.value() == 5


def test_editor_with_a_button_beside_it_is_not_cut_when_text_is_large(qtbot: QtBot, theme: Theme) -> None:
    editor, button = QLineEdit("100500"), QToolButton()
    large = editor.font()
    large.setPointSize(24)
    editor.setFont(large)
    field = Field("Client ID", editor)
    qtbot.addWidget(field)
    field.add_beside(button)
    field.resize(400, 300)
    field.show()
    qtbot.waitUntil(lambda: editor.height() >= editor.sizeHint().height() > button.sizeHint().height())
