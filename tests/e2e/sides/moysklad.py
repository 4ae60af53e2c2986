"""МойСклад as the store: it reserves what an order names, and a shipment takes it from the shelf."""

import random
from collections import Counter

import pytest

from ozon_desktop import application as composition
from ozon_desktop.application import Application
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionKind, OrderStage, StoreConnection
from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.model import CustomerOrder, Good
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad
from tests.e2e.sides.mortal import Lives, MortalWeb
from tests.e2e.sides.store import StoreSide, Told, Ware
from tests.services.shop import MovingClock

STATES = {
    OrderStage.NEW: "Новый",
    OrderStage.ASSEMBLED: "Собран",
    OrderStage.SHIPPED: "Отгружен",
    OrderStage.DELIVERED: "Доставлен",
    OrderStage.CANCELLED: "Отменен",
}
BY_HAND = "Подтвержден"


class MoySkladSide(StoreSide):
    """by_hand: ids of orders whose state a person has set."""

    def __init__(self, rng: random.Random, clock: MovingClock, lives: Lives, patch: pytest.MonkeyPatch) -> None:
        super().__init__(rng, clock, lives, patch)
        self.there = MoySklad(clock=clock, limits=Limits(bucket=10**9))
        self.brand, self.size = self.there.add_attribute("Бренд"), self.there.add_attribute("Габариты упаковки, см")
        self.category, self.price_type = self.there.add_folder("Рубашки").id, self.there.price_type
        self.goods: dict[str, Good] = {}
        self.by_hand: set[str] = set()
        patch.setattr(composition, "Web", lambda: MortalWeb(self.there.app, lives))

    # --- people ---------------------------------------------------------------------------------------------------------

    def add(self, ware: Ware) -> None:
        super().add(ware)
        self.goods[ware.article] = self.there.add_product(
            ware.name,
            price=ware.price,
            stock=ware.shelf,
            article=ware.article,
            folder_id=self.category,
            weight=0.35,
            images=1,
            attributes={self.brand: "Ромашка", self.size: "30x20x4"},
        )

    def change(self, ware: Ware, *, price: int, shelf: int, name: str) -> None:
        good = self.goods[ware.article]
        if price != ware.price:
            self.there.set_price(good, price)
        if name != ware.name:
            self.there.change(good, name=name)
        if shelf != ware.shelf:
            self.there.set_stock(good, shelf)
        super().change(ware, price=price, shelf=shelf, name=name)

    def delete(self, ware: Ware) -> None:
        super().delete(ware)
        if self.rng.random() < 0.5 or any(article == ware.article for article, _ in self.sold.values()):
            # What an order names cannot be deleted for good there.
            self.there.change(self.goods[ware.article], archived=True)
        else:
            self.there.delete(self.goods[ware.article])

    def ship(self, number: str) -> None:
        super().ship(number)
        self.there.ship(self._by_number()[number])

    def person(self) -> None:
        open_ = [order for order in self.there.orders if not order.demands]
        if open_:
            order = self.rng.choice(open_)
            self.there.set_state(order, BY_HAND)
            self.by_hand.add(order.id)

    def trouble(self) -> None:
        self.there.memory.faults.add(self.rng.choice(["500", "cut", "lost", "html"]), times=self.rng.choice([1, 2, 60]))

    def mend(self) -> None:
        self.there.memory.faults.clear()

    # --- what it tells --------------------------------------------------------------------------------------------------

    def told(self) -> Told:
        stocks = {ware.article: int(self.there.free(self.goods[ware.article])) for ware in self.wares.values() if not ware.gone}
        return Told(stocks, frozenset(self._by_number()))

    @property
    def waits(self) -> bool:
        return False

    async def connect(self, application: Application, integration: int) -> None:
        await application.store_connection.connect(
            StoreConnection(ConnectionKind.MOYSKLAD, "http://127.0.0.1:1", ADMIN_LOGIN), ADMIN_PASSWORD
        )
        await application.store_connection.pull(silent)
        await application.store_orders.set_states(STATES)
        self.known.append(self.told())

    def knows(self, article: str) -> bool:
        return self.goods[article].id in self.there.memory.goods

    # --- orders ---------------------------------------------------------------------------------------------------------

    def _by_number(self) -> dict[str, CustomerOrder]:
        found: dict[str, CustomerOrder] = {}
        for order in self.there.orders:
            assert order.external_code not in found, f"{order.external_code} is there twice"
            found[order.external_code] = order
        return found

    def orders(self) -> dict[str, Counter[str]]:
        articles = {good.id: article for article, good in self.goods.items()}
        return {
            number: Counter({articles[line.good_id]: int(line.quantity) for line in order.positions})
            for number, order in self._by_number().items()
        }

    def check_orders(self, cancelled: set[str]) -> None:
        super().check_orders(cancelled)
        for number, order in self._by_number().items():
            article = self.sold[number][0]
            assert self.knows(article) or article in order.description, number
            for line in order.positions:
                freed = number in cancelled or order.demands
                assert line.reserve == (0 if freed else line.quantity), (number, line)
            if order.id in self.by_hand:
                assert self.there.state_of(order) == BY_HAND, number
            elif number in cancelled:
                assert self.there.state_of(order) == STATES[OrderStage.CANCELLED], number
