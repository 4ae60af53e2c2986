"""Search among dictionary values: the same exact answers from both databases, whichever way they are found."""

import random
import re
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.storage import value_search
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from ozon_desktop.storage.value_index import GRAMS, PLACES, WORD_CHARACTERS, group_bounds, group_of

KEY, OTHER = DictionaryKey(85), DictionaryKey(85, TypeKey(1, 2))
QUERIES = 100
"""Random searches of one kind; `benchmarks/test_long_forms.py` makes four times as many."""
# Few letters, so that pieces repeat, meet at ends of words, and stand on both sides of signs.
ALPHABET = "ааабвёежAz7 -_%'\"*.)é\u00a0"


def save(database: Database, values: Iterable[DictionaryValue], key: DictionaryKey = KEY) -> None:
    database.run_sync(lambda unit: unit.ozon.save_values(key, list(values)))


def search(database: Database, text: str, limit: int = 50, key: DictionaryKey = KEY) -> list[DictionaryValue]:
    return database.run_sync(lambda unit: unit.ozon.search_values(key, text, limit))


def texts(database: Database, text: str, limit: int = 50) -> list[str]:
    return [value.value for value in search(database, text, limit)]


def expected(values: Iterable[DictionaryValue], text: str, limit: int) -> list[DictionaryValue]:
    """The rules of the search in their plainest form."""
    wanted = fold(text)

    def rank(folded: str) -> int | None:
        if folded.startswith(wanted):
            return 0
        if any(word not in folded for word in wanted.split()):
            return None
        return 1 if all(re.search(rf"(?<![{WORD_CHARACTERS}]){re.escape(word)}", folded) for word in wanted.split()) else 2

    ranked = [(rank(fold(value.value)), fold(value.value), value.id, value) for value in values]
    return [item[3] for item in sorted((item for item in ranked if item[0] is not None), key=lambda item: item[:3])[:limit]]


@pytest.fixture(params=["read through", "index", "crowded index"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way SQLite's search may take, forced upon small dictionaries."""
    if request.param != "read through":
        monkeypatch.setattr(value_search, "_FEW_VALUES", 0)
    if request.param == "crowded index":
        monkeypatch.setattr(value_search, "_MANY_MATCHES", 2)
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_search_gives_exactly_what_the_rules_say(database: Database) -> None:
    chance = random.Random(3)

    def any_text(longest: int) -> str:
        return "".join(chance.choices(ALPHABET, k=chance.randint(1, longest)))

    values = {number: DictionaryValue(number, any_text(12)) for number in range(1, 400)}
    save(database, values.values())
    save(database, [DictionaryValue(number, any_text(12)) for number in range(1, 400)], OTHER)
    renamed = {number: DictionaryValue(number, any_text(12)) for number in chance.sample(range(300, 500), 150)}
    save(database, renamed.values())
    values |= renamed
    for _ in range(QUERIES):
        text, limit = any_text(5), chance.choice([1, 3, 50, 1000])
        assert search(database, text, limit) == expected(values.values(), text, limit), text


@pytest.mark.usefixtures("way")
def test_beginnings_then_starts_of_words_then_middles(database: Database) -> None:
    words = ["перекрас", "Чёрно-Красный", "красная", "ярко красный", "Красный", "некрасивый", "бурый"]
    save(database, [DictionaryValue(number, word) for number, word in enumerate(words, 1)])
    assert texts(database, "КРАС") == ["красная", "Красный", "Чёрно-Красный", "ярко красный", "некрасивый", "перекрас"]
    assert texts(database, "крас", 4) == ["красная", "Красный", "Чёрно-Красный", "ярко красный"]
    assert texts(database, "чЕрн") == texts(database, "чёрн") == ["Чёрно-Красный"]


@pytest.mark.usefixtures("way")
def test_words_are_found_in_any_order(database: Database) -> None:
    words = ["Нож кухонный большой", "кухонный нож", "Ножницы", "складной многонож кухонный", "нож"]
    save(database, [DictionaryValue(number, word) for number, word in enumerate(words, 1)])
    assert texts(database, "кух нож") == ["кухонный нож", "Нож кухонный большой", "складной многонож кухонный"]
    assert texts(database, "нож кух") == ["Нож кухонный большой", "кухонный нож", "складной многонож кухонный"]
    assert texts(database, "нож топор") == []


@pytest.mark.usefixtures("way")
def test_a_renamed_value_is_found_by_its_new_name_only(database: Database) -> None:
    save(database, [DictionaryValue(1, "Синий кит"), DictionaryValue(2, "Синий слон")])
    save(database, [DictionaryValue(1, "Белый кит"), DictionaryValue(2, "синий СЛОН", "с картинкой")])
    assert texts(database, "синий") == ["синий СЛОН"]
    assert texts(database, "кит") == ["Белый кит"]
    assert search(database, "слон") == [DictionaryValue(2, "синий СЛОН", "с картинкой")]


def test_what_is_rolled_back_is_not_in_the_index(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_search, "_FEW_VALUES", 0)
    save(sqlite_database, [DictionaryValue(1, "старый нож")])

    def fail(unit: UnitOfWork) -> None:
        unit.ozon.save_values(KEY, [DictionaryValue(1, "новый стул"), DictionaryValue(2, "второй нож")])
        raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        sqlite_database.run_sync(fail)
    assert texts(sqlite_database, "нож") == ["старый нож"]
    assert texts(sqlite_database, "стул") == []


def test_the_index_holds_each_value_once(sqlite_database: Database) -> None:
    chance = random.Random(4)
    for _ in range(5):
        save(sqlite_database, [DictionaryValue(chance.randint(1, 50), "".join(chance.choices(ALPHABET, k=6))) for _ in range(40)])

    def differences(unit: UnitOfWork) -> tuple[list[object], list[object]]:
        run = unit.preferences._connection.exec_driver_sql
        # Raises when the lists of FTS5 contradict each other.
        run(f"INSERT INTO {GRAMS} ({GRAMS}) VALUES ('integrity-check')")
        values = "SELECT value_id, folded FROM ozon_values"
        places = f"SELECT value_id, folded FROM {PLACES}"
        return list(run(f"{values} EXCEPT {places}")), list(run(f"SELECT count(*) FROM ({places}) EXCEPT SELECT count(*) FROM ({values})"))

    assert sqlite_database.run_sync(differences) == ([], [])


def test_searching_never_reads_values_that_are_not_given(sqlite_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow disk each of them would be a wait: what does not fit is judged by indexes only."""
    monkeypatch.setattr(value_search, "_FEW_VALUES", 0)
    monkeypatch.setattr(value_search, "_MANY_MATCHES", 5)
    save(sqlite_database, [DictionaryValue(number, f"набор ножей {number}") for number in range(1, 300)])

    def plans(unit: UnitOfWork) -> list[str]:
        connection = unit.preferences._connection
        asked: list[str] = []
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.set_trace_callback(asked.append)
        assert len(unit.ozon.search_values(KEY, "ножей 2")) == 50
        assert len(unit.ozon.search_values(KEY, "ожей 29")) == 13
        raw.set_trace_callback(None)
        searches = [statement for statement in asked if "FROM ozon_value" in statement and " IN (" not in statement]
        assert len(searches) > 3
        explained = (connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement.replace("%", "%%")) for statement in searches)
        return [str(row[3]) for rows in explained for row in rows]

    from_indexes = ("USING COVERING INDEX ix_ozon_values_dictionary_folded", "VIRTUAL TABLE", "USING INTEGER PRIMARY KEY")
    for step in sqlite_database.run_sync(plans):
        assert any(part in step for part in from_indexes)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])).map(fold), min_size=2))
def test_groups_rise_with_the_alphabet(folded: list[str]) -> None:
    for before, after in pairwise(sorted(folded)):
        assert group_of(before) <= group_of(after)
    for text in folded:
        first, end = group_bounds(text)
        assert first <= text
        assert end is None or text < end


def test_many_dictionaries_and_long_texts_have_their_place(sqlite_database: Database) -> None:
    long = "слово " * 500
    keys = [DictionaryKey(number) for number in range(1, 40)]
    for key in keys:
        save(sqlite_database, [DictionaryValue(1, long), DictionaryValue(2, ""), DictionaryValue(3, "\U0010ffff\U0010ffff")], key)
    for key in keys:
        assert [value.id for value in search(sqlite_database, "слово", key=key)] == [1]
        assert [value.id for value in search(sqlite_database, "", key=key)] == [2, 1, 3]


def test_the_test_of_the_rules_is_not_blind() -> None:
    """The plain form of the rules, told by hand: it judges everything above."""
    values = [DictionaryValue(1, "б а"), DictionaryValue(2, "ба"), DictionaryValue(3, "а"), DictionaryValue(4, "в")]
    assert [value.id for value in expected(values, "А", 50)] == [3, 1, 2]
