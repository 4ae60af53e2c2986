"""Ids renamed in every table that knows them, all or nothing, and given back."""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, Text, event, select
from sqlalchemy.types import TypeDecorator

from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.price_rules import PriceRules
from ozon_desktop.domain.stock_rules import StockException, StockRules
from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    ExportScope,
    Price,
    PriceType,
    Product,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.domain.take_over import Goods, Kind, Matching, StoreSide, match
from ozon_desktop.storage import renaming
from ozon_desktop.storage.columns import Json
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.table_base import metadata
from ozon_desktop.storage.take_over_tables import take_over_ids, take_over_products, take_overs
from ozon_desktop.storage.unit_of_work import UnitOfWork

TYPE = TypeKey(17, 42)
AT = datetime(2026, 12, 5, tzinfo=UTC)

_NOTHING = """
fbs_actions.action fbs_actions.subject fbs_actions.asked fbs_actions.who fbs_actions.outcome fbs_actions.detail fbs_actions.result
fbs_marks.posting_number fbs_marks.kind fbs_marks.code fbs_marks.digest fbs_marks.state fbs_marks.errors fbs_marks.who
new_products.offer_id new_products.creation_id new_products.problem
accepted_offers.offer_id accepted_offers.payload accepted_offers.stocks accepted_offers.status accepted_offers.status_name
accepted_offers.errors accepted_offers.refused accepted_offers.type_key accepted_offers.card_print cabinet_articles.offer_id
cabinet_cards.offer_id cabinet_cards.name cabinet_cards.barcodes cabinet_cards.card card_decisions.offer_id card_fields.entered
card_pictures.main card_pictures.ordered card_sides.field card_sides.side existing_card_answers.content existing_card_answers.prices
existing_card_answers.stocks field_rules.entered field_rules.kind field_rules.property_name field_rules.template field_rules.value_table
held_items.changes held_items.hold held_items.name held_items.offer_id held_items.value held_items.verdict held_items.what
integrations.connection integrations.name integrations.scheme integrations.selected_base_ids integrations.update_trigger
integrations.vat_rate intents.kind mapping_changes.label mapping_changes.who mapping_parts.property_name mapping_parts.value
order_batches.installation order_batches.posting_numbers order_marks.list order_statuses.posting_number order_statuses.status
orders.exported_status orders.posting orders.posting_number orders.returns orders.status ozon_attributes.description
ozon_attributes.group_name ozon_attributes.name ozon_attributes.type ozon_categories.name ozon_types.name ozon_values.folded
ozon_values.info ozon_values.picture ozon_values.value ozon_warehouses.name planned_cards.card_print planned_cards.offer_id
planned_cards.payload_print preferences.key preferences.value price_timers.offer_id product_links.offer_id run_leases.host
run_leases.machine run_leases.name run_leases.stage run_leases.token run_leases.user_name runs.cause runs.counts
runs.host runs.kind runs.problems runs.reason runs.result runs.user_name
sent_values.before sent_values.kind sent_values.offer_id store_absences.part store_categories.name
store_directory_values.id store_directory_values.value store_imports.file_name store_orders.asked_stage store_orders.placed
store_orders.posting_number store_orders.problem store_orders.set_stage store_orders.set_state store_price_types.currency
store_price_types.name store_prices.currency store_products.barcodes store_products.code store_products.description
store_products.group_id store_products.model store_products.name store_products.offer_id store_products.pictures
store_products.properties store_products.sold_as store_products.unit store_products.vat store_products.vendor store_properties.name
store_properties.value_type store_references.kind store_references.name store_structures.name store_structures.owner
store_warehouses.name value_choices.folded value_choices.text value_choices.value
"""
NOT_OF_THE_STORE = frozenset(_NOTHING.split())
"""Columns that name nothing of the store, or say of it what the next import says anew (`store_products`)."""

KNOWN_BY_ARTICLE = {"intents.payload", "sent_values.item"}
"""Plan items name a product, and are only ever looked up by its article."""


def test_every_column_that_could_name_something_of_the_store_is_accounted_for() -> None:
    """A new column with texts or objects belongs to `renaming`, or into the list of those that name nothing of the store."""
    renamed = {f"{table.name}.{name}" for tables in (renaming.KEYS, renaming.NAMED) for table, names in tables.items() for name in names}
    renamed |= {f"{table.name}.{name}" for table, names in renaming.INSIDE.items() for name in names} | {"store_references.id"}
    left_out = {take_overs.name, take_over_ids.name, take_over_products.name, *(table.name for table in renaming.FORGOTTEN)}
    columns = {
        str(column)
        for table in metadata.tables.values()
        if table.name not in left_out
        for column in table.columns
        if isinstance(column.type, Json) or (isinstance(column.type, Text) and not isinstance(column.type, TypeDecorator))
    }
    accounted = renamed | NOT_OF_THE_STORE | KNOWN_BY_ARTICLE
    assert columns - accounted == set(), "new columns: see the docstring of ozon_desktop/storage/renaming.py"
    assert accounted - columns == set(), "columns that are gone"
    assert not renamed & NOT_OF_THE_STORE


# --- random shops -------------------------------------------------------------------------------------------------------


class Shop:
    """What one source says of the goods numbered in `goods`. Ids are small numbers, given at random: every source uses the same."""

    def __init__(self, mixed: random.Random, goods: list[int]) -> None:
        ids = mixed.sample(range(60), len(goods))
        self.ids = {good: str(id_) for good, id_ in zip(goods, ids, strict=True)}
        self.categories = dict(zip(("Одежда", "Обувь"), map(str, mixed.sample(range(9), 2)), strict=True))
        self.structure, self.price_type, *self.warehouses = map(str, mixed.sample(range(6), 4))
        self._mixed = mixed

    def records(self) -> Iterator[StoreRecord]:
        yield from (ExportScope("catalog", full=False), ExportScope("offers", full=False))
        yield CatalogStructure(self.structure, "Каталог")
        yield PriceType(self.price_type, "Розница")
        for name, id_ in self.categories.items():
            yield StoreCategory(id_, self.structure, None, name)
        for name, id_ in zip(("Склад", "Лес"), self.warehouses, strict=True):
            yield StoreWarehouse(id_, name)
        for good, id_ in self.ids.items():
            category = self.categories["Одежда" if good % 2 else "Обувь"]
            # One in seven shares its article, one in nine has none.
            article = "" if good % 9 == 0 else f"A-{good % 7 if good % 7 == 0 else good}"
            codes = (f"460{good}",) if good % 3 else ()
            yield Product(id_, article, f"Товар {good}", self.structure, category_ids=(category,), barcodes=codes)
            yield Price(id_, self.price_type, Decimal(good + 1))
            for warehouse in self.warehouses:
                yield Stock(id_, warehouse, Decimal(good))


def write(unit: UnitOfWork, shop: Shop) -> None:
    importer = unit.store.importer("export")
    for record in shop.records():
        importer.write(record)
    importer.finish()


def decide(unit: UnitOfWork, integration_id: int) -> None:
    """A person says something of every product and category there is; the texts name what it was said of."""
    side = unit.take_overs.side()
    for one in side.products:
        unit.cards.save(integration_id, SavedFields(one.id, TYPE, {1: ((0, one.name),)}, Dimensions()))
    unit.mappings.apply(integration_id, "всё", {MappingPlace(category.id): TYPE for category in side.categories}, AT, "Иванова")
    first = side.products[0].id
    rules = StockRules(exceptions=(StockException(product_id=first, reserve=1),))
    unit.sync_rules.save(integration_id, PriceRules(), rules)


def take_over(unit: UnitOfWork, shop: Shop, theirs: StoreSide) -> Matching:
    matching = match(unit.take_overs.side(), theirs)
    taking = unit.take_overs.taking_over(matching)
    taking.begin(())
    taking.forget_numbers(prices=True, stocks=True)
    write(unit, shop)
    taking.finish("id", "Файлы", "Ссылка", AT, unit.store.import_number())
    return matching


def side_of(shop: Shop) -> StoreSide:
    products = tuple(
        Goods(r.id, r.name, None, r.offer_id, "", r.barcodes, r.category_ids, r.structure_id)
        for r in shop.records()
        if isinstance(r, Product)
    )
    categories = tuple(record for record in shop.records() if isinstance(record, StoreCategory))
    names: Mapping[Kind, Mapping[str, str]] = {
        Kind.STRUCTURE: {shop.structure: "Каталог"},
        Kind.PRICE_TYPE: {shop.price_type: "Розница"},
        Kind.WAREHOUSE: dict(zip(shop.warehouses, ("Склад", "Лес"), strict=True)),
    }
    return StoreSide(products, categories, names)


def entered(unit: UnitOfWork, integration_id: int) -> dict[str, str]:
    """What was said of products, by id."""
    return {id_: fields[TYPE].values[1][0][1] for id_, fields in unit.cards.saved(integration_id).items()}


def dump(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every table as it is, but for when imports last spoke of something, and how far numbers were counted."""
    left_out = {"store_imports", "take_overs"}
    found: dict[str, list[tuple[object, ...]]] = {}
    for table in metadata.sorted_tables:
        if table.name not in left_out:
            columns = [column for column in table.columns if column.name != "seen"]
            found[table.name] = sorted((tuple(row) for row in connection.execute(select(*columns))), key=repr)
    return found


def dumped(unit: UnitOfWork) -> dict[str, list[tuple[object, ...]]]:
    return dump(unit.take_overs._connection)


@pytest.mark.parametrize("seed", range(6))
def test_one_take_over_after_another_keeps_what_was_said_of_each_product(database: Database, integration_id: int, seed: int) -> None:
    mixed = random.Random(seed)
    goods = list(range(1, 20))
    database.run_sync(lambda unit: write(unit, Shop(mixed, goods)))
    for _ in range(4):
        goods = [*sorted(mixed.sample(goods, len(goods) - 2)), max(goods) + 1]
        _one_more(database, integration_id, Shop(mixed, goods))


def _one_more(database: Database, integration_id: int, shop: Shop) -> None:
    """Something is said of everything, then the shop takes over."""
    database.run_sync(lambda unit: decide(unit, integration_id))
    before = database.run_sync(lambda unit: entered(unit, integration_id))
    matching = database.run_sync(lambda unit: take_over(unit, shop, side_of(shop)))
    after = database.run_sync(lambda unit: entered(unit, integration_id))
    named = {id_: f"Товар {good}" for good, id_ in shop.ids.items()}
    old = {pair.new: pair.old for pair in matching.of(Kind.PRODUCT)}
    assert {id_: after.get(id_) for id_ in named} == {id_: before[old[id_]] if id_ in old else None for id_ in named}
    # Who shares an article is whoever is the only one left with it.
    sure = {id_ for good, id_ in shop.ids.items() if good % 7 or good % 9 == 0} & old.keys()
    assert {id_: after[id_] for id_ in sure} == {id_: named[id_] for id_ in sure}, "each has its own"
    assert sorted(after.values()) == sorted(before.values()), "nothing is lost"
    alive = database.run_sync(lambda unit: {product.id: product.name for product in unit.store.products(None)})
    assert alive == named, "only the new source's goods are sold"
    stocks = database.run_sync(lambda unit: unit.store.stock_sums(named))
    assert stocks == {id_: Decimal(2 * good) for good, id_ in shop.ids.items()}, "counted once"


@pytest.mark.parametrize("seed", range(6))
def test_what_is_undone_is_as_before(database: Database, integration_id: int, seed: int) -> None:
    mixed = random.Random(seed)
    goods = list(range(1, 20))
    database.run_sync(lambda unit: write(unit, Shop(mixed, goods)))
    database.run_sync(lambda unit: decide(unit, integration_id))
    before = database.run_sync(dumped)
    shop = Shop(mixed, [*goods[:-2], 30])
    database.run_sync(lambda unit: take_over(unit, shop, side_of(shop)))
    database.run_sync(lambda unit: write(unit, shop))
    database.run_sync(lambda unit: unit.take_overs.undo(AT))
    after = database.run_sync(dumped)
    assert {name: [row for row in rows if row not in after[name]] for name, rows in before.items()} == {name: [] for name in before}
    added = {name: [row for row in rows if row not in before[name]] for name, rows in after.items()}
    assert all("undone:" in repr(row) for rows in added.values() for row in rows), "what only the new source had stands apart"
    taken = database.run_sync(lambda unit: unit.take_overs.last())
    assert taken is not None
    assert (taken.can_be_undone, taken.undone_at) == (False, AT)


class Killed(BaseException):
    """The program is gone."""


def test_killed_at_any_statement_it_is_either_not_begun_or_done(sqlite_database: Database) -> None:
    database = sqlite_database
    integration_id = database.run_sync(lambda unit: unit.integrations.add("Магазин")).id
    mixed = random.Random(7)
    goods = list(range(1, 12))
    database.run_sync(lambda unit: write(unit, Shop(mixed, goods)))
    database.run_sync(lambda unit: decide(unit, integration_id))
    before, shop = database.run_sync(dumped), Shop(mixed, [*goods[2:], 40])
    left = 0

    def work(unit: UnitOfWork) -> None:
        connection = unit.take_overs._connection
        count = 0

        def stop(*_: Any) -> None:
            nonlocal count
            count += 1
            if count == left:
                raise Killed

        event.listen(connection, "before_cursor_execute", stop)
        take_over(unit, shop, side_of(shop))

    done = False
    while not done:
        left += 1
        try:
            database.run_sync(work)
            done = True
        except Killed:
            assert database.run_sync(dumped) == before
    assert left > 100, "there are that many places to die at"
    assert database.run_sync(lambda unit: unit.take_overs.last()) is not None
