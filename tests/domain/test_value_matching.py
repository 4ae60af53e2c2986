"""Store texts and dictionary values: which are surely the same, which are only close, and what a remembered answer does."""

import pytest

from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.value_matching import (
    NOTHING,
    KnownValues,
    ValueChoice,
    apply_choices,
    close_values,
    form_key,
    has_forms,
    same_form,
)

COLOURS = tuple(DictionaryValue(number, name) for number, name in enumerate(("красный", "тёмно-красный", "бордовый", "чёрный", "белый"), 1))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("красная", "красный"),
        ("Темно-красное", "тёмно-красный"),
        ("ЧЁРНЫЕ", "чёрный"),
        ("белого", "белый"),
        ("красноватый", None),
        ("", None),
    ],
)
def test_word_forms_are_the_same_value(text: str, value: str | None) -> None:
    found = same_form(text, COLOURS)
    assert (found.value if found is not None else None) == value


def test_form_that_fits_two_values_is_none_of_them() -> None:
    twins = (DictionaryValue(1, "Мужской"), DictionaryValue(2, "Мужские"))
    assert same_form("мужская", twins) is None
    assert same_form("мужская", twins[:1]) == twins[0]
    assert same_form("мужская", (twins[0], DictionaryValue(9, "мужской"))) == twins[0], "one name under two numbers is one value"


def test_numbers_and_foreign_words_have_no_forms() -> None:
    assert not has_forms("XL 42")
    assert form_key("Nike 42") == ("nike", "42")
    assert form_key("размер 42") != form_key("размер 43")


def test_close_values_come_most_alike_first() -> None:
    assert [value.value for value in close_values("красный тёмный", COLOURS)][:2] == ["тёмно-красный", "красный"]
    assert close_values("краснй", COLOURS)[0].value == "красный"
    assert close_values("зелёный в горошек", (DictionaryValue(1, "м"), DictionaryValue(2, "XXL"))) == ()


def test_answers_win_over_exact_texts_and_those_over_forms() -> None:
    key = DictionaryKey(1)
    one, two, three = COLOURS[:3]
    pair = (key, "красная")
    assert KnownValues({pair: two}, {pair: one}, {pair: three})(key, " КРАСНАЯ ") == one
    assert KnownValues({pair: two}, {}, {pair: three})(key, "красная") == two
    assert KnownValues({}, {}, {pair: three})(key, "красная") == three
    assert KnownValues()(key, "красная") is None


def test_answer_for_one_type_serves_another_whose_dictionary_has_the_value() -> None:
    here, there, elsewhere = (DictionaryKey(5, TypeKey(1, number)) for number in (1, 2, 3))
    answers = {(5, "крсн"): [ValueChoice(here, "крсн", DictionaryValue(10, "красный"))]}
    exact = {(there, "красный"): DictionaryValue(20, "красный")}
    found = apply_choices([(here, "крсн"), (there, "крсн"), (elsewhere, "крсн"), (here, "другое")], answers, exact)
    assert found == {(here, "крсн"): DictionaryValue(10, "красный"), (there, "крсн"): DictionaryValue(20, "красный")}


def test_own_answer_of_a_type_comes_first_and_none_is_an_answer() -> None:
    here, there = (DictionaryKey(5, TypeKey(1, number)) for number in (1, 2))
    answers = {(5, "пегий"): [ValueChoice(here, "пегий", None), ValueChoice(there, "пегий", DictionaryValue(7, "белый"))]}
    assert apply_choices([(here, "пегий"), (there, "пегий")], answers, {}) == {
        (here, "пегий"): NOTHING,
        (there, "пегий"): DictionaryValue(7, "белый"),
    }
