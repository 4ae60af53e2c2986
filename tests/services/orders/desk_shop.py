"""The shop at work on its FBS orders: goods on sale, orders placed and fetched, Ozon quick and honest."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ozon_desktop.domain.marks import GS
from ozon_desktop.domain.progress import silent
from ozon_desktop.services.orders.desk import FbsDesk
from tests.services.shop import MAIN_WAREHOUSE, Shop

SHIP = "/v4/posting/fbs/ship"
LIST, GET = "/v4/posting/fbs/list", "/v3/posting/fbs/get"
CODE = "0104600000000008215serial{:04d}" + f"{GS}91EE10{GS}92{'s' * 44}"


class Desk:
    """The desk of one cabinet, and Ozon behind it."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.sandbox, self.line = shop, shop.sandbox, shop.line
        self.integration = shop.integration

    @property
    def work(self) -> FbsDesk:
        return self.shop.application.desk

    async def order(self, *goods: Mapping[str, int], scheme: str = "fbs") -> list[str]:
        """Places these and fetches them."""
        numbers = [self.sandbox.place_parcel(one, scheme=scheme) for one in goods]
        await self.fetch()
        self.line.mend()
        return numbers

    async def fetch(self) -> None:
        await self.shop.application.orders.fetch(self.integration, silent)

    def sku(self, offer: str) -> int:
        return self.sandbox.products[offer].sku

    def on_ozon(self, number: str) -> Any:
        return next(body for body in self.sandbox.postings if body["posting_number"] == number)

    def status(self, number: str) -> str:
        return str(self.on_ozon(number)["status"])

    async def known(self, number: str) -> str:
        """The state the program knows."""
        order = await self.shop.application.storage.run(lambda unit: unit.orders.get(self.integration, number))
        return order.posting.status

    async def open_intents(self) -> int:
        return len(await self.shop.application.storage.run(lambda unit: unit.fbs.open(self.integration)))

    def asked(self, path: str) -> int:
        return self.line.sent().get(path, 0)


async def opened(shop: Shop) -> Desk:
    """The shop with a thousand of each shirt on sale and parcels that leave with a carriage only."""
    await shop.application.sync.run(shop.integration, silent)
    timing = shop.sandbox.memory.timing
    timing.needs_carriage, timing.ship_delay, timing.mark_check, timing.act_delay = True, timedelta(0), timedelta(0), timedelta(0)
    timing.label_delay = timedelta(0)
    for offer in ("RU-1", "RU-2", "RU-3"):
        # As if the seller had set it; the desk is about orders.
        shop.sandbox.products[offer].stocks[MAIN_WAREHOUSE] = 2_000
        shop.sandbox.products[offer].stocks[RFBS] = 50
    shop.line.mend()
    return Desk(shop)


RFBS = 1020005000000103
