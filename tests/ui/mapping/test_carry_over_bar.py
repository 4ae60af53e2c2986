"""The bar that tells what becomes of entered fields before a change of the mapping."""

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
from ozon_desktop.ui.mapping.carry_over_bar import CarryOverGuard
from tests.ui.mapping.fakes import BOOTS, TV, FakeMapping

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
AFTER: dict[MappingPlace, TypeKey | None] = {MappingPlace("boots"): BOOTS}
SUMMARY = CarryOver(12, (CarriedField("Цвет", 12),), (CarriedField("Высота каблука", 3),))


class FakeCarry(FakeMapping):
    """The mapping service that only tells."""

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


class Target:
    """What a page does with a failure."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.again: Callable[[], object] | None = None

    def show_error(self, error: object, action_text: str | None = None, on_action: Callable[[], object] | None = None) -> None:
        self.told.append((error, action_text))
        self.again = on_action


@pytest.fixture
def mapping() -> FakeCarry:
    return FakeCarry()


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    return page


@pytest.fixture
def guard(context: WindowContext, qtbot: QtBot, target: Target, page: QWidget) -> CarryOverGuard:
    guard = CarryOverGuard(context, target)
    layout = QVBoxLayout(page)
    layout.addWidget(guard)
    layout.addWidget(QLineEdit())
    page.resize(700, 400)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return guard


def line_of(page: QWidget) -> QLineEdit:
    line = page.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    return line


def test_without_entered_fields_the_change_goes_on_at_once(guard: CarryOverGuard, qtbot: QtBot, mapping: FakeCarry) -> None:
    mapping.summary = CarryOver()
    gone: list[Any] = []
    guard.ask(AFTER, lambda: gone.append(1))
    assert guard.pending
    qtbot.waitUntil(lambda: gone == [1])
    assert mapping.asked == [AFTER]
    assert guard.isHidden()
    assert not guard.pending


def test_enter_agrees_and_the_focus_goes_back(guard: CarryOverGuard, qtbot: QtBot, page: QWidget) -> None:
    gone: list[Any] = []
    line_of(page).setFocus()
    guard.ask(AFTER, lambda: gone.append(1))
    qtbot.waitUntil(guard.isVisible)
    assert gone == []
    assert guard.text.text().startswith("Дополнительные поля заполнены у 12 товаров. Перейдут: «Цвет».")
    assert guard.go_button.hasFocus()
    assert guard.go_button.accessibleDescription() == guard.accessibleName() == guard.text.text()
    qtbot.keyClick(guard.go_button, Qt.Key.Key_Return)
    assert gone == [1]
    assert guard.isHidden()
    assert line_of(page).hasFocus()


@pytest.mark.parametrize("button", ["go_button", "keep_button"])
def test_escape_leaves_everything_as_it_is(guard: CarryOverGuard, qtbot: QtBot, page: QWidget, button: str) -> None:
    gone: list[Any] = []
    line_of(page).setFocus()
    guard.ask(AFTER, lambda: gone.append(1))
    qtbot.waitUntil(guard.isVisible)
    with qtbot.waitSignal(guard.kept):
        qtbot.keyClick(getattr(guard, button), Qt.Key.Key_Escape)
    assert gone == []
    assert guard.isHidden()
    assert line_of(page).hasFocus()


def test_enter_on_the_other_button_leaves_everything_too(guard: CarryOverGuard, qtbot: QtBot) -> None:
    gone: list[Any] = []
    guard.ask(AFTER, lambda: gone.append(1))
    qtbot.waitUntil(guard.isVisible)
    with qtbot.waitSignal(guard.kept):
        qtbot.keyClick(guard.keep_button, Qt.Key.Key_Return)
    assert gone == []


def test_new_question_replaces_an_open_one(guard: CarryOverGuard, qtbot: QtBot, page: QWidget, mapping: FakeCarry) -> None:
    gone: list[str] = []
    line_of(page).setFocus()
    guard.ask(AFTER, lambda: gone.append("first"))
    qtbot.waitUntil(guard.isVisible)
    mapping.summary = CarryOver(1, (), (CarriedField("Диагональ", 1),))
    guard.ask({MappingPlace("tv"): TV}, lambda: gone.append("second"))
    assert guard.isHidden()
    qtbot.waitUntil(guard.isVisible)
    assert "Диагональ" in guard.text.text()
    qtbot.mouseClick(guard.go_button, Qt.MouseButton.LeftButton)
    assert gone == ["second"]
    assert line_of(page).hasFocus()


def test_question_replaced_before_its_answer_changes_nothing(guard: CarryOverGuard, qtbot: QtBot, mapping: FakeCarry) -> None:
    mapping.summary = CarryOver()
    gone: list[str] = []
    guard.ask(AFTER, lambda: gone.append("first"))
    guard.ask(AFTER, lambda: gone.append("second"))
    qtbot.waitUntil(lambda: "second" in gone)
    assert gone == ["second"]


def test_failed_check_is_told_and_can_be_repeated(guard: CarryOverGuard, qtbot: QtBot, target: Target, mapping: FakeCarry) -> None:
    gone: list[Any] = []
    mapping.failure = AppError("поля")
    guard.ask(AFTER, lambda: gone.append(1))
    qtbot.waitUntil(lambda: target.told == [(mapping.failure, "Повторить")])
    assert gone == []
    assert not guard.pending
    mapping.failure, mapping.summary = None, CarryOver()
    assert target.again is not None
    target.again()
    qtbot.waitUntil(lambda: gone == [1])


def test_another_cabinet_takes_the_question_away(guard: CarryOverGuard, qtbot: QtBot, context: WindowContext) -> None:
    guard.ask(AFTER, lambda: pytest.fail("nobody agreed"))
    qtbot.waitUntil(guard.isVisible)
    context.choose_integration(2)
    assert guard.isHidden()
    assert not guard.pending


def test_text_is_never_cut(guard: CarryOverGuard, qtbot: QtBot, page: QWidget) -> None:
    guard.ask(AFTER, lambda: None)
    qtbot.waitUntil(guard.isVisible)
    page.resize(360, 500)
    qtbot.waitUntil(lambda: guard.text.height() >= guard.text.heightForWidth(guard.text.width()) > 2 * guard.fontMetrics().height())
