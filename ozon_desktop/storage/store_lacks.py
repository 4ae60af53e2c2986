"""How many products of the store cannot be sold for want of a price, a stock or an article, and whether any has no card."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Float, Select, and_, cast, exists, func, literal, or_, select

from ozon_desktop.storage.sql import prepared
from ozon_desktop.storage.tables import store_prices, store_products, store_stocks

_OWN, _PARENTS = store_products.c, store_products.alias("parents")


@dataclass(frozen=True, slots=True)
class Lacks:
    """Numbers of products and variants that are sold."""

    price: int
    stock: int
    article: int


def lacks(connection: Connection) -> Lacks:
    """Counted over the whole store: variants, and products without any that is sold."""
    price, stock, article = _counted(connection).one()
    return Lacks(price, stock, article)


def lacks_cards(connection: Connection) -> bool:
    """Whether there are products that are sold and of which only offers are known."""
    return _cardless(connection).first() is not None


@prepared
def _counted() -> Executable:
    prices, stocks = store_prices.c, store_stocks.c
    # A variant without a price of its own is sold at that of its product.
    inherited = exists().where(prices.product_id == _OWN.parent_id)
    bare = store_products.alias("bare").c
    # Out of the indexes alone, for the products are wide and nearly all have both: the products of the few that are left are read.
    unpriced = select(bare.id).where(~exists().where(prices.product_id == bare.id))
    unstocked = select(bare.id).where(~exists().where(stocks.product_id == bare.id, cast(stocks.quantity, Float) > 0))
    nameless = and_(_OWN.sold_as == "", _OWN.offer_id == "", func.coalesce(_PARENTS.c.offer_id, "") == "")
    return select(*[_number(*fault) for fault in ((_OWN.id.in_(unpriced), ~inherited), (_OWN.id.in_(unstocked),), (nameless,))])


@prepared
def _cardless() -> Select[Any]:
    cardless = and_(_OWN.has_card.is_(False), func.coalesce(_PARENTS.c.has_card, False).is_(False))
    return _sold(literal(1), cardless).limit(1)


def _number(*fault: ColumnElement[bool]) -> ColumnElement[int]:
    return _sold(func.count(), *fault).scalar_subquery()


def _sold(what: ColumnElement[Any], *fault: ColumnElement[bool]) -> Select[Any]:
    """Of what is sold, that which has the fault."""
    variants = store_products.alias("variants")
    has_variants = exists().where(variants.c.parent_id == _OWN.id, variants.c.deleted.is_(False))
    there = (_OWN.deleted.is_(False), func.coalesce(_PARENTS.c.deleted, False).is_(False))
    families = store_products.outerjoin(_PARENTS, _PARENTS.c.id == _OWN.parent_id)
    return select(what).select_from(families).where(*fault, *there, or_(_OWN.parent_id.is_not(None), ~has_variants))
