"""Products and their rows: conversions, and the rule which of two descriptions of a product wins."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from ozon_desktop.domain.store_catalog import Product, merge_variant

ProductRow = tuple[Any, ...]
"""Values of OUTLINE_COLUMNS."""

OUTLINE_COLUMNS = ("id", "name", "offer_id", "structure_id", "parent_id", "category_ids", "barcodes", "deleted", "has_card")


_PROPERTIES = 12
"""Where the properties stand in a row of the whole table."""


def outline_of(row: ProductRow) -> Product:
    """The product of an outline row: without description, pictures, properties and the like."""
    id_, name, offer_id, structure_id, parent_id, category_ids, barcodes, deleted, has_card = row
    return Product(id_, offer_id, name, structure_id, parent_id, category_ids, "", barcodes, deleted=deleted, has_card=has_card)


def complete(product: Product, parent: Product | None) -> Product:
    """A variant with what its product gives it; anything else as it is."""
    return product if parent is None or product.parent_id is None else merge_variant(parent, product)


def product_row(product: Product, seen: int) -> dict[str, Any]:
    """The row of a product last mentioned by the import number `seen`."""
    return {
        "id": product.id,
        "offer_id": product.offer_id,
        "name": product.name,
        "structure_id": product.structure_id,
        "parent_id": product.parent_id,
        "category_ids": product.category_ids,
        "description": product.description,
        "barcodes": product.barcodes,
        "pictures": product.pictures,
        "vat": product.vat,
        "vendor": product.vendor,
        "unit": product.unit,
        "properties": product.properties,
        "deleted": product.deleted,
        "has_card": product.has_card,
        "seen": seen,
    }


def product_of(row: Row[Any], property_names: Mapping[str, str]) -> Product:
    """The product of a row; properties named by the id of their definition get its name."""
    properties = row.properties
    if properties and property_names:
        properties = tuple((property_names.get(name, name), value) for name, value in properties)
    return Product(
        row.id,
        row.offer_id,
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
    )


def whole_product(row: Row[Any], property_names: Mapping[str, str]) -> Product:
    """As `product_of`, for a row with all columns of the table in its order: several times as fast, for a hundred thousand of them."""
    values: tuple[Any, ...] = tuple(row)
    if not values[_PROPERTIES] or not property_names:
        return Product(*values[:-1])
    properties = tuple((property_names.get(name, name), value) for name, value in values[_PROPERTIES])
    return Product(*(*values[:_PROPERTIES], properties, *values[_PROPERTIES + 1 : -1]))


def newer(known: Product | None, record: Product) -> Product:
    """What is known of a product after an export gave `record`.

    A mention without a card (has_card False: an offers file) never replaces a card; of a variant it gives the variant's own
    fields. A deletion that says nothing else keeps what is known, for the product must still be named when it is archived.
    """
    if known is None:
        return record
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
