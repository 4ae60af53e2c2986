"""A small store export for the tests of the import: its records, how they are loaded, and what is read of the store afterwards."""

from collections.abc import Iterable
from decimal import Decimal

from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    ExportScope,
    ImportCounts,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.storage.database import Database
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
    """Imports these records as one file."""

    def work(unit: UnitOfWork) -> ImportCounts:
        importer = unit.store.importer(name)
        for record in records:
            importer.write(record)
        return importer.finish()

    return database.run_sync(work)


def products(database: Database, structure_id: str | None = None) -> dict[str, Product]:
    """The products that are sold, by id; of one structure, or of all."""
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
        }

    return database.run_sync(work)


def totals(database: Database) -> dict[str, int]:
    """How many of each there are."""

    def work(unit: UnitOfWork) -> dict[str, int]:
        store = unit.store
        return {
            "structures": len(store.structures()),
            "categories": len(store.categories(None)),
            "products": len(list(store.products(None))),
            "prices": sum(len(store.prices(kind.id)) for kind in store.price_types()),
            "price_types": len(store.price_types()),
            "warehouses": len(store.warehouses()),
            "stocks": sum(map(len, store.stocks().values())),
        }

    return database.run_sync(work)
