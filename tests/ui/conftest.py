"""A window context over fakes for the frame of the window. Pages have their own, richer ones in their folders."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.integration import Integration, IntegrationSettings, Scheme
from ozon_desktop.domain.journal import Run
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.store_catalog import ImportCounts
from ozon_desktop.paths import DataPaths
from ozon_desktop.services.runs.overview import Overview
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look import theme as theme_module
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.worker import Worker

PLAIN = {"integration", "journal", "mapping", "products", "rules"}
"""Folders of pages over fakes."""
NOW = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)


@dataclass
class FakeFrame:
    """What the frame reads: cabinets, counters, the last run; and the files it was asked to load."""

    cabinets: list[Integration] = field(
        default_factory=lambda: [Integration(1, "Ozon", IntegrationSettings(client_id=100500, scheme=Scheme.FBS, organization_id="o1"))]
    )
    unmapped: int = 8
    not_ready: int = 37
    new_orders: int = 3
    last_run: Run | None = None
    loaded: list[Path] = field(default_factory=list)

    async def all(self) -> list[Integration]:
        """The cabinets."""
        return list(self.cabinets)

    async def page(self, integration_id: int) -> Any:
        """As much of the integration page as the frame reads."""
        chosen = next(cabinet for cabinet in self.cabinets if cabinet.id == integration_id)
        return SimpleNamespace(integration=chosen, organizations=(SimpleNamespace(id="o1", name="ООО «Ромашка»"),))

    async def add(self, name: str) -> Integration:
        """One more cabinet."""
        self.cabinets.append(Integration(len(self.cabinets) + 1, name))
        return self.cabinets[-1]

    async def overview(self, integration_id: int) -> Overview:
        """The counters."""
        return Overview(self.unmapped, self.not_ready, self.new_orders, self.last_run, None, None, None)

    async def import_files(self, files: list[Path], progress: Progress) -> ImportCounts:
        """Remembers the files."""
        progress(ProgressUpdate(Stage.READING_FILE, 1))
        self.loaded.extend(files)
        return ImportCounts(products=2, categories=1, prices=2, stocks=1)


@pytest.fixture(autouse=True)
def plain(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages over fakes are built without the style sheet, which takes half of the time of their tests; `styled` ones see it.

    What looks and sizes are judged by has it everywhere else: the frame, the widgets, the whole window and its accessibility.
    """
    folder = request.path.relative_to(Path(__file__).parent).parts[0]
    if folder in PLAIN and request.node.get_closest_marker("styled") is None:
        monkeypatch.setattr(theme_module, "style_sheet", lambda *_: "")


@pytest.fixture
def frame() -> FakeFrame:
    """The fake services of the frame."""
    return FakeFrame()


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    """A running worker."""
    worker = Worker()
    yield worker
    worker.stop()


@pytest.fixture
def theme(qtbot: QtBot) -> Theme:
    """The light theme, applied."""
    theme = Theme(ThemeMode.LIGHT)
    theme.apply()
    return theme


@pytest.fixture
def frame_context(worker: Worker, theme: Theme, tmp_path: Path, frame: FakeFrame) -> WindowContext:
    """A context over the fakes."""
    application: Any = SimpleNamespace(
        integrations=frame,
        overview=frame,
        store_import=frame,
        demo=True,
        paths=DataPaths(tmp_path),
        api_url="https://example.invalid",
        clock=lambda: NOW,
    )
    return WindowContext(application, worker, theme, WindowState(tmp_path / "window.ini"), presenter=Presenter(), integration_id=1)
