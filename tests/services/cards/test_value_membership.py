"""Asking Ozon whether values are still there: each once a day, many at once, none for cards that stay as they are."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.progress import silent
from ozon_desktop.errors import NoConnection
from ozon_desktop.services.cards.builder import CardBuilder
from ozon_desktop.services.cards.context import read_entered
from ozon_desktop.services.cards.parts.value_membership import AT_ONCE, CHECKED, MembershipCheck, UsedValues, note_checked, read_gone, stale
from ozon_desktop.services.shared import utc_now
from ozon_desktop.storage.database import Database
from tests.services.catalog.collecting import open_database
from tests.services.shop import Shop

BRANDS, TYPE = DictionaryKey(85), TypeKey(101, 1001)
SEARCH = "/v1/description-category/attribute/values/search"
NOW = utc_now()
TEXTS = {number: f"Марка-{number:03}" for number in range(1, 46)}


class Ozon:
    """Finds values that contain the text, but for those it has no more. fails_after: searches it answers."""

    def __init__(self, values: dict[int, str], fails_after: int = 1_000) -> None:
        self.values, self.left = values, fails_after
        self.asked: list[str] = []
        self.now = self.most = 0

    async def search_values(self, key: TypeKey, attribute_id: int, text: str, limit: int) -> list[DictionaryValue]:
        self.asked.append(text)
        if len(self.asked) > self.left:
            raise NoConnection(SEARCH)
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0.001)
        self.now -= 1
        return [DictionaryValue(id_, value) for id_, value in self.values.items() if text in value][:limit]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(tmp_path)
    database.run_sync(lambda unit: unit.ozon.save_values(BRANDS, [DictionaryValue(id_, text) for id_, text in TEXTS.items()]))
    database.run_sync(lambda unit: unit.ozon.finish_dictionary(BRANDS, True, NOW - timedelta(days=2)))
    yield database
    database.close()


async def ask(database: Database, ozon: Any, texts: dict[int, str], at: Any = NOW) -> frozenset[DictionaryKey]:
    used = await database.run(lambda unit: stale(unit, [UsedValues(BRANDS, TYPE, 85, texts)], at))
    return await MembershipCheck(database, ozon, lambda: at).run(used, silent)


async def gone(database: Database) -> frozenset[int]:
    return (await database.run(read_gone)).get(BRANDS, frozenset())


async def test_values_are_asked_about_together_and_each_once_a_day(database: Database) -> None:
    ozon = Ozon({id_: text for id_, text in TEXTS.items() if id_ != 7})
    first = {id_: text for id_, text in TEXTS.items() if id_ <= 30}
    assert await ask(database, ozon, first) == {BRANDS}
    assert sorted(ozon.asked) == sorted(first.values())
    assert ozon.most == AT_ONCE
    assert await gone(database) == {7}
    ozon.asked.clear()
    assert await ask(database, ozon, TEXTS, NOW + timedelta(hours=1)) == frozenset()
    assert sorted(ozon.asked) == [text for id_, text in TEXTS.items() if id_ > 30], "those of the first hour were asked about already"
    assert await gone(database) == {7}, "a value that was not asked about stays what it was"
    ozon.asked.clear()
    ozon.values[7] = TEXTS[7]
    assert await ask(database, ozon, TEXTS, NOW + timedelta(hours=24, minutes=30)) == {BRANDS}
    assert sorted(ozon.asked) == sorted(first.values())
    assert await gone(database) == frozenset()


async def test_value_in_the_answer_to_another_needs_no_question(database: Database) -> None:
    texts = {number: "Ромашка" + " и Ко" * (number > 1) + f" {number}" * (number > 2) for number in range(1, 60)}
    ozon = Ozon(texts)
    await ask(database, ozon, texts)
    assert len(ozon.asked) == AT_ONCE
    assert await gone(database) == frozenset()
    assert await database.run(lambda unit: stale(unit, [UsedValues(BRANDS, TYPE, 85, texts)], NOW)) == []


async def test_what_was_asked_before_a_failure_is_not_asked_again(database: Database) -> None:
    ozon = Ozon(TEXTS, fails_after=AT_ONCE + 3)
    with pytest.raises(NoConnection):
        await ask(database, ozon, TEXTS)
    ozon.left = 1_000
    ozon.asked.clear()
    await ask(database, ozon, TEXTS)
    assert len(ozon.asked) == len(TEXTS) - AT_ONCE


async def test_too_short_and_cut_off_answers_say_nothing(database: Database) -> None:
    ozon = Ozon({1000 + number: f"Марка {number}" for number in range(150)})
    await ask(database, ozon, {1: "М", 2: "Марка", 3: "Нет такой"})
    assert ozon.asked == ["Марка", "Нет такой"]
    assert await gone(database) == {3}


async def test_mark_of_an_earlier_release_counts_for_nothing(database: Database) -> None:
    name = f"{CHECKED}85:"
    await database.run(lambda unit: unit.preferences.set(name, NOW.isoformat()))
    used = [UsedValues(BRANDS, TYPE, 85, {1: TEXTS[1]})]
    assert len(await database.run(lambda unit: stale(unit, used, NOW))) == 1
    await database.run(lambda unit: note_checked(unit, BRANDS, [1], NOW))
    assert await database.run(lambda unit: stale(unit, used, NOW)) == []


async def test_only_cards_to_be_sent_are_asked_about(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    application = shop.application
    built: list[str] = []
    fields = CardBuilder.dictionary_fields

    def counted(self: CardBuilder, product: Any, dictionaries: Any) -> Any:
        built.append(product.id)
        return fields(self, product, dictionaries)

    monkeypatch.setattr(CardBuilder, "dictionary_fields", counted)
    later = application.clock() + timedelta(hours=25)
    monkeypatch.setattr(application.cards, "_clock", lambda: later)
    shop.line.mend()
    await application.cards.resolve_values(shop.integration, silent, lambda unit: (read_entered(unit, shop.integration), ["id-RU-2"]))
    assert set(built) == {"id-RU-2"}
    assert shop.line.sent()[SEARCH] == 1, "one brand"
    shop.line.mend()
    await application.cards.resolve_values(shop.integration, silent)
    assert SEARCH not in shop.line.sent(), "the others have the same brand"
    assert len(set(built)) == 3


async def test_preview_after_everything_was_sent_asks_about_no_values(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    application = shop.application
    await application.sync.run(shop.integration, silent)
    await application.previews.preview(shop.integration, silent)
    later = application.clock() + timedelta(hours=25)
    monkeypatch.setattr(application.cards, "_clock", lambda: later)
    shop.line.mend()
    await application.previews.preview(shop.integration, silent)
    assert not {path for path in shop.line.sent() if "attribute/values" in path}
    await application.cards.resolve_values(shop.integration, silent)
    assert {path for path in shop.line.sent() if "attribute/values" in path}
