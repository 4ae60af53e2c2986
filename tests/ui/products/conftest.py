"""Fixtures of the products page: a window context over services that keep their answers in memory."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, ThemeMode, window_font
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.products.page import ProductsPage
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.worker import Worker
from tests.ui.products.adoption_fakes import NOW, FakeCabinet
from tests.ui.products.fakes import FakeCards, FakeCatalog, FakeMapping, FakePictures, FakeTables


@pytest.fixture
def cards() -> FakeCards:
    return FakeCards()


@pytest.fixture
def pictures() -> FakePictures:
    return FakePictures()


@pytest.fixture
def catalog() -> FakeCatalog:
    return FakeCatalog()


@pytest.fixture
def tables() -> FakeTables:
    return FakeTables()


@pytest.fixture
def opened(context: WindowContext, qtbot: QtBot) -> Callable[[], ProductsPage]:
    """Shows the page with the first product's card."""

    def show() -> ProductsPage:
        page = ProductsPage(context)
        qtbot.addWidget(page)
        page.resize(1142, 768)
        page.show()
        qtbot.waitUntil(lambda: page.card.product_id == "p1" and context.worker.pending == 0)
        return page

    return show


@pytest.fixture
def context(
    qapp: Any, cards: FakeCards, catalog: FakeCatalog, pictures: FakePictures, tables: FakeTables, tmp_path: Path
) -> Iterator[WindowContext]:
    worker = Worker()
    theme = Theme(ThemeMode.LIGHT)
    qapp.setFont(window_font())
    theme.apply()
    application: Any = SimpleNamespace(
        cards=cards,
        card_bulk=tables,
        card_exchange=tables,
        catalog=catalog,
        mapping=FakeMapping(),
        cabinet_cards=FakeCabinet(),
        pictures=pictures,
        clock=lambda: NOW,
    )
    yield WindowContext(application, worker, theme, WindowState(tmp_path / "window.ini"), presenter=Presenter(), integration_id=1)
    worker.stop()
