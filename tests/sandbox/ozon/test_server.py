"""The sandbox over real HTTP."""

import signal
import socket
import subprocess
import sys
import threading

import httpx
import pytest

from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread, serve
from tests.sandbox.ozon.conftest import DATA, shirt

HEADERS = {"Client-Id": str(KNOWN_CLIENT_ID), "Api-Key": ADMIN_KEY}


def _sandbox(**options: object) -> Sandbox:
    return Sandbox(data_dir=DATA, import_delay_s=0, moderation_s=0, order_interval_s=0, **options)  # type: ignore[arg-type]


def test_a_thread_serves_real_http_until_the_block_ends() -> None:
    sandbox = _sandbox()
    with SandboxThread(sandbox) as served:
        with httpx.Client(base_url=served.url, headers=HEADERS) as client:
            task = client.post("/v3/product/import", json={"items": [shirt()]}).json()["result"]["task_id"]
            info = client.post("/v1/product/import/info", json={"task_id": task}).json()
            assert info["result"]["items"][0]["status"] == "imported"
            nothing = client.post("/v1/roles", content=b"")
            assert nothing.status_code == 200
        port = int(served.url.rpartition(":")[2])
    assert list(sandbox.products) == ["RU-1"]
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert not [thread for thread in threading.enumerate() if thread.name == "ozon-sandbox"]


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """Nagle's algorithm would hold the body of every answer back by 40 ms at least, until the client acknowledges its head."""
    with SandboxThread(_sandbox()) as served, httpx.Client(base_url=served.url, headers=HEADERS) as client:
        assert client.post("/v1/roles", json={}).status_code == 200
        connections = [connection.get_extra_info("socket") for connection in served.connections]
        assert [connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0 for connection in connections] == [True]


def test_a_cut_answer_breaks_the_connection() -> None:
    with SandboxThread(_sandbox(faults="cut=1")) as served, pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{served.url}/v1/description-category/tree", json={}, headers=HEADERS)


def test_a_hanging_answer_does_not_keep_the_thread_from_stopping() -> None:
    with SandboxThread(_sandbox(faults="timeout=1")) as served, pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{served.url}/v1/roles", json={}, headers=HEADERS, timeout=0.2)
    assert not [thread for thread in threading.enumerate() if thread.name == "ozon-sandbox"]


def test_a_taken_port_is_an_error() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            serve(_sandbox(), port)
        with pytest.raises(OSError, match="in use"):
            SandboxThread(_sandbox(), port)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT for one process on Windows")
def test_serve_prints_its_url_once_it_answers_and_ends_with_ctrl_c() -> None:
    script = (
        "import sys; from pathlib import Path; from ozon_desktop.sandbox.ozon.sandbox import Sandbox; "
        "from ozon_desktop.sandbox.server import serve; serve(Sandbox(data_dir=Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", script, str(DATA)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            url = process.stdout.readline().strip()
            assert url.startswith("http://127.0.0.1:")
            assert httpx.post(f"{url}/v1/roles", json={}, headers=HEADERS, timeout=10).status_code == 200
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""
