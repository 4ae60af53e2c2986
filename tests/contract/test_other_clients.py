"""Two independent clients read every answer of the sandbox that their models still fit; one table says what they refuse, and why.

`python -m pytest -n0 -s tests/benchmarks/test_other_clients.py` prints the table.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ozon_desktop.ozon.endpoints import ENDPOINTS
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.sandbox.server import SandboxThread
from tests.contract.exchanges import Clock, Exchange, Play
from tests.contract.other_clients import ASYNC, NOT_KNOWN, REFUSED, SDK, async_methods, complaints, sdk_methods

pytestmark = pytest.mark.slow
PACE = 24
"""Requests/s that ozonapi-async is given: it lets as many go at once as a second has, and Ozon counts 50 in any second."""

READ = (
    "/v1/roles", "/v1/seller/info", "/v1/description-category/tree", "/v1/description-category/attribute",
    "/v1/description-category/attribute/values", "/v1/description-category/attribute/values/search", "/v3/product/info/list",
    "/v4/product/info/attributes", "/v4/product/info/limit", "/v2/product/info/stocks-by-warehouse/fbs", "/v4/posting/fbs/list",
    "/v4/posting/fbs/unfulfilled/list", "/v3/posting/fbo/list", "/v1/product/import/info",
)  # fmt: skip


class RunningClock(Clock):
    """Goes by itself besides being moved, so that limits pass."""

    def __init__(self) -> None:
        self._moved = datetime(2026, 11, 24, 9, tzinfo=UTC)
        self._started = time.monotonic()

    @property
    def now(self) -> datetime:
        return self._moved + timedelta(seconds=time.monotonic() - self._started)

    @now.setter
    def now(self, value: datetime) -> None:
        self._moved += value - self.now


@pytest.fixture(scope="module")
def exchanges() -> list[Exchange]:
    return asyncio.run(Play().run())


def test_what_they_refuse_is_known_and_nothing_else(exchanges: list[Exchange]) -> None:
    assert complaints(exchanges) == {key: set(rows) for key, rows in REFUSED.items()}


def test_they_know_all_methods_but_those_named() -> None:
    paths = {endpoint.path for endpoint in ENDPOINTS}
    assert paths - sdk_methods().keys() == NOT_KNOWN[SDK]
    assert paths - async_methods().keys() == NOT_KNOWN[ASYNC]
    assert set(READ) <= {endpoint.path for endpoint in ENDPOINTS if endpoint.reads}


def test_a_model_that_fits_and_an_answer_that_does_not_are_noticed(exchanges: list[Exchange]) -> None:
    listed = next(exchange for exchange in exchanges if exchange.path == "/v3/product/list" and exchange.answer["result"]["items"])
    good = {**listed.answer, "result": {**listed.answer["result"], "total": 1}}
    assert complaints([Exchange(listed.path, listed.request, 200, good)]) == {}
    bad = {"result": {**good["result"], "items": [{"product_id": "x", "offer_id": 5}]}}
    found = complaints([Exchange(listed.path, listed.request, 200, bad)])
    assert found[SDK, listed.path] == {"result.items.*.product_id: str instead of int | null"}
    assert "result.items.*.offer_id: string_type" in found[ASYNC, listed.path]


async def test_the_second_client_reads_the_sandbox_over_http_at_its_pace() -> None:
    play = Play(clock=RunningClock())
    # Its pace is counted below; what the play asks just before would count as well.
    play.sandbox.memory.limits.requests_per_second = 1000
    asked = {exchange.path: exchange.request for exchange in await play.run() if exchange.by_client and exchange.status == 200}
    with SandboxThread(play.sandbox) as served:
        play.sandbox.reset_requests()
        answers = await _ask(served.url, {path: asked[path] for path in READ}, busy=60)
    assert {request.status for request in play.sandbox.requests} == {200}
    assert len(play.sandbox.requests) == len(READ) + 60
    assert _most_in_a_second(play.sandbox) <= 2 * PACE
    assert set(answers) == set(READ)


async def _ask(url: str, asked: dict[str, Any], busy: int) -> dict[str, Any]:
    """Answers by path; and `busy` further requests, so that the pace matters.

    One after the other: the first of several at once that is done closes the connections of the others.
    """
    from ozonapi.seller import SellerAPI, SellerAPIConfig

    config = SellerAPIConfig(base_url=url, max_requests_per_second=PACE, max_retries=0, log_use_async=False)
    try:
        async with SellerAPI(client_id=str(KNOWN_CLIENT_ID), api_key=ADMIN_KEY, config=config) as api:
            answers = {path: await _call(api, path, request) for path, request in asked.items()}
            for _ in range(busy):
                await _call(api, "/v1/roles", {})
    finally:
        await SellerAPI.shutdown()
    return answers


async def _call(api: Any, path: str, request: dict[str, Any]) -> Any:
    method = async_methods()[path]
    # Its words for the order of a page are in small letters.
    request = {name: value.casefold() if name == "sort_dir" else value for name, value in request.items()}
    return await getattr(api, method.name)(*([method.request(**request)] if method.request else []))


def _most_in_a_second(sandbox: Sandbox) -> int:
    times = [request.at for request in sandbox.requests]
    return max(sum(start <= moment < start + timedelta(seconds=1) for moment in times) for start in times)
