"""A web shop that answers slowly, in many packings, or only in part: its file is taken as a whole or the store stays as it is."""

import asyncio
import random
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from itertools import cycle, product
from pathlib import Path

import pytest

from ozon_desktop.application import Application, Options, build
from ozon_desktop.backoffice.http import Limits
from ozon_desktop.backoffice.link import link
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.errors import AppError, BackOfficeAnswerTooLarge, BackOfficeAnswerUnreadable, BackOfficeUnreachable
from ozon_desktop.services.secrets import MemoryStore
from tests.backoffice.feeds import FEEDS, Ware, Wares, content, in_store, yml
from tests.backoffice.rough_shop import Framing, Manner, Packing, RoughShop, served

OLD: Wares = {f"{number}": Ware(100 + number, number % 7) for number in range(30)}
NEW: Wares = {f"{number}": Ware(200 + number, number % 5, "Обновка") for number in range(5, 40)}


@pytest.fixture
def shop() -> Iterator[RoughShop]:
    with served(RoughShop()) as made:
        yield made


@pytest.fixture
async def application(tmp_path: Path) -> AsyncIterator[Application]:
    made = await build(Options(tmp_path / "data", secret_store=MemoryStore()))
    yield made
    await made.close()


async def connect(application: Application, shop: RoughShop, name: str) -> None:
    """The old goods are behind the link, and pulled."""
    shop.put(f"/{name}", FEEDS[name](OLD))
    await application.store_connection.connect(StoreConnection(ConnectionKind.LINK, f"{shop.url}/{name}"))
    await application.store_connection.pull(silent)
    assert await in_store(application) == content(OLD)


@pytest.mark.slow
@pytest.mark.parametrize("name", FEEDS)
async def test_what_was_cut_changes_nothing_and_the_whole_is_taken_afterwards(application: Application, shop: RoughShop, name: str) -> None:
    await connect(application, shop, name)
    shop.put(f"/{name}", FEEDS[name](NEW))
    rng = random.Random(name)
    for framing, packing, cut in product(Framing, Packing, (0.0, 0.3, 0.999, rng.random())):
        manner = Manner(framing, packing, cut, pieces=rng.randint(1, 6))
        shop.manner = lambda manner=manner: manner  # type: ignore[misc]
        with pytest.raises(AppError):
            await application.store_connection.pull(silent)
        assert await in_store(application) == content(OLD), manner
    shop.manner = Manner
    await application.store_connection.pull(silent)
    assert await in_store(application) == content(NEW)


@pytest.mark.slow
@pytest.mark.parametrize("name", FEEDS)
async def test_whatever_its_packing_a_whole_answer_is_taken(application: Application, shop: RoughShop, name: str) -> None:
    await connect(application, shop, name)
    sides = cycle((NEW, OLD))
    for framing, packing, pieces in product(Framing, Packing, (1, 7)):
        if framing is Framing.CLOSE and name.endswith(".csv"):
            continue
        wares = next(sides)
        shop.put(f"/{name}", FEEDS[name](wares))
        shop.manner = lambda framing=framing, packing=packing, pieces=pieces: Manner(framing, packing, 1.0, pieces)  # type: ignore[misc]
        await application.store_connection.pull(silent)
        assert await in_store(application) == content(wares), (framing, packing, pieces)


@pytest.mark.parametrize("packing", [Packing.NONE, Packing.GZIP, Packing.MEMBERS])
async def test_a_table_whose_end_nobody_tells_is_refused_in_words(application: Application, shop: RoughShop, packing: Packing) -> None:
    await connect(application, shop, "price.csv")
    shop.put("/price.csv", FEEDS["price.csv"](NEW))
    shop.manner = lambda: Manner(Framing.CLOSE, packing)
    with pytest.raises(BackOfficeAnswerUnreadable) as caught:
        await application.store_connection.pull(silent)
    assert "Content-Length" in caught.value.detail
    assert await in_store(application) == content(OLD)


async def test_a_part_of_a_file_that_nobody_asked_for_is_not_the_file(application: Application, shop: RoughShop) -> None:
    await connect(application, shop, "price.csv")
    shop.put("/price.csv", FEEDS["price.csv"](OLD)[:400])
    shop.status = 206
    with pytest.raises(BackOfficeAnswerUnreadable):
        await application.store_connection.pull(silent)
    assert await in_store(application) == content(OLD)


@pytest.mark.parametrize(("etags", "dates"), [(True, False), (False, True), (True, True)])
async def test_either_validator_spares_the_download(application: Application, shop: RoughShop, *, etags: bool, dates: bool) -> None:
    shop.etags, shop.dates = etags, dates
    await connect(application, shop, "price.yml")
    assert (await application.store_connection.pull(silent)).counts is None
    assert shop.asked[-2:] == [200, 304]
    shop.put("/price.yml", yml(NEW))
    assert (await application.store_connection.pull(silent)).counts is not None


async def test_the_validator_of_a_cut_answer_is_not_kept(application: Application, shop: RoughShop) -> None:
    await connect(application, shop, "price.yml")
    shop.put("/price.yml", yml(NEW))
    shop.manner = lambda: Manner(Framing.CLOSE, Packing.MEMBERS, 0.5, 4)
    with pytest.raises(AppError):
        await application.store_connection.pull(silent)
    shop.manner = Manner
    assert (await application.store_connection.pull(silent)).counts is not None
    assert shop.asked[-1] == 200


async def test_an_answer_that_never_ends_is_given_up(application: Application, shop: RoughShop, monkeypatch: pytest.MonkeyPatch) -> None:
    await connect(application, shop, "price.yml")
    shop.put("/price.yml", yml(NEW))
    given_up = threading.Event()
    shop.on_piece = lambda number: None if number == 0 else _assert(given_up.wait(30))
    shop.manner = lambda: Manner(Framing.CHUNKED, Packing.NONE, 1.0, 2)
    monkeypatch.setattr(link, "LARGEST", replace(link.LARGEST, deadline_s=0.2))
    try:
        with pytest.raises(BackOfficeUnreachable):
            await application.store_connection.pull(silent)
    finally:
        given_up.set()
    assert await in_store(application) == content(OLD)


def _assert(value: bool) -> None:
    assert value


async def test_a_slow_answer_is_taken_and_what_grows_beyond_the_cap_is_not(
    application: Application, shop: RoughShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connect(application, shop, "price.yml")
    shop.put("/price.yml", yml(NEW))
    monkeypatch.setattr(link, "LARGEST", Limits(size=len(yml(NEW)) - 1))
    for packing in Packing:
        shop.manner = lambda packing=packing: Manner(Framing.CHUNKED, packing, 1.0, 5)  # type: ignore[misc]
        with pytest.raises(BackOfficeAnswerTooLarge):
            await application.store_connection.pull(silent)
        assert await in_store(application) == content(OLD)
    monkeypatch.setattr(link, "LARGEST", Limits(size=len(yml(NEW))))
    shop.manner = lambda: Manner(Framing.CHUNKED, Packing.MEMBERS, 1.0, 40, 0.002)
    await asyncio.wait_for(application.store_connection.pull(silent), 60)
    assert await in_store(application) == content(NEW)
