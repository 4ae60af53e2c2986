"""What the sandbox asks of a seller at work: marks before the assembling, allowed reasons, carriages, own delivery, and its delays."""

from datetime import timedelta
from typing import Any

import pytest

from ozon_desktop.sandbox.ozon.exemplars import GS
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import MAIN_WAREHOUSE, RFBS_WAREHOUSE, Api, Clock

EXEMPLAR = "/v6/fbs/posting/product/exemplar"
SET, STATUS = f"{EXEMPLAR}/set", "/v5/fbs/posting/product/exemplar/status"
GOOD = "0104600000000008215serial{}" + f"{GS}91EE10{GS}92{'s' * 44}"
SHIP = "/v4/posting/fbs/ship"


@pytest.fixture
async def shop(api: Api, sandbox: Sandbox) -> Sandbox:
    """Two products with ten pieces in the FBS and the rFBS warehouse; parcels leave with a carriage only."""
    sandbox.memory.timing.needs_carriage = True
    await api.import_on_sale("A", "B", stock=10)
    rows = [{"offer_id": offer, "stock": 10, "warehouse_id": RFBS_WAREHOUSE} for offer in ("A", "B")]
    await api.call("/v2/products/stocks", {"stocks": rows})
    return sandbox


def body(sandbox: Sandbox, number: str) -> Any:
    return next(one for one in sandbox.postings if one["posting_number"] == number)


def sku(sandbox: Sandbox, offer: str) -> int:
    return sandbox.products[offer].sku


def whole(sandbox: Sandbox, number: str) -> dict[str, Any]:
    rows = [{"product_id": line["sku"], "quantity": line["quantity"]} for line in body(sandbox, number)["products"]]
    return {"posting_number": number, "packages": [{"products": rows}]}


async def numbered(api: Api, number: str) -> list[tuple[int, int]]:
    """(SKU, number) of the pieces."""
    answer = await api.call(f"{EXEMPLAR}/create-or-get", {"posting_number": number})
    return [(product["product_id"], piece["exemplar_id"]) for product in answer["products"] for piece in product["exemplars"]]


async def give(api: Api, number: str, *pieces: tuple[int, int, dict[str, Any]]) -> None:
    """Sets these data of pieces: SKU, number, data."""
    products: dict[int, list[dict[str, Any]]] = {}
    for product, one, data in pieces:
        products.setdefault(product, []).append({"exemplar_id": one, **data})
    rows = [{"product_id": product, "exemplars": exemplars} for product, exemplars in products.items()]
    await api.call(SET, {"posting_number": number, "products": rows})


def marked(code: str) -> dict[str, Any]:
    return {"marks": [{"mark": code, "mark_type": "mandatory_mark"}]}


async def state(api: Api, number: str) -> tuple[str, list[str]]:
    """The state of the check, and all codes of errors."""
    answer = await api.call(STATUS, {"posting_number": number})
    marks = [mark for product in answer["products"] for piece in product["exemplars"] for mark in piece["marks"]]
    return answer["status"], [code for mark in marks for code in mark["error_codes"]]


async def test_a_posting_with_marks_is_assembled_once_all_of_them_are_checked(api: Api, shop: Sandbox, clock: Clock) -> None:
    shop.memory.timing.mark_check = timedelta(seconds=20)
    shop.require("A", "mandatory_mark")
    number = shop.place_order("A", 2)
    assert body(shop, number)["requirements"]["products_requiring_mandatory_mark"] == [str(sku(shop, "A"))]
    assert "ship_with_additional_info" in body(shop, number)["available_actions"]
    assert (await api.refused(SHIP, whole(shop, number)))[2] == "EXEMPLAR_INFO_NOT_FILLED_COMPLETELY"
    first, second = await numbered(api, number)
    assert [first, second] == await numbered(api, number), "numbers are given once"
    await give(api, number, (*first, marked(GOOD.format(1))))
    clock.move(30)
    assert await state(api, number) == ("ship_not_available", [])
    await give(api, number, (*second, marked(GOOD.format(2))))
    clock.move(30)
    assert (await api.refused(SHIP, whole(shop, number)))[2] == "EXEMPLAR_INFO_NOT_FILLED_COMPLETELY", "a set replaces all of it"
    await give(api, number, (*first, marked(GOOD.format(1))), (*second, marked(GOOD.format(2))))
    assert await state(api, number) == ("validation_in_process", [])
    assert (await api.refused(SHIP, whole(shop, number)))[2] == "EXEMPLAR_INFO_NOT_FILLED_COMPLETELY"
    clock.move(30)
    assert await state(api, number) == ("ship_available", [])
    await api.call(SHIP, whole(shop, number))
    clock.move(2)
    assert body(shop, number)["status"] == "awaiting_deliver"


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (GOOD.format(1).replace(GS, ""), "MARK_INVALID_FORMAT"),
        (GOOD.format(1).replace(GS, "\\u001d"), "MARK_INVALID_FORMAT"),
        (GOOD.format(1).replace("04600000000008", "04600000000007"), "MARK_INVALID_GTIN"),
        (GOOD.format(7), "MARK_NOT_IN_CIRCULATION"),
        (GOOD.format(3), "MARK_DUPLICATED"),
    ],
)
async def test_a_wrong_mark_is_found_and_keeps_the_posting_from_being_assembled(
    api: Api, shop: Sandbox, clock: Clock, code: str, error: str
) -> None:
    shop.require("A", "mandatory_mark")
    shop.memory.not_in_circulation.add(GOOD.format(7))
    other, number = shop.place_order("A"), shop.place_order("A")
    [taken] = await numbered(api, other)
    await give(api, other, (*taken, marked(GOOD.format(3))))
    [piece] = await numbered(api, number)
    await give(api, number, (*piece, marked(code)))
    clock.move(5)
    assert await state(api, number) == ("ship_not_available", [error])
    assert (await api.refused(SHIP, whole(shop, number)))[2] == "EXEMPLAR_INFO_NOT_FILLED_COMPLETELY"


async def test_a_check_that_did_not_get_done_is_sent_again(api: Api, shop: Sandbox, clock: Clock) -> None:
    shop.require("A", "mandatory_mark")
    shop.memory.mark_timeouts = 1
    number = shop.place_order("A")
    [piece] = await numbered(api, number)
    for expected in ("ship_not_available", "ship_available"):
        await give(api, number, (*piece, marked(GOOD.format(1))))
        clock.move(5)
        assert (await state(api, number))[0] == expected


async def test_foreign_numbers_redundant_marks_and_declarations(api: Api, shop: Sandbox, clock: Clock) -> None:
    shop.require("B", "country")
    number, bought = shop.place_order("A"), shop.place_order("B")
    wrong = {"posting_number": number, "products": [{"product_id": sku(shop, "A"), "exemplars": [{"exemplar_id": 5}]}]}
    assert (await api.refused(SET, wrong))[2] == f"EXEMPLAR_ID does not belong to product {sku(shop, 'A')}"
    [piece] = await numbered(api, number)
    await give(api, number, (*piece, marked(GOOD.format(1))))
    clock.move(5)
    assert (await api.refused(SHIP, whole(shop, number)))[2] == "MANDATORY_MARK_REDUNDANT"
    country = {"posting_number": bought, "product_id": sku(shop, "B"), "country_iso_code": "CN"}
    assert (await api.refused(SHIP, whole(shop, bought)))[2] == "EXEMPLAR_INFO_NOT_FILLED_COMPLETELY"
    assert (await api.call("/v2/posting/fbs/product/country/set", country))["is_gtd_needed"] is True
    [piece] = await numbered(api, bought)
    await give(api, bought, (*piece, {"is_gtd_absent": True}))
    clock.move(5)
    await api.call(SHIP, whole(shop, bought))


async def test_parts_and_splits_keep_every_piece(api: Api, shop: Sandbox, clock: Clock) -> None:
    number = shop.place_parcel({"A": 2, "B": 1})
    a, b = sku(shop, "A"), sku(shop, "B")
    part = await api.call("/v4/posting/fbs/ship/package", {"posting_number": number, "products": [{"product_id": a, "quantity": 1}]})
    clock.move(2)
    assert body(shop, part["result"])["status"] == "awaiting_deliver"
    assert [(line["sku"], line["quantity"]) for line in body(shop, number)["products"]] == [(a, 1), (b, 1)]
    answer = await api.call(
        "/v1/posting/fbs/split",
        {"posting_number": number, "postings": [{"products": [{"product_id": one, "quantity": 1}]} for one in (a, b)]},
    )
    children = [row["posting_number"] for row in answer["postings"]]
    assert body(shop, number)["status"] == "cancelled_from_split_pending"
    assert {body(shop, child)["status"] for child in children} == {"awaiting_packaging"}
    wrong = {"posting_number": children[0], "packages": [{"products": [{"product_id": b, "quantity": 1}]}]}
    assert (await api.refused(SHIP, wrong))[2] == "HAS_INCORRECT_PRODUCT_QUANTITY"
    for child in children:
        shop.set_posting_status(child, "cancelled")
    product = shop.products["A"]
    assert (product.stocks[MAIN_WAREHOUSE], product.reserved[MAIN_WAREHOUSE]) == (9, 1)


async def test_only_reasons_of_the_seller_cancel_and_what_is_left_keeps_its_number(api: Api, shop: Sandbox, clock: Clock) -> None:
    number, gone = shop.place_parcel({"A": 2, "B": 1}), shop.place_order("A")
    answer = await api.call("/v1/posting/fbs/cancel-reason", {"related_posting_numbers": [number]})
    assert {row["type_id"] for row in answer["result"][0]["reasons"]} == {"seller", "buyer"}
    cancel = {"posting_number": gone, "cancel_reason_id": 506}
    assert (await api.refused("/v2/posting/fbs/cancel", cancel))[2] == "HAS_INCORRECT_CANCEL_REASON"
    assert (await api.refused("/v2/posting/fbs/cancel", {**cancel, "cancel_reason_id": 402}))[2].endswith("message is required")
    assert await api.call("/v2/posting/fbs/cancel", {**cancel, "cancel_reason_id": 352}) == {"result": True}
    assert body(shop, gone)["cancellation"]["affect_cancellation_rating"] is True
    assert (await api.refused("/v2/posting/fbs/cancel", {**cancel, "cancel_reason_id": 352}))[2] == "POSTING_ALREADY_CANCELLED"
    less = {"posting_number": number, "cancel_reason_id": 352, "cancel_reason_message": "нет"}
    items = [{"sku": sku(shop, "A"), "quantity": 2}]
    assert await api.call("/v2/posting/fbs/product/cancel", {**less, "items": items}) == {"result": ""}
    assert [line["offer_id"] for line in body(shop, number)["products"]] == ["B"]
    rest = [{"sku": sku(shop, "B"), "quantity": 1}]
    assert (await api.refused("/v2/posting/fbs/product/cancel", {**less, "items": rest}))[2] == "HAS_INCORRECT_PRODUCT_QUANTITY"
    shop.set_posting_status(number, "delivering")
    assert (await api.refused("/v2/posting/fbs/cancel", {"posting_number": number, "cancel_reason_id": 352}))[2] == "HAS_INCORRECT_STATUS"


async def test_lists_lag_behind_and_the_posting_itself_does_not(api: Api, shop: Sandbox, clock: Clock) -> None:
    shop.memory.timing.list_lag = timedelta(seconds=30)
    number = shop.place_order("A")
    await api.call(SHIP, whole(shop, number))
    clock.move(2)
    assert (await api.call("/v3/posting/fbs/get", {"posting_number": number}))["result"]["status"] == "awaiting_deliver"
    period = {"since": "2026-11-20T00:00:00Z", "to": "2026-12-31T00:00:00Z"}
    for expected in ("awaiting_packaging", "awaiting_deliver"):
        [shown] = (await api.call("/v4/posting/fbs/list", {"filter": period, "limit": 10}))["postings"]
        assert shown["status"] == expected
        clock.move(30)


async def test_a_label_comes_some_time_after_the_assembling_and_may_be_left_out(api: Api, shop: Sandbox, clock: Clock) -> None:
    shop.memory.timing.label_ready = timedelta(seconds=45)
    numbers = [shop.place_order("A"), shop.place_order("B")]
    for number in numbers:
        await api.call(SHIP, whole(shop, number))
    clock.move(5)
    for expected in ("error", "completed"):
        shop.memory.missing_labels = 1
        task = (await api.call("/v3/posting/fbs/package-label/create", {"posting_numbers": numbers}))["tasks"][0]["task_id"]
        clock.move(60)
        answer = await api.call("/v2/posting/fbs/package-label/get", {"task_id": task})
        assert answer["status"]["code"] == expected
    assert (answer["status"]["printed_postings_count"], answer["status"]["unprinted_postings"]) == (1, [])


async def test_parcels_leave_with_an_approved_carriage_only(api: Api, shop: Sandbox, clock: Clock) -> None:
    first, second = shop.place_order("A"), shop.place_order("B")
    assert (await api.refused("/v1/carriage/create", {"delivery_method_id": MAIN_WAREHOUSE}))[2] == "POSTING_NOT_FOUND"
    for number in (first, second):
        await api.call(SHIP, whole(shop, number))
    clock.move(600)
    assert body(shop, first)["status"] == "awaiting_deliver"
    [method] = (await api.call("/v2/carriage/delivery/list", {"limit": 10}))["methods"]
    assert (method["carriages"][0]["id"], method["mandatory_packaged_count"]) == (0, 2)
    carriage = (await api.call("/v1/carriage/create", {}))["carriage_id"]
    assert body(shop, first)["substatus"] == "posting_in_carriage"
    assert (await api.refused("/v1/carriage/create", {}))[2] == "POSTING_NOT_FOUND"
    answer = await api.call("/v1/carriage/set-postings", {"carriage_id": carriage, "posting_numbers": [first, "0-0-0"]})
    assert [row["result"] for row in answer["result"]] == [True, False]
    assert body(shop, second)["substatus"] == "posting_not_in_carriage"
    assert (await api.refused("/v2/posting/fbs/act/get-pdf", {"id": carriage}))[2] == "The next postings aren't ready"
    await api.call("/v1/carriage/approve", {"carriage_id": carriage})
    assert (await api.refused("/v1/carriage/approve", {"carriage_id": carriage}))[2] == "INCORRECT_CARRIAGE_STATUS"
    assert (await api.call("/v1/carriage/cancel", {"carriage_id": carriage}))["error"] == "INCORRECT_CARRIAGE_STATUS"
    clock.move(5)
    act = (await api.call("/v2/posting/fbs/act/check-status", {"id": carriage}))["result"]
    assert (act["status"], act["added_to_act"], act["has_postings_for_next_carriage"]) == ("ready", [first], True)
    assert (body(shop, first)["status"], body(shop, second)["status"]) == ("delivering", "awaiting_deliver")


async def test_the_seller_moves_his_own_deliveries_step_by_step(api: Api, shop: Sandbox, clock: Clock) -> None:
    own, theirs = shop.place_order("A", scheme="rfbs"), shop.place_order("A")
    for number in (own, theirs):
        await api.call(SHIP, whole(shop, number))
    clock.move(600)
    numbers = {"posting_number": [own, theirs]}
    assert [row["error"] for row in (await api.call("/v2/fbs/posting/delivered", numbers))["result"]] == [
        "HAS_INCORRECT_STATUS",
        "HAS_INCORRECT_TPL_INTEGRATION_TYPE",
    ]
    tracking = {"tracking_numbers": [{"posting_number": own, "tracking_number": "TRACK-1"}]}
    assert (await api.call("/v2/fbs/posting/tracking-number/set", tracking))["result"][0]["result"] is True
    for path in ("delivering", "last-mile", "delivered"):
        assert (await api.call(f"/v2/fbs/posting/{path}", {"posting_number": [own]}))["result"][0]["result"] is True
    assert (body(shop, own)["status"], body(shop, own)["tracking_number"]) == ("delivered", "TRACK-1")
