"""What is to be done with FBS postings today: by deadline, by warehouse and delivery method, and what to fetch for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from ozon_desktop.domain.fbs import OF_PIECES, Need, TariffStep
from ozon_desktop.domain.orders import Posting, PostingProduct

TO_ASSEMBLE = "awaiting_packaging"
TO_HAND_OVER = "awaiting_deliver"
SHIP_FAILED = "ship_failed"
SPLIT = "cancelled_from_split_pending"
SHIP_WORDS = frozenset({"ship", "ship_async", "ship_async_retry", "ship_with_additional_info"})
"""Actions of Ozon by which a posting can be assembled."""

GONE = frozenset({"cancelled", SPLIT, "not_accepted"})
PAST_ASSEMBLING = frozenset(
    {TO_HAND_OVER, "acceptance_in_progress", "delivering", "driver_pickup", "delivered", "sent_by_seller", "arbitration"}
)


class Urgency(StrEnum):
    """By the recommended time of handing over, on the calendar of the shop."""

    OVERDUE = "overdue"
    TODAY = "today"
    LATER = "later"
    UNKNOWN = "unknown"


class Step(StrEnum):
    """What the seller has to do next."""

    FILL = "fill"
    ASSEMBLE = "assemble"
    WAIT = "wait"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True)
class TodoLine:
    """One posting to work on. cost: what handing over now costs; next_cost: what it will cost after, with the moment in `cost.until`."""

    posting: Posting
    step: Step
    urgency: Urgency
    needs: tuple[Need, ...]
    failed: bool
    cost: TariffStep | None
    next_cost: TariffStep | None

    @property
    def deadline(self) -> datetime | None:
        return self.posting.shipment_date


@dataclass(frozen=True, slots=True)
class PickLine:
    """What to fetch of one article for all chosen postings. parts: (posting number, pieces)."""

    offer_id: str
    name: str
    sku: int
    quantity: int
    parts: tuple[tuple[str, int], ...]


def todo(postings: Iterable[Posting], now: datetime, zone: tzinfo, under_way: Iterable[str] = ()) -> list[TodoLine]:
    """Postings the seller still has to assemble or hand over, the most urgent first. under_way: those Ozon assembles at the moment."""
    waiting = frozenset(under_way)
    lines = [_line(one, now, zone, waiting) for one in postings if one.scheme != "fbo" and one.status in (TO_ASSEMBLE, TO_HAND_OVER)]
    return sorted(lines, key=lambda line: (line.deadline is None, line.deadline or now, line.posting.posting_number))


def _line(posting: Posting, now: datetime, zone: tzinfo, waiting: frozenset[str]) -> TodoLine:
    needs = tuple(dict.fromkeys(need for product in posting.needs for need in product.needs if need is not Need.POSSIBLE_MARK))
    if posting.status == TO_HAND_OVER:
        step, needs = Step.HAND_OVER, ()
    elif posting.posting_number in waiting or "ship_async_in_process" in posting.actions:
        step = Step.WAIT
    else:
        step = Step.FILL if needs else Step.ASSEMBLE
    cost, following = costs(posting.tariffs, now)
    return TodoLine(posting, step, _urgency(posting.shipment_date, now, zone), needs, posting.substatus == SHIP_FAILED, cost, following)


def _urgency(deadline: datetime | None, now: datetime, zone: tzinfo) -> Urgency:
    if deadline is None:
        return Urgency.UNKNOWN
    if deadline < now:
        return Urgency.OVERDUE
    return Urgency.TODAY if deadline.astimezone(zone).date() == now.astimezone(zone).date() else Urgency.LATER


def costs(steps: Sequence[TariffStep], now: datetime) -> tuple[TariffStep | None, TariffStep | None]:
    """The step of now and the one after it, as the posting itself says them."""
    for place, step in enumerate(steps):
        if step.until is None or now < step.until:
            return step, steps[place + 1] if place + 1 < len(steps) else None
    return None, None


def picking(postings: Iterable[Posting]) -> list[PickLine]:
    """What to fetch, an article once, sorted by article; one article of two names keeps the first."""
    found: dict[str, tuple[PostingProduct, list[tuple[str, int]]]] = {}
    for posting in postings:
        for line in posting.products:
            found.setdefault(line.offer_id, (line, []))[1].append((posting.posting_number, line.quantity))
    lines = [PickLine(offer, line.name, line.sku, sum(count for _, count in parts), tuple(parts)) for offer, (line, parts) in found.items()]
    return sorted(lines, key=lambda line: (line.offer_id.casefold(), line.offer_id))


def picking_order(postings: Iterable[Posting]) -> list[Posting]:
    """Postings as the picking list goes: those of one article together, mixed ones behind their first article."""

    def key(posting: Posting) -> tuple[str, int, str]:
        articles = sorted(line.offer_id.casefold() for line in posting.products)
        return (articles[0] if articles else "", len(articles), posting.posting_number)

    return sorted(postings, key=key)


def pieces_of(posting: Posting) -> dict[int, int]:
    """How many pieces of each SKU are in it."""
    counts: dict[int, int] = {}
    for line in posting.products:
        counts[line.sku] = counts.get(line.sku, 0) + line.quantity
    return counts


def wanted_pieces(posting: Posting) -> dict[int, tuple[Need, ...]]:
    """What each piece of a SKU needs written on it."""
    return {product.sku: tuple(need for need in product.needs if need in OF_PIECES) for product in posting.needs}


def adds_up(posting: Posting, packages: Sequence[dict[int, int]]) -> bool:
    """Whether the packages together are the posting, none of them empty."""
    total: dict[int, int] = {}
    for package in packages:
        if not package or any(count < 1 for count in package.values()):
            return False
        for sku, count in package.items():
            total[sku] = total.get(sku, 0) + count
    return total == pieces_of(posting)
