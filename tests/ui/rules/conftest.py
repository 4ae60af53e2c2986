"""A window context over a fake service of rules."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.price_rules import PriceRules
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.stock_rules import StockRules
from ozon_desktop.domain.store_catalog import PriceType, StoreCategory, StoreWarehouse
from ozon_desktop.errors import AppError, NotFound
from ozon_desktop.services.sync.rules import NamedProduct, PriceExample, StockCheck, StockSeen, SyncRules
from ozon_desktop.ui.context import WindowContext
from ozon_desktop.ui.look.theme import Theme, ThemeMode
from ozon_desktop.ui.presenter import Presenter
from ozon_desktop.ui.rules.window import RulesWindow
from ozon_desktop.ui.state import WindowState
from ozon_desktop.ui.worker import Worker

MAIN, FOREST, PICKUP = 1020000000000001, 1020000000000002, 1020000000000003
SHOES = NamedProduct("p1", "KR-1042", "Кроссовки Atlas")
EXAMPLE = PriceExample(SHOES, Decimal(2990), {"retail": Decimal(2990), "old": Decimal(3500)}, "RUB")


def make_view(**changes: Any) -> SyncRules:
    """Rules never set, in a store of two price types and two warehouses."""
    view = SyncRules(
        PriceRules(),
        None,
        Scheme.FBS,
        (PriceType("retail", "Розничная"), PriceType("old", "Старая")),
        (StoreWarehouse("w1", "Основной"), StoreWarehouse("w2", "Дальний")),
        (OzonWarehouse(MAIN, "Основной"), OzonWarehouse(FOREST, "Лесной"), OzonWarehouse(PICKUP, "Самовывоз", is_rfbs=True)),
        (StoreCategory("c1", "s", None, "Обувь"), StoreCategory("c2", "s", "c1", "Кроссовки")),
    )
    return replace(view, **changes)


class FakeRules:
    """Keeps what is saved; refuses, fails and waits when it is told to."""

    def __init__(self) -> None:
        self.answer = make_view()
        self.example_answer: PriceExample | None = EXAMPLE
        self.products = {SHOES.offer_id: SHOES}
        self.saved: list[tuple[PriceRules, StockRules | None]] = []
        self.failure: AppError | None = None
        self.check = StockCheck(0, ())
        self.hold = False
        self.read = 0

    async def view(self, integration_id: int) -> SyncRules:
        """What is stored."""
        self.read += 1
        if self.failure is not None:
            raise self.failure
        return self.answer

    async def example(self, integration_id: int, article: str = "") -> PriceExample | None:
        """The example, or another product by its article."""
        if article and article not in self.products:
            raise NotFound(article)
        return replace(self.example_answer, product=self.products[article]) if article and self.example_answer else self.example_answer

    async def product(self, integration_id: int, article: str) -> NamedProduct:
        """A product by its article."""
        if article not in self.products:
            raise NotFound(article)
        return self.products[article]

    async def save(self, integration_id: int, prices: PriceRules, stocks: StockRules | None) -> None:
        """Keeps it."""
        if self.failure is not None:
            raise self.failure
        self.saved.append((prices, stocks))
        self.answer = replace(self.answer, prices=prices, stocks=stocks)

    async def verify(self, integration_id: int, progress: Progress) -> StockCheck:
        """The check that was put in."""
        progress(ProgressUpdate(Stage.CABINET, 1000, 2500))
        if self.hold:
            await asyncio.Event().wait()
        if self.failure is not None:
            raise self.failure
        return self.check


def seen(offer_id: str, sent: int | None, free: int, reserved: int = 0, scheme: str = "fbs", house: int = MAIN) -> StockSeen:
    """A line of a check: on a warehouse of the seller, or of a scheme of Ozon's own."""
    if scheme == "fbo":
        return StockSeen(offer_id, scheme, sent, free, reserved)
    return StockSeen(offer_id, scheme, sent, free, reserved, house, "Основной" if house == MAIN else "На Лесной")


@pytest.fixture
def service() -> FakeRules:
    """The fake service behind the context."""
    return FakeRules()


@pytest.fixture
def context(qtbot: QtBot, tmp_path: Path, service: FakeRules) -> Iterator[WindowContext]:
    """A context whose application knows rules only."""
    application: Any = SimpleNamespace(sync_rules=service, clock=lambda: datetime(2026, 11, 24, 11, 5, tzinfo=UTC))
    theme = Theme(ThemeMode.LIGHT)
    theme.apply()
    worker = Worker()
    yield WindowContext(application, worker, theme, WindowState(tmp_path / "window.ini"), presenter=Presenter(), integration_id=1)
    worker.stop()


@pytest.fixture
def settled(qtbot: QtBot, context: WindowContext) -> Callable[[], None]:
    """Waits until no work is under way."""
    return lambda: qtbot.waitUntil(lambda: context.worker.pending == 0)


@pytest.fixture
def opened(qtbot: QtBot, context: WindowContext, settled: Callable[[], None]) -> Callable[[], AbstractContextManager[RulesWindow]]:
    """The window of the rules, once it has read them."""

    @contextmanager
    def open_() -> Iterator[RulesWindow]:
        window = RulesWindow(context)
        window.show()
        window.activateWindow()
        settled()
        yield window
        context.worker.stop()
        if isValid(window):
            window.leave()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    return open_
