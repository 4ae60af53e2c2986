"""A run in a process of its own, killed in the middle: the next run ends where the store wants it, with nothing twice."""

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.ozon.server import SandboxThread
from ozon_desktop.services.secrets import ENVIRONMENT_KEY, MemoryStore
from tests.places import ROOT
from tests.services.shop import QUICK, Line, Shirt, make_sandbox, set_up, wanted

pytestmark = pytest.mark.slow

WRITING = {"/v3/product/import", "/v1/product/import/prices", "/v2/products/stocks", "/v1/product/archive"}
SHIRTS = tuple(Shirt(f"RU-{number:03}", f"{1000 + number}", number % 7, number % 3) for number in range(130))
# A whole run takes some 16 requests: two looks, two imports, questions about them, three or more batches of stocks, orders.
MOMENTS = range(3, 14)


def start(served: SandboxThread, data: Path, *options: str, command: str = "sync") -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "ozon_desktop", "--data-dir", str(data), "--api-url", served.url, *options, command]
    environment = {**os.environ, ENVIRONMENT_KEY: ADMIN_KEY, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def kill_after(process: subprocess.Popen[bytes], sandbox: Sandbox, requests: int, delay_s: float) -> None:
    """Kills it (no clean-up of any kind) once the sandbox was asked that often, and a moment has passed."""
    pause = threading.Event()
    while len(sandbox.requests) < requests:
        assert process.poll() is None, process.communicate()[1].decode()
        pause.wait(0.002)
    pause.wait(delay_s)
    process.kill()
    process.communicate()


@pytest.mark.parametrize("seed", [1])
async def test_killed_run_is_completed_by_the_next_one(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    sandbox = make_sandbox(latency_ms=15)
    with SandboxThread(sandbox) as served:
        options = Options(tmp_path / "data", api_url=served.url, secret_store=MemoryStore(fallback=ADMIN_KEY), patience=QUICK)
        application = await build(options)
        shop = await set_up(application, Line(sandbox), tmp_path, *SHIRTS)
        await application.close()
        sandbox.reset_requests()
        kill_after(start(served, tmp_path / "data"), sandbox, chance.choice(MOMENTS), chance.uniform(0, 0.03))
        sandbox.memory.latency_ms = 0

        after = await build(options)
        try:
            (killed,) = [run for run in await after.journal.runs(shop.integration) if run.kind == "sync"]
            assert killed.result is RunResult.INTERRUPTED
            result = await after.sync.run(shop.integration, silent)
            assert result.run.result is RunResult.DONE, result.run
            assert shop.on_ozon() == wanted(*SHIRTS)
            assert len(sandbox.memory.by_id) == len(SHIRTS)
            sandbox.reset_requests()
            await after.sync.run(shop.integration, silent)
            assert not WRITING & {request.path for request in sandbox.requests}
        finally:
            await after.close()
