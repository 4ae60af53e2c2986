"""/v3/posting/fbs/get: the truth about one posting, in the older shape: `result`, prices as texts.

Official: the shape; that `related_postings` is an object, not a list, was seen live too.
"""

from msgspec import field

from .exemplars import PostingRequest, posting_of
from .memory import Memory
from .model import Exemplar, Json, Posting
from .postings import OPTIONAL_PARTS, FbsParts

NEWER = (
    "delivery_schema",
    "destination_place_id",
    "destination_place_name",
    "external_order",
    "integration_type_flow",
    "is_click_and_collect",
    "is_presortable",
    "quantum_id",
    "scanit",
    "sorting_center",
    "volume_weight",
)
"""What only the lists of the newer version have."""


class GetParts(FbsParts):
    product_exemplars: bool = False
    related_postings: bool = False
    translit: bool = False


class GetRequest(PostingRequest, kw_only=True):
    parts: GetParts = field(default_factory=GetParts, name="with")


def get(memory: Memory, body: GetRequest) -> Json:
    posting, parts = posting_of(memory, body.posting_number), body.parts
    shown = {name: value for name, value in posting.body.items() if name not in NEWER}
    shown |= {name: None for name in OPTIONAL_PARTS if not getattr(parts, name)}
    shown |= {
        "products": [_line(line) for line in posting.body["products"]],
        "financial_data": _money(posting.body["financial_data"]) if parts.financial_data else None,
        "tariffication": _older(posting.body["tariffication"]),
        "prr_option": None,
        "previous_substatus": (posting.shown_before or posting.body)["substatus"],
        "provider_status": "",
        "related_postings": {"related_posting_numbers": _related(memory, posting)} if parts.related_postings else None,
        "product_exemplars": {"products": _exemplars(posting)} if parts.product_exemplars else None,
    }
    return {"result": shown}


def _line(line: Json) -> Json:
    kept = {name: line[name] for name in ("offer_id", "name", "sku", "quantity", "is_blr_traceable", "is_marketplace_buyout")}
    return {**kept, "price": f"{float(line['price']['amount']):.4f}", "currency_code": line["price"]["currency"], "mandatory_mark": []}


def _money(data: Json) -> Json:
    products = [
        {
            "product_id": line["product_id"],
            "price": line["price"],
            "old_price": line["old_price"],
            "payout": line["payout"],
            "quantity": line["quantity"],
            "actions": line["actions"],
            "currency_code": line["commission"]["currency"],
            "commission_amount": line["commission"]["amount"],
            "commission_percent": line["commission"]["percent"],
            "commissions_currency_code": line["commission"]["currency"],
            "total_discount_value": line["total_discount_value"],
        }
        for line in data["products"]
    ]
    return {"products": products, "cluster_from": data.get("cluster_from", ""), "cluster_to": data.get("cluster_to", "")}


def _older(tariff: Json) -> Json:
    """Amounts as texts with the currency beside them."""
    return {
        "current_tariff_rate": tariff["current_tariff_rate"],
        "current_tariff_type": tariff["current_tariff_type"],
        "current_tariff_charge": tariff["current_tariff_charge"]["amount"],
        "current_tariff_charge_currency_code": tariff["current_tariff_charge"]["currency"],
        "next_tariff_rate": tariff["next_tariff_rate"],
        "next_tariff_type": tariff["next_tariff_type"],
        "next_tariff_charge": tariff["next_tariff_charge"]["amount"],
        "next_tariff_charge_currency_code": tariff["next_tariff_charge"]["currency"],
        "next_tariff_starts_at": tariff["next_tariff_starts_at"],
    }


def _related(memory: Memory, posting: Posting) -> list[str]:
    order = posting.body["order_number"]
    return [one.number for one in memory.postings.values() if one.body["order_number"] == order and one is not posting]


def _exemplars(posting: Posting) -> list[Json]:
    return [{"sku": sku, "exemplars": [_exemplar(one) for one in pieces]} for sku, pieces in posting.exemplars.items()]


def _exemplar(one: Exemplar) -> Json:
    by_kind = {kind: mark for mark, kind in one.marks}
    return {
        "exemplar_id": one.number,
        "mandatory_mark": by_kind.get("mandatory_mark", ""),
        "gtd": one.gtd,
        "is_gtd_absent": one.is_gtd_absent,
        "rnpt": one.rnpt,
        "is_rnpt_absent": one.is_rnpt_absent,
        "weight": one.weight,
        "imei": [mark for mark, kind in one.marks if kind == "imei"],
    }
