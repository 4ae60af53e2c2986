"""How many requests a preview says sending takes, beside those that are then sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Part
from ozon_desktop.services.sync.sync import SyncRequest
from tests.services.shop import SHIRTS, Shirt, Shop

MANY = tuple(Shirt(f"RU-{number:03}", stock=number % 5) for number in range(130))


async def estimate_and_sent(shop: Shop, *parts: Part) -> tuple[int, int]:
    chosen = frozenset(parts or Part)
    preview = await shop.application.previews.preview(shop.integration, silent, chosen)
    shop.line.mend()
    result = await shop.application.sync.run(shop.integration, silent, SyncRequest(plan=preview.plan, parts=chosen))
    assert result.run.requests == len(shop.line.paths)
    return preview.requests, result.run.requests


async def test_idle_cabinet_without_orders(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    told, sent = await estimate_and_sent(shop)
    assert told == sent == 3
    assert await estimate_and_sent(shop, Part.PRICES, Part.STOCKS) == (0, 0)


@pytest.mark.parametrize("age", [0, 10])
@pytest.mark.parametrize("state", ["awaiting_packaging", "delivering", "delivered"])
async def test_idle_cabinet_with_orders(shop: Shop, state: str, age: int) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.sandbox.memory.timing.cancel_unshipped = None
    now = shop.sandbox.memory.clock()
    for days in (age, 0):
        posting = shop.sandbox.orders.place(shop.sandbox.products["RU-1"], 1, "fbs", now - timedelta(days=days))
        posting.changed_at = now
        if posting.status != state:
            shop.sandbox.set_posting_status(posting.number, state)
    await shop.application.orders.fetch(shop.integration, silent)
    told, sent = await estimate_and_sent(shop)
    assert told == sent


async def test_every_kind_of_change(shop: Shop) -> None:
    await shop.stocks_the_store(*MANY)
    while (await shop.application.sync.run(shop.integration, silent)).run.result is not RunResult.DONE:
        pass
    changed = (*(replace(shirt, price="2090", stock=9) for shirt in MANY[:120]), *MANY[120:125])
    await shop.stocks_the_store(*changed)
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert {kind: count for kind, count in preview.plan.counts().items() if count} == {
        ActionKind.PRICE: 120,
        ActionKind.STOCK: 120,
        ActionKind.ARCHIVE: 5,
    }
    shop.line.mend()
    result = await shop.application.sync.run(shop.integration, silent, SyncRequest(plan=preview.plan))
    assert result.run.result is RunResult.DONE
    # Stock of what is archived is taken away first: how much of it there is, only the sending knows.
    assert shop.line.sent()["/v2/products/stocks"] == 2 + 1
    assert result.run.requests == preview.requests + 1


async def test_new_cards_take_at_least_so_many(shop: Shop) -> None:
    told, sent = await estimate_and_sent(shop)
    polls = shop.line.sent()["/v1/product/import/info"] - 1
    waits = shop.line.sent()["/v3/product/info/list"] - 1
    assert sent == told + polls + waits
    assert len(shop.sandbox.products) == len(SHIRTS)
