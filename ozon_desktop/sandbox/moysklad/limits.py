"""Limits of December 2026: a bucket of units, requests at once, and access that is cut off for being stubborn."""

import math
from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .replies import ApiError, cut_off

BUCKET, PERIOD = 45, timedelta(seconds=3)
USER_WEIGHT, REPORT_WEIGHT = 4, 5
AT_ONCE, AT_ONCE_ACCOUNT = 5, 20
MINUTE = timedelta(minutes=1)
MOST_FAILURES, MOST_LIMITED, MOST_PUTS = 200, 200, 100
HEAVY = frozenset({"report/stock/all", "report/stock/bystore"})


@dataclass
class _User:
    spent: deque[tuple[datetime, int]] = field(default_factory=deque)
    at_once: int = 0
    failures: defaultdict[Hashable, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    limited: deque[datetime] = field(default_factory=deque)
    puts: defaultdict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    cut_off: bool = False


class Limits:
    """By user. weight: units of a request; bucket may be changed before the first one.

    in_units: the headers count units. The documentation says requests; the two differ once a request costs more than one.
    """

    def __init__(self, weight: int = USER_WEIGHT, bucket: int = BUCKET, *, in_units: bool = False) -> None:
        self.weight = weight
        self.bucket = bucket
        self.in_units = in_units
        self.most_at_once: defaultdict[str, int] = defaultdict(int)
        self._users: defaultdict[str, _User] = defaultdict(_User)

    def headers(self, login: str, now: datetime) -> dict[str, str]:
        """What every answer tells of the limit."""
        user = self._users[login]
        left = self.bucket - _spent(user, now)
        each = 1 if self.in_units else self.weight
        reset = _until_free(user, now) if left < self.weight else 0
        return {
            "X-RateLimit-Limit": str(self.bucket // each),
            "X-RateLimit-Remaining": str(max(0, left) // each),
            "X-Lognex-Retry-TimeInterval": str(int(PERIOD.total_seconds() * 1000)),
            "X-Lognex-Reset": str(reset),
        }

    def is_cut_off(self, login: str) -> bool:
        return self._users[login].cut_off

    def check(self, login: str) -> None:
        if self._users[login].cut_off:
            raise cut_off()

    def enter(self, login: str, path: str, now: datetime) -> None:
        """Takes the units of one request. 429 with 1049 when they are spent."""
        user = self._users[login]
        weight = REPORT_WEIGHT if path in HEAVY else self.weight
        if _spent(user, now) + weight > self.bucket:
            wait = {"X-Lognex-Retry-After": str(_until_free(user, now))}
            raise ApiError(429, 1049, "Превышено ограничение на количество запросов в единицу времени", headers=wait)
        user.spent.append((now, weight))

    def begin(self, login: str) -> None:
        """One more request at once; `end` must follow. 429 with 1073, and not begun, when there are too many."""
        user = self._users[login]
        if user.at_once >= AT_ONCE or sum(each.at_once for each in self._users.values()) >= AT_ONCE_ACCOUNT:
            raise ApiError(429, 1073, "Превышено ограничение на одновременное количество запросов")
        user.at_once += 1
        self.most_at_once[login] = max(self.most_at_once[login], user.at_once)

    def end(self, login: str) -> None:
        self._users[login].at_once -= 1

    def note(self, login: str, request: tuple[str, str, bytes], status: int, now: datetime) -> None:
        """Counts what cuts access off. request: method, address, body."""
        user = self._users[login]
        if status == 429:
            user.cut_off |= _counted(user.limited, now) > MOST_LIMITED
        elif status >= 400:
            user.cut_off |= _counted(user.failures[request], now) > MOST_FAILURES
        if request[0] == "PUT":
            user.cut_off |= _counted(user.puts[request[1].partition("?")[0]], now) > MOST_PUTS


def _spent(user: _User, now: datetime) -> int:
    while user.spent and user.spent[0][0] <= now - PERIOD:
        user.spent.popleft()
    return sum(weight for _, weight in user.spent)


def _until_free(user: _User, now: datetime) -> int:
    """Milliseconds until the oldest request is forgotten."""
    return max(1, math.ceil((user.spent[0][0] + PERIOD - now).total_seconds() * 1000)) if user.spent else 1


def _counted(events: deque[datetime], now: datetime) -> int:
    events.append(now)
    while events[0] <= now - MINUTE:
        events.popleft()
    return len(events)
