"""Processor time and memory of whole imports, beside a plain importer of the same run: see `bench` in the shared data.

Run alone: OZON_DESKTOP_BENCH_PRODUCTS=100000 python -m pytest tests/benchmarks/test_import.py -o addopts="" -q -s -p no:randomly
"""

import os
from pathlib import Path

import pytest

from tests.benchmarks.spent import BENCH, Spent, run

PRODUCTS = int(os.environ.get("OZON_DESKTOP_BENCH_PRODUCTS", "10000"))
TIMES = int(os.environ.get("OZON_DESKTOP_BENCH_TIMES", "2"))
COMMERCEML, YML = ("import.xml", "offers.xml"), ("shop.yml",)

pytestmark = pytest.mark.skipif(not BENCH.is_dir(), reason="needs the shared data")


def imported(folder: Path, shop: Path, names: tuple[str, ...]) -> Spent:
    """The program's import into the data of this folder."""
    return run("-m", "ozon_desktop", "--data-dir", folder / "data", "import", *(shop / name for name in names))


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A shop, and the same with one product in a hundred changed."""
    folder = tmp_path_factory.mktemp("shops")
    before, after = folder / "before", folder / "after"
    run(BENCH / "shop.py", PRODUCTS, before)
    run(BENCH / "shop.py", PRODUCTS, after, 1)
    return before, after


@pytest.mark.parametrize(("names", "at_most"), [(COMMERCEML, 1.0), (YML, 0.9)], ids=["commerceml", "yml"])
def test_an_import_next_to_a_plain_one(shops: tuple[Path, Path], tmp_path: Path, names: tuple[str, ...], at_most: float) -> None:
    before, after = shops
    spent: dict[str, list[Spent]] = {"plain": [], "first": [], "same": [], "one in a hundred": []}
    for number in range(TIMES):
        folder = tmp_path / str(number)
        folder.mkdir()
        spent["plain"].append(run(BENCH / "plain_importer.py", folder / "plain.sqlite3", *(before / name for name in names)))
        spent["first"].append(imported(folder, before, names))
        spent["same"].append(imported(folder, before, names))
        spent["one in a hundred"].append(imported(folder, after, names))
    least = {name: min(each.seconds for each in found) for name, found in spent.items()}
    print()
    for name, seconds in least.items():
        peak = max(each.peak for each in spent[name])
        print(
            f"{name:17} {seconds:7.2f} s  {seconds / least['plain']:5.2f} × plain  {seconds / least['first']:5.2f} × first  {peak:6.1f} MiB"
        )
    assert max(each.peak for each in spent["first"]) <= 120
    assert least["same"] <= 0.3 * least["first"]
    assert least["one in a hundred"] <= 0.35 * least["first"]
    assert least["first"] <= at_most * least["plain"]
