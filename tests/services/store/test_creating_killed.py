"""A program that makes products is killed at every request and every transaction: nothing is made twice, nothing is lost, all is linked."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from ozon_desktop.domain.progress import silent
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.services.orders.moysklad_course import Killed
from tests.services.shop import SHIRT
from tests.services.store.creating_shop import CreatingShop

pytestmark = pytest.mark.slow
Result = TypeVar("Result")
CARDS = ("A  1", "A  2")
"""The store writes articles with single blanks: by them the program would take its own products for others."""


class MortalStorage:
    """The database, at whose transactions the program dies: before one, or after it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.counted = 0
        self._fatal: int | None = None
        self._after = False
        run = Database.run

        async def mortal(database: Database, work: Callable[[UnitOfWork], Result]) -> Result:
            number = self.counted
            self.counted += 1
            if number == self._fatal and not self._after:
                raise Killed
            result = await run(database, work)
            if number == self._fatal:
                raise Killed
            return result

        patch.setattr(Database, "run", mortal)

    def die(self, number: int, *, after: bool) -> None:
        self.counted, self._fatal, self._after = 0, number, after

    def live(self) -> None:
        self._fatal = None


@pytest.fixture
async def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CreatingShop:
    """Two cards to be made, in folders that are to be made."""
    made = CreatingShop(tmp_path, monkeypatch)
    await made.begin()
    # Two categories have the type, so none of them is chosen.
    await made.application.mapping.map(made.integration, [made.shirts_folder.id, made.shirts_folder.parent_id], SHIRT)
    for number, offer_id in enumerate(CARDS):
        made.card(offer_id, f"Товар {['яблоко', 'груша'][number]}")
    await made.reads_ozon()
    await made.close()
    made.remember()
    return made


async def killed(shop: CreatingShop) -> bool:
    """One life that makes the products; whether it was killed."""
    await shop.start()
    try:
        preview = await shop.service.preview(shop.integration)
        await shop.service.confirm(shop.integration, preview.plan_id, silent)
    except Killed:
        return True
    finally:
        shop.web.live()
    return False


def bury(unit: UnitOfWork) -> None:
    """The one before was of this process; leases of one that is gone are known to be nobody's."""
    for lease in unit.leases.all():
        unit.leases.release(lease.name, lease.owner.token)


async def ends_well(shop: CreatingShop, *, pulls_first: bool) -> None:
    """The next life, undisturbed."""
    await shop.start()
    await shop.application.storage.run(bury)
    if pulls_first:
        await shop.application.store_connection.pull(silent)
        assert {"A 1", "A 2"}.isdisjoint(await shop.plan())
    await shop.makes()
    await shop.application.store_connection.pull(silent)
    assert dict(shop.articles()) == {"RU-1": 1, "A  1": 1, "A  2": 1}
    assert len(shop.there.memory.lists["productfolder"]) == 2 + 4
    assert {offer_id: id_ for offer_id, id_ in (await shop.matched()).items() if offer_id in CARDS} == {
        offer_id: shop.good(offer_id).id for offer_id in CARDS
    }
    assert {"A 1", "A 2"}.isdisjoint(await shop.plan())
    assert not await shop.application.storage.run(lambda unit: unit.new_products.open())
    await shop.close()


@pytest.mark.parametrize("answered", [False, True])
async def test_killed_at_any_request_it_makes_each_once(shop: CreatingShop, answered: bool) -> None:
    kills = 0
    while True:
        shop.again()
        shop.web.die(kills, answered=answered)
        dead = await killed(shop)
        await shop.close()
        await ends_well(shop, pulls_first=kills % 2 == 0)
        if not dead:
            break
        kills += 1
    assert kills >= 30


@pytest.mark.parametrize("after", [False, True])
async def test_killed_at_any_transaction_it_makes_each_once(shop: CreatingShop, after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    kills = 0
    storage = MortalStorage(monkeypatch)
    while True:
        shop.again()
        await shop.start()
        preview = await shop.service.preview(shop.integration)
        storage.die(kills, after=after)
        try:
            await shop.service.confirm(shop.integration, preview.plan_id, silent)
            dead = False
        except Killed:
            dead = True
        storage.live()
        await shop.close()
        await ends_well(shop, pulls_first=kills % 2 == 1)
        if not dead:
            break
        kills += 1
    assert kills >= 20
