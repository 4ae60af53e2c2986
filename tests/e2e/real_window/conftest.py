"""The demonstration in a window on a screen. For `points_*.py`, which `test_real_window.py` runs in processes of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ozon_desktop.ui.app import Session
    from ozon_desktop.ui.frame.main_window import MainWindow
    from tests.e2e.real_window.hand import Hand

PICTURES = "OZON_DESKTOP_TEST_PICTURES"
"""Environment variable: a folder for pictures of what the hand saw; without it none are made."""


def start(folder: Path, *, demo: bool = True) -> Session:
    """The program on a data folder, its window shown."""
    from ozon_desktop.application import Options, build
    from ozon_desktop.paths import DataPaths
    from ozon_desktop.services.secrets import MemoryStore
    from ozon_desktop.ui.app import Session, prepare_qt
    from ozon_desktop.ui.look.theme import ThemeMode

    prepare_qt()
    options = Options(folder, demo=demo, demo_order_interval_s=0.5, secret_store=MemoryStore("Связка ключей проверки"))
    session = Session(lambda: build(options), DataPaths(folder), theme_mode=ThemeMode.LIGHT, quiet=True)
    session.start()
    assert session.wait_for_window() is not None
    return session


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[MainWindow]:
    """The window of a demonstration that was just started, as large as it makes itself."""
    session = start(tmp_path)
    assert session.window is not None
    yield session.window
    session.end()
    assert session.failures == []


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """The window after the eight steps, a synchronization and the first order, as large as it makes itself."""
    from tests.ui.test_accessibility import ShortTour

    session = start(tmp_path_factory.mktemp("worked"))
    assert session.window is not None
    ShortTour(session.window, lambda _: None).run()
    yield session.window
    session.end()
    assert session.failures == []


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Hand, str], None]:
    """Keeps a picture of the screen under the test's name, where a folder for pictures is given."""

    def keep(hand: Hand, name: str) -> None:
        folder = os.environ.get(PICTURES)
        if folder:
            hand.picture(Path(folder) / f"{request.node.name}-{name}.png")

    return keep
