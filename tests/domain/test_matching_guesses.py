"""Headings nobody wrote down: words akin to known ones, signs for things, and the trade of the store keep a place among the five."""

from functools import cache

import pytest

from ozon_desktop.domain.matching import Evidence, TypeMatcher
from ozon_desktop.domain.matching.likeness import Kin, Kinship, to_cyrillic
from ozon_desktop.domain.matching.trade import homes
from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from tests.word_tables import TABLES

NAMES = {
    (1, 1): "Налобный фонарь", (1, 2): "Вагонка", (1, 3): "Клей канцелярский", (1, 4): "Клей для плитки", (1, 5): "Краска масляная",
    (1, 6): "Масло моторное", (1, 7): "Система обратного осмоса", (1, 8): "Аксессуар для лодки", (1, 9): "Барсетка", (1, 10): "Топ",
    (1, 11): "Плитка керамическая",
}  # fmt: skip
TREE = OzonTree.build([OzonCategory(1, None, "Всякое")], [OzonType(TypeKey(*key), name) for key, name in NAMES.items()])


@cache
def matcher() -> TypeMatcher:
    """Made when a test wants it: each worker imports this file, few run it."""
    return TypeMatcher(TREE, TABLES)


def names(*path: str) -> list[str]:
    return [TREE.types[match.key].name for match in matcher().best(Evidence(path))]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("Налобники",), "Налобный фонарь"),
        (("Евровагонка",), "Вагонка"),
        (("Борсетки",), "Барсетка"),
        (("Осмос",), "Система обратного осмоса"),
        (("Плиточный клей",), "Клей для плитки"),
        (("Топики",), "Топ"),
    ],
)
def test_unwritten_names_are_guessed(path: tuple[str, ...], name: str) -> None:
    assert names(*path)[0] == name


def test_parent_says_of_what_a_thing_is_made() -> None:
    assert "Краска масляная" in names("Краски", "Масло")


def test_accessory_is_offered_where_the_thing_is_unknown() -> None:
    assert "Аксессуар для лодки" in names("Кранцы на лодку")
    assert names("Кранцы") == []


@pytest.mark.parametrize(
    ("root", "stem", "kinship"),
    [
        ("трост", "", None),
        ("термоусадк", "термоусадочн", Kinship.FAMILY),
        ("евровагонк", "вагонк", Kinship.ENDING),
        ("борсетк", "барсетк", Kinship.SAME),
        ("barsetk", "барсетк", Kinship.SAME),
        ("суперклей", "", None),
    ],
)
def test_kin(root: str, stem: str, kinship: Kinship | None) -> None:
    vocabulary = {"термоусадочн": "термоусадочная", "вагонк": "вагонка", "барсетк": "барсетка", "кле": "клей"}
    found = Kin(vocabulary, lambda word: word).of(root)
    assert [(one.stem, one.kinship) for one in found] == ([(stem, kinship)] if kinship is not None else [])


def test_kin_of_a_vocabulary_that_grew() -> None:
    vocabulary = {"вагонк": "вагонка"}
    kin = Kin(vocabulary, lambda word: word)
    assert kin.of("налобник") == []
    vocabulary["налобн"] = "налобный"
    assert [one.stem for one in kin.of("налобник")] == ["налобн"]


def test_latin_words_by_ear() -> None:
    assert to_cyrillic("poster") == "постер"
    assert to_cyrillic("shorts") == "шортс"


def test_siblings_before_the_whole_store_say_the_home() -> None:
    store = [Evidence(("А", name)) for name in "абв"] + [Evidence(("Б", name)) for name in "гдежз"]
    guesses: list[tuple[int, float] | None] = [(1, 0.9), (1, 0.9), None, (2, 0.9), (2, 0.9), (2, 0.9), (2, 0.9), (3, 0.9)]
    assert homes(store, guesses)[2] == 1
    assert homes(store, guesses)[7] == 2
    assert homes(store[:1], guesses[:1]) == [None]


def test_a_type_of_the_stores_trade_keeps_a_place_among_the_five() -> None:
    """«Подушки» of a car shop: the exact namesakes are for the bed, yet the one for the car is offered."""
    car = TypeKey(2, 99)
    bed = ("Подушка", "Подушка большая", "Подушка мягкая", "Подушка пуховая", "Подушка детская", "Подушка квадратная")
    rest = ("Автошампунь", "Домкрат", "Парктроник", "Антифриз")
    tree = OzonTree.build(
        [OzonCategory(1, None, "Сон"), OzonCategory(2, None, "Шофёру")],
        [
            *(OzonType(TypeKey(1, number), name) for number, name in enumerate(bed, 1)),
            *(OzonType(TypeKey(2, number), name) for number, name in enumerate(rest, 1)),
            OzonType(car, "Подушка поясничная ортопедическая водительская"),
        ],
    )
    matcher = TypeMatcher(tree, TABLES)
    pillows = Evidence(("Подушки",))
    alone = [match.key for match in matcher.best(pillows)]
    in_store = [match.key for match in matcher.best_of_store([*(Evidence((name,)) for name in rest), pillows])[-1]]
    assert car not in alone
    assert car in in_store
    assert in_store[0] == alone[0]
