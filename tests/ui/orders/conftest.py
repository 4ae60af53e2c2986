"""A window context over a fake orders service, and orders to show."""

import gc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from ozon_desktop.domain.orders import ExportSettings, Order, Posting, PostingProduct
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.store_connection import PlacedOrder, StoreConnection
from ozon_desktop.errors import AppError
from ozon_desktop.services.orders.view import HandedOver, LabelsPrinted, OrdersFetched, OrdersView, order_entry
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.worker import Worker

NOW = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)


def make_order(
    number: str, status: str = "awaiting_packaging", *, lines: int = 1, exported: bool = False, days: int = 0, scheme: str = "fbs"
) -> Order:
    """An order of `lines` kettles, created `days` ago."""
    products = tuple(PostingProduct(f"KT-{place}", f"Чайник {place}", 7, 2, Decimal("1234.50"), "RUB") for place in range(lines))
    created = NOW - timedelta(days=days)
    posting = Posting(number, f"z-{number}", 1, scheme, status, "", created, created, products, 17, "Основной")
    return Order(1, posting, "org", "dir", "emp", NOW, NOW if exported else None)


def make_view(*orders: Order, export: ExportSettings | None = None) -> OrdersView:
    """A view with the names of the fake store."""
    entries = tuple(order_entry(order, order.exported_at is None) for order in orders)
    return OrdersView(orders, {"org": "ООО «Ромашка»"}, {"dir": "Ozon"}, {"emp": "Смирнова Анна"}, export or ExportSettings(), entries)


class FakeOrders:
    """Answers with what the test put in."""

    def __init__(self) -> None:
        self.orders = [
            make_order("100-1", lines=3),
            make_order("100-2", "delivered", exported=True, days=1),
            make_order("100-3", "cancelled", days=2, scheme="fbo"),
        ]
        self.fetched: OrdersFetched | AppError = OrdersFetched(1, 2)
        self.broken: AppError | None = None
        self.folders: list[Path] = []
        self.export_settings = ExportSettings()
        self.connection = StoreConnection()
        self.placed: dict[str, PlacedOrder] = {}
        self.handed: HandedOver | None = None
        self.printed: list[tuple[list[str], Path]] = []
        self.refused: tuple[tuple[str, str], ...] = ()

    async def view(self, integration_id: int) -> OrdersView:
        """The orders that were put in."""
        view = make_view(*self.orders, export=self.export_settings)
        return replace(view, connection=self.connection, placed=self.placed)

    async def fetch(self, integration_id: int, progress: Progress) -> OrdersFetched:
        """One more order."""
        progress(ProgressUpdate(Stage.ORDERS, 1))
        if isinstance(self.fetched, AppError):
            raise self.fetched
        self.orders.insert(0, make_order("200-1"))
        return self.fetched

    async def export(self, integration_id: int, folder: Path) -> Path:
        """Marks all orders as exported."""
        if self.broken is not None:
            raise self.broken
        self.folders.append(folder)
        self.orders = [replace(order, exported_at=NOW) for order in self.orders]
        return folder / "orders.xml"

    async def save_export(self, integration_id: int, settings: ExportSettings) -> None:
        """Keeps the settings."""
        if self.broken is not None:
            raise self.broken
        self.export_settings = settings

    async def hand_over(self, integration_id: int) -> HandedOver:
        """Marks all orders as exported."""
        if self.broken is not None:
            raise self.broken
        if self.handed is not None:
            return self.handed
        new = sum(order.exported_at is None for order in self.orders)
        self.orders = [replace(order, exported_at=NOW) for order in self.orders]
        return HandedOver(new, (Path(self.export_settings.folder) / "ozon-1-000001.xml",)) if new else HandedOver()

    async def labels(self, integration_id: int, posting_numbers: list[str], path: Path) -> LabelsPrinted:
        """Remembers what was asked for."""
        if self.broken is not None:
            raise self.broken
        self.printed.append((posting_numbers, path))
        return LabelsPrinted((path,), len(posting_numbers) - len(self.refused), self.refused)

    async def history(self, integration_id: int, posting_number: str) -> list[tuple[datetime, str]]:
        """Two states."""
        return [(NOW - timedelta(days=1), "awaiting_packaging"), (NOW, "delivering")]


@pytest.fixture
def service() -> FakeOrders:
    """The fake service behind the context."""
    return FakeOrders()


@pytest.fixture
def context(qtbot: QtBot, tmp_path: Path, service: FakeOrders) -> Iterator[WindowContext]:
    """A context whose application is nothing but the fake."""
    application: Any = SimpleNamespace(orders=service, clock=lambda: NOW)
    theme = Theme(ThemeMode.LIGHT)
    worker = Worker()
    state = WindowState(tmp_path / "window.ini")
    yield WindowContext(application, worker, theme, state, presenter=Presenter(), integration_id=1)
    worker.stop()
    # Jobs are deleted here: left to the garbage collector, they could be deleted in the next test's services thread. All are young.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect(1)
