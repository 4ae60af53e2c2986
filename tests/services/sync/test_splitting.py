"""Which items of a batch are refused is found out with few requests, and without pestering Ozon when it refuses all of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozon_desktop.errors import InvalidKey, OzonUnavailable, RequestRefused
from ozon_desktop.services.sync.parts.splitting import HOPELESS, Splitting


class Ozon:
    """Refuses requests with any of these items in them."""

    def __init__(self, *poison: int, error: Exception | None = None) -> None:
        self.poison = set(poison)
        self.error = error or RequestRefused(detail="invalid field items[3]")
        self.asked: list[tuple[int, ...]] = []
        self.taken: list[int] = []
        self.refused: list[int] = []
        self.splitting = Splitting(self.ask, lambda batch, _: self.refused.extend(batch))

    async def ask(self, batch: tuple[int, ...]) -> None:
        self.asked.append(batch)
        if self.poison & set(batch):
            raise self.error
        self.taken += batch


@given(st.integers(1, 60), st.sets(st.integers(0, 59), max_size=6))
@settings(max_examples=60)
async def test_every_item_is_taken_or_refused_once(count: int, poison: set[int]) -> None:
    ozon = Ozon(*poison)
    await ozon.splitting.send(tuple(range(count)))
    assert sorted(ozon.refused) == sorted(poison & set(range(count)))
    assert sorted(ozon.taken) == sorted(set(range(count)) - poison)


async def test_one_of_a_thousand_takes_some_twenty_requests() -> None:
    ozon = Ozon(617)
    await ozon.splitting.send(tuple(range(1000)))
    assert ozon.refused == [617]
    assert len(ozon.asked) <= 1 + 2 * 10


async def test_a_refusal_of_everything_is_not_asked_for_item_by_item_for_ever() -> None:
    ozon = Ozon(*range(5000))
    for start in range(0, 5000, 100):
        await ozon.splitting.send(tuple(range(start, start + 100)))
    assert sorted(ozon.refused) == list(range(5000))
    assert len(ozon.asked) <= 2 * HOPELESS + 2 * 49


async def test_what_is_taken_again_after_many_refusals_is_found() -> None:
    ozon = Ozon(*range(200))
    for start in range(0, 400, 100):
        await ozon.splitting.send(tuple(range(start, start + 100)))
    assert sorted(ozon.refused) == list(range(200))
    assert sorted(ozon.taken) == list(range(200, 400))


async def test_one_that_ozon_fails_on_is_told_from_an_ozon_that_fails() -> None:
    ozon = Ozon(3, error=OzonUnavailable())
    await ozon.splitting.send(tuple(range(8)))
    assert ozon.refused == [3]
    down = Ozon(*range(8), error=OzonUnavailable())
    with pytest.raises(OzonUnavailable):
        await down.splitting.send(tuple(range(8)))
    assert len(down.asked) == 3
    assert down.refused == []


async def test_what_concerns_all_is_raised_at_once() -> None:
    ozon = Ozon(0, error=InvalidKey())
    with pytest.raises(InvalidKey):
        await ozon.splitting.send((0, 1, 2))
    assert len(ozon.asked) == 1
