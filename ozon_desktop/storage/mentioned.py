"""The products one import mentioned: a table that lives as long as the import.

To write the import's number into a hundred thousand rows with all their texts would cost as much as to write the rows.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, Connection, MetaData, Select, Table, Text, exists, func, select

from ozon_desktop.storage.sql import has_parent, insert_missing_rows, prepared
from ozon_desktop.storage.tables import store_products

mentioned = Table(
    "import_mentioned",
    MetaData(),
    Column("product_id", Text, primary_key=True),
    Column("fresh", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""fresh: it was not in the store before, and got its own article without a look at others."""


def mention(connection: Connection, product_ids: Iterable[str], *, fresh: bool = False) -> None:
    """Notes products; the first note of a product stays."""
    insert_missing_rows(connection, mentioned, ("product_id", "fresh"), [(product_id, fresh) for product_id in product_ids])


@prepared
def named() -> Select[Any]:
    """How many products and variants were mentioned."""
    return select(func.count()).select_from(mentioned)


@prepared
def named_variants() -> Select[Any]:
    """How many of them are variants."""
    table = store_products.c
    return (
        select(func.count())
        .select_from(store_products)
        .where(has_parent(table.parent_id), exists().where(mentioned.c.product_id == table.id))
    )


@prepared
def unmentioned() -> Select[Any]:
    """Ids of the products that were not mentioned: read out of an index alone."""
    return select(store_products.c.id).where(store_products.c.id.not_in(select(mentioned.c.product_id)))
