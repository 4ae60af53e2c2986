"""Parcels of the seller wait until they are shipped, are cancelled when that comes too late, and have labels only afterwards."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import MAIN_WAREHOUSE, RFBS_WAREHOUSE, Api, Clock

SHIP = "/v4/posting/fbs/ship"
CREATE, GET = "/v3/posting/fbs/package-label/create", "/v2/posting/fbs/package-label/get"
PERIOD = {"since": "2026-11-20T00:00:00Z", "to": "2026-12-31T00:00:00Z"}
DAY = 24 * 3600


def packed(number: str, *packages: dict[int, int]) -> dict[str, Any]:
    """A ship call with the pieces of each SKU in each package."""
    rows = [{"products": [{"product_id": sku, "quantity": count} for sku, count in package.items()]} for package in packages]
    return {"posting_number": number, "packages": rows}


def posting(sandbox: Sandbox, number: str) -> Any:
    return next(body for body in sandbox.postings + sandbox.fbo_postings if body["posting_number"] == number)


@pytest.fixture
async def shop(api: Api, sandbox: Sandbox) -> Sandbox:
    """Two products with ten pieces in the FBS and the rFBS warehouse."""
    await api.import_on_sale("A", "B", stock=10)
    rows = [{"offer_id": offer, "stock": 10, "warehouse_id": RFBS_WAREHOUSE} for offer in ("A", "B")]
    await api.call("/v2/products/stocks", {"stocks": rows})
    return sandbox


# --- shipping -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["fbs", "rfbs"])
async def test_a_posting_waits_for_the_ship_call_and_changes_a_moment_after_it(api: Api, shop: Sandbox, clock: Clock, scheme: str) -> None:
    number = shop.place_order("A", 2, scheme=scheme)
    clock.move(3 * DAY)
    assert (posting(shop, number)["status"], posting(shop, number)["substatus"]) == ("awaiting_packaging", "posting_created")
    shop.memory.timing.ship_delay = timedelta(seconds=5)
    assert await api.call(SHIP, packed(number, {shop.products["A"].sku: 2})) == {"result": [number], "additional_data": []}
    assert posting(shop, number)["status"] == "awaiting_packaging"
    clock.move(5)
    assert (posting(shop, number)["status"], posting(shop, number)["substatus"]) == ("awaiting_deliver", "posting_not_in_carriage")
    clock.move(60)
    assert posting(shop, number)["status"] == "delivering"


async def test_a_fbo_posting_moves_by_itself_and_is_not_shipped(api: Api, shop: Sandbox, clock: Clock) -> None:
    number = shop.place_order("A", scheme="fbo")
    assert await api.refused(SHIP, packed(number, {shop.products["A"].sku: 1})) == (400, 3, "POSTING_NOT_FOUND")
    clock.move(3 * 60)
    assert posting(shop, number)["status"] == "delivered"


async def test_one_line_of_a_product_may_be_in_two_rows_of_a_package(api: Api, shop: Sandbox, clock: Clock) -> None:
    number, sku = shop.place_order("A", 2), shop.products["A"].sku
    row = {"product_id": sku, "quantity": 1}
    await api.call(SHIP, {"posting_number": number, "packages": [{"products": [row, row]}]})
    clock.move(2)
    assert posting(shop, number)["status"] == "awaiting_deliver"


async def test_several_packages_become_several_postings(api: Api, shop: Sandbox, clock: Clock) -> None:
    number, sku = shop.place_order("A", 5), shop.products["A"].sku
    answer = await api.call(SHIP, {**packed(number, {sku: 2}, {sku: 1}, {sku: 2}), "with": {"additional_data": True}})
    first, second, third = answer["result"]
    assert first == number
    assert [entry["products"][0]["quantity"] for entry in answer["additional_data"]] == [2, 1, 2]
    assert answer["additional_data"][1]["products"] == [
        {
            "mandatory_mark": [],
            "name": "Рубашка льняная A",
            "offer_id": "A",
            "price": "1990",
            "quantity": 1,
            "sku": sku,
            "currency_code": "RUB",
        }
    ]
    clock.move(2)
    parcels = [posting(shop, one) for one in (first, second, third)]
    assert {body["status"] for body in parcels} == {"awaiting_deliver"}
    assert [body["products"][0]["quantity"] for body in parcels] == [2, 1, 2]
    assert [body["financial_data"]["products"][0]["quantity"] for body in parcels] == [2, 1, 2]
    assert [body["parent_posting_number"] for body in parcels] == ["", first, first]
    assert len({body["barcodes"]["upper_barcode"] for body in parcels}) == 3
    shop.set_posting_status(second, "cancelled")
    product = shop.products["A"]
    assert (product.stocks[MAIN_WAREHOUSE], product.reserved[MAIN_WAREHOUSE]) == (6, 4)


async def test_parcels_of_one_order_are_all_paged(api: Api, shop: Sandbox, clock: Clock) -> None:
    number, sku = shop.place_order("A", 5), shop.products["A"].sku
    parcels = (await api.call(SHIP, packed(number, *({sku: 1} for _ in range(5)))))["result"]
    clock.move(2)
    cutoff = {"cutoff_from": PERIOD["since"], "cutoff_to": PERIOD["to"]}
    for path, condition in (("/v4/posting/fbs/list", PERIOD), ("/v4/posting/fbs/unfulfilled/list", cutoff)):
        seen: list[str] = []
        cursor, has_next = "", True
        while has_next:
            answer = await api.call(path, {"filter": condition, "limit": 2, "cursor": cursor})
            seen += [body["posting_number"] for body in answer["postings"]]
            cursor, has_next = answer["cursor"], answer["has_next"]
        assert seen == parcels


async def test_a_ship_call_has_to_match_the_posting(api: Api, shop: Sandbox) -> None:
    number = shop.place_order("A", 2)
    sku, other, product_id = shop.products["A"].sku, shop.products["B"].sku, shop.products["A"].product_id
    wrong: list[tuple[tuple[dict[int, int], ...], str]] = [
        ((), "HAS_INCORRECT_PRODUCT_QUANTITY"),
        (({},), "HAS_INCORRECT_PRODUCT_QUANTITY"),
        (({sku: 1},), "HAS_INCORRECT_PRODUCT_QUANTITY"),
        (({sku: 3},), "HAS_INCORRECT_PRODUCT_QUANTITY"),
        (({sku: 2}, {}), "HAS_INCORRECT_PRODUCT_QUANTITY"),
        (({sku: 3}, {sku: -1}), "HAS_INCORRECT_PRODUCT_QUANTITY"),
        (({sku: 2, other: 1},), "HAS_INCORRECT_PRODUCT_QUANTITY"),
        (({product_id: 2},), "UNKNOWN_PRODUCT_DEFINED"),
    ]
    for packages, code in wrong:
        assert await api.refused(SHIP, packed(number, *packages)) == (400, 3, code), packages
    assert await api.refused(SHIP, packed("0-0-0", {sku: 2})) == (400, 3, "POSTING_NOT_FOUND")
    assert (await api.refused(SHIP, {"posting_number": number}))[2].endswith("packages: value is required")
    assert posting(shop, number)["status"] == "awaiting_packaging"


async def test_a_posting_is_shipped_once_and_only_while_it_waits_to_be_packed(api: Api, shop: Sandbox, clock: Clock) -> None:
    number, gone, cancelled = shop.place_order("A"), shop.place_order("A"), shop.place_order("A")
    sku = shop.products["A"].sku
    shop.set_posting_status(gone, "delivering")
    shop.set_posting_status(cancelled, "cancelled")
    await api.call(SHIP, packed(number, {sku: 1}))
    for moment in ("under way", "done"):
        assert (await api.refused(SHIP, packed(number, {sku: 1})))[2] == "POSTING_ALREADY_SHIPPED", moment
        clock.move(2)
    assert await api.refused(SHIP, packed(gone, {sku: 1})) == (400, 3, "HAS_INCORRECT_STATUS")
    assert await api.refused(SHIP, packed(cancelled, {sku: 1})) == (400, 3, "POSTING_ALREADY_CANCELLED")


async def test_a_ship_call_may_fail_afterwards_and_is_then_repeated(api: Api, shop: Sandbox, clock: Clock) -> None:
    number, sku = shop.place_order("A", 2), shop.products["A"].sku
    shop.memory.ship_failures = 1
    await api.call(SHIP, packed(number, {sku: 1}, {sku: 1}))
    clock.move(2)
    assert (posting(shop, number)["status"], posting(shop, number)["substatus"]) == ("awaiting_packaging", "ship_failed")
    assert len(shop.postings) == 1
    await api.call(SHIP, packed(number, {sku: 2}))
    clock.move(2)
    assert (posting(shop, number)["status"], posting(shop, number)["substatus"]) == ("awaiting_deliver", "posting_not_in_carriage")


async def test_a_played_seller_ships_and_repeats_what_failed(shop: Sandbox, clock: Clock) -> None:
    shop.memory.timing.assembling = timedelta(seconds=10)
    shop.memory.ship_failures = 2
    number = shop.place_order("A")
    clock.move(32)
    assert posting(shop, number)["substatus"] == "ship_failed"
    clock.move(1)
    assert posting(shop, number)["status"] == "awaiting_deliver"
    assert [status for _, status in shop.memory.postings[number].history] == ["awaiting_packaging", "awaiting_deliver"]


# --- too late -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["fbs", "rfbs"])
async def test_what_is_not_shipped_in_time_is_cancelled_by_the_system(shop: Sandbox, clock: Clock, scheme: str) -> None:
    number = shop.place_order("A", 2, scheme=scheme)
    last = datetime.fromisoformat(posting(shop, number)["shipment_date_without_delay"])
    clock.now = last - timedelta(seconds=1)
    assert posting(shop, number)["status"] == "awaiting_packaging"
    clock.now = last
    body = posting(shop, number)
    assert (body["status"], body["substatus"], body["available_actions"]) == ("cancelled", "posting_canceled", [])
    assert body["cancellation"] == {
        "cancel_reason_id": 999,
        "cancel_reason": "Отправление не отгружено вовремя",
        "cancellation_type": "system",
        "cancelled_after_ship": False,
        "affect_cancellation_rating": True,
        "cancellation_initiator": "Система",
    }
    assert shop.products["A"].free == 20


async def test_the_deadline_can_be_moved_and_switched_off(shop: Sandbox, clock: Clock) -> None:
    timing = shop.memory.timing
    timing.shipment_after, timing.cancel_unshipped = timedelta(seconds=40), timedelta(seconds=20)
    soon = shop.place_order("A")
    assert datetime.fromisoformat(posting(shop, soon)["shipment_date"]) == clock.now + timedelta(seconds=40)
    clock.move(59)
    assert posting(shop, soon)["status"] == "awaiting_packaging"
    clock.move(1)
    assert posting(shop, soon)["status"] == "cancelled"
    timing.cancel_unshipped = None
    kept = shop.place_order("A")
    clock.move(400 * DAY)
    assert posting(shop, kept)["status"] == "awaiting_packaging"


async def test_a_ship_call_just_before_the_deadline_is_in_time(api: Api, shop: Sandbox, clock: Clock) -> None:
    timing = shop.memory.timing
    timing.shipment_after, timing.cancel_unshipped, timing.ship_delay = timedelta(seconds=40), timedelta(0), timedelta(seconds=30)
    number = shop.place_order("A")
    clock.move(39)
    await api.call(SHIP, packed(number, {shop.products["A"].sku: 1}))
    clock.move(20)
    assert posting(shop, number)["status"] == "awaiting_packaging"
    clock.move(10)
    assert posting(shop, number)["status"] == "awaiting_deliver"


async def test_a_cancellation_says_whether_it_came_after_shipping(shop: Sandbox) -> None:
    early, late = shop.place_order("A"), shop.place_order("A")
    shop.set_posting_status(late, "awaiting_deliver")
    for number in (early, late):
        shop.set_posting_status(number, "cancelled")
    assert [posting(shop, number)["cancellation"]["cancelled_after_ship"] for number in (early, late)] == [False, True]


# --- labels ---------------------------------------------------------------------------------------------------------


async def _label(api: Api, clock: Clock, *numbers: str) -> Any:
    tasks = (await api.call(CREATE, {"posting_numbers": list(numbers)}))["tasks"]
    assert [task["task_type"] for task in tasks] == ["big_label", "small_label"]
    clock.move(1)
    return await api.call(GET, {"task_id": tasks[0]["task_id"]})


async def test_labels_are_for_what_waits_to_be_handed_over_and_others_are_refused_one_by_one(api: Api, shop: Sandbox, clock: Clock) -> None:
    statuses = ("awaiting_packaging", "awaiting_deliver", "delivering", "delivered", "cancelled")
    numbers = {status: shop.place_order("A") for status in statuses}
    for status, number in numbers.items():
        if status != "awaiting_packaging":
            shop.set_posting_status(number, status)
    answer = await _label(api, clock, *numbers.values())
    status = answer["status"]
    assert (status["code"], status["postings_count"], status["printed_postings_count"]) == ("completed", 5, 1)
    assert {row["posting_number"]: row["message"] for row in status["unprinted_postings"]} == {
        numbers["awaiting_packaging"]: "The next postings aren't ready",
        numbers["delivering"]: "INVALID_ARGUMENT",
        numbers["delivered"]: "label not allowed for delivered postings",
        numbers["cancelled"]: "INVALID_ARGUMENT",
    }
    assert (answer["error"], answer["file_url"][:20]) == ({"code": "", "message": ""}, "data:application/pdf")


async def test_a_task_of_labels_takes_its_time(api: Api, shop: Sandbox, clock: Clock) -> None:
    shop.memory.timing.label_delay = timedelta(seconds=10)
    number = shop.place_order("A")
    shop.set_posting_status(number, "awaiting_deliver")
    task = (await api.call(CREATE, {"posting_numbers": [number]}))["tasks"][1]
    codes = []
    for _ in range(6):
        answer = await api.call(GET, {"task_id": task["task_id"]})
        codes.append(answer["status"]["code"])
        assert bool(answer["file_url"]) == (codes[-1] == "completed")
        clock.move(1)
    assert codes == ["pending", "pending", "in_progress", "in_progress", "in_progress", "completed"]


async def test_no_label_at_all_is_an_error_of_the_task(api: Api, shop: Sandbox, clock: Clock) -> None:
    answer = await _label(api, clock, shop.place_order("A"), shop.place_order("A"))
    assert answer["error"] == {"code": "NO_POSTINGS_FOR_BATCH_DOWNLOAD", "message": "The next postings aren't ready"}
    assert (answer["status"]["code"], answer["file_url"], len(answer["status"]["unprinted_postings"])) == ("error", "", 2)


async def test_labels_are_asked_for_own_postings_and_at_most_a_thousand(api: Api, shop: Sandbox) -> None:
    foreign = (400, 3, "POSTING_NUMBERS_IS_INCORRECT_FOR_COMPANY")
    for number in ("0-0-0", shop.place_order("A", scheme="fbo")):
        assert await api.refused(CREATE, {"posting_numbers": [number]}) == foreign
    for numbers in ([], ["0-0-0"] * 1001):
        assert (await api.refused(CREATE, {"posting_numbers": numbers}))[:2] == (400, 3)
    assert (await api.refused(GET, {"task_id": 1}))[0] == 404
