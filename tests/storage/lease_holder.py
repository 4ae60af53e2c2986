"""A process of its own for the lease tests: lease_holder.py hold|contend URL; says a line when it holds the lease."""

import asyncio
import sys

from ozon_desktop.domain.lease import Owner
from ozon_desktop.errors import AlreadyRunning
from ozon_desktop.services.runs.leases import Leases, this_process
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

NAME = "sync:1"
LENGTH_S, BEAT_S = 2.0, 0.12
ROUNDS = 15


def of_another_computer(token: str) -> Owner:
    """Nobody here can ask whether its process lives: only the lease tells."""
    return Owner(token, "KASSA", "anna", "elsewhere", 4242)


async def hold(database: Database) -> None:
    """Holds the lease until it is killed."""
    async with Leases(database, of_another_computer("holder"), LENGTH_S, BEAT_S).hold(NAME, lambda _: 7):
        sys.stdout.write("held\n")
        sys.stdout.flush()
        await asyncio.sleep(120)


async def contend(database: Database) -> None:
    """Takes the lease ROUNDS times and fails when somebody else is inside at the same time."""
    leases, rounds = Leases(database, this_process(), 20.0, 5.0), 0
    while rounds < ROUNDS:
        try:
            async with leases.hold(NAME, lambda _: 7):
                await database.run(enter)
                await asyncio.sleep(0.005)
                await database.run(lambda unit: unit.preferences.remove("inside"))
                rounds += 1
        except AlreadyRunning:
            await asyncio.sleep(0.003)


def enter(unit: UnitOfWork) -> None:
    assert unit.preferences.get("inside") is None, "two inside at once"
    unit.preferences.set("inside", "1")


if __name__ == "__main__":
    shared = Database(sys.argv[2])
    asyncio.run({"hold": hold, "contend": contend}[sys.argv[1]](shared))
    shared.close()
