"""What the store exported, as the program reads it, and the reference lists that can be edited by hand."""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, Text, and_, delete, func, insert, or_, select, type_coerce, update

from ozon_desktop.domain.russian_order import in_russian_order
from ozon_desktop.domain.sold_pieces import StockCount
from ozon_desktop.domain.store_catalog import (
    DESCRIBED,
    CatalogStructure,
    Employee,
    OrderDirection,
    Organization,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    Stock,
    StoreCategory,
    StoreWarehouse,
)
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.storage.plan_rows import categories_of, priced
from ozon_desktop.storage.product_rows import (
    OUTLINE_COLUMNS,
    ProductRow,
    PropertyWords,
    complete,
    last_import,
    outline_of,
    product_of,
    products_with_ids,
    whole_product,
    with_variants,
)
from ozon_desktop.storage.sql import batches, prepared
from ozon_desktop.storage.store_import import StoreImporter
from ozon_desktop.storage.tables import (
    store_categories,
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

NOTHING = Decimal(0)
OUTLINES_AT_ONCE = 10_000
AFTER_QUOTE = chr(ord('"') + 1)
REFERENCE_KINDS = frozenset({"organization", "employee", "direction"})


class StoreRepository:
    """Reads store data; writing goes through `importer`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def structures(self) -> list[CatalogStructure]:
        """Catalogue structures by name."""
        rows = _structures(self._connection)
        return in_russian_order((CatalogStructure(row.id, row.name, row.owner) for row in rows), lambda item: item.name)

    def vat_texts(self) -> list[str]:
        """The rates of VAT that products of the store state, each once, as they are written."""
        table = store_products.c
        return list(self._connection.execute(select(table.vat).where(table.vat.is_not(None), ~table.deleted).distinct()).scalars())

    def categories(self, structure_id: str | None) -> list[StoreCategory]:
        """Categories in the order of the export. structure_id None = of all structures."""
        rows = _every_category(self._connection) if structure_id is None else _categories_of(self._connection, structure_id)
        return [StoreCategory(row.id, row.structure_id, row.parent_id, row.name, row.position) for row in rows]

    def property_definitions(self) -> list[PropertyDefinition]:
        """Properties by name."""
        rows = _properties(self._connection)
        return in_russian_order((PropertyDefinition(row.id, row.name, row.value_type) for row in rows), lambda item: item.name)

    def described_products(self) -> set[str]:
        """Ids of the products whose variants have no id of their own in the store."""
        table = store_products.c
        query = select(table.parent_id).where(table.parent_id.is_not(None), table.id.contains(DESCRIBED, autoescape=True)).distinct()
        return {parent_id for parent_id in self._connection.execute(query).scalars() if parent_id is not None}

    def directories(self) -> dict[str, dict[str, str]]:
        """Values of directories by id, by property id."""
        return PropertyWords(self._connection).directories

    def price_types(self) -> list[PriceType]:
        """Price types by name."""
        rows = _price_types(self._connection)
        return in_russian_order((PriceType(row.id, row.name, row.currency) for row in rows), lambda item: item.name)

    def warehouses(self) -> list[StoreWarehouse]:
        """The store's warehouses by name."""
        rows = _warehouses(self._connection)
        return in_russian_order((StoreWarehouse(row.id, row.name) for row in rows), lambda item: item.name)

    def organizations(self) -> list[Organization]:
        """Organizations by name."""
        return [Organization(id_, name) for id_, name in self._references("organization")]

    def employees(self) -> list[Employee]:
        """Employees by name."""
        return [Employee(id_, name) for id_, name in self._references("employee")]

    def directions(self) -> list[OrderDirection]:
        """Order directions by name."""
        return [OrderDirection(id_, name) for id_, name in self._references("direction")]

    def products(self, structure_id: str | None) -> list[Product]:
        """Products that can be sold, by name. structure_id None = of all structures.

        A product with variants is listed as its variants, complete; one known only from offers when it has a price or a stock.
        """
        return self._of_structure(self._sellable(self._read(select(store_products))), structure_id)

    def product(self, product_id: str) -> Product | None:
        """One product or variant (complete), deleted ones included; None when it is not known."""
        query = select(store_products).where(store_products.c.id == product_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        family = [product_id] if row.parent_id is None else [product_id, row.parent_id]
        read = self._read(select(store_products).where(store_products.c.id.in_(family)))
        return next(product for product in with_variants(read) if product.id == product_id)

    def sold(self, structure_id: str | None, product_ids: Iterable[str]) -> list[Product]:
        """Those of these products that `products` gives, complete, in the given order; only their families are read."""
        wanted = list(dict.fromkeys(product_ids))
        found = {product.id: product for product in self._of_structure(self._sellable(self._families(wanted)), structure_id)}
        return [found[product_id] for product_id in wanted if product_id in found]

    def outlines(self, structure_id: str | None, pages: Iterable[list[ProductRow]] | None = None) -> list[Product]:
        """What `products` gives, complete but for texts, pictures and properties. pages: from `outline_page`, None = read now."""
        if pages is None:
            pages = self._outline_pages()
        rows = sorted((row for page in pages for row in page), key=lambda row: (row[1], row[0]))
        return self._of_structure(self._sellable(outline_of(row) for row in rows), structure_id)

    def outline_page(self, after: str | None, limit: int) -> list[ProductRow]:
        """Rows for `outlines` with ids behind `after`, at most `limit`: the table is read in pieces that hold nobody up."""
        table = store_products.c
        query = select(*(table[name] for name in OUTLINE_COLUMNS)).order_by(table.id).limit(limit)
        if after is not None:
            query = query.where(table.id > after)
        return [tuple(row) for row in self._connection.execute(query)]

    def products_of(self, product_ids: Sequence[str]) -> list[Product]:
        """These products or variants, complete, deleted ones included, in the given order; unknown ones are left out."""
        rows = {product.id: product for product in self._with_ids(product_ids)}
        parents = {product.parent_id for product in rows.values() if product.parent_id is not None} - rows.keys()
        families = rows | {product.id: product for product in self._with_ids(parents)}
        found = (rows[product_id] for product_id in product_ids if product_id in rows)
        return [complete(product, families.get(product.parent_id or "")) for product in found]

    def sharing(self, offer_id: str, barcode: str) -> list[str]:
        """Ids of products and variants that have this article or this first barcode, by themselves or from their product."""
        table = store_products.c
        # As a function, for the index to be taken is that of the article.
        not_given = (func.coalesce(table.sold_as, "") == "") & (table.offer_id == offer_id)
        given, own = select(table.id).where(table.sold_as == offer_id), select(table.id).where(not_given)
        found = set(self._connection.execute(given.union_all(own)).scalars())
        if barcode:
            found.update(self._connection.execute(select(table.id).where(self._begins_with(barcode))).scalars())
        parents = sorted(found)
        for ids in batches(parents):
            found.update(self._connection.execute(select(table.id).where(table.parent_id.in_(ids))).scalars())
        return sorted(found)

    def _begins_with(self, barcode: str) -> ColumnElement[bool]:
        """Whether it is the first of the barcodes. Compared as text, for the column holds a JSON list: those that begin alike lie
        side by side in the index."""
        column: ColumnElement[str] = type_coerce(store_products.c.barcodes, Text)
        if self._connection.dialect.name == "postgresql":
            column = column.collate("C")
        beginning = "[" + msgspec.json.encode(barcode).decode()
        return and_(column >= beginning, column < beginning[:-1] + AFTER_QUOTE)

    def import_number(self) -> int:
        """The number of the last import: while it stays, products, prices and stocks stay as well."""
        return int(last_import(self._connection).scalar_one())

    def note_stocks_made(self, import_number: int, moment: datetime) -> None:
        """When the oldest of an import's files with stocks was made."""
        self._connection.execute(update(store_imports).where(store_imports.c.id == import_number).values(stocks_made_at=moment))

    def stock_counts(self, product_ids: Iterable[str]) -> dict[str, list[StockCount]]:
        """Of which import the stock of each of these products is, warehouse by warehouse."""
        found: dict[str, list[StockCount]] = {}
        table = store_stocks.c
        joined = store_stocks.outerjoin(store_imports, store_imports.c.id == table.seen)
        query = select(table.product_id, table.quantity, table.seen, store_imports.c.stocks_made_at).select_from(joined)
        for batch in batches(product_ids):
            for row in self._connection.execute(query.where(table.product_id.in_(batch))):
                found.setdefault(row.product_id, []).append(StockCount(row.seen, row.stocks_made_at, row.quantity <= 0))
        return found

    def deleted_products(self) -> list[Product]:
        """Products and variants that are gone from the store, complete."""
        return [product for product in with_variants(self._read(select(store_products))) if product.deleted]

    def product_counts(self, structure_id: str | None) -> dict[str, int]:
        """How many products that can be sold stand directly in each category; one in two categories counts in both."""
        return dict(Counter(category for product in self._outlines(structure_id) for category in product.category_ids))

    def prices(self, price_type_id: str) -> dict[str, Price]:
        """Prices of one type by product id."""
        query = select(store_prices).where(store_prices.c.price_type_id == price_type_id)
        return {row.product_id: _price(row) for row in self._connection.execute(query)}

    def prices_for(self, price_type_id: str, product_ids: Iterable[str]) -> dict[str, Price]:
        """Prices of one type of these products, by product id."""
        table = store_prices.c
        found: dict[str, Price] = {}
        for ids in batches(product_ids):
            query = select(store_prices).where(table.price_type_id == price_type_id, table.product_id.in_(ids))
            found.update((row.product_id, _price(row)) for row in self._connection.execute(query))
        return found

    def prices_of(self, product_id: str) -> list[Price]:
        """Prices of one product, by price type."""
        query = select(store_prices).where(store_prices.c.product_id == product_id).order_by(store_prices.c.price_type_id)
        return [_price(row) for row in self._connection.execute(query)]

    def stocks(self) -> dict[str, list[Stock]]:
        """Stocks by product id, each product's by warehouse."""
        found: dict[str, list[Stock]] = {}
        for row in self._connection.execute(select(store_stocks).order_by(store_stocks.c.product_id, store_stocks.c.warehouse_id)):
            found.setdefault(row.product_id, []).append(_stock(row))
        return found

    def stock_sums(self, product_ids: Iterable[str]) -> dict[str, Decimal]:
        """Stock over all warehouses of these products; those without any are left out."""
        table = store_stocks.c
        sums: dict[str, Decimal] = {}
        for ids in batches(product_ids):
            for product_id, quantity in self._connection.execute(select(table.product_id, table.quantity).where(table.product_id.in_(ids))):
                sums[product_id] = sums.get(product_id, NOTHING) + quantity
        return sums

    def add_reference(self, kind: str, name: str) -> str:
        """Adds an entry to a reference list (one of REFERENCE_KINDS) and gives its id. WrongInput for another kind."""
        if kind not in REFERENCE_KINDS:
            raise WrongInput("kind", detail=kind)
        reference_id = uuid.uuid4().hex
        self._connection.execute(insert(store_references).values(kind=kind, id=reference_id, name=name))
        return reference_id

    def rename_reference(self, kind: str, reference_id: str, name: str) -> None:
        """Renames an entry; NotFound when there is none of this id."""
        if self._connection.execute(update(store_references).where(*_reference(kind, reference_id)).values(name=name)).rowcount == 0:
            raise NotFound(reference_id)

    def remove_reference(self, kind: str, reference_id: str) -> None:
        """Removes an entry; NotFound when there is none of this id."""
        if self._connection.execute(delete(store_references).where(*_reference(kind, reference_id))).rowcount == 0:
            raise NotFound(reference_id)

    def importer(self, file_name: str) -> StoreImporter:
        """Takes the records of one export; all of it is one transaction."""
        return StoreImporter(self._connection, file_name)

    def _references(self, kind: str) -> list[tuple[str, str]]:
        return in_russian_order(((row.id, row.name) for row in _references(self._connection, kind)), lambda pair: pair[1])

    def _read(self, query: Select[Any]) -> list[Product]:
        words = PropertyWords(self._connection)
        ordered = query.order_by(store_products.c.name, store_products.c.id)
        return [product_of(row, words) for row in self._connection.execute(ordered)]

    def _with_ids(self, product_ids: Iterable[str]) -> list[Product]:
        words = PropertyWords(self._connection)
        found: list[Product] = []
        for ids in batches(product_ids):
            rows = products_with_ids(self._connection, ids)
            found.extend(whole_product(row, words) for row in rows)
        return found

    def _families(self, product_ids: Sequence[str]) -> list[Product]:
        """These products with all that share a parent with them or are theirs: what `with_variants` decides by."""
        rows = {product.id: product for product in self._with_ids(product_ids)}
        heads = {product.parent_id or product.id for product in rows.values()}
        words = PropertyWords(self._connection)
        for ids in batches(sorted(heads)):
            for row in _families(self._connection, ids):
                rows[row.id] = product_of(row, words)
        return list(rows.values())

    def _outline_pages(self) -> Iterator[list[ProductRow]]:
        after: str | None = None
        while page := self.outline_page(after, OUTLINES_AT_ONCE):
            yield page
            after = page[-1][0]

    def _outlines(self, structure_id: str | None) -> list[Product]:
        """What `products` gives, but only with ids and categories: for counting, where reading texts would take most of the time."""
        table = store_products.c
        query = select(table.id, table.structure_id, table.parent_id, table.category_ids, table.deleted, table.has_card)
        read = (
            Product(row.id, "", "", row.structure_id, row.parent_id, row.category_ids, deleted=row.deleted, has_card=row.has_card)
            for row in self._connection.execute(query)
        )
        return self._of_structure(self._sellable(read), structure_id)

    def _of_structure(self, products: list[Product], structure_id: str | None) -> list[Product]:
        """Those that stand in a category of the structure or came with it, and those of which no structure is known."""
        if structure_id is None:
            return products
        inside = set(categories_of(self._connection, structure_id).scalars())
        return [
            product for product in products if product.structure_id in {structure_id, ""} or not inside.isdisjoint(product.category_ids)
        ]

    def _sellable(self, read: Iterable[Product]) -> list[Product]:
        sold = [product for product in with_variants(read) if not product.deleted]
        if all(product.has_card for product in sold):
            return sold
        known = set(priced(self._connection).scalars())
        return [product for product in sold if product.has_card or product.id in known]


@prepared
def _structures() -> Select[Any]:
    return select(store_structures).order_by(store_structures.c.id)


@prepared
def _every_category() -> Select[Any]:
    table = store_categories.c
    return select(store_categories).order_by(table.structure_id, table.position, table.id)


@prepared
def _categories_of(structure_id: str) -> Select[Any]:
    table = store_categories.c
    return select(store_categories).where(table.structure_id == structure_id).order_by(table.position, table.id)


@prepared
def _properties() -> Select[Any]:
    return select(store_properties).order_by(store_properties.c.id)


@prepared
def _price_types() -> Select[Any]:
    return select(store_price_types).order_by(store_price_types.c.id)


@prepared
def _warehouses() -> Select[Any]:
    return select(store_warehouses).order_by(store_warehouses.c.id)


@prepared
def _references(kind: str) -> Select[Any]:
    table = store_references.c
    return select(table.id, table.name).where(table.kind == kind).order_by(table.id)


@prepared
def _families(heads: list[str]) -> Select[Any]:
    """Whole rows of these products and of their variants."""
    table = store_products.c
    return select(store_products).where(or_(table.id.in_(heads), table.parent_id.in_(heads)))


def _price(row: Row[Any]) -> Price:
    return Price(row.product_id, row.price_type_id, row.value, row.currency)


def _stock(row: Row[Any]) -> Stock:
    return Stock(row.product_id, row.warehouse_id, row.quantity)


def _reference(kind: str, reference_id: str) -> tuple[Any, ...]:
    return store_references.c.kind == kind, store_references.c.id == reference_id
