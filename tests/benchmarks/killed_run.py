"""A program that synchronizes until somebody kills it: killed_run.py URL FOLDER DAYS. DAYS: so far its clock is ahead."""

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

from ozon_desktop import application as composition
from ozon_desktop.application import Options, build
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import AppError
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.ozon.limits import Pace, RetryPolicy
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY
from ozon_desktop.services.secrets import MemoryStore
from ozon_desktop.services.shared import Clock, utc_now
from tests.services.shop import QUICK


def hasty_options(folder: Path, url: str, patch: Callable[[object, str, object], None], clock: Clock = utc_now) -> Options:
    """Options of a program against a served sandbox that fails often: it waits shortly and repeats soon. `patch` as setattr."""
    hasty = partial(Transport, pace=Pace(5_000), retries=RetryPolicy(attempts=4, first_delay_s=0.01, longest_delay_s=0.05))
    patch(composition, "Transport", hasty)
    secrets, limits = MemoryStore(fallback=ADMIN_KEY), ItemLimits(stock_every_s=0)
    return Options(folder / "data", api_url=url, secret_store=secrets, patience=QUICK, item_limits=limits, clock=clock)


async def main(url: str, folder: str, days: str) -> None:
    """Says a line when it begins."""
    ahead = timedelta(days=int(days))
    application = await build(hasty_options(Path(folder), url, setattr, lambda: utc_now() + ahead))
    integration = (await application.integrations.ensure_one()).id
    print("begun", flush=True)
    while True:
        with suppress(AppError):
            await application.sync.run(integration, silent)
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
