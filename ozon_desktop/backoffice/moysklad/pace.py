"""The pace of requests: as fast as the answers say it may be, and no more than five at once."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

AT_ONCE = 5
"""The most one user may have under way."""
FIRST_LIMIT, FIRST_INTERVAL_S = 11, 3.0
"""Before the first answer: what a user's token has from December 2026 on."""
LOW = 1
"""With so few requests left before a refusal the next one waits: others may use the same login."""
LONGEST_WAIT_S = 60.0
SLOWEST = 8.0
RECOVERY = 0.98
SEEN = 8
_LIMIT, _LEFT, _INTERVAL = "x-ratelimit-limit", "x-ratelimit-remaining", "x-lognex-retry-timeinterval"
_RETRY_AFTER, _RESET = "x-lognex-retry-after", "x-lognex-reset"


class Pacer:
    """Spreads requests evenly. now: seconds of a clock that only goes on.

    The headers may count requests or units, of which a request costs several: what one alone costs is watched. Whoever is refused
    all the same goes slower, and faster again little by little.
    """

    def __init__(
        self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, at_once: int = AT_ONCE
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._places = asyncio.Semaphore(at_once)
        self._limit, self._interval_s = FIRST_LIMIT, FIRST_INTERVAL_S
        self._drops: deque[int] = deque(maxlen=SEEN)
        self._left: int | None = None
        self._slower = 1.0
        self._free_at = 0.0
        self._under_way = 0

    @property
    def gap_s(self) -> float:
        """Seconds between two requests now."""
        cost = min(self._drops, default=1)
        return self._interval_s * cost / max(1, self._limit) * self._slower

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits until a request may go; it is under way until the block ends."""
        async with self._places:
            start = max(self._free_at, self._now())
            self._free_at = start + self.gap_s
            if (wait := start - self._now()) > 0:
                await self._sleep(wait)
            self._under_way += 1
            try:
                yield
            finally:
                self._under_way -= 1

    def told(self, headers: Mapping[str, str], *, limited: bool = False) -> float:
        """Heeds the headers of an answer. limited: it was a refusal for the pace; gives the seconds to wait then, 0 otherwise."""
        limit, left = _whole(headers, _LIMIT), _whole(headers, _LEFT)
        interval = _whole(headers, _INTERVAL)
        if limit:
            self._limit = limit
        if interval:
            self._interval_s = interval / 1000
        self._watch(left)
        if limited:
            self._slower = min(SLOWEST, self._slower * 2)
            return self._hold(self._seconds_left(headers))
        self._slower = max(1.0, self._slower * RECOVERY)
        if left is not None and left <= LOW * min(self._drops, default=1):
            self._hold(self._seconds_left(headers))
        return 0.0

    def rest(self, seconds: float) -> None:
        """No request goes for so long."""
        self._hold(seconds)

    def _watch(self, left: int | None) -> None:
        """What the request cost, where no other was under way beside it."""
        if left is not None and self._left is not None and self._under_way <= 1 and left < self._left:
            self._drops.append(self._left - left)
        self._left = left if self._under_way <= 1 else None

    def _hold(self, seconds: float) -> float:
        seconds = min(LONGEST_WAIT_S, seconds)
        self._free_at = max(self._free_at, self._now() + seconds)
        return seconds

    def _seconds_left(self, headers: Mapping[str, str]) -> float:
        waits = [milliseconds / 1000 for name in (_RETRY_AFTER, _RESET) if (milliseconds := _whole(headers, name))]
        return max(waits, default=self._interval_s)


def _whole(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
