"""/v2/products/stocks, both ways to read stock, and /v2/warehouse/list."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from .memory import Memory
from .model import GoodsSize, Json, SandboxProduct, Warehouse, stamp
from .paging import take_page
from .products import stock_by_scheme
from .refusals import Kind
from .requests import Id, Ids, NotNegative, OfferIds, Positive, Request
from .rules.stocks import STOCK_TEXTS, stock_problem
from .selection import CursorRequest, ProductFilter, ProductReference, by_id, check_references, outcome, select, select_one_kind
from .templates import fill


class Stock(ProductReference, kw_only=True):
    stock: NotNegative
    warehouse_id: Positive


class SetStocksRequest(Request):
    stocks: Annotated[list[Stock], Meta(min_length=1, max_length=100)]


class Quant(Request):
    created: bool = False
    exists: bool = False


class StockFilter(ProductFilter):
    with_quant: Quant | None = None


class InfoStocksRequest(CursorRequest, kw_only=True):
    filter: StockFilter


class ByWarehouseRequest(CursorRequest):
    offer_id: OfferIds = []
    sku: Ids = []


class WarehouseListRequest(Request):
    limit: Annotated[int, Meta(ge=1, le=200)]
    warehouse_ids: Annotated[list[Id], Meta(max_length=200)] = []
    cursor: str = ""


def set_stocks(memory: Memory, body: SetStocksRequest) -> Json:
    """Stock is set pair by pair: HTTP 200 with an error for each pair that was refused."""
    check_references(body.stocks, "stocks")
    return {"result": [_set_stock(memory, sent) for sent in body.stocks]}


def _set_stock(memory: Memory, sent: Stock) -> Json:
    product = memory.find_product(sent.offer_id, sent.product_id)
    code = memory.refusals.code(Kind.STOCK, product.offer_id if product else sent.offer_id)
    if code is None:
        if product is None:
            code = "offer_id_not_found" if sent.offer_id else "NOT_FOUND_ERROR"
        else:
            code = _apply(memory, product, sent, memory.clock())
    return {"warehouse_id": sent.warehouse_id, **outcome(sent, product, code, STOCK_TEXTS)}


def _apply(memory: Memory, product: SandboxProduct, sent: Stock, now: datetime) -> str | None:
    """Change a product's stock; the code of what is wrong, or None."""
    problem = stock_problem(product, sent.stock, memory.warehouses.get(sent.warehouse_id))
    if problem is not None:
        return problem
    pair = (product.product_id, sent.warehouse_id)
    previous = memory.stock_changes.get(pair)
    if previous is not None and now - previous < memory.timing.stock_interval:
        return "TOO_MANY_REQUESTS"
    memory.stock_changes[pair] = now
    product.stocks[sent.warehouse_id] = sent.stock
    return None


def info_stocks(memory: Memory, body: InfoStocksRequest) -> Json:
    chosen = select(memory, body.filter)
    page, cursor, _ = take_page(chosen, by_id, body.cursor, body.limit)
    items = [{"product_id": product.product_id, "offer_id": product.offer_id, "stocks": _by_scheme(memory, product)} for product in page]
    return {"items": items, "cursor": cursor, **memory.totals(len(chosen))}


def _by_scheme(memory: Memory, product: SandboxProduct) -> list[Json]:
    return [
        {
            "type": scheme,
            "present": stock.present,
            "reserved": stock.reserved,
            "sku": product.sku,
            "shipment_type": "SHIPMENT_TYPE_GENERAL",
            "warehouse_ids": stock.warehouse_ids,
        }
        for scheme, stock in stock_by_scheme(memory, product).items()
    ]


def by_warehouse(memory: Memory, body: ByWarehouseRequest) -> Json:
    chosen = select_one_kind(memory, offer_id=body.offer_id, sku=body.sku)
    rows = [(product, warehouse_id) for product in chosen for warehouse_id in product.stocks]
    page, cursor, has_next = take_page(rows, lambda row: (row[0].product_id, row[1]), body.cursor, body.limit)
    return {"products": [_warehouse_row(memory, *row) for row in page], "cursor": cursor, "has_next": has_next}


def _warehouse_row(memory: Memory, product: SandboxProduct, warehouse_id: int) -> Json:
    free, reserved = product.stocks[warehouse_id], product.reserved.get(warehouse_id, 0)
    return {
        "sku": product.sku,
        "offer_id": product.offer_id,
        "product_id": product.product_id,
        "warehouse_id": warehouse_id,
        "warehouse_name": memory.warehouses[warehouse_id].name,
        "present": free + reserved,
        "reserved": reserved,
        "free_stock": free,
    }


def list_warehouses(memory: Memory, body: WarehouseListRequest) -> Json:
    wanted = body.warehouse_ids
    chosen = [warehouse for warehouse in memory.warehouses.values() if not wanted or warehouse.warehouse_id in wanted]
    page, cursor, has_next = take_page(chosen, lambda one: (one.warehouse_id, one.warehouse_id), body.cursor, body.limit)
    return {"warehouses": [_warehouse(memory, warehouse) for warehouse in page], "cursor": cursor, "has_next": has_next}


def _warehouse(memory: Memory, warehouse: Warehouse) -> Json:
    started = stamp(memory.started_at)
    varying = {
        "warehouse_id": warehouse.warehouse_id,
        "name": warehouse.name,
        "status": warehouse.status,
        "warehouse_type": warehouse.scheme.upper(),
        "is_rfbs": warehouse.is_rfbs,
        "is_kgt": warehouse.goods is GoodsSize.LARGE,
        "pause_at": started if warehouse.paused else None,
        "created_at": started,
        "updated_at": started,
        "timetable": {"timetable_from": started},
    }
    return fill("warehouse", varying)
