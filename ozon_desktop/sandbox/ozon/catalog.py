"""The category tree, attributes and dictionaries, read from data files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from .dictionaries import GENERATED_ID_FACTOR, Dictionary
from .model import Json

BRAND_DICTIONARY = 28732849
BRAND_ID_BASE = 5_000_000
SCALED_TYPE_STEP = 10_000_000_000
LARGE_DICTIONARY = 200_000
GROWING_FROM = 50


class UnreadableTree(ValueError):
    """The file given as a recorded tree is none."""


@dataclass(frozen=True)
class Dependency:
    """Which values of a child attribute go with which of its parent's; a parent of 8229 is the type itself."""

    parent: int
    child: int
    values: dict[int, tuple[int, ...]]

    def children_of(self, parents: Collection[int]) -> frozenset[int] | None:
        """The values that go with any of these of the parent; None when it says nothing of them."""
        known = [self.values[parent] for parent in parents if parent in self.values]
        return frozenset(child for children in known for child in children) if known else None


class Catalog:
    """What the seller may list.

    `scale`: every type is there that many times (the data of the program have 583 types, so that 23 gives 13 409). With a
    scale above 1 dictionaries grow as well: brands to 200 000 values, those that are the same in all categories and have 50 or
    more values to `scale` times as many. `brands` sets the number of brands whatever the scale. dependent_attributes.json may be
    missing.
    """

    def __init__(self, data_dir: Path, tree_file: Path | None, scale: int, brands: int | None = None) -> None:
        self._scale = scale
        self._brands = brands if brands is not None else LARGE_DICTIONARY if scale > 1 else 0
        tree = _read_tree(tree_file or data_dir / "tree.json")
        if scale > 1:
            _multiply_types(tree["result"], scale)
        self.tree_bytes = msgspec.json.encode(tree)
        self._categories: dict[int, bool] = {}
        self._types: dict[tuple[int, int], tuple[str, bool]] = {}
        self._index(tree["result"], 0, False)
        self._read_attributes(_read(data_dir / "attributes.json"))
        self._encoded: dict[int, bytes] = {}
        self._read_dictionaries(data_dir)
        self._dependencies = _read_dependencies(data_dir / "dependent_attributes.json")

    @property
    def type_count(self) -> int:
        return len(self._types)

    def has_category(self, category_id: int) -> bool:
        return category_id in self._categories

    def has_type(self, category_id: int, type_id: int) -> bool:
        return (category_id, type_id) in self._types

    def is_disabled(self, category_id: int, type_id: int) -> bool:
        """True when the type or a category above it takes no new products."""
        return self._types[category_id, type_id][1]

    def attributes(self, category_id: int, type_id: int) -> list[Json]:
        """Attributes of a type in the order of the data file; the types a file does not name have the common ones."""
        return self._by_type.get((category_id, type_id % SCALED_TYPE_STEP), self._common)

    def plain_type(self, type_id: int) -> int:
        """The type in the data that one made by `scale` repeats."""
        return type_id % SCALED_TYPE_STEP

    def dependencies(self, category_id: int, type_id: int) -> list[Dependency]:
        """Between attributes of a type."""
        known = {int(attribute["id"]) for attribute in self.attributes(category_id, type_id)}
        return [link for link in self._dependencies if link.child in known and link.parent in known]

    def attributes_answer(self, category_id: int, type_id: int) -> bytes:
        """The encoded answer of /v1/description-category/attribute: types share their lists, so each is encoded once."""
        rows = self.attributes(category_id, type_id)
        answer = self._encoded.get(id(rows))
        if answer is None:
            answer = self._encoded[id(rows)] = msgspec.json.encode({"result": rows})
        return answer

    def dictionary(self, attribute: Json, category_id: int, type_id: int) -> Dictionary | None:
        """The dictionary of an attribute for a type; None for free text."""
        dictionary_id = int(attribute["dictionary_id"])
        if not dictionary_id:
            return None
        special = self._dictionaries_by_type.get((dictionary_id, f"{category_id}:{type_id % SCALED_TYPE_STEP}"))
        return special if special is not None else self._dictionaries.get(dictionary_id, self._nothing)

    def _index(self, nodes: list[Json], category_id: int, disabled: bool) -> None:
        for node in nodes:
            if not node.get("type_id") and not node.get("description_category_id"):
                raise UnreadableTree("a node of the tree has neither type_id nor description_category_id")
            here = disabled or bool(node.get("disabled"))
            if node.get("type_id"):
                self._types[category_id, int(node["type_id"])] = (str(node.get("type_name", "")), here)
            else:
                node_id = int(node["description_category_id"])
                self._categories[node_id] = here
                self._index(node.get("children") or [], node_id, here)

    def _read_attributes(self, data: Json) -> None:
        base: dict[int, Json] = {int(attribute["id"]): attribute for attribute in data["attributes"]}
        self._common = [base[int(attribute_id)] for attribute_id in data["common"]]
        self._by_type: dict[tuple[int, int], list[Json]] = {
            (int(entry["description_category_id"]), int(entry["type_id"])): [
                {**base[int(override["id"])], **override} for override in entry["attributes"]
            ]
            for entry in data["types"]
        }

    def _read_dictionaries(self, data_dir: Path) -> None:
        self._nothing = Dictionary([])
        self._dictionaries: dict[int, Dictionary] = {}
        self._dictionaries_by_type: dict[tuple[int, str], Dictionary] = {}
        for key, entry in _read(data_dir / "dictionaries.json").items():
            self._dictionaries[int(key)] = self._grown(int(key), entry)
            for pair, values in (entry.get("by_type") or {}).items():
                self._dictionaries_by_type[int(key), pair] = Dictionary(values)
        lines = (data_dir / "brands.txt").read_text(encoding="utf-8").splitlines()
        brands = [
            {"id": BRAND_ID_BASE + number, "value": line.strip(), "info": "", "picture": ""}
            for number, line in enumerate(lines, start=1)
            if line.strip()
        ]
        first_id = BRAND_DICTIONARY * GENERATED_ID_FACTOR
        self._dictionaries[BRAND_DICTIONARY] = Dictionary(brands, size=self._brands, first_generated_id=first_id)

    def _grown(self, dictionary_id: int, entry: Json) -> Dictionary:
        values = entry.get("values") or []
        shared = len(values) >= GROWING_FROM and not entry.get("by_type")
        size = min(len(values) * self._scale, LARGE_DICTIONARY) if shared else 0
        return Dictionary(values, size=size, first_generated_id=dictionary_id * GENERATED_ID_FACTOR)


def _read(path: Path) -> Any:
    return msgspec.json.decode(path.read_bytes())


def _read_dependencies(path: Path) -> list[Dependency]:
    if not path.exists():
        return []
    return [
        Dependency(row["parent_attribute_id"], row["child_attribute_id"], {int(key): tuple(ids) for key, ids in row["values"].items()})
        for row in _read(path)
    ]


def _read_tree(path: Path) -> Json:
    """A recorded answer of /v1/description-category/tree."""
    try:
        msgspec.json.decode(path.read_bytes(), type=_Tree)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableTree(f"{path.name} is no recorded tree: {error}") from None
    tree: Json = _read(path)
    return tree


class _Node(msgspec.Struct):
    """What the sandbox relies on in a node of a tree."""

    description_category_id: int | None = None
    category_name: str | None = None
    type_id: int | None = None
    type_name: str | None = None
    disabled: bool | None = None
    children: list[_Node] | None = None


class _Tree(msgspec.Struct):
    result: list[_Node]


def _multiply_types(nodes: list[Json], scale: int) -> None:
    copies: list[Json] = []
    for node in nodes:
        if node.get("type_id"):
            copies.extend(
                {**node, "type_id": int(node["type_id"]) + number * SCALED_TYPE_STEP, "type_name": f"{node['type_name']}, вид {number + 1}"}
                for number in range(1, scale)
            )
        else:
            _multiply_types(node.get("children") or [], scale)
    nodes.extend(copies)
