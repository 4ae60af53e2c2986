"""Two programs over one database: the second one neither starts the same run nor calls it interrupted, and follows when it is killed."""

import asyncio
from pathlib import Path

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import AlreadyRunning
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.wording import error_text
from tests.services.processes import start
from tests.services.shop import QUICK, Line, Shirt, make_sandbox, set_up, wanted
from tests.storage.conftest import postgresql_url as postgresql_url  # the fixture

pytestmark = pytest.mark.slow

SHIRTS = tuple(Shirt(f"RU-{number:03}", f"{1000 + number}", number % 7) for number in range(30))
SLOW_MS = 250


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


async def test_second_program_waits_and_follows_when_the_first_is_killed(database_url: str, tmp_path: Path) -> None:
    sandbox = make_sandbox()
    with SandboxThread(sandbox) as served:
        options = Options(tmp_path, database_url, served.url, secret_store=MemoryStore(fallback=ADMIN_KEY), patience=QUICK)
        application = await build(options)
        shop = await set_up(application, Line(sandbox), tmp_path, *SHIRTS)
        await application.close()
        sandbox.reset_requests()
        # Slow while the first runs, so that it is caught in the middle.
        sandbox.memory.latency_ms = SLOW_MS
        first = start(served, tmp_path, "--database-url", database_url)
        try:
            while len(sandbox.requests) < 3:
                assert first.poll() is None, first.communicate()[1].decode()
                await asyncio.sleep(0.01)
            second = await build(options)
            try:
                (live,) = [run for run in await second.journal.runs(shop.integration) if run.kind == "sync"]
                assert live.result is RunResult.RUNNING, "the live run was called interrupted"
                with pytest.raises(AlreadyRunning) as refused:
                    await second.sync.run(shop.integration, silent)
                assert "компьютер" in refused.value.detail
                assert error_text(refused.value).title == "Уже выполняется"
                assert first.poll() is None, "it ended by itself: nothing was tested"
                first.kill()
                first.communicate()
                sandbox.memory.latency_ms = 0
                result = await second.sync.run(shop.integration, silent)
                assert result.run.result is RunResult.DONE, result.run
                killed = await second.storage.run(lambda unit: unit.journal.get(live.id))
                assert killed.result is RunResult.INTERRUPTED
                assert shop.on_ozon() == wanted(*SHIRTS)
            finally:
                await second.close()
        finally:
            if first.poll() is None:
                first.kill()
                first.communicate()
