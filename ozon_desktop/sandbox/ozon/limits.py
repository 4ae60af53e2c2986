"""Sliding windows: requests per second of a Client-Id, requests per minute of a method, items per minute; and items per day."""

import math
from collections import defaultdict, deque
from datetime import UTC, datetime, timedelta

from .replies import RESOURCE_EXHAUSTED, ApiError, rate_limited

ASSUMED = (
    "Ratelimit-Remaining: сколько из 50 запросов этой же секунды осталось методу; у остатков — сколько из 80 за минуту.",
    "Окна лимитов скользящие.",
)
STOCKS_PATH = "/v2/products/stocks"
IMPORT_PATH = "/v3/product/import"
BARCODES_PATH = "/v1/barcode/add"
BARCODES_PER_MINUTE = 20
"""Official."""


class Window:
    """At most `limit` units within any span of `period`."""

    def __init__(self, limit: int, period: timedelta) -> None:
        self.limit = limit
        self.period = period
        self._events: deque[tuple[datetime, int]] = deque()
        self._used = 0

    def remaining(self, now: datetime) -> int:
        while self._events and self._events[0][0] <= now - self.period:
            self._used -= self._events.popleft()[1]
        return self.limit - self._used

    def take(self, now: datetime, units: int = 1) -> bool:
        """False, and nothing taken, when the units do not fit."""
        if self.remaining(now) < units:
            return False
        self._events.append((now, units))
        self._used += units
        return True

    def wait_seconds(self, now: datetime) -> int:
        """Whole seconds until the oldest unit leaves the window, at least 1."""
        if not self._events:
            return 1
        return max(1, math.ceil((self._events[0][0] + self.period - now).total_seconds()))


def next_midnight(now: datetime) -> datetime:
    """In UTC, 03:00 in Moscow, when Ozon starts counting anew."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


class DayCount:
    """How many since midnight."""

    def __init__(self) -> None:
        self._ends: datetime | None = None
        self._used = 0

    def used(self, now: datetime) -> int:
        if self._ends != next_midnight(now):
            self._ends, self._used = next_midnight(now), 0
        return self._used

    def take(self, now: datetime, count: int = 1) -> None:
        self._used = self.used(now) + count


class Limits:
    """The limits of API requests; `requests_per_second` may be changed before the first request."""

    def __init__(self, requests_per_second: int = 50, stocks_per_minute: int = 80, items_per_minute: int = 30_000) -> None:
        self.requests_per_second = requests_per_second
        self.items_per_minute = items_per_minute
        self._per_client: defaultdict[str, Window] = defaultdict(lambda: Window(self.requests_per_second, timedelta(seconds=1)))
        self._per_method: defaultdict[tuple[str, str], Window] = defaultdict(lambda: Window(self.requests_per_second, timedelta(seconds=1)))
        self._stocks = Window(stocks_per_minute, timedelta(minutes=1))
        self._barcodes = Window(BARCODES_PER_MINUTE, timedelta(minutes=1))
        self._items = Window(items_per_minute, timedelta(minutes=1))
        self._items_per_day: int | None = None
        self._today = DayCount()

    def set_items_per_minute(self, limit: int) -> None:
        """Change the quota that /v4/product/info/limit shows as operation_limits."""
        self.items_per_minute = self._items.limit = limit

    def set_barcodes_per_minute(self, limit: int) -> None:
        """Change the limit of requests to /v1/barcode/add."""
        self._barcodes.limit = limit

    def set_items_per_day(self, limit: int | None) -> None:
        """A daily quota of imported items: none unless set, for Ozon does not say how large it is."""
        self._items_per_day = limit

    def remaining(self, client_id: str, path: str, now: datetime) -> int:
        """Requests the client may still send to this method: the header Ratelimit-Remaining.

        Official: it is per method. Assumed: a method without a limit of its own counts its requests within a second down from 50.
        """
        if (own := self._own(path)) is not None:
            return max(0, own.remaining(now))
        method = client_id, path
        return max(0, self._per_method[method].remaining(now)) if method in self._per_method else self.requests_per_second

    def enter(self, client_id: str, path: str, now: datetime) -> None:
        """Count one request; raises 429 with Retry-After."""
        if not self._per_client[client_id].take(now):
            raise rate_limited()
        self._per_method[client_id, path].take(now)
        own = self._own(path)
        if own is not None and not own.take(now):
            wait = str(own.wait_seconds(now))
            raise ApiError(429, RESOURCE_EXHAUSTED, "You have reached request rate limit per minute", {"Retry-After": wait})

    def _own(self, path: str) -> Window | None:
        """The window of a method with a limit of its own."""
        return {STOCKS_PATH: self._stocks, BARCODES_PATH: self._barcodes}.get(path)

    def enter_items(self, count: int, now: datetime) -> None:
        """Count items of /v3/product/import; this 429 has its code as a string and headers of its own."""
        if self._items_per_day is not None:
            left = max(0, self._items_per_day - self._today.used(now))
            if count > left:
                raise _too_many_items(math.ceil((next_midnight(now) - now).total_seconds()), left)
        if not self._items.take(now, count):
            raise _too_many_items(self._items.wait_seconds(now), max(0, self._items.remaining(now)))
        self._today.take(now, count)


def _too_many_items(wait: int, left: int) -> ApiError:
    """The header counts minutes, the message seconds."""
    return ApiError(
        429,
        "RESOURCE_EXHAUSTED",
        f"You have reached operation items limits. Retry after {wait} seconds. Remaining {left} items",
        {"Item-Retry-After": str(math.ceil(wait / 60)), "Item-Rate-Limit-Remaining": str(left)},
    )
