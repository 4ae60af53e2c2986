"""A program that pulls from МойСклад: moysklad_pull.py URL FOLDER [CURSOR], or command … for a command of the whole program.

The last line is JSON: what came and what it took.
"""

import asyncio
import json
import resource
import sys
from collections import Counter
from pathlib import Path

from ozon_desktop.backoffice.http import Web
from ozon_desktop.backoffice.moysklad.client import MoySklad
from ozon_desktop.cli import main as command
from ozon_desktop.domain.progress import silent
from ozon_desktop.sandbox.moysklad.auth import ADMIN_LOGIN, ADMIN_PASSWORD


def taken() -> dict[str, float]:
    """The most memory in MiB: `ru_maxrss` would count what the process that started this one held. Seconds of the processor."""
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {"memory_mib": int(peak.split()[1]) / 1024, "processor_s": usage.ru_utime + usage.ru_stime}


async def main(url: str, folder: str, cursor: str = "") -> None:
    web = Web()
    client = MoySklad(web, url, ADMIN_LOGIN, ADMIN_PASSWORD)
    pulled = await client.pull(cursor, Path(folder), silent)
    await web.aclose()
    found = Counter(type(record).__name__ for record in pulled.records()) if pulled.records is not None else Counter[str]()
    told = {
        "cursor": pulled.cursor,
        "full": pulled.full,
        "requests": pulled.requests,
        "records": dict(found),
    }
    print(json.dumps(told | taken()))


if __name__ == "__main__":
    if sys.argv[1] == "command":
        code = command(sys.argv[2:])
        print("\n" + json.dumps(taken()))
        sys.exit(code)
    asyncio.run(main(*sys.argv[1:]))
