"""The tree, attributes and dictionaries as the API shows them."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import httpx
import pytest

from ozon_desktop.sandbox.ozon.catalog import BRAND_DICTIONARY, UnreadableTree
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from tests.sandbox.ozon.conftest import DATA, Api, Clock

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


def test_the_data_of_the_program_at_full_scale_load_flat() -> None:
    catalog = Sandbox(scale=23).memory.catalog
    assert catalog.type_count == 583 * 23 == 13_409
    tracemalloc.start()
    try:
        kept = Sandbox(scale=23)
        brands = kept.memory.catalog.dictionary({"dictionary_id": BRAND_DICTIONARY}, 0, 0)
        assert brands is not None
        last = 0
        for _ in range(100):
            last = brands.page(last, 2000)[0][-1]["id"]
        assert brands.page(last, 2000) == ([], False)
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.slow
async def test_at_scale_brands_are_200_000_and_come_in_pages(clock: Clock) -> None:
    api = _api(Sandbox(scale=2, clock=clock), clock)
    node = (await api.call("/v1/description-category/tree"))["result"][0]
    while not node["children"][0].get("type_id"):
        node = node["children"][0]
    pair = {"description_category_id": node["description_category_id"], "type_id": node["children"][0]["type_id"]}
    ids: list[int] = []
    texts: set[str] = set()
    has_next = True
    while has_next:
        body = {**pair, "attribute_id": 85, "limit": 2000, "last_value_id": ids[-1] if ids else 0}
        answer = await api.call("/v1/description-category/attribute/values", body)
        ids += [row["id"] for row in answer["result"]]
        texts.update(row["value"] for row in answer["result"])
        has_next = answer["has_next"]
    assert ids == sorted(set(ids))
    assert (len(ids), len(texts)) == (200_000, 200_000)
    found = await api.call(
        "/v1/description-category/attribute/values/search", {**pair, "attribute_id": 85, "value": "шагомер", "limit": 100}
    )
    assert [row["value"] for row in found["result"][:3]] == ["Шагомер", "Шагомер 2", "Шагомер 3"]
    assert {row["id"] for row in found["result"]} <= set(ids)


def test_the_number_of_brands_can_be_chosen_and_import_knows_them_all() -> None:
    catalog = Sandbox(data_dir=DATA, brands=100).memory.catalog
    brand = next(row for row in catalog.attributes(101, 1001) if row["id"] == 85)
    dictionary = catalog.dictionary(brand, 101, 1001)
    assert dictionary is not None
    values, more = dictionary.page(0, 1000)
    assert (len(values), len(dictionary), more) == (100, 100, False)
    assert all(row["id"] in dictionary for row in values)
    assert values[-1]["id"] + 1 not in dictionary
    assert dictionary.page(values[49]["id"], 10)[0] == values[50:60]
    assert dictionary.page(values[-1]["id"], 10) == ([], False)


@pytest.mark.parametrize(
    "content", ["no json", "{}", '{"result": [{"children": []}]}', '{"result": [{"description_category_id": "1"}]}', '{"result": 5}']
)
def test_a_file_that_is_no_recorded_tree_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "tree.json").write_text(content, "utf-8")
    with pytest.raises(UnreadableTree, match="tree"):
        Sandbox(data_dir=DATA, tree_file=tmp_path / "tree.json")


def _api(sandbox: Sandbox, clock: Clock) -> Api:
    return Api(httpx.AsyncClient(transport=httpx.ASGITransport(app=sandbox.app), base_url="http://sandbox.test"), clock)
