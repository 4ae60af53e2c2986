"""/v1/returns/list: goods buyers gave back, and those of cancelled postings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .import_rules import CURRENCY
from .model import Json, Posting, SandboxProduct, money, stamp
from .replies import invalid
from .schema import Int, Items, Moment, Obj, Str, obj, parse_moment

if TYPE_CHECKING:
    from .sandbox import Sandbox

FIRST_RETURN = 1_000_015_552
COMPANY = 100_500
_PERIOD = Obj({"time_from": Moment(), "time_to": Moment()})
LIST_REQUEST = obj(
    "limit",
    limit=Int(1, 500),
    last_id=Int(minimum=0),
    filter=obj(
        logistic_return_date=_PERIOD,
        visual_status_change_moment=_PERIOD,
        storage_tariffication_start_date=_PERIOD,
        order_id=Int(minimum=0),
        posting_numbers=Items(Str(), 50),
        product_name=Str(),
        offer_id=Str(),
        visual_status_name=Str(),
        warehouse_id=Int(minimum=0),
        barcode=Str(),
        return_schema=Str(choices=frozenset({"FBS", "FBO"})),
    ),
)


def list_returns(sandbox: Sandbox, body: Json) -> Json:
    condition = body.get("filter") or {}
    changed = condition.get("visual_status_change_moment") or {}
    numbers = condition.get("posting_numbers") or []
    chosen = [
        entry
        for entry in sandbox.orders.returns
        if entry["id"] > (body.get("last_id") or 0)
        and (not numbers or entry["posting_number"] in numbers)
        and _within(entry["visual"]["change_moment"], changed)
        and (not condition.get("offer_id") or entry["product"]["offer_id"] == condition["offer_id"])
        and (not condition.get("return_schema") or entry["schema"].upper() == condition["return_schema"])
    ]
    page = chosen[: body["limit"]]
    return {"returns": page, "has_next": len(chosen) > len(page)}


def return_body(number: int, posting: Posting, product: SandboxProduct, quantity: int, kind: str, moment: datetime) -> Json:
    """A return in the shape of the list. kind: Cancellation, FullReturn, PartialReturn or ClientReturn."""
    price = {"currency_code": CURRENCY, "price": float(money(product.price))}
    place = {"id": 23_869_688_194_000, "name": "СЦ_Примерск_Возвраты", "address": "Россия, г. Примерск, ул. Примерная, д. 1"}
    nothing = {"currency_code": CURRENCY, "price": 0.0}
    return {
        "exemplars": [{"id": 1_019_562_967_545_956 + number}],
        "id": number,
        "company_id": COMPANY,
        "return_reason_name": "Покупатель передумал" if kind == "Cancellation" else "Не подошёл размер",
        "type": kind,
        "schema": "Fbo" if posting.scheme == "fbo" else "Fbs",
        "order_id": posting.body["order_id"],
        "order_number": posting.body["order_number"],
        "place": place,
        "target_place": dict(place),
        "storage": {"sum": nothing, "days": 0, "utilization_sum": dict(nothing)},
        "product": {
            "sku": product.sku,
            "offer_id": product.offer_id,
            "name": product.name,
            "price": price,
            "price_without_commission": dict(price),
            "commission_percent": 0.0,
            "commission": dict(nothing),
            "quantity": quantity,
        },
        "logistic": {"return_date": stamp(moment), "barcode": f"ii{number}"},
        "visual": {
            "status": {"id": 3, "display_name": "В пункте выдачи", "sys_name": "ArrivedAtReturnPlace"},
            "change_moment": stamp(moment),
        },
        "additional_info": {"is_opened": False, "is_super_econom": False},
        "source_id": number - 1,
        "posting_number": posting.number,
        "clearing_id": 21_190_893_156_000,
    }


def _within(text: str, period: Json) -> bool:
    moment = _moment(text)
    if period.get("time_from") and moment < _moment(period["time_from"]):
        return False
    return not (period.get("time_to") and moment > _moment(period["time_to"]))


def _moment(text: str) -> datetime:
    moment = parse_moment(text)
    if moment is None:
        raise invalid(f"malformed time: {text}")
    return moment
