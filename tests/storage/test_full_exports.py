"""What a full and a partial export say of the products, prices and stocks they do not mention: deleted, emptied, or left alone."""

from dataclasses import replace
from decimal import Decimal

from ozon_desktop.domain.store_catalog import ExportScope, Price, Product, Stock, StoreCategory, StoreRecord
from ozon_desktop.storage.database import Database
from tests.storage.exports import CATALOG, KITCHEN, KNIFE, KNIVES, OFFERS, SHIRT, SHOP, load, products


def test_a_full_catalogue_deletes_what_it_does_not_mention(database: Database) -> None:
    elsewhere = Product("чужой", "X", "Чужой", "другая", None, ("чужая",))
    load(database, [*CATALOG, elsewhere, StoreCategory("чужая", "другая", None, "Чужая")])
    load(database, OFFERS)
    counts = load(database, [SHOP, KITCHEN, replace(KNIFE, category_ids=("к",)), ExportScope("catalog", True, "s")])
    assert counts.deleted == 1
    assert set(products(database)) == {"нож", "чужой"}
    assert [category.id for category in database.run_sync(lambda unit: unit.store.categories("s"))] == ["к"]
    deleted = database.run_sync(lambda unit: unit.store.deleted_products())
    assert {(product.id, product.offer_id, product.name) for product in deleted} == {
        ("рубашка#S", "SH-S", "Рубашка (S)"),
        ("рубашка#L", "SH", "Рубашка"),
    }


def test_a_deleted_product_comes_back(database: Database) -> None:
    load(database, CATALOG)
    load(database, [KNIFE, ExportScope("catalog", True, "s")])
    assert set(products(database)) == {"нож"}
    load(database, CATALOG)
    assert set(products(database)) == {"нож", "рубашка"}
    assert database.run_sync(lambda unit: unit.store.deleted_products()) == []


def test_a_partial_catalogue_leaves_the_absent_alone(database: Database) -> None:
    load(database, CATALOG)
    load(database, [replace(KNIFE, name="Нож новый"), ExportScope("catalog", False, "s")])
    assert {product.name for product in products(database).values()} == {"Нож новый", "Рубашка"}
    assert len(database.run_sync(lambda unit: unit.store.categories("s"))) == 2


def test_a_part_of_a_split_catalogue_says_nothing_of_the_other_parts(database: Database) -> None:
    load(database, CATALOG)
    load(database, [SHOP, KITCHEN, KNIVES, ExportScope("catalog", True, "s")])
    load(database, [SHOP, KNIFE, SHIRT, ExportScope("catalog", True, "s")])
    assert set(products(database)) == {"нож", "рубашка"}
    assert len(database.run_sync(lambda unit: unit.store.categories("s"))) == 2


def test_a_deletion_keeps_what_is_needed_to_name_the_product(database: Database) -> None:
    load(database, CATALOG)
    counts = load(database, [Product("нож", "", "", "s", deleted=True), ExportScope("catalog", False, "s")])
    assert counts.deleted == 1
    [gone] = database.run_sync(lambda unit: unit.store.deleted_products())
    assert (gone.id, gone.offer_id, gone.name) == ("нож", "KN-1", "Нож")
    assert load(database, [Product("нож", "", "", "s", deleted=True)]).deleted == 0


def test_full_offers_empty_what_they_do_not_mention(database: Database) -> None:
    other: list[StoreRecord] = [
        Product("чужой", "X", "Чужой", "другая"),
        Price("чужой", "розница", Decimal(9)),
        Stock("чужой", "главный", Decimal(9)),
    ]
    load(database, CATALOG)
    load(database, OFFERS)
    load(database, other)
    load(database, [Price("нож", "розница", Decimal(1)), Stock("нож", "главный", Decimal(1)), ExportScope("offers", True, "s")])
    stocks = database.run_sync(lambda unit: unit.store.stocks())
    assert {id_: stock[0].quantity for id_, stock in stocks.items()} == {"нож": 1, "рубашка#S": 0, "рубашка#L": 0, "чужой": 9}
    assert {id_: price.value for id_, price in database.run_sync(lambda unit: unit.store.prices("розница")).items()} == {
        "нож": 1,
        "чужой": 9,
    }


def test_full_offers_without_a_structure_speak_of_those_they_mention(database: Database) -> None:
    full: list[StoreRecord] = [Stock("рубашка#S", "главный", Decimal(1)), ExportScope("offers", True)]
    load(database, CATALOG)
    load(database, OFFERS)
    load(database, [Product("чужой", "X", "Чужой", "другая"), Stock("чужой", "главный", Decimal(9))])
    load(database, full)
    stocks = database.run_sync(lambda unit: unit.store.stocks())
    assert {id_: stock[0].quantity for id_, stock in stocks.items()} == {"нож": 0, "рубашка#S": 1, "рубашка#L": 0, "чужой": 9}


def test_a_file_of_stocks_only_leaves_prices_alone(database: Database) -> None:
    load(database, CATALOG)
    load(database, OFFERS)
    load(database, [Stock("нож", "главный", Decimal(1)), ExportScope("offers", True, "s")])
    assert set(database.run_sync(lambda unit: unit.store.prices("розница"))) == {"нож", "рубашка#S"}


def test_partial_offers_leave_the_absent_alone(database: Database) -> None:
    load(database, CATALOG)
    load(database, OFFERS)
    load(database, [Price("нож", "розница", Decimal(1)), Stock("нож", "главный", Decimal(1)), ExportScope("offers", False, "s")])
    assert database.run_sync(lambda unit: unit.store.stocks()["рубашка#S"]) == [Stock("рубашка#S", "главный", Decimal(2))]
    assert set(database.run_sync(lambda unit: unit.store.prices("розница"))) == {"нож", "рубашка#S"}
