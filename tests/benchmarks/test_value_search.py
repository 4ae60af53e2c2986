"""Search among 1,000,000 dictionary values on SQLite: how long, against a plain scan and a bare lookup of the same run.

Not part of the default run: python -m pytest tests/benchmarks -o addopts="" -q -s
"""

import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.dictionaries import DictionaryRepository

BIG, BIG_COUNT = DictionaryKey(85), 200_000
OTHER, OTHER_COUNT = DictionaryKey(1494), 300_000
SMALL = [DictionaryKey(7, TypeKey(1, number)) for number in range(500)]
SMALL_COUNT = 1_000
PAGE = 2_000
QUERIES = 1_000
LIMIT_MS = 10.0

# ruff: noqa: SIM905 (lists of words read better as a line of words)
SYLLABLES = "ва го до ре ми ко ла на по тё су бра кли сто пра не ру ше жи зо лю пе та ро ка ни лен вод гор мар".split()
LATIN = "zu ka lo mi ra te xo ni ve pro max tech art sol dy qu ber lin ton gar".split()
ADJECTIVES = "красный синий зелёный чёрный белый большой малый детский мужской женский складной кухонный садовый умный прочный".split()
NOUNS = "нож стол шкаф чехол фонарь коврик лампа кружка набор футболка куртка сумка рюкзак горшок лопата секатор полка".split()


def value_text(chance: random.Random) -> str:
    """A brand, a made-up word or a name of several words; letters occur as unevenly as in real texts."""
    kind = chance.random()
    if kind < 0.35:
        words = ["".join(chance.choices(LATIN, k=chance.randint(2, 4))) for _ in range(chance.randint(1, 2))]
    elif kind < 0.6:
        words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(2)]
    else:
        words = [chance.choice(ADJECTIVES), chance.choice(NOUNS), "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))]
    if chance.random() < 0.3:
        words.append(str(chance.randint(1, 9999)))
    return ("-" if chance.random() < 0.1 else " ").join(words).capitalize()


def pages() -> Iterator[tuple[DictionaryKey, list[DictionaryValue]]]:
    """The million values as Ozon would give them: page by page, by rising id."""
    chance, value_id = random.Random(1), 100_000_000
    for key, count in [(BIG, BIG_COUNT), (OTHER, OTHER_COUNT), *((key, SMALL_COUNT) for key in SMALL)]:
        for start in range(0, count, PAGE):
            page: list[DictionaryValue] = []
            for _ in range(min(PAGE, count - start)):
                value_id += chance.randint(1, 20)
                page.append(DictionaryValue(value_id, value_text(chance)))
            yield key, page


def saved(path: Path, page_limit: int | None = None) -> tuple[Database, list[str], float]:
    """A database with the values, the texts of the big dictionary, and the seconds spent saving."""
    database = Database.in_file(path)
    database.open()
    texts: list[str] = []
    seconds = 0.0
    for number, (key, page) in enumerate(pages()):
        if number == page_limit:
            break
        if key == BIG:
            texts.extend(value.value for value in page)
        started = time.perf_counter()
        database.run_sync(lambda unit, key=key, page=page: unit.ozon.save_values(key, page))  # type: ignore[misc]
        seconds += time.perf_counter() - started
    return database, texts, seconds


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, list[str]]]:
    """A million values in 502 dictionaries."""
    database, texts, seconds = saved(tmp_path_factory.mktemp("million") / "values.sqlite3")
    with closing(sqlite3.connect(database.url_for_people)) as connection:
        sizes = dict(connection.execute("SELECT name, sum(pgsize) / 1e6 FROM dbstat GROUP BY name"))
    index = sum(size for name, size in sizes.items() if name.startswith("ozon_value_"))
    total = sum(sizes.values())
    print(f"\n1,000,000 values saved in {seconds:.0f} s; file {total:.0f} MB, of it the search index {index:.0f} MB ({index / total:.0%})")
    yield database, texts
    database.close()


def part_of_word(chance: random.Random, text: str, size: int) -> str:
    """`size` characters out of the middle of a word, if a word is that long."""
    words = [word for word in text.split() if len(word) > size]
    if not words:
        return text[:size]
    word = chance.choice(words)
    start = chance.randint(1, len(word) - size)
    return word[start : start + size]


def words_in_any_order(chance: random.Random, text: str) -> str:
    """The beginnings of the words of a text, the last one first."""
    return " ".join(word[: chance.randint(1, 5)] for word in reversed(text.split()))


KINDS: dict[str, Callable[[random.Random, str], str]] = {
    "beginning, 1 character": lambda _, text: text[:1],
    "beginning, 2 characters": lambda _, text: text[:2],
    "beginning, 3 characters": lambda _, text: text[:3],
    "beginning, 6 characters": lambda _, text: text[:6],
    "any one character": lambda chance, _: chance.choice("абвгдежзийклмнопрстуфхцчшщъыьэюяabcdefghijklmnopqrstuvwxyz0123456789-'"),
    "middle of a word, 2 characters": lambda chance, text: part_of_word(chance, text, 2),
    "middle of a word, 3 characters": lambda chance, text: part_of_word(chance, text, 3),
    "middle of a word, 5 characters": lambda chance, text: part_of_word(chance, text, 5),
    "several words": words_in_any_order,
    "no hit, 3 characters": lambda chance, _: "".join(chance.choices("щъыэфхц", k=3)),
    "no hit, of common pieces": lambda chance, text: part_of_word(chance, text, 3) + part_of_word(chance, text[::-1], 3) + "ъ",
    "no hit, common words with a rare one": lambda _, text: text[:4] + " ый ъй",
}


def milliseconds(work: Callable[[], object]) -> float:
    """How long the work took."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def p95(times: list[float]) -> float:
    """The time that 95 of 100 keep to."""
    return statistics.quantiles(times, n=100)[94]


class References(NamedTuple):
    """What the same database takes for plainer things, measured in the same run; milliseconds, medians."""

    like: float
    instr: float
    look_up: float


def references(database: Database, texts: list[str], chance: random.Random) -> References:
    """Two scans of the big dictionary and a lookup by key, straight through the driver."""
    like = "SELECT value_id, value FROM ozon_values WHERE dictionary = 1 AND folded LIKE ? ORDER BY folded LIMIT 50"
    instr = "SELECT value_id FROM ozon_values WHERE dictionary = 1 AND instr(folded, ?) > 0 ORDER BY folded LIMIT 50"
    look_up = "SELECT value FROM ozon_values WHERE dictionary = 1 AND value_id = ?"
    wanted = [fold(part_of_word(chance, chance.choice(texts), 5)) for _ in range(40)]
    with closing(sqlite3.connect(database.url_for_people)) as connection:
        ids = [row[0] for row in connection.execute("SELECT value_id FROM ozon_values WHERE dictionary = 1")]

        def median(query: str, parameters: Iterable[object]) -> float:
            return statistics.median(milliseconds(partial(run, query, one)) for one in parameters)

        def run(query: str, parameter: object) -> object:
            return connection.execute(query, (parameter,)).fetchall()

        return References(
            median(like, [f"%{text}%" for text in wanted]), median(instr, wanted), median(look_up, chance.sample(ids, QUERIES))
        )


@pytest.mark.timeout(1800)
def test_search_among_a_million_values(million: tuple[Database, list[str]]) -> None:
    database, texts = million
    chance = random.Random(2)
    plain = references(database, texts, chance)
    empty = [milliseconds(partial(database.run_sync, lambda unit: None)) for _ in range(QUERIES)]
    print(f"reference, p50 over 200,000 values: LIKE '%x%' {plain.like:.1f} ms, instr over the index by name {plain.instr:.1f} ms,")
    nothing = statistics.median(empty)
    print(f"one row by its key {plain.look_up * 1000:.0f} µs, an empty transaction {nothing:.2f} ms (part of each figure below)")
    print(f"{QUERIES} searches each in ms {'p50':>22} {'p95':>8} {'worst':>8} {'LIKE/p95':>9} {'instr/p95':>9} {'p50/key':>8} {'found':>6}")
    slow: dict[str, float] = {}
    for kind, make in KINDS.items():
        times: list[float] = []
        found = 0
        for _ in range(QUERIES):
            text = make(chance, chance.choice(texts))
            started = time.perf_counter()
            found += len(database.run_sync(lambda unit, text=text: unit.ozon.search_values(BIG, text)))  # type: ignore[misc]
            times.append((time.perf_counter() - started) * 1000)
        p50, late = statistics.median(times), p95(times)
        if late >= LIMIT_MS:
            slow[kind] = late
        ratios = f"{plain.like / late:8.1f}x {plain.instr / late:8.1f}x {p50 / plain.look_up:7.0f}x"
        print(f"{kind:38} {p50:8.2f} {late:8.2f} {max(times):8.2f} {ratios} {found / QUERIES:6.1f}")
    assert slow == {}


@pytest.mark.timeout(1800)
def test_saving_pages_with_and_without_the_search_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the index costs while dictionaries are collected; 200,000 values in pages of 2,000, each page committed."""
    count = BIG_COUNT // PAGE
    database, _, with_index = saved(tmp_path / "with.sqlite3", count)
    database.close()
    monkeypatch.setattr(DictionaryRepository, "_index", lambda *_: None)
    database, _, without = saved(tmp_path / "without.sqlite3", count)
    database.close()
    per_page, ratio = with_index / count * 1000, with_index / without
    print(f"\na page of 2,000 values: {per_page:.0f} ms with the index, {without / count * 1000:.0f} ms without: {ratio:.2f}x")
    # Pages of one dictionary come one after another, each some 150 ms after it was asked for; saving must not be what one waits for.
    assert per_page < 400
