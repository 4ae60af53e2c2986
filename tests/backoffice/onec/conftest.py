"""A site over real HTTP in this process, and clients in threads."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ozon_desktop.backoffice.onec.area import Area, AreaLimits
from ozon_desktop.backoffice.onec.login import Credentials
from ozon_desktop.backoffice.onec.server import OnecServer, bound
from ozon_desktop.backoffice.onec.site import OnecSite, Timing
from tests.backoffice.onec.desks import MemoryDesk
from tests.backoffice.onec.scripted import UT, Client, Onec

LOGIN, PASSWORD = "обмен", "верный пароль из двадцати"


@dataclass
class Clock:
    now: float = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Served:
    """A running site. address: as one types it into 1C."""

    site: OnecSite
    desk: MemoryDesk
    clock: Clock
    address: str
    area: Area
    clients: list[Onec] = field(default_factory=list)

    def onec(self, client: Client = UT, password: str = PASSWORD, login: str = LOGIN) -> Onec:
        return Onec(self.address, login, password, client)

    async def quiet(self, seconds: float) -> None:
        """Time passes without a request."""
        self.clock.now += seconds
        await self.site.settled()
        await self.site.look()
        await self.site.settled()


Serve = Callable[..., Awaitable[Served]]


@asynccontextmanager
async def serving(folder: Path, desk: MemoryDesk, limits: AreaLimits, timing: Timing) -> AsyncIterator[Served]:
    """A site that is closed at the end."""
    clock, area = Clock(), Area(folder, limits)
    site = OnecSite(desk, area, Credentials.of(LOGIN, PASSWORD), clock, timing)
    listener = bound(0, open_to_network=False)
    server = OnecServer(site, listener, open_to_network=False)
    await server.start()
    try:
        yield Served(site, desk, clock, server.address.url, area)
    finally:
        await server.close()


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A site whose chunks are small; it looks after itself only when a test says so, and holds an import but a moment."""
    timing = Timing(hold_s=0.05, look_every_s=3_600)
    async with serving(tmp_path / "exchange", MemoryDesk(), AreaLimits(chunk=1_000, least_free=0), timing) as found:
        yield found


async def done(work: Callable[[], object]) -> None:
    """Runs a client, which blocks."""
    await asyncio.to_thread(work)
