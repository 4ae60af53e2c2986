"""Numbers and barcodes as store files write them."""

from decimal import Decimal

import pytest

from ozon_desktop.store.numbers import decimal_of, split_codes


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


@pytest.mark.parametrize("written", ["", "дорого", "1-2", "nan", "inf", "1e999", "9" * 40, "1,2,3", "100 руб"])
def test_other_texts_are_no_number(written: str) -> None:
    assert decimal_of(written) is None


def test_barcodes_are_split_and_each_kept_once() -> None:
    assert split_codes(["2000000000011, 2000000000028", "2000000000011;", ""]) == ("2000000000011", "2000000000028")
