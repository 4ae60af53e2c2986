"""«Разные типы для части товаров»: types by a property's values, chosen by keys and kept as one change."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.mapping import MappingPart, MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.setup_guide import Missing
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.errors import AppError
from ozon_desktop.services.mapping.view import MappingView, PartState, PropertyChoice
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.parts.model import PRODUCTS, STATE, TYPE, VALUE, part_rows
from ozon_desktop.ui.mapping.parts.panel import PartsPanel
from tests.ui.mapping.fakes import BOOTS, COOKER, HALF_BOOTS, TV, WORK_BOOTS, FakeMapping

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
SEASON = PropertyChoice("Сезон", (("Зима", 512), ("Демисезон", 340), ("Лето", 120)))
UPPER = PropertyChoice("Материал верха", (("Кожа", 700), ("Замша", 1300)))
Assigned = dict[tuple[str, str], TypeKey]


class FakeParts(FakeMapping):
    """The mapping service with the parts of one category."""

    def __init__(self) -> None:
        super().__init__()
        self.own["boots"] = BOOTS
        self.choices: tuple[PropertyChoice, ...] = (SEASON, UPPER)
        self.assigned: Assigned = {}
        self.failure: Exception | None = None
        self.saved: list[dict[MappingPlace, TypeKey | None]] = []

    async def view(self, integration_id: int) -> MappingView:
        view = await super().view(integration_id)
        counts = {(choice.name, value): number for choice in self.choices for value, number in choice.values}
        states = tuple(
            PartState(MappingPart(*place, key), counts.get(place, 0), key != COOKER) for place, key in sorted(self.assigned.items())
        )
        return replace(view, parts={"boots": states} if states else {})

    async def properties(self, integration_id: int, category_id: str) -> tuple[PropertyChoice, ...]:
        if self.failure is not None:
            raise self.failure
        return self.choices

    async def map_places(self, integration_id: int, after: Mapping[MappingPlace, TypeKey | None], label: str = "") -> MappingView:
        if self.failure is not None:
            raise self.failure
        self.saved.append(dict(after))
        for place, key in after.items():
            if key is None:
                del self.assigned[place.property_name, place.value]
            else:
                self.assigned[place.property_name, place.value] = key
        return await self.view(integration_id)

    def find(self, text: str) -> list[tuple[TypeKey, tuple[str, ...]]]:
        paths = {key: self.tree.type_path(key) for key in self.tree.types}
        return [(key, path) for key, path in paths.items() if all(word in fold(" ".join(path)) for word in fold(text).split())]


@pytest.fixture
def mapping() -> FakeParts:
    return FakeParts()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


def opened(context: WindowContext, qtbot: QtBot, mapping: FakeParts, window: QWidget) -> PartsPanel:
    job = context.worker.run(mapping.view(1))
    with qtbot.waitSignal(job.done) as reported:
        pass
    assert reported.args is not None
    panel = PartsPanel(context, reported.args[0], "boots", mapping.find, window)
    panel.show()
    qtbot.waitUntil(lambda: panel.skeleton.isHidden())
    return panel


@pytest.fixture
def panel(context: WindowContext, qtbot: QtBot, mapping: FakeParts, window: QWidget) -> PartsPanel:
    return opened(context, qtbot, mapping, window)


def cell(panel: PartsPanel, row: int, column: int, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
    return panel.model.index(row, column).data(role)


def column(panel: PartsPanel, number: int) -> list[str]:
    return [cell(panel, row, number) for row in range(panel.model.rowCount())]


def choose(panel: PartsPanel, qtbot: QtBot, text: str) -> None:
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    panel.type_search.line.setText(text)
    qtbot.keyClick(panel.type_search.line, Qt.Key.Key_Return)


def found_keys(panel: PartsPanel) -> list[TypeKey | None]:
    rows = panel.type_search.list.rows
    return [row.key for number in range(rows.rowCount()) if (row := rows.row(number)) is not None]


def test_values_stand_with_their_products_and_no_type_of_their_own(panel: PartsPanel) -> None:
    tester = QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    found = QAbstractItemModelTester(panel.type_search.list.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert panel.property_box.currentText() == "Сезон — 3 значения"
    assert column(panel, VALUE) == ["Зима", "Демисезон", "Лето"]
    assert column(panel, PRODUCTS) == ["512", "340", "120"]
    assert column(panel, TYPE) == ["как у всей категории"] * 3
    assert cell(panel, 0, TYPE, Qt.ItemDataRole.ToolTipRole) == "Обувь / Повседневная обувь / Сапоги"
    assert panel.hint.text().endswith("Обувь / Повседневная обувь / Сапоги.")
    assert not panel.save_button.isEnabled()
    tester.deleteLater()
    found.deleteLater()


def test_types_are_chosen_by_keys_and_kept_as_one_change(panel: PartsPanel, qtbot: QtBot, mapping: FakeParts) -> None:
    assert panel.table.currentIndex().row() == 0
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert panel.type_search.isVisible()
    assert panel.type_search.title.text() == "Тип для «Зима»"
    assert found_keys(panel) == [BOOTS], "the type used here already is offered first"
    panel.type_search.line.setText("полусапоги")
    assert found_keys(panel)[1] == WORK_BOOTS
    qtbot.keyClick(panel.type_search.line, Qt.Key.Key_Down)
    assert panel.type_search.line.accessibleDescription().endswith("Полусапоги рабочие")
    qtbot.keyClick(panel.type_search.line, Qt.Key.Key_Return)
    assert panel.type_search.isHidden()
    assert (cell(panel, 0, TYPE).split(" / ")[-1], cell(panel, 0, STATE)) == ("Полусапоги рабочие", "не сохранено")
    panel.property_box.choose("Материал верха")
    qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    choose(panel, qtbot, "обувь полусапоги")
    assert mapping.saved == []
    with qtbot.waitSignal(panel.changed) as reported:
        qtbot.keyClick(panel.table, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert reported.args is not None
    assert isinstance(reported.args[0], MappingView)
    assert mapping.saved == [
        {MappingPlace("boots", "Сезон", "Зима"): WORK_BOOTS, MappingPlace("boots", "Материал верха", "Замша"): HALF_BOOTS}
    ]
    assert column(panel, STATE) == ["", ""]
    assert panel.property_box.currentText() == "Материал верха — 2 значения, выбрано типов: 1"
    assert not panel.save_button.isEnabled()
    assert panel.bar.message.startswith("Сохранено.")


def test_several_values_get_a_type_at_once_and_delete_clears(panel: PartsPanel, qtbot: QtBot) -> None:
    qtbot.keyClick(panel.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert panel.type_search.title.text() == "Тип для «Зима» и ещё 2"
    panel.type_search.line.setText("полусапоги раб")
    qtbot.keyClick(panel.type_search.line, Qt.Key.Key_Return)
    assert set(panel.model.draft.values()) == {WORK_BOOTS}
    assert panel.save_button.text() == "&Сохранить (3)"
    panel.table.selectRow(1)
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert column(panel, STATE) == ["не сохранено", "", "не сохранено"], "back to what is kept is no change"


def test_escape_clears_the_line_then_closes_the_search_and_not_the_dialog(panel: PartsPanel, qtbot: QtBot) -> None:
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    panel.type_search.line.setText("ничего такого нет")
    assert panel.type_search.hint.text().startswith("Ничего не найдено")
    qtbot.keyClick(panel.type_search.line, Qt.Key.Key_Return)
    assert panel.type_search.isVisible(), "there is nothing to choose"
    qtbot.keyClick(panel.type_search.line, Qt.Key.Key_Escape)
    assert (panel.type_search.line.text(), panel.type_search.isVisible()) == ("", True)
    qtbot.keyClick(panel.type_search.line, Qt.Key.Key_Escape)
    assert panel.type_search.isHidden()
    assert panel.isVisible()


def test_types_that_cannot_be_used_are_not_offered(panel: PartsPanel, qtbot: QtBot) -> None:
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    panel.type_search.line.setText("техника")
    assert found_keys(panel) == []
    panel.type_search.line.setText("телевизор")
    assert found_keys(panel)[0] == TV


def test_kept_parts_say_their_troubles_in_words_and_can_be_removed(
    context: WindowContext, qtbot: QtBot, mapping: FakeParts, window: QWidget
) -> None:
    mapping.assigned = {("Сезон", "Лето"): COOKER, ("Сезон", "Арктика"): BOOTS, ("Высота", "Низкие"): TypeKey(9, 9)}
    panel = opened(context, qtbot, mapping, window)
    assert panel.property_box.currentText() == "Сезон — 4 значения, выбрано типов: 2"
    assert column(panel, VALUE) == ["Зима", "Демисезон", "Лето", "Арктика"]
    assert cell(panel, 2, STATE) == "Ozon отключил тип"
    assert (cell(panel, 3, PRODUCTS), cell(panel, 3, STATE)) == ("0", "таких товаров больше нет")
    panel.table.selectRow(3)
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    panel.property_box.choose("Высота")
    assert (column(panel, VALUE), cell(panel, 0, TYPE)) == (["Низкие"], "тип, которого больше нет (9:9)")
    assert cell(panel, 0, STATE) == "таких товаров больше нет, Ozon удалил тип"
    qtbot.mouseClick(panel.clear_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.changed):
        qtbot.mouseClick(panel.save_button, Qt.MouseButton.LeftButton)
    assert mapping.saved == [{MappingPlace("boots", "Сезон", "Арктика"): None, MappingPlace("boots", "Высота", "Низкие"): None}]
    assert panel.property_box.currentText() == "Сезон — 3 значения, выбрано типов: 1"


def test_kept_part_spelled_otherwise_is_the_same_row() -> None:
    state = PartState(MappingPart("сезон", "ЗИМА", BOOTS), 512, True)
    rows = part_rows("boots", (SEASON,), (state,))
    assert list(rows) == ["Сезон"]
    assert (rows["Сезон"][0].place, rows["Сезон"][0].kept) == (MappingPlace("boots", "сезон", "ЗИМА"), BOOTS)
    assert len(rows["Сезон"]) == 3


def test_category_without_properties_says_so(context: WindowContext, qtbot: QtBot, mapping: FakeParts, window: QWidget) -> None:
    mapping.choices = ()
    panel = opened(context, qtbot, mapping, window)
    assert panel.empty.isVisible()
    assert panel.empty.text.text() == "У товаров этой категории нет свойств, по которым их можно разделить"
    assert panel.table.isHidden()
    assert panel.save_button.isHidden()


def test_failures_are_reported_inline_and_choices_survive_them(
    context: WindowContext, qtbot: QtBot, mapping: FakeParts, window: QWidget
) -> None:
    mapping.failure = AppError("свойства")
    panel = opened(context, qtbot, mapping, window)
    assert "свойства" in panel.bar.message
    mapping.failure = None
    qtbot.mouseClick(panel.bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.table.isVisible())
    choose(panel, qtbot, "телевизор")
    mapping.failure = AppError("сохранение")
    panel.save()
    qtbot.waitUntil(lambda: "сохранение" in panel.bar.message)
    assert list(panel.model.draft.values()) == [TV]
    assert panel.save_button.isEnabled()


def test_unsaved_choices_are_not_lost_without_a_word(panel: PartsPanel, qtbot: QtBot, mapping: FakeParts) -> None:
    choose(panel, qtbot, "телевизор")
    qtbot.keyClick(panel.table, Qt.Key.Key_Escape)
    assert panel.isVisible()
    assert panel.bar.message == "Не сохранено: 1 изменение."
    panel.close()
    assert panel.isVisible()
    qtbot.mouseClick(panel.bar.action, Qt.MouseButton.LeftButton)
    assert panel.isHidden()
    assert mapping.saved == []


def test_change_made_elsewhere_is_shown_and_keeps_unsaved_choices(
    panel: PartsPanel, qtbot: QtBot, context: WindowContext, mapping: FakeParts
) -> None:
    choose(panel, qtbot, "телевизор")
    mapping.assigned = {("Сезон", "Лето"): WORK_BOOTS}
    context.data_changed.emit("mapping")
    qtbot.waitUntil(lambda: str(cell(panel, 2, TYPE)).endswith("Полусапоги рабочие"))
    assert cell(panel, 0, STATE) == "не сохранено"
    assert panel.table.currentIndex().row() == 0


def test_why_nothing_can_be_saved_yet_is_reported(context: WindowContext, qtbot: QtBot, mapping: FakeParts, window: QWidget) -> None:
    mapping.missing = (Missing.ENABLED,)
    panel = opened(context, qtbot, mapping, window)
    assert panel.bar.message.startswith("Сохранить пока нельзя.")
    choose(panel, qtbot, "телевизор")
    assert not panel.save_button.isEnabled()


def test_it_blocks_nothing_and_everything_has_a_name(panel: PartsPanel) -> None:
    assert not panel.isModal()
    for widget, name in (
        (panel.property_box, "Разделить товары по свойству"),
        (panel.table, "Значения свойства и выбранные типы"),
        (panel.type_search.line, "Найти тип Ozon"),
        (panel.type_search.list, "Найденные типы Ozon"),
    ):
        assert widget.accessibleName() == name
    spoken = cell(panel, 0, VALUE, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Зима; 512; как у всей категории"


def test_enter_on_another_button_does_not_save(panel: PartsPanel, qtbot: QtBot, mapping: FakeParts) -> None:
    choose(panel, qtbot, "телевизор")
    panel.choose_button.setFocus()
    qtbot.keyClick(panel.choose_button, Qt.Key.Key_Return)
    assert panel.type_search.isVisible()
    assert not panel.busy
    assert mapping.saved == []


def test_another_cabinet_closes_it(panel: PartsPanel, qtbot: QtBot, context: WindowContext, window: QWidget) -> None:
    choose(panel, qtbot, "телевизор")
    context.choose_integration(2)
    qtbot.waitUntil(lambda: not window.findChildren(PartsPanel))
    context.theme.changed.emit()
    context.data_changed.emit("mapping")
    assert context.worker.pending == 0
