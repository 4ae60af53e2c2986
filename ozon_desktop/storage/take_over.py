"""Take-overs in the database: the two sides that are compared, the ids renamed and the new store written, and the way back."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Executable, Select, Table, Text, case, func, select, type_coerce

from ozon_desktop.domain.articles import characteristic_of
from ozon_desktop.domain.models import characteristic_in_brackets
from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    DirectoryValue,
    Employee,
    ExportScope,
    OrderDirection,
    Organization,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.domain.take_over import Goods, Kind, Matching, StoreSide, TakenOver
from ozon_desktop.storage.product_rows import as_named, product_of
from ozon_desktop.storage.renaming import REFERENCES
from ozon_desktop.storage.sql import prepared
from ozon_desktop.storage.tables import (
    store_categories,
    store_directory_values,
    store_imports,
    store_price_types,
    store_prices,
    store_products,
    store_properties,
    store_references,
    store_stocks,
    store_structures,
    store_warehouses,
)
from ozon_desktop.storage.take_over_tables import take_overs
from ozon_desktop.storage.taking_over import HEADS, TakingOver, undo

PAGE = 5_000
_NAMED_KINDS = (Kind.STRUCTURE, Kind.PROPERTY, Kind.PRICE_TYPE, Kind.WAREHOUSE)
_texts = msgspec.json.Decoder(tuple[str, ...])
_pairs = msgspec.json.Decoder(tuple[tuple[str, str], ...])


class TakeOverRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- a side -----------------------------------------------------------------------------------------------------------

    def has_products(self) -> bool:
        """Whether there is a product that is not gone."""
        return _any_product(self._connection).first() is not None

    def side(self) -> StoreSide:
        """The store of this database, as far as it is compared."""
        rows = self._connection.execute(select(store_categories).order_by(store_categories.c.id))
        categories = tuple(StoreCategory(row.id, row.structure_id, row.parent_id, row.name, row.position) for row in rows)
        names: dict[Kind, dict[str, str]] = {
            kind: {row.id: row.name for row in self._connection.execute(select(HEADS[kind]))} for kind in _NAMED_KINDS
        }
        for kind_name, kind in REFERENCES.items():
            rows = self._connection.execute(select(store_references).where(store_references.c.kind == kind_name))
            names[kind] = {row.id: row.name for row in rows}
        return StoreSide(tuple(self._goods()), categories, names)

    def _goods(self) -> Iterator[Goods]:
        lists: dict[str, tuple[str, ...]] = {}
        for id_, parent_id, name, article, sold_as, barcodes, categories, structure_id, properties, deleted in _compared(self._connection):
            own = lists.get(categories)
            if own is None:
                own = lists[categories] = _texts.decode(categories)
            characteristic = ""
            if parent_id is not None:
                values = (value for _, value in _pairs.decode(properties))
                characteristic = characteristic_of(values) or characteristic_in_brackets(name)
            yield Goods(id_, name, parent_id, article, sold_as, _texts.decode(barcodes), own, structure_id, characteristic, deleted)

    # --- the staged store, record by record ---------------------------------------------------------------------------------

    def small_records(self) -> list[StoreRecord]:
        """All that an export holds little of, with the scopes of one that says nothing by silence."""
        read = self._connection.execute
        found: list[StoreRecord] = [ExportScope("catalog", full=False), ExportScope("offers", full=False)]
        found += [CatalogStructure(row.id, row.name, row.owner) for row in read(select(store_structures))]
        found += [StoreCategory(r.id, r.structure_id, r.parent_id, r.name, r.position) for r in read(select(store_categories))]
        found += [PropertyDefinition(row.id, row.name, row.value_type) for row in read(select(store_properties))]
        found += [DirectoryValue(row.property_id, row.id, row.value) for row in read(select(store_directory_values))]
        found += [PriceType(row.id, row.name, row.currency) for row in read(select(store_price_types))]
        found += [StoreWarehouse(row.id, row.name) for row in read(select(store_warehouses))]
        for row in read(select(store_references)):
            if row.kind == "organization":
                found.append(Organization(row.id, row.name))
            else:
                found.append(Employee(row.id, row.name) if row.kind == "employee" else OrderDirection(row.id, row.name))
        return found

    def product_records(self, after: str) -> list[Product]:
        """A page of products and variants that are not gone, by id, in the categories the store named."""
        table = store_products.c
        query = select(store_products).where(table.id > after, table.deleted.is_(False)).order_by(table.id).limit(PAGE)
        return [as_named(product_of(row, None)) for row in self._connection.execute(query)]

    def price_records(self, after: str) -> list[Price]:
        """Prices of the next products: whole products, so the next page begins behind the last of them."""
        query = _of_next_products(store_prices, after)
        return [Price(row.product_id, row.price_type_id, row.value, row.currency) for row in self._connection.execute(query)]

    def stock_records(self, after: str) -> list[Stock]:
        """As `price_records`."""
        query = _of_next_products(store_stocks, after)
        return [Stock(row.product_id, row.warehouse_id, row.quantity) for row in self._connection.execute(query)]

    def stocks_made_at(self) -> datetime | None:
        """When the oldest stocks of this database were counted; None = it has none, or that is not known."""
        made_at: datetime | None = self._connection.execute(select(func.min(store_imports.c.stocks_made_at))).scalar_one()
        return made_at

    def last(self) -> TakenOver | None:
        """The last take-over; None = there was none."""
        row = self._connection.execute(select(take_overs).order_by(take_overs.c.id.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        undoable = row.kept is not None and row.undone_at is None
        return TakenOver(row.id, row.plan_id, row.came_from, row.goes_on_with, row.at, row.undone_at, undoable)

    def taking_over(self, matching: Matching) -> TakingOver:
        """Does a take-over, within this transaction."""
        return TakingOver(self._connection, matching)

    def undo(self, at: datetime) -> None:
        """Gives everything the ids back that it had before the last take-over, which must be one that can be undone."""
        undo(self._connection, at)


@prepared
def _any_product() -> Executable:
    return select(store_products.c.id).where(store_products.c.deleted.is_(False)).limit(1)


@prepared
def _compared() -> Select[Any]:
    table = store_products.c
    lists = [type_coerce(column, Text) for column in (table.barcodes, table.category_ids)]
    # Only variants are told apart by their properties.
    properties = case((table.parent_id.is_not(None), type_coerce(table.properties, Text)), else_="[]")
    return select(
        table.id, table.parent_id, table.name, table.offer_id, table.sold_as, *lists, table.structure_id, properties, table.deleted
    )


def _of_next_products(table: Table, after: str) -> Select[Any]:
    column = table.c.product_id
    behind = select(column).where(column > after).distinct().order_by(column).limit(PAGE).subquery()
    return select(table).where(column > after, column <= select(func.max(behind.c[0])).scalar_subquery()).order_by(column)
