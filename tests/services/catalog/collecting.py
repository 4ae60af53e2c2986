"""What the tests and the benchmarks of the settings collection share: a cabinet to collect from, and a cache to compare."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, OzonTree, OzonType, TypeKey
from ozon_desktop.domain.progress import Progress, silent
from ozon_desktop.ozon import endpoints
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.ozon.credentials import Credentials
from ozon_desktop.ozon.limits import Pace, RetryPolicy
from ozon_desktop.ozon.transport import Transport
from ozon_desktop.sandbox.ozon.auth import ADMIN_KEY, KNOWN_CLIENT_ID
from ozon_desktop.sandbox.ozon.sandbox import Sandbox
from ozon_desktop.services.catalog.parts import collection
from ozon_desktop.services.catalog.parts.collection import SettingsCollection
from ozon_desktop.services.catalog.view import SettingsResult
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

Dictionaries = dict[DictionaryKey, tuple[bool, tuple[tuple[int, str], ...]]]
Cache = tuple[dict[TypeKey, list[Attribute]], Dictionaries, frozenset[TypeKey]]
HASTY = RetryPolicy(attempts=12, first_delay_s=0.002, longest_delay_s=0.02)
CREDENTIALS = Credentials(KNOWN_CLIENT_ID, ADMIN_KEY)


def now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


def open_database(folder: Path) -> Database:
    """The database of this folder, opened."""
    database = Database.in_file(folder / "data.sqlite3")
    database.open()
    return database


@dataclass
class Collector:
    """One program: a client over a sandbox (or an address), a database, and the types to collect."""

    transport: Transport
    database: Database
    client: OzonClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = OzonClient(self.transport, CREDENTIALS)

    async def fetch_tree(self) -> OzonTree:
        """Stores the whole tree and gives it."""
        categories, types = await self.client.category_tree()
        bases = [category for category in categories if category.parent_id is None]
        children = [category for category in categories if category.parent_id is not None]

        def work(unit: UnitOfWork) -> OzonTree:
            unit.ozon.save_base(bases)
            unit.ozon.save_children([base.id for base in bases], children, types)
            return unit.ozon.tree()

        return await self.database.run(work)

    async def collect(self, types: Sequence[OzonType], progress: Progress = silent) -> SettingsResult:
        """Collects these types, as the cache knows them by now."""
        tree = await self.database.run(lambda unit: unit.ozon.tree())
        known = [tree.types[type_.key] for type_ in types]
        return await SettingsCollection(self.database, self.client, now, tree).collect(known, progress)

    async def close(self) -> None:
        """Closes connection and database."""
        await self.transport.aclose()
        self.database.close()


def in_process(sandbox: Sandbox, folder: Path, *, pace: Pace | None = None) -> Collector:
    """A program over a sandbox in this process, unpaced unless told otherwise and quick to repeat."""
    transport = Transport(app=sandbox.app, pace=pace or Pace(100_000.0), retries=HASTY)
    return Collector(transport, open_database(folder))


def shrink_pages(patch: Callable[[object, str, object], None]) -> None:
    """Makes dictionaries have many pages, and some too many: so a kill falls into the middle of them. `patch` as setattr."""
    patch(endpoints, "ATTRIBUTE_VALUES", replace(endpoints.ATTRIBUTE_VALUES, item_limit=7))
    patch(collection, "WHOLE_DICTIONARY_LIMIT", 40)


async def stopped(program: Collector, types: Sequence[OzonType], rng: random.Random, within_s: float) -> bool:
    """Begins a collection, stops it at some moment, closes the program; whether it was in the middle."""
    task = asyncio.create_task(program.collect(types))
    await asyncio.sleep(rng.random() * within_s)
    in_the_middle = not task.done()
    task.cancel()
    await asyncio.wait([task])
    await program.close()
    return in_the_middle


async def finished(program: Collector, types: Sequence[OzonType]) -> Cache:
    """Collects until nothing fails, as a manager would press the button again; closes the program."""
    for _ in range(6):
        if not (await program.collect(types)).failed:
            break
    cache = await cached(program.database, types)
    await program.close()
    return cache


def smallest_number(cache: Cache) -> int:
    """The fewest requests that bring this cache: one per type, one per page of each dictionary."""
    attributes, dictionaries, _ = cache
    pages = sum(max(-(-len(values) // 2000), 1) for _, values in dictionaries.values())
    return len(attributes) + pages


async def cached(database: Database, types: Sequence[OzonType]) -> Cache:
    """Everything the collection left, without times: attributes by type, (partial, values) by dictionary, types with settings."""

    def work(unit: UnitOfWork) -> Cache:
        attributes = {type_.key: unit.ozon.attributes(type_.key) for type_ in types}
        tree = unit.ozon.tree()
        dictionaries = {
            key: (state.partial, tuple(sorted((value.id, value.value) for value in unit.ozon.search_values(key, "", 1_000_000))))
            for key, state in unit.ozon.dictionary_states().items()
            if state.fetched_at is not None
        }
        collected = frozenset(type_.key for type_ in types if tree.types[type_.key].settings_at is not None)
        return attributes, dictionaries, collected

    return await database.run(work)


def some_types(tree: OzonTree, number: int, *, skip: int = 0) -> list[OzonType]:
    """The first usable types of the tree."""
    return [type_ for type_ in tree.types_below(base.id for base in tree.base) if type_.usable][skip : skip + number]
