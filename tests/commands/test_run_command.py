"""`run` in a process of its own ends when it is told to: the run under way is journalled as stopped, what it did is kept."""

import signal
import sys
import threading
from pathlib import Path

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY
from ozon_desktop.sandbox.server import SandboxThread
from ozon_desktop.services.secrets import MemoryStore
from tests.services.processes import start
from tests.services.shop import QUICK, Line, Shirt, make_sandbox, set_up

pytestmark = pytest.mark.slow

SHIRTS = tuple(Shirt(f"RU-{number:03}", f"{1000 + number}", number % 7) for number in range(150))


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM there")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_schedule_without_window_ends_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    sandbox = make_sandbox(latency_ms=60)
    with SandboxThread(sandbox) as served:
        options = Options(tmp_path / "data", api_url=served.url, secret_store=MemoryStore(fallback=ADMIN_KEY), patience=QUICK)
        application = await build(options)
        shop = await set_up(application, Line(sandbox), tmp_path, *SHIRTS)
        await application.close()
        sandbox.reset_requests()
        process = start(served, tmp_path / "data", command="run")
        pause = threading.Event()
        while not any(request.path == "/v3/product/import" for request in sandbox.requests):
            assert process.poll() is None, process.communicate()[1].decode()
            pause.wait(0.01)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
        assert "Traceback" not in errors.decode()
        after = await build(options)
        try:
            (run,) = [run for run in await after.journal.runs(shop.integration) if run.kind == "sync"]
            assert run.result is RunResult.STOPPED
            assert await after.storage.run(lambda unit: unit.leases.all()) == []
            await after.sync.run(shop.integration, silent)
            assert len(sandbox.memory.by_id) == len(SHIRTS)
        finally:
            await after.close()
