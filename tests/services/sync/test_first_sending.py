"""The first sending of a cabinet: only what a person has seen and confirmed goes out, and the schedule waits for that."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from ozon_desktop.application import Options, build
from ozon_desktop.domain.journal import RunKind, RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.run_status import RunState
from ozon_desktop.domain.sync_plan import Part
from ozon_desktop.errors import NotConfirmed, PlanChanged
from ozon_desktop.services.runs.scheduler import Scheduler
from ozon_desktop.services.sync.preview import Preview
from ozon_desktop.services.sync.sync import SyncRequest
from ozon_desktop.wording import WAITS_FOR_REVIEW
from tests.services.shop import SHIRTS, WRITING, Shop, wanted


@pytest.fixture
async def new(shop: Shop) -> Shop:
    """The shop before its first sending."""
    await shop.application.storage.run(lambda unit: unit.guards._set(shop.integration, None, False))
    return shop


async def preview(shop: Shop, *parts: Part) -> Preview:
    return await shop.application.previews.preview(shop.integration, silent, frozenset(parts) or frozenset(Part))


async def send(shop: Shop, **request: object) -> RunResult:
    return (await shop.application.sync.run(shop.integration, silent, SyncRequest(**request))).run.result  # type: ignore[arg-type]


def nothing_was_sent(shop: Shop) -> bool:
    return not shop.sandbox.products and not WRITING & set(shop.line.paths)


async def test_nothing_is_sent_before_a_preview_was_confirmed(new: Shop) -> None:
    with pytest.raises(NotConfirmed, match="Ozon"):
        await send(new)
    for part in (Part.PRODUCTS, Part.PRICES, Part.STOCKS):
        with pytest.raises(NotConfirmed):
            await send(new, parts=frozenset({part}))
    seen = await preview(new)
    with pytest.raises(NotConfirmed):
        await send(new, plan=seen.plan)
    assert nothing_was_sent(new)
    assert [run for run in await new.application.journal.runs(new.integration) if run.kind is RunKind.SYNC] == []
    assert (await new.application.sending.state(new.integration)).confirmed_at is None


async def test_fetching_mapping_and_orders_neither_need_nor_give_a_confirmation(new: Shop) -> None:
    await new.application.catalog.fetch_settings(new.integration, silent)
    await new.application.cabinet_cards.load(new.integration, silent)
    assert await send(new, parts=frozenset({Part.ORDERS})) is RunResult.DONE
    assert (await preview(new)).first
    assert nothing_was_sent(new)


async def test_a_confirmed_preview_is_sent_and_then_all_goes_by_itself(new: Shop) -> None:
    seen = await preview(new)
    assert seen.first
    assert seen.plan_id == (await preview(new)).plan_id, "the same plan has the same id"
    assert await send(new, confirm=seen.plan_id) is RunResult.DONE
    assert new.on_ozon() == wanted(*SHIRTS)
    after = (replace(SHIRTS[0], stock=1), *SHIRTS[1:])
    await new.stocks_the_store(*after)
    assert not (await preview(new)).first
    assert await send(new) is RunResult.DONE
    assert new.on_ozon() == wanted(*after)


@pytest.mark.parametrize("with_plan", [True, False])
async def test_a_plan_that_changed_since_is_not_sent(new: Shop, with_plan: bool) -> None:
    seen = await preview(new)
    await new.stocks_the_store(replace(SHIRTS[0], price="1991"), *SHIRTS[1:])
    now = await preview(new)
    with pytest.raises(PlanChanged) as refused:
        await send(new, confirm=seen.plan_id, plan=now.plan if with_plan else None)
    assert refused.value.detail == now.plan_id
    assert nothing_was_sent(new)
    assert (await preview(new)).first
    assert await send(new, confirm=now.plan_id) is RunResult.DONE


async def test_what_confirms_a_part_does_not_let_the_rest_go(new: Shop) -> None:
    only = await preview(new, Part.PRODUCTS)
    assert await send(new, confirm=only.plan_id, parts=frozenset({Part.PRODUCTS})) is RunResult.DONE
    assert set(new.sandbox.products) == {"RU-1", "RU-2", "RU-3"}
    with pytest.raises(NotConfirmed):
        await send(new)
    rest = await preview(new)
    assert await send(new, confirm=rest.plan_id, only_offers=frozenset({"RU-1"})) is RunResult.DONE
    with pytest.raises(NotConfirmed):
        await send(new)


async def test_an_empty_plan_confirms_nothing(new: Shop) -> None:
    await new.stocks_the_store(*(replace(shirt, weight="0") for shirt in SHIRTS))
    seen = await preview(new)
    assert seen.plan.changes == 0
    await send(new, confirm=seen.plan_id)
    await new.stocks_the_store(*SHIRTS)
    with pytest.raises(NotConfirmed):
        await send(new)
    assert nothing_was_sent(new)


@pytest.fixture
async def scheduled(new: Shop) -> AsyncIterator[tuple[Shop, Scheduler, list[datetime]]]:
    """The shop with a schedule whose clock the test moves, [the moment]."""
    now, application = [datetime(2026, 11, 24, 7, 30, tzinfo=UTC)], new.application
    scheduler = Scheduler(application.storage, application.sync, application.notifications, lambda: now[0], UTC)
    yield new, scheduler, now
    await scheduler.stop()


async def test_the_schedule_waits_and_says_so_once(scheduled: tuple[Shop, Scheduler, list[datetime]]) -> None:
    shop, scheduler, now = scheduled
    for _ in range(3):
        assert await scheduler.tick() == [shop.integration]
        now[0] += timedelta(hours=1)
    runs = await shop.application.journal.runs(shop.integration)
    waits = [run for run in runs if run.kind is RunKind.SYNC]
    assert [(run.result, run.reason) for run in waits] == [(RunResult.SKIPPED, WAITS_FOR_REVIEW)]
    assert nothing_was_sent(shop)
    status = await shop.application.overview.status(shop.integration)
    assert status.state is RunState.WAITING_FOR_REVIEW
    seen = await preview(shop)
    await send(shop, confirm=seen.plan_id)
    assert (await shop.application.overview.status(shop.integration)).state is RunState.IDLE


async def test_a_first_sending_that_was_killed_goes_on_by_itself(new: Shop, options: Options) -> None:
    seen = await preview(new)

    class Killed(BaseException):
        pass

    def kill(*_: object, **__: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ozon_desktop.services.sync.parts.card_sender.CardSender._take", kill)
        with pytest.raises(Killed):
            await send(new, confirm=seen.plan_id)
    again = await build(options)
    try:
        await again.sync.run(new.integration, silent)
    finally:
        await again.close()
    assert new.on_ozon() == wanted(*SHIRTS)


async def test_another_cabinets_plan_confirms_nothing(new: Shop) -> None:
    seen = await preview(new)
    other = await new.application.integrations.add("Второй")
    confirmed = partial(new.application.sync.run, other.id, silent, SyncRequest(confirm=seen.plan_id, plan=seen.plan))
    with pytest.raises(PlanChanged):
        await confirmed()
    assert nothing_was_sent(new)
