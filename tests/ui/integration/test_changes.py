"""What a refresh of Ozon's categories changed: told after it, listed beside the window, and read again later."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.setup_guide import Action
from ozon_desktop.domain.tree_changes import ChangeKind, TreeChange
from ozon_desktop.services.catalog.tree_history import LastChanges
from ozon_desktop.services.catalog.view import FetchResult
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.changes_dialog import ChangesDialog
from ozon_desktop.ui.integration.page import CATEGORIES, IntegrationPageView
from tests.ui.integration.conftest import NOW, FakeCabinet, settle

CHANGES = (
    TreeChange(ChangeKind.MOVED, TypeKey(1, 2), ("Обувь", "Летняя", "Сандалии"), ("Обувь", "Зимняя", "Сандалии")),
    TreeChange(ChangeKind.NEW, 7, (), ("Обувь", "Домашняя")),
)
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"does not support (raise|grabbing)", extend=True)


def dialog_of(view: IntegrationPageView) -> ChangesDialog:
    (dialog,) = view.findChildren(ChangesDialog)
    return dialog


def test_changes_are_counted_listed_and_lead_to_the_mappings_concerned(
    view: IntegrationPageView, qtbot: QtBot, context: WindowContext
) -> None:
    view.session.fetched.emit(Action.FETCH_CHILDREN, FetchResult(1, 5, 21, 1, CHANGES, 2))
    assert view.message_bar.property("role") == "message-attention"
    assert "С прошлого раза — типы: перенесён 1; категории: новая 1." in view.message_bar.message
    assert "Исправьте 2 соответствия" in view.message_bar.message
    qtbot.mouseClick(view.message_bar.action, Qt.MouseButton.LeftButton)
    dialog = dialog_of(view)
    assert not dialog.isModal()
    assert [dialog.list.item(row).text() for row in range(2)] == [
        "Тип перенесён: Обувь / Летняя / Сандалии → Обувь / Зимняя / Сандалии",
        "Новая категория: Обувь / Домашняя",
    ]
    with qtbot.waitSignal(context.go_to) as asked:
        qtbot.mouseClick(dialog.findChild(QPushButton, "open_mapping"), Qt.MouseButton.LeftButton)
    assert asked.args == ["mapping", "to_fix"]


def test_without_changes_there_is_nothing_to_show_but_old_troubles_stay_reported(
    view: IntegrationPageView, qtbot: QtBot, context: WindowContext
) -> None:
    view.session.fetched.emit(Action.FETCH_BASE, FetchResult(10, 0, 0, 1))
    assert view.message_bar.action.isHidden()
    view.session.fetched.emit(Action.FETCH_CHILDREN, FetchResult(1, 5, 21, 1, (), 1))
    with qtbot.waitSignal(context.go_to) as asked:
        qtbot.mouseClick(view.message_bar.action, Qt.MouseButton.LeftButton)
    assert asked.args == ["mapping", "to_fix"]


def test_last_changes_are_read_again_from_the_page(
    view: IntegrationPageView, qtbot: QtBot, context: WindowContext, cabinet: FakeCabinet
) -> None:
    assert view.categories.changed.isHidden()
    cabinet.changes = LastChanges(NOW - timedelta(days=3), CHANGES, 0)
    view.tabs.show_tab(CATEGORIES)
    view.refresh()
    settle(qtbot, context)
    assert view.categories.changed.isVisible()
    assert view.categories.changed.text().startswith("Что изменилось ")
    qtbot.mouseClick(view.categories.changed, Qt.MouseButton.LeftButton)
    settle(qtbot, context)
    qtbot.waitUntil(lambda: bool(view.findChildren(ChangesDialog)))
    dialog = dialog_of(view)
    assert dialog.list.count() == 2
    assert dialog.findChild(QPushButton, "open_mapping") is None, "nothing is left to be put right"
