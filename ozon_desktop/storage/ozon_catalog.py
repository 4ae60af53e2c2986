"""Ozon's catalogue as last collected: tree, types, attributes, and the cabinet's warehouses; dictionaries are in `dictionaries.py`."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, Row, Select, delete, insert, select, tuple_, update

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.ozon_catalog import Attribute, OzonCategory, OzonTree, OzonType, TypeKey
from ozon_desktop.errors import NotFound
from ozon_desktop.storage.dictionaries import DictionaryRepository
from ozon_desktop.storage.sql import BATCH, batches, of_integration, prepared, upsert
from ozon_desktop.storage.tables import ozon_attributes, ozon_categories, ozon_types, ozon_warehouses

_NEW_ATTRIBUTES = insert(ozon_attributes)


class OzonCatalogRepository(DictionaryRepository):
    def tree(self) -> OzonTree:
        """The whole tree in Ozon's order, nodes that are gone included."""
        categories, types = _every_category(self._connection), _every_type(self._connection)
        return OzonTree.build(
            [OzonCategory(row.id, row.parent_id, row.name, row.disabled, row.gone) for row in categories],
            [OzonType(TypeKey(row.category_id, row.type_id), row.name, row.disabled, row.gone, row.settings_at) for row in types],
        )

    def save_base(self, categories: Sequence[OzonCategory]) -> None:
        """Stores the base categories; known ones not among them are marked as gone."""
        table = ozon_categories
        self._connection.execute(update(table).where(table.c.parent_id.is_(None)).values(gone=True))
        for batch in batches(enumerate(categories)):
            upsert(self._connection, table, [_category_row(category, category.id, position) for position, category in batch])

    def save_children(self, base_ids: Iterable[int], categories: Sequence[OzonCategory], types: Sequence[OzonType]) -> None:
        """Stores everything below these base categories.

        Nodes below them that are not given any more are marked as gone; those that are back are not gone any more.
        When a type's attributes were collected is kept.
        """
        bases = set(base_ids)
        base_of = _bases(bases, categories)
        for batch in batches(bases):
            self._connection.execute(update(ozon_types).where(ozon_types.c.base_id.in_(batch)).values(gone=True))
            below = (ozon_categories.c.base_id.in_(batch), ozon_categories.c.parent_id.is_not(None))
            self._connection.execute(update(ozon_categories).where(*below).values(gone=True))
        children = [category for category in categories if category.parent_id is not None]
        for categories_batch in batches(enumerate(children)):
            rows = [_category_row(category, base_of.get(category.id, category.id), position) for position, category in categories_batch]
            upsert(self._connection, ozon_categories, rows)
        for types_batch in batches(enumerate(types)):
            rows = [_type_row(type_, base_of.get(type_.key.description_category_id, 0), position) for position, type_ in types_batch]
            upsert(self._connection, ozon_types, rows, keep=("settings_at",))

    def attributes(self, key: TypeKey) -> list[Attribute]:
        """The attributes of a type in Ozon's order; empty when they were not collected."""
        return [_attribute(row) for row in _attributes_of(self._connection, key.description_category_id, key.type_id)]

    def attributes_of(self, keys: Iterable[TypeKey]) -> dict[TypeKey, list[Attribute]]:
        """The attributes of each of these types, as `attributes` gives them."""
        found: dict[TypeKey, list[Attribute]] = {key: [] for key in keys}
        for batch in batches(found, BATCH // 2):
            wanted = [(key.description_category_id, key.type_id) for key in batch]
            for row in _attributes_of_types(self._connection, wanted):
                found[TypeKey(row.category_id, row.type_id)].append(_attribute(row))
        return found

    def attribute_names(self, ids: Collection[int]) -> dict[int, str]:
        """The names of attributes by id, of whichever type has them; unknown ones are left out."""
        if not ids:
            return {}
        table = ozon_attributes
        query = select(table.c.id, table.c.name).where(table.c.id.in_(sorted(ids))).distinct()
        return {row.id: row.name for row in self._connection.execute(query)}

    def save_attributes(self, key: TypeKey, attributes: Sequence[Attribute], now: datetime) -> None:
        """Replaces the attributes of a type, collected at `now`. NotFound when the tree lacks the type."""
        if _collected(self._connection, key.description_category_id, key.type_id, now).rowcount == 0:
            raise NotFound(str(key))
        _without_attributes(self._connection, key.description_category_id, key.type_id)
        if attributes:
            rows = [_attribute_row(key, attribute, position) for position, attribute in enumerate(attributes)]
            self._connection.execute(_NEW_ATTRIBUTES, rows)

    def warehouses(self, integration_id: int) -> list[OzonWarehouse]:
        """The cabinet's warehouses in Ozon's order."""
        rows = of_integration(self._connection, ozon_warehouses, integration_id, "position")
        return [OzonWarehouse(row.id, row.name, row.is_rfbs, row.active) for row in rows]

    def save_warehouses(self, integration_id: int, warehouses: Sequence[OzonWarehouse]) -> None:
        table = ozon_warehouses
        _without_warehouses(self._connection, integration_id)
        rows = [
            {
                "integration_id": integration_id,
                "id": warehouse.id,
                "name": warehouse.name,
                "is_rfbs": warehouse.is_rfbs,
                "active": warehouse.active,
                "position": position,
            }
            for position, warehouse in enumerate(warehouses)
        ]
        upsert(self._connection, table, rows)


@prepared
def _every_category() -> Select[Any]:
    return select(ozon_categories).order_by(ozon_categories.c.position, ozon_categories.c.id)


@prepared
def _every_type() -> Select[Any]:
    return select(ozon_types).order_by(ozon_types.c.position, ozon_types.c.category_id, ozon_types.c.type_id)


@prepared
def _attributes_of(category_id: int, type_id: int) -> Select[Any]:
    table = ozon_attributes.c
    return select(ozon_attributes).where(table.category_id == category_id, table.type_id == type_id).order_by(table.position)


@prepared
def _attributes_of_types(types: list[tuple[int, int]]) -> Select[Any]:
    table = ozon_attributes.c
    return select(ozon_attributes).where(tuple_(table.category_id, table.type_id).in_(types)).order_by(table.position)


@prepared
def _collected(category_id: int, type_id: int, now: datetime) -> Executable:
    table = ozon_types.c
    return update(ozon_types).where(table.category_id == category_id, table.type_id == type_id).values(settings_at=now)


@prepared
def _without_attributes(category_id: int, type_id: int) -> Executable:
    table = ozon_attributes.c
    return delete(ozon_attributes).where(table.category_id == category_id, table.type_id == type_id)


@prepared
def _without_warehouses(integration_id: int) -> Executable:
    return delete(ozon_warehouses).where(ozon_warehouses.c.integration_id == integration_id)


def _bases(bases: set[int], categories: Sequence[OzonCategory]) -> dict[int, int]:
    """The base category of each category, by following its parents."""
    parents = {category.id: category.parent_id for category in categories if category.parent_id is not None}
    found = {base: base for base in bases}
    for category_id in parents:
        path: list[int] = []
        current: int | None = category_id
        while current is not None and current not in found and current not in path:
            path.append(current)
            current = parents.get(current)
        base = found.get(current, path[-1]) if current is not None else path[-1]
        found.update(dict.fromkeys(path, base))
    return found


def _category_row(category: OzonCategory, base_id: int, position: int) -> dict[str, Any]:
    return {
        "id": category.id,
        "parent_id": category.parent_id,
        "base_id": base_id,
        "name": category.name,
        "disabled": category.disabled,
        "gone": category.gone,
        "position": position,
    }


def _type_row(type_: OzonType, base_id: int, position: int) -> dict[str, Any]:
    return {
        "category_id": type_.key.description_category_id,
        "type_id": type_.key.type_id,
        "base_id": base_id,
        "name": type_.name,
        "disabled": type_.disabled,
        "gone": type_.gone,
        "settings_at": type_.settings_at,
        "position": position,
    }


def _attribute_row(key: TypeKey, attribute: Attribute, position: int) -> dict[str, Any]:
    return {
        "category_id": key.description_category_id,
        "type_id": key.type_id,
        "position": position,
        "id": attribute.id,
        "name": attribute.name,
        "description": attribute.description,
        "type": attribute.type,
        "is_collection": attribute.is_collection,
        "is_required": attribute.is_required,
        "is_aspect": attribute.is_aspect,
        "max_value_count": attribute.max_value_count,
        "group_id": attribute.group_id,
        "group_name": attribute.group_name,
        "dictionary_id": attribute.dictionary_id,
        "category_dependent": attribute.category_dependent,
        "complex_id": attribute.complex_id,
        "complex_is_collection": attribute.complex_is_collection,
    }


def _attribute(row: Row[Any]) -> Attribute:
    return Attribute(
        row.id,
        row.name,
        row.description,
        row.type,
        row.is_collection,
        row.is_required,
        row.is_aspect,
        row.max_value_count,
        row.group_id,
        row.group_name,
        row.dictionary_id,
        row.category_dependent,
        row.complex_id,
        row.complex_is_collection,
    )
