"""What stands behind «Ещё» on the categories page, wired to it: history, parts, tables, and the question about entered fields."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.carry_over import CarriedField, CarryOver
from ozon_desktop.domain.mapping import MappingPart, MappingPlace
from ozon_desktop.errors import AppError, FileNotReadable
from ozon_desktop.services.mapping.view import PartState
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.mapping.excel.import_dialog import ImportDialog
from ozon_desktop.ui.mapping.history.panel import HistoryPanel
from ozon_desktop.ui.mapping.page import MappingPage
from ozon_desktop.ui.mapping.parts.panel import PartsPanel
from ozon_desktop.ui.mapping.trees.store_tree_model import StoreColumn
from tests.ui.mapping.conftest import Opened
from tests.ui.mapping.fakes import BOOTS, HALF_BOOTS, FakeMapping


def changes(mapping: FakeMapping) -> list[str]:
    return [call[0] for call in mapping.calls if call[0] != "view"]


def test_menu_and_palette_offer_the_same_tools(opened: Opened) -> None:
    page = opened()
    assert [action.text() for action in page.tools.menu.actions()] == [text for text, _ in page.tools.actions()]


def test_history_opens_beside_the_page(opened: Opened, qtbot: QtBot) -> None:
    page = opened()
    page.tools.menu.actions()[0].trigger()
    panel = page.tools.opened
    assert isinstance(panel, HistoryPanel)
    qtbot.waitUntil(lambda: panel.model.rowCount() > 0)
    assert not panel.isModal()
    panel.close()


def test_parts_need_one_category_and_show_what_was_saved(opened: Opened, mapping: FakeMapping, qtbot: QtBot) -> None:
    page = opened()
    page.tools.show_parts()
    assert "одну категорию" in page.message_bar.message
    page.store.select("boots")
    page.tools.show_parts()
    panel = page.tools.opened
    assert isinstance(panel, PartsPanel)
    part = PartState(MappingPart("Сезон", "Зима", HALF_BOOTS), 5, usable=True)
    mapping.parts = {"boots": (part,)}
    page.refresh()
    qtbot.waitUntil(lambda: "1 часть" in cell(page, "boots", StoreColumn.OZON))
    index = page.store.model.index_of(page.store.model.node_of("boots"), StoreColumn.OZON)
    assert "Сезон = Зима (5): Обувь / Повседневная обувь / Полусапоги" in page.store.model.data(index, Qt.ItemDataRole.ToolTipRole)
    panel.close()


def cell(page: MappingPage, category_id: str, column: StoreColumn) -> str:
    model = page.store.model
    return str(model.data(model.index_of(model.node_of(category_id), column)))


def test_types_are_found_for_parts_as_in_the_tree(opened: Opened) -> None:
    found = opened().tools.find_types("полусапоги")
    assert [path[-1] for _, path in found] == ["Полусапоги", "Полусапоги рабочие"]


def test_table_is_written_where_it_was_asked_for(opened: Opened, context: WindowContext, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened()
    page.tools.choose_file = lambda *, write: tmp_path / "карта.xlsx"  # type: ignore[method-assign]
    page.tools.write_table()
    qtbot.waitUntil(lambda: "карта.xlsx, 6 строк" in page.message_bar.message)
    exchange = context.application.mapping_exchange
    exchange.error = FileNotReadable("карта.xlsx")  # type: ignore[attr-defined]
    page.tools.write_table()
    qtbot.waitUntil(lambda: "6 строк" not in page.message_bar.message)
    assert exchange.written == [tmp_path / "карта.xlsx"]  # type: ignore[attr-defined]


def test_table_is_read_with_a_preview_and_its_changes_are_shown(opened: Opened, mapping: FakeMapping, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened()
    page.tools.choose_file = lambda *, write: tmp_path / "карта.xlsx"  # type: ignore[method-assign]
    page.tools.read_table()
    dialog = page.tools.opened
    assert isinstance(dialog, ImportDialog)
    qtbot.waitUntil(lambda: dialog.changes.rowCount() == 1)
    assert changes(mapping) == []
    dialog.apply()
    qtbot.waitUntil(lambda: page.store.model.has_own("boots"))
    dialog.close()


def test_change_that_touches_entered_fields_is_reported_first(opened: Opened, mapping: FakeMapping, qtbot: QtBot) -> None:
    page = opened()
    mapping.carry = CarryOver(3, (CarriedField("Цвет", 3),), (CarriedField("Высота каблука", 1),))
    page.store.select("boots")
    page.session.map_to(["boots"], BOOTS)
    qtbot.waitUntil(lambda: page.carry_over_bar.isVisible())
    assert "Высота каблука" in page.carry_over_bar.text.text()
    assert changes(mapping) == []
    qtbot.keyClick(page.carry_over_bar.go_button, Qt.Key.Key_Escape)
    assert not page.carry_over_bar.isVisible()
    page.session.map_to(["boots"], BOOTS)
    qtbot.waitUntil(lambda: page.carry_over_bar.isVisible())
    qtbot.keyClick(page.carry_over_bar.go_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: changes(mapping) == ["map"])
    assert mapping.carried_for == [{MappingPlace("boots"): BOOTS}] * 2


def test_failed_check_of_entered_fields_is_shown_and_can_be_repeated(opened: Opened, mapping: FakeMapping, qtbot: QtBot) -> None:
    page = opened()
    mapping.carry_error = AppError("поля")
    page.store.select("boots")
    page.session.map_to(["boots"], BOOTS)
    qtbot.waitUntil(lambda: "поля" in page.message_bar.message)
    assert page.message_bar.action.text() == "Повторить"
    assert changes(mapping) == []
    mapping.carry_error = None
    qtbot.mouseClick(page.message_bar.action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: changes(mapping) == ["map"])


def test_change_that_touches_nothing_entered_is_made_at_once(opened: Opened, mapping: FakeMapping, qtbot: QtBot) -> None:
    page = opened()
    page.store.select("tv")
    page.selection.unmap()
    qtbot.waitUntil(lambda: changes(mapping) == ["unmap"])
    assert not page.carry_over_bar.isVisible()
