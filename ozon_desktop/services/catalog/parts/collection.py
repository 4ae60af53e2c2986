"""«Получить настройки»: attributes and dictionaries of many types, side by side, resumable at any point."""

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

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
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.errors import AppError, OzonUnavailable, RequestRefused, UnexpectedAnswer
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.catalog.parts.batch_writer import BatchWriter
from ozon_desktop.services.catalog.view import SettingsResult
from ozon_desktop.services.gather import first_of, prompt_threads
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

FRESH_FOR = timedelta(days=30)
SIDE_BY_SIDE = 40
"""Types under way at once: enough to keep to Ozon's pace with answers that take most of a second."""

WHOLE_DICTIONARY_LIMIT = 20_000
"""A dictionary with more values is kept partial: the rest is found by search as it is used."""

DICTIONARY_TRIES = 3
TROUBLE_OF_ONE = (RequestRefused, OzonUnavailable, UnexpectedAnswer)
"""What one type or dictionary may fail with; anything else concerns all of them."""

REPORT_EVERY_S, OF_LATE_S = 0.2, 30.0

BROKEN_OFF = "collecting:"
"""Preferences of this beginning remember how far a dictionary is whose fetch is under way: `_BrokenOff` as text."""


@dataclass(slots=True)
class _Tally:
    types: int = 0
    attributes: int = 0
    dictionaries: int = 0
    values: int = 0
    failed: list[tuple[str, AppError]] = field(default_factory=list)
    partial: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _BrokenOff:
    """How far the fetch of a dictionary came: the last value's id, how many values, and when it began."""

    last: int
    count: int
    begun: datetime

    def __str__(self) -> str:
        return f"{self.last} {self.count} {self.begun.isoformat()}"

    @classmethod
    def read(cls, text: str) -> "_BrokenOff | None":
        """None for a text of an older version: then the dictionary is fetched from its beginning."""
        last, _, rest = text.partition(" ")
        count, _, begun = rest.partition(" ")
        return cls(int(last), int(count), datetime.fromisoformat(begun)) if begun else None


class SettingsCollection:
    """One collection. A type counts as collected only after all its dictionaries are, so a killed one goes on where it was.

    fresh_for: what was fetched within it is not asked for again.
    """

    def __init__(self, storage: Database, client: OzonClient, clock: Clock, tree: OzonTree, fresh_for: timedelta = FRESH_FOR) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock
        self._tree = tree
        self._fresh_for = fresh_for
        self._tally = _Tally()
        self._states: dict[DictionaryKey, DictionaryState] = {}
        self._broken_off: dict[DictionaryKey, _BrokenOff] = {}
        self._under_way: dict[DictionaryKey, asyncio.Task[None]] = {}
        self._tried: dict[DictionaryKey, set[TypeKey]] = {}
        self._writer = BatchWriter(storage)
        self._pulse: _Pulse | None = None
        self._sent_before = client.requests_sent

    async def collect(self, types: Sequence[OzonType], progress: Progress, *, force: bool = False) -> SettingsResult:
        """Collects the types that are missing or stale (all of them with `force`).

        A type that Ozon refuses is listed and does not stop the rest; what concerns all of them (the key, the network, a
        blocked method) does. What came is kept in every case.
        """
        stale_before = self._clock() - self._fresh_for
        todo = [type_ for type_ in types if force or type_.settings_at is None or type_.settings_at < stale_before]
        self._states, self._broken_off = await self._storage.run(_known_dictionaries)
        self._sent_before = self._client.requests_sent
        self._pulse = _Pulse(progress, len(types), len(types) - len(todo), self._client)
        self._pulse.report("", force=True)
        queue = iter(todo)
        with prompt_threads():
            await self._collect_all(queue, len(todo))
        return self.so_far

    @property
    def so_far(self) -> SettingsResult:
        """What has come and is kept, also when the collection breaks off."""
        tally = self._tally
        return SettingsResult(
            tally.types,
            tally.attributes,
            tally.dictionaries,
            tally.values,
            self._client.requests_sent - self._sent_before,
            tuple(tally.failed),
            tuple(tally.partial),
        )

    async def _collect_all(self, queue: Iterator[OzonType], number: int) -> None:
        async with self._writer:
            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(SIDE_BY_SIDE, number)):
                        group.create_task(self._work(queue))
            except BaseExceptionGroup as failures:
                # The workers fail for one common reason: the first of them says it.
                raise first_of(failures) from None
            finally:
                await self._stop_dictionaries()

    async def _work(self, queue: Iterator[OzonType]) -> None:
        for type_ in queue:
            try:
                await self._collect_type(type_)
            except TROUBLE_OF_ONE as error:
                self._tally.failed.append((" / ".join(self._tree.type_path(type_.key)), error))
            if self._pulse is not None:
                self._pulse.done += 1
                self._pulse.report(type_.name)

    async def _collect_type(self, type_: OzonType) -> None:
        attributes = await self._client.attributes(type_.key)
        wanted = [attribute for attribute in attributes if attribute.has_dictionary and attribute.id != TYPE_ATTRIBUTE]
        # Side by side: the dictionaries of one type are as many requests as twenty types have.
        for attribute in wanted:
            self._fetch_of(type_.key, attribute)
        for attribute in wanted:
            await self._have_dictionary(type_.key, attribute)
        await self._writer.write(partial(_save_type, type_.key, attributes, self._clock()))
        self._tally.types += 1
        self._tally.attributes += len(attributes)

    async def _have_dictionary(self, key: TypeKey, attribute: Attribute) -> None:
        while (task := self._fetch_of(key, attribute)) is not None:
            try:
                # shield: one type that is stopped or refused must not stop a fetch that other types wait for.
                await asyncio.shield(task)
            except TROUBLE_OF_ONE:
                if self._fetch_of(key, attribute) is task:
                    raise

    def _fetch_of(self, key: TypeKey, attribute: Attribute) -> asyncio.Task[None] | None:
        """The fetch of a dictionary, one however many types share it; None when it is there already.

        One that failed is begun again for the next types, a few: Ozon may have refused only the type it was asked with.
        """
        dictionary = DictionaryKey.of(attribute, key)
        state = self._states.get(dictionary)
        if state is not None and state.fetched_at is not None and state.fetched_at >= self._clock() - self._fresh_for:
            return None
        task = self._under_way.get(dictionary)
        tried = self._tried.setdefault(dictionary, set())
        if task is None or (_failed(task) and key not in tried and len(tried) < DICTIONARY_TRIES):
            tried.add(key)
            task = self._under_way[dictionary] = asyncio.create_task(self._fetch_dictionary(dictionary, key, attribute))
        return task

    async def _stop_dictionaries(self) -> None:
        running = [task for task in self._under_way.values() if not task.done()]
        for task in running:
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _fetch_dictionary(self, dictionary: DictionaryKey, key: TypeKey, attribute: Attribute) -> None:
        now = self._clock()
        broken_off = self._broken_off.get(dictionary)
        if broken_off is None or broken_off.begun < now - self._fresh_for:
            # The first values of a fetch that broke off long ago are stale as well.
            broken_off = _BrokenOff(0, 0, now)
        before = count = broken_off.count
        is_partial = _enough(attribute, count)
        pages = self._client.attribute_values(key, attribute.id, after=broken_off.last)
        while not is_partial and (page := await anext(pages, None)) is not None:
            count += len(page)
            is_partial = _enough(attribute, count)
            reached = _BrokenOff(page[-1].id, count, broken_off.begun)
            await self._writer.write(partial(_save_page, dictionary, page, reached))
        now = self._clock()
        await self._writer.write(partial(_finish_dictionary, dictionary, is_partial, now))
        self._states[dictionary] = DictionaryState(dictionary, is_partial, count, now)
        self._tally.dictionaries += 1
        self._tally.values += count - before
        if is_partial:
            self._tally.partial[attribute.name] = None


class _Pulse:
    """Reports progress a few times a second, with the rate of requests and the time left as of the last half minute."""

    def __init__(self, progress: Progress, total: int, done: int, client: OzonClient) -> None:
        self.done = done
        self._progress = progress
        self._total = total
        self._client = client
        self._reports: deque[tuple[float, int, int]] = deque(maxlen=round(OF_LATE_S / REPORT_EVERY_S))

    def report(self, detail: str, *, force: bool = False) -> None:
        """Reports when it is time to; the last one always."""
        now = monotonic()
        if not force and self.done < self._total and self._reports and now - self._reports[-1][0] < REPORT_EVERY_S:
            return
        self._reports.append((now, self.done, self._client.requests_sent))
        since, done_before, requests_before = self._reports[0]
        passed, made = now - since, self.done - done_before
        rate = (self._client.requests_sent - requests_before) / passed if passed > 1 else None
        left = (self._total - self.done) * passed / made if made and passed > 2 else None
        self._progress(ProgressUpdate(Stage.ATTRIBUTES, self.done, self._total, detail, rate, left))


def _failed(task: asyncio.Task[None]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _enough(attribute: Attribute, count: int) -> bool:
    """Brands are too many to fetch whole: the first page is enough to start with. Also when a kill came right after it."""
    return count >= WHOLE_DICTIONARY_LIMIT or (attribute.id == BRAND_ATTRIBUTE and count > 0)


def _known_dictionaries(unit: UnitOfWork) -> tuple[dict[DictionaryKey, DictionaryState], dict[DictionaryKey, _BrokenOff]]:
    """States of all dictionaries, and how far those are that were broken off in the middle."""
    marks = unit.preferences.starting_with(BROKEN_OFF)
    states = unit.ozon.dictionary_states()
    reached = {dictionary: _BrokenOff.read(marks[mark]) for dictionary in states if (mark := _mark(dictionary)) in marks}
    return states, {dictionary: broken_off for dictionary, broken_off in reached.items() if broken_off is not None}


def _mark(dictionary: DictionaryKey) -> str:
    return f"{BROKEN_OFF}{dictionary.dictionary_id}:{dictionary.type_key or ''}"


def _save_page(dictionary: DictionaryKey, page: list[DictionaryValue], reached: _BrokenOff, unit: UnitOfWork) -> None:
    unit.ozon.save_values(dictionary, page)
    unit.preferences.set(_mark(dictionary), str(reached))


def _finish_dictionary(dictionary: DictionaryKey, is_partial: bool, now: datetime, unit: UnitOfWork) -> None:
    unit.ozon.finish_dictionary(dictionary, is_partial, now)
    unit.preferences.remove(_mark(dictionary))


def _save_type(key: TypeKey, attributes: list[Attribute], now: datetime, unit: UnitOfWork) -> None:
    unit.ozon.save_attributes(key, attributes, now)
