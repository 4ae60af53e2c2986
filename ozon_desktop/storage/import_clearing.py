"""Statements that clear what a full export left out, and note what it says nothing of."""

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Executable, Integer, Select, delete, exists, func, insert, literal, or_, select, type_coerce, update

from ozon_desktop.domain.store_catalog import DEFAULT_WAREHOUSE_ID
from ozon_desktop.storage.guard_tables import LEFT_BEHIND, store_absences
from ozon_desktop.storage.mentioned import mentioned, same_stock
from ozon_desktop.storage.sql import prepared
from ozon_desktop.storage.tables import store_categories, store_prices, store_products, store_stocks


@prepared
def without_whole_stocks(product_ids: list[str], number: int) -> Executable:
    table = store_stocks.c
    earlier, default = (table.seen != number) & ~same_stock(), table.warehouse_id == DEFAULT_WAREHOUSE_ID
    return delete(store_stocks).where(table.product_id.in_(product_ids), default, earlier)


@prepared
def nothing_in_warehouses(product_ids: list[str], number: int) -> Executable:
    table = store_stocks.c
    earlier, others = (table.seen != number) & ~same_stock(), table.warehouse_id != DEFAULT_WAREHOUSE_ID
    return update(store_stocks).where(table.product_id.in_(product_ids), others, earlier).values(quantity=Decimal(0))


@prepared
def without_categories(structure_id: str, number: int) -> Executable:
    table = store_categories.c
    return delete(store_categories).where(table.structure_id == structure_id, table.seen != number)


@prepared
def gone_of(product_ids: list[str], structure_id: str) -> Executable:
    """Which of these are of the structure and there."""
    products = store_products.c
    # Variants known only from offers follow their product.
    own = products.parent_id.is_(None) & (products.structure_id == structure_id)
    parents = store_products.alias("parents")
    parent = exists().where(parents.c.id == products.parent_id, parents.c.parent_id.is_(None), parents.c.structure_id == structure_id)
    return select(products.id).where(
        products.id.in_(product_ids), products.deleted.is_(False), or_(own, products.has_card.is_(True) & parent)
    )


@prepared
def note_gone_products(product_ids: list[str], number: int) -> Executable:
    return _note_absent("catalog", select(store_products.c.id).where(store_products.c.id.in_(product_ids)), number)


@prepared
def delete_products(product_ids: list[str]) -> Executable:
    return update(store_products).where(store_products.c.id.in_(product_ids)).values(deleted=True)


@prepared
def note_gone_stocks(structures: list[str], number: int) -> Executable:
    stocks = store_stocks.c
    there = (stocks.seen != number) & (stocks.quantity != Decimal(0))
    return _note_absent("offers", select(stocks.product_id).where(there, _is_of(stocks.product_id, structures)), number)


@prepared
def clear_gone_stocks(structures: list[str], number: int) -> Executable:
    stocks = store_stocks.c
    return update(store_stocks).where(stocks.seen != number, _is_of(stocks.product_id, structures)).values(quantity=Decimal(0))


@prepared
def without_prices(structures: list[str], number: int) -> Executable:
    prices = store_prices.c
    return delete(store_prices).where(prices.seen != number, _is_of(prices.product_id, structures))


@prepared
def not_absent() -> Executable:
    spoken = exists().where(mentioned.c.product_id == store_absences.c.product_id)
    return delete(store_absences).where(store_absences.c.part.in_(("catalog", LEFT_BEHIND)), spoken)


@prepared
def not_sold_out(number: int) -> Executable:
    stocked = exists().where(store_stocks.c.product_id == store_absences.c.product_id, store_stocks.c.seen == number)
    return delete(store_absences).where(store_absences.c.part == "offers", stocked)


def _note_absent(part: str, product_ids: Select[tuple[str]], number: int) -> Executable:
    known = select(store_absences.c.product_id).where(store_absences.c.part == part)
    ids = product_ids.distinct().subquery()
    rows = select(ids.c[0], literal(part), type_coerce(number, Integer)).where(ids.c[0].not_in(known))
    return insert(store_absences).from_select(["product_id", "part", "import_number"], rows)


@prepared
def vanished_by(number: int) -> Select[Any]:
    return select(func.count(store_absences.c.product_id.distinct())).where(store_absences.c.import_number == number)


@prepared
def mentioned_structures(number: int) -> Select[Any]:
    products = store_products.c
    priced = select(store_prices.c.product_id).where(store_prices.c.seen == number)
    stocked = select(store_stocks.c.product_id).where(store_stocks.c.seen == number)
    rows = select(products.id, products.parent_id).where(products.id.in_(priced.union(stocked))).subquery()
    families = or_(products.id.in_(select(rows.c.id)), products.id.in_(select(rows.c.parent_id)))
    return select(products.structure_id).where(families).distinct()


def _is_of(product_id: ColumnElement[str], structures: list[str]) -> ColumnElement[bool]:
    """Whether it is a product of these structures or a variant of one: asked of the few rows that an export did not mention."""
    own, parents = store_products.alias("own"), store_products.alias("parents")
    parent = exists().where(parents.c.id == own.c.parent_id, parents.c.parent_id.is_(None), parents.c.structure_id.in_(structures))
    return exists().where(own.c.id == product_id, or_(own.c.parent_id.is_(None) & own.c.structure_id.in_(structures), parent))
