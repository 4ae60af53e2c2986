"""An application over the sandbox in this process, with a line between them that tests can break."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from random import random

import httpx
import pytest

from ozon_desktop import application as composition
from ozon_desktop.application import Application, Options, build
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.ozon.limits import Pace, RetryPolicy
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.services.secrets import MemoryStore
from tests.services.shop import QUICK, SHIRTS, URL, Line, Shop, make_sandbox, set_up

HASTY = RetryPolicy(attempts=3, shortest_delay_s=0.01, first_delay_s=0.01, longest_delay_s=0.02, jitter=lambda: random() / 25)
"""Asks as often as the program does, and waits a hundredth of the time."""


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    """Takes the place of the network below httpx: what the program builds on top of it stays as it is."""
    line = Line(make_sandbox())
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", lambda _, request: line.answer(request))
    return line


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Options:
    """Options of a program whose waits are short; the only thing replaced is how patient the transport is."""
    quick = partial(Transport, pace=Pace(5_000), retries=HASTY)
    monkeypatch.setattr(composition, "Transport", quick)
    return Options(tmp_path / "data", api_url=URL, secret_store=MemoryStore(), patience=QUICK, item_limits=ItemLimits(stock_every_s=0))


@pytest.fixture
async def application(options: Options, line: Line) -> AsyncIterator[Application]:
    application = await build(options)
    yield application
    await application.close()


@pytest.fixture
async def shop(application: Application, line: Line, tmp_path: Path) -> Shop:
    """The shop with its three shirts, mapped, nothing sent yet."""
    return await set_up(application, line, tmp_path, *SHIRTS)


@pytest.fixture
def service(shop: Shop) -> CabinetCardsService:
    """The service of the shop that reads, matches and compares the cards of its cabinet."""
    return shop.application.cabinet_cards
