"""Requests to МойСклад: login, headers, pace, repeats, and what its refusals mean."""

import asyncio
import base64
import os
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from ozon_desktop.backoffice.http import Limits, Reply, Web, checked_address, refusal
from ozon_desktop.backoffice.moysklad.pace import Pacer
from ozon_desktop.errors import (
    BackOfficeAnswerUnreadable,
    BackOfficeError,
    BackOfficeFailed,
    BackOfficeLimited,
    BackOfficeLoginRefused,
    BackOfficeUnreachable,
    WrongInput,
)
from ozon_desktop.network.clients import is_loopback

SERVICE, ROOT = "https://api.moysklad.ru", "/api/remap/1.2"
ACCEPT = "application/json;charset=utf-8"
LIGHT_ASSORTMENT = {"X-Lognex-Remap-Beta-Feature": "assortmentWithoutStock"}
MOSCOW = timezone(timedelta(hours=3))
TRIES, LIMITED_TRIES = 4, 10
"""How often one request is made: the service cuts off who repeats a failing one 200 times a minute."""
FIRST_WAIT_S = 1.0
_TAIL = 16
CUT_OFF, TOO_MANY_AT_ONCE = 1061, 1073
BIG = Limits(size=512 * 1024 * 1024, deadline_s=600.0)
"""For the report of all stocks, which comes in one piece."""


class Refusal(msgspec.Struct):
    """One of the `errors` of an answer."""

    error: str = ""
    code: int = 0
    parameter: str | None = None


class _Refusals(msgspec.Struct):
    errors: list[Refusal] = []


class Api:
    """One login. address: of a stand-in, "" = the service. login "": the secret is a token.

    requests: how many were made; server_time: of the last answer, by the service's clock, None = it does not tell.
    """

    def __init__(self, web: Web, address: str, login: str, secret: str, pacer: Pacer | None = None) -> None:
        self._web = web
        self.base = base_address(address)
        self._pacer = pacer or Pacer()
        self._authorization = _authorization(login, secret)
        self.requests = 0
        self.server_time: datetime | None = None

    async def get(
        self, subject: str, path: str, query: Mapping[str, str | int] | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        """The body of a list or a row. subject: in words, for messages. BackOfficeError."""
        reply = await self._asked(subject, "GET", self._url(path, query), headers or {}, None)
        return reply.body

    async def save(self, subject: str, path: str, query: Mapping[str, str | int], into: Path) -> None:
        """The body of an answer of any size, into a file. BackOfficeError, OSError."""
        await self._asked(subject, "GET", self._url(path, query), {}, None, into)

    async def send(self, subject: str, method: str, path: str, body: object) -> bytes:
        """POST or PUT. BackOfficeUnreachable, -Failed, -AnswerUnreadable leave open whether it was carried out: not repeated here."""
        reply = await self._asked(subject, method, self._url(path, None), {"Content-Type": "application/json"}, msgspec.json.encode(body))
        return reply.body

    def href(self, path: str) -> str:
        """How the service names what is at the path."""
        return f"{self.base}/{path}"

    def _url(self, path: str, query: Mapping[str, str | int] | None) -> str:
        return f"{self.base}/{path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")

    async def _asked(
        self, subject: str, method: str, url: str, headers: Mapping[str, str], content: bytes | None, into: Path | None = None
    ) -> Reply:
        failures, limited = 0, 0
        while True:
            try:
                return await self._once(subject, method, url, headers, content, into)
            except BackOfficeLimited:
                limited += 1
                if limited >= LIMITED_TRIES:
                    raise
            except (BackOfficeUnreachable, BackOfficeFailed, BackOfficeAnswerUnreadable):
                failures += 1
                if method != "GET" or failures >= TRIES:
                    raise
                self._pacer.rest(FIRST_WAIT_S * 2 ** (failures - 1))

    async def _once(
        self, subject: str, method: str, url: str, headers: Mapping[str, str], content: bytes | None, into: Path | None
    ) -> Reply:
        sent = {"Accept": ACCEPT, "Accept-Encoding": "gzip", "Authorization": self._authorization, **headers}
        async with self._pacer.turn():
            self.requests += 1
            if into is None:
                reply = await self._web.ask(subject, method, url, headers=sent, content=content)
            else:
                reply = await self._web.save(subject, url, into, headers=sent, limits=BIG)
            found = _refusals(reply)
            # Too many at once is not the pace: the places of the pacer are five, but others may use the login.
            paced = reply.status == 429 and not any(each.code == TOO_MANY_AT_ONCE for each in found)
            wait = self._pacer.told(reply.headers, limited=paced)
        self._note_time(reply.headers)
        if reply.served:
            if not await asyncio.to_thread(_is_whole, reply.body, into):
                raise BackOfficeAnswerUnreadable(subject, detail="ответ оборван или это не JSON")
            return reply
        if reply.is_redirect:
            raise BackOfficeAnswerUnreadable(subject, detail=f"перенаправление: {reply.status}")
        raise _error(subject, reply.status, found, wait)

    def _note_time(self, headers: Mapping[str, str]) -> None:
        try:
            self.server_time = parsedate_to_datetime(headers["date"])
        except (KeyError, ValueError):
            return


def base_address(address: str) -> str:
    """Where the API begins. WrongInput for an address that is none, or over which a password would travel open."""
    if not address:
        return SERVICE + ROOT
    found = checked_address(address).rstrip("/")
    if not found.startswith("https:") and not is_loopback(found):
        raise WrongInput("address", detail="нужен адрес, который начинается с https://")
    return found if urlsplit(found).path else found + ROOT


def moscow_text(moment: datetime) -> str:
    """A time as the service writes and reads it."""
    return moment.astimezone(MOSCOW).strftime("%Y-%m-%d %H:%M:%S")


def _authorization(login: str, secret: str) -> str:
    if not login:
        return f"Bearer {secret}"
    return "Basic " + base64.b64encode(f"{login}:{secret}".encode()).decode()


def _is_whole(body: bytes, saved: Path | None) -> bool:
    """Whether it is JSON to its end; of a saved one, which is large, only whether it begins and ends as a list. OSError."""
    if saved is not None:
        with saved.open("rb") as file:
            first = file.read(1)
            file.seek(-min(_TAIL, file.seek(0, os.SEEK_END)), os.SEEK_END)
            return first == b"[" and file.read().rstrip().endswith(b"]")
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return True


def _refusals(reply: Reply) -> list[Refusal]:
    if reply.served or not reply.body:
        return []
    try:
        return msgspec.json.decode(reply.body, type=_Refusals).errors
    except msgspec.MsgspecError:
        # A page of some gateway: the status says what there is to say.
        return []


def _error(subject: str, status: int, found: list[Refusal], wait: float) -> BackOfficeError:
    detail = "; ".join(each.error for each in found if each.error)
    if any(each.code == CUT_OFF for each in found):
        return BackOfficeLoginRefused(subject, detail=detail)
    return refusal(subject, status, detail, retry_after=max(1.0, wait))
