"""Setting and reading stock, and the warehouses."""

from typing import Any

import httpx
import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import CLOSED_WAREHOUSE, DATA, FOREST_WAREHOUSE, MAIN_WAREHOUSE, RFBS_WAREHOUSE, Api, Clock, shirt


async def _set(api: Api, stock: int = 5, warehouse_id: int = MAIN_WAREHOUSE, **product: Any) -> dict[str, Any]:
    row = {"stock": stock, "warehouse_id": warehouse_id, **(product or {"offer_id": "RU-1"})}
    result: dict[str, Any] = (await api.call("/v2/products/stocks", {"stocks": [row]}))["result"][0]
    return result


async def test_stock_is_set_by_offer_or_by_product(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1")
    product = sandbox.products["RU-1"]
    expected = {"product_id": product.product_id, "offer_id": "RU-1", "updated": True, "errors": []}
    assert await _set(api) == {"warehouse_id": MAIN_WAREHOUSE, **expected}
    assert await _set(api, 3, RFBS_WAREHOUSE, product_id=product.product_id) == {"warehouse_id": RFBS_WAREHOUSE, **expected}
    assert product.stocks == {MAIN_WAREHOUSE: 5, RFBS_WAREHOUSE: 3}


async def test_stock_is_refused_until_prices_were_sent(api: Api, clock: Clock) -> None:
    await api.send("/v3/product/import", {"items": [shirt()]})
    clock.move(0.6)
    row = {"offer_id": "RU-1", "stock": 1, "warehouse_id": MAIN_WAREHOUSE}
    early = (await api.send("/v2/products/stocks", {"stocks": [row]})).json()["result"][0]
    assert (early["updated"], early["errors"][0]["code"]) == (False, "product_is_not_created")
    clock.move(1)
    assert (await _set(api))["updated"] is True


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"offer_id": "?"}, "offer_id_not_found"),
        ({"product_id": 5}, "NOT_FOUND_ERROR"),
        ({"offer_id": "RU-1", "warehouse_id": 7}, "WAREHOUSE_NOT_FOUND"),
        ({"offer_id": "RU-1", "warehouse_id": CLOSED_WAREHOUSE}, "WAREHOUSE_NOT_FOUND"),
        ({"offer_id": "RU-1", "stock": 1_000_000}, "STOCK_TOO_BIG"),
    ],
)
async def test_a_wrong_pair_has_an_error_of_its_own(api: Api, row: dict[str, Any], code: str) -> None:
    await api.import_on_sale("RU-1", "RU-2")
    good = {"offer_id": "RU-2", "stock": 999_999, "warehouse_id": MAIN_WAREHOUSE}
    bad = {"stock": 1, "warehouse_id": MAIN_WAREHOUSE, **row}
    result = (await api.call("/v2/products/stocks", {"stocks": [bad, good]}))["result"]
    assert [item["updated"] for item in result] == [False, True]
    assert result[0]["errors"][0]["code"] == code
    assert result[0]["errors"][0]["message"]


async def test_the_same_pair_has_to_wait_30_seconds(api: Api, clock: Clock) -> None:
    await api.import_on_sale("RU-1")
    assert (await _set(api, 5))["updated"] is True
    early = await _set(api, 6)
    assert (early["updated"], early["errors"][0]["code"]) == (False, "TOO_MANY_REQUESTS")
    assert (await _set(api, 6, FOREST_WAREHOUSE))["updated"] is True
    clock.move(30)
    assert (await _set(api, 6))["updated"] is True


async def test_the_interval_can_be_switched_off(clock: Clock) -> None:
    sandbox = Sandbox(data_dir=DATA, clock=clock, order_interval_s=0, stock_interval_s=0)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test") as client:
        api = Api(client, clock)
        await api.import_on_sale("RU-1", stock=1)
        assert (await _set(api, 2))["updated"] is True


async def test_stock_is_read_by_scheme_and_by_warehouse(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A", "B", stock=10)
    await _set(api, 4, FOREST_WAREHOUSE, offer_id="A")
    await _set(api, 2, RFBS_WAREHOUSE, offer_id="A")
    sandbox.place_order("A", 3)
    answer = await api.call("/v4/product/info/stocks", {"filter": {"offer_id": ["A"], "visibility": "ALL"}, "limit": 100, "cursor": ""})
    sku = sandbox.products["A"].sku
    general = {"sku": sku, "shipment_type": "SHIPMENT_TYPE_GENERAL"}
    assert (answer["total_items"], answer["cursor"]) == (1, "")
    assert answer["items"][0]["stocks"] == [
        {"type": "fbs", "present": 14, "reserved": 3, "warehouse_ids": [MAIN_WAREHOUSE, FOREST_WAREHOUSE], **general},
        {"type": "rfbs", "present": 2, "reserved": 0, "warehouse_ids": [RFBS_WAREHOUSE], **general},
    ]
    rows: list[dict[str, Any]] = []
    cursor, has_next = "", True
    while has_next:
        page = await api.call("/v2/product/info/stocks-by-warehouse/fbs", {"offer_id": ["A", "B"], "limit": 3, "cursor": cursor})
        rows, cursor, has_next = rows + page["products"], page["cursor"], page["has_next"]
    assert len(rows) == 4
    assert rows[0] == {
        "sku": sku,
        "offer_id": "A",
        "product_id": sandbox.products["A"].product_id,
        "warehouse_id": MAIN_WAREHOUSE,
        "warehouse_name": "Основной склад",
        "present": 10,
        "reserved": 3,
        "free_stock": 7,
    }
    by_sku = await api.call("/v2/product/info/stocks-by-warehouse/fbs", {"sku": [str(sku)], "limit": 10})
    assert {row["offer_id"] for row in by_sku["products"]} == {"A"}


async def test_warehouses_come_in_pages(api: Api) -> None:
    first = await api.call("/v2/warehouse/list", {"limit": 3})
    second = await api.call("/v2/warehouse/list", {"limit": 3, "cursor": first["cursor"]})
    assert (first["has_next"], second["has_next"], second["cursor"]) == (True, False, "")
    found = [(row["warehouse_id"], row["name"], row["is_rfbs"], row["status"]) for row in first["warehouses"] + second["warehouses"]]
    assert found == [
        (MAIN_WAREHOUSE, "Основной склад", False, "created"),
        (FOREST_WAREHOUSE, "Склад на Лесной", False, "created"),
        (RFBS_WAREHOUSE, "Самовывоз rFBS", True, "created"),
        (CLOSED_WAREHOUSE, "Старый склад", False, "disabled"),
    ]
    one = await api.call("/v2/warehouse/list", {"limit": 200, "warehouse_ids": [str(RFBS_WAREHOUSE)]})
    assert [row["warehouse_id"] for row in one["warehouses"]] == [RFBS_WAREHOUSE]
