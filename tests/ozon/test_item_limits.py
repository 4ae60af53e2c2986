"""Limits of one product, asked before sending: what would only be refused is not sent."""

from decimal import Decimal

from ozon_desktop.domain.cabinet import UpdateAnswer
from ozon_desktop.ozon.item_limits import ItemLimits
from ozon_desktop.ozon.requests import PriceUpdate, StockUpdate

CLIENT = 100500


def refused(answer: UpdateAnswer | None) -> bool:
    return answer is not None and not answer.updated and all(error.passes_by_itself for error in answer.errors)


def test_a_stock_waits_30_seconds_for_its_own_product_warehouse_and_cabinet_only() -> None:
    limits = ItemLimits()
    stock = StockUpdate("a", 1, 5)
    assert limits.stock_refusal(CLIENT, stock, 0.0) is None
    limits.stocks_answered(CLIENT, [UpdateAnswer("a", updated=True, warehouse_id=1), UpdateAnswer("c", updated=False, warehouse_id=1)], 0.0)
    answer = limits.stock_refusal(CLIENT, stock, 10.0)
    assert refused(answer)
    assert answer is not None
    assert (answer.offer_id, answer.warehouse_id) == ("a", 1)
    for other in (StockUpdate("a", 2, 5), StockUpdate("b", 1, 5), StockUpdate("c", 1, 5)):
        assert limits.stock_refusal(CLIENT, other, 10.0) is None
    assert limits.stock_refusal(7, stock, 10.0) is None
    assert limits.stock_refusal(CLIENT, stock, 30.0) is None


def test_ten_prices_an_hour_then_the_oldest_has_to_be_an_hour_old() -> None:
    limits = ItemLimits()
    price = PriceUpdate("a", Decimal(100), "RUB")
    taken = [UpdateAnswer("a", updated=True)]
    for minute in range(10):
        assert limits.price_refusal(CLIENT, price, minute * 60.0) is None
        limits.prices_answered(CLIENT, taken, minute * 60.0)
    assert refused(limits.price_refusal(CLIENT, price, 600.0))
    assert limits.price_refusal(CLIENT, PriceUpdate("b", Decimal(1), "RUB"), 600.0) is None
    assert limits.price_refusal(CLIENT, price, 3600.0) is None
    limits.prices_answered(CLIENT, taken, 3600.0)
    assert refused(limits.price_refusal(CLIENT, price, 3600.0))
    assert limits.price_refusal(CLIENT, price, 3660.0) is None
