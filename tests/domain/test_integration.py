"""Rules of the integration page: required fields, VAT rates, Client ID, the life of a key."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from ozon_desktop.domain.integration import (
    REQUIRED_FIELDS,
    ConnectionReport,
    FieldProblem,
    IntegrationSettings,
    LimitUsage,
    Scheme,
    UpdateTrigger,
    VatRate,
    parse_client_id,
    parse_vat,
    same_vat,
    settings_problems,
)

FULL = IntegrationSettings(100500, Scheme.FBS, "s", None, "o", "e", "p", VatRate.VAT_22, UpdateTrigger.HOURLY)
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def test_direction_alone_may_stay_empty() -> None:
    assert settings_problems(FULL, True) == {}
    names = {field.name for field in fields(IntegrationSettings)}
    assert set(REQUIRED_FIELDS) == (names - {"order_direction_id", "vat_of_product"}) | {"api_key"}
    assert settings_problems(IntegrationSettings(), False) == dict.fromkeys(REQUIRED_FIELDS, FieldProblem.REQUIRED)


@pytest.mark.parametrize("name", [name for name in REQUIRED_FIELDS if name != "api_key"])
def test_each_required_field_is_asked_for(name: str) -> None:
    emptied = replace(FULL, **{name: None})  # type: ignore[arg-type]
    assert settings_problems(emptied, True) == {name: FieldProblem.REQUIRED}


def test_eighteen_percent_and_a_negative_client_id_are_problems() -> None:
    assert settings_problems(replace(FULL, vat_rate=VatRate.VAT_18), True) == {"vat_rate": FieldProblem.VAT_NOT_ACCEPTED}
    assert settings_problems(replace(FULL, client_id=-1), True) == {"client_id": FieldProblem.NOT_POSITIVE_INTEGER}


def test_ozon_gets_the_rates_it_takes() -> None:
    values = {rate.ozon_value for rate in VatRate if rate.accepted_by_ozon}
    assert values == {"0", "0.05", "0.07", "0.1", "0.2", "0.22"}
    with pytest.raises(ValueError, match="18"):
        _ = VatRate.VAT_18.ozon_value


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("20", "20"),
        ("20%", "20"),
        (" 22,00 ", "22"),
        ("Без НДС", "none"),
        ("0", "none"),
        ("10.0", "10"),
        ("33", None),
        ("", None),
        (None, None),
    ],
)
def test_rates_as_store_files_write_them(text: str | None, rate: str | None) -> None:
    assert parse_vat(text) == (None if rate is None else VatRate(rate))


def test_ozon_writes_one_rate_in_several_ways() -> None:
    assert same_vat("0.1", 0.1)
    assert same_vat("0.10", "0.1")
    assert not same_vat("0.1", "0.2")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (" 100500 ", 100500),
        ("", None),
        ("0", FieldProblem.NOT_POSITIVE_INTEGER),
        ("-5", FieldProblem.NOT_POSITIVE_INTEGER),
        ("1e5", FieldProblem.NOT_POSITIVE_INTEGER),
        ("١٢٣", FieldProblem.NOT_POSITIVE_INTEGER),
        ("9" * 30, FieldProblem.NOT_POSITIVE_INTEGER),
    ],
)
def test_client_id_as_typed(text: str, found: object) -> None:
    assert parse_client_id(text) == found


def test_days_left_and_limits_left() -> None:
    report = ConnectionReport("К", "RUB", (), (), NOW + timedelta(days=13, hours=23), NOW)
    assert report.days_left(NOW) == 13
    assert replace(report, expires_at=None).days_left(NOW) is None
    assert (LimitUsage("total", 10, 3).left, LimitUsage("total", 10, 30).left, LimitUsage("total", -1, 3).left) == (7, 0, None)


def test_goods_that_lie_at_ozon_need_no_stock() -> None:
    assert [scheme.sends_stock for scheme in (Scheme.FBO, Scheme.FBS, Scheme.RFBS)] == [False, True, True]
