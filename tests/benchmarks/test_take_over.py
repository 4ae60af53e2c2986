"""A take-over of the whole store by another source: processor time and memory beside a plain import, and kills at any moment.

OZON_DESKTOP_BENCH_PRODUCTS: how many products are measured (10,000 unless told). OZON_DESKTOP_KILLED_TAKE_OVERS: how many are killed (60).
Run alone: OZON_DESKTOP_BENCH_PRODUCTS=100000 python -m pytest tests/benchmarks/test_take_over.py -o addopts="" -q -s -p no:randomly
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ozon_desktop.paths import DataPaths
from tests.benchmarks.spent import BENCH, run
from tests.services.conftest import prepared_shop
from tests.services.shop import Shirt, write_export
from tests.services.store.killed_take_over import kill_take_overs

__all__ = ["prepared_shop"]

PRODUCTS = int(os.environ.get("OZON_DESKTOP_BENCH_PRODUCTS", "10000"))
TIMES = int(os.environ.get("OZON_DESKTOP_BENCH_TIMES", "2"))
KILLS = int(os.environ.get("OZON_DESKTOP_KILLED_TAKE_OVERS", "60"))
SIZE_OF_KILLED = 2_000
AT_MOST = 4.0
"""Times a plain import of the same file: it is read beside the store, matched, all ids are renamed, and it is written into the store."""


def with_other_ids(path: Path, target: Path) -> Path:
    """The same goods under ids of their own; line by line, for the file may be big."""
    with path.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as changed:
        changed.writelines(line.replace('<offer id="', '<offer id="n-') for line in lines)
    return target


@pytest.mark.skipif(not BENCH.is_dir(), reason="needs the shared data")
def test_a_confirmation_next_to_a_plain_import(tmp_path: Path) -> None:
    run(BENCH / "shop.py", PRODUCTS, tmp_path)
    other = with_other_ids(tmp_path / "shop.yml", tmp_path / "other.yml")
    data = tmp_path / "data"
    program = ("-m", "ozon_desktop", "--data-dir")
    run(*program, data, "import", tmp_path / "shop.yml")
    take_over = ("store", "take-over", "--file", other)
    words = [sys.executable, *program, str(data), *map(str, take_over), "--json"]
    seen = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    assert seen["kinds"]["product"]["matched"] == {"article": PRODUCTS}
    plain = [run(*program, tmp_path / f"plain-{number}", "import", other) for number in range(TIMES)]
    confirmed = []
    for number in range(TIMES):
        copy = shutil.copytree(data, tmp_path / f"confirmed-{number}")
        confirmed.append(run(*program, copy, *take_over, "--confirm", seen["plan"]))
        assert DataPaths(copy).database.stat().st_size > DataPaths(data).database.stat().st_size
        shutil.rmtree(copy)
    least, beside = min(each.seconds for each in confirmed), min(each.seconds for each in plain)
    print(f"\n{PRODUCTS} products: {least:.1f} s, {least / beside:.2f} × a plain import, {max(each.peak for each in confirmed):.0f} MiB")
    assert least <= AT_MOST * beside


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.timeout(0)
def test_whenever_it_is_killed_nothing_is_half_done(prepared_shop: Path, tmp_path: Path) -> None:
    """Over a shop that takes a while; half of the kills come from outside, at moments that nobody chooses."""
    shirts = [Shirt(f"RU-{number}", f"{500 + number % 900}", number % 7) for number in range(SIZE_OF_KILLED)]
    data = shutil.copytree(prepared_shop / "data", tmp_path / "data")
    run("-m", "ozon_desktop", "--data-dir", data, "import", write_export(tmp_path / "shop.xml", *shirts))
    other = with_other_ids(tmp_path / "shop.xml", tmp_path / "other.xml")
    undone, done = kill_take_overs(data, other, tmp_path, seed=0, kills=KILLS, by_clock=0.5)
    print(f"\n{KILLS} kills: {undone} undone, {done} done")
    assert undone > KILLS // 4
