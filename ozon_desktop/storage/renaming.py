"""Gives the store's ids other names in every table that knows them, in one transaction: who is called what may change all round.

What refers to the store is declared here, column by column; a test knows every column of the schema and asks for those that are new.
Plan items in `intents` and `sent_values` name their product as well, but are only ever looked up by their article.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import Column as SqlColumn
from sqlalchemy import (
    ColumnElement,
    Connection,
    MetaData,
    Table,
    Text,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.price_rules import PriceRule, PriceRules
from ozon_desktop.domain.stock_rules import StockException, StockRules, WarehouseRule
from ozon_desktop.domain.take_over import Kind
from ozon_desktop.storage.cabinet_tables import card_decisions, card_sides
from ozon_desktop.storage.card_tables import card_fields, card_pictures, field_rules
from ozon_desktop.storage.guard_tables import store_absences
from ozon_desktop.storage.mapping_tables import category_mappings, mapping_changes, mapping_parts
from ozon_desktop.storage.new_product_tables import new_products
from ozon_desktop.storage.order_tables import orders
from ozon_desktop.storage.sql import batches
from ozon_desktop.storage.sync_rule_tables import sync_rules
from ozon_desktop.storage.tables import (
    cabinet_articles,
    integrations,
    product_links,
    store_categories,
    store_directory_values,
    store_elements,
    store_price_types,
    store_prices,
    store_products,
    store_properties,
    store_references,
    store_stocks,
    store_structures,
    store_warehouses,
)

KEYS: dict[Table, dict[str, Kind]] = {
    store_structures: {"id": Kind.STRUCTURE},
    store_categories: {"id": Kind.CATEGORY, "parent_id": Kind.CATEGORY, "structure_id": Kind.STRUCTURE},
    store_properties: {"id": Kind.PROPERTY},
    store_directory_values: {"property_id": Kind.PROPERTY},
    store_products: {"id": Kind.PRODUCT, "parent_id": Kind.PRODUCT, "structure_id": Kind.STRUCTURE},
    store_price_types: {"id": Kind.PRICE_TYPE},
    store_warehouses: {"id": Kind.WAREHOUSE},
    store_prices: {"product_id": Kind.PRODUCT, "price_type_id": Kind.PRICE_TYPE},
    store_stocks: {"product_id": Kind.PRODUCT, "warehouse_id": Kind.WAREHOUSE},
    store_absences: {"product_id": Kind.PRODUCT},
    product_links: {"product_id": Kind.PRODUCT},
    cabinet_articles: {"product_id": Kind.PRODUCT},
    card_fields: {"product_id": Kind.PRODUCT},
    card_pictures: {"product_id": Kind.PRODUCT},
    card_decisions: {"product_id": Kind.PRODUCT},
    card_sides: {"product_id": Kind.PRODUCT},
    category_mappings: {"category_id": Kind.CATEGORY},
    mapping_parts: {"category_id": Kind.CATEGORY},
    field_rules: {"category_id": Kind.CATEGORY},
}
"""Tables whose rows are known by ids of the store: taken out and put back. Those that others stand on come before them."""

NAMED: dict[Table, dict[str, Kind]] = {
    integrations: {
        "catalog_structure_id": Kind.STRUCTURE,
        "order_direction_id": Kind.DIRECTION,
        "organization_id": Kind.ORGANIZATION,
        "responsible_employee_id": Kind.EMPLOYEE,
        "price_type_id": Kind.PRICE_TYPE,
    },
    orders: {"organization_id": Kind.ORGANIZATION, "direction_id": Kind.DIRECTION, "responsible_id": Kind.EMPLOYEE},
    new_products: {"store_id": Kind.PRODUCT},
}
"""Tables that only name ids of the store."""

REFERENCES = {"organization": Kind.ORGANIZATION, "employee": Kind.EMPLOYEE, "direction": Kind.DIRECTION}
"""Kinds of `store_references`, whose column `kind` says what its ids are of."""

FORGOTTEN = (store_elements,)
"""Tables that say of ids what an import would change: nothing of it holds once the ids are others."""

INSIDE = {store_products: ("category_ids",), sync_rules: ("prices", "stocks"), mapping_changes: ("before", "after")}
"""Columns with objects that hold ids of the store."""

_LISTS = "categories"
"""In the table of names: whole lists of categories, as products hold them."""

_names = Table(
    "take_over_names",
    MetaData(),
    SqlColumn("kind", Text, primary_key=True),
    SqlColumn("old", Text, primary_key=True),
    SqlColumn("new", Text, nullable=False),
    prefixes=["TEMPORARY"],
)


@dataclass(frozen=True, slots=True)
class Names:
    """What ids of one kind are called from now on. aside: put before every other id, "" = they keep their names.

    strip: a beginning that is taken away from other ids which have it, before `aside` is thought of.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    aside: str = ""
    strip: str = ""

    @property
    def changes(self) -> bool:
        return bool(self.aside or self.strip) or any(old != new for old, new in self.given.items())

    def of(self, id_: str) -> str:
        """The new name; "" stands for all, and stays."""
        if not id_:
            return id_
        new = self.given.get(id_)
        if new is not None:
            return new
        return id_[len(self.strip) :] if self.strip and id_.startswith(self.strip) else self.aside + id_


class Renaming:
    """One renaming of everything, within one transaction."""

    def __init__(self, connection: Connection, names: Mapping[Kind, Names]) -> None:
        self._connection = connection
        self._of = {kind: names.get(kind, Names()) for kind in Kind}

    def run(self) -> None:
        """Renames everywhere; a target that belongs to somebody who keeps his name is a mistake of the caller."""
        for table in FORGOTTEN:
            self._connection.execute(delete(table))
        _names.create(self._connection)
        for kind, names in self._of.items():
            if names.changes:
                self._fill(kind.value, names.given.items())
        self._fill(_LISTS, self._category_lists())
        self._rename_rows()
        self._rename_named()
        self._rename_inside()
        _names.drop(self._connection)

    def _fill(self, kind: str, pairs: Iterable[tuple[str, str]]) -> None:
        for batch in batches(pairs, 5_000):
            self._connection.execute(insert(_names), [{"kind": kind, "old": old, "new": new} for old, new in batch])

    def _category_lists(self) -> list[tuple[str, str]]:
        """Lists of categories that products have, each once, with what becomes of it."""
        names = self._of[Kind.CATEGORY]
        if not names.changes:
            return []
        column = type_coerce(store_products.c.category_ids, Text)
        found: list[tuple[str, str]] = []
        for text in self._connection.execute(select(column).distinct()).scalars():
            before = msgspec.json.decode(text, type=tuple[str, ...])
            found.append((text, msgspec.json.encode(tuple(map(names.of, before))).decode()))
        return found

    # --- rows that are known by ids -----------------------------------------------------------------------------------

    def _rename_rows(self) -> None:
        """All rows are taken out before any is put back, so that two may change names with each other."""
        concerned: list[Table] = []
        for table, columns in KEYS.items():
            # What stands on rows that are taken out would go with them.
            stands_on = {key.column.table for key in table.foreign_keys}
            if any(self._of[kind].changes for kind in columns.values()) or not stands_on.isdisjoint(concerned):
                concerned.append(table)
        taken = {table: self._take_out(table) for table in concerned}
        for table in reversed(concerned):
            self._connection.execute(delete(table))
        for table, aside in taken.items():
            self._put_back(table, aside)
        for kind_name, kind in REFERENCES.items():
            if self._of[kind].changes:
                self._rename_references(kind_name, kind)

    def _take_out(self, table: Table) -> Table:
        columns = [SqlColumn(column.name, column.type) for column in table.columns]
        aside = Table(f"moved_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
        aside.create(self._connection)
        self._connection.execute(insert(aside).from_select([column.name for column in columns], select(table)))
        return aside

    def _put_back(self, table: Table, aside: Table) -> None:
        source: Any = aside
        values: dict[str, ColumnElement[Any]] = {column.name: column for column in aside.columns}
        for name, kind in KEYS[table].items():
            source, values[name] = self._joined(source, aside.c[name], kind.value, self._of[kind])
        if table is store_products:
            lists = type_coerce(aside.c.category_ids, Text)
            source, text = self._joined(source, lists, _LISTS, Names())
            values["category_ids"] = type_coerce(text, store_products.c.category_ids.type)
        columns = list(values)
        self._connection.execute(insert(table).from_select(columns, select(*(values[name] for name in columns)).select_from(source)))
        aside.drop(self._connection)

    def _joined(self, source: Any, column: ColumnElement[Any], kind: str, names: Names) -> tuple[Any, ColumnElement[Any]]:
        """The source with the new names beside it, and the column with them."""
        given = _names.alias()
        joined = source.outerjoin(given, and_(given.c.kind == kind, given.c.old == column))
        return joined, func.coalesce(given.c.new, _other_name(column, names))

    def _rename_references(self, kind_name: str, kind: Kind) -> None:
        rows = self._connection.execute(select(store_references).where(store_references.c.kind == kind_name)).all()
        self._connection.execute(delete(store_references).where(store_references.c.kind == kind_name))
        renamed = [{"kind": kind_name, "id": self._of[kind].of(row.id), "name": row.name} for row in rows]
        if renamed:
            self._connection.execute(insert(store_references), renamed)

    # --- columns that name ids ------------------------------------------------------------------------------------------

    def _rename_named(self) -> None:
        for table, columns in NAMED.items():
            for name, kind in columns.items():
                if self._of[kind].changes:
                    column = table.c[name]
                    new = select(_names.c.new).where(_names.c.kind == kind.value, _names.c.old == column).scalar_subquery()
                    other = _other_name(column, self._of[kind])
                    self._connection.execute(update(table).where(column.is_not(None)).values({name: func.coalesce(new, other)}))

    # --- objects that hold ids --------------------------------------------------------------------------------------------

    def _rename_inside(self) -> None:
        for row in self._connection.execute(select(sync_rules)).all():
            values = {"prices": self._prices(row.prices), "stocks": None if row.stocks is None else self._stocks(row.stocks)}
            if values != {"prices": row.prices, "stocks": row.stocks}:
                own = sync_rules.c.integration_id == row.integration_id
                self._connection.execute(update(sync_rules).where(own).values(values))
        if not self._of[Kind.CATEGORY].changes:
            return
        for number in self._connection.execute(select(mapping_changes.c.id)).scalars().all():
            own = mapping_changes.c.id == number
            row = self._connection.execute(select(mapping_changes.c.before, mapping_changes.c.after).where(own)).one()
            self._connection.execute(
                update(mapping_changes).where(own).values(before=self._places(row.before), after=self._places(row.after))
            )

    def _prices(self, rules: PriceRules) -> PriceRules:
        name = self._of[Kind.PRICE_TYPE].of

        def renamed(rule: PriceRule | None) -> PriceRule | None:
            return rule if rule is None or rule.price_type_id is None else replace(rule, price_type_id=name(rule.price_type_id))

        return replace(rules, old=renamed(rules.old), minimum=renamed(rules.minimum))

    def _stocks(self, rules: StockRules) -> StockRules:
        warehouse, product, category = (self._of[kind].of for kind in (Kind.WAREHOUSE, Kind.PRODUCT, Kind.CATEGORY))

        def renamed(rule: WarehouseRule) -> WarehouseRule:
            return replace(rule, store_ids=tuple(map(warehouse, rule.store_ids)))

        def excepted(item: StockException) -> StockException:
            return replace(item, product_id=product(item.product_id), category_id=category(item.category_id))

        return replace(rules, warehouses=tuple(map(renamed, rules.warehouses)), exceptions=tuple(map(excepted, rules.exceptions)))

    def _places(
        self, assignments: tuple[tuple[str | MappingPlace, TypeKey | None], ...]
    ) -> tuple[tuple[str | MappingPlace, TypeKey | None], ...]:
        name: Callable[[str], str] = self._of[Kind.CATEGORY].of
        return tuple(
            (name(place) if isinstance(place, str) else replace(place, category_id=name(place.category_id)), key)
            for place, key in assignments
        )


def _other_name(column: ColumnElement[Any], names: Names) -> ColumnElement[Any]:
    """What an id is called that was given no name."""
    if not names.aside and not names.strip:
        return column
    text: ColumnElement[str] = type_coerce(column, Text)
    whens: list[tuple[Any, Any]] = [(or_(column.is_(None), text == ""), column)]
    if names.strip:
        length = len(names.strip)
        whens.append((func.substr(text, 1, length) == names.strip, func.substr(text, length + 1)))
    return case(*whens, else_=literal(names.aside).concat(text))
