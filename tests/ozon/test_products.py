"""What each method about products sends, and the domain objects its answer becomes."""

from decimal import Decimal
from typing import Any

import pytest
import respx

from ozon_desktop.domain.bad_item import BadItem
from ozon_desktop.domain.cabinet import (
    CabinetAttribute,
    CabinetCard,
    CabinetProduct,
    ImportedItem,
    ItemError,
    ListedProduct,
    UpdateAnswer,
    WarehouseStock,
)
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate
from tests.ozon.playing import answers, bodies, pages_of

KEY = TypeKey(10, 20)


CARD = CardPayload(
    offer_id="A-1",
    name="Фен",
    type_key=KEY,
    price=Decimal("1E+3"),
    vat="0.22",
    currency="RUB",
    depth=10,
    width=20,
    height=30,
    weight=400,
    images=("https://shop.example/1.jpg",),
    barcode="460",
    attributes=(
        CabinetAttribute(85, 0, ((5060050, "Samsung"),)),
        CabinetAttribute(21841, 100001, ((0, "https://video.example/1"), (0, "https://video.example/2"))),
        CabinetAttribute(9048, 0, ((0, "Фен"),)),
        CabinetAttribute(21837, 100001, ((0, "Видео"),)),
        CabinetAttribute(21845, 100002, ((0, "https://video.example/c"),)),
    ),
)


async def test_import_products(ozon: respx.MockRouter, client: OzonClient) -> None:
    route = answers(ozon, "/v3/product/import", {"result": {"task_id": "172549793"}})
    assert await client.import_products([CARD]) == 172549793
    [item] = bodies(route)[0]["items"]
    nested = item.pop("complex_attributes")
    assert item == {
        "offer_id": "A-1",
        "name": "Фен",
        "description_category_id": 10,
        "type_id": 20,
        "price": "1000",
        "vat": "0.22",
        "currency_code": "RUB",
        "depth": 10,
        "width": 20,
        "height": 30,
        "dimension_unit": "mm",
        "weight": 400,
        "weight_unit": "g",
        "images": ["https://shop.example/1.jpg"],
        "barcode": "460",
        "attributes": [
            {"id": 85, "complex_id": 0, "values": [{"dictionary_value_id": 5060050, "value": "Samsung"}]},
            {"id": 9048, "complex_id": 0, "values": [{"value": "Фен"}]},
        ],
    }
    videos = [{"value": "https://video.example/1"}, {"value": "https://video.example/2"}]
    assert nested == [
        {
            "attributes": [
                {"id": 21841, "complex_id": 100001, "values": videos},
                {"id": 21837, "complex_id": 100001, "values": [{"value": "Видео"}]},
            ]
        },
        {"attributes": [{"id": 21845, "complex_id": 100002, "values": [{"value": "https://video.example/c"}]}]},
    ]


async def test_a_wrong_number_of_items_is_not_sent(client: OzonClient) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        await client.import_products([CARD] * 101)
    with pytest.raises(ValueError, match="1 to 100"):
        await client.import_products([])
    with pytest.raises(ValueError, match="1 to 1000"):
        await client.update_prices([PriceUpdate("A", Decimal(1), "RUB")] * 1001)
    with pytest.raises(ValueError, match="1 to 100"):
        await client.update_stocks([StockUpdate("A", 1, 1)] * 101)
    with pytest.raises(ValueError, match="1 to 100"):
        await client.archive(range(101))
    assert client.requests_sent == 0


async def test_import_info(ozon: respx.MockRouter, client: OzonClient) -> None:
    error = {
        "code": "error_attribute_values_empty",
        "message": "Empty",
        "description": "Заполните поле",
        "field": "",
        "level": "warning",
        "attribute_id": 22232,
        "attribute_name": "ТН ВЭД",
    }
    items = [
        {"offer_id": "A-1", "product_id": 5, "status": "imported", "errors": [error]},
        {"offer_id": "A-2", "product_id": 0, "status": "pending", "errors": None},
        {"offer_id": "A-3", "status": "failed", "errors": [{"code": 5, "message": "bad"}]},
    ]
    route = answers(ozon, "/v1/product/import/info", {"result": {"items": items, "total": "3"}})
    first, second, third = await client.import_info(42)
    assert bodies(route) == [{"task_id": 42}]
    described = ItemError("error_attribute_values_empty", "Заполните поле", "", 22232, "ТН ВЭД", "warning")
    assert first == ImportedItem("A-1", 5, "imported", (described,))
    assert first.accepted
    assert second == ImportedItem("A-2", 0, "pending")
    assert third == ImportedItem("A-3", 0, "failed", (ItemError("5", "bad"),))


async def test_a_task_refused_as_a_whole_has_no_items(ozon: respx.MockRouter, client: OzonClient) -> None:
    answers(ozon, "/v1/product/import/info", {"result": {"items": [], "total": 0}})
    assert await client.import_info(42) == []


async def test_update_prices(ozon: respx.MockRouter, client: OzonClient) -> None:
    refused = {"offer_id": "B", "updated": False, "errors": [{"code": "price_negative", "message": "no"}]}
    route = answers(
        ozon, "/v1/product/import/prices", {"result": [{"offer_id": "A", "product_id": 1, "updated": True, "errors": []}, refused]}
    )
    updates = [PriceUpdate("A", Decimal("99.90"), "RUB", "0.1"), PriceUpdate("B", Decimal("1"), "RUB")]
    assert await client.update_prices(updates) == [
        UpdateAnswer("A", True, 1),
        UpdateAnswer("B", False, errors=(ItemError("price_negative", "no"),)),
    ]
    first = {"offer_id": "A", "price": "99.90", "currency_code": "RUB", "vat": "0.1"}
    assert bodies(route) == [{"prices": [first, {"offer_id": "B", "price": "1", "currency_code": "RUB"}]}]


async def test_update_stocks(ozon: respx.MockRouter, client: OzonClient) -> None:
    answer = {"result": [{"offer_id": "A", "product_id": 1, "warehouse_id": 1020005003107121, "updated": True, "errors": []}]}
    route = answers(ozon, "/v2/products/stocks", answer)
    assert await client.update_stocks([StockUpdate("A", 1020005003107121, 7)]) == [UpdateAnswer("A", True, 1, 1020005003107121)]
    assert bodies(route) == [{"stocks": [{"offer_id": "A", "warehouse_id": 1020005003107121, "stock": 7}]}]


@pytest.mark.parametrize("total", ["total", "total_items"])
async def test_products_page_by_page(ozon: respx.MockRouter, client: OzonClient, total: str) -> None:
    rows = [{"product_id": number, "offer_id": f"A{number}", "sku": 9, "archived": number == 3} for number in (1, 2, 3)]
    first = {"result": {"items": rows[:2], "last_id": "x", total: 3}}
    route = answers(ozon, "/v3/product/list", first, {"result": {"items": rows[2:], "last_id": "y", total: 3}})
    pages = await pages_of(client.products("ARCHIVED"))
    assert pages == [[ListedProduct(1, "A1", 9), ListedProduct(2, "A2", 9)], [ListedProduct(3, "A3", 9, True)]]
    query = {"filter": {"visibility": "ARCHIVED"}, "limit": 1000}
    assert bodies(route) == [query | {"last_id": ""}, query | {"last_id": "x"}]


async def test_without_a_total_products_end_with_an_empty_page(ozon: respx.MockRouter, client: OzonClient) -> None:
    row = {"product_id": 1, "offer_id": "A"}
    route = answers(ozon, "/v3/product/list", {"result": {"items": [row], "last_id": "x"}}, {"result": {"items": [], "last_id": "x"}})
    assert await pages_of(client.products()) == [[ListedProduct(1, "A")]]
    assert route.call_count == 2


async def test_product_infos_in_chunks(ozon: respx.MockRouter, client: OzonClient) -> None:
    row = {
        "id": 5,
        "offer_id": "A",
        "name": "Фен",
        "sku": 6,
        "price": "1100.00",
        "old_price": "",
        "vat": 0.1,
        "currency_code": "RUB",
        "description_category_id": 10,
        "type_id": 20,
        "barcodes": ["1"],
        "statuses": {"status": "price_sent", "status_name": "Продается", "is_created": True},
        "errors": [
            {"code": "e", "level": "ERROR_LEVEL_WARNING", "texts": {"attribute_name": "Цвет", "message": "Empty", "description": "Нет"}}
        ],
        "is_archived": False,
    }
    bare = {"id": 7}
    route = answers(ozon, "/v3/product/info/list", {"items": [row, bare]}, {"items": []})
    found = await client.product_infos([f"A{number}" for number in range(1001)])
    assert [len(body["offer_id"]) for body in bodies(route)] == [1000, 1]
    error = ItemError("e", "Нет", attribute_name="Цвет", level="warning")
    assert found[0] == CabinetProduct(
        5, "A", "Фен", 6, "price_sent", "Продается", Decimal("1100.00"), None, "0.1", "RUB", 10, 20, ("1",), (error,), True
    )
    assert found[1].price is None


async def test_nothing_is_asked_for_no_offer_ids(client: OzonClient) -> None:
    assert await client.product_infos([]) == []
    assert await pages_of(client.cards([])) == []
    assert client.requests_sent == 0


def card_row(number: int) -> dict[str, Any]:
    video = {"id": 21841, "complex_id": 100001, "values": [{"dictionary_value_id": 0, "value": "https://video.example"}]}
    return {
        "id": number,
        "offer_id": f"A{number}",
        "name": "Фен",
        "description_category_id": 10,
        "type_id": 20,
        "height": 250,
        "depth": 10,
        "width": 150,
        "dimension_unit": "mm",
        "weight": 100,
        "weight_unit": "g",
        "primary_image": "p",
        "images": ["p", "q"],
        "attributes": [{"id": 85, "complex_id": 0, "values": [{"dictionary_value_id": 1, "value": "Samsung"}]}],
        "complex_attributes": [video, {"attributes": [video]}],
    }


async def test_cards_of_given_offers(ozon: respx.MockRouter, client: OzonClient) -> None:
    route = answers(ozon, "/v4/product/info/attributes", {"result": [card_row(1)], "total": "1", "last_id": ""})
    [[card]] = await pages_of(client.cards(["A1"]))
    brand = CabinetAttribute(85, 0, ((1, "Samsung"),))
    video = CabinetAttribute(21841, 100001, ((0, "https://video.example"),))
    assert card == CabinetCard(1, "A1", "Фен", 10, 20, 250, 10, 150, "mm", 100, "g", ("q",), (brand, video, video), "p")
    assert bodies(route) == [{"filter": {"offer_id": ["A1"], "visibility": "ALL"}, "last_id": "", "limit": 1000, "sort_dir": "ASC"}]


async def test_all_cards_page_by_page(ozon: respx.MockRouter, client: OzonClient) -> None:
    first = {"result": [card_row(1), card_row(2)], "total": 3, "last_id": "x"}
    route = answers(ozon, "/v4/product/info/attributes", first, {"result": [card_row(3)], "total": 3, "last_id": "y"})
    pages = await pages_of(client.cards())
    assert [[card.offer_id for card in page] for page in pages] == [["A1", "A2"], ["A3"]]
    assert [(body["filter"], body["last_id"]) for body in bodies(route)] == [({"visibility": "ALL"}, ""), ({"visibility": "ALL"}, "x")]


async def test_archive(ozon: respx.MockRouter, client: OzonClient) -> None:
    route = answers(ozon, "/v1/product/archive", {"result": True})
    assert await client.archive([1, 2]) is True
    assert bodies(route) == [{"product_id": [1, 2]}]


@pytest.mark.parametrize("price", ["NaN", "1e999", "1E+900", "9" * 50, "дорого"])
async def test_a_price_that_is_no_number_costs_only_its_product(ozon: respx.MockRouter, client: OzonClient, price: str) -> None:
    answers(
        ozon, "/v3/product/info/list", {"items": [{"id": 1, "offer_id": "A", "price": price}, {"id": 2, "offer_id": "B", "price": "5"}]}
    )
    assert [info.offer_id for info in await client.product_infos(["A", "B"])] == ["B"]
    assert client.bad_items == (BadItem("/v3/product/info/list", "A", "price", "not a number", "A"),)
    assert client.unread == {"A"}


async def test_stocks_by_warehouse_are_read_to_the_last_page(ozon: respx.MockRouter, client: OzonClient) -> None:
    first = {
        "offer_id": "A-1",
        "warehouse_id": 1020005000000101,
        "warehouse_name": "Основной",
        "present": 7,
        "reserved": 2,
        "free_stock": 5,
    }
    second = {"offer_id": "A-1", "warehouse_id": 22, "present": 4, "reserved": 1, "warehouse_name": None}
    pages = [{"products": [first], "has_next": True, "cursor": "c1"}, {"products": [second], "has_next": False, "cursor": ""}]
    route = answers(ozon, "/v2/product/info/stocks-by-warehouse/fbs", *pages)
    assert await client.warehouse_stocks(["A-1", "A-2"]) == {
        "A-1": (WarehouseStock(1020005000000101, "Основной", 5, 2), WarehouseStock(22, "", 3, 1))
    }
    assert [body["cursor"] for body in bodies(route)] == ["", "c1"]
    assert bodies(route)[0] == {"offer_id": ["A-1", "A-2"], "limit": 1000, "cursor": ""}
