"""A small account and whoever asks it, without the program's client."""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad

HEADERS = {
    "Authorization": "Basic " + base64.b64encode(f"{ADMIN_LOGIN}:{ADMIN_PASSWORD}".encode()).decode(),
    "Accept": "application/json;charset=utf-8",
    "Accept-Encoding": "gzip",
}


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **length: float) -> None:
        self.now += timedelta(**length)


class Asker:
    """Sends requests as the documentation says, unless told otherwise."""

    def __init__(self, there: MoySklad, client: httpx.AsyncClient) -> None:
        self.there = there
        self._client = client

    async def __call__(
        self,
        path: str,
        query: dict[str, str] | None = None,
        *,
        method: str = "GET",
        body: object = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        sent = {name: value for name, value in (HEADERS | (headers or {})).items() if value}
        return await self._client.request(method, f"{self.there.root}/{path}", params=query, json=body, headers=sent)

    async def good(self, path: str, query: dict[str, str] | None = None, *, method: str = "GET", body: object = None) -> Any:
        """The body of a success."""
        answer = await self(path, query, method=method, body=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def code(self, path: str, query: dict[str, str] | None = None, *, method: str = "GET", body: object = None) -> tuple[int, int]:
        """Status and number of a refusal."""
        answer = await self(path, query, method=method, body=body)
        return answer.status_code, answer.json()["errors"][0].get("code", 0)

    def link(self, kind: str, id_: str) -> dict[str, object]:
        href = f"http://sandbox{self.there.root}/entity/{kind}/{id_}"
        return {"meta": {"href": href, "type": kind, "mediaType": "application/json"}}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def there(clock: Clock) -> MoySklad:
    return MoySklad(clock=clock, limits=Limits(bucket=100_000))


@pytest_asyncio.fixture
async def ask(there: MoySklad) -> AsyncIterator[Asker]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=there.app), base_url="http://sandbox") as client:
        yield Asker(there, client)
