"""Orders of a release that subtracted what Ozon reserves: nothing is lost, nothing shipped is subtracted, choices keep their sense."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from ozon_desktop.domain.orders import OrderBatch
from ozon_desktop.domain.sold_pieces import StoreMoment, WriteOff
from ozon_desktop.storage.database import Database
from tests.storage.conftest import NOW
from tests.storage.old_databases import upgraded_from
from tests.storage.test_migrated_orders import add, posting

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("real_migrations")]

STATES = {
    "1-1": ("delivered", NOW),
    "1-2": ("delivering", None),
    "1-3": ("awaiting_packaging", None),
    "1-4": ("awaiting_deliver", NOW),
    "1-5": ("cancelled", None),
    "1-6": ("returned", NOW),
}
RULES = {"warehouses": [], "reserve": 2, "lower_limit": 1, "exceptions": []}


def fill(connection: Connection) -> None:
    """Three cabinets, of which the first has orders and a batch under way; rules with and without subtracting."""
    for name in ("Первый", "Второй", "Третий"):
        add(connection, "integrations", name=name, enabled=True, has_key=True, selected_base_ids="[]", client_id=100500)
    for file in ("one.xml", "two.xml"):
        add(connection, "store_imports", file_name=file)
    for number, (status, exported) in STATES.items():
        content = {"posting_number": number, "status": status, "posting": posting(number, status), "exported_status": status}
        times = {"created_at": NOW, "received_at": NOW, "seen_at": NOW, "exported_at": exported}
        add(connection, "orders", integration_id=1, **content, **times)
    add(connection, "order_batches", integration_id=1, number=7, posting_numbers='["1-3"]', created_at=NOW)
    for integration_id, rules in ((1, {**RULES, "minus_reserved": True}), (2, {**RULES, "minus_reserved": False}), (3, None)):
        stocks = None if rules is None else json.dumps(rules)
        add(connection, "sync_rules", integration_id=integration_id, prices="{}", stocks=stocks)


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    yield from upgraded_from("0009", fill, request, tmp_path)


def test_only_what_still_lay_in_the_store_is_subtracted(upgraded: Database) -> None:
    orders = upgraded.run_sync(lambda unit: {order.posting.posting_number: order for order in unit.orders.all(1)})
    assert {number: (order.state, order.exported_at) for number, order in orders.items()} == STATES
    left = upgraded.run_sync(lambda unit: unit.orders.unwritten())
    assert {sold.posting.posting_number: (sold.handed, sold.shipped) for sold in left} == {
        "1-3": (None, None),
        "1-4": (StoreMoment(2, NOW), None),
    }


def test_the_choice_keeps_its_sense(upgraded: Database) -> None:
    rules = upgraded.run_sync(lambda unit: [unit.sync_rules.stocks(integration_id) for integration_id in (1, 2, 3)])
    first, second, third = rules
    assert first is not None
    assert second is not None
    assert (first.write_off, first.reserve, first.lower_limit) == (WriteOff.AT_SHIPMENT, 2, 1)
    assert second.write_off is WriteOff.AT_ORDER
    assert third is None


def test_a_batch_under_way_goes_on_under_its_name(upgraded: Database) -> None:
    (batch,) = upgraded.run_sync(lambda unit: unit.orders.unfinished(1))
    assert (batch.number, batch.posting_numbers, batch.installation) == (7, ("1-3",), "")
    upgraded.run_sync(lambda unit: unit.orders.finish_batch(OrderBatch(1, 7, ("1-3",), NOW), {"1-3": "awaiting_packaging"}, NOW))
    left = upgraded.run_sync(lambda unit: unit.orders.unwritten())
    assert {sold.posting.posting_number: sold.handed for sold in left}["1-3"] == StoreMoment(2, NOW)
    assert upgraded.run_sync(lambda unit: unit.orders.start_batch(1, NOW + timedelta(hours=1), again=False)) is not None


def test_its_next_fetch_is_not_the_first_one(upgraded: Database) -> None:
    known = upgraded.run_sync(lambda unit: [unit.preferences.get(f"orders/fetched/{integration_id}") for integration_id in (1, 2)])
    assert known[0] is not None
    assert known[1] is None
