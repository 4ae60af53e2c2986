"""Prices and stocks: the chosen price type, roubles and kopecks, and a split of stock that never sells what is not there."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.pricing import iso_currency, money, split_stock
from ozon_desktop.domain.stock_rules import MAX_STOCK
from ozon_desktop.domain.store_catalog import Stock, StoreWarehouse

NAMES = ["Основной", "Дальний", "ОСНОВНОЙ", "Ёлочный", "Елочный"]
store_houses = st.lists(st.sampled_from(NAMES), max_size=5).map(
    lambda names: [StoreWarehouse(f"w{number}", name) for number, name in enumerate(names)]
)
ozon_houses = st.lists(st.tuples(st.sampled_from(NAMES), st.booleans(), st.booleans()), max_size=5).map(
    lambda rows: [OzonWarehouse(10**15 + number, name, rfbs, active) for number, (name, rfbs, active) in enumerate(rows)]
)
stocks = st.lists(st.tuples(st.integers(0, 6), st.decimals("-100", "2000000", places=3)), max_size=6, unique_by=lambda row: row[0]).map(
    lambda rows: [Stock("p", f"w{number}", quantity) for number, quantity in rows]
)


@given(stocks, store_houses, ozon_houses, st.sampled_from(Scheme))
def test_no_more_is_offered_than_the_store_has(
    held: list[Stock], inside: list[StoreWarehouse], outside: list[OzonWarehouse], scheme: Scheme
) -> None:
    split = split_stock(held, inside, outside, scheme)
    there = sum((max(stock.quantity, Decimal(0)) for stock in held), Decimal(0))
    assert sum(pieces for _, pieces in split) <= there
    assert all(0 <= pieces <= MAX_STOCK for _, pieces in split)


@given(stocks, store_houses, ozon_houses, st.sampled_from(Scheme))
def test_every_fitting_warehouse_is_reported_and_no_other(
    held: list[Stock], inside: list[StoreWarehouse], outside: list[OzonWarehouse], scheme: Scheme
) -> None:
    """A warehouse that is not told keeps offering what the store has sold meanwhile."""
    split = split_stock(held, inside, outside, scheme)
    fitting = [house.id for house in outside if house.active and house.is_rfbs == (scheme is Scheme.RFBS)]
    assert [house for house, _ in split] == ([] if scheme is Scheme.FBO else fitting)


def test_warehouses_meet_by_name_and_the_rest_goes_to_the_first() -> None:
    inside = [StoreWarehouse("a", "Дальний"), StoreWarehouse("b", "Москва"), StoreWarehouse("c", "Тверь")]
    outside = [OzonWarehouse(1, "Основной"), OzonWarehouse(2, "дальний"), OzonWarehouse(3, "Москва", is_rfbs=True)]
    held = [Stock("p", "a", Decimal(4)), Stock("p", "b", Decimal(2)), Stock("p", "c", Decimal("1.5")), Stock("p", "d", Decimal(-3))]
    assert split_stock(held, inside, outside, Scheme.FBS) == ((1, 3), (2, 4))
    assert split_stock(held, inside, outside, Scheme.RFBS) == ((3, 7),)
    assert split_stock(held, inside, outside, Scheme.FBO) == ()


def test_product_without_stock_is_offered_nowhere() -> None:
    assert split_stock([], [], [OzonWarehouse(1, "Основной")], Scheme.FBS) == ((1, 0),)


@given(st.decimals("0", "10000000", places=4))
def test_money_is_in_kopecks_and_one_text_for_one_sum(value: Decimal) -> None:
    rounded = money(value)
    assert abs(rounded - value) <= Decimal("0.005")
    assert str(rounded) == str(money(Decimal(f"{rounded:.2f}")))
    assert "E" not in str(rounded)


@pytest.mark.parametrize(("value", "text"), [("4990.00", "4990"), ("12.50", "12.5"), ("0.005", "0.01"), ("100", "100"), ("0", "0")])
def test_money_texts(value: str, text: str) -> None:
    assert str(money(Decimal(value))) == text


@pytest.mark.parametrize(("name", "code"), [("руб.", "RUB"), ("RUR", "RUB"), ("", "RUB"), ("643", "RUB"), ("грн", "UAH"), ("usd", "USD")])
def test_currencies_as_store_files_name_them(name: str, code: str) -> None:
    assert iso_currency(name) == code
