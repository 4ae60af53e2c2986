"""Numbers and barcodes as store files write them."""

from decimal import Decimal

import pytest

from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.store.numbers import Meaning, decimal_of, split_codes


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("100", "100"),
        ("1 234,50", "1234.50"),
        ("1\u00a0234.5", "1234.5"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        (" 0,5 ", "0.5"),
        (".5", "0.5"),
        ("-2", "-2"),
        ("−2", "-2"),
        ("1E-3", "0.001"),
    ],
)
def test_numbers_of_every_habit_are_read(written: str, value: str) -> None:
    assert decimal_of(written) == Decimal(value)


@pytest.mark.parametrize(
    "written", ["", "дорого", "1-2", "nan", "inf", "1e999", "9" * 40, "1,2,3", "100 руб", "10 20", "1 23 456", "12,34,567"]
)
def test_other_texts_are_no_number(written: str) -> None:
    assert decimal_of(written) is ImportProblemKind.WRONG_NUMBER


@pytest.mark.parametrize("written", ["1,234", "12,500", "-1,234", " 999,000 "])
def test_a_comma_that_may_part_thousands_is_never_guessed_at(written: str) -> None:
    for meaning in Meaning:
        assert decimal_of(written, meaning) is ImportProblemKind.AMBIGUOUS_NUMBER


def test_a_point_before_three_digits_is_exact_for_a_quantity_and_doubtful_for_money() -> None:
    assert decimal_of("7.000", Meaning.QUANTITY) == 7
    assert decimal_of("1.234", Meaning.PRICE) is ImportProblemKind.AMBIGUOUS_NUMBER
    assert decimal_of("0.500", Meaning.PRICE) == Decimal("0.5")
    assert decimal_of("1234.500", Meaning.PRICE) == Decimal("1234.5")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1 234,50 руб.", "1234.50"),
        ("1,234,567", "1234567"),
        ("1.234.567,80", "1234567.80"),
        ("1,234,567.50", "1234567.50"),
        ("1'234", "1234"),
        ("990₽", "990"),
        ("990 р", "990"),
        ("₽ 990", "990"),
        ("$12.30", "12.30"),
        ("990 руб/шт", "990"),
        ("99 руб. 90 коп.", "99.90"),
        ("1\u202f234 RUB", "1234"),
    ],
)
def test_words_of_money_are_understood(written: str, value: str) -> None:
    assert decimal_of(written, Meaning.PRICE) == Decimal(value)


@pytest.mark.parametrize("written", ["договорная", "от 900", "1000-1200", "по запросу", "5 шт", "руб", "1 2 руб"])
def test_words_that_are_no_price_are_none(written: str) -> None:
    assert decimal_of(written, Meaning.PRICE) is ImportProblemKind.WRONG_NUMBER


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (">10", 10),
        ("> 10 шт.", 10),
        ("более 10", 10),
        ("10+", 10),
        ("не менее 5", 5),
        ("5 шт", 5),
        ("нет", 0),
        ("Нет в наличии", 0),
        ("≥3", 3),
    ],
)
def test_a_quantity_is_never_more_than_its_words_promise(written: str, value: int) -> None:
    assert decimal_of(written, Meaning.QUANTITY) == value


@pytest.mark.parametrize("written", ["<5", "менее 5", "есть", "много", "в наличии", "5-10", "5 упак"])
def test_a_quantity_nobody_can_count_is_none(written: str) -> None:
    assert decimal_of(written, Meaning.QUANTITY) is ImportProblemKind.WRONG_NUMBER


def test_barcodes_are_split_and_each_kept_once() -> None:
    assert split_codes(["2000000000011, 2000000000028", "2000000000011;", ""]) == ("2000000000011", "2000000000028")
