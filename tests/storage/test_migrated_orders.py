"""Orders, the journal and what is being sent, written by each earlier revision: all of it is there, and goes on, after the upgrade."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, text
from sqlalchemy.types import DateTime

from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.lease import Owner
from ozon_desktop.domain.orders import Order, Posting, PostingProduct
from ozon_desktop.domain.sync_plan import ActionKind
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.schema import REVISIONS
from tests.storage.conftest import NOW
from tests.storage.old_databases import make_old, own_postgresql

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_migrations")]

HOUR = timedelta(hours=1)
LINE = {"offer_id": "RU-1", "name": "Рубашка", "sku": 9, "quantity": 2, "price": "1990.00", "currency": "RUB"}
CARD = {
    "offer_id": "RU-1",
    "name": "Рубашка",
    "type_key": {"description_category_id": 101, "type_id": 1001},
    "price": "1990",
    "vat": "0.22",
    "currency": "RUB",
    "depth": 300,
    "width": 200,
    "height": 40,
    "weight": 350,
    "images": [],
    "barcode": "",
    "attributes": [],
}
ITEM = {"kind": "stock", "offer_id": "RU-1", "name": "Рубашка", "reason": "stock_changed", "stocks": [[1020005000000101, 5]]}


def posting(number: str, status: str) -> str:
    """A posting as the first release wrote it."""
    times = {"created_at": NOW.isoformat(), "shipment_date": None}
    head = {"posting_number": number, "order_number": f"order {number}", "order_id": 35, "scheme": "fbs", "status": status, "substatus": ""}
    return json.dumps({**head, **times, "products": [LINE], "warehouse_id": 1020005000000101}, ensure_ascii=False)


def add(connection: Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    moments = [bindparam(name, type_=DateTime(timezone=True)) for name in values if name.endswith("_at") or name == "at"]
    naive = connection.dialect.name == "sqlite"
    rows = {
        name: value.replace(tzinfo=None) if naive and hasattr(value, "tzinfo") and value is not None else value
        for name, value in values.items()
    }
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})").bindparams(*moments), rows)


def fill(connection: Connection) -> None:
    """A cabinet with three orders, of which two were handed to the store, three runs, an accepted card and a batch under way."""
    add(connection, "integrations", name="Магазин", enabled=True, has_key=True, selected_base_ids="[]", client_id=100500)
    reported = {"11-1": ("delivered", NOW), "11-2": ("delivering", NOW), "11-3": ("awaiting_packaging", None)}
    for number, (status, exported) in reported.items():
        content = {"posting_number": number, "status": status, "posting": posting(number, status), "organization_id": "o-1"}
        times = {"created_at": NOW, "received_at": NOW, "seen_at": NOW, "exported_at": exported}
        add(connection, "orders", integration_id=1, **content, **times)
        add(connection, "order_statuses", integration_id=1, posting_number=number, at=NOW, status=status)
    problems = json.dumps([{"offer_id": "RU-1", "field": "Бренд", "code": "empty_required", "text": "Пусто"}], ensure_ascii=False)
    common = {"requests": 12, "reason": "причина"}
    rows = [
        ("sync", "scheduled", "partial", NOW + HOUR, '[["create", 3], ["failed", 1]]', problems),
        ("orders", "manual", "done", NOW + HOUR, '[["new", 2]]', "[]"),
        ("sync", "change", "running", None, "[]", "[]"),
    ]
    for kind, cause, result, finished, counts, found in rows:
        names = {"kind": kind, "cause": cause, "result": result, "counts": counts, "problems": found}
        add(connection, "runs", integration_id=1, started_at=NOW, finished_at=finished, **names, **common)
    card = json.dumps(CARD, ensure_ascii=False)
    known = {"product_id": 7, "payload": card, "price": "1990", "stocks": "[[1020005000000101, 5]]", "status": "price_sent"}
    add(
        connection,
        "accepted_offers",
        integration_id=1,
        offer_id="RU-1",
        status_name="",
        errors="[]",
        archived=False,
        updated_at=NOW,
        **known,
    )
    batch = json.dumps([ITEM], ensure_ascii=False)
    add(connection, "intents", integration_id=1, run_id=3, kind="stock", payload=batch, task_id=None, created_at=NOW)


BEFORE_CHANGES = ("0001", "0005", "0006", "0007")
"""Revisions after which one came that touched these tables; on PostgreSQL, where a database of its own takes long, only these."""


OLD_ORDERS = REVISIONS[: REVISIONS.index("0008")]
"""From 0008 on the program notes itself which state of an order the store was told."""


@pytest.fixture(scope="module")
def upgraded_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """An SQLite file of each revision after the program was started over it, made once."""

    @cache
    def upgraded_file(revision: str) -> Path:
        file = tmp_path_factory.mktemp("upgraded") / "shop.sqlite3"
        make_old(f"sqlite:///{file}", revision, fill)
        database = Database(f"sqlite:///{file}")
        database.open()
        database.close()
        return file

    return upgraded_file


@pytest.fixture(params=[*(("sqlite", revision) for revision in OLD_ORDERS), *(("postgresql", revision) for revision in BEFORE_CHANGES)])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path, upgraded_files: Callable[[str], Path]) -> Iterator[Database]:
    """The database of that revision after the program was started over it."""

    def opened(url: str) -> Iterator[Database]:
        database = Database(url)
        database.open()
        yield database
        database.close()

    kind, revision = request.param
    if kind == "sqlite":
        yield from opened(f"sqlite:///{copy(upgraded_files(revision), tmp_path / 'shop.sqlite3')}")
        return
    with own_postgresql(request.getfixturevalue("postgresql_url")) as url:
        make_old(url, revision, fill)
        yield from opened(url)


def test_orders_are_kept_and_those_reported_are_not_reported_again(upgraded: Database) -> None:
    orders = upgraded.run_sync(lambda unit: {order.posting.posting_number: order for order in unit.orders.all(1)})
    assert {number: (order.state, order.exported_at) for number, order in orders.items()} == {
        "11-1": ("delivered", NOW),
        "11-2": ("delivering", NOW),
        "11-3": ("awaiting_packaging", None),
    }
    order = orders["11-3"]
    assert (order.organization_id, order.returns, order.received_at) == ("o-1", (), NOW)
    assert order.posting.products == (PostingProduct("RU-1", "Рубашка", 9, 2, Decimal("1990.00"), "RUB"),)
    assert order.posting.created_at == NOW
    assert upgraded.run_sync(lambda unit: unit.orders.status_history(1, "11-2")) == [(NOW, "delivering")]
    assert upgraded.run_sync(lambda unit: unit.orders.count_new(1, again=True)) == 1
    batch = upgraded.run_sync(lambda unit: unit.orders.start_batch(1, NOW, again=True))
    assert batch is not None
    assert (batch.number, batch.posting_numbers) == (1, ("11-3",))


def test_orders_go_on(upgraded: Database) -> None:
    """A state that changes after the upgrade is told where that is wanted; the lists are read from their beginning once."""

    def go_on(known: Order, status: str) -> bool:
        content = known.posting
        changed = Posting(content.posting_number, content.order_number, 35, "fbs", status, "", NOW, None, content.products)
        return upgraded.run_sync(lambda unit: unit.orders.upsert(Order(1, changed, None, None, None, NOW + HOUR)))

    known = upgraded.run_sync(lambda unit: unit.orders.get(1, "11-2"))
    assert not go_on(known, "delivered")
    assert upgraded.run_sync(lambda unit: unit.orders.status_history(1, "11-2")) == [(NOW, "delivering"), (NOW + HOUR, "delivered")]
    batch = upgraded.run_sync(lambda unit: unit.orders.start_batch(1, NOW, again=True))
    assert batch is not None
    assert set(batch.posting_numbers) == {"11-2", "11-3"}
    assert upgraded.run_sync(lambda unit: unit.orders.read_to(1, "fbs")) is None
    assert [order.posting.posting_number for order in upgraded.run_sync(lambda unit: unit.orders.open(1))] == ["11-3"]


def test_journal_is_kept_and_a_run_left_open_is_closed(upgraded: Database) -> None:
    runs = upgraded.run_sync(lambda unit: {run.id: run for run in unit.journal.runs(1)})
    problem = RunProblem("RU-1", "Бренд", "empty_required", "Пусто")
    counts = (("create", 3), ("failed", 1))
    sync, partial = RunKind.SYNC, RunResult.PARTIAL
    assert runs[1] == Run(1, 1, sync, RunCause.SCHEDULED, NOW, NOW + HOUR, partial, counts, 12, "причина", (problem,))
    assert (runs[2].kind, runs[2].counts, runs[2].cause) == (RunKind.ORDERS, (("new", 2),), RunCause.MANUAL)
    assert runs[3].result is RunResult.RUNNING
    assert upgraded.run_sync(lambda unit: unit.journal.interrupt_running(1, NOW + HOUR)) == 1
    fresh = Run(0, 1, RunKind.STORE_IMPORT, RunCause.FOLDER, NOW + HOUR)
    assert upgraded.run_sync(lambda unit: unit.journal.start(fresh)) == 4
    assert upgraded.run_sync(lambda unit: unit.journal.get(4).cause) is RunCause.FOLDER


def test_what_was_accepted_and_being_sent_is_kept(upgraded: Database) -> None:
    known = upgraded.run_sync(lambda unit: unit.sync.accepted(1)["RU-1"])
    assert (known.product_id, known.price, known.stocks) == (7, Decimal(1990), ((1020005000000101, 5),))
    assert (known.old_price, known.min_price) == (None, None)
    assert known.payload is not None
    assert known.payload.weight == 350
    (intent,) = upgraded.run_sync(lambda unit: unit.sync.open_intents(1))
    assert (intent.kind, intent.run_id, intent.created_at) == (ActionKind.STOCK, 3, NOW)
    assert intent.payload[0].stocks == ((1020005000000101, 5),)
    owner = Owner("token", "KASSA", "anna")
    assert upgraded.run_sync(lambda unit: unit.leases.take("sync:1", owner, 3, 30.0)) is None
    assert upgraded.run_sync(lambda unit: unit.leases.take("sync:1", Owner("other"), 4, 30.0)) is not None
