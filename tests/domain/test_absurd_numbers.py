"""Numbers that nobody means are refused where they come in, and break no arithmetic where a store file holds them."""

from decimal import Decimal

import pytest

from ozon_desktop.domain.card import CardProblem, ProblemCode
from ozon_desktop.domain.price_rules import (
    COUNT_LIMIT,
    MARKUP_LIMIT,
    STEP_LIMIT,
    GuardLimits,
    PriceRule,
    PriceRules,
    RuleFault,
    limits_fit,
    price_problems,
    rule_fault,
)
from ozon_desktop.domain.pricing import PRICE_LIMIT, is_price, money
from ozon_desktop.wording import problem_text

NO_NUMBERS = [Decimal(text) for text in ("NaN", "sNaN", "Infinity", "-Infinity")]
HUGE = [Decimal(text) for text in ("1e25", "1e99", "9" * 40, "123456789012345678901234.123456789012345678901234")]


@pytest.mark.parametrize("absurd", [*NO_NUMBERS, *HUGE, MARKUP_LIMIT + 1, Decimal(-100)])
def test_a_markup_has_bounds(absurd: Decimal) -> None:
    assert rule_fault(PriceRule(markup=absurd)) is RuleFault.MARKUP
    assert rule_fault(PriceRule(markup=MARKUP_LIMIT)) is None


@pytest.mark.parametrize("absurd", [*NO_NUMBERS, *HUGE, STEP_LIMIT + 1, Decimal("0.001"), Decimal(-1)])
def test_a_step_has_bounds(absurd: Decimal) -> None:
    assert rule_fault(PriceRule(step=absurd)) is RuleFault.STEP
    assert rule_fault(PriceRule(step=STEP_LIMIT)) is None


@pytest.mark.parametrize("absurd", [*NO_NUMBERS, *HUGE, Decimal(-1), MARKUP_LIMIT + 1])
def test_the_guard_of_prices_has_bounds(absurd: Decimal) -> None:
    assert not limits_fit(GuardLimits(share=absurd))
    assert not limits_fit(GuardLimits(change=absurd))
    assert not limits_fit(GuardLimits(at_least=0))
    assert not limits_fit(GuardLimits(at_least=COUNT_LIMIT + 1))
    assert limits_fit(GuardLimits())


@pytest.mark.parametrize("absurd", HUGE)
def test_an_absurd_price_is_a_problem_and_no_crash(absurd: Decimal) -> None:
    rules = PriceRules(PriceRule(markup=MARKUP_LIMIT, step=Decimal("0.01"), ending_nine=False), PriceRule("other", step=Decimal(10)))
    amounts = rules.amounts(Decimal(100), {"other": absurd})
    assert price_problems(amounts)
    rules.amounts(money(absurd), {"other": absurd})
    assert money(absurd) - absurd < Decimal("0.01")
    assert not is_price(absurd)


def test_what_a_price_may_be() -> None:
    assert [is_price(Decimal(text)) for text in ("0.01", "10000000", "10000000.00", "1990.50", "1990.500")] == [True] * 5
    assert [is_price(Decimal(text)) for text in ("0", "-1", "10000000.01", "0.001", "NaN", "Infinity")] == [False] * 6


def test_the_limit_is_named() -> None:
    assert f"{PRICE_LIMIT:,}".replace(",", " ") in problem_text(CardProblem(ProblemCode.PRICE_TOO_BIG, "price", detail="1e25"))
    assert "двух знаков" in problem_text(CardProblem(ProblemCode.PRICE_TOO_FINE, "price", detail="1990.505"))
