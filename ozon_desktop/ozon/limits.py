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

REQUESTS_PER_SECOND = 49.0
"""The spacing. Ozon allows 50 in any one second."""

CATCH_UP_S = 0.1
"""So much of what waking up late has cost is made good; that no second gets too many is looked after apart from it."""

BURST_WINDOW_S = 1.012
"""Ozon's second, and a little: the quickest way seen so far is not quite the quickest there is."""

MOST_UNCERTAIN_S = 0.25
"""How late a request may have come to Ozon compared with the quickest, at most: what is later is rather Ozon's own thinking."""

QUICKEST_OF = 200
"""The quickest of so many last answers of a method shows how long the way takes when nothing holds a request up."""

OZONS_LIMIT = 50
SLOWEST = 2.0
FALL_ON_REFUSAL, FALL_ON_SCARCITY = 0.8, 0.9
RECOVERY_PER_S, RECOVERY_BESIDE_OTHERS_PER_S = 3.0, 1.0
"""After a 429 the pace falls to a share of itself and recovers by so many requests/s each second; two programs with one key settle so."""

OTHERS, SCARCE = 6, 3
"""So many requests of a second that are not ours are another program's; then so few left make the pace fall before a 429 does."""

OTHERS_REMEMBERED_S = 5.0
FALLS_APART_S = 1.0
"""Ozon counts a whole second: what a fall brought is not seen earlier."""

WINDOW_S = 62.0
"""A per-minute limit is counted over this many seconds: requests do not arrive evenly spaced as they were sent."""


@dataclass(slots=True, eq=False)
class Ticket:
    """A request that was let through: when it was sent, how long the beginning of its answer took (None = none yet), in seconds.

    ours: how many requests of this program went in the second before it, itself included.
    """

    path: str
    client_id: int
    sent: float
    ours: int
    took: float | None = None


@dataclass(slots=True)
class _Speed:
    """A pace that falls and recovers: requests/s as of a moment of the clock, never above `full`."""

    full: float
    rate: float
    rate_at: float = float("-inf")
    fell_at: float = float("-inf")
    others_at: float = float("-inf")
    next_slot: float = float("-inf")

    def at(self, now: float) -> float:
        """Requests/s at this moment."""
        if self.rate < self.full:
            beside_others = now - self.others_at < OTHERS_REMEMBERED_S
            speed = RECOVERY_BESIDE_OTHERS_PER_S if beside_others else RECOVERY_PER_S
            self.rate = min(self.full, self.rate + speed * max(now - self.rate_at, 0.0))
        self.rate_at = now
        return self.rate

    def fall(self, share: float, now: float) -> None:
        self.rate = max(SLOWEST, self.at(now) * share)
        self.fell_at = now


@dataclass
class _ClientState:
    """What is known of one Client-Id. Times are those of the clock, in seconds. methods: those slower than the rest, by path."""

    speed: _Speed
    methods: dict[str, _Speed] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_slot: float = float("-inf")
    held_until: float = float("-inf")
    method_held_until: dict[str, float] = field(default_factory=dict)
    refusals: dict[str, RateLimited] = field(default_factory=dict)
    recent: dict[str, deque[float]] = field(default_factory=dict)
    in_window: list[Ticket] = field(default_factory=list)
    took: dict[str, deque[float]] = field(default_factory=dict)
    quickest: dict[str, float] = field(default_factory=dict)

    def counts_until(self, ticket: Ticket) -> float:
        """When the request has surely left the second that Ozon counts it in. Without an answer it may be late by all that is allowed."""
        took = float("inf") if ticket.took is None else ticket.took
        late = max(took - self.quickest.get(ticket.path, 0.0), 0.0)
        return ticket.sent + min(late, MOST_UNCERTAIN_S) + BURST_WINDOW_S


class Pace:
    """Spaces requests evenly, per Client-Id, and adapts to what Ozon says. Waiting is cancelled like any other sleep.

    Even spacing at this end is not enough: requests held up on their way arrive together with those sent later. Ozon counts
    arrivals, which lie between sending and answer; how much slower an answer is than the quickest of its method bounds how late
    its request arrived. A request is sent only when fewer than 50 others can fall into one second with it: those one or two more
    than the spacing uses are the room for ways of slightly uneven length, which then cost nothing.
    """

    def __init__(
        self,
        requests_per_second: float = REQUESTS_PER_SECOND,
        *,
        clock: Clock = time.monotonic,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._full = requests_per_second
        self._most = min(requests_per_second + 1, OZONS_LIMIT)
        self._clock = clock
        self._sleep = sleep
        self._states: dict[int, _ClientState] = {}

    async def wait(self, endpoint: Endpoint, client_id: int) -> Ticket:
        """Returns when the request may be sent. Give the ticket to `answered` as soon as there is an answer."""
        state = self._state(client_id)
        while True:
            held = self._free_at(state, endpoint) - self._clock()
            if held > 0:
                # Not in the queue: a method that waits for a limit of its own does not hold up the others.
                await self._sleep(held)
                continue
            async with state.turn:
                # One after the other, so that a changed pace counts for those already waiting as well.
                await self._wait_for_slot(state)
                now = self._clock()
                # A 429 of another request may have come meanwhile, or the method's minute is full: then it queues again.
                if self._free_at(state, endpoint) <= now:
                    return self._let_through(state, endpoint, client_id, now)

    async def _wait_for_slot(self, state: _ClientState) -> None:
        """Until the slot after the last request's, and until there is room in Ozon's second."""
        now = self._clock()
        planned = now
        while (pause := max(state.next_slot - now, self._crowded_for(state))) > 0:
            planned = state.next_slot
            await self._sleep(pause)
            now = self._clock()
        # Sleeping lasts a little longer each time: counted from the plan it does not add up.
        state.next_slot = max(planned, now - CATCH_UP_S) + 1 / state.speed.at(now)

    @staticmethod
    def _let_through(state: _ClientState, endpoint: Endpoint, client_id: int, now: float) -> Ticket:
        if endpoint.per_minute:
            state.recent.setdefault(endpoint.path, deque(maxlen=endpoint.per_minute)).append(now)
        if (speed := state.methods.get(endpoint.path)) is not None:
            speed.next_slot = max(speed.next_slot, now - CATCH_UP_S) + 1 / speed.at(now)
            if speed.rate >= speed.full and now - speed.others_at >= OTHERS_REMEMBERED_S:
                del state.methods[endpoint.path]
        ours = 1 + sum(ticket.sent > now - BURST_WINDOW_S for ticket in state.in_window[-OZONS_LIMIT:])
        ticket = Ticket(endpoint.path, client_id, now, ours)
        state.in_window.append(ticket)
        return ticket

    def left(self, ticket: Ticket) -> None:
        """Takes note that the request is on its way only now: making it ready and a new connection take their time."""
        ticket.sent = self._clock()

    def answering(self, ticket: Ticket) -> None:
        """Takes note that the answer begins: now it is known better when the request can have arrived.

        The rest of a large answer shows nothing of that, and the program's own work while it comes would only look like delay.
        """
        ticket.took = self._clock() - ticket.sent

    def answered(self, ticket: Ticket, *, served: bool = True) -> None:
        """Takes note that the answer is here, and began now unless `answering` was called.

        served: it is no refusal. Refusals come without the work of an answer, so they say nothing of how quick one can be.
        """
        state = self._state(ticket.client_id)
        if ticket.took is None:
            self.answering(ticket)
        if served and ticket.took is not None:
            took = state.took.setdefault(ticket.path, deque(maxlen=QUICKEST_OF))
            took.append(ticket.took)
            state.quickest[ticket.path] = min(took)

    def hold(self, error: RateLimited, endpoint: Endpoint, client_id: int) -> None:
        """Nothing is sent before the 429's time is over; after a limit of items or of one method only that method waits."""
        state = self._state(client_id)
        now = self._clock()
        until = now + error.retry_after
        state.refusals[endpoint.path] = error
        if isinstance(error, ItemLimitReached) or "per minute" in error.detail.casefold():
            state.method_held_until[endpoint.path] = max(until, state.method_held_until.get(endpoint.path, until))
        else:
            if now >= state.held_until:
                # Several requests under way are refused together: that is one refusal.
                state.speed.fall(FALL_ON_REFUSAL, now)
                if (speed := state.methods.get(endpoint.path)) is not None:
                    speed.fall(FALL_ON_REFUSAL, now)
            state.held_until = max(until, state.held_until)

    def observe(self, remaining: int, ticket: Ticket) -> None:
        """Takes `Ratelimit-Remaining` of the answer, which is the method's alone: the other methods keep to their pace.

        When another program uses the same key and hardly anything is left, this method gives way.
        """
        state, now = self._state(ticket.client_id), self._clock()
        if OZONS_LIMIT - remaining - ticket.ours < OTHERS:
            return
        speed = state.methods.setdefault(ticket.path, _Speed(self._full, self._full))
        speed.at(now)
        speed.others_at = now
        if remaining <= SCARCE and now - speed.fell_at >= FALLS_APART_S:
            speed.fall(FALL_ON_SCARCITY, now)

    def rate(self, client_id: int) -> float:
        """Requests/s it keeps to now over all methods."""
        return self._state(client_id).speed.at(self._clock())

    def held_for(self, endpoint: Endpoint, client_id: int) -> float:
        """Seconds a 429 still holds the method back; 0 or less = not at all."""
        return self._held_until(self._state(client_id), endpoint) - self._clock()

    def refusal(self, endpoint: Endpoint, client_id: int) -> RateLimited:
        """What a request held back is refused with when nobody can wait so long: what Ozon said, with the seconds left by now."""
        said = self._state(client_id).refusals.get(endpoint.path, RateLimited())
        left = self.held_for(endpoint, client_id)
        return type(said)(endpoint.path, retry_after=left, detail=said.detail, status=said.status, code=said.code, trace_id=said.trace_id)

    def _state(self, client_id: int) -> _ClientState:
        if client_id not in self._states:
            self._states[client_id] = _ClientState(_Speed(self._full, self._full))
        return self._states[client_id]

    def _crowded_for(self, state: _ClientState) -> float:
        """Seconds until one more request fits into any second that Ozon may count; looked at again then, for answers come meanwhile."""
        if len(state.in_window) < self._most:
            return 0.0
        now = self._clock()
        state.in_window = [ticket for ticket in state.in_window if state.counts_until(ticket) > now]
        if len(state.in_window) < self._most:
            return 0.0
        return min(map(state.counts_until, state.in_window)) - now

    def _free_at(self, state: _ClientState, endpoint: Endpoint) -> float:
        """When nothing that concerns this method alone, and no 429, holds a request of it back."""
        speed = state.methods.get(endpoint.path)
        slot = speed.next_slot if speed is not None and speed.rate < speed.full else float("-inf")
        return max(self._held_until(state, endpoint), self._window_end(state, endpoint), slot)

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
        return error.retryable and endpoint.safe_to_retry and error.status < 300
    return isinstance(error, OzonUnavailable) and endpoint.safe_to_retry
