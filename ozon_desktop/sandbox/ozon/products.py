"""Reading cards back: /v3/product/list, /v3/product/info/list, /v4/product/info/attributes, and /v1/product/archive."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from .import_rules import GRAMS, MILLIMETRES
from .model import Json, SandboxProduct, money, stamp
from .paging import Key, take_page
from .replies import FAILED_PRECONDITION, NOT_FOUND, ApiError, invalid
from .schema import Id, Int, Items, Str, obj

if TYPE_CHECKING:
    from .sandbox import Sandbox

MAX_IDS = 1000
_VISIBLE: dict[str, Callable[[SandboxProduct], bool]] = {
    "ALL": lambda product: not product.archived,
    "VISIBLE": lambda product: not product.archived and product.is_created and product.free > 0,
    "INVISIBLE": lambda product: not product.archived and not (product.is_created and product.free > 0),
    "EMPTY_STOCK": lambda product: not product.archived and product.free == 0,
    "IN_SALE": lambda product: not product.archived and product.is_created and product.free > 0,
    "TO_SUPPLY": lambda product: not product.archived and product.is_created,
    "MODERATED": lambda product: not product.archived and product.is_created,
    "NOT_MODERATED": lambda product: not product.archived and not product.is_created,
    "STATE_FAILED": lambda product: not product.archived and product.status == "new",
    "ARCHIVED": lambda product: product.archived,
    "MANUAL_ARCHIVED": lambda product: product.archived,
    "AUTO_ARCHIVED": lambda product: False,
}
VISIBILITY = Str(choices=frozenset(_VISIBLE))
IDS = Items(Id(), MAX_IDS)
ID_FILTERS = ("offer_id", "product_id", "skus", "sku")
OFFERS = Items(Str(), MAX_IDS)

LIST_REQUEST = obj(filter=obj(offer_id=OFFERS, product_id=IDS, skus=IDS, visibility=VISIBILITY), last_id=Str(), limit=Int(1, 1000))
INFO_LIST_REQUEST = obj(offer_id=OFFERS, product_id=IDS, sku=IDS)
ATTRIBUTES_REQUEST = obj(
    "filter",
    "limit",
    filter=obj(offer_id=OFFERS, product_id=IDS, sku=IDS, visibility=VISIBILITY),
    last_id=Str(),
    limit=Int(1, 1000),
    sort_by=Str(choices=frozenset({"", "sku", "offer_id", "id", "title"})),
    sort_dir=Str(choices=frozenset({"", "asc", "desc", "ASC", "DESC"})),
)
ARCHIVE_REQUEST = obj("product_id", product_id=Items(Id(), 100, 1))

_SORT_KEYS: dict[str, Callable[[SandboxProduct], Key]] = {
    "id": lambda product: (product.product_id, product.product_id),
    "sku": lambda product: (product.sku, product.product_id),
    "offer_id": lambda product: (product.offer_id, product.product_id),
    "title": lambda product: (product.name, product.product_id),
}


def by_id(product: SandboxProduct) -> Key:
    """The default order of every list of products."""
    return _SORT_KEYS["id"](product)


def select(sandbox: Sandbox, condition: Json, sku_field: str = "skus") -> list[SandboxProduct]:
    """Products that match a filter: one kind of id at most, then the visibility (ALL leaves out the archive).

    Without ids they come in the order of their ids.
    """
    kinds = [name for name in ("offer_id", "product_id", sku_field) if condition.get(name)]
    if len(kinds) > 1:
        raise invalid(f"Request validation error: invalid field filter: use only one of {', '.join(kinds)}")
    found: Iterable[SandboxProduct] = find(sandbox, kinds[0], condition[kinds[0]]) if kinds else sandbox.by_id.values()
    visible = _VISIBLE[condition.get("visibility") or "ALL"]
    return [product for product in found if visible(product)]


def find(sandbox: Sandbox, kind: str, wanted: list[str | int]) -> list[SandboxProduct]:
    """Known products with these ids, each once; the unknown are left out without an error, as Ozon does."""
    if kind == "offer_id":
        found = [sandbox.shelf.get(str(offer_id)) for offer_id in wanted]
    elif kind == "product_id":
        found = [sandbox.by_id.get(int(product_id)) for product_id in wanted]
    else:
        skus = {int(sku) for sku in wanted} - {0}
        found = [product for product in sandbox.shelf.values() if product.sku in skus]
    return list({product.product_id: product for product in found if product is not None}.values())


def list_products(sandbox: Sandbox, body: Json) -> Json:
    condition = body.get("filter") or {}
    chosen = select(sandbox, condition)
    last, limit = body.get("last_id") or "", body.get("limit") or 1000
    page, last_id, _ = take_page(chosen, by_id, last, limit, field="last_id", in_order=not any(condition.get(name) for name in ID_FILTERS))
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
    return {"result": {"items": items, "total_items": len(chosen), "last_id": last_id}}


def info_list(sandbox: Sandbox, body: Json) -> Json:
    kinds = [name for name in ("offer_id", "product_id", "sku") if body.get(name)]
    if len(kinds) != 1:
        raise invalid("Request validation error: use exactly one of offer_id, product_id, sku")
    return {"items": [_info(sandbox, product) for product in find(sandbox, kinds[0], body[kinds[0]])]}


def _info(sandbox: Sandbox, product: SandboxProduct) -> Json:
    item = product.item
    primary = item.get("primary_image")
    return {
        "id": product.product_id,
        "name": product.name,
        "offer_id": product.offer_id,
        "is_archived": product.archived,
        "is_autoarchived": False,
        "barcodes": [item["barcode"]] if item.get("barcode") else [],
        "description_category_id": product.category_id,
        "type_id": product.type_id,
        "created_at": stamp(product.created_at, fraction=True),
        "updated_at": stamp(product.updated_at, fraction=True),
        "images": list(item.get("images") or []),
        "primary_image": [primary] if primary else [],
        "color_image": [item["color_image"]] if item.get("color_image") else [],
        "images360": [],
        "currency_code": item["currency_code"],
        "marketing_price": money(product.price) if product.is_created else "",
        "min_price": money(product.min_price) if product.min_price else "",
        "old_price": money(product.old_price) if product.old_price else "",
        "price": money(product.price),
        "vat": f"{Decimal(product.vat):.2f}",
        "sources": _sources(product),
        "model_info": {"model_id": 0, "count": 0},
        "commissions": _commissions(product),
        "is_prepayment_allowed": product.is_created,
        "volume_weight": volume_weight(product),
        "has_discounted_fbo_item": False,
        "is_discounted": False,
        "discounted_fbo_stocks": 0,
        "stocks": {"has_stock": product.free > 0, "stocks": _stock_sums(sandbox, product)},
        "errors": [_info_error(error) for error in product.errors],
        "visibility_details": {"has_price": True, "has_stock": product.free > 0},
        "price_indexes": _no_price_indexes(),
        "is_kgt": False,
        "is_super": False,
        "is_seasonal": False,
        "promotions": [{"is_enabled": False, "type": "REVIEWS_PROMO"}],
        "statuses": _statuses(product),
        "sku": product.sku,
        "availabilities": _availabilities(product),
    }


def _sources(product: SandboxProduct) -> list[Json]:
    if not product.sku:
        return []
    created = stamp(product.created_at, fraction=True)
    general = "SHIPMENT_TYPE_GENERAL"
    return [{"sku": product.sku, "source": "sds", "created_at": created, "shipment_type": general, "quant_code": ""}]


def _commissions(product: SandboxProduct) -> list[Json]:
    if not product.is_created:
        return []
    return [
        {
            "sale_schema": schema,
            "percent": percent,
            "delivery_amount": 25,
            "return_amount": 80,
            "value": float(round(product.price * percent / 100, 2)),
        }
        for schema, percent in (("FBO", 36), ("FBS", 43), ("RFBS", 39))
    ]


def _availabilities(product: SandboxProduct) -> list[Json]:
    if not product.sku:
        return []
    state = "AVAILABLE" if product.free > 0 and not product.archived else "HIDDEN"
    return [{"availability": state, "reasons": [], "sku": product.sku, "source": "sds"}]


def _stock_sums(sandbox: Sandbox, product: SandboxProduct) -> list[Json]:
    sums: dict[str, list[int]] = {}
    for warehouse_id, free in product.stocks.items():
        pair = sums.setdefault("rfbs" if sandbox.warehouses[warehouse_id].is_rfbs else "fbs", [0, 0])
        reserved = product.reserved.get(warehouse_id, 0)
        pair[0] += free + reserved
        pair[1] += reserved
    return [{"present": present, "reserved": held, "sku": product.sku, "source": name} for name, (present, held) in sums.items()]


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


def _no_price_indexes() -> Json:
    empty = {"minimal_price": "", "minimal_price_currency": "RUB", "price_index_value": 0}
    kinds = ("external_index_data", "ozon_index_data", "self_marketplaces_index_data")
    return {"color_index": "COLOR_INDEX_WITHOUT_INDEX", **{kind: dict(empty) for kind in kinds}}


def _statuses(product: SandboxProduct) -> Json:
    if product.is_created:
        words = {
            "moderate_status": "approved",
            "validation_status": "success",
            "status_name": "Продается" if product.free > 0 else "Готов к продаже",
            "status_description": "",
            "status_tooltip": "",
        }
    elif product.status == "new":
        words = {
            "moderate_status": "",
            "validation_status": "fail",
            "status_name": "Не продается",
            "status_description": "Не создан",
            "status_tooltip": "Не прошел валидацию",
        }
    else:
        words = {
            "moderate_status": "in-moderating",
            "validation_status": "pending",
            "status_name": "Не продается",
            "status_description": "На модерации",
            "status_tooltip": "",
        }
    failed = "imported" if product.status == "new" else ""
    return {
        "status": product.status,
        "status_failed": failed,
        **words,
        "is_created": product.is_created,
        "status_updated_at": stamp(product.updated_at, fraction=True),
    }


def volume_weight(product: SandboxProduct) -> float:
    """Kilograms: the larger of the real weight and litres / 5, as carriers count it."""
    item = product.item
    side = MILLIMETRES[item["dimension_unit"]]
    litres = item["depth"] * item["width"] * item["height"] * side**3 / 1_000_000
    return float(round(max(litres / 5, weight_kg(product)), 1))


def weight_kg(product: SandboxProduct) -> Decimal:
    return int(product.item["weight"]) * GRAMS[product.item["weight_unit"]] / 1000


def attributes(sandbox: Sandbox, body: Json) -> Json:
    chosen = select(sandbox, body["filter"], "sku")
    key = _SORT_KEYS[body.get("sort_by") or "id"]
    descending = (body.get("sort_dir") or "").lower() == "desc"
    page, last_id, _ = take_page(chosen, key, body.get("last_id") or "", body["limit"], descending=descending, field="last_id")
    return {"result": [_card(product) for product in page], "total": len(chosen), "last_id": last_id}


def _card(product: SandboxProduct) -> Json:
    item = product.item
    nested = [inner for group in item.get("complex_attributes") or [] for inner in group.get("attributes") or []]
    same = ("height", "depth", "width", "dimension_unit", "weight", "weight_unit")
    return {
        "id": product.product_id,
        "sku": product.sku,
        "offer_id": product.offer_id,
        "name": product.name,
        "barcode": item.get("barcode") or "",
        "barcodes": [item["barcode"]] if item.get("barcode") else [],
        "description_category_id": product.category_id,
        "type_id": product.type_id,
        **{name: item[name] for name in same},
        "primary_image": item.get("primary_image") or "",
        "images": list(item.get("images") or []),
        "color_image": item.get("color_image") or "",
        "pdf_list": [{"name": pdf.get("name", ""), "file_name": pdf.get("src_url", "")} for pdf in item.get("pdf_list") or []],
        "attributes": [_stored(attribute) for attribute in item.get("attributes") or []],
        # Nested groups in the import, yet one flat list here: seen in live answers.
        "complex_attributes": [_stored(attribute) for attribute in nested],
        "attributes_with_defaults": [],
        "model_info": {"model_id": 0, "count": 0},
    }


def _stored(attribute: Json) -> Json:
    values = [
        {"dictionary_value_id": value.get("dictionary_value_id") or 0, "value": value.get("value") or ""}
        for value in attribute.get("values") or []
    ]
    return {"id": attribute["id"], "complex_id": attribute.get("complex_id") or 0, "values": values}


def unarchive(sandbox: Sandbox, body: Json) -> Json:
    """All or nothing: an unknown product refuses the whole request."""
    chosen = [sandbox.by_id.get(int(product_id)) for product_id in body["product_id"]]
    for product_id, product in zip(body["product_id"], chosen, strict=True):
        if product is None:
            raise ApiError(404, NOT_FOUND, f"product {product_id} is not found")
    for product in chosen:
        if product is not None:
            product.archived = False
            product.updated_at = sandbox.clock()
    return {"result": True}


def archive(sandbox: Sandbox, body: Json) -> Json:
    """All or nothing: an unknown product or one with stock refuses the whole request."""
    chosen = []
    for product_id in body["product_id"]:
        product = sandbox.by_id.get(int(product_id))
        if product is None:
            raise ApiError(404, NOT_FOUND, f"product {product_id} is not found")
        if product.free or any(product.reserved.values()):
            raise ApiError(400, FAILED_PRECONDITION, f"product {product_id} has stock")
        chosen.append(product)
    for product in chosen:
        product.archived = True
        product.updated_at = sandbox.clock()
    return {"result": True}
