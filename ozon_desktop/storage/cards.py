"""What the manager filled in for cards: fields saved on a product, and default rules of a store category."""

from typing import Any

from sqlalchemy import Connection, Row, delete, select

from ozon_desktop.domain.card import Dimensions, FieldRule, RuleKind, SavedFields
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.storage.sql import upsert
from ozon_desktop.storage.tables import card_fields, field_rules


class CardRepository:
    """Reads and writes saved fields and field rules."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def saved(self, integration_id: int) -> dict[str, dict[TypeKey, SavedFields]]:
        """All saved fields by product id and type: those of a type mapped earlier stay."""
        found: dict[str, dict[TypeKey, SavedFields]] = {}
        for row in self._connection.execute(select(card_fields).where(card_fields.c.integration_id == integration_id)):
            saved = _saved(row)
            found.setdefault(saved.product_id, {})[saved.type_key] = saved
        return found

    def saved_for(self, integration_id: int, product_id: str, type_key: TypeKey) -> SavedFields | None:
        """The fields saved on one product for one type."""
        row = self._connection.execute(select(card_fields).where(*_key(integration_id, product_id, type_key))).one_or_none()
        return None if row is None else _saved(row)

    def save(self, integration_id: int, saved: SavedFields) -> None:
        """Replaces the fields of this product and type; nothing entered any more removes them."""
        if not saved.values and saved.dimensions == Dimensions():
            self._connection.execute(delete(card_fields).where(*_key(integration_id, saved.product_id, saved.type_key)))
            return
        row = {
            "integration_id": integration_id,
            "product_id": saved.product_id,
            "category_id": saved.type_key.description_category_id,
            "type_id": saved.type_key.type_id,
            "entered": dict(saved.values),
            "depth": saved.dimensions.depth,
            "width": saved.dimensions.width,
            "height": saved.dimensions.height,
            "weight": saved.dimensions.weight,
        }
        upsert(self._connection, card_fields, [row])

    def rules(self, integration_id: int) -> list[FieldRule]:
        """All rules by category and attribute."""
        query = select(field_rules).where(field_rules.c.integration_id == integration_id)
        rows = self._connection.execute(query.order_by(field_rules.c.category_id, field_rules.c.attribute_id))
        return [FieldRule(row.category_id, row.attribute_id, RuleKind(row.kind), row.entered, row.property_name) for row in rows]

    def save_rule(self, integration_id: int, rule: FieldRule) -> None:
        """Sets or replaces the rule of this category and attribute."""
        row = {
            "integration_id": integration_id,
            "category_id": rule.category_id,
            "attribute_id": rule.attribute_id,
            "kind": rule.kind,
            "entered": rule.values,
            "property_name": rule.property_name,
        }
        upsert(self._connection, field_rules, [row])

    def delete_rule(self, integration_id: int, category_id: str, attribute_id: int) -> None:
        """Removes a rule; no rule is no error."""
        table = field_rules
        same = (table.c.integration_id == integration_id, table.c.category_id == category_id, table.c.attribute_id == attribute_id)
        self._connection.execute(delete(table).where(*same))


def _key(integration_id: int, product_id: str, type_key: TypeKey) -> tuple[Any, ...]:
    columns = card_fields.c
    return (
        columns.integration_id == integration_id,
        columns.product_id == product_id,
        columns.category_id == type_key.description_category_id,
        columns.type_id == type_key.type_id,
    )


def _saved(row: Row[Any]) -> SavedFields:
    sizes = Dimensions(row.depth, row.width, row.height, row.weight)
    return SavedFields(row.product_id, TypeKey(row.category_id, row.type_id), row.entered, sizes)
