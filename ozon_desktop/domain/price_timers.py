"""How long a lowest price binds: Ozon respects it for 30 days from its setting, then no more, unless it is prolonged."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, PlanItem, Reason

LASTS = timedelta(days=30)
PROLONGED_BEFORE = timedelta(days=7)
"""A timer is prolonged so long before it ends: the program may be off for some days."""

READ_AGAIN = timedelta(days=1)
TIMER_FIELD = "min_price_timer"
NOT_PROLONGED = "timer_not_prolonged"
"""The program's own code for a timer that Ozon agreed to prolong and has not prolonged."""


@dataclass(frozen=True, slots=True)
class MinPriceTimer:
    """What Ozon says of one product. enabled: it respects the lowest price; ends_at: until then, None = no timer runs. Times are UTC."""

    product_id: int
    enabled: bool
    ends_at: datetime | None = None

    def binds(self, now: datetime) -> bool:
        """Whether Ozon may not go below the lowest price by itself now."""
        return self.enabled and self.ends_at is not None and self.ends_at > now

    def ends_soon(self, now: datetime) -> bool:
        """Whether it is to be prolonged."""
        return self.ends_at is not None and self.ends_at - now <= PROLONGED_BEFORE


@dataclass(frozen=True, slots=True)
class KnownTimer:
    """A product with a lowest price of the program's. timer: as last read, None = never yet; read_at: when."""

    offer_id: str
    product_id: int
    timer: MinPriceTimer | None = None
    read_at: datetime | None = None

    def to_read(self, now: datetime) -> bool:
        """Whether it has to be asked for: a cabinet is also worked in by people."""
        return self.timer is None or self.read_at is None or not timedelta() <= now - self.read_at < READ_AGAIN


@dataclass(frozen=True, slots=True)
class LowestPrice:
    """The lowest price of one product as the program set it. until: Ozon respects it so long (UTC), None = it does not now."""

    amount: Decimal
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Protection:
    """The lowest prices of a cabinet: how many bind, until when the first of them does, and how many do not."""

    binding: int
    until: datetime | None
    loose: int


def protection(timers: Iterable[KnownTimer], now: datetime) -> Protection:
    """What is known of these products; those never asked for count as loose."""
    known = list(timers)
    ends = [one.timer.ends_at for one in known if one.timer is not None and one.timer.binds(now) and one.timer.ends_at is not None]
    return Protection(len(ends), min(ends, default=None), len(known) - len(ends))


def timer_items(timers: Iterable[KnownTimer], sent: frozenset[str], now: datetime) -> tuple[PlanItem, ...]:
    """A line of the plan, without the product's name, for each timer that binds and ends soon.

    sent: articles whose lowest price is being sent anyway, which starts their timers again.
    """
    items: list[PlanItem] = []
    for one in timers:
        timer = one.timer
        if timer is None or timer.ends_at is None or not timer.binds(now) or not timer.ends_soon(now) or one.offer_id in sent:
            continue
        change = FieldChange(TIMER_FIELD, timer.ends_at.isoformat(), (now + LASTS).isoformat())
        items.append(PlanItem(ActionKind.TIMER, one.offer_id, "", Reason.TIMER_ENDS, (change,)))
    return tuple(items)
