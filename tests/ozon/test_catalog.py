"""What each method of the connection, the catalogue and the warehouses sends, and what its answer becomes."""

from datetime import UTC, datetime

import httpx
import pytest
import respx

from ozon_desktop.domain.cabinet import (
    Company,
    OzonWarehouse,
)
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue, OzonCategory, OzonType, TypeKey
from ozon_desktop.errors import UnexpectedAnswer
from ozon_desktop.ozon.client import OzonClient
from tests.ozon.playing import answers, bodies, pages_of

KEY = TypeKey(10, 20)
TREE = "/v1/description-category/tree"
VALUES = "/v1/description-category/attribute/values"


async def test_roles(ozon: respx.MockRouter, client: OzonClient) -> None:
    answer = {
        "expires_at": "2026-12-18T09:54:23.296Z",
        "roles": [{"name": "Admin", "methods": ["/v1/a", "/v1/b"]}, {"name": "Posting FBS", "methods": ["/v1/b"]}],
    }
    route = answers(ozon, "/v1/roles", answer)
    roles = await client.roles()
    assert bodies(route) == [{}]
    assert (roles.roles, roles.methods) == (("Admin", "Posting FBS"), frozenset({"/v1/a", "/v1/b"}))
    assert roles.expires_at == datetime(2026, 12, 18, 9, 54, 23, 296000, UTC)


async def test_roles_without_anything(ozon: respx.MockRouter, client: OzonClient) -> None:
    answers(ozon, "/v1/roles", {"roles": [{"name": "Admin", "methods": None}], "expires_at": None})
    roles = await client.roles()
    assert (roles.roles, roles.methods, roles.expires_at) == (("Admin",), frozenset(), None)


async def test_seller_info(ozon: respx.MockRouter, client: OzonClient) -> None:
    route = answers(ozon, "/v1/seller/info", {"company": {"name": "Лавка", "currency": "RUB", "inn": "7700", "new": 1}, "ratings": []})
    assert await client.seller_info() == Company("Лавка", "RUB", "7700")
    assert bodies(route) == [{}]


async def test_the_tree_of_any_depth_is_made_flat_in_its_order(ozon: respx.MockRouter, client: OzonClient) -> None:
    leaf = {"type_id": 7, "type_name": "Плойка", "disabled": True, "children": []}
    deep = {"description_category_id": 3, "category_name": "В", "disabled": True, "children": [leaf, {"type_id": 8, "type_name": "Фен"}]}
    middle = {"description_category_id": 2, "category_name": "Б", "disabled": False, "children": [deep, leaf]}
    other = {"description_category_id": 4, "category_name": "Г", "children": None}
    route = answers(ozon, TREE, {"result": [{"description_category_id": 1, "category_name": "А", "children": [middle]}, other]})
    categories, types = await client.category_tree()
    assert bodies(route) == [{"language": "RU"}]
    assert categories == [OzonCategory(1, None, "А"), OzonCategory(2, 1, "Б"), OzonCategory(3, 2, "В", True), OzonCategory(4, None, "Г")]
    assert types == [
        OzonType(TypeKey(3, 7), "Плойка", True),
        OzonType(TypeKey(3, 8), "Фен"),
        OzonType(TypeKey(2, 7), "Плойка", True),
    ]


async def test_a_large_answer_is_decoded_like_a_small_one(ozon: respx.MockRouter, client: OzonClient) -> None:
    nodes = [{"description_category_id": number + 1, "category_name": "x" * 100, "children": []} for number in range(5000)]
    answers(ozon, TREE, {"result": nodes})
    assert len((await client.category_tree())[0]) == 5000


async def test_attributes(ozon: respx.MockRouter, client: OzonClient) -> None:
    row = {"id": 85, "name": "Бренд", "type": "String", "is_required": True, "is_collection": False, "dictionary_id": 28732849}
    full = row | {"category_dependent": True, "attribute_complex_id": 100001, "max_value_count": 3, "group_id": 5, "group_name": "Г"}
    flags = {"is_aspect": True, "complex_is_collection": True, "description": None}
    route = answers(ozon, "/v1/description-category/attribute", {"result": [row, full | flags]})
    plain, complex_ = await client.attributes(KEY)
    assert bodies(route) == [{"description_category_id": 10, "type_id": 20, "language": "RU"}]
    assert plain == Attribute(85, "Бренд", is_required=True, dictionary_id=28732849)
    assert (complex_.complex_id, complex_.max_value_count, complex_.group_id, complex_.group_name) == (100001, 3, 5, "Г")
    assert complex_.category_dependent
    assert complex_.is_aspect
    assert complex_.complex_is_collection
    assert complex_.description == ""


async def test_attribute_values_page_by_page(ozon: respx.MockRouter, client: OzonClient) -> None:
    first = {"result": [{"id": 1, "value": "а"}, {"id": 5, "value": "б", "info": "и", "picture": "p"}], "has_next": True}
    route = answers(ozon, VALUES, first, {"result": [{"id": 9, "value": "в"}], "has_next": False})
    pages = await pages_of(client.attribute_values(KEY, 85))
    assert pages == [[DictionaryValue(1, "а"), DictionaryValue(5, "б", "и", "p")], [DictionaryValue(9, "в")]]
    query = {"description_category_id": 10, "type_id": 20, "attribute_id": 85, "language": "RU", "limit": 2000}
    assert bodies(route) == [query | {"last_value_id": 0}, query | {"last_value_id": 5}]


async def test_attribute_values_go_on_behind_a_known_one(ozon: respx.MockRouter, client: OzonClient) -> None:
    route = answers(ozon, VALUES, {"result": [], "has_next": False})
    assert await pages_of(client.attribute_values(KEY, 85, after=77)) == []
    assert bodies(route)[0]["last_value_id"] == 77


async def test_a_page_that_does_not_move_on_is_an_error_not_an_endless_loop(ozon: respx.MockRouter, client: OzonClient) -> None:
    ozon.post(VALUES).mock(return_value=httpx.Response(200, json={"result": [{"id": 1, "value": "а"}], "has_next": True}))
    with pytest.raises(UnexpectedAnswer):
        await pages_of(client.attribute_values(KEY, 85))


async def test_search_values(ozon: respx.MockRouter, client: OzonClient) -> None:
    route = answers(ozon, VALUES + "/search", {"result": [{"id": 1, "value": "Samsung"}]})
    assert await client.search_values(KEY, 85, " sam ", limit=500) == [DictionaryValue(1, "Samsung")]
    assert bodies(route) == [{"description_category_id": 10, "type_id": 20, "attribute_id": 85, "value": "sam", "limit": 100}]


@pytest.mark.parametrize("text", ["", "s", " s "])
async def test_a_search_too_short_for_ozon_is_not_sent(client: OzonClient, text: str) -> None:
    assert await client.search_values(KEY, 85, text) == []
    assert client.requests_sent == 0


async def test_limits(ozon: respx.MockRouter, client: OzonClient) -> None:
    daily = {"limit": "1500", "usage": 3, "reset_at": "2026-11-25T00:00:00Z"}
    answer = {"daily_create": daily, "total": {"limit": -1, "usage": 4}, "operation_limits": {"limit": 1}}
    route = answers(ozon, "/v4/product/info/limit", answer)
    limits = await client.limits()
    assert limits == (LimitUsage("total", -1, 4), LimitUsage("daily_create", 1500, 3, datetime(2026, 11, 25, tzinfo=UTC)))
    assert limits[0].left is None
    assert bodies(route) == [{}]


async def test_warehouses_of_all_pages(ozon: respx.MockRouter, client: OzonClient) -> None:
    first = [
        {"warehouse_id": 1020005003107121, "name": "Тула", "status": "created", "pause_at": None},
        {"warehouse_id": "2", "name": "Тверь", "status": "disabled_due_to_limit", "is_rfbs": True},
    ]
    second = [{"warehouse_id": 3, "name": "Ржев", "status": "created", "pause_at": "2026-11-01T00:00:00Z"}]
    route = answers(ozon, "/v2/warehouse/list", {"warehouses": first, "cursor": "c", "has_next": True}, {"warehouses": second})
    assert await client.warehouses() == [
        OzonWarehouse(1020005003107121, "Тула"),
        OzonWarehouse(2, "Тверь", True, False),
        OzonWarehouse(3, "Ржев", False, False),
    ]
    assert bodies(route) == [{"limit": 200}, {"limit": 200, "cursor": "c"}]


@pytest.mark.parametrize("answer", ["{}", '{"result": null}', '{"result": "x"}', '{"result": [{"description_category_id": "x"}]}', '{"a"}'])
async def test_an_answer_without_its_data_is_never_an_empty_catalogue(ozon: respx.MockRouter, client: OzonClient, answer: str) -> None:
    ozon.post(TREE).mock(return_value=httpx.Response(200, text=answer))
    with pytest.raises(UnexpectedAnswer) as caught:
        await client.category_tree()
    assert caught.value.subject == TREE


async def test_requests_of_a_client_are_counted_from_its_making(ozon: respx.MockRouter, client: OzonClient) -> None:
    ozon.post("/v1/product/archive").mock(side_effect=[httpx.Response(429), httpx.Response(200, json={"result": True})])
    await client.archive([1])
    assert client.requests_sent == 2
    assert OzonClient(client._transport, client._credentials).requests_sent == 0
