"""YML exports become store records; the DOCTYPE line is tolerated and loads nothing."""

from decimal import Decimal
from pathlib import Path

import pytest

from ozon_desktop.domain.card import Dimensions
from ozon_desktop.domain.dimensions import read_package
from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
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
from ozon_desktop.errors import BrokenFile, UnsafeFile
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


def shop(folder: Path, offers: str, head: str = "") -> list[StoreRecord]:
    path = folder / "feed.yml"
    inside = f"<name>Магазин</name><categories><category id='1'>Обувь</category></categories><offers>{offers}</offers>"
    path.write_text(f"<?xml version='1.0' encoding='utf-8'?>{head}<yml_catalog><shop>{inside}</shop></yml_catalog>", encoding="utf-8")
    return read(path)


def offer(inside: str, attributes: str = "id='1'") -> str:
    return f"<offer {attributes}><price>100</price>{inside}</offer>"


def one(records: list[StoreRecord]) -> Product:
    [product] = [record for record in records if isinstance(record, Product)]
    return product


DTD = "<!DOCTYPE yml_catalog SYSTEM 'shops.dtd'>"


@pytest.mark.parametrize("head", ["", DTD])
@pytest.mark.parametrize("tag", ["name", "vendorCode", "vendor", "description", "model"])
def test_a_text_is_everything_in_its_element(tmp_path: Path, head: str, tag: str) -> None:
    written = f"<{tag}>Слипоны<!-- и --> &laquo;<b>Бриз</b>&raquo;<![CDATA[ & ]]>&quot;К&deg;&quot;&#8381;</{tag}>"
    product = one(shop(tmp_path, offer(written), head))
    found = {"name": product.name, "vendorCode": product.offer_id, "vendor": product.vendor, "model": product.name}
    bare = 'Слипоны «Бриз» & "К°"₽'
    if tag == "description":
        assert product.description == 'Слипоны «<b>Бриз</b>» &amp; "К°"₽'
    else:
        assert found[tag] == bare


@pytest.mark.parametrize("head", ["", DTD])
def test_a_price_with_an_entity_in_it_is_the_whole_price(tmp_path: Path, head: str) -> None:
    records = shop(tmp_path, "<offer id='1'><name>Слипоны</name><price>1&nbsp;499</price></offer>", head)
    assert [record.value for record in records if isinstance(record, Price)] == [Decimal(1499)]


@pytest.mark.parametrize(
    ("attributes", "inside", "quantity"),
    [
        ("available='false'", "<count>5</count>", 0),
        ("available='true'", "<count>5</count>", 5),
        ("", "<stock_quantity>8</stock_quantity>", 8),
        ("", "<quantity>9</quantity>", 9),
        ("available='true'", "<disabled>true</disabled><count>3</count>", 0),
        ("disabled='true'", "<count>3</count>", 0),
        ("available='false'", "", 0),
        ("", "<available>false</available><count>3</count>", 0),
        ("", "<count>&gt;10</count>", 10),
        ("available='true'", "", None),
    ],
)
def test_what_is_not_for_sale_has_none(tmp_path: Path, attributes: str, inside: str, quantity: int | None) -> None:
    records = shop(tmp_path, offer(f"<name>Слипоны</name>{inside}", f"id='1' {attributes}"))
    assert [record.quantity for record in records if isinstance(record, Stock)] == ([] if quantity is None else [quantity])


def test_outlets_of_an_offer_that_is_not_for_sale_are_empty_one_by_one(tmp_path: Path) -> None:
    outlets = "<outlets><outlet id='a' instock='2'/><outlet id='b' instock='3'/></outlets>"
    records = shop(tmp_path, offer(f"<name>Слипоны</name>{outlets}", "id='1' available='false'"))
    assert {record.warehouse_id: record.quantity for record in records if isinstance(record, Stock)} == {"a": 0, "b": 0}


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        ("<typePrefix>Слипоны</typePrefix><model>Бренд100 Бриз</model><vendor>Бренд100</vendor>", "Слипоны Бренд100 Бриз"),
        ("<typePrefix>Слипоны</typePrefix><model>Бриз БРЕНД100</model><vendor>Бренд100</vendor>", "Слипоны Бриз БРЕНД100"),
        ("<model>Бриз</model><vendor>Бренд100</vendor>", "Бренд100 Бриз"),
        ("<model>Бриз</model><vendor>Бри</vendor>", "Бри Бриз"),
        ("<name>Слипоны Бренд100</name><vendor>Бренд100</vendor>", "Слипоны Бренд100"),
    ],
)
def test_a_name_names_its_brand_once(tmp_path: Path, inside: str, name: str) -> None:
    assert one(shop(tmp_path, offer(inside))).name == name


def test_an_offer_or_a_category_without_id_is_left_out_and_said(tmp_path: Path) -> None:
    records = shop(tmp_path, offer("<name>Без</name>", "id=''") + offer("<name>С</name>") + offer("<name>Никак</name>", ""))
    assert one(records).name == "С"
    assert [record.product for record in records if isinstance(record, ImportProblem)] == ["Без", "Никак"]


def test_an_id_given_twice_with_other_words_is_said_and_the_last_one_is_taken(tmp_path: Path) -> None:
    records = shop(
        tmp_path,
        offer("<name>Чай</name>", "id='1'") + offer("<name>Кофе</name>", "id='2'") * 2 + "\n" + offer("<name>Какао</name>", "id='1'"),
    )
    [problem] = [record for record in records if isinstance(record, ImportProblem)]
    assert (problem.kind, problem.product_id, problem.product) == (ImportProblemKind.REPEATED_ID, "1", "Какао")
    assert (problem.line, problem.costs) == (2, True)
    assert [record.name for record in records if isinstance(record, Product)] == ["Чай", "Кофе", "Кофе", "Какао"]


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("A&amp;amp;B", "A&B"),
        ("&amp;quot;Бриз&amp;quot; &amp;amp;amp; К", '"Бриз" & К'),
        ("AT&amp;T", "AT&T"),
        ("R&D", "R&D"),
        ("?a=1&copy=2", "?a=1&copy=2"),
    ],
)
def test_what_was_escaped_twice_is_read_as_it_was_meant(tmp_path: Path, written: str, read_as: str) -> None:
    assert one(shop(tmp_path, offer(f"<name>{written}</name>"))).name == read_as


def test_a_group_is_one_model(tmp_path: Path) -> None:
    records = shop(tmp_path, offer("<name>А</name>", "id='1' group_id='77'"))
    assert one(records).group_id == "77"


@pytest.mark.parametrize("declared", ["file:///etc/passwd", "http://127.0.0.1:1/x"])
def test_an_entity_that_would_load_something_is_refused(tmp_path: Path, declared: str) -> None:
    head = f"<!DOCTYPE yml_catalog [<!ENTITY x SYSTEM '{declared}'>]>"
    with pytest.raises(UnsafeFile):
        shop(tmp_path, offer("<name>&x;</name>"), head)
