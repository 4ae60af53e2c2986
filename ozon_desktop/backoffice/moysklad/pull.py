"""One pull: everything, or what has changed; whole or not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from ozon_desktop.backoffice.moysklad.api import Api, moscow_text
from ozon_desktop.backoffice.moysklad.cursor import Cursor, pack, unpack, written
from ozon_desktop.backoffice.moysklad.goods import SOURCE, STRUCTURE, Words
from ozon_desktop.backoffice.moysklad.harvest import Harvest, all_parts
from ozon_desktop.backoffice.moysklad.lists import Lists, category_records, list_records, named, read_lists, together
from ozon_desktop.backoffice.moysklad.models import NamedRow
from ozon_desktop.backoffice.moysklad.stocks import NO_STORE, Book, affected, quantity, read_report, stocks_of
from ozon_desktop.backoffice.protocol import Pulled
from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.progress import Progress
from ozon_desktop.domain.store_catalog import CatalogStructure, ExportScope, Stock, StoreRecord, StoreWarehouse

OVERLAP = timedelta(minutes=3)
"""Changes are asked for from so long before the last pull: rows are written a little later than they are dated."""
STOCKS_REMEMBERED = timedelta(hours=24)
MARGIN = timedelta(minutes=10)
SLACK = timedelta(seconds=10)
"""Around the beginning of a full pull: times are told by the second."""
RECOUNTING = timedelta(minutes=1)
"""The report counts documents with a delay, so it is as old as that."""
MOST_DIFFERENCE = Decimal("0.01")
IDS_A_REQUEST = 180
"""Ids that fit into an address of 8 KB."""
MOST_ASKED = 5
"""So many requests for single goods are no more than one for all of them."""
REPORT, STOCKS = "report/stock/bystore/current", "остатки"
FREE = {"stockType": "freeStock"}


class FullPull:
    """Everything there is."""

    def __init__(self, api: Api, folder: Path, progress: Progress) -> None:
        self._api = api
        self._folder = folder
        self._harvest = Harvest(api, folder, progress, pictures=True)

    async def run(self) -> Pulled:
        """BackOfficeError, OSError: nothing is taken then."""
        api, harvest = self._api, self._harvest
        asked = api.requests
        stores = await named(api, "store")
        began = api.server_time
        lists, _ = await together(read_lists(api, stores), harvest.everything())
        if began is not None:
            # What moved from a page not read yet to one that was, or came meanwhile.
            await harvest.changed_since(moscow_text(began - SLACK))
        await harvest.pictures_of_all()
        made_at = api.server_time
        report = self._folder / "stocks.json"
        await api.save(STOCKS, REPORT, FREE | {"include": "zeroLines"}, report)
        units = {id_: name for id_, name in lists.unit_names.items() if id_ in harvest.units}
        cursor = (
            ""
            if began is None
            else written(
                Cursor(
                    began,
                    harvest.count,
                    [store.id for store in lists.stores],
                    units,
                    lists.codes,
                    pack(harvest.bundles),
                    harvest.pictures,
                )
            )
        )
        return Pulled(
            cursor,
            records=lambda: self._records(lists, report),
            full=True,
            made_at=None if made_at is None else made_at - RECOUNTING,
            requests=api.requests - asked,
        )

    def _records(self, lists: Lists, report: Path) -> Iterator[StoreRecord]:
        yield ExportScope("catalog", True, STRUCTURE)
        yield ExportScope("offers", True, STRUCTURE)
        yield from list_records(lists, lists.usual_currency)
        yield from category_records(lists.folders)
        yield from self._harvest.records(Words(lists.codes, lists.unit_names), changes=False)
        yield from self._stocks(report, lists.stores[0].id if lists.stores else "")

    def _stocks(self, report: Path, usual_store: str) -> Iterator[StoreRecord]:
        harvest = self._harvest
        counted_apart = all_parts(harvest.bundles, harvest.bundles)
        counted_apart |= {row.assortment_id for row in read_report(STOCKS, report) if row.store_id is None}
        book, told = Book(), set()
        for row in read_report(STOCKS, report):
            id_ = row.assortment_id
            if id_ in counted_apart:
                book.add(row)
            elif id_ in harvest.known:
                told.add(id_)
                if id_ not in harvest.parents:
                    yield Stock(id_, row.store_id or "", max(Decimal(0), quantity(row.free_stock)))
                elif row.free_stock:
                    yield self._on_product(id_, quantity(row.free_stock))
        for id_ in harvest.known:
            if id_ in harvest.bundles:
                if parts := harvest.bundles[id_]:
                    yield from stocks_of(id_, book.bundle(parts), usual_store)
            elif id_ not in told and id_ not in harvest.parents:
                yield from stocks_of(id_, book.of(id_), usual_store)

    def _on_product(self, id_: str, amount: Decimal) -> ImportProblem:
        name = self._harvest.parents[id_]
        return ImportProblem(ImportProblemKind.STOCK_ON_PRODUCT, SOURCE, 0, id_, name, written=f"{amount.normalize():f}")


@dataclass(frozen=True, slots=True)
class _Moved:
    """Goods whose stock is told anew."""

    goods: tuple[str, ...]
    bundles: tuple[str, ...]
    book: Book
    counted_at: datetime


class Changes:
    """What has changed since the cursor. Bundles have no stock of their own: it changes with that of their parts."""

    def __init__(self, api: Api, cursor: Cursor, folder: Path, progress: Progress) -> None:
        self._api = api
        self._cursor = cursor
        self._folder = folder
        self._harvest = Harvest(api, folder, progress, pictures=cursor.pictures)
        self._bundles = unpack(cursor.bundles)

    async def run(self) -> Pulled | None:
        """None: only everything will do, for too much time has passed, or too many goods came or went. BackOfficeError, OSError."""
        api, harvest, since = self._api, self._harvest, self._cursor.at - OVERLAP
        asked = api.requests
        total = await harvest.total()
        now = api.server_time
        if now is None or not timedelta() <= now - self._cursor.at <= STOCKS_REMEMBERED - MARGIN:
            return None
        if abs(total - self._cursor.size) > self._cursor.size * MOST_DIFFERENCE:
            return None
        await harvest.changed_since(moscow_text(since))
        folders = await named(api, "productfolder", archived=True, since=moscow_text(since))
        self._bundles |= harvest.bundles
        moved = await self._moved(moscow_text(since), now)
        cursor = self._next(now)
        if not harvest.known and not folders and not moved.goods and not moved.bundles:
            return Pulled(written(cursor), full=False, requests=api.requests - asked)
        stores = await self._new_stores(moved)
        cursor.stores = [*cursor.stores, *(store.id for store in stores)]
        return Pulled(
            written(cursor),
            records=lambda: self._records(folders, stores, moved),
            full=False,
            made_at=moved.counted_at - RECOUNTING,
            requests=api.requests - asked,
        )

    def _next(self, now: datetime) -> Cursor:
        known = self._cursor
        return Cursor(now, known.size, known.stores, known.units, known.currencies, pack(self._bundles), self._harvest.pictures)

    async def _moved(self, since: str, now: datetime) -> _Moved:
        """Free pieces of all goods that moved or changed, and of the parts of bundles that did."""
        path = self._folder / "moved.json"
        await self._api.save(STOCKS, REPORT, FREE | {"changedSince": since}, path)
        book, moved = Book(), []
        for row in read_report(STOCKS, path):
            if row.assortment_id not in book:
                moved.append(row.assortment_id)
            book.add(row)
        own = [id_ for id_ in self._harvest.known if id_ not in self._bundles]
        bundles = [id_ for id_ in self._harvest.known if id_ in self._bundles] + affected(self._bundles, moved)
        goods = dict.fromkeys([*moved, *own])
        # All of their places: the report of changes need not name those that did not move.
        await self._ask(list(goods | dict.fromkeys(sorted(all_parts(self._bundles, bundles)))), book)
        return _Moved(tuple(goods), tuple(dict.fromkeys(bundles)), book, now)

    async def _ask(self, ids: list[str], book: Book) -> None:
        chunks = [ids[start : start + IDS_A_REQUEST] for start in range(0, len(ids), IDS_A_REQUEST)]
        conditions = [{"filter": f"assortmentId={','.join(chunk)}"} for chunk in chunks] if len(chunks) <= MOST_ASKED else [{}]
        wanted = frozenset(ids)
        for number, condition in enumerate(conditions):
            path = self._folder / f"stocks-{number}.json"
            await self._api.save(STOCKS, REPORT, FREE | {"include": "zeroLines"} | condition, path)
            for row in read_report(STOCKS, path):
                if row.assortment_id in wanted:
                    book.add(row)

    async def _new_stores(self, moved: _Moved) -> list[NamedRow]:
        """Warehouses that were not there at the last full pull, asked for when something lies in one."""
        known = frozenset(self._cursor.stores) | {NO_STORE}
        if all(store in known for id_ in moved.goods for store in moved.book.of(id_)):
            return []
        return [row for row in await named(self._api, "store") if row.id not in known]

    def _records(self, folders: Iterable[NamedRow], stores: Iterable[NamedRow], moved: _Moved) -> Iterator[StoreRecord]:
        cursor = self._cursor
        yield ExportScope("catalog", False, STRUCTURE)
        yield ExportScope("offers", False, STRUCTURE)
        yield CatalogStructure(STRUCTURE, SOURCE, repeated=True)
        yield from (StoreWarehouse(row.id, row.name or row.id) for row in stores)
        yield from category_records(list(folders))
        yield from self._harvest.records(Words(cursor.currencies, cursor.units), changes=True)
        usual = cursor.stores[0] if cursor.stores else ""
        for id_ in moved.goods:
            yield from stocks_of(id_, moved.book.of(id_), usual)
        for id_ in moved.bundles:
            if parts := self._bundles[id_]:
                yield from stocks_of(id_, moved.book.bundle(parts), usual)
