"""Headings nobody wrote down: words akin to known ones, signs for things, and the trade of the store keep a place among the five."""

from functools import cache

import pytest

from ozon_desktop.domain.matching import Evidence, TypeMatcher
from ozon_desktop.domain.matching.likeness import Kin, Kinship, to_cyrillic
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


def test_categories_that_name_the_same_thing_are_not_asked_about_each_other() -> None:
    """Fifteen kinds of oil would all say «engine oil»: what the shop sells is told by the rest."""
    tree = OzonTree.build(
        [OzonCategory(1, None, "Гараж"), OzonCategory(2, None, "Еда")],
        [OzonType(TypeKey(1, 1), "Масло"), OzonType(TypeKey(2, 2), "Мука")],
    )
    matcher = TypeMatcher(tree, TABLES)
    store = [Evidence((f"Масло {kind}",)) for kind in ("горчичное", "тыквенное", "льняное", "кедровое")]
    store += [Evidence((f"Мука {kind}",)) for kind in ("ржаная", "льняная", "кедровая")]
    around = [surroundings for _, _, surroundings in matcher.study(store)]
    assert around[0].shop.base(1) == pytest.approx(0, abs=0.01)
    assert around[0].shop.base(2) == pytest.approx(1, abs=0.01)
    assert around[-1].shop.base(1) == pytest.approx(1, abs=0.01)


def test_a_lonely_category_has_nothing_around_it() -> None:
    tree = OzonTree.build([OzonCategory(1, None, "Гараж")], [OzonType(TypeKey(1, 1), "Масло")])
    _, _, around = TypeMatcher(tree, TABLES).study([Evidence(("Масло",))])[0]
    assert around.shop.strength == around.siblings.strength == around.shop.base(1) == around.shop.type(0) == 0
    assert not around.has_children


def test_a_mapped_category_speaks_of_the_rest_of_the_store() -> None:
    """The manager chose the garden for «Перчатки»; so «Рукавицы» are for the garden too, named alike in both trades."""
    categories = [OzonCategory(1, None, "Дача"), OzonCategory(2, None, "Гардероб")]
    garden, clothes = TypeKey(1, 2), TypeKey(2, 4)
    types = [
        OzonType(TypeKey(1, 1), "Перчатки"),
        OzonType(garden, "Рукавицы"),
        OzonType(TypeKey(2, 3), "Перчатки"),
        OzonType(clothes, "Рукавицы"),
    ]
    matcher = TypeMatcher(OzonTree.build(categories, types), TABLES)
    for key, expected in ((TypeKey(1, 1), garden), (TypeKey(2, 3), clothes)):
        ranked = matcher.best_of_store([Evidence(("Товары", "Перчатки"), mapped=key), Evidence(("Товары", "Рукавицы"))], wanted={1})
        assert ranked[0] == []
        assert ranked[1][0].key == expected


def test_spare_parts_of_what_the_path_names_are_considered() -> None:
    part = TypeKey(1, 2)
    types = [
        OzonType(TypeKey(1, 1), "Вязальная машина"),
        OzonType(part, "Запчасть для вязальной машины"),
        OzonType(TypeKey(1, 3), "Перфоратор"),
    ]
    matcher = TypeMatcher(OzonTree.build([OzonCategory(1, None, "Рукоделие")], types), TABLES)
    found = matcher.best(Evidence(("Аксессуары", "Для вязальных машин", "Моталки")))
    assert part in [match.key for match in found]


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


SHOP = OzonTree.build(
    [
        OzonCategory(1, None, "Продукты питания"),
        OzonCategory(2, 1, "Масла"),
        OzonCategory(3, None, "Автотовары"),
        OzonCategory(4, 3, "Смазки"),
    ],
    [
        OzonType(TypeKey(2, 1), "Масло"),
        OzonType(TypeKey(2, 2), "Семена тыквы"),
        OzonType(TypeKey(4, 3), "Масло"),
        OzonType(TypeKey(4, 4), "Сальник двигателя"),
    ],
)


@pytest.mark.parametrize(("word", "key"), [("тыквы", TypeKey(2, 1)), ("двигателя", TypeKey(4, 3))])
def test_a_word_that_names_no_thing_still_says_of_which_trade_it_is(word: str, key: TypeKey) -> None:
    assert TypeMatcher(SHOP, TABLES).best(Evidence((f"Масло {word}",)))[0].key == key


def test_a_name_of_a_word_that_elsewhere_says_nothing_is_read_where_a_type_is_called_so() -> None:
    assert names("Топы")[0] == "Топ"
    assert names("Новинки") == []


def test_names_without_goods_are_never_certain() -> None:
    store = [Evidence(("Обувь", "Топы")), Evidence(("Обувь", "Барсетки")), Evidence(("Обувь", "Новинки"))]
    found = matcher().best_of_store(store)[-1]
    assert all(match.confidence <= 0.5 for match in found)


def test_accessories_beside_the_thing_are_not_what_a_name_speaks_of() -> None:
    """«Блендеры и аксессуары» lists both."""
    studied = matcher().study([Evidence(("Лодки и аксессуары", "Лодки")), Evidence(("Аксессуары для лодки", "Прочее"))])
    assert [heading.says_parts for _, heading, _ in studied] == [False, True]
