"""The Ozon Seller API as the program uses it: domain objects in, domain objects out, one method per method of Ozon."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from ozon_desktop.domain.cabinet import (
    CabinetCard,
    CabinetProduct,
    Company,
    ImportedItem,
    KeyRoles,
    ListedProduct,
    OzonWarehouse,
    UpdateAnswer,
)
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.orders import Posting
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryValue, OzonCategory, OzonType, TypeKey
from ozon_desktop.errors import UnexpectedAnswer
from ozon_desktop.ozon import catalog_models, endpoints, models, posting_models, product_models, requests
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.endpoints import Endpoint
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate
from ozon_desktop.ozon.transport import Transport

__all__ = ["Credentials", "OzonClient", "PriceUpdate", "StockUpdate"]

T = TypeVar("T")
LARGE_ANSWER = 500_000
"""Bytes from which decoding is left to another thread, so that the loop stays responsive."""

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
_limits = models.decoder(models.LimitsAnswer)
_warehouses = models.decoder(models.WarehousesAnswer)
_postings = models.decoder(posting_models.PostingsAnswer)
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

    async def import_products(self, cards: Sequence[CardPayload]) -> int:
        """/v3/product/import: creates or fully updates at most 100 products. Returns the task id for `import_info`.

        When the answer is lost (AnswerTimeout, ConnectionLost, OzonUnavailable), Ozon may have taken the cards nevertheless.
        """
        self._check_number(endpoints.IMPORT_PRODUCTS, cards)
        body = {"items": [requests.import_item(card) for card in cards]}
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
        endpoint = endpoints.PRODUCT_LIST
        last_id, seen = "", 0
        while True:
            query = {"filter": {"visibility": visibility}, "last_id": last_id, "limit": endpoint.item_limit}
            answer = await self._ask(endpoint, query, _list)
            page = answer.to_domain()
            if page:
                yield page
            seen += len(page)
            total = answer.result.total_items or answer.result.total or 0
            if not page or not answer.result.last_id or (total and seen >= total):
                return
            last_id = self._moved(endpoint, last_id, answer.result.last_id)

    async def product_infos(self, offer_ids: Sequence[str]) -> list[CabinetProduct]:
        """/v3/product/info/list for any number of offer ids. Unknown ones are left out, so the answer may be shorter."""
        found: list[CabinetProduct] = []
        for chunk in _chunks(offer_ids, endpoints.PRODUCT_INFO.item_limit):
            found += await self._ask(endpoints.PRODUCT_INFO, {"offer_id": chunk}, lambda body: _products(body).to_domain())
        return found

    async def cards(self, offer_ids: Sequence[str] | None = None) -> AsyncIterator[list[CabinetCard]]:
        """/v4/product/info/attributes: pages of at most 1000 cards; all of the cabinet (but the archived) when no ids are given."""
        if offer_ids is None:
            async for page in self._card_pages({"visibility": "ALL"}):
                yield page
            return
        for chunk in _chunks(offer_ids, endpoints.PRODUCT_CARDS.item_limit):
            async for page in self._card_pages({"offer_id": chunk, "visibility": "ALL"}):
                yield page

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

    def fbs_postings(self, since: datetime, to: datetime) -> AsyncIterator[list[Posting]]:
        """/v4/posting/fbs/list: FBS and rFBS postings of at most a year, oldest first, pages of at most 100."""
        return self._posting_pages(endpoints.FBS_POSTINGS, "fbs", since, to, {})

    def fbo_postings(self, since: datetime, to: datetime) -> AsyncIterator[list[Posting]]:
        """/v3/posting/fbo/list: FBO postings of at most a year, oldest first, pages of at most 100."""
        return self._posting_pages(endpoints.FBO_POSTINGS, "fbo", since, to, {"with": {"analytics_data": True}})

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

    async def _posting_pages(
        self, endpoint: Endpoint, scheme: str, since: datetime, to: datetime, extra: dict[str, Any]
    ) -> AsyncIterator[list[Posting]]:
        period = {"since": requests.moment(since), "to": requests.moment(to)}
        cursor = ""
        while True:
            query = {"filter": period, "limit": endpoint.item_limit, "cursor": cursor, "sort_dir": "ASC", **extra}
            answer, page = await self._ask(endpoint, query, lambda body: _posting_page(body, scheme))
            if page:
                yield page
            if not answer.has_next or not answer.cursor:
                return
            cursor = self._moved(endpoint, cursor, answer.cursor)

    async def _ask(self, endpoint: Endpoint, query: dict[str, Any], decode: Callable[[bytes], T]) -> T:
        """Sends the query and decodes the answer; UnexpectedAnswer when it has another shape than documented."""
        answer = await self._transport.post(endpoint, self._credentials, msgspec.json.encode(query))
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


def _posting_page(body: bytes, scheme: str) -> tuple[posting_models.PostingsAnswer, list[Posting]]:
    answer = _postings(body)
    return answer, answer.to_domain(scheme)


def _chunks(items: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
