"""Orders over time: buyers take products that have stock, postings move on, a few are cancelled, goods come back."""

import random
from datetime import datetime, timedelta

from .memory import Memory
from .model import Posting, SandboxProduct, stamp
from .posting_body import ACTIONS, SUBSTATUSES, fbo_posting, fbs_posting
from .returns import FIRST_RETURN, return_body
from .templates import template

NEXT_STATUS = {"awaiting_packaging": "awaiting_deliver", "awaiting_deliver": "delivering", "delivering": "delivered"}
FINAL = frozenset({"delivered", "cancelled"})
SCHEMES = ("fbs", "rfbs", "fbo")
STATUS_INTERVALS = 3
DEFAULT_STEP_S = 60.0
FBO_SHARE = 0.15
CANCELLED_SHARE = 0.12
MAX_ORDERS_AT_ONCE = 50


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
            while posting.status not in FINAL and posting.changed_at + self._step <= now:
                self._move_on(posting)

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
            body = fbs_posting(number, order_id, product, quantity, self._memory.warehouses[warehouse_id], now)
            product.stocks[warehouse_id] -= quantity
            product.reserved[warehouse_id] = product.reserved.get(warehouse_id, 0) + quantity
        will_be_cancelled = may_cancel and self._random.random() < CANCELLED_SHARE
        posting = Posting(body, scheme, product.offer_id, quantity, warehouse_id, now, now, will_be_cancelled)
        self._memory.postings[number] = self._active[number] = posting
        return posting

    def set_status(self, posting: Posting, status: str, moment: datetime) -> None:
        """Put a posting into a status, with the stock, actions and reasons that belong to it. ValueError when it cannot be."""
        if posting.status in FINAL or status not in SUBSTATUSES:
            raise ValueError(f"posting {posting.number} cannot go from {posting.status} to {status}")
        body = posting.body
        if posting.scheme != "fbo":
            self._move_stock(posting, status)
            body["available_actions"] = ACTIONS.get(status, [])
            if status == "delivering":
                body["delivering_date"] = stamp(moment)
                body["tracking_number"] = f"TRK{body['order_id']}"
        body["status"], body["substatus"] = status, SUBSTATUSES[status]
        if status == "cancelled":
            reason = template("cancelled_by_customer")
            body["cancellation"] = {name: reason[name] for name in body["cancellation"]}
            if posting.scheme == "fbo":
                body["cancel_reason_id"] = reason["cancel_reason_id"]
        posting.changed_at = moment
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

    def _move_on(self, posting: Posting) -> None:
        moment = posting.changed_at + self._step
        cancelled = posting.will_be_cancelled and posting.status == "awaiting_deliver"
        self.set_status(posting, "cancelled" if cancelled else NEXT_STATUS[posting.status], moment)

    def _move_stock(self, posting: Posting, status: str) -> None:
        """The reserve ends when the goods leave; a cancelled order gives them back."""
        product = self._memory.shelf[posting.offer_id]
        held = posting.status in {"awaiting_packaging", "awaiting_deliver"}
        if not held or status in {"awaiting_packaging", "awaiting_deliver"}:
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
