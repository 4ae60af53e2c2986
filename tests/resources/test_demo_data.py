"""Checks of the data shipped with the program: the sandbox's category tree, attributes, dictionaries, brands, and the demo shop.

`leaf_types.json` next to this file says by hand which sandbox type a shop category means; it is the expected answer, not program data.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.places import RESOURCES

Json = dict[str, Any]
Pair = tuple[int, int]


@cache
def load(name: str) -> Json:
    document = json.loads((RESOURCES / name).read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    return document


@cache
def brands() -> list[str]:
    return (RESOURCES / "sandbox/brands.txt").read_text(encoding="utf-8").splitlines()


def walk(nodes: list[Json], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Json | None, Json]]:
    """Every node of the tree as (names from the base category, parent, node)."""
    for node in nodes:
        yield from walk_node(None, node, path)


def walk_node(parent: Json | None, node: Json, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Json | None, Json]]:
    here = (*path, node.get("category_name") or node["type_name"])
    yield here, parent, node
    for child in node["children"]:
        yield from walk_node(node, child, here)


@cache
def tree_types() -> dict[str, Pair]:
    """Type pairs (description_category_id, type_id) by their full path."""
    result: dict[str, Pair] = {}
    for path, parent, node in walk(load("sandbox/tree.json")["result"]):
        if "type_id" in node:
            assert parent is not None
            result[" / ".join(path)] = (parent["description_category_id"], node["type_id"])
    return result


@cache
def tree_categories() -> list[Json]:
    return [node for _, _, node in walk(load("sandbox/tree.json")["result"]) if "description_category_id" in node]


@cache
def full_types() -> dict[Pair, list[Json]]:
    """The whole attribute list of every described pair, overrides applied."""
    document = load("sandbox/attributes.json")
    known = {attribute["id"]: attribute for attribute in document["attributes"]}
    return {
        (entry["description_category_id"], entry["type_id"]): [known[own["id"]] | own for own in entry["attributes"]]
        for entry in document["types"]
    }


def allowed_values(dictionary_id: int, pair: Pair) -> set[str]:
    dictionary = load("sandbox/dictionaries.json")[str(dictionary_id)]
    values = dictionary.get("by_type", {}).get(f"{pair[0]}:{pair[1]}", dictionary["values"])
    return {value["value"].casefold() for value in values}


def demo_store() -> Json:
    return load("demo_store/store.json")


@cache
def store_paths() -> dict[str, str]:
    """Category id to its path, for the structure «ОЗОН» only."""
    store = demo_store()
    ozon = next(structure["id"] for structure in store["structures"] if structure["name"] == "ОЗОН")
    own = {category["id"]: category for category in store["categories"] if category["structure_id"] == ozon}

    def path(category: Json) -> str:
        parent = category["parent_id"]
        return f"{path(own[parent])} / {category['name']}" if parent else str(category["name"])

    return {identifier: path(category) for identifier, category in own.items()}


def number(text: str) -> Decimal | None:
    """The leading number of «0,85 кг», or None."""
    found = re.match(r"\d+(?:[.,]\d+)?", text)
    return Decimal(found.group().replace(",", ".")) if found else None


def ean13_is_valid(code: str) -> bool:
    if not re.fullmatch(r"\d{13}", code):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code)) % 10 == 0


def type_of(product: Json) -> Pair | None:
    """The type the product's «ОЗОН» category means, by the hand-written answer."""
    answers: dict[str, str] = json.loads((Path(__file__).parent / "leaf_types.json").read_text(encoding="utf-8"))
    for identifier in product["category_ids"]:
        if (leaf := store_paths().get(identifier)) in answers:
            return tree_types()[answers[leaf]]
    return None


def attribute_gaps(product: Json, pair: Pair) -> list[str]:
    """Required attributes that the product's own properties do not fill with an allowed value."""
    properties = product["properties"] | {"Цвет товара": product["properties"].get("Цвет", "")}
    gaps = []
    for attribute in full_types()[pair]:
        if not attribute["is_required"] or attribute["id"] in (85, 8229):
            continue
        name = attribute["name"].partition(" (")[0]
        value = properties.get(attribute["name"]) or properties.get(name, "")
        if attribute["dictionary_id"]:
            filled = bool(value) and all(
                part.strip().casefold() in allowed_values(attribute["dictionary_id"], pair) for part in value.split(";")
            )
        elif attribute["type"] in ("Integer", "Decimal"):
            filled = number(value) is not None
        else:
            filled = bool(value)
        if not filled:
            gaps.append(attribute["name"])
    return gaps


def shop_gaps(product: Json, articles: Counter[str], retail: set[str]) -> list[str]:
    """What a card needs besides attributes and the product lacks."""
    properties = product["properties"]
    size = [number(properties.get(name, "")) for name in ("Вес", "Длина", "Ширина", "Высота")]
    checks = {
        "article": articles[product["article"]] == 1 and len(product["article"]) <= 50,
        "name": 0 < len(product["name"]) <= 255,
        "barcode": bool(product["barcodes"]),
        "picture": bool(product["pictures"]),
        "size": all(size),
        "price": product["id"] in retail,
        "vat": product["vat"] in ("22", "10", None),
        "brand": product["vendor"] in brands(),
        "category": any(identifier in store_paths() for identifier in product["category_ids"]),
    }
    return [name for name, passed in checks.items() if not passed]


@cache
def gaps_of_products() -> list[tuple[Json, list[str]]]:
    store = demo_store()
    retail_type = next(kind["id"] for kind in store["price_types"] if kind["name"] == "Розничная")
    retail = {price["product_id"] for price in store["prices"] if price["price_type_id"] == retail_type and Decimal(price["value"]) > 0}
    articles = Counter(product["article"] for product in store["products"])
    result = []
    for product in store["products"]:
        gaps = shop_gaps(product, articles, retail)
        pair = type_of(product)
        gaps += ["type"] if pair is None else attribute_gaps(product, pair)
        result.append((product, gaps))
    return result


def test_tree_has_the_promised_size() -> None:
    assert len(load("sandbox/tree.json")["result"]) >= 12
    assert len(tree_categories()) >= 60
    assert len(tree_types()) >= 400


def test_tree_has_disabled_parts_shared_types_and_namesakes() -> None:
    nodes = [node for _, _, node in walk(load("sandbox/tree.json")["result"])]
    assert 5 <= sum(node["disabled"] for node in nodes if "type_id" in node) <= 8
    assert sum(node["disabled"] for node in nodes if "category_name" in node) == 1
    usages = Counter(type_id for _, type_id in tree_types().values())
    assert max(usages.values()) == 2
    names = {(node["type_name"], node["type_id"]) for node in nodes if "type_id" in node}
    assert max(Counter(name for name, _ in names).values()) > 1


def test_tree_ids_are_unique() -> None:
    categories = [category["description_category_id"] for category in tree_categories()]
    pairs = list(tree_types().values())
    assert len(set(categories)) == len(categories)
    assert len(set(pairs)) == len(pairs)
    assert not {type_id for _, type_id in pairs} & set(categories)


def test_every_described_type_exists_in_the_tree() -> None:
    known = set(tree_types().values())
    assert len(full_types()) >= 32
    assert set(full_types()) <= known
    keys = {key for dictionary in load("sandbox/dictionaries.json").values() for key in dictionary.get("by_type", {})}
    assert keys
    assert {tuple(int(part) for part in key.split(":")) for key in keys} <= known


def test_attribute_ids_are_unique_and_lists_refer_to_them() -> None:
    document = load("sandbox/attributes.json")
    ids = [attribute["id"] for attribute in document["attributes"]]
    assert len(set(ids)) == len(ids)
    assert set(document["common"]) <= set(ids)
    for attributes in full_types().values():
        own = [attribute["id"] for attribute in attributes]
        assert len(set(own)) == len(own)


def test_full_types_have_plausible_lists() -> None:
    for pair, attributes in full_types().items():
        required = {attribute["id"] for attribute in attributes if attribute["is_required"]}
        assert 15 <= len(attributes) <= 40, pair
        assert 4 <= len(required) <= 6, pair
        assert {85, 9048, 8229} <= required, pair


def test_every_dictionary_is_present_and_its_value_ids_are_its_own() -> None:
    dictionaries = load("sandbox/dictionaries.json")
    attributes = load("sandbox/attributes.json")["attributes"]
    used = {attribute["dictionary_id"] for attribute in attributes} - {0, 28732849}
    assert {int(key) for key in dictionaries} == used
    dependent = {attribute["dictionary_id"] for attribute in attributes if attribute["category_dependent"]}
    owner: dict[int, tuple[str, str]] = {}
    for key, dictionary in dictionaries.items():
        assert ("by_type" in dictionary) == (int(key) in dependent)
        ids = [value["id"] for value in dictionary["values"]]
        assert ids
        assert len(set(ids)) == len(ids)
        for values in (dictionary["values"], *dictionary.get("by_type", {}).values()):
            for value in values:
                assert set(value) == {"id", "value", "info", "picture"}
                assert owner.setdefault(value["id"], (key, value["value"])) == (key, value["value"])


def test_type_dictionary_offers_the_type_itself() -> None:
    attribute = next(entry for entry in load("sandbox/attributes.json")["attributes"] if entry["id"] == 8229)
    by_type = load("sandbox/dictionaries.json")[str(attribute["dictionary_id"])]["by_type"]
    for path, (category_id, type_id) in tree_types().items():
        values = by_type[f"{category_id}:{type_id}"]
        assert [(value["id"], value["value"]) for value in values] == [(type_id, path.rpartition(" / ")[2])]


def test_brands_are_many_unique_and_start_with_no_brand() -> None:
    names = brands()
    assert len(names) >= 6000
    assert names[0] == "Нет бренда"
    assert all(name and name == name.strip() for name in names)
    assert len({name.casefold() for name in names}) == len(names)
    taken = {v["id"] for d in load("sandbox/dictionaries.json").values() for v in d["values"]}
    assert not taken & set(range(5_000_001, 5_000_001 + len(names)))


def test_demo_store_has_the_promised_size() -> None:
    store = demo_store()
    sizes = {key: len(value) for key, value in store.items() if isinstance(value, list)}
    assert "демонстрационные данные" in store["about"]
    assert sizes["products"] >= 160
    assert (sizes["structures"], sizes["price_types"], sizes["warehouses"]) == (2, 3, 2)
    assert (sizes["organizations"], sizes["employees"], sizes["directions"]) == (2, 3, 3)
    used = {identifier for product in store["products"] for identifier in product["category_ids"]} & set(store_paths())
    assert len(used) >= 25
    assert max(path.count(" / ") for path in store_paths().values()) == 2


@pytest.mark.parametrize(
    "section",
    [
        "structures",
        "categories",
        "property_definitions",
        "products",
        "price_types",
        "warehouses",
        "organizations",
        "employees",
        "directions",
    ],
)
def test_demo_store_ids_are_unique(section: str) -> None:
    ids = [entry["id"] for entry in demo_store()[section]]
    assert ids
    assert len(set(ids)) == len(ids)


def test_demo_store_references_hold() -> None:
    store = demo_store()

    def ids(section: str) -> set[str]:
        return {entry["id"] for entry in store[section]}

    assert {category["structure_id"] for category in store["categories"]} == ids("structures")
    assert {category["parent_id"] for category in store["categories"]} - {None} <= ids("categories")
    assert {identifier for product in store["products"] for identifier in product["category_ids"]} <= ids("categories")
    assert {name for product in store["products"] for name in product["properties"]} == {
        definition["name"] for definition in store["property_definitions"]
    }
    assert {price["product_id"] for price in store["prices"]} | {stock["product_id"] for stock in store["stocks"]} <= ids("products")
    assert {price["price_type_id"] for price in store["prices"]} == ids("price_types")
    assert {stock["warehouse_id"] for stock in store["stocks"]} == ids("warehouses")


def test_barcodes_are_unique_ean13() -> None:
    codes = [code for product in demo_store()["products"] for code in product["barcodes"]]
    assert all(ean13_is_valid(code) for code in codes)
    assert len(set(codes)) == len(codes)


def test_shop_categories_lead_to_described_types() -> None:
    answers: dict[str, str] = json.loads((Path(__file__).parent / "leaf_types.json").read_text(encoding="utf-8"))
    assert set(answers) <= set(store_paths().values())
    assert {tree_types()[path] for path in answers.values()} <= set(full_types())


def test_most_products_are_complete() -> None:
    complete = [product for product, gaps in gaps_of_products() if not gaps]
    assert len(complete) >= 120


@pytest.mark.parametrize(
    "flaw",
    [
        lambda product, gaps: not product["vendor"],
        lambda product, gaps: bool(product["vendor"]) and "brand" in gaps,
        lambda product, gaps: "Вес" not in product["properties"],
        lambda product, gaps: product["properties"]["Высота"] == "0 см",
        lambda product, gaps: "price" in gaps,
        lambda product, gaps: "picture" in gaps,
        lambda product, gaps: "name" in gaps,
        lambda product, gaps: "category" in gaps,
        lambda product, gaps: product["vat"] == "18",
        lambda product, gaps: "article" in gaps,
        lambda product, gaps: "barcode" in gaps,
    ],
    ids=[
        "no brand",
        "unknown brand",
        "no weight",
        "zero height",
        "no price",
        "no picture",
        "long name",
        "no category",
        "vat 18",
        "twin",
        "no ean",
    ],
)
def test_each_kind_of_unfinished_product_is_present(flaw: Callable[[Json, list[str]], bool]) -> None:
    assert any(flaw(product, gaps) for product, gaps in gaps_of_products())
    assert sum(bool(gaps) for _, gaps in gaps_of_products()) <= 30
