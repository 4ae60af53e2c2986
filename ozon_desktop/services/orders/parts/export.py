"""Writes orders for the store: each once, as CommerceML and XLSX; a crash between the database and the files loses and doubles nothing."""

import asyncio
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from ozon_desktop.domain.orders import ExportEncoding, ExportSettings, Order, OrderBatch
from ozon_desktop.errors import FileNotReadable, WrongInput
from ozon_desktop.services.orders.parts.folder_owner import claim, database_name, must_be_ours
from ozon_desktop.services.orders.view import HandedOver
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.store.order_elements import OrderNames
from ozon_desktop.store.orders_export import order_files, put_orders

SETTINGS = "orders_export"


class OrderExport:
    """Hands orders over to the store's folder. installation: the name of this installation, which its files bear.

    A batch of orders is kept before its files are written, and finished after. Its number names the files, so whatever is
    interrupted in between is written again over the same files. Files of anybody else stay as they are.
    """

    def __init__(self, storage: Database, clock: Clock, installation: str = "") -> None:
        self._storage = storage
        self._installation = installation
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def settings(self, integration_id: int) -> ExportSettings:
        return await self._storage.run(lambda unit: read_settings(unit, integration_id))

    async def save(self, integration_id: int, settings: ExportSettings) -> None:
        """Keeps the settings. FileNotReadable when nothing can be written there, or another database does; WrongInput for no whole path."""
        if settings.folder:
            if not Path(settings.folder).is_absolute():
                raise WrongInput("folder", detail=settings.folder)
            await asyncio.to_thread(_try, Path(settings.folder))
            await self._owned(integration_id, settings, must_be_ours)
        text = json.dumps(asdict(settings), ensure_ascii=False)
        await self._storage.run(lambda unit: unit.preferences.set(f"{SETTINGS}/{integration_id}", text))

    async def hand_over(self, integration_id: int) -> HandedOver:
        """Writes what the store has not got yet; nothing without a folder. FileNotReadable: tried again the next time."""
        async with self._one_at_a_time:
            settings = await self.settings(integration_id)
            if not settings.folder:
                return HandedOver()
            done = HandedOver()
            for batch in await self._storage.run(lambda unit: unit.orders.unfinished(integration_id)):
                done = await self._write(batch, settings, done)
            while (fresh := await self._next(integration_id, settings)) is not None:
                done = await self._write(fresh, settings, done)
            return done

    async def _owned(self, integration_id: int, settings: ExportSettings, way: Callable[[Path, int, str, datetime], None]) -> None:
        """FileNotReadable, of it OrdersFolderTaken."""

        def read(unit: UnitOfWork) -> tuple[str, int]:
            return database_name(unit), unit.integrations.get(integration_id).settings.client_id or 0

        database, client_id = await self._storage.run(read)
        if client_id:
            try:
                await asyncio.to_thread(way, Path(settings.folder), client_id, database, self._clock())
            except OSError as error:
                raise FileNotReadable(settings.folder, detail=error.strerror or "") from error

    async def everything(self, integration_id: int, folder: Path) -> Path:
        """Writes all orders into one pair of files in a folder chosen for it, and counts them as handed over. FileNotReadable."""
        settings = await self.settings(integration_id)
        orders = await self._storage.run(lambda unit: unit.orders.all(integration_id))
        now = self._clock()
        named = f"-{self._installation}" if self._installation else ""
        path = folder / f"orders{named}-{now.astimezone():%Y%m%d-%H%M%S}.xml"
        names = await self._storage.run(lambda unit: self._names(unit, integration_id, orders))
        written = await asyncio.to_thread(_write_files, orders, path, names, settings.encoding)
        numbers = [order.posting.posting_number for order in orders]
        handed = self._clock()
        await self._storage.run(lambda unit: unit.orders.mark_exported(integration_id, numbers, handed))
        return written

    async def _next(self, integration_id: int, settings: ExportSettings) -> OrderBatch | None:
        now = self._clock()
        return await self._storage.run(
            lambda unit: unit.orders.start_batch(integration_id, now, again=settings.again, installation=self._installation)
        )

    async def _write(self, batch: OrderBatch, settings: ExportSettings, done: HandedOver) -> HandedOver:
        def read(unit: UnitOfWork) -> tuple[list[Order], OrderNames, str]:
            orders = unit.orders.some(batch.integration_id, batch.posting_numbers)
            client_id = unit.integrations.get(batch.integration_id).settings.client_id
            return orders, self._names(unit, batch.integration_id, orders), file_name(batch, client_id)

        await self._owned(batch.integration_id, settings, claim)
        orders, names, name = await self._storage.run(read)
        path = Path(settings.folder) / name
        written = await asyncio.to_thread(_write_files, orders, path, names, settings.encoding)
        states = {order.posting.posting_number: order.state for order in orders}
        now = self._clock()
        await self._storage.run(lambda unit: unit.orders.finish_batch(batch, states, now))
        return HandedOver(done.orders + len(orders), (*done.files, written))

    @staticmethod
    def _names(unit: UnitOfWork, integration_id: int, orders: Sequence[Order]) -> OrderNames:
        articles = {line.offer_id for order in orders for line in order.posting.products}
        return OrderNames(
            {entry.id: entry.name for entry in unit.store.organizations()},
            {entry.id: entry.name for entry in unit.store.directions()},
            {entry.id: entry.name for entry in unit.store.employees()},
            unit.orders.product_ids(integration_id, articles),
        )


def file_name(batch: OrderBatch, client_id: int | None) -> str:
    """«ozon-100500-1a2b3c4d-000012.xml»: several cabinets and several installations may write into one folder."""
    installation = f"-{batch.installation}" if batch.installation else ""
    return f"ozon-{client_id or batch.integration_id}{installation}-{batch.number:06d}.xml"


def read_settings(unit: UnitOfWork, integration_id: int) -> ExportSettings:
    text = unit.preferences.get(f"{SETTINGS}/{integration_id}")
    if text is None:
        return ExportSettings()
    kept = json.loads(text)
    return ExportSettings(kept["folder"], ExportEncoding(kept["encoding"]), kept["again"])


def _write_files(orders: Sequence[Order], path: Path, names: OrderNames, encoding: str) -> Path:
    """The path the document was written at."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return put_orders(order_files(orders, names, encoding), path, [order.posting.posting_number for order in orders])
    except OSError as error:
        raise FileNotReadable(str(path.parent), detail=error.strerror or "") from error
    except WrongInput as error:
        raise FileNotReadable(str(path.parent), detail=error.detail) from error


def _try(folder: Path) -> None:
    trial = folder / f".ozon-desktop-{uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with trial.open("xb"):
            pass
        os.remove(trial)
    except OSError as error:
        raise FileNotReadable(str(folder), detail=error.strerror or "") from error
