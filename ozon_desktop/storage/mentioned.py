"""The products one import mentioned: a table that lives as long as the import.

To write the import's number into a hundred thousand rows with all their texts would cost as much as to write the rows.
"""

from collections.abc import Container, Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Executable,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    exists,
    false,
    func,
    insert,
    select,
    update,
)

from ozon_desktop.domain.store_catalog import KnownElement
from ozon_desktop.storage.sql import has_parent, insert_missing_rows, prepared
from ozon_desktop.storage.tables import store_elements, store_prices, store_products, store_stocks

mentioned = Table(
    "import_mentioned",
    MetaData(),
    Column("product_id", Text, primary_key=True),
    Column("fresh", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""fresh: it was not in the store before, and got its own article without a look at others."""


same = Table(
    "import_same",
    MetaData(),
    Column("product_id", Text, primary_key=True),
    Column("print", LargeBinary, primary_key=True),
    Column("seen", BigInteger, nullable=False),
    Column("prices", Integer, nullable=False),
    Column("stocks", Integer, nullable=False),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""Elements that say what they said in an earlier import, `seen`: what is theirs counts as mentioned from now on, see `settle_same`."""
_SAME_NAMES = ("product_id", "print", "seen", "prices", "stocks")


def create(connection: Connection) -> None:
    """Makes the tables of an import."""
    for table in (mentioned, same):
        table.create(connection)


def drop(connection: Connection) -> None:
    for table in (mentioned, same):
        table.drop(connection)


def note_same(connection: Connection, elements: Iterable[KnownElement]) -> None:
    """Notes that the export gave these elements again."""
    rows = [(each.product_id, each.print, each.seen, each.prices, each.stocks) for each in elements]
    insert_missing_rows(connection, same, _SAME_NAMES, rows)


def settle_same(connection: Connection, number: int) -> None:
    """Takes all that is of such elements as seen by this import: in one statement each, for there may be a hundred thousand of them."""
    for statement in (_seen_elements, _seen_prices, _seen_stocks):
        statement(connection, number)
    _mention_same(connection)


@prepared
def _seen_elements(number: int) -> Executable:
    again = exists().where(same.c.product_id == store_elements.c.product_id, same.c.print == store_elements.c.print)
    return update(store_elements).where(again).values(seen=number)


@prepared
def _seen_prices(number: int) -> Executable:
    # What came from elsewhere was seen in another import.
    again = exists().where(same.c.product_id == store_prices.c.product_id, same.c.seen == store_prices.c.seen, same.c.prices > 0)
    return update(store_prices).where(again).values(seen=number)


@prepared
def _seen_stocks(number: int) -> Executable:
    return update(store_stocks).where(same_stock()).values(seen=number)


@prepared
def _mention_same() -> Executable:
    noted = exists().where(mentioned.c.product_id == same.c.product_id)
    rows = select(same.c.product_id, false()).where(~noted).distinct()
    return insert(mentioned).from_select(["product_id", "fresh"], rows)


def same_stock() -> ColumnElement[bool]:
    """Whether a stock is of an element that this import gave again."""
    stocks = store_stocks.c
    return exists().where(same.c.product_id == stocks.product_id, same.c.seen == stocks.seen, same.c.stocks > 0)


def mention(connection: Connection, product_ids: Iterable[str], fresh: Container[str] = ()) -> None:
    """Notes products; the first note of a product stays. fresh: those that were not in the store before."""
    rows = [(product_id, product_id in fresh) for product_id in product_ids]
    insert_missing_rows(connection, mentioned, ("product_id", "fresh"), rows)


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
