"""Path and version of every method the client calls, with what is known of its limits: the one place to change them.

Versions die quickly (API.md, «Deprecations that matter»), so no other module of the package spells a path.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class Function(StrEnum):
    """What the program needs a method for; used to say what a key without it cannot do."""

    CONNECTION = "connection"
    CATALOG = "catalog"
    PRODUCTS = "products"
    PRICES = "prices"
    STOCKS = "stocks"
    ORDERS = "orders"
    ASSEMBLY = "assembly"


class Paging(StrEnum):
    """How the next page is asked for."""

    NONE = "none"
    LAST_VALUE_ID = "last_value_id"
    LAST_ID = "last_id"
    CURSOR = "cursor"


class Answer(Enum):
    """What a good answer is: a JSON object, possibly no body at all, or a document as it is."""

    OBJECT = auto()
    NOTHING = auto()
    DOCUMENT = auto()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method.

    safe_to_retry: sending it twice does no harm (it reads, or sets absolute values), so it may be repeated even when the first
    request may have been carried out. item_limit: items per request (rows of a page when it is paged), 0 = none.
    per_minute: requests per minute of one cabinet, 0 = only the general limit. reads: it changes nothing in the cabinet.
    """

    path: str
    function: Function
    paging: Paging = Paging.NONE
    safe_to_retry: bool = True
    item_limit: int = 0
    per_minute: int = 0
    reads: bool = True
    answer: Answer = Answer.OBJECT


ROLES = Endpoint("/v1/roles", Function.CONNECTION)
SELLER_INFO = Endpoint("/v1/seller/info", Function.CONNECTION)

CATEGORY_TREE = Endpoint("/v1/description-category/tree", Function.CATALOG)
ATTRIBUTES = Endpoint("/v1/description-category/attribute", Function.CATALOG)
ATTRIBUTE_VALUES = Endpoint("/v1/description-category/attribute/values", Function.CATALOG, Paging.LAST_VALUE_ID, item_limit=2000)
SEARCH_VALUES = Endpoint("/v1/description-category/attribute/values/search", Function.CATALOG, item_limit=100)

IMPORT_PRODUCTS = Endpoint("/v3/product/import", Function.PRODUCTS, safe_to_retry=False, item_limit=100, reads=False)
IMPORT_INFO = Endpoint("/v1/product/import/info", Function.PRODUCTS)
PRODUCT_LIST = Endpoint("/v3/product/list", Function.PRODUCTS, Paging.LAST_ID, item_limit=1000)
PRODUCT_INFO = Endpoint("/v3/product/info/list", Function.PRODUCTS, item_limit=1000)
PRODUCT_CARDS = Endpoint("/v4/product/info/attributes", Function.PRODUCTS, Paging.LAST_ID, item_limit=1000)
PRODUCT_PRICES = Endpoint("/v5/product/info/prices", Function.PRODUCTS, Paging.CURSOR, item_limit=1000)
PRODUCT_STOCKS = Endpoint("/v4/product/info/stocks", Function.PRODUCTS, Paging.CURSOR, item_limit=1000)
PRODUCT_LIMITS = Endpoint("/v4/product/info/limit", Function.PRODUCTS)
ARCHIVE = Endpoint("/v1/product/archive", Function.PRODUCTS, safe_to_retry=False, item_limit=100, reads=False)
UNARCHIVE = Endpoint("/v1/product/unarchive", Function.PRODUCTS, safe_to_retry=False, item_limit=100, reads=False)

ADD_BARCODES = Endpoint("/v1/barcode/add", Function.PRODUCTS, item_limit=100, per_minute=20, reads=False)

UPDATE_PRICES = Endpoint("/v1/product/import/prices", Function.PRICES, item_limit=1000, reads=False)
MIN_PRICE_TIMERS = Endpoint("/v1/product/action/timer/status", Function.PRICES, item_limit=1000)
PROLONG_MIN_PRICES = Endpoint("/v1/product/action/timer/update", Function.PRICES, item_limit=1000, reads=False)
UPDATE_STOCKS = Endpoint("/v2/products/stocks", Function.STOCKS, item_limit=100, per_minute=80, reads=False)
WAREHOUSE_STOCKS = Endpoint("/v2/product/info/stocks-by-warehouse/fbs", Function.STOCKS, Paging.CURSOR, item_limit=1000)
WAREHOUSES = Endpoint("/v2/warehouse/list", Function.STOCKS, Paging.CURSOR, item_limit=200)

FBS_POSTINGS = Endpoint("/v4/posting/fbs/list", Function.ORDERS, Paging.CURSOR, item_limit=100)
FBO_POSTINGS = Endpoint("/v3/posting/fbo/list", Function.ORDERS, Paging.CURSOR, item_limit=100)
UNFULFILLED_POSTINGS = Endpoint("/v4/posting/fbs/unfulfilled/list", Function.ORDERS, Paging.CURSOR, item_limit=100)
RETURNS = Endpoint("/v1/returns/list", Function.ORDERS, Paging.LAST_ID, item_limit=500)
CREATE_LABELS = Endpoint("/v3/posting/fbs/package-label/create", Function.ORDERS, item_limit=100, reads=False)
LABELS = Endpoint("/v2/posting/fbs/package-label/get", Function.ORDERS)

POSTING = Endpoint("/v3/posting/fbs/get", Function.ASSEMBLY)
SHIP = Endpoint("/v4/posting/fbs/ship", Function.ASSEMBLY, safe_to_retry=False, reads=False)
SHIP_PART = Endpoint("/v4/posting/fbs/ship/package", Function.ASSEMBLY, safe_to_retry=False, reads=False)
SPLIT = Endpoint("/v1/posting/fbs/split", Function.ASSEMBLY, safe_to_retry=False, reads=False)
PIECES = Endpoint("/v6/fbs/posting/product/exemplar/create-or-get", Function.ASSEMBLY, reads=False)
VALIDATE_PIECES = Endpoint("/v5/fbs/posting/product/exemplar/validate", Function.ASSEMBLY)
SET_PIECES = Endpoint("/v6/fbs/posting/product/exemplar/set", Function.ASSEMBLY, reads=False, answer=Answer.NOTHING)
PIECES_STATUS = Endpoint("/v5/fbs/posting/product/exemplar/status", Function.ASSEMBLY)
UPDATE_PIECES = Endpoint("/v1/fbs/posting/product/exemplar/update", Function.ASSEMBLY, reads=False, answer=Answer.NOTHING)
COUNTRIES = Endpoint("/v2/posting/fbs/product/country/list", Function.ASSEMBLY)
SET_COUNTRY = Endpoint("/v2/posting/fbs/product/country/set", Function.ASSEMBLY, reads=False)
CANCEL_REASONS = Endpoint("/v1/posting/fbs/cancel-reason", Function.ASSEMBLY, item_limit=100)
CANCEL_POSTING = Endpoint("/v2/posting/fbs/cancel", Function.ASSEMBLY, safe_to_retry=False, reads=False)
CANCEL_PRODUCTS = Endpoint("/v2/posting/fbs/product/cancel", Function.ASSEMBLY, safe_to_retry=False, reads=False)
CARRIAGE_METHODS = Endpoint("/v2/carriage/delivery/list", Function.ASSEMBLY, Paging.CURSOR, item_limit=1000)
CREATE_CARRIAGE = Endpoint("/v1/carriage/create", Function.ASSEMBLY, safe_to_retry=False, reads=False)
CARRIAGE = Endpoint("/v1/carriage/get", Function.ASSEMBLY)
SET_CARRIAGE_POSTINGS = Endpoint("/v1/carriage/set-postings", Function.ASSEMBLY, reads=False)
APPROVE_CARRIAGE = Endpoint("/v1/carriage/approve", Function.ASSEMBLY, safe_to_retry=False, reads=False)
CANCEL_CARRIAGE = Endpoint("/v1/carriage/cancel", Function.ASSEMBLY, safe_to_retry=False, reads=False)
ACT_STATUS = Endpoint("/v2/posting/fbs/act/check-status", Function.ASSEMBLY)
ACT_PDF = Endpoint("/v2/posting/fbs/act/get-pdf", Function.ASSEMBLY, answer=Answer.DOCUMENT)
ACT_BARCODE = Endpoint("/v2/posting/fbs/act/get-barcode/text", Function.ASSEMBLY)
DELIVERING = Endpoint("/v2/fbs/posting/delivering", Function.ASSEMBLY, safe_to_retry=False, item_limit=100, reads=False)
LAST_MILE = Endpoint("/v2/fbs/posting/last-mile", Function.ASSEMBLY, safe_to_retry=False, item_limit=100, reads=False)
DELIVERED = Endpoint("/v2/fbs/posting/delivered", Function.ASSEMBLY, safe_to_retry=False, item_limit=100, reads=False)
SET_TRACKING = Endpoint("/v2/fbs/posting/tracking-number/set", Function.ASSEMBLY, item_limit=20, reads=False)

ENDPOINTS: tuple[Endpoint, ...] = (
    ROLES,
    SELLER_INFO,
    CATEGORY_TREE,
    ATTRIBUTES,
    ATTRIBUTE_VALUES,
    SEARCH_VALUES,
    IMPORT_PRODUCTS,
    IMPORT_INFO,
    PRODUCT_LIST,
    PRODUCT_INFO,
    PRODUCT_CARDS,
    PRODUCT_PRICES,
    PRODUCT_STOCKS,
    PRODUCT_LIMITS,
    ARCHIVE,
    UNARCHIVE,
    ADD_BARCODES,
    UPDATE_PRICES,
    MIN_PRICE_TIMERS,
    PROLONG_MIN_PRICES,
    UPDATE_STOCKS,
    WAREHOUSE_STOCKS,
    WAREHOUSES,
    FBS_POSTINGS,
    FBO_POSTINGS,
    UNFULFILLED_POSTINGS,
    RETURNS,
    CREATE_LABELS,
    LABELS,
    POSTING,
    SHIP,
    SHIP_PART,
    SPLIT,
    PIECES,
    VALIDATE_PIECES,
    SET_PIECES,
    PIECES_STATUS,
    UPDATE_PIECES,
    COUNTRIES,
    SET_COUNTRY,
    CANCEL_REASONS,
    CANCEL_POSTING,
    CANCEL_PRODUCTS,
    CARRIAGE_METHODS,
    CREATE_CARRIAGE,
    CARRIAGE,
    SET_CARRIAGE_POSTINGS,
    APPROVE_CARRIAGE,
    CANCEL_CARRIAGE,
    ACT_STATUS,
    ACT_PDF,
    ACT_BARCODE,
    DELIVERING,
    LAST_MILE,
    DELIVERED,
    SET_TRACKING,
)

READING: tuple[Endpoint, ...] = tuple(endpoint for endpoint in ENDPOINTS if endpoint.reads)

NEEDED_METHODS: tuple[str, ...] = tuple(endpoint.path for endpoint in ENDPOINTS if endpoint is not ROLES)
"""Paths the program calls. Without /v1/roles: whoever reads the list of allowed methods has just called it."""
