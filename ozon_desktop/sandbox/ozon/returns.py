"""/v1/returns/list: goods buyers gave back, and those of cancelled postings."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, field

from .auth import KNOWN_CLIENT_ID
from .memory import Memory
from .model import Json, Posting, SandboxProduct, money, stamp
from .requests import Moment, NotNegative, Period, Request, one_of
from .templates import fill

FIRST_RETURN = 1_000_015_552


class ReturnPeriod(Period):
    start: Moment | None = field(default=None, name="time_from")
    end: Moment | None = field(default=None, name="time_to")


class ReturnFilter(Request):
    logistic_return_date: ReturnPeriod = field(default_factory=ReturnPeriod)
    visual_status_change_moment: ReturnPeriod = field(default_factory=ReturnPeriod)
    storage_tariffication_start_date: ReturnPeriod = field(default_factory=ReturnPeriod)
    order_id: NotNegative = 0
    posting_numbers: Annotated[list[str], Meta(max_length=50)] = []
    product_name: str = ""
    offer_id: str = ""
    visual_status_name: str = ""
    warehouse_id: NotNegative = 0
    barcode: str = ""
    compensation_status_id: NotNegative = 0
    return_schema: Annotated[str, one_of(("FBS", "FBO"))] | None = None


class ListRequest(Request):
    limit: Annotated[int, Meta(ge=1, le=500)]
    last_id: NotNegative = 0
    filter: ReturnFilter = field(default_factory=ReturnFilter)


def list_returns(memory: Memory, body: ListRequest) -> Json:
    wanted = body.filter
    chosen = [
        entry
        for entry in memory.returns
        if entry["id"] > body.last_id
        and (not wanted.posting_numbers or entry["posting_number"] in wanted.posting_numbers)
        and datetime.fromisoformat(entry["visual"]["change_moment"]) in wanted.visual_status_change_moment
        and (not wanted.offer_id or entry["product"]["offer_id"] == wanted.offer_id)
        and (not wanted.compensation_status_id or _compensation(entry) == wanted.compensation_status_id)
        and (wanted.return_schema is None or entry["schema"].upper() == wanted.return_schema)
    ]
    page = chosen[: body.limit]
    return {"returns": page, "has_next": len(chosen) > len(page)}


def _compensation(entry: Json) -> int:
    """The state of the compensation Ozon pays for the goods, 0 = none is paid."""
    status: int = ((entry.get("compensation_status") or {}).get("status") or {}).get("id") or 0
    return status


def return_body(number: int, posting: Posting, product: SandboxProduct, quantity: int, kind: str, moment: datetime) -> Json:
    """A return in the shape of the list. kind: Cancellation, FullReturn, PartialReturn or ClientReturn."""
    price = {"currency_code": product.item.currency, "price": float(money(product.price))}
    varying = {
        "exemplars": [{"id": 1_019_562_967_545_956 + number}],
        "id": number,
        "company_id": KNOWN_CLIENT_ID,
        "return_reason_name": "Покупатель передумал" if kind == "Cancellation" else "Не подошёл размер",
        "type": kind,
        "schema": "Fbo" if posting.scheme == "fbo" else "Fbs",
        "order_id": posting.body["order_id"],
        "order_number": posting.body["order_number"],
        "product": {
            "sku": product.sku,
            "offer_id": product.offer_id,
            "name": product.name,
            "price": price,
            "price_without_commission": price,
            "quantity": quantity,
        },
        "logistic": {"return_date": stamp(moment), "barcode": f"ii{number}"},
        "visual": {"change_moment": stamp(moment)},
        "source_id": number - 1,
        "posting_number": posting.number,
    }
    return fill("return", varying)
