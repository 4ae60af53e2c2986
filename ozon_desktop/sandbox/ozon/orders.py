"""Orders over time: buyers take products that have stock, postings move on, a few are cancelled, goods come back.

Parcels of the seller (FBS, rFBS) wait in `awaiting_packaging` until they are shipped, and are cancelled when that is not done in
time (official: statuses, who cancels, the fields of a cancellation). FBO goes on by itself, as Ozon packs it (official).
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from operator import itemgetter

from .memory import Memory
from .model import Json, Posting, SandboxProduct
from .needs import show_needs
from .parcels import BY_BUYER, FINAL, HELD, set_status, take_apart
from .posting_body import fbo_posting, fbs_posting
from .returns import FIRST_RETURN, return_body

NEXT_STATUS = {
    "awaiting_packaging": "awaiting_deliver",
    "awaiting_deliver": "delivering",
    "delivering": "delivered",
    "driver_pickup": "delivered",
}
SCHEMES = ("fbs", "rfbs", "fbo")
STATUS_INTERVALS = 3
DEFAULT_STEP_S = 60.0
FBO_SHARE = 0.15
CANCELLED_SHARE = 0.12
MAX_ORDERS_AT_ONCE = 50
AS_UNSHIPPED = "cancelled_as_unshipped"
ASSUMED = (
    "Неотгруженное отправление Ozon отменяет через 4 суток после shipment_date, когда истекает shipment_date_without_delay "
    "(--cancel-unshipped); причина отмены: номер 999, тип system.",
    "Собранное отправление FBS уходит в доставку само, как если бы его сразу сдали, если не требуется отгрузка (needs_carriage); rFBS "
    "продавец везёт и вручает сам собой.",
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
        for posting in list(self._memory.active.values()):
            self._bring_up(posting, now)

    def place(self, product: SandboxProduct, quantity: int, scheme: str, now: datetime, *, may_cancel: bool = False) -> Posting:
        """Order a product. ValueError when the scheme is unknown or no warehouse of it has enough."""
        return self.place_all([(product, quantity)], scheme, now, may_cancel=may_cancel)

    def place_all(self, goods: Sequence[tuple[SandboxProduct, int]], scheme: str, now: datetime, *, may_cancel: bool = False) -> Posting:
        """One posting of several products; FBO takes one. ValueError as in `place`."""
        if scheme not in SCHEMES:
            raise ValueError(f"unknown scheme {scheme!r}; known: {', '.join(SCHEMES)}")
        if any(quantity < 1 for _, quantity in goods):
            raise ValueError("the quantity must be at least 1")
        order_id = 35_500_000_000 + len(self._memory.postings)
        number = f"{41_000_000 + len(self._memory.postings):08d}-{self._random.randint(1, 9999):04d}-1"
        if scheme == "fbo":
            ((product, quantity),) = goods
            body, warehouse_id = fbo_posting(number, order_id, product, quantity, now), 0
        else:
            warehouse_id = self._warehouse_with(goods, scheme)
            warehouse = self._memory.warehouses[warehouse_id]
            body = fbs_posting(number, order_id, goods, warehouse, now, self._memory.timing.shipment_after)
            for product, quantity in goods:
                product.stocks[warehouse_id] -= quantity
                product.reserved[warehouse_id] = product.reserved.get(warehouse_id, 0) + quantity
        will_be_cancelled = may_cancel and self._random.random() < CANCELLED_SHARE
        pieces = {product.offer_id: quantity for product, quantity in goods}
        posting = Posting(body, scheme, pieces, warehouse_id, now, now, will_be_cancelled)
        if scheme != "fbo":
            posting.needs = {product.sku: wants for product, _ in goods if (wants := self._memory.needs.get(product.offer_id))}
            show_needs(posting)
        posting.history.append((now, posting.status))
        self._memory.postings[number] = self._memory.active[number] = posting
        return posting

    def set_status(self, posting: Posting, status: str, moment: datetime, reason: str | Json = BY_BUYER) -> None:
        """`parcels.set_status` of this cabinet."""
        set_status(self._memory, posting, status, moment, reason)

    def give_back(self, number: str, quantity: int, moment: datetime) -> None:
        """The buyer of a delivered posting gives goods back. ValueError when it was not delivered, or had less."""
        posting = self._memory.postings[number]
        if posting.status != "delivered" or not 1 <= quantity <= posting.quantity:
            raise ValueError(f"{quantity} of posting {number} cannot come back: it is {posting.status}")
        product = self._memory.shelf[next(iter(posting.pieces))]
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
        elif own and not self._moves_by_itself(posting):
            return
        elif not own or posting.status != "awaiting_packaging":
            yield posting.changed_at + self._step, partial(self.set_status, posting, NEXT_STATUS[posting.status])
        elif posting.ship_asked_at is not None:
            yield posting.ship_asked_at + timing.ship_delay, partial(self._finish_shipping, posting, now)
        else:
            if timing.assembling is not None:
                yield posting.changed_at + timing.assembling, partial(posting.ask_to_ship, {posting.number: dict(posting.pieces)})
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
        packages = posting.packages
        if len(packages) > 1:
            take_apart(self._memory, posting, packages, moment)
        self.set_status(posting, "awaiting_deliver", moment)
        for number in packages:
            if number != posting.number:
                self.set_status(self._memory.postings[number], "awaiting_deliver", moment)
                self._memory.postings[number].shown_before = None
                self._bring_up(self._memory.postings[number], now)

    def _moves_by_itself(self, posting: Posting) -> bool:
        if posting.status == "awaiting_deliver" and posting.scheme == "fbs":
            return not self._memory.timing.needs_carriage
        return posting.scheme != "rfbs" or posting.status == "awaiting_packaging" or not self._memory.timing.needs_carriage

    def _warehouse_with(self, goods: Sequence[tuple[SandboxProduct, int]], scheme: str) -> int:
        for warehouse_id, warehouse in self._memory.warehouses.items():
            if warehouse.scheme == scheme and all(product.stocks.get(warehouse_id, 0) >= count for product, count in goods):
                return warehouse_id
        names = ", ".join(f"{count} of {product.offer_id}" for product, count in goods)
        raise ValueError(f"no {scheme} warehouse has {names}")

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
