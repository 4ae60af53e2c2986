"""An application over the sandbox in this process, with a line between them that tests can break."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from random import random

import httpx
import pytest

from ozon_desktop import application as composition
from ozon_desktop.application import Application, Options, build
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.ozon.limits import RetryPolicy
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.services.cabinet.cards import CabinetCardsService
from ozon_desktop.services.orders.desk_view import DeskPatience
from ozon_desktop.services.secrets import MemoryStore
from tests.services.shop import QUICK, SHIRTS, URL, Line, Shop, hasty_pace, make_sandbox, set_up

HASTY = RetryPolicy(attempts=3, shortest_delay_s=0.01, first_delay_s=0.01, longest_delay_s=0.02, jitter=lambda: random() / 25)
"""Asks as often as the program does, and waits a hundredth of the time."""


def connect(line: Line, patch: pytest.MonkeyPatch) -> None:
    """Puts the line in place of the network below httpx, and makes the transport hasty: what the program builds on top stays as it is."""
    patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", lambda _, request: line.answer(request))
    patch.setattr(composition, "Transport", partial(Transport, pace=hasty_pace(), retries=HASTY))


def make_options(folder: Path) -> Options:
    """Options of a program whose waits are short."""
    desk = DeskPatience(settle_s=0, ship_s=3, marks_s=3, act_s=3, first_pause_s=0.02, longest_pause_s=0.1)
    limits = ItemLimits(stock_every_s=0)
    return Options(folder / "data", api_url=URL, secret_store=MemoryStore(), patience=QUICK, item_limits=limits, desk_patience=desk)


@pytest.fixture(scope="session")
def prepared_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the manager's preparations leave it, done once: the export and the data of the program."""
    folder = tmp_path_factory.mktemp("shop")

    async def prepare() -> None:
        application = await build(make_options(folder))
        await set_up(application, way, folder, *SHIRTS)
        await application.close()

    with pytest.MonkeyPatch.context() as patch:
        way = Line(make_sandbox())
        connect(way, patch)
        asyncio.run(prepare())
    return folder


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line(make_sandbox())
    connect(line, monkeypatch)
    return line


@pytest.fixture
def options(tmp_path: Path, line: Line, request: pytest.FixtureRequest) -> Options:
    """Options of a program over an empty folder, or over the prepared one when the test asks for the shop."""
    if "shop" in request.fixturenames:
        shutil.copytree(request.getfixturevalue("prepared_shop"), tmp_path, dirs_exist_ok=True)
    return make_options(tmp_path)


@pytest.fixture
async def application(options: Options, line: Line) -> AsyncIterator[Application]:
    application = await build(options)
    yield application
    await application.close()


@pytest.fixture
async def shop(application: Application, line: Line, tmp_path: Path) -> Shop:
    """The shop with its three shirts, mapped, nothing sent yet."""
    await application.secrets.keep(KNOWN_CLIENT_ID, ADMIN_KEY)
    return Shop(application, line, tmp_path, (await application.integrations.ensure_one()).id)


@pytest.fixture
def service(shop: Shop) -> CabinetCardsService:
    """The service of the shop that reads, matches and compares the cards of its cabinet."""
    return shop.application.cabinet_cards
