"""Everything that rules, problems of prices and the guard can say, in Russian and with its numbers."""

from decimal import Decimal

import pytest

from ozon_desktop import wording
from ozon_desktop.domain.price_rules import Amounts, GuardLimits, PriceChange, PriceFault, PriceGuard, PriceProblem, PriceRule
from ozon_desktop.domain.stock_rules import Selling, Spread, StockException, WarehouseRule


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("fault", PriceFault)
def test_every_fault_of_prices_names_both_of_them(fault: PriceFault) -> None:
    text = plain(wording.price_problem_text(PriceProblem(fault, "old_price", Decimal(1990), Decimal("2000.5"))))
    assert "1 990,00 ₽" in text
    assert "2 000,50 ₽" in text


def test_rules_read_as_they_work() -> None:
    types = {"old": "Старая"}
    rule = PriceRule("old", Decimal("12.50"), Decimal(10), True)
    assert wording.price_rule_text(rule, types) == "тип цен «Старая» + 12,5 %, шаг 10, на конце 9"
    assert wording.price_rule_text(PriceRule(None, Decimal(-20)), types) == "цена − 20 %"
    assert wording.price_rule_text(None, types) == "не задана, на Ozon остаётся как есть"
    assert wording.guard_limits_text(GuardLimits(active=False)) == "выключена"


@pytest.mark.parametrize("spread", Spread)
def test_every_way_to_feed_a_warehouse_has_words(spread: Spread) -> None:
    text = wording.warehouse_rule_text(WarehouseRule(1, spread, ("a", "b"), Decimal(40)), {"a": "Основной"})
    assert "{" not in text
    assert ("«Основной», «b»" in text) == (spread is not Spread.LEAVE)


@pytest.mark.parametrize("selling", Selling)
def test_every_exception_has_words(selling: Selling) -> None:
    text = plain(wording.exception_text(StockException("p", selling=selling, reserve=1_000, lower_limit=2)))
    assert text.endswith(", резерв 1 000 шт., меньше 2 шт. не продаётся")


@pytest.mark.parametrize(
    ("large", "words"), [(1, "1 цена из 900 меняется"), (22, "22 цены из 900 меняются"), (11, "11 цен из 900 меняются")]
)
def test_guard_counts_in_russian(large: int, words: str) -> None:
    guard = PriceGuard(GuardLimits(), 900, large, (PriceChange("A-1", Decimal(1990), Decimal(199)),))
    assert plain(wording.guard_text(guard)) == f"{words} больше чем на 50 %: A-1 (1 990 → 199)"


def test_limits_as_the_plan_uses_them() -> None:
    assert plain(wording.limit_use_text("daily_create", 120, 1_500)) == "создание 120 из 1 500 сегодня"
    assert wording.limit_use_text("daily_update", 7, None) == "обновление 7"
    assert wording.stock_seen_text("fbs", 5, 3, 2) == "fbs: отправлено 5, на Ozon 3, в резерве 2"
    assert wording.stock_seen_text("fbo", None, 3, 0) == "fbo: на Ozon 3"


@pytest.mark.parametrize(
    ("old", "minimum", "text"),
    [
        (None, None, "товар «Кеды»: цена 2 990 ₽"),
        (Decimal("3599.5"), Decimal(2392), "товар «Кеды»: цена 2 990 ₽, до скидки 3 599,50 ₽, минимальная 2 392 ₽"),
        (Decimal(0), Decimal(0), "товар «Кеды»: цена 2 990 ₽, цены до скидки не будет, минимальной цены не будет"),
    ],
)
def test_an_example_is_reported_without_needless_kopecks(old: Decimal | None, minimum: Decimal | None, text: str) -> None:
    assert plain(wording.price_example_text("Кеды", Amounts(Decimal(2990), old, minimum), "RUB")) == text
