"""Ozon's dictionaries: up to a million values each, found by beginnings and parts of words, and by their exact text."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Executable, Row, Select, bindparam, func, insert, select, text, tuple_, type_coerce, update
from sqlalchemy.dialects.postgresql import ARRAY

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryState, DictionaryValue, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.storage.sql import batches, prepared, upsert
from ozon_desktop.storage.tables import ozon_dictionaries, ozon_values
from ozon_desktop.storage.value_index import IndexedValue, ValueIndex
from ozon_desktop.storage.value_search import PostgresqlValueSearch, SqliteValueSearch

# By name of the index: SQLite takes a dictionary for small, and would walk all of it rather than look up each text.
_WITH_TEXTS = text(
    "SELECT * FROM ozon_values INDEXED BY ix_ozon_values_dictionary_folded"
    " WHERE dictionary = :dictionary AND folded IN :texts ORDER BY value_id"
).bindparams(bindparam("texts", expanding=True))

_SAVED_AT_ONCE = 5_000
"""A page of Ozon's and more: each batch makes SQLite's search index begin a new segment, which it later has to merge."""

_NEW_DICTIONARY = insert(ozon_dictionaries).returning(ozon_dictionaries.c.id)
_TEXTS: Select[Any] = select(ozon_values).with_only_columns(ozon_values.c.value_id, ozon_values.c.folded)


class DictionaryRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sqlite = connection.dialect.name == "sqlite"

    def save_values(self, key: DictionaryKey, values: Iterable[DictionaryValue]) -> None:
        """Adds these values to the dictionary; known ones are overwritten."""
        dictionary = self._dictionary(key)
        added = 0
        for batch in batches(values, _SAVED_AT_ONCE):
            rows = {value.id: _value_row(dictionary, value) for value in batch}
            known = self._known(dictionary, list(rows))
            added += len(rows) - len(known)
            upsert(self._connection, ozon_values, list(rows.values()))
            if self._sqlite:
                texts = {value_id: row["folded"] for value_id, row in rows.items()}
                self._index(dictionary, known, texts)
        # Counted here because counting a million rows for each status line would take seconds.
        _count(self._connection, dictionary, added)

    def _index(self, dictionary: int, known: dict[int, str], texts: dict[int, str]) -> None:
        """Brings SQLite's search index up to date. known, texts: folded texts before and after, by the value's id."""
        index = ValueIndex(self._connection)
        changed = [IndexedValue(*item) for item in texts.items() if known.get(item[0]) != item[1]]
        index.remove(dictionary, [IndexedValue(value.value_id, known[value.value_id]) for value in changed if value.value_id in known])
        index.add(dictionary, changed)

    def finish_dictionary(self, key: DictionaryKey, partial: bool, now: datetime) -> None:
        """Marks the dictionary as collected at `now`; partial: it is too large and holds only some of its values."""
        _finish(self._connection, self._dictionary(key), partial, now)

    def dictionary_state(self, key: DictionaryKey) -> DictionaryState | None:
        """How much of the dictionary is here; None = nothing was ever stored of it."""
        row = self._connection.execute(_dictionaries([key])).one_or_none()
        return None if row is None else _state(row)

    def dictionary_states(self) -> dict[DictionaryKey, DictionaryState]:
        states = [_state(row) for row in _every(self._connection)]
        return {state.key: state for state in states}

    def value_count(self) -> int:
        """How many values are here in all."""
        return int(self._connection.execute(select(func.coalesce(func.sum(ozon_dictionaries.c.value_count), 0))).scalar_one())

    def search_values(self, key: DictionaryKey, text: str, limit: int = 50) -> list[DictionaryValue]:
        """Values that begin with the text, then those with each of its words at the start of a word, then with each word anywhere.

        By name within each of the three; case and ё/е do not count. An empty text gives the first values by name.
        """
        state = self._connection.execute(_dictionaries([key])).one_or_none()
        if state is None or limit <= 0:
            return []
        search: SqliteValueSearch | PostgresqlValueSearch
        if self._sqlite:
            search = SqliteValueSearch(self._connection, state.id, state.value_count)
        else:
            search = PostgresqlValueSearch(self._connection, state.id)
        return self._values(state.id, search.ids(fold(text), limit))

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
        if self._sqlite:
            return self._connection.execute(_WITH_TEXTS, {"dictionary": dictionary, "texts": texts})
        query = select(ozon_values).where(ozon_values.c.dictionary == dictionary, ozon_values.c.folded.in_(texts))
        return self._connection.execute(query.order_by(ozon_values.c.value_id))

    def _values(self, dictionary: int, value_ids: list[int]) -> list[DictionaryValue]:
        """These values, in this order."""
        found: list[DictionaryValue] = []
        for ids in batches(value_ids):
            rows = (_sqlite_values if self._sqlite else _server_values)(self._connection, dictionary, ids)
            by_id = {row.value_id: _value(row) for row in rows}
            found.extend(by_id[value_id] for value_id in ids)
        return found

    def _known(self, dictionary: int, value_ids: list[int]) -> dict[int, str]:
        """The folded texts of those that are here."""
        rows = (_sqlite_texts if self._sqlite else _server_texts)(self._connection, dictionary, value_ids)
        return {row.value_id: row.folded for row in rows}

    def _dictionary(self, key: DictionaryKey) -> int:
        """The number of the dictionary in this database; a new one is added."""
        dictionary_id, category_id, type_id = _numbers(key)
        known = _number(self._connection, dictionary_id, category_id, type_id).scalar_one_or_none()
        if known is not None:
            return int(known)
        values = {"dictionary_id": dictionary_id, "category_id": category_id, "type_id": type_id, "partial": False, "value_count": 0}
        return int(self._connection.execute(_NEW_DICTIONARY, values).scalar_one())


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


@prepared
def _number(dictionary_id: int, category_id: int, type_id: int) -> Select[Any]:
    table = ozon_dictionaries.c
    return select(table.id).where(table.dictionary_id == dictionary_id, table.category_id == category_id, table.type_id == type_id)


@prepared
def _count(dictionary: int, added: int) -> Executable:
    table = ozon_dictionaries.c
    return update(ozon_dictionaries).where(table.id == dictionary).values(value_count=table.value_count + added)


@prepared
def _finish(dictionary: int, partial: bool, now: datetime) -> Executable:
    return update(ozon_dictionaries).where(ozon_dictionaries.c.id == dictionary).values(partial=partial, fetched_at=now)


def _in_sqlite(query: Select[Any], dictionary: int, value_ids: list[int]) -> Select[Any]:
    """Those of these values that are here."""
    return query.where(ozon_values.c.dictionary == dictionary, ozon_values.c.value_id.in_(value_ids))


def _on_server(query: Select[Any], dictionary: int, value_ids: list[int]) -> Select[Any]:
    """As `_in_sqlite`, without IN: without statistics PostgreSQL walks all of a dictionary and compares each value with each of a page,
    for seconds."""
    wanted = func.unnest(type_coerce(value_ids, ARRAY(BigInteger))).column_valued("wanted")
    return query.where(ozon_values.c.dictionary == dictionary, ozon_values.c.value_id == wanted)


@prepared
def _sqlite_values(dictionary: int, value_ids: list[int]) -> Select[Any]:
    return _in_sqlite(select(ozon_values), dictionary, value_ids)


@prepared
def _server_values(dictionary: int, value_ids: list[int]) -> Select[Any]:
    return _on_server(select(ozon_values), dictionary, value_ids)


@prepared
def _sqlite_texts(dictionary: int, value_ids: list[int]) -> Executable:
    return _in_sqlite(_TEXTS, dictionary, value_ids)


@prepared
def _server_texts(dictionary: int, value_ids: list[int]) -> Executable:
    return _on_server(_TEXTS, dictionary, value_ids)


@prepared
def _every() -> Select[Any]:
    return select(ozon_dictionaries)
