"""Pieces sold on Ozon are subtracted from the store's stocks once, in every cabinet, until the store has written them off."""

import os
import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from ozon_desktop.domain.integration import IntegrationSettings, UpdateTrigger
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.domain.orders import ExportSettings, Order, Posting, PostingProduct
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.sold_pieces import WriteOff
from ozon_desktop.domain.stock_rules import StockRules
from ozon_desktop.domain.store_connection import OrderStage, PlacedOrder
from ozon_desktop.domain.sync_plan import ActionKind, Part, Reason
from ozon_desktop.errors import NotFound
from ozon_desktop.services.runs.edits import edited_key
from ozon_desktop.services.shared import utc_now
from ozon_desktop.services.sync.sync import SyncRequest, SyncResult
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.shop import FOREST_WAREHOUSE, MAIN_WAREHOUSE, SHIRTS, Line, Shop, write_export

STOCKS_PATH, FBS = "/v2/products/stocks", "/v4/posting/fbs/list"
STOCK = frozenset({Part.STOCKS})


@pytest.fixture
async def selling(shop: Shop, tmp_path: Path) -> Shop:
    """The shop with its shirts on sale; new orders go into a folder."""
    await shop.application.sync.run(shop.integration, silent)
    await shop.application.orders.save_export(shop.integration, ExportSettings(str(tmp_path / "orders")))
    shop.line.mend()
    return shop


async def run(shop: Shop, **request: object) -> SyncResult:
    return await shop.application.sync.run(shop.integration, silent, SyncRequest(**request))  # type: ignore[arg-type]


async def import_(shop: Shop, main: int, forest: int = 0, *, made_in_s: float = 1.0) -> None:
    """An export with this stock of the first shirt, made so many seconds from now."""
    path = write_export(shop.folder / "shop.xml", replace(SHIRTS[0], stock=main, forest=forest), *SHIRTS[1:])
    moment = time.time() + made_in_s
    os.utime(path, (moment, moment))
    await shop.application.store_import.import_files([path], silent)


def offered(shop: Shop, offer_id: str = "RU-1") -> int:
    return sum(shop.sandbox.products[offer_id].stocks.values())


async def choose(shop: Shop, write_off: WriteOff) -> None:
    view = await shop.application.sync_rules.view(shop.integration)
    await shop.application.sync_rules.save(shop.integration, view.prices, StockRules(write_off=write_off))


# --- until when -------------------------------------------------------------------------------------------------------


async def test_at_order_the_first_import_after_the_hand_over_counts_it(selling: Shop) -> None:
    await choose(selling, WriteOff.AT_ORDER)
    selling.sandbox.place_order("RU-1", 2)
    await run(selling)
    assert offered(selling) == 3
    await import_(selling, 5, made_in_s=-60)
    await run(selling)
    assert offered(selling) == 3, "the export was made before the order was handed over"
    await import_(selling, 3)
    await run(selling)
    assert offered(selling) == 3, "the store has written it off: subtracted once"
    await import_(selling, 9)
    await run(selling)
    assert offered(selling) == 9


async def test_an_order_the_store_keeps_apart_is_counted_by_the_next_import_whatever_its_habit(selling: Shop) -> None:
    number = selling.sandbox.place_order("RU-1", 2)
    await run(selling)

    def keep_apart(unit: UnitOfWork) -> None:
        unit.store_orders.numbered(selling.integration, [number])
        unit.store_orders.confirm(selling.integration, number, OrderStage.NEW, "", PlacedOrder("id", reserved=True))

    await selling.application.storage.run(keep_apart)
    await import_(selling, 3)
    await run(selling)
    assert offered(selling) == 3, "the store's free stock is without it already: subtracted once"


async def test_at_shipment_only_an_import_after_the_shipment_counts_it(selling: Shop) -> None:
    number = selling.sandbox.place_order("RU-1", 2)
    await run(selling)
    await import_(selling, 5)
    await run(selling)
    assert offered(selling) == 3, "handed over, but still in the store"
    selling.sandbox.set_posting_status(number, "awaiting_deliver")
    selling.sandbox.set_posting_status(number, "delivering")
    await run(selling)
    assert offered(selling) == 3
    await import_(selling, 3)
    await run(selling)
    assert offered(selling) == 3
    assert await selling.application.storage.run(lambda unit: unit.orders.unwritten()) == [], "not looked at any more"


async def test_what_was_not_handed_over_is_subtracted_whatever_is_imported(selling: Shop) -> None:
    await selling.application.orders.save_export(selling.integration, ExportSettings(""))
    await choose(selling, WriteOff.AT_ORDER)
    selling.sandbox.place_order("RU-1", 2)
    await run(selling)
    await import_(selling, 5)
    await run(selling)
    assert offered(selling) == 3


async def test_what_the_store_is_said_to_count_is_subtracted_no_more(selling: Shop) -> None:
    number = selling.sandbox.place_order("RU-1", 2)
    await run(selling)
    assert await selling.application.orders.mark_in_store(selling.integration, [number, number]) == 1
    assert await selling.application.orders.mark_in_store(selling.integration, [number]) == 0
    await run(selling)
    assert offered(selling) == 5
    with pytest.raises(NotFound, match="no-such"):
        await selling.application.orders.mark_in_store(selling.integration, [number, "no-such"])


async def test_cancelled_pieces_return_but_not_those_already_shipped(selling: Shop) -> None:
    early, late = selling.sandbox.place_order("RU-1"), selling.sandbox.place_order("RU-1")
    await run(selling)
    assert offered(selling) == 3
    selling.sandbox.set_posting_status(early, "cancelled")
    selling.sandbox.set_posting_status(late, "awaiting_deliver")
    selling.sandbox.set_posting_status(late, "delivering")
    selling.sandbox.set_posting_status(late, "cancelled")
    await run(selling)
    assert offered(selling) == 4
    await import_(selling, 4)
    await run(selling)
    assert offered(selling) == 4, "the store wrote off what was shipped"


async def test_orders_shipped_before_the_program_came_are_the_shops_own_affair(shop: Shop) -> None:
    await run(shop, parts=frozenset({Part.PRODUCTS, Part.STOCKS, Part.PRICES}))
    for key in ("began", "fetched"):
        await shop.application.storage.run(lambda unit, key=key: unit.preferences.remove(f"orders/{key}/1"))  # type: ignore[misc]
    shipped, waiting = shop.sandbox.place_order("RU-1"), shop.sandbox.place_order("RU-1")
    for status in ("awaiting_deliver", "delivering"):
        shop.sandbox.set_posting_status(shipped, status)
    for number in (shipped, waiting):
        body = shop.sandbox.memory.postings[number].body
        body["in_process_at"] = body["created_at"] = "2020-01-01T00:00:00Z"
    shop.sandbox.memory.postings[shipped].body["status"] = "delivering"
    await run(shop)
    left = await shop.application.storage.run(lambda unit: unit.orders.unwritten())
    assert [sold.posting.posting_number for sold in left] == [waiting]
    assert offered(shop) == 4


async def test_ignoring_sales_is_possible(selling: Shop) -> None:
    await choose(selling, WriteOff.IGNORED)
    selling.sandbox.place_order("RU-1", 2)
    await run(selling)
    await import_(selling, 6)
    await run(selling)
    assert offered(selling) == 6


# --- in which cabinet -------------------------------------------------------------------------------------------------


async def second_cabinet(shop: Shop, **line: object) -> int:
    """Another cabinet, which has sold two pieces of the first shirt."""

    def work(unit: UnitOfWork) -> int:
        settings = IntegrationSettings(client_id=200600, update_trigger=UpdateTrigger.ON_CHANGE)
        id_ = unit.integrations.add("Второй").id
        unit.integrations.save(replace(unit.integrations.get(id_), settings=settings, enabled=True))
        product = replace(PostingProduct("RU-1", "", 1, 2, Decimal(1), "RUB"), **line)  # type: ignore[arg-type]
        now = datetime.now(UTC)
        posting = Posting("77-1", "77", 1, "fbs", "awaiting_packaging", "", now, None, (product,), 999)
        unit.orders.upsert(Order(id_, posting, None, None, None, now))
        return id_

    return await shop.application.storage.run(work)


async def test_what_another_cabinet_sold_of_the_same_stock_is_subtracted_here(selling: Shop) -> None:
    await second_cabinet(selling)
    await run(selling)
    assert offered(selling) == 3


async def test_the_other_cabinet_may_call_the_product_otherwise(selling: Shop) -> None:
    other = await second_cabinet(selling, offer_id="B-7")
    await run(selling)
    assert offered(selling) == 5
    product_id = (await selling.application.sync_rules.product(selling.integration, "RU-1")).id
    await selling.application.storage.run(lambda unit: unit.sync.save_link(other, product_id, "B-7"))
    await run(selling)
    assert offered(selling) == 3


async def test_a_sale_here_makes_the_others_due_that_update_on_change(selling: Shop) -> None:
    other = await second_cabinet(selling)
    key = edited_key(other)
    await run(selling)
    assert await selling.application.storage.run(lambda unit: unit.preferences.get(key)) is None
    selling.sandbox.place_order("RU-2")
    await run(selling)
    assert await selling.application.storage.run(lambda unit: unit.preferences.get(key)) == "1"


# --- in a run ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slow", [timedelta(), timedelta(minutes=7), timedelta(hours=3)])
async def test_an_order_that_comes_while_stocks_are_sent_is_taken_off_in_the_same_run(
    selling: Shop, monkeypatch: pytest.MonkeyPatch, slow: timedelta
) -> None:
    """slow: how far this computer's clock is behind, by which Ozon's newest orders are of the future."""
    monkeypatch.setattr(selling.sandbox.memory, "clock", lambda: utc_now() + slow)
    await import_(selling, 9)
    answer = Line.answer
    placed: list[str] = []

    async def ordering(self: Line, request: httpx.Request) -> httpx.Response:
        if request.url.path == STOCKS_PATH and not placed:
            placed.append(selling.sandbox.place_order("RU-1", 2))
        return await answer(self, request)

    monkeypatch.setattr(Line, "answer", ordering)
    result = await run(selling)
    assert placed
    assert (result.run.result, result.new_orders, offered(selling)) == (RunResult.DONE, 1, 7)


async def test_a_plan_that_was_shown_is_lowered_by_what_was_sold_since(selling: Shop) -> None:
    await import_(selling, 9, 4)
    preview = await selling.application.previews.preview(selling.integration, silent, STOCK)
    (item,) = preview.plan.of(ActionKind.STOCK)
    assert dict(item.stocks) == {MAIN_WAREHOUSE: 9, FOREST_WAREHOUSE: 4}
    selling.sandbox.place_order("RU-1", 2)
    await run(selling, plan=preview.plan, parts=STOCK)
    assert selling.sandbox.products["RU-1"].stocks[FOREST_WAREHOUSE] == 4
    assert offered(selling) == 11


async def test_without_its_orders_stocks_may_only_fall(selling: Shop) -> None:
    path = write_export(selling.folder / "shop.xml", replace(SHIRTS[0], stock=9), replace(SHIRTS[1], stock=1, price="2100"), SHIRTS[2])
    await selling.application.store_import.import_files([path], silent)
    selling.line.break_at(FBS, "html")
    result = await run(selling)
    assert result.run.result is RunResult.PARTIAL
    assert (offered(selling), offered(selling, "RU-2")) == (5, 3)
    assert selling.sandbox.products["RU-2"].price == 2100, "what does not depend on orders is sent"
    codes = {(problem.offer_id, problem.code) for problem in result.run.problems}
    assert {("", "UnexpectedAnswer"), ("RU-1", Reason.ORDERS_UNREAD.value)} <= codes
    assert ("RU-2", Reason.ORDERS_UNREAD.value) not in codes
    selling.line.mend()
    assert (await run(selling)).run.result is RunResult.DONE
    assert offered(selling) == 9


async def test_without_its_orders_what_ozon_has_subtracted_by_itself_is_not_set_again(selling: Shop) -> None:
    """One order is known when the orders cannot be read any more, another one is not: the number less the known one is too high."""
    await import_(selling, 9)
    await run(selling)
    selling.sandbox.place_order("RU-1", 2)
    await selling.application.orders.fetch(selling.integration, silent)
    selling.sandbox.place_order("RU-1", 3)
    selling.line.break_at(FBS, "html")
    await run(selling)
    assert offered(selling) == 4
    await import_(selling, 1)
    await run(selling)
    assert offered(selling) == 0, "what the store lost beside that is taken off"
    selling.line.mend()
    await import_(selling, 9)
    await run(selling)
    assert offered(selling) == 4


# --- however it falls -------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
async def test_never_more_is_offered_than_the_store_has_unsold(selling: Shop, seed: int) -> None:
    """The whole program: a store that writes off at the order or at the shipment, orders at any point."""
    chance = random.Random(seed)
    write_off = (WriteOff.AT_ORDER, WriteOff.AT_SHIPMENT)[seed % 2]
    await choose(selling, write_off)
    there, own, written = 5, 5, set[str]()
    waiting: list[str] = []
    for _ in range(14):
        action = chance.choice(["order", "order", "import", "ship", "cancel", "fetch"])
        if action == "order" and offered(selling):
            waiting.append(selling.sandbox.place_order("RU-1"))
        elif action == "fetch":
            await selling.application.orders.fetch(selling.integration, silent)
        elif action in {"ship", "cancel"} and waiting:
            number = waiting.pop(chance.randrange(len(waiting)))
            if action == "cancel":
                selling.sandbox.set_posting_status(number, "cancelled")
                continue
            for status in ("awaiting_deliver", "delivering"):
                selling.sandbox.set_posting_status(number, status)
            there -= 1
            if write_off is WriteOff.AT_SHIPMENT:
                own -= 1
        elif action == "import":
            if write_off is WriteOff.AT_ORDER:
                view = await selling.application.orders.view(selling.integration)
                handed = {order.posting.posting_number for order in view.orders if order.exported_at is not None}
                own -= len(handed - written)
                written |= handed
            await import_(selling, own)
        if chance.random() < 0.5:
            await run(selling)
            assert offered(selling) + len(waiting) <= there
    await run(selling)
    assert offered(selling) + len(waiting) <= there


async def test_pieces_that_a_cancelled_order_gives_back_are_not_on_sale_when_the_store_has_none(selling: Shop) -> None:
    """Ozon offers them again by itself, although nothing of the store's stock has changed since."""
    number = selling.sandbox.place_order("RU-1", 2)
    await run(selling)
    await import_(selling, 0)
    await run(selling)
    assert offered(selling) == 0
    selling.sandbox.set_posting_status(number, "cancelled")
    assert offered(selling) == 2
    await run(selling)
    assert offered(selling) == 0


async def test_what_was_sold_and_brought_in_alike_is_on_sale_again(selling: Shop) -> None:
    """Ozon has fewer by what it sold, though the store's number less the sale is the one that was sent last."""
    await import_(selling, 5)
    await run(selling)
    selling.sandbox.place_order("RU-1", 2)
    assert offered(selling) == 3
    await import_(selling, 7)
    await run(selling)
    assert offered(selling) == 5
    selling.line.mend()
    await run(selling)
    assert STOCKS_PATH not in selling.line.sent(), "once is enough"


async def test_where_sales_are_ignored_they_bring_nothing_back(selling: Shop) -> None:
    await choose(selling, WriteOff.IGNORED)
    await import_(selling, 5)
    await run(selling)
    selling.sandbox.place_order("RU-1", 2)
    await run(selling)
    assert offered(selling) == 3


async def test_pieces_given_back_of_a_product_that_is_gone_do_not_keep_it_on_sale(selling: Shop) -> None:
    number = selling.sandbox.place_order("RU-1", 2)
    await selling.stocks_the_store(*SHIRTS[1:])
    await run(selling)
    product = selling.sandbox.products["RU-1"]
    assert (product.free, product.archived) == (0, False), "an order holds it"
    selling.sandbox.set_posting_status(number, "cancelled")
    assert product.free == 2
    await run(selling)
    product = selling.sandbox.products["RU-1"]
    assert (product.free, product.archived) == (0, True)


async def test_a_cancellation_is_a_change_for_who_updates_on_change(selling: Shop) -> None:
    page = await selling.application.integrations.page(selling.integration)
    settings: IntegrationSettings = replace(page.integration.settings, update_trigger=UpdateTrigger.ON_CHANGE)
    await selling.application.integrations.save(selling.integration, settings, None)
    number = selling.sandbox.place_order("RU-1", 2)
    await selling.application.orders.fetch(selling.integration, silent)
    due = await selling.application.storage.run(lambda unit: unit.preferences.get(edited_key(selling.integration)))
    assert due is None, "Ozon subtracts what it sells by itself"
    selling.sandbox.set_posting_status(number, "cancelled")
    await selling.application.orders.fetch(selling.integration, silent)
    due = await selling.application.storage.run(lambda unit: unit.preferences.get(edited_key(selling.integration)))
    assert due is not None
