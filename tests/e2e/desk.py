"""The real window with hands to use it."""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.integration.page import IntegrationPageView
from ozon_desktop.ui.products.fields.dictionary_editor import ValueLine
from ozon_desktop.ui.widgets.combo_box import ComboBox

Found = TypeVar("Found", bound=QObject)


def type_text(line: QLineEdit, text: str) -> None:
    """Key presses one by one; QTest's own helper stops at the first letter that is not ASCII."""
    for letter in text:
        QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))


@dataclass
class Desk:
    """The window, the sandbox behind it, and hands to use it with. endless: jobs beside the window that are not waited for."""

    qtbot: QtBot
    window: MainWindow
    sandbox: Sandbox
    folder: Path
    endless: int = 0

    def find(self, kind: type[Found], name: str) -> Found:
        """A control of the page that is shown."""
        found = self.window.current_page.findChild(kind, name)
        assert found is not None, f"no {name} on the page"
        return found

    def idle(self) -> None:
        """Waits until nothing runs beside the window."""
        context = self.window.context
        self.qtbot.waitUntil(lambda: context.long_job is None and context.worker.pending <= self.endless, timeout=60_000)

    def press(self, name: str) -> None:
        """Clicks a button, once it may be clicked, and waits for what it does."""
        button = self.find(QAbstractButton, name)
        self.qtbot.waitUntil(button.isEnabled, timeout=60_000)
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.idle()

    def type(self, name: str, text: str) -> None:
        """Types into a line."""
        line = self.find(QLineEdit, name)
        line.setFocus()
        line.selectAll()
        type_text(line, text)

    def choose(self, name: str, text: str) -> None:
        """Chooses an entry of a list by its text."""
        box = self.find(ComboBox, name)
        row = box.findText(text)
        assert row >= 0, f"{name} lacks {text}: {[box.itemText(number) for number in range(box.count())]}"
        box.setCurrentIndex(row)

    def open(self, page: str) -> None:
        """Shows a page."""
        self.window.show_page(page)
        self.idle()

    def tab(self, key: str) -> None:
        """Shows a tab of «Интеграция»."""
        page = self.window.current_page
        assert isinstance(page, IntegrationPageView)
        page.tabs.show_tab(key)
        self.idle()

    def says(self, name: str) -> str:
        """What a label says."""
        return self.find(QLabel, name).text()

    def pick_value(self, attribute_id: int, text: str) -> None:
        """Types a value into a dictionary field, as one finds it, and leaves the field."""
        line = self.find(ValueLine, f"field_{attribute_id}")
        line.setFocus()
        line.selectAll()
        type_text(line, text)
        self.qtbot.waitUntil(lambda: line.match(text) is not None, timeout=60_000)
        self.qtbot.keyClick(line, Qt.Key.Key_Return)

    def menu_action(self, attribute_id: int, text: str) -> None:
        """Chooses an entry of a field's menu «⋯»."""
        self.press(f"menu_{attribute_id}")
        menus = [menu for menu in self.window.current_page.findChildren(QMenu) if menu.isVisible()]
        action = next(action for menu in menus for action in menu.actions() if action.text() == text)
        action.trigger()
        for menu in menus:
            menu.close()
        self.idle()
