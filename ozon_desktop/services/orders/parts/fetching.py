"""Brings postings of one integration: the new ones, those still to be packed, those whose state may have changed, and returns."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from math import ceil

from ozon_desktop.domain.orders import ENDED, Order, OrderReturn, Posting, followed, order_of, periods, placed_at
from ozon_desktop.domain.sold_pieces import left_the_store
from ozon_desktop.errors import MethodSwitchedOff, MissingRole
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.orders.parts.given_back import doubt_stocks, frees_goods
from ozon_desktop.services.orders.parts.keeping import forget_codes
from ozon_desktop.services.orders.sold_since import note_sold
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

FIRST_LOOK_BACK = timedelta(days=30)
OVERLAP = timedelta(days=1)
"""Lists are read again this far back: Ozon shows some postings later than it dates them."""
SHIPMENTS_BEHIND, SHIPMENTS_AHEAD = timedelta(days=30), timedelta(days=60)
AHEAD = timedelta(days=1)
"""Ozon dates postings by its own clock: by that of a computer that is slow, or in a wrong time zone, they are of the future."""
ADAY = timedelta(days=1)
A_PAGE = 100
TO_PACK = "awaiting_"
"""How the states of the list of postings still to be packed begin."""


@dataclass(slots=True)
class Tally:
    """What a fetch has done so far.

    updated: known orders read again, changed: those of them whose state is another one; fresh: new orders that still go on; returns:
    orders goods came back of.
    """

    new: int = 0
    updated: int = 0
    changed: int = 0
    fresh: int = 0
    returns: int = 0
    seen: set[str] = field(default_factory=set)


class Fetching:
    """One fetch of one integration. Every page is kept at once, with how far its list was read: a fetch that breaks off goes on there."""

    def __init__(self, storage: Database, client: OzonClient, clock: Clock, integration_id: int, on_kept: Callable[[int], None]) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._integration_id = integration_id
        self._on_kept = on_kept
        self._began: datetime | None = None
        self.tally = Tally()

    async def run(self) -> Tally:
        """All of it. OzonError, NetworkError."""
        now = self._clock()
        self._began = await self._storage.run(lambda unit: began_before_program(unit, self._integration_id, now))
        await self._read_new("fbs", self._client.fbs_postings, now)
        await self._keep_all(self._client.unfulfilled_postings(now - SHIPMENTS_BEHIND, now + SHIPMENTS_AHEAD))
        try:
            await self._read_new("fbo", self._client.fbo_postings, now)
        except MissingRole:
            # A key of the role Posting FBS may not see FBO postings; a shop that works by FBS does not need them.
            settings = (await self._storage.run(lambda unit: unit.integrations.get(self._integration_id))).settings
            if settings.scheme is not None and not settings.scheme.sends_stock:
                raise
        await self._follow()
        await self._read_returns(now)
        await self._storage.run(lambda unit: unit.preferences.set(_fetched_key(self._integration_id), now.isoformat()))
        await self._storage.run(lambda unit: forget_codes(unit, now))
        return self.tally

    async def look(self) -> Tally:
        """Only the seller's postings that are new since they were last read: mostly one request. OzonError, NetworkError."""
        await self._read_new("fbs", self._client.fbs_postings, self._clock())
        return self.tally

    async def _read_new(self, list_: str, postings: Callable[[datetime, datetime], AsyncIterator[list[Posting]]], now: datetime) -> None:
        mark = await self._storage.run(lambda unit: unit.orders.read_to(self._integration_id, list_))
        since = _since(mark, now)
        for start, end in periods(since, max(now + AHEAD, since)):
            await self._keep_all(postings(start, end), list_)

    async def _follow(self) -> None:
        """Asks for every order that has not ended and was not in the lists just read, however old it is."""
        open_ = await self._storage.run(lambda unit: unit.orders.open(self._integration_id))
        missed = [order for order in open_ if order.posting.posting_number not in self.tally.seen]
        for group in followed([order for order in missed if order.posting.scheme != "fbo"]):
            orders = list(dict.fromkeys(order.posting.order_number for order in group if order.posting.order_number))
            if orders:
                await self._keep_all(self._client.fbs_postings(*_around(group), orders))
        for group in followed([order for order in missed if order.posting.scheme == "fbo"]):
            await self._keep_all(self._client.fbo_postings(*_around(group), [order.posting.posting_number for order in group]))

    async def _read_returns(self, now: datetime) -> None:
        if await self._storage.run(lambda unit: unit.orders.last_seen(self._integration_id)) is None:
            return
        mark = await self._storage.run(lambda unit: unit.orders.read_to(self._integration_id, "returns"))
        since = _since(mark, now)
        try:
            for start, end in periods(since, max(now + AHEAD, since)):
                async for page in self._client.returns(start, end):
                    self.tally.returns += await self._storage.run(partial(self._keep_returns, page, now))
        except (MissingRole, MethodSwitchedOff):
            # Orders are whole without their returns, and a key for postings may not see returns.
            return
        # The pages come by number, not by time: only all of them together are a period that was read.
        await self._storage.run(lambda unit: unit.orders.mark_read(self._integration_id, "returns", now))

    def _keep_returns(self, page: list[OrderReturn], now: datetime, unit: UnitOfWork) -> int:
        return unit.orders.add_returns(self._integration_id, page, now)

    async def _keep_all(self, pages: AsyncIterator[list[Posting]], list_: str = "") -> None:
        async for page in pages:
            await self._keep(page, list_)
            self._on_kept(self.tally.new + self.tally.updated)

    async def _keep(self, page: list[Posting], list_: str) -> None:
        numbers = {posting.posting_number for posting in page}

        def states(unit: UnitOfWork) -> dict[str, str]:
            return {order.posting.posting_number: order.state for order in unit.orders.some(self._integration_id, numbers)}

        def work(unit: UnitOfWork) -> tuple[list[Order], int]:
            settings = unit.integrations.get(self._integration_id).settings
            now = self._clock()
            before = states(unit)
            orders = [order_of(posting, self._integration_id, settings, now) for posting in page]
            new = [order for order in orders if unit.orders.upsert(order, written_before=self._written_before(order.posting))]
            moments = [posting.created_at for posting in page if posting.created_at is not None]
            if list_ and moments:
                # A posting dated ahead would keep all that come before it from being read.
                unit.orders.mark_read(self._integration_id, list_, min(max(moments), now))
            note_sold(unit, self._integration_id, [order.posting for order in new])
            after = states(unit)
            # One that was cancelled before it was seen at all has given back what a run may have offered meanwhile.
            doubt_stocks(unit, self._integration_id, [one for one in page if frees_goods(one) and _is_news(one, before, after)])
            return new, sum(after[number] != state for number, state in before.items())

        new, changed = await self._storage.run(work)
        known = numbers - self.tally.seen - {order.posting.posting_number for order in new}
        self.tally.new += len(new)
        self.tally.updated += len(known)
        self.tally.changed += changed
        self.tally.fresh += sum(order.state not in ENDED for order in new)
        self.tally.seen |= numbers

    def _written_before(self, posting: Posting) -> bool:
        """Whether it was ordered and shipped before the program first looked: the shop accounts for it in its own way."""
        placed = posting.created_at
        return self._began is not None and left_the_store(posting) and placed is not None and placed < self._began


def _is_news(posting: Posting, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    return before.get(posting.posting_number) != after[posting.posting_number]


def began_before_program(unit: UnitOfWork, integration_id: int, now: datetime) -> datetime | None:
    """When the very first fetch of an integration began; None once one has got through."""
    if unit.preferences.get(_fetched_key(integration_id)) is not None:
        return None
    key = f"orders/began/{integration_id}"
    began = unit.preferences.get(key)
    if began is None:
        unit.preferences.set(key, now.isoformat())
    return now if began is None else datetime.fromisoformat(began)


def fetched_at(unit: UnitOfWork, integration_id: int) -> datetime | None:
    """When the last fetch that got through began; None = none did."""
    kept = unit.preferences.get(_fetched_key(integration_id))
    return None if kept is None else datetime.fromisoformat(kept)


def _fetched_key(integration_id: int) -> str:
    return f"orders/fetched/{integration_id}"


def requests_of_look(unit: UnitOfWork, integration_id: int, now: datetime) -> int:
    """How many requests `Fetching.look` takes if nothing new has come, right after a fetch."""
    mark = unit.orders.read_to(integration_id, "fbs")
    if mark is None:
        return 1
    listed = [order for order in unit.orders.placed_since(integration_id, _since(mark, now)) if _of_list(order, "fbs")]
    return _pages(len(listed))


def requests_of_fetch(unit: UnitOfWork, integration_id: int, now: datetime) -> int:
    """How many requests a fetch takes if nothing new has come: pages of the lists as far as known, and orders asked about by number."""
    seen: set[str] = set()
    count = 0
    for list_ in ("fbs", "fbo"):
        since = _since(unit.orders.read_to(integration_id, list_), now)
        listed = [order for order in unit.orders.placed_since(integration_id, since) if _of_list(order, list_)]
        count += max(_pages(len(listed)), sum(1 for _ in periods(since, max(now + AHEAD, since))))
        seen |= {order.posting.posting_number for order in listed}
    open_ = unit.orders.open(integration_id)
    packing = {order.posting.posting_number for order in open_ if _of_list(order, "fbs") and order.state.startswith(TO_PACK)}
    count += _pages(len(packing))
    missed = [order for order in open_ if order.posting.posting_number not in seen | packing]
    count += sum(1 for list_ in ("fbs", "fbo") for _ in followed([order for order in missed if _of_list(order, list_)]))
    if unit.orders.last_seen(integration_id) is not None:
        since = _since(unit.orders.read_to(integration_id, "returns"), now)
        count += sum(1 for _ in periods(since, max(now + AHEAD, since)))
    return count


def _of_list(order: Order, list_: str) -> bool:
    return (order.posting.scheme == "fbo") == (list_ == "fbo")


def _pages(postings: int) -> int:
    return max(ceil(postings / A_PAGE), 1)


def _since(mark: datetime | None, now: datetime) -> datetime:
    """From when a list is read that was read up to `mark`, None = never."""
    return now - FIRST_LOOK_BACK if mark is None else mark - OVERLAP


def _around(group: list[Order]) -> tuple[datetime, datetime]:
    """A period with a day to spare on both sides; `group` is sorted."""
    return placed_at(group[0]) - ADAY, placed_at(group[-1]) + ADAY
