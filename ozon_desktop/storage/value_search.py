"""Which values answer a search and in what order, as ids: one way per database, the same answers.

First the values that begin with the text, then those in which each word of it begins a word, then those that have each word
somewhere; by name within each of the three.
"""

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from itertools import groupby, islice

from sqlalchemy import ColumnElement, Connection, and_, not_, select

from ozon_desktop.storage.tables import ozon_values
from ozon_desktop.storage.value_index import WORD_CHARACTERS, IndexedValue, ValueIndex, group_bounds

_LAST_CHARACTER = "\U0010ffff"
_FEW_VALUES = 2_000
"""A dictionary that is read through faster than the index is asked."""
_MANY_MATCHES = 500
"""Matches within one group of the index from which on the group is read in order rather than its matches sorted."""


class SqliteValueSearch:
    """Searches one dictionary on SQLite. value_count: how many values it has."""

    def __init__(self, connection: Connection, dictionary: int, value_count: int) -> None:
        self._connection = connection
        self._index = ValueIndex(connection)
        self._dictionary = dictionary
        self._few = value_count <= _FEW_VALUES

    def ids(self, wanted: str, limit: int) -> list[int]:
        """At most `limit` values with this folded text, the best first."""
        found = beginning_with(self._connection, self._dictionary, wanted, limit)
        words = wanted.split()
        for at_starts in (True, False):
            if words and len(found) < limit:
                with closing(self._ordered(wanted, words, at_starts)) as ordered:
                    found += [value.value_id for value in islice(ordered, limit - len(found))]
        return found

    def _ordered(self, wanted: str, words: Sequence[str], at_starts: bool) -> Generator[IndexedValue, None, None]:
        """Values with the words at the start of words, or only elsewhere, by name; those beginning with the text left out."""
        fits = _condition(wanted, words, at_starts)
        if self._few:
            yield from self._read_through(words, fits, "", None)
            return
        group: int | None = 0
        while group is not None:
            group = yield from self._until_crowded(words, at_starts, fits, group)

    def _until_crowded(
        self, words: Sequence[str], at_starts: bool, fits: Callable[[str], bool], first_group: int
    ) -> Generator[IndexedValue, None, int | None]:
        """Values from this group of the index on. Returns the group to go on from; None = this was all."""
        with closing(self._index.candidates(self._dictionary, words, at_starts, first_group)) as candidates:
            groups: Iterator[tuple[int, Iterator[tuple[int, IndexedValue]]]] = groupby(candidates, key=lambda candidate: candidate[0])
            for group, members in groups:
                matches = [value for _, value in islice(members, _MANY_MATCHES + 1)]
                if len(matches) > _MANY_MATCHES:
                    crowded, within = group, group_bounds(matches[0].folded)
                    break
                yield from sorted((value for value in matches if fits(value.folded)), key=lambda value: (value.folded, value.value_id))
            else:
                return None
        yield from self._read_through(words, fits, *within)
        return crowded + 1

    def _read_through(self, words: Sequence[str], fits: Callable[[str], bool], first: str, end: str | None) -> Iterator[IndexedValue]:
        """Values from one text up to another by name: the index by name holds all that is looked at."""
        # Not LIKE: SQLite's compares case by case and takes several times as long.
        conditions = ["dictionary = ?", "folded >= ?", "folded < ?", *["instr(folded, ?) > 0"] * len(words)]
        query = "SELECT value_id, folded FROM ozon_values INDEXED BY ix_ozon_values_dictionary_folded WHERE "
        parameters = (self._dictionary, first, _LAST_CHARACTER if end is None else end, *words)
        rows = self._connection.exec_driver_sql(query + " AND ".join(conditions) + " ORDER BY folded, value_id", parameters)
        with closing(rows):
            yield from (IndexedValue(row[0], row[1]) for row in rows if fits(row[1]))


def _condition(wanted: str, words: Sequence[str], at_starts: bool) -> Callable[[str], bool]:
    """Whether a folded text has all the words, at the start of words or not, and does not begin with what is wanted."""
    starts = [re.compile(_word_start(word)) for word in words]

    def fits(folded: str) -> bool:
        if folded.startswith(wanted) or not all(word in folded for word in words):
            return False
        return all(start.search(folded) for start in starts) == at_starts

    return fits


def _word_start(word: str) -> str:
    return rf"(^|[^{WORD_CHARACTERS}])" + re.escape(word)


class PostgresqlValueSearch:
    """Searches one dictionary on PostgreSQL; with pg_trgm its planner chooses between the index of trigrams and the one by name."""

    def __init__(self, connection: Connection, dictionary: int) -> None:
        self._connection = connection
        self._dictionary = dictionary

    def ids(self, wanted: str, limit: int) -> list[int]:
        """At most `limit` values with this folded text, the best first."""
        found = beginning_with(self._connection, self._dictionary, wanted, limit)
        words = wanted.split()
        if not words or len(found) >= limit:
            return found
        folded = ozon_values.c.folded
        rest = and_(*(folded.contains(word, autoescape=True) for word in words), not_(_begins(wanted)))
        at_starts = and_(*(folded.regexp_match(_word_start(word)) for word in words))
        for condition in (at_starts, not_(at_starts)):
            if len(found) < limit:
                found += _by_name(self._connection, self._dictionary, limit - len(found), rest, condition)
        return found


def beginning_with(connection: Connection, dictionary: int, wanted: str, limit: int) -> list[int]:
    """Ids of values whose folded text begins with this, by name; empty = any."""
    return _by_name(connection, dictionary, limit, *([_begins(wanted)] if wanted else []))


def _begins(wanted: str) -> ColumnElement[bool]:
    return (ozon_values.c.folded >= wanted) & (ozon_values.c.folded < wanted + _LAST_CHARACTER)


def _by_name(connection: Connection, dictionary: int, limit: int, *conditions: ColumnElement[bool]) -> list[int]:
    table = ozon_values.c
    # The ids only: they are in the index by name, so that the rows of values that do not fit are never read.
    query = select(table.value_id).where(table.dictionary == dictionary, *conditions).order_by(table.folded, table.value_id)
    return list(connection.execute(query.limit(limit)).scalars())
