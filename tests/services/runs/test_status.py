"""The state the status line tells of, the groups of problems, and sending only the failed ones again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from ozon_desktop.domain.journal import ProblemAction, Run, RunCause, RunKind, RunProblem, RunResult, problem_groups
from ozon_desktop.domain.lease import Owner, sync_lease
from ozon_desktop.domain.progress import ProgressUpdate, Stage, silent
from ozon_desktop.domain.run_status import RunState
from ozon_desktop.errors import NotFound
from ozon_desktop.services.runs.board import PAUSED
from ozon_desktop.services.runs.leases import Leases, RunIsHeld
from ozon_desktop.services.runs.overview import OverviewService
from ozon_desktop.services.shared import utc_now
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.wording.status import status_detail, status_text
from tests.services.shop import SHIRTS, Shop


def overview_of(shop: Shop) -> OverviewService:
    application = shop.application
    parts = (application.storage, application.mapping, application.cards, application.clock)
    return OverviewService(*parts, utc_now().astimezone().tzinfo, application.sync.board)  # type: ignore[arg-type]


async def test_run_of_this_process_says_where_it_is(shop: Shop) -> None:
    overview = overview_of(shop)
    assert (await overview.status(shop.integration)).state is RunState.IDLE
    updates: list[ProgressUpdate] = []
    board = shop.application.sync.board
    await shop.application.sync.run(shop.integration, lambda update: updates.append(board.entry(shop.integration).progress or update))
    assert {Stage.ORDERS, Stage.PLAN, Stage.PRODUCTS, Stage.STOCKS} <= {update.stage for update in updates}
    assert board.entry(shop.integration).progress is None
    after = await overview.status(shop.integration)
    assert after.state is RunState.IDLE
    assert after.last_run is not None
    assert after.next_run == after.last_run.started_at + timedelta(hours=1)


async def test_run_of_another_computer_is_seen_with_its_progress(shop: Shop) -> None:
    theirs = Owner("theirs", "KASSA", "anna", "elsewhere", 1)
    name = sync_lease(shop.integration)
    await shop.application.storage.run(lambda unit: unit.leases.take(name, theirs, 5, 30.0))
    await shop.application.storage.run(lambda unit: unit.leases.renew(name, "theirs", 30.0, "prices", 120, 340))
    status = await overview_of(shop).status(shop.integration)
    assert (status.state, status.progress) == (RunState.RUNNING, ProgressUpdate(Stage.PRICES, 120, 340))
    assert status_text(status, utc_now()) == "Идёт синхронизация: 120 из 340"
    assert "на компьютере KASSA, пользователь anna" in status_detail(status, utc_now())
    await shop.application.storage.run(lambda unit: unit.leases.renew(name, "theirs", -1.0))
    assert (await overview_of(shop).status(shop.integration)).state is RunState.IDLE, "its owner is gone"


async def test_what_keeps_from_running_is_reported(shop: Shop) -> None:
    board, now = shop.application.sync.board, utc_now()
    overview, integration = overview_of(shop), shop.integration
    board.waits_for_limit(integration, now + timedelta(hours=1))
    status = await overview.status(integration)
    assert (status.state, status.until) == (RunState.WAITING_FOR_LIMIT, now + timedelta(hours=1))
    assert status_text(status, now).startswith("Ждём лимит Ozon до ")
    await shop.application.storage.run(lambda unit: unit.preferences.set(PAUSED, now.isoformat()))
    assert (await overview.status(integration)).state is RunState.PAUSED
    board.offline(integration, now + timedelta(minutes=1))
    status = await overview.status(integration)
    assert (status.state, status.until) == (RunState.OFFLINE, now + timedelta(minutes=1))
    assert status_text(status, utc_now()).startswith("Нет связи с Ozon: сегодня в ")
    assert (await overview.overview(integration)).offline_since is not None
    board.online(integration)
    await shop.application.storage.run(lambda unit: unit.preferences.remove(PAUSED))
    await shop.application.integrations.set_enabled(integration, False)
    assert (await overview.statuses())[integration].state is RunState.OFF


async def test_failed_products_need_attention_and_are_retried_alone(shop: Shop) -> None:
    await shop.stocks_the_store(replace(SHIRTS[0], brand="Нет такого бренда"), *SHIRTS[1:])
    result = await shop.application.sync.run(shop.integration, silent)
    groups = await shop.application.journal.groups(result.run.id)
    assert [(group.products, group.count) for group in groups] == [(("RU-1",), 1)], groups
    await shop.stocks_the_store(SHIRTS[0], replace(SHIRTS[1], price="3000"), *SHIRTS[2:])
    again = await shop.application.sync.retry_failed(shop.integration, result.run.id, silent)
    assert {outcome.offer_id for outcome in again.outcomes} == {"RU-1"}
    assert set(shop.on_ozon()) == {"RU-1", "RU-2", "RU-3"}
    assert shop.sandbox.products["RU-2"].price == 2490, "another product was sent with the failed one"


async def test_retry_sends_a_refused_card_again_though_it_has_not_changed(shop: Shop) -> None:
    first = await shop.application.sync.run(shop.integration, silent)
    problem = RunProblem("RU-1", "", "some_refusal", "Ozon не принял")

    def refuse(unit: UnitOfWork) -> None:
        known = unit.sync.accepted(shop.integration)["RU-1"]
        unit.sync.save_accepted(shop.integration, [replace(known, payload=None, refused=known.payload)])
        unit.journal.finish(replace(first.run, problems=(problem,), result=RunResult.PARTIAL))

    await shop.application.storage.run(refuse)
    unchanged = await shop.application.sync.run(shop.integration, silent)
    assert dict(unchanged.run.counts)["refused"] == 1
    again = await shop.application.sync.retry_failed(shop.integration, first.run.id, silent)
    assert dict(again.run.counts)["update"] == 1, again.run
    with pytest.raises(NotFound):
        await shop.application.sync.retry_failed(shop.integration, again.run.id, silent)


async def test_lost_lease_ends_the_run_and_says_who_has_it(shop: Shop) -> None:
    application, name = shop.application, sync_lease(shop.integration)
    theirs = Owner("theirs", "KASSA", "anna", "elsewhere", 1)
    application.sync._journalled._leases = Leases(application.storage, None, 30.0, 0.01)
    thefts: list[asyncio.Future[None]] = []

    def steal(unit: UnitOfWork) -> None:
        lease = unit.leases.get(name)
        assert lease is not None
        unit.leases.release(name, lease.owner.token)
        unit.leases.take(name, theirs, 99, 30.0)

    def progress(_: ProgressUpdate) -> None:
        if not thefts:
            thefts.append(asyncio.ensure_future(application.storage.run(steal)))

    shop.line.break_at("/v3/product/import", "429")
    with pytest.raises(RunIsHeld, match="KASSA"):
        await application.sync.run(shop.integration, progress)
    await asyncio.gather(*thefts)
    (run,) = [run for run in await application.journal.runs(shop.integration) if run.kind is RunKind.SYNC]
    assert run.result is RunResult.STOPPED
    assert run.reason


def test_problems_are_grouped_by_cause_with_what_helps() -> None:
    problems = (
        RunProblem("A", "", "not_mapped", "Категория не сопоставлена"),
        RunProblem("B", "Бренд", "required_empty", "Заполните «Бренд»"),
        RunProblem("C", "Бренд", "required_empty", "Заполните «Бренд»"),
        RunProblem("C", "Цвет", "required_empty", "Заполните «Цвет»"),
        RunProblem("D", "", "quota_used_up", "Лимит исчерпан: через 2 ч"),
        RunProblem("", "", "MailTimeout", "Письмо не отправлено"),
    )
    run = Run(1, 1, RunKind.SYNC, RunCause.MANUAL, utc_now(), problems=problems)
    found = {(group.code, group.field): (group.count, group.action, group.products) for group in problem_groups(run)}
    assert problem_groups(run)[0].cause == "Заполните «Бренд»"
    assert found == {
        ("required_empty", "Бренд"): (2, ProblemAction.CARD, ("B", "C")),
        ("required_empty", "Цвет"): (1, ProblemAction.CARD, ("C",)),
        ("not_mapped", ""): (1, ProblemAction.MAP, ("A",)),
        ("quota_used_up", ""): (1, ProblemAction.RETRY, ("D",)),
        ("MailTimeout", ""): (1, ProblemAction.NOTHING, ()),
    }
