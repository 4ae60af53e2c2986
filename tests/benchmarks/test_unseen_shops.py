"""How far suggestions can be trusted on shops nobody tuned for.

Run alone: OZON_DESKTOP_SHOP_TEXTS=<folder> python -m pytest tests/benchmarks/test_unseen_shops.py -o addopts="" -q -s
The folder is described in shop_texts.py. -k tuning: the shops that may be looked at while the matching is changed.
"""

from pathlib import Path

import msgspec
import pytest

from ozon_desktop.domain.matching import TypeMatcher
from ozon_desktop.domain.ozon_catalog import OzonTree
from ozon_desktop.ozon.catalog_models import TreeAnswer
from tests.benchmarks.unseen_shops import FOLDER, Verdict, judged_shops, label, measure, texts_folder
from tests.places import SHARED
from tests.word_tables import TABLES

TREE_FILE = SHARED / "ozon" / "category_tree.json"
HALVES = ("tuning", "calibration", "held_out")


@pytest.fixture(scope="module")
def tree() -> OzonTree:
    if not TREE_FILE.exists():
        pytest.skip("Ozon's tree is not at hand: ../shared/ozon/category_tree.json")
    return OzonTree.build(*msgspec.json.decode(TREE_FILE.read_bytes(), type=TreeAnswer).to_domain())


@pytest.fixture(scope="module")
def folder() -> Path:
    found = texts_folder()
    if found is None:
        pytest.skip(f"The shops' texts are not at hand: name their folder in {FOLDER}")
    return found


def test_judgements_name_types_that_exist(tree: OzonTree) -> None:
    known = {label(tree, key) for key, type_ in tree.types.items() if type_.usable}
    judged = [one for half in HALVES for shop in judged_shops(half) for one in shop.judged]
    assert {name for one in judged for name in one.types} <= known
    assert all(bool(one.types) == (one.verdict is not Verdict.NONE) for one in judged)
    assert all(len(one.types) > 1 for one in judged if one.verdict is Verdict.SIBLINGS)


def test_the_parts_have_no_shop_in_common() -> None:
    shops = [{(shop.repository, shop.path) for shop in judged_shops(half)} for half in HALVES]
    assert sum(map(len, shops)) == len(set().union(*shops))
    assert sum(map(len, shops)) >= 30
    assert sum(len(shop.judged) for half in HALVES for shop in judged_shops(half)) >= 600


@pytest.mark.parametrize("half", HALVES)
def test_suggestions_for_unseen_shops(tree: OzonTree, folder: Path, half: str) -> None:
    quality = measure(tree, TypeMatcher(tree, TABLES), folder, judged_shops(half))
    print(f"\n{half}: {quality.table()}")
    assert quality.first >= 0.75
    assert quality.five >= 0.86
    assert quality.confident_right >= 0.95
    assert quality.coverage_of_all >= 0.22
    offered = quality.offered(tree)
    print(f"  one of a few: {len(offered)}, right among them {quality.offered_right(tree):.3f}")
    assert quality.offered_right(tree) >= 0.65
