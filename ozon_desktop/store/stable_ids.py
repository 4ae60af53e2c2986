"""Ids of a written catalogue as UUIDs, as 1C has its own, and always the same: a file that is loaded again adds nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid5

from ozon_desktop.domain.new_products import NAMESPACE
from ozon_desktop.store.catalog_export import ExportedCatalog, ExportedProduct


def stable_id(text: str) -> str:
    return str(uuid5(NAMESPACE, f"catalog/{text}"))


def with_stable_ids(
    catalog: ExportedCatalog, products: Sequence[ExportedProduct], creation_ids: Mapping[str, str]
) -> tuple[ExportedCatalog, list[ExportedProduct]]:
    """The same catalogue under other ids. creation_ids: those of the products, by offer_id."""
    structure = replace(catalog.structure, id=stable_id(catalog.structure.id))
    price_type = replace(catalog.price_type, id=stable_id(catalog.price_type.id))
    warehouse = replace(catalog.warehouse, id=stable_id(catalog.warehouse.id))
    categories = [
        replace(one, id=stable_id(one.id), structure_id=structure.id, parent_id=None if one.parent_id is None else stable_id(one.parent_id))
        for one in catalog.categories
    ]
    properties = [replace(one, id=stable_id(one.id)) for one in catalog.properties]
    renamed = ExportedCatalog(structure, categories, properties, price_type, warehouse)
    return renamed, [_product(one, renamed, creation_ids[one.product.offer_id]) for one in products]


def _product(exported: ExportedProduct, catalog: ExportedCatalog, id_: str) -> ExportedProduct:
    product = replace(
        exported.product,
        id=id_,
        structure_id=catalog.structure.id,
        category_ids=tuple(map(stable_id, exported.product.category_ids)),
    )
    price = None if exported.price is None else replace(exported.price, product_id=id_, price_type_id=catalog.price_type.id)
    stock = None if exported.stock is None else replace(exported.stock, product_id=id_, warehouse_id=catalog.warehouse.id)
    return ExportedProduct(product, price, stock)
