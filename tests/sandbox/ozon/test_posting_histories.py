"""Whatever sellers, buyers and the clock do in whatever order, a posting takes a legal path and no piece of stock is lost or doubled."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.model import Posting
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import DATA, MAIN_WAREHOUSE, RFBS_WAREHOUSE, Api, Clock

LEGAL = {
    ("awaiting_packaging", "awaiting_deliver"),
    ("awaiting_deliver", "delivering"),
    ("delivering", "delivered"),
    ("awaiting_packaging", "cancelled"),
    ("awaiting_deliver", "cancelled"),
    ("delivering", "cancelled"),
}
PLACED = datetime(2026, 11, 24, 10, tzinfo=UTC)
HELD = {"awaiting_packaging", "awaiting_deliver"}
STOCK = 20
WAREHOUSES = {"fbs": MAIN_WAREHOUSE, "rfbs": RFBS_WAREHOUSE}

order = st.tuples(st.just("order"), st.sampled_from(["fbs", "rfbs", "fbo"]), st.integers(1, 4))
ship = st.tuples(st.just("ship"), st.integers(0, 9), st.sampled_from(["by ones", "whole", "too many", "too few"]))
cancel = st.tuples(st.just("cancel"), st.integers(0, 9))
fail = st.tuples(st.just("fail"))
played = st.tuples(st.just("played"), st.sampled_from([None, 0, 20, 400]))
late = st.tuples(st.just("late"), st.sampled_from([None, 0, 100]))
wait = st.tuples(st.just("wait"), st.sampled_from([1, 5, 30, 61, 200, 1000]))
steps = st.lists(st.one_of(order, ship, ship, ship, cancel, fail, played, late, wait, wait), min_size=15, max_size=40)


@pytest.fixture(scope="module")
def stocked() -> tuple[Sandbox, Clock]:
    """A sandbox with one product on sale in an FBS and an rFBS warehouse; each example starts its postings and stock anew."""
    clock = Clock()
    sandbox = Sandbox(data_dir=DATA, clock=clock, order_interval_s=0)

    async def put_on_sale() -> None:
        async with _client(sandbox) as client:
            await Api(client, clock).import_on_sale("A")

    asyncio.run(put_on_sale())
    return sandbox, clock


def _client(sandbox: Sandbox) -> httpx.AsyncClient:
    headers = {"Client-Id": str(KNOWN_CLIENT_ID), "Api-Key": ADMIN_KEY}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test", headers=headers)


def _start(sandbox: Sandbox, clock: Clock) -> Sandbox:
    """Nothing is ordered, and everything is quick enough to happen within a few waits."""
    clock.now = PLACED
    fresh = Sandbox(data_dir=DATA, clock=clock, order_interval_s=0)
    fresh.memory.catalog = sandbox.memory.catalog
    product = sandbox.memory.shelf["A"]
    product.stocks, product.reserved = dict.fromkeys(WAREHOUSES.values(), STOCK), {}
    fresh.memory.add_product(product)
    timing = fresh.memory.timing
    timing.shipment_after, timing.cancel_unshipped, timing.ship_delay = timedelta(seconds=150), timedelta(seconds=100), timedelta(seconds=3)
    return fresh


def _check(sandbox: Sandbox) -> None:
    """Legal paths, moments in order, and every piece in exactly one place."""
    product = sandbox.products["A"]
    for posting in sandbox.memory.postings.values():
        statuses = [status for _, status in posting.history]
        assert set(pairwise(statuses)) <= LEGAL, statuses
        assert statuses[-1] == posting.status
        moments = [moment for moment, _ in posting.history]
        assert moments == sorted(moments)
        assert posting.quantity == posting.body["products"][0]["quantity"] >= 1
    for scheme, warehouse in WAREHOUSES.items():
        own = [posting for posting in sandbox.memory.postings.values() if posting.scheme == scheme]
        held = sum(posting.quantity for posting in own if posting.status in HELD)
        gone = sum(posting.quantity for posting in own if _left(posting))
        assert product.reserved.get(warehouse, 0) == held
        assert product.stocks[warehouse] + held + gone == STOCK


def _left(posting: Posting) -> bool:
    """Whether its goods went to the buyer: what is cancelled on its way comes back as a return, not to the shelf."""
    return "delivering" in [status for _, status in posting.history]


async def _ship(sandbox: Sandbox, number: str, how: str) -> None:
    """A 200 exactly when it is right, and nothing changes at once."""
    posting = sandbox.memory.postings[number]
    whole = posting.quantity
    packages = {"whole": [whole], "by ones": [1] * whole, "too many": [whole, 1], "too few": [whole - 1]}[how]
    before = (posting.status, posting.body["substatus"])
    waits = posting.status == "awaiting_packaging" and posting.ship_asked_at is None and posting.scheme != "fbo"
    sku = sandbox.memory.shelf["A"].sku
    body: dict[str, Any] = {
        "posting_number": number,
        "packages": [{"products": [{"product_id": sku, "quantity": count}]} for count in packages],
    }
    async with _client(sandbox) as client:
        response = await client.post("/v4/posting/fbs/ship", json=body)
    assert response.status_code == (200 if waits and sum(packages) == whole else 400)
    if response.status_code == 200:
        assert (posting.status, posting.body["substatus"]) == before
        assert len(set(response.json()["result"])) == len(packages)


async def _play(sandbox: Sandbox, clock: Clock, chosen: list[tuple[Any, ...]]) -> None:
    for name, *values in (("order", "fbs", 4), ("order", "rfbs", 2), ("order", "fbs", 1), ("order", "fbo", 1), *chosen):
        sandbox.advance()
        numbers = list(sandbox.memory.postings)
        target = numbers[values[0] % len(numbers)] if name in {"ship", "cancel"} and numbers else ""
        if name == "order":
            scheme, count = values
            if scheme == "fbo" or sandbox.memory.shelf["A"].stocks[WAREHOUSES[scheme]] >= count:
                sandbox.orders.place(sandbox.memory.shelf["A"], count, scheme, clock.now, may_cancel=True)
        elif name == "ship" and target:
            await _ship(sandbox, target, values[1])
        elif name == "cancel" and target and sandbox.memory.postings[target].status not in {"delivered", "cancelled"}:
            sandbox.set_posting_status(target, "cancelled")
        elif name == "fail":
            sandbox.memory.ship_failures += 1
        elif name in {"played", "late"}:
            time = None if values[0] is None else timedelta(seconds=values[0])
            setattr(sandbox.memory.timing, "assembling" if name == "played" else "cancel_unshipped", time)
        elif name == "wait":
            clock.move(values[0])
        # The limit of requests a second is no part of this.
        clock.move(1)
        _check(sandbox)


@settings(max_examples=25, deadline=None)
@given(chosen=steps)
def test_a_posting_takes_a_legal_path_and_its_stock_is_released_once(stocked: tuple[Sandbox, Clock], chosen: list[tuple[Any, ...]]) -> None:
    sandbox = _start(*stocked)
    asyncio.run(_play(sandbox, stocked[1], chosen))
