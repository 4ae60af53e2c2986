"""Products and folders written through the stand-in: taken as they are, or refused in the service's words."""

from typing import Any

import pytest

from tests.sandbox.moysklad.conftest import Asker

SYNC_ID = "10000000-0000-4000-8000-000000000001"


def link(kind: str, id_: str, path: str = "entity") -> dict[str, Any]:
    return {"meta": {"href": f"https://api.example/{path}/{kind}/{id_}", "type": kind, "mediaType": "application/json"}}


async def test_a_folder_is_made_once_in_its_parent(ask: Asker) -> None:
    parent = ask.there.add_folder("Одежда")
    body = {"name": "Рубашки", "syncId": SYNC_ID, "productFolder": link("productfolder", parent.id)}
    made = await ask.good("entity/productfolder", method="POST", body=body)
    assert (made["pathName"], made["syncId"]) == ("Одежда", SYNC_ID)
    assert (await ask.good("entity/productfolder", method="POST", body=body))["id"] == made["id"]
    listed = await ask.good("entity/productfolder", {"filter": f"syncId={SYNC_ID}"})
    assert [row["id"] for row in listed["rows"]] == [made["id"]]
    assert await ask.code("entity/productfolder", method="POST", body={"syncId": SYNC_ID.replace("1", "2")}) == (412, 3000)
    nowhere = body | {"syncId": "", "productFolder": link("productfolder", "x")}
    assert await ask.code("entity/productfolder", method="POST", body=nowhere) == (404, 1021)


async def test_a_product_keeps_what_was_written(ask: Asker) -> None:
    there = ask.there
    colour, width = there.add_attribute("Цвет"), there.add_attribute("Ширина", "long")
    unit, currency = next(iter(there.memory.lists["uom"])), next(iter(there.memory.lists["currency"]))
    field = {"mediaType": "application/json", "type": "attributemetadata"}
    body = {
        "name": "Кружка",
        "vat": 10,
        "vatEnabled": True,
        "useParentVat": False,
        "weight": 0.35,
        "uom": link("uom", unit),
        "barcodes": [{"ean8": "20000004"}, {"code128": "OZN-1"}],
        "attributes": [
            {"meta": field | {"href": f"x/{colour}"}, "value": "белый"},
            {"meta": field | {"href": f"x/{width}"}, "value": 90},
        ],
        "salePrices": [
            {"value": 59000, "currency": link("currency", currency), "priceType": link("pricetype", there.price_type, "context")}
        ],
    }
    made = await ask.good("entity/product", method="POST", body=body)
    assert (made["vat"], made["vatEnabled"], made["weight"], made["barcodes"]) == (10, True, 0.35, body["barcodes"])
    assert [(each["name"], each["value"]) for each in made["attributes"]] == [("Цвет", "белый"), ("Ширина", 90)]
    assert made["uom"]["meta"]["href"].endswith(unit)
    assert made["salePrices"][0]["value"] == 59000
    without = await ask.good("entity/product", method="POST", body={"name": "Без НДС", "vat": 0, "vatEnabled": False})
    assert without["vatEnabled"] is False


@pytest.mark.parametrize(
    "wrong",
    [
        {"barcodes": [{"ean13": "2000000000016"}]},
        {"barcodes": [{"ean13": "200", "ean8": "20000004"}]},
        {"barcodes": [{"code128": "КОД"}]},
        {"barcodes": [{"isbn": "1"}]},
        {"barcodes": {"ean13": "2000000000015"}},
        {"vat": 10.5},
        {"vat": 101},
        {"vatEnabled": "да"},
        {"useParentVat": 1},
        {"weight": "350"},
        {"salePrices": [{"value": 1}]},
        {"salePrices": {"value": 1}},
        {"attributes": [{"value": "белый"}]},
        {"description": "Я" * 4097},
        {"name": "Я" * 256},
        {"uom": {"href": "x"}},
    ],
    ids=str,
)
async def test_what_the_service_would_not_take_is_refused(ask: Asker, wrong: dict[str, Any]) -> None:
    answer = await ask("entity/product", method="POST", body={"name": "Кружка"} | wrong)
    assert answer.status_code in {400, 412}
    assert answer.json()["errors"][0]["error"]
    assert not ask.there.memory.goods


@pytest.mark.parametrize(
    ("kind", "value"),
    [("long", "90"), ("long", True), ("double", "1"), ("boolean", 1), ("string", 1), ("string", "Я" * 256)],
    ids=("text", "flag", "text for a fraction", "number for a flag", "number for text", "too long"),
)
async def test_a_field_takes_only_values_of_its_kind(ask: Asker, kind: str, value: object) -> None:
    meta = {"href": f"x/{ask.there.add_attribute('Поле', kind)}", "type": "attributemetadata", "mediaType": "application/json"}
    status, _ = await ask.code("entity/product", method="POST", body={"name": "Кружка", "attributes": [{"meta": meta, "value": value}]})
    assert status == 400


async def test_what_is_not_there_cannot_be_named(ask: Asker) -> None:
    meta = {"href": "x/none", "type": "attributemetadata", "mediaType": "application/json"}
    for wrong in (
        {"attributes": [{"meta": meta, "value": "x"}]},
        {"salePrices": [{"value": 1, "priceType": link("pricetype", "none", "context")}]},
        {"productFolder": link("productfolder", "none")},
    ):
        assert (await ask.code("entity/product", method="POST", body={"name": "Кружка"} | wrong))[0] == 404


async def test_without_the_right_nothing_is_written(ask: Asker) -> None:
    ask.there.take_right("product", "create")
    assert (await ask.code("entity/product", method="POST", body={"name": "Кружка"}))[0] == 403
