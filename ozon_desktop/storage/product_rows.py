"""Products and their rows: conversions, and the rule which of two descriptions of a product wins."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select

from ozon_desktop.domain.store_catalog import Product, fold, merge_variant, without_home
from ozon_desktop.storage.sql import prepared
from ozon_desktop.storage.tables import store_directory_values, store_imports, store_products, store_properties

ProductRow = tuple[Any, ...]
"""Values of OUTLINE_COLUMNS."""

OUTLINE_COLUMNS = ("id", "name", "offer_id", "structure_id", "parent_id", "category_ids", "barcodes", "deleted", "has_card", "sold_as")


Pairs = tuple[tuple[str, str], ...]

_PROPERTIES = 10
"""Where the properties stand in a row of the whole table, behind id and article."""


class PropertyWords:
    """What property ids, and ids of values in a directory, mean: parts of one export may come in any order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of the properties by id."""
        rows = _property_names(self._connection)
        return {row.id: row.name for row in rows}

    @cached_property
    def directories(self) -> dict[str, dict[str, str]]:
        """Values by id, by property id. Read when a product needs one: there may be tens of thousands."""
        found: dict[str, dict[str, str]] = {}
        for row in _directory_values(self._connection):
            found.setdefault(row.property_id, {})[row.id] = row.value
        return found

    def read(self, properties: Pairs) -> Pairs:
        """The properties with names and values in place of the ids that were not known when they were imported."""
        names = self.names
        if not any(name in names for name, _ in properties):
            return properties
        return tuple((names[name], self._value(name, value)) if name in names else (name, value) for name, value in properties)

    def _value(self, property_id: str, written: str) -> str:
        directory = self.directories.get(property_id, {})
        if not directory:
            return written
        return "; ".join(dict.fromkeys(directory.get(value, value) for value in written.split("; ")))


@prepared
def _property_names() -> Select[Any]:
    return select(store_properties.c.id, store_properties.c.name)


@prepared
def _directory_values() -> Select[Any]:
    return select(store_directory_values)


@prepared
def products_with_ids(ids: Collection[str]) -> Select[Any]:
    """Whole rows of products and variants."""
    return select(store_products).where(store_products.c.id.in_(ids))


@prepared
def last_import() -> Select[Any]:
    """The number of the last import; 0 = there was none."""
    return select(func.coalesce(func.max(store_imports.c.id), 0))


def sold_article() -> ColumnElement[str]:
    """The article a row of store_products goes to Ozon by: the one it was given, else the store's own."""
    return case((store_products.c.sold_as != "", store_products.c.sold_as), else_=store_products.c.offer_id)


def outline_of(row: ProductRow) -> Product:
    """The product of an outline row: without description, pictures, properties and the like."""
    id_, name, offer_id, structure_id, parent_id, category_ids, barcodes, deleted, has_card, sold_as = row
    return Product(id_, sold_as or offer_id, name, structure_id, parent_id, category_ids, "", barcodes, deleted=deleted, has_card=has_card)


def complete(product: Product, parent: Product | None) -> Product:
    """A variant with what its product gives it; anything else as it is."""
    return product if parent is None or product.parent_id is None else merge_variant(parent, product)


PRODUCT_NAMES = tuple(column.name for column in store_products.columns)
_text = msgspec.json.Encoder()


def product_values(product: Product, seen: int, sold_as: str = "") -> tuple[Any, ...]:
    """The row of a product last written by the import number `seen`, as the driver takes it, in the order of PRODUCT_NAMES.

    sold_as: the article it goes to Ozon by, "" = to be found.
    """
    encode = _text.encode
    return (
        product.id,
        product.offer_id,
        product.name,
        product.structure_id,
        product.parent_id,
        encode(product.category_ids).decode(),
        product.description,
        encode(product.barcodes).decode(),
        encode(product.pictures).decode(),
        product.vat,
        product.vendor,
        product.unit,
        encode(product.properties).decode(),
        product.deleted,
        product.has_card,
        product.code,
        product.group_id,
        product.model,
        sold_as,
        seen,
    )


def product_of(row: Row[Any], words: PropertyWords | None) -> Product:
    """The product of a row. words: for properties that stand there by id; None = all as the store wrote it, also the article."""
    properties = row.properties if words is None or not row.properties else words.read(row.properties)
    return Product(
        row.id,
        row.offer_id if words is None else row.sold_as or row.offer_id,
        row.name,
        row.structure_id,
        row.parent_id,
        row.category_ids,
        row.description,
        row.barcodes,
        row.pictures,
        row.vat,
        row.vendor,
        row.unit,
        properties,
        row.deleted,
        row.has_card,
        row.code,
        row.group_id,
        row.model,
    )


def whole_product(row: Row[Any], words: PropertyWords) -> Product:
    """As `product_of`, for a row with all columns of the table in its order: several times as fast, for a hundred thousand of them."""
    whole: tuple[Any, ...] = tuple(row)
    id_, offer_id, *values, sold_as, _ = whole
    if values[_PROPERTIES]:
        values[_PROPERTIES] = words.read(values[_PROPERTIES])
    return Product(id_, sold_as or offer_id, *values)


def as_named(product: Product) -> Product:
    """With the categories the store named: where it named none, what `give_homes` added is no difference."""
    named = without_home(product.category_ids)
    return product if named == product.category_ids else replace(product, category_ids=named)


def newer(known: Product | None, record: Product) -> Product:
    """What is known of a product after an export gave `record`.

    A mention without a card (has_card False: an offers file) never replaces a card; of a variant it gives the variant's own
    fields. A deletion that says nothing else keeps what is known, for the product must still be named when it is archived.
    """
    if known is None:
        return record
    if known.has_card and not record.has_card and record.parent_id is None and not record.deleted:
        return known
    record = with_unsaid(known, record)
    if record.deleted:
        return replace(record if record.has_card and record.name else known, deleted=True, has_card=known.has_card or record.has_card)
    if record.has_card or not known.has_card:
        return record
    if record.parent_id is None:
        return known
    return replace(
        known,
        offer_id=record.offer_id or known.offer_id,
        name=record.name or known.name,
        parent_id=record.parent_id,
        barcodes=record.barcodes or known.barcodes,
        properties=record.properties or known.properties,
    )


def with_unsaid(known: Product, record: Product) -> Product:
    """What changes say of a product, with what is known where they say nothing; properties that they do not name stay."""
    if not record.unsaid:
        return record
    kept: dict[str, Any] = {name: getattr(known, name) for name in record.unsaid}
    if "properties" in kept:
        said = {fold(name) for name, _ in record.properties}
        kept["properties"] = tuple(pair for pair in known.properties if fold(pair[0]) not in said) + record.properties
    return replace(record, **kept, unsaid=known.unsaid & record.unsaid)


def with_variants(products: Iterable[Product]) -> list[Product]:
    """Products as they are sold: variants complete, in the place of their product, which is then not listed itself.

    A product whose variants are all deleted is listed beside them: it is sold by itself again. A variant whose product is unknown
    stands for itself.
    """
    plain: dict[str, Product] = {}
    variants: dict[str, list[Product]] = {}
    for product in products:
        if product.parent_id is None:
            plain[product.id] = product
        else:
            variants.setdefault(product.parent_id, []).append(product)
    sold: list[Product] = []
    for product in plain.values():
        own = [merge_variant(product, variant) for variant in variants.pop(product.id, ())]
        sold.extend(own)
        if not own or (not product.deleted and all(variant.deleted for variant in own)):
            sold.append(product)
    return sold + [variant for orphans in variants.values() for variant in orphans]
