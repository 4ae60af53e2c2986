"""The prepared shop in a time that tests move."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from ozon_desktop.application import build
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from tests.services.conftest import connect, make_options
from tests.services.shop import Line, MovingClock, Shop, make_sandbox

Opened = Callable[[ItemLimits], AbstractAsyncContextManager[Shop]]


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def open_dated(prepared_shop: Path, tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Opens the shop with these limits; the days of the program and of Ozon pass together."""

    @asynccontextmanager
    async def opened(limits: ItemLimits) -> AsyncIterator[Shop]:
        shutil.copytree(prepared_shop, tmp_path, dirs_exist_ok=True)
        line = Line(make_sandbox(clock=clock))  # type: ignore[arg-type]
        connect(line, monkeypatch)
        application = await build(replace(make_options(tmp_path), clock=clock, item_limits=limits))
        await application.secrets.keep(KNOWN_CLIENT_ID, ADMIN_KEY)
        yield Shop(application, line, tmp_path, (await application.integrations.ensure_one()).id)
        await application.close()

    return opened
