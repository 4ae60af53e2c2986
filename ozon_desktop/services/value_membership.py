"""Whether values that cards have are still in Ozon's dictionaries: those read more than a day ago are asked about before sending."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from math import ceil

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryState, DictionaryValue, TypeKey
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.parts import Clock
from ozon_desktop.services.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

FRESH_FOR = timedelta(days=1)
VALUES_A_PAGE = 2_000
SEARCHED = 100
SHORTEST_SEARCH = 2

GONE = "gone-values:"
"""Preferences of this beginning hold the ids of values that a dictionary has no more, separated by commas."""

CHECKED = "checked-values:"
"""Preferences of this beginning hold when the used values of a dictionary were last asked about."""


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
    """Those whose dictionary was neither read nor asked about within a day."""
    states = unit.ozon.dictionary_states()
    checked = unit.preferences.starting_with(CHECKED)
    found: list[tuple[UsedValues, DictionaryState]] = []
    for values in used:
        state = states.get(values.dictionary)
        asked = checked.get(CHECKED + _name(values.dictionary))
        moments = [moment for moment in (state and state.fetched_at, asked and datetime.fromisoformat(asked)) if moment]
        if state is not None and values.texts and (not moments or max(moments) < now - FRESH_FOR):
            found.append((values, state))
    return found


class MembershipCheck:
    """Asks Ozon about used values, each once however many products have it."""

    def __init__(self, storage: Database, client: OzonClient, clock: Clock) -> None:
        self._storage = storage
        self._client = client
        self._clock = clock

    async def run(self, used: list[tuple[UsedValues, DictionaryState]], progress: Progress) -> frozenset[DictionaryKey]:
        """Asks about them; gives the dictionaries in which the values that are gone are others than before. OzonError, NetworkError."""
        changed: set[DictionaryKey] = set()
        for done, (values, state) in enumerate(used):
            progress(ProgressUpdate(Stage.VALUES, done, len(used)))
            pages = ceil(max(state.values, 1) / VALUES_A_PAGE)
            whole = not state.partial and pages <= len(values.texts)
            gone = await (self._read_whole(values) if whole else self._search(values))
            if await self._storage.run(partial(_remember, values, gone, whole, self._clock())):
                changed.add(values.dictionary)
        return frozenset(changed)

    async def _read_whole(self, used: UsedValues) -> set[int]:
        known: set[int] = set()
        async for page in self._client.attribute_values(used.key, used.attribute_id):
            known.update(value.id for value in page)
            await self._storage.run(partial(_save, used.dictionary, page))
        return set(used.texts) - known

    async def _search(self, used: UsedValues) -> set[int]:
        gone: set[int] = set()
        for value_id, text in used.texts.items():
            if len(text.strip()) < SHORTEST_SEARCH:
                continue
            found = await self._client.search_values(used.key, used.attribute_id, text.strip(), SEARCHED)
            # A full answer may have cut it off.
            if len(found) < SEARCHED and all(value.id != value_id for value in found):
                gone.add(value_id)
        return gone


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
    unit.preferences.set(CHECKED + name, now.isoformat())
    return after != before


def _save(dictionary: DictionaryKey, values: list[DictionaryValue], unit: UnitOfWork) -> None:
    unit.ozon.save_values(dictionary, values)


def _name(dictionary: DictionaryKey) -> str:
    return f"{dictionary.dictionary_id}:{dictionary.type_key or ''}"


def _dictionary(name: str) -> DictionaryKey:
    number, _, key = name.partition(":")
    return DictionaryKey(int(number), TypeKey.parse(key) if key else None)
