"""Orders over time and the three lists that show them."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import DATA, FOREST_WAREHOUSE, MAIN_WAREHOUSE, RFBS_WAREHOUSE, Api, Clock

PERIOD = {"since": "2026-11-20T00:00:00Z", "to": "2026-12-31T00:00:00Z"}
PARTS = {"analytics_data": True, "barcodes": True, "financial_data": True, "legal_info": True}
EVERY_PART = {"filter": PERIOD, "limit": 100, "with": PARTS}
CUTOFF = {"cutoff_from": "2026-11-20T00:00:00Z", "cutoff_to": "2026-12-31T00:00:00Z"}


async def _fbs(api: Api, **condition: Any) -> list[str]:
    answer = await api.call("/v4/posting/fbs/list", {"filter": {**PERIOD, **condition}, "limit": 100})
    return [posting["posting_number"] for posting in answer["postings"]]


async def test_an_order_reserves_stock(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", stock=5)
    number = sandbox.place_order("RU-1", 2)
    product = sandbox.products["RU-1"]
    assert (product.stocks, product.reserved) == ({MAIN_WAREHOUSE: 3}, {MAIN_WAREHOUSE: 2})
    assert await _fbs(api) == [number]


@pytest.mark.parametrize(
    ("offer_id", "quantity", "scheme"), [("?", 1, "fbs"), ("RU-1", 6, "fbs"), ("RU-1", 1, "rfbs"), ("RU-1", 1, "drone"), ("RU-1", 0, "fbs")]
)
async def test_an_impossible_order_is_a_mistake(api: Api, sandbox: Sandbox, offer_id: str, quantity: int, scheme: str) -> None:
    await api.import_on_sale("RU-1", stock=5)
    with pytest.raises(ValueError, match=r"unknown|no rfbs|no fbs|not on sale|quantity"):
        sandbox.place_order(offer_id, quantity, scheme=scheme)
    assert sandbox.products["RU-1"].stocks == {MAIN_WAREHOUSE: 5}


async def test_a_posting_has_the_shape_of_version_4(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", stock=5)
    number = sandbox.place_order("RU-1", 2)
    answer = await api.call("/v4/posting/fbs/list", EVERY_PART)
    assert set(answer) == {"postings", "cursor", "has_next"}
    (posting,) = answer["postings"]
    assert posting == sandbox.postings[0]
    assert (posting["posting_number"], posting["status"], posting["substatus"]) == (number, "awaiting_packaging", "posting_created")
    assert posting["order_number"] == number.rpartition("-")[0]
    assert (posting["delivery_method"]["warehouse_id"], posting["delivery_schema"]) == (MAIN_WAREHOUSE, "fbs")
    (line,) = posting["products"]
    assert (line["offer_id"], line["sku"], line["quantity"], line["weight"]) == ("RU-1", sandbox.products["RU-1"].sku, 2, 0.35)
    assert line["price"] == {"amount": "1990", "currency": "RUB"}
    assert posting["financial_data"]["products"][0]["commission"] == {"amount": 855.7, "currency": "RUB", "percent": 43}
    assert posting["customer"] is None
    assert posting["tariffication_steps"][-1]["tariff_deadline_at"] == "9999-12-31T23:59:59.999999900Z"
    assert {"ship", "cancel"} <= set(posting["available_actions"])


async def test_parts_that_were_not_asked_for_are_null(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", stock=5)
    sandbox.place_order("RU-1")
    (posting,) = (await api.call("/v4/posting/fbs/list", {"filter": PERIOD, "limit": 1, "with": {"barcodes": True}}))["postings"]
    assert [posting[name] for name in ("analytics_data", "financial_data", "legal_info")] == [None, None, None]
    assert posting["barcodes"]["upper_barcode"]


async def test_an_rfbs_posting_names_the_buyer(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1")
    await api.call("/v2/products/stocks", {"stocks": [{"offer_id": "RU-1", "stock": 1, "warehouse_id": RFBS_WAREHOUSE}]})
    sandbox.place_order("RU-1", scheme="rfbs")
    (posting,) = sandbox.postings
    assert posting["delivery_schema"] == "rfbs"
    assert posting["customer"]["name"] == posting["addressee"]["name"]


async def test_the_list_is_paged_in_both_directions(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    await api.import_on_sale("RU-1", stock=9)
    placed = []
    for _ in range(5):
        placed.append(sandbox.place_order("RU-1"))
        clock.move(1)
    for direction, expected in (("ASC", placed), ("desc", placed[::-1])):
        seen: list[str] = []
        cursor, has_next = "", True
        while has_next:
            body = {"filter": PERIOD, "limit": 2, "cursor": cursor, "sort_dir": direction}
            answer = await api.call("/v4/posting/fbs/list", body)
            seen += [posting["posting_number"] for posting in answer["postings"]]
            cursor, has_next = answer["cursor"], answer["has_next"]
        assert (seen, cursor) == (expected, "")


async def test_the_list_can_be_filtered(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    await api.import_on_sale("A", "B", stock=5)
    await api.call("/v2/products/stocks", {"stocks": [{"offer_id": "B", "stock": 0, "warehouse_id": FOREST_WAREHOUSE}]})
    sandbox.memory.timing.assembling = timedelta(seconds=10)
    first = sandbox.place_order("A")
    clock.move(7200)
    second = sandbox.place_order("B")
    order = sandbox.postings[1]
    assert await _fbs(api, statuses=["awaiting_packaging"]) == [second]
    assert await _fbs(api, statuses=["delivered"]) == [first]
    assert await _fbs(api, since=order["in_process_at"]) == [second]
    assert await _fbs(api, to="2026-11-24T10:00:00Z") == [first]
    assert await _fbs(api, order_id=order["order_id"]) == [second]
    assert await _fbs(api, order_numbers=[order["order_number"]]) == [second]
    assert await _fbs(api, warehouse_ids=[str(MAIN_WAREHOUSE)]) == [first, second]
    assert await _fbs(api, warehouse_ids=[str(FOREST_WAREHOUSE)]) == []
    assert await _fbs(api, provider_ids=["24"], delivery_method_ids=[str(MAIN_WAREHOUSE)]) == [first, second]
    assert await _fbs(api, last_changed_status_date={"from": "2026-11-24T10:00:00Z"}) == [second]
    assert await _fbs(api, last_changed_status_date={"to": "2026-11-24T10:00:00Z"}) == [first]
    assert await _fbs(api, integration_type_flow=["aggregator"]) == []
    assert await _fbs(api, is_blr_traceable=True) == []


async def test_unfulfilled_has_what_still_has_to_be_packed(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", stock=9)
    gone, waiting = sandbox.place_order("RU-1"), sandbox.place_order("RU-1")
    sandbox.set_posting_status(gone, "delivering")
    answer = await api.call("/v4/posting/fbs/unfulfilled/list", {"filter": CUTOFF, "limit": 100})
    assert set(answer) == {"postings", "count", "cursor", "has_next"}
    assert ([posting["posting_number"] for posting in answer["postings"]], answer["count"]) == ([waiting], 1)
    both = {**CUTOFF, "delivering_date_from": PERIOD["since"], "delivering_date_to": PERIOD["to"]}
    assert (await api.refused("/v4/posting/fbs/unfulfilled/list", {"filter": both, "limit": 100}))[:2] == (400, 3)


async def test_a_posting_moves_on_with_the_clock_where_the_seller_is_played(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    await api.import_on_sale("RU-1", stock=5)
    sandbox.memory.timing.assembling = timedelta(seconds=59)
    sandbox.place_order("RU-1", 2)
    product = sandbox.products["RU-1"]
    seen = []
    for _ in range(4):
        posting = sandbox.postings[0]
        seen.append((posting["status"], product.free, sum(product.reserved.values())))
        clock.move(60)
    assert seen == [("awaiting_packaging", 3, 2), ("awaiting_deliver", 3, 2), ("delivering", 3, 0), ("delivered", 3, 0)]
    assert datetime.fromisoformat(sandbox.postings[0]["delivering_date"]).hour == 9
    assert sandbox.postings[0]["available_actions"] == []


async def test_a_cancelled_order_gives_the_goods_back(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", stock=5)
    number = sandbox.place_order("RU-1", 2)
    sandbox.set_posting_status(number, "cancelled")
    assert (sandbox.products["RU-1"].free, sandbox.products["RU-1"].reserved) == (5, {MAIN_WAREHOUSE: 0})
    (posting,) = sandbox.postings
    assert (posting["status"], posting["cancellation"]["cancellation_type"]) == ("cancelled", "client")
    with pytest.raises(ValueError, match="cannot go"):
        sandbox.set_posting_status(number, "delivered")
    with pytest.raises(ValueError, match="unknown posting"):
        sandbox.set_posting_status("0-0-0", "delivered")


async def test_an_fbo_order_leaves_the_seller_stock_alone(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", stock=5)
    number = sandbox.place_order("RU-1", 3, scheme="fbo")
    body = {"filter": PERIOD, "limit": 10, "with": {"financial_data": True}}
    answer = await api.call("/v3/posting/fbo/list", body)
    assert set(answer) == {"postings", "cursor", "has_next"}
    (posting,) = answer["postings"]
    assert (posting["posting_number"], posting["status"], posting["analytics_data"]) == (number, "awaiting_packaging", None)
    assert posting["products"][0]["price"] == {"amount": "1990", "currency": "RUB"}
    assert (sandbox.products["RU-1"].free, await _fbs(api)) == (5, [])
    for condition in ({"posting_numbers": ["?"]}, {"order_numbers": ["?"]}, {"statuses": ["delivered"]}):
        assert (await api.call("/v3/posting/fbo/list", {**body, "filter": {**PERIOD, **condition}}))["postings"] == []
    sandbox.set_posting_status(number, "cancelled")
    assert sandbox.fbo_postings[0]["cancel_reason_id"] == 506


async def _busy(clock: Clock, seed: int, interval_s: float = 20.0) -> tuple[Sandbox, Api]:
    sandbox = Sandbox(data_dir=DATA, clock=clock, order_interval_s=interval_s, seed=seed, assemble_s=30)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test")
    api = Api(client, clock)
    await api.import_on_sale("A", "B", stock=1000)
    return sandbox, api


async def test_orders_come_by_themselves_and_the_seed_decides_which(clock: Clock) -> None:
    start = clock.now
    runs = []
    for _ in range(2):
        clock.now = start
        sandbox, _api = await _busy(clock, seed=7)
        for _ in range(60):
            clock.move(20)
            sandbox.advance()
        runs.append((list(sandbox.postings), sandbox.fbo_postings))
    assert runs[0] == runs[1]
    postings, fbo = runs[0]
    assert 40 <= len(postings) + len(fbo) <= 61
    assert fbo
    statuses = {posting["status"] for posting in postings}
    assert statuses == {"awaiting_packaging", "awaiting_deliver", "delivering", "delivered", "cancelled"}


async def test_goods_are_never_lost(clock: Clock) -> None:
    sandbox, _api = await _busy(clock, seed=3)
    for _ in range(100):
        clock.move(20)
        sandbox.advance()
    for product in sandbox.products.values():
        lines = [posting for posting in sandbox.postings if posting["products"][0]["offer_id"] == product.offer_id]
        sold = sum(line["products"][0]["quantity"] for line in lines if line["status"] in {"delivering", "delivered"})
        held = sum(line["products"][0]["quantity"] for line in lines if line["status"] in {"awaiting_packaging", "awaiting_deliver"})
        assert (product.free + held + sold, sum(product.reserved.values())) == (1000, held)


async def test_a_long_pause_makes_only_the_newest_orders(clock: Clock) -> None:
    sandbox, _api = await _busy(clock, seed=1)
    clock.move(30 * 24 * 3600)
    newest = sandbox.postings + sandbox.fbo_postings
    assert 0 < len(newest) <= 60
    assert (clock.now - datetime.fromisoformat(newest[-1]["in_process_at"])).total_seconds() < 3600


async def test_no_stock_no_fbs_orders(clock: Clock) -> None:
    sandbox = Sandbox(data_dir=DATA, clock=clock)
    clock.move(1000)
    assert sandbox.postings == []
    assert sandbox.summary()["postings"] == 0


async def test_the_summary_counts(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A", "B", stock=2)
    await api.import_on_sale("C")
    sandbox.place_order("A")
    summary = sandbox.summary()
    chosen = ("products", "products_with_price", "products_with_stock", "products_archived", "postings", "postings_new", "types")
    assert [summary[name] for name in chosen] == [3, 3, 2, 0, 1, 1, 5]
    assert summary["requests"] == len(sandbox.requests) > 0
