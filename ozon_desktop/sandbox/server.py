"""Serves a stand-in over real HTTP: blocking for the command line, in a thread for tests."""

import asyncio
import contextlib
import gc
import socket
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

import uvicorn
from starlette.applications import Starlette

START_TIMEOUT_S = 15.0


class Served(Protocol):
    """What can be served: any of the stand-ins. dates_answers: it tells the time of its own clock in each answer."""

    @property
    def app(self) -> Starlette: ...

    @property
    def dates_answers(self) -> bool: ...


class ReadyServer(uvicorn.Server):
    """A uvicorn server that says when it accepts connections."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready()


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 picks a free one. OSError when the port is taken."""
    # The protocol is named because asyncio switches Nagle's algorithm off only then: else every answer comes 40 ms late.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


def make_server(sandbox: Served, on_ready: Callable[[], None]) -> ReadyServer:
    config = uvicorn.Config(
        sandbox.app,
        date_header=not sandbox.dates_answers,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    return ReadyServer(config, on_ready)


def announce(url: str) -> None:
    """One line on standard output, at once: whoever started the sandbox may be reading a pipe."""
    sys.stdout.write(f"{url}\n")
    sys.stdout.flush()


def serve(sandbox: Served, port: int = 0, host: str = "127.0.0.1", on_ready: Callable[[str], None] = announce) -> None:
    """Serve until interrupted: Ctrl+C ends it quietly.

    `on_ready` gets the URL once requests are accepted. OSError when the port is taken.
    """
    # The loaded catalogue is never garbage: looking through it again and again would hold up answers for tenths of a second,
    # and requests that wait meanwhile would all count in one second of the limit.
    gc.collect()
    gc.freeze()
    with listen(host, port) as listener, contextlib.suppress(KeyboardInterrupt):
        url = url_of(listener)
        make_server(sandbox, lambda: on_ready(url)).run(sockets=[listener])


class SandboxThread:
    """`with SandboxThread(sandbox) as served:` answers at `served.url` until the block ends."""

    def __init__(self, sandbox: Served, port: int = 0, host: str = "127.0.0.1") -> None:
        self.sandbox = sandbox
        self._listener = listen(host, port)
        self.url = url_of(self._listener)
        self._ready = threading.Event()
        self._server = make_server(sandbox, self._ready.set)
        self._thread = threading.Thread(target=self._run, name="ozon-sandbox", daemon=True)

    @property
    def connections(self) -> frozenset[asyncio.Transport]:
        """Those that are open; the server's, so only to be looked at."""
        return frozenset(connection.transport for connection in self._server.server_state.connections)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(START_TIMEOUT_S):
            self._stop()
            raise RuntimeError(f"the sandbox did not start at {self.url}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop()

    def _run(self) -> None:
        self._server.run(sockets=[self._listener])

    def _stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
