"""A program that collects settings until somebody kills it: killed_collection.py URL FOLDER TYPES."""

import asyncio
import sys
from pathlib import Path

from ozon_desktop.ozon.transport import Transport
from tests.services.catalog.collecting import HASTY, Collector, open_database, shrink_pages, some_types


async def main(url: str, folder: str, number: str) -> None:
    """Says a line when it begins."""
    shrink_pages(setattr)
    program = Collector(Transport(base_url=url, retries=HASTY), open_database(Path(folder)))
    tree = await program.database.run(lambda unit: unit.ozon.tree())
    print("begun", flush=True)
    await program.collect(some_types(tree, int(number)))
    await program.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
