"""The way to the server of a back office: requests with deadlines and caps, and every failure a `BackOfficeError`."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import httpx

from ozon_desktop.errors import (
    BackOfficeAnswerTooLarge,
    BackOfficeAnswerUnreadable,
    BackOfficeError,
    BackOfficeFailed,
    BackOfficeLimited,
    BackOfficeLoginRefused,
    BackOfficeNotFound,
    BackOfficeNotTrusted,
    BackOfficeRefused,
    BackOfficeRightMissing,
    BackOfficeUnreachable,
    WrongInput,
)
from ozon_desktop.network.clients import client_inside, is_loopback, new_client, tls_failure
from ozon_desktop.network.unpacking import ACCEPTED_ENCODINGS, CutShort, unpacked

CONNECT_TIMEOUT_S = 10.0
SILENCE_S = 60.0
CONNECTIONS = httpx.Limits(max_connections=5, max_keepalive_connections=5, keepalive_expiry=30.0)
REFUSAL_BYTES = 64 * 1024
"""Of a refusal what is beyond is not read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most an answer may be. size: bytes when unpacked; deadline_s: for all of it, however it comes."""

    size: int = 64 * 1024 * 1024
    deadline_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, unpacked. headers: names in small letters; body: b"" where it went into a file.

    end_known: whether the server says where the body ends. Where it does not, one that is cut looks like a whole one.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    end_known: bool = True

    @property
    def served(self) -> bool:
        return httpx.codes.is_success(self.status)

    @property
    def is_redirect(self) -> bool:
        return httpx.codes.is_redirect(self.status) and "location" in self.headers


class Web:
    """Connections to servers of back offices; one event loop only. app: an ASGI application of this process instead of all of them."""

    def __init__(self, app: object | None = None, silence_s: float = SILENCE_S) -> None:
        self._app = app
        self._timeout = httpx.Timeout(silence_s, connect=min(silence_s, CONNECT_TIMEOUT_S), pool=None)
        self._clients: dict[tuple[bool, bool], httpx.AsyncClient] = {}

    async def aclose(self) -> None:
        """Closes the connections; a later request opens new ones."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    async def ask(
        self,
        subject: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        limits: Limits | None = None,
        whole: bool = True,
    ) -> Reply:
        """The answer with its body, whatever its status; redirects are not followed. subject: what is asked for, for messages.

        whole False: what is beyond the limit is not read, instead of BackOfficeAnswerTooLarge.

        BackOfficeUnreachable, -NotTrusted, -AnswerTooLarge, -AnswerUnreadable; WrongInput for an address that is none.
        """
        bounds = limits or Limits()
        pieces: list[bytes] = []
        async with self._answer(subject, method, url, headers, content, bounds) as response:
            async for piece in _body(subject, response, bounds, whole=whole):
                pieces.append(piece)
            return self._reply(response, b"".join(pieces))

    async def save(self, subject: str, url: str, into: Path, *, headers: Mapping[str, str] | None = None, limits: Limits) -> Reply:
        """GET whose body, if it is served, goes into the file. Errors as `ask`; OSError when it cannot be written."""
        async with self._answer(subject, "GET", url, headers, None, limits) as response:
            reply = self._reply(response)
            if reply.served:
                with into.open("wb") as file:
                    async for piece in _body(subject, response, limits):
                        await asyncio.to_thread(_write, file, piece)
            return reply

    def _reply(self, response: httpx.Response, body: bytes = b"") -> Reply:
        # An application of this process has no connection that could break.
        end_known = self._app is not None or not {"content-length", "transfer-encoding"}.isdisjoint(response.headers)
        return Reply(response.status_code, _lower(response.headers), body, end_known)

    @asynccontextmanager
    async def _answer(
        self, subject: str, method: str, url: str, headers: Mapping[str, str] | None, content: bytes | None, limits: Limits
    ) -> AsyncIterator[httpx.Response]:
        address = checked_address(url)
        sent = {"Accept-Encoding": ACCEPTED_ENCODINGS, "User-Agent": "OzonDesktop", **(headers or {})}
        try:
            async with (
                asyncio.timeout(limits.deadline_s),
                self._client(address).stream(method, address, headers=sent, content=content) as response,
            ):
                yield response
        except TimeoutError as error:
            raise BackOfficeUnreachable(subject, detail="no answer in time") from error
        except CutShort as error:
            raise BackOfficeUnreachable(subject, detail=str(error)) from error
        except (ImportError, ValueError, httpx.InvalidURL) as error:
            # A proxy of the system that cannot be used, a broken packing, or a header that cannot be sent.
            raise BackOfficeAnswerUnreadable(subject, detail=str(error)) from error
        except httpx.HTTPError as error:
            raise _network_error(subject, error) from error

    def _client(self, address: str) -> httpx.AsyncClient:
        if self._app is not None:
            kind = (False, False)
            if kind not in self._clients:
                self._clients[kind] = client_inside(self._app, self._timeout)
            return self._clients[kind]
        kind = (address.startswith("https:"), not is_loopback(address))
        if kind not in self._clients:
            self._clients[kind] = new_client(self._timeout, CONNECTIONS, secure=kind[0], outside=kind[1])
        return self._clients[kind]


def checked_address(text: str) -> str:
    """The address as it is asked. WrongInput when it is no http(s) address."""
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL as error:
        raise WrongInput("address", detail=text) from error
    if url.scheme not in {"http", "https"} or not url.host:
        raise WrongInput("address", detail=text)
    return str(url)


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: a password given to one origin is not given to another."""
    url = httpx.URL(address)
    return url.scheme, url.host, url.port


def joined(address: str, location: str) -> str:
    """Where a redirect leads. WrongInput when it leads nowhere."""
    try:
        return checked_address(str(httpx.URL(address).join(location)))
    except httpx.InvalidURL as error:
        raise WrongInput("address", detail=location) from error


def refusal(subject: str, status: int, detail: str = "", retry_after: float = 1.0) -> BackOfficeError:
    """The error that a status other than 2xx means by itself."""
    match status:
        case 401:
            return BackOfficeLoginRefused(subject, detail=detail)
        case 403:
            return BackOfficeRightMissing(subject, detail=detail)
        case 404 | 410:
            return BackOfficeNotFound(subject, detail=detail)
        case 429:
            return BackOfficeLimited(subject, detail=detail, retry_after=retry_after)
    if httpx.codes.is_server_error(status):
        return BackOfficeFailed(subject, detail=detail or str(status))
    return BackOfficeRefused(subject, detail=detail or str(status))


async def _body(subject: str, response: httpx.Response, limits: Limits, *, whole: bool = True) -> AsyncIterator[bytes]:
    """Unpacked here: httpx would unpack all that came at once, however much it grows."""
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)
    most = limits.size if response.is_success else REFUSAL_BYTES
    size = 0
    whole = whole and response.is_success
    async for piece in unpacked(stream, response.headers.get("Content-Encoding", ""), whole=whole):
        size += len(piece)
        if size > most:
            if not whole:
                return
            raise BackOfficeAnswerTooLarge(subject, detail=f"больше {most // 1024 // 1024} МБ")
        yield piece


def _lower(headers: httpx.Headers) -> dict[str, str]:
    return {name.casefold(): value for name, value in headers.items()}


def _write(file: BinaryIO, piece: bytes) -> None:
    file.write(piece)


def _network_error(subject: str, error: httpx.HTTPError) -> BackOfficeError:
    detail = str(error) or type(error).__name__
    if tls_failure(error) is not None and not isinstance(error, httpx.ReadError):
        return BackOfficeNotTrusted(subject, detail=detail)
    return BackOfficeUnreachable(subject, detail=detail)
