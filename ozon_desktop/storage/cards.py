"""What the manager decided for cards: fields saved on a product, rules, answers about doubtful values, the order of pictures."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.field_rules import FieldRule, RuleKind
from ozon_desktop.domain.ozon_catalog import DictionaryKey, DictionaryValue, TypeKey
from ozon_desktop.domain.pictures import PictureChoice
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.value_matching import ValueChoice
from ozon_desktop.storage.card_tables import card_fields, card_pictures, field_rules, value_choices
from ozon_desktop.storage.sql import insert_missing, of_integration, upsert


class CardRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def saved(self, integration_id: int) -> dict[str, dict[TypeKey, SavedFields]]:
        """All saved fields by product id and type: those of a type mapped earlier stay."""
        found: dict[str, dict[TypeKey, SavedFields]] = {}
        for row in of_integration(self._connection, card_fields, integration_id):
            saved = _saved(row)
            found.setdefault(saved.product_id, {})[saved.type_key] = saved
        return found

    def saved_of(self, integration_id: int, product_id: str) -> dict[TypeKey, SavedFields]:
        """The fields saved on one product, by type."""
        table = card_fields.c
        query = select(card_fields).where(table.integration_id == integration_id, table.product_id == product_id)
        return {saved.type_key: saved for saved in map(_saved, self._connection.execute(query))}

    def pictures_of(self, integration_id: int, product_id: str) -> PictureChoice | None:
        """The chosen order of one product's pictures; None = the store's."""
        table = card_pictures.c
        query = select(card_pictures).where(table.integration_id == integration_id, table.product_id == product_id)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else PictureChoice(row.product_id, row.ordered, row.main)

    def saved_for(self, integration_id: int, product_id: str, type_key: TypeKey) -> SavedFields | None:
        """The fields saved on one product for one type."""
        row = self._connection.execute(select(card_fields).where(*_key(integration_id, product_id, type_key))).one_or_none()
        return None if row is None else _saved(row)

    def save(self, integration_id: int, saved: SavedFields) -> None:
        """Replaces the fields of this product and type; nothing entered any more removes them."""
        if not saved.values and saved.dimensions == Dimensions():
            self._connection.execute(delete(card_fields).where(*_key(integration_id, saved.product_id, saved.type_key)))
            return
        upsert(self._connection, card_fields, [_fields_row(integration_id, saved)])

    def replace_lists(self, integration_id: int, product_id: str, lists: Iterable[SavedFields]) -> None:
        """Makes these the fields saved on one product, of any type, also one in which nothing is entered."""
        table = card_fields.c
        self._connection.execute(delete(card_fields).where(table.integration_id == integration_id, table.product_id == product_id))
        upsert(self._connection, card_fields, [_fields_row(integration_id, saved) for saved in lists])

    def has_lists(self, integration_id: int, product_id: str) -> bool:
        """Whether fields of any type are saved on the product."""
        table = card_fields.c
        query = select(table.type_id).where(table.integration_id == integration_id, table.product_id == product_id)
        return self._connection.execute(query.limit(1)).one_or_none() is not None

    def choose_list(self, integration_id: int, product_ids: Iterable[str], type_key: TypeKey) -> None:
        """The list of these products is of this type from now on, though nothing may be entered in it. What is entered stays."""
        rows = [_fields_row(integration_id, SavedFields(product_id, type_key)) for product_id in product_ids]
        insert_missing(self._connection, card_fields, rows)

    def rules(self, integration_id: int) -> list[FieldRule]:
        """All rules by category and attribute."""
        rows = of_integration(self._connection, field_rules, integration_id, "category_id", "attribute_id")
        return [_rule(row) for row in rows]

    def save_rule(self, integration_id: int, rule: FieldRule) -> None:
        """Sets or replaces the rule of this category and attribute."""
        row = {
            "integration_id": integration_id,
            "category_id": rule.category_id,
            "attribute_id": rule.attribute_id,
            "kind": rule.kind,
            "entered": rule.values,
            "property_name": rule.property_name,
            "template": rule.template,
            "factor": rule.factor,
            "value_table": rule.table,
        }
        upsert(self._connection, field_rules, [row])

    def delete_rule(self, integration_id: int, category_id: str, attribute_id: int) -> None:
        """Removes a rule; no rule is no error."""
        table = field_rules
        same = (table.c.integration_id == integration_id, table.c.category_id == category_id, table.c.attribute_id == attribute_id)
        self._connection.execute(delete(table).where(*same))

    def choices(self, integration_id: int) -> list[ValueChoice]:
        """All remembered answers, by dictionary and text."""
        rows = of_integration(self._connection, value_choices, integration_id, "dictionary_id", "category_id", "type_id", "folded")
        return [_choice(row) for row in rows]

    def save_choice(self, integration_id: int, choice: ValueChoice) -> None:
        """Remembers or replaces the answer for this dictionary and text (case and ё/е do not count)."""
        row = {
            **_choice_key(integration_id, choice.dictionary, choice.text),
            "text": choice.text.strip(),
            "value_id": choice.value.id if choice.value is not None else 0,
            "value": choice.value.value if choice.value is not None else "",
        }
        upsert(self._connection, value_choices, [row])

    def delete_choice(self, integration_id: int, dictionary: DictionaryKey, text: str) -> None:
        """Forgets an answer; no answer is no error."""
        key = _choice_key(integration_id, dictionary, text)
        self._connection.execute(delete(value_choices).where(*(value_choices.c[name] == value for name, value in key.items())))

    def pictures(self, integration_id: int) -> dict[str, PictureChoice]:
        """The chosen order of pictures, by product id."""
        rows = of_integration(self._connection, card_pictures, integration_id)
        return {row.product_id: PictureChoice(row.product_id, row.ordered, row.main) for row in rows}

    def save_pictures(self, integration_id: int, choice: PictureChoice) -> None:
        """Sets the order of a product's pictures; an empty choice removes it."""
        if not choice.order and not choice.main:
            table = card_pictures.c
            mine = (table.integration_id == integration_id, table.product_id == choice.product_id)
            self._connection.execute(delete(card_pictures).where(*mine))
            return
        row = {"integration_id": integration_id, "product_id": choice.product_id, "ordered": choice.order, "main": choice.main}
        upsert(self._connection, card_pictures, [row])


def _fields_row(integration_id: int, saved: SavedFields) -> dict[str, Any]:
    return {
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


def _rule(row: Row[Any]) -> FieldRule:
    kind = RuleKind(row.kind)
    return FieldRule(row.category_id, row.attribute_id, kind, row.entered, row.property_name, row.template, row.factor, row.value_table)


def _choice_key(integration_id: int, dictionary: DictionaryKey, text: str) -> dict[str, Any]:
    key = dictionary.type_key
    return {
        "integration_id": integration_id,
        "dictionary_id": dictionary.dictionary_id,
        "category_id": key.description_category_id if key is not None else 0,
        "type_id": key.type_id if key is not None else 0,
        "folded": fold(text),
    }


def _choice(row: Row[Any]) -> ValueChoice:
    key = TypeKey(row.category_id, row.type_id) if row.category_id or row.type_id else None
    value = DictionaryValue(row.value_id, row.value) if row.value_id else None
    return ValueChoice(DictionaryKey(row.dictionary_id, key), row.text, value)


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
