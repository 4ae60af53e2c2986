"""Fixtures of the categories page: a window context over services that keep their answers in memory."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, ThemeMode, window_font
from ozon_desktop.ui.mapping.page import MappingPage
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.worker import Worker
from tests.ui.mapping.fakes import MOMENT, FakeCatalog, FakeExchange, FakeMapping

Opened = Callable[[], MappingPage]


@pytest.fixture
def mapping() -> FakeMapping:
    return FakeMapping()


@pytest.fixture
def context(qapp: Any, mapping: FakeMapping, tmp_path: Path) -> Iterator[WindowContext]:
    worker = Worker()
    theme = Theme(ThemeMode.LIGHT)
    qapp.setFont(window_font())
    theme.apply()
    exchange = FakeExchange(mapping)
    application: Any = SimpleNamespace(mapping=mapping, catalog=FakeCatalog(mapping), mapping_exchange=exchange, clock=lambda: MOMENT)
    yield WindowContext(application, worker, theme, WindowState(tmp_path / "window.ini"), presenter=Presenter(), integration_id=1)
    worker.stop()


@pytest.fixture
def opened(context: WindowContext, qtbot: QtBot) -> Opened:
    def show() -> MappingPage:
        page = MappingPage(context)
        qtbot.addWidget(page)
        page.resize(1142, 768)
        page.show()
        qtbot.waitUntil(lambda: page.status_line.text() != "" or page.message_bar.message != "")
        return page

    return show
