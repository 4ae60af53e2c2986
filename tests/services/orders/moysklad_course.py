"""Any course of orders between the program and МойСклад, with the program killed at any request: what must hold at its end."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop import application as composition
from ozon_desktop.application import Application, Options, build
from ozon_desktop.backoffice.http import Limits as AnswerLimits
from ozon_desktop.backoffice.http import Reply, Web
from ozon_desktop.domain.orders import CANCELLED, Order, Posting, PostingProduct
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionKind, OrderStage, StoreConnection
from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.model import CustomerOrder, Good
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.storage.unit_of_work import UnitOfWork

NOW = datetime(2026, 12, 1, 6, tzinfo=UTC)
STATES = {
    OrderStage.NEW: "Новый",
    OrderStage.ASSEMBLED: "Собран",
    OrderStage.SHIPPED: "Отгружен",
    OrderStage.DELIVERED: "Доставлен",
    OrderStage.CANCELLED: "Отменен",
}
FORWARD = {
    "awaiting_packaging": ("awaiting_deliver", "cancelled"),
    "awaiting_deliver": ("delivering", "cancelled"),
    "delivering": ("delivered",),
}
BY_HAND = "Подтвержден"
ADDRESS = "http://127.0.0.1:1"


class Killed(BaseException):
    """The program is there no more."""


class Mortal(Web):
    """The way to the stand-in, on which the program dies at a request: before it is sent, or before its answer is read."""

    def __init__(self, app: object) -> None:
        super().__init__(app)
        self._left: int | None = None
        self._answered = False
        self._fatal: tuple[str, str] | None = None
        self.counted = 0

    def die(self, after: int, *, answered: bool) -> None:
        self._left, self._answered = after, answered

    def die_at(self, method: str, path: str, *, answered: bool) -> None:
        """At the first request of this kind."""
        self._fatal = method, path
        self._left, self._answered = None, answered

    def live(self) -> None:
        self._left, self._fatal = None, None

    async def ask(
        self,
        subject: str,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        limits: AnswerLimits | None = None,
        whole: bool = True,
    ) -> Reply:
        if self._fatal is not None and method == self._fatal[0] and url.endswith(self._fatal[1]):
            self._left = 0
        self._before()
        reply = await super().ask(subject, method, url, headers=headers, content=content, limits=limits, whole=whole)
        self._after()
        return reply

    async def save(self, subject: str, url: str, into: Path, *, headers: Mapping[str, str] | None = None, limits: AnswerLimits) -> Reply:
        self._before()
        reply = await super().save(subject, url, into, headers=headers, limits=limits)
        self._after()
        return reply

    def _before(self) -> None:
        self.counted += 1
        if self._left is not None:
            self._left -= 1
            if self._left < 0 and not self._answered:
                raise Killed

    def _after(self) -> None:
        if self._left is not None and self._left < 0:
            raise Killed


class Course:
    """postings: their statuses by number; by_hand: orders whose state a person has set."""

    def __init__(self, folder: Path, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.chance = random.Random(seed)
        self.there = MoySklad(limits=Limits(bucket=10**9))
        self.web = Mortal(self.there.app)
        self.kills = 0
        self.postings: dict[str, Posting] = {}
        self.by_hand: set[str] = set()
        self._secrets = MemoryStore()
        self._folder = folder
        self._application: Application | None = None
        self._integration = 0
        self.goods = self._stocked()
        patch.setattr(composition, "Web", lambda: self.web)

    def _stocked(self) -> dict[str, Good]:
        there = self.there
        plain = [there.add_product(f"Товар {number}", price=100, stock=40, article=f"A-{number}") for number in range(4)]
        shirt = there.add_product("Футболка", price=100, article="TEE")
        sizes = [there.add_variant(shirt, characteristics=(("Размер", size),), stock=40, article=f"TEE-{size}") for size in ("S", "M")]
        pair = there.add_bundle("Пара", {plain[0].id: 2.0, plain[1].id: 1.0}, article="PAIR")
        return {good.article: good for good in (*plain, *sizes, pair)}

    @property
    def application(self) -> Application:
        assert self._application is not None
        return self._application

    async def begin(self) -> None:
        """The store connected, everything read, states chosen."""
        await self._start()
        connection = StoreConnection(ConnectionKind.MOYSKLAD, ADDRESS, ADMIN_LOGIN)
        await self.application.store_connection.connect(connection, ADMIN_PASSWORD)
        await self.application.store_connection.pull(silent)
        await self.application.store_orders.set_states(STATES)

    async def _start(self) -> None:
        self._application = await build(Options(self._folder, secret_store=self._secrets))
        self._integration = (await self._application.integrations.ensure_one()).id

    async def event(self) -> None:
        kind = self.chance.choices(("sell", "advance", "person", "ship", "stock", "hand over", "pull"), (5, 4, 1, 1, 1, 4, 2))[0]
        match kind:
            case "sell":
                await self._sell()
            case "advance":
                await self._advance()
            case "person" | "ship":
                self._person(ship=kind == "ship")
            case "stock":
                self.there.set_stock(self.goods["A-2"], self.chance.randrange(30, 60))
            case "hand over" | "pull":
                await self._mortal(pull=kind == "pull")

    async def _sell(self) -> None:
        number = f"{len(self.postings) + 1:05d}-0001-1"
        articles = self.chance.sample([*self.goods, "UNKNOWN"], self.chance.randrange(1, 4))
        lines = tuple(
            PostingProduct(article, f"Товар {article}", 1, self.chance.randrange(1, 3), Decimal(100), "RUB") for article in articles
        )
        await self._write(Posting(number, number, 1, "fbs", "awaiting_packaging", "", NOW, None, lines))

    async def _advance(self) -> None:
        moving = [posting for posting in self.postings.values() if posting.status in FORWARD]
        if moving:
            posting = self.chance.choice(moving)
            await self._write(replace(posting, status=self.chance.choice(FORWARD[posting.status])))

    async def _write(self, posting: Posting) -> None:
        self.postings[posting.posting_number] = posting
        order = Order(self._integration, posting, None, None, None, NOW)
        await self.application.storage.run(lambda unit: unit.orders.upsert(order, written_before=False))

    def _person(self, *, ship: bool) -> None:
        live = [order for order in self.there.orders if not order.demands and self.postings[order.external_code].status not in CANCELLED]
        if live:
            order = self.chance.choice(live)
            if ship:
                self.there.ship(order)
            else:
                self.there.set_state(order, BY_HAND)
                self.by_hand.add(order.id)

    async def _mortal(self, *, pull: bool) -> None:
        """A part of the program's work, killed within its first requests more often than not."""
        if self.chance.random() < 0.7:
            self.web.die(self.chance.randrange(0, 12), answered=self.chance.random() < 0.5)
        try:
            await self.work(pull=pull)
        except Killed:
            self.kills += 1
            self.web.live()
            await self.close()
            await self._start()
        self.web.live()

    async def work(self, *, pull: bool) -> None:
        if pull:
            await self.application.store_connection.pull(silent, full=self.chance.random() < 0.2)
        else:
            desk = await self.application.store_connection.order_desk()
            assert desk is not None
            await self.application.store_orders.hand_over(self._integration, desk)

    async def close(self) -> None:
        await self.application.close()

    # --- what must hold ---------------------------------------------------------------------------------------------

    async def end(self) -> None:
        """Lets the program finish undisturbed, and looks at both sides."""
        await self.work(pull=False)
        await self.application.store_connection.pull(silent)
        orders = Counter(order.external_code for order in self.there.orders)
        assert set(orders.values()) <= {1}, "an order was made twice"
        alive = {number for number, posting in self.postings.items() if posting.status not in CANCELLED}
        assert alive <= orders.keys() <= self.postings.keys(), "an order was lost"
        for order in self.there.orders:
            self._look_at(order)
        await self._look_at_stocks()
        await self.close()

    def _look_at(self, order: CustomerOrder) -> None:
        posting = self.postings[order.external_code]
        known = Counter({self.goods[line.offer_id].id: line.quantity for line in posting.products if line.offer_id in self.goods})
        assert Counter({line.good_id: int(line.quantity) for line in order.positions}) == known
        missing = [line for line in posting.products if line.offer_id not in self.goods]
        assert all(line.offer_id in order.description for line in missing)
        for line in order.positions:
            freed = posting.status in CANCELLED or order.demands
            assert line.reserve == (0 if freed else line.quantity)
        if order.id in self.by_hand:
            assert self.there.state_of(order) == BY_HAND

    async def _look_at_stocks(self) -> None:
        held = await self.application.storage.run(_stocks)
        for good in self.goods.values():
            if good.kind != "bundle":
                assert held[good.id] == max(Decimal(0), self.there.free(good)), good.name
        first, second = self.there.free(self.goods["A-0"]), self.there.free(self.goods["A-1"])
        assert held[self.goods["PAIR"].id] == max(Decimal(0), min(first // 2, second))


def _stocks(unit: UnitOfWork) -> dict[str, Decimal]:
    return {id_: sum((amount for _, amount in places), Decimal(0)) for id_, places in unit.plan.stocks().items()}


async def run_course(folder: Path, seed: int, events: int) -> int:
    """One course of so many events; gives how often the program was killed."""
    with pytest.MonkeyPatch.context() as patch:
        course = Course(folder, seed, patch)
        await course.begin()
        for _ in range(events):
            await course.event()
        await course.end()
        return course.kills
