"""«Только чтение»: nothing that writes goes out to the cabinet, from nowhere; previews, orders and reading go on."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest

from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.run_status import RunState
from ozon_desktop.domain.sync_plan import Part
from ozon_desktop.errors import NotFound, ReadOnlyCabinet
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate
from ozon_desktop.services.runs.scheduler import Scheduler
from ozon_desktop.services.sync.sync import SyncRequest
from ozon_desktop.wording import READ_ONLY
from tests.domain.test_sync_plan import make_card
from tests.services.shop import SHIRTS, Shop, wanted

WRITING = {endpoint.path for endpoint in endpoints.ENDPOINTS if not endpoint.reads}


async def test_no_run_begins_and_reading_goes_on(shop: Shop) -> None:
    state = await shop.application.sending.set_read_only(shop.integration, True)
    assert state.read_only
    plan = (await shop.application.previews.preview(shop.integration, silent)).plan
    assert plan.changes == 6
    for request in (SyncRequest(), SyncRequest(plan=plan), SyncRequest(parts=frozenset({Part.STOCKS}))):
        with pytest.raises(ReadOnlyCabinet):
            await shop.application.sync.run(shop.integration, silent, request)
    result = await shop.application.sync.run(shop.integration, silent, SyncRequest(parts=frozenset({Part.ORDERS})))
    assert result.run.result is RunResult.DONE
    await shop.application.cabinet_cards.load(shop.integration, silent)
    assert not WRITING & set(shop.line.paths)
    await shop.application.sending.set_read_only(shop.integration, False)
    await shop.application.sync.run(shop.integration, silent)
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_the_client_stops_every_writing_method_before_the_network(shop: Shop) -> None:
    client: OzonClient = await shop.application.sync._clients.client(shop.integration)
    await shop.application.sending.set_read_only(shop.integration, True)
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "import_products": lambda: client.import_products([make_card().payload()]),
        "update_prices": lambda: client.update_prices([PriceUpdate("RU-1", Decimal(1), currency="RUB")]),
        "update_stocks": lambda: client.update_stocks([StockUpdate("RU-1", 1, 1)]),
        "archive": lambda: client.archive([1]),
        "unarchive": lambda: client.unarchive([1]),
        "create_labels": lambda: client.create_labels(["1"]),
    }
    for call in calls.values():
        with pytest.raises(ReadOnlyCabinet):
            await call()
    for endpoint in endpoints.ENDPOINTS:
        if not endpoint.reads:
            with pytest.raises(ReadOnlyCabinet):
                await client.answer(endpoint, {})
    source = inspect.getsource(OzonClient)
    assert source.count("_transport.post(") == 1, "one way out: all methods pass the same check"
    assert not shop.line.paths
    assert (await client.limits()) != ()


async def test_a_run_under_way_meets_the_switch(shop: Shop) -> None:
    passed_on = shop.line.answer

    async def switching(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/product/import/info":
            await shop.application.sending.set_read_only(shop.integration, True)
        return await passed_on(request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shop.line, "answer", switching)
        with pytest.raises(ReadOnlyCabinet):
            await shop.application.sync.run(shop.integration, silent)
    assert "/v2/products/stocks" not in shop.line.paths
    (run,) = [run for run in await shop.application.journal.runs(shop.integration) if run.kind is RunKind.SYNC]
    assert run.result is RunResult.FAILED
    await shop.application.sending.set_read_only(shop.integration, False)
    assert (await shop.application.sync.run(shop.integration, silent)).run.result is RunResult.DONE
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_the_schedule_says_so(shop: Shop) -> None:
    application = shop.application
    await application.sending.set_read_only(shop.integration, True)
    scheduler = Scheduler(application.storage, application.sync, application.notifications, lambda: datetime(2026, 11, 24, tzinfo=UTC), UTC)
    await scheduler.tick()
    runs = [run for run in await application.journal.runs(shop.integration) if run.kind is RunKind.SYNC]
    assert [(run.result, run.reason) for run in runs] == [(RunResult.SKIPPED, READ_ONLY)]
    assert (await application.overview.status(shop.integration)).state is RunState.READ_ONLY


async def test_an_unknown_cabinet_cannot_be_switched(shop: Shop) -> None:
    with pytest.raises(NotFound):
        await shop.application.sending.set_read_only(99, True)
