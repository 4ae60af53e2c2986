"""What the tests of the tab use it by."""

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunResult
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import IntegrationPageView
from ozon_desktop.ui.integration.store.link_form import LinkForm
from ozon_desktop.ui.integration.store.moysklad_form import MoySkladForm
from tests.ui.finding import child
from tests.ui.integration.conftest import NOW, settle

LINK = StoreConnection(ConnectionKind.LINK, "https://shop.example/price.yml", "ozon")
ONEC = StoreConnection(ConnectionKind.ONEC, login="ozon-uyut")
PASSWORD = "kept-password-1"
IMPORT = Run(7, None, RunKind.STORE_IMPORT, RunCause.CONNECTION, NOW, NOW + timedelta(seconds=2), RunResult.DONE, (("products", 14),))
Use = Callable[..., None]


def button(view: IntegrationPageView, name: str) -> QPushButton:
    return child(view, QPushButton, name)


def choose(view: IntegrationPageView, kind: ConnectionKind) -> None:
    QTest.mouseClick(view.store.card.kind.buttons[kind.value], Qt.MouseButton.LeftButton)


def press(view: IntegrationPageView, qtbot: QtBot, context: WindowContext, name: str) -> None:
    pressed = button(view, name)
    assert pressed.isVisible()
    assert pressed.isEnabled()
    QTest.mouseClick(pressed, Qt.MouseButton.LeftButton)
    settle(qtbot, context)


def link_form(view: IntegrationPageView) -> LinkForm:
    form = view.store.card.forms[ConnectionKind.LINK]
    assert isinstance(form, LinkForm)
    return form


def moysklad_form(view: IntegrationPageView) -> MoySkladForm:
    form = view.store.card.forms[ConnectionKind.MOYSKLAD]
    assert isinstance(form, MoySkladForm)
    return form


def shown_buttons(view: IntegrationPageView) -> set[str]:
    return {one.objectName() for one in view.store.card.actions_row.findChildren(QPushButton) if one.isVisible() and one.objectName()}
