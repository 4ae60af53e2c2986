"""A synchronization from the store to the sandbox: what arrives, what is sent again, what is left out and why."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ozon_desktop.domain.card import ProblemCode
from ozon_desktop.domain.journal import RunCause, RunKind, RunResult
from ozon_desktop.domain.mapping import MappingState
from ozon_desktop.domain.progress import ProgressUpdate, silent
from ozon_desktop.domain.sync_plan import ActionKind, Part, Reason
from ozon_desktop.domain.tree_changes import ChangeKind
from ozon_desktop.errors import AlreadyRunning, NotPossibleYet
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.sync import SyncRequest
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRT, SHIRTS, WRITING, Shirt, Shop, wanted


async def test_first_run_creates_everything_the_store_has(shop: Shop) -> None:
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run
    assert shop.on_ozon() == wanted(*SHIRTS)
    counts = dict(result.run.counts)
    assert (counts["create"], counts["stock"], counts["failed"]) == (3, 3, 0)
    card = shop.sandbox.products["RU-1"].item
    assert card.vat == "0.22"
    assert card.currency_code == "RUB"
    assert (card.depth, card.width, card.height, card.weight) == (300, 200, 40, 350)
    values = {item.id: item.values for item in card.attributes}
    assert values[85][0].dictionary_value_id == 5_000_003
    assert values[9048][0].value == "Рубашка RU-1"


async def test_second_run_sends_nothing(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.line.mend()
    result = await shop.application.sync.run(shop.integration, silent)
    assert not WRITING & set(shop.line.sent())
    assert {name: number for name, number in result.run.counts if number} == {}


async def test_preview_is_what_is_then_sent(shop: Shop) -> None:
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert preview.offline is None
    assert preview.plan.counts() == {
        ActionKind.CREATE: 3,
        ActionKind.UPDATE: 0,
        ActionKind.ARCHIVE: 0,
        ActionKind.PRICE: 0,
        ActionKind.TIMER: 0,
        ActionKind.STOCK: 3,
        ActionKind.SKIP: 0,
    }
    assert not WRITING & set(shop.line.sent())
    result = await shop.application.sync.run(shop.integration, silent, SyncRequest(plan=preview.plan))
    assert {(outcome.offer_id, outcome.kind) for outcome in result.outcomes} == {(item.offer_id, item.kind) for item in preview.plan.items}
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_only_what_changed_is_sent(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    one, two, three = SHIRTS
    after = (replace(one, price="2090"), replace(two, stock=1), replace(three, name="Рубашка без рукавов"))
    await shop.stocks_the_store(*after)
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert [(item.kind, item.offer_id) for item in preview.plan.items] == [
        (ActionKind.UPDATE, "RU-3"),
        (ActionKind.PRICE, "RU-1"),
        (ActionKind.STOCK, "RU-2"),
    ]
    assert [(change.field, change.old, change.new) for change in preview.plan.items[1].changes] == [("price", "1990", "2090")]
    assert [(change.field, change.old, change.new) for change in preview.plan.items[2].changes] == [(f"stock:{MAIN_WAREHOUSE}", "3", "1")]
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE
    assert shop.on_ozon() == wanted(*after)


async def test_parts_that_are_switched_off_are_not_sent(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent, SyncRequest(parts=frozenset({Part.PRODUCTS})))
    assert all(not product.stocks for product in shop.sandbox.products.values())
    assert set(shop.line.sent()) & WRITING == {"/v3/product/import"}
    shop.line.mend()
    await shop.application.sync.run(shop.integration, silent, SyncRequest(parts=frozenset({Part.STOCKS})))
    assert set(shop.line.sent()) & WRITING == {"/v2/products/stocks"}
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_only_named_products_are_sent(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent, SyncRequest(only_offers=frozenset({"RU-2"})))
    assert set(shop.sandbox.products) == {"RU-2"}


async def test_product_that_is_not_ready_is_skipped_with_a_reason_per_field(shop: Shop) -> None:
    await shop.stocks_the_store(SHIRTS[0], replace(SHIRTS[1], brand="Неведомая марка", weight="0"), Shirt("GI-1", category=3))
    result = await shop.application.sync.run(shop.integration, silent)
    assert set(shop.sandbox.products) == {"RU-1"}
    found = {(problem.offer_id, problem.field, problem.code) for problem in result.run.problems}
    assert found >= {("RU-2", "Бренд", "not_in_dictionary"), ("RU-2", "weight", "weight_missing"), ("GI-1", "category", "not_mapped")}
    assert all(problem.text for problem in result.run.problems)
    assert dict(result.run.counts)["skip"] == 2


async def test_product_refused_by_ozon_is_told_and_not_sent_again_unchanged(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.sandbox.memory.refusals.add("name_too_long=RU-1")
    await shop.stocks_the_store(replace(SHIRTS[0], name="Рубашка летняя"), *SHIRTS[1:])
    refused = await shop.application.sync.run(shop.integration, silent)
    assert refused.run.result is RunResult.PARTIAL
    assert [(problem.offer_id, problem.code) for problem in refused.run.problems] == [("RU-1", "name_too_long")]
    shop.line.mend()
    again = await shop.application.previews.preview(shop.integration, silent)
    assert [(item.offer_id, item.reason) for item in again.plan.of(ActionKind.SKIP)] == [("RU-1", Reason.REFUSED_UNCHANGED)]


async def test_product_deleted_in_the_store_is_archived_with_its_stock_taken_away(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(*SHIRTS[:2])
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run.problems
    assert dict(result.run.counts)["archive"] == 1
    assert shop.on_ozon() == wanted(*SHIRTS[:2])
    assert shop.sandbox.products["RU-3"].free == 0
    shop.line.mend()
    again = await shop.application.sync.run(shop.integration, silent)
    assert dict(again.run.counts)["archive"] == 0
    assert not WRITING & set(shop.line.sent())


async def test_product_that_returns_to_the_store_returns_from_the_archive(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    first = shop.sandbox.products["RU-3"].product_id
    await shop.stocks_the_store(*SHIRTS[:2])
    await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-3"].archived
    await shop.stocks_the_store(*SHIRTS)
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert [item.reason for item in preview.plan.of(ActionKind.UPDATE)] == [Reason.RETURNED]
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE, result.run.problems
    returned = shop.sandbox.products["RU-3"]
    assert (returned.archived, returned.product_id) == (False, first)
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_existing_card_is_adopted_never_created_twice(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    before = {offer_id: product.product_id for offer_id, product in shop.sandbox.products.items()}
    # Another computer: the same cabinet, an empty memory.
    other = shop.application
    await other.storage.run(
        lambda unit: unit.sync.save_accepted(
            shop.integration, [replace(known, product_id=0, payload=None) for known in unit.sync.accepted(shop.integration).values()]
        )
    )
    preview = await other.previews.preview(shop.integration, silent)
    assert {item.reason for item in preview.plan.of(ActionKind.UPDATE)} == {Reason.ADOPTED}
    assert preview.plan.of(ActionKind.CREATE) == ()
    learned = await other.storage.run(lambda unit: unit.sync.accepted(shop.integration))
    assert {known.type_key for known in learned.values()} == {SHIRT}, "Ozon has just said which type they have"
    await other.sync.run(shop.integration, silent)
    assert {offer_id: product.product_id for offer_id, product in shop.sandbox.products.items()} == before


async def test_price_in_another_currency_is_not_sent_as_if_it_were_roubles(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(replace(SHIRTS[0], price="25", currency="USD"), *SHIRTS[1:])
    result = await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-1"].price == Decimal(1990)
    assert ("RU-1", "currency") in {(problem.offer_id, problem.code) for problem in result.run.problems}


async def test_two_products_of_one_article_do_not_fight_over_the_card(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    path = shop.folder / "shop.xml"
    double = path.read_text(encoding="utf-8").replace("id-RU-2", "id-double").replace(">RU-2<", ">RU-1<")
    path.write_text(double, encoding="utf-8")
    await shop.application.store_import.import_files([path], silent)
    shop.line.mend()
    result = await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-1"].price == Decimal(1990)
    assert shop.sandbox.products["RU-1"].stocks == {MAIN_WAREHOUSE: 5, FOREST_WAREHOUSE: 0}
    assert "offer_id_duplicate" not in {problem.code for problem in result.run.problems}
    # An article that repeats falls back to the offer's own id; the card that exists keeps its own.
    assert shop.sandbox.products["id-double"].offer_id == "id-double"


async def test_second_run_at_the_same_time_is_refused(shop: Shop) -> None:
    first = asyncio.create_task(shop.application.sync.run(shop.integration, silent))
    await asyncio.sleep(0)
    with pytest.raises(AlreadyRunning):
        await shop.application.sync.run(shop.integration, silent)
    assert (await first).run.result is RunResult.DONE


async def test_stopped_run_keeps_what_was_done_and_the_next_one_completes_it(shop: Shop) -> None:
    stages: list[ProgressUpdate] = []

    def stop(update: ProgressUpdate) -> None:
        stages.append(update)
        if update.stage == "waiting_for_ozon":
            task.cancel()

    task = asyncio.create_task(shop.application.sync.run(shop.integration, stop))
    with pytest.raises(asyncio.CancelledError):
        await task
    stopped = (await shop.application.journal.runs(shop.integration))[0]
    assert (stopped.result, stopped.finished_at is not None) == (RunResult.STOPPED, True)
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.DONE
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_integration_that_is_off_sends_nothing_and_says_what_is_missing(shop: Shop) -> None:
    await shop.application.integrations.set_enabled(shop.integration, False)
    with pytest.raises(NotPossibleYet) as caught:
        await shop.application.sync.run(shop.integration, silent)
    assert caught.value.missing == ("enabled",)
    assert not WRITING & set(shop.line.sent())
    run = (await shop.application.journal.runs(shop.integration))[0]
    assert run.result is RunResult.FAILED
    assert "включ" in run.reason.casefold()


async def test_run_is_journalled_with_cause_counts_and_requests(shop: Shop) -> None:
    result = await shop.application.sync.run(shop.integration, silent, SyncRequest(cause=RunCause.SCHEDULED))
    runs = [run for run in await shop.application.journal.runs(shop.integration) if run.kind is RunKind.SYNC]
    assert [replace(run, host="", user="") for run in runs] == [result.run]
    assert runs[0].host or runs[0].user, "and the journal says by whom"
    assert runs[0].cause is RunCause.SCHEDULED
    assert runs[0].requests == len(shop.line.paths)


async def test_card_that_ozon_still_works_on_waits_for_the_next_run(shop: Shop) -> None:
    shop.sandbox.memory.timing.import_delay = timedelta(seconds=30)
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.PARTIAL
    assert {outcome.state for outcome in result.outcomes if outcome.kind is ActionKind.CREATE} == {OutcomeState.WAITING}
    shop.sandbox.memory.timing.import_delay = timedelta(0)
    await shop.application.sync.run(shop.integration, silent)
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_orders_come_once_with_the_settings_of_the_page(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    number = shop.sandbox.place_order("RU-1", 2)
    first = await shop.application.sync.run(shop.integration, silent)
    again = await shop.application.sync.run(shop.integration, silent)
    assert (first.new_orders, again.new_orders) == (1, 0)
    view = await shop.application.orders.view(shop.integration)
    (order,) = view.orders
    assert order.posting.posting_number == number
    assert [(line.offer_id, line.quantity, line.price) for line in order.posting.products] == [("RU-1", 2, Decimal(1990))]
    assert view.organizations[order.organization_id or ""] == "ООО «Пуговка»"
    assert view.employees[order.responsible_id or ""] == "Иванова Мария"


async def test_order_keeps_the_history_of_its_states(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    number = shop.sandbox.place_order("RU-1")
    await shop.application.orders.fetch(shop.integration, silent)
    shop.sandbox.set_posting_status(number, "delivering")
    fetched = await shop.application.orders.fetch(shop.integration, silent)
    assert (fetched.new, fetched.updated) == (0, 1)
    history = await shop.application.orders.history(shop.integration, number)
    assert [status for _, status in history] == ["awaiting_packaging", "delivering"]


async def test_order_reduces_what_is_offered_only_when_the_store_says_so(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.sandbox.place_order("RU-1", 2)
    await shop.stocks_the_store(replace(SHIRTS[0], stock=3), *SHIRTS[1:])
    await shop.application.sync.run(shop.integration, silent)
    assert shop.sandbox.products["RU-1"].stocks[MAIN_WAREHOUSE] <= 3


async def test_stock_changed_again_within_ozons_thirty_seconds_waits_for_the_next_run(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.sandbox.memory.timing.stock_interval = timedelta(seconds=30)
    await shop.stocks_the_store(replace(SHIRTS[0], stock=1), *SHIRTS[1:])
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.PARTIAL
    assert dict(result.run.counts)["waiting"] == 1
    assert dict(result.run.counts)["failed"] == 0
    shop.sandbox.memory.timing.stock_interval = timedelta(0)
    again = await shop.application.sync.run(shop.integration, silent)
    assert again.run.result is RunResult.DONE
    assert shop.on_ozon() == wanted(replace(SHIRTS[0], stock=1), *SHIRTS[1:])


async def test_used_up_quota_of_cards_leaves_prices_stocks_and_orders_their_turn(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    shop.sandbox.memory.limits.set_items_per_day(1)
    dearer = replace(SHIRTS[0], price="1999", stock=4)
    await shop.stocks_the_store(dearer, replace(SHIRTS[1], name="Рубашка другая"), SHIRTS[2], Shirt("RU-9"))
    shop.sandbox.place_order("RU-1", 1)
    result = await shop.application.sync.run(shop.integration, silent)
    assert result.run.result is RunResult.PARTIAL
    assert result.new_orders == 1
    states = {(outcome.offer_id, outcome.kind): outcome.state for outcome in result.outcomes}
    assert states["RU-9", ActionKind.CREATE] is states["RU-2", ActionKind.UPDATE] is OutcomeState.WAITING
    assert states["RU-1", ActionKind.PRICE] is states["RU-1", ActionKind.STOCK] is OutcomeState.SENT
    assert any("Лимит товаров Ozon исчерпан: остальное можно отправить через" in problem.text for problem in result.run.problems)
    shop.line.mend()
    again = await shop.application.sync.run(shop.integration, silent)
    # Ozon is not asked before its limit is over; what waits stays in the plan.
    assert "/v3/product/import" not in shop.line.sent()
    assert dict(again.run.counts)["waiting"] == 2


async def test_attribute_newly_required_is_found_before_ozon_refuses(shop: Shop) -> None:
    await shop.application.sync.run(shop.integration, silent)
    await shop.stocks_the_store(*SHIRTS, replace(SHIRTS[0], offer_id="RU-9"))
    catalog = shop.sandbox.memory.catalog
    annotation = next(
        attribute for attribute in catalog.attributes(SHIRT.description_category_id, SHIRT.type_id) if attribute["id"] == 4191
    )
    annotation["is_required"] = True
    catalog._encoded.clear()
    fresh = await shop.application.previews.preview(shop.integration, silent)
    assert fresh.plan.counts()[ActionKind.CREATE] == 1
    assert fresh.news == ()

    def a_day_passes(unit: UnitOfWork) -> None:
        unit.ozon.save_attributes(SHIRT, unit.ozon.attributes(SHIRT), datetime.now(UTC) - timedelta(hours=25))

    await shop.application.storage.run(a_day_passes)
    stale = await shop.application.previews.preview(shop.integration, silent)
    assert stale.plan.counts()[ActionKind.CREATE] == 0
    assert stale.news == (f"У типа «{catalog_name(shop)}» появилось обязательное поле «Аннотация»: 1 товар",)
    codes = {problem.code for item in stale.plan.of(ActionKind.SKIP) for problem in item.problems}
    assert ProblemCode.REQUIRED_EMPTY in codes


def catalog_name(shop: Shop) -> str:
    """What the sandbox calls the shirts' type."""
    return str(shop.sandbox.memory.catalog._types[SHIRT.description_category_id, SHIRT.type_id][0])


async def test_refreshed_tree_tells_what_changed_and_marks_the_mapping(shop: Shop) -> None:
    catalog = shop.sandbox.memory.catalog
    tree = json.loads(catalog.tree_bytes)
    leaves = [leaf for base in tree["result"] for category in base["children"] for leaf in category["children"]]
    shirt = next(leaf for leaf in leaves if leaf.get("type_id") == SHIRT.type_id)
    shirt["disabled"] = True
    catalog.tree_bytes = json.dumps(tree).encode()
    result = await shop.application.catalog.fetch_children(shop.integration, silent)
    assert [(change.kind, change.key) for change in result.changes] == [(ChangeKind.DISABLED, SHIRT)]
    assert result.concerned == 1
    view = await shop.application.mapping.view(shop.integration)
    assert view.resolved["2"].state is MappingState.TYPE_DISABLED
    assert view.own["2"] == SHIRT
