"""Prices beside the selling price: how they are worked out, what Ozon would refuse of them, and the guard against sudden changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from heapq import nlargest

from ozon_desktop.domain.pricing import money

NOTHING = Decimal(0)
"""An amount of nothing takes an old or lowest price away from Ozon."""

HUNDRED = Decimal(100)
NINE_STEP = Decimal(10)
LOW, TOP = Decimal(400), Decimal(10_000)
"""Roubles: below LOW a discount is at least 20 ₽, above TOP at least 500 ₽, between them at least 5 %."""

LOW_DISCOUNT, AVERAGE_DISCOUNT, TOP_DISCOUNT = Decimal(20), Decimal("0.05"), Decimal(500)
BIGGEST_DISCOUNT = Decimal("0.9")
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class PriceRule:
    """How the old or the lowest price comes about: a price, plus markup in per cent, rounded to a step, ending in 9.

    price_type_id None = from the selling price. step in money, 0 = to kopecks.
    """

    price_type_id: str | None = None
    markup: Decimal = NOTHING
    step: Decimal = NOTHING
    ending_nine: bool = False

    def amount(self, base: Decimal) -> Decimal:
        """The amount for a price: never below nothing, in kopecks."""
        value = base * (1 + self.markup / HUNDRED)
        step = self.step or (NINE_STEP if self.ending_nine else NOTHING)
        if step:
            value = (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        if self.ending_nine:
            # 2 000 ends in 9 as 1 999; a price under the first step has no such number below it.
            value = value - 1 if value >= step else step - 1
        return money(max(value, NOTHING))


class RuleFault(StrEnum):
    MARKUP = "markup"
    STEP = "step"
    ENDING = "ending"
    UNKNOWN_PRICE_TYPE = "unknown_price_type"


def rule_fault(rule: PriceRule) -> RuleFault | None:
    """What is wrong with a rule: −100 % and less, a step below nothing, a 9 at the end of steps that are no whole tens."""
    if rule.markup <= -HUNDRED:
        return RuleFault.MARKUP
    if rule.step < 0 or rule.step != money(rule.step):
        return RuleFault.STEP
    if rule.ending_nine and rule.step % NINE_STEP:
        return RuleFault.ENDING
    return None


@dataclass(frozen=True, slots=True)
class GuardLimits:
    """A run's prices are held when more than `share` % of them change by more than `change` %, and at least `at_least` of them.

    single: also the price of any one product is held that changes by more than this many per cent, whether the rest is active or not.
    """

    share: Decimal = Decimal(30)
    change: Decimal = Decimal(50)
    at_least: int = 20
    active: bool = True
    single: Decimal = Decimal(30)


@dataclass(frozen=True, slots=True)
class PriceRules:
    """Rules of one integration; a price without a rule is left as Ozon has it."""

    old: PriceRule | None = None
    minimum: PriceRule | None = None
    guard: GuardLimits = field(default_factory=GuardLimits)

    def amounts(self, price: Decimal, of_types: Mapping[str, Decimal | None]) -> "Amounts":
        """All prices of a product. of_types: its prices of the types that the rules name."""
        old = _by_rule(self.old, price, of_types)
        # The same price before and after is no discount.
        return Amounts(price, NOTHING if old == price else old, _by_rule(self.minimum, price, of_types))

    @property
    def price_types(self) -> tuple[str, ...]:
        """Ids of the price types the rules need."""
        named = (rule.price_type_id for rule in (self.old, self.minimum) if rule is not None)
        return tuple(dict.fromkeys(type_id for type_id in named if type_id is not None))


def _by_rule(rule: PriceRule | None, price: Decimal, of_types: Mapping[str, Decimal | None]) -> Decimal | None:
    if rule is None:
        return None
    base = price if rule.price_type_id is None else of_types.get(rule.price_type_id)
    return NOTHING if base is None or base <= 0 else rule.amount(base)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Prices of one product; None = left as it is on Ozon, nothing = there is none."""

    price: Decimal
    old_price: Decimal | None = None
    min_price: Decimal | None = None


class PriceFault(StrEnum):
    """Why Ozon would refuse prices: its own codes."""

    OLD_BELOW_PRICE = "old_price_less_than_price"
    DISCOUNT_TOO_BIG = "discount_too_big"
    LOW_DISCOUNT = "discount_for_low_price_is_too_small"
    AVERAGE_DISCOUNT = "discount_for_average_price_is_too_small"
    TOP_DISCOUNT = "discount_for_top_price_is_too_small"
    MIN_TOO_SMALL = "min_auto_price_too_small"
    MIN_ABOVE_PRICE = "price_less_than_min_auto_price"


@dataclass(frozen=True, slots=True)
class PriceProblem:
    """Prices that do not fit together. field: "old_price" or "min_price"; amount: what it would be."""

    fault: PriceFault
    field: str
    price: Decimal
    amount: Decimal


def price_problems(amounts: Amounts) -> tuple[PriceProblem, ...]:
    """What Ozon would refuse of these prices, in roubles."""
    price, old, minimum = amounts.price, amounts.old_price, amounts.min_price
    problems: list[PriceProblem] = []
    if old and (fault := _discount_fault(price, old)) is not None:
        problems.append(PriceProblem(fault, "old_price", price, old))
    if minimum and minimum > price:
        problems.append(PriceProblem(PriceFault.MIN_ABOVE_PRICE, "min_price", price, minimum))
    elif minimum and minimum * 2 < price:
        problems.append(PriceProblem(PriceFault.MIN_TOO_SMALL, "min_price", price, minimum))
    return tuple(problems)


def _discount_fault(price: Decimal, old: Decimal) -> PriceFault | None:
    discount = old - price
    if discount < 0:
        return PriceFault.OLD_BELOW_PRICE
    if discount >= old * BIGGEST_DISCOUNT:
        return PriceFault.DISCOUNT_TOO_BIG
    if price < LOW:
        return PriceFault.LOW_DISCOUNT if discount < LOW_DISCOUNT else None
    if price <= TOP:
        return PriceFault.AVERAGE_DISCOUNT if discount < old * AVERAGE_DISCOUNT else None
    return PriceFault.TOP_DISCOUNT if discount < TOP_DISCOUNT else None


@dataclass(frozen=True, slots=True)
class PriceChange:
    offer_id: str
    old: Decimal
    new: Decimal

    @property
    def percent(self) -> Decimal:
        """By how many per cent, up or down; a price that was nothing changes by 100 %."""
        return abs(self.new - self.old) * HUNDRED / self.old if self.old else HUNDRED


@dataclass(frozen=True, slots=True)
class PriceGuard:
    """What the guard found. prices: how many are known on Ozon; large: how many change by more than allowed, examples first by size."""

    limits: GuardLimits
    prices: int
    large: int
    examples: tuple[PriceChange, ...] = ()

    @property
    def stopped(self) -> bool:
        """Whether prices must be confirmed before they are sent."""
        many = self.large * HUNDRED > self.limits.share * self.prices
        return self.limits.active and many and self.large >= max(self.limits.at_least, 1)


def guard_prices(changes: Iterable[PriceChange], prices: int, limits: GuardLimits) -> PriceGuard:
    """Judges a run's changes of prices. prices: how many are known on Ozon, changed or not."""
    large = [change for change in changes if change.percent > limits.change]
    return PriceGuard(limits, prices, len(large), tuple(nlargest(EXAMPLES, large, key=lambda change: change.percent)))
