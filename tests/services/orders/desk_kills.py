"""Kills work at the desk at a boundary: before or after a request, before or after a transaction. Then the same is asked for again."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from ozon_desktop.domain.fbs import OwnDelivery
from ozon_desktop.domain.journal import RunResult
from ozon_desktop.sandbox.ozon.model import Pieces, Posting
from ozon_desktop.storage.database import Database
from tests.services.orders.desk_shop import CODE, Desk
from tests.services.shop import MAIN_WAREHOUSE


class Killed(BaseException):
    """The process is gone: nothing catches it."""


class Reaper:
    """Counts boundaries, and kills at one of them; from then on nothing gets through until `revive`."""

    def __init__(self, desk: Desk, patch: pytest.MonkeyPatch) -> None:
        self._desk = desk
        self._left: int | None = None
        self.dead = False
        real_run, real_answer = Database.run, desk.line.answer

        async def run(database: Database, work: Any) -> Any:
            self._step()
            done = await real_run(database, work)
            self._step()
            return done

        async def answer(request: httpx.Request) -> httpx.Response:
            self._step()
            response = await real_answer(request)
            self._step()
            return response

        patch.setattr(Database, "run", run)
        patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", lambda _, request: answer(request))

    def _step(self) -> None:
        if self.dead:
            raise Killed
        if self._left is None:
            return
        if self._left == 0:
            self.dead = True
            raise Killed
        self._left -= 1

    async def kill_at(self, boundary: int, work: Callable[[], Awaitable[object]]) -> bool:
        """Whether it was killed; False = there are no so many boundaries, and the work is done."""
        self._left = boundary
        try:
            await work()
        except Killed:
            return True
        finally:
            await self._revive()
        return False

    async def _revive(self) -> None:
        """A new process: what the dead one held is found abandoned."""
        self.dead, self._left = False, None
        storage = self._desk.shop.application.storage

        def release(unit: Any) -> None:
            for lease in unit.leases.all():
                unit.leases.release(lease.name, lease.owner.token)

        await storage.run(release)


@dataclass
class Counted:
    """How often Ozon accepted an assembling, and how often one that it had given up on, by posting number."""

    accepted: Counter[str]
    again: Counter[str]


def count_ships(patch: pytest.MonkeyPatch) -> Counted:
    counted = Counted(Counter(), Counter())
    real = Posting.ask_to_ship

    def ask(posting: Posting, packages: dict[str, Pieces], moment: Any) -> None:
        counted.accepted[posting.number] += 1
        counted.again[posting.number] += posting.body["substatus"] == "ship_failed"
        real(posting, packages, moment)

    patch.setattr(Posting, "ask_to_ship", ask)
    return counted


Work = tuple[Callable[[], Awaitable[object]], Callable[[], None]]
"""What is done, and the proof that it was done exactly once."""


async def shipping(desk: Desk) -> Work:
    numbers = await desk.order({"RU-1": 1}, {"RU-1": 2, "RU-2": 1})

    def check() -> None:
        assert [desk.status(number) for number in numbers] == ["awaiting_deliver"] * 2

    return lambda: desk.work.ship(desk.integration, numbers), check


async def two_parcels(desk: Desk) -> Work:
    [number] = await desk.order({"RU-1": 2, "RU-2": 1})
    packages = {number: [{desk.sku("RU-1"): 2}, {desk.sku("RU-2"): 1}]}

    def check() -> None:
        assert sorted(_parcels(desk, number)) == [("awaiting_deliver", 1), ("awaiting_deliver", 2)]

    return lambda: desk.work.ship(desk.integration, [number], packages), check


async def a_part(desk: Desk) -> Work:
    [number] = await desk.order({"RU-1": 4})

    def check() -> None:
        assert sorted(_parcels(desk, number)) == [("awaiting_deliver", 1), ("awaiting_packaging", 3)]

    return lambda: desk.work.ship_part(desk.integration, number, {desk.sku("RU-1"): 1}), check


async def a_split(desk: Desk) -> Work:
    [number] = await desk.order({"RU-1": 2})
    sku = desk.sku("RU-1")

    def check() -> None:
        split = ("cancelled_from_split_pending", 2)
        assert sorted(_parcels(desk, number)) == [("awaiting_packaging", 1), ("awaiting_packaging", 1), split]

    return lambda: desk.work.split(desk.integration, number, [{sku: 1}, {sku: 1}]), check


async def less_goods(desk: Desk) -> Work:
    [number] = await desk.order({"RU-1": 4})

    def check() -> None:
        assert _parcels(desk, number) == [("awaiting_packaging", 3)]

    return lambda: desk.work.cancel(desk.integration, number, 352, "нет", {desk.sku("RU-1"): 1}), check


async def cancelled(desk: Desk) -> Work:
    [number] = await desk.order({"RU-1": 1})

    def check() -> None:
        assert desk.status(number) == "cancelled"

    return lambda: desk.work.cancel(desk.integration, number, 352), check


async def marked(desk: Desk) -> Work:
    desk.sandbox.require("RU-2", "mandatory_mark")
    [number] = await desk.order({"RU-2": 1})
    desk.sandbox.require("RU-2")
    entered = await desk.work.enter_mark(desk.integration, number, CODE.format(len(desk.sandbox.memory.postings)))
    assert entered.problem is None

    async def work() -> None:
        await desk.work.send_marks(desk.integration, number)
        assert (await desk.work.ship(desk.integration, [number])).assembled == 1

    async def repeated() -> None:
        if desk.status(number) != "awaiting_deliver":
            await work()

    def check() -> None:
        assert desk.status(number) == "awaiting_deliver"

    return repeated, check


async def handed_over(desk: Desk) -> Work:
    [number] = await desk.order({"RU-1": 1})
    assert (await desk.work.ship(desk.integration, [number])).assembled == 1
    carriages = desk.sandbox.memory.carriages
    before = len(carriages)

    async def work() -> None:
        if desk.status(number) == "awaiting_deliver":
            gathered = await desk.work.gather_carriage(desk.integration, MAIN_WAREHOUSE, [number])
            await desk.work.approve_carriage(desk.integration, gathered.carriage_id)

    def check() -> None:
        assert desk.status(number) == "delivering"
        assert len(carriages) == before + 1

    return work, check


async def own_delivery(desk: Desk) -> Work:
    [number] = await desk.order({"RU-1": 1}, scheme="rfbs")
    assert (await desk.work.ship(desk.integration, [number])).assembled == 1

    def check() -> None:
        assert desk.status(number) == "delivering"

    return lambda: desk.work.move(desk.integration, OwnDelivery.DELIVERING, [number]), check


def _parcels(desk: Desk, number: str) -> list[tuple[str, int]]:
    """(status, pieces) of all parcels of the posting's order."""
    order = number.rpartition("-")[0]
    rows = [body for body in desk.sandbox.postings if body["order_number"] == order]
    return [(body["status"], sum(line["quantity"] for line in body["products"])) for body in rows]


SEVERAL_RUNS = (marked, handed_over)
WORKS = (shipping, two_parcels, a_part, a_split, less_goods, cancelled, marked, handed_over, own_delivery)


async def kill_and_repeat(desk: Desk, reaper: Reaper, make: Callable[[Desk], Awaitable[Work]], boundary: int) -> bool:
    """One kill, one repetition, the proof; whether there was such a boundary."""
    work, check = await make(desk)
    before = (await desk.shop.application.journal.runs(desk.integration))[0].id
    if not await reaper.kill_at(boundary, work):
        check()
        return False
    last = (await desk.shop.application.journal.runs(desk.integration))[0]
    if last.id == before or last.result not in (RunResult.DONE, RunResult.PARTIAL) or make in SEVERAL_RUNS:
        # Where the journal says how it ended, nobody asks again.
        await work()
    check()
    assert await desk.open_intents() == 0
    return True
