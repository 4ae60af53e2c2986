"""МойСклад as a connection of the store: goods come from it, orders and new products go to it."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from ozon_desktop.backoffice.http import Web
from ozon_desktop.backoffice.moysklad.api import Api
from ozon_desktop.backoffice.moysklad.cursor import read_cursor
from ozon_desktop.backoffice.moysklad.orders import Orders
from ozon_desktop.backoffice.moysklad.pace import Pacer
from ozon_desktop.backoffice.moysklad.products import Making, Products
from ozon_desktop.backoffice.moysklad.pull import Changes, FullPull
from ozon_desktop.backoffice.moysklad.rights import check
from ozon_desktop.backoffice.protocol import Pulled
from ozon_desktop.domain.new_products import MadeProduct
from ozon_desktop.domain.progress import Progress
from ozon_desktop.domain.store_connection import ConnectionCheck, PlacedOrder, StoreOrder


class MoySklad:
    """Implements StoreSource, OrderDesk and ProductMaker. address: of a stand-in, "" = the service; login "": the secret is a token.

    WrongInput for an address that is none.
    """

    def __init__(self, web: Web, address: str, login: str, secret: str, pacer: Pacer | None = None) -> None:
        self._api = Api(web, address, login, secret, pacer)
        self._orders = Orders(self._api)
        self._products = Products(self._api)

    @property
    def requests(self) -> int:
        """How many were made so far."""
        return self._api.requests

    async def probe(self) -> ConnectionCheck:
        """Company and missing rights. BackOfficeError."""
        return await check(self._api)

    async def pull(self, cursor: str, folder: Path, progress: Progress) -> Pulled:
        """Changes since the cursor; everything for "", or where changes would not be enough. BackOfficeError, OSError."""
        known = read_cursor(cursor)
        if known is not None:
            changes = folder / "changes"
            await asyncio.to_thread(changes.mkdir)
            if (pulled := await Changes(self._api, known, changes, progress).run()) is not None:
                return pulled
        return await FullPull(self._api, folder, progress).run()

    async def put(self, order: StoreOrder) -> PlacedOrder:
        """See `OrderDesk`."""
        return await self._orders.put(order)

    async def set_state(self, order: StoreOrder, placed: PlacedOrder, last_state: str) -> PlacedOrder:
        """See `OrderDesk`."""
        return await self._orders.set_state(order, placed, last_state)

    async def find(self, orders: Sequence[StoreOrder]) -> Mapping[str, PlacedOrder]:
        """See `OrderDesk`."""
        return await self._orders.find(orders)

    async def made(self, creation_ids: Sequence[str]) -> Mapping[str, MadeProduct]:
        """See `ProductMaker`."""
        return await self._products.made(creation_ids)

    async def making(self) -> Making:
        """See `ProductMaker`."""
        return await self._products.making()
