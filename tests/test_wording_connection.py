"""What a check of the connection says: missing rights by function, a key that expires, what is left of the limits."""

from datetime import UTC, datetime, timedelta

import pytest

from ozon_desktop.domain.integration import ConnectionReport, LimitUsage
from ozon_desktop.wording import NBSP, key_expiry_text, limit_left_text, missing_function_text, missing_function_words

NOW = datetime(2026, 11, 24, 11, 5, tzinfo=UTC)


def test_missing_rights_name_the_function_the_path_and_what_it_does() -> None:
    said = missing_function_text("prices", ["/v1/product/import/prices"])
    assert said == "Цены: нет прав на /v1/product/import/prices (отправка цен)"
    assert missing_function_words("prices", ["/v1/product/import/prices"]) == "Цены — не разрешено: отправка цен"
    both = missing_function_text("stocks", ["/v2/products/stocks", "/v9/never/heard/of"])
    assert both == "Остатки: нет прав на /v2/products/stocks (отправка остатков) и /v9/never/heard/of"


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (None, ""),
        (timedelta(days=15), ""),
        (timedelta(days=14, hours=23), "Ключ истекает через 14 дней, 09.12.2026"),
        (timedelta(days=1), "Ключ истекает через 1 день, 25.11.2026"),
        (timedelta(hours=2), "Ключ истекает сегодня"),
        (timedelta(0), "Ключ истёк 24.11.2026"),
        (timedelta(days=-3), "Ключ истёк 21.11.2026"),
    ],
)
def test_key_is_warned_of_fourteen_days_ahead(left: timedelta | None, said: str) -> None:
    expires_at = None if left is None else NOW + left
    assert key_expiry_text(ConnectionReport("", "RUB", (), (), expires_at, NOW), NOW).replace(NBSP, " ") == said


def test_limit_says_what_is_left_of_it() -> None:
    assert limit_left_text(LimitUsage("daily_create", 1500, 12)) == f"Создание карточек: 12 из 1{NBSP}500 на сегодня, осталось 1{NBSP}488"
    assert limit_left_text(LimitUsage("daily_create", 10, 12)).endswith("осталось 0")
    assert "осталось" not in limit_left_text(LimitUsage("total", -1, 12))
