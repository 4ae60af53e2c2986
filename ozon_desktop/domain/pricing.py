"""Prices and stocks the store wants on Ozon: the chosen price type, and the split of stock over Ozon warehouses."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.stock_rules import NO_RULES, StockSplitter
from ozon_desktop.domain.store_catalog import Stock, StoreWarehouse

CENT = Decimal("0.01")
_CURRENCIES = dict.fromkeys(("", "руб", "рубль", "р", "rur", "₽", "643"), "RUB") | {"грн": "UAH", "тг": "KZT", "бел.руб": "BYN"}
PRICE_LIMIT = Decimal(10_000_000)
"""A greater price is a slip of the hand: nothing of a shop costs so much."""

_EXACT = Context(prec=300)
"""Wide enough for any number a store file can hold: an absurd price is a problem of its product, not of the arithmetic."""


def money(value: Decimal) -> Decimal:
    """Rounded to kopecks, without superfluous zeros ("4990", "12.5"), so that equal prices compare equal as texts."""
    rounded = value.quantize(CENT, ROUND_HALF_UP, _EXACT).normalize(_EXACT)
    return rounded.quantize(Decimal(1), context=_EXACT) if rounded == rounded.to_integral_value() else rounded


def is_price(value: Decimal) -> bool:
    """Whether a price can be sent as it stands: over nothing, up to PRICE_LIMIT, in whole kopecks."""
    return value.is_finite() and 0 < value <= PRICE_LIMIT and value == money(value)


@lru_cache(maxsize=256)
def iso_currency(name: str) -> str:
    """ISO code of a currency as store files name it («руб», "RUR", «грн»); unknown names stay, in upper case."""
    cleaned = name.strip().rstrip(".").casefold()
    return _CURRENCIES.get(cleaned, name.strip().upper())


def split_stock(
    stocks: Iterable[Stock],
    store_warehouses: Iterable[StoreWarehouse],
    ozon_warehouses: Iterable[OzonWarehouse],
    scheme: Scheme,
) -> tuple[tuple[int, int], ...]:
    """Quantity per Ozon warehouse, (id, pieces), for one product; their sum never exceeds what the store has.

    A store warehouse goes to the Ozon warehouse of the same name; all others go to the first fitting one.
    Parts of a piece and negative stocks count as nothing. FBO sends none.
    """
    splitter = StockSplitter(NO_RULES, store_warehouses, ozon_warehouses, scheme)
    return splitter.split(tuple((stock.warehouse_id, stock.quantity) for stock in stocks))
