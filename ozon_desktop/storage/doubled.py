"""Products an import would have twice: new ones with the articles of others it does not name, as an export of another source has them."""

from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from ozon_desktop.storage.guard_tables import store_absences
from ozon_desktop.storage.mentioned import mentioned
from ozon_desktop.storage.sql import prepared
from ozon_desktop.storage.tables import store_products

FEW = 20
"""Fewer are taken for copies somebody made, unless they are most of the store."""


def count_added(connection: Connection) -> int:
    """How many products the import under way speaks of that were not in the store before."""
    added: int = _added(connection).scalar_one()
    return added


def count_doubled(connection: Connection, named: int, added: int, number: int) -> int:
    """How many products the import of this number doubles; 0 = it is the store's own source.

    named: how many it speaks of; added: how many of them were not in the store before.

    An export of the store's own source may add products with an article that is taken; one of another source has hardly any product
    that is known by its id, while its articles are.
    """
    if added * 2 <= named:
        return 0
    if named == _all(connection).scalar_one():
        return 0
    others = _others(connection, number).scalar_one()
    if not others:
        return 0
    found: int = _shared(connection, number).scalar_one()
    return found if found > 1 and found * 2 > added and (found >= FEW or found * 2 > others) else 0


@prepared
def _added() -> Select[Any]:
    return select(func.count()).select_from(mentioned).where(mentioned.c.fresh.is_(True))


@prepared
def _all() -> Select[Any]:
    return select(func.count()).select_from(store_products)


def _unnamed(number: int) -> Any:
    """Products that were in the store before an import which does not name them."""
    table = store_products.c
    gone = select(store_absences.c.product_id).where(store_absences.c.import_number == number)
    there = or_(table.deleted.is_(False), table.id.in_(gone))
    return select(table.id, table.offer_id, table.parent_id).where(table.id.not_in(select(mentioned.c.product_id)), there)


@prepared
def _others(number: int) -> Select[Any]:
    return select(func.count()).select_from(_unnamed(number).subquery())


@prepared
def _shared(number: int) -> Select[Any]:
    own, others = store_products.c, _unnamed(number).cte().c
    both = (others.offer_id == own.offer_id) & (others.parent_id.is_(None) == own.parent_id.is_(None))
    fresh = select(mentioned.c.product_id).where(mentioned.c.fresh.is_(True))
    return select(func.count(own.id.distinct())).where(both, own.id.in_(fresh), own.offer_id != "", own.deleted.is_(False))
