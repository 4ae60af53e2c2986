"""A program that serves 1C until somebody kills it: killed_program.py FOLDER. Its first line is the address."""

import asyncio
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


def say(address: ExchangeAddress) -> None:
    sys.stdout.write(f"{address.url}\n")
    sys.stdout.flush()


async def main(folder: str) -> None:
    application = await build(options(Path(folder)))
    await application.onec.serve(say)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
