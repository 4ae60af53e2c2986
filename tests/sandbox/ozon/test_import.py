"""/v3/product/import: the asynchronous task, Ozon's validation and the quotas."""

from typing import Any

import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import Api, Clock, attribute, shirt

BRAND, MODEL = attribute(85, dictionary=(5_000_002,)), attribute(9048, "Лён")
JACKET: dict[str, Any] = {"description_category_id": 103, "type_id": 1004}


async def test_a_task_is_pending_until_its_time_has_come(api: Api, clock: Clock) -> None:
    task_id = (await api.send("/v3/product/import", {"items": [shirt()]})).json()["result"]["task_id"]
    clock.move(0.4)
    pending = (await api.send("/v1/product/import/info", {"task_id": task_id})).json()
    assert pending == {"result": {"items": [{"offer_id": "RU-1", "product_id": 0, "status": "pending", "errors": []}], "total": 1}}
    clock.move(0.2)
    done = (await api.send("/v1/product/import/info", {"task_id": str(task_id)})).json()["result"]["items"][0]
    assert (done["status"], done["errors"]) == ("imported", [])
    assert done["product_id"] > 0


async def test_an_unknown_task_is_not_found(api: Api) -> None:
    status, code, message = await api.refused("/v1/product/import/info", {"task_id": 5})
    assert (status, code) == (404, 5)
    assert "task 5" in message


async def test_prices_are_sent_a_while_after_the_import(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    await api.send("/v3/product/import", {"items": [shirt()]})
    clock.move(0.5)
    product = sandbox.products["RU-1"]
    assert (product.status, product.sku) == ("imported", 0)
    clock.move(1)
    assert sandbox.products["RU-1"].status == "price_sent"
    assert product.sku > 0


async def test_an_update_keeps_the_product_and_its_stock(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", stock=7)
    before = sandbox.products["RU-1"]
    known = (before.product_id, before.sku, dict(before.stocks))
    result = await api.import_items(shirt(name="Рубашка новая", price="2100"))
    after = sandbox.products["RU-1"]
    assert result[0]["product_id"] == known[0]
    assert (after.product_id, after.sku, after.stocks) == known
    assert (after.name, str(after.price), after.status) == ("Рубашка новая", "2100", "price_sent")


WRONG: list[tuple[str, dict[str, Any], str, str, int]] = [
    ("no name", {"name": None}, "EMPTY_REQUIRED", "name", 0),
    ("blank name", {"name": "  "}, "EMPTY_REQUIRED", "name", 0),
    ("long name", {"name": "я" * 256}, "name_too_long", "name", 0),
    ("long offer_id", {"offer_id": "A" * 51}, "offer_id_too_long", "offer_id", 0),
    ("no category", {"description_category_id": None}, "description_category_is_empty", "description_category_id", 0),
    ("unknown category", {"description_category_id": 999}, "description_category_invalid", "description_category_id", 0),
    ("no type", {"type_id": None}, "description_type_is_empty", "type_id", 0),
    ("type of another category", {"type_id": 2001}, "description_category_has_no_description_type", "type_id", 0),
    ("disabled type", {"type_id": 1002}, "description_category_is_legacy", "type_id", 0),
    ("disabled category", {"description_category_id": 102, "type_id": 1003}, "description_category_is_legacy", "type_id", 0),
    ("no price", {"price": None}, "price_is_negative", "price", 0),
    ("zero price", {"price": "0"}, "price_is_negative", "price", 0),
    ("negative price", {"price": "-5"}, "price_is_negative", "price", 0),
    ("price with a comma", {"price": "19,90"}, "price_is_negative", "price", 0),
    ("exponent", {"price": "1e3"}, "price_is_negative", "price", 0),
    ("fractions of a kopeck", {"price": "10.001", "old_price": None}, "price_out_of_range", "price", 0),
    ("huge price", {"price": "100000001", "old_price": "0"}, "price_out_of_range", "price", 0),
    ("old price below the price", {"old_price": "1000"}, "old_price_less_than_price", "old_price", 0),
    ("old price equal to the price", {"old_price": "1990"}, "old_price_less_than_price", "old_price", 0),
    ("long barcode", {"barcode": "4" * 101}, "barcode_too_long", "barcode", 0),
    ("old price is no number", {"old_price": "много"}, "price_out_of_range", "old_price", 0),
    ("foreign currency", {"currency_code": "CNY"}, "bad_request_error", "currency_code", 0),
    ("VAT of 18 %", {"vat": "0.18"}, "vat_invalid", "vat", 0),
    ("no VAT", {"vat": None}, "vat_invalid", "vat", 0),
    ("VAT as a percentage", {"vat": "22"}, "vat_invalid", "vat", 0),
    ("no depth", {"depth": None}, "missing_dimension", "depth", 0),
    ("zero width", {"width": 0}, "missing_dimension", "width", 0),
    ("zero weight", {"weight": 0}, "missing_dimension", "weight", 0),
    ("no unit of length", {"dimension_unit": None}, "missing_dimension", "dimension_unit", 0),
    ("no unit of weight", {"weight_unit": None}, "missing_dimension", "weight_unit", 0),
    (
        "heavier than a tonne",
        {"weight": 1001, "weight_unit": "kg", "depth": 5000, "width": 5000, "height": 5000},
        "weight_too_big",
        "weight",
        0,
    ),
    ("too dense", {"weight": 40, "weight_unit": "kg"}, "Incorrect_density", "weight", 0),
    ("too light", {"weight": 1, "depth": 1000, "width": 1000, "height": 1000}, "Incorrect_density", "weight", 0),
    ("pictures on the disk", {"images": ["C:\\1.jpg"]}, "all_image_failed", "images", 0),
    ("no brand", {"attributes": [MODEL]}, "error_attribute_values_empty", "", 85),
    ("empty brand", {"attributes": [attribute(85), MODEL]}, "error_attribute_values_empty", "", 85),
    ("blank model", {"attributes": [BRAND, attribute(9048, " ")]}, "error_attribute_values_empty", "", 9048),
    ("unknown value", {"attributes": [attribute(85, dictionary=(1,)), MODEL]}, "error_attribute_values_out_of_range", "", 85),
    ("text instead of a value", {"attributes": [attribute(85, "Ромашка"), MODEL]}, "error_attribute_values_out_of_range", "", 85),
    (
        "value of another dictionary",
        {"attributes": [BRAND, MODEL, attribute(4389, dictionary=(61571,))]},
        "error_attribute_values_out_of_range",
        "",
        4389,
    ),
    ("two brands", {"attributes": [attribute(85, dictionary=(5_000_002, 5_000_003)), MODEL]}, "VALUE_MAX_LIMIT", "", 85),
    ("three colours", {"attributes": [BRAND, MODEL, attribute(10096, dictionary=(61571, 61576, 61577))]}, "VALUE_MAX_LIMIT", "", 10096),
    (
        "fraction where a whole number belongs",
        {"attributes": [BRAND, MODEL, attribute(7001, "2.5")]},
        "error_attribute_values_invalid",
        "",
        7001,
    ),
    ("decimal comma", {"attributes": [BRAND, MODEL, attribute(7002, "2,5")]}, "error_attribute_values_invalid", "", 7002),
    ("not a link", {"attributes": [BRAND, MODEL, attribute(7003, "инструкция.pdf")]}, "error_attribute_values_invalid", "", 7003),
    ("not a boolean", {"attributes": [BRAND, MODEL, attribute(7004, "да")]}, "error_attribute_values_invalid", "", 7004),
    (
        "colour of another type",
        {**JACKET, "attributes": [BRAND, MODEL, attribute(10096, dictionary=(61571,))]},
        "error_attribute_values_out_of_range",
        "",
        10096,
    ),
]


@pytest.mark.parametrize(("changes", "code", "field", "attribute_id"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
async def test_a_wrong_item_fails_with_its_error(
    api: Api, sandbox: Sandbox, changes: dict[str, Any], code: str, field: str, attribute_id: int
) -> None:
    result = (await api.import_items(shirt(**changes)))[0]
    assert (result["status"], result["product_id"]) == ("failed", 0)
    found = [error for error in result["errors"] if error["code"] == code]
    assert [(error["field"], error["attribute_id"], error["level"]) for error in found] == [(field, attribute_id, "error")]
    assert set(found[0]) == {"code", "message", "state", "level", "description", "field", "attribute_id", "attribute_name"}
    assert found[0]["description"]
    assert not sandbox.products


RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("as it is", {}),
    ("name of 255", {"name": "я" * 255}),
    ("no old price", {"old_price": "0"}),
    ("other units", {"depth": 30, "width": 20, "height": 4, "dimension_unit": "cm", "weight": 1, "weight_unit": "lb"}),
    ("no currency", {"currency_code": None}),
    ("tea without attributes of its own", {"description_category_id": 201, "type_id": 2001, "attributes": [BRAND, MODEL]}),
    ("new category", {"description_category_id": 999, "new_description_category_id": 101}),
    (
        "numbers and links",
        {
            "attributes": [
                BRAND,
                MODEL,
                attribute(7001, "-2"),
                attribute(7002, "2.5"),
                attribute(7003, "https://e.test/a"),
                attribute(7004, "true"),
            ]
        },
    ),
    ("the type as an attribute", {"attributes": [BRAND, MODEL, attribute(8229, dictionary=(1001,))]}),
    ("video", {"complex_attributes": [{"attributes": [{**attribute(21841, "https://e.test/v"), "complex_id": 100001}]}]}),
]


@pytest.mark.parametrize("changes", [row[1] for row in RIGHT], ids=[row[0] for row in RIGHT])
async def test_a_right_item_is_imported(api: Api, sandbox: Sandbox, changes: dict[str, Any]) -> None:
    result = (await api.import_items(shirt(**changes)))[0]
    assert (result["status"], result["errors"]) == ("imported", [])
    assert sandbox.products["RU-1"].item.name == shirt(**changes)["name"]


@pytest.mark.parametrize("vat", ["0", "0.05", "0.07", "0.1", "0.2", "0.22"])
async def test_every_rate_of_vat_is_accepted(api: Api, vat: str) -> None:
    assert (await api.import_items(shirt(vat=vat)))[0]["status"] == "imported"


async def test_several_errors_are_told_at_once(api: Api) -> None:
    result = (await api.import_items(shirt(price="0", vat="1", attributes=[])))[0]
    assert [error["code"] for error in result["errors"]] == [
        "price_is_negative",
        "vat_invalid",
        "error_attribute_values_empty",
        "error_attribute_values_empty",
    ]


async def test_an_attribute_of_another_type_is_only_a_warning(api: Api) -> None:
    result = (await api.import_items(shirt(attributes=[BRAND, MODEL, attribute(777, "что-то")])))[0]
    assert result["status"] == "imported"
    assert [(error["attribute_id"], error["level"]) for error in result["errors"]] == [(777, "warning")]


async def test_a_missing_customs_code_is_imported_yet_never_sold(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    jacket = shirt(**JACKET, attributes=[BRAND, MODEL, attribute(10096, dictionary=(61576,))])
    result = (await api.import_items(jacket))[0]
    assert result["status"] == "imported"
    assert [(error["code"], error["attribute_id"]) for error in result["errors"]] == [("error_attribute_values_empty", 22232)]
    clock.move(60)
    assert sandbox.products["RU-1"].status == "new"
    jacket["attributes"].append(attribute(22232, dictionary=(970001,)))
    assert (await api.import_items(jacket))[0]["errors"] == []
    assert sandbox.products["RU-1"].status == "price_sent"


async def test_one_wrong_item_does_not_stop_the_others(api: Api, sandbox: Sandbox) -> None:
    results = await api.import_items(shirt("A"), shirt("B", vat="9"), shirt("C"))
    assert [row["status"] for row in results] == ["imported", "failed", "imported"]
    assert sorted(sandbox.products) == ["A", "C"]


async def test_a_failed_update_keeps_the_old_card(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1")
    product_id = sandbox.products["RU-1"].product_id
    result = (await api.import_items(shirt(name="", price="1")))[0]
    assert (result["status"], result["product_id"]) == ("failed", product_id)
    assert str(sandbox.products["RU-1"].price) == "1990"


async def test_the_limit_answer_counts_what_was_created_and_updated(api: Api, clock: Clock) -> None:
    await api.import_items(shirt("A"), shirt("B"))
    await api.import_items(shirt("A", price="2000"))
    limit = await api.call("/v4/product/info/limit")
    assert limit["total"] == {"limit": 249_500, "usage": 2}
    assert limit["daily_create"] == {"limit": 1_500, "usage": 2, "reset_at": "2026-11-25T00:00:00Z"}
    assert limit["daily_update"] == {"limit": 5_000, "usage": 1, "reset_at": "2026-11-25T00:00:00Z"}
    assert limit["operation_limits"] == {"limit": 30_000, "limit_type": "RATE_LIMIT_PER_MINUTE"}


@pytest.mark.parametrize("quota", ["daily_create", "total"])
async def test_no_more_products_than_the_quota(api: Api, sandbox: Sandbox, quota: str) -> None:
    setattr(sandbox.memory.quotas, quota, 2)
    results = [*await api.import_items(shirt("A"), shirt("B"), shirt("C")), *await api.import_items(shirt("A", price="2000"))]
    assert [row["status"] for row in results] == ["imported", "imported", "failed", "imported"]
    assert [error["code"] for error in results[2]["errors"]] == ["item_limit_exceeded"]


async def test_the_daily_quota_starts_anew_at_midnight_utc(api: Api, sandbox: Sandbox, clock: Clock) -> None:
    sandbox.memory.quotas.daily_create = 1
    await api.import_items(shirt("A"))
    clock.move(15 * 3600)
    assert (await api.import_items(shirt("B")))[0]["status"] == "imported"
    sandbox.memory.quotas.daily_update = 0
    assert (await api.import_items(shirt("A", price="2000")))[0]["errors"][0]["code"] == "item_limit_exceeded"
