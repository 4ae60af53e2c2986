"""Keeps one run within Ozon's quotas of cards, so that nothing is sent only to be refused: those of the day, and that of the minute."""

from collections import deque
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from ozon_desktop.domain.cabinet import QUOTA_USED_UP, ItemError
from ozon_desktop.domain.integration import LimitUsage
from ozon_desktop.domain.quotas import per_minute, resets_at, share
from ozon_desktop.domain.sync_plan import PlanItem
from ozon_desktop.errors import OzonError
from ozon_desktop.services.sync.outcome import OutcomeState
from ozon_desktop.services.sync.parts.record import Desk

MINUTE = timedelta(seconds=62)
"""A minute, and a little: cards do not arrive as evenly as they were sent."""

NO_PLACE = "item_limit_exceeded"
"""Ozon's code for a card that the cabinet has no place for."""


class QuotaKeeper:
    """limits: what Ozon said in this run already, None = it is asked when it matters. stocked: articles with something to sell."""

    def __init__(self, desk: Desk, limits: tuple[LimitUsage, ...] | None, stocked: Collection[str]) -> None:
        self._desk = desk
        self._limits = limits
        self._stocked = stocked
        self._sent: deque[tuple[datetime, int]] = deque()

    async def today(self, items: Sequence[PlanItem]) -> list[PlanItem]:
        """The cards that go now, in the order they are served; the others are noted as waiting, with until when. NetworkError."""
        if not items:
            return []
        limits = await self._known()
        shares, record, now = share(items, limits, self._stocked), self._desk.record, self._desk.record.clock()
        for item in shares.later:
            wait_s = (resets_at(item.kind, limits, now) - now).total_seconds()
            record.note(item, OutcomeState.WAITING, (ItemError(QUOTA_USED_UP, "", retry_after_s=round(wait_s)),))
        for item in shares.beyond:
            record.note(item, OutcomeState.WAITING, (ItemError(NO_PLACE, ""),))
        return list(shares.today)

    def batch(self, size: int) -> int:
        """How many cards a request may carry, at most `size`."""
        limit = per_minute(self._limits or ())
        return size if limit is None else min(size, limit)

    async def minute(self, count: int) -> None:
        """Waits until so many cards more fit into Ozon's minute, and counts them."""
        limit, clock = per_minute(self._limits or ()), self._desk.record.clock
        if limit is None:
            return
        while True:
            now = clock()
            while self._sent and self._sent[0][0] + MINUTE <= now:
                self._sent.popleft()
            if not self._sent or sum(number for _, number in self._sent) + count <= limit:
                break
            await self._desk.sleep((self._sent[0][0] + MINUTE - now).total_seconds())
        self._sent.append((now, count))

    async def _known(self) -> tuple[LimitUsage, ...]:
        if self._limits is None:
            try:
                self._limits = await self._desk.client.limits()
            except OzonError:
                # A key that may not ask: then Ozon's own refusal says that a quota is used up.
                self._limits = ()
        return self._limits
