"""The real window against the sandbox over real HTTP: the eight steps of the guide, a synchronization, and what Ozon holds then."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QLineEdit, QListView, QTableView, QTreeView, QWidget

from ozon_desktop.sandbox.ozon import lifecycle
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.import_rules import check_item
from ozon_desktop.sandbox.ozon.rules.entry import entry
from ozon_desktop.ui.products.fields.dictionary_editor import ValueLine
from ozon_desktop.ui.products.fields.ozon_note import OzonNote
from ozon_desktop.ui.rules.window import RulesWindow
from ozon_desktop.ui.sync.stock_check.dialog import StockCheckWindow
from tests.e2e.desk import Desk, type_text

pytestmark = pytest.mark.slow

DATA = Path(__file__).parent / "data"
MAIN_WAREHOUSE, OTHER_WAREHOUSE = 1020005000000101, 1020005000000102


def add_employee(desk: Desk, name: str) -> None:
    """The store's export lacks employees: adds one in place."""
    desk.press("edit_responsible_employee")
    popup = desk.find(QWidget, "reference_popup")
    line = popup.findChild(QLineEdit, "reference_name")
    assert line is not None
    type_text(line, name)
    desk.qtbot.keyClick(line, Qt.Key.Key_Return)
    desk.idle()
    popup.hide()


def fill_integration_page(desk: Desk) -> None:
    """Steps 1 to 3: credentials, checked; then every field."""
    desk.open("integration")
    desk.type("client_id", str(KNOWN_CLIENT_ID))
    desk.type("api_key", ADMIN_KEY)
    desk.press("check_connection")
    assert "роль Admin" in desk.says("connection_state")
    desk.tab("orders")
    add_employee(desk, "Петрова Ольга")
    desk.press("edit_order_direction")
    popup = [widget for widget in desk.window.current_page.findChildren(QWidget, "reference_popup") if widget.isVisible()][-1]
    line = popup.findChild(QLineEdit, "reference_name")
    assert line is not None
    type_text(line, "Маркетплейсы")
    desk.qtbot.keyClick(line, Qt.Key.Key_Return)
    desk.idle()
    popup.hide()
    for name, text in (
        ("scheme", "FBS"),
        ("catalog_structure", "Каталог для Ozon"),
        ("order_direction", "Маркетплейсы"),
        ("organization", "ООО «Быстрый шаг»"),
        ("responsible_employee", "Петрова Ольга"),
        ("price_type", "Розничная"),
        ("vat_rate", "22\u00a0%"),
        ("update_trigger", "Каждый час"),
    ):
        if name == "price_type":
            desk.tab("prices")
        desk.choose(name, text)
    desk.press("save_settings")


def fetch_catalogue(desk: Desk) -> None:
    """Steps 4 to 7: base categories, children and settings of «Обувь», and the switch."""
    desk.tab("categories")
    assert not desk.find(QAbstractButton, "fetch_children").isEnabled()
    assert not desk.find(QAbstractButton, "fetch_settings").isEnabled()
    assert desk.says("why_disabled")
    desk.press("fetch_base")
    bases = desk.find(QListView, "base_list").model()
    shoes = next(bases.index(row, 0) for row in range(bases.rowCount()) if bases.index(row, 0).data() == "Обувь")
    bases.setData(shoes, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    desk.press("fetch_children")
    desk.press("fetch_settings")
    desk.press("integration_enabled")
    assert desk.find(QCheckBox, "integration_enabled").isChecked()
    assert desk.says("integration_state") == "Включена"


def map_sneakers(desk: Desk) -> None:
    """Step 8: the store's «Кроссовки» to Ozon's «Кроссовки», by search and Enter."""
    desk.open("mapping")
    tree = desk.find(QTreeView, "store_tree")
    model = tree.model()
    parent = model.index(0, 0)
    tree.setCurrentIndex(model.index(0, 0, parent))
    desk.type("ozon_search", "повседневная обувь кроссовки")
    ozon = desk.find(QTreeView, "ozon_tree")
    desk.qtbot.waitUntil(lambda: _leaf(ozon) == "Кроссовки", timeout=60_000)
    ozon.setCurrentIndex(_leaf_index(ozon))
    desk.idle()
    desk.press("map_button")
    assert desk.says("page_status_line") == "Сопоставлено 1 из 1 категории — 100 % товаров"


def _leaf_index(tree: QTreeView) -> QModelIndex:
    index = tree.model().index(0, 0)
    while tree.model().rowCount(index):
        index = tree.model().index(0, 0, index)
    return index


def _leaf(tree: QTreeView) -> str:
    return str(_leaf_index(tree).data() or "")


def open_card(desk: Desk, offer_id: str) -> None:
    """Selects a product by its article."""
    table = desk.find(QTableView, "product_table")
    model = table.model()
    row = next(number for number in range(model.rowCount()) if model.index(number, 0).data() == offer_id)
    table.setCurrentIndex(model.index(row, 0))
    desk.idle()


def complete_cards(desk: Desk) -> None:
    """«Пол» is in no property of the store: one product gets it and the missing brand by hand, the others by a category default."""
    desk.open("products")
    assert desk.says("page_status_line").startswith("0 готов")
    open_card(desk, "SNK-3")
    desk.pick_value(85, "Нет бренда")
    desk.pick_value(30034, "Женский")
    desk.press("save_card")
    open_card(desk, "SNK-1")
    desk.pick_value(30034, "Мужской")
    desk.menu_action(30034, "Для всех товаров категории «Кроссовки»")
    assert desk.says("page_status_line").startswith("3 готовы")


def make_ready(desk: Desk) -> None:
    """The store loaded, the page filled in, categories mapped and cards complete: everything up to the synchronization."""
    desk.window.store_loading.load([DATA / "shoes_offers.xml", DATA / "shoes_import.xml"])
    desk.idle()
    fill_integration_page(desk)
    fetch_catalogue(desk)
    map_sneakers(desk)
    complete_cards(desk)


def test_a_manager_works_through_the_guide_and_synchronizes(desk: Desk) -> None:
    make_ready(desk)
    desk.open("sync")
    assert "3" in " ".join(label.text() for label in desk.find(QWidget, "tile_create").findChildren(QLabel))
    desk.press("send_button")

    held = desk.sandbox.products
    assert set(held) == {"SNK-1", "SNK-2", "SNK-3"}
    assert {offer: product.price for offer, product in held.items()} == {
        "SNK-1": Decimal("4990"),
        "SNK-2": Decimal("5190.5"),
        "SNK-3": Decimal("2990"),
    }
    assert {offer: product.vat for offer, product in held.items()} == dict.fromkeys(held, "0.22")
    # «Магазин на Садовой» has no namesake on Ozon, so its goods count for the first warehouse.
    assert held["SNK-1"].stocks[MAIN_WAREHOUSE] == 9
    assert held["SNK-2"].stocks[MAIN_WAREHOUSE] == 5
    assert held["SNK-3"].stocks[MAIN_WAREHOUSE] == 3
    assert all(not product.stocks.get(OTHER_WAREHOUSE) for product in held.values())
    item = held["SNK-3"].item
    values = {attribute.id: [value.value for value in attribute.values] for attribute in item.attributes}
    assert values[85] == ["Нет бренда"]
    assert values[30034] == ["женский"]
    assert values[10096] == ["синий"]
    assert values[30031] == ["40"]
    assert (item.depth, item.width, item.height, item.weight) == (330, 210, 120, 900)

    number = desk.sandbox.place_order("SNK-1", 2)
    desk.open("orders")
    desk.press("fetch_orders")
    table = desk.find(QTableView, "order_table")
    row = [str(table.model().index(0, column).data()) for column in range(table.model().columnCount())]
    assert number in row[0]
    for text in ("ООО «Быстрый шаг»", "Маркетплейсы", "Петрова Ольга"):
        assert text in row

    desk.sandbox.reset_requests()
    desk.open("sync")
    desk.press("recalculate")
    # Only that the two pieces sold lie in the store until it has written them off.
    assert desk.find(QAbstractButton, "send_button").text().startswith("&Отправить 1 изменение")
    assert "1" in " ".join(label.text() for label in desk.find(QWidget, "tile_stock").findChildren(QLabel))
    writes = {"/v3/product/import", "/v1/product/import/prices", "/v2/products/stocks"}
    assert not [request for request in desk.sandbox.requests if request.path in writes]


def test_what_ozon_refuses_stands_at_its_field_until_it_is_sent_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    make_ready(desk)

    def strict(item: Any, catalog: Any) -> list[Any]:
        """As Ozon is now and then: it minds a value of its own dictionary, standing alone."""
        found = check_item(item, catalog)
        sex = next(one for one in item.attributes if one.id == 30034)
        if [value.value for value in sex.values] == ["женский"]:
            attribute = {"id": 30034, "name": "Пол"}
            found.append(entry("error_attribute_values_out_of_range", "недопустимое значение", attribute=attribute))
        return found

    monkeypatch.setattr(lifecycle, "check_item", strict)
    desk.open("sync")
    desk.press("send_button")
    assert set(desk.sandbox.products) == {"SNK-1", "SNK-2"}

    desk.open("products")
    chip = desk.find(QAbstractButton, "chip_refused")
    assert (chip.text(), chip.isVisible()) == ("Ozon отклонил 1", True)
    desk.press("chip_refused")
    table = desk.find(QTableView, "product_table")
    assert [table.model().index(row, 0).data() for row in range(table.model().rowCount())] == ["SNK-3"]
    open_card(desk, "SNK-3")
    assert desk.says("card_badge") == "Ozon отклонил"
    note = desk.find(OzonNote, "ozon_30034")
    assert note.text == "Ozon: Недопустимое значение характеристики «Пол»: выберите другое из списка"
    desk.find(QLabel, "card_problems").linkActivated.emit("30034")
    assert desk.window.focusWidget() is desk.find(ValueLine, "field_30034")
    desk.pick_value(30034, "Мужской")
    assert note.text.endswith("Это ответ на прежнее значение.")
    desk.press("save_card")
    assert desk.says("card_badge") == "Ozon отклонил", "saved, and Ozon knows nothing of it yet"

    desk.open("sync")
    desk.press("recalculate")
    desk.press("send_button")
    assert set(desk.sandbox.products) == {"SNK-1", "SNK-2", "SNK-3"}
    desk.open("products")
    assert chip.isHidden()
    open_card(desk, "SNK-3")
    assert desk.says("card_badge") == "готов"
    assert note.isHidden()


def test_a_wrong_key_is_reported_on_the_page_and_loses_nothing(desk: Desk) -> None:
    desk.open("integration")
    desk.type("client_id", str(KNOWN_CLIENT_ID))
    desk.type("api_key", "11111111-2222-4333-8444-555555555555")
    desk.press("check_connection")
    assert "роль" not in desk.says("connection_state")
    shown = " ".join(label.text() for label in desk.window.current_page.findChildren(QLabel))
    assert "ключ" in shown.casefold()
    assert desk.find(QLineEdit, "client_id").text() == str(KNOWN_CLIENT_ID)
    assert not desk.find(QAbstractButton, "fetch_children").isEnabled()


def test_rules_entered_in_the_window_reach_ozon(desk: Desk) -> None:
    make_ready(desk)
    desk.open("sync")
    desk.window.menus.rules.trigger()
    desk.idle()
    rules = next(window for window in desk.window.findChildren(RulesWindow) if window.isVisible())
    rules.prices.old.source.choose("selling")
    rules.prices.old.markup.setFocus()
    rules.prices.old.markup.selectAll()
    type_text(rules.prices.old.markup, "20")
    assert "до скидки" in rules.prices.example.text()
    rules.stocks.switch.click()
    rules.stocks.reserve.setText("2")
    desk.qtbot.mouseClick(rules.save_button, Qt.MouseButton.LeftButton)
    desk.idle()
    assert not rules.unsaved
    rules.close()
    # The preview was made again by itself.
    desk.press("send_button")
    held = desk.sandbox.products
    assert {offer: product.old_price for offer, product in held.items()} == {
        "SNK-1": Decimal("5988"),
        "SNK-2": Decimal("6228.6"),
        "SNK-3": Decimal("3588"),
    }
    assert [held[offer].stocks[MAIN_WAREHOUSE] for offer in ("SNK-1", "SNK-2", "SNK-3")] == [7, 3, 1]
    held["SNK-1"].stocks[MAIN_WAREHOUSE] = 4
    desk.press("recalculate")
    assert not desk.find(QAbstractButton, "send_button").isEnabled(), "nothing changed in the store"
    desk.press("compare_ozon")
    assert desk.find(QAbstractButton, "send_button").isEnabled()
    desk.press("open_stock_check")
    check = next(window for window in desk.window.findChildren(StockCheckWindow) if window.isVisible())
    desk.qtbot.mouseClick(check.check_button, Qt.MouseButton.LeftButton)
    desk.idle()
    assert [(seen.offer_id, seen.sent, seen.free) for seen in check.model.rows if not seen.matches] == [("SNK-1", 7, 4)]
    check.close()
