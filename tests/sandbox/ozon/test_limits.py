"""Rate limits: requests per second, requests per minute of stocks, items per minute."""

import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import Api, Clock, shirt

LIMIT_MESSAGE = "You have reached request rate limit per second"


async def test_the_51st_request_within_a_second_is_refused(api: Api, clock: Clock) -> None:
    for number in range(50):
        response = await api.send("/v1/roles")
        assert response.status_code == 200
        assert response.headers["ratelimit-remaining"] == str(49 - number)
    refused = await api.send("/v1/roles")
    assert (refused.status_code, refused.json()["code"], refused.json()["message"]) == (429, 8, LIMIT_MESSAGE)
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["ratelimit-remaining"] == "0"


async def test_the_window_slides(api: Api, clock: Clock) -> None:
    for _ in range(30):
        await api.send("/v1/roles")
    clock.move(0.6)
    for _ in range(20):
        assert (await api.send("/v1/roles")).status_code == 200
    assert (await api.send("/v1/roles")).status_code == 429
    clock.move(0.5)
    assert (await api.send("/v1/roles")).headers["ratelimit-remaining"] == "29"


async def test_what_remains_is_told_for_each_method_alone(api: Api) -> None:
    stocks = {"stocks": [{"offer_id": "none", "stock": 1, "warehouse_id": 1}]}
    asked = [("/v1/roles", None, "49"), ("/v1/roles", None, "48"), ("/v1/seller/info", None, "49"), ("/v2/products/stocks", stocks, "79")]
    for path, body, left in asked:
        assert (await api.send(path, body)).headers["ratelimit-remaining"] == left


async def test_stocks_take_80_requests_a_minute(api: Api, clock: Clock) -> None:
    body = {"stocks": [{"offer_id": "none", "stock": 1, "warehouse_id": 1}]}
    for _ in range(80):
        assert (await api.send("/v2/products/stocks", body)).status_code == 200
        clock.move(0.1)
    refused = await api.send("/v2/products/stocks", body)
    assert (refused.status_code, refused.json()["code"]) == (429, 8)
    assert refused.headers["retry-after"] == "52"
    assert (await api.send("/v1/roles")).status_code == 200
    clock.move(52)
    assert (await api.send("/v2/products/stocks", body)).status_code == 200


@pytest.mark.parametrize(("sent", "left"), [(3, 2), (5, 0)])
async def test_items_per_minute_have_an_error_of_their_own(api: Api, sandbox: Sandbox, sent: int, left: int) -> None:
    sandbox.memory.limits.set_items_per_minute(5)
    await api.call("/v3/product/import", {"items": [shirt(f"A{number}") for number in range(sent)]})
    refused = await api.send("/v3/product/import", {"items": [shirt(f"B{number}") for number in range(5)]})
    assert refused.status_code == 429
    assert refused.json()["code"] == "RESOURCE_EXHAUSTED"
    assert refused.json()["message"] == f"You have reached operation items limits. Retry after 59 seconds. Remaining {left} items"
    assert refused.headers["item-retry-after"] == "1"
    assert refused.headers["item-rate-limit-remaining"] == str(left)
    api.clock.move(60)
    await api.call("/v3/product/import", {"items": [shirt(f"B{number}") for number in range(5)]})


async def test_items_per_day_are_refused_until_midnight_utc(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.memory.limits.set_items_per_day(3)
    await api.call("/v3/product/import", {"items": [shirt("A"), shirt("B")]})
    refused = await api.send("/v3/product/import", {"items": [shirt("C"), shirt("D")]})
    seconds = 15 * 3600 - 1
    assert (refused.status_code, refused.json()["code"]) == (429, "RESOURCE_EXHAUSTED")
    assert refused.json()["message"] == f"You have reached operation items limits. Retry after {seconds} seconds. Remaining 1 items"
    assert refused.headers["item-retry-after"] == str(15 * 60)
    assert refused.headers["item-rate-limit-remaining"] == "1"
    await api.call("/v3/product/import", {"items": [shirt("C")]})
    assert (await api.send("/v3/product/import", {"items": [shirt("D")]})).status_code == 429
    clock.move(seconds)
    await api.call("/v3/product/import", {"items": [shirt("D"), shirt("E")]})
