"""Pacing (below 50 requests/s per Client-Id, plus the limits of single methods) and the rules of repeating a request."""

import asyncio
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ozon_desktop.errors import AppError, ItemLimitReached, NetworkError, OzonUnavailable, RateLimited, UnexpectedAnswer
from ozon_desktop.ozon.endpoints import Endpoint

Clock = Callable[[], float]
Sleep = Callable[[float], Awaitable[None]]

REQUESTS_PER_SECOND = 45.0
"""Ozon allows 50; the rest is room for jitter of the network and for another program with the same key."""

WINDOW_S = 62.0
"""A per-minute limit is counted over this many seconds: requests do not arrive evenly spaced as they were sent."""


@dataclass
class _ClientState:
    """What is known of one Client-Id. Times are those of the clock, in seconds."""

    next_slot: float = float("-inf")
    held_until: float = float("-inf")
    method_held_until: dict[str, float] = field(default_factory=dict)
    recent: dict[str, deque[float]] = field(default_factory=dict)


class Pace:
    """Spaces requests evenly, per Client-Id. Waiting is cancelled like any other sleep; a slot lost so costs 1/45 s."""

    def __init__(
        self,
        requests_per_second: float = REQUESTS_PER_SECOND,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._interval = 1 / requests_per_second
        self._clock = clock
        self._sleep = sleep
        self._states: dict[int, _ClientState] = {}

    async def wait(self, endpoint: Endpoint, client_id: int) -> None:
        """Returns when the request may be sent."""
        state = self._state(client_id)
        while True:
            now = self._clock()
            held = max(self._held_until(state, endpoint), self._window_end(state, endpoint))
            if held > now:
                # No slot is taken meanwhile: a method that waits for a limit of its own does not hold up the others.
                await self._sleep(held - now)
                continue
            slot = max(now, state.next_slot)
            state.next_slot = slot + self._interval
            if endpoint.per_minute:
                state.recent.setdefault(endpoint.path, deque(maxlen=endpoint.per_minute)).append(slot)
            if slot > now:
                await self._sleep(slot - now)
            # A 429 of another request may have come while this one slept: then it queues again.
            if self.held_for(endpoint, client_id) <= 0:
                return

    def hold(self, error: RateLimited, endpoint: Endpoint, client_id: int) -> None:
        """Nothing is sent before the 429's time is over; after a limit of items or of one method only that method waits."""
        state = self._state(client_id)
        until = self._clock() + error.retry_after
        if isinstance(error, ItemLimitReached) or "per minute" in error.detail.casefold():
            state.method_held_until[endpoint.path] = max(until, state.method_held_until.get(endpoint.path, until))
        else:
            state.held_until = max(until, state.held_until)

    def held_for(self, endpoint: Endpoint, client_id: int) -> float:
        """Seconds a 429 still holds the method back; 0 or less = not at all."""
        return self._held_until(self._state(client_id), endpoint) - self._clock()

    def _state(self, client_id: int) -> _ClientState:
        return self._states.setdefault(client_id, _ClientState())

    @staticmethod
    def _held_until(state: _ClientState, endpoint: Endpoint) -> float:
        return max(state.held_until, state.method_held_until.get(endpoint.path, float("-inf")))

    @staticmethod
    def _window_end(state: _ClientState, endpoint: Endpoint) -> float:
        """When the oldest of the requests of the last minute no longer counts."""
        recent = state.recent.get(endpoint.path)
        return recent[0] + WINDOW_S if recent and len(recent) == endpoint.per_minute else float("-inf")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When a failed request is sent again. Seconds; `budget_s` bounds one call with all its waits."""

    attempts: int = 5
    budget_s: float = 150.0
    first_delay_s: float = 0.5
    longest_delay_s: float = 8.0
    jitter: Callable[[], float] = random.random

    def delay(self, error: AppError, endpoint: Endpoint, attempt: int, spent_s: float) -> float | None:
        """Seconds to wait before the attempt after `attempt` (counted from 1); None = give up."""
        if attempt >= self.attempts or not may_repeat(error, endpoint):
            return None
        ceiling = min(self.first_delay_s * 2 ** (attempt - 1), self.longest_delay_s)
        delay = ceiling * (0.5 + self.jitter() / 2)
        if isinstance(error, RateLimited):
            delay = max(delay, error.retry_after)
        return delay if spent_s + delay <= self.budget_s else None


def may_repeat(error: AppError, endpoint: Endpoint) -> bool:
    """Whether sending again does no harm and can help.

    A 429 and a request that never left were surely not carried out. Anything else may have been: only what is safe to send
    twice is repeated then. «Circle is open» lasts minutes, and other refusals stay.
    """
    if isinstance(error, RateLimited):
        return True
    if isinstance(error, NetworkError):
        return error.retryable and (endpoint.safe_to_retry or not error.sent)
    if isinstance(error, UnexpectedAnswer):
        return endpoint.safe_to_retry and error.status < 300
    return isinstance(error, OzonUnavailable) and endpoint.safe_to_retry
