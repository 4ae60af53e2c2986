"""Prices beside the selling price: worked out as the rule says, refused where Ozon would, and guarded against sudden changes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.price_rules import (
    Amounts,
    GuardLimits,
    PriceChange,
    PriceFault,
    PriceProblem,
    PriceRule,
    PriceRules,
    RuleFault,
    guard_prices,
    price_problems,
    rule_fault,
)
from ozon_desktop.domain.pricing import money
from ozon_desktop.sandbox.ozon.rules.prices import price_problem

amounts = st.decimals("0.01", "30000", places=2).map(money)


def rule(markup: str = "0", step: str = "0", *, nine: bool = False) -> PriceRule:
    return PriceRule(None, Decimal(markup), Decimal(step), nine)


@pytest.mark.parametrize(
    ("written", "base", "amount"),
    [
        (rule("20"), "1990", "2388"),
        (rule("-15"), "1990", "1691.5"),
        (rule("33"), "9.99", "13.29"),
        (rule("20", "10"), "1992", "2390"),
        (rule("20", "100"), "1990", "2400"),
        (rule("20", nine=True), "1990", "2389"),
        (rule("20", "100", nine=True), "1990", "2399"),
        (rule(nine=True), "3", "9"),
        (rule("0", "0.5"), "10.3", "10.5"),
        (rule("-100"), "10", "0"),
    ],
)
def test_amount_of_a_rule(written: PriceRule, base: str, amount: str) -> None:
    assert written.amount(Decimal(base)) == Decimal(amount)


@given(amounts, st.decimals("-90", "300", places=1), st.sampled_from(["0", "10", "50", "100"]))
def test_a_price_that_is_to_end_in_nine_does(base: Decimal, markup: Decimal, step: str) -> None:
    assert rule(str(markup), step, nine=True).amount(base) % 10 == 9


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (rule("-100"), RuleFault.MARKUP),
        (rule(step="-1"), RuleFault.STEP),
        (rule(step="0.001"), RuleFault.STEP),
        (rule(step="15", nine=True), RuleFault.ENDING),
        (rule("-99", "15"), None),
        (rule(step="20", nine=True), None),
    ],
)
def test_rules_that_cannot_work(written: PriceRule, fault: RuleFault | None) -> None:
    assert rule_fault(written) is fault


def test_prices_come_from_types_or_from_the_price() -> None:
    rules = PriceRules(PriceRule("old"), rule("-20"))
    assert rules.price_types == ("old",)
    assert rules.amounts(Decimal(1000), {"old": Decimal(1500)}) == Amounts(Decimal(1000), Decimal(1500), Decimal(800))
    assert rules.amounts(Decimal(1000), {"old": None}).old_price == 0, "no old price in the store takes Ozon's away"
    assert rules.amounts(Decimal(1000), {"old": Decimal(1000)}).old_price == 0, "the same price is no discount"
    assert PriceRules().amounts(Decimal(1000), {}) == Amounts(Decimal(1000)), "without a rule nothing is touched"


@given(amounts, st.none() | st.just(Decimal(0)) | amounts, st.none() | st.just(Decimal(0)) | amounts)
def test_what_is_found_is_what_the_sandbox_refuses(price: Decimal, old: Decimal | None, minimum: Decimal | None) -> None:
    refused = price_problem(price, old or Decimal(0), minimum or Decimal(0))
    found = {problem.fault.value for problem in price_problems(Amounts(price, old, minimum))}
    assert (refused is None) == (not found)
    assert refused is None or refused in found


@pytest.mark.parametrize(
    ("price", "old", "fault"),
    [
        ("399", "418.99", PriceFault.LOW_DISCOUNT),
        ("399", "419", None),
        ("400", "421", PriceFault.AVERAGE_DISCOUNT),
        ("400", "422", None),
        ("10000", "10526", PriceFault.AVERAGE_DISCOUNT),
        ("10000", "10527", None),
        ("10000.01", "10500", PriceFault.TOP_DISCOUNT),
        ("10000.01", "10500.01", None),
        ("100", "1000", PriceFault.DISCOUNT_TOO_BIG),
        ("100", "999", None),
        ("100", "99", PriceFault.OLD_BELOW_PRICE),
    ],
)
def test_discounts_of_the_documentation(price: str, old: str, fault: PriceFault | None) -> None:
    problems = price_problems(Amounts(Decimal(price), Decimal(old)))
    assert [problem.fault for problem in problems] == ([] if fault is None else [fault])


def test_problem_names_the_field_and_both_prices() -> None:
    assert price_problems(Amounts(Decimal(1000), None, Decimal(400))) == (
        PriceProblem(PriceFault.MIN_TOO_SMALL, "min_price", Decimal(1000), Decimal(400)),
    )


def change(number: int, old: str, new: str) -> PriceChange:
    return PriceChange(f"A-{number}", Decimal(old), Decimal(new))


LIMITS = GuardLimits(Decimal(20), Decimal(50), at_least=1)


@pytest.mark.parametrize(("large", "stopped"), [(2, False), (3, True), (0, False)])
def test_guard_stops_above_the_share_not_at_it(large: int, stopped: bool) -> None:
    changes = [change(number, "100", "151" if number < large else "150") for number in range(10)]
    guard = guard_prices(changes, 10, LIMITS)
    assert (guard.large, guard.prices, guard.stopped) == (large, 10, stopped)


def test_guard_looks_both_ways_and_shows_the_largest_changes() -> None:
    guard = guard_prices([change(1, "100", "49"), change(2, "100", "900"), change(3, "100", "51")], 3, LIMITS)
    assert [example.offer_id for example in guard.examples] == ["A-2", "A-1"]
    assert guard.stopped


def test_guard_lets_few_changes_pass_and_can_be_switched_off() -> None:
    changes = [change(number, "100", "1") for number in range(5)]
    assert guard_prices(changes, 5, LIMITS).stopped
    assert not guard_prices(changes, 5, GuardLimits(Decimal(20), Decimal(50), at_least=6)).stopped
    assert not guard_prices(changes, 5, GuardLimits(Decimal(20), Decimal(50), at_least=1, active=False)).stopped
