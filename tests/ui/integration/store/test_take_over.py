"""«Перенос магазина»: asked for where ids differ, seen before it is done, and undone."""

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.store_connection import ConnectionKind
from ozon_desktop.errors import TakeOverChanged, TakeOverNeeded
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import IntegrationPageView
from ozon_desktop.ui.integration.store.take_over_dialog import TakeOverDialog
from tests.ui.finding import child
from tests.ui.integration.conftest import settle
from tests.ui.integration.store.using import IMPORT, LINK, Use, choose, link_form, press
from tests.ui.integration.store_fakes import FakeStore

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"does not support (raise|grabbing)", extend=True)


def opened(view: IntegrationPageView) -> TakeOverDialog:
    (dialog,) = view.findChildren(TakeOverDialog)
    return dialog


def lines(dialog: TakeOverDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def click(dialog: TakeOverDialog, name: str, qtbot: QtBot, context: WindowContext) -> None:
    pressed = child(dialog, QPushButton, name)
    assert pressed.isEnabled()
    pressed.click()
    settle(qtbot, context)


def test_a_connection_whose_ids_differ_leads_to_what_matches_and_is_taken_over(
    view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    choose(view, ConnectionKind.LINK)
    QTest.keyClicks(link_form(view).address, LINK.address)
    store.failure = TakeOverNeeded("Ссылка", detail="совпадают 2 товара, не нашлось 1")
    press(view, qtbot, context, "connect_store")
    question = view.store.card.question
    assert question.asking
    assert "совпадают 2 товара" in question.text.text()
    assert view.store.card.badge.text() != "Связи нет", "nothing is wrong with the connection"
    question.apply_button.click()
    settle(qtbot, context)
    dialog = opened(view)
    assert lines(dialog)[:2] == ["Файлы → Ссылка: https://shop.example/price.yml", "Товары: совпали 1 (по артикулу 1), нет в новом 1"]
    assert "  A-2  Шарф" in lines(dialog)
    with qtbot.waitSignals([context.data_changed] * 2):
        click(dialog, "apply_take_over", qtbot, context)
    assert store.take_over.confirmed == ["abc123"]
    assert "Магазин перенесён" in dialog.bar.message
    assert not dialog.take_button.isEnabled(), "what was seen is done"


def test_exports_of_another_program_are_chosen_in_the_dialog_and_given_back(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(store.overview.connection, store.overview.health, exchanges=(IMPORT,))
    press(view, qtbot, context, "take_over_store")
    dialog = opened(view)
    assert not dialog.take_button.isEnabled()
    assert dialog.undo_button.isHidden()
    dialog._choose = lambda: [Path("other.yml")]
    click(dialog, "look_at_files", qtbot, context)
    assert store.take_over.files == [(Path("other.yml"),)]
    click(dialog, "apply_take_over", qtbot, context)
    click(dialog, "undo_take_over", qtbot, context)
    dialog.question.apply_button.click()
    settle(qtbot, context)
    assert store.take_over.taken is None
    assert "Перенос магазина отменён" in dialog.bar.message
    assert dialog.undo_button.isHidden()


def test_what_changed_meanwhile_has_to_be_seen_again(
    view: IntegrationPageView, store: FakeStore, use: Use, qtbot: QtBot, context: WindowContext
) -> None:
    use(LINK, exchanges=(IMPORT,))
    press(view, qtbot, context, "take_over_store")
    dialog = opened(view)
    click(dialog, "look_at_connection", qtbot, context)
    store.take_over.failure = TakeOverChanged("Ссылка", detail="def456")
    click(dialog, "apply_take_over", qtbot, context)
    assert "Перенос уже другой" in dialog.bar.message
    assert not dialog.take_button.isEnabled()
