"""Held changes from the store to the sandbox: they wait one by one, the rest goes, a decision holds once, the owner hears of it once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.held_items import HeldItem
from ozon_desktop.domain.holds import HeldKey
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.price_rules import GuardLimits, PriceRules
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Hold, Part, Verdict
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.services.runs.scheduler import Scheduler
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult
from tests.services.shop import MAIN_WAREHOUSE, SHIRTS, Shirt, Shop

CHEAP = (replace(SHIRTS[0], price="100", stock=4), replace(SHIRTS[1], price="2500"), SHIRTS[2])
MANY = tuple(Shirt(f"T-{number:02}", str(1000 + number), number) for number in range(1, 25))


async def run(shop: Shop, **request: object) -> SyncResult:
    return await shop.application.sync.run(shop.integration, silent, SyncRequest(**request))  # type: ignore[arg-type]


async def held(shop: Shop) -> list[HeldItem]:
    return await shop.application.held_items.view(shop.integration)


async def decide(shop: Shop, verdict: Verdict, *items: HeldItem) -> int:
    return await shop.application.held_items.decide(shop.integration, [item.key for item in items], verdict)


def price(shop: Shop, offer_id: str = "RU-1") -> Decimal:
    return shop.sandbox.products[offer_id].price


async def test_one_price_waits_and_all_else_goes(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    result = await run(shop)
    assert (price(shop), price(shop, "RU-2")) == (Decimal(1990), Decimal(2500))
    assert shop.sandbox.products["RU-1"].stocks[MAIN_WAREHOUSE] == 4
    assert result.run.result is RunResult.PARTIAL
    assert dict(result.run.counts)["held"] == 1
    assert [(problem.offer_id, problem.code) for problem in result.run.problems] == [("RU-1", Hold.PRICE_JUMP)]
    (item,) = await held(shop)
    assert (item.hold, item.verdict, [(change.old, change.new) for change in item.changes]) == (
        Hold.PRICE_JUMP,
        None,
        [("1990", "100")],
    )
    assert (await shop.application.overview.overview(shop.integration)).held == 1


async def test_a_release_holds_once(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    await run(shop)
    assert await decide(shop, Verdict.SEND, *await held(shop)) == 1
    assert (await run(shop)).run.result is RunResult.DONE
    assert price(shop) == Decimal(100)
    assert await held(shop) == []
    await shop.stocks_the_store(*SHIRTS)
    await run(shop)
    await decide(shop, Verdict.SEND, *await held(shop))
    await run(shop)
    assert price(shop) == Decimal(1990)
    await shop.stocks_the_store(*CHEAP)
    await run(shop)
    assert price(shop) == Decimal(1990), "the release of last time was for last time"


async def test_a_release_is_for_the_value_that_was_seen(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    await run(shop)
    await decide(shop, Verdict.SEND, *await held(shop))
    await shop.stocks_the_store(replace(SHIRTS[0], price="10"), *SHIRTS[1:])
    await run(shop)
    assert price(shop) == Decimal(1990)
    assert [item.verdict for item in await held(shop)] == [None]


async def test_what_is_not_to_be_sent_stays_away_quietly_until_its_value_changes(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    await run(shop)
    await decide(shop, Verdict.KEEP, *await held(shop))
    for _ in range(2):
        result = await run(shop)
        assert (result.run.result, result.run.problems) == (RunResult.DONE, ())
    assert price(shop) == Decimal(1990)
    await shop.stocks_the_store(replace(SHIRTS[0], price="1890"), *CHEAP[1:])
    assert (await run(shop)).run.result is RunResult.DONE
    assert price(shop) == Decimal(1890)
    await shop.stocks_the_store(*CHEAP)
    await run(shop)
    assert [item.verdict for item in await held(shop)] == [None], "asked anew"


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_a_decision_can_be_taken_back(shop: Shop, verdict: Verdict) -> None:
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    await run(shop)
    (item,) = await held(shop)
    await decide(shop, verdict, item)
    assert await shop.application.held_items.take_back(shop.integration, [item.key]) == 1
    await run(shop)
    assert price(shop) == Decimal(1990)
    assert [found.verdict for found in await held(shop)] == [None]


async def test_what_is_not_held_cannot_be_decided_about(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    await run(shop)
    (item,) = await held(shop)
    with pytest.raises(NotFound):
        await shop.application.held_items.decide(shop.integration, [item.key, HeldKey("RU-2", "price", "x")], Verdict.SEND)
    assert [found.verdict for found in await held(shop)] == [None], "neither of them"


async def test_a_stock_that_rises_too_much_waits_and_a_lower_one_goes(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(replace(SHIRTS[0], stock=4000), replace(SHIRTS[1], stock=0), replace(SHIRTS[2], stock=999))
    await run(shop)
    stocks = {offer: product.stocks[MAIN_WAREHOUSE] for offer, product in shop.sandbox.products.items()}
    assert stocks == {"RU-1": 5, "RU-2": 0, "RU-3": 999}
    (item,) = await held(shop)
    assert (item.hold, item.key.offer_id) == (Hold.STOCK_JUMP, "RU-1")
    await decide(shop, Verdict.SEND, item)
    await run(shop)
    assert shop.sandbox.products["RU-1"].stocks[MAIN_WAREHOUSE] == 4000


async def test_products_missing_from_a_cut_export_wait_under_one_decision(shop: Shop) -> None:
    await shop.stocks_the_store(*MANY)
    await run(shop)
    await shop.stocks_the_store(*MANY[:12])
    result = await run(shop)
    assert not any(product.archived for product in shop.sandbox.products.values())
    assert all(any(shop.sandbox.products[shirt.offer_id].stocks.values()) for shirt in MANY)
    assert dict(result.run.counts)["held"] == 12
    items = await held(shop)
    assert {item.hold for item in items} == {Hold.VANISHED}
    assert await decide(shop, Verdict.SEND, items[3]) == 12
    assert (await run(shop)).run.result is RunResult.DONE
    assert sum(product.archived for product in shop.sandbox.products.values()) == 12


async def test_kept_products_stay_and_a_few_more_go_as_always(shop: Shop) -> None:
    await shop.stocks_the_store(*MANY)
    await run(shop)
    await shop.stocks_the_store(*MANY[:12])
    await run(shop)
    await decide(shop, Verdict.KEEP, *await held(shop))
    assert (await run(shop)).run.result is RunResult.DONE
    await shop.stocks_the_store(*MANY)
    assert (await run(shop)).run.result is RunResult.DONE
    assert await held(shop) == [], "they are back"
    await shop.stocks_the_store(*MANY[2:])
    assert (await run(shop)).run.result is RunResult.DONE
    assert sum(product.archived for product in shop.sandbox.products.values()) == 2


async def test_stocks_a_cut_export_does_not_state_wait_also_where_cards_are_not_sent(shop: Shop) -> None:
    await shop.stocks_the_store(*MANY)
    await run(shop)
    await shop.stocks_the_store(*MANY[:12])
    numbers = frozenset({Part.PRICES, Part.STOCKS})
    await run(shop, parts=numbers)
    assert all(any(shop.sandbox.products[shirt.offer_id].stocks.values()) for shirt in MANY)


async def test_stated_zeros_are_sent_however_many_they_are(shop: Shop) -> None:
    await shop.stocks_the_store(*MANY)
    await run(shop)
    await shop.stocks_the_store(*(replace(shirt, stock=0) for shirt in MANY))
    assert (await run(shop)).run.result is RunResult.DONE
    assert not any(stock for product in shop.sandbox.products.values() for stock in product.stocks.values())


async def test_the_owner_is_told_once_of_each_set(shop: Shop) -> None:
    told: list[str] = []
    shop.application.notifications.listen(lambda _title, text: told.append(text))
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    for _ in range(3):
        await run(shop)
    assert told == ["Ждут вашего решения: 1 цена. Остальное отправляется как обычно; решить можно на странице «Синхронизация»"]
    await shop.stocks_the_store(CHEAP[0], replace(SHIRTS[1], price="1"), SHIRTS[2])
    await run(shop)
    assert len(told) == 2


async def test_confirming_the_plan_releases_what_is_held_in_it(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    seen = await shop.application.previews.preview(shop.integration, silent)
    assert (await run(shop, confirm=seen.plan_id, release=True)).run.result is RunResult.DONE
    assert price(shop) == Decimal(100)
    assert await held(shop) == []


async def test_after_a_kill_a_jump_is_judged_by_what_ozon_shows(shop: Shop, options: Options) -> None:
    await run(shop)
    await shop.stocks_the_store(replace(SHIRTS[0], price="2100"), *SHIRTS[1:])

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ozon_desktop.services.sync.parts.number_sender.NumberSender._take_prices", kill)
        with pytest.raises(Killed):
            await run(shop)
    again = await build(options)
    try:
        shop.application = again
        await shop.stocks_the_store(*CHEAP)
        await run(shop)
    finally:
        await again.close()
    assert price(shop) == Decimal(2100)
    assert price(shop, "RU-2") == Decimal(2500)


async def test_a_preview_of_some_parts_forgets_no_decision_of_the_others(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    await run(shop)
    await decide(shop, Verdict.SEND, *await held(shop))
    await shop.application.previews.preview(shop.integration, silent, frozenset({Part.STOCKS}))
    await shop.application.previews.preview(shop.integration, silent, against_ozon=True)
    await run(shop)
    assert price(shop) == Decimal(100)


@pytest.mark.parametrize(
    "guard",
    [GuardLimits(single=Decimal(1001)), GuardLimits(single=Decimal(-1)), GuardLimits(change=Decimal(1001)), GuardLimits(at_least=0)],
)
async def test_absurd_limits_are_refused_with_their_bound(shop: Shop, guard: GuardLimits) -> None:
    with pytest.raises(WrongInput, match=r"1000|1 до"):
        await shop.application.sync_rules.save(shop.integration, PriceRules(guard=guard), None)


async def test_a_limit_of_the_cabinet_is_the_one_that_counts(shop: Shop) -> None:
    await run(shop)
    await shop.application.sync_rules.save(shop.integration, PriceRules(guard=GuardLimits(single=Decimal(3))), None)
    await shop.stocks_the_store(replace(SHIRTS[0], price="2090"), *SHIRTS[1:])
    preview = await shop.application.previews.preview(shop.integration, silent)
    assert [item.hold for item in preview.plan.held] == [Hold.PRICE_JUMP]
    assert preview.plan.counts()[ActionKind.PRICE] == 0


async def test_the_schedule_sends_the_rest_and_does_not_repeat_itself(shop: Shop) -> None:
    await run(shop)
    await shop.stocks_the_store(*CHEAP)
    told: list[str] = []
    application, now = shop.application, [datetime.now(UTC)]
    application.notifications.listen(lambda _title, text: told.append(text))
    scheduler = Scheduler(application.storage, application.sync, application.notifications, lambda: now[0], UTC)
    for _ in range(3):
        now[0] += timedelta(hours=2)
        assert await scheduler.tick() == [shop.integration]
    assert price(shop, "RU-2") == Decimal(2500)
    assert [text.partition(".")[0] for text in told] == ["Ждут вашего решения: 1 цена"]
    last = (await application.journal.runs(shop.integration))[0]
    assert [(problem.offer_id, problem.code) for problem in last.problems] == [("RU-1", Hold.PRICE_JUMP)]
