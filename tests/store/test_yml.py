"""YML exports become store records; the DOCTYPE line is tolerated and loads nothing."""

from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.domain.card import Dimensions
from ozon_desktop.domain.dimensions import read_package
from ozon_desktop.domain.import_problems import ImportProblem
from ozon_desktop.domain.store_catalog import (
    DEFAULT_WAREHOUSE_ID,
    CatalogStructure,
    ExportScope,
    Organization,
    Price,
    PriceType,
    Product,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.errors import BrokenFile
from ozon_desktop.store.source import open_source
from tests.places import SHARED

DATA = Path(__file__).parent / "data"
SAMPLE = SHARED / "samples/yml/small_shop.xml"


def read(path: Path) -> list[StoreRecord]:
    return list(open_source(path).read(path))


def test_shop_and_categories() -> None:
    records = read(DATA / "shop.yml.xml")
    assert records[:2] == [CatalogStructure("yml", "Полка", "ООО «Полка»"), Organization("ООО «Полка»", "ООО «Полка»")]
    assert [record for record in records if isinstance(record, StoreCategory)] == [
        StoreCategory("1", "yml", None, "Дом", 0),
        StoreCategory("2", "yml", "1", "Посуда", 1),
    ]
    scopes = [record for record in records if isinstance(record, ExportScope)]
    assert scopes == [ExportScope("catalog", True, "yml"), ExportScope("offers", True, "yml")]


def test_offer_is_a_product_with_params_and_package() -> None:
    cup, plate, _ = (record for record in read(DATA / "shop.yml.xml") if isinstance(record, Product))
    assert (cup.id, cup.offer_id, cup.name, cup.vendor, cup.vat) == ("10", "CU-1", "Чашка «Утро»", "Гончар", "20")
    assert cup.barcodes == ("2000000000059", "2000000000066")
    assert cup.description == "<p>Ручная работа</p>"
    assert cup.properties[:2] == (("Цвет", "белый"), ("Объём", "300 мл"))
    assert read_package(cup).dimensions == Dimensions(120, 100, 90, 350)
    assert (plate.name, plate.offer_id) == ("Тарелка Гончар Полдень", "11")


def test_prices_have_one_type_and_one_for_the_price_before_the_discount() -> None:
    records = read(DATA / "shop.yml.xml")
    assert [record.name for record in records if isinstance(record, PriceType)] == ["Цена", "Цена до скидки"]
    assert [record for record in records if isinstance(record, Price)] == [
        Price("10", "price", Decimal("350.50"), "RUB"),
        Price("10", "oldprice", Decimal(400), "RUB"),
        Price("11", "price", Decimal(500), "RUB"),
        Price("12", "price", Decimal(900), "RUB"),
    ]


def test_stock_of_outlets_count_and_unavailable_offers() -> None:
    records = read(DATA / "shop.yml.xml")
    assert [record for record in records if isinstance(record, Stock)] == [
        Stock("10", DEFAULT_WAREHOUSE_ID, Decimal(8)),
        Stock("11", DEFAULT_WAREHOUSE_ID, Decimal(0)),
        Stock("12", "Магазин", Decimal(2)),
        Stock("12", "Дальний", Decimal(3)),
    ]
    assert [record.name for record in records if isinstance(record, StoreWarehouse)] == ["Основной склад", "Магазин", "Дальний"]


def test_wrong_price_names_the_offer(tmp_path: Path) -> None:
    path = tmp_path / "shop.xml"
    path.write_text((DATA / "shop.yml.xml").read_text(encoding="utf-8").replace("<price>900<", "<price>от 900<"), encoding="utf-8")
    records = read(path)
    [problem] = [record for record in records if isinstance(record, ImportProblem)]
    assert (problem.element, problem.product, problem.product_id, problem.written) == ("price", "Блюдо", "12", "от 900")
    assert [record.product_id for record in records if isinstance(record, Price)] == ["10", "10", "11"]


def test_cut_file_is_broken_at_its_offer(tmp_path: Path) -> None:
    text = (DATA / "shop.yml.xml").read_text(encoding="utf-8")
    path = tmp_path / "shop.xml"
    path.write_text(text[: text.index("<model>") + 9], encoding="utf-8")
    with pytest.raises(BrokenFile) as caught:
        read(path)
    assert (caught.value.element, caught.value.product) == ("model", "По")


@pytest.mark.parametrize(
    ("written", "vat"), [("VAT_22", "22"), ("NO_VAT", "Без НДС"), ("6", "Без НДС"), ("20", "20"), ("5", None), ("10", None)]
)
def test_vat_is_taken_only_when_it_can_mean_one_thing(tmp_path: Path, written: str, vat: str | None) -> None:
    path = tmp_path / "shop.xml"
    path.write_text((DATA / "shop.yml.xml").read_text(encoding="utf-8").replace("VAT_20", written), encoding="utf-8")
    assert next(record.vat for record in read(path) if isinstance(record, Product)) == vat


def test_catalogue_without_a_shop_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "shop.xml"
    path.write_text("<yml_catalog/>", encoding="utf-8")
    with pytest.raises(BrokenFile):
        read(path)


@pytest.mark.skipif(not SAMPLE.is_file(), reason="the shared sample exports are not here")
def test_sample_shop_is_read_whole() -> None:
    records = read(SAMPLE)
    products = [record for record in records if isinstance(record, Product)]
    assert (len(products), sum(isinstance(record, StoreCategory) for record in records)) == (3, 5)
    assert {product.vendor for product in products} == {"Aglae Michon"}
    assert [record.value for record in records if isinstance(record, Price)] == [Decimal("3650.00")] * 3
