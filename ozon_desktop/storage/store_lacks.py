"""How many products of the store cannot be sold for want of a price, a stock, an article or a card."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Float, Select, and_, case, cast, exists, func, or_, select

from ozon_desktop.storage.sql import prepared
from ozon_desktop.storage.tables import store_prices, store_products, store_stocks


@dataclass(frozen=True, slots=True)
class Lacks:
    """Numbers of products and variants that are sold; card: those of which only offers are known."""

    price: int
    stock: int
    article: int
    card: int


def lacks(connection: Connection) -> Lacks:
    """Counted over the whole store: variants, and products without any that is sold."""
    price, stock, article, card = _counted(connection).one()
    return Lacks(price, stock, article, card)


@prepared
def _counted() -> Select[Any]:
    own, parents, variants = store_products.c, store_products.alias("parents"), store_products.alias("variants")
    prices, stocks = store_prices.c, store_stocks.c
    has_variants = exists().where(variants.c.parent_id == own.id, variants.c.deleted.is_(False))
    sold = and_(own.deleted.is_(False), or_(own.parent_id.is_not(None), ~has_variants), func.coalesce(parents.c.deleted, False).is_(False))
    # A variant without a price of its own is sold at that of its product.
    priced = exists().where(or_(prices.product_id == own.id, prices.product_id == own.parent_id))
    stocked = exists().where(stocks.product_id == own.id, cast(stocks.quantity, Float) > 0)
    named = or_(own.sold_as != "", own.offer_id != "", func.coalesce(parents.c.offer_id, "") != "")
    carded = or_(own.has_card.is_(True), func.coalesce(parents.c.has_card, False).is_(True))
    counted = [func.coalesce(func.sum(case((fault, 1), else_=0)), 0) for fault in (~priced, ~stocked, ~named, ~carded)]
    return select(*counted).select_from(store_products.outerjoin(parents, parents.c.id == own.parent_id)).where(sold)
