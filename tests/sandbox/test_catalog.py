"""The tree, attributes and dictionaries as the API shows them."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from ozon_desktop.sandbox import Sandbox

from .conftest import DATA, Api, Clock

SHIRT = {"description_category_id": 101, "type_id": 1001}
JACKET = {"description_category_id": 103, "type_id": 1004}
TEA = {"description_category_id": 201, "type_id": 2001}
ATTRIBUTE_FIELDS = {
    "id", "attribute_complex_id", "name", "description", "type", "is_collection", "is_required", "is_aspect", "max_value_count",
    "group_id", "group_name", "dictionary_id", "category_dependent", "complex_is_collection",
}  # fmt: skip


async def test_the_tree_is_served_as_it_was_recorded(api: Api) -> None:
    assert await api.call("/v1/description-category/tree", {"language": "DEFAULT"}) == json.loads((DATA / "tree.json").read_text("utf-8"))


async def test_attributes_have_every_field(api: Api) -> None:
    result = (await api.call("/v1/description-category/attribute", SHIRT))["result"]
    assert [row["id"] for row in result] == [85, 9048, 8229, 4191, 10096, 4389, 7001, 7002, 7003, 7004, 21841, 21837]
    assert all(set(row) == ATTRIBUTE_FIELDS for row in result)


async def test_a_type_may_override_what_is_required(api: Api) -> None:
    shirt_colour = next(row for row in (await api.call("/v1/description-category/attribute", SHIRT))["result"] if row["id"] == 10096)
    jacket_colour = next(row for row in (await api.call("/v1/description-category/attribute", JACKET))["result"] if row["id"] == 10096)
    assert (shirt_colour["is_required"], jacket_colour["is_required"]) == (False, True)


async def test_a_type_without_a_list_has_the_common_attributes(api: Api) -> None:
    result = (await api.call("/v1/description-category/attribute", TEA))["result"]
    assert [row["id"] for row in result] == [85, 9048, 8229, 4191, 4389, 21841, 21837]


@pytest.mark.parametrize(
    ("pair", "named"),
    [
        ({"description_category_id": 999, "type_id": 1001}, "description_category_id 999"),
        ({"description_category_id": 101, "type_id": 2001}, "type_id 2001"),
    ],
)
async def test_an_unknown_pair_is_refused(api: Api, pair: dict[str, int], named: str) -> None:
    status, code, message = await api.refused("/v1/description-category/attribute", pair)
    assert (status, code) == (400, 3)
    assert named in message


async def test_values_come_in_pages_by_the_last_id(api: Api) -> None:
    seen: list[dict[str, Any]] = []
    has_next, pages = True, 0
    while has_next:
        body = {**SHIRT, "attribute_id": 85, "limit": 10, "last_value_id": seen[-1]["id"] if seen else 0, "language": "RU"}
        answer = await api.call("/v1/description-category/attribute/values", body)
        seen += answer["result"]
        has_next, pages = answer["has_next"], pages + 1
    assert pages == 3
    assert [row["id"] for row in seen] == list(range(5_000_001, 5_000_026))
    assert seen[0] == {"id": 5_000_001, "value": "Нет бренда", "info": "", "picture": ""}


async def test_values_of_a_dependent_attribute_differ_by_type(api: Api) -> None:
    shirts = await api.call("/v1/description-category/attribute/values", {**SHIRT, "attribute_id": 10096, "limit": 100})
    jackets = await api.call("/v1/description-category/attribute/values", {**JACKET, "attribute_id": 10096, "limit": 100})
    assert [row["value"] for row in shirts["result"]] == ["белый", "серый", "чёрный", "тёмно-серый"]
    assert [row["value"] for row in jackets["result"]] == ["серый"]
    assert jackets["has_next"] is False


@pytest.mark.parametrize(("attribute_id", "named"), [(4191, "not a dictionary"), (22232, "not found")])
async def test_values_of_no_dictionary_are_refused(api: Api, attribute_id: int, named: str) -> None:
    body = {**SHIRT, "attribute_id": attribute_id, "limit": 100}
    status, code, message = await api.refused("/v1/description-category/attribute/values", body)
    assert (status, code) == (400, 3)
    assert named in message


async def test_search_ignores_case_and_puts_beginnings_first(api: Api) -> None:
    body = {**SHIRT, "attribute_id": 85, "value": "ПУГОВ", "limit": 10}
    result = (await api.call("/v1/description-category/attribute/values/search", body))["result"]
    assert [row["value"] for row in result] == ["Пуговкин", "Лесная пуговица"]
    limited = await api.call("/v1/description-category/attribute/values/search", {**body, "limit": 1})
    assert [row["value"] for row in limited["result"]] == ["Пуговкин"]


async def test_a_recorded_tree_replaces_the_own_one(tmp_path: Path, clock: Clock) -> None:
    recorded = {
        "result": [
            {
                "description_category_id": 500,
                "category_name": "Дом",
                "disabled": False,
                "children": [{"type_id": 5001, "type_name": "Плед", "disabled": False, "children": []}],
            }
        ]
    }
    tree_file = tmp_path / "tree.json"
    tree_file.write_text(json.dumps(recorded), "utf-8")
    api = _api(Sandbox(data_dir=DATA, tree_file=tree_file, clock=clock), clock)
    assert await api.call("/v1/description-category/tree") == recorded
    attributes = await api.call("/v1/description-category/attribute", {"description_category_id": 500, "type_id": 5001})
    assert [row["id"] for row in attributes["result"]] == [85, 9048, 8229, 4191, 4389, 21841, 21837]


async def test_scale_multiplies_the_types_and_they_keep_their_attributes(clock: Clock) -> None:
    sandbox = Sandbox(data_dir=DATA, scale=3, clock=clock)
    api = _api(sandbox, clock)
    assert sandbox.summary()["types"] == 15
    tree = (await api.call("/v1/description-category/tree"))["result"]
    types = tree[0]["children"][2]["children"]
    assert [row["type_name"] for row in types] == ["Куртка", "Куртка, вид 2", "Куртка, вид 3"]
    pair = {"description_category_id": 103, "type_id": types[2]["type_id"]}
    attributes = (await api.call("/v1/description-category/attribute", pair))["result"]
    assert [row["id"] for row in attributes] == [85, 9048, 8229, 10096, 22232]
    colours = await api.call("/v1/description-category/attribute/values", {**pair, "attribute_id": 10096, "limit": 10})
    assert [row["value"] for row in colours["result"]] == ["серый"]


def _api(sandbox: Sandbox, clock: Clock) -> Api:
    return Api(httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test"), clock)
