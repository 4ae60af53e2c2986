"""What becomes of a card whose import was accepted: moderation, refused updates, imports without changes, forgotten tasks."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import DATA, MAIN_WAREHOUSE, Api, Clock, shirt

HOURS = 3


@pytest.fixture
def slow(sandbox: Sandbox) -> Sandbox:
    """Its moderation takes three hours."""
    sandbox.memory.timing.moderation = timedelta(hours=HOURS)
    return sandbox


async def card(api: Api, offer_id: str = "RU-1") -> dict[str, Any]:
    item: dict[str, Any] = (await api.call("/v3/product/info/list", {"offer_id": [offer_id]}))["items"][0]
    return item


async def statuses(api: Api, offer_id: str = "RU-1") -> dict[str, Any]:
    found: dict[str, Any] = (await card(api, offer_id))["statuses"]
    return found


async def test_a_new_card_is_on_moderation_for_as_long_as_was_set(api: Api, slow: Sandbox, clock: Clock) -> None:
    (result,) = await api.import_items(shirt())
    assert result["status"] == "imported"
    for _ in range(2):
        item = await card(api)
        assert (item["sku"], item["statuses"]["status"], item["statuses"]["is_created"]) == (0, "imported", False)
        assert (item["statuses"]["moderate_status"], item["statuses"]["status_description"]) == ("in-moderating", "На модерации")
        clock.move(HOURS * 3600 - 20)
    clock.move(40)
    item = await card(api)
    assert item["sku"] > 0
    assert (item["statuses"]["status"], item["statuses"]["status_name"]) == ("price_sent", "Готов к продаже")
    assert (item["statuses"]["moderate_status"], item["statuses"]["is_created"]) == ("approved", True)


async def test_neither_stock_nor_price_is_taken_before_moderation_ends(api: Api, slow: Sandbox, clock: Clock) -> None:
    await api.import_items(shirt())
    stock = {"stocks": [{"offer_id": "RU-1", "stock": 1, "warehouse_id": MAIN_WAREHOUSE}]}
    price = {"prices": [{"offer_id": "RU-1", "price": "2000"}]}
    for path, body in (("/v2/products/stocks", stock), ("/v1/product/import/prices", price)):
        (row,) = (await api.call(path, body))["result"]
        assert (row["updated"], row["errors"][0]["code"]) == (False, "product_is_not_created")
    clock.move(HOURS * 3600)
    for path, body in (("/v2/products/stocks", stock), ("/v1/product/import/prices", price)):
        assert (await api.call(path, body))["result"][0]["updated"] is True


async def test_a_card_may_be_rejected_after_its_import_was_accepted(api: Api, clock: Clock, sandbox: Sandbox) -> None:
    (result,) = await api.import_items(shirt(name="Рубашка [reject]"))
    assert (result["status"], result["errors"]) == ("imported", [])
    clock.move(10)
    item = await card(api)
    assert (item["statuses"]["moderate_status"], item["statuses"]["is_created"], item["sku"]) == ("declined", False, 0)
    assert [(error["code"], error["level"]) for error in item["errors"]] == [("moderation_declined", "ERROR_LEVEL_ERROR")]
    assert item["errors"][0]["texts"]["description"]
    assert sandbox.summary()["products_rejected"] == 1
    await api.import_items(shirt())
    clock.move(10)
    assert ((await card(api))["errors"], (await statuses(api))["status"]) == ([], "price_sent")


async def test_a_refused_update_leaves_the_old_card_on_sale(api: Api, clock: Clock, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", stock=3)
    (result,) = await api.import_items(shirt(name="Новое имя [reject]", price="2100"))
    assert result["status"] == "imported"
    clock.move(10)
    item = await card(api)
    assert (item["name"], item["price"]) == ("Рубашка льняная RU-1", "1990.00")
    assert (item["statuses"]["status"], item["statuses"]["status_failed"]) == ("price_sent", "imported")
    assert (item["statuses"]["status_name"], item["statuses"]["status_description"]) == ("Продается", "Не обновлен")
    assert [error["code"] for error in item["errors"]] == ["moderation_declined"]
    sandbox.place_order("RU-1")
    (again,) = await api.import_items(shirt())
    assert again["status"] == "imported"
    clock.move(10)
    assert ((await statuses(api))["status_failed"], (await card(api))["errors"]) == ("", [])


async def test_an_update_that_fails_validation_is_shown_as_not_updated(api: Api) -> None:
    await api.import_on_sale("RU-1")
    await api.import_items(shirt(vat="9"))
    item = await card(api)
    assert (item["statuses"]["status_description"], item["statuses"]["is_created"]) == ("Не обновлен", True)
    assert [error["code"] for error in item["errors"]] == ["vat_invalid"]


async def test_an_update_is_moderated_while_the_card_is_on_sale(api: Api, slow: Sandbox, clock: Clock) -> None:
    await api.import_items(shirt())
    clock.move(HOURS * 3600)
    await api.import_items(shirt(name="Другое имя"))
    found = await statuses(api)
    assert (found["status"], found["is_created"], found["moderate_status"]) == ("price_sent", True, "in-moderating")
    clock.move(HOURS * 3600)
    assert (await statuses(api))["moderate_status"] == "approved"


async def test_an_import_without_changes_is_skipped(api: Api, clock: Clock) -> None:
    await api.import_on_sale("RU-1")
    before = await card(api)
    used = (await api.call("/v4/product/info/limit"))["daily_update"]["usage"]
    (result,) = await api.import_items(shirt())
    assert result == {"offer_id": "RU-1", "product_id": before["id"], "status": "skipped", "errors": []}
    assert await card(api) == before
    assert (await api.call("/v4/product/info/limit"))["daily_update"]["usage"] == used
    await api.call("/v1/product/import/prices", {"prices": [{"offer_id": "RU-1", "price": "2000"}]})
    assert (await api.import_items(shirt()))[0]["status"] == "imported"


async def test_a_share_of_the_cards_is_rejected_by_the_seed(clock: Clock) -> None:
    async def rejected(seed: int, share: str) -> list[str]:
        sandbox = Sandbox(data_dir=DATA, clock=clock, order_interval_s=0, faults=f"reject={share}", seed=seed)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test") as client:
            await Api(client, clock).import_items(*(shirt(f"A{number}") for number in range(40)))
        clock.move(10)
        return [offer for offer, product in sandbox.products.items() if product.declined]

    first = await rejected(1, "0.2")
    assert 1 <= len(first) <= 20
    assert await rejected(1, "0.2") == first
    assert await rejected(2, "0.2") != first
    assert await rejected(1, "0") == []


async def test_the_answer_of_an_import_is_forgotten_after_a_time(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.memory.timing.task_memory = timedelta(minutes=10)
    first, second = [(await api.call("/v3/product/import", {"items": [shirt(offer)]}))["result"]["task_id"] for offer in ("A", "B")]
    clock.move(590)
    assert (await api.call("/v1/product/import/info", {"task_id": first}))["result"]["items"][0]["status"] == "imported"
    clock.move(10)
    assert (await api.refused("/v1/product/import/info", {"task_id": first}))[:2] == (404, 5)
    third = (await api.call("/v3/product/import", {"items": [shirt("C")]}))["result"]["task_id"]
    assert len({first, second, third}) == 3
