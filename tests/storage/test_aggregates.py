"""Each aggregate comes back as it was stored, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from ozon_desktop.domain.cabinet import CabinetAttribute, ItemError, OzonWarehouse
from ozon_desktop.domain.card import CardPayload, CardProblem, Dimensions, ProblemCode, SavedFields
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.integration import (
    ConnectionReport,
    Integration,
    IntegrationSettings,
    LimitUsage,
    Scheme,
    UpdateTrigger,
    VatRate,
)
from ozon_desktop.domain.journal import Run, RunCause, RunKind, RunProblem, RunResult
from ozon_desktop.domain.orders import Order, Posting, PostingProduct
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.sync_intent import Intent
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, FieldChange, PlanItem, Reason
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.storage.database import Database
from tests.storage.conftest import NOW

BIG = 9_007_199_254_740_993
"""16 digits, and one more than a float can hold."""
KEY = TypeKey(BIG, BIG + 2)
SETTINGS = IntegrationSettings(
    BIG, Scheme.RFBS, "структура", "направление", "организация", "сотрудник", "розница", VatRate.VAT_10, UpdateTrigger.TWICE_A_DAY
)
REPORT = ConnectionReport(
    "ООО «Ромашка»", "RUB", ("Admin",), ("/v1/x",), NOW + timedelta(days=30), NOW, (LimitUsage("daily_create", 500, 12, NOW),)
)
PAYLOAD = CardPayload(
    "ART-1",
    "Нож",
    KEY,
    Decimal("1234.50"),
    "0.1",
    "RUB",
    300,
    40,
    20,
    150,
    ("https://example.org/1.jpg",),
    "4600000000001",
    (CabinetAttribute(85, 0, ((BIG, "Без бренда"),)), CabinetAttribute(10096, 7, ((0, "красный"), (5, "синий")))),
)
ERRORS = (ItemError("BAD", "Плохо", "name", 85, "Бренд", "warning"),)


def test_integration_comes_back_whole(database: Database) -> None:
    added = database.run_sync(lambda unit: unit.integrations.add("Магазин"))
    full = Integration(added.id, "Ромашка", SETTINGS, True, True, REPORT, frozenset({BIG, 5}), NOW, NOW, NOW)
    database.run_sync(lambda unit: unit.integrations.save(full))
    assert added == Integration(added.id, "Магазин")
    assert database.run_sync(lambda unit: unit.integrations.get(added.id)) == full
    assert database.run_sync(lambda unit: unit.integrations.by_name("Ромашка")) == full
    assert database.run_sync(lambda unit: unit.integrations.all()) == [full]


def test_names_of_integrations_are_unique(database: Database) -> None:
    database.run_sync(lambda unit: unit.integrations.add("Первый"))
    second = database.run_sync(lambda unit: unit.integrations.add("Второй"))
    with pytest.raises(WrongInput):
        database.run_sync(lambda unit: unit.integrations.add("Первый"))
    with pytest.raises(WrongInput):
        database.run_sync(lambda unit: unit.integrations.save(replace(second, name="Первый")))
    database.run_sync(lambda unit: unit.integrations.save(second))


def test_an_unknown_integration_is_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        database.run_sync(lambda unit: unit.integrations.get(77))
    with pytest.raises(NotFound):
        database.run_sync(lambda unit: unit.integrations.by_name("нет"))
    with pytest.raises(NotFound):
        database.run_sync(lambda unit: unit.integrations.save(Integration(77, "нет")))


def test_a_moment_keeps_its_instant_whatever_its_zone(database: Database, integration_id: int) -> None:
    moscow = datetime(2026, 1, 1, 2, 0, tzinfo=timezone(timedelta(hours=3)))
    stored = Integration(integration_id, "Магазин", base_fetched_at=moscow)
    database.run_sync(lambda unit: unit.integrations.save(stored))
    back = database.run_sync(lambda unit: unit.integrations.get(integration_id)).base_fetched_at
    assert back == moscow
    assert back is not None
    assert back.tzinfo is UTC


def test_a_naive_moment_is_refused(database: Database, integration_id: int) -> None:
    naive = Integration(integration_id, "Магазин", base_fetched_at=NOW.replace(tzinfo=None))
    with pytest.raises(Exception, match="naive moment"):
        database.run_sync(lambda unit: unit.integrations.save(naive))


def test_deleting_an_integration_takes_all_of_it_but_the_journal(database: Database, integration_id: int) -> None:
    run = Run(0, integration_id, RunKind.SYNC, RunCause.MANUAL, NOW)
    run_id = database.run_sync(lambda unit: unit.journal.start(run))
    database.run_sync(lambda unit: unit.mappings.apply(integration_id, "карта", {"c": KEY}, NOW, "я"))
    database.run_sync(lambda unit: unit.orders.upsert(order(integration_id)))
    database.run_sync(lambda unit: unit.sync.save_accepted(integration_id, [Accepted("ART-1")]))
    database.run_sync(lambda unit: unit.integrations.delete(integration_id))
    assert database.run_sync(lambda unit: unit.mappings.own(integration_id)) == {}
    assert database.run_sync(lambda unit: unit.orders.all(integration_id)) == []
    assert database.run_sync(lambda unit: unit.sync.accepted(integration_id)) == {}
    assert database.run_sync(lambda unit: unit.journal.get(run_id)).integration_id is None


def test_saved_fields_come_back_whole(database: Database, integration_id: int) -> None:
    saved = SavedFields("товар", KEY, {85: ((BIG, "Бренд"),), BIG: ()}, Dimensions(1, None, 3, 4))
    other = SavedFields("товар", TypeKey(1, 2), {}, Dimensions(weight=5))
    for fields in (SavedFields("товар", KEY, {1: ((0, "старое"),)}), saved, other):
        database.run_sync(lambda unit, fields=fields: unit.cards.save(integration_id, fields))  # type: ignore[misc]
    assert database.run_sync(lambda unit: unit.cards.saved(integration_id)) == {"товар": {KEY: saved, other.type_key: other}}
    assert database.run_sync(lambda unit: unit.cards.saved_for(integration_id, "товар", KEY)) == saved
    assert database.run_sync(lambda unit: unit.cards.saved_for(integration_id, "другой", KEY)) is None


def test_emptied_fields_are_forgotten(database: Database, integration_id: int) -> None:
    database.run_sync(lambda unit: unit.cards.save(integration_id, SavedFields("товар", KEY, {1: ((0, "x"),)})))
    database.run_sync(lambda unit: unit.cards.save(integration_id, SavedFields("товар", KEY)))
    assert database.run_sync(lambda unit: unit.cards.saved(integration_id)) == {}


def test_field_rules(database: Database, integration_id: int) -> None:
    first = FieldRule("кат", 85, RuleKind.CONSTANT, ((BIG, "Без бренда"),))
    second = FieldRule("кат", 10096, RuleKind.PROPERTY, (), "Цвет")
    for rule in (second, replace(first, values=()), first):
        database.run_sync(lambda unit, rule=rule: unit.cards.save_rule(integration_id, rule))  # type: ignore[misc]
    assert database.run_sync(lambda unit: unit.cards.rules(integration_id)) == [first, second]
    database.run_sync(lambda unit: unit.cards.delete_rule(integration_id, "кат", 85))
    assert database.run_sync(lambda unit: unit.cards.rules(integration_id)) == [second]


def test_accepted_offers_come_back_whole(database: Database, integration_id: int) -> None:
    full = Accepted("ART-1", BIG, PAYLOAD, Decimal("0.10"), ((BIG, 7),), "imported", "Продаётся", ERRORS, PAYLOAD, NOW, True)
    bare = Accepted("ART-2")
    database.run_sync(lambda unit: unit.sync.save_accepted(integration_id, [Accepted("ART-1"), bare]))
    database.run_sync(lambda unit: unit.sync.save_accepted(integration_id, [full]))
    found = database.run_sync(lambda unit: unit.sync.accepted(integration_id))
    assert found == {"ART-1": full, "ART-2": bare}
    assert str(found["ART-1"].price) == "0.10"


def test_links(database: Database, integration_id: int) -> None:
    database.run_sync(lambda unit: unit.sync.save_link(integration_id, "товар", "OLD"))
    database.run_sync(lambda unit: unit.sync.save_link(integration_id, "товар", "NEW"))
    assert database.run_sync(lambda unit: unit.sync.links(integration_id)) == {"товар": "NEW"}


def test_intents_stay_open_until_closed(database: Database, integration_id: int) -> None:
    item = PlanItem(
        ActionKind.CREATE,
        "ART-1",
        "Нож",
        Reason.NEW_PRODUCT,
        (FieldChange("price", "", "1234.50"),),
        PAYLOAD,
        Decimal("1234.50"),
        ((BIG, 3),),
        (CardProblem(ProblemCode.PICTURE_MISSING, "images"),),
        "товар",
    )
    intent = Intent(0, integration_id, 4, ActionKind.CREATE, (item,), None, NOW)
    first = database.run_sync(lambda unit: unit.sync.add_intent(intent))
    second = database.run_sync(lambda unit: unit.sync.add_intent(intent))
    database.run_sync(lambda unit: unit.sync.set_task(first, BIG))
    opened = database.run_sync(lambda unit: unit.sync.open_intents(integration_id))
    assert opened == [replace(intent, id=first, task_id=BIG), replace(intent, id=second)]
    database.run_sync(lambda unit: unit.sync.close_intent(first))
    assert [left.id for left in database.run_sync(lambda unit: unit.sync.open_intents(integration_id))] == [second]


def order(integration_id: int, number: str = "1-1", status: str = "awaiting_packaging", at: datetime = NOW) -> Order:
    line = PostingProduct("ART-1", "Нож", BIG, 2, Decimal("99.90"), "RUB")
    posting = Posting(number, "1", BIG, "fbs", status, "", at, at + timedelta(days=1), (line,), BIG, "Склад", "")
    return Order(integration_id, posting, "орг", "напр", None, at)


def test_a_new_order_comes_back_whole(database: Database, integration_id: int) -> None:
    stored = order(integration_id)
    assert database.run_sync(lambda unit: unit.orders.upsert(stored)) is True
    assert database.run_sync(lambda unit: unit.orders.get(integration_id, "1-1")) == stored
    assert database.run_sync(lambda unit: unit.orders.status_history(integration_id, "1-1")) == [(NOW, "awaiting_packaging")]
    with pytest.raises(NotFound):
        database.run_sync(lambda unit: unit.orders.get(integration_id, "нет"))


def test_a_known_order_takes_the_posting_only(database: Database, integration_id: int) -> None:
    later = NOW + timedelta(hours=1)
    first = order(integration_id)
    seen_again = replace(order(integration_id, status="delivering", at=later), organization_id="другая", responsible_id="другой")
    database.run_sync(lambda unit: unit.orders.upsert(first))
    database.run_sync(lambda unit: unit.orders.mark_exported(integration_id, ["1-1"], NOW))
    assert database.run_sync(lambda unit: unit.orders.upsert(seen_again)) is False
    assert database.run_sync(lambda unit: unit.orders.upsert(seen_again)) is False
    expected = replace(first, posting=seen_again.posting, exported_at=NOW)
    assert database.run_sync(lambda unit: unit.orders.all(integration_id)) == [expected]
    history = database.run_sync(lambda unit: unit.orders.status_history(integration_id, "1-1"))
    assert history == [(NOW, "awaiting_packaging"), (later, "delivering")]
    assert database.run_sync(lambda unit: unit.orders.last_seen(integration_id)) == later


def test_orders_are_listed_newest_first_and_by_status(database: Database, integration_id: int) -> None:
    assert database.run_sync(lambda unit: unit.orders.last_seen(integration_id)) is None
    for number, hours, status in (("old", 0, "delivered"), ("new", 2, "delivering"), ("middle", 1, "delivered")):
        stored = order(integration_id, number, status, NOW + timedelta(hours=hours))
        database.run_sync(lambda unit, stored=stored: unit.orders.upsert(stored))  # type: ignore[misc]
    listed = database.run_sync(lambda unit: unit.orders.all(integration_id))
    delivered = database.run_sync(lambda unit: unit.orders.all(integration_id, "delivered"))
    assert [item.posting.posting_number for item in listed] == ["new", "middle", "old"]
    assert [item.posting.posting_number for item in delivered] == ["middle", "old"]
    database.run_sync(lambda unit: unit.orders.mark_exported(integration_id, ["old", "new"], NOW))
    assert database.run_sync(lambda unit: unit.orders.count_new(integration_id)) == 1


def test_orders_since_a_moment_and_those_the_store_knows_in_another_state(database: Database, integration_id: int) -> None:
    undated = order(integration_id, "undated", at=NOW + timedelta(hours=1))
    undated = replace(undated, posting=replace(undated.posting, created_at=None))
    for stored in (order(integration_id, "old"), undated, order(integration_id, "new", at=NOW + timedelta(hours=2))):
        database.run_sync(lambda unit, stored=stored: unit.orders.upsert(stored))  # type: ignore[misc]
    for hours, numbers in ((0, {"old", "undated", "new"}), (1, {"undated", "new"}), (2, {"new"}), (3, set())):
        moment = NOW + timedelta(hours=hours)
        found = database.run_sync(lambda unit, moment=moment: unit.orders.placed_since(integration_id, moment))  # type: ignore[misc]
        assert {item.posting.posting_number for item in found} == numbers
    assert database.run_sync(lambda unit: unit.orders.placed_since(integration_id + 1, NOW)) == []
    database.run_sync(lambda unit: unit.orders.mark_exported(integration_id, ["old", "undated"], NOW))
    database.run_sync(lambda unit: unit.orders.upsert(order(integration_id, "old", "delivered")))
    counts = database.run_sync(lambda unit: [unit.orders.count_new(integration_id, again=again) for again in (False, True)])
    assert counts == [1, 2]


def test_a_run_comes_back_whole(database: Database, integration_id: int) -> None:
    run = Run(0, integration_id, RunKind.SYNC, RunCause.SCHEDULED, NOW, host="kassa", user="anna")
    run_id = database.run_sync(lambda unit: unit.journal.start(run))
    problems = (RunProblem("ART-1", "name", "NAME_TOO_LONG", "Название слишком длинное"),)
    done = replace(run, id=run_id, finished_at=NOW, result=RunResult.PARTIAL, counts=(("create", 12),), requests=9, problems=problems)
    database.run_sync(lambda unit: unit.journal.finish(done))
    assert database.run_sync(lambda unit: unit.journal.get(run_id)) == done
    with pytest.raises(NotFound):
        database.run_sync(lambda unit: unit.journal.finish(replace(done, id=run_id + 1)))


def test_runs_newest_first_and_the_last_of_a_kind(database: Database, integration_id: int) -> None:
    def start(hours: int, kind: RunKind, integration: int | None) -> int:
        run = Run(0, integration, kind, RunCause.MANUAL, NOW + timedelta(hours=hours))
        return database.run_sync(lambda unit: unit.journal.start(run))

    old, imported, new = (
        start(0, RunKind.SYNC, integration_id),
        start(1, RunKind.STORE_IMPORT, None),
        start(2, RunKind.SYNC, integration_id),
    )
    assert [run.id for run in database.run_sync(lambda unit: unit.journal.runs(None))] == [new, imported, old]
    assert [run.id for run in database.run_sync(lambda unit: unit.journal.runs(integration_id, 1))] == [new]
    last = database.run_sync(lambda unit: unit.journal.last(integration_id, RunKind.SYNC))
    assert last is not None
    assert last.id == new
    store = database.run_sync(lambda unit: unit.journal.last(None, RunKind.STORE_IMPORT))
    assert store is not None
    assert store.id == imported
    assert database.run_sync(lambda unit: unit.journal.last(integration_id, RunKind.ORDERS)) is None


def test_runs_left_running_are_interrupted_once(database: Database, integration_id: int) -> None:
    run = Run(0, integration_id, RunKind.SYNC, RunCause.MANUAL, NOW)
    left = database.run_sync(lambda unit: unit.journal.start(run))
    done = database.run_sync(lambda unit: unit.journal.start(replace(run, result=RunResult.DONE, finished_at=NOW)))
    later = NOW + timedelta(days=1)
    assert database.run_sync(lambda unit: unit.journal.interrupt_running(integration_id, later)) == 1
    assert database.run_sync(lambda unit: unit.journal.interrupt_running(integration_id, later)) == 0
    interrupted = database.run_sync(lambda unit: unit.journal.get(left))
    assert (interrupted.result, interrupted.finished_at) == (RunResult.INTERRUPTED, later)
    assert database.run_sync(lambda unit: unit.journal.get(done)).result is RunResult.DONE


def test_warehouses_of_the_cabinet_are_replaced(database: Database, integration_id: int) -> None:
    old = [OzonWarehouse(1, "Старый")]
    new = [OzonWarehouse(BIG, "Я", True, False), OzonWarehouse(BIG - 1, "А")]
    database.run_sync(lambda unit: unit.ozon.save_warehouses(integration_id, old))
    database.run_sync(lambda unit: unit.ozon.save_warehouses(integration_id, new))
    assert database.run_sync(lambda unit: unit.ozon.warehouses(integration_id)) == new


def test_preferences(database: Database) -> None:
    assert database.run_sync(lambda unit: unit.preferences.get("тема")) is None
    database.run_sync(lambda unit: unit.preferences.set("тема", "тёмная"))
    database.run_sync(lambda unit: unit.preferences.set("тема", "светлая"))
    assert database.run_sync(lambda unit: unit.preferences.get("тема")) == "светлая"
