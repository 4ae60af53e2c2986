"""A sent run is taken back: what Ozon held before is there again, and the store's values do not come back by themselves."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.existing_cards import Content
from ozon_desktop.domain.held_items import SentValue
from ozon_desktop.domain.journal import Run
from ozon_desktop.domain.price_timers import TIMER_FIELD
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, FieldChange, Hold, PlanItem, Reason, Verdict
from ozon_desktop.domain.take_back import Lasting
from ozon_desktop.errors import NotFound, PlanChanged
from ozon_desktop.sandbox.ozon.refusals import Refusals
from ozon_desktop.services.sync.sync import SyncRequest
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.cabinet.cards_on_ozon import place
from tests.services.shop import MAIN_WAREHOUSE, SHIRTS, Shop, wanted

AFTER = (replace(SHIRTS[0], price="2100", stock=9), replace(SHIRTS[1], name="Рубашка новая"), SHIRTS[2])


async def run(shop: Shop) -> Run:
    return (await shop.application.sync.run(shop.integration, silent)).run


async def take_back(shop: Shop, run_id: int) -> Run:
    preview = await shop.application.take_back.preview(shop.integration, run_id)
    return (await shop.application.take_back.send(shop.integration, run_id, silent, preview.plan_id)).run


async def test_prices_stocks_and_cards_are_as_before(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*AFTER)
    sent = await run(shop)
    preview = await shop.application.take_back.preview(shop.integration, sent.id)
    assert [(item.kind, item.offer_id) for item in preview.plan.items] == [
        (ActionKind.UPDATE, "RU-2"),
        (ActionKind.PRICE, "RU-1"),
        (ActionKind.STOCK, "RU-1"),
    ]
    assert [(change.old, change.new) for item in preview.plan.of(ActionKind.PRICE) for change in item.changes] == [("2100", "1990")]
    await take_back(shop, sent.id)
    assert shop.on_ozon() == wanted(*SHIRTS)
    assert (await shop.application.take_back.preview(shop.integration, sent.id)).plan.items == ()


async def test_taken_back_values_stay_until_the_store_has_others(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*AFTER)
    sent = await run(shop)
    await take_back(shop, sent.id)
    for _ in range(2):
        assert (await run(shop)).problems == ()
    assert shop.on_ozon() == wanted(*SHIRTS)
    held = await shop.application.held_items.view(shop.integration)
    assert {(item.hold, item.verdict) for item in held} == {(Hold.TAKEN_BACK, Verdict.KEEP)}
    newest = (replace(AFTER[0], price="2050", stock=8), replace(AFTER[1], name="Рубашка новейшая"), AFTER[2])
    await shop.stocks_the_store(*newest)
    await run(shop)
    assert shop.on_ozon() == wanted(*newest)


async def test_a_stock_the_store_has_no_more_is_not_offered_again(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(replace(SHIRTS[0], stock=2), replace(SHIRTS[1], stock=9), SHIRTS[2])
    sent = await run(shop)
    preview = await shop.application.take_back.preview(shop.integration, sent.id)
    assert [(item.offer_id, item.stocks) for item in preview.plan.of(ActionKind.STOCK)] == [("RU-2", ((MAIN_WAREHOUSE, 3),))]
    assert preview.lasting == (("RU-1", Lasting.STOCK_GONE),)
    await take_back(shop, sent.id)
    stocks = {offer: product.stocks[MAIN_WAREHOUSE] for offer, product in shop.sandbox.products.items()}
    assert (stocks["RU-1"], stocks["RU-2"]) == (2, 3)


async def test_released_values_go_again(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*AFTER)
    sent = await run(shop)
    await take_back(shop, sent.id)
    keys = [item.key for item in await shop.application.held_items.view(shop.integration)]
    await shop.application.held_items.decide(shop.integration, keys, Verdict.SEND)
    await run(shop)
    assert shop.on_ozon() == wanted(*AFTER)


async def test_created_cards_go_to_the_archive_and_this_is_said(shop: Shop) -> None:
    sent = await run(shop)
    preview = await shop.application.take_back.preview(shop.integration, sent.id)
    assert {item.kind for item in preview.plan.items} == {ActionKind.ARCHIVE}
    assert preview.lasting == tuple((offer, Lasting.ARCHIVED_INSTEAD) for offer in ("RU-1", "RU-2", "RU-3"))
    await take_back(shop, sent.id)
    assert shop.on_ozon() == {}
    assert (await run(shop)).problems == ()
    assert shop.on_ozon() == {}, "the store has them still, and they stay away"


async def test_an_archived_product_comes_back_with_its_stock(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(SHIRTS[0], SHIRTS[2])
    sent = await run(shop)
    assert shop.sandbox.products["RU-2"].archived
    await take_back(shop, sent.id)
    assert shop.on_ozon() == wanted(*SHIRTS)
    await run(shop)
    assert not shop.sandbox.products["RU-2"].archived


async def test_taking_back_is_confirmed_like_any_plan(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*AFTER)
    sent = await run(shop)
    preview = await shop.application.take_back.preview(shop.integration, sent.id)
    await shop.stocks_the_store(replace(AFTER[0], price="2200"), *AFTER[1:])
    await run(shop)
    with pytest.raises(PlanChanged):
        await shop.application.take_back.send(shop.integration, sent.id, silent, preview.plan_id)
    assert shop.sandbox.products["RU-1"].price == Decimal(2200)


async def test_only_runs_that_sent_something_can_be_taken_back(shop: Shop) -> None:
    await run(shop)
    nothing = await run(shop)
    for run_id in (nothing.id, 99_999):
        with pytest.raises(NotFound):
            await shop.application.take_back.preview(shop.integration, run_id)


async def test_what_failed_is_not_taken_back(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(replace(SHIRTS[0], price="2100"), replace(SHIRTS[1], price="2600"), SHIRTS[2])
    shop.sandbox.memory.refusals = Refusals(["price:NOT_FOUND_ERROR=RU-2"])
    sent = await run(shop)
    assert [problem.offer_id for problem in sent.problems] == ["RU-2"]
    plan = (await shop.application.take_back.preview(shop.integration, sent.id)).plan
    assert [item.offer_id for item in plan.items] == ["RU-1"]


async def test_old_values_are_forgotten_after_thirty_days(shop: Shop) -> None:
    sent = await run(shop)

    def age(unit: UnitOfWork) -> int:
        values = unit.guards.sent(shop.integration, sent.id)
        unit.guards.keep_sent(shop.integration, sent.id, values, sent.started_at - timedelta(days=31))
        return len(values)

    assert await shop.application.storage.run(age) == 6
    await run(shop)
    with pytest.raises(NotFound):
        await shop.application.take_back.preview(shop.integration, sent.id)


async def test_other_cabinets_runs_are_not_taken_back(shop: Shop) -> None:
    sent = await run(shop)
    other = await shop.application.integrations.add("Второй")
    with pytest.raises(NotFound):
        await shop.application.take_back.preview(other.id, sent.id)


async def test_a_card_from_before_the_program_is_put_back_as_it_was_read(shop: Shop) -> None:
    await run(shop)
    await shop.application.cabinet_cards.load(shop.integration, silent)
    known = await shop.application.storage.run(lambda unit: unit.sync.accepted(shop.integration))
    unknown = [replace(known["RU-2"], payload=None)]
    await shop.application.storage.run(lambda unit: unit.sync.save_accepted(shop.integration, unknown))
    await shop.stocks_the_store(*AFTER)
    sent = (await shop.application.sync.run(shop.integration, silent, SyncRequest())).run
    assert shop.sandbox.products["RU-2"].name == "Рубашка новая"
    await take_back(shop, sent.id)
    assert shop.on_ozon()["RU-2"] == wanted(*SHIRTS)["RU-2"]


async def test_a_price_of_a_card_from_before_the_program_comes_back_with_the_one_before_the_discount(shop: Shop) -> None:
    made = place(shop.sandbox, "RU-2", price="2400", old_price="2990", stock=SHIRTS[1].stock)
    await shop.application.cabinet_cards.load(shop.integration, silent)
    await shop.application.existing_cards.answer(shop.integration, content=Content.FIELDS, prices=Side.STORE, stocks=Side.STORE)
    sent = await run(shop)
    assert (made.price, made.old_price) == (Decimal(SHIRTS[1].price), Decimal(2990))
    await take_back(shop, sent.id)
    assert (made.price, made.old_price) == (Decimal(2400), Decimal(2990))


async def test_a_run_that_prolonged_a_timer_can_be_taken_back(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*AFTER)
    sent = await run(shop)
    timer = PlanItem(ActionKind.TIMER, "RU-3", "", Reason.TIMER_ENDS, (FieldChange(TIMER_FIELD, "2026-12-01", "2026-12-31"),))

    def add(unit: UnitOfWork) -> None:
        unit.guards.keep_sent(shop.integration, sent.id, [SentValue(timer, Accepted("RU-3"))], sent.started_at)

    await shop.application.storage.run(add)
    await take_back(shop, sent.id)
    assert shop.on_ozon() == wanted(*SHIRTS)
