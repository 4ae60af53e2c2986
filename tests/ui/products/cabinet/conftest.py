"""The windows over a cabinet: a context over the fake service of its cards, and a window for the panels to stand in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.worker import Worker
from tests.ui.products.adoption_fakes import FakeCabinet, make_context


@pytest.fixture
def context(qapp: Any, cabinet: FakeCabinet, tmp_path: Path) -> Iterator[WindowContext]:
    worker = Worker()
    yield make_context(qapp, worker, tmp_path, cabinet)
    worker.stop()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window
