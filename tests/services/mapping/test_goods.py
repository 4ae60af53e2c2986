"""What the names of the products say about the types suggested for their category."""

from ozon_desktop.domain.matching.evidence import MatchReason, SuggestionGroup
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.store_catalog import Product
from ozon_desktop.services.mapping.groups import group_of, mixed, same_question
from ozon_desktop.services.mapping.parts.goods import goods_of, with_names
from ozon_desktop.services.mapping.view import Goods, NamedBy, Suggestion


def product(number: int, name: str, vendor: str = "", **properties: str) -> Product:
    return Product(str(number), f"A-{number}", name, vendor=vendor, properties=tuple(properties.items()))


def suggestion(number: int, *path: str, named: NamedBy | None = None, chance: float = 0.4) -> Suggestion:
    return Suggestion(TypeKey(1, number), path, 0.5, MatchReason.NAME, chance=chance, named=named)


def test_words_that_the_category_does_not_say_are_counted_in_whatever_form() -> None:
    found = (suggestion(1, "Свет", "Настенный светильник"), suggestion(2, "Свет", "Настольный светильник"))
    goods = [
        product(1, "Бра настенное «Луна»"),
        product(2, "Светильник настенный"),
        product(3, "СВЕТИЛЬНИК НАСТОЛЬНЫЙ"),
        product(4, "Сова"),
    ]
    wall, table = with_names("Светильники", found, goods)
    assert (wall.named, table.named) == (NamedBy(("настенный",), 2, 4), NamedBy(("настольный",), 1, 4))


def test_a_type_that_says_no_more_than_the_category_is_looked_for_by_its_own_words() -> None:
    [found] = with_names("Термосы", (suggestion(1, "Посуда", "Термос"),), [product(1, "Термос 1 л"), product(2, "Крышка")])
    assert found.named == NamedBy(("термос",), 1, 2)


def test_small_words_are_no_evidence() -> None:
    [found] = with_names("Вещи", (suggestion(1, "Дом", "Чехол для пледа"),), [product(1, "Корм для кошек")])
    assert found.named == NamedBy((), 0, 1)


def test_the_sample_is_spread_over_the_products() -> None:
    goods = goods_of("Разное", [product(number, f"Товар {number}") for number in range(60)])
    assert goods.products == 60
    assert [article for article, _ in goods.sample] == ["A-0", "A-10", "A-20", "A-30", "A-40", "A-50"]


def test_a_category_called_as_the_maker_of_its_products_is_a_brand() -> None:
    made = [product(1, "Плед", vendor="BUBBLE home"), product(2, "Свеча", Бренд="Bubble Home"), product(3, "Ваза")]
    assert goods_of("Bubble Home", made).brand
    assert not goods_of("Bubble Home", made[2:]).brand
    assert not goods_of("Пледы", made).brand
    assert goods_of("Пусто", []) == Goods(0)


def few(wall: int, table: int, of: int = 4) -> tuple[Suggestion, ...]:
    return (
        suggestion(1, "Свет", "Бра", "Настенный", named=NamedBy(("настенный",), wall, of)),
        suggestion(2, "Свет", "Бра", "Настольный", named=NamedBy(("настольный",), table, of)),
    )


NAMES = {"a": "Светильники", "b": "светильник", "c": "Светильники", "d": "Лампы", "e": "Светильники"}


def test_a_choice_answers_categories_that_ask_the_same() -> None:
    other = (suggestion(3, "Свет", "Бра", "Третий"), suggestion(4, "Свет", "Бра", "Четвёртый"))
    found = {"a": few(1, 1), "b": few(0, 0), "c": few(1, 3), "d": few(4, 0), "e": other}
    assert same_question("a", TypeKey(1, 1), NAMES, found) == ("b",), "c's products say another, d is called otherwise, e has other types"
    assert same_question("a", TypeKey(1, 2), NAMES, found) == ("b", "c")


def test_products_of_several_kinds_have_no_type_in_common() -> None:
    several = (
        suggestion(1, "Дом", "Термосы", "Термос", named=NamedBy(("термос",), 2, 6)),
        suggestion(2, "Дом", "Свечи", "Свеча", named=NamedBy(("свеча",), 3, 6)),
    )
    assert mixed(several)
    assert group_of(several) is SuggestionGroup.UNSURE
    assert not mixed(few(2, 2)), "siblings of one category of Ozon"
    assert group_of(few(2, 2)) is SuggestionGroup.CHOICE
    assert not mixed((*several, suggestion(3, "Дом", "Подарки", "Набор", named=NamedBy(("набор",), 6, 6))))
