"""A web server of a shop that a test fills: files behind addresses, with validators, logins and redirects."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

LAST_MODIFIED = "Tue, 24 Nov 2026 07:00:00 GMT"


@dataclass
class WebShop:
    """files: by path; login: "" = none is asked. asked: the paths with the headers they were asked with, in small letters."""

    files: dict[str, bytes] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    login: str = ""
    password: str = ""
    status: int = 200
    validators: bool = True
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._answer)])

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        self.asked.append((path, dict(request.headers)))
        if path in self.redirects:
            return RedirectResponse(self.redirects[path])
        if self.login and request.headers.get("Authorization") != self._expected():
            return Response(status_code=401, headers={"WWW-Authenticate": "Basic"})
        if self.status != 200:
            return Response("<html>sorry</html>", self.status)
        content = self.files.get(path)
        if content is None:
            return Response(status_code=404)
        tag = f'"{sha256(content).hexdigest()[:16]}"'
        if self.validators and request.headers.get("If-None-Match") == tag:
            return Response(status_code=304)
        validators = {"ETag": tag, "Last-Modified": LAST_MODIFIED} if self.validators else {}
        return Response(content, headers={**validators, **self.headers})

    def _expected(self) -> str:
        return "Basic " + base64.b64encode(f"{self.login}:{self.password}".encode()).decode()


@contextmanager
def on_a_port(shop: WebShop) -> Iterator[str]:
    """The shop's server on a port of this computer; its address without a path."""
    server = uvicorn.Server(uvicorn.Config(shop.app, port=0, log_level="error"))
    socket = server.config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
