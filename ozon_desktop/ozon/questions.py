"""Every reading method of the program with the smallest question that gets a useful answer, and what later questions take from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ozon_desktop.domain.answers_report import Lacking
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.ozon import catalog_models, endpoints, fbs_models, models, posting_models, product_models, requests
from ozon_desktop.ozon.endpoints import Endpoint

ORDERS_OF = timedelta(days=360)
"""How far back one order is looked for; Ozon takes periods of up to a year."""

RETURNS_OF = timedelta(days=90)
CUTOFF_WITHIN = timedelta(days=30)


@dataclass(slots=True)
class Found:
    """What earlier answers gave. now: aware."""

    now: datetime
    type_key: TypeKey | None = None
    attribute_id: int = 0
    value: str = ""
    offer_id: str = ""
    product_id: int = 0
    posting_number: str = ""

    @property
    def dictionary(self) -> dict[str, Any] | None:
        """The question for values of an attribute."""
        return {**requests.type_query(self.type_key), "attribute_id": self.attribute_id} if self.type_key and self.attribute_id else None

    def period(self, since: str, to: str, back: timedelta, ahead: timedelta = timedelta()) -> dict[str, str]:
        return {since: requests.moment(self.now - back), to: requests.moment(self.now + ahead)}


@dataclass(frozen=True, slots=True)
class Question:
    """query gives None when something is not found yet: `lacking` says what. answer: the struct the program reads the answer with."""

    endpoint: Endpoint
    answer: type[msgspec.Struct]
    query: Callable[[Found], dict[str, Any] | None]
    lacking: Lacking | None = None
    learn: Callable[[Any, Found], None] | None = None


def _learn_type(answer: catalog_models.TreeAnswer, found: Found) -> None:
    found.type_key = next((type_.key for type_ in answer.to_domain()[1] if type_.usable), None)


def _learn_attribute(answer: catalog_models.AttributesAnswer, found: Found) -> None:
    found.attribute_id = next((row.id for row in answer.to_domain() if row.has_dictionary), 0)


def _learn_value(answer: catalog_models.ValuesAnswer[catalog_models.ValueRow], found: Found) -> None:
    found.value = next((row.value for row in map(catalog_models.ValueRow.to_domain, answer.rows()) if len(row.value) >= 2), "")


def _learn_product(answer: product_models.ListAnswer[product_models.ListedRow], found: Found) -> None:
    first = next((row for row in answer.rows() if row.offer_id), None)
    if first is not None:
        found.offer_id, found.product_id = first.offer_id or "", first.product_id


def _learn_posting(answer: posting_models.PostingsAnswer[posting_models.PostingRow], found: Found) -> None:
    found.posting_number = next((row.posting_number for row in answer.rows()), "")


def _of_posting(found: Found) -> dict[str, Any] | None:
    return {"posting_number": found.posting_number, "with": {"related_postings": True}} if found.posting_number else None


def _reasons_of_posting(found: Found) -> dict[str, Any] | None:
    return {"related_posting_numbers": [found.posting_number]} if found.posting_number else None


def _ask_attributes(found: Found) -> dict[str, Any] | None:
    return {**requests.type_query(found.type_key), "language": requests.LANGUAGE} if found.type_key else None


def _ask_values(found: Found) -> dict[str, Any] | None:
    return {**found.dictionary, "language": requests.LANGUAGE, "limit": 1, "last_value_id": 0} if found.dictionary else None


def _search_value(found: Found) -> dict[str, Any] | None:
    return {**found.dictionary, "value": found.value, "limit": 1} if found.dictionary and found.value else None


def _of_product(**more: Any) -> Callable[[Found], dict[str, Any] | None]:
    return lambda found: {"offer_id": [found.offer_id], **more} if found.offer_id else None


def _of_product_id(found: Found) -> dict[str, Any] | None:
    return {"product_ids": [str(found.product_id)]} if found.product_id else None


def _of_product_page(found: Found) -> dict[str, Any] | None:
    filter_ = {"offer_id": [found.offer_id], "visibility": "ALL"}
    return {"filter": filter_, "cursor": "", "limit": 1} if found.offer_id else None


def _postings(**more: Any) -> Callable[[Found], dict[str, Any]]:
    page = {"limit": 1, "cursor": "", "sort_dir": "ASC"}
    return lambda found: {"filter": found.period("since", "to", ORDERS_OF), **page, **more}


def _unfulfilled(found: Found) -> dict[str, Any]:
    return {"filter": found.period("cutoff_from", "cutoff_to", CUTOFF_WITHIN, CUTOFF_WITHIN), "limit": 1, "cursor": "", "sort_dir": "ASC"}


def _returns(found: Found) -> dict[str, Any]:
    changed = found.period("time_from", "time_to", RETURNS_OF)
    return {"filter": {"visual_status_change_moment": changed}, "limit": 1, "last_id": 0}


def _nothing(_: Found) -> dict[str, Any]:
    return {}


def _never(_: Found) -> None:
    """Only a method that changes something gives the number of a task."""


_LIST = {"filter": {"visibility": "ALL"}, "last_id": "", "limit": 1}

QUESTIONS: tuple[Question, ...] = (
    Question(endpoints.ROLES, models.RolesAnswer, _nothing),
    Question(endpoints.SELLER_INFO, models.SellerAnswer, _nothing),
    Question(endpoints.CATEGORY_TREE, catalog_models.TreeAnswer, lambda _: {"language": requests.LANGUAGE}, learn=_learn_type),
    Question(endpoints.ATTRIBUTES, catalog_models.AttributesAnswer, _ask_attributes, Lacking.TYPE, _learn_attribute),
    Question(
        endpoints.ATTRIBUTE_VALUES, catalog_models.ValuesAnswer[catalog_models.ValueRow], _ask_values, Lacking.DICTIONARY, _learn_value
    ),
    Question(endpoints.SEARCH_VALUES, catalog_models.ValuesAnswer[catalog_models.ValueRow], _search_value, Lacking.VALUE),
    Question(endpoints.PRODUCT_LIMITS, models.LimitsAnswer, _nothing),
    Question(endpoints.PRODUCT_LIST, product_models.ListAnswer[product_models.ListedRow], lambda _: _LIST, learn=_learn_product),
    Question(endpoints.PRODUCT_INFO, product_models.ProductsAnswer[product_models.ProductRow], _of_product(), Lacking.PRODUCT),
    Question(endpoints.PRODUCT_CARDS, product_models.CardsAnswer[product_models.CardRow], lambda _: {**_LIST, "sort_dir": "ASC"}),
    Question(endpoints.PRODUCT_PRICES, product_models.PricesAnswer[product_models.PriceRow], _of_product_page, Lacking.PRODUCT),
    Question(endpoints.MIN_PRICE_TIMERS, product_models.TimersAnswer[product_models.TimerRow], _of_product_id, Lacking.PRODUCT),
    Question(endpoints.PRODUCT_STOCKS, product_models.StocksAnswer[product_models.StockRow], _of_product_page, Lacking.PRODUCT),
    Question(
        endpoints.WAREHOUSE_STOCKS,
        product_models.WarehouseStocksAnswer[product_models.WarehouseStockRow],
        _of_product(limit=1, cursor=""),
        Lacking.PRODUCT,
    ),
    Question(endpoints.WAREHOUSES, models.WarehousesAnswer[models.WarehouseRow], lambda _: {"limit": 1}),
    Question(endpoints.FBS_POSTINGS, posting_models.PostingsAnswer[posting_models.PostingRow], _postings(), learn=_learn_posting),
    Question(
        endpoints.FBO_POSTINGS, posting_models.PostingsAnswer[posting_models.PostingRow], _postings(**{"with": {"analytics_data": True}})
    ),
    Question(endpoints.UNFULFILLED_POSTINGS, posting_models.PostingsAnswer[posting_models.PostingRow], _unfulfilled),
    Question(endpoints.RETURNS, posting_models.ReturnsAnswer[posting_models.ReturnRow], _returns),
    Question(endpoints.IMPORT_INFO, product_models.ImportInfoAnswer[product_models.ImportedRow], _never, Lacking.TASK),
    Question(endpoints.LABELS, posting_models.LabelFileAnswer, _never, Lacking.TASK),
    Question(endpoints.POSTING, fbs_models.PostingAnswer, _of_posting, Lacking.POSTING),
    Question(endpoints.CANCEL_REASONS, fbs_models.ReasonsAnswer, _reasons_of_posting, Lacking.POSTING),
    Question(endpoints.COUNTRIES, fbs_models.CountriesAnswer, lambda _: {"name_search": "Россия"}),
    Question(endpoints.CARRIAGE_METHODS, fbs_models.MethodsAnswer, lambda _: {"limit": 1}),
    Question(endpoints.VALIDATE_PIECES, fbs_models.ValidatedAnswer, _never, Lacking.TASK),
    Question(endpoints.PIECES_STATUS, fbs_models.PiecesStatusAnswer, _never, Lacking.TASK),
    Question(endpoints.CARRIAGE, fbs_models.CarriageAnswer, _never, Lacking.TASK),
    Question(endpoints.ACT_STATUS, fbs_models.ActAnswer, _never, Lacking.TASK),
    Question(endpoints.ACT_PDF, fbs_models.BarcodeAnswer, _never, Lacking.TASK),
    Question(endpoints.ACT_BARCODE, fbs_models.BarcodeAnswer, _never, Lacking.TASK),
)
"""In the order they are asked."""
