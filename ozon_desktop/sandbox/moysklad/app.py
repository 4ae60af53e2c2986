"""The ASGI application: the order of checks, the paths, and what surrounds every answer."""

import asyncio
import gzip
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from . import rows, stocks, writing, writing_goods
from .auth import User, authorize
from .bodies import Bodies
from .filters import asked
from .memory import Memory
from .model import Json, RecordedRequest
from .replies import ApiError, not_found, unknown_path, wrong_field

ROOT = "/api/remap/1.2"
ACCEPT = "application/json;charset=utf-8"
MOST_BYTES = 20 * 1024 * 1024
LONGEST_HEADERS = 8 * 1024
PAGE = b"<html><body>502 Bad Gateway</body></html>"
REASONS = {"500": (500, "При обработке запроса возникла непредвиденная ошибка"), "503": (503, "Сервис временно отключен")}


class CutResponse(Response):
    """An answer whose second half never arrives; in this process the half arrives as the whole, which gzip notices."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        half = bytes(self.body)[: len(self.body) // 2]
        on_socket = "spec_version" in scope.get("asgi", {})
        headers = self.raw_headers if on_socket else [pair for pair in self.raw_headers if pair[0] != b"content-length"]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": half, "more_body": on_socket})


class Endpoint:
    """Answers every path of one account."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.latency_s = 0.0
        self.after_answer: Callable[[str], object] | None = None

    async def handle(self, request: Request) -> Response:
        raw = await request.body()
        path = request.url.path.removeprefix(ROOT).strip("/")
        with self._memory.lock:
            fault = self._memory.faults.draw(request.method, path)
            user, refused = self._admitted(request, path, fault)
        if refused is not None or user is None:
            return self._response(request, user, refused or unknown_path(path), raw)
        try:
            if self.latency_s:
                await asyncio.sleep(self.latency_s)
            with self._memory.lock:
                answer = self._answer(request, path, user, raw, fault)
        finally:
            with self._memory.lock:
                self._memory.limits.end(user.login)
        response = self._response(request, user, answer, raw, fault)
        if self.after_answer is not None:
            self.after_answer(path)
        return response

    def _admitted(self, request: Request, path: str, fault: str | None) -> tuple[User | None, ApiError | None]:
        """Whose request it is and why it goes no further; one that does has begun."""
        user = None
        try:
            if not request.url.path.startswith(ROOT):
                raise unknown_path(request.url.path)
            if "gzip" not in request.headers.get("accept-encoding", ""):
                raise ApiError(415, 0, "")
            user = self._memory.users.identify(request.headers, by_password=path == "security/token")
            now, limits = self._memory.clock(), self._memory.limits
            limits.check(user.login)
            if fault == "429":
                raise ApiError(429, 1049, "Превышено ограничение на количество запросов в единицу времени")
            if fault == "1073":
                raise ApiError(429, 1073, "Превышено ограничение на одновременное количество запросов")
            limits.enter(user.login, path, now)
            if request.headers.get("accept", "").replace(" ", "") != ACCEPT:
                text = f"Неверное значение заголовка 'Accept'. Поддерживается только значение '{ACCEPT}'"
                raise ApiError(400, 1062, text)
            if sum(len(name) + len(value) for name, value in request.headers.raw) + len(str(request.url)) > LONGEST_HEADERS:
                raise ApiError(414, 0, "Превышена допустимая длина URL")
            limits.begin(user.login)
        except ApiError as error:
            return user, error
        return user, None

    def _answer(self, request: Request, path: str, user: User, raw: bytes, fault: str | None) -> object:
        if fault in REASONS:
            status, text = REASONS[fault]
            return ApiError(status, 0, text)
        if fault == "lost_before":
            return ApiError(504, 0, "Превышен таймаут обращения к сервису, повторите попытку позднее")
        try:
            done = _Call(self._memory, request, path, user, raw).done()
        except ApiError as error:
            return error
        return ApiError(504, 0, "Превышен таймаут обращения к сервису, повторите попытку позднее") if fault == "lost" else done

    def _response(self, request: Request, user: User | None, answer: object, raw: bytes, fault: str | None = None) -> Response:
        now = self._memory.clock()
        headers = {"Date": format_datetime(now, usegmt=True), "Content-Type": ACCEPT}
        status, body = (answer.status, answer.body()) if isinstance(answer, ApiError) else (200, answer)
        with self._memory.lock:
            if user is not None:
                headers |= self._memory.limits.headers(user.login, now)
                self._memory.limits.note(user.login, (request.method, str(request.url), raw), status, now)
            self._memory.record(RecordedRequest(request.method, request.url.path.removeprefix(ROOT), request.url.query, status, now))
        if isinstance(answer, ApiError):
            headers |= answer.headers
            if status == HTTPStatus.UNAUTHORIZED:
                headers["WWW-Authenticate"] = 'Basic realm="MoySklad"'
        if body is None:
            return Response(b"", status, headers)
        headers["Content-Encoding"] = "gzip"
        if fault == "html":
            return Response(gzip.compress(PAGE, 1), 200, headers | {"Content-Type": "text/html"})
        kind = CutResponse if fault == "cut" else Response
        return kind(gzip.compress(msgspec.json.encode(body), 1), status, headers)


class _Call:
    """One request that was let in."""

    def __init__(self, memory: Memory, request: Request, path: str, user: User, raw: bytes) -> None:
        self._memory = memory
        self._request = request
        self._path = path
        self._user = user
        self._raw = raw
        self._bodies = Bodies(memory, f"{request.base_url}".rstrip("/") + ROOT)
        self._query = dict(request.query_params)

    def done(self) -> object:
        """The answer's body. ApiError."""
        parts = self._path.split("/")
        method = self._request.method
        if self._path == "security/token" and method == "POST":
            return {"access_token": self._memory.users.new_token(self._user)}
        if method not in {"GET", "POST", "PUT"}:
            raise ApiError(405, 1039, f"Операция {method} не поддерживается для данного ресурса")
        if parts[0] == "entity":
            return self._read(parts[1:]) if method == "GET" else self._written(parts[1:])
        if method != "GET":
            raise ApiError(405, 1039, f"Операция {method} не поддерживается для данного ресурса")
        return self._other(parts)

    def _other(self, parts: list[str]) -> object:
        match parts:
            case ["context", "employee"]:
                row = self._memory.lists["employee"][self._user.employee_id]
                return self._bodies.named("employee", row) | {"permissions": self._user.permissions()}
            case ["context", "companysettings", "pricetype"]:
                return [self._bodies.price_type(id_) for id_ in self._memory.price_types]
            case ["report", "stock", ("bystore" | "all") as grouped, "current"]:
                authorize(self._user, "stock", "view")
                return stocks.current(self._memory, self._query, by_store=grouped == "bystore")
        raise unknown_path(f"/{self._path}")

    def _read(self, parts: list[str]) -> object:
        memory, bodies = self._memory, self._bodies
        if parts:
            authorize(self._user, parts[0], "view")
        match parts:
            case ["product", "metadata", "attributes"]:
                return self._whole("attributemetadata", [bodies.attribute_field(field) for field in memory.attributes.values()])
            case ["customerorder", "metadata"]:
                states = [bodies.state(id_, name) for id_, name in memory.states.items()]
                meta = {"href": f"{bodies.base}/entity/customerorder/metadata", "mediaType": "application/json"}
                return {"meta": meta, "states": states, "createShared": False}
            case [kind]:
                return rows.entity_list(memory, bodies, kind, self._query)
            case [kind, id_]:
                return rows.entity(memory, bodies, kind, id_, self._query)
            case ["customerorder", id_, "positions"]:
                order = memory.orders.get(id_)
                if order is None:
                    raise not_found("customerorder", id_)
                return self._whole("customerorderposition", [bodies.position(order, line) for line in order.positions])
            case ["bundle", id_, "components"]:
                good = memory.goods.get(id_)
                if good is None or good.kind != "bundle":
                    raise not_found("bundle", id_)
                return self._whole("bundlecomponent", bodies.components(good))
        raise unknown_path(f"/{self._path}")

    def _whole(self, kind: str, found: list[Json]) -> Json:
        wanted = asked(self._query)
        listing = rows.Listing(self._path, kind, self._query)
        return rows.page(self._bodies, listing, wanted, len(found), found[wanted.offset : wanted.offset + wanted.limit])

    def _written(self, parts: list[str]) -> object:
        post = self._request.method == "POST"
        authorize(self._user, parts[0], "create" if post else "update")
        body = self._body()
        made: Mapping[str, Callable[[Memory, Bodies, Json], Json]] = {
            "counterparty": writing.counterparty,
            "product": writing_goods.product,
            "productfolder": writing_goods.folder,
            "customerorder": writing.new_order,
        }
        match parts:
            case [kind] if post and kind in made:
                return made[kind](self._memory, self._bodies, body)
            case ["customerorder", id_, "positions"] if post:
                return writing.new_position(self._memory, self._bodies, id_, body)
            case ["customerorder", id_] if not post:
                return writing.change_order(self._memory, self._bodies, id_, body)
            case ["customerorder", id_, "positions", line_id] if not post:
                return writing.change_position(self._memory, self._bodies, id_, line_id, body)
        raise ApiError(405, 1039, f"Операция {self._request.method} не поддерживается для данного ресурса")

    def _body(self) -> Json:
        if len(self._raw) > MOST_BYTES:
            raise ApiError(413, 1044, "Превышен максимальный размер запроса")
        if self._request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise ApiError(415, 0, "")
        try:
            body: Any = msgspec.json.decode(self._raw)
        except msgspec.DecodeError as error:
            raise ApiError(400, 2012, f"Ошибка формата: ошибка синтаксического анализа JSON: {error}") from None
        if not isinstance(body, dict):
            raise wrong_field("body", "должно быть объектом")
        return body


def build_app(endpoint: Endpoint) -> Starlette:
    methods = ["GET", "POST", "PUT", "DELETE", "PATCH"]
    return Starlette(routes=[Route("/{path:path}", endpoint.handle, methods=methods)])
