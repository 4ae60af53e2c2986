"""Rules for stocks: never more than the store has without what is kept back and reserved, and each rule as it is meant."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.stock_rules import (
    NO_RULES,
    LimitsFinder,
    Selling,
    Spread,
    StockException,
    StockLimits,
    StockRules,
    StockSplitter,
    WarehouseRule,
)
from ozon_desktop.domain.store_catalog import StoreWarehouse

STORES = [StoreWarehouse("a", "Основной"), StoreWarehouse("b", "Дальний"), StoreWarehouse("c", "Третий")]
HOUSES = [OzonWarehouse(1, "Основной"), OzonWarehouse(2, "Лесной"), OzonWarehouse(3, "Курьер", is_rfbs=True), OzonWarehouse(4, "Четвёртый")]

held = st.lists(st.tuples(st.sampled_from("abcd"), st.decimals("-50", "5000", places=2)), max_size=5).map(tuple)
shares = st.decimals("0.5", "100", places=1)
warehouse_rules = st.lists(
    st.builds(WarehouseRule, st.integers(1, 4), st.sampled_from(Spread), st.lists(st.sampled_from("abc"), max_size=3).map(tuple), shares),
    max_size=4,
    unique_by=lambda rule: rule.ozon_id,
).map(tuple)
limits = st.builds(StockLimits, st.sampled_from([Selling.ON, Selling.ZERO]), st.integers(0, 30), st.integers(0, 30))

sales = st.lists(st.tuples(st.lists(st.sampled_from("abcd"), max_size=2, unique=True).map(tuple), st.integers(0, 30)), max_size=3).map(
    tuple
)


@given(held, warehouse_rules, limits, sales, st.sampled_from([Scheme.FBS, Scheme.RFBS]))
def test_the_sum_never_exceeds_what_the_store_has_without_what_is_sold(
    there: tuple[tuple[str, Decimal], ...],
    rules: tuple[WarehouseRule, ...],
    chosen: StockLimits,
    sold: tuple[tuple[tuple[str, ...], int], ...],
    scheme: Scheme,
) -> None:
    split = StockSplitter(StockRules(rules), STORES, HOUSES, scheme).split(there, chosen, sold)
    has = sum((max(quantity, Decimal(0)) for _, quantity in there), Decimal(0))
    total = sum(pieces for _, pieces in split)
    assert total <= max(has - sum(pieces for _, pieces in sold), Decimal(0))
    used = {store for rule in rules for store in rule.store_ids} or set("abcd")
    offered = sum((max(quantity, Decimal(0)) for store, quantity in there if store in used), Decimal(0))
    own = sum(pieces for stores, pieces in sold if not stores or set(stores) <= used)
    assert total <= max(offered - own - chosen.reserve, Decimal(0))
    assert all(pieces >= 0 for _, pieces in split)
    assert len({house for house, _ in split}) == len(split)
    if chosen.selling is Selling.ZERO:
        assert total == 0


def split(
    rules: StockRules,
    there: str,
    chosen: StockLimits | None = None,
    sold: tuple[tuple[tuple[str, ...], int], ...] = (),
    scheme: Scheme = Scheme.FBS,
) -> dict[int, int]:
    """there: «a5 b3»."""
    pairs = tuple((word[0], Decimal(word[1:])) for word in there.split())
    return dict(StockSplitter(rules, STORES, HOUSES, scheme).split(pairs, chosen, sold))


def rules(*given: WarehouseRule) -> StockRules:
    return StockRules(given)


def test_without_rules_warehouses_meet_by_name() -> None:
    assert split(NO_RULES, "a5 b3 c1 d2") == {1: 11, 2: 0, 4: 0}
    assert split(NO_RULES, "a5", scheme=Scheme.RFBS) == {3: 5}
    assert split(NO_RULES, "a5", scheme=Scheme.FBO) == {}


def test_sum_takes_all_and_warehouses_without_a_rule_offer_nothing() -> None:
    assert split(rules(WarehouseRule(2, Spread.SUM, ("a", "b"))), "a5 b3.7 c9") == {2: 8, 1: 0, 4: 0}


def test_what_one_rule_took_is_not_given_away_again() -> None:
    both = rules(WarehouseRule(1, Spread.SUM, ("a",)), WarehouseRule(2, Spread.SUM, ("a", "b")))
    assert split(both, "a5 b3") == {1: 5, 2: 3, 4: 0}


def test_priority_takes_the_first_warehouse_that_has_any() -> None:
    one = rules(WarehouseRule(1, Spread.PRIORITY, ("b", "a", "c")))
    assert split(one, "a5 b3 c9")[1] == 3
    assert split(one, "a5 b0.9 c9")[1] == 5
    assert split(one, "b-2")[1] == 0


def test_shares_are_of_the_whole() -> None:
    two = rules(WarehouseRule(1, Spread.SHARE, ("a",), Decimal(60)), WarehouseRule(2, Spread.SHARE, ("a",), Decimal(40)))
    assert split(two, "a10") == {1: 6, 2: 4, 4: 0}
    assert split(two, "a3") == {1: 1, 2: 1, 4: 0}
    more = rules(WarehouseRule(1, Spread.SHARE, ("a",), Decimal(60)), WarehouseRule(2, Spread.SHARE, ("a",), Decimal(60)))
    assert split(more, "a10") == {1: 6, 2: 4, 4: 0}


def test_warehouse_left_to_another_program_is_not_reported() -> None:
    assert split(rules(WarehouseRule(1, Spread.SUM, ("a",)), WarehouseRule(2, Spread.LEAVE)), "a5") == {1: 5, 4: 0}
    assert not StockSplitter(rules(WarehouseRule(3, Spread.LEAVE)), STORES, HOUSES, Scheme.RFBS).sends


@pytest.mark.parametrize(
    ("chosen", "sold", "pieces"),
    [
        (StockLimits(reserve=3), 0, 7),
        (StockLimits(reserve=20), 0, 0),
        (StockLimits(lower_limit=10), 0, 10),
        (StockLimits(lower_limit=11), 0, 0),
        (StockLimits(reserve=3, lower_limit=8), 0, 0),
        (StockLimits(), 4, 6),
        (StockLimits(reserve=3), 4, 3),
        (StockLimits(Selling.ZERO), 0, 0),
    ],
)
def test_what_is_kept_back(chosen: StockLimits, sold: int, pieces: int) -> None:
    assert split(NO_RULES, "a10", chosen, (((), sold),))[1] == pieces


def test_pieces_sold_come_from_where_they_were_sold_then_from_anywhere() -> None:
    two = rules(WarehouseRule(1, Spread.SUM, ("a",)), WarehouseRule(2, Spread.SUM, ("b",)))
    assert split(two, "a5 b3", sold=((("a",), 2),)) == {1: 3, 2: 3, 4: 0}
    assert split(two, "a5 b3", sold=((("a",), 6),)) == {1: 0, 2: 2, 4: 0}
    assert split(two, "a5 b3 c9", sold=((("c",), 4),)) == {1: 5, 2: 3, 4: 0}, "of what is not offered here none is missing"
    assert split(two, "a5 b3 c1", sold=((("c",), 4),)) == {1: 5, 2: 0, 4: 0}
    assert split(two, "a5 b3 c9", sold=((("a", "c"), 4),)) == {1: 1, 2: 3, 4: 0}
    assert split(NO_RULES, "a5 b3", sold=((("b",), 1), ((), 1))) == {1: 6, 2: 0, 4: 0}


def test_the_store_warehouses_behind_an_ozon_warehouse() -> None:
    chosen = rules(WarehouseRule(1, Spread.SHARE, ("a", "b")), WarehouseRule(2, Spread.LEAVE))
    splitter = StockSplitter(chosen, STORES, HOUSES, Scheme.FBS)
    assert [splitter.stores_of(house) for house in (1, 2, 3, 4, 0)] == [("a", "b"), None, (), (), ()]


def test_stock_that_is_left_alone_is_not_sent() -> None:
    assert split(NO_RULES, "a10", StockLimits(Selling.LEAVE)) == {}


def test_what_is_kept_back_comes_from_the_last_warehouse() -> None:
    two = rules(WarehouseRule(1, Spread.SUM, ("a",)), WarehouseRule(2, Spread.SUM, ("b",)))
    assert split(two, "a5 b3", StockLimits(reserve=4)) == {1: 4, 2: 0, 4: 0}


def test_limits_of_the_product_win_over_its_category_and_that_over_the_one_above() -> None:
    finder = LimitsFinder(
        StockRules(
            reserve=1,
            lower_limit=2,
            exceptions=(
                StockException(category_id="top", selling=Selling.ZERO, reserve=5),
                StockException(category_id="shirts", reserve=6),
                StockException(product_id="p", selling=Selling.ON),
            ),
        ),
        {"shirts": "top", "top": None, "loop": "loop"},
    )
    assert finder.of("x", ("other",)) == StockLimits(Selling.ON, 1, 2)
    assert finder.of("x", ("top",)) == StockLimits(Selling.ZERO, 5, 2)
    assert finder.of("x", ("shirts",)) == StockLimits(Selling.ZERO, 6, 2)
    assert finder.of("p", ("shirts",)) == StockLimits(Selling.ON, 6, 2)
    assert finder.of("variant", ("shirts",), "p") == StockLimits(Selling.ON, 6, 2)
    assert finder.of("x", ("loop",)) == StockLimits(Selling.ON, 1, 2)
