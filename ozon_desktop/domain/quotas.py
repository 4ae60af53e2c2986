"""How many cards Ozon takes on which day: its quotas are waiting, not refusal."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.sync_plan import ActionKind, PlanItem

CREATE, UPDATE, TOTAL, PER_MINUTE = "daily_create", "daily_update", "total", "per_minute"
"""Names of a LimitUsage: cards of a day, cards of the cabinet, cards of a minute."""


@dataclass(frozen=True, slots=True)
class Turn:
    """When cards of one kind go. days: how many today (0 when today's are used up), tomorrow, and so on until all are sent.

    beyond: how many have no place in the cabinet; waiting brings none.
    """

    kind: ActionKind
    days: tuple[int, ...]
    beyond: int = 0

    @property
    def later(self) -> int:
        """How many go after today."""
        return sum(self.days[1:])

    @property
    def waits(self) -> bool:
        """Whether not all of them can go today."""
        return bool(self.later or self.beyond)


@dataclass(frozen=True, slots=True)
class Shares:
    """The cards of a plan by when they may be sent: now, after the reset of their quota, and not before there is place for them."""

    today: tuple[PlanItem, ...]
    later: tuple[PlanItem, ...] = ()
    beyond: tuple[PlanItem, ...] = ()


def turns(creates: int, updates: int, limits: Iterable[LimitUsage]) -> tuple[Turn, ...]:
    """When so many new and changed cards go; kinds without any are left out. A limit that is not known does not hold any back."""
    by_name = {limit.name: limit for limit in limits}
    room = _left(by_name.get(TOTAL))
    placed = creates if room is None else min(creates, room)
    found = (
        Turn(ActionKind.CREATE, _days(placed, by_name.get(CREATE)), creates - placed),
        Turn(ActionKind.UPDATE, _days(updates, by_name.get(UPDATE))),
    )
    return tuple(turn for turn in found if turn.days or turn.beyond)


def share(items: Sequence[PlanItem], limits: Iterable[LimitUsage], stocked: Collection[str]) -> Shares:
    """Splits creates and updates, other kinds left out. stocked: articles of products that have something to sell.

    These go first, for a card without stock sells nothing by coming earlier; among equals the order is that of the articles, so that
    the days of a long upload follow one another.
    """
    by_name = {limit.name: limit for limit in limits}
    today: list[PlanItem] = []
    later: list[PlanItem] = []
    beyond: list[PlanItem] = []
    for kind, name in ((ActionKind.CREATE, CREATE), (ActionKind.UPDATE, UPDATE)):
        queue = iter(sorted((item for item in items if item.kind is kind), key=lambda item: (item.offer_id not in stocked, item.offer_id)))
        room = _left(by_name.get(TOTAL)) if kind is ActionKind.CREATE else None
        placed = list(queue if room is None else islice(queue, room))
        beyond += queue
        left = _left(by_name.get(name))
        today += placed if left is None else placed[:left]
        later += () if left is None else placed[left:]
    return Shares(tuple(today), tuple(later), tuple(beyond))


def resets_at(kind: ActionKind, limits: Iterable[LimitUsage], now: datetime) -> datetime:
    """When the quota of the day begins anew: as Ozon says, else at the next midnight of UTC, 03:00 in Moscow."""
    name = CREATE if kind is ActionKind.CREATE else UPDATE
    said = next((limit.reset_at for limit in limits if limit.name == name), None)
    if said is not None and said > now:
        return said
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def per_minute(limits: Iterable[LimitUsage]) -> int | None:
    """How many cards Ozon takes a minute; None = it names no number."""
    found = next((limit.limit for limit in limits if limit.name == PER_MINUTE), None)
    return found if found is not None and found > 0 else None


def _left(limit: LimitUsage | None) -> int | None:
    return None if limit is None else limit.left


def _days(count: int, limit: LimitUsage | None) -> tuple[int, ...]:
    if not count:
        return ()
    if limit is None or limit.left is None:
        return (count,)
    days = [min(count, limit.left)]
    rest = count - days[0]
    if rest and limit.limit <= 0:
        # A quota of none at all: they wait, nobody knows for how long.
        return (*days, rest)
    while rest:
        days.append(min(rest, limit.limit))
        rest -= days[-1]
    return tuple(days)
