"""The eight steps of the guide with the keyboard alone, over the demonstration: Tab, Space, arrows, and the shortcuts of the menus."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.application import Options, build
from ozon_desktop.domain.integration import Scheme, UpdateTrigger, VatRate
from ozon_desktop.paths import DataPaths
from ozon_desktop.ui.app import Session, prepare_qt, settle, wait_until
from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.look.theme import ThemeMode
from ozon_desktop.ui.widgets import ComboBox

pytestmark = pytest.mark.slow

MOST_TABS = 150
FIELDS: dict[str, object] = {
    "scheme": Scheme.FBS,
    "catalog_structure": "ОЗОН",
    "order_direction": "Маркетплейсы",
    "organization": "ООО «МойБизнес2»",
    "responsible_employee": "Смирнова Анна",
    "price_type": "Розничная",
    "vat_rate": VatRate.VAT_22,
    "update_trigger": UpdateTrigger.HOURLY,
}
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The window of a new demonstration, in front."""
    prepare_qt()
    session = Session(lambda: build(Options(tmp_path, demo=True)), DataPaths(tmp_path), theme_mode=ThemeMode.LIGHT, quiet=True)
    session.start()
    window = session.wait_for_window()
    assert window is not None
    window.resize(1366, 768)
    window.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    settle(window)
    yield window
    session.end()
    assert session.failures == []


class Keyboard:
    """Presses keys where the focus is."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    @property
    def focus(self) -> QWidget:
        """The control that has the focus."""
        return QApplication.focusWidget() or self.window

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key; then everything it started ends."""
        QTest.keyClick(self.focus, key, modifier)
        wait_until(lambda: self.window.context.long_job is None and self.window.context.worker.pending == 0, seconds=60.0)
        settle(self.window)

    def tab_to(self, name: str) -> QWidget:
        """Tab until a control has the focus."""
        passed = []
        for _ in range(MOST_TABS):
            QTest.keyClick(self.focus, Key.Key_Tab)
            if self.focus.objectName() == name:
                return self.focus
            passed.append(self.focus.objectName())
        raise AssertionError(f"Tab does not come to {name}: {passed}")

    def use(self, name: str) -> None:
        """A button or a check box."""
        self.tab_to(name)
        self.press(Key.Key_Space)

    def choose(self, name: str, value: object) -> None:
        """An entry of a list, with the arrow."""
        box = self.tab_to(name)
        assert isinstance(box, ComboBox)
        for _ in range(box.count()):
            if value in (box.chosen, box.currentText()):
                break
            QTest.keyClick(box, Key.Key_Down)
        assert value in (box.chosen, box.currentText())


def said(window: MainWindow, name: str) -> str:
    """What a label of the page says."""
    label = window.current_page.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def test_the_eight_steps_need_no_mouse(window: MainWindow) -> None:
    keys = Keyboard(window)
    keys.press(Key.Key_1, CTRL)
    keys.use("check_connection")
    # Past «Магазин»: the demonstration's store is there.
    keys.press(Key.Key_PageDown, CTRL)
    keys.press(Key.Key_PageDown, CTRL)
    for name, value in FIELDS.items():
        if name == "price_type":
            keys.press(Key.Key_PageDown, CTRL)
        keys.choose(name, value)
    keys.press(Key.Key_S, CTRL)
    assert not window.current_page.has_unsaved_changes()
    keys.press(Key.Key_PageDown, CTRL)
    keys.use("fetch_base")
    keys.tab_to("base_list")
    keys.press(Key.Key_Home)
    keys.press(Key.Key_Space)
    wait_until(lambda: "сначала выберите" not in said(window, "why_disabled").casefold(), seconds=2.0)
    settle(window)
    keys.use("fetch_children")
    keys.use("fetch_settings")
    keys.use("integration_enabled")
    assert said(window, "integration_state") == "Включена"
    keys.press(Key.Key_2, CTRL)
    keys.use("suggest_button")
    keys.use("accept_sure_button")
    assert said(window, "page_status_line").startswith("Без соответствия ")
    keys.use("show_all_categories")
    assert said(window, "page_status_line").startswith("Сопоставлено ")
    assert not said(window, "page_status_line").startswith("Сопоставлено 0 ")


def test_the_window_stays_in_front_and_has_the_focus_on_every_page(window: MainWindow) -> None:
    """A part that is shown before it has a place would open as a window of its own and take the focus away."""
    keys = Keyboard(window)
    for number in range(1, 7):
        keys.press(Key(Key.Key_0.value + number), CTRL)
        assert window.isActiveWindow()
        assert QApplication.focusWidget() is not None


def test_actions_come_before_the_content_and_one_chip_is_a_stop(window: MainWindow) -> None:
    keys = Keyboard(window)
    keys.press(Key.Key_3, CTRL)
    keys.tab_to("nav_products")
    passed = [keys.tab_to(name).objectName() for name in ("resolve_values", "adopt_button", "chip_all", "product_search", "product_table")]
    assert passed[-1] == "product_table"
    order = []
    keys.tab_to("resolve_values")
    while keys.focus.objectName() != "product_table":
        order.append(keys.focus.objectName())
        QTest.keyClick(keys.focus, Key.Key_Tab)
    assert order == ["resolve_values", "adopt_button", "chip_all", "product_search", "product_category"]
    keys.press(Key.Key_4, CTRL)
    keys.tab_to("recalculate")
    QTest.keyClick(keys.focus, Key.Key_Tab)
    assert keys.focus.objectName() == "sync_empty_button"


def test_escape_clears_a_search_first_and_then_closes_the_message(window: MainWindow) -> None:
    keys = Keyboard(window)
    keys.press(Key.Key_3, CTRL)
    page = window.current_page
    page.show_message("Сообщение", "attention")
    keys.press(Key.Key_F, CTRL)
    QTest.keyClicks(keys.focus, "boots")
    keys.press(Key.Key_Escape)
    assert page.message_bar.message == "Сообщение"
    keys.press(Key.Key_Escape)
    assert page.message_bar.message == ""
    window.bar.show_message("Сообщение окна", "error")
    keys.press(Key.Key_Escape)
    assert window.bar.message == ""
