"""The order of names: numbers as numbers, «ё» beside «е», case does not count; the same for every text a shop may have."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.russian_order import in_russian_order, russian_order, russian_orders

TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("еёЕЁжк012АБ -"), max_size=12)


@pytest.mark.parametrize(
    "ordered",
    [
        ("А-2", "А-10"),
        ("Ёлка", "Жилет"),
        ("ежик", "ёжик", "ежиха"),
        ("ЕЖИК", "Ёжик", "ежиха"),
        ("Еда", "Ёлка", "Ель", "Жаба"),
        ("всё 2", "все 10"),
        ("размер 9", "Размер 9,5", "размер 10"),
        ("SP-9", "sp-10", "SP-100", "SP-100a"),
        ("7", "007", "10"),
        ("", "-", "1", "a", "z", "а", "я"),
        ("Йод", "Калий"),
    ],
)
def test_names_stand_as_a_reader_expects(ordered: Sequence[str]) -> None:
    backwards = list(ordered[::-1])
    assert sorted(backwards, key=russian_order) == list(ordered)


def test_letters_in_two_parts_are_the_same_letters() -> None:
    assert russian_order("е\u0308лка") == russian_order("ёлка")
    assert russian_order("и\u0306од") == russian_order("Йод")


@given(st.lists(TEXTS, max_size=8))
def test_a_key_is_the_same_alone_and_among_others(texts: list[str]) -> None:
    assert russian_orders(texts) == [russian_order(text) for text in texts]


@given(TEXTS, TEXTS)
def test_only_the_case_makes_no_difference(one: str, other: str) -> None:
    controls = {0: " ", 1: " "}
    same = one.translate(controls).casefold() == other.translate(controls).casefold()
    assert same <= (russian_order(one) == russian_order(other))
    if "\u0308" not in one + other and "\u0306" not in one + other:
        assert (russian_order(one) == russian_order(other)) <= same


@given(TEXTS, TEXTS, TEXTS)
def test_yo_decides_only_between_the_same_words(before: str, after: str, other: str) -> None:
    yo, ye = f"{before}ё{after}", f"{before}е{after}"
    assert russian_order(ye) < russian_order(yo)
    if other.casefold().replace("ё", "е") != yo.casefold().replace("ё", "е"):
        plain = russian_order(other.replace("ё", "е").replace("Ё", "Е"))
        assert (plain < russian_order(ye)) == (plain < russian_order(yo))


@given(st.integers(min_value=0), st.integers(min_value=0), st.text("абв -", max_size=3), st.text("абв -", max_size=3))
def test_numbers_are_compared_by_their_value(one: int, other: int, before: str, after: str) -> None:
    first, second = f"{before}{one}{after}", f"{before}{other}{after}"
    assert (russian_order(first) < russian_order(second)) == (one < other)


def test_things_are_sorted_by_their_names_and_equal_ones_stay() -> None:
    things = [("А-10", 1), ("а-2", 2), ("Жилет", 3), ("А-2", 4), ("Ёлка", 5)]
    assert [number for _, number in in_russian_order(things, lambda thing: thing[0])] == [2, 4, 1, 5, 3]
