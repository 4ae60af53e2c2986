"""How often the suggestions are right, how sure they may be, and how long they take, against plain comparison of names.

Run alone: python -m pytest tests/benchmarks/test_matching.py -o addopts="" -q -s (-k tuning: only the sets they were tuned on)
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from rapidfuzz import fuzz, process, utils

from ozon_desktop.domain.matching import Evidence, TypeMatcher
from ozon_desktop.domain.ozon_catalog import OzonTree, TypeKey
from ozon_desktop.ozon.catalog_models import TreeAnswer
from ozon_desktop.services.mapping.view import CONFIDENT
from tests.places import SHARED
from tests.word_tables import TABLES

HERE = Path(__file__).parent
TREE_FILE = SHARED / "ozon" / "category_tree.json"
SURE = CONFIDENT
CATEGORIES, PRODUCTS = 1_000, 20


@dataclass
class Row:
    """A labelled store category. right: "category / type" of every type that is right."""

    shop: str
    evidence: Evidence
    right: set[str]


@dataclass
class Quality:
    """Shares of rows: the first is right, one of five is; of the sure ones how many are right."""

    first: float
    five: float
    sure: float
    sure_right: float

    def __str__(self) -> str:
        return f"first {self.first:.3f}, among five {self.five:.3f}; sure of {self.sure:.2f} and right in {self.sure_right:.3f} of these"


@pytest.fixture(scope="module")
def tree() -> OzonTree:
    if not TREE_FILE.exists():
        pytest.skip("Ozon's tree is not at hand: ../shared/ozon/category_tree.json")
    return OzonTree.build(*msgspec.json.decode(TREE_FILE.read_bytes(), type=TreeAnswer).to_domain())


def rows(name: str) -> list[Row]:
    file = HERE / name
    if not file.exists():
        pytest.skip(f"no {name}")
    return [
        Row(
            row["shop"],
            Evidence(tuple(row["path"]), tuple(row["products"]), tuple((name, value) for name, value in row["properties"])),
            set(row["right"]),
        )
        for row in json.loads(file.read_text(encoding="utf-8"))
    ]


def label(tree: OzonTree, key: TypeKey) -> str:
    return " / ".join(tree.type_path(key)[-2:])


def ours(tree: OzonTree, labelled: list[Row]) -> Quality:
    matcher = TypeMatcher(tree, TABLES)
    first = five = sure = sure_right = 0
    by_shop: dict[str, list[Row]] = {}
    for row in labelled:
        by_shop.setdefault(row.shop, []).append(row)
    # As the program does it: all categories of one store together.
    answers = [
        pair for store in by_shop.values() for pair in zip(store, matcher.best_of_store([row.evidence for row in store]), strict=True)
    ]
    for row, found in answers:
        right = [label(tree, match.key) in row.right for match in found]
        first += right[:1] == [True]
        five += any(right)
        if found and found[0].confidence >= SURE:
            sure += 1
            sure_right += right[0]
    return Quality(first / len(labelled), five / len(labelled), sure / len(labelled), sure_right / max(sure, 1))


def plain(tree: OzonTree, labelled: list[Row]) -> tuple[float, float]:
    """(first, among five) of comparing names only."""
    keys = [type_.key for type_ in tree.types.values() if type_.usable]
    names = [tree.types[key].name for key in keys]
    first = five = 0
    for row in labelled:
        found = process.extract(row.evidence.path[-1], names, scorer=fuzz.WRatio, processor=utils.default_process, limit=5)
        right = [label(tree, keys[number]) in row.right for _, _, number in found]
        first += right[0]
        five += any(right)
    return first / len(labelled), five / len(labelled)


def measured(tree: OzonTree, name: str) -> Quality:
    labelled = rows(name)
    quality = ours(tree, labelled)
    first, five = plain(tree, labelled)
    print(f"\n{name}, {len(labelled)} rows: {quality}; plain comparison of names: first {first:.3f}, among five {five:.3f}")
    assert quality.first > first
    return quality


def test_quality_on_independent_labels(tree: OzonTree) -> None:
    quality = measured(tree, "mapping_labels.json")
    assert quality.first >= 0.90
    assert quality.five >= 0.98


# Shops known to the rules; how far unknown ones can be trusted is measured in test_unseen_shops.py.
@pytest.mark.parametrize(
    ("name", "first", "sure_right"),
    [("matching_tuning.json", 0.94, 0.98), ("matching_tuning_2.json", 0.90, 0.98), ("matching_tuning_3.json", 0.90, 0.98)],
)
def test_quality_on_tuning_sets(tree: OzonTree, name: str, first: float, sure_right: float) -> None:
    quality = measured(tree, name)
    assert quality.first >= first
    assert quality.five >= 0.98
    assert quality.sure_right >= sure_right


@pytest.mark.parametrize("name", ["matching_tuning.json", "matching_tuning_2.json", "matching_tuning_3.json"])
def test_tuning_rows_name_types_that_exist(tree: OzonTree, name: str) -> None:
    known = {label(tree, key) for key, type_ in tree.types.items() if type_.usable}
    assert {right for row in rows(name) for right in row.right} <= known


def test_time_for_a_thousand_categories(tree: OzonTree) -> None:
    labelled = rows("matching_tuning.json")
    evidences = []
    for number in range(CATEGORIES):
        row = labelled[number % len(labelled)].evidence
        products = tuple(f"{row.path[-1]} {row.path[0]} модель {number}-{product} для дома" for product in range(PRODUCTS))
        evidences.append(Evidence(row.path, products, row.properties))
    # Processor time: others may be using the same cores.
    started = time.process_time()
    matcher = TypeMatcher(tree, TABLES)
    built = time.process_time() - started
    found = matcher.best_of_store(evidences)
    seconds = time.process_time() - started
    names = [utils.default_process(type_.name) for type_ in tree.types.values() if type_.usable]
    texts = [utils.default_process(text) for evidence in evidences for text in (evidence.path[-1], *evidence.product_names)]
    sample = texts[::50]
    started = time.process_time()
    for text in sample:
        process.extract(text, names, scorer=fuzz.token_set_ratio, limit=5)
    reference = (time.process_time() - started) * len(texts) / len(sample)
    print(
        f"\n{CATEGORIES} categories with {PRODUCTS} products each against {len(names)} types: {seconds:.2f} s, "
        f"{built:.2f} s of it the index; {seconds / reference:.4f} of comparing all their names with token_set_ratio"
    )
    assert all(found)
    assert seconds <= 0.1 * reference
