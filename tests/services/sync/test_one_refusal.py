"""One product that Ozon refuses, or stumbles over, ends no run: it waits with its reason, everything else and the orders go on."""

from dataclasses import replace

import httpx
import pytest

from ozon_desktop import wording
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sync_plan import ActionKind, SyncPlan
from ozon_desktop.errors import InvalidKey, MissingRole, NoConnection
from ozon_desktop.ozon import requests
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.sync import SyncResult
from tests.services.shop import Shirt, Shop, wanted

MANY = tuple(Shirt(f"RU-{number:02}", stock=number % 5 + 1) for number in range(12))
POISON = "RU-07"
OTHERS = tuple(shirt for shirt in MANY if shirt.offer_id != POISON)


async def run(shop: Shop) -> SyncResult:
    return await shop.application.sync.run(shop.integration, silent)


def states(result: SyncResult, kind: ActionKind) -> dict[str, OutcomeState]:
    return {outcome.offer_id: outcome.state for outcome in result.outcomes if outcome.kind is kind}


def told(result: SyncResult) -> list[tuple[str, str]]:
    return [(problem.offer_id, wording.run_problem_text(problem)) for problem in result.run.problems]


@pytest.fixture
async def full(shop: Shop) -> Shop:
    """Twelve shirts are on Ozon."""
    await shop.stocks_the_store(*MANY)
    while (await run(shop)).run.result is not RunResult.DONE:
        pass
    shop.line.mend()
    return shop


async def test_a_product_that_may_not_be_archived_ends_no_run(full: Shop) -> None:
    """The fault: one product deleted in the store, which Ozon does not let into the archive, ended every later run."""
    full.sandbox.memory.refusals.add(f"archive:product has FBO stock={POISON}")
    await full.stocks_the_store(*(replace(shirt, price="2500") for shirt in OTHERS[2:]))
    number = full.sandbox.place_order("RU-03")
    for _ in range(2):
        result = await run(full)
        assert result.run.result is RunResult.PARTIAL
        assert told(result) == [(POISON, "Product has FBO stock")]
    assert full.sandbox.products["RU-00"].archived
    assert full.sandbox.products["RU-01"].archived
    assert full.sandbox.products[POISON].free == 0, "not offered any more, at least"
    assert {full.sandbox.products[shirt.offer_id].price for shirt in OTHERS[2:]} == {2500}
    orders = await full.application.storage.run(lambda unit: unit.orders.all(full.integration))
    assert [order.posting.posting_number for order in orders] == [number]
    full.sandbox.memory.refusals.clear()
    assert (await run(full)).run.result is RunResult.DONE
    assert full.sandbox.products[POISON].archived


async def test_a_card_deleted_in_the_cabinet_needs_no_archiving(full: Shop) -> None:
    full.sandbox.delete_product(POISON)
    await full.stocks_the_store(*OTHERS[1:])
    result = await run(full)
    assert full.sandbox.products["RU-00"].archived
    assert told(result) == [(POISON, "Карточки на Ozon уже нет: убирать в архив нечего")]
    assert result.run.result is RunResult.DONE
    assert not any(item.kind is ActionKind.ARCHIVE for item in (await preview(full)).items)
    await full.stocks_the_store(*MANY)
    while (await run(full)).run.result is not RunResult.DONE:
        pass
    assert full.on_ozon() == wanted(*MANY)


async def preview(shop: Shop) -> SyncPlan:
    return (await shop.application.previews.preview(shop.integration, silent)).plan


def changed(shirts: tuple[Shirt, ...]) -> tuple[Shirt, ...]:
    """A third of them with another name, another price, another stock."""
    names = {0: {"name": "Рубашка другая"}, 1: {"price": "2490"}, 2: {"stock": 9}}
    return tuple(replace(shirt, **names[number % 3]) for number, shirt in enumerate(shirts))  # type: ignore[arg-type]


# Of the twelve changed shirts number 6 gets a new name, number 7 a new price, number 8 a new stock.
CHANGES = {ActionKind.UPDATE: "RU-06", ActionKind.PRICE: "RU-07", ActionKind.STOCK: "RU-08"}
PATHS = {ActionKind.UPDATE: "/v3/product/import", ActionKind.PRICE: "/v1/product/import/prices", ActionKind.STOCK: "/v2/products/stocks"}


async def all_but(shop: Shop, kind: ActionKind, result: SyncResult) -> None:
    """Everything of the plan was done but the one item of this kind; the next run makes up for it."""
    poison = CHANGES[kind]
    assert result.run.result is RunResult.PARTIAL
    for one in CHANGES:
        assert {offer for offer, state in states(result, one).items() if state is not OutcomeState.SENT} == (
            {poison} if one is kind else set()
        )
    (problem,) = told(result)
    assert problem[0] == poison
    assert problem[1]
    assert shop.on_ozon() != wanted(*changed(MANY))
    assert result.new_orders == 1


async def comes_right(shop: Shop) -> None:
    shop.sandbox.memory.refusals.clear()
    shop.line.mend()
    assert (await run(shop)).run.result is RunResult.DONE
    expected = wanted(*changed(MANY))
    shop.sandbox.set_posting_status(shop.sandbox.postings[0]["posting_number"], "cancelled")
    assert {offer: card for offer, card in shop.on_ozon().items() if offer != "RU-11"} == {
        offer: card for offer, card in expected.items() if offer != "RU-11"
    }


@pytest.fixture
async def twelve(full: Shop) -> Shop:
    """All twelve have changed in the store, and a buyer has ordered one."""
    await full.stocks_the_store(*changed(MANY))
    full.sandbox.place_order("RU-11")
    return full


@pytest.mark.parametrize("kind", CHANGES)
async def test_a_request_refused_as_a_whole_for_one_item(twelve: Shop, kind: ActionKind) -> None:
    twelve.sandbox.memory.refusals.add(f"request:invalid field in this one={CHANGES[kind]}")
    await all_but(twelve, kind, result := await run(twelve))
    assert told(result)[0][1] == "Invalid field in this one"
    await comes_right(twelve)


@pytest.mark.parametrize("kind", CHANGES)
async def test_ozon_fails_whenever_one_item_is_in_the_request(twelve: Shop, kind: ActionKind, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = twelve.line.answer

    async def stumble(request: httpx.Request) -> httpx.Response:
        if request.url.path == PATHS[kind] and CHANGES[kind].encode() in await request.aread():
            return httpx.Response(500, json={"code": 13, "message": "Internal error"})
        return await answer(request)

    monkeypatch.setattr(twelve.line, "answer", stumble)
    result = await run(twelve)
    await all_but(twelve, kind, result)
    assert states(result, kind)[CHANGES[kind]] is OutcomeState.WAITING
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("kind", "builder"), [(ActionKind.UPDATE, "import_item"), (ActionKind.PRICE, "price_item"), (ActionKind.STOCK, "stock_item")]
)
async def test_the_program_stumbles_over_one_item(
    twelve: Shop, kind: ActionKind, builder: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    build = getattr(requests, builder)

    def stumble(thing: CardPayload | PriceUpdate | StockUpdate, *more: object) -> object:
        if thing.offer_id == CHANGES[kind]:
            raise ZeroDivisionError("nobody thought of this")
        return build(thing, *more)

    with monkeypatch.context() as patch:
        patch.setattr(requests, builder, stumble)
        result = await run(twelve)
    await all_but(twelve, kind, result)
    assert "ZeroDivisionError" in told(result)[0][1]
    assert "подробности — в файле журнала" in told(result)[0][1]
    assert [record for record in caplog.records if record.exc_info and record.exc_info[0] is ZeroDivisionError], "no trace in the log"
    await comes_right(twelve)


@pytest.mark.parametrize("kind", CHANGES)
async def test_a_method_this_key_may_not_use_keeps_no_other_from_being_used(
    twelve: Shop, kind: ActionKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = twelve.line.answer

    async def refuse(request: httpx.Request) -> httpx.Response:
        if request.url.path == PATHS[kind]:
            return httpx.Response(403, json={"code": 7, "message": "Api-Key is missing a required role for a method"})
        return await answer(request)

    with monkeypatch.context() as patch:
        patch.setattr(twelve.line, "answer", refuse)
        with pytest.raises(MissingRole):
            await run(twelve)
    (failed, *_) = await twelve.application.journal.runs(twelve.integration)
    counts = dict(failed.counts)
    assert {one: counts[one] for one in CHANGES} == {one: 0 if one is kind else 4 for one in CHANGES}
    assert counts["orders"] == 1
    await comes_right(twelve)


async def test_a_wrong_key_ends_the_run_and_the_orders_are_tried_nevertheless(twelve: Shop) -> None:
    twelve.line.break_at("/v3/product/import", "key")
    with pytest.raises(InvalidKey):
        await run(twelve)
    assert "/v1/product/import/prices" not in twelve.line.sent()
    assert "/v4/posting/fbs/list" in twelve.line.sent()
    (failed, *_) = await twelve.application.journal.runs(twelve.integration)
    assert dict(failed.counts)["orders"] == 1
    await comes_right(twelve)


async def test_an_unexpected_error_of_the_plan_leaves_the_orders_their_turn(
    twelve: Shop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("ozon_desktop.services.sync.preview.plan_of", stumble)
        with pytest.raises(ZeroDivisionError):
            await run(twelve)
    (failed, *_) = await twelve.application.journal.runs(twelve.integration)
    assert (failed.result, failed.reason, dict(failed.counts)["orders"]) == (RunResult.FAILED, "ZeroDivisionError", 1)
    assert [record for record in caplog.records if record.exc_info and record.exc_info[0] is ZeroDivisionError], "no trace in the log"
    await comes_right(twelve)


async def test_what_an_earlier_run_left_open_and_nobody_can_finish_ends_no_later_run(twelve: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    twelve.line.break_at("/v1/product/import/info", "network")
    with pytest.raises(NoConnection):
        await run(twelve)
    twelve.line.mend()

    async def stumble(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr("ozon_desktop.services.sync.parts.card_sender.CardSender.follow_again", stumble)
        assert (await run(twelve)).run.result is RunResult.DONE
    assert await twelve.application.storage.run(lambda unit: unit.sync.open_intents(twelve.integration)) == []
    await comes_right(twelve)


async def test_stock_that_ozon_will_not_take_away_is_why_a_product_is_not_archived(full: Shop) -> None:
    full.sandbox.memory.refusals.add(f"stock:WAREHOUSE_NOT_FOUND={POISON}")
    await full.stocks_the_store(*OTHERS[1:])
    result = await run(full)
    assert states(result, ActionKind.ARCHIVE) == {"RU-00": OutcomeState.SENT, POISON: OutcomeState.WAITING}
    assert [(problem.offer_id, problem.code) for problem in result.run.problems] == [(POISON, "WAREHOUSE_NOT_FOUND")]
    full.sandbox.memory.refusals.clear()
    assert (await run(full)).run.result is RunResult.DONE
    assert full.sandbox.products[POISON].archived


async def test_a_product_archived_by_hand_meanwhile_is_done(full: Shop) -> None:
    full.sandbox.memory.refusals.add(f"archive:already in the archive={POISON}")
    product = full.sandbox.products[POISON]
    product.stocks.clear()
    product.archived = True
    await full.stocks_the_store(*OTHERS)
    full.sandbox.memory.refusals.add(f"stock:PRODUCT_IS_ARCHIVED={POISON}")
    result = await run(full)
    assert result.run.result is RunResult.DONE
    assert states(result, ActionKind.ARCHIVE) == {POISON: OutcomeState.SENT}
