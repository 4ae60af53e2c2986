"""The ASGI application: the order of checks, and what surrounds every answer."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import cabinet
from .faults import AFTER_WORK, HTML_PAGE
from .memory import Memory
from .methods import METHODS, OBSOLETE, ROLES_PATH
from .model import Json, RecordedRequest
from .refusals import Kind
from .replies import INTERNAL, UNIMPLEMENTED, ApiError, invalid, obsolete, rate_limited
from .requests import EmptyRequest, read

COUNTED_LISTS = ("items", "prices", "stocks", "offer_id", "product_id", "product_ids", "sku")
CHANGING = frozenset(
    {
        "/v3/product/import",
        "/v1/product/import/prices",
        "/v2/products/stocks",
        "/v1/product/archive",
        "/v1/product/unarchive",
        "/v1/product/action/timer/update",
    }
)


@dataclass
class Reply:
    """An answer before it becomes a response; `body` is encoded already."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: dict[str, str] | None = None
    items: int = 0


class CutResponse(Response):
    """An answer whose second half never arrives.

    A real server drops the connection. In process there is no connection to drop: the half then arrives as the whole.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        half = bytes(self.body)[: len(self.body) // 2]
        on_socket = "spec_version" in scope.get("asgi", {})
        headers = self.raw_headers if on_socket else [pair for pair in self.raw_headers if pair[0] != b"content-length"]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": half, "more_body": on_socket})


class Endpoint:
    """Answers every path of the API for one cabinet. `advance` lets everything happen that is due by the clock."""

    def __init__(self, memory: Memory, advance: Callable[[], None]) -> None:
        self._memory = memory
        self._advance = advance

    async def handle(self, request: Request) -> Response:
        raw = await request.body()
        if self._memory.latency_ms:
            await asyncio.sleep(self._memory.latency_ms / 1000)
        fault = self._memory.faults.draw()
        with self._memory.lock:
            now = self._memory.clock()
            reply = self._answer(request, raw, fault, now)
            self._memory.record(RecordedRequest(request.url.path, reply.status, reply.items, now))
            headers = self._common_headers(request)
        headers.update(reply.headers or {})
        delays = self._memory.faults.delays
        if fault == "timeout":
            await asyncio.sleep(delays.timeout_s)
            return Response(HTML_PAGE, 504, headers, "text/html")
        if fault == "slow":
            await asyncio.sleep(delays.slow_s)
        kind = CutResponse if fault == "cut" else Response
        return kind(reply.body, reply.status, headers, reply.media_type)

    def _common_headers(self, request: Request) -> dict[str, str]:
        left = self._memory.limits.remaining(request.headers.get("client-id", ""), request.url.path, self._memory.clock())
        return {"Ratelimit-Remaining": str(left), "x-o3-trace-id": secrets.token_hex(16)}

    def _answer(self, request: Request, raw: bytes, fault: str | None, now: datetime) -> Reply:
        path = request.url.path
        if path != ROLES_PATH and path not in METHODS and path not in OBSOLETE:
            return Reply(404, b"404 page not found\n", "text/plain")
        items = 0
        try:
            role = self._admit(request, path, now)
            if fault == "html":
                return Reply(502, HTML_PAGE.encode(), "text/html")
            if fault is not None and fault not in AFTER_WORK:
                raise rate_limited() if fault == "429" else ApiError(500, INTERNAL, "Internal error")
            body = _read_body(raw)
            items = next((len(body[name]) for name in COUNTED_LISTS if isinstance(body.get(name), list)), 0)
            self._advance()
            result = self._work(path, role, body)
        except ApiError as error:
            return Reply(error.status, msgspec.json.encode(error.body()), headers=error.headers, items=items)
        return Reply(200, result if isinstance(result, bytes) else msgspec.json.encode(result), items=items)

    def _admit(self, request: Request, path: str, now: datetime) -> str:
        """The role of the key, after the checks that do not look at the body."""
        if request.method != "POST":
            raise ApiError(405, UNIMPLEMENTED, "Method Not Allowed")
        role = self._memory.keys.identify(request.headers)
        self._memory.limits.enter(request.headers["client-id"], path, now)
        if path in OBSOLETE:
            raise obsolete()
        refusal = self._memory.faults.refusal(path, now)
        if refusal is not None:
            raise refusal
        self._memory.keys.authorize(role, path)
        return role

    def _work(self, path: str, role: str, body: Json) -> Json | bytes:
        note = partial(self._memory.note_unknown, path)
        if path == ROLES_PATH:
            read(body, EmptyRequest, note)
            return cabinet.roles(self._memory, role)
        self._refuse_whole(path, body)
        return METHODS[path].answer(self._memory, body, note)

    def _refuse_whole(self, path: str, body: Json) -> None:
        """400 for a request to change products that names one of which it is refused as a whole."""
        if path not in CHANGING:
            return
        for offer_id in _named_offers(self._memory, body):
            code = self._memory.refusals.code(Kind.REQUEST, offer_id)
            if code is not None:
                raise invalid(code)


LONGEST_ID = 20
"""Digits of a number of 64 bits."""


def _named_offers(memory: Memory, body: Json) -> Iterator[str]:
    """The articles a request names, by article or by number."""
    for name in ("items", "prices", "stocks"):
        items = body.get(name)
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and isinstance(item.get("offer_id"), str):
                yield item["offer_id"]
    for name in ("product_id", "product_ids"):
        ids = body.get(name)
        for number in ids if isinstance(ids, list) else ():
            text = str(number)
            product = memory.by_id.get(int(text)) if text.isascii() and text.isdigit() and len(text) < LONGEST_ID else None
            if product is not None:
                yield product.offer_id


def _read_body(raw: bytes) -> Json:
    """The JSON object of a request; no body at all counts as an empty one, as in grpc-gateway."""
    if not raw.strip():
        return {}
    try:
        body = msgspec.json.decode(raw)
    except msgspec.DecodeError as error:
        raise invalid(f"invalid JSON in the request body: {error}") from None
    if not isinstance(body, dict):
        raise invalid("the request body must be a JSON object")
    return body


def build_app(memory: Memory, advance: Callable[[], None]) -> Starlette:
    """One route for everything: the API itself decides what a path means. `advance`: see `Endpoint`."""
    methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    return Starlette(routes=[Route("/{path:path}", Endpoint(memory, advance).handle, methods=methods)])
