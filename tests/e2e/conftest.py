"""The real window beside a sandbox on a port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.paths import DataPaths
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.sync.outcome import Patience

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.e2e.desk import Desk


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    """The window on an empty data folder, beside a sandbox on a port."""
    # Here, for this file is loaded also where Qt's libraries are missing: the tests themselves are skipped there.
    from ozon_desktop.ui.app import Session, prepare_qt
    from ozon_desktop.ui.look.theme import ThemeMode
    from tests.e2e.desk import Desk

    prepare_qt()
    sandbox = Sandbox(import_delay_s=0.1, moderation_s=0.1, order_interval_s=0)
    with SandboxThread(sandbox) as server:
        options = Options(
            tmp_path / "data",
            api_url=server.url,
            secret_store=MemoryStore("Связка ключей проверки"),
            patience=Patience(first_pause_s=0.1),
        )
        session = Session(lambda: build(options), DataPaths(tmp_path / "data"), theme_mode=ThemeMode.LIGHT, quiet=True)
        session.start()
        window = session.wait_for_window()
        assert window is not None
        window.resize(1366, 768)
        yield Desk(qtbot, window, sandbox, tmp_path)
        failures = list(session.failures)
        session.end()
    assert not failures
