"""The search index of dictionary values on SQLite: which values hold a piece of text, in (nearly) alphabetical order.

`ozon_value_places` numbers the values so that numbers of one dictionary rise with the first three characters of the text; the
full-text table `ozon_value_grams` (FTS5, without contents) lists for each piece of one to three characters the numbers of the
values that hold it. Together they answer without reading the values themselves: FTS5 gives numbers in rising order, so that a
piece found in half of a million values costs no more than one found in fifty.
"""

import json
import math
import re
from bisect import bisect_right
from collections.abc import Generator, Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from sqlalchemy import Connection

PLACES, GRAMS = "ozon_value_places", "ozon_value_grams"

_CREATE = (
    f"CREATE TABLE {PLACES} (number INTEGER NOT NULL PRIMARY KEY, value_id BIGINT NOT NULL, folded TEXT NOT NULL)",
    # detail=none: numbers only, a third of the size; that the pieces stand together is checked afterwards.
    f"CREATE VIRTUAL TABLE {GRAMS} USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')",
)
# By name, so that in a new index each number simply follows the one before.
_VALUES = "SELECT dictionary, value_id, folded FROM ozon_values ORDER BY dictionary, folded, value_id"
_REBUILT_AT_ONCE = 5_000

_LAST_NUMBERS = (
    f"SELECT start.value, (SELECT max(number) FROM {PLACES} WHERE number BETWEEN start.value AND start.value + ?)"
    " FROM json_each(?) AS start"
)
_PLACE = f"SELECT number, value_id, folded FROM {PLACES} WHERE number BETWEEN ? AND ? AND value_id = ?"
_ADD_PLACE = f"INSERT INTO {PLACES} (number, value_id, folded) VALUES (?, ?, ?)"
_REMOVE_PLACE = f"DELETE FROM {PLACES} WHERE number = ?"
_ADD_GRAMS = f"INSERT INTO {GRAMS} (rowid, grams) VALUES (?, ?)"
_REMOVE_GRAMS = f"INSERT INTO {GRAMS} ({GRAMS}, rowid, grams) VALUES ('delete', ?, ?)"
# CROSS JOIN: keeps SQLite from walking the places and asking the full text about each.
_MATCHES = (
    f"SELECT p.number, p.value_id, p.folded FROM {GRAMS} AS g CROSS JOIN {PLACES} AS p ON p.number = g.rowid"
    f" WHERE {GRAMS} MATCH ? AND g.rowid BETWEEN ? AND ? ORDER BY g.rowid"
)

# --- Order: the number of a value -----------------------------------------------------------------------------------

# Each stands for itself and what lies between it and the next; rising, as SQLite compares texts.
_STEPS = [*"\0 !-./0123456789:abcdefghijklmnopqrstuvwxyz{", *(chr(code) for code in range(ord("а"), ord("я") + 2))]
# Steps of a single character: after another one, what follows says nothing about the order.
_SINGLE = [ord(after) - ord(step) == 1 for step, after in pairwise(_STEPS)] + [False]
_RADIX = len(_STEPS) + 1
_CHARACTERS = 3
_GROUPS: int = _RADIX**_CHARACTERS
GROUP_SIZE = 2**24
"""Numbers per dictionary and group; leaves room for a million dictionaries in 63 bits."""


def group_of(folded: str) -> int:
    """Which group of a dictionary a text belongs to; texts of a later group come later in the alphabet."""
    steps = _steps(folded)
    group = 0
    for position in range(_CHARACTERS):
        # 0 = the text is over: the shorter one comes first.
        group = group * _RADIX + (steps[position] + 1 if position < len(steps) else 0)
    return group


def group_bounds(folded: str) -> tuple[str, str | None]:
    """Of the group this text belongs to: its first text, and one after its last; None = there is none."""
    steps = _steps(folded)
    first = "".join(_STEPS[step] for step in steps)
    if len(steps) < _CHARACTERS and all(_SINGLE[step] for step in steps):
        return first, first + "\0"
    while steps and steps[-1] + 1 == len(_STEPS):
        steps.pop()
    if not steps:
        return first, None
    return first, "".join(_STEPS[step] for step in steps[:-1]) + _STEPS[steps[-1] + 1]


def _steps(folded: str) -> list[int]:
    steps: list[int] = []
    for character in folded[:_CHARACTERS]:
        steps.append(bisect_right(_STEPS, character) - 1)
        if not _SINGLE[steps[-1]]:
            break
    return steps


def _start(dictionary: int, group: int) -> int:
    return (dictionary * _GROUPS + group) * GROUP_SIZE


# --- Pieces of text -------------------------------------------------------------------------------------------------

WORD_CHARACTERS = "0-9a-z\u00c0-\u024f\u0370-\u058f"
"""Inside of a regular expression's brackets: what words consist of, the same for both databases. Latin, Greek, Cyrillic, Armenian."""

_WORD_STARTS = re.compile(rf"(?<![{WORD_CHARACTERS}])(?=(\S\S?))")
_WORD_START = "\ue0ff"
# FTS5's ascii tokenizer keeps letters, digits and everything that is not ASCII; other signs are moved out of its way.
_SIGNS = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum() and chr(code) != " "}
_SIGN = re.compile(r"(?![0-9A-Za-z ])[\x00-\x7f]")
_PIECE = 3
_MOST_PIECES = 6
_LONGEST_QUERY = 24
# Beside any other piece not worth the walk through half of the values.
_FREQUENT = frozenset("авеиклмнопрстуaeiklnorst")


def grams(folded: str) -> str:
    """The pieces of a text as FTS5 takes them: one to three characters within a word, and what words start with."""
    pieces: set[str] = set()
    for start in _WORD_STARTS.findall(folded):
        pieces.add(_WORD_START + start[0])
        pieces.add(_WORD_START + start)
    for word in folded.split():
        pieces.update(word)
        pieces.update(map(str.__add__, word, word[1:]))
        pieces.update([word[start : start + 3] for start in range(len(word) - 2)])
    joined = " ".join(pieces)
    # Few texts have signs, and translating takes longer than all the rest.
    return joined.translate(_SIGNS) if _SIGN.search(folded) else joined


def _query(words: Sequence[str], at_starts: bool) -> str:
    """A query of FTS5 that every value with these words fulfils (and some others)."""
    pieces: dict[str, None] = {}
    # Each piece costs a walk; beyond a few, further ones hardly narrow it down.
    most = max(2, _MOST_PIECES // len(words))
    for word in words:
        if at_starts:
            pieces[_WORD_START + word[:2]] = None
        if not at_starts or len(word) >= _PIECE:
            size = min(len(word), _PIECE)
            last = len(word) - size
            step = max(1, math.ceil(last / (most - 1)))
            pieces.update(dict.fromkeys(word[start : start + size] for start in [*range(0, last, step), last]))
    rare = [piece for piece in pieces if piece.removeprefix(_WORD_START) not in _FREQUENT]
    return " AND ".join(f'"{piece.translate(_SIGNS)}"' for piece in (rare or list(pieces))[:_LONGEST_QUERY])


# --- The index ------------------------------------------------------------------------------------------------------


class IndexedValue(NamedTuple):
    value_id: int
    folded: str


class ValueIndex:
    """Keeps the index in step with the values, and asks it. SQLite only; within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def create(self) -> None:
        """Makes the tables and fills them from `ozon_values`: about 40 s per million values."""
        for statement in _CREATE:
            self._connection.exec_driver_sql(statement)
        number = -1
        for part in self._connection.exec_driver_sql(_VALUES).partitions(_REBUILT_AT_ONCE):
            places: list[tuple[int, int, str]] = []
            for dictionary, value_id, folded in part:
                number = max(number + 1, _start(dictionary, group_of(folded)))
                places.append((number, value_id, folded))
            self._insert(places)

    def add(self, dictionary: int, values: Iterable[IndexedValue]) -> None:
        """Adds values that are not in the index."""
        ordered = sorted((_start(dictionary, group_of(value.folded)), value.folded, value.value_id) for value in values)
        if not ordered:
            return
        starts = json.dumps(sorted({start for start, _, _ in ordered}))
        last = {row[0]: row[1] for row in self._connection.exec_driver_sql(_LAST_NUMBERS, (GROUP_SIZE - 1, starts))}
        places: list[tuple[int, int, str]] = []
        for start, members in groupby(ordered, key=lambda item: item[0]):
            free = start if last[start] is None else last[start] + 1
            places.extend((free + position, value_id, folded) for position, (_, folded, value_id) in enumerate(members))
        self._insert(places)

    def remove(self, dictionary: int, values: Iterable[IndexedValue]) -> None:
        """Removes values; each with the text it was added with."""
        for value in values:
            start = _start(dictionary, group_of(value.folded))
            found = self._connection.exec_driver_sql(_PLACE, (start, start + GROUP_SIZE - 1, value.value_id)).one()
            # FTS5 without contents must get what was there.
            self._connection.exec_driver_sql(_REMOVE_GRAMS, (found[0], grams(found[2])))
            self._connection.exec_driver_sql(_REMOVE_PLACE, (found[0],))

    def candidates(
        self, dictionary: int, words: Sequence[str], at_starts: bool, first_group: int
    ) -> Generator[tuple[int, IndexedValue], None, None]:
        """Each value that may have all the words, with its group, from this group on; groups rise, values within one are unordered."""
        bounds = (_start(dictionary, first_group), _start(dictionary + 1, 0) - 1)
        rows = self._connection.exec_driver_sql(_MATCHES, (_query(words, at_starts), *bounds))
        try:
            for number, value_id, folded in rows:
                yield number // GROUP_SIZE - dictionary * _GROUPS, IndexedValue(value_id, folded)
        finally:
            rows.close()

    def _insert(self, places: list[tuple[int, int, str]]) -> None:
        self._connection.exec_driver_sql(_ADD_PLACE, places)
        self._connection.exec_driver_sql(_ADD_GRAMS, [(number, grams(folded)) for number, _, folded in places])
