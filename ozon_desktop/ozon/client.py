"""The Ozon Seller API as the program uses it: domain objects in, domain objects out, one method per method of Ozon."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, TypeVar

import msgspec

from ozon_desktop.domain.adoption import CabinetPrice, CabinetStock
from ozon_desktop.domain.bad_item import BadItem
from ozon_desktop.domain.cabinet import (
    CabinetCard,
    CabinetProduct,
    Company,
    ImportedItem,
    KeyRoles,
    ListedProduct,
    OzonWarehouse,
    RefusedBarcode,
    UpdateAnswer,
    WarehouseStock,
)
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.orders import LabelTask, OrderReturn, Posting
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue, OzonCategory, OzonType, TypeKey
from ozon_desktop.domain.price_timers import MinPriceTimer
from ozon_desktop.errors import EndlessPages, ReadOnlyCabinet
from ozon_desktop.ozon import catalog_models, endpoints, models, posting_models, product_models, requests
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.endpoints import Endpoint
from ozon_desktop.ozon.errors import refusal_within
from ozon_desktop.ozon.requests import BarcodeUpdate, PriceUpdate, StockUpdate
from ozon_desktop.ozon.rows import NOT_AS_DOCUMENTED, Mark, Page, RowReader, wrong_shape
from ozon_desktop.ozon.transport import Transport

T = TypeVar("T")
Item = TypeVar("Item")
LARGE_ANSWER = 100_000
"""Bytes from which decoding is left to another thread, so that the loop stays responsive: requests leave in time."""

MOST_PAGES = 20_000
"""Of one list: ten times as many as the largest cabinet has."""

MOST_BAD_ITEMS = 1_000

_roles = models.decoder(models.RolesAnswer)
_seller = models.decoder(models.SellerAnswer)
_tree = models.decoder(catalog_models.TreeAnswer)
_attributes = models.decoder(catalog_models.AttributesAnswer)
_import = models.decoder(product_models.ImportAnswer)
_limits = models.decoder(models.LimitsAnswer)
_label_tasks = models.decoder(posting_models.LabelTasksAnswer)
_label_file = models.decoder(posting_models.LabelFileAnswer)
_barcodes = models.decoder(product_models.BarcodesAnswer)
_archive = models.decoder(product_models.ArchiveAnswer)

logger = logging.getLogger("ozon_desktop.ozon")


def _cursor(answer: Any, _items: Sequence[object]) -> Mark | None:
    return answer.cursor if answer.has_next and answer.cursor else None


def _cursor_alone(answer: Any, _items: Sequence[object]) -> Mark | None:
    """Of methods that give a cursor with the last page as well: one without rows is behind it."""
    return answer.cursor if answer.cursor and answer.rows() else None


def _last_id(answer: Any, items: Sequence[Any]) -> Mark | None:
    return items[-1].id if answer.has_next and items else None


_values = RowReader[DictionaryValue](
    endpoints.ATTRIBUTE_VALUES, catalog_models.ValuesAnswer, catalog_models.ValueRow, attrgetter("id"), _last_id
)
_found_values = RowReader[DictionaryValue](endpoints.SEARCH_VALUES, catalog_models.ValuesAnswer, catalog_models.ValueRow, attrgetter("id"))
_import_info = RowReader[ImportedItem](
    endpoints.IMPORT_INFO, product_models.ImportInfoAnswer, product_models.ImportedRow, attrgetter("offer_id")
)
_price_updates = RowReader[UpdateAnswer](
    endpoints.UPDATE_PRICES, product_models.UpdatesAnswer, product_models.UpdateRow, attrgetter("offer_id")
)
_timers = RowReader[MinPriceTimer](
    endpoints.MIN_PRICE_TIMERS, product_models.TimersAnswer, product_models.TimerRow, attrgetter("product_id")
)
_stock_updates = RowReader[UpdateAnswer](
    endpoints.UPDATE_STOCKS, product_models.UpdatesAnswer, product_models.UpdateRow, attrgetter("offer_id", "warehouse_id")
)
_list = RowReader[ListedProduct](
    endpoints.PRODUCT_LIST,
    product_models.ListAnswer,
    product_models.ListedRow,
    attrgetter("product_id"),
    lambda answer, _items: answer.result.last_id or None if answer.rows() else None,
    lambda answer: answer.result.total_items or answer.result.total,
)
_products = RowReader[CabinetProduct](
    endpoints.PRODUCT_INFO, product_models.ProductsAnswer, product_models.ProductRow, attrgetter("product_id")
)
_cards = RowReader[CabinetCard](
    endpoints.PRODUCT_CARDS,
    product_models.CardsAnswer,
    product_models.CardRow,
    attrgetter("product_id"),
    lambda answer, _items: answer.last_id or None if answer.rows() else None,
    attrgetter("total"),
)
_prices = RowReader[CabinetPrice](
    endpoints.PRODUCT_PRICES, product_models.PricesAnswer, product_models.PriceRow, attrgetter("product_id"), _cursor_alone
)
_stocks = RowReader[tuple[str, tuple[CabinetStock, ...]]](
    endpoints.PRODUCT_STOCKS, product_models.StocksAnswer, product_models.StockRow, itemgetter(0), _cursor_alone
)
_warehouse_stocks = RowReader[tuple[str, WarehouseStock]](
    endpoints.WAREHOUSE_STOCKS,
    product_models.WarehouseStocksAnswer,
    product_models.WarehouseStockRow,
    lambda row: (row[0], row[1].warehouse_id),
    lambda answer, items: _cursor(answer, items) if answer.rows() else None,
)
_warehouses = RowReader[OzonWarehouse](endpoints.WAREHOUSES, models.WarehousesAnswer, models.WarehouseRow, attrgetter("id"), _cursor)
_returns = RowReader[OrderReturn](endpoints.RETURNS, posting_models.ReturnsAnswer, posting_models.ReturnRow, attrgetter("id"), _last_id)


def _postings(endpoint: Endpoint, scheme: str) -> RowReader[Posting]:
    row, number = posting_models.PostingRow, attrgetter("posting_number")
    return RowReader(endpoint, posting_models.PostingsAnswer, row, number, _cursor, convert=lambda row: row.to_domain(scheme))


_fbs = _postings(endpoints.FBS_POSTINGS, "fbs")
_fbo = _postings(endpoints.FBO_POSTINGS, "fbo")
_unfulfilled = _postings(endpoints.UNFULFILLED_POSTINGS, "fbs")


class OzonClient:
    """One cabinet. Every method raises OzonError or NetworkError; a wrong number of items is a ValueError.

    Of an answer that lists rows a bad one is left out and given to `on_bad`; EndlessPages for a list without an end. Several tasks
    may use one client at once. read_only: asked before each request that would change something in the cabinet.
    """

    def __init__(
        self,
        transport: Transport,
        credentials: Credentials,
        on_bad: Callable[[BadItem], object] | None = None,
        most_pages: int = MOST_PAGES,
        read_only: Callable[[], bool] = lambda: False,
    ) -> None:
        self._transport = transport
        self._credentials = credentials
        self._on_bad = on_bad
        self._most_pages = most_pages
        self._read_only = read_only
        self._sent_before = transport.requests_of(credentials.client_id)
        self._bad: dict[BadItem, None] = {}
        self._unread: set[str] = set()

    @property
    def bad_items(self) -> tuple[BadItem, ...]:
        """Rows that could not be read since the client was made, each once; at most a thousand."""
        return tuple(self._bad)

    @property
    def unread(self) -> frozenset[str]:
        """Articles of products with such a row: nothing may be concluded from their absence in an answer."""
        return frozenset(self._unread)

    @property
    def requests_sent(self) -> int:
        """Requests of this cabinet since the client was made, repeated ones included."""
        return self._transport.requests_of(self._credentials.client_id) - self._sent_before

    async def roles(self) -> KeyRoles:
        """/v1/roles: what the key may do, and until when."""
        return await self.ask(endpoints.ROLES, {}, lambda body: _roles(body).to_domain())

    async def seller_info(self) -> Company:
        """/v1/seller/info."""
        return await self.ask(endpoints.SELLER_INFO, {}, lambda body: _seller(body).to_domain())

    async def category_tree(self) -> tuple[list[OzonCategory], list[OzonType]]:
        """/v1/description-category/tree: all categories and types, in tree order."""
        return await self.ask(endpoints.CATEGORY_TREE, {"language": requests.LANGUAGE}, lambda body: _tree(body).to_domain())

    async def attributes(self, key: TypeKey) -> list[Attribute]:
        """/v1/description-category/attribute: the additional fields of a type."""
        query = {**requests.type_query(key), "language": requests.LANGUAGE}
        return await self.ask(endpoints.ATTRIBUTES, query, lambda body: _attributes(body).to_domain())

    async def attribute_values(self, key: TypeKey, attribute_id: int, *, after: int = 0) -> AsyncIterator[list[DictionaryValue]]:
        """/v1/description-category/attribute/values: pages of at most 2000 values, in Ozon's order (by id).

        after: the last value id already known; reading goes on behind it.
        """
        endpoint = endpoints.ATTRIBUTE_VALUES
        query = {**requests.type_query(key), "attribute_id": attribute_id, "language": requests.LANGUAGE, "limit": endpoint.item_limit}
        async for page in self._pages(_values, after, lambda mark: {**query, "last_value_id": mark}):
            yield page.items

    async def search_values(self, key: TypeKey, attribute_id: int, text: str, limit: int = 100) -> list[DictionaryValue]:
        """/v1/description-category/attribute/values/search: the best matches; nothing for texts under two characters."""
        wanted = text.strip()
        if len(wanted) < 2:
            return []
        bounded = max(1, min(limit, endpoints.SEARCH_VALUES.item_limit))
        query = {**requests.type_query(key), "attribute_id": attribute_id, "value": wanted, "limit": bounded}
        return (await self._ask_rows(_found_values, query)).items

    async def import_products(self, cards: Sequence[CardPayload], old_prices: Mapping[str, Decimal] | None = None) -> int:
        """/v3/product/import: creates or fully updates at most 100 products. Returns the task id for `import_info`.

        old_prices: those before the discount by offer_id; a product without one has none afterwards.

        When the answer is lost (AnswerTimeout, ConnectionLost, OzonUnavailable), Ozon may have taken the cards nevertheless.
        """
        check_number(endpoints.IMPORT_PRODUCTS, cards)
        body = {"items": [requests.import_item(card, (old_prices or {}).get(card.offer_id)) for card in cards]}
        return await self.ask(endpoints.IMPORT_PRODUCTS, body, lambda answer: _import(answer).result.task_id)

    async def import_info(self, task_id: int) -> list[ImportedItem]:
        """/v1/product/import/info: how far the task is; empty when Ozon refused the whole of it (category or VAT)."""
        page = await self._ask_rows(_import_info, {"task_id": task_id})
        # Ozon may be done with one that cannot be read: it counts as not done, and is asked about again.
        return page.items + [ImportedItem(bad.offer_id, 0, "pending") for bad in page.bad if bad.offer_id]

    async def update_prices(self, prices: Sequence[PriceUpdate]) -> list[UpdateAnswer]:
        """/v1/product/import/prices: at most 1000; an answer for each. Those Ozon would refuse as too frequent are not sent."""
        check_number(endpoints.UPDATE_PRICES, prices)
        limits, client_id, now = self._transport.item_limits, self._credentials.client_id, self._transport.now()
        refused = [refusal for price in prices if (refusal := limits.price_refusal(client_id, price, now))]
        early = {refusal.offer_id for refusal in refused}
        body = {"prices": [requests.price_item(price) for price in prices if price.offer_id not in early]}
        if not body["prices"]:
            return refused
        answers = (await self._ask_rows(_price_updates, body)).items
        limits.prices_answered(client_id, answers, self._transport.now())
        return answers + refused

    async def min_price_timers(self, product_ids: Sequence[int]) -> list[MinPriceTimer]:
        """/v1/product/action/timer/status of at most 1000 products: until when Ozon respects their lowest prices."""
        check_number(endpoints.MIN_PRICE_TIMERS, product_ids)
        return (await self._ask_rows(_timers, {"product_ids": [str(number) for number in product_ids]})).items

    async def prolong_min_price_timers(self, product_ids: Sequence[int]) -> None:
        """/v1/product/action/timer/update: the lowest prices of at most 1000 products count for 30 days from now."""
        check_number(endpoints.PROLONG_MIN_PRICES, product_ids)
        await self.ask(endpoints.PROLONG_MIN_PRICES, {"product_ids": [str(number) for number in product_ids]}, bytes)

    async def update_stocks(self, stocks: Sequence[StockUpdate]) -> list[UpdateAnswer]:
        """/v2/products/stocks: at most 100 product-warehouse pairs; an answer for each. Those that come too early are not sent."""
        check_number(endpoints.UPDATE_STOCKS, stocks)
        limits, client_id, now = self._transport.item_limits, self._credentials.client_id, self._transport.now()
        refused = [refusal for stock in stocks if (refusal := limits.stock_refusal(client_id, stock, now))]
        early = {(refusal.offer_id, refusal.warehouse_id) for refusal in refused}
        body = {"stocks": [requests.stock_item(stock) for stock in stocks if (stock.offer_id, stock.warehouse_id) not in early]}
        if not body["stocks"]:
            return refused
        answers = (await self._ask_rows(_stock_updates, body)).items
        limits.stocks_answered(client_id, answers, self._transport.now())
        return answers + refused

    async def add_barcodes(self, barcodes: Sequence[BarcodeUpdate]) -> tuple[RefusedBarcode, ...]:
        """/v1/barcode/add: at most 100 barcodes for created cards; gives those that were refused."""
        check_number(endpoints.ADD_BARCODES, barcodes)
        body = {"barcodes": [requests.barcode_item(barcode) for barcode in barcodes]}
        return await self.ask(endpoints.ADD_BARCODES, body, lambda answer: _barcodes(answer).to_domain())

    async def products(self, visibility: str = "ALL") -> AsyncIterator[list[ListedProduct]]:
        """/v3/product/list: pages of at most 1000. ALL leaves archived products out, ARCHIVED gives only those."""
        async for page, _ in self.listing(visibility):
            yield page

    async def listing(self, visibility: str = "ALL") -> AsyncIterator[tuple[list[ListedProduct], int]]:
        """The pages of `products`, each with how many products there are in all (0 = Ozon does not say)."""
        chosen = {"filter": {"visibility": visibility}, "limit": endpoints.PRODUCT_LIST.item_limit}
        async for page in self._pages(_list, "", lambda mark: {**chosen, "last_id": mark}):
            yield page.items, page.total

    async def product_infos(self, offer_ids: Sequence[str]) -> list[CabinetProduct]:
        """/v3/product/info/list for any number of offer ids. Unknown ones are left out, so the answer may be shorter."""
        found: list[CabinetProduct] = []
        for chunk in _chunks(offer_ids, endpoints.PRODUCT_INFO.item_limit):
            found += (await self._ask_rows(_products, {"offer_id": chunk}, chunk, attrgetter("offer_id"))).items
        return found

    async def cards(self, offer_ids: Sequence[str] | None = None, visibility: str = "ALL") -> AsyncIterator[list[CabinetCard]]:
        """/v4/product/info/attributes: pages of at most 1000 cards; all of the cabinet when no ids are given.

        ALL leaves archived products out, ARCHIVED gives only those.
        """
        chunks = [None] if offer_ids is None else _chunks(offer_ids, endpoints.PRODUCT_CARDS.item_limit)
        for chunk in chunks:
            chosen = {"visibility": visibility} if chunk is None else {"offer_id": chunk, "visibility": visibility}
            query = {"filter": chosen, "limit": endpoints.PRODUCT_CARDS.item_limit, "sort_dir": "ASC"}
            async for page in self._pages(_cards, "", partial(_with, query, "last_id"), chunk or (), attrgetter("offer_id")):
                yield page.items

    async def prices(self, offer_ids: Sequence[str], visibility: str = "ALL") -> list[CabinetPrice]:
        """/v5/product/info/prices for any number of offer ids. Unknown ones are left out; visibility as of `cards`."""
        found: list[CabinetPrice] = []
        for chunk in _chunks(offer_ids, endpoints.PRODUCT_PRICES.item_limit):
            async for page in self._pages(_prices, "", _info_query(chunk, visibility), chunk, attrgetter("offer_id"), most=len(chunk)):
                found += page.items
        return found

    async def stocks(self, offer_ids: Sequence[str], visibility: str = "ALL") -> dict[str, tuple[CabinetStock, ...]]:
        """/v4/product/info/stocks: stocks per scheme by offer id, unknown ones left out; visibility as of `cards`."""
        found: dict[str, tuple[CabinetStock, ...]] = {}
        for chunk in _chunks(offer_ids, endpoints.PRODUCT_STOCKS.item_limit):
            async for page in self._pages(_stocks, "", _info_query(chunk, visibility), chunk, itemgetter(0), most=len(chunk)):
                found.update(page.items)
        return found

    async def warehouse_stocks(self, offer_ids: Sequence[str]) -> dict[str, tuple[WarehouseStock, ...]]:
        """/v2/product/info/stocks-by-warehouse/fbs: stocks on the seller's warehouses, FBS and rFBS; those without any are left out."""
        endpoint, found = endpoints.WAREHOUSE_STOCKS, dict[str, list[WarehouseStock]]()
        for chunk in _chunks(offer_ids, endpoint.item_limit):
            query = {"offer_id": chunk, "limit": endpoint.item_limit}
            async for page in self._pages(_warehouse_stocks, "", partial(_with, query, "cursor"), chunk, itemgetter(0)):
                for offer_id, stock in page.items:
                    found.setdefault(offer_id, []).append(stock)
        return {offer_id: tuple(stocks) for offer_id, stocks in found.items()}

    async def limits(self) -> tuple[LimitUsage, ...]:
        """/v4/product/info/limit: total, daily_create, daily_update, per_minute, as far as Ozon names them."""
        return await self.ask(endpoints.PRODUCT_LIMITS, {}, lambda body: _limits(body).to_domain())

    async def warehouses(self) -> list[OzonWarehouse]:
        """/v2/warehouse/list: all FBS and rFBS warehouses, closed ones marked."""
        query = {"limit": endpoints.WAREHOUSES.item_limit}
        pages = self._pages(_warehouses, "", lambda mark: {**query, "cursor": mark} if mark else query)
        return [warehouse async for page in pages for warehouse in page.items]

    def fbs_postings(self, since: datetime, to: datetime, order_numbers: Sequence[str] = ()) -> AsyncIterator[list[Posting]]:
        """/v4/posting/fbs/list: FBS and rFBS postings of at most a year, oldest first, pages of at most 100.

        order_numbers: at most 100; only postings of these orders.
        """
        chosen = {"order_numbers": list(order_numbers)} if order_numbers else {}
        return self._posting_pages(_fbs, {**_period(since, to), **chosen}, {})

    def fbo_postings(self, since: datetime, to: datetime, posting_numbers: Sequence[str] = ()) -> AsyncIterator[list[Posting]]:
        """/v3/posting/fbo/list: FBO postings of at most a year, oldest first, pages of at most 100.

        posting_numbers: at most 100; only these postings.
        """
        chosen = {"posting_numbers": list(posting_numbers)} if posting_numbers else {}
        extra = {"with": {"analytics_data": True}}
        return self._posting_pages(_fbo, {**_period(since, to), **chosen}, extra)

    def unfulfilled_postings(self, since: datetime, to: datetime) -> AsyncIterator[list[Posting]]:
        """/v4/posting/fbs/unfulfilled/list: FBS and rFBS postings still to be packed or handed over by a moment of the period."""
        cutoff = {"cutoff_from": requests.moment(since), "cutoff_to": requests.moment(to)}
        return self._posting_pages(_unfulfilled, cutoff, {})

    async def returns(self, since: datetime, to: datetime) -> AsyncIterator[list[OrderReturn]]:
        """/v1/returns/list: goods on their way back whose state changed in the period, pages of at most 500."""
        changed = {"time_from": requests.moment(since), "time_to": requests.moment(to)}
        query = {"filter": {"visual_status_change_moment": changed}, "limit": endpoints.RETURNS.item_limit}
        async for page in self._pages(_returns, 0, lambda mark: {**query, "last_id": mark}):
            yield page.items

    async def create_labels(self, posting_numbers: Sequence[str], *, small: bool = False) -> int:
        """/v3/posting/fbs/package-label/create: labels of at most 100 FBS postings, big or small. Returns the task for `labels`."""
        check_number(endpoints.CREATE_LABELS, posting_numbers)
        query = {"posting_numbers": list(posting_numbers)}
        kind = "small_label" if small else "big_label"
        return await self.ask(endpoints.CREATE_LABELS, query, lambda body: _label_tasks(body).task_id(kind))

    async def labels(self, task_id: int) -> LabelTask:
        """/v2/posting/fbs/package-label/get: how far the task is; with the address of the PDF once it is ready."""
        return await self.ask(endpoints.LABELS, {"task_id": task_id}, lambda body: _label_file(body).to_domain())

    async def archive(self, product_ids: Sequence[int]) -> bool:
        """/v1/product/archive: at most 100 products, whose stock is zero already."""
        check_number(endpoints.ARCHIVE, product_ids)
        return await self.ask(endpoints.ARCHIVE, {"product_id": list(product_ids)}, lambda body: _archive(body).result)

    async def unarchive(self, product_ids: Sequence[int]) -> bool:
        """/v1/product/unarchive: at most 100 products a request; Ozon lets 100 a day of those it archived itself return."""
        check_number(endpoints.UNARCHIVE, product_ids)
        return await self.ask(endpoints.UNARCHIVE, {"product_id": list(product_ids)}, lambda body: _archive(body).result)

    async def _posting_pages(
        self, reader: RowReader[Posting], filter_: dict[str, Any], extra: dict[str, Any]
    ) -> AsyncIterator[list[Posting]]:
        query = {"filter": filter_, "limit": reader.endpoint.item_limit, "sort_dir": "ASC", **extra}
        async for page in self._pages(reader, "", partial(_with, query, "cursor")):
            yield page.items

    async def _pages(
        self,
        reader: RowReader[Item],
        first: Mark,
        query: Callable[[Mark], dict[str, Any]],
        asked: Sequence[str] = (),
        offer_id: Callable[[Item], str] | None = None,
        *,
        most: int = 0,
    ) -> AsyncIterator[Page[Item]]:
        """The pages with anything in them, to the last one or until `most` rows came (0 = all). See `_ask_rows` for asked and offer_id.

        EndlessPages when a mark comes again, a page brings nothing new, or there are too many of them.
        """
        marks, known, mark, came = {first}, set[object](), first, 0
        for _ in range(self._most_pages):
            page = await self._ask_rows(reader, query(mark), asked, offer_id)
            before = len(known)
            known.update(map(reader.key, page.items))
            came += page.rows
            if page.items:
                yield page
            if page.mark is None or (most and came >= most) or (page.total and came >= page.total):
                return
            if page.mark in marks:
                raise EndlessPages(
                    reader.endpoint.path, detail=f"a page that was read already comes next: {str(page.mark)[:100]}", status=200
                )
            if len(known) == before and not page.bad:
                raise EndlessPages(reader.endpoint.path, detail="a page brought nothing new, and more are to come", status=200)
            mark = page.mark
            marks.add(mark)
        raise EndlessPages(reader.endpoint.path, detail=f"more than {self._most_pages} pages", status=200)

    async def _ask_rows(
        self,
        reader: RowReader[Item],
        query: dict[str, Any],
        asked: Sequence[str] = (),
        offer_id: Callable[[Item], str] | None = None,
    ) -> Page[Item]:
        """An answer that lists rows. asked: the articles it was asked for; offer_id: which of them a row is about."""
        page = await self.ask(reader.endpoint, query, reader)
        if page.bad:
            here = {offer_id(item) for item in page.items} if offer_id is not None else set[str]()
            self._note(page.bad, [article for article in asked if article not in here])
        return page

    def _note(self, bad: Iterable[BadItem], missing: Sequence[str]) -> None:
        """missing: articles asked for that no good row is about: a row that does not say whose it is may be any of theirs."""
        for item in bad:
            self._unread.update([item.offer_id] if item.offer_id else missing)
            if item in self._bad or len(self._bad) >= MOST_BAD_ITEMS:
                continue
            self._bad[item] = None
            logger.warning("%s: row %s, field %s: %s", item.method, item.item or "?", item.field or "?", item.detail)
            if self._on_bad is not None:
                self._on_bad(item)

    async def answer(self, endpoint: Endpoint, query: dict[str, Any]) -> bytes:
        """The answer as it came, for whoever looks at its form. ReadOnlyCabinet for a method that writes where none may."""
        if not endpoint.reads and self._read_only():
            raise ReadOnlyCabinet(endpoint.path)
        return await self._transport.post(endpoint, self._credentials, msgspec.json.encode(query))

    async def ask(self, endpoint: Endpoint, query: dict[str, Any], decode: Callable[[bytes], T]) -> T:
        """Sends the query and decodes the answer; UnexpectedAnswer when it has another shape than documented."""
        answer = await self.answer(endpoint, query)
        try:
            if len(answer) >= LARGE_ANSWER:
                return await asyncio.to_thread(decode, answer)
            return decode(answer)
        except NOT_AS_DOCUMENTED as error:
            failure = refusal_within(endpoint.path, answer) or wrong_shape(endpoint, error)
        # The error may be kept for long; the answer is not kept with it.
        del answer
        raise failure


def check_number(endpoint: Endpoint, items: Sequence[object]) -> None:
    """ValueError for more items, or fewer, than a request takes."""
    if not 1 <= len(items) <= endpoint.item_limit:
        raise ValueError(f"{endpoint.path} takes 1 to {endpoint.item_limit} items, not {len(items)}")


def _period(since: datetime, to: datetime) -> dict[str, Any]:
    return {"since": requests.moment(since), "to": requests.moment(to)}


def _with(query: dict[str, Any], name: str, mark: Mark) -> dict[str, Any]:
    return {**query, name: mark}


def _info_query(offer_ids: list[str], visibility: str) -> Callable[[Mark], dict[str, Any]]:
    """The query of a page of /v5/product/info/prices and /v4/product/info/stocks, which have the same limit."""
    query = {"filter": {"offer_id": offer_ids, "visibility": visibility}, "limit": endpoints.PRODUCT_PRICES.item_limit}
    return partial(_with, query, "cursor")


def _chunks(items: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
