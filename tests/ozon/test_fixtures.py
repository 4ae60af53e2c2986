"""Real answers of Ozon decode. They are other people's data and lie outside the project: without them these tests are skipped."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

import httpx
import pytest
import respx

from ozon_desktop import errors
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.errors import refusal
from tests.places import SHARED

REAL = SHARED / "ozon"
T = TypeVar("T")

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the recorded answers of Ozon are not on this machine")


def serve(ozon: respx.MockRouter, path: str, name: str) -> None:
    """The route answers with a recorded body, always the same."""
    ozon.post(path).mock(return_value=httpx.Response(200, content=(REAL / name).read_bytes()))


async def first_page(iterator: AsyncIterator[list[T]]) -> list[T]:
    return await anext(iterator)


async def test_the_real_tree(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, "/v1/description-category/tree", "category_tree.json")
    tree = OzonTree.build(*await client.category_tree())
    assert (len(tree.base), len(tree.types)) == (29, 13_214)
    assert len(tree.categories) == 662
    assert all(tree.type_path(key) for key in tree.types)


@pytest.mark.parametrize("name", ["category_attributes", "attributes_car_paint"])
async def test_real_attributes(ozon: respx.MockRouter, client: OzonClient, name: str) -> None:
    serve(ozon, "/v1/description-category/attribute", f"fixtures/{name}.json")
    found = await client.attributes(TypeKey(1, 2))
    raw = json.loads((REAL / f"fixtures/{name}.json").read_text(encoding="utf-8"))["result"]
    assert [(row.id, row.name, row.complex_id) for row in found] == [(row["id"], row["name"], row["attribute_complex_id"]) for row in raw]
    assert {row.kind for row in found} >= {"dictionary", "text"}


async def test_real_values(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, "/v1/description-category/attribute/values", "fixtures/attribute_values_brand.json")
    serve(ozon, "/v1/description-category/attribute/values/search", "fixtures/attribute_values_search.json")
    assert (await first_page(client.attribute_values(TypeKey(1, 2), 85)))[0].value == "Юпитер"
    assert (await client.search_values(TypeKey(1, 2), 85, "name"))[0].value == "NAME"


async def test_a_real_product_and_a_real_product_with_an_error(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, "/v3/product/info/list", "fixtures/product_info_list.json")
    [good] = await client.product_infos(["x"])
    assert (good.price, good.old_price, good.status, good.vat, good.is_created) == (
        Decimal(1100),
        Decimal(4400),
        "price_sent",
        "0.00",
        True,
    )
    serve(ozon, "/v3/product/info/list", "fixtures/product_info_list_with_error.json")
    [bad] = await client.product_infos(["x"])
    [error] = bad.errors
    assert (error.code, error.attribute_id, error.level, error.blocking) == ("error_attribute_values_empty", 22232, "error", True)
    assert error.attribute_name == "ТН ВЭД коды ЕАЭС"


async def test_a_real_card(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, "/v4/product/info/attributes", "fixtures/product_info_attributes.json")
    [card] = await first_page(client.cards(["143210609"]))
    assert (card.height, card.weight, len(card.images)) == (250, 100, 2)
    assert {(row.id, row.complex_id) for row in card.attributes} >= {(85, 0), (21837, 100001), (21841, 100001)}


async def test_a_real_import_that_is_no_success(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, "/v1/product/import/info", "fixtures/import_info.json")
    [item] = await client.import_info(1)
    assert (item.status, item.accepted, item.errors[0].attribute_name) == ("imported", False, "ТН ВЭД коды ЕАЭС")


async def test_real_limits(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, "/v4/product/info/limit", "fixtures/product_info_limit.json")
    assert [(row.name, row.limit) for row in await client.limits()] == [("total", 20000), ("daily_create", 1500), ("daily_update", 5000)]


async def test_a_real_posting(ozon: respx.MockRouter, client: OzonClient) -> None:
    serve(ozon, "/v4/posting/fbs/list", "fixtures/posting_fbs_unfulfilled_list_v4.json")
    [posting] = await first_page(client.fbs_postings(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)))
    assert (posting.scheme, posting.status, posting.total) == ("fbs", "awaiting_packaging", Decimal(1530))
    assert (posting.warehouse_id, posting.warehouse_name) == (1020005003107121, "FBS LikeSK")


def test_real_refusals_have_classes_of_their_own() -> None:
    rows = json.loads((REAL / "fixtures/errors.json").read_text(encoding="utf-8"))
    kinds = [type(refusal("/", row["http"] or 500, httpx.Headers(row.get("headers")), json.dumps(row["body"]).encode())) for row in rows]
    assert kinds == [
        errors.HeadersMissing,
        errors.InvalidClientId,
        errors.InvalidKey,
        errors.KeyDeactivated,
        errors.MissingRole,
        errors.OfferNotSigned,
        errors.MethodSwitchedOff,
        errors.RateLimited,
        errors.ItemLimitReached,
        errors.CircuitOpen,
    ]
