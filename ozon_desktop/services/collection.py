"""«Получить настройки»: attributes and dictionaries of many types, side by side, resumable at any point."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from ozon_desktop.domain.ozon_catalog import (
    BRAND_ATTRIBUTE,
    TYPE_ATTRIBUTE,
    Attribute,
    DictionaryKey,
    DictionaryState,
    DictionaryValue,
    OzonTree,
    OzonType,
    TypeKey,
)
from ozon_desktop.errors import AppError, CircuitOpen, OzonUnavailable, RequestRefused, UnexpectedAnswer
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.parts import Clock
from ozon_desktop.services.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

FRESH_FOR = timedelta(days=30)
SIDE_BY_SIDE = 12
WHOLE_DICTIONARY_LIMIT = 20_000
"""A dictionary with more values is kept partial: the rest is found by search as it is used."""


@dataclass(frozen=True, slots=True)
class SettingsResult:
    """What a collection brought. `failed`: (type path, error) of types that could not be collected; partial: dictionaries kept partial."""

    types: int
    attributes: int
    dictionaries: int
    values: int
    requests: int
    failed: tuple[tuple[str, AppError], ...] = ()
    partial: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    types: int = 0
    attributes: int = 0
    dictionaries: int = 0
    values: int = 0
    failed: list[tuple[str, AppError]] = field(default_factory=list)
    partial: dict[str, None] = field(default_factory=dict)


class SettingsCollection:
    """One collection. A type counts as collected only after all its dictionaries are, so a killed one goes on where it was."""

    def __init__(self, storage: Database, client: OzonClient, clock: Clock, tree: OzonTree) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._tree = tree
        self._tally = _Tally()
        self._states: dict[DictionaryKey, DictionaryState] = {}
        self._under_way: dict[DictionaryKey, asyncio.Task[None]] = {}

    async def collect(self, types: Sequence[OzonType], progress: Progress, *, force: bool = False) -> SettingsResult:
        """Collects the types that are missing or stale (all of them with `force`)."""
        stale_before = self._clock() - FRESH_FOR
        todo = [type_ for type_ in types if force or type_.settings_at is None or type_.settings_at < stale_before]
        self._states = await self._storage.run(lambda unit: unit.ozon.dictionary_states())
        before = self._client.requests_sent
        total, done_before = len(types), len(types) - len(todo)
        progress(ProgressUpdate(Stage.ATTRIBUTES, done_before, total))
        queue = iter(todo)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(SIDE_BY_SIDE, len(todo))):
                    group.create_task(self._work(queue, progress, done_before, total))
        except BaseExceptionGroup as failures:
            # The workers fail for one common reason (the key, the network): the first of them says it.
            raise failures.exceptions[0] from None
        tally = self._tally
        return SettingsResult(
            tally.types,
            tally.attributes,
            tally.dictionaries,
            tally.values,
            self._client.requests_sent - before,
            tuple(tally.failed),
            tuple(tally.partial),
        )

    async def _work(self, queue: Iterator[OzonType], progress: Progress, done_before: int, total: int) -> None:
        for type_ in queue:
            path = self._tree.type_path(type_.key)
            try:
                await self._collect_type(type_)
            except (RequestRefused, OzonUnavailable, UnexpectedAnswer, CircuitOpen) as error:
                # What concerns this type alone does not stop the rest; a bad key or a lost network does.
                self._tally.failed.append((" / ".join(path), error))
            done = done_before + self._tally.types + len(self._tally.failed)
            progress(ProgressUpdate(Stage.ATTRIBUTES, done, total, type_.name))

    async def _collect_type(self, type_: OzonType) -> None:
        attributes = await self._client.attributes(type_.key)
        for attribute in attributes:
            if attribute.has_dictionary and attribute.id != TYPE_ATTRIBUTE:
                await self._collect_dictionary(type_.key, attribute)
        now = self._clock()
        await self._storage.run(lambda unit: unit.ozon.save_attributes(type_.key, attributes, now))
        self._tally.types += 1
        self._tally.attributes += len(attributes)

    async def _collect_dictionary(self, key: TypeKey, attribute: Attribute) -> None:
        """Fetched once however many types share it: the first type asks, the others wait for it."""
        dictionary = DictionaryKey.of(attribute, key)
        state = self._states.get(dictionary)
        if state is not None and state.fetched_at is not None and state.fetched_at >= self._clock() - FRESH_FOR:
            return
        task = self._under_way.get(dictionary)
        if task is None:
            task = asyncio.create_task(self._fetch_dictionary(dictionary, key, attribute))
            self._under_way[dictionary] = task
            try:
                await task
            except asyncio.CancelledError:
                task.cancel()
                raise
            return
        # shield: one waiting type that is stopped must not stop the fetch of the others.
        await asyncio.shield(task)

    async def _fetch_dictionary(self, dictionary: DictionaryKey, key: TypeKey, attribute: Attribute) -> None:
        count, is_partial = 0, False
        async for page in self._client.attribute_values(key, attribute.id):
            if count >= WHOLE_DICTIONARY_LIMIT:
                is_partial = True
                break
            count += len(page)
            await self._storage.run(partial(_save_page, dictionary, page))
            if attribute.id == BRAND_ATTRIBUTE:
                # Brands are too many to fetch whole: the first page is enough to start with.
                is_partial = True
                break
        now = self._clock()
        await self._storage.run(lambda unit: unit.ozon.finish_dictionary(dictionary, is_partial, now))
        self._states[dictionary] = DictionaryState(dictionary, is_partial, count, now)
        self._tally.dictionaries += 1
        self._tally.values += count
        if is_partial:
            self._tally.partial[attribute.name] = None


def _save_page(dictionary: DictionaryKey, page: list[DictionaryValue], unit: UnitOfWork) -> None:
    unit.ozon.save_values(dictionary, page)
