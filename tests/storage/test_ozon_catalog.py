"""Ozon's tree, attributes and dictionaries as they are kept."""

from dataclasses import replace

import pytest

from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, DictionaryState, DictionaryValue, OzonCategory, OzonType, TypeKey
from ozon_desktop.errors import NotFound
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.storage.conftest import NOW

BIG = 9_007_199_254_740_993
HOME, GARDEN = OzonCategory(BIG, None, "Дом"), OzonCategory(2, None, "Сад")
KITCHEN = OzonCategory(21, BIG, "Кухня")
KNIVES = OzonCategory(22, 21, "Ножи", disabled=True)
POTS = OzonCategory(31, 2, "Горшки")
KNIFE, BREAD = OzonType(TypeKey(22, BIG), "Нож"), OzonType(TypeKey(22, 6), "Нож для хлеба", disabled=True)
POT = OzonType(TypeKey(31, BIG), "Горшок")
COLOURS = DictionaryKey(1494)
BRANDS = DictionaryKey(BIG, TypeKey(22, BIG))


@pytest.fixture
def filled(database: Database) -> Database:
    database.run_sync(lambda unit: unit.ozon.save_base([GARDEN, HOME]))
    database.run_sync(lambda unit: unit.ozon.save_children([BIG, 2], [KITCHEN, KNIVES, POTS], [BREAD, KNIFE, POT]))
    return database


def test_the_tree_comes_back_in_ozons_order(filled: Database) -> None:
    tree = filled.run_sync(lambda unit: unit.ozon.tree())
    assert tree.base == (GARDEN, HOME)
    assert list(tree.types_below([BIG])) == [BREAD, KNIFE]
    assert tree.type_path(KNIFE.key) == ("Дом", "Кухня", "Ножи", "Нож")
    assert tree.types_of[31] == (POT,)


def test_fetching_again_doubles_nothing(filled: Database) -> None:
    before = filled.run_sync(lambda unit: unit.ozon.tree())
    filled.run_sync(lambda unit: unit.ozon.save_base([GARDEN, HOME]))
    filled.run_sync(lambda unit: unit.ozon.save_children([BIG, 2], [KITCHEN, KNIVES, POTS], [BREAD, KNIFE, POT]))
    assert filled.run_sync(lambda unit: unit.ozon.tree()) == before


def test_a_base_category_that_is_missing_is_gone_and_may_return(filled: Database) -> None:
    filled.run_sync(lambda unit: unit.ozon.save_base([HOME]))
    assert filled.run_sync(lambda unit: unit.ozon.tree()).categories[2].gone
    filled.run_sync(lambda unit: unit.ozon.save_base([HOME, GARDEN]))
    tree = filled.run_sync(lambda unit: unit.ozon.tree())
    assert not tree.categories[2].gone
    assert tree.types_of[31] == (POT,)


def test_children_that_are_missing_are_gone_and_may_return(filled: Database) -> None:
    filled.run_sync(lambda unit: unit.ozon.save_attributes(KNIFE.key, [], NOW))
    filled.run_sync(lambda unit: unit.ozon.save_children([BIG], [KITCHEN], []))
    tree = filled.run_sync(lambda unit: unit.ozon.tree())
    assert {id_ for id_, category in tree.categories.items() if category.gone} == {22}
    assert {key for key, type_ in tree.types.items() if type_.gone} == {KNIFE.key, BREAD.key}
    filled.run_sync(lambda unit: unit.ozon.save_children([BIG], [KITCHEN, KNIVES], [KNIFE]))
    tree = filled.run_sync(lambda unit: unit.ozon.tree())
    assert tree.types[KNIFE.key] == replace(KNIFE, settings_at=NOW)
    assert tree.types[BREAD.key].gone
    assert not tree.categories[22].gone


def test_a_category_moved_to_another_base_belongs_there(filled: Database) -> None:
    moved = replace(KNIVES, parent_id=2)
    filled.run_sync(lambda unit: unit.ozon.save_children([2], [POTS, moved], [POT, KNIFE]))
    filled.run_sync(lambda unit: unit.ozon.save_children([BIG], [KITCHEN], []))
    tree = filled.run_sync(lambda unit: unit.ozon.tree())
    assert tree.categories[22] == moved
    assert not tree.types[KNIFE.key].gone


def test_attributes_come_back_in_ozons_order(filled: Database) -> None:
    full = Attribute(BIG, "Цвет", "Какой", "String", True, True, True, 8, BIG, "Общие", 1494, True, BIG, True)
    filled.run_sync(lambda unit: unit.ozon.save_attributes(KNIFE.key, [Attribute(1, "Старый")], NOW))
    filled.run_sync(lambda unit: unit.ozon.save_attributes(KNIFE.key, [full, Attribute(85, "Бренд")], NOW))
    assert filled.run_sync(lambda unit: unit.ozon.attributes(KNIFE.key)) == [full, Attribute(85, "Бренд")]
    assert filled.run_sync(lambda unit: unit.ozon.attributes(BREAD.key)) == []


def test_attributes_of_several_types_come_together(filled: Database) -> None:
    """Those of the pairs that are asked for: the numbers of one pair in others are not meant."""
    names = {KNIFE.key: ["Сталь", "Длина"], BREAD.key: ["Цвет"], POT.key: ["Объём"]}

    def save(unit: UnitOfWork) -> None:
        for key, ordered in names.items():
            unit.ozon.save_attributes(key, [Attribute(number, name) for number, name in enumerate(ordered, 1)], NOW)

    filled.run_sync(save)
    unknown, wanted = TypeKey(31, 6), [KNIFE.key, POT.key]
    found = filled.run_sync(lambda unit: unit.ozon.attributes_of([*wanted, unknown]))
    assert {key: [attribute.name for attribute in attributes] for key, attributes in found.items()} == {
        **{key: names[key] for key in wanted},
        unknown: [],
    }
    many = [*wanted, *(TypeKey(31, number) for number in range(1_000, 2_000))]
    assert {key: found[key] for key in wanted} == {
        key: attributes for key, attributes in filled.run_sync(lambda unit: unit.ozon.attributes_of(many)).items() if attributes
    }


def test_attributes_of_an_unknown_type_are_refused(filled: Database) -> None:
    with pytest.raises(NotFound):
        filled.run_sync(lambda unit: unit.ozon.save_attributes(TypeKey(22, 31), [], NOW))


def values(*texts: str, start: int = 1) -> list[DictionaryValue]:
    return [DictionaryValue(start + number, text) for number, text in enumerate(texts)]


def search(database: Database, text: str, limit: int = 50, key: DictionaryKey = COLOURS) -> list[str]:
    return [value.value for value in database.run_sync(lambda unit: unit.ozon.search_values(key, text, limit))]


def test_values_come_back_whole_and_are_overwritten(database: Database) -> None:
    first = DictionaryValue(BIG, "Красный", "тёплый", "https://example.org/red.png")
    database.run_sync(lambda unit: unit.ozon.save_values(COLOURS, [replace(first, value="Красн"), first, *values("Синий")]))
    database.run_sync(lambda unit: unit.ozon.save_values(COLOURS, [first]))
    assert database.run_sync(lambda unit: unit.ozon.search_values(COLOURS, "красный")) == [first]
    assert database.run_sync(lambda unit: unit.ozon.value_count()) == 2


def test_search_gives_beginnings_first_then_the_rest(database: Database) -> None:
    database.run_sync(lambda unit: unit.ozon.save_values(COLOURS, values("Тёмно-Зелёный", "зелень", "Зелёный", "Белый", "светло зеленый")))
    assert search(database, "ЗЕЛЁ") == ["Зелёный", "зелень", "светло зеленый", "Тёмно-Зелёный"]
    assert search(database, " зел ", 2) == ["Зелёный", "зелень"]
    assert search(database, "нет такого") == []


def test_an_empty_search_gives_the_first_by_name(database: Database) -> None:
    database.run_sync(lambda unit: unit.ozon.save_values(COLOURS, values("Синий", "Белый", "Алый")))
    assert search(database, "", 2) == ["Алый", "Белый"]


@pytest.mark.parametrize("text", ["100%", "a*b", "\\", "[x]", "'"])
def test_search_takes_signs_literally(database: Database, text: str) -> None:
    database.run_sync(lambda unit: unit.ozon.save_values(COLOURS, values(f"хлопок {text}", "хлопок 1000", "aXb", "x")))
    assert search(database, text) == [f"хлопок {text}"]


def test_dictionaries_of_different_types_are_apart(database: Database) -> None:
    other = DictionaryKey(BRANDS.dictionary_id, TypeKey(31, BIG))
    database.run_sync(lambda unit: unit.ozon.save_values(BRANDS, values("Zwilling")))
    database.run_sync(lambda unit: unit.ozon.save_values(other, values("Ikea", "Zepter")))
    assert search(database, "z", key=BRANDS) == ["Zwilling"]
    assert search(database, "z", key=other) == ["Zepter"]
    assert search(database, "z", key=DictionaryKey(BRANDS.dictionary_id)) == []


def test_states_of_dictionaries(database: Database) -> None:
    assert database.run_sync(lambda unit: unit.ozon.dictionary_state(BRANDS)) is None
    database.run_sync(lambda unit: unit.ozon.save_values(BRANDS, values("Zwilling", "Tefal")))
    database.run_sync(lambda unit: unit.ozon.save_values(BRANDS, values("Tefal", "Ikea", start=2)))
    under_way = database.run_sync(lambda unit: unit.ozon.dictionary_state(BRANDS))
    database.run_sync(lambda unit: unit.ozon.finish_dictionary(BRANDS, True, NOW))
    database.run_sync(lambda unit: unit.ozon.finish_dictionary(COLOURS, False, NOW))
    assert under_way == DictionaryState(BRANDS, False, 3, None)
    assert database.run_sync(lambda unit: unit.ozon.dictionary_states()) == {
        BRANDS: DictionaryState(BRANDS, True, 3, NOW),
        COLOURS: DictionaryState(COLOURS, False, 0, NOW),
    }
    assert database.run_sync(lambda unit: unit.ozon.value_count()) == 3


def test_exact_texts_are_found_in_many_dictionaries_at_once(database: Database) -> None:
    database.run_sync(lambda unit: unit.ozon.save_values(COLOURS, values("Чёрный", "Белый", "черный")))
    database.run_sync(lambda unit: unit.ozon.save_values(BRANDS, values("Белый")))
    pairs = [(COLOURS, "  ЧЕРНЫЙ "), (COLOURS, "бел"), (BRANDS, "белый"), (DictionaryKey(5), "белый")]
    assert database.run_sync(lambda unit: unit.ozon.find_values(pairs)) == {
        (COLOURS, "черный"): DictionaryValue(1, "Чёрный"),
        (BRANDS, "белый"): DictionaryValue(1, "Белый"),
    }


def test_many_values_are_found_and_counted(database: Database) -> None:
    many = values(*(f"Бренд {number:05}" for number in range(3000)))
    database.run_sync(lambda unit: unit.ozon.save_values(BRANDS, many))
    found = database.run_sync(lambda unit: unit.ozon.find_values([(BRANDS, value.value) for value in many]))
    assert len(found) == 3000
    assert search(database, "бренд 029", key=BRANDS)[:2] == ["Бренд 02900", "Бренд 02901"]
    assert database.run_sync(lambda unit: unit.ozon.value_count()) == 3000


def test_search_by_beginning_uses_the_index(sqlite_database: Database) -> None:
    """What keeps a dictionary of a million brands quick."""
    query = "EXPLAIN QUERY PLAN SELECT * FROM ozon_values WHERE dictionary = 1 AND folded >= 'а' AND folded < 'б' ORDER BY folded, value_id"
    plan = sqlite_database.run_sync(lambda unit: str(unit.preferences._connection.exec_driver_sql(query).all()))
    assert "ix_ozon_values_dictionary_folded" in plan
    assert "TEMP B-TREE" not in plan
