"""Orders over time: buyers take products that have stock, postings move on, a few are cancelled, goods come back.

Parcels of the seller (FBS, rFBS) wait in `awaiting_packaging` until they are shipped, and are cancelled when that is not done in
time (official: statuses, who cancels, the fields of a cancellation). FBO goes on by itself, as Ozon packs it (official).
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

from .memory import Memory
from .model import Posting, SandboxProduct, stamp
from .posting_body import ACTIONS, SUBSTATUSES, fbo_posting, fbs_posting, parcel_of
from .returns import FIRST_RETURN, return_body
from .templates import template

NEXT_STATUS = {"awaiting_packaging": "awaiting_deliver", "awaiting_deliver": "delivering", "delivering": "delivered"}
FINAL = frozenset({"delivered", "cancelled"})
HELD = frozenset({"awaiting_packaging", "awaiting_deliver"})
SCHEMES = ("fbs", "rfbs", "fbo")
STATUS_INTERVALS = 3
DEFAULT_STEP_S = 60.0
FBO_SHARE = 0.15
CANCELLED_SHARE = 0.12
MAX_ORDERS_AT_ONCE = 50
BY_BUYER, AS_UNSHIPPED = "cancelled_by_customer", "cancelled_as_unshipped"
ASSUMED = (
    "Неотгруженное отправление Ozon отменяет через 4 суток после shipment_date, когда истекает shipment_date_without_delay "
    "(--cancel-unshipped); причина отмены: номер 999, тип system.",
    "Собранное отправление FBS уходит в доставку само, как если бы его сразу сдали; rFBS продавец везёт и вручает сам собой.",
)
"""What no source says and the sandbox had to choose."""


Event = tuple[datetime, Callable[[datetime], None]]
"""When something happens to a posting by itself, and what."""


class Orders:
    """Makes postings and moves them on. `interval_s` 0 or less: no order comes by itself, and placed ones move every minute."""

    def __init__(self, memory: Memory, interval_s: float, seed: int) -> None:
        self._memory = memory
        self._interval = timedelta(seconds=interval_s) if interval_s > 0 else None
        self._step = timedelta(seconds=interval_s * STATUS_INTERVALS if interval_s > 0 else DEFAULT_STEP_S)
        self._random = random.Random(seed)
        self._next_at = memory.started_at + self._interval if self._interval else None
        self._active: dict[str, Posting] = {}

    def advance(self, now: datetime) -> None:
        """Create what should have been ordered by now and move postings on.

        After a long pause only the newest orders are made, so that a sandbox left alone for a week wakes up at once.
        """
        if self._interval is not None and self._next_at is not None and self._next_at <= now:
            late = (now - self._next_at) // self._interval + 1
            if late > MAX_ORDERS_AT_ONCE:
                self._next_at += self._interval * (late - MAX_ORDERS_AT_ONCE)
            while self._next_at <= now:
                self._order_something(self._next_at)
                self._next_at += self._interval
        for posting in list(self._active.values()):
            self._bring_up(posting, now)

    def place(self, product: SandboxProduct, quantity: int, scheme: str, now: datetime, *, may_cancel: bool = False) -> Posting:
        """Order a product. ValueError when the scheme is unknown or no warehouse of it has enough."""
        if scheme not in SCHEMES:
            raise ValueError(f"unknown scheme {scheme!r}; known: {', '.join(SCHEMES)}")
        if quantity < 1:
            raise ValueError("the quantity must be at least 1")
        order_id = 35_500_000_000 + len(self._memory.postings)
        number = f"{41_000_000 + len(self._memory.postings):08d}-{self._random.randint(1, 9999):04d}-1"
        if scheme == "fbo":
            body, warehouse_id = fbo_posting(number, order_id, product, quantity, now), 0
        else:
            warehouse_id = self._warehouse_with(product, quantity, scheme)
            warehouse = self._memory.warehouses[warehouse_id]
            body = fbs_posting(number, order_id, product, quantity, warehouse, now, self._memory.timing.shipment_after)
            product.stocks[warehouse_id] -= quantity
            product.reserved[warehouse_id] = product.reserved.get(warehouse_id, 0) + quantity
        will_be_cancelled = may_cancel and self._random.random() < CANCELLED_SHARE
        posting = Posting(body, scheme, product.offer_id, quantity, warehouse_id, now, now, will_be_cancelled)
        posting.history.append((now, posting.status))
        self._memory.postings[number] = self._active[number] = posting
        return posting

    def set_status(self, posting: Posting, status: str, moment: datetime, reason: str = BY_BUYER) -> None:
        """Put a posting into a status, with the stock, actions and reasons that belong to it. ValueError when it cannot be.

        reason: the template of a cancellation.
        """
        if posting.status in FINAL or status not in SUBSTATUSES:
            raise ValueError(f"posting {posting.number} cannot go from {posting.status} to {status}")
        body = posting.body
        if posting.scheme != "fbo":
            self._move_stock(posting, status)
            body["available_actions"] = ACTIONS.get(status, [])
            if status == "delivering":
                body["delivering_date"] = stamp(moment)
                body["tracking_number"] = f"TRK{body['order_id']}"
        if status == "cancelled":
            why = {**template(reason), "cancelled_after_ship": posting.status != "awaiting_packaging"}
            body["cancellation"] = {name: why[name] for name in body["cancellation"]}
            if posting.scheme == "fbo":
                body["cancel_reason_id"] = why["cancel_reason_id"]
        body["status"], body["substatus"] = status, SUBSTATUSES[status]
        posting.packages, posting.ship_asked_at = {}, None
        posting.changed_at = moment
        posting.history.append((moment, status))
        if status in FINAL:
            self._active.pop(posting.number, None)

    def give_back(self, number: str, quantity: int, moment: datetime) -> None:
        """The buyer of a delivered posting gives goods back. ValueError when it was not delivered, or had less."""
        posting = self._memory.postings[number]
        if posting.status != "delivered" or not 1 <= quantity <= posting.quantity:
            raise ValueError(f"{quantity} of posting {number} cannot come back: it is {posting.status}")
        product = self._memory.shelf[posting.offer_id]
        body = return_body(FIRST_RETURN + len(self._memory.returns), posting, product, quantity, "ClientReturn", moment)
        self._memory.returns.append(body)

    def _bring_up(self, posting: Posting, now: datetime) -> None:
        """Let everything happen to a posting that is due, the earliest first, each thing at its own moment."""
        while posting.status not in FINAL and (events := list(self._events(posting, now))):
            due, happen = min(events, key=itemgetter(0))
            if due > now:
                return
            happen(max(due, posting.changed_at))

    def _events(self, posting: Posting, now: datetime) -> Iterator[Event]:
        timing, own = self._memory.timing, posting.scheme != "fbo"
        cancelled = partial(self._cancel, posting, BY_BUYER)
        if own and posting.will_be_cancelled and posting.status in HELD:
            yield posting.created_at + self._step, cancelled
        if not own and posting.will_be_cancelled and posting.status == "awaiting_deliver":
            yield posting.changed_at + self._step, cancelled
        elif not own or posting.status != "awaiting_packaging":
            yield posting.changed_at + self._step, partial(self.set_status, posting, NEXT_STATUS[posting.status])
        elif posting.ship_asked_at is not None:
            yield posting.ship_asked_at + timing.ship_delay, partial(self._finish_shipping, posting, now)
        else:
            if timing.assembling is not None:
                yield posting.changed_at + timing.assembling, partial(posting.ask_to_ship, {posting.number: posting.quantity})
            if timing.cancel_unshipped is not None:
                last = datetime.fromisoformat(posting.body["shipment_date"]) + timing.cancel_unshipped
                yield last, partial(self._cancel, posting, AS_UNSHIPPED)

    def _cancel(self, posting: Posting, reason: str, moment: datetime) -> None:
        self.set_status(posting, "cancelled", moment, reason)

    def _finish_shipping(self, posting: Posting, now: datetime, moment: datetime) -> None:
        """Carry an accepted ship call out (official: it may end in `ship_failed`, and is then to be repeated)."""
        if self._memory.ship_failures:
            self._memory.ship_failures -= 1
            posting.body["substatus"] = "ship_failed"
            posting.changed_at = moment
            posting.packages, posting.ship_asked_at = {}, None
            return
        whole, packages = posting.body, posting.packages
        if len(packages) > 1:
            posting.quantity = packages[posting.number]
            posting.body = parcel_of(whole, posting.number, posting.quantity)
        self.set_status(posting, "awaiting_deliver", moment)
        for number, quantity in packages.items():
            if number != posting.number:
                body = {**parcel_of(posting.body, number, quantity), "parent_posting_number": posting.number}
                parcel = replace(posting, body=body, quantity=quantity, history=list(posting.history))
                self._memory.postings[number] = self._active[number] = parcel
                self._bring_up(parcel, now)

    def _move_stock(self, posting: Posting, status: str) -> None:
        """The reserve ends when the goods leave; a cancelled order gives them back."""
        product = self._memory.shelf[posting.offer_id]
        if posting.status not in HELD or status in HELD:
            return
        product.reserved[posting.warehouse_id] -= posting.quantity
        if status == "cancelled":
            product.stocks[posting.warehouse_id] += posting.quantity

    def _warehouse_with(self, product: SandboxProduct, quantity: int, scheme: str) -> int:
        for warehouse_id, free in product.stocks.items():
            if free >= quantity and self._memory.warehouses[warehouse_id].scheme == scheme:
                return warehouse_id
        raise ValueError(f"no {scheme} warehouse has {quantity} of {product.offer_id}")

    def _order_something(self, moment: datetime) -> None:
        candidates = [product for product in self._memory.shelf.values() if product.is_created and not product.archived]
        if candidates and self._random.random() < FBO_SHARE:
            self.place(self._random.choice(candidates), 1, "fbo", moment, may_cancel=True)
            return
        stocked = [product for product in candidates if product.free > 0]
        if not stocked:
            return
        product = self._random.choice(stocked)
        warehouse_id = self._random.choice([number for number, free in product.stocks.items() if free > 0])
        quantity = min(product.stocks[warehouse_id], self._random.choice((1, 1, 1, 2)))
        scheme = self._memory.warehouses[warehouse_id].scheme
        self.place(product, quantity, scheme, moment, may_cancel=True)
