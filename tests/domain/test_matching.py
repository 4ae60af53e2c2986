"""Suggestions: every source of evidence moves the ranking, and nothing Ozon switched off is ever proposed."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ozon_desktop.domain.matching import Evidence, Lesson, Match, MatchReason, TypeMatcher
from ozon_desktop.domain.matching.words import Role, Words, is_adjective
from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey
from tests.word_tables import TABLES

CATEGORIES: dict[int, tuple[Any, ...]] = {
    1: (None, "Одежда"), 2: (1, "Одежда"), 3: (None, "Обувь"), 4: (3, "Повседневная обувь"), 5: (None, "Электроника"),
    6: (5, "Телевизоры"), 7: (5, "Устройства ручного ввода"), 8: (None, "Товары для животных"), 9: (8, "Корма для кошек и собак"),
    10: (None, "Мебель"), 11: (10, "Кровати"), 12: (None, "Автотовары"), 13: (12, "Автоковрики и авточехлы"),
    14: (None, "Благотворительность"),
    15: (14, "Благотворительность. Одежда"), 16: (None, "Спорт и отдых"), 17: (16, "Спортивная одежда"), 18: (None, "Закрытое", True),
    19: (None, "Строительство и ремонт"), 20: (19, "Электродрели"), 21: (10, "Диваны и кресла"), 22: (None, "Товары для велоспорта"),
}  # fmt: skip
NAMES = {
    (2, 20): "Рубашка", (2, 21): "Футболка", (2, 22): "Майка", (2, 23): "Платье", (4, 30): "Кроссовки", (4, 31): "Ботинки",
    (6, 40): "Телевизор", (7, 41): "Пульт для телевизора", (9, 50): "Корм сухой", (8, 51): "Когтеточка", (11, 60): "Двуспальная кровать",
    (11, 61): "Кровать детская", (13, 70): "Коврики в салон автомобиля", (13, 71): "Коврик в багажник", (15, 23): "Платье",
    (17, 80): "Форма футбольная", (2, 80): "Форма футбольная", (20, 90): "Дрель-шуруповерт", (20, 91): "Дрель", (21, 92): "Прямой диван",
    (5, 93): "Смартфон", (5, 94): "Чехол для смартфона", (22, 95): "Велошлем", (16, 98): "Шлем защитный",
    (7, 96): "Пассатижи/плоскогубцы", (2, 97): "Аксессуар для дрели",
}  # fmt: skip
TREE = OzonTree.build(
    [OzonCategory(identity, row[0], row[1], disabled=len(row) > 2) for identity, row in CATEGORIES.items()],
    [
        *(OzonType(TypeKey(*key), name) for key, name in NAMES.items()),
        OzonType(TypeKey(2, 98), "Рубашка старая", disabled=True),
        OzonType(TypeKey(2, 99), "Рубашка ушедшая", gone=True),
        OzonType(TypeKey(18, 99), "Рубашка закрытая"),
    ],
)
SHOE, BOOT = TypeKey(4, 30), TypeKey(4, 31)


@cache
def matcher() -> TypeMatcher:
    """Made when a test wants it: each worker imports this file, few run it."""
    return TypeMatcher(TREE, TABLES)


def best(*path: str, products: tuple[str, ...] = (), **more: object) -> list[Match]:
    return matcher().best(Evidence(path, products, **more))  # type: ignore[arg-type]


def first(*path: str, products: tuple[str, ...] = (), **more: object) -> str:
    found = best(*path, products=products, **more)
    return TREE.types[found[0].key].name if found else ""


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("Рубашки",), "Рубашка"),
        (("РУБАШКА",), "Рубашка"),
        (("Телевизоры",), "Телевизор"),
        (("Пульты для телевизоров",), "Пульт для телевизора"),
        (("Для телевизора пульты",), "Пульт для телевизора"),
        (("Шуруповёрты",), "Дрель-шуруповерт"),
        (("Диваны",), "Прямой диван"),
        (("Телефоны",), "Смартфон"),
        (("Автоковрики",), "Коврики в салон автомобиля"),
        (("Шлемы для велосипеда",), "Велошлем"),
        (("Плоскогубцы",), "Пассатижи/плоскогубцы"),
        (("Кроссовки", "Женские"), "Кроссовки"),
        (("Детская мебель", "Кровати"), "Кровать детская"),
        (("Дрели",), "Дрель"),
        (("iPhone",), "Смартфон"),
    ],
)
def test_names_word_forms_and_everyday_words(path: tuple[str, ...], name: str) -> None:
    assert first(*path) == name


def test_exact_name_is_sure_and_says_so() -> None:
    found = best("Магазин", "Кроссовки")[0]
    assert found.confidence >= 0.9
    assert found.reason is MatchReason.NAME


def test_synonym_says_the_word() -> None:
    found = best("Диваны")[0]
    assert (found.reason, found.detail) == (MatchReason.WORDS, "диван")


def test_products_decide_where_the_name_says_nothing() -> None:
    found = best("Прочее", products=("Кроссовки мужские Бег", "Кроссовки женские"))[0]
    assert (found.key, found.reason, found.detail) == (SHOE, MatchReason.PRODUCTS, "Кроссовки мужские Бег")


def test_case_for_a_thing_is_not_the_thing() -> None:
    assert first("Новинки", products=("Чехол для смартфона Samsung", "Чехол для iPhone 13")) == "Чехол для смартфона"
    assert first("Новинки", products=("Смартфон Samsung с чехлом",)) == "Смартфон"


def test_property_value_decides() -> None:
    found = best("Новинки", products=("Арт. 12",), properties=(("Вид товара", "Ботинки"),))[0]
    assert (found.key, found.reason, found.detail) == (BOOT, MatchReason.PROPERTIES, "Ботинки")


def test_existing_cards_count_most() -> None:
    found = best("Кроссовки", products=("Кроссовки",), cards={BOOT: 3})[0]
    assert (found.key, found.reason) == (BOOT, MatchReason.CARDS)
    assert found.confidence >= 0.7


def test_relatives_choose_between_places_of_one_type() -> None:
    sport, clothes = TypeKey(17, 80), TypeKey(2, 80)
    assert best("Форма футбольная", relatives=(TypeKey(2, 20),))[0].key == clothes
    found = best("Форма футбольная", relatives=(sport,))[0]
    assert (found.key, found.reason) == (sport, MatchReason.RELATIVES)
    assert best("Спорт", "Форма футбольная")[0].key == sport


def test_charity_is_not_proposed_for_a_shop() -> None:
    assert best("Платья")[0].key == TypeKey(2, 23)


def test_parts_of_a_compound_heading_rank_high() -> None:
    names = [TREE.types[match.key].name for match in best("Футболки и майки")[:2]]
    assert sorted(names) == ["Майка", "Футболка"]


def test_lesson_teaches_and_gives_way_to_contrary_products() -> None:
    taught = TypeMatcher(TREE, TABLES, [Lesson(("Каталог", "Бегунки"), SHOE), Lesson(("Каталог", "Пропавшее"), TypeKey(77, 7))])
    found = taught.best(Evidence(("Другой магазин", "Бегунки")))[0]
    assert (found.key, found.reason) == (SHOE, MatchReason.LEARNED)
    assert found.confidence >= 0.8
    contrary = taught.best(Evidence(("Другой магазин", "Бегунки"), ("Платье летнее", "Платье вечернее")))[0]
    assert TREE.types[contrary.key].name == "Платье"
    assert matcher().best(Evidence(("Бегунки",))) == []


def test_lesson_for_the_same_path_wins_over_the_name() -> None:
    taught = TypeMatcher(TREE, TABLES, [Lesson(("Обувь", "Кроссовки"), BOOT)])
    assert taught.best(Evidence(("Обувь", "Кроссовки")))[0].key == BOOT


def test_lesson_for_a_name_without_meaning_holds_for_its_path() -> None:
    taught = TypeMatcher(TREE, TABLES, [Lesson(("Обувь", "Прочее"), BOOT)])
    assert taught.best(Evidence(("обувь", "ПРОЧЕЕ")))[0].key == BOOT
    assert taught.best(Evidence(("Одежда", "Прочее"), ("Платье",)))[0].key != BOOT


def test_nothing_fits_nothing() -> None:
    assert best("Ъ") == []
    assert best() == []
    assert matcher().best(Evidence(("Рубашки",)), limit=0) == []
    assert TypeMatcher(OzonTree.build([], []), TABLES).best(Evidence(("Рубашки",), ("Рубашка",))) == []


@pytest.mark.parametrize(
    "forms",
    [
        "кроссовки кроссовок", "ремень ремни", "кровать кровати", "масло масел", "полотенце полотенец", "пенал пеналы",
        "батарейка батареек",
        "одеяло одеял", "камень камни", "тёплый теплая", "собака собаки щенок", "цветок цветы",
    ],
)  # fmt: skip
def test_forms_of_a_word_share_a_stem(forms: str) -> None:
    words = Words(TABLES)
    assert len({words.read(form)[0].stem for form in forms.split()}) == 1


def test_roles_in_a_heading() -> None:
    roles = [word.role for word in Words(TABLES).read("Деревянная кровать для собак")]
    assert roles == [Role.ADJECTIVE, Role.HEAD, Role.COMPLEMENT]
    assert is_adjective("детские")
    assert not is_adjective("украшение")


def test_shared_words_of_a_compound_heading() -> None:
    words = Words(TABLES)
    readings = [{word.text for word in reading} for reading in words.parts("Шампуни и бальзамы для волос")]
    assert {"шампуни", "волос"} in readings
    assert words.parts("Корм для кошек и собак")[0] == words.read("Корм для кошек и собак")


def test_pet_forms_beginnings_and_misspellings_are_guessed_but_not_sure() -> None:
    for heading, name in (("Кроссовочки", "Кроссовки"), ("Телевиз", "Телевизор"), ("Телевизары", "Телевизор")):
        found = best(heading)[0]
        assert TREE.types[found.key].name == name
        assert found.confidence < 0.95


def test_what_a_thing_is_for_does_not_name_the_thing() -> None:
    found = best("Для смартфонов", products=("Чехол силиконовый", "Чехол книжка"))
    assert TREE.types[found[0].key].name == "Чехол для смартфона"
    assert all(match.confidence < 0.8 for match in best("Для смартфонов"))


def test_products_against_the_name_lower_the_confidence_and_are_among_the_five() -> None:
    found = best("Рубашки", products=("Смартфон", "Смартфон"))
    assert found[0].confidence < 0.8
    assert "Смартфон" in {TREE.types[match.key].name for match in found}


def test_narrower_words_of_parents_complete_a_name() -> None:
    tree = OzonTree.build(
        [OzonCategory(1, None, "Посуда"), OzonCategory(2, None, "Товары для животных")],
        [OzonType(TypeKey(1, 1), "Миска"), OzonType(TypeKey(2, 2), "Миска для животных")],
    )
    found = TypeMatcher(tree, TABLES).best(Evidence(("Попугаям", "Миски")))
    assert found[0].key == TypeKey(2, 2)


WORDS = st.sampled_from(
    [*NAMES.values(), "Прочее", "Женские", "Новинки", "для", "и", "iPhone", "Рубашка старая", "ё-", "12", "Диваны", "Аксессуары"]
)
TEXTS = st.lists(WORDS, max_size=4).map(" ".join) | st.text(max_size=12)


@cache
def made_again() -> TypeMatcher:
    """Another one over the same tree."""
    return TypeMatcher(TREE, TABLES)


@settings(max_examples=150, deadline=None)
@given(
    path=st.lists(TEXTS, max_size=4),
    products=st.lists(TEXTS, max_size=5),
    values=st.lists(st.tuples(st.sampled_from(["Тип", "Цвет"]), TEXTS), max_size=3),
    cards=st.dictionaries(st.sampled_from([SHOE, TypeKey(2, 98), TypeKey(9, 9)]), st.integers(1, 5), max_size=2),
    relatives=st.lists(st.sampled_from([SHOE, TypeKey(2, 98), TypeKey(17, 80)]), max_size=2),
    limit=st.integers(0, 8),
)
def test_always_sorted_bounded_repeatable_and_usable(
    path: list[str],
    products: list[str],
    values: list[tuple[str, str]],
    cards: dict[TypeKey, int],
    relatives: list[TypeKey],
    limit: int,
) -> None:
    evidence = Evidence(tuple(path), tuple(products), tuple(values), cards, tuple(relatives))
    found = matcher().best(evidence, limit)
    confidences = [match.confidence for match in found]
    assert len(found) <= limit
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 and confidence == round(confidence, 2) for confidence in confidences)
    assert {match.key for match in found} <= {TypeKey(*key) for key in NAMES}
    assert len({match.key for match in found}) == len(found)
    assert found == made_again().best(evidence, limit)


def test_sure_categories_of_a_store_decide_its_doubtful_ones() -> None:
    """«Перчатки» are of either trade: in a shop of garden goods they are for the garden."""
    garden, clothes = TypeKey(11, 1), TypeKey(21, 2)
    categories = [
        OzonCategory(1, None, "Дача"),
        OzonCategory(11, 1, "Инвентарь"),
        OzonCategory(2, None, "Гардероб"),
        OzonCategory(21, 2, "Наряды"),
    ]
    types = [OzonType(garden, "Перчатки"), OzonType(clothes, "Перчатки")]
    rest = ("Лопата", "Грабли", "Секатор", "Тачка")
    types += [OzonType(TypeKey(11, 10 + number), name) for number, name in enumerate(rest)]
    types += [OzonType(TypeKey(21, 30 + number), name) for number, name in enumerate(("Платье", "Юбка", "Пальто", "Шарф"))]
    matcher = TypeMatcher(OzonTree.build(categories, types), TABLES)
    gloves = Evidence(("Перчатки",))
    for trade, expected in ((rest, garden), (("Платье", "Юбка", "Пальто", "Шарф"), clothes)):
        ranked = matcher.best_of_store([*(Evidence((name,)) for name in trade), gloves])
        assert ranked[-1][0].key == expected
        assert [found[0].key for found in ranked[:-1]] == [matcher.best(Evidence((name,)))[0].key for name in trade]
