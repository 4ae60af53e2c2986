"""A program that serves 1C until somebody kills it: killed_program.py FOLDER, a line of standard input for each life.

Each life is a fork of this process, which has imported everything: it says its number and address, and «ended» when it is dead.
"""

import asyncio
import os
import sys
from pathlib import Path

from ozon_desktop.application import Options, build
from ozon_desktop.backoffice.onec.site import Timing
from ozon_desktop.domain.onec_exchange import ExchangeAddress
from ozon_desktop.services.secrets import MemoryStore

PASSWORD = "пароль из двадцати знаков"
HASTY = Timing(hold_s=0.02, unasked_s=3_600, quiet_s=3_600, after_orders_s=0.0, look_every_s=0.02)


def options(folder: Path) -> Options:
    return Options(folder, secret_store=MemoryStore(store_fallback=PASSWORD), exchange_timing=HASTY)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


async def live(folder: Path) -> None:
    application = await build(options(folder))

    def ready(address: ExchangeAddress) -> None:
        say(f"{os.getpid()} {address.url}")

    await application.onec.serve(ready)


def main(folder: Path) -> None:
    """A life for each line."""
    for _ in sys.stdin:
        life = os.fork()
        if life == 0:
            asyncio.run(live(folder))
            return
        os.waitpid(life, 0)
        say("ended")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
