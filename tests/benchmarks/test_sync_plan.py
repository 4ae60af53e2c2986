"""How long the plan of 100,000 products takes when 1 % of them changed, how much memory, and how many requests it leads to.

Run alone: python -m pytest tests/benchmarks/test_sync_plan.py -o addopts="" -q -s -p no:randomly
"""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest

from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.services.sync.parts.plan_maker import Made, plan_of
from ozon_desktop.services.sync.preview import requests_needed
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.large_shop import ALL, accept, fill, imports, price, product, stock, whole_plan

PRODUCTS, CHANGED = 100_000, 1_000
MOST_SECONDS, MOST_MIB = 3.0, 300.0
T = TypeVar("T")


@contextmanager
def clock(reported: list[float], worked: list[float] | None = None) -> Iterator[None]:
    """Adds the seconds by the clock and those of processor time."""
    gc.collect()
    started, before = time.perf_counter(), time.process_time()
    yield
    reported.append(time.perf_counter() - started)
    if worked is not None:
        worked.append(time.process_time() - before)


def change(unit: UnitOfWork) -> None:
    """1 % of the products: a third another card, a third another price, a third another stock."""
    numbers = range(0, PRODUCTS, PRODUCTS // CHANGED)
    third = CHANGED // 3
    imports(unit, (product(number, name=f"Рубашка новая {number}") for number in numbers[:third]))
    imports(unit, (price(number, Decimal(777)) for number in numbers[third : 2 * third]))
    imports(unit, (stock(number, 99) for number in numbers[2 * third :]))


def memory(database: Database, work: Callable[[UnitOfWork], T]) -> float:
    """MiB at the most while it works, traced on the thread that does it."""

    def traced(unit: UnitOfWork) -> float:
        gc.collect()
        tracemalloc.start()
        work(unit)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak / 2**20

    return database.run_sync(traced)


@pytest.mark.timeout(900)
def test_a_plan_of_many_products_with_few_changes(tmp_path: Path) -> None:
    database = Database.in_file(tmp_path / "data.sqlite3")
    database.open()
    integration = fill(database, PRODUCTS)

    def make(unit: UnitOfWork) -> Made:
        return plan_of(unit, integration, ALL)

    first: list[float] = []
    with clock(first):
        made = database.run_sync(make)
    assert made.plan.counts()[ActionKind.CREATE] == PRODUCTS
    database.run_sync(lambda unit: accept(unit, integration, made.plan))
    del made
    # Once after everything was sent the cards are looked at, and found to be as Ozon accepted them.
    with clock(first):
        assert database.run_sync(make).plan.items == ()
    database.run_sync(change)

    reference, reference_worked = list[float](), list[float]()
    with clock(reference, reference_worked):
        wanted = database.run_sync(lambda unit: whole_plan(unit, integration))
    quick, worked = list[float](), list[float]()
    for _ in range(5):
        with clock(quick, worked):
            made = database.run_sync(make)
    assert made.plan == wanted
    peak = memory(database, make)
    database.close()

    counts = made.plan.counts()
    requests = requests_needed(made.plan)
    print(
        f"\n{PRODUCTS} products, {CHANGED} changed: plan in {min(quick):.2f} s (of {', '.join(f'{s:.2f}' for s in quick)}; "
        f"processor {min(worked):.2f} s), {peak:.0f} MiB, {made.built} cards built; "
        f"reference (every card built) {reference[0]:.1f} s (processor {reference_worked[0]:.1f} s); "
        f"first plan {first[0]:.1f} s, the one after it {first[1]:.1f} s; {dict(counts)}; {requests} requests"
    )
    assert (counts[ActionKind.UPDATE], counts[ActionKind.PRICE], counts[ActionKind.STOCK]) == (333, 333, 334)
    # 4 imports, 4 questions about them, 1 reading of states; 1 of prices; 4 of stocks (334 pairs), 1 look at them.
    assert requests == 4 + 4 + 1 + 1 + 4 + 1
    # By the processor: the machine may do other work as well.
    assert min(worked) < MOST_SECONDS
    assert peak < MOST_MIB
