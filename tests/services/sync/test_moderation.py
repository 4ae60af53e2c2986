"""Ozon takes its time: what a run does with cards that are not created yet, are rejected, or not updated, and what is shown of them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Reason
from ozon_desktop.services.sync.outcome import ItemOutcome, OutcomeState
from ozon_desktop.services.sync.sync import SyncResult
from tests.services.shop import MAIN_WAREHOUSE, SHIRTS, Shop, wanted

REJECTED = "Рубашка [reject]"
HOURS = timedelta(hours=3)


async def run(shop: Shop) -> SyncResult:
    return await shop.application.sync.run(shop.integration, silent)


def outcome(result: SyncResult, offer_id: str, kind: ActionKind) -> ItemOutcome:
    return next(one for one in result.outcomes if (one.offer_id, one.kind) == (offer_id, kind))


async def shown(shop: Shop, offer_id: str) -> str:
    """The status in the table of products."""
    view = await shop.application.cards.view(shop.integration)
    return next(row.ozon_status for row in view.rows if row.offer_id == offer_id)


def moderation_ends(shop: Shop) -> None:
    """Within the next moment."""
    memory = shop.sandbox.memory
    for offer_id, moderation in memory.moderation.items():
        memory.moderation[offer_id] = replace(moderation, ends_at=memory.clock())


async def test_stock_waits_for_a_card_on_moderation_and_says_so(shop: Shop) -> None:
    shop.sandbox.memory.timing.moderation = HOURS
    result = await run(shop)
    assert result.run.result is RunResult.PARTIAL
    assert outcome(result, "RU-1", ActionKind.CREATE).state is OutcomeState.SENT
    stock = outcome(result, "RU-1", ActionKind.STOCK)
    assert stock.state is OutcomeState.WAITING
    (problem,) = stock.problems
    assert problem.text == (
        "Карточка ещё не создана на Ozon (Не продается: на модерации): цена и остаток отправятся, когда она будет готова"
    )
    assert await shown(shop, "RU-1") == "Не продается: на модерации"
    moderation_ends(shop)
    again = await run(shop)
    assert again.run.result is RunResult.DONE
    assert shop.on_ozon() == wanted(*SHIRTS)
    assert await shown(shop, "RU-1") == "Готов к продаже"


async def test_a_price_waits_for_moderation_too_while_others_are_sent(shop: Shop) -> None:
    await shop.stocks_the_store(*SHIRTS[:2])
    await run(shop)
    shop.sandbox.memory.timing.moderation = HOURS
    await shop.stocks_the_store(*SHIRTS)
    await run(shop)
    dearer = [replace(shirt, price=str(Decimal(shirt.price) + 100), stock=7) for shirt in SHIRTS]
    await shop.stocks_the_store(*dearer)
    result = await run(shop)
    for kind in (ActionKind.PRICE, ActionKind.STOCK):
        assert [outcome(result, shirt.offer_id, kind).state for shirt in SHIRTS] == [
            OutcomeState.SENT,
            OutcomeState.SENT,
            OutcomeState.WAITING,
        ]
    assert result.run.result is RunResult.PARTIAL
    moderation_ends(shop)
    assert (await run(shop)).run.result is RunResult.DONE
    assert shop.on_ozon() == wanted(*dearer)


async def test_a_card_rejected_at_once_is_a_failure_and_is_not_sent_again_unchanged(shop: Shop) -> None:
    await shop.stocks_the_store(replace(SHIRTS[0], name=REJECTED), *SHIRTS[1:])
    result = await run(shop)
    # Of the card or of its stock, as Ozon was quicker or slower; never of both.
    failed = [one for one in result.outcomes if one.offer_id == "RU-1" and one.state is OutcomeState.FAILED]
    assert [problem.code for one in failed for problem in one.problems] == ["moderation_declined"]
    assert outcome(result, "RU-2", ActionKind.STOCK).state is OutcomeState.SENT
    await run(shop)
    shop.line.mend()
    again = await run(shop)
    assert "/v3/product/import" not in shop.line.sent()
    assert ("RU-1", "refused_unchanged") in {(problem.offer_id, problem.code) for problem in again.run.problems}
    assert await shown(shop, "RU-1") == "Не продается: не создан"
    await shop.stocks_the_store(*SHIRTS)
    assert (await run(shop)).run.result is RunResult.DONE
    assert shop.on_ozon() == wanted(*SHIRTS)


async def test_a_card_rejected_hours_later_is_told_by_the_next_run(shop: Shop) -> None:
    shop.sandbox.memory.timing.moderation = HOURS
    await shop.stocks_the_store(replace(SHIRTS[0], name=REJECTED, stock=0), *SHIRTS[1:])
    first = await run(shop)
    assert "moderation_declined" not in {problem.code for problem in first.run.problems}
    moderation_ends(shop)
    second = await run(shop)
    told = [(problem.offer_id, problem.text) for problem in second.run.problems if problem.code == "moderation_declined"]
    assert told == [("RU-1", "Карточка не прошла модерацию Ozon: проверьте название, описание и фото")]
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert [item.offer_id for item in preview.plan.items if item.reason is Reason.REFUSED_UNCHANGED] == ["RU-1"]


async def test_an_update_refused_hours_later_is_told_and_the_old_card_sells_on(shop: Shop) -> None:
    await run(shop)
    shop.sandbox.memory.timing.moderation = HOURS
    await shop.stocks_the_store(replace(SHIRTS[0], name=REJECTED), *SHIRTS[1:])
    assert (await run(shop)).run.result is RunResult.DONE
    assert await shown(shop, "RU-1") == "Продается: обновление на модерации"
    moderation_ends(shop)
    told = await run(shop)
    assert [problem.offer_id for problem in told.run.problems if problem.code == "moderation_declined"] == ["RU-1"]
    assert told.run.result is RunResult.PARTIAL
    assert await shown(shop, "RU-1") == "Продается: не обновлен"
    assert shop.on_ozon() == wanted(*SHIRTS)
    shop.line.mend()
    await run(shop)
    assert "/v3/product/import" not in shop.line.sent()
    better = (replace(SHIRTS[0], name="Рубашка лучше"), *SHIRTS[1:])
    await shop.stocks_the_store(*better)
    await run(shop)
    moderation_ends(shop)
    assert (await run(shop)).run.result is RunResult.DONE
    assert shop.on_ozon() == wanted(*better)


async def test_what_was_decided_is_not_asked_again(shop: Shop) -> None:
    shop.sandbox.memory.timing.moderation = HOURS
    await run(shop)
    moderation_ends(shop)
    await run(shop)
    shop.line.mend()
    await run(shop)
    assert "/v3/product/info/list" not in shop.line.sent()


async def test_what_ozon_agreed_to_archive_and_did_not_waits_for_the_next_run(shop: Shop) -> None:
    await run(shop)
    number = shop.sandbox.place_order("RU-1")
    await shop.stocks_the_store(*SHIRTS[1:])
    result = await run(shop)
    assert outcome(result, "RU-1", ActionKind.ARCHIVE).state is OutcomeState.WAITING
    assert [problem.code for problem in result.run.problems] == ["archive_not_done"]
    assert not shop.sandbox.products["RU-1"].archived
    shop.sandbox.set_posting_status(number, "delivering")
    again = await run(shop)
    assert outcome(again, "RU-1", ActionKind.ARCHIVE).state is OutcomeState.SENT
    assert shop.sandbox.products["RU-1"].archived


async def test_what_may_not_return_from_the_archive_today_holds_nothing_up(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*SHIRTS[1:])
    await run(shop)
    shop.sandbox.products["RU-1"].autoarchived = True
    shop.sandbox.memory.quotas.daily_restore = 0
    changed = (SHIRTS[0], replace(SHIRTS[1], stock=8, name="Рубашка новая"), SHIRTS[2])
    await shop.stocks_the_store(*changed)
    result = await run(shop)
    held = [one for one in result.outcomes if one.offer_id == "RU-1"]
    assert held
    assert {one.state for one in held} == {OutcomeState.WAITING}
    assert {problem.code for problem in result.run.problems} == {"autoarchive_restore_failed"}
    assert (shop.sandbox.products["RU-2"].name, shop.sandbox.products["RU-2"].stocks[MAIN_WAREHOUSE]) == ("Рубашка новая", 8)
    shop.sandbox.memory.quotas.daily_restore = 100
    assert (await run(shop)).run.result is RunResult.DONE
    assert shop.on_ozon() == wanted(*changed)
