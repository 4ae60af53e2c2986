"""Sends one request to Ozon; one of the few that know httpx. Paces, repeats where that is safe, types every failure."""

import asyncio
import logging
import ssl
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx
import msgspec

from ozon_desktop.errors import (
    AnswerTimeout,
    AnswerTooLarge,
    ConnectionLost,
    InsecureConnection,
    InvalidKey,
    NetworkError,
    NoConnection,
    OzonError,
    ProxyFailed,
    RateLimited,
    Redirected,
    UnexpectedAnswer,
    WrongInput,
)
from ozon_desktop.network.clients import behind_proxy, client_inside, is_loopback, new_client, tls_failure
from ozon_desktop.network.unpacking import ACCEPTED_ENCODINGS
from ozon_desktop.ozon.bodies import BodyLimits, check_amount, check_depth, read_body, without_zeros
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.endpoints import Answer as Kind
from ozon_desktop.ozon.endpoints import Endpoint
from ozon_desktop.ozon.errors import REMAINING_HEADER, TRACE_HEADER, refusal
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.ozon.limits import Clock, Pace, RetryPolicy, Sleep, Ticket

BASE_URL = "https://api-seller.ozon.ru"
CONNECT_TIMEOUT_S = 10.0
DEADLINE_S = 120.0
"""For a request with all of its answer: silence alone does not end one that comes drop by drop."""

LARGE_BODY = 1_000_000
"""Bytes from which looking through an answer is left to another thread."""

DOCUMENT_BEGINS = b"%PDF"
MOST_REMAINING = 9
"""Digits of Ratelimit-Remaining."""

CONNECTIONS = httpx.Limits(max_connections=100, max_keepalive_connections=100, keepalive_expiry=30.0)
"""Slow answers need many connections to keep to the pace; all of them are kept, for setting one up anew delays requests unevenly."""

REQUEST_IS_OUT, ANSWER_BEGINS = "send_request_body.complete", "receive_response_headers.complete"
"""Ends of the names that httpx gives to the steps of a request."""

ASGIApp = Any
"""An ASGI application, as `httpx.ASGITransport` takes it; the standard library has no type for one."""

Recorder = Callable[[Endpoint, bytes, int, bytes], None]
"""(method, body of the request, HTTP status, body of the answer): called after each answer, in another thread; headers are not shown."""

logger = logging.getLogger("ozon_desktop.ozon")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came: unpacked, not looked into."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def served(self) -> bool:
        return httpx.codes.is_success(self.status)


class Transport:
    """The way to Ozon, shared by all cabinets of the program; one event loop only.

    base_url: another server (the sandbox on a port). app: an ASGI application served in process instead of the network.
    timeout_s: seconds of silence before AnswerTimeout; deadline_s: seconds for a whole answer, however it comes. limits: the most
    an answer may be. recorder: is shown every answer, refusals included.
    Raises WrongInput when base_url is not an http(s) address.
    """

    def __init__(
        self,
        *,
        base_url: str = BASE_URL,
        app: ASGIApp | None = None,
        timeout_s: float = 30.0,
        deadline_s: float = DEADLINE_S,
        limits: BodyLimits | None = None,
        pace: Pace | None = None,
        retries: RetryPolicy | None = None,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
        recorder: Recorder | None = None,
        item_limits: ItemLimits | None = None,
    ) -> None:
        self._url = _checked_url(base_url)
        self._app = app
        self._timeout_s = timeout_s
        self._deadline_s = deadline_s
        self._limits = limits or BodyLimits()
        self._clock = clock
        self._sleep = sleep
        self._pace = pace or Pace(clock=clock, sleep=sleep)
        self._retries = retries or RetryPolicy()
        self._recorder = recorder
        self.item_limits = item_limits or ItemLimits()
        self._http: httpx.AsyncClient | None = None
        self._sent: Counter[int] = Counter()

    def now(self) -> float:
        """Seconds of the clock that limits are counted by."""
        return self._clock()

    @property
    def requests(self) -> int:
        """Requests sent since the start, repeated ones included."""
        return self._sent.total()

    def requests_of(self, client_id: int) -> int:
        """Those of one cabinet."""
        return self._sent[client_id]

    async def post(self, endpoint: Endpoint, credentials: Credentials, body: bytes) -> bytes:
        """The body of Ozon's 2xx answer: a whole JSON object, or what the method answers instead (`endpoints.Answer`).

        Raises OzonError or NetworkError after the repetitions that were safe. Cancelling ends it at any point.
        """
        if not credentials.sendable:
            raise InvalidKey(endpoint.path, detail="the key has characters that cannot be sent")
        started = self._clock()
        attempt = 0
        while True:
            attempt += 1
            try:
                return await self._attempt(endpoint, credentials, body, self._clock() - started)
            except (OzonError, NetworkError) as error:
                delay = self._retries.delay(error, endpoint, attempt, self._clock() - started)
                if delay is None:
                    raise
                logger.debug("%s: %s, again in %.1f s", endpoint.path, type(error).__name__, delay)
            await self._sleep(delay)

    async def aclose(self) -> None:
        """Closes the connections; a later request opens new ones."""
        if self._http is not None:
            http, self._http = self._http, None
            await http.aclose()

    async def _attempt(self, endpoint: Endpoint, credentials: Credentials, body: bytes, spent_s: float) -> bytes:
        held = self._pace.held_for(endpoint, credentials.client_id)
        if held > self._retries.budget_s - spent_s:
            # Known from an earlier 429. Waiting here would only look as if the program hung.
            raise self._pace.refusal(endpoint, credentials.client_id)
        ticket = await self._pace.wait(endpoint, credentials.client_id)
        answer = await self._send(endpoint, credentials, body, ticket)
        self._pace.answered(ticket, served=answer.served)
        remaining = answer.headers.get(REMAINING_HEADER, "")
        if remaining.isascii() and remaining.isdigit() and len(remaining) <= MOST_REMAINING:
            self._pace.observe(int(remaining), ticket)
        if answer.served and _needs_object(endpoint, answer.body):
            try:
                await self._check(endpoint, answer)
            except UnexpectedAnswer as error:
                # The error may be kept for long; the body is not kept with it.
                del answer
                raise error.with_traceback(None) from None
        if self._recorder is not None:
            await asyncio.to_thread(self._recorder, endpoint, body, answer.status, answer.body)
        if not answer.served:
            refused = _refused(endpoint.path, answer)
            if isinstance(refused, RateLimited):
                self._pace.hold(refused, endpoint, credentials.client_id)
            raise refused
        return answer.body

    async def _send(self, endpoint: Endpoint, credentials: Credentials, body: bytes, ticket: Ticket) -> _Answer:
        http = self._client(endpoint.path)
        headers = {
            **credentials.headers(),
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED_ENCODINGS,
        }
        watch = {"trace": partial(self._watch, ticket)}
        started = time.perf_counter()
        self._sent[credentials.client_id] += 1
        outcome, trace = "failed", ""
        # httpx applies no timeouts to an application in process.
        deadline_s = self._deadline_s if self._app is None else min(self._deadline_s, self._timeout_s)
        try:
            async with (
                asyncio.timeout(deadline_s),
                http.stream("POST", self._url + endpoint.path, content=body, headers=headers, extensions=watch) as response,
            ):
                outcome, trace = str(response.status_code), response.headers.get(TRACE_HEADER, "")
                return await self._read(endpoint, response)
        except TimeoutError as error:
            raise AnswerTimeout(endpoint.path, sent=True) from error
        except ValueError as error:
            raise UnexpectedAnswer(endpoint.path, detail=str(error), status=200, trace_id=trace) from error
        except httpx.TransportError as error:
            raise _network_error(endpoint.path, error, await self._behind_proxy()) from error
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            logger.debug("%s %s %.0f ms trace %s", endpoint.path, outcome, milliseconds, trace or "-")

    async def _read(self, endpoint: Endpoint, response: httpx.Response) -> _Answer:
        """The answer with its body, unpacked here: httpx would unpack all that came at once, however much it grows."""
        served, limits = response.is_success, self._limits
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        encoding = response.headers.get("Content-Encoding", "")
        content = await read_body(endpoint.path, stream, encoding, limits.size if served else limits.refusal, whole=served)
        document = served and endpoint.answer is Kind.DOCUMENT
        return _Answer(response.status_code, response.headers, content if document else without_zeros(content))

    async def _check(self, endpoint: Endpoint, answer: _Answer) -> None:
        if len(answer.body) < LARGE_BODY:
            _check_object(endpoint.path, answer, self._limits)
        else:
            await asyncio.to_thread(_check_object, endpoint.path, answer, self._limits)

    async def _watch(self, ticket: Ticket, event: str, _details: object) -> None:
        """Called at each step of a request on a connection."""
        if event.endswith(REQUEST_IS_OUT):
            self._pace.left(ticket)
        elif event.endswith(ANSWER_BEGINS):
            self._pace.answering(ticket)

    def _client(self, path: str) -> httpx.AsyncClient:
        """Made at the first request: reading the system's certificates takes a while, and its proxies can be wrong."""
        if self._http is None:
            timeout = httpx.Timeout(self._timeout_s, connect=min(self._timeout_s, CONNECT_TIMEOUT_S), pool=None)
            if self._app is not None:
                self._http = client_inside(self._app, timeout)
                return self._http
            secure = self._url.startswith("https:")
            try:
                self._http = new_client(timeout, CONNECTIONS, secure=secure, outside=not is_loopback(self._url))
            except (ImportError, ValueError, httpx.InvalidURL) as error:
                # A SOCKS proxy without its library, or an address of a proxy that is none.
                raise ProxyFailed(path, detail=str(error)) from error
        return self._http

    async def _behind_proxy(self) -> bool:
        return self._app is None and await asyncio.to_thread(behind_proxy, self._url)


def _checked_url(base_url: str) -> str:
    try:
        url = httpx.URL(base_url.strip())
    except httpx.InvalidURL as error:
        raise WrongInput("base_url", detail=base_url) from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise WrongInput("base_url", detail=base_url)
    return str(url).rstrip("/")


def _needs_object(endpoint: Endpoint, body: bytes) -> bool:
    """Whether nothing but a JSON object will do."""
    if endpoint.answer is Kind.DOCUMENT:
        return not body.startswith(DOCUMENT_BEGINS)
    return endpoint.answer is Kind.OBJECT or bool(body.strip())


def _check_object(path: str, answer: _Answer, limits: BodyLimits) -> None:
    """UnexpectedAnswer for HTML, an empty and a cut body: a pass over the JSON that builds nothing. AnswerTooLarge."""
    content = answer.body
    check_amount(path, content, limits)
    try:
        msgspec.json.decode(content, type=msgspec.Raw)
        is_object = content.lstrip().startswith(b"{")
    except msgspec.DecodeError:
        is_object = False
    except RecursionError as error:
        raise AnswerTooLarge(path, detail="nested deeper than can be read", status=answer.status) from error
    if not is_object:
        detail = content[:200].decode("utf-8", "replace")
        raise UnexpectedAnswer(path, detail=detail, status=answer.status, trace_id=answer.headers.get(TRACE_HEADER, ""))
    check_depth(path, content, limits)


def _refused(path: str, answer: _Answer) -> OzonError | NetworkError:
    """The error an answer other than 2xx means."""
    if answer.status == httpx.codes.PROXY_AUTHENTICATION_REQUIRED:
        return ProxyFailed(path, detail="407")
    if httpx.codes.is_redirect(answer.status):
        return Redirected(path, detail=answer.headers.get("Location", "")[:200], status=answer.status)
    return refusal(path, answer.status, answer.headers, answer.body)


def _network_error(path: str, error: httpx.TransportError, behind_proxy: bool) -> NetworkError:
    """Which failure of the network it was, and whether Ozon may have got the request."""
    detail = str(error) or type(error).__name__
    never_left = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError | httpx.PoolTimeout)
    broken_tls = tls_failure(error)
    if isinstance(broken_tls, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return ConnectionLost(path, detail=detail, sent=not never_left)
    if broken_tls is not None:
        return InsecureConnection(path, detail=detail, sent=not never_left)
    if isinstance(error, httpx.ProxyError) or (never_left and behind_proxy):
        return ProxyFailed(path, detail=detail)
    if never_left:
        return NoConnection(path, detail=detail)
    if isinstance(error, httpx.TimeoutException):
        return AnswerTimeout(path, detail=detail, sent=True)
    return ConnectionLost(path, detail=detail, sent=True)
