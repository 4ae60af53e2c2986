"""«Создать в магазине…»: seen before anything is made, made as it was seen, or written as a file."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.new_products import Creation, MadeProduct
from ozon_desktop.errors import NewProductsChanged
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import IntegrationPageView
from ozon_desktop.ui.integration.store.creating_dialog import CreatingDialog
from tests.ui.finding import child
from tests.ui.integration.conftest import settle
from tests.ui.integration.store.using import IMPORT, LINK, Use, button, press
from tests.ui.integration.store_fakes import FakeStore, new_products

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", r"does not support (raise|grabbing)", extend=True)


@pytest.fixture
def dialog(view: IntegrationPageView, use: Use, qtbot: QtBot, context: WindowContext) -> CreatingDialog:
    use(LINK, exchanges=(IMPORT,))
    press(view, qtbot, context, "create_in_store")
    (opened,) = view.findChildren(CreatingDialog)
    return opened


def lines(dialog: CreatingDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def click(dialog: CreatingDialog, name: str, qtbot: QtBot, context: WindowContext) -> None:
    pressed = child(dialog, QPushButton, name)
    assert pressed.isEnabled()
    pressed.click()
    settle(qtbot, context)


def test_without_goods_there_is_nothing_to_compare_with(view: IntegrationPageView, use: Use) -> None:
    use(LINK)
    assert button(view, "create_in_store").isHidden()


def test_what_will_be_made_is_seen_and_made_as_it_was_seen(
    dialog: CreatingDialog, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    assert "будет создан 1 товар, под вопросом 1" in dialog.summary.text()
    assert lines(dialog) == [
        "A-1  Платье, в «Одежда»",
        "Не будут созданы, посмотрите сами:",
        "  B-1  Шарф — в магазине есть товар с таким артикулом: Шарф (b-1)",
    ]
    assert "остаток на Ozon не изменится" in dialog.note.text()
    assert store.creating.confirmed == []
    with qtbot.waitSignals([context.data_changed] * 3):
        click(dialog, "make_store_products", qtbot, context)
    assert store.creating.confirmed == ["plan-1"]
    assert "создан 1 товар" in dialog.bar.message
    assert not dialog.make_button.isEnabled(), "what was seen is done"
    click(dialog, "look_at_new_products", qtbot, context)
    assert dialog.make_button.isEnabled()


def test_what_the_store_refuses_is_told_product_by_product(
    dialog: CreatingDialog, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    store.creating.result = Creation({"A-1": MadeProduct("x")}, {"A-2": "неверный штрихкод"})
    click(dialog, "make_store_products", qtbot, context)
    assert lines(dialog) == ["A-2 — неверный штрихкод"]
    assert "не принято 1" in dialog.bar.message


def test_what_changed_meanwhile_has_to_be_seen_again(
    dialog: CreatingDialog, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    store.creating.failure = NewProductsChanged("МойСклад", detail="plan-2")
    click(dialog, "make_store_products", qtbot, context)
    assert "Список уже другой" in dialog.bar.message
    assert not dialog.make_button.isEnabled()
    assert not dialog.file_button.isEnabled()


def test_a_making_that_is_stopped_shows_what_is_left(
    dialog: CreatingDialog, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    store.creating.holds = True
    child(dialog, QPushButton, "make_store_products").click()
    qtbot.waitUntil(lambda: bool(store.creating.confirmed))
    assert not dialog.make_button.isEnabled()
    context.stop_job()
    qtbot.waitUntil(lambda: store.creating.looked == 2)
    settle(qtbot, context)
    assert dialog.make_button.isEnabled()


def test_a_store_in_which_none_can_be_made_gets_a_file(
    view: IntegrationPageView, use: Use, store: FakeStore, qtbot: QtBot, context: WindowContext
) -> None:
    store.creating.preview_result = new_products(can_make=False)
    use(LINK, exchanges=(IMPORT,))
    press(view, qtbot, context, "create_in_store")
    (dialog,) = view.findChildren(CreatingDialog)
    assert dialog.make_button.isHidden()
    assert "запишите файл" in dialog.note.text()
    dialog._choose = lambda: None
    click(dialog, "write_store_catalog", qtbot, context)
    assert store.creating.files == []
    dialog._choose = lambda: Path("out.xml")
    click(dialog, "write_store_catalog", qtbot, context)
    assert store.creating.files == [("plan-1", Path("out.xml"))]
    assert "out.xml" in dialog.bar.message
