"""Ozon's dictionaries: up to a million values each, found by prefix, by a part of a word, and by their exact text."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, select, text, tuple_, update

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryState, DictionaryValue, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.storage.sql import batches, upsert
from ozon_desktop.storage.tables import ozon_dictionaries, ozon_values

_LAST_CHARACTER = "\U0010ffff"

# By name of the index: SQLite takes a dictionary for small, and would walk all of it rather than look up each text.
_WITH_TEXTS = text(
    "SELECT * FROM ozon_values INDEXED BY ix_ozon_values_dictionary_folded"
    " WHERE dictionary = :dictionary AND folded IN :texts ORDER BY value_id"
).bindparams(bindparam("texts", expanding=True))


class DictionaryRepository:
    """Reads and writes dictionary values."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save_values(self, key: DictionaryKey, values: Iterable[DictionaryValue]) -> None:
        """Adds these values to the dictionary; known ones are overwritten."""
        dictionary = self._dictionary(key)
        added = 0
        for batch in batches(values):
            unique = list({value.id: value for value in batch}.values())
            added += len(unique) - self._known(dictionary, [value.id for value in unique])
            upsert(self._connection, ozon_values, [_value_row(dictionary, value) for value in unique])
        # Counted here because counting a million rows for each status line would take seconds.
        counted = update(ozon_dictionaries).where(ozon_dictionaries.c.id == dictionary)
        self._connection.execute(counted.values(value_count=ozon_dictionaries.c.value_count + added))

    def finish_dictionary(self, key: DictionaryKey, partial: bool, now: datetime) -> None:
        """Marks the dictionary as collected at `now`; partial: it is too large and holds only some of its values."""
        dictionary = self._dictionary(key)
        done = update(ozon_dictionaries).where(ozon_dictionaries.c.id == dictionary)
        self._connection.execute(done.values(partial=partial, fetched_at=now))

    def dictionary_state(self, key: DictionaryKey) -> DictionaryState | None:
        """How much of the dictionary is here; None = nothing was ever stored of it."""
        row = self._connection.execute(_dictionaries([key])).one_or_none()
        return None if row is None else _state(row)

    def dictionary_states(self) -> dict[DictionaryKey, DictionaryState]:
        """The state of each dictionary."""
        states = [_state(row) for row in self._connection.execute(select(ozon_dictionaries))]
        return {state.key: state for state in states}

    def value_count(self) -> int:
        """How many values are here altogether."""
        return int(self._connection.execute(select(func.coalesce(func.sum(ozon_dictionaries.c.value_count), 0))).scalar_one())

    def search_values(self, key: DictionaryKey, text: str, limit: int = 50) -> list[DictionaryValue]:
        """Values that begin with the text, then those that have it inside, both by name; ignores case and ё/е.

        An empty text gives the first values by name.
        """
        state = self._connection.execute(_dictionaries([key])).one_or_none()
        if state is None or limit <= 0:
            return []
        wanted, folded = fold(text), ozon_values.c.folded
        if not wanted:
            return self._first(state.id, limit)
        begins = (folded >= wanted) & (folded < wanted + _LAST_CHARACTER)
        found = self._first(state.id, limit, begins)
        if len(found) < limit:
            # Not LIKE: SQLite's compares case by case and takes several times as long over a million values.
            position = func.strpos if self._connection.dialect.name == "postgresql" else func.instr
            found += self._first(state.id, limit - len(found), position(folded, wanted) > 0, ~begins)
        return found

    def find_values(self, pairs: Collection[tuple[DictionaryKey, str]]) -> dict[tuple[DictionaryKey, str], DictionaryValue]:
        """The values with exactly these texts, ignoring case and ё/е; keys of the answer hold the folded text.

        Of several values with one text the oldest (smallest id) is given; texts not found are left out.
        """
        wanted: dict[DictionaryKey, set[str]] = {}
        for key, wording in pairs:
            wanted.setdefault(key, set()).add(fold(wording))
        found: dict[tuple[DictionaryKey, str], DictionaryValue] = {}
        for keys in batches(wanted):
            for state in self._connection.execute(_dictionaries(keys)).all():
                key = _state(state).key
                for texts in batches(sorted(wanted[key])):
                    for row in self._with_texts(state.id, texts):
                        found.setdefault((key, row.folded), _value(row))
        return found

    def _with_texts(self, dictionary: int, texts: list[str]) -> Iterable[Row[Any]]:
        """Rows with one of these folded texts, oldest first."""
        if self._connection.dialect.name == "sqlite":
            return self._connection.execute(_WITH_TEXTS, {"dictionary": dictionary, "texts": texts})
        query = select(ozon_values).where(ozon_values.c.dictionary == dictionary, ozon_values.c.folded.in_(texts))
        return self._connection.execute(query.order_by(ozon_values.c.value_id))

    def _first(self, dictionary: int, limit: int, *conditions: ColumnElement[bool]) -> list[DictionaryValue]:
        table = ozon_values.c
        order = (table.folded, table.value_id)
        # The ids first: they are in the index, so that the rows of values that do not fit are never read.
        fitting = select(table.value_id).where(table.dictionary == dictionary, *conditions).order_by(*order).limit(limit)
        found: list[DictionaryValue] = []
        for ids in batches(self._connection.execute(fitting).scalars().all()):
            rows = self._connection.execute(select(ozon_values).where(table.dictionary == dictionary, table.value_id.in_(ids)))
            by_id = {row.value_id: _value(row) for row in rows}
            found.extend(by_id[value_id] for value_id in ids)
        return found

    def _known(self, dictionary: int, value_ids: list[int]) -> int:
        query = select(func.count()).where(ozon_values.c.dictionary == dictionary, ozon_values.c.value_id.in_(value_ids))
        return self._connection.execute(query).scalar_one()

    def _dictionary(self, key: DictionaryKey) -> int:
        """The number of the dictionary in this database; a new one is added."""
        row = self._connection.execute(_dictionaries([key])).one_or_none()
        if row is not None:
            return int(row.id)
        dictionary_id, category_id, type_id = _numbers(key)
        values = {"dictionary_id": dictionary_id, "category_id": category_id, "type_id": type_id, "partial": False, "value_count": 0}
        added = self._connection.execute(insert(ozon_dictionaries).values(values).returning(ozon_dictionaries.c.id))
        return int(added.scalar_one())


def _numbers(key: DictionaryKey) -> tuple[int, int, int]:
    if key.type_key is None:
        return key.dictionary_id, 0, 0
    return key.dictionary_id, key.type_key.description_category_id, key.type_key.type_id


def _dictionaries(keys: Iterable[DictionaryKey]) -> Select[Any]:
    table = ozon_dictionaries
    numbers = tuple_(table.c.dictionary_id, table.c.category_id, table.c.type_id)
    return select(table).where(numbers.in_([_numbers(key) for key in keys]))


def _state(row: Row[Any]) -> DictionaryState:
    type_key = TypeKey(row.category_id, row.type_id) if row.category_id or row.type_id else None
    return DictionaryState(DictionaryKey(row.dictionary_id, type_key), row.partial, row.value_count, row.fetched_at)


def _value(row: Row[Any]) -> DictionaryValue:
    return DictionaryValue(row.value_id, row.value, row.info, row.picture)


def _value_row(dictionary: int, value: DictionaryValue) -> dict[str, Any]:
    return {
        "dictionary": dictionary,
        "value_id": value.id,
        "value": value.value,
        "folded": fold(value.value),
        "info": value.info,
        "picture": value.picture,
    }
