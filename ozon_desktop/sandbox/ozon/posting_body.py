"""Builds the bodies of postings: the shape of /v4/posting/fbs/* and the one of /v3/posting/fbo/list."""

from datetime import datetime, timedelta
from decimal import Decimal

from .import_item import CURRENCY
from .model import Json, SandboxProduct, Warehouse, stamp

ENDLESS = "9999-12-31T23:59:59.999999900Z"
SUBSTATUSES = {
    "awaiting_packaging": "posting_created",
    "awaiting_deliver": "posting_transferring_to_delivery",
    "delivering": "posting_on_way_to_city",
    "delivered": "posting_received",
    "cancelled": "posting_canceled",
}
ACTIONS = {
    "awaiting_packaging": ["cancel", "has_barcode_for_printing", "product_cancel", "ship", "ship_async"],
    "awaiting_deliver": ["cancel", "label_download_big", "label_download_small"],
    "delivering": ["has_weight_for_printing"],
}
COLOUR_ATTRIBUTE = 10096
SHIPMENT_AFTER = timedelta(hours=20)


def no_cancellation() -> Json:
    return {
        "cancel_reason_id": 0,
        "cancel_reason": "",
        "cancellation_type": "",
        "cancelled_after_ship": False,
        "affect_cancellation_rating": False,
        "cancellation_initiator": "",
    }


def cancelled_by_customer() -> Json:
    return {
        **no_cancellation(),
        "cancel_reason_id": 506,
        "cancel_reason": "Покупатель передумал",
        "cancellation_type": "client",
        "cancellation_initiator": "Покупатель",
    }


def _amount(value: Decimal) -> Json:
    text = f"{value:.2f}"
    return {"amount": text.rstrip("0").rstrip("."), "currency": CURRENCY}


def _product_line(product: SandboxProduct, quantity: int) -> Json:
    return {
        "offer_id": product.offer_id,
        "name": product.name,
        "sku": product.sku,
        "quantity": quantity,
        "price": _amount(product.price),
        "is_marketplace_buyout": False,
    }


def _colour(product: SandboxProduct) -> str:
    colours = [attribute for attribute in product.item.attributes if attribute.id == COLOUR_ATTRIBUTE]
    return ", ".join(value.value for value in colours[0].values) if colours else ""


def _financial_data(product: SandboxProduct, extra: Json) -> Json:
    """`extra`: what the line of one scheme has and the other's has not."""
    price, old_price = product.price, max(product.old_price, product.price)
    percent = 43
    commission = round(price * percent / 100, 2)
    line = {
        "product_id": product.sku,
        "price": float(price),
        "old_price": float(old_price),
        "payout": float(price - commission),
        "commission": {"amount": float(commission), "currency": CURRENCY, "percent": percent},
        "total_discount_value": float(old_price - price),
        "total_discount_percent": float(round((old_price - price) / old_price * 100, 2)),
        "actions": [],
        **extra,
    }
    return {"products": [line], "cluster_from": "Москва, МО и Дальние регионы", "cluster_to": "Казань"}


def _requirements() -> Json:
    kinds = ("gtd", "country", "mandatory_mark", "rnpt", "jw_uin", "change_country", "imei", "weight")
    return {f"products_requiring_{kind}": [] for kind in kinds}


def _plain_parts() -> Json:
    """What is the same in every ordinary posting."""
    return {
        "container": {"cargo_type": "", "container_date": "", "container_id": 0, "container_number": 0},
        "container_sort_type": "",
        "destination_place_id": 0,
        "destination_place_name": "",
        "external_order": {"is_external": False, "platform_name": ""},
        "is_click_and_collect": False,
        "is_express": False,
        "is_multibox": False,
        "is_presortable": False,
        "multi_box_qty": 1,
        "optional": {"products_with_possible_mandatory_mark": []},
        "prr_option": "",
        "quantum_id": 0,
        "require_blr_traceable_attrs": False,
        "requirements": _requirements(),
        "scanit": "",
        "sorting_center": {"code": "", "name": ""},
        "volume_weight": 0,
    }


def _tariffs(shipment: datetime) -> Json:
    charges = ((0, "0", shipment), (1, "50", shipment + timedelta(hours=12)), (2, "100", shipment + timedelta(hours=36)), (3, "150", None))
    steps = [
        {
            "min_charge": {"amount": amount, "currency": CURRENCY} if rate else None,
            "tariff_charge": {"amount": amount, "currency": CURRENCY},
            # Live answers end the last step at the end of time, with more digits than a microsecond.
            "tariff_deadline_at": stamp(deadline) if deadline else ENDLESS,
            "tariff_rate": rate,
            "tariff_type": "commission" if rate else "no_discount",
        }
        for rate, amount, deadline in charges
    ]
    fifty = {"amount": "50", "currency": CURRENCY}
    current = {
        "current_tariff_rate": 0,
        "current_tariff_type": "no_discount",
        "current_tariff_charge": {"amount": "0", "currency": CURRENCY},
        "current_tariff_min_charge": None,
        "next_tariff_rate": 1,
        "next_tariff_type": "commission",
        "next_tariff_charge": fifty,
        "next_tariff_min_charge": dict(fifty),
        "next_tariff_starts_at": stamp(shipment + timedelta(seconds=1)),
    }
    return {"tariffication": current, "tariffication_steps": steps}


def _delivery(warehouse: Warehouse) -> Json:
    return {
        "id": warehouse.warehouse_id,
        "name": "Доставка продавца" if warehouse.is_rfbs else "Доставка Ozon самостоятельно",
        "warehouse_id": warehouse.warehouse_id,
        "warehouse": warehouse.name,
        "tpl_provider_id": 0 if warehouse.is_rfbs else 24,
        "tpl_provider": "Доставка продавца" if warehouse.is_rfbs else "Доставка Ozon",
    }


def _fbs_analytics(warehouse: Warehouse, shipment: datetime) -> Json:
    return {
        "city": "Казань" if warehouse.is_rfbs else "",
        "region": "Республика Татарстан" if warehouse.is_rfbs else "",
        "delivery_type": "Courier" if warehouse.is_rfbs else "PVZ",
        "delivery_date_begin": stamp(shipment + timedelta(days=2)),
        "delivery_date_end": stamp(shipment + timedelta(days=3)),
        "client_delivery_date_begin": None,
        "client_delivery_date_end": None,
        "is_legal": False,
        "is_premium": False,
        "payment_type_group_name": "карта Ozon Банка",
        "tpl_provider": "Доставка Ozon",
        "tpl_provider_id": 24,
        "warehouse": warehouse.name,
        "warehouse_id": warehouse.warehouse_id,
    }


def _customer(warehouse: Warehouse) -> Json | None:
    """Ozon names the buyer only when the seller delivers (rFBS)."""
    if not warehouse.is_rfbs:
        return None
    address = {
        "address_tail": "Примерная улица, 5",
        "city": "Казань",
        "comment": "",
        "country": "Россия",
        "district": "",
        "latitude": 55.79,
        "longitude": 49.12,
        "provider_pvz_code": "",
        "pvz_code": 0,
        "region": "Республика Татарстан",
        "zip_code": "420000",
    }
    return {"address": address, "customer_email": "", "customer_id": 1, "name": "Анна Примерова", "phone": ""}


def fbs_posting(number: str, order_id: int, product: SandboxProduct, quantity: int, warehouse: Warehouse, now: datetime) -> Json:
    """A new posting in the shape of /v4/posting/fbs/list with everything filled in; lists blank what was not asked for."""
    shipment = (now + SHIPMENT_AFTER).replace(minute=0, second=0, microsecond=0)
    customer = _customer(warehouse)
    line = {
        **_product_line(product, quantity),
        "is_blr_traceable": False,
        "imei": [],
        "weight": float(product.item.grams / 1000),
        "product_color": _colour(product),
    }
    return {
        "posting_number": number,
        "order_id": order_id,
        "order_number": number.rpartition("-")[0],
        "parent_posting_number": "",
        "pickup_code_verified_at": None,
        "status": "awaiting_packaging",
        "substatus": SUBSTATUSES["awaiting_packaging"],
        "delivery_method": _delivery(warehouse),
        "delivery_schema": warehouse.scheme,
        "tracking_number": "",
        "tpl_integration_type": "non_integrated" if warehouse.is_rfbs else "ozon",
        "integration_type_flow": "non_integrated" if warehouse.is_rfbs else "ozon",
        "in_process_at": stamp(now),
        "shipment_date": stamp(shipment),
        "shipment_date_without_delay": stamp(shipment + timedelta(days=4)),
        "delivering_date": None,
        "cancellation": no_cancellation(),
        "customer": customer,
        "products": [line],
        "addressee": {"name": customer["name"]} if customer else None,
        "barcodes": {"upper_barcode": f"%101%{order_id}", "lower_barcode": f"{order_id}000"},
        "analytics_data": _fbs_analytics(warehouse, shipment),
        "financial_data": _financial_data(product, {"quantity": quantity, "customer_price": _amount(product.price)}),
        "legal_info": {"company_name": "", "inn": "", "kpp": ""},
        **_plain_parts(),
        **_tariffs(shipment),
        "available_actions": list(ACTIONS["awaiting_packaging"]),
    }


def fbo_posting(number: str, order_id: int, product: SandboxProduct, quantity: int, now: datetime) -> Json:
    """A new posting in the shape of /v3/posting/fbo/list."""
    empty = no_cancellation()
    analytics = {
        "city": "",
        "client_delivery_date_begin": None,
        "client_delivery_date_end": None,
        "delivery_type": "PVZ",
        "is_legal": False,
        "is_premium": False,
        "payment_type_group_name": "карта Ozon Банка",
        "warehouse_id": 18044570445000,
        "warehouse_name": "ПРИМЕРСК_РФЦ",
    }
    return {
        "posting_number": number,
        "order_id": order_id,
        "order_number": number.rpartition("-")[0],
        "status": "awaiting_packaging",
        "substatus": SUBSTATUSES["awaiting_packaging"],
        "created_at": stamp(now),
        "in_process_at": stamp(now),
        "cancel_reason_id": 0,
        "cancellation": {name: empty[name] for name in ("cancel_reason", "cancellation_initiator", "cancellation_type")},
        "products": [{**_product_line(product, quantity), "digital_codes": []}],
        "analytics_data": analytics,
        "financial_data": _financial_data(product, {}),
        "legal_info": {"company_name": "", "inn": "", "kpp": ""},
        "additional_data": [],
        "external_order": {"is_external": False, "platform_name": ""},
    }
