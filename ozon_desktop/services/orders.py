"""Orders: postings brought from Ozon, kept with the organization, direction and responsible employee, exported to the store."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ozon_desktop.domain.journal import RunKind, RunProblem
from ozon_desktop.domain.orders import Order, Posting, order_of
from ozon_desktop.errors import FileNotReadable, MissingRole
from ozon_desktop.services.journalled import Counts, Journalled
from ozon_desktop.services.parts import Clients, Clock, Revision
from ozon_desktop.services.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.orders_export import OrderNames, write_orders

FIRST_LOOK_BACK = timedelta(days=30)
OVERLAP = timedelta(days=7)
"""Postings are read again this far back: their states change after they were first seen."""


@dataclass(frozen=True, slots=True)
class OrdersView:
    """Orders newest first, and names by id."""

    orders: tuple[Order, ...]
    organizations: dict[str, str]
    directions: dict[str, str]
    employees: dict[str, str]


@dataclass(frozen=True, slots=True)
class OrdersFetched:
    """How many postings were new, and how many known ones were read again."""

    new: int
    updated: int
    requests: int = 0


class OrdersService:
    """Orders of an integration."""

    def __init__(self, storage: Database, clients: Clients, clock: Clock, revision: Revision, journalled: Journalled) -> None:
        self._storage = storage
        self._clients = clients
        self._clock = clock
        self._revision = revision
        self._journalled = journalled

    async def view(self, integration_id: int) -> OrdersView:
        """Everything kept."""

        def work(unit: UnitOfWork) -> OrdersView:
            return OrdersView(
                tuple(unit.orders.all(integration_id)),
                {entry.id: entry.name for entry in unit.store.organizations()},
                {entry.id: entry.name for entry in unit.store.directions()},
                {entry.id: entry.name for entry in unit.store.employees()},
            )

        return await self._storage.run(work)

    async def fetch(self, integration_id: int, progress: Progress) -> OrdersFetched:
        """`bring` with an entry of its own in the journal."""

        def told(result: OrdersFetched) -> tuple[Counts, int, tuple[RunProblem, ...]]:
            return (("new", result.new), ("updated", result.updated)), result.requests, ()

        return await self._journalled.run(integration_id, RunKind.ORDERS, lambda: self.bring(integration_id, progress), told)

    async def bring(self, integration_id: int, progress: Progress) -> OrdersFetched:
        """Brings FBS and FBO postings; the same posting twice is one order. OzonError, NetworkError."""
        client = await self._clients.client(integration_id)
        now = self._clock()
        last = await self._storage.run(lambda unit: unit.orders.last_seen(integration_id))
        since = last - OVERLAP if last is not None else now - FIRST_LOOK_BACK
        new = updated = 0
        progress(ProgressUpdate(Stage.ORDERS))
        pages = client.fbs_postings(since, now + timedelta(minutes=1))
        async for page in pages:
            new, updated = await self._keep(integration_id, page, new, updated)
            progress(ProgressUpdate(Stage.ORDERS, new + updated))
        try:
            async for page in client.fbo_postings(since, now + timedelta(minutes=1)):
                new, updated = await self._keep(integration_id, page, new, updated)
                progress(ProgressUpdate(Stage.ORDERS, new + updated))
        except MissingRole:
            # A key of the role Posting FBS may not see FBO postings; a shop that works by FBS does not need them.
            settings = (await self._storage.run(lambda unit: unit.integrations.get(integration_id))).settings
            if settings.scheme is not None and not settings.scheme.sends_stock:
                raise
        self._revision.bump()
        return OrdersFetched(new, updated, client.requests_sent)

    async def _keep(self, integration_id: int, page: list[Posting], new: int, updated: int) -> tuple[int, int]:
        def work(unit: UnitOfWork) -> int:
            settings = unit.integrations.get(integration_id).settings
            now = self._clock()
            return sum(unit.orders.upsert(order_of(posting, integration_id, settings, now)) for posting in page)

        fresh = await self._storage.run(work)
        return new + fresh, updated + len(page) - fresh

    async def export(self, integration_id: int, folder: Path) -> Path:
        """Writes all orders as CommerceML into `folder`; gives the file. FileNotReadable when the folder cannot be written."""
        view = await self.view(integration_id)

        def names(unit: UnitOfWork) -> OrderNames:
            products = unit.store.products(None)
            return OrderNames(view.organizations, view.directions, view.employees, {product.offer_id: product.id for product in products})

        known = await self._storage.run(names)
        now = self._clock()
        path = folder / f"orders-{now.astimezone():%Y%m%d-%H%M%S}.xml"

        def write() -> None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                write_orders(view.orders, path, known)
            except OSError as error:
                raise FileNotReadable(str(folder), detail=error.strerror or "") from error

        await asyncio.to_thread(write)
        numbers = [order.posting.posting_number for order in view.orders]
        await self._storage.run(lambda unit: unit.orders.mark_exported(numbers, now))
        return path

    async def history(self, integration_id: int, posting_number: str) -> list[tuple[datetime, str]]:
        """States of a posting with the time they were seen, oldest first."""
        return await self._storage.run(lambda unit: unit.orders.status_history(integration_id, posting_number))
