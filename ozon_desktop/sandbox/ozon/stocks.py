"""/v2/products/stocks, both ways to read stock, and /v2/warehouse/list."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .model import Json, SandboxProduct, Warehouse, stamp
from .paging import take_page
from .products import IDS, OFFERS, VISIBILITY, by_id, find, select
from .replies import invalid
from .schema import Bool, Id, Int, Items, Str, broken, obj

if TYPE_CHECKING:
    from .sandbox import Sandbox

STOCK_LIMIT = 1_000_000
WAREHOUSES = (
    Warehouse(1020005000000101, "Основной склад"),
    Warehouse(1020005000000102, "Склад на Лесной"),
    Warehouse(1020005000000103, "Самовывоз rFBS", is_rfbs=True),
    Warehouse(1020005000000104, "Старый склад", status="disabled"),
)
_STOCK = obj("stock", "warehouse_id", offer_id=Str(), product_id=Int(minimum=0), stock=Int(minimum=0), warehouse_id=Int(minimum=1))
SET_STOCKS_REQUEST = obj("stocks", stocks=Items(_STOCK, 100, 1))
INFO_STOCKS_REQUEST = obj(
    "filter",
    "limit",
    filter=obj(offer_id=OFFERS, product_id=IDS, visibility=VISIBILITY, with_quant=obj(created=Bool(), exists=Bool())),
    cursor=Str(),
    limit=Int(1, 1000),
)
BY_WAREHOUSE_REQUEST = obj("limit", offer_id=OFFERS, sku=IDS, limit=Int(1, 1000), cursor=Str())
WAREHOUSE_LIST_REQUEST = obj("limit", limit=Int(1, 200), cursor=Str(), warehouse_ids=Items(Id(), 200))

_TEXTS = {
    "NOT_FOUND_ERROR": "Товар не найден в личном кабинете",
    "offer_id_not_found": "Товара с таким артикулом нет в личном кабинете",
    "PRODUCT_IS_ARCHIVED": "Товар в архиве",
    "product_is_not_created": "Товар не прошёл модерацию, поэтому обновить остатки пока нельзя. Дождитесь статуса price_sent",
    "WAREHOUSE_NOT_FOUND": "Склад не найден. Проверьте идентификатор склада и его статус — он должен быть активный",
    "STOCK_TOO_BIG": "Укажите количество меньше миллиона",
    "TOO_MANY_REQUESTS": "Stock is updated too frequently",
}


def set_stocks(sandbox: Sandbox, body: Json) -> Json:
    """Stock is set pair by pair: HTTP 200 with an error for each pair that was refused."""
    now = sandbox.clock()
    for index, item in enumerate(body["stocks"]):
        if not item.get("offer_id") and not item.get("product_id"):
            raise broken(f"stocks[{index}]", "offer_id or product_id is required")
    return {"result": [_set_stock(sandbox, item, now) for item in body["stocks"]]}


def _set_stock(sandbox: Sandbox, item: Json, now: datetime) -> Json:
    product = sandbox.find_product(item)
    if product is None:
        code: str | None = "offer_id_not_found" if item.get("offer_id") else "NOT_FOUND_ERROR"
    else:
        code = _apply(sandbox, product, item, now)
    return {
        "warehouse_id": item["warehouse_id"],
        "product_id": product.product_id if product else item.get("product_id") or 0,
        "offer_id": product.offer_id if product else item.get("offer_id") or "",
        "updated": code is None,
        "errors": [{"code": code, "message": _TEXTS[code]}] if code else [],
    }


def _apply(sandbox: Sandbox, product: SandboxProduct, item: Json, now: datetime) -> str | None:
    warehouse_id = item["warehouse_id"]
    warehouse = sandbox.warehouses.get(warehouse_id)
    if warehouse is None or warehouse.status != "created":
        return "WAREHOUSE_NOT_FOUND"
    if product.archived:
        return "PRODUCT_IS_ARCHIVED"
    if not product.is_created:
        return "product_is_not_created"
    if item["stock"] >= STOCK_LIMIT:
        return "STOCK_TOO_BIG"
    pair = (product.product_id, warehouse_id)
    previous = sandbox.stock_changes.get(pair)
    if previous is not None and (now - previous).total_seconds() < sandbox.stock_interval_s:
        return "TOO_MANY_REQUESTS"
    sandbox.stock_changes[pair] = now
    product.stocks[warehouse_id] = item["stock"]
    return None


def info_stocks(sandbox: Sandbox, body: Json) -> Json:
    chosen = select(sandbox, body["filter"])
    page, cursor, _ = take_page(chosen, by_id, body.get("cursor") or "", body["limit"])
    items = [{"product_id": product.product_id, "offer_id": product.offer_id, "stocks": _by_scheme(sandbox, product)} for product in page]
    return {"items": items, "cursor": cursor, "total_items": len(chosen)}


def _by_scheme(sandbox: Sandbox, product: SandboxProduct) -> list[Json]:
    rows: dict[str, Json] = {}
    for warehouse_id, free in product.stocks.items():
        scheme = "rfbs" if sandbox.warehouses[warehouse_id].is_rfbs else "fbs"
        general = "SHIPMENT_TYPE_GENERAL"
        empty = {"type": scheme, "present": 0, "reserved": 0, "sku": product.sku, "shipment_type": general, "warehouse_ids": []}
        row = rows.setdefault(scheme, empty)
        reserved = product.reserved.get(warehouse_id, 0)
        row["present"] += free + reserved
        row["reserved"] += reserved
        row["warehouse_ids"].append(warehouse_id)
    return list(rows.values())


def by_warehouse(sandbox: Sandbox, body: Json) -> Json:
    kinds = [name for name in ("offer_id", "sku") if body.get(name)]
    if len(kinds) != 1:
        raise invalid("Request validation error: use exactly one of offer_id, sku")
    rows = [(product, warehouse_id) for product in find(sandbox, kinds[0], body[kinds[0]]) for warehouse_id in product.stocks]
    page, cursor, has_next = take_page(rows, lambda row: (row[0].product_id, row[1]), body.get("cursor") or "", body["limit"])
    return {"products": [_warehouse_row(sandbox, *row) for row in page], "cursor": cursor, "has_next": has_next}


def _warehouse_row(sandbox: Sandbox, product: SandboxProduct, warehouse_id: int) -> Json:
    free, reserved = product.stocks[warehouse_id], product.reserved.get(warehouse_id, 0)
    return {
        "sku": product.sku,
        "offer_id": product.offer_id,
        "product_id": product.product_id,
        "warehouse_id": warehouse_id,
        "warehouse_name": sandbox.warehouses[warehouse_id].name,
        "present": free + reserved,
        "reserved": reserved,
        "free_stock": free,
    }


def list_warehouses(sandbox: Sandbox, body: Json) -> Json:
    wanted = {int(warehouse_id) for warehouse_id in body.get("warehouse_ids") or []}
    chosen = [warehouse for warehouse in sandbox.warehouses.values() if not wanted or warehouse.warehouse_id in wanted]
    page, cursor, has_next = take_page(
        chosen, lambda warehouse: (warehouse.warehouse_id, warehouse.warehouse_id), body.get("cursor") or "", body["limit"]
    )
    return {"warehouses": [_warehouse(sandbox, warehouse) for warehouse in page], "cursor": cursor, "has_next": has_next}


def _warehouse(sandbox: Sandbox, warehouse: Warehouse) -> Json:
    started = stamp(sandbox.started_at)
    return {
        "warehouse_id": warehouse.warehouse_id,
        "name": warehouse.name,
        "status": warehouse.status,
        "warehouse_type": "RFBS" if warehouse.is_rfbs else "FBS",
        "is_rfbs": warehouse.is_rfbs,
        "is_express": False,
        "is_kgt": False,
        "is_comfort": False,
        "is_auto_assembly": False,
        "is_waybill_enabled": False,
        "has_entrusted_acceptance": False,
        "has_postings_limit": False,
        "postings_limit": -1,
        "min_postings_limit": 0,
        "carriage_label_type": "BIG",
        "courier_comment": "",
        "courier_phones": [],
        "created_at": started,
        "updated_at": started,
        "cut_in_time": 0,
        "sla_cut_in": 60,
        "pause_at": None,
        "phone": "",
        "with_item_list": False,
        "address_info": {"address": "Россия, Примерск, Лесная улица, 1", "latitude": 55.5, "longitude": 37.5, "utc": "UTC+3"},
        "first_mile": {
            "dropoff_point_id": "",
            "first_mile_is_changing": False,
            "timeslot_from": "10:00",
            "timeslot_id": 0,
            "timeslot_to": "18:00",
            "type": "PICK_UP",
        },
        "timetable": {"timetable_from": started, "timetable_to": None, "working_hours": [{"time_from": "09:00", "time_to": "18:00"}]},
        "working_days": ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"],
    }
