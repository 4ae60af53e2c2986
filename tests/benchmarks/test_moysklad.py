"""100,000 goods of МойСклад: memory, and requests beside those that paging makes necessary; then a hundred changes.

Run alone: python -m pytest tests/benchmarks/test_moysklad.py -o addopts="" -q -s -p no:randomly -p no:cacheprovider
GOODS=20000 makes it shorter. The limits of the stand-in are off: the pace is proved in tests/backoffice/moysklad/test_pace.py.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.model import utc_now
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad
from ozon_desktop.sandbox.moysklad.shop import fill
from ozon_desktop.sandbox.server import SandboxThread

GOODS = int(os.environ.get("GOODS", "100000"))
MEMORY_MIB = 300
MORE_REQUESTS = 1.05
CHANGE_REQUESTS = 6
LISTS = 9
"""Short lists beside the goods, and the report of stocks, each one request."""


class LateClock:
    """Behind the real one while the shop is filled."""

    def __init__(self) -> None:
        self.behind = timedelta(days=1)

    def __call__(self) -> Any:
        return utc_now() - self.behind


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[MoySklad, str]]:
    clock = LateClock()
    account = MoySklad(clock=clock, limits=Limits(bucket=10**9))
    fill(account, GOODS, variants=0.3, bundles=0.01)
    clock.behind = timedelta()
    with SandboxThread(account) as thread:
        yield account, thread.url


def pull(url: str, folder: Path, cursor: str = "") -> Any:
    folder.mkdir()
    command = [sys.executable, "-m", "tests.benchmarks.moysklad_pull", url, str(folder), cursor]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def necessary(account: MoySklad) -> int:
    counts = {kind: sum(1 for _ in account.memory.of_kind(kind)) for kind in ("product", "variant", "bundle")}
    return math.ceil(counts["product"] / 1000) + math.ceil(counts["variant"] / 1000) + math.ceil(counts["bundle"] / 100) + LISTS


@pytest.mark.timeout(3600)
def test_a_pull_of_everything_and_of_a_hundred_changes(served: tuple[MoySklad, str], tmp_path: Path) -> None:
    account, url = served
    whole = pull(url, tmp_path / "whole")
    least = necessary(account)
    print(
        f"\n{GOODS} goods: {whole['requests']} requests, {least} are necessary (×{whole['requests'] / least:.3f}); "
        f"{whole['memory_mib']:.0f} MiB, {whole['processor_s']:.1f} s of the processor; {whole['records']}"
    )
    assert whole["records"]["Product"] == len(account.memory.goods)
    assert whole["memory_mib"] <= MEMORY_MIB
    assert whole["requests"] <= least * MORE_REQUESTS
    goods = list(account.memory.goods.values())
    for number in range(50):
        account.set_stock(goods[number * 7], 60 + number)
        account.set_price(goods[number * 11 + 1], 99)
    changed = pull(url, tmp_path / "changes", whole["cursor"])
    print(f"a hundred changes: {changed['requests']} requests, {changed['memory_mib']:.0f} MiB, {changed['records']}")
    assert not changed["full"]
    assert changed["requests"] <= CHANGE_REQUESTS


@pytest.mark.timeout(3600)
def test_the_program_takes_them_into_its_database(served: tuple[MoySklad, str], tmp_path: Path) -> None:
    _, url = served
    shared = [sys.executable, "-m", "tests.benchmarks.moysklad_pull", "command", "--data-dir", str(tmp_path / "data"), "store"]
    environment = os.environ | {"OZON_DESKTOP_STORE_PASSWORD": ADMIN_PASSWORD}
    connect = [*shared, "connect", "moysklad", "--login", ADMIN_LOGIN, "--address", url]
    subprocess.run(connect, input=ADMIN_PASSWORD, text=True, check=True, env=environment, capture_output=True)
    said = subprocess.run([*shared, "pull"], text=True, check=True, env=environment, capture_output=True)
    took = json.loads(said.stdout.splitlines()[-1])
    print(f"\nthe whole program, its database too: {took['memory_mib']:.0f} MiB, {took['processor_s']:.0f} s of the processor")
    assert took["memory_mib"] <= MEMORY_MIB
