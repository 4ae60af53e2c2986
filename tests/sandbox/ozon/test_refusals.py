"""What the sandbox refuses by itself beyond single fields: barcodes, pictures, rich content, dictionaries, sizes; and on demand."""

from typing import Any

import httpx
import pytest

from ozon_desktop.cli import main
from ozon_desktop.sandbox.ozon.import_item import ImportItem
from ozon_desktop.sandbox.ozon.import_rules import check_item
from ozon_desktop.sandbox.ozon.memory import MORE_WAREHOUSES
from ozon_desktop.sandbox.ozon.refusals import CODES, Kind, Refusals, WrongRefusal
from ozon_desktop.sandbox.ozon.requests import read
from ozon_desktop.sandbox.ozon.rules.attributes import is_rich_content
from ozon_desktop.sandbox.ozon.rules.barcodes import is_barcode
from ozon_desktop.sandbox.ozon.rules.pictures import picture_faults
from ozon_desktop.sandbox.ozon.rules.stocks import size_problem
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.barcodes import ean
from tests.sandbox.ozon.conftest import DATA, MAIN_WAREHOUSE, Api, Clock, attribute, shirt

BRAND, MODEL = attribute(85, dictionary=(5_000_002,)), attribute(9048, "Лён")
CHINA, RUSSIA = 90295, 90296
WHITE, GREY, BLACK, DARK_GREY = 61571, 61576, 61577, 61580
CAT_FOOD = {"description_category_id": 17000260, "type_id": 91733}
NEW, PAUSED, LARGE, COMMON, RFBS_PAUSED, BLOCKED = (warehouse.warehouse_id for warehouse in MORE_WAREHOUSES)


async def codes_of(api: Api, *items: dict[str, Any]) -> list[list[tuple[str, str | int]]]:
    """(code, attribute or field) of each item's errors."""
    results = await api.import_items(*items)
    return [[(error["code"], error["attribute_id"] or error["field"]) for error in row["errors"]] for row in results]


def with_attributes(*more: dict[str, Any]) -> dict[str, Any]:
    return shirt(attributes=[BRAND, MODEL, *more])


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("4600000000008", True),
        ("4600000000017", False),
        ("96385074", True),
        ("96385075", False),
        ("036000291452", True),
        ("036000291453", False),
        ("460", True),
        ("OZN1234567", True),
        ("AB-12/3", True),
        ("460 000", False),
        ("штрих", False),
    ],
)
def test_what_a_barcode_is(code: str, right: bool) -> None:
    assert is_barcode(code) is right


async def test_a_barcode_belongs_to_one_product(api: Api) -> None:
    taken = ("barcode_already_used", "barcode")
    assert await codes_of(api, shirt("A", barcode=ean("x")), shirt("B", barcode=ean("x"))) == [[], [taken]]
    assert await codes_of(api, shirt("A", barcode=ean("x"), name="Другое имя")) == [[]], "its own one again"
    assert await codes_of(api, shirt("A", barcode=ean("y")), shirt("B", barcode=ean("x"))) == [[], []], "it is free again"
    assert await codes_of(api, shirt("C", barcode="4600000000017")) == [[("barcode_invalid", "barcode")]]


async def test_an_article_counts_once_in_a_request(api: Api, sandbox: Sandbox) -> None:
    result = await codes_of(api, shirt("A", name="Первая"), shirt("A", name="Вторая"), shirt("B"))
    assert result == [[], [("offer_id_repeated", "offer_id")], []]
    assert sandbox.products["A"].name == "Первая"


@pytest.mark.parametrize(
    ("links", "found"),
    [
        (["https://a.test/1.jpg", "https://a.test/invalid/2.jpg"], []),
        (["https://pictures.invalid/1.jpg"], [("all_image_failed", "error")]),
        (["https://a.test/unprocessable/1.jpg"], [("all_image_unprocessed", "error")]),
        (["https://x.invalid/1.jpg", "https://a.test/unprocessable/1.jpg"], [("all_image_unprocessed", "error")]),
        (["https://x.invalid/1.jpg", "https://a.test/2.jpg"], [("some_image_failed", "warning")]),
        (["https://[broken/1.jpg"], [("all_image_failed", "error")]),
        ([], []),
    ],
)
async def test_pictures_are_loaded_after_the_item_was_accepted(
    api: Api, sandbox: Sandbox, links: list[str], found: list[tuple[str, str]]
) -> None:
    result = (await api.import_items(shirt(images=links)))[0]
    assert (result["status"], result["errors"]) == ("imported", [])
    product = sandbox.products["RU-1"]
    assert [(error["code"], error["level"]) for error in picture_faults(product.item)] == found
    api.clock.move(60)
    assert [(error["code"], error["level"]) for error in product.errors] == found
    blocked = any(level == "error" for _, level in found)
    assert (product.declined, product.status) == (blocked, "imported" if blocked else "price_sent")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('{"content": [{"widgetName": "raTextBlock"}], "version": 0.3}', True),
        ('{"content": []}', True),
        ('{"content": [{"widgetName": "raTextBlock"}', False),
        ('{"content": "текст"}', False),
        ('{"content": ["текст"]}', False),
        ('{"version": 0.3}', False),
        ("[]", False),
        ("просто текст", False),
        ("[" * 100_000, False),
    ],
)
def test_what_rich_content_is(text: str, right: bool) -> None:
    assert is_rich_content(text) is right


def test_broken_rich_content_is_refused_at_its_attribute() -> None:
    item = {"offer_id": "A", **CAT_FOOD, "attributes": [attribute(11254, "{")]}
    errors = check_item(read(item, ImportItem), Sandbox(order_interval_s=0).memory.catalog)
    assert [error["attribute_name"] for error in errors if error["code"] == "invalid_rich_content_json"] == ["Rich-контент JSON"]


@pytest.mark.parametrize(
    ("value", "refused"),
    [
        ({"dictionary_value_id": WHITE}, False),
        ({"dictionary_value_id": WHITE, "value": "белый"}, False),
        ({"dictionary_value_id": WHITE, "value": " Белый "}, False),
        ({"dictionary_value_id": WHITE, "value": "чёрный"}, True),
    ],
)
async def test_the_text_beside_an_id_is_that_of_the_id(api: Api, value: dict[str, Any], refused: bool) -> None:
    found = await codes_of(api, with_attributes({"id": 10096, "complex_id": 0, "values": [value]}))
    assert found == [[("error_attribute_values_out_of_range", 10096)] if refused else []]


async def test_a_brand_may_need_a_certificate(api: Api, sandbox: Sandbox) -> None:
    sandbox.memory.contract.certified_brands = frozenset({"пуговкин"})
    assert await codes_of(api, shirt("A")) == [[("brand_certificate_required", 85)]]
    other = attribute(85, dictionary=(5_000_003,))
    assert await codes_of(api, shirt("B", attributes=[other, MODEL])) == [[]]


@pytest.mark.parametrize(
    ("country", "colours", "refused"),
    [
        ((CHINA,), (WHITE,), False),
        ((CHINA,), (GREY,), True),
        ((CHINA,), (WHITE, GREY), True),
        ((RUSSIA,), (GREY,), False),
        ((), (GREY,), False),
    ],
)
async def test_a_value_goes_with_that_of_its_parent(api: Api, country: tuple[int, ...], colours: tuple[int, ...], refused: bool) -> None:
    sent = [attribute(4389, dictionary=country), attribute(10096, dictionary=colours)]
    assert await codes_of(api, with_attributes(*sent)) == [[("attribute_hierarchy_fail", 10096)] if refused else []]


async def test_a_parent_may_be_the_type_itself(api: Api) -> None:
    assert await codes_of(api, with_attributes(attribute(10096, dictionary=(DARK_GREY,)))) == [[("attribute_hierarchy_fail", 10096)]]
    type_ = {"description_category_id": 101, "type_id": 1001}
    links = (await api.call("/v1/description-category/dependent-attributes", type_))["result"]
    assert {"parent_attribute_id": 8229, "child_attribute_id": 10096} in links
    body = {**type_, "parent_attribute_id": 8229, "child_attribute_id": 10096}
    answer = await api.call("/v1/description-category/dependent-attributes/values", body)
    children = [{"child_value_id": id_, "child_value": text} for id_, text in ((WHITE, "белый"), (GREY, "серый"), (BLACK, "чёрный"))]
    assert answer == {"result": [{"parent_value_id": 1001, "parent_value": "Рубашка", "children": children}], "cursor": ""}
    status, code, _ = await api.refused("/v1/description-category/dependent-attributes/values", {**body, "child_attribute_id": 85})
    assert (status, code) == (400, 3)


@pytest.mark.parametrize("pair", [(17000260, 91733), (17000260, 91737), (17000263, 91757)])
def test_the_sandboxs_own_data_name_values_that_exist(pair: tuple[int, int]) -> None:
    catalog = Sandbox(order_interval_s=0).memory.catalog
    known = {row["id"]: row for row in catalog.attributes(*pair)}
    links = catalog.dependencies(*pair)
    assert links
    for link in links:
        child, parent = catalog.dictionary(known[link.child], *pair), catalog.dictionary(known[link.parent], *pair)
        assert child is not None
        assert parent is not None
        assert [value for values in link.values.values() for value in values if value not in child] == []
        assert link.parent == 8229 or [value for value in link.values if value not in parent] == []


@pytest.mark.parametrize(
    ("price", "old_price", "code"),
    [
        ("399", "410", "discount_for_low_price_is_too_small"),
        ("1990", "2000", "discount_for_average_price_is_too_small"),
        ("20000", "20400", "discount_for_top_price_is_too_small"),
        ("100", "1990", "discount_too_big"),
        ("1990", "2490", None),
    ],
)
async def test_discounts_are_judged_in_an_import_too(api: Api, price: str, old_price: str, code: str | None) -> None:
    assert await codes_of(api, shirt(price=price, old_price=old_price)) == [[(code, "old_price")] if code else []]


async def test_an_import_minds_the_lowest_price_the_card_has(api: Api) -> None:
    await api.import_on_sale("A")
    await api.call("/v1/product/import/prices", {"prices": [{"offer_id": "A", "old_price": "0", "min_price": "1500"}]})
    assert await codes_of(api, shirt("A", price="1400", old_price="0")) == [[("price_less_than_min_auto_price", "price")]]
    assert await codes_of(api, shirt("A", price="3100", old_price="0")) == [[("min_auto_price_too_small", "price")]]
    assert await codes_of(api, shirt("A", price="1600", old_price="0")) == [[]]


async def test_promotions_that_apply_by_themselves_need_the_lowest_price(api: Api) -> None:
    await api.import_on_sale("A")

    async def codes(**price: str) -> list[str]:
        answer = await api.call("/v1/product/import/prices", {"prices": [{"offer_id": "A", **price}]})
        return [error["code"] for error in answer["result"][0]["errors"]]

    missing = ["action_price_enabled_min_price_missing"]
    assert await codes(auto_action_enabled="ENABLED") == missing
    assert await codes(auto_action_enabled="ENABLED", min_price="1500") == []
    assert await codes(min_price="1600") == missing
    assert await codes(price="2000") == []
    assert await codes(auto_action_enabled="DISABLED", min_price="1600") == []


async def test_a_cabinet_has_one_currency(clock: Clock, api: Api, sandbox: Sandbox) -> None:
    sandbox.memory.contract.currency = "BYN"
    [row] = await api.import_items(shirt("A"))
    assert [(error["code"], error["field"], error["message"]) for error in row["errors"]] == [
        ("bad_request_error", "currency_code", "Неверно указана валюта")
    ]
    assert await codes_of(api, shirt("A", currency_code=None)) == [[("bad_request_error", "currency_code")]], "roubles unless it is said"
    # The rules of discounts that are in roubles hold for roubles only.
    assert await codes_of(api, shirt("A", currency_code="BYN", price="100", old_price="101")) == [[]]
    assert await codes_of(api, shirt("B", currency_code="BYN", price="100", old_price="1001")) == [[("discount_too_big", "old_price")]]
    wrong = await api.call("/v1/product/import/prices", {"prices": [{"offer_id": "A", "price": "90", "currency_code": "RUB"}]})
    assert wrong["result"][0]["errors"] == [{"code": "bad_request_error", "message": "Неверно указана валюта"}]
    assert (await api.call("/v1/seller/info"))["company"]["currency"] == "BYN"
    assert (await api.call("/v5/product/info/prices", {"filter": {}, "limit": 1}))["items"][0]["price"]["currency_code"] == "BYN"


async def test_warehouses_take_what_they_are_for(clock: Clock) -> None:
    sandbox = Sandbox(data_dir=DATA, clock=clock, order_interval_s=0, all_warehouses=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test") as client:
        api = Api(client, clock)
        heavy = {"weight": 26, "weight_unit": "kg", "depth": 400, "width": 400, "height": 400}
        await api.import_items(shirt("SMALL"), shirt("BIG", **heavy), shirt("HUGE", **{**heavy, "depth": 4001, "weight": 600}))
        clock.move(10)

        async def code(offer_id: str, warehouse_id: int) -> str:
            rows = [{"offer_id": offer_id, "stock": 1, "warehouse_id": warehouse_id}]
            [answer] = (await api.call("/v2/products/stocks", {"stocks": rows}))["result"]
            return answer["errors"][0]["code"] if answer["errors"] else ""

        assert [await code("SMALL", house) for house in (NEW, PAUSED, RFBS_PAUSED, BLOCKED)] == ["WAREHOUSE_NOT_FOUND"] * 4
        assert [await code(offer, LARGE) for offer in ("SMALL", "BIG", "HUGE")] == ["NON_KGT_ON_KGT_WAREHOUSE", "", "OVER_MAX_OVH_KGT"]
        assert [await code(offer, COMMON) for offer in ("SMALL", "BIG")] == ["", "OVER_MAX_OVH_NON_KGT"]
        assert [await code(offer, MAIN_WAREHOUSE) for offer in ("SMALL", "BIG", "HUGE")] == ["", "", ""]
        rows = {row["warehouse_id"]: row for row in (await api.call("/v2/warehouse/list", {"limit": 200}))["warehouses"]}
        assert len(rows) == 10
        assert (rows[LARGE]["is_kgt"], rows[COMMON]["is_kgt"]) == (True, False)
        assert (rows[NEW]["status"], rows[PAUSED]["status"]) == ("new", "disabled_due_to_limit")
        assert (rows[RFBS_PAUSED]["status"], rows[RFBS_PAUSED]["pause_at"]) == ("created", "2026-11-24T09:00:00Z")
        big, houses = sandbox.products["BIG"].item, sandbox.memory.warehouses
        assert size_problem(big, houses[COMMON]) == "OVER_MAX_OVH_NON_KGT"


async def test_what_comes_back_from_the_archive_counts_in_the_limit_of_the_cabinet(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A", "B")
    ids = [sandbox.products["A"].product_id]
    await api.call("/v1/product/archive", {"product_id": ids})
    sandbox.memory.quotas.total = 1
    assert await api.refused("/v1/product/unarchive", {"product_id": ids}) == (400, 9, "total limit exceeded")
    assert sandbox.products["A"].archived
    sandbox.memory.quotas.total = 2
    assert await api.call("/v1/product/unarchive", {"product_id": ids}) == {"result": True}


# --- on demand ------------------------------------------------------------------------------------------------------------------


def test_a_code_is_refused_by_every_method_that_knows_it() -> None:
    refusals = Refusals(["bad_request_error=A-?", "price:NOT_FOUND_ERROR=B*", "import:NEVER_HEARD_OF=C"])
    assert [refusals.code(kind, "A-1") for kind in (Kind.IMPORT, Kind.PRICE, Kind.STOCK)] == [
        "bad_request_error",
        "bad_request_error",
        None,
    ]
    assert refusals.code(Kind.PRICE, "A-12") is None
    assert [refusals.code(kind, "B-1") for kind in (Kind.PRICE, Kind.STOCK)] == ["NOT_FOUND_ERROR", None]
    assert [error["message"] for error in refusals.entries(Kind.IMPORT, "C")] == ["Ozon: NEVER_HEARD_OF"]
    long = next(code for code in CODES[Kind.PRICE] if code.startswith("error limiting"))
    assert Refusals([f"{long}=A"]).code(Kind.PRICE, "A") == long, "a code may have colons and blanks"


@pytest.mark.parametrize("specification", ["", "A", "=A", "vat_invalid=", "NEVER_HEARD_OF=A", "postings:vat_invalid=A"])
def test_a_refusal_nobody_can_follow_is_named(specification: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WrongRefusal):
        Refusals([specification])
    assert main(["sandbox", "--port", "0", "--refuse", specification]) == 3
    assert "--refuse" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--refuse", "--currency", "--certified-brand", "--all-warehouses"])
def test_the_help_names_the_switches(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["sandbox", "--help"])
    text = capsys.readouterr().out
    assert option in text
    assert not [kind for kind in Kind if kind not in text]


async def test_a_request_with_such_a_product_is_refused_as_a_whole(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", "RU-2")
    sandbox.memory.refusals.add("request:invalid field=RU-2")
    numbers = {offer_id: product.product_id for offer_id, product in sandbox.products.items()}
    row = {"price": "2000", "old_price": "0"}
    for path, alone, together in (
        (
            "/v1/product/import/prices",
            {"prices": [{"offer_id": "RU-1", **row}]},
            {"prices": [{"offer_id": offer, **row} for offer in numbers]},
        ),
        ("/v1/product/archive", {"product_id": [numbers["RU-1"]]}, {"product_id": list(numbers.values())}),
    ):
        assert (await api.refused(path, together))[2] == "invalid field"
        await api.call(path, alone)
    assert sandbox.products["RU-2"].price != 2000
    await api.call("/v3/product/info/list", {"offer_id": ["RU-2"]})


async def test_an_archiving_is_refused_as_a_whole(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", "RU-2")
    sandbox.memory.refusals.add("archive:FBO stock=RU-2")
    numbers = [product.product_id for product in sandbox.products.values()]
    assert (await api.refused("/v1/product/archive", {"product_id": numbers}))[2] == "FBO stock"
    assert not any(product.archived for product in sandbox.products.values())


async def test_a_card_deleted_by_hand_leaves_no_trace_and_its_number_is_not_given_again(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("RU-1", "RU-2")
    numbers = {product.product_id for product in sandbox.products.values()}
    sandbox.delete_product("RU-2")
    assert (await api.call("/v3/product/info/list", {"offer_id": ["RU-2"]}))["items"] == []
    await api.import_on_sale("RU-2")
    assert sandbox.products["RU-2"].product_id not in numbers
    with pytest.raises(ValueError, match="RU-9"):
        sandbox.delete_product("RU-9")
