"""Guards in the database: who has sent before the upgrade is not asked again, what is held and sent is kept as it is."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from ozon_desktop.domain.held_items import HeldItem, SentValue
from ozon_desktop.domain.holds import HeldKey
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, FieldChange, Hold, PlanItem, Reason, Verdict
from ozon_desktop.storage.database import Database
from tests.storage.conftest import NOW
from tests.storage.old_databases import make_old, own_postgresql

INTEGRATION = (
    "INSERT INTO integrations (id, name, enabled, has_key, selected_base_ids) VALUES "
    "(1, 'Отправлял', true, true, '[]'), (2, 'С карточками', true, true, '[]'), (3, 'Новый', true, true, '[]'), "
    "(4, 'Только пробовал', true, true, '[]'), (5, 'Только узнал', true, true, '[]'), (6, 'С ошибками', true, true, '[]')"
)
PAYLOAD = (
    '{"offer_id":"A","name":"Рубашка","type_key":{"description_category_id":1,"type_id":2},"price":"5","vat":"0","currency":"RUB",'
    '"depth":1,"width":1,"height":1,"weight":1}'
)


def fill(connection: Connection) -> None:
    """Cabinets in every state that a release before could leave."""
    connection.execute(text(INTEGRATION))
    accepted = (
        "INSERT INTO accepted_offers (integration_id, offer_id, product_id, payload, stocks, status, status_name, errors, archived) "
        "VALUES (:integration, 'A', 7, :payload, '[]', '', '', '[]', false)"
    )
    connection.execute(text(accepted), [{"integration": 2, "payload": PAYLOAD}, {"integration": 5, "payload": None}])
    runs = (
        "INSERT INTO runs (integration_id, kind, cause, started_at, result, counts, requests, reason, problems) "
        "VALUES (:integration, :kind, 'manual', '2026-11-01 10:00:00', :result, '[]', 0, '', '[]')"
    )
    rows = [(1, "sync", "done"), (6, "sync", "partial"), (4, "sync", "failed"), (4, "orders", "done"), (4, "sync", "skipped")]
    connection.execute(text(runs), [{"integration": number, "kind": kind, "result": result} for number, kind, result in rows])
    products = (
        "INSERT INTO store_products (id, offer_id, name, structure_id, category_ids, description, barcodes, pictures, vendor, unit, "
        "properties, deleted, has_card, seen) VALUES ('p', 'A', 'Рубашка', 's', '[]', '', '[]', '[]', '', '', '[]', true, true, 1)"
    )
    connection.execute(text(products))


@pytest.mark.slow
@pytest.mark.usefixtures("real_migrations")
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_cabinets_that_have_sent_are_not_asked_again(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if kind == "sqlite":
        check_upgraded(f"sqlite:///{tmp_path / 'shop.sqlite3'}")
    else:
        with own_postgresql(request.getfixturevalue("postgresql_url")) as url:
            check_upgraded(url)


def check_upgraded(url: str) -> None:
    make_old(url, "0009", fill)
    database = Database(url)
    database.open()
    confirmed = {number: database.run_sync(lambda unit, id_=number: unit.guards.confirmed_at(id_)) for number in range(1, 7)}  # type: ignore[misc]
    assert [number for number, at in confirmed.items() if at is not None] == [1, 2, 6]
    assert all(at is None or abs(datetime.now(UTC) - at).days < 2 for at in confirmed.values())
    assert not any(database.run_sync(lambda unit, id_=number: unit.guards.is_read_only(id_)) for number in range(1, 7))  # type: ignore[misc]
    assert database.run_sync(lambda unit: len(unit.integrations.all())) == 6
    assert database.run_sync(lambda unit: len(unit.journal.runs(None))) == 5
    assert database.run_sync(lambda unit: unit.sync.accepted(2))["A"].payload is not None
    assert database.run_sync(lambda unit: unit.guards.absent()) == {}, "what was gone before is no news"
    database.close()


def test_what_is_held_and_sent_comes_back_whole(database: Database) -> None:
    integration = database.run_sync(lambda unit: unit.integrations.add("Ozon")).id
    change = FieldChange("price", "1990", "100")
    held = HeldItem(HeldKey("A", "price", "1990 > 100"), Hold.PRICE_JUMP, "Рубашка", (change,), None, False, NOW)
    item = PlanItem(ActionKind.PRICE, "A", "Рубашка", Reason.PRICE_CHANGED, (change,), price=Decimal(100))
    sent = SentValue(item, Accepted("A", 7, price=Decimal(1990), stocks=((1, 5),)))

    def run(work: Any) -> Any:
        return database.run_sync(work)

    run(lambda unit: unit.guards.keep_held(integration, [held]))
    run(lambda unit: unit.guards.keep_sent(integration, 3, [sent], NOW))
    assert run(lambda unit: unit.guards.held(integration)) == [held]
    assert run(lambda unit: unit.guards.sent(integration, 3)) == [sent]
    assert run(lambda unit: unit.guards.decide(integration, [held.key], Verdict.KEEP)) == 1
    assert run(lambda unit: unit.guards.count_undecided(integration)) == 0
    run(lambda unit: unit.guards.forget_sent(integration, 3, [("A", "price")], NOW))
    assert run(lambda unit: unit.guards.sent(integration, 3)) == []
    run(lambda unit: unit.guards.confirm(integration, NOW))
    run(lambda unit: unit.guards.set_read_only(integration, True))
    run(lambda unit: unit.guards.confirm(integration, NOW.replace(year=2030)))
    assert run(lambda unit: (unit.guards.confirmed_at(integration), unit.guards.is_read_only(integration))) == (NOW, True)
    run(lambda unit: unit.integrations.delete(integration))
    assert run(lambda unit: unit.guards.held(integration)) == []
