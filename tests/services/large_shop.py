"""A shop of any number of products in a database, without files and without Ozon: for plans over many of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from ozon_desktop.domain.cabinet import OzonWarehouse
from ozon_desktop.domain.integration import IntegrationSettings, Scheme, UpdateTrigger, VatRate
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, DictionaryValue, OzonCategory, OzonType, TypeKey
from ozon_desktop.domain.pricing import split_stock
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
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, DesiredState, Part, SyncPlan, archive_items, in_order, make_plan, zero_items
from ozon_desktop.services.cards.builder import prepare
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork
from tests.barcodes import with_check_digit

TYPE = TypeKey(101, 1001)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BRAND = DictionaryKey(1)
ALL = frozenset(Part)
PROPERTIES = tuple(f"Свойство {number}" for number in range(12))


def product(number: int, *, name: str = "", brand: str = "") -> Product:
    """The product of a number: some 700 signs of description, a dozen properties, three pictures."""
    return Product(
        f"id-{number:06}",
        f"A-{number:06}",
        name or f"Рубашка мужская льняная, модель {number}",
        "s",
        category_ids=(f"c{number % 50}",),
        description="Рубашка из плотного льна с длинным рукавом и отложным воротником. " * 10,
        barcodes=(with_check_digit(str(460_000_000_000 + number)),),
        pictures=tuple(f"https://shop.example/{number}/{picture}.jpg" for picture in range(3)),
        properties=(
            ("Бренд", brand or f"Марка {number % 200}"),
            ("Вес упаковки, кг", "0.35"),
            ("Размер упаковки, см", "30/20/4"),
            *((property_name, f"значение {number % 97} {place}") for place, property_name in enumerate(PROPERTIES)),
        ),
    )


def price(number: int, value: Decimal | None = None, price_type: str = "retail") -> Price:
    """Its price."""
    return Price(f"id-{number:06}", price_type, value or Decimal(500 + number % 5_000), "RUB")


def stock(number: int, quantity: int | None = None) -> Stock:
    """Its stock."""
    return Stock(f"id-{number:06}", "main", Decimal(number % 40 if quantity is None else quantity))


def export(products: int) -> Iterable[StoreRecord]:
    """A full export."""
    yield ExportScope("catalog", True, "s")
    yield ExportScope("offers", True, "s")
    yield CatalogStructure("s", "Магазин")
    yield from (StoreCategory(f"c{number}", "s", None, f"Рубашки {number}", number) for number in range(50))
    yield PriceType("retail", "Розничная")
    yield StoreWarehouse("main", "Основной склад")
    for number in range(products):
        yield from (product(number), price(number), stock(number))


def imports(unit: UnitOfWork, records: Iterable[StoreRecord]) -> None:
    """Takes an export."""
    importer = unit.store.importer("shop.xml")
    for record in records:
        importer.write(record)
    importer.finish()


def fill(database: Database, products: int) -> int:
    """The shop with its mapping and its cabinet's warehouses; gives the integration."""

    def work(unit: UnitOfWork) -> int:
        imports(unit, export(products))
        integration = unit.integrations.add("Кабинет")
        settings = IntegrationSettings(1, Scheme.FBS, "s", None, None, None, "retail", VatRate.VAT_22, UpdateTrigger.HOURLY)
        unit.integrations.save(replace(integration, settings=settings, enabled=True))
        unit.ozon.save_base([OzonCategory(100, None, "Одежда")])
        unit.ozon.save_children([100], [OzonCategory(101, 100, "Рубашки")], [OzonType(TYPE, "Рубашка")])
        plain = [Attribute(7000 + number, name) for number, name in enumerate(PROPERTIES)]
        unit.ozon.save_attributes(TYPE, [Attribute(85, "Бренд", is_required=True, dictionary_id=1), *plain], NOW)
        unit.ozon.save_values(BRAND, [DictionaryValue(number + 1, f"Марка {number}") for number in range(200)])
        unit.ozon.finish_dictionary(BRAND, False, NOW)
        unit.ozon.save_warehouses(integration.id, [OzonWarehouse(1, "Основной склад"), OzonWarehouse(2, "Лесной склад")])
        unit.mappings.apply(integration.id, "Рубашки", {f"c{number}": TYPE for number in range(50)}, NOW, "")
        return integration.id

    return database.run_sync(work)


def whole_plan(unit: UnitOfWork, integration_id: int, parts: frozenset[Part] = ALL) -> SyncPlan:
    """The plan as it is without any short cut: every card built, everything read whole. What the quick one must equal."""
    context, builder = prepare(unit, integration_id)
    accepted = unit.sync.accepted(integration_id)
    stocks, inside, outside = unit.store.stocks(), unit.store.warehouses(), unit.ozon.warehouses(integration_id)
    scheme = context.integration.settings.scheme or Scheme.FBO
    desired_states = (
        DesiredState(builder.build(product), split_stock(stocks.get(product.id, []), inside, outside, scheme))
        for product in builder.products
    )
    plan = make_plan(desired_states, accepted, frozenset(offer for offer, known in accepted.items() if known.product_id), parts)
    alive = {builder.offer_id(product) for product in builder.products}
    deleted = [(product.offer_id, product.name) for product in unit.store.deleted_products() if product.offer_id not in alive]
    if Part.PRODUCTS in parts:
        return in_order([*plan.items, *archive_items(deleted, accepted)])
    return in_order([*plan.items, *(zero_items(deleted, accepted) if Part.STOCKS in parts else ())])


def accept(unit: UnitOfWork, integration_id: int, plan: SyncPlan) -> None:
    """Ozon takes all of the plan."""
    known = unit.plan.accepted_whole(integration_id, {item.offer_id for item in plan.items})
    for item in plan.items:
        old = known.get(item.offer_id, Accepted(item.offer_id))
        if item.payload is not None:
            number = old.product_id or int(item.offer_id.partition("-")[2]) + 1
            old = replace(old, product_id=number, payload=item.payload, price=item.payload.price, status="price_sent", archived=False)
        if item.kind is ActionKind.PRICE:
            old = replace(old, price=item.price)
        if item.kind is ActionKind.STOCK:
            old = replace(old, stocks=tuple({**dict(old.stocks), **dict(item.stocks)}.items()))
        if item.kind is ActionKind.ARCHIVE:
            old = replace(old, archived=True, stocks=())
        known[item.offer_id] = old
    unit.sync.save_accepted(integration_id, known.values())
