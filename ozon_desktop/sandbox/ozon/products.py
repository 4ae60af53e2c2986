"""Reading cards back: /v3/product/list, /v3/product/info/list, /v4/product/info/attributes, and /v1/product/archive."""

import dataclasses
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, field

from .memory import Memory
from .model import Json, SandboxProduct, money, stamp
from .paging import Key, take_page
from .refusals import Kind
from .replies import FAILED_PRECONDITION, ApiError, not_found
from .requests import Direction, Id, Ids, OfferIds, PageSize, Request, one_of
from .selection import ProductFilter, by_id, select, select_one_kind
from .templates import fill

_SORT_KEYS: dict[str, Callable[[SandboxProduct], Key]] = {
    "id": by_id,
    "sku": lambda product: (product.sku, product.product_id),
    "offer_id": lambda product: (product.offer_id, product.product_id),
    "title": lambda product: (product.name, product.product_id),
}


ASSUMED = (
    "Слишком много товаров из автоархива: HTTP 400 с текстом autoarchive_restore_failed, и не возвращается ни один из запроса.",
    "Запрос на архивацию с неизвестным product_id отклоняется целиком, HTTP 404.",
)


class SkuFilter(ProductFilter):
    sku: Ids = []


class SkusFilter(ProductFilter):
    skus: Ids = []


class ListRequest(Request):
    filter: SkusFilter = field(default_factory=SkusFilter)
    last_id: str = ""
    limit: PageSize = 1000


class InfoListRequest(Request):
    offer_id: OfferIds = []
    product_id: Ids = []
    sku: Ids = []


class AttributesRequest(Request):
    filter: SkuFilter
    limit: PageSize
    last_id: str = ""
    sort_by: Annotated[str, one_of(("", *_SORT_KEYS))] = ""
    sort_dir: Direction = ""


class ArchiveRequest(Request):
    product_id: Annotated[list[Id], Meta(min_length=1, max_length=100)]


@dataclasses.dataclass
class SchemeStock:
    """Units of a product in the warehouses of one scheme; `present` includes the reserved."""

    present: int = 0
    reserved: int = 0
    warehouse_ids: list[int] = dataclasses.field(default_factory=list)


def stock_by_scheme(memory: Memory, product: SandboxProduct) -> dict[str, SchemeStock]:
    """By scheme (fbs, rfbs), where stock was ever set."""
    stocks: dict[str, SchemeStock] = {}
    for warehouse_id, free in product.stocks.items():
        stock = stocks.setdefault(memory.warehouses[warehouse_id].scheme, SchemeStock())
        reserved = product.reserved.get(warehouse_id, 0)
        stock.present += free + reserved
        stock.reserved += reserved
        stock.warehouse_ids.append(warehouse_id)
    return stocks


def list_products(memory: Memory, body: ListRequest) -> Json:
    """Official: products asked for by their ids come whatever their visibility. Recorded: `last_id` is given on the last page too."""
    chosen = select(memory, body.filter, ids_alone=True, skus=body.filter.skus)
    everything = not (body.filter.offer_id or body.filter.product_id or body.filter.skus)
    page, last_id, _ = take_page(chosen, by_id, body.last_id, body.limit, field="last_id", in_order=everything, always_cursor=True)
    items = [
        {
            "product_id": product.product_id,
            "offer_id": product.offer_id,
            "sku": product.sku,
            "archived": product.archived,
            "has_fbo_stocks": False,
            "has_fbs_stocks": product.free > 0,
            "is_discounted": False,
            "quants": [],
        }
        for product in page
    ]
    return {"result": {"items": items, **memory.totals(len(chosen)), "last_id": last_id}}


def info_list(memory: Memory, body: InfoListRequest) -> Json:
    chosen = select_one_kind(memory, offer_id=body.offer_id, product_id=body.product_id, sku=body.sku)
    return {"items": [_info(memory, product) for product in chosen]}


def _info(memory: Memory, product: SandboxProduct) -> Json:
    item = product.item
    varying = {
        "id": product.product_id,
        "name": item.name,
        "offer_id": product.offer_id,
        "is_archived": product.archived and not product.autoarchived,
        "is_autoarchived": product.autoarchived,
        "barcodes": [item.barcode] if item.barcode else [],
        "description_category_id": item.category_id,
        "type_id": item.type_id,
        "created_at": stamp(product.created_at, fraction=True),
        "updated_at": stamp(product.updated_at, fraction=True),
        "images": item.images,
        "primary_image": [item.primary_image] if item.primary_image else [],
        "color_image": [item.color_image] if item.color_image else [],
        "currency_code": item.currency,
        "min_price": money(product.min_price) if product.min_price else "",
        "old_price": money(product.old_price) if product.old_price else "",
        "price": money(product.price),
        "vat": f"{Decimal(product.vat):.2f}",
        "is_prepayment_allowed": product.is_created,
        "volume_weight": item.volume_weight,
        "stocks": {"has_stock": product.free > 0, "stocks": _stocks(memory, product)},
        "errors": [_info_error(error) for error in product.errors],
        "visibility_details": {"has_price": True, "has_stock": product.free > 0},
        "statuses": _statuses(product),
        "sku": product.sku,
        **_when_created(product),
    }
    return fill("card", varying)


def _when_created(product: SandboxProduct) -> Json:
    """What a card has once it passed moderation."""
    if not product.is_created:
        return {"sources": [], "commissions": [], "availabilities": [], "marketing_price": ""}
    created, general = stamp(product.created_at, fraction=True), "SHIPMENT_TYPE_GENERAL"
    source = {"sku": product.sku, "source": "sds", "created_at": created, "shipment_type": general, "quant_code": ""}
    state = "AVAILABLE" if product.free > 0 and not product.archived else "HIDDEN"
    commissions = [
        {
            "sale_schema": schema,
            "percent": percent,
            "delivery_amount": 25,
            "return_amount": 80,
            "value": float(round(product.price * percent / 100, 2)),
        }
        for schema, percent in (("FBO", 36), ("FBS", 43), ("RFBS", 39))
    ]
    return {
        "sources": [source],
        "commissions": commissions,
        "availabilities": [{"availability": state, "reasons": [], "sku": product.sku, "source": "sds"}],
        "marketing_price": money(product.price),
    }


def _stocks(memory: Memory, product: SandboxProduct) -> list[Json]:
    stocks = stock_by_scheme(memory, product)
    return [{"present": one.present, "reserved": one.reserved, "sku": product.sku, "source": name} for name, one in stocks.items()]


def _info_error(error: Json) -> Json:
    attribute_id, name = error["attribute_id"], error["attribute_name"]
    params = [{"name": "attribute_id", "value": str(attribute_id)}, {"name": "attribute_name", "value": name}]
    return {
        "code": error["code"],
        "field": error["field"],
        "attribute_id": attribute_id,
        "state": error["state"],
        "level": f"ERROR_LEVEL_{error['level'].upper()}",
        "texts": {
            "attribute_name": name,
            "description": error["description"],
            "short_description": "",
            "hint_code": "",
            "message": error["message"],
            "params": params if attribute_id else [],
        },
    }


def _statuses(product: SandboxProduct) -> Json:
    """Recorded: the texts of a card on sale, ready for it, and not created; «Не обновлен» and «Не удалось обновить товар»."""
    statuses = {
        "status": product.status,
        "is_created": product.is_created,
        "status_updated_at": stamp(product.updated_at, fraction=True),
    }
    if product.is_created and product.free > 0:
        statuses["status_name"] = "Продается"
    if product.is_created:
        state = "updating" if product.moderating else "not_updated" if product.update_failed else "price_sent"
    else:
        state = "declined" if product.declined else product.status
    return fill(f"card_status_{state}", statuses)


def attributes(memory: Memory, body: AttributesRequest) -> Json:
    chosen = select(memory, body.filter, sku=body.filter.sku)
    key, descending = _SORT_KEYS[body.sort_by or "id"], body.sort_dir.lower() == "desc"
    page, last_id, _ = take_page(chosen, key, body.last_id, body.limit, descending=descending, field="last_id")
    return {"result": [_card(product) for product in page], "total": len(chosen), "last_id": last_id}


def _card(product: SandboxProduct) -> Json:
    item = product.item
    same = ("name", "barcode", "type_id", "height", "depth", "width", "dimension_unit", "weight", "weight_unit", "primary_image")
    return {
        "id": product.product_id,
        "sku": product.sku,
        "offer_id": product.offer_id,
        **{name: getattr(item, name) for name in same},
        "barcodes": [item.barcode] if item.barcode else [],
        "description_category_id": item.category_id,
        "images": item.images,
        "color_image": item.color_image,
        "pdf_list": [{"name": pdf.name, "file_name": pdf.src_url} for pdf in item.pdf_list],
        "attributes": item.attributes,
        # Nested groups in the import, yet one flat list here: seen in live answers.
        "complex_attributes": item.nested_attributes,
        "attributes_with_defaults": [],
        "model_info": {"model_id": 0, "count": 0},
    }


def archive(memory: Memory, body: ArchiveRequest) -> Json:
    """Official: answers for the request only; whether a product is in the archive is to be read by /v3/product/info/list."""
    chosen = _known(memory, body)
    code = next(filter(None, (memory.refusals.code(Kind.ARCHIVE, product.offer_id) for product in chosen)), None)
    if code is not None:
        raise ApiError(400, FAILED_PRECONDITION, code)
    for product in chosen:
        memory.archiving[product.product_id] = memory.clock() + memory.timing.archive_delay
    return {"result": True}


def unarchive(memory: Memory, body: ArchiveRequest) -> Json:
    """All or nothing. Official: of those that Ozon archived by itself 100 a day may return, until 03:00 in Moscow; the texts.

    Assumed: the status, and that nothing of a refused request is done.
    """
    chosen, now = [product for product in _known(memory, body) if product.archived], memory.clock()
    code = next(filter(None, (memory.refusals.code(Kind.UNARCHIVE, product.offer_id) for product in chosen)), None)
    restored = sum(product.autoarchived for product in chosen)
    if code is None and restored and memory.restored_today.used(now) + restored > memory.quotas.daily_restore:
        code = "autoarchive_restore_failed: restore limit exceeded"
    if code is None and sum(not product.archived for product in memory.shelf.values()) + len(chosen) > memory.quotas.total:
        code = "total limit exceeded"
    if code is not None:
        raise ApiError(400, FAILED_PRECONDITION, code)
    memory.restored_today.take(now, restored)
    for product_id in body.product_id:
        memory.archiving.pop(product_id, None)
    for product in chosen:
        product.archived = product.autoarchived = False
        product.updated_at = now
    return {"result": True}


def _known(memory: Memory, body: ArchiveRequest) -> list[SandboxProduct]:
    for product_id in body.product_id:
        if product_id not in memory.by_id:
            raise not_found(f"product {product_id} is not found")
    return [memory.by_id[product_id] for product_id in body.product_id]
