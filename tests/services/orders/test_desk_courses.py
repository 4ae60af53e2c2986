"""Any course of a day: seller, buyer and deadline in any order. Nothing is assembled twice, no piece is lost, and what is told is so."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from ozon_desktop.domain.fbs import ShipState
from ozon_desktop.domain.fbs_todo import GONE, PAST_ASSEMBLING
from ozon_desktop.errors import OzonError, WrongInput
from ozon_desktop.sandbox.ozon.model import stamp
from ozon_desktop.services.orders.desk_view import ShipReport
from tests.services.orders.desk_kills import Counted, count_ships
from tests.services.orders.desk_shop import Desk, opened
from tests.services.shop import MAIN_WAREHOUSE, Shop

pytestmark = pytest.mark.slow
OFFERS = ("RU-1", "RU-2", "RU-3")
STEPS = 14


class Course:
    """One random day. ordered: pieces of each article, by order."""

    def __init__(self, desk: Desk, counted: Counted, seed: int) -> None:
        self.desk, self.counted, self.mixed = desk, counted, random.Random(seed)
        self.ordered: dict[str, Counter[str]] = {}
        self.taken: dict[str, Counter[str]] = {}
        self.at_first = {offer: desk.sandbox.products[offer].stocks[MAIN_WAREHOUSE] for offer in OFFERS}

    async def run(self) -> None:
        moves: list[Callable[[], Awaitable[None]]] = [
            self.buyer_orders, self.buyer_orders, self.buyer_cancels, self.seller_ships, self.seller_ships, self.seller_ships_in_two,
            self.seller_ships_a_part, self.seller_splits, self.seller_cancels_some, self.seller_cancels, self.deadline_passes,
            self.ozon_fails_once, self.lists_lag,
        ]  # fmt: skip
        await self.buyer_orders()
        for _ in range(STEPS):
            await self.mixed.choice(moves)()
            self.check_ozon()
        self.desk.sandbox.memory.timing.list_lag = timedelta(0)
        self.desk.sandbox.memory.ship_failures = 0
        await self.seller_ships(everything=True)
        await self.desk.fetch()
        await self.check_program()

    # --- what happens -------------------------------------------------------------------------------------------------

    async def buyer_orders(self) -> None:
        for _ in range(self.mixed.randint(1, 3)):
            goods = {offer: self.mixed.randint(1, 3) for offer in self.mixed.sample(OFFERS, self.mixed.randint(1, 3))}
            number = self.desk.sandbox.place_parcel(goods)
            self.ordered[number.rpartition("-")[0]] = Counter(goods)
        if self.mixed.random() < 0.8:
            await self.desk.fetch()

    async def buyer_cancels(self) -> None:
        """Whenever he likes, also while it is packed: the program does not know yet."""
        if number := self.one("awaiting_packaging", "awaiting_deliver"):
            self.desk.sandbox.set_posting_status(number, "cancelled")

    async def seller_ships(self, *, everything: bool = False) -> None:
        lines = (await self.desk.work.todo(self.desk.integration)).lines
        numbers = [line.posting.posting_number for line in lines]
        chosen = numbers if everything else self.mixed.sample(numbers, min(len(numbers), self.mixed.randint(1, 4)))
        if chosen:
            self.check_told(await self.desk.work.ship(self.desk.integration, chosen))

    async def seller_ships_in_two(self) -> None:
        if found := await self.divided():
            number, parts = found
            self.check_told(await self.desk.work.ship(self.desk.integration, [number], {number: parts}))

    async def seller_ships_a_part(self) -> None:
        if found := await self.divided():
            number, parts = found
            await self.allowed(lambda: self.desk.work.ship_part(self.desk.integration, number, parts[0]))

    async def seller_splits(self) -> None:
        if found := await self.divided():
            number, parts = found
            await self.allowed(lambda: self.desk.work.split(self.desk.integration, number, parts))

    async def seller_cancels_some(self) -> None:
        if found := await self.divided():
            number, parts = found
            before = self.pieces(number)
            await self.allowed(lambda: self.desk.work.cancel(self.desk.integration, number, 352, "нет", parts[0]))
            if self.desk.status(number) == "awaiting_packaging":
                self.taken.setdefault(number.rpartition("-")[0], Counter()).update(before - self.pieces(number))

    async def seller_cancels(self) -> None:
        lines = (await self.desk.work.todo(self.desk.integration)).lines
        if lines:
            number = self.mixed.choice(lines).posting.posting_number
            await self.allowed(lambda: self.desk.work.cancel(self.desk.integration, number, 352))

    async def deadline_passes(self) -> None:
        """Ozon cancels what is not assembled in time."""
        if number := self.one("awaiting_packaging"):
            past = self.desk.sandbox.memory.clock() - timedelta(days=5)
            self.desk.sandbox.memory.postings[number].body["shipment_date"] = stamp(past)
            self.desk.sandbox.advance()

    async def ozon_fails_once(self) -> None:
        self.desk.sandbox.memory.ship_failures = 1

    async def lists_lag(self) -> None:
        self.desk.sandbox.memory.timing.list_lag = timedelta(hours=self.mixed.choice((0, 1)))

    async def allowed(self, work: Callable[[], Awaitable[object]]) -> None:
        """The program may not know yet that somebody was quicker: then it is refused in words, and nothing breaks."""
        try:
            await work()
        except (WrongInput, OzonError):
            return

    # --- choosing -----------------------------------------------------------------------------------------------------

    def one(self, *statuses: str) -> str:
        found = [body["posting_number"] for body in self.desk.sandbox.postings if body["status"] in statuses]
        return str(self.mixed.choice(found)) if found else ""

    def pieces(self, number: str) -> Counter[str]:
        return Counter({line["offer_id"]: line["quantity"] for line in self.desk.on_ozon(number)["products"]})

    async def divided(self) -> tuple[str, list[dict[int, int]]] | None:
        """A posting the program knows, in two parts by SKU; None without one of two pieces."""
        lines = (await self.desk.work.todo(self.desk.integration)).lines
        many = [line.posting for line in lines if sum(one.quantity for one in line.posting.products) > 1]
        if not many:
            return None
        posting = self.mixed.choice(many)
        one = self.mixed.choice(posting.products).sku
        rest = {line.sku: line.quantity - (line.sku == one) for line in posting.products}
        return posting.posting_number, [{one: 1}, {sku: count for sku, count in rest.items() if count}]

    # --- what must hold -----------------------------------------------------------------------------------------------

    def check_told(self, report: ShipReport) -> None:
        """What is said of a posting is what Ozon has."""
        for outcome in report.outcomes:
            status = self.desk.status(outcome.posting_number)
            if outcome.good:
                assert status in PAST_ASSEMBLING, outcome
            elif outcome.state is ShipState.CANCELLED:
                assert status in GONE, outcome
            elif outcome.state is ShipState.WAITING:
                # Given up on twice: the second time looks like the first.
                assert self.desk.on_ozon(outcome.posting_number)["substatus"] == "ship_failed", outcome
            else:
                assert outcome.state in (ShipState.FAILED, ShipState.WRONG_PIECES, ShipState.REFUSED), outcome
                assert status not in PAST_ASSEMBLING or outcome.state is ShipState.WRONG_PIECES, outcome

    def check_ozon(self) -> None:
        """No piece is lost, made or kept back on the way."""
        bodies = self.desk.sandbox.postings
        for order, wanted in self.ordered.items():
            there: Counter[str] = Counter()
            for body in bodies:
                if body["order_number"] == order and body["status"] != "cancelled_from_split_pending":
                    there.update({line["offer_id"]: line["quantity"] for line in body["products"]})
            assert there + self.taken.get(order, Counter()) == wanted, order
        held: Counter[str] = Counter()
        for body in bodies:
            if body["status"] in {"awaiting_packaging", "awaiting_deliver"}:
                held.update({line["offer_id"]: line["quantity"] for line in body["products"]})
        for offer, at_first in self.at_first.items():
            product = self.desk.sandbox.products[offer]
            assert (product.reserved.get(MAIN_WAREHOUSE, 0), product.stocks[MAIN_WAREHOUSE]) == (held[offer], at_first - held[offer]), offer

    async def check_program(self) -> None:
        """After a fetch the program knows every posting as it is; nothing waits for an answer."""
        self.check_ozon()
        assert await self.desk.open_intents() == 0
        for body in self.desk.sandbox.postings:
            assert await self.desk.known(body["posting_number"]) == body["status"]
        for number, times in self.counted.accepted.items():
            assert times == 1 + self.counted.again[number], number


@pytest.mark.parametrize("seed", range(8))
async def test_any_course_of_a_day(shop: Shop, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    desk = await opened(shop)
    await Course(desk, count_ships(monkeypatch), seed).run()
