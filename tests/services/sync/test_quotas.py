"""Ozon's quotas are waiting: nothing is sent only to be refused, the plan tells the days, and the rest goes on by itself."""

import zoneinfo
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from ozon_desktop import wording
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.journal import RunCause, RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.quotas import Turn
from ozon_desktop.domain.sync_plan import ActionKind, Part, Reason
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.services.runs.scheduler import Scheduler
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.parts.ledger import Ledger
from ozon_desktop.services.sync.parts.quota_keeper import MINUTE, QuotaKeeper
from ozon_desktop.services.sync.parts.record import Desk, Record
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult
from tests.services.shop import QUICK, MovingClock, Shirt, Shop, wanted
from tests.services.sync.conftest import Opened

MOSCOW = zoneinfo.ZoneInfo("Europe/Moscow")


@pytest.fixture
async def dated(open_dated: Opened) -> AsyncIterator[Shop]:
    async with open_dated(ItemLimits(stock_every_s=0, prices_an_hour=2)) as shop:
        yield shop


async def run(shop: Shop) -> SyncResult:
    return await shop.application.sync.run(shop.integration, silent)


def scheduler_of(shop: Shop, clock: MovingClock) -> Scheduler:
    return Scheduler(shop.application.storage, shop.application.sync, shop.application.notifications, clock, MOSCOW)


async def test_a_large_store_takes_its_days_by_itself(dated: Shop, clock: MovingClock) -> None:
    """A shop with more products than Ozon takes a day: every day its quota, no request refused, all there in the end."""
    shirts = tuple(Shirt(f"RU-{number:02}", stock=0 if number < 6 else 3) for number in range(10))
    dated.sandbox.memory.quotas.daily_create = 4
    told_of: list[str] = []
    dated.application.notifications.listen(lambda title, text: told_of.append(text))
    await dated.stocks_the_store(*shirts)
    preview = await dated.application.previews.preview(dated.integration, silent)
    assert preview.turns == (Turn(ActionKind.CREATE, (4, 4, 2)),)
    first = await run(dated)
    assert sorted(dated.sandbox.products) == ["RU-06", "RU-07", "RU-08", "RU-09"], "what can be sold goes first"
    assert dict(first.run.counts)["create"] == 4
    assert {outcome.state for outcome in first.outcomes if outcome.kind is ActionKind.CREATE} == {OutcomeState.SENT, OutcomeState.WAITING}
    (told,) = {wording.run_problem_text(problem) for problem in first.run.problems}
    assert told.startswith("Лимит товаров Ozon исчерпан: остальное можно отправить через")
    scheduler = scheduler_of(dated, clock)
    clock.now = datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
    before = len(dated.line.paths)
    assert dated.integration not in await scheduler.tick() or "/v3/product/import" not in dated.line.paths[before:]
    for day, there in ((2, 8), (3, 10)):
        clock.now = datetime(2026, 12, day, 0, 1, tzinfo=UTC)
        assert await scheduler.tick() == [dated.integration]
        (last, *_) = await dated.application.journal.runs(dated.integration)
        assert last.cause is RunCause.RESUMED
        assert len(dated.sandbox.products) == there
        clock.now += timedelta(minutes=1)
    assert (await run(dated)).run.result is RunResult.DONE
    assert told_of == [], "a large store that waits for its turn is no trouble"
    assert dated.on_ozon() == wanted(*shirts)
    refused = [one for one in dated.sandbox.requests if one.status != 200]
    assert refused == []
    results = [row for task in dated.sandbox.memory.tasks.values() for row in task.results or ()]
    assert {row["status"] for row in results} == {"imported"}


async def test_a_quota_that_another_program_has_used_up_is_no_refusal(dated: Shop, clock: MovingClock) -> None:
    """What Ozon says to a single item about its quota is not remembered against the card."""
    await run(dated)
    dated.sandbox.memory.refusals.add("import:item_limit_exceeded=RU-1")
    await dated.stocks_the_store(Shirt("RU-1", name="Рубашка летняя"))
    result = await run(dated)
    states = {(outcome.offer_id, outcome.kind): outcome.state for outcome in result.outcomes}
    assert states["RU-1", ActionKind.UPDATE] is OutcomeState.WAITING
    plan = (await dated.application.previews.preview(dated.integration, silent)).plan
    assert [(item.offer_id, item.reason) for item in plan.of(ActionKind.UPDATE)] == [("RU-1", Reason.CARD_CHANGED)]
    dated.sandbox.memory.refusals.clear()
    assert (await run(dated)).run.result is RunResult.DONE


@pytest.mark.parametrize(
    ("code", "remembered"),
    [
        ("item_limit_exceeded", False),
        ("SELLER_NO_CONTRACT_FAILED", False),
        ("TOO_MANY_REQUESTS", False),
        ("name_too_long", True),
        ("BRAND_NEW_RULE", True),
    ],
)
async def test_only_what_is_said_of_the_card_itself_is_remembered(shop: Shop, code: str, *, remembered: bool) -> None:
    shop.sandbox.memory.refusals.add(f"import:{code}=RU-1")
    await run(shop)
    accepted = await shop.application.storage.run(lambda unit: unit.sync.accepted(shop.integration))
    assert (accepted["RU-1"].refused is not None) is remembered
    plan = (await shop.application.previews.preview(shop.integration, silent)).plan
    reasons = {item.reason for item in plan.items if item.offer_id == "RU-1" and item.kind in {ActionKind.SKIP, ActionKind.CREATE}}
    assert reasons == {Reason.REFUSED_UNCHANGED if remembered else Reason.NEW_PRODUCT}


async def test_a_card_without_a_place_in_the_cabinet_waits_and_is_named(dated: Shop, clock: MovingClock) -> None:
    dated.sandbox.memory.quotas.total = 2
    result = await run(dated)
    assert sorted(dated.sandbox.products) == ["RU-1", "RU-2"]
    assert {(problem.offer_id, problem.code) for problem in result.run.problems} == {("RU-3", "item_limit_exceeded")}
    until = await dated.application.storage.run(lambda unit: dated.application.sync.board.limit_until(unit, dated.integration))
    assert until is None, "no moment brings a place by itself"


async def test_a_product_stays_in_the_archive_until_its_card_can_be_sent_too(dated: Shop, clock: MovingClock) -> None:
    await run(dated)
    await dated.stocks_the_store(Shirt("RU-1"), Shirt("RU-2", "2490", 3, 2))
    await run(dated)
    assert dated.sandbox.products["RU-3"].archived
    dated.sandbox.memory.quotas.daily_update = 0
    await dated.stocks_the_store(Shirt("RU-1"), Shirt("RU-2", "2490", 3, 2), Shirt("RU-3", "990.50", 4))
    await run(dated)
    assert dated.sandbox.products["RU-3"].archived
    dated.sandbox.memory.quotas.daily_update = 10
    assert (await run(dated)).run.result is RunResult.DONE
    assert not dated.sandbox.products["RU-3"].archived


async def test_a_plan_made_before_is_held_to_what_is_left_when_it_is_sent(shop: Shop) -> None:
    preview = await shop.application.previews.preview(shop.integration, silent)
    shop.sandbox.memory.quotas.daily_create = 1
    result = await shop.application.sync.run(shop.integration, silent, SyncRequest(preview.plan))
    assert (dict(result.run.counts)["create"], dict(result.run.counts)["waiting"]) == (1, 2)
    assert len(shop.sandbox.memory.tasks.popitem()[1].items) == 1


async def test_one_price_too_many_within_an_hour_waits_and_goes_on_by_itself(dated: Shop, clock: MovingClock) -> None:
    await run(dated)
    for price in ("1900", "1800", "1700"):
        await dated.stocks_the_store(Shirt("RU-1", price))
        result = await run(dated)
    assert [problem.code for problem in result.run.problems] == ["TOO_MANY_REQUESTS"]
    until = await dated.application.storage.run(lambda unit: dated.application.sync.board.limit_until(unit, dated.integration))
    assert until is not None
    assert timedelta(minutes=50) < until - clock.now <= timedelta(hours=1)


# --- the minute -------------------------------------------------------------------------------------------------------------


async def test_a_minute_gets_no_more_cards_than_ozon_takes(shop: Shop, clock: MovingClock) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.now += timedelta(seconds=seconds)

    client = await shop.application.sync._clients.client(shop.integration)
    ledger = Ledger(shop.application.storage, clock, shop.integration, 1)
    desk = Desk(client, ledger, Record(clock, lambda _: None), QUICK, sleep)
    keeper = QuotaKeeper(desk, (LimitUsage("per_minute", 30, 0),), ())
    assert keeper.batch(100) == 30
    sent: list[tuple[datetime, int]] = []
    for count in (30, 10, 20, 1, 30):
        await keeper.minute(count)
        sent.append((clock.now, count))
    for moment, _ in sent:
        window = sum(count for at, count in sent if moment <= at < moment + timedelta(minutes=1))
        assert window <= 30
    assert 0 < len(slept) <= 4
    assert max(slept) <= MINUTE.total_seconds()


async def test_parts_without_cards_ask_nothing_of_quotas(shop: Shop) -> None:
    await run(shop)
    preview = await shop.application.previews.preview(shop.integration, silent)
    shop.line.mend()
    await shop.application.sync.run(shop.integration, silent, SyncRequest(preview.plan, frozenset({Part.PRICES})))
    assert "/v4/product/info/limit" not in shop.line.sent()
