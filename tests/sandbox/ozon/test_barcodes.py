"""/v1/barcode/add of the sandbox: each barcode is judged for itself, and an import leaves one."""

from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.barcodes import ean
from tests.sandbox.ozon.conftest import Api

ADD = "/v1/barcode/add"


async def add(api: Api, *pairs: tuple[int, str]) -> list[tuple[str, str]]:
    """(barcode, code of the refusal) of those that were refused."""
    answer = await api.call(ADD, {"barcodes": [{"sku": sku, "barcode": barcode} for sku, barcode in pairs]})
    return [(error["barcode"], error["code"]) for error in answer["errors"]]


async def test_barcodes_are_added_and_shown(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A", "B")
    sku, first = sandbox.products["A"].sku, list(sandbox.products["A"].barcodes)
    assert await add(api, (sku, ean("x")), (sku, ean("y")), (sku, ean("x"))) == []
    [info] = (await api.call("/v3/product/info/list", {"offer_id": ["A"]}))["items"]
    assert info["barcodes"] == [*first, ean("x"), ean("y")]


async def test_refusals_name_the_barcode(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A", "B")
    mine, other = sandbox.products["A"].sku, sandbox.products["B"].sku
    assert await add(api, (other, ean("taken"))) == []
    assert await add(api, (mine, ean("taken")), (1, ean("x")), (mine, "46000000000011"), (mine, "4" * 101), (mine, ean("good"))) == [
        (ean("taken"), "barcode_already_used"),
        (ean("x"), "sku_not_found"),
        ("46000000000011", "barcode_invalid"),
        ("4" * 101, "barcode_too_long"),
    ]
    assert ean("good") in sandbox.products["A"].barcodes


async def test_a_card_has_a_hundred_at_most_and_the_method_a_limit_of_its_own(api: Api, sandbox: Sandbox) -> None:
    await api.import_on_sale("A")
    sku, room = sandbox.products["A"].sku, 100 - len(sandbox.products["A"].barcodes)
    assert await add(api, *((sku, f"OWN-{number}") for number in range(room))) == []
    assert await add(api, (sku, "OWN-MORE")) == [("OWN-MORE", "barcode_limit_exceeded")]
    statuses = [(await api.send(ADD, {"barcodes": [{"sku": sku, "barcode": "OWN-1"}]})).status_code for _ in range(19)]
    assert statuses == [200] * 18 + [429]
