"""A run with a connected store: orders first, then the store's goods, then the plan; and the schedule that follows the store."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from ozon_desktop import application as composition
from ozon_desktop.backoffice.http import Web
from ozon_desktop.domain.integration import UpdateTrigger
from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.domain.sync_plan import Part
from ozon_desktop.services.store.connection import PULLS
from ozon_desktop.services.sync.sync import SyncRequest
from tests.backoffice.web_shop import WebShop
from tests.services.shop import SHIRTS, Shirt, Shop, write_export


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> WebShop:
    """The server of the shop, in place of the network of the program that is built after it."""
    shop = WebShop()
    monkeypatch.setattr(composition, "Web", lambda: Web(app=shop.app))
    return shop


@pytest.fixture
async def connected(web: WebShop, shop: Shop) -> Shop:
    """The shop with its goods behind a link; its first sending is done."""
    serve(shop, web, *SHIRTS)
    await shop.application.store_connection.connect(StoreConnection(ConnectionKind.LINK, "http://shop.example/price.yml"))
    await shop.application.store_connection.pull(silent)
    await shop.application.sync.run(shop.integration, silent)
    return shop


def serve(shop: Shop, web: WebShop, *shirts: Shirt) -> None:
    web.files["/price.yml"] = write_export(shop.folder / "price.yml", *shirts).read_bytes()


def price(shop: Shop) -> Decimal:
    return Decimal(shop.sandbox.products["RU-1"].price)


async def long_ago(shop: Shop) -> None:
    """As if the last pull had been long before."""
    await shop.application.storage.run(lambda unit: unit.preferences.remove(PULLS))


async def test_a_run_sends_what_the_store_says_now(connected: Shop, web: WebShop) -> None:
    serve(connected, web, replace(SHIRTS[0], price="2090"), *SHIRTS[1:])
    await long_ago(connected)
    result = await connected.application.sync.run(connected.integration, silent)
    assert result.run.result is RunResult.DONE
    assert price(connected) == 2090


async def test_a_run_goes_on_without_the_store_and_says_so(connected: Shop, web: WebShop) -> None:
    web.status = 503
    await long_ago(connected)
    result = await connected.application.sync.run(connected.integration, silent)
    assert result.run.result is RunResult.PARTIAL
    assert "BackOfficeFailed" in {problem.code for problem in result.run.problems}


async def test_a_plan_that_a_person_has_seen_is_not_changed_by_a_pull(connected: Shop, web: WebShop) -> None:
    preview = await connected.application.previews.preview(connected.integration, silent)
    await long_ago(connected)
    asked = len(web.asked)
    await connected.application.sync.run(connected.integration, silent, SyncRequest(plan=preview.plan))
    assert len(web.asked) == asked


async def test_orders_alone_need_no_goods(connected: Shop, web: WebShop) -> None:
    await long_ago(connected)
    asked = len(web.asked)
    await connected.application.sync.run(connected.integration, silent, SyncRequest(parts=frozenset({Part.ORDERS})))
    assert len(web.asked) == asked


async def test_on_change_the_schedule_asks_the_store_and_sends_what_it_finds(connected: Shop, web: WebShop) -> None:
    application = connected.application
    integration = next(each for each in await application.integrations.all() if each.id == connected.integration)
    await application.integrations.save(integration.id, replace(integration.settings, update_trigger=UpdateTrigger.ON_CHANGE), None)
    await application.scheduler.tick()
    before = len([run for run in await application.journal.runs(connected.integration) if run.kind is RunKind.SYNC])
    serve(connected, web, replace(SHIRTS[0], price="2190"), *SHIRTS[1:])
    await long_ago(connected)
    await application.scheduler.tick()
    await application.scheduler.tick()
    runs = [run for run in await application.journal.runs(connected.integration) if run.kind is RunKind.SYNC]
    assert len(runs) == before + 1
    assert price(connected) == 2190
    assert runs[0].started_at - runs[1].started_at < timedelta(hours=1)
