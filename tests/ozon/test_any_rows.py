"""Lists without an end, rows that cannot be read, trees that go in circles."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import respx

from ozon_desktop.domain.bad_item import BadItem
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.errors import EndlessPages, OzonError, RequestRefused, UnexpectedAnswer
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.wording.errors import bad_item_text, error_text

FBS, TREE, VALUES = "/v4/posting/fbs/list", "/v1/description-category/tree", "/v1/description-category/attribute/values"
SINCE, TO = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
KEY = TypeKey(10, 20)


def serve(ozon: respx.MockRouter, path: str, *answers: Any) -> respx.Route:
    """These answers one after the other, the last one for ever."""
    following: Iterator[Any] = itertools.chain(answers, itertools.repeat(answers[-1]))
    return ozon.post(path).mock(side_effect=lambda _: httpx.Response(200, json=next(following)))


def postings(*numbers: Any, **rest: Any) -> dict[str, Any]:
    return {"postings": [{"posting_number": number} for number in numbers], "has_next": True, **rest}


async def read_fbs(client: OzonClient) -> list[str]:
    return [posting.posting_number async for page in client.fbs_postings(SINCE, TO) for posting in page]


async def test_cursors_that_go_in_a_circle_end(ozon: respx.MockRouter, client: OzonClient) -> None:
    route = serve(ozon, FBS, postings("1", cursor="a"), postings("2", cursor="b"), postings("3", cursor="a"))
    with pytest.raises(EndlessPages) as caught:
        await read_fbs(client)
    assert caught.value.subject == FBS
    assert route.call_count == 3


async def test_a_page_that_brings_nothing_new_ends_the_list(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, FBS, postings("1", "2", cursor="a"), postings("2", "1", cursor="b"))
    with pytest.raises(EndlessPages):
        await read_fbs(client)


async def test_an_empty_page_with_more_to_come_is_an_error(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, FBS, postings(cursor="a"))
    with pytest.raises(EndlessPages):
        await read_fbs(client)


async def test_no_list_has_more_pages_than_allowed(ozon: respx.MockRouter, transport: Transport, credentials: Credentials) -> None:
    numbers = itertools.count()
    ozon.post(FBS).mock(side_effect=lambda _: httpx.Response(200, json=postings(str(next(numbers)), cursor=str(next(numbers)))))
    with pytest.raises(EndlessPages) as caught:
        await read_fbs(OzonClient(transport, credentials, most_pages=5))
    assert transport.requests == 5
    assert "заказы FBS" in str(error_text(caught.value))


ENDLESS = [
    (VALUES, {"result": [{"id": 1}], "has_next": True}, lambda client: client.attribute_values(KEY, 85)),
    ("/v3/product/list", {"result": {"items": [{"product_id": 1}], "last_id": "x"}}, lambda client: client.products()),
    ("/v4/product/info/attributes", {"result": [{"id": 1}], "last_id": "x"}, lambda client: client.cards()),
    ("/v1/returns/list", {"returns": [{"id": 1}], "has_next": True}, lambda client: client.returns(SINCE, TO)),
    ("/v3/posting/fbo/list", postings("1", cursor="x"), lambda client: client.fbo_postings(SINCE, TO)),
    ("/v4/posting/fbs/unfulfilled/list", postings("1", cursor="x"), lambda client: client.unfulfilled_postings(SINCE, TO)),
]


@pytest.mark.parametrize(("path", "answer", "ask"), ENDLESS)
async def test_every_list_of_pages_ends(ozon: respx.MockRouter, client: OzonClient, path: str, answer: Any, ask: Any) -> None:
    serve(ozon, path, answer)
    with pytest.raises(EndlessPages) as caught:
        [page async for page in ask(client)]
    assert caught.value.subject == path


@pytest.mark.parametrize(
    ("path", "answer", "name"),
    [
        ("/v2/warehouse/list", {"warehouses": [{"warehouse_id": 1}], "has_next": True, "cursor": "x"}, "warehouses"),
        ("/v5/product/info/prices", {"items": [{"product_id": 1}], "cursor": "x"}, "prices"),
        ("/v4/product/info/stocks", {"items": [{"product_id": 1}], "cursor": "x"}, "stocks"),
        (
            "/v2/product/info/stocks-by-warehouse/fbs",
            {"products": [{"warehouse_id": 1}], "has_next": True, "cursor": "x"},
            "warehouse_stocks",
        ),
    ],
)
async def test_every_gathered_list_ends(ozon: respx.MockRouter, client: OzonClient, path: str, answer: Any, name: str) -> None:
    serve(ozon, path, answer)
    with pytest.raises(EndlessPages) as caught:
        await (client.warehouses() if name == "warehouses" else getattr(client, name)(["A", "B", "C"]))
    assert caught.value.subject == path


async def test_one_bad_posting_does_not_lose_its_page(ozon: respx.MockRouter, client: OzonClient) -> None:
    bad = {"posting_number": "2", "products": [{"offer_id": "A", "quantity": "много"}]}
    serve(ozon, FBS, {"postings": [{"posting_number": "1"}, bad, {"posting_number": "3"}]})
    assert await read_fbs(client) == ["1", "3"]
    [item] = client.bad_items
    assert (item.method, item.item, item.field, item.offer_id) == (FBS, "2", "products[0].quantity", "")
    assert bad_item_text(item) == "Ozon ответил непонятно: заказы FBS (/v4/posting/fbs/list), 2, поле products[0].quantity"


async def test_a_row_that_does_not_say_whose_it_is_puts_all_that_did_not_come_in_doubt(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, "/v3/product/info/list", {"items": [{"id": 1, "offer_id": "A"}, 7]})
    assert [info.offer_id for info in await client.product_infos(["A", "B", "C"])] == ["A"]
    assert client.unread == {"B", "C"}


async def test_rows_none_of_which_can_be_read_are_no_empty_list(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, FBS, {"postings": [{"number": "1"}, {"number": "2"}]})
    with pytest.raises(UnexpectedAnswer):
        await read_fbs(client)


async def test_an_import_that_cannot_be_read_counts_as_not_done(ozon: respx.MockRouter, client: OzonClient) -> None:
    rows = [{"offer_id": "A", "status": "IMPORTED"}, {"offer_id": "B", "status": 5}]
    serve(ozon, "/v1/product/import/info", {"result": {"items": rows}})
    assert [(item.offer_id, item.status, item.finished) for item in await client.import_info(1)] == [
        ("A", "imported", True),
        ("B", "pending", False),
    ]


@pytest.mark.parametrize("number", [str(2**63), "9" * 5_000, f'"{"9" * 40}"', "1e999"])
async def test_a_number_too_long_for_a_number_costs_only_its_row(ozon: respx.MockRouter, client: OzonClient, number: str) -> None:
    body = '{"warehouses": [{"warehouse_id": 1}, {"warehouse_id": ' + number + "}]}"
    ozon.post("/v2/warehouse/list").mock(return_value=httpx.Response(200, text=body))
    assert [warehouse.id for warehouse in await client.warehouses()] == [1]
    assert [bad.field for bad in client.bad_items] == ["warehouse_id"]


async def test_bad_rows_are_given_away_once(ozon: respx.MockRouter, transport: Transport, credentials: Credentials) -> None:
    given: list[BadItem] = []
    client = OzonClient(transport, credentials, given.append)
    serve(ozon, FBS, {"postings": [{"posting_number": "1"}, {"posting_number": 2}]})
    for _ in range(3):
        await read_fbs(client)
    assert [item.item for item in given] == ["2"]


def node(identity: int, *children: Any) -> dict[str, Any]:
    return {"description_category_id": identity, "category_name": str(identity), "children": list(children)}


def nested(levels: int) -> dict[str, Any]:
    found = node(1)
    for level in range(2, levels + 1):
        found = node(level, found)
    return found


@pytest.mark.parametrize("tree", [[node(1, node(2, node(1)))], [node(1, node(2)), node(2, node(1))], [node(1, node(1))], [nested(33)]])
async def test_a_tree_that_goes_in_a_circle_or_too_deep_is_refused(ozon: respx.MockRouter, client: OzonClient, tree: Any) -> None:
    serve(ozon, TREE, {"result": tree})
    with pytest.raises(UnexpectedAnswer) as caught:
        await client.category_tree()
    assert caught.value.subject == TREE
    assert caught.value.field in {"description_category_id", "children"}


async def test_the_older_shape_of_an_error_has_its_text_even_with_a_200(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(
        ozon, TREE, {"error": {"code": "BAD_REQUEST", "message": "Invalid payload", "data": [{"name": "language", "message": "unknown"}]}}
    )
    with pytest.raises(RequestRefused) as caught:
        await client.category_tree()
    assert caught.value.detail == "Invalid payload language: unknown"


@pytest.mark.parametrize("wait", ["9" * 400, "1e300", "Wed, 21 Oct 99999999999 07:28:00 GMT"])
async def test_a_wait_without_end_is_a_day_at_most(ozon: respx.MockRouter, client: OzonClient, wait: str) -> None:
    headers = {"Retry-After": wait, "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    message = {"code": 8, "message": "request rate limit per second"}
    ozon.post(TREE).mock(return_value=httpx.Response(429, json=message, headers=headers))
    with pytest.raises(OzonError) as caught:
        await client.category_tree()
    assert 0 < getattr(caught.value, "retry_after", 0.0) <= 86_400
