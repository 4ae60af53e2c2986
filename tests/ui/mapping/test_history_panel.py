"""«История изменений»: what it tells of each change, and the way back to any of them by key."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop import wording
from ozon_desktop.domain.mapping import MappingChange, MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.errors import AppError
from ozon_desktop.services.mapping.view import MappingView
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.history import panel as history_panel
from ozon_desktop.ui.mapping.history.model import AFTER, BEFORE, STATE, WHAT, WHEN, WHO
from ozon_desktop.ui.mapping.history.panel import HistoryPanel
from tests.ui.mapping.fakes import BOOTS, COOKER, HALF_BOOTS, MOMENT, TV, FakeMapping

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
NOW = MOMENT + timedelta(hours=1)
SHOES = "Обувь / Повседневная обувь / "


def change(number: int, label: str, *moves: tuple[MappingPlace, TypeKey | None, TypeKey | None], undone: bool = False) -> MappingChange:
    before = tuple((place, was) for place, was, _ in moves)
    after = tuple((place, becomes) for place, _, becomes in moves)
    return MappingChange(number, label, before, after, MOMENT - timedelta(days=5 - number), "Ольга", undone)


WINTER = MappingPlace("boots", "Сезон", "Зима")
CHANGES = [
    change(5, "Убрать соответствие: «Телевизоры»", (MappingPlace("tv"), TV, None), undone=True),
    change(4, "«Женские сапоги» (Сезон = Зима) → «Полусапоги»", (WINTER, None, HALF_BOOTS), undone=True),
    change(3, "Загружено из XLSX: 2", (MappingPlace("boots"), None, BOOTS), (MappingPlace("old"), TypeKey(9, 9), TV)),
    change(2, "«Мультиварки» → «Мультиварка»", (MappingPlace("cookers"), None, COOKER)),
]


class FakeHistory(FakeMapping):
    """The mapping service with a line of changes."""

    def __init__(self) -> None:
        super().__init__()
        self.changes: list[MappingChange] = list(CHANGES)
        self.failure: Exception | None = None

    async def history(self, integration_id: int, limit: int = 500) -> list[MappingChange]:
        if self.failure is not None:
            raise self.failure
        return self.changes[:limit]

    async def step(self, name: str, steps: int, *, undone: bool) -> MappingView:
        if self.failure is not None:
            raise self.failure
        self.calls.append((name, steps))
        current = sum(one.undone for one in self.changes)
        moved = range(current, current + steps) if undone else range(current - steps, current)
        self.changes = [replace(one, undone=undone) if row in moved else one for row, one in enumerate(self.changes)]
        return await self.view(1)

    async def undo(self, integration_id: int, steps: int = 1) -> MappingView:
        return await self.step("undo", steps, undone=True)

    async def redo(self, integration_id: int, steps: int = 1) -> MappingView:
        return await self.step("redo", steps, undone=False)


@pytest.fixture
def mapping() -> FakeHistory:
    return FakeHistory()


@pytest.fixture
def context(context: WindowContext) -> WindowContext:
    application: Any = context.application
    application.clock = lambda: NOW
    return context


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


def opened(context: WindowContext, qtbot: QtBot, mapping: FakeHistory, window: QWidget) -> HistoryPanel:
    panel = HistoryPanel(context, view_of(context, qtbot, mapping), window)
    panel.show()
    qtbot.waitUntil(lambda: panel.skeleton.isHidden())
    return panel


def view_of(context: WindowContext, qtbot: QtBot, mapping: FakeHistory) -> MappingView:
    job = context.worker.run(mapping.view(1))
    with qtbot.waitSignal(job.done) as reported:
        pass
    assert reported.args is not None
    view: MappingView = reported.args[0]
    return view


@pytest.fixture
def panel(context: WindowContext, qtbot: QtBot, mapping: FakeHistory, window: QWidget) -> HistoryPanel:
    return opened(context, qtbot, mapping, window)


def cells(panel: HistoryPanel, row: int, columns: Sequence[int] = (WHAT, BEFORE, AFTER, WHO, STATE), parent: int = -1) -> list[str]:
    model = panel.model
    above = model.index(parent, 0) if parent >= 0 else model.index(-1, -1)
    return [model.index(row, column, above).data() for column in columns]


def test_model_keeps_the_rules_of_qt(panel: HistoryPanel, qtbot: QtBot, mapping: FakeHistory) -> None:
    tester = QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    panel.model.show_changes(CHANGES[:1], whole=False)
    assert panel.model.rowCount() == 1
    panel.model.show_changes([])
    assert panel.model.rowCount() == 0
    tester.deleteLater()


def test_every_change_says_what_who_when_and_whether_it_is_in_force(panel: HistoryPanel) -> None:
    assert cells(panel, 0) == ["Убрать соответствие: «Телевизоры»", path("tv"), "нет", "Ольга", "отменено"]
    assert cells(panel, 1)[-1] == "отменено"
    assert cells(panel, 2) == ["Загружено из XLSX: 2", "разное", "разное", "Ольга", "сейчас"]
    assert cells(panel, 3)[-1] == "действует"
    assert cells(panel, 4) == ["До первого изменения", "", "", "", ""]
    when = panel.model.index(0, WHEN)
    assert when.data() == f"сегодня в {wording.clock_time(MOMENT)}"
    assert when.data(Qt.ItemDataRole.ToolTipRole) == wording.exact(MOMENT)
    assert panel.about.text().startswith("4 изменения, из них отменено: 2.")
    grey = panel.model.index(0, WHAT).data(Qt.ItemDataRole.ForegroundRole)
    assert grey == panel.context.theme.color("secondary")
    assert panel.model.index(2, WHAT).data(Qt.ItemDataRole.ForegroundRole) is None
    spoken = panel.model.index(1, WHAT).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("Ольга; отменено")


def path(category: str) -> str:
    return {"tv": "Электроника / Телевизоры и мониторы / Телевизор"}[category]


def test_change_opens_to_its_places_also_those_that_are_gone(panel: HistoryPanel) -> None:
    assert cells(panel, 0, (WHAT, BEFORE, AFTER), parent=1) == ["Обувь / Женские сапоги (Сезон = Зима)", "нет", SHOES + "Полусапоги"]
    assert cells(panel, 1, (WHAT, BEFORE, AFTER), parent=2) == [
        "категории больше нет (old)",
        "тип, которого больше нет (9:9)",
        path("tv"),
    ]


def test_enter_goes_back_and_forth_to_the_selected_change(panel: HistoryPanel, qtbot: QtBot, mapping: FakeHistory) -> None:
    assert panel.tree.currentIndex().row() == 2
    assert not panel.go_button.isEnabled(), "the last change in force is where we are"
    qtbot.keyClick(panel.tree, Qt.Key.Key_Up)
    qtbot.keyClick(panel.tree, Qt.Key.Key_Up)
    assert panel.go_button.toolTip() == "Вернёт 2 изменения"
    with qtbot.waitSignal(panel.changed) as reported:
        qtbot.keyClick(panel.tree, Qt.Key.Key_Return)
    assert reported.args is not None
    assert isinstance(reported.args[0], MappingView)
    qtbot.waitUntil(lambda: cells(panel, 0)[-1] == "сейчас")
    assert panel.tree.currentIndex().row() == 0
    for _ in range(4):
        qtbot.keyClick(panel.tree, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.changed):
        qtbot.keyClick(panel.tree, Qt.Key.Key_Enter)
    assert [call for call in mapping.calls if call[0] != "view"] == [("redo", 2), ("undo", 4)]
    qtbot.waitUntil(lambda: cells(panel, 4)[-1] == "сейчас")


def test_place_stands_for_its_change_and_the_button_works_as_enter(panel: HistoryPanel, qtbot: QtBot, mapping: FakeHistory) -> None:
    panel.tree.expand(panel.model.index(1, 0))
    panel.tree.setCurrentIndex(panel.model.index(0, 0, panel.model.index(1, 0)))
    with qtbot.waitSignal(panel.changed):
        qtbot.mouseClick(panel.go_button, Qt.MouseButton.LeftButton)
    assert ("redo", 1) in mapping.calls


def test_refresh_keeps_what_is_selected_and_opened(panel: HistoryPanel, qtbot: QtBot, context: WindowContext, mapping: FakeHistory) -> None:
    panel.tree.expand(panel.model.index(2, 0))
    panel.tree.setCurrentIndex(panel.model.index(3, 0))
    mapping.changes = [change(6, "«Обувь» → «Сапоги»", (MappingPlace("shoes"), None, BOOTS)), *CHANGES[2:]]
    context.data_changed.emit("mapping")
    qtbot.waitUntil(lambda: cells(panel, 0)[0] == "«Обувь» → «Сапоги»")
    assert panel.tree.currentIndex().row() == 2
    assert panel.tree.isExpanded(panel.model.index(1, 0))
    assert not panel.tree.isExpanded(panel.model.index(0, 0))


def test_without_changes_it_says_what_will_stand_here(context: WindowContext, qtbot: QtBot, mapping: FakeHistory, window: QWidget) -> None:
    mapping.changes = []
    panel = opened(context, qtbot, mapping, window)
    assert panel.empty.isVisible()
    assert panel.tree.isHidden()
    assert not panel.go_button.isEnabled()


def test_beginning_is_not_offered_when_older_changes_are_not_listed(
    context: WindowContext, qtbot: QtBot, mapping: FakeHistory, window: QWidget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_panel, "LIMIT", 3)
    panel = opened(context, qtbot, mapping, window)
    assert panel.model.rowCount() == 3
    assert panel.about.text().startswith("Последние 3 изменения")


def test_failures_are_reported_inline_and_reading_can_be_repeated(
    context: WindowContext, qtbot: QtBot, mapping: FakeHistory, window: QWidget
) -> None:
    mapping.failure = AppError("история")
    panel = opened(context, qtbot, mapping, window)
    assert "история" in panel.bar.message
    mapping.failure = None
    qtbot.mouseClick(panel.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.tree.isVisible())
    panel.tree.setCurrentIndex(panel.model.index(3, 0))
    mapping.failure = AppError("назад")
    qtbot.keyClick(panel.tree, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.bar.message != "" and panel.go_button.isEnabled())


def test_it_blocks_nothing_and_everything_has_a_name(panel: HistoryPanel, qtbot: QtBot) -> None:
    assert not panel.isModal()
    assert panel.tree.accessibleName() == "Изменения, последние сверху"
    assert panel.tree.hasFocus() or not panel.isActiveWindow()
    qtbot.keyClick(panel.tree, Qt.Key.Key_Escape)
    assert panel.isHidden()


def test_enter_on_close_closes_and_goes_nowhere(panel: HistoryPanel, qtbot: QtBot, mapping: FakeHistory) -> None:
    panel.tree.setCurrentIndex(panel.model.index(0, 0))
    assert panel.go_button.isEnabled()
    panel.close_button.setFocus()
    qtbot.keyClick(panel.close_button, Qt.Key.Key_Return)
    assert panel.isHidden()
    assert [call for call in mapping.calls if call[0] != "view"] == []


def test_another_cabinet_closes_it(panel: HistoryPanel, qtbot: QtBot, context: WindowContext, window: QWidget) -> None:
    context.choose_integration(2)
    qtbot.waitUntil(lambda: not window.findChildren(HistoryPanel))
    context.theme.changed.emit()
    context.data_changed.emit("mapping")
    assert context.worker.pending == 0
