"""The page with the tab «Магазин» shown, over a store that can be anything."""

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.store_connection import StoreConnection
from ozon_desktop.domain.store_health import StoreHealth
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.integration.page import STORE, IntegrationPageView
from tests.ui.integration.conftest import NOW, settle
from tests.ui.integration.store.using import PASSWORD, Use
from tests.ui.integration.store_fakes import FakeStore


@pytest.fixture
def view(view: IntegrationPageView, qtbot: QtBot, context: WindowContext) -> IntegrationPageView:
    """The page with the tab shown."""
    view.tabs.show_tab(STORE)
    settle(qtbot, context)
    return view


@pytest.fixture
def use(view: IntegrationPageView, store: FakeStore, qtbot: QtBot, context: WindowContext) -> Use:
    """Connects the store beside the window, and lets the page read it."""

    def use(connection: StoreConnection, health: StoreHealth = StoreHealth.GOOD, **more: object) -> None:
        store.overview = replace(store.overview, connection=connection, health=health, last_at=NOW, **more)  # type: ignore[arg-type]
        store.secrets[connection.secret_name] = PASSWORD
        view.store_session.refresh()
        settle(qtbot, context)

    return use
