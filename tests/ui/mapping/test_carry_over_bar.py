"""The question what shall become of entered fields before a change of the mapping, and its bar."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.carry_over import CarriedField, CarryOver
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.errors import AppError
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.carry_over.bar import CarryOverBar
from ozon_desktop.ui.mapping.carry_over.question import CarryOverQuestion
from tests.ui.mapping.fakes import BOOTS, TV, FakeMapping

pytestmark = [pytest.mark.qt_log_ignore("propagateSizeHints", extend=True), pytest.mark.styled]
AFTER: dict[MappingPlace, TypeKey | None] = {MappingPlace("boots"): BOOTS}
SUMMARY = CarryOver(12, (CarriedField("Цвет", 12),), (CarriedField("Высота каблука", 3),))


class FakeCarry(FakeMapping):
    """The mapping service that only says what a change would do."""

    def __init__(self) -> None:
        super().__init__()
        self.summary = SUMMARY
        self.failure: Exception | None = None
        self.asked: list[dict[MappingPlace, TypeKey | None]] = []

    async def carry_over(self, integration_id: int, after: Mapping[MappingPlace, TypeKey | None]) -> CarryOver:
        self.asked.append(dict(after))
        if self.failure is not None:
            raise self.failure
        return self.summary


class Failures:
    """What a check that failed hands over: its error, and the way to try again."""

    def __init__(self) -> None:
        self.errors: list[object] = []
        self.again: Callable[[], object] | None = None

    def take(self, error: object, again: Callable[[], object]) -> None:
        self.errors.append(error)
        self.again = again


@pytest.fixture
def mapping() -> FakeCarry:
    return FakeCarry()


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    return page


@pytest.fixture
def question(context: WindowContext) -> CarryOverQuestion:
    return CarryOverQuestion(context)


@pytest.fixture
def bar(question: CarryOverQuestion, qtbot: QtBot, page: QWidget) -> CarryOverBar:
    bar = CarryOverBar(question)
    layout = QVBoxLayout(page)
    layout.addWidget(bar)
    layout.addWidget(QLineEdit())
    page.resize(700, 400)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return bar


def line_of(page: QWidget) -> QLineEdit:
    line = page.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    return line


def test_without_entered_fields_the_change_goes_on_at_once(
    bar: CarryOverBar, question: CarryOverQuestion, qtbot: QtBot, mapping: FakeCarry
) -> None:
    mapping.summary = CarryOver()
    gone: list[Any] = []
    question.ask(AFTER, lambda: gone.append(1))
    assert question.pending
    qtbot.waitUntil(lambda: gone == [1])
    assert mapping.asked == [AFTER]
    assert bar.isHidden()
    assert not question.pending


def test_enter_agrees_and_the_focus_goes_back(bar: CarryOverBar, question: CarryOverQuestion, qtbot: QtBot, page: QWidget) -> None:
    gone: list[Any] = []
    line_of(page).setFocus()
    question.ask(AFTER, lambda: gone.append(1))
    qtbot.waitUntil(bar.isVisible)
    assert gone == []
    assert bar.text.text().startswith("Дополнительные поля заполнены у 12 товаров. Перейдут: «Цвет».")
    assert bar.go_button.hasFocus()
    assert bar.go_button.accessibleDescription() == bar.accessibleName() == bar.text.text()
    qtbot.keyClick(bar.go_button, Qt.Key.Key_Return)
    assert gone == [1]
    assert bar.isHidden()
    assert line_of(page).hasFocus()


@pytest.mark.parametrize("button", ["go_button", "keep_button"])
def test_escape_leaves_everything_as_it_is(
    bar: CarryOverBar, question: CarryOverQuestion, qtbot: QtBot, page: QWidget, button: str
) -> None:
    gone: list[Any] = []
    line_of(page).setFocus()
    question.ask(AFTER, lambda: gone.append(1))
    qtbot.waitUntil(bar.isVisible)
    with qtbot.waitSignal(question.closed):
        qtbot.keyClick(getattr(bar, button), Qt.Key.Key_Escape)
    assert gone == []
    assert bar.isHidden()
    assert line_of(page).hasFocus()


def test_enter_on_the_other_button_leaves_everything_too(bar: CarryOverBar, question: CarryOverQuestion, qtbot: QtBot) -> None:
    gone: list[Any] = []
    question.ask(AFTER, lambda: gone.append(1))
    qtbot.waitUntil(bar.isVisible)
    with qtbot.waitSignal(question.closed):
        qtbot.keyClick(bar.keep_button, Qt.Key.Key_Return)
    assert gone == []


def test_new_question_replaces_an_open_one(
    bar: CarryOverBar, question: CarryOverQuestion, qtbot: QtBot, page: QWidget, mapping: FakeCarry
) -> None:
    gone: list[str] = []
    line_of(page).setFocus()
    question.ask(AFTER, lambda: gone.append("first"))
    qtbot.waitUntil(bar.isVisible)
    mapping.summary = CarryOver(1, (), (CarriedField("Диагональ", 1),))
    question.ask({MappingPlace("tv"): TV}, lambda: gone.append("second"))
    assert bar.isHidden()
    qtbot.waitUntil(bar.isVisible)
    assert "Диагональ" in bar.text.text()
    qtbot.mouseClick(bar.go_button, Qt.MouseButton.LeftButton)
    assert gone == ["second"]
    assert line_of(page).hasFocus()


def test_question_replaced_before_its_answer_changes_nothing(
    bar: CarryOverBar, question: CarryOverQuestion, qtbot: QtBot, mapping: FakeCarry
) -> None:
    mapping.summary = CarryOver()
    gone: list[str] = []
    question.ask(AFTER, lambda: gone.append("first"))
    question.ask(AFTER, lambda: gone.append("second"))
    qtbot.waitUntil(lambda: "second" in gone)
    assert gone == ["second"]


def test_failed_check_is_reported_and_can_be_repeated(question: CarryOverQuestion, qtbot: QtBot, mapping: FakeCarry) -> None:
    gone: list[Any] = []
    failures = Failures()
    question.failed.connect(failures.take)
    mapping.failure = AppError("поля")
    question.ask(AFTER, lambda: gone.append(1))
    qtbot.waitUntil(lambda: failures.errors == [mapping.failure])
    assert gone == []
    assert not question.pending
    mapping.failure, mapping.summary = None, CarryOver()
    assert failures.again is not None
    failures.again()
    qtbot.waitUntil(lambda: gone == [1])


def test_another_cabinet_takes_the_question_away(
    bar: CarryOverBar, question: CarryOverQuestion, qtbot: QtBot, context: WindowContext
) -> None:
    question.ask(AFTER, lambda: pytest.fail("nobody agreed"))
    qtbot.waitUntil(bar.isVisible)
    context.choose_integration(2)
    assert bar.isHidden()
    assert not question.pending


def test_text_is_never_cut(bar: CarryOverBar, question: CarryOverQuestion, qtbot: QtBot, page: QWidget) -> None:
    question.ask(AFTER, lambda: None)
    qtbot.waitUntil(bar.isVisible)
    page.resize(360, 500)
    qtbot.waitUntil(lambda: bar.text.height() >= bar.text.heightForWidth(bar.text.width()) > 2 * bar.fontMetrics().height())
