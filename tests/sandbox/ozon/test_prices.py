"""Setting and reading prices."""

from decimal import Decimal
from typing import Any

import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import Api, Clock


async def _set(api: Api, **price: Any) -> dict[str, Any]:
    result: dict[str, Any] = (await api.call("/v1/product/import/prices", {"prices": [{"offer_id": "RU-1", **price}]}))["result"][0]
    return result


async def test_a_price_is_set(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1")
    product = sandbox.products["RU-1"]
    result = await _set(api, price="1500", old_price="2000", min_price="1000", net_price="700.5", vat="0.1", currency_code="RUB")
    assert result == {"product_id": product.product_id, "offer_id": "RU-1", "updated": True, "errors": []}
    assert (product.price, product.old_price, product.vat) == (Decimal(1500), Decimal(2000), "0.1")
    assert (product.min_price, product.net_price) == (Decimal(1000), Decimal("700.5"))


async def test_offer_id_wins_over_product_id_and_either_will_do(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A", "B")
    other = sandbox.products["B"].product_id
    prices = [{"offer_id": "A", "product_id": other, "price": "2000"}, {"product_id": other, "price": "2100"}]
    result = (await api.call("/v1/product/import/prices", {"prices": prices}))["result"]
    assert [row["offer_id"] for row in result] == ["A", "B"]
    assert [sandbox.products[offer].price for offer in "AB"] == [2000, 2100]


async def test_zero_resets_the_old_price(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1")
    assert (await _set(api, price="2480", old_price="0"))["updated"] is True
    assert sandbox.products["RU-1"].old_price == 0


@pytest.mark.parametrize(
    ("price", "code"),
    [
        ({"price": "-1"}, "price_negative"),
        ({"price": "0"}, "price_negative"),
        ({"price": "1e3"}, "price_out_of_range"),
        ({"price": "10.005"}, "price_out_of_range"),
        ({"price": "2480"}, "discount_for_average_price_is_too_small"),
        ({"price": "2490"}, "discount_for_average_price_is_too_small"),
        ({"price": "2500"}, "old_price_less_than_price"),
        ({"price": "399", "old_price": "418"}, "discount_for_low_price_is_too_small"),
        ({"price": "400", "old_price": "422"}, None),
        ({"price": "399", "old_price": "419"}, None),
        ({"price": "10000", "old_price": "10500"}, "discount_for_average_price_is_too_small"),
        ({"price": "10000", "old_price": "10527"}, None),
        ({"price": "10001", "old_price": "10500"}, "discount_for_top_price_is_too_small"),
        ({"price": "10001", "old_price": "10501"}, None),
        ({"price": "100", "old_price": "1000"}, "discount_too_big"),
        ({"price": "101", "old_price": "1000"}, None),
        ({"price": "1000", "old_price": "0", "min_price": "499"}, "min_auto_price_too_small"),
        ({"price": "1000", "old_price": "0", "min_price": "1001"}, "price_less_than_min_auto_price"),
        ({"price": "1500", "currency_code": "USD"}, "bad_request_error"),
        ({"price": "1500", "vat": "0.18"}, "vat_invalid"),
    ],
)
async def test_prices_follow_the_rules_of_discounts(api: Api, sandbox: Sandbox, price: dict[str, str], code: str | None) -> None:
    await api.import_on_sale("RU-1")
    result = await _set(api, **price)
    assert result["updated"] is (code is None)
    assert [error["code"] for error in result["errors"]] == ([code] if code else [])
    assert all(error["message"] for error in result["errors"])
    assert sandbox.products["RU-1"].price == (Decimal(1990) if code else Decimal(price["price"]))


async def test_an_unknown_offer_does_not_stop_the_others(api: Api) -> None:
    await api.import_on_sale("RU-1")
    prices = [{"offer_id": "?", "price": "100"}, {"offer_id": "RU-1", "price": "2000"}]
    result = (await api.call("/v1/product/import/prices", {"prices": prices}))["result"]
    assert [row["updated"] for row in result] == [False, True]
    assert (result[0]["errors"][0]["code"], result[0]["offer_id"], result[0]["product_id"]) == ("NOT_FOUND_ERROR", "?", 0)


async def test_a_price_changes_ten_times_an_hour(api: Api, clock: Clock) -> None:
    await api.import_on_sale("RU-1")
    for number in range(10):
        assert (await _set(api, price=str(2000 + number)))["updated"] is True
    refused = await _set(api, price="2020")
    assert refused["updated"] is False
    assert "error limiting: acquire limit per item" in refused["errors"][0]["message"]
    clock.move(3600)
    assert (await _set(api, price="2020"))["updated"] is True


async def test_prices_are_read_as_numbers_in_pages(api: Api) -> None:
    await api.import_on_sale("A", "B", "C")
    first = await api.call("/v5/product/info/prices", {"filter": {"visibility": "ALL"}, "limit": 2, "cursor": ""})
    second = await api.call("/v5/product/info/prices", {"filter": {}, "limit": 2, "cursor": first["cursor"]})
    assert [item["offer_id"] for item in first["items"] + second["items"]] == ["A", "B", "C"]
    assert (first["total_items"], second["cursor"]) == (3, "")
    assert "total" not in first
    price = first["items"][0]["price"]
    assert (price["price"], price["old_price"], price["vat"], price["currency_code"]) == (1990, 2490, 0.22, "RUB")
    assert first["items"][0]["commissions"]["fbs_direct_flow_trans_min_amount"] == 80
