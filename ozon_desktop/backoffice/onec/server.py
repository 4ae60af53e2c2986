"""Serves the site over HTTP: to this computer alone unless it is opened to the network. The port is bound before the address is said."""

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ozon_desktop.backoffice.onec.answers import Answer
from ozon_desktop.backoffice.onec.area import FILE_LIMIT, MOST_DRAINED
from ozon_desktop.backoffice.onec.site import OnecSite, Request
from ozon_desktop.domain.onec_exchange import ExchangeAddress
from ozon_desktop.errors import BackOfficeRefused, PortInUse

log = logging.getLogger(__name__)

PATH = "/ozon"
THIS_COMPUTER, ALL = "127.0.0.1", "0.0.0.0"
NEIGHBOURS = 20
"""So many ports after a busy one are tried for a free one."""
GRACE_S = 2
CONNECTIONS = 64


class OnecApp:
    """The ASGI application of a site. No routes: a redirect or a framework's own page of errors would end the exchange."""

    def __init__(self, site: OnecSite) -> None:
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] == "http", "nothing else is switched on"
        request = HttpRequest(scope, receive)
        body = _Body(request.stream())
        try:
            answer = await self._site.handle(_request(request, body))
            await body.drain()
        except ClientDisconnect:
            # Nobody is there to be answered; what had come of the chunk is cut off again.
            return
        except Exception:
            # A page of errors by the framework would only be «неизвестный статус» to 1C.
            log.exception("exchange with 1C")
            answer = self._site.unexpected()
        await _response(answer)(scope, receive, send)


class _Body:
    """What of a request's body is left: an answer before its end would be lost on the way."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream
        self._ended = False

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._stream)
        except StopAsyncIteration:
            self._ended = True
            raise

    async def drain(self) -> None:
        left = FILE_LIMIT * MOST_DRAINED
        while left > 0:
            left -= len(await anext(self, b"")) if not self._ended else left


def _request(request: HttpRequest, body: AsyncIterator[bytes]) -> Request:
    return Request(
        request.method,
        request.url.path,
        request.scope["query_string"],
        request.client.host if request.client is not None else "",
        request.headers.get("authorization", ""),
        request.headers.get("cookie", ""),
        body,
    )


def _response(answer: Answer) -> Response:
    headers = {"Content-Type": answer.content_type, "Cache-Control": "no-store"}
    if answer.challenge:
        headers["WWW-Authenticate"] = 'Basic realm="Ozon Desktop"'
    return Response(answer.body, answer.status, headers)


class _Server(uvicorn.Server):
    """Signals are the program's own business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class OnecServer:
    """A running server."""

    def __init__(self, site: OnecSite, listener: socket.socket, open_to_network: bool) -> None:
        self._site = site
        self._listener = listener
        self._open = open_to_network
        self._server = _Server(_config(OnecApp(site)))
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def address(self) -> ExchangeAddress:
        return address_at(self._listener.getsockname()[1], self._open)

    async def start(self) -> None:
        """Answers requests from now on. OSError when the upload area cannot be used."""
        await self._site.start()
        self._tasks = [
            asyncio.create_task(self._server.serve(sockets=[self._listener]), name="onec-server"),
            asyncio.create_task(self._site.watch(), name="onec-watch"),
        ]

    async def close(self) -> None:
        """Stops listening, lets answers under way end for a moment, and frees the port."""
        self._server.should_exit = True
        if self._tasks:
            serving, watching = self._tasks
            watching.cancel()
            await asyncio.wait([serving, watching])
            await self._site.close()
        self._listener.close()


def address_at(port: int, open_to_network: bool) -> ExchangeAddress:
    """Where a server on this port is found."""
    network = _network_address() if open_to_network else ""
    return ExchangeAddress(f"http://{THIS_COMPUTER}:{port}{PATH}", f"http://{network}:{port}{PATH}" if network else "")


def bound(port: int, open_to_network: bool) -> socket.socket:
    """A listening socket. PortInUse (detail: a free port), BackOfficeRefused when the system does not allow it."""
    host = ALL if open_to_network else THIS_COMPUTER
    try:
        return _listening(host, port)
    except PermissionError as error:
        raise BackOfficeRefused(str(port), detail=error.strerror or "") from error
    except (OSError, OverflowError) as error:
        raise PortInUse(str(port), detail=_free_port(host, port)) from error


def _listening(host: str, port: int) -> socket.socket:
    # The protocol is named because asyncio switches Nagle's algorithm off only then.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There the other option would let two programs have one port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(CONNECTIONS)
    except BaseException:
        listener.close()
        raise
    return listener


def _free_port(host: str, busy: int) -> str:
    for port in range(busy + 1, busy + 1 + NEIGHBOURS):
        try:
            _listening(host, port).close()
        except (OSError, OverflowError):
            continue
        return str(port)
    return ""


def _network_address() -> str:
    """This computer's address in its network, "" without one. Nothing is sent: only the route is looked up."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            found = str(probe.getsockname()[0])
        except OSError:
            return ""
    return "" if found.startswith("127.") else found


def _config(app: OnecApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=75,
        limit_concurrency=CONNECTIONS,
    )
