"""Store exports: what they leave in the database, imported once, again, in the other order, and interrupted."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pytest

from ozon_desktop.domain.store_catalog import (
    DEFAULT_WAREHOUSE_ID,
    ExportScope,
    ImportCounts,
    Price,
    PriceType,
    Product,
    Stock,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.store_import import DEFAULT_WAREHOUSE_NAME
from tests.storage.exports import (
    CATALOG,
    COLOUR,
    KITCHEN,
    KNIFE,
    KNIVES,
    MAIN,
    OFFERS,
    RETAIL,
    SHIRT,
    SHOP,
    SMALL,
    everything,
    load,
    products,
    totals,
)


def test_a_catalogue_comes_back_whole(database: Database) -> None:
    counts = load(database, CATALOG)
    assert counts == ImportCounts(
        structures=1, categories=2, properties=1, products=2, without_price=2, without_stock=2, missing=("offers",)
    )
    stored = everything(database)
    assert stored["structures"] == [SHOP]
    assert stored["categories"] == [KNIVES, KITCHEN]
    assert stored["properties"] == [COLOUR]
    assert products(database) == {"нож": replace(KNIFE, properties=(("Цвет", "красный"), ("Длина", "20"))), "рубашка": SHIRT}


def test_offers_come_back_whole(database: Database) -> None:
    load(database, CATALOG)
    counts = load(database, OFFERS, "offers.xml")
    assert counts == ImportCounts(products=1, variants=2, prices=2, price_types=1, warehouses=1, stocks=3, without_price=1, without_stock=1)
    assert database.run_sync(lambda unit: unit.store.prices("розница")) == {
        "нож": Price("нож", "розница", Decimal("1234.50")),
        "рубашка#S": Price("рубашка#S", "розница", Decimal(700)),
    }
    assert database.run_sync(lambda unit: unit.store.prices_of("нож")) == [Price("нож", "розница", Decimal("1234.50"))]
    assert database.run_sync(lambda unit: unit.store.stocks()["нож"]) == [Stock("нож", "главный", Decimal("3.500"))]
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
    counts = {"structures": 1, "categories": 2, "products": 3, "prices": 2, "price_types": 1, "warehouses": 1, "stocks": 3}
    assert totals(database) == counts


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
