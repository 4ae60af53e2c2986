"""Lists of the store: edited by hand, structures and the products of each, products that share an article or a barcode."""

from dataclasses import replace

import pytest

from ozon_desktop.domain.store_catalog import CatalogStructure, Employee, OrderDirection, Organization, Product, StoreCategory, StoreRecord
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.storage.exports import CATALOG, KITCHEN, KNIFE, LARGE, SHIRT, SHOP, SMALL, load


def test_lists_can_be_edited_by_hand_and_survive_an_import(database: Database) -> None:
    load(database, [Organization("о", "ООО"), Employee("с", "Иванов"), OrderDirection("н", "Сайт")])
    added = database.run_sync(lambda unit: unit.store.add_reference("direction", "Ozon"))
    database.run_sync(lambda unit: unit.store.rename_reference("employee", "с", "Петров"))
    database.run_sync(lambda unit: unit.store.remove_reference("organization", "о"))
    load(database, CATALOG)
    assert database.run_sync(lambda unit: unit.store.directions()) == [OrderDirection(added, "Ozon"), OrderDirection("н", "Сайт")]
    assert database.run_sync(lambda unit: unit.store.employees()) == [Employee("с", "Петров")]
    assert database.run_sync(lambda unit: unit.store.organizations()) == []


def test_entries_that_are_not_there_are_not_found(database: Database) -> None:
    with pytest.raises(NotFound):
        database.run_sync(lambda unit: unit.store.rename_reference("employee", "нет", "Петров"))
    with pytest.raises(NotFound):
        database.run_sync(lambda unit: unit.store.remove_reference("employee", "нет"))
    with pytest.raises(WrongInput):
        database.run_sync(lambda unit: unit.store.add_reference("colour", "красный"))


def test_product_of_two_structures_is_listed_in_both_and_one_without_category_in_every(database: Database) -> None:
    records: list[StoreRecord] = [
        CatalogStructure("a", "ОЗОН"),
        CatalogStructure("b", "Сайт"),
        StoreCategory("a1", "a", None, "Обувь"),
        StoreCategory("b1", "b", None, "Всё"),
        Product("both", "X-1", "В двух", structure_id="a", category_ids=("a1", "b1")),
        Product("one", "X-2", "В одной", structure_id="a", category_ids=("a1",)),
        Product("none", "X-3", "Без категории"),
    ]

    def load(unit: UnitOfWork) -> None:
        importer = unit.store.importer("two.xml")
        for record in records:
            importer.write(record)
        importer.finish()

    database.run_sync(load)

    def listed(name: str) -> set[str]:
        return {product.id for product in database.run_sync(lambda unit: unit.store.products(name))}

    assert (listed("a"), listed("b")) == ({"both", "one", "none"}, {"both", "none"})
    assert database.run_sync(lambda unit: unit.store.product_counts("b")) == {"a1": 1, "b1": 1}


def test_offers_file_does_not_rename_a_structure_known_from_the_catalogue(database: Database) -> None:
    def load(structure: CatalogStructure) -> None:
        def work(unit: UnitOfWork) -> None:
            importer = unit.store.importer("x.xml")
            importer.write(structure)
            importer.finish()

        database.run_sync(work)

    load(CatalogStructure("a", "Пакет предложений", repeated=True))
    assert [known.name for known in database.run_sync(lambda unit: unit.store.structures())] == ["Пакет предложений"]
    load(CatalogStructure("a", "Каталог"))
    load(CatalogStructure("a", "Пакет предложений", repeated=True))
    assert [known.name for known in database.run_sync(lambda unit: unit.store.structures())] == ["Каталог"]


@pytest.mark.parametrize(
    ("offer_id", "barcode", "found"),
    [
        ("SH", "", ["mug", "mug#1", "рубашка", "рубашка#L", "рубашка#S"]),
        ("none", "46", ["нож"]),
        ("none", '4"6', ["quoted"]),
        ("none", "460", ["long", "рубашка", "рубашка#L", "рубашка#S"]),
        ("none", "461", []),
        ("KN-1", "460", ["long", "нож", "рубашка", "рубашка#L", "рубашка#S"]),
    ],
)
def test_products_that_share_an_article_or_the_first_barcode(database: Database, offer_id: str, barcode: str, found: list[str]) -> None:
    stored = [
        replace(KNIFE, barcodes=("46", "461")),
        replace(SHIRT, barcodes=("460",)),
        SMALL,
        LARGE,
        Product("mug", "SH", "Кружка", "s"),
        Product("mug#1", "SH-1", "Кружка (1)", parent_id="mug", has_card=False),
        Product("quoted", "Q", "Кавычка", "s", barcodes=('4"6',)),
        Product("long", "L", "Много кодов", "s", barcodes=("460", *(str(number) * 20 for number in range(300)))),
    ]
    load(database, [SHOP, KITCHEN, *stored])
    assert database.run_sync(lambda unit: unit.store.sharing(offer_id, barcode)) == found
