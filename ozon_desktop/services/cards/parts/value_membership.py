"""Whether values that cards have are still in Ozon's dictionaries: those read more than a day ago are asked about before sending."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from math import ceil

import msgspec

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryState, DictionaryValue, TypeKey
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.gather import gather
from ozon_desktop.services.shared import Clock
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

FRESH_FOR = timedelta(days=1)
VALUES_A_PAGE = 2_000
SEARCHED = 100
SHORTEST_SEARCH = 2

GONE = "gone-values:"
"""Preferences of this beginning hold the ids of values that a dictionary has no more, separated by commas."""

CHECKED = "checked-values:"
"""Preferences of this beginning hold which values of a dictionary Ozon was asked about, and when: ids by moment, of the last day only."""

AT_ONCE = 20
"""Searches under way together, and remembered together: what was asked before a failure is not asked again."""


@dataclass(frozen=True, slots=True)
class UsedValues:
    """Values of one dictionary that cards have, texts by id, and a type and an attribute to ask about them with."""

    dictionary: DictionaryKey
    key: TypeKey
    attribute_id: int
    texts: Mapping[int, str]


def read_gone(unit: UnitOfWork) -> dict[DictionaryKey, frozenset[int]]:
    """Ids of values that are known to be gone, by dictionary."""
    marks = unit.preferences.starting_with(GONE)
    return {_dictionary(mark.removeprefix(GONE)): frozenset(map(int, ids.split(","))) for mark, ids in marks.items() if ids}


def stale(unit: UnitOfWork, used: Iterable[UsedValues], now: datetime) -> list[tuple[UsedValues, DictionaryState]]:
    """Those values that were not asked about within a day, of dictionaries that were not read within a day either."""
    states = unit.ozon.dictionary_states()
    checked = unit.preferences.starting_with(CHECKED)
    found: list[tuple[UsedValues, DictionaryState]] = []
    for values in used:
        state = states.get(values.dictionary)
        if state is None or (state.fetched_at is not None and state.fetched_at >= now - FRESH_FOR):
            continue
        fresh = set().union(*_marks(checked.get(CHECKED + _name(values.dictionary)), now).values())
        texts = {value_id: text for value_id, text in values.texts.items() if value_id not in fresh}
        if texts:
            found.append((replace(values, texts=texts), state))
    return found


def note_checked(unit: UnitOfWork, dictionary: DictionaryKey, value_ids: Collection[int], now: datetime) -> None:
    """Ozon was asked about these values just now: they need no asking for a day."""
    name = CHECKED + _name(dictionary)
    marks = _marks(unit.preferences.get(name), now)
    marks[now.isoformat()] = marks.get(now.isoformat(), set()) | set(value_ids)
    unit.preferences.set(name, msgspec.json.encode({moment: sorted(ids) for moment, ids in marks.items()}).decode())


def _marks(text: str | None, now: datetime) -> dict[str, set[int]]:
    """Values asked about within a day, by moment. Earlier releases kept one moment for all: then each is asked about once more."""
    if not text or not text.startswith("{"):
        return {}
    marks = msgspec.json.decode(text, type=dict[str, set[int]])
    return {moment: ids for moment, ids in marks.items() if datetime.fromisoformat(moment) >= now - FRESH_FOR}


class MembershipCheck:
    """Asks Ozon about used values, each once however many products have it."""

    def __init__(self, storage: Database, client: OzonClient, clock: Clock) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock

    async def run(self, used: list[tuple[UsedValues, DictionaryState]], progress: Progress) -> frozenset[DictionaryKey]:
        """Asks about them; gives the dictionaries in which the values that are gone are others than before. OzonError, NetworkError."""
        changed: set[DictionaryKey] = set()
        number = sum(len(values.texts) for values, _ in used)
        done = 0
        for values, state in used:
            pages = ceil(max(state.values, 1) / VALUES_A_PAGE)
            whole = not state.partial and pages <= len(values.texts)
            async for asked, gone in self._read_whole(values) if whole else self._search(values):
                if await self._storage.run(partial(_remember, asked, gone, whole, self._clock())):
                    changed.add(values.dictionary)
                done += len(asked.texts)
                progress(ProgressUpdate(Stage.VALUES, done, number))
        return frozenset(changed)

    async def _read_whole(self, used: UsedValues) -> AsyncIterator[tuple[UsedValues, set[int]]]:
        known: set[int] = set()
        async for page in self._client.attribute_values(used.key, used.attribute_id):
            known.update(value.id for value in page)
            await self._storage.run(partial(_save, used.dictionary, page))
        yield used, set(used.texts) - known

    async def _search(self, used: UsedValues) -> AsyncIterator[tuple[UsedValues, set[int]]]:
        """Values some at a time, with those of them that are gone. An answer has other values too: they need no question of their own."""
        left = dict(sorted(used.texts.items(), key=lambda pair: (len(pair[1]), pair)))
        while left:
            asked = {value_id: left.pop(value_id) for value_id in list(left)[:AT_ONCE]}
            answers = await gather(*(self._found(used, text) for text in asked.values()))
            there = {value.id for found in answers for value in found or ()}
            # A full answer may have cut a value off.
            sure = {value_id for value_id, found in zip(asked, answers, strict=True) if found is not None and len(found) < SEARCHED}
            asked.update({value_id: left.pop(value_id) for value_id in there & left.keys()})
            yield replace(used, texts=asked), sure - there

    async def _found(self, used: UsedValues, text: str) -> list[DictionaryValue] | None:
        """None = Ozon cannot be asked about so short a text."""
        if len(text.strip()) < SHORTEST_SEARCH:
            return None
        return await self._client.search_values(used.key, used.attribute_id, text.strip(), SEARCHED)


def _remember(used: UsedValues, gone: set[int], whole: bool, now: datetime, unit: UnitOfWork) -> bool:
    """Whether it was not known before."""
    name = _name(used.dictionary)
    before = read_gone(unit).get(used.dictionary, frozenset())
    after = frozenset(gone) | (before - used.texts.keys())
    if after:
        unit.preferences.set(GONE + name, ",".join(map(str, sorted(after))))
    else:
        unit.preferences.remove(GONE + name)
    if whole:
        unit.ozon.finish_dictionary(used.dictionary, False, now)
    note_checked(unit, used.dictionary, used.texts.keys(), now)
    return after != before


def _save(dictionary: DictionaryKey, values: list[DictionaryValue], unit: UnitOfWork) -> None:
    unit.ozon.save_values(dictionary, values)


def _name(dictionary: DictionaryKey) -> str:
    return f"{dictionary.dictionary_id}:{dictionary.type_key or ''}"


def _dictionary(name: str) -> DictionaryKey:
    number, _, key = name.partition(":")
    return DictionaryKey(int(number), TypeKey.parse(key) if key else None)
