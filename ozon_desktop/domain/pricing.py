"""Prices and stocks the store wants on Ozon: the chosen price type, and the split of stock over Ozon warehouses."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.stock_rules import NO_RULES, StockSplitter
from ozon_desktop.domain.store_catalog import Stock, StoreWarehouse

CENT = Decimal("0.01")


def money(value: Decimal) -> Decimal:
    """Rounded to kopecks, without superfluous zeros ("4990", "12.5"), so that equal prices compare equal as texts."""
    rounded = value.quantize(CENT, ROUND_HALF_UP).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


def iso_currency(name: str) -> str:
    """ISO code of a currency as store files name it («руб», "RUR", «грн»); unknown names stay, in upper case."""
    cleaned = name.strip().rstrip(".").casefold()
    known = dict.fromkeys(("", "руб", "рубль", "р", "rur", "₽", "643"), "RUB") | {"грн": "UAH", "тг": "KZT", "бел.руб": "BYN"}
    return known.get(cleaned, name.strip().upper())


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
