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

REQUESTS_PER_SECOND = 48.0
"""Ozon allows 50 in any one second; the rest is room for the jitter of the network."""

BURST_WINDOW_S = 1.0
BURST_LIMIT = 48
"""No more than this many leave within the window: requests that a stall let go together cannot push a second over Ozon's limit."""

SLOWEST = 2.0
FALL_ON_REFUSAL, FALL_ON_SCARCITY = 0.8, 0.95
RECOVERY_PER_S = 3.0
"""After a 429 the pace falls to a share of itself and recovers by so many requests/s each second; two programs with one key settle so."""

SCARCITY_EVERY_S = 0.25

WINDOW_S = 62.0
"""A per-minute limit is counted over this many seconds: requests do not arrive evenly spaced as they were sent."""


@dataclass
class _ClientState:
    """What is known of one Client-Id. Times are those of the clock, in seconds; rate in requests/s as of `rate_at`."""

    rate: float
    rate_at: float = float("-inf")
    next_slot: float = float("-inf")
    held_until: float = float("-inf")
    method_held_until: dict[str, float] = field(default_factory=dict)
    recent: dict[str, deque[float]] = field(default_factory=dict)
    sent: deque[float] = field(default_factory=lambda: deque(maxlen=BURST_LIMIT))


class Pace:
    """Spaces requests evenly, per Client-Id, and adapts to what Ozon says. Waiting is cancelled like any other sleep."""

    def __init__(
        self,
        requests_per_second: float = REQUESTS_PER_SECOND,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._full = requests_per_second
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
            state.next_slot = slot + 1 / self._rate(state, now)
            if endpoint.per_minute:
                state.recent.setdefault(endpoint.path, deque(maxlen=endpoint.per_minute)).append(max(slot, now))
            if slot > now:
                await self._sleep(slot - now)
            while (crowded := self._crowded_for(state)) > 0:
                await self._sleep(crowded)
            # A 429 of another request may have come while this one slept: then it queues again.
            if self.held_for(endpoint, client_id) <= 0:
                state.sent.append(self._clock())
                return

    def hold(self, error: RateLimited, endpoint: Endpoint, client_id: int) -> None:
        """Nothing is sent before the 429's time is over; after a limit of items or of one method only that method waits."""
        state = self._state(client_id)
        now = self._clock()
        until = now + error.retry_after
        if isinstance(error, ItemLimitReached) or "per minute" in error.detail.casefold():
            state.method_held_until[endpoint.path] = max(until, state.method_held_until.get(endpoint.path, until))
        else:
            if now >= state.held_until:
                # Several requests under way are refused together: that is one refusal.
                self._slow_down(state, FALL_ON_REFUSAL, now)
            state.held_until = max(until, state.held_until)

    def observe(self, remaining: int, client_id: int) -> None:
        """Takes `Ratelimit-Remaining` of an answer: when hardly anything is left, another program uses the same key."""
        state, now = self._state(client_id), self._clock()
        if remaining <= 0 and now - state.rate_at >= SCARCITY_EVERY_S:
            self._slow_down(state, FALL_ON_SCARCITY, now)

    def rate(self, client_id: int) -> float:
        """Requests/s it keeps to now."""
        return self._rate(self._state(client_id), self._clock())

    def held_for(self, endpoint: Endpoint, client_id: int) -> float:
        """Seconds a 429 still holds the method back; 0 or less = not at all."""
        return self._held_until(self._state(client_id), endpoint) - self._clock()

    def _state(self, client_id: int) -> _ClientState:
        if client_id not in self._states:
            self._states[client_id] = _ClientState(self._full)
        return self._states[client_id]

    def _rate(self, state: _ClientState, now: float) -> float:
        if state.rate >= self._full:
            return self._full
        return min(self._full, state.rate + RECOVERY_PER_S * max(now - state.rate_at, 0.0))

    def _slow_down(self, state: _ClientState, share: float, now: float) -> None:
        state.rate = max(SLOWEST, self._rate(state, now) * share)
        state.rate_at = now

    def _crowded_for(self, state: _ClientState) -> float:
        """Seconds until one more request fits into the burst window."""
        if len(state.sent) < BURST_LIMIT:
            return 0.0
        return state.sent[0] + BURST_WINDOW_S - self._clock()

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
    attempts_when_limited: int = 12
    shortest_delay_s: float = 0.1
    budget_s: float = 150.0
    first_delay_s: float = 0.5
    longest_delay_s: float = 8.0
    jitter: Callable[[], float] = random.random

    def delay(self, error: AppError, endpoint: Endpoint, attempt: int, spent_s: float) -> float | None:
        """Seconds to wait before the attempt after `attempt` (counted from 1); None = give up."""
        limited = isinstance(error, RateLimited)
        if attempt >= (self.attempts_when_limited if limited else self.attempts) or not may_repeat(error, endpoint):
            return None
        if isinstance(error, RateLimited):
            # What Ozon asks for is enough: the pace has fallen, so waiting longer each time would only idle.
            delay = max(error.retry_after, self.shortest_delay_s) + self.jitter() / 4
        else:
            delay = min(self.first_delay_s * 2 ** (attempt - 1), self.longest_delay_s) * (0.5 + self.jitter() / 2)
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
