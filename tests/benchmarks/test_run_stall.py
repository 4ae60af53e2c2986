"""How long the window is kept from answering by a full synchronization started in it: products, prices, stocks and orders.

The window is the real one, on the demo store made larger and the built-in sandbox, which works in the same process; all its pages
are open, so that they are told of the run's end.

Run alone: python -m pytest tests/benchmarks/test_run_stall.py -o addopts="" -q -s -p no:randomly
"""

import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.integration import Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.journal import Run, RunKind, RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_catalog import Price, Product, Stock, StoreRecord
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.paths import DataPaths, resource
from ozon_desktop.sandbox.ozon.limits import Limits
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.demo import DemoStore
from ozon_desktop.ui.app import Session, prepare_qt, settle
from ozon_desktop.ui.frame.main_window import MainWindow
from ozon_desktop.ui.look.theme import ThemeMode
from tests.services.shop import first_sending_confirmed

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)

COPIES, LEAST_SENT = 42, 2_000
ROUNDS = 5
LONGEST_STALL_S = 0.050
TICK_MS = 5


@dataclass
class Heartbeat:
    """A timer in the window thread. gaps: seconds by which a beat came late; worked: processor seconds of the thread between two beats."""

    gaps: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._timer = QTimer()
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last, self._used = time.perf_counter(), time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now, used = time.perf_counter(), time.thread_time()
        self.gaps.append(now - self._last - TICK_MS / 1000)
        self.worked.append(used - self._used)
        self._last, self._used = now, used


def larger(records: Iterator[StoreRecord]) -> Iterator[StoreRecord]:
    """Every product with its prices and stocks COPIES times."""
    for record in records:
        if not isinstance(record, Product | Price | Stock):
            yield record
            continue
        for copy in range(COPIES):
            if isinstance(record, Product):
                codes = record.barcodes if copy == 0 else ()
                name, offer_id = f"{record.name} № {copy}", f"{record.offer_id}-{copy}"
                yield replace(record, id=f"{record.id}-{copy}", name=name, offer_id=offer_id, barcodes=codes)
            else:
                yield replace(record, product_id=f"{record.product_id}-{copy}")


def changed(records: Iterator[StoreRecord], number: int) -> Iterator[StoreRecord]:
    """Every fifth product with another name, all with another price and stock."""
    products = 0
    for record in records:
        if isinstance(record, Product):
            products += 1
            yield replace(record, name=f"{record.name} ({number})") if products % 5 == 0 else record
        elif isinstance(record, Price):
            yield replace(record, value=record.value + number * Decimal(10))
        elif isinstance(record, Stock):
            yield replace(record, quantity=record.quantity + number)
        else:
            yield record


async def fill(application: Application, number: int) -> None:
    """The larger store, changed for a round."""
    path = resource("demo_store", "store.json")

    def work(unit: UnitOfWork) -> None:
        importer = unit.store.importer("larger.json")
        for record in changed(larger(DemoStore(path).read()), number):
            importer.write(record)
        importer.finish()

    await application.storage.run(work)


async def set_up(application: Application) -> None:
    """Everything up to the first synchronization, by the services: the stall is that of the run alone."""
    await fill(application, 0)
    integration = (await application.integrations.ensure_one()).id
    page = await application.integrations.page(integration)
    settings = replace(
        page.integration.settings,
        scheme=Scheme.FBS,
        catalog_structure_id=page.structures[0].id,
        order_direction_id=page.directions[0].id if page.directions else None,
        organization_id=page.organizations[0].id,
        responsible_employee_id=page.employees[0].id,
        price_type_id=page.price_types[0].id,
        vat_rate=VatRate.VAT_22,
        update_trigger=UpdateTrigger.HOURLY,
    )
    await application.integrations.save(integration, settings, None)
    await application.connection.check(integration)
    await application.catalog.fetch_base(integration, silent)
    tree = await application.catalog.tree()
    await application.integrations.select_bases(integration, frozenset(base.id for base in tree.base))
    await application.catalog.fetch_children(integration, silent)
    suggested = await application.mapping.suggest(integration)
    keys = {category: found[0].key for category, found in suggested.items() if found}
    await application.catalog.fetch_settings(integration, silent, list(dict.fromkeys(keys.values())))
    await application.integrations.set_enabled(integration, True)
    await application.mapping.map_each(integration, keys)
    await first_sending_confirmed(application, integration)


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Iterator[Session]:
    prepare_qt()
    made = Session(
        lambda: build(Options(tmp_path, demo=True, demo_order_interval_s=0.5, item_limits=ItemLimits(stock_every_s=0))),
        DataPaths(tmp_path),
        theme_mode=ThemeMode.LIGHT,
        quiet=True,
    )
    made.start()
    assert made.wait_for_window() is not None
    yield made
    made.end()


def full_run(qtbot: QtBot, window: MainWindow) -> Heartbeat:
    """F5 until the result is on the page and everybody was told; what the heart did meanwhile."""
    beat = Heartbeat()
    beat.start()
    window.synchronize()
    context = window.context
    qtbot.waitUntil(lambda: context.long_job is not None, timeout=60_000)
    qtbot.waitUntil(lambda: context.long_job is None, timeout=300_000)
    qtbot.waitUntil(lambda: context.worker.pending == 0, timeout=60_000)
    qtbot.wait(1_000)
    beat.stop()
    return beat


def idle(qtbot: QtBot) -> Heartbeat:
    """The reference: the same window with nothing to do."""
    beat = Heartbeat()
    beat.start()
    qtbot.wait(3_000)
    beat.stop()
    return beat


@pytest.mark.timeout(1200)
def test_longest_stall_of_the_window_thread_during_full_runs(qtbot: QtBot, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    window = session.window
    assert window is not None
    window.resize(1366, 768)
    context, application = window.context, window.context.application
    sandbox = application.sandbox
    assert sandbox is not None
    sandbox.memory.quotas.daily_create = sandbox.memory.quotas.daily_update = 1_000_000
    sandbox.memory.timing.stock_interval = timedelta(0)
    # Waiting for Ozon's eighty requests a minute is no work.
    sandbox.memory.limits = Limits(stocks_per_minute=10_000)
    monkeypatch.setattr(endpoints, "UPDATE_STOCKS", replace(endpoints.UPDATE_STOCKS, per_minute=0))

    def beside(work: Coroutine[Any, Any, None]) -> None:
        job = context.worker.run(work)
        qtbot.waitUntil(lambda: not job.running, timeout=120_000)
        assert session.failures == []

    beside(set_up(application))
    for name in window.page_names:
        window.show_page(name)
        settle(window)
    quiet = idle(qtbot)
    print(f"\nidle window: longest gap {max(quiet.gaps) * 1000:.1f} ms, processor {max(quiet.worked) * 1000:.1f} ms")
    beats: list[Heartbeat] = []
    for number in range(ROUNDS):
        if number:
            beside(fill(application, number))
        began = time.perf_counter()
        beats.append(full_run(qtbot, window))
        runs = [run for run in _runs(qtbot, window) if run.kind is RunKind.SYNC]
        counts = dict(runs[0].counts)
        gaps, worked = sorted(beats[-1].gaps), sorted(beats[-1].worked)
        print(
            f"run {number + 1} in {time.perf_counter() - began:.1f} s, {runs[0].result}, {runs[0].requests} requests, {counts}: "
            f"longest gap {gaps[-1] * 1000:.1f} ms, next {', '.join(f'{gap * 1000:.0f}' for gap in gaps[-6:-1])}; "
            f"p99 {gaps[int(len(gaps) * 0.99)] * 1000:.1f} ms; longest processor time {worked[-1] * 1000:.1f} ms"
        )
        assert runs[0].result in {RunResult.DONE, RunResult.PARTIAL}
        sent = counts[ActionKind.STOCK.value]
        assert sent > LEAST_SENT
    assert session.failures == []
    assert min(max(beat.gaps) for beat in beats) < LONGEST_STALL_S
    assert max(max(beat.worked) for beat in beats) < LONGEST_STALL_S


def _runs(qtbot: QtBot, window: MainWindow) -> list[Run]:
    found: list[Run] = []
    context = window.context
    job = context.worker.run(context.application.journal.runs(context.integration_id), on_done=found.extend)
    qtbot.waitUntil(lambda: not job.running, timeout=10_000)
    return found
