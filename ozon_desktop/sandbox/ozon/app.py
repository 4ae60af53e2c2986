"""The ASGI application: the table of methods, the order of checks, and what surrounds every answer."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import cabinet, catalog, imports, labels, postings, prices, products, returns, stocks
from .faults import AFTER_WORK, HTML_PAGE
from .model import Json, RecordedRequest
from .replies import INTERNAL, UNIMPLEMENTED, ApiError, invalid, obsolete, rate_limited
from .schema import Obj

if TYPE_CHECKING:
    from .sandbox import Sandbox

Handler = Callable[["Sandbox", Json], Json | bytes]
ROLES_PATH = "/v1/roles"
COUNTED_LISTS = ("items", "prices", "stocks", "offer_id", "product_id", "sku")

METHODS: dict[str, tuple[Obj, Handler]] = {
    "/v1/seller/info": (cabinet.EMPTY_REQUEST, cabinet.seller_info),
    "/v1/description-category/tree": (catalog.TREE_REQUEST, catalog.tree),
    "/v1/description-category/attribute": (catalog.ATTRIBUTE_REQUEST, catalog.attribute),
    "/v1/description-category/attribute/values": (catalog.VALUES_REQUEST, catalog.values),
    "/v1/description-category/attribute/values/search": (catalog.SEARCH_REQUEST, catalog.search),
    "/v3/product/import": (imports.IMPORT_REQUEST, imports.start),
    "/v1/product/import/info": (imports.INFO_REQUEST, imports.info),
    "/v4/product/info/limit": (imports.LIMIT_REQUEST, imports.limit),
    "/v1/product/import/prices": (prices.IMPORT_PRICES_REQUEST, prices.import_prices),
    "/v5/product/info/prices": (prices.INFO_PRICES_REQUEST, prices.info_prices),
    "/v2/products/stocks": (stocks.SET_STOCKS_REQUEST, stocks.set_stocks),
    "/v4/product/info/stocks": (stocks.INFO_STOCKS_REQUEST, stocks.info_stocks),
    "/v2/product/info/stocks-by-warehouse/fbs": (stocks.BY_WAREHOUSE_REQUEST, stocks.by_warehouse),
    "/v2/warehouse/list": (stocks.WAREHOUSE_LIST_REQUEST, stocks.list_warehouses),
    "/v3/product/list": (products.LIST_REQUEST, products.list_products),
    "/v3/product/info/list": (products.INFO_LIST_REQUEST, products.info_list),
    "/v4/product/info/attributes": (products.ATTRIBUTES_REQUEST, products.attributes),
    "/v1/product/archive": (products.ARCHIVE_REQUEST, products.archive),
    "/v1/product/unarchive": (products.ARCHIVE_REQUEST, products.unarchive),
    "/v4/posting/fbs/list": (postings.FBS_LIST_REQUEST, postings.fbs_list),
    "/v4/posting/fbs/unfulfilled/list": (postings.UNFULFILLED_REQUEST, postings.unfulfilled_list),
    "/v3/posting/fbo/list": (postings.FBO_LIST_REQUEST, postings.fbo_list),
    "/v3/posting/fbs/package-label/create": (labels.CREATE_REQUEST, labels.create),
    "/v2/posting/fbs/package-label/get": (labels.GET_REQUEST, labels.get),
    "/v1/returns/list": (returns.LIST_REQUEST, returns.list_returns),
}
ROLE_METHODS = {
    "Admin": (ROLES_PATH, *METHODS),
    "Posting FBS": ("/v4/posting/fbs/list", "/v4/posting/fbs/unfulfilled/list"),
}
OBSOLETE = frozenset(
    {
        "/v1/warehouse/list",
        "/v1/delivery-method/list",
        "/v1/product/info/stocks-by-warehouse/fbs",
        "/v3/posting/fbs/list",
        "/v3/posting/fbs/unfulfilled/list",
        "/v2/posting/fbo/list",
        "/v1/posting/digital/list",
        "/v2/posting/fbs/act/create",
        "/v3/finance/transaction/list",
        "/v3/finance/transaction/totals",
        "/v1/product/pictures/import",
        "/v1/actions/candidates",
        "/v1/actions/products",
        "/v1/actions/products/activate",
        "/v1/actions/products/deactivate",
        "/v2/posting/fbs/package-label",
        "/v2/posting/fbs/package-label/create",
        "/v1/posting/fbs/package-label/create",
        "/v1/posting/fbs/package-label/get",
        "/v2/category/tree",
        "/v3/category/attribute",
        "/v3/category/attribute/values",
        "/v2/product/list",
        "/v2/product/info",
        "/v2/product/info/list",
        "/v3/products/info/attributes",
        "/v4/product/info/prices",
        "/v3/product/info/stocks",
        "/v1/product/import/stocks",
        "/v2/product/import",
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
    """Answers every path of the API for one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def handle(self, request: Request) -> Response:
        raw = await request.body()
        if self._sandbox.latency_ms:
            await asyncio.sleep(self._sandbox.latency_ms / 1000)
        fault = self._sandbox.faults.draw()
        with self._sandbox.lock:
            now = self._sandbox.clock()
            reply = self._answer(request, raw, fault, now)
            self._sandbox.record(RecordedRequest(request.url.path, reply.status, reply.items, now))
            headers = self._common_headers(request)
        headers.update(reply.headers or {})
        delays = self._sandbox.faults.delays
        if fault == "timeout":
            await asyncio.sleep(delays.timeout_s)
            return Response(HTML_PAGE, 504, headers, "text/html")
        if fault == "slow":
            await asyncio.sleep(delays.slow_s)
        kind = CutResponse if fault == "cut" else Response
        return kind(reply.body, reply.status, headers, reply.media_type)

    def _common_headers(self, request: Request) -> dict[str, str]:
        left = self._sandbox.limits.remaining(request.headers.get("client-id", ""), self._sandbox.clock())
        return {"Ratelimit-Remaining": str(left), "x-o3-trace-id": secrets.token_hex(16)}

    def _answer(self, request: Request, raw: bytes, fault: str | None, now: datetime) -> Reply:
        path = request.url.path
        if path != ROLES_PATH and path not in METHODS and path not in OBSOLETE:
            return Reply(404, b"404 page not found\n", "text/plain")
        items = 0
        try:
            role = self._admit(request, path, now)
            if fault is not None and fault not in AFTER_WORK:
                return _fault_reply(fault)
            body = _read_body(raw)
            items = next((len(body[name]) for name in COUNTED_LISTS if isinstance(body.get(name), list)), 0)
            self._sandbox.advance()
            result = self._work(path, role, body)
        except ApiError as error:
            return Reply(error.status, msgspec.json.encode(error.body()), headers=error.headers, items=items)
        return Reply(200, result if isinstance(result, bytes) else msgspec.json.encode(result), items=items)

    def _admit(self, request: Request, path: str, now: datetime) -> str:
        """The role of the key, after the checks that do not look at the body."""
        if request.method != "POST":
            raise ApiError(405, UNIMPLEMENTED, "Method Not Allowed")
        role = self._sandbox.keys.identify(request.headers)
        self._sandbox.limits.enter(request.headers["client-id"], path, now)
        if path in OBSOLETE:
            raise obsolete()
        refusal = self._sandbox.faults.refusal(path, now)
        if refusal is not None:
            raise refusal
        self._sandbox.keys.authorize(role, path)
        return role

    def _work(self, path: str, role: str, body: Json) -> Json | bytes:
        if path == ROLES_PATH:
            cabinet.EMPTY_REQUEST.check(body, "")
            return cabinet.roles(self._sandbox, role)
        schema, handler = METHODS[path]
        schema.check(body, "")
        return handler(self._sandbox, body)


def _fault_reply(fault: str) -> Reply:
    if fault == "html":
        return Reply(502, HTML_PAGE.encode(), "text/html")
    error = rate_limited() if fault == "429" else ApiError(500, INTERNAL, "Internal error")
    return Reply(error.status, msgspec.json.encode(error.body()), headers=error.headers)


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


def known_paths() -> set[str]:
    """The methods that are not switched off."""
    return {ROLES_PATH, *METHODS}


def build_app(sandbox: Sandbox) -> Starlette:
    """One route for everything: the API itself decides what a path means."""
    methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    return Starlette(routes=[Route("/{path:path}", Endpoint(sandbox).handle, methods=methods)])
