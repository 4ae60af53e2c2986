"""The Ozon Seller API as the program uses it: domain objects in, domain objects out, one method per method of Ozon."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from ozon_desktop.domain.adoption import CabinetPrice, CabinetStock
from ozon_desktop.domain.cabinet import (
    CabinetCard,
    CabinetProduct,
    Company,
    ImportedItem,
    KeyRoles,
    ListedProduct,
    OzonWarehouse,
    UpdateAnswer,
    WarehouseStock,
)
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.orders import LabelTask, OrderReturn, Posting
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue, OzonCategory, OzonType, TypeKey
from ozon_desktop.errors import UnexpectedAnswer
from ozon_desktop.ozon import catalog_models, endpoints, models, posting_models, product_models, requests
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.endpoints import Endpoint
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate
from ozon_desktop.ozon.transport import Transport

T = TypeVar("T")
InfoAnswer = TypeVar("InfoAnswer", product_models.PricesAnswer, product_models.StocksAnswer)
LARGE_ANSWER = 100_000
"""Bytes from which decoding is left to another thread, so that the loop stays responsive: requests leave in time."""

_roles = models.decoder(models.RolesAnswer)
_seller = models.decoder(models.SellerAnswer)
_tree = models.decoder(catalog_models.TreeAnswer)
_attributes = models.decoder(catalog_models.AttributesAnswer)
_values = models.decoder(catalog_models.ValuesAnswer)
_import = models.decoder(product_models.ImportAnswer)
_import_info = models.decoder(product_models.ImportInfoAnswer)
_updates = models.decoder(product_models.UpdatesAnswer)
_list = models.decoder(product_models.ListAnswer)
_products = models.decoder(product_models.ProductsAnswer)
_cards = models.decoder(product_models.CardsAnswer)
_prices = models.decoder(product_models.PricesAnswer)
_stocks = models.decoder(product_models.StocksAnswer)
_warehouse_stocks = models.decoder(product_models.WarehouseStocksAnswer)
_limits = models.decoder(models.LimitsAnswer)
_warehouses = models.decoder(models.WarehousesAnswer)
_postings = models.decoder(posting_models.PostingsAnswer)
_returns = models.decoder(posting_models.ReturnsAnswer)
_label_tasks = models.decoder(posting_models.LabelTasksAnswer)
_label_file = models.decoder(posting_models.LabelFileAnswer)
_archive = models.decoder(product_models.ArchiveAnswer)


class OzonClient:
    """One cabinet. Every method raises OzonError or NetworkError; a wrong number of items is a ValueError.

    Nothing is kept between calls, so several tasks may use one client at once.
    """

    def __init__(self, transport: Transport, credentials: Credentials) -> None:
        self._transport = transport
        self._credentials = credentials
        self._sent_before = transport.requests_of(credentials.client_id)

    @property
    def requests_sent(self) -> int:
        """Requests of this cabinet since the client was made, repeated ones included."""
        return self._transport.requests_of(self._credentials.client_id) - self._sent_before

    async def roles(self) -> KeyRoles:
        """/v1/roles: what the key may do, and until when."""
        return await self._ask(endpoints.ROLES, {}, lambda body: _roles(body).to_domain())

    async def seller_info(self) -> Company:
        """/v1/seller/info."""
        return await self._ask(endpoints.SELLER_INFO, {}, lambda body: _seller(body).to_domain())

    async def category_tree(self) -> tuple[list[OzonCategory], list[OzonType]]:
        """/v1/description-category/tree: all categories and types, in tree order."""
        return await self._ask(endpoints.CATEGORY_TREE, {"language": requests.LANGUAGE}, lambda body: _tree(body).to_domain())

    async def attributes(self, key: TypeKey) -> list[Attribute]:
        """/v1/description-category/attribute: the additional fields of a type."""
        query = {**requests.type_query(key), "language": requests.LANGUAGE}
        return await self._ask(endpoints.ATTRIBUTES, query, lambda body: _attributes(body).to_domain())

    async def attribute_values(self, key: TypeKey, attribute_id: int, *, after: int = 0) -> AsyncIterator[list[DictionaryValue]]:
        """/v1/description-category/attribute/values: pages of at most 2000 values, in Ozon's order (by id).

        after: the last value id already known; reading goes on behind it.
        """
        endpoint = endpoints.ATTRIBUTE_VALUES
        query = {**requests.type_query(key), "attribute_id": attribute_id, "language": requests.LANGUAGE, "limit": endpoint.item_limit}
        while True:
            answer = await self._ask(endpoint, {**query, "last_value_id": after}, _values)
            page = answer.to_domain()
            if page:
                yield page
            if not page or not answer.has_next:
                return
            after = self._moved(endpoint, after, page[-1].id)

    async def search_values(self, key: TypeKey, attribute_id: int, text: str, limit: int = 100) -> list[DictionaryValue]:
        """/v1/description-category/attribute/values/search: the best matches; nothing for texts under two characters."""
        wanted = text.strip()
        if len(wanted) < 2:
            return []
        bounded = max(1, min(limit, endpoints.SEARCH_VALUES.item_limit))
        query = {**requests.type_query(key), "attribute_id": attribute_id, "value": wanted, "limit": bounded}
        return await self._ask(endpoints.SEARCH_VALUES, query, lambda body: _values(body).to_domain())

    async def import_products(self, cards: Sequence[CardPayload], old_prices: Mapping[str, Decimal] | None = None) -> int:
        """/v3/product/import: creates or fully updates at most 100 products. Returns the task id for `import_info`.

        old_prices: those before the discount by offer_id; a product without one has none afterwards.

        When the answer is lost (AnswerTimeout, ConnectionLost, OzonUnavailable), Ozon may have taken the cards nevertheless.
        """
        self._check_number(endpoints.IMPORT_PRODUCTS, cards)
        body = {"items": [requests.import_item(card, (old_prices or {}).get(card.offer_id)) for card in cards]}
        return await self._ask(endpoints.IMPORT_PRODUCTS, body, lambda answer: _import(answer).result.task_id)

    async def import_info(self, task_id: int) -> list[ImportedItem]:
        """/v1/product/import/info: how far the task is; empty when Ozon refused the whole of it (category or VAT)."""
        return await self._ask(endpoints.IMPORT_INFO, {"task_id": task_id}, lambda body: _import_info(body).to_domain())

    async def update_prices(self, prices: Sequence[PriceUpdate]) -> list[UpdateAnswer]:
        """/v1/product/import/prices: at most 1000; an answer for each. Those Ozon would refuse as too frequent are not sent."""
        self._check_number(endpoints.UPDATE_PRICES, prices)
        limits, client_id, now = self._transport.item_limits, self._credentials.client_id, self._transport.now()
        refused = [refusal for price in prices if (refusal := limits.price_refusal(client_id, price, now))]
        early = {refusal.offer_id for refusal in refused}
        body = {"prices": [requests.price_item(price) for price in prices if price.offer_id not in early]}
        if not body["prices"]:
            return refused
        answers = await self._ask(endpoints.UPDATE_PRICES, body, lambda answer: _updates(answer).to_domain())
        limits.prices_answered(client_id, answers, self._transport.now())
        return answers + refused

    async def update_stocks(self, stocks: Sequence[StockUpdate]) -> list[UpdateAnswer]:
        """/v2/products/stocks: at most 100 product-warehouse pairs; an answer for each. Those that come too early are not sent."""
        self._check_number(endpoints.UPDATE_STOCKS, stocks)
        limits, client_id, now = self._transport.item_limits, self._credentials.client_id, self._transport.now()
        refused = [refusal for stock in stocks if (refusal := limits.stock_refusal(client_id, stock, now))]
        early = {(refusal.offer_id, refusal.warehouse_id) for refusal in refused}
        body = {"stocks": [requests.stock_item(stock) for stock in stocks if (stock.offer_id, stock.warehouse_id) not in early]}
        if not body["stocks"]:
            return refused
        answers = await self._ask(endpoints.UPDATE_STOCKS, body, lambda answer: _updates(answer).to_domain())
        limits.stocks_answered(client_id, answers, self._transport.now())
        return answers + refused

    async def products(self, visibility: str = "ALL") -> AsyncIterator[list[ListedProduct]]:
        """/v3/product/list: pages of at most 1000. ALL leaves archived products out, ARCHIVED gives only those."""
        async for page, _ in self.listing(visibility):
            yield page

    async def listing(self, visibility: str = "ALL") -> AsyncIterator[tuple[list[ListedProduct], int]]:
        """The pages of `products`, each with how many products there are in all (0 = Ozon does not say)."""
        endpoint = endpoints.PRODUCT_LIST
        last_id, seen = "", 0
        while True:
            query = {"filter": {"visibility": visibility}, "last_id": last_id, "limit": endpoint.item_limit}
            answer = await self._ask(endpoint, query, _list)
            page = answer.to_domain()
            total = answer.result.total_items or answer.result.total or 0
            if page:
                yield page, total
            seen += len(page)
            if not page or not answer.result.last_id or (total and seen >= total):
                return
            last_id = self._moved(endpoint, last_id, answer.result.last_id)

    async def product_infos(self, offer_ids: Sequence[str]) -> list[CabinetProduct]:
        """/v3/product/info/list for any number of offer ids. Unknown ones are left out, so the answer may be shorter."""
        found: list[CabinetProduct] = []
        for chunk in _chunks(offer_ids, endpoints.PRODUCT_INFO.item_limit):
            found += await self._ask(endpoints.PRODUCT_INFO, {"offer_id": chunk}, lambda body: _products(body).to_domain())
        return found

    async def cards(self, offer_ids: Sequence[str] | None = None, visibility: str = "ALL") -> AsyncIterator[list[CabinetCard]]:
        """/v4/product/info/attributes: pages of at most 1000 cards; all of the cabinet when no ids are given.

        ALL leaves archived products out, ARCHIVED gives only those.
        """
        if offer_ids is None:
            async for page in self._card_pages({"visibility": visibility}):
                yield page
            return
        for chunk in _chunks(offer_ids, endpoints.PRODUCT_CARDS.item_limit):
            async for page in self._card_pages({"offer_id": chunk, "visibility": visibility}):
                yield page

    async def prices(self, offer_ids: Sequence[str], visibility: str = "ALL") -> list[CabinetPrice]:
        """/v5/product/info/prices for any number of offer ids. Unknown ones are left out; visibility as of `cards`."""
        found: list[CabinetPrice] = []
        for chunk in _chunks(offer_ids, endpoints.PRODUCT_PRICES.item_limit):
            async for answer in self._info_pages(endpoints.PRODUCT_PRICES, chunk, visibility, _prices):
                found += answer.to_domain()
        return found

    async def stocks(self, offer_ids: Sequence[str], visibility: str = "ALL") -> dict[str, tuple[CabinetStock, ...]]:
        """/v4/product/info/stocks: stocks per scheme by offer id, unknown ones left out; visibility as of `cards`."""
        found: dict[str, tuple[CabinetStock, ...]] = {}
        for chunk in _chunks(offer_ids, endpoints.PRODUCT_STOCKS.item_limit):
            async for answer in self._info_pages(endpoints.PRODUCT_STOCKS, chunk, visibility, _stocks):
                found.update(answer.to_domain())
        return found

    async def warehouse_stocks(self, offer_ids: Sequence[str]) -> dict[str, tuple[WarehouseStock, ...]]:
        """/v2/product/info/stocks-by-warehouse/fbs: stocks on the seller's warehouses, FBS and rFBS; those without any are left out."""
        endpoint, found = endpoints.WAREHOUSE_STOCKS, dict[str, list[WarehouseStock]]()
        for chunk in _chunks(offer_ids, endpoint.item_limit):
            cursor = ""
            while True:
                answer = await self._ask(endpoint, {"offer_id": chunk, "limit": endpoint.item_limit, "cursor": cursor}, _warehouse_stocks)
                for offer_id, stock in answer.to_domain():
                    found.setdefault(offer_id, []).append(stock)
                if not answer.products or not answer.has_next or not answer.cursor:
                    break
                cursor = self._moved(endpoint, cursor, answer.cursor)
        return {offer_id: tuple(stocks) for offer_id, stocks in found.items()}

    async def limits(self) -> tuple[LimitUsage, ...]:
        """/v4/product/info/limit: total, daily_create, daily_update, as far as Ozon names them."""
        return await self._ask(endpoints.PRODUCT_LIMITS, {}, lambda body: _limits(body).to_domain())

    async def warehouses(self) -> list[OzonWarehouse]:
        """/v2/warehouse/list: all FBS and rFBS warehouses, closed ones marked."""
        found: list[OzonWarehouse] = []
        endpoint, cursor = endpoints.WAREHOUSES, ""
        while True:
            query = {"limit": endpoint.item_limit} | ({"cursor": cursor} if cursor else {})
            answer = await self._ask(endpoint, query, _warehouses)
            found += answer.to_domain()
            if not answer.has_next or not answer.cursor:
                return found
            cursor = self._moved(endpoint, cursor, answer.cursor)

    def fbs_postings(self, since: datetime, to: datetime, order_numbers: Sequence[str] = ()) -> AsyncIterator[list[Posting]]:
        """/v4/posting/fbs/list: FBS and rFBS postings of at most a year, oldest first, pages of at most 100.

        order_numbers: at most 100; only postings of these orders.
        """
        chosen = {"order_numbers": list(order_numbers)} if order_numbers else {}
        return self._posting_pages(endpoints.FBS_POSTINGS, "fbs", {**_period(since, to), **chosen}, {})

    def fbo_postings(self, since: datetime, to: datetime, posting_numbers: Sequence[str] = ()) -> AsyncIterator[list[Posting]]:
        """/v3/posting/fbo/list: FBO postings of at most a year, oldest first, pages of at most 100.

        posting_numbers: at most 100; only these postings.
        """
        chosen = {"posting_numbers": list(posting_numbers)} if posting_numbers else {}
        extra = {"with": {"analytics_data": True}}
        return self._posting_pages(endpoints.FBO_POSTINGS, "fbo", {**_period(since, to), **chosen}, extra)

    def unfulfilled_postings(self, since: datetime, to: datetime) -> AsyncIterator[list[Posting]]:
        """/v4/posting/fbs/unfulfilled/list: FBS and rFBS postings still to be packed or handed over by a moment of the period."""
        cutoff = {"cutoff_from": requests.moment(since), "cutoff_to": requests.moment(to)}
        return self._posting_pages(endpoints.UNFULFILLED_POSTINGS, "fbs", cutoff, {})

    async def returns(self, since: datetime, to: datetime) -> AsyncIterator[list[OrderReturn]]:
        """/v1/returns/list: goods on their way back whose state changed in the period, pages of at most 500."""
        endpoint, last_id = endpoints.RETURNS, 0
        changed = {"time_from": requests.moment(since), "time_to": requests.moment(to)}
        while True:
            query = {"filter": {"visual_status_change_moment": changed}, "limit": endpoint.item_limit, "last_id": last_id}
            answer = await self._ask(endpoint, query, _returns)
            page = answer.to_domain()
            if page:
                yield page
            if not page or not answer.has_next:
                return
            last_id = self._moved(endpoint, last_id, page[-1].id)

    async def create_labels(self, posting_numbers: Sequence[str]) -> int:
        """/v3/posting/fbs/package-label/create: labels of at most 100 FBS postings. Returns the task for `labels`."""
        self._check_number(endpoints.CREATE_LABELS, posting_numbers)
        query = {"posting_numbers": list(posting_numbers)}
        return await self._ask(endpoints.CREATE_LABELS, query, lambda body: _label_tasks(body).task_id())

    async def labels(self, task_id: int) -> LabelTask:
        """/v2/posting/fbs/package-label/get: how far the task is; with the address of the PDF once it is ready."""
        return await self._ask(endpoints.LABELS, {"task_id": task_id}, lambda body: _label_file(body).to_domain())

    async def archive(self, product_ids: Sequence[int]) -> bool:
        """/v1/product/archive: at most 100 products, whose stock is zero already."""
        self._check_number(endpoints.ARCHIVE, product_ids)
        return await self._ask(endpoints.ARCHIVE, {"product_id": list(product_ids)}, lambda body: _archive(body).result)

    async def unarchive(self, product_ids: Sequence[int]) -> bool:
        """/v1/product/unarchive: at most 100 products a request; Ozon lets 100 a day of those it archived itself return."""
        self._check_number(endpoints.UNARCHIVE, product_ids)
        return await self._ask(endpoints.UNARCHIVE, {"product_id": list(product_ids)}, lambda body: _archive(body).result)

    async def _card_pages(self, filter_: dict[str, Any]) -> AsyncIterator[list[CabinetCard]]:
        endpoint = endpoints.PRODUCT_CARDS
        last_id, seen = "", 0
        while True:
            query = {"filter": filter_, "last_id": last_id, "limit": endpoint.item_limit, "sort_dir": "ASC"}
            answer, page = await self._ask(endpoint, query, _card_page)
            if page:
                yield page
            seen += len(page)
            if not page or not answer.last_id or (answer.total and seen >= answer.total):
                return
            last_id = self._moved(endpoint, last_id, answer.last_id)

    async def _info_pages(
        self, endpoint: Endpoint, offer_ids: list[str], visibility: str, decode: Callable[[bytes], InfoAnswer]
    ) -> AsyncIterator[InfoAnswer]:
        cursor, seen = "", 0
        while True:
            query = {"filter": {"offer_id": offer_ids, "visibility": visibility}, "cursor": cursor, "limit": endpoint.item_limit}
            answer = await self._ask(endpoint, query, decode)
            if answer.items:
                yield answer
            seen += len(answer.items or ())
            if not answer.items or not answer.cursor or seen >= len(offer_ids):
                return
            cursor = self._moved(endpoint, cursor, answer.cursor)

    async def _posting_pages(
        self, endpoint: Endpoint, scheme: str, filter_: dict[str, Any], extra: dict[str, Any]
    ) -> AsyncIterator[list[Posting]]:
        cursor = ""
        while True:
            query = {"filter": filter_, "limit": endpoint.item_limit, "cursor": cursor, "sort_dir": "ASC", **extra}
            answer, page = await self._ask(endpoint, query, lambda body: _posting_page(body, scheme))
            if page:
                yield page
            if not answer.has_next or not answer.cursor:
                return
            cursor = self._moved(endpoint, cursor, answer.cursor)

    async def answer(self, endpoint: Endpoint, query: dict[str, Any]) -> bytes:
        """The answer as it came, for whoever looks at its form."""
        return await self._transport.post(endpoint, self._credentials, msgspec.json.encode(query))

    async def _ask(self, endpoint: Endpoint, query: dict[str, Any], decode: Callable[[bytes], T]) -> T:
        """Sends the query and decodes the answer; UnexpectedAnswer when it has another shape than documented."""
        answer = await self.answer(endpoint, query)
        try:
            if len(answer) >= LARGE_ANSWER:
                return await asyncio.to_thread(decode, answer)
            return decode(answer)
        except (msgspec.MsgspecError, ValueError) as error:
            raise UnexpectedAnswer(endpoint.path, detail=str(error), status=200) from error

    @staticmethod
    def _moved(endpoint: Endpoint, before: T, after: T) -> T:
        """The next page's mark. One that stays where it was would be read for ever."""
        if before == after:
            raise UnexpectedAnswer(endpoint.path, detail=f"the next page begins where this one did: {after}", status=200)
        return after

    @staticmethod
    def _check_number(endpoint: Endpoint, items: Sequence[object]) -> None:
        if not 1 <= len(items) <= endpoint.item_limit:
            raise ValueError(f"{endpoint.path} takes 1 to {endpoint.item_limit} items, not {len(items)}")


def _card_page(body: bytes) -> tuple[product_models.CardsAnswer, list[CabinetCard]]:
    answer = _cards(body)
    return answer, answer.to_domain()


def _period(since: datetime, to: datetime) -> dict[str, Any]:
    return {"since": requests.moment(since), "to": requests.moment(to)}


def _posting_page(body: bytes, scheme: str) -> tuple[posting_models.PostingsAnswer, list[Posting]]:
    answer = _postings(body)
    return answer, answer.to_domain(scheme)


def _chunks(items: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
