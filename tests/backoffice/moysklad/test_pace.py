"""The pace of requests follows the answers, whatever the headers count."""

import asyncio
from pathlib import Path

import pytest

from ozon_desktop.backoffice.moysklad.pace import AT_ONCE, Pacer
from ozon_desktop.errors import BackOfficeLimited
from ozon_desktop.sandbox.moysklad.limits import Limits
from ozon_desktop.sandbox.moysklad.shop import fill
from tests.backoffice.moysklad.shop import Shop, Time, opened


@pytest.mark.parametrize("in_units", [False, True])
@pytest.mark.parametrize("weight", [1, 4])
async def test_a_long_pull_uses_most_of_what_is_allowed_and_meets_no_refusal(tmp_path: Path, weight: int, in_units: bool) -> None:

    async with opened(tmp_path, Limits(weight, in_units=in_units)) as shop:
        fill(shop.there, 3000, bundles=0.75)
        shop.time.move(hours=1)
        began = shop.time.seconds()
        pulled = await shop.pull()
        taken = shop.time.seconds() - began
        assert 429 not in shop.refused
        allowed = 45 // weight / 3
        assert pulled.requests / taken > allowed / 3
        assert shop.there.memory.limits.most_at_once["admin@sandbox"] <= AT_ONCE


async def test_two_programs_with_one_login_share_what_there_is(shop: Shop) -> None:
    fill(shop.there, 3000, bundles=0.3)
    other = shop.new_client()
    shop.time.move(hours=1)
    pulls = await asyncio.gather(shop.pull(), shop.pull(client=other))
    assert all(pulled.full for pulled in pulls)
    assert shop.refused.count(429) <= 10


async def test_a_refusal_for_the_pace_is_waited_out(shop: Shop) -> None:
    shop.there.memory.faults.add("429", times=3)
    await shop.client.probe()
    assert shop.refused == [429, 429, 429]


async def test_a_service_that_only_refuses_is_left_alone_soon(shop: Shop) -> None:
    shop.there.memory.faults.add("429", times=1000)
    with pytest.raises(BackOfficeLimited):
        await shop.client.probe()
    assert len(shop.refused) <= 10
    assert not shop.there.memory.limits.is_cut_off("admin@sandbox")


async def test_never_more_than_five_are_under_way() -> None:
    time = Time()
    pacer, under_way, most = Pacer(time.seconds, time.sleep), 0, 0

    async def request() -> None:
        nonlocal under_way, most
        async with pacer.turn():
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            under_way -= 1

    await asyncio.gather(*(request() for _ in range(40)))
    assert most <= AT_ONCE


def told(limit: int, left: int, **more: str) -> dict[str, str]:
    return {"x-ratelimit-limit": str(limit), "x-ratelimit-remaining": str(left), "x-lognex-retry-timeinterval": "3000", **more}


async def test_what_a_request_costs_is_learned_where_it_was_alone() -> None:
    time = Time()
    pacer = Pacer(time.seconds, time.sleep)
    for left in (41, 37, 33):
        async with pacer.turn():
            pacer.told(told(45, left))
    assert pacer.gap_s == pytest.approx(3 * 4 / 45)


async def test_the_last_request_before_a_refusal_is_left_to_others() -> None:
    time = Time()
    pacer = Pacer(time.seconds, time.sleep)
    async with pacer.turn():
        pacer.told(told(11, 1, **{"x-lognex-reset": "2500"}))
    async with pacer.turn():
        assert time.seconds() >= 2.5


async def test_odd_headers_change_nothing() -> None:
    time = Time()
    pacer = Pacer(time.seconds, time.sleep)
    before = pacer.gap_s
    for text in ("", "-1", "9" * 40, "many", "0"):
        assert pacer.told({"x-ratelimit-limit": text, "x-lognex-retry-timeinterval": text, "x-ratelimit-remaining": "x"}) == 0.0
    assert pacer.gap_s == before
    waited = pacer.told({"x-lognex-retry-after": "999999999"}, limited=True)
    assert waited <= 60
