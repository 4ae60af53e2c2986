"""Suggestions: names that fit come first, and the order does not depend on chance."""

from ozon_desktop.domain.matching import TypeMatcher
from ozon_desktop.domain.ozon_catalog import OzonCategory, OzonTree, OzonType, TypeKey

SHIRT, JACKET, SHOE, MAT, OLD = TypeKey(2, 20), TypeKey(2, 21), TypeKey(3, 30), TypeKey(4, 40), TypeKey(2, 22)
TREE = OzonTree.build(
    [OzonCategory(1, None, "Одежда и обувь"), OzonCategory(2, 1, "Одежда"), OzonCategory(3, 1, "Обувь"), OzonCategory(4, None, "Дом")],
    [
        OzonType(SHIRT, "Рубашка"),
        OzonType(JACKET, "Куртка зимняя"),
        OzonType(SHOE, "Кроссовки"),
        OzonType(MAT, "Коврик для ванной"),
        OzonType(OLD, "Рубашка старая", disabled=True),
    ],
)


def test_plural_case_and_yo_do_not_hide_a_type() -> None:
    matcher = TypeMatcher(TREE)
    assert matcher.best(("Магазин", "Рубашки"))[0].key == SHIRT
    assert matcher.best(("КОВРИКИ",))[0].key == MAT
    assert matcher.stems("Тёплые") == matcher.stems("теплые")


def test_product_names_help_where_the_category_says_nothing() -> None:
    best = TypeMatcher(TREE).best(("Новинки",), ["Кроссовки мужские Бег", "Кроссовки женские"])
    assert best[0].key == SHOE
    assert not best[0].by_name


def test_type_that_ozon_switched_off_is_not_suggested() -> None:
    assert OLD not in {match.key for match in TypeMatcher(TREE).best(("Рубашка старая",), limit=10)}


def test_confidence_is_a_share_and_falls() -> None:
    matches = TypeMatcher(TREE).best(("Одежда", "Рубашки и куртки"), ["Куртка зимняя"], limit=10)
    numbers = [match.confidence for match in matches]
    assert numbers == sorted(numbers, reverse=True)
    assert all(0 <= number <= 1 for number in numbers)
    assert len(TypeMatcher(TREE).best(("Одежда", "Рубашки и куртки"), limit=1)) == 1


def test_nothing_fits_nothing() -> None:
    assert TypeMatcher(TREE).best(("Ъ",)) == []
    assert TypeMatcher(TREE).best(()) == []
    assert TypeMatcher(OzonTree.build([], [])).best(("Рубашки",), ["Рубашка"]) == []
