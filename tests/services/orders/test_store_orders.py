"""Orders of Ozon in a connected store: each once, whatever is killed or refused, with a number of its own."""

import itertools
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.journal import RunCause, RunKind, RunResult
from ozon_desktop.domain.lease import STORE_ORDERS_LEASE
from ozon_desktop.domain.orders import Order, Posting, PostingProduct
from ozon_desktop.domain.price_rules import PriceRules
from ozon_desktop.domain.stock_rules import Spread, StockRules, WarehouseRule
from ozon_desktop.domain.store_catalog import Product, StoreWarehouse
from ozon_desktop.domain.store_connection import OrderStage, PlacedOrder, StoreOrder, stage_of
from ozon_desktop.errors import AlreadyRunning, BackOfficeFailed, BackOfficeRefused, BackOfficeUnreachable
from ozon_desktop.services.orders.store_orders import CHANGED_BY_HAND, NO_STORE_PRODUCT, STILL_RESERVED
from ozon_desktop.services.runs.leases import Leases
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@dataclass
class Desk:
    """A store's orders in memory. lose: postings whose next answer never comes though the work was done."""

    made: dict[str, PlacedOrder] = field(default_factory=dict)
    states: dict[str, list[str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    fail: set[str] = field(default_factory=set)
    lose: set[str] = field(default_factory=set)
    down: bool = False

    async def put(self, order: StoreOrder) -> PlacedOrder:
        self._called("put", order)
        placed = self.made.setdefault(order.posting_number, PlacedOrder(f"id-{order.own_number}", f"N-{len(self.made) + 1}"))
        self.states.setdefault(order.posting_number, []).append(order.state)
        return self._answer(order, placed)

    async def set_state(self, order: StoreOrder, placed: PlacedOrder, last_state: str) -> PlacedOrder:
        self._called("set_state", order)
        known = self.made[order.posting_number]
        if known.state and known.state != last_state:
            return replace(known, changed_by_hand=True)
        self.states[order.posting_number].append(order.state)
        changed = replace(known, cancelled=order.stage is OrderStage.CANCELLED)
        self.made[order.posting_number] = changed
        return self._answer(order, changed)

    async def find(self, orders: Sequence[StoreOrder]) -> Mapping[str, PlacedOrder]:
        return {order.posting_number: self.made[order.posting_number] for order in orders if order.posting_number in self.made}

    def _called(self, call: str, order: StoreOrder) -> None:
        if self.down:
            raise BackOfficeUnreachable("orders")
        self.calls.append(f"{call} {order.posting_number}")
        if order.posting_number in self.refuse:
            raise BackOfficeRefused("order", detail="no such product")
        if order.posting_number in self.fail:
            raise BackOfficeFailed("order", detail="500")

    def _answer(self, order: StoreOrder, placed: PlacedOrder) -> PlacedOrder:
        if order.posting_number in self.lose:
            self.lose.discard(order.posting_number)
            raise BackOfficeUnreachable("orders")
        return placed


def posting(number: str, status: str = "awaiting_packaging", *offers: str) -> Posting:
    lines = tuple(PostingProduct(offer, f"Рубашка {offer}", 1, 2, Decimal(500), "RUB") for offer in offers or ("RU-1",))
    return Posting(number, number, 1, "fbs", status, "", NOW, None, lines)


@dataclass
class Shop:
    application: Application
    integration_id: int

    async def sells(self, *postings: Posting, before: bool = False) -> None:
        def work(unit: UnitOfWork) -> None:
            for each in postings:
                order = Order(self.integration_id, each, None, None, None, NOW)
                unit.orders.upsert(order, written_before=before)

        await self.application.storage.run(work)

    async def hand_over(self, desk: Desk) -> tuple[int, list[str]]:
        done = await self.application.store_orders.hand_over(self.integration_id, desk)
        return done.orders, [problem.code for problem in done.problems]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    application = await build(Options(tmp_path / "data", secret_store=MemoryStore()))
    integration = await application.integrations.ensure_one()

    def goods(unit: UnitOfWork) -> None:
        importer = unit.store.importer("test")
        importer.write(Product("p-1", "RU-1", "Рубашка"))
        importer.finish()

    await application.storage.run(goods)
    yield Shop(application, integration.id)
    await application.close()


async def test_goods_cancelled_on_their_way_stay_reserved_and_that_is_told_once(shop: Shop) -> None:
    desk = Desk()
    await shop.sells(posting("1-1"))
    await shop.hand_over(desk)
    await shop.sells(replace(posting("1-1", "cancelled"), delivering_at=NOW))
    desk.made["1-1"] = replace(desk.made["1-1"], reserved=True)
    assert await shop.hand_over(desk) == (1, [STILL_RESERVED])
    run = await shop.application.journal.runs(shop.integration_id)
    assert "снимите его, когда товар вернётся" in run[0].problems[0].text


async def test_an_order_says_from_which_warehouses_its_goods_are_taken(shop: Shop) -> None:
    def houses(unit: UnitOfWork) -> None:
        importer = unit.store.importer("test")
        for id_, name in (("w-1", "Ангар"), ("w-2", "Лесная"), ("w-3", "Яма")):
            importer.write(StoreWarehouse(id_, name))
        importer.finish()
        unit.ozon.save_warehouses(shop.integration_id, [OzonWarehouse(77, "Лесная"), OzonWarehouse(78, "Речная")])
        integration = unit.integrations.get(shop.integration_id)
        unit.integrations.save(replace(integration, settings=replace(integration.settings, scheme=Scheme.FBS)))

    sold = itertools.count(1)

    async def taken_from(warehouse_id: int, name: str, scheme: str = "fbs") -> tuple[str, ...]:
        number = f"{next(sold)}-1"
        await shop.sells(replace(posting(number), warehouse_id=warehouse_id, warehouse_name=name, scheme=scheme))
        waiting = await shop.application.store_orders.waiting(9, shop.integration_id)
        return next(order.warehouse_ids for order in waiting if order.posting_number == number)

    assert await taken_from(77, "Лесная") == (), "the store has no warehouse yet"
    await shop.application.storage.run(houses)
    assert await taken_from(77, "Лесная") == ("w-2", "w-1", "w-3"), "the first of Ozon's gets what none is named after, too"
    rules = StockRules((WarehouseRule(78, Spread.PRIORITY, ("gone", "w-2", "w-1")), WarehouseRule(77, Spread.LEAVE)))
    await shop.application.storage.run(lambda unit: unit.sync_rules.save(shop.integration_id, PriceRules(), rules))
    assert await taken_from(78, "Речная") == ("w-2", "w-1")
    assert await taken_from(77, "Лесная") == ("w-2",), "another program fills it: only the name tells"
    assert await taken_from(99, "Неизвестный") == ()
    assert await taken_from(78, "Речная", scheme="fbo") == ()


async def test_each_order_is_made_once(shop: Shop) -> None:
    desk = Desk()
    await shop.sells(posting("1-1"), posting("2-1"))
    assert await shop.hand_over(desk) == (2, [])
    assert await shop.hand_over(desk) == (0, [])
    assert sorted(desk.made) == ["1-1", "2-1"]
    placed = await shop.application.store_orders.placed(shop.integration_id)
    numbers = {kept.own_number for kept in placed}
    assert len(numbers) == 2
    assert {len(str(number)) for number in numbers} == {11}


async def test_a_lost_answer_makes_no_second_order(shop: Shop) -> None:
    desk = Desk(lose={"1-1"})
    await shop.sells(posting("1-1"), posting("2-1"))
    with pytest.raises(BackOfficeUnreachable):
        await shop.hand_over(desk)
    number = (await shop.application.store_orders.waiting(10, shop.integration_id))[0].own_number
    assert (await shop.hand_over(desk))[0] == 2
    assert len(desk.made) == 2
    assert desk.made["1-1"].id == f"id-{number}", "its number stays the same"


async def test_states_go_on_by_the_table_and_a_stage_without_one_leaves_the_state_alone(shop: Shop) -> None:
    desk = Desk()
    await shop.application.store_orders.set_states({OrderStage.NEW: "Новый", OrderStage.SHIPPED: "Отгружен"})
    for status in ("awaiting_packaging", "awaiting_deliver", "delivering"):
        await shop.sells(posting("1-1", status))
        assert await shop.hand_over(desk) == (1, [])
    assert desk.states["1-1"] == ["Новый", "", "Отгружен"]


async def test_one_refused_order_holds_up_no_other_and_is_told_once(shop: Shop) -> None:
    desk = Desk(refuse={"1-1"})
    await shop.sells(posting("1-1"), posting("2-1"))
    assert await shop.hand_over(desk) == (1, ["BackOfficeRefused"])
    assert await shop.hand_over(desk) == (0, [])
    assert desk.calls.count("put 1-1") == 2, "it is tried again"
    assert "no such product" in (await shop.application.store_orders.problems(shop.integration_id))["1-1"]
    desk.refuse.clear()
    assert await shop.hand_over(desk) == (1, [])
    assert await shop.application.store_orders.problems(shop.integration_id) == {}


async def test_an_order_the_store_stumbles_over_holds_up_no_other_and_is_told_once(shop: Shop) -> None:
    desk = Desk(fail={"1"})
    await shop.sells(posting("1"), posting("2"))
    done = await shop.application.store_orders.hand_over(shop.integration_id, desk)
    assert (done.orders, [problem.field for problem in done.problems]) == (1, ["1"])
    await shop.sells(posting("3"))
    done = await shop.application.store_orders.hand_over(shop.integration_id, desk)
    assert (done.orders, done.problems) == (1, ())
    assert set(await shop.application.store_orders.problems(shop.integration_id)) == {"1"}
    desk.fail.clear()
    assert (await shop.application.store_orders.hand_over(shop.integration_id, desk)).orders == 1
    assert set(desk.made) == {"1", "2", "3"}
    assert await shop.application.store_orders.problems(shop.integration_id) == {}


async def test_a_store_that_fails_at_every_order_is_left_alone(shop: Shop) -> None:
    desk = Desk(fail={"1", "2", "3"})
    await shop.sells(posting("1"), posting("2"), posting("3"))
    with pytest.raises(BackOfficeFailed):
        await shop.application.store_orders.hand_over(shop.integration_id, desk)
    assert len(desk.calls) == 2
    assert await shop.application.store_orders.problems(shop.integration_id) == {}


async def test_a_line_without_a_store_product_is_told(shop: Shop) -> None:
    await shop.sells(posting("1-1", "awaiting_packaging", "RU-1", "UNKNOWN"))
    (order,) = await shop.application.store_orders.waiting(10, shop.integration_id)
    assert order.product_ids == {"RU-1": "p-1"}
    assert await shop.hand_over(Desk()) == (1, [NO_STORE_PRODUCT])


async def test_an_order_cancelled_before_the_store_had_it_is_not_made(shop: Shop) -> None:
    desk = Desk(down=True)
    await shop.sells(posting("1-1"))
    with pytest.raises(BackOfficeUnreachable):
        await shop.hand_over(desk)
    desk.down = False
    await shop.sells(posting("1-1", "cancelled"))
    assert await shop.hand_over(desk) == (1, [])
    assert desk.made == {}


async def test_a_cancelled_order_whose_making_was_not_answered_is_cancelled_there(shop: Shop) -> None:
    desk = Desk(lose={"1-1"})
    await shop.sells(posting("1-1"))
    with pytest.raises(BackOfficeUnreachable):
        await shop.hand_over(desk)
    await shop.sells(posting("1-1", "cancelled"))
    assert (await shop.hand_over(desk))[0] == 1
    assert desk.made["1-1"].cancelled


async def test_orders_from_before_the_connection_that_are_over_stay_out(shop: Shop) -> None:
    desk = Desk()
    await shop.sells(posting("1-1", "delivered"), posting("2-1", "cancelled"), before=False)
    await shop.sells(posting("3-1", "delivering"), before=True)
    assert await shop.hand_over(desk) == (0, [])
    assert desk.calls == []


async def test_a_state_changed_by_a_person_stays_and_is_told_once(shop: Shop) -> None:
    desk = Desk()
    await shop.application.store_orders.set_states({stage: stage.value for stage in OrderStage})
    await shop.sells(posting("1-1"))
    await shop.hand_over(desk)
    desk.made["1-1"] = replace(desk.made["1-1"], state="на согласовании")
    await shop.sells(posting("1-1", "awaiting_deliver"))
    assert await shop.hand_over(desk) == (1, [CHANGED_BY_HAND])
    await shop.sells(posting("1-1", "delivering"))
    assert await shop.hand_over(desk) == (1, [])


async def test_what_the_store_says_of_orders_is_kept_by_own_number(shop: Shop) -> None:
    await shop.sells(posting("1-1"))
    await shop.hand_over(Desk())
    (kept,) = await shop.application.store_orders.placed(shop.integration_id)
    there = PlacedOrder("id", "УТ-000123", "Проведён", posted=True)
    assert await shop.application.store_orders.seen({kept.own_number: there, 99: there}) == 1
    assert await shop.application.store_orders.seen({kept.own_number: there}) == 0
    (after,) = await shop.application.store_orders.placed(shop.integration_id)
    assert after.placed == there


async def test_two_programs_do_not_hand_over_at_once(shop: Shop) -> None:
    async with Leases(shop.application.storage).hold(STORE_ORDERS_LEASE, lambda unit: 0):
        with pytest.raises(AlreadyRunning):
            await shop.hand_over(Desk())


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("awaiting_packaging", OrderStage.NEW),
        ("awaiting_registration", OrderStage.NEW),
        ("awaiting_deliver", OrderStage.ASSEMBLED),
        ("delivering", OrderStage.SHIPPED),
        ("delivered", OrderStage.DELIVERED),
        ("cancelled", OrderStage.CANCELLED),
        ("not_accepted", OrderStage.CANCELLED),
        ("something_new", OrderStage.NEW),
    ],
)
def test_every_status_is_a_stage(status: str, stage: OrderStage) -> None:
    assert stage_of(Order(1, posting("1-1", status), None, None, None, NOW)) is stage


async def test_what_went_is_one_line_of_the_journal_with_what_was_refused(shop: Shop) -> None:
    desk = Desk(refuse={"2-1"})
    await shop.sells(posting("1-1"), posting("2-1"))
    await shop.hand_over(desk)
    await shop.hand_over(desk)
    runs = [run for run in await shop.application.journal.runs(shop.integration_id) if run.kind is RunKind.STORE_ORDERS]
    assert len(runs) == 1, "what is refused once more is no news"
    assert (runs[0].result, runs[0].cause, dict(runs[0].counts)) == (RunResult.PARTIAL, RunCause.CONNECTION, {"handed": 1})
    assert [problem.field for problem in runs[0].problems] == ["2-1"]
