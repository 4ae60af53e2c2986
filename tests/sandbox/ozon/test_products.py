"""Reading cards back and putting them into the archive."""

from datetime import timedelta
from typing import Any

import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import MAIN_WAREHOUSE, Api, Clock, attribute, shirt


async def test_the_list_comes_in_pages_and_counts_everything(api: Api) -> None:
    await api.import_on_sale(*(f"A{number}" for number in range(7)), stock=1)
    offers: list[str] = []
    last_id, pages = "", 0
    while pages == 0 or last_id:
        result = (await api.call("/v3/product/list", {"filter": {"visibility": "ALL"}, "limit": 3, "last_id": last_id}))["result"]
        assert result["total_items"] == 7
        assert "total" not in result
        offers += [item["offer_id"] for item in result["items"]]
        last_id, pages = result["last_id"], pages + 1
    assert (offers, pages) == ([f"A{number}" for number in range(7)], 4)
    assert result == {"items": [], "total_items": 7, "last_id": ""}
    item = (await api.call("/v3/product/list", {"filter": {"offer_id": ["A1"]}}))["result"]["items"][0]
    assert set(item) == {"product_id", "offer_id", "sku", "archived", "has_fbo_stocks", "has_fbs_stocks", "is_discounted", "quants"}
    assert item["has_fbs_stocks"] is True


async def test_the_list_can_be_filtered(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A", "B", "C")
    product = sandbox.products["B"]
    for condition in ({"offer_id": ["B", "?"]}, {"product_id": [str(product.product_id)]}, {"skus": [product.sku, 5]}):
        result = (await api.call("/v3/product/list", {"filter": condition}))["result"]
        assert [item["offer_id"] for item in result["items"]] == ["B"]
        assert result["total_items"] == 1


async def test_visibility_follows_stock_and_moderation(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("stocked", stock=3)
    await api.import_on_sale("empty")
    jacket: dict[str, Any] = {"description_category_id": 103, "type_id": 1004}
    colour = attribute(10096, dictionary=(61576,))
    await api.import_items(shirt("bad", **jacket, attributes=[attribute(85, dictionary=(5_000_001,)), attribute(9048, "М"), colour]))

    async def offers(visibility: str) -> list[str]:
        result = (await api.call("/v3/product/list", {"filter": {"visibility": visibility}}))["result"]
        return [item["offer_id"] for item in result["items"]]

    assert await offers("VISIBLE") == ["stocked"]
    assert await offers("INVISIBLE") == ["empty", "bad"]
    assert await offers("EMPTY_STOCK") == ["empty", "bad"]
    assert await offers("TO_SUPPLY") == ["stocked", "empty"]
    assert await offers("STATE_FAILED") == ["bad"]
    assert await offers("ARCHIVED") == []


async def test_info_has_the_card_with_prices_as_text(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", stock=4)
    answer = await api.call("/v3/product/info/list", {"offer_id": ["RU-1", "unknown"]})
    assert list(answer) == ["items"]
    (item,) = answer["items"]
    product = sandbox.products["RU-1"]
    assert (item["id"], item["sku"], item["name"]) == (product.product_id, product.sku, "Рубашка льняная RU-1")
    assert (item["price"], item["old_price"], item["min_price"], item["vat"]) == ("1990.00", "2490.00", "", "0.22")
    assert item["stocks"] == {"has_stock": True, "stocks": [{"present": 4, "reserved": 0, "sku": product.sku, "source": "fbs"}]}
    assert item["statuses"]["status"] == "price_sent"
    assert item["statuses"]["is_created"] is True
    assert item["visibility_details"] == {"has_price": True, "has_stock": True}
    assert item["created_at"].endswith("Z")
    assert item["errors"] == []


async def test_info_shows_the_errors_of_a_card_that_is_not_sold(api: Api) -> None:
    jacket: dict[str, Any] = {"description_category_id": 103, "type_id": 1004}
    colour = attribute(10096, dictionary=(61576,))
    await api.import_items(shirt(**jacket, attributes=[attribute(85, dictionary=(5_000_001,)), attribute(9048, "М"), colour]))
    item = (await api.call("/v3/product/info/list", {"offer_id": ["RU-1"]}))["items"][0]
    assert item["sku"] == 0
    assert (item["statuses"]["status"], item["statuses"]["status_failed"], item["statuses"]["is_created"]) == ("new", "imported", False)
    (error,) = item["errors"]
    assert (error["code"], error["attribute_id"], error["level"]) == ("error_attribute_values_empty", 22232, "ERROR_LEVEL_ERROR")
    assert error["texts"]["attribute_name"] == "ТН ВЭД коды ЕАЭС"
    assert error["texts"]["params"][0] == {"name": "attribute_id", "value": "22232"}


async def test_attributes_flatten_the_nested_ones(api: Api, sandbox: Sandbox) -> None:
    video: list[dict[str, Any]] = [
        {"id": 21841, "complex_id": 100001, "values": [{"value": "https://example.test/v"}]},
        {"id": 21837, "complex_id": 100001, "values": [{"value": "Обзор"}]},
    ]
    await api.import_items(shirt(complex_attributes=[{"attributes": video}]))
    answer = await api.call("/v4/product/info/attributes", {"filter": {"offer_id": ["RU-1"]}, "limit": 100})
    (card,) = answer["result"]
    assert (answer["total"], answer["last_id"]) == (1, "")
    assert card["id"] == sandbox.products["RU-1"].product_id
    assert card["attributes"][0] == {"id": 85, "complex_id": 0, "values": [{"dictionary_value_id": 5_000_002, "value": ""}]}
    assert [(row["id"], row["complex_id"]) for row in card["complex_attributes"]] == [(21841, 100001), (21837, 100001)]
    assert (card["height"], card["weight"], card["dimension_unit"], card["weight_unit"]) == (40, 350, "mm", "g")


async def test_attributes_can_be_sorted_and_paged(api: Api) -> None:
    await api.import_items(shirt("B"), shirt("A"), shirt("C"))
    offers: list[str] = []
    last_id = ""
    for _ in range(2):
        body = {"filter": {}, "limit": 2, "sort_by": "offer_id", "sort_dir": "desc", "last_id": last_id}
        answer = await api.call("/v4/product/info/attributes", body)
        offers += [card["offer_id"] for card in answer["result"]]
        last_id = answer["last_id"]
    assert (offers, last_id) == (["C", "B", "A"], "")


async def test_an_archived_card_leaves_the_list(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A", "B")
    assert await api.call("/v1/product/archive", {"product_id": [sandbox.products["A"].product_id]}) == {"result": True}
    listed = (await api.call("/v3/product/list", {}))["result"]
    archived = (await api.call("/v3/product/list", {"filter": {"visibility": "ARCHIVED"}}))["result"]
    assert [item["offer_id"] for item in listed["items"]] == ["B"]
    assert [(item["offer_id"], item["archived"]) for item in archived["items"]] == [("A", True)]
    stock = {"stocks": [{"offer_id": "A", "stock": 1, "warehouse_id": MAIN_WAREHOUSE}]}
    assert (await api.call("/v2/products/stocks", stock))["result"][0]["errors"][0]["code"] == "PRODUCT_IS_ARCHIVED"


async def test_archiving_answers_for_the_request_and_a_card_with_stock_stays(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A", stock=2)
    await api.import_on_sale("B")
    ids = [sandbox.products["B"].product_id, sandbox.products["A"].product_id]
    answered = (await api.send("/v1/product/archive", {"product_id": ids})).json()
    assert answered == {"result": True}
    assert not sandbox.products["B"].archived
    api.clock.move(1)
    items = (await api.call("/v3/product/info/list", {"offer_id": ["A", "B"]}))["items"]
    assert [item["is_archived"] for item in items] == [False, True]
    assert (await api.refused("/v1/product/archive", {"product_id": [1]}))[:2] == (404, 5)


async def test_what_is_asked_for_by_id_is_listed_from_the_archive_too(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A")
    await api.call("/v1/product/archive", {"product_id": [sandbox.products["A"].product_id]})
    (item,) = (await api.call("/v3/product/list", {"filter": {"offer_id": ["A"], "visibility": "ALL"}}))["result"]["items"]
    assert item["archived"] is True


async def test_ozon_archives_by_itself_and_lets_a_hundred_a_day_return(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.memory.quotas.daily_restore = 2
    await api.import_on_sale("A", "B", "C")
    for offer in ("A", "B", "C"):
        sandbox.auto_archive(offer)
    (item,) = (await api.call("/v3/product/info/list", {"offer_id": ["A"]}))["items"]
    assert (item["is_archived"], item["is_autoarchived"]) == (False, True)
    ids = [sandbox.products[offer].product_id for offer in ("A", "B", "C")]
    status, code, message = await api.refused("/v1/product/unarchive", {"product_id": ids})
    assert (status, code) == (400, 9)
    assert "autoarchive_restore_failed" in message
    assert await api.call("/v1/product/unarchive", {"product_id": ids[:2]}) == {"result": True}
    listed = (await api.call("/v3/product/list", {"filter": {"visibility": "AUTO_ARCHIVED"}}))["result"]["items"]
    assert [row["offer_id"] for row in listed] == ["C"]
    assert (await api.refused("/v1/product/unarchive", {"product_id": ids[2:]}))[:2] == (400, 9)
    clock.move(86_400)
    assert await api.call("/v1/product/unarchive", {"product_id": ids[2:]}) == {"result": True}


async def test_a_card_without_stock_goes_into_the_archive_after_the_time_that_was_set(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.memory.timing.auto_archive = timedelta(minutes=5)
    await api.import_on_sale("empty")
    await api.import_on_sale("stocked", stock=1)
    clock.move(300)
    assert {offer: product.autoarchived for offer, product in sandbox.products.items()} == {"empty": True, "stocked": False}
    with pytest.raises(ValueError, match="stocked"):
        sandbox.auto_archive("stocked")


async def test_the_old_count_is_there_until_ozon_takes_it_away(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.memory.total_removed = clock.now + timedelta(days=1)
    asked = {"filter": {}, "limit": 9}
    lists = {"/v3/product/list": asked, "/v5/product/info/prices": asked, "/v4/product/info/stocks": asked}
    await api.import_items(shirt())
    for number, counts in enumerate(({"total": 1, "total_items": 1}, {"total_items": 1})):
        clock.move(86_400 * number)
        for path, body in lists.items():
            answer = await api.call(path, body)
            answer = answer.get("result", answer)
            assert {name: answer[name] for name in answer if name.startswith("total")} == counts, path
