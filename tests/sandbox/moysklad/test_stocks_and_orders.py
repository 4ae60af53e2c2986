"""Stocks and orders of the stand-in: reserves, shipments, what is written once, and what cannot be."""

from typing import Any

import pytest

from ozon_desktop.sandbox.moysklad.model import Good
from tests.sandbox.moysklad.conftest import Asker, Clock
from tests.sandbox.moysklad.test_manners import new_order

REPORT = "report/stock/bystore/current"
SYNC_ID = "10000000-0000-4000-8000-000000000001"


def line(ask: Asker, good: Good, quantity: int = 2, **fields: object) -> dict[str, object]:
    return {"assortment": ask.link(good.kind, good.id), "quantity": quantity, "price": 59000, "reserve": quantity} | fields


async def free(ask: Asker, **query: str) -> dict[tuple[str, str | None], float]:
    rows = await ask.good(REPORT, {"stockType": "freeStock"} | query)
    return {(row["assortmentId"], row["storeId"]): row["freeStock"] for row in rows}


async def test_a_reserve_takes_from_what_is_free_and_an_order_without_a_store_from_none(ask: Asker) -> None:
    mug, store = ask.there.add_product("Кружка", stock=7), ask.there.store.id
    body = new_order(ask) | {"store": ask.link("store", store), "positions": [line(ask, mug)]}
    await ask.good("entity/customerorder", method="POST", body=body)
    assert await free(ask) == {(mug.id, store): 5}
    await ask.good("entity/customerorder", method="POST", body=new_order(ask) | {"positions": [line(ask, mug)]})
    assert await free(ask) == {(mug.id, store): 5, (mug.id, None): -2}


async def test_a_bundle_reserves_its_parts_and_stands_in_no_report(ask: Asker) -> None:
    cup = ask.there.add_product("Чашка", stock=7)
    pair = ask.there.add_bundle("Пара", {cup.id: 2.0})
    body = new_order(ask) | {"store": ask.link("store", ask.there.store.id), "positions": [line(ask, pair)]}
    await ask.good("entity/customerorder", method="POST", body=body)
    assert await free(ask) == {(cup.id, ask.there.store.id): 3}


async def test_changes_since_name_what_moved_with_zeros_and_go_back_a_day(ask: Asker, clock: Clock) -> None:
    mug, plate, pot = (ask.there.add_product(name, stock=1) for name in ("Кружка", "Тарелка", "Чайник"))
    clock.move(hours=1)
    ask.there.set_stock(plate, 0)
    ask.there.delete(pot)
    since = {"changedSince": "2026-12-01 09:30:00"}
    assert {id_: amount for (id_, _), amount in (await free(ask, **since)).items()} == {plate.id: 0, pot.id: 0}
    assert {id_ for id_, _ in await free(ask)} == {mug.id}
    assert {id_ for id_, _ in await free(ask, include="zeroLines")} == {mug.id, plate.id, pot.id}
    assert {id_ for id_, _ in await free(ask, filter=f"assortmentId={mug.id},{plate.id}", include="zeroLines")} == {mug.id, plate.id}
    for wrong in ("2026-11-30 09:00:00", "2026-12-02 09:00:00"):
        assert await ask.code(REPORT, {"changedSince": wrong}) == (400, 1014)
    assert await ask.code(REPORT, {"stockType": "all"}) == (400, 1091)
    assert await ask.code(REPORT, {"filter": "colour=red"}) == (400, 1034)


async def test_all_stores_in_one_number(ask: Asker) -> None:
    mug = ask.there.add_product("Кружка", stock=7)
    ask.there.set_stock(mug, 2, ask.there.add_to("store", "Второй"))
    assert await ask.good("report/stock/all/current") == [{"assortmentId": mug.id, "stock": 9.0}]


# --- orders ---------------------------------------------------------------------------------------------------------------


async def made(ask: Asker, **fields: object) -> Any:
    return await ask.good("entity/customerorder", method="POST", body=new_order(ask) | fields)


async def test_the_same_sync_id_gives_the_order_that_is_there(ask: Asker) -> None:
    first = await made(ask, syncId=SYNC_ID, description="один")
    second = await made(ask, syncId=SYNC_ID, description="два")
    assert (first["id"], first["description"]) == (second["id"], second["description"])
    assert len(ask.there.orders) == 1
    found = await ask.good("entity/customerorder", {"filter": f"syncId={SYNC_ID}"})
    assert [row["id"] for row in found["rows"]] == [first["id"]]


async def test_a_sync_id_is_written_once(ask: Asker) -> None:
    order = await made(ask, syncId=SYNC_ID)
    other = SYNC_ID.replace("1", "2")
    assert await ask.code(f"entity/customerorder/{order['id']}", method="PUT", body={"syncId": other}) == (400, 1047)
    assert await ask.code("entity/customerorder", method="POST", body=new_order(ask) | {"syncId": "no"}) == (400, 1052)


@pytest.mark.parametrize("name", ["organization", "agent"])
async def test_what_an_order_needs(ask: Asker, name: str) -> None:
    body = {field: value for field, value in new_order(ask).items() if field != name}
    assert await ask.code("entity/customerorder", method="POST", body=body) == (412, 3000)


async def test_links_have_to_lead_somewhere_of_the_right_kind(ask: Asker) -> None:
    wrong: dict[str, tuple[object, tuple[int, int]]] = {
        "store": (ask.link("store", "00000000-0000-4000-8000-000000000000"), (404, 1021)),
        "agent": (ask.link("organization", ask.there.company.id), (400, 1060)),
        "owner": ("Иванов", (400, 2016)),
        "description": ("x" * 4097, (400, 3040)),
        "moment": ("вчера", (400, 1035)),
        "positions": ({}, (400, 2016)),
    }
    for name, (value, code) in wrong.items():
        assert await ask.code("entity/customerorder", method="POST", body=new_order(ask) | {name: value}) == code, name
    assert ask.there.orders == []


async def test_lines_in_a_change_take_the_place_of_all_lines(ask: Asker) -> None:
    mug, plate = ask.there.add_product("Кружка", stock=7), ask.there.add_product("Тарелка", stock=7)
    order = await made(ask, store=ask.link("store", ask.there.store.id), positions=[line(ask, mug), line(ask, plate)])
    path = f"entity/customerorder/{order['id']}"
    await ask.good(path, method="PUT", body={"positions": [line(ask, plate, 3)]})
    lines = (await ask.good(f"{path}/positions"))["rows"]
    assert [(row["quantity"], row["reserve"]) for row in lines] == [(3, 3)]
    assert [ask.there.free(good) for good in (mug, plate)] == [7, 4]
    await ask.good(f"{path}/positions/{lines[0]['id']}", method="PUT", body={"reserve": 0})
    assert ask.there.free(plate) == 7
    assert (await ask.good(path))["reservedSum"] == 0


async def test_a_shipment_takes_the_goods_and_shows_in_the_order(ask: Asker) -> None:
    mug = ask.there.add_product("Кружка", stock=7)
    order = await made(ask, store=ask.link("store", ask.there.store.id), positions=[line(ask, mug)])
    ask.there.ship(ask.there.orders[0])
    seen = await ask.good(f"entity/customerorder/{order['id']}")
    assert (seen["sum"], seen["shippedSum"], len(seen["demands"])) == (118000, 118000, 1)
    assert ask.there.free(mug) == 5


async def test_an_order_in_the_bin_is_shown_when_it_is_asked_for_and_reserves_nothing(ask: Asker) -> None:
    mug = ask.there.add_product("Кружка", stock=7)
    await made(ask, store=ask.link("store", ask.there.store.id), positions=[line(ask, mug)])
    ask.there.trash(ask.there.orders[0])
    assert (await ask.good("entity/customerorder"))["rows"] == []
    shown = await ask.good("entity/customerorder", {"filter": "isDeleted=true;isDeleted=false"})
    assert [bool(row["deleted"]) for row in shown["rows"]] == [True]
    assert ask.there.free(mug) == 7


async def test_a_body_that_is_none_is_refused(ask: Asker) -> None:
    assert await ask.code("entity/customerorder", method="POST", body=[1]) == (400, 2016)
    assert (await ask("entity/customerorder", method="POST")).status_code == 415


async def test_products_and_counterparties_are_made_once_for_a_sync_id(ask: Asker) -> None:
    price = {
        "value": 59000,
        "priceType": {"meta": {"href": f"x/pricetype/{ask.there.price_type}", "type": "pricetype", "mediaType": "application/json"}},
    }
    body = {"name": "Кружка", "article": "MUG", "syncId": SYNC_ID, "barcodes": [{"ean13": "2000000000015"}], "salePrices": [price]}
    first = await ask.good("entity/product", method="POST", body=body)
    assert (first["article"], first["salePrices"][0]["value"]) == ("MUG", 59000)
    assert (await ask.good("entity/product", method="POST", body=body))["id"] == first["id"]
    assert await ask.code("entity/product", method="POST", body={"article": "X"}) == (412, 3000)
    buyer = await ask.good("entity/counterparty", method="POST", body={"name": "Ozon", "syncId": SYNC_ID})
    assert (await ask.good("entity/counterparty", method="POST", body={"name": "Ozon", "syncId": SYNC_ID}))["id"] == buyer["id"]
