"""The table of methods: what each takes and what answers it, which the roles of keys open, and which Ozon switched off."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from . import (
    barcodes,
    cabinet,
    cancelling,
    carriages,
    catalog_methods,
    countries,
    exemplars,
    imports,
    labels,
    own_delivery,
    posting_get,
    postings,
    prices,
    products,
    returns,
    ship,
    stocks,
)
from .memory import Memory
from .model import Json
from .requests import Body, EmptyRequest, read
from .selection import FilteredRequest


@dataclass(frozen=True)
class Method(Generic[Body]):
    """`request`: the struct of its body. `work`: its answer, bytes when encoded already; raises ApiError."""

    request: type[Body]
    work: Callable[[Memory, Body], Json | bytes]

    def answer(self, memory: Memory, body: Json, note_unknown: Callable[[str], None]) -> Json | bytes:
        """ApiError also when the body is not what the method takes; `note_unknown` gets the fields it does not have."""
        return self.work(memory, read(body, self.request, note_unknown))


# /v1/roles is the one method that looks at the key, and is answered by the application.
ROLES_PATH = "/v1/roles"
METHODS: dict[str, Method[Any]] = {
    "/v1/seller/info": Method(EmptyRequest, cabinet.seller_info),
    "/v1/description-category/tree": Method(catalog_methods.TreeRequest, catalog_methods.tree),
    "/v1/description-category/attribute": Method(catalog_methods.AttributeRequest, catalog_methods.attribute),
    "/v1/description-category/attribute/values": Method(catalog_methods.ValuesRequest, catalog_methods.values),
    "/v1/description-category/attribute/values/search": Method(catalog_methods.SearchRequest, catalog_methods.search),
    "/v1/description-category/dependent-attributes": Method(catalog_methods.TypeRequest, catalog_methods.dependent_attributes),
    "/v1/description-category/dependent-attributes/values": Method(
        catalog_methods.DependentValuesRequest, catalog_methods.dependent_values
    ),
    "/v3/product/import": Method(imports.ImportRequest, imports.start),
    "/v1/product/import/info": Method(imports.InfoRequest, imports.info),
    "/v4/product/info/limit": Method(EmptyRequest, imports.limit),
    "/v1/product/import/prices": Method(prices.ImportPricesRequest, prices.import_prices),
    "/v1/product/action/timer/status": Method(prices.TimersRequest, prices.timer_status),
    "/v1/product/action/timer/update": Method(prices.TimersRequest, prices.timer_update),
    "/v5/product/info/prices": Method(FilteredRequest, prices.info_prices),
    "/v2/products/stocks": Method(stocks.SetStocksRequest, stocks.set_stocks),
    "/v4/product/info/stocks": Method(stocks.InfoStocksRequest, stocks.info_stocks),
    "/v2/product/info/stocks-by-warehouse/fbs": Method(stocks.ByWarehouseRequest, stocks.by_warehouse),
    "/v2/warehouse/list": Method(stocks.WarehouseListRequest, stocks.list_warehouses),
    "/v3/product/list": Method(products.ListRequest, products.list_products),
    "/v3/product/info/list": Method(products.InfoListRequest, products.info_list),
    "/v4/product/info/attributes": Method(products.AttributesRequest, products.attributes),
    "/v1/product/archive": Method(products.ArchiveRequest, products.archive),
    "/v1/product/unarchive": Method(products.ArchiveRequest, products.unarchive),
    "/v1/barcode/add": Method(barcodes.AddRequest, barcodes.add),
    "/v4/posting/fbs/list": Method(postings.FbsListRequest, postings.fbs_list),
    "/v4/posting/fbs/unfulfilled/list": Method(postings.UnfulfilledRequest, postings.unfulfilled_list),
    "/v3/posting/fbo/list": Method(postings.FboListRequest, postings.fbo_list),
    "/v4/posting/fbs/ship": Method(ship.ShipRequest, ship.ship),
    "/v4/posting/fbs/ship/package": Method(ship.ShipPackageRequest, ship.ship_package),
    "/v1/posting/fbs/split": Method(ship.SplitRequest, ship.split),
    "/v3/posting/fbs/get": Method(posting_get.GetRequest, posting_get.get),
    "/v6/fbs/posting/product/exemplar/create-or-get": Method(exemplars.PostingRequest, exemplars.create_or_get),
    "/v5/fbs/posting/product/exemplar/validate": Method(exemplars.ValidateRequest, exemplars.validate),
    "/v6/fbs/posting/product/exemplar/set": Method(exemplars.SetRequest, exemplars.set_),
    "/v5/fbs/posting/product/exemplar/status": Method(exemplars.PostingRequest, exemplars.status),
    "/v1/fbs/posting/product/exemplar/update": Method(exemplars.PostingRequest, exemplars.update),
    "/v2/posting/fbs/product/country/list": Method(countries.CountryListRequest, countries.country_list),
    "/v2/posting/fbs/product/country/set": Method(countries.CountrySetRequest, countries.country_set),
    "/v1/posting/fbs/cancel-reason": Method(cancelling.ReasonsRequest, cancelling.reasons),
    "/v2/posting/fbs/cancel": Method(cancelling.CancelRequest, cancelling.cancel),
    "/v2/posting/fbs/product/cancel": Method(cancelling.ProductCancelRequest, cancelling.cancel_products),
    "/v2/carriage/delivery/list": Method(carriages.DeliveryListRequest, carriages.delivery_list),
    "/v1/carriage/create": Method(carriages.CreateRequest, carriages.create),
    "/v1/carriage/get": Method(carriages.CarriageRequest, carriages.get),
    "/v1/carriage/set-postings": Method(carriages.SetPostingsRequest, carriages.set_postings),
    "/v1/carriage/approve": Method(carriages.ApproveRequest, carriages.approve),
    "/v1/carriage/cancel": Method(carriages.CarriageRequest, carriages.cancel),
    "/v2/posting/fbs/act/check-status": Method(carriages.ActRequest, carriages.act_status),
    "/v2/posting/fbs/act/get-pdf": Method(carriages.ActRequest, carriages.act_pdf),
    "/v2/posting/fbs/act/get-barcode/text": Method(carriages.ActRequest, carriages.act_barcode),
    "/v2/fbs/posting/delivering": Method(own_delivery.NumbersRequest, own_delivery.delivering),
    "/v2/fbs/posting/last-mile": Method(own_delivery.NumbersRequest, own_delivery.last_mile),
    "/v2/fbs/posting/delivered": Method(own_delivery.NumbersRequest, own_delivery.delivered),
    "/v2/fbs/posting/tracking-number/set": Method(own_delivery.TrackingRequest, own_delivery.set_tracking),
    "/v3/posting/fbs/package-label/create": Method(labels.CreateRequest, labels.create),
    "/v2/posting/fbs/package-label/get": Method(labels.GetRequest, labels.get),
    "/v1/returns/list": Method(returns.ListRequest, returns.list_returns),
}
ROLE_METHODS = {
    "Admin": (ROLES_PATH, *METHODS),
    "Posting FBS": ("/v4/posting/fbs/list", "/v4/posting/fbs/unfulfilled/list"),
}
OBSOLETE = frozenset(
    {
        "/v1/warehouse/list",
        "/v1/delivery-method/list",
        "/v1/product/info/stocks-by-warehouse/fbs",
        "/v3/posting/fbs/list",
        "/v3/posting/fbs/unfulfilled/list",
        "/v2/posting/fbo/list",
        "/v1/posting/digital/list",
        "/v2/posting/fbs/act/create",
        "/v3/finance/transaction/list",
        "/v3/finance/transaction/totals",
        "/v1/product/pictures/import",
        "/v1/actions/candidates",
        "/v1/actions/products",
        "/v1/actions/products/activate",
        "/v1/actions/products/deactivate",
        "/v2/posting/fbs/package-label",
        "/v2/posting/fbs/package-label/create",
        "/v1/posting/fbs/package-label/create",
        "/v1/posting/fbs/package-label/get",
        "/v2/category/tree",
        "/v3/category/attribute",
        "/v3/category/attribute/values",
        "/v2/product/list",
        "/v2/product/info",
        "/v2/product/info/list",
        "/v3/products/info/attributes",
        "/v4/product/info/prices",
        "/v3/product/info/stocks",
        "/v1/product/import/stocks",
        "/v2/product/import",
    }
)
