"""Pacing on a clock of its own: spacing, several tasks, limits per minute, waits after a 429."""

import asyncio
import itertools
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from ozon_desktop.errors import ItemLimitReached, NoConnection, RateLimited
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.limits import REQUESTS_PER_SECOND, Pace, RetryPolicy
from ozon_desktop.sandbox.ozon.limits import Window

READ = endpoints.PRODUCT_LIST
STOCKS = endpoints.UPDATE_STOCKS
IMPORT = endpoints.IMPORT_PRODUCTS


class VirtualTime:
    """Sleepers wake in the order of their times, whichever task they belong to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.order = itertools.count()
        self.sleepers: list[tuple[float, int, asyncio.Event]] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self.sleepers.append((self.now + seconds, next(self.order), woken))
        await woken.wait()

    async def run(self, *work: asyncio.Future[None]) -> None:
        """Moves the time on until all the work is done."""
        while not all(task.done() for task in work):
            for _ in range(5):
                await asyncio.sleep(0)
            if self.sleepers:
                earliest = min(self.sleepers)
                self.sleepers.remove(earliest)
                self.now = max(self.now, earliest[0])
                earliest[2].set()


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
def pace(time: VirtualTime) -> Pace:
    return Pace(clock=time, sleep=time.sleep)


async def sent_at(pace: Pace, time: VirtualTime, endpoint: endpoints.Endpoint, number: int, client_id: int = 1) -> list[float]:
    """Times at which `number` requests, all wanted at once, are let through."""
    times: list[float] = []

    async def one() -> None:
        await pace.wait(endpoint, client_id)
        times.append(time.now)

    await time.run(*[asyncio.ensure_future(one()) for _ in range(number)])
    return sorted(times)


async def test_no_second_sees_more_requests_than_ozon_takes(pace: Pace, time: VirtualTime) -> None:
    times = await sent_at(pace, time, READ, 200)
    assert max(sum(start <= time < start + 1 for time in times) for start in times) <= 50
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert min(gaps) == pytest.approx(1 / REQUESTS_PER_SECOND)


@dataclass
class Road:
    """The way to Ozon and back, a random one for each request, and Ozon's limit where they arrive: 50 in any one second."""

    time: VirtualTime
    rng: random.Random
    slow_there: float = 0.0
    slow_back: float = 0.0
    limit: Window = field(default_factory=lambda: Window(50, timedelta(seconds=1)))
    taken: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)

    async def travel(self) -> int:
        """Requests left in this second as Ozon tells it; -1 when it refuses."""
        await self.time.sleep(0.02 + self.rng.random() * self.slow_there)
        now = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(seconds=self.time.now)
        taken = self.limit.take(now)
        (self.taken if taken else self.refused).append(self.time.now)
        remaining = self.limit.remaining(now)
        await self.time.sleep(0.05 + self.rng.random() * self.slow_back)
        return remaining if taken else -1


async def rate_over(road: Road, *paces: Pace, seconds: float, settled: float = 1.0, at_once: int = 60) -> float:
    """Requests a second that Ozon took once it was settled, of so many senders that always have one more to send."""

    async def send(pace: Pace) -> None:
        while road.time.now < seconds:
            ticket = await pace.wait(READ, 1)
            remaining = await road.travel()
            pace.answered(ticket, served=remaining >= 0)
            pace.observe(max(remaining, 0), ticket)
            if remaining < 0:
                pace.hold(RateLimited(retry_after=1), READ, 1)

    await road.time.run(*[asyncio.ensure_future(send(pace)) for pace in paces for _ in range(at_once)])
    return sum(settled <= moment < seconds for moment in road.taken) / (seconds - settled)


@pytest.mark.parametrize("slow_there", [0.0, 0.01, 0.03, 0.05, 0.1, 0.2])
@pytest.mark.parametrize("seed", range(4))
async def test_requests_held_up_on_their_way_never_meet_the_limit(pace: Pace, time: VirtualTime, slow_there: float, seed: int) -> None:
    road = Road(time, random.Random(seed), slow_there, slow_back=slow_there / 2)
    rate = await rate_over(road, pace, seconds=12)
    assert not road.refused
    # Up to 20 ms of jitter cost nothing to speak of; more of it costs as much as it could do harm, and no more than a fifth.
    assert rate >= {0.0: 48.8, 0.01: 48.8, 0.03: 48.0}.get(slow_there, 39.0)


async def test_a_long_but_even_way_does_not_slow_the_pace(pace: Pace, time: VirtualTime) -> None:
    class LongRoad(Road):
        async def travel(self) -> int:
            await self.time.sleep(0.5)
            return await super().travel()

    road = LongRoad(time, random.Random(1))
    assert await rate_over(road, pace, seconds=12) >= 47.5
    assert not road.refused


async def test_answers_that_take_long_to_read_do_not_slow_the_pace(pace: Pace, time: VirtualTime) -> None:
    """Their beginnings come evenly, and that is what tells when their requests came to Ozon."""
    rng = random.Random(1)
    sent: list[float] = []

    async def send() -> None:
        while time.now < 12:
            ticket = await pace.wait(READ, 1)
            sent.append(time.now)
            await time.sleep(0.1)
            pace.answering(ticket)
            await time.sleep(rng.random() * 0.3)
            pace.answered(ticket)
            assert ticket.took == pytest.approx(0.1)

    await time.run(*[asyncio.ensure_future(send()) for _ in range(60)])
    assert sum(1 <= moment < 12 for moment in sent) / 11 >= 48.8


async def test_request_counts_from_its_leaving(pace: Pace, time: VirtualTime) -> None:
    """A new connection takes its time, and a second that began before is not Ozon's."""
    ticket = await pace.wait(READ, 1)
    time.now += 0.2
    pace.left(ticket)
    time.now += 0.1
    pace.answered(ticket)
    assert ticket.sent == pytest.approx(0.2)
    assert ticket.took == pytest.approx(0.1)
    times = await sent_at(pace, time, READ, 49)
    assert times[-1] < 1.3 < (await sent_at(pace, time, READ, 1))[0]


@pytest.mark.parametrize("seed", range(3))
async def test_two_programs_settle_at_a_shared_pace_near_the_limit(time: VirtualTime, seed: int) -> None:
    road = Road(time, random.Random(seed), slow_there=0.01, slow_back=0.05)
    paces = [Pace(clock=time, sleep=time.sleep) for _ in range(2)]
    assert await rate_over(road, *paces, seconds=45, settled=15) >= 43
    # Both begin at full pace, so a few are refused until they know of each other.
    assert max(road.refused) < 10
    assert len(road.refused) <= 40
    first, second = (pace.rate(1) for pace in paces)
    assert 0.8 < first / second < 1.25


async def test_pace_recovers_when_the_other_program_is_gone(time: VirtualTime) -> None:
    road = Road(time, random.Random(1))
    first, second = (Pace(clock=time, sleep=time.sleep) for _ in range(2))
    await rate_over(road, first, second, seconds=12)
    await rate_over(road, first, seconds=32)
    assert first.rate(1) == REQUESTS_PER_SECOND


async def test_little_left_of_one_method_slows_that_method_alone(pace: Pace, time: VirtualTime) -> None:
    """Ozon's header is the method's: another program may use up the list of products while nobody asks for cards."""
    for _ in range(12):
        ticket = await pace.wait(READ, 1)
        pace.answered(ticket)
        pace.observe(0, ticket)
        time.now += 1.1
    started = time.now
    slowed = [moment - started for moment in await sent_at(pace, time, READ, 10)]
    assert slowed[-1] > 9 / (REQUESTS_PER_SECOND * 0.6)
    time.now += 2
    started = time.now
    others = [moment - started for moment in await sent_at(pace, time, endpoints.PRODUCT_CARDS, 10)]
    assert others[-1] == pytest.approx(9 / REQUESTS_PER_SECOND)
    assert pace.rate(1) == REQUESTS_PER_SECOND


async def test_requests_without_any_answer_count_only_for_a_while(pace: Pace, time: VirtualTime) -> None:
    times = await sent_at(pace, time, READ, 100)
    assert times[-1] <= 100 / 39


async def test_requests_that_come_slowly_do_not_wait(pace: Pace, time: VirtualTime) -> None:
    for _ in range(3):
        started = time.now
        await sent_at(pace, time, READ, 1)
        assert time.now == started
        time.now += 1


async def test_cabinets_do_not_wait_for_each_other(pace: Pace, time: VirtualTime) -> None:
    await sent_at(pace, time, READ, 90, client_id=1)
    before = time.now
    assert await sent_at(pace, time, READ, 1, client_id=2) == [before]


async def test_stocks_keep_to_80_a_minute_and_hold_up_nobody_else(pace: Pace, time: VirtualTime) -> None:
    times = await sent_at(pace, time, STOCKS, 170)
    assert max(sum(start <= time < start + 60 for time in times) for start in times) == 80


async def test_other_methods_go_on_while_stocks_wait_for_their_minute(pace: Pace, time: VirtualTime) -> None:
    await sent_at(pace, time, STOCKS, 80)
    times: dict[str, float] = {}

    async def one(endpoint: endpoints.Endpoint) -> None:
        await pace.wait(endpoint, 1)
        times[endpoint.path] = time.now

    await time.run(asyncio.ensure_future(one(STOCKS)), asyncio.ensure_future(one(READ)))
    assert times[READ.path] < 2
    assert times[STOCKS.path] >= 60


async def test_after_a_429_nobody_sends_before_its_time_and_then_evenly(pace: Pace, time: VirtualTime) -> None:
    pace.hold(RateLimited(retry_after=10), READ, 1)
    assert pace.held_for(STOCKS, 1) == 10
    times = await sent_at(pace, time, endpoints.ROLES, 3)
    slowed = REQUESTS_PER_SECOND * 0.8
    assert times == [pytest.approx(10), pytest.approx(10 + 1 / slowed, rel=0.01), pytest.approx(10 + 2 / slowed, rel=0.01)]


async def test_those_already_waiting_hear_of_a_429(pace: Pace, time: VirtualTime) -> None:
    times: list[float] = []

    async def one() -> None:
        await pace.wait(READ, 1)
        times.append(time.now)
        if len(times) == 2:
            pace.hold(RateLimited(retry_after=5), READ, 1)

    await time.run(*[asyncio.ensure_future(one()) for _ in range(5)])
    assert times[:2] == [0, pytest.approx(1 / REQUESTS_PER_SECOND)]
    assert min(times[2:]) >= 5
    assert min(after - before for before, after in itertools.pairwise(times)) == pytest.approx(1 / REQUESTS_PER_SECOND)


@pytest.mark.parametrize("error", [ItemLimitReached(retry_after=100), RateLimited(retry_after=100, detail="request rate limit per minute")])
def test_a_limit_of_one_method_holds_only_that_method(pace: Pace, error: RateLimited) -> None:
    pace.hold(error, IMPORT, 1)
    assert pace.held_for(IMPORT, 1) == 100
    assert pace.held_for(READ, 1) <= 0
    assert pace.held_for(IMPORT, 2) <= 0


def test_a_shorter_wait_does_not_end_a_longer_one(pace: Pace) -> None:
    for error in (RateLimited(retry_after=100), RateLimited(retry_after=1)):
        pace.hold(error, READ, 1)
    assert pace.held_for(READ, 1) == 100


def test_waits_grow_are_bounded_and_jittered() -> None:
    low, high = RetryPolicy(attempts=9, jitter=lambda: 0.0), RetryPolicy(attempts=9, jitter=lambda: 1.0)
    error = NoConnection()
    assert [low.delay(error, READ, attempt, 0) for attempt in range(1, 7)] == [0.25, 0.5, 1, 2, 4, 4]
    assert [high.delay(error, READ, attempt, 0) for attempt in range(1, 7)] == [0.5, 1, 2, 4, 8, 8]


def test_a_wait_beyond_the_budget_is_not_begun() -> None:
    policy = RetryPolicy(budget_s=100)
    assert policy.delay(RateLimited(retry_after=60), READ, 1, 30) == pytest.approx(60, abs=0.25)
    assert policy.delay(RateLimited(retry_after=60), READ, 1, 50) is None
    assert policy.delay(NoConnection(), READ, 5, 0) is None
