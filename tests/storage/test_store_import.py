"""Store exports: what they leave in the database, imported once, again, in the other order, and interrupted."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from ozon_desktop.domain.store_catalog import (
    DEFAULT_WAREHOUSE_ID,
    CatalogStructure,
    Employee,
    ExportScope,
    OrderDirection,
    Organization,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.errors import NotFound, WrongInput
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.store import StoreTotals
from ozon_desktop.storage.store_import import DEFAULT_WAREHOUSE_NAME, ImportCounts
from ozon_desktop.storage.unit_of_work import UnitOfWork

SHOP = CatalogStructure("s", "Каталог", "ООО «Ромашка»")
KITCHEN, KNIVES = StoreCategory("к", "s", None, "Кухня", 1), StoreCategory("н", "s", "к", "Ножи", 0)
COLOUR = PropertyDefinition("свойство-цвет", "Цвет", "Строка")
KNIFE = Product(
    "нож",
    "KN-1",
    "Нож",
    "s",
    None,
    ("н", "к"),
    "Острый",
    ("4600000000001",),
    ("https://example.org/1.jpg",),
    "20",
    "Ромашка",
    "шт",
    (("свойство-цвет", "красный"), ("Длина", "20")),
)
SHIRT = Product("рубашка", "SH", "Рубашка", "s", None, ("к",), "Хлопок", vat="10", properties=(("Размер", "любой"),))
SMALL = Product("рубашка#S", "SH-S", "Рубашка (S)", parent_id="рубашка", properties=(("Размер", "S"),), has_card=False)
LARGE = Product("рубашка#L", "", "", parent_id="рубашка", properties=(("Размер", "L"),), has_card=False)
RETAIL = PriceType("розница", "Розничная")
MAIN = StoreWarehouse("главный", "Главный")

CATALOG: tuple[StoreRecord, ...] = (SHOP, KNIVES, KITCHEN, COLOUR, KNIFE, SHIRT, ExportScope("catalog", True, "s"))
OFFERS: tuple[StoreRecord, ...] = (
    RETAIL,
    MAIN,
    Product("нож", "KN-1", "Нож (из предложений)", has_card=False),
    Price("нож", "розница", Decimal("1234.50")),
    Stock("нож", "главный", Decimal("3.500")),
    SMALL,
    Price("рубашка#S", "розница", Decimal(700)),
    Stock("рубашка#S", "главный", Decimal(2)),
    LARGE,
    Stock("рубашка#L", "главный", Decimal(0)),
    ExportScope("offers", True, "s"),
)


def load(database: Database, records: Iterable[StoreRecord], name: str = "import.xml") -> ImportCounts:
    def work(unit: UnitOfWork) -> ImportCounts:
        importer = unit.store.importer(name)
        for record in records:
            importer.write(record)
        return importer.finish()

    return database.run_sync(work)


def products(database: Database, structure_id: str | None = None) -> dict[str, Product]:
    return {product.id: product for product in database.run_sync(lambda unit: unit.store.products(structure_id))}


def everything(database: Database) -> dict[str, object]:
    """All that can be read of the store."""

    def work(unit: UnitOfWork) -> dict[str, object]:
        store = unit.store
        return {
            "structures": store.structures(),
            "categories": store.categories(None),
            "properties": store.property_definitions(),
            "products": store.products(None),
            "deleted": store.deleted_products(),
            "price_types": store.price_types(),
            "prices": {kind.id: store.prices(kind.id) for kind in store.price_types()},
            "warehouses": store.warehouses(),
            "stocks": store.stocks(),
            "people": (store.organizations(), store.employees(), store.directions()),
            "totals": store.totals(),
        }

    return database.run_sync(work)


def test_a_catalogue_comes_back_whole(database: Database) -> None:
    counts = load(database, CATALOG)
    assert counts == ImportCounts(structures=1, categories=2, properties=1, products=2)
    stored = everything(database)
    assert stored["structures"] == [SHOP]
    assert stored["categories"] == [KNIVES, KITCHEN]
    assert stored["properties"] == [COLOUR]
    assert products(database) == {"нож": replace(KNIFE, properties=(("Цвет", "красный"), ("Длина", "20"))), "рубашка": SHIRT}


def test_offers_come_back_whole(database: Database) -> None:
    load(database, CATALOG)
    counts = load(database, OFFERS, "offers.xml")
    assert counts == ImportCounts(products=3, prices=2, price_types=1, warehouses=1, stocks=3)
    assert database.run_sync(lambda unit: unit.store.prices("розница")) == {
        "нож": Price("нож", "розница", Decimal("1234.50")),
        "рубашка#S": Price("рубашка#S", "розница", Decimal(700)),
    }
    assert database.run_sync(lambda unit: unit.store.prices_of("нож")) == [Price("нож", "розница", Decimal("1234.50"))]
    assert database.run_sync(lambda unit: unit.store.stocks_of("нож")) == [Stock("нож", "главный", Decimal("3.500"))]
    assert set(database.run_sync(lambda unit: unit.store.stocks())) == {"нож", "рубашка#S", "рубашка#L"}


def test_variants_are_sold_complete_and_their_product_is_not(database: Database) -> None:
    load(database, CATALOG)
    load(database, OFFERS)
    sold = products(database, "s")
    assert set(sold) == {"нож", "рубашка#S", "рубашка#L"}
    assert sold["рубашка#S"] == replace(
        SHIRT, id="рубашка#S", parent_id="рубашка", offer_id="SH-S", name="Рубашка (S)", properties=SMALL.properties
    )
    assert (sold["рубашка#L"].offer_id, sold["рубашка#L"].name) == ("SH", "Рубашка")
    assert products(database, "другая") == {}
    assert database.run_sync(lambda unit: unit.store.product_counts("s")) == {"н": 1, "к": 3}
    assert database.run_sync(lambda unit: unit.store.product("рубашка#S")) == sold["рубашка#S"]
    assert database.run_sync(lambda unit: unit.store.product("рубашка")) == SHIRT
    assert database.run_sync(lambda unit: unit.store.product("нет")) is None


def test_importing_again_doubles_nothing(database: Database) -> None:
    load(database, CATALOG)
    load(database, OFFERS)
    before = everything(database)
    load(database, CATALOG)
    load(database, OFFERS)
    assert everything(database) == before
    assert before["totals"] == StoreTotals(structures=1, categories=2, products=3, prices=2, price_types=1, warehouses=1, stocks=3)


def test_offers_before_the_catalogue_give_the_same(database: Database) -> None:
    load(database, OFFERS)
    early = products(database)
    assert early["нож"].name == "Нож (из предложений)"
    assert not early["нож"].has_card
    load(database, CATALOG)
    reversed_order = everything(database)
    load(database, CATALOG)
    load(database, OFFERS)
    assert everything(database) == reversed_order
    assert products(database)["нож"] == replace(KNIFE, properties=(("Цвет", "красный"), ("Длина", "20")))
    assert products(database)["рубашка#S"].has_card


def test_one_file_with_offers_first_gives_the_same(database: Database) -> None:
    load(database, [*OFFERS, *CATALOG])
    one_file = everything(database)
    load(database, CATALOG)
    load(database, OFFERS)
    assert everything(database) == one_file


def test_offers_never_overwrite_a_card(database: Database) -> None:
    load(database, CATALOG)
    load(database, [Product("нож", "ДРУГОЙ", "Другое", "x", barcodes=("1",), has_card=False)])
    assert products(database)["нож"].name == "Нож"
    assert products(database)["нож"].offer_id == "KN-1"


def test_offers_update_what_is_a_variants_own(database: Database) -> None:
    load(database, CATALOG)
    load(database, OFFERS)
    load(database, [replace(SMALL, name="Рубашка маленькая", barcodes=("4600000000002",))])
    changed = products(database)["рубашка#S"]
    assert (changed.name, changed.barcodes, changed.description) == ("Рубашка маленькая", ("4600000000002",), "Хлопок")


def test_a_placeholder_is_listed_only_with_a_price_or_a_stock(database: Database) -> None:
    def mention(id_: str) -> Product:
        return Product(id_, id_, id_, has_card=False)

    load(database, [mention("a"), mention("b"), mention("c"), RETAIL, MAIN])
    load(database, [Price("b", "розница", Decimal(5)), Stock("c", "главный", Decimal(1))])
    assert set(products(database)) == {"b", "c"}


def test_a_price_or_stock_may_come_before_anything_else(database: Database) -> None:
    load(database, [Price("x", "опт", Decimal(5), "KZT"), Stock("x", DEFAULT_WAREHOUSE_ID, Decimal(1))])
    assert products(database)["x"] == Product("x", "", "", has_card=False)
    assert database.run_sync(lambda unit: unit.store.price_types()) == [PriceType("опт", "опт", "KZT")]
    assert database.run_sync(lambda unit: unit.store.warehouses()) == [StoreWarehouse(DEFAULT_WAREHOUSE_ID, DEFAULT_WAREHOUSE_NAME)]
    load(database, [PriceType("опт", "Оптовая", "KZT")])
    assert database.run_sync(lambda unit: unit.store.price_types()) == [PriceType("опт", "Оптовая", "KZT")]


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
    assert database.run_sync(lambda unit: unit.store.stocks_of("рубашка#S")) == [Stock("рубашка#S", "главный", Decimal(2))]
    assert set(database.run_sync(lambda unit: unit.store.prices("розница"))) == {"нож", "рубашка#S"}


def test_an_error_in_the_middle_leaves_everything_as_it_was(database: Database) -> None:
    load(database, CATALOG)
    load(database, OFFERS)
    before = everything(database)

    def broken() -> Iterable[StoreRecord]:
        yield replace(KNIFE, name="Испорченный")
        for number in range(1500):
            yield Product(f"новый {number}", str(number), "Новый", "s")
        raise ValueError("the file is cut")

    with pytest.raises(ValueError, match="cut"):
        load(database, broken())
    assert everything(database) == before


def test_thousands_of_products_in_any_order(database: Database) -> None:
    """More than one batch of everything, prices mixed with products, twice."""

    def records() -> Iterable[StoreRecord]:
        yield RETAIL
        for number in range(1300):
            yield Price(f"p{number}", "розница", Decimal(number + 1))
            yield Product(f"p{number}", f"A{number}", f"Товар {number}", "s", None, ("к",))
            yield Stock(f"p{number}", "главный", Decimal(number))
        yield ExportScope("catalog", True, "s")
        yield ExportScope("offers", True, "s")

    for _ in range(2):
        counts = load(database, records())
        assert (counts.products, counts.prices, counts.stocks, counts.deleted) == (1300, 1300, 1300, 0)
    assert len(products(database, "s")) == 1300
    assert all(product.has_card for product in products(database, "s").values())
    assert len(database.run_sync(lambda unit: unit.store.stocks())) == 1300


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
    listed = {name: {product.id for product in database.run_sync(lambda unit, name=name: unit.store.products(name))} for name in ("a", "b")}
    assert listed == {"a": {"both", "one", "none"}, "b": {"both", "none"}}
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
