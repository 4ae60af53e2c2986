"""Times and money as Ozon really writes them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from ozon_desktop.ozon.models import decimal, moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("0001-01-01T00:00:00Z", None),
        ("2026-11-24T08:00:00Z", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("2026-11-24T08:00:00", datetime(2026, 11, 24, 8, tzinfo=UTC)),
        ("2026-11-24T08:00:00.5+03:00", datetime(2026, 11, 24, 5, 0, 0, 500000, UTC)),
        ("2026-11-24T08:00:00.40456663Z", datetime(2026, 11, 24, 8, 0, 0, 404566, UTC)),
        ("2026-11-24T08:00:00.123456789Z", datetime(2026, 11, 24, 8, 0, 0, 123456, UTC)),
        ("9999-12-31T23:59:59.999999900Z", datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)),
        ("9999-12-31T23:59:59-03:00", datetime.max.replace(tzinfo=UTC)),
        ("2026-11-24", datetime(2026, 11, 24, tzinfo=UTC)),
    ],
)
def test_times_are_utc(text: str | None, expected: datetime | None) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, None), ("", None), ("1100.00", Decimal("1100.00")), (1597, Decimal(1597)), (0.1, Decimal("0.1")), ("0", Decimal(0))],
)
def test_money_in_all_its_forms(value: str | float | None, expected: Decimal | None) -> None:
    assert decimal(value) == expected


@pytest.mark.parametrize("value", ["free", "Infinity", "NaN", float("inf")])
def test_what_is_no_number_is_not_taken_for_money(value: str | float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        decimal(value)
