"""What the tests of the rules window share: how it is opened, typing into its lines, and rules stored before it opens."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from PySide6.QtWidgets import QWidget

from ozon_desktop.domain.price_rules import PriceRules
from ozon_desktop.domain.stock_rules import StockRules
from ozon_desktop.ui.rules.window import RulesWindow
from tests.ui.rules.conftest import FakeRules, make_view

Open = Callable[[], AbstractContextManager[RulesWindow]]
Settled = Callable[[], None]


def enter(line: QWidget, text: str) -> None:
    """Replaces what a line holds, as typing does."""
    line.setText(text)  # type: ignore[attr-defined]
    line.textEdited.emit(text)  # type: ignore[attr-defined]


def store(service: FakeRules, stocks: StockRules | None = None, prices: PriceRules | None = None) -> None:
    """These rules are what the window will read."""
    service.answer = make_view(stocks=stocks, prices=prices or PriceRules())
