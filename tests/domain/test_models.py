"""Sizes in brackets, and names that sizes of one model share."""

import pytest

from ozon_desktop.domain.models import bracket_properties, shared_name, without_brackets


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Слипоны (37, Синий)", {"Размер": "37", "Цвет": "Синий"}),
        ("Слипоны (тёмно-синий, р. 37,5)", {"Цвет": "тёмно-синий", "Размер": "37,5"}),
        ("Слипоны (размер 37-38)", {"Размер": "37-38"}),
        ("Футболка (XXL)", {"Размер": "XXL"}),
        ("Футболка (2XL, Чёрная)", {"Размер": "2XL", "Цвет": "Чёрная"}),
        ("Футболка (48 р.)", {"Размер": "48"}),
        ("Чашка (в подарочной коробке)", {}),
        ("Чашка", {}),
        ("(37)", {}),
    ],
)
def test_size_and_colour_are_found_in_brackets(name: str, found: dict[str, str]) -> None:
    assert dict(bracket_properties(name)) == found


def test_what_sizes_share_is_their_model() -> None:
    assert without_brackets("Слипоны летние (37, Синий)") == "Слипоны летние"
    assert shared_name(["Слипоны Бриз 37", "Слипоны Бриз 38"]) == "Слипоны Бриз"
    assert shared_name(["Слипоны Бриз (37)", "Слипоны Бриз (38)"]) == "Слипоны Бриз"
    assert shared_name(["Слипоны Бриз, 37", "Слипоны Бриз, 38"]) == "Слипоны Бриз"
    assert shared_name(["Слипоны", "Тапки"]) == "Слипоны"
    assert shared_name([]) == ""
