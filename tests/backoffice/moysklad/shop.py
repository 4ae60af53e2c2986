"""A small shop in the stand-in of МойСклад, and the client that asks it, on one clock that nobody waits for."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from ozon_desktop.backoffice.http import Web
from ozon_desktop.backoffice.moysklad.client import MoySklad as Client
from ozon_desktop.backoffice.moysklad.pace import Pacer
from ozon_desktop.backoffice.protocol import Pulled
from ozon_desktop.domain.orders import Order, Posting, PostingProduct
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_catalog import Stock, StoreRecord
from ozon_desktop.domain.store_connection import OrderStage, StoreOrder
from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.sandbox import MoySklad

NOW = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:1"
"""Never reached: the stand-in answers in this process."""
Record = TypeVar("Record")


class Time:
    """A clock that whoever waits moves on. `move` sets it another way: what counts seconds does not go back with it."""

    def __init__(self) -> None:
        self._passed = 0.0
        self._set = timedelta()

    def __call__(self) -> datetime:
        return NOW + timedelta(seconds=self._passed) + self._set

    def seconds(self) -> float:
        return self._passed

    async def sleep(self, seconds: float) -> None:
        until = self._passed + seconds
        await asyncio.sleep(0)
        self._passed = max(self._passed, until)

    def move(self, **length: float) -> None:
        self._set += timedelta(**length)


class Shop:
    """The stand-in, its clock, and a client of its administrator."""

    def __init__(self, folder: Path, limits: Limits | None = None) -> None:
        self.time = Time()
        self.there = MoySklad(clock=self.time, limits=limits)
        self.folder = folder
        self.web = Web(self.there.app)
        self.client = self.new_client()
        self._pulls = 0

    def new_client(self, login: str = ADMIN_LOGIN, secret: str = ADMIN_PASSWORD) -> Client:
        return Client(self.web, ADDRESS, login, secret, Pacer(self.time.seconds, self.time.sleep))

    async def pull(self, cursor: str = "", client: Client | None = None) -> Pulled:
        self._pulls += 1
        folder = self.folder / f"pull-{self._pulls}"
        folder.mkdir()
        return await (client or self.client).pull(cursor, folder, silent)

    async def whole(self) -> Pulled:
        """A pull of everything from a shop that has been as it is for an hour."""
        self.time.move(hours=1)
        return await self.pull()

    async def first_pull(self) -> Pulled:
        """The same; five minutes pass after it."""
        pulled = await self.whole()
        self.time.move(minutes=5)
        return pulled

    @property
    def refused(self) -> list[int]:
        """Statuses of the answers that were no success."""
        return [request.status for request in self.there.requests if request.status >= 400]


@asynccontextmanager
async def opened(folder: Path, limits: Limits | None = None) -> AsyncIterator[Shop]:
    shop = Shop(folder, limits)
    try:
        yield shop
    finally:
        await shop.web.aclose()


def records(pulled: Pulled) -> list[StoreRecord]:
    assert pulled.records is not None
    return list(pulled.records())


def of_type(found: Iterable[object], kind: type[Record]) -> list[Record]:
    return [record for record in found if isinstance(record, kind)]


def stocks(pulled: Pulled) -> dict[tuple[str, str], Decimal]:
    """By good and store."""
    return {(stock.product_id, stock.warehouse_id): stock.quantity for stock in of_type(records(pulled), Stock)}


def order(
    number: str,
    lines: dict[str, int],
    product_ids: dict[str, str],
    *,
    stage: OrderStage = OrderStage.NEW,
    state: str = "",
    organization_id: str | None = None,
    direction_id: str | None = None,
    responsible_id: str | None = None,
    currency: str = "RUB",
    scheme: str = "fbs",
    warehouse_ids: tuple[str, ...] = (),
    left: bool = False,
) -> StoreOrder:
    """A posting with these lines, 590 for a piece. left: Ozon has taken the goods."""
    products = tuple(
        PostingProduct(name, f"Товар {name}", 100 + place, count, Decimal(590), currency)
        for place, (name, count) in enumerate(lines.items())
    )
    status = {OrderStage.CANCELLED: "cancelled", OrderStage.SHIPPED: "delivering"}.get(stage, "awaiting_packaging")
    posting = Posting(number, number.rpartition("-")[0], 1, scheme, status, "", NOW, NOW + timedelta(days=1), products, 77, "Склад FBS")
    posting = replace(posting, delivering_at=NOW) if left else posting
    whose = Order(1, posting, organization_id, direction_id, responsible_id, NOW)
    return StoreOrder(whose, 1, stage, state, product_ids, warehouse_ids)
