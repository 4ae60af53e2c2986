"""A lowest price binds: it is sent with the order to heed it, and prolonged before Ozon would forget it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from ozon_desktop import wording
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.price_rules import GuardLimits, PriceRule, PriceRules
from ozon_desktop.domain.price_timers import LowestPrice
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, Part
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult
from tests.services.shop import SHIRTS, MovingClock, Shop
from tests.services.sync.conftest import Opened

STATUS, UPDATE, PRICES = "/v1/product/action/timer/status", "/v1/product/action/timer/update", "/v1/product/import/prices"
RULES = PriceRules(minimum=PriceRule(markup=Decimal(-20)))


@pytest.fixture
async def priced(open_dated: Opened) -> AsyncIterator[Shop]:
    """The three shirts on Ozon with a lowest price a fifth below the price, in a time that the test moves."""
    async with open_dated(ItemLimits(stock_every_s=0)) as shop:
        await shop.application.sync_rules.save(shop.integration, RULES, None)
        assert (await run(shop)).run.result is RunResult.DONE
        for product in shop.line.sandbox.products.values():
            product.in_ozon_actions = True
        shop.line.mend()
        yield shop


async def run(shop: Shop) -> SyncResult:
    return await shop.application.sync.run(shop.integration, silent)


async def preview(shop: Shop) -> Preview:
    return await shop.application.previews.preview(shop.integration, silent)


async def shown(shop: Shop) -> str:
    found = (await shop.application.sync_rules.view(shop.integration)).protection
    assert found is not None
    return wording.protection_text(found).replace("\u00a0", " ")


async def test_a_lowest_price_is_heeded_from_the_first_sending(priced: Shop, clock: MovingClock) -> None:
    assert all(product.minimum_binds(clock.now) for product in priced.sandbox.products.values())
    assert await shown(priced) == "защищает до 31.12: 3 товара"
    assert priced.sandbox.add_to_promotion(Decimal("0.7")) == {}
    assert len(priced.sandbox.add_to_promotion(Decimal("0.9"))) == 3


async def test_it_is_prolonged_by_itself_before_it_ends(priced: Shop, clock: MovingClock) -> None:
    """Runs of three months, one every other day: at no moment Ozon may go below the lowest price, and little is asked for it."""
    before = len(priced.line.paths)
    for _ in range(45):
        clock.now += timedelta(days=2)
        assert (await run(priced)).run.result is RunResult.DONE
        assert priced.sandbox.add_to_promotion(Decimal("0.7")) == {}
    asked = priced.line.paths[before:]
    assert asked.count(UPDATE) == 3, "some 23 days after each other"
    assert asked.count(PRICES) == 0
    assert asked.count(STATUS) <= 45 + 3


async def test_the_card_of_a_product_says_until_when(priced: Shop, clock: MovingClock) -> None:
    async def lowest() -> LowestPrice | None:
        return (await priced.application.cards.details(priced.integration, "id-RU-1")).lowest

    found = await lowest()
    assert found is not None
    assert found.until is not None
    assert wording.lowest_price_text(found).endswith("защищает до 31.12")
    clock.now += timedelta(days=31)
    late = await lowest()
    assert late == LowestPrice(found.amount, None)
    assert "сейчас не защищает" in wording.lowest_price_text(late)
    await priced.application.storage.run(lambda unit: unit.price_timers.forget(priced.integration))
    assert await lowest() is None, "nothing is said of what Ozon was never asked"


async def test_without_the_program_it_ends_and_the_next_run_sets_it_again(priced: Shop, clock: MovingClock) -> None:
    clock.now += timedelta(days=31)
    assert len(priced.sandbox.add_to_promotion(Decimal("0.7"))) == 3, "the sandbox forgets as Ozon does"
    found = await preview(priced)
    changes = {item.offer_id: [change.field for change in item.changes] for item in found.plan.of(ActionKind.PRICE)}
    assert changes == {shirt.offer_id: ["min_price"] for shirt in SHIRTS}
    assert found.plan.of(ActionKind.TIMER) == ()
    await run(priced)
    assert priced.sandbox.add_to_promotion(Decimal("0.7")) == {}


async def test_a_lowest_price_sent_without_its_flag_by_an_older_release_is_sent_again(priced: Shop, clock: MovingClock) -> None:
    for product in priced.sandbox.products.values():
        product.heeds_minimum, product.minimum_ends_at = False, None
    await priced.application.storage.run(lambda unit: unit.price_timers.forget(priced.integration))
    await run(priced)
    assert priced.sandbox.add_to_promotion(Decimal("0.7")) == {}


async def test_the_plan_names_what_is_prolonged_and_sends_just_that(priced: Shop, clock: MovingClock) -> None:
    clock.now += timedelta(days=24)
    found = await preview(priced)
    assert {item.offer_id for item in found.plan.of(ActionKind.TIMER)} == {shirt.offer_id for shirt in SHIRTS}
    item = found.plan.of(ActionKind.TIMER)[0]
    assert item.name == "Рубашка RU-1"
    (change,) = item.changes
    values = [wording.change_value_text(change.field, value) for value in (change.old, change.new)]
    assert values == ["защищает до 31.12", "защищает до 24.01"]
    priced.line.mend()
    result = await priced.application.sync.run(priced.integration, silent, SyncRequest(found.plan, frozenset({Part.PRICES})))
    assert result.run.requests == len(priced.line.paths)
    assert priced.line.sent() == {UPDATE: 1, STATUS: 1}
    assert dict(result.run.counts)["timer"] == 3
    assert await shown(priced) == "защищает до 24.01: 3 товара"
    assert (await preview(priced)).plan.of(ActionKind.TIMER) == ()


async def test_requests_for_timers_are_told_beforehand(priced: Shop, clock: MovingClock) -> None:
    clock.now += timedelta(days=24)
    found = await priced.application.previews.preview(priced.integration, silent, frozenset({Part.PRICES}))
    priced.line.mend()
    await priced.application.sync.run(priced.integration, silent, SyncRequest(found.plan, frozenset({Part.PRICES})))
    assert found.requests == len(priced.line.paths) == 2


async def test_one_product_whose_timer_ozon_will_not_prolong_ends_nothing(priced: Shop, clock: MovingClock) -> None:
    clock.now += timedelta(days=24)
    priced.sandbox.memory.refusals.add("request:nothing doing=RU-2")
    result = await run(priced)
    assert [(problem.offer_id, wording.run_problem_text(problem)) for problem in result.run.problems] == [("RU-2", "Nothing doing")]
    counts = dict(result.run.counts)
    assert (counts["timer"], counts["failed"]) == (2, 1)
    priced.sandbox.memory.refusals.clear()
    assert dict((await run(priced)).run.counts)["timer"] == 1


async def test_a_timer_that_ozon_agreed_to_prolong_and_did_not_waits(
    priced: Shop, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now += timedelta(days=24)
    answer = priced.line.answer

    async def agree_and_do_nothing(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={}) if request.url.path == UPDATE else await answer(request)

    with monkeypatch.context() as patch:
        patch.setattr(priced.line, "answer", agree_and_do_nothing)
        result = await run(priced)
    assert {problem.code for problem in result.run.problems} == {"timer_not_prolonged"}
    assert result.run.result is RunResult.PARTIAL
    assert (await run(priced)).run.result is RunResult.DONE


async def test_a_key_that_may_not_ask_for_timers_keeps_nothing_from_being_sent(
    priced: Shop, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now += timedelta(days=2)
    answer = priced.line.answer

    async def refuse(request: httpx.Request) -> httpx.Response:
        refused = httpx.Response(403, json={"code": 7, "message": "Api-Key is missing a required role for a method"})
        return refused if request.url.path == STATUS else await answer(request)

    monkeypatch.setattr(priced.line, "answer", refuse)
    found = await preview(priced)
    assert found.offline is None
    assert [line.partition(":")[0] for line in found.news] == ["Срок минимальных цен не удалось проверить"]
    await priced.stocks_the_store(replace(SHIRTS[0], stock=1), *SHIRTS[1:])
    assert dict((await run(priced)).run.counts)["stock"] == 1


async def test_a_rule_that_is_gone_prolongs_nothing(priced: Shop, clock: MovingClock) -> None:
    await priced.application.sync_rules.save(priced.integration, PriceRules(), None)
    clock.now += timedelta(days=24)
    priced.line.mend()
    await run(priced)
    assert not {STATUS, UPDATE} & set(priced.line.sent())
    assert (await priced.application.sync_rules.view(priced.integration)).protection is None


async def test_a_lowest_price_out_of_bounds_is_refused_here_with_the_bound(priced: Shop) -> None:
    for markup, said in (
        (-60, "меньше половины цены 1 990,00 ₽"),
        (10, "больше цены 1 990,00 ₽"),
    ):
        rules = PriceRules(minimum=PriceRule(markup=Decimal(markup)))
        await priced.application.sync_rules.save(priced.integration, rules, None)
        priced.line.mend()
        result = await run(priced)
        assert PRICES not in priced.line.sent()
        texts = {problem.offer_id: problem.text.replace("\u00a0", " ") for problem in result.run.problems}
        assert said in texts["RU-1"]
        assert "Ozon принимает от 995,00 ₽ до 1 990,00 ₽" in texts["RU-1"]


@pytest.mark.parametrize("price", ["600", "9000"])
async def test_a_card_and_a_price_far_from_the_lowest_one_change_together(priced: Shop, price: str) -> None:
    """The card carries the new price; Ozon compares it with the lowest one it has, which is changed first."""
    await priced.stocks_the_store(replace(SHIRTS[0], name="Рубашка другая", price=price), *SHIRTS[1:])
    rules = replace(RULES, guard=GuardLimits(active=False, single=Decimal(1000)))
    await priced.application.sync_rules.save(priced.integration, rules, None)
    result = await run(priced)
    assert result.run.result is RunResult.DONE, result.run.problems
    product = priced.sandbox.products["RU-1"]
    assert (product.name, product.price, product.min_price) == ("Рубашка другая", Decimal(price), Decimal(price) * Decimal("0.8"))


async def test_a_card_refused_for_the_lowest_price_ozon_has_is_sent_again(priced: Shop) -> None:
    priced.sandbox.memory.refusals.add("import:price_less_than_min_auto_price=RU-1")
    await priced.stocks_the_store(replace(SHIRTS[0], name="Рубашка другая"), *SHIRTS[1:])
    assert (await run(priced)).run.result is RunResult.PARTIAL
    priced.sandbox.memory.refusals.clear()
    assert (await run(priced)).run.result is RunResult.DONE
    assert priced.sandbox.products["RU-1"].name == "Рубашка другая"
