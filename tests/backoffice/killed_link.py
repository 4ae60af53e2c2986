"""A shop whose file lies behind a link of a bad server, and whose program is killed while it pulls: the store is always one whole export.

killed_link.py FOLDER, a line of standard input for each life. Each life is a fork of this process, which has imported everything: it says
its number, pulls again and again until it is killed, and «ended» is said when it is dead.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from ozon_desktop.application import Application, Options, build
from ozon_desktop.domain.progress import silent
from ozon_desktop.domain.store_connection import ConnectionKind, StoreConnection
from ozon_desktop.errors import AppError
from ozon_desktop.services.secrets import MemoryStore
from tests.backoffice.feeds import FEEDS, Ware, Wares, content, in_store
from tests.backoffice.rough_shop import Manner, RoughShop, any_manner, served
from tests.places import ROOT

WARES = 150
"""At first; enough that reading and writing them takes a while that a kill can fall into."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def live(folder: Path) -> None:
    application = await build(options(folder))
    say(str(os.getpid()))
    while True:
        with suppress(AppError):
            await application.store_connection.pull(silent)
        await asyncio.sleep(0.002)


def options(folder: Path) -> Options:
    return Options(folder, secret_store=MemoryStore())


def main(folder: Path) -> None:
    """A life for each line."""
    for _ in sys.stdin:
        life = os.fork()
        if life == 0:
            asyncio.run(live(folder))
            return
        os.waitpid(life, 0)
        say("ended")


# --- the one that kills ----------------------------------------------------------------------------------------------------


@dataclass
class World:
    """wares: what the shop has now. exports: all whole ones that the program may have seen since the store was last known, oldest first."""

    application: Application
    shop: RoughShop
    path: str
    rng: random.Random
    lives: "subprocess.Popen[str]"
    wares: dict[str, Ware] = field(default_factory=dict)
    exports: list[Wares] = field(default_factory=list)
    numbers: int = 0
    pull_s: float = 0.0
    life: int = 0
    ends: Counter[str] = field(default_factory=Counter)

    # --- life of the shop -----------------------------------------------------------------------------------------------

    def change(self) -> None:
        """Prices, stocks and names change, goods come and go; the server has the new file."""
        rng = self.rng
        for number in rng.sample(sorted(self.wares), len(self.wares) // 2):
            self.wares[number] = Ware(rng.randint(100, 9_999), rng.randint(0, 30), rng.choice(["Товар", "Обновка"]))
        for number in rng.sample(sorted(self.wares), min(rng.randint(0, 12), len(self.wares))):
            del self.wares[number]
        for _ in range(rng.randint(1, 14)):
            self.wares[f"{self.numbers}"] = Ware(rng.randint(100, 9_999), rng.randint(0, 30))
            self.numbers += 1
        self._publish()

    def _publish(self) -> None:
        self.exports.append(dict(self.wares))
        self.shop.put(self.path, FEEDS[self.path[1:]](self.wares))

    async def first(self) -> None:
        """The link is connected and everything pulled; how long that takes is known then."""
        for _ in range(WARES):
            self.wares[f"{self.numbers}"] = Ware(self.rng.randint(100, 9_999), self.rng.randint(0, 30))
            self.numbers += 1
        self._publish()
        await self.application.store_connection.connect(StoreConnection(ConnectionKind.LINK, f"{self.shop.url}{self.path}"))
        await self.application.store_connection.pull(silent)
        self.change()
        began = time.monotonic()
        await self.application.store_connection.pull(silent)
        self.pull_s = time.monotonic() - began
        await self.is_one_of_the_exports()

    # --- kills ----------------------------------------------------------------------------------------------------------

    def break_off(self) -> None:
        """A life that is killed at some moment of a pull: while the answer comes, at its end, or while the goods are written."""
        rng, moment = self.rng, threading.Event()
        answer, piece = len(self.shop.asked) + rng.randint(1, 2), rng.randint(0, 7)
        self.shop.manner = lambda: any_manner(rng)

        def on_piece(number: int) -> None:
            if len(self.shop.asked) >= answer and number >= piece:
                moment.set()

        self.shop.on_piece = on_piece
        self.start()
        # Where answers have fewer pieces it is killed after some of them.
        moment.wait(rng.choice([0.1, 1.0]))
        time.sleep(rng.choice([0.0, rng.uniform(0, 0.01), rng.uniform(0, 1.3 * self.pull_s)]))
        if rng.random() < 0.3:
            # A newer file comes while the older one is being read.
            self.change()
            time.sleep(rng.uniform(0, self.pull_s))
        self.kill()

    def start(self) -> None:
        """A life of the program, ready to pull."""
        assert self.lives.stdin is not None
        assert self.lives.stdout is not None
        self.lives.stdin.write("live\n")
        self.lives.stdin.flush()
        said = self.lives.stdout.readline()
        if not said.strip().isdecimal():
            raise AssertionError(said or self.lives.communicate()[1])
        self.life = int(said)

    def kill(self) -> None:
        """Ends the program as hard as can be."""
        assert self.lives.stdout is not None
        os.kill(self.life, signal.SIGKILL)
        said = self.lives.stdout.readline().strip()
        assert said == "ended", f"it ended by itself: {said}"
        self.life = 0

    # --- what must be true ----------------------------------------------------------------------------------------------

    async def is_one_of_the_exports(self) -> None:
        """The store is the one it was, or a later one, as a whole; it never goes back."""
        held = await in_store(self.application)
        matching = [number for number, wares in enumerate(self.exports) if content(wares) == held]
        assert matching, "the store is none of the exports"
        self.ends["new" if matching[-1] == len(self.exports) - 1 else "old" if matching[-1] == 0 else "between"] += 1
        self.exports = self.exports[matching[-1] :]

    async def come_right(self) -> None:
        """The next pull of whatever program brings the store to the file, at once."""
        self.shop.manner, self.shop.on_piece = Manner, lambda _: None
        await self.application.store_connection.pull(silent)
        assert await in_store(self.application) == content(self.wares)
        assert not list(self.application.paths.pulls.iterdir()), "what killed pulls had fetched is left"
        self.exports = self.exports[-1:]
        asked = len(self.shop.asked)
        assert (await self.application.store_connection.pull(silent)).counts is None
        assert self.shop.asked[asked:] == [304], "what was read as a whole is not read again"


@asynccontextmanager
async def world(folder: Path, seed: int) -> AsyncIterator[World]:
    rng = random.Random(seed)
    environment, words = {**os.environ, "PYTHONPATH": str(ROOT)}, [sys.executable, __file__, str(folder)]
    application = await build(options(folder))
    try:
        with served(RoughShop(etags=rng.random() < 0.7, dates=True)) as shop:
            pipe = subprocess.PIPE
            process = subprocess.Popen(words, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
            made = World(application, shop, f"/{rng.choice(sorted(FEEDS))}", rng, process)
            try:
                await made.first()
                yield made
            finally:
                if made.life:
                    made.kill()
                process.communicate()
    finally:
        await application.close()


async def kill_pulls(folder: Path, seed: int, kills: int, *, looked_at_after: int = 5) -> Counter[str]:
    """So many kills in one shop, after each of which the store is a whole export; gives what the kills left, old or new."""
    async with world(folder, seed) as shop:
        shop.ends.clear()
        for number in range(1, kills + 1):
            shop.change()
            await asyncio.to_thread(shop.break_off)
            await shop.is_one_of_the_exports()
            if number % looked_at_after == 0 or number == kills:
                await shop.come_right()
        return shop.ends


if __name__ == "__main__":
    main(Path(sys.argv[1]))
