"""Builds the bodies of postings: the shape of /v4/posting/fbs/* and the one of /v3/posting/fbo/list."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from .model import Json, Pieces, SandboxProduct, Warehouse, stamp
from .templates import fill, template

ENDLESS = "9999-12-31T23:59:59.999999900Z"
SUBSTATUSES = {
    "awaiting_packaging": "posting_created",
    "awaiting_deliver": "posting_not_in_carriage",
    "delivering": "posting_on_way_to_city",
    "driver_pickup": "posting_driver_pick_up",
    "delivered": "posting_received",
    "cancelled": "posting_canceled",
    "cancelled_from_split_pending": "posting_split_pending",
    "not_accepted": "posting_not_in_sort_center",
}
ACTIONS = {
    "awaiting_packaging": ["cancel", "has_barcode_for_printing", "product_cancel", "ship", "ship_async"],
    "awaiting_deliver": ["cancel", "label_download_big", "label_download_small"],
    "delivering": ["has_weight_for_printing"],
}
COLOUR_ATTRIBUTE = 10096
WITHOUT_DELAY = timedelta(days=4)
WHOLE_HOURS_FROM = timedelta(hours=1)


def _amount(value: Decimal, currency: str) -> Json:
    text = f"{value:.2f}"
    return {"amount": text.rstrip("0").rstrip("."), "currency": currency}


def _product_line(product: SandboxProduct, quantity: int) -> Json:
    return {
        "offer_id": product.offer_id,
        "name": product.name,
        "sku": product.sku,
        "quantity": quantity,
        "price": _amount(product.price, product.item.currency),
        "is_marketplace_buyout": False,
    }


def _colour(product: SandboxProduct) -> str:
    colours = [attribute for attribute in product.item.attributes if attribute.id == COLOUR_ATTRIBUTE]
    return ", ".join(value.value for value in colours[0].values) if colours else ""


def _financial_line(product: SandboxProduct, extra: Json) -> Json:
    """`extra`: what the line of one scheme has and the other's has not."""
    price, old_price = product.price, max(product.old_price, product.price)
    percent = 43
    commission = round(price * percent / 100, 2)
    return {
        "product_id": product.sku,
        "price": float(price),
        "old_price": float(old_price),
        "payout": float(price - commission),
        "commission": {"amount": float(commission), "currency": product.item.currency, "percent": percent},
        "total_discount_value": float(old_price - price),
        "total_discount_percent": float(round((old_price - price) / old_price * 100, 2)),
        "actions": [],
        **extra,
    }


def _tariffs(shipment: datetime) -> Json:
    # Live answers end the last step at the end of time, with more digits than a microsecond.
    deadlines = [*(stamp(shipment + timedelta(hours=hours)) for hours in (0, 12, 36)), ENDLESS]
    steps = zip(template("fbs_posting")["tariffication_steps"], deadlines, strict=True)
    return {
        "tariffication": {"next_tariff_starts_at": stamp(shipment + timedelta(seconds=1))},
        "tariffication_steps": [{**step, "tariff_deadline_at": deadline} for step, deadline in steps],
    }


def _new_posting(number: str, order_id: int, now: datetime) -> Json:
    return {
        "posting_number": number,
        "order_id": order_id,
        "order_number": number.rpartition("-")[0],
        "status": "awaiting_packaging",
        "substatus": SUBSTATUSES["awaiting_packaging"],
        "in_process_at": stamp(now),
    }


def _fbs_line(product: SandboxProduct, quantity: int) -> Json:
    return {
        **_product_line(product, quantity),
        "is_blr_traceable": False,
        "imei": [],
        "weight": float(product.item.grams / 1000),
        "product_color": _colour(product),
    }


def fbs_posting(
    number: str, order_id: int, goods: Sequence[tuple[SandboxProduct, int]], warehouse: Warehouse, now: datetime, shipment_after: timedelta
) -> Json:
    """A new posting in the shape of /v4/posting/fbs/list with everything filled in; lists blank what was not asked for.

    Ozon names the buyer only when the seller delivers (rFBS).
    """
    shipment = now + shipment_after
    if shipment_after >= WHOLE_HOURS_FROM:
        shipment = shipment.replace(minute=0, second=0, microsecond=0)
    extra = [{"quantity": count, "customer_price": _amount(product.price, product.item.currency)} for product, count in goods]
    money = [_financial_line(product, more) for (product, _), more in zip(goods, extra, strict=True)]
    place = {"warehouse_id": warehouse.warehouse_id, "warehouse": warehouse.name}
    delivered = {"delivery_date_begin": stamp(shipment + timedelta(days=2)), "delivery_date_end": stamp(shipment + timedelta(days=3))}
    varying = {
        **_new_posting(number, order_id, now),
        **fill(warehouse.scheme, {"delivery_method": {"id": warehouse.warehouse_id, **place}, "analytics_data": {**place, **delivered}}),
        **_tariffs(shipment),
        "shipment_date": stamp(shipment),
        "shipment_date_without_delay": stamp(shipment + WITHOUT_DELAY),
        "cancellation": template("no_cancellation"),
        "products": [_fbs_line(product, count) for product, count in goods],
        "barcodes": {"upper_barcode": f"%101%{order_id}", "lower_barcode": f"{order_id}000"},
        "financial_data": fill("financial_data", {"products": money}),
        "available_actions": ACTIONS["awaiting_packaging"],
    }
    return fill("fbs_posting", varying)


def parcel_of(body: Json, number: str, pieces: Pieces) -> Json:
    """The body of one parcel of a posting."""
    lines = [line for line in body["products"] if pieces.get(line["offer_id"])]
    counts = {line["sku"]: pieces[line["offer_id"]] for line in lines}
    money = [line for line in body["financial_data"]["products"] if line["product_id"] in counts]
    parts = {"products": [{**line, "quantity": counts[line["sku"]]} for line in lines]}
    financial = {**body["financial_data"], "products": [{**line, "quantity": counts[line["product_id"]]} for line in money]}
    codes = {"upper_barcode": f"%101%{number.replace('-', '')}", "lower_barcode": f"{number.replace('-', '')}000"}
    needs = {name: [sku for sku in skus if int(sku) in counts] for name, skus in body["requirements"].items()}
    return {**body, **parts, "requirements": needs, "financial_data": financial, "posting_number": number, "barcodes": codes}


def fbo_posting(number: str, order_id: int, product: SandboxProduct, quantity: int, now: datetime) -> Json:
    """A new posting in the shape of /v3/posting/fbo/list."""
    varying = {
        **_new_posting(number, order_id, now),
        "created_at": stamp(now),
        "cancellation": {
            name: template("no_cancellation")[name] for name in ("cancel_reason", "cancellation_initiator", "cancellation_type")
        },
        "products": [{**_product_line(product, quantity), "digital_codes": []}],
        "financial_data": fill("financial_data", {"products": [_financial_line(product, {})]}),
    }
    return fill("fbo_posting", varying)
