"""A clock that only moves when somebody sleeps, and a client whose Ozon is played by respx."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import respx

from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.limits import RetryPolicy
from ozon_desktop.ozon.transport import BASE_URL, Transport


class FakeClock:
    """Sleeping takes no time and is written down; tasks that sleep wake in the order of their times."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
        self.now += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def credentials() -> Credentials:
    return Credentials(777, "11111111-2222-3333-4444-555555555555")


@pytest.fixture
async def transport(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Transport]:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    made = Transport(clock=clock, sleep=clock.sleep, retries=RetryPolicy(jitter=lambda: 1.0))
    yield made
    await made.aclose()


@pytest.fixture
def client(transport: Transport, credentials: Credentials) -> OzonClient:
    return OzonClient(transport, credentials)


@pytest.fixture
def ozon() -> Iterator[respx.MockRouter]:
    """Routes of Ozon's host; whatever a test did not route fails it."""
    with respx.mock(base_url=BASE_URL, assert_all_called=False) as router:
        yield router
