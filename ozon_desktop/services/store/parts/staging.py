"""Another source's goods, read into a database of their own, so that the store is not touched by a look at them."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from ozon_desktop.backoffice.protocol import Pulled
from ozon_desktop.domain.journal import RunCause
from ozon_desktop.domain.progress import Progress
from ozon_desktop.domain.store_catalog import Price, Product, Stock, StoreRecord
from ozon_desktop.domain.take_over import StoreSide
from ozon_desktop.services.shared import Clock, Revision
from ozon_desktop.services.store.columns import PREFIX
from ozon_desktop.services.store.importing import StoreImportService
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

R = TypeVar("R", Product, Price, Stock)


class Staged:
    """A store that lies beside the real one. folder: an empty one, for what is brought from the source."""

    def __init__(self, storage: Database, folder: Path, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self.folder = folder
        self.pulled: Pulled | None = None

    async def take_files(self, paths: Sequence[Path], progress: Progress) -> None:
        """Reads exports. StoreFileError."""
        await self._imports.import_files(paths, progress)

    async def take_pulled(self, name: str, pulled: Pulled, progress: Progress) -> None:
        """Reads what a connection brought. StoreFileError, and whatever its records raise."""
        self.pulled = pulled
        if pulled.files:
            await self._imports.import_pulled(pulled.files, progress, RunCause.MANUAL, pulled.made_at)
        elif pulled.records is not None:
            await self._imports.import_records(name, pulled.records, progress, RunCause.MANUAL, pulled.made_at)

    @property
    def _imports(self) -> StoreImportService:
        return StoreImportService(self._storage, self._clock, Revision())

    async def side(self) -> StoreSide:
        return await self._storage.run(lambda unit: unit.take_overs.side())

    def numbers(self) -> tuple[bool, bool, datetime | None]:
        """Whether there are prices, whether there are stocks, and when these were made. Blocks; not on this database's own thread."""

        def work(unit: UnitOfWork) -> tuple[bool, bool, datetime | None]:
            return bool(unit.take_overs.price_records("")), bool(unit.take_overs.stock_records("")), unit.take_overs.stocks_made_at()

        return self._storage.run_sync(work)

    def records(self) -> Iterator[StoreRecord]:
        """All of it, page by page, as an export would say it. Blocks; not on this database's own thread."""
        yield from self._storage.run_sync(lambda unit: unit.take_overs.small_records())
        yield from self._pages(lambda unit, after: unit.take_overs.product_records(after), lambda product: product.id)
        yield from self._pages(lambda unit, after: unit.take_overs.price_records(after), lambda price: price.product_id)
        yield from self._pages(lambda unit, after: unit.take_overs.stock_records(after), lambda stock: stock.product_id)

    def _pages(self, read: Callable[[UnitOfWork, str], list[R]], key: Callable[[R], str]) -> Iterator[R]:
        after = ""
        while page := self._page(read, after):
            yield from page
            after = key(page[-1])

    def _page(self, read: Callable[[UnitOfWork, str], list[R]], after: str) -> list[R]:
        return self._storage.run_sync(lambda unit: read(unit, after))


@asynccontextmanager
async def staging(storage: Database, clock: Clock) -> AsyncIterator[Staged]:
    """An empty store beside that of `storage`, which knows what was chosen for the columns of price lists; gone in the end."""
    chosen = await storage.run(lambda unit: unit.preferences.starting_with(PREFIX))
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="ozon-desktop-take-over-"))
    try:
        beside = await asyncio.to_thread(Database.in_file, folder / "store.sqlite3")
        try:
            await asyncio.to_thread(beside.open)

            def choose(unit: UnitOfWork) -> None:
                for key, value in chosen.items():
                    unit.preferences.set(key, value)

            await beside.run(choose)
            brought = folder / "brought"
            await asyncio.to_thread(brought.mkdir)
            yield Staged(beside, brought, clock)
        finally:
            await asyncio.to_thread(beside.close)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
