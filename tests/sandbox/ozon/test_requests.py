"""Requests the API refuses before it looks at what they ask for."""

from typing import Any

import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import Api, attribute, shirt

PERIOD = {"since": "2026-11-01T00:00:00Z", "to": "2026-11-30T00:00:00Z"}
PAIR = {"description_category_id": 101, "type_id": 1001}

BROKEN: list[tuple[str, Any, str]] = [
    ("/v1/description-category/tree", {"language": "DE"}, "language"),
    ("/v1/description-category/attribute", {"type_id": 1001}, "description_category_id"),
    ("/v1/description-category/attribute", {**PAIR, "type_id": "1001"}, "type_id"),
    ("/v1/description-category/attribute/values", {**PAIR, "attribute_id": 85}, "limit"),
    ("/v1/description-category/attribute/values", {**PAIR, "attribute_id": 85, "limit": 2001}, "limit"),
    ("/v1/description-category/attribute/values", {**PAIR, "attribute_id": 85, "limit": 0}, "limit"),
    ("/v1/description-category/attribute/values/search", {**PAIR, "attribute_id": 85, "limit": 10, "value": "а"}, "value"),
    ("/v1/description-category/attribute/values/search", {**PAIR, "attribute_id": 85, "limit": 101, "value": "абв"}, "limit"),
    ("/v3/product/import", {}, "items"),
    ("/v3/product/import", {"items": []}, "items"),
    ("/v3/product/import", {"items": [shirt(f"A{number}") for number in range(101)]}, "items"),
    ("/v3/product/import", {"items": [shirt(offer_id=None)]}, "items[0].offer_id"),
    ("/v3/product/import", {"items": [shirt(), shirt(price=1990)]}, "items[1].price"),
    ("/v3/product/import", {"items": [shirt(weight=0.5)]}, "items[0].weight"),
    ("/v3/product/import", {"items": [shirt(depth=True)]}, "items[0].depth"),
    ("/v3/product/import", {"items": [shirt(dimension_unit="m")]}, "items[0].dimension_unit"),
    ("/v3/product/import", {"items": [shirt(images=["https://example.test/1.jpg"] * 51)]}, "items[0].images"),
    ("/v3/product/import", {"items": [shirt(attributes=attribute(85))]}, "items[0].attributes"),
    ("/v1/product/import/info", {}, "task_id"),
    ("/v1/product/import/prices", {"prices": [{"offer_id": "A", "price": 100}]}, "prices[0].price"),
    ("/v1/product/import/prices", {"prices": [{"price": "100"}]}, "prices[0]"),
    ("/v1/product/import/prices", {"prices": [{"offer_id": "A", "price": "100"}] * 1001}, "prices"),
    ("/v2/products/stocks", {"stocks": [{"offer_id": "A", "stock": -1, "warehouse_id": 1}]}, "stocks[0].stock"),
    ("/v2/products/stocks", {"stocks": [{"offer_id": "A", "stock": 1}]}, "stocks[0].warehouse_id"),
    ("/v2/products/stocks", {"stocks": [{"stock": 1, "warehouse_id": 1}]}, "stocks[0]"),
    ("/v2/products/stocks", {"stocks": [{"offer_id": "A", "stock": 1, "warehouse_id": 1}] * 101}, "stocks"),
    ("/v3/product/list", {"limit": 1001}, "limit"),
    ("/v3/product/list", {"filter": {"visibility": "HIDDEN"}}, "filter.visibility"),
    ("/v3/product/list", {"filter": {"offer_id": ["A"], "product_id": ["1"]}}, "filter"),
    ("/v3/product/list", {"filter": {"product_id": ["x"]}}, "filter.product_id[0]"),
    ("/v3/product/info/list", {}, "offer_id"),
    ("/v3/product/info/list", {"offer_id": ["A"], "sku": [1]}, "offer_id"),
    ("/v4/product/info/attributes", {"limit": 10}, "filter"),
    ("/v5/product/info/prices", {"filter": {}}, "limit"),
    ("/v4/product/info/stocks", {"limit": 10}, "filter"),
    ("/v2/product/info/stocks-by-warehouse/fbs", {"limit": 10}, "offer_id"),
    ("/v2/warehouse/list", {}, "limit"),
    ("/v2/warehouse/list", {"limit": 201}, "limit"),
    ("/v4/posting/fbs/list", {"limit": 10}, "filter"),
    ("/v4/posting/fbs/list", {"filter": {"since": PERIOD["since"]}, "limit": 10}, "filter.to"),
    ("/v4/posting/fbs/list", {"filter": PERIOD, "limit": 101}, "limit"),
    ("/v4/posting/fbs/list", {"filter": {**PERIOD, "to": "2026-11-30"}, "limit": 10}, "filter.to"),
    ("/v4/posting/fbs/list", {"filter": {"since": PERIOD["to"], "to": PERIOD["since"]}, "limit": 10}, "filter.since"),
    ("/v4/posting/fbs/list", {"filter": {**PERIOD, "statuses": ["lost"]}, "limit": 10}, "filter.statuses[0]"),
    ("/v4/posting/fbs/unfulfilled/list", {"filter": {}, "limit": 10}, "cutoff_from"),
    ("/v4/posting/fbs/unfulfilled/list", {"filter": {"cutoff_from": PERIOD["since"]}, "limit": 10}, "period"),
    ("/v1/product/archive", {"product_id": []}, "product_id"),
]


@pytest.mark.parametrize(("path", "body", "named"), BROKEN)
async def test_a_broken_request_is_refused_by_the_name_of_its_field(api: Api, path: str, body: Any, named: str) -> None:
    status, code, message = await api.refused(path, body)
    assert (status, code) == (400, 3)
    assert named in message


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("/v1/product/import/info", {}, "task_id: value is required"),
        ("/v1/product/import/info", {"task_id": "x"}, "task_id: must be an integer or a string of digits"),
        ("/v2/warehouse/list", {"limit": True}, "limit: must be an integer"),
        ("/v2/warehouse/list", {"limit": 0}, "limit: value must be greater than or equal to 1"),
        ("/v2/warehouse/list", {"limit": 1, "cursor": 5}, "cursor: must be a string"),
        ("/v3/product/import", {"items": {}}, "items: must be an array"),
        ("/v3/product/import", {"items": []}, "items: value must contain at least 1 item(s)"),
        ("/v3/product/import", {"items": [None]}, "items[0]: must be an object"),
        ("/v3/product/import", {"items": [shirt(weight_unit="t")]}, "items[0].weight_unit: value must be one of , g, kg, lb"),
        ("/v3/product/import", {"items": [shirt(offer_id="")]}, "items[0].offer_id: value length must be at least 1 characters"),
        ("/v1/returns/list", {"limit": 501}, "limit: value must be less than or equal to 500"),
        (
            "/v1/returns/list",
            {"limit": 1, "filter": {"logistic_return_date": {"time_from": "2026-11-01T00:00:00"}}},
            "filter.logistic_return_date.time_from: must be a time in RFC 3339 format with a time zone",
        ),
    ],
)
async def test_a_refusal_says_what_is_wrong_in_ozons_words(api: Api, path: str, body: Any, problem: str) -> None:
    assert await api.refused(path, body) == (400, 3, f"Request validation error: invalid field {problem}")


UNKNOWN: list[tuple[str, Any, str]] = [
    ("/v1/roles", {"language": "RU"}, "language"),
    (
        "/v1/description-category/attribute/values/search",
        {**PAIR, "attribute_id": 85, "limit": 1, "value": "аб", "language": "RU"},
        "language",
    ),
    (
        "/v3/product/import",
        {"items": [shirt(), shirt("RU-2", attributes=[{"id": 85, "values": [{"dictrionary_value_id": 1}]}])]},
        "items[].attributes[].values[].dictrionary_value_id",
    ),
    ("/v2/warehouse/list", {"limit": 1, "typo": None}, "typo"),
    ("/v4/posting/fbs/list", {"filter": PERIOD, "limit": 10, "offset": 0}, "offset"),
    ("/v3/posting/fbo/list", {"filter": PERIOD, "limit": 10, "with": {"barcodes": True}}, "with.barcodes"),
]


@pytest.mark.parametrize(("path", "body", "field"), UNKNOWN)
async def test_an_unknown_field_is_ignored_logged_once_and_counted(
    api: Api, sandbox: Sandbox, caplog: pytest.LogCaptureFixture, path: str, body: Any, field: str
) -> None:
    for _ in range(2):
        await api.call(path, body)
    assert dict(sandbox.memory.unknown_fields) == {(path, field): 2}
    assert sandbox.summary()["unknown_fields"] == 2
    assert [record.getMessage() for record in caplog.records] == [f"{path}: the field {field} is unknown and ignored"]


async def test_a_misspelt_field_leaves_its_attribute_empty(api: Api) -> None:
    misspelt = {"id": 85, "values": [{"dictrionary_value_id": 5_000_002}]}
    (result,) = await api.import_items(shirt(attributes=[misspelt, attribute(9048, "Лён")]))
    assert [(error["code"], error["attribute_id"]) for error in result["errors"]] == [("error_attribute_values_empty", 85)]


@pytest.mark.parametrize("raw", ["{", "not json", '{"a": 1} x', "\xff"])
async def test_a_body_that_is_not_json_is_refused(api: Api, raw: str) -> None:
    headers = {"Client-Id": "100500", "Api-Key": "00000000-0000-4000-8000-000000000001"}
    response = await api.client.post("/v1/roles", content=raw.encode("latin-1"), headers=headers)
    assert (response.status_code, response.json()["code"]) == (400, 3)
    assert "JSON" in response.json()["message"]


async def test_a_body_that_is_not_an_object_is_refused(api: Api) -> None:
    assert (await api.refused("/v1/roles", [1]))[:2] == (400, 3)


async def test_null_means_that_a_field_was_not_sent(api: Api) -> None:
    assert (await api.call("/v1/description-category/tree", {"language": None}))["result"]
    assert (await api.refused("/v2/warehouse/list", {"limit": None}))[:2] == (400, 3)


async def test_a_period_longer_than_a_year_is_refused(api: Api) -> None:
    body = {"filter": {"since": "2024-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "limit": 10}
    for path in ("/v4/posting/fbs/list", "/v3/posting/fbo/list"):
        assert await api.refused(path, body) == (400, 3, "PERIOD_IS_TOO_LONG")


@pytest.mark.parametrize("cursor", ["x", "abc=", "WyJhIiwxXQ==", "WzFd", "ы"])
async def test_a_cursor_the_sandbox_never_gave_is_refused(api: Api, cursor: str) -> None:
    await api.import_items(shirt())
    status, code, message = await api.refused("/v3/product/list", {"last_id": cursor})
    assert (status, code) == (400, 3)
    assert "last_id" in message
