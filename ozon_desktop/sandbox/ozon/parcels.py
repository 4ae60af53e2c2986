"""What happens to one posting: its state, the stock it holds, its parcels."""

from dataclasses import replace
from datetime import datetime

from .memory import Memory
from .model import Exemplar, Json, Pieces, Posting, stamp
from .needs import show_needs
from .posting_body import ACTIONS, SUBSTATUSES, parcel_of
from .templates import template

SPLIT = "cancelled_from_split_pending"
FINAL = frozenset({"delivered", "cancelled", SPLIT})
HELD = frozenset({"awaiting_packaging", "awaiting_deliver"})
BY_BUYER = "cancelled_by_customer"


def set_status(memory: Memory, posting: Posting, status: str, moment: datetime, reason: str | Json = BY_BUYER) -> None:
    """Put a posting into a status, with the stock, actions and reasons that belong to it. ValueError when it cannot be.

    reason: the template of a cancellation, or its fields.
    """
    if posting.status in FINAL or status not in SUBSTATUSES:
        raise ValueError(f"posting {posting.number} cannot go from {posting.status} to {status}")
    body = posting.body
    if posting.scheme != "fbo":
        posting.shown_before = dict(body)
        _move_stock(memory, posting, status)
        body["available_actions"] = ACTIONS.get(status, [])
        if status == "delivering":
            body["delivering_date"] = stamp(moment)
            body["tracking_number"] = body["tracking_number"] or f"TRK{body['order_id']}"
    if status == "cancelled":
        known = template(reason) if isinstance(reason, str) else reason
        why = {**known, "cancelled_after_ship": posting.status != "awaiting_packaging"}
        body["cancellation"] = {name: why[name] for name in body["cancellation"]}
        if posting.scheme == "fbo":
            body["cancel_reason_id"] = why["cancel_reason_id"]
    body["status"], body["substatus"] = status, SUBSTATUSES[status]
    if posting.scheme != "fbo":
        show_needs(posting)
    posting.packages, posting.ship_asked_at = {}, None
    posting.changed_at = moment
    posting.history.append((moment, status))
    if status in FINAL:
        memory.active.pop(posting.number, None)


def take_apart(memory: Memory, posting: Posting, packages: dict[str, Pieces], moment: datetime) -> None:
    """Make parcels of a posting, each in the state of the posting; that with its number is the posting itself."""
    whole, rest = posting.body, {sku: list(known) for sku, known in posting.exemplars.items()}
    for number, pieces in packages.items():
        own: dict[int, list[Exemplar]] = {}
        for sku, offer in posting.offers.items():
            count = pieces.get(offer, 0)
            if count and sku in rest:
                own[sku], rest[sku] = rest[sku][:count], rest[sku][count:]
        body = parcel_of(whole, number, pieces)
        if number == posting.number:
            mine = (body, pieces, own)
            continue
        body["parent_posting_number"], body["substatus"] = posting.number, SUBSTATUSES[posting.status]
        parcel = replace(
            posting,
            body=body,
            pieces=pieces,
            exemplars=own,
            history=[*posting.history],
            packages={},
            ship_asked_at=None,
            shown_before=None,
            changed_at=moment,
        )
        memory.postings[number] = memory.active[number] = parcel
    if posting.number in packages:
        posting.body, posting.pieces, posting.exemplars = mine


def let_go(memory: Memory, posting: Posting, offer_id: str, quantity: int, *, back: bool) -> None:
    """The reserve of so many pieces ends; back: they may be sold again."""
    product = memory.shelf.get(offer_id)
    if product is None:
        # Deleted in the cabinet since.
        return
    product.reserved[posting.warehouse_id] -= quantity
    if back:
        product.stocks[posting.warehouse_id] += quantity


def _move_stock(memory: Memory, posting: Posting, status: str) -> None:
    """The reserve ends when the goods leave; a cancelled order gives them back."""
    if posting.status not in HELD or status in HELD or status == SPLIT:
        return
    for offer_id, quantity in posting.pieces.items():
        let_go(memory, posting, offer_id, quantity, back=status == "cancelled")
