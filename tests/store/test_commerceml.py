"""CommerceML exports become store records, whatever their encoding, namespace and parts."""

import xml.etree.ElementTree as ET
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest

from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.store_catalog import (
    DEFAULT_WAREHOUSE_ID,
    CatalogStructure,
    ExportScope,
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
from ozon_desktop.errors import BrokenFile, UnknownFormat, UnsafeFile
from ozon_desktop.store.commerceml import PRODUCTS, TAGS
from ozon_desktop.store.source import open_source, opened
from ozon_desktop.store.xml_stream import ElementStream, HeadedStream
from tests.places import SHARED

DATA = Path(__file__).parent / "data"
SAMPLES = SHARED / "samples/commerceml"
NS = "{urn:1C.ru:commerceml_2}"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared sample exports are not here")

T = TypeVar("T")


def read(path: Path) -> list[StoreRecord]:
    return list(open_source(path).read(path))


def of(kind: type[T], records: list[StoreRecord]) -> list[T]:
    return [record for record in records if isinstance(record, kind)]


def saved(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "export.xml"
    path.write_bytes(text.encode(encoding))
    return path


def offers(body: str) -> str:
    package = f"<ПакетПредложений><ИдКлассификатора>k</ИдКлассификатора>{body}</ПакетПредложений>"
    return f"<КоммерческаяИнформация>{package}</КоммерческаяИнформация>"


def test_catalogue_gives_structure_owner_and_nested_categories() -> None:
    records = read(DATA / "shop_import.xml")
    assert of(CatalogStructure, records) == [CatalogStructure("shelf", "Основной каталог", "ООО «Полка»")]
    assert of(Organization, records) == [Organization("owner-1", "ООО «Полка»")]
    assert of(StoreCategory, records) == [
        StoreCategory("g-1", "shelf", None, "Одежда", 0),
        StoreCategory("g-2", "shelf", "g-1", "Футболки", 1),
        StoreCategory("g-3", "shelf", "g-2", "Детские", 2),
        StoreCategory("g-4", "shelf", None, "Посуда", 3),
    ]
    assert of(PropertyDefinition, records)[0] == PropertyDefinition("p-colour", "Цвет", "Справочник")


def test_product_is_read_with_resolved_properties() -> None:
    shirt, cup = of(Product, read(DATA / "shop_import.xml"))
    assert shirt == Product(
        id="shirt",
        offer_id="SH-1",
        name="Футболка «Лето»",
        structure_id="shelf",
        category_ids=("g-3", "g-1"),
        description="Мягкий хлопок & ровный шов",
        barcodes=("2000000000011", "2000000000028", "2000000000035"),
        pictures=("import_files/01/shirt.jpg", "https://polka.example/shirt-2.jpg"),
        vat="18",
        vendor="Полочка",
        unit="Штука",
        properties=(("Цвет", "красный, яркий; синий"), ("Бренд", "Полочка"), ("p-unknown", "как есть"), ("Вес", "0,2")),
    )
    assert cup.deleted
    assert (cup.vendor, cup.unit, cup.vat) == ("Гончар", "шт", None)


def test_structure_and_scope_come_before_what_they_speak_of() -> None:
    records = read(DATA / "shop_import.xml")
    kinds = [type(record) for record in records]
    assert kinds.index(CatalogStructure) < kinds.index(StoreCategory) < kinds.index(ExportScope) < kinds.index(Product)
    assert of(ExportScope, records) == [ExportScope("catalog", True, "shelf")]


def test_offers_in_windows_1251_without_namespace() -> None:
    records = read(DATA / "shop_offers_1251.xml")
    small, medium, cup = of(Product, records)
    assert (small.id, small.parent_id, small.offer_id, small.has_card) == ("shirt#size-s", "shirt", "", False)
    assert (small.name, small.barcodes, small.properties) == ("Футболка «Лето» (S)", ("2000000000042",), (("Размер", "S"),))
    assert (medium.offer_id, medium.parent_id) == ("SH-1-M", "shirt")
    assert (cup.id, cup.parent_id, cup.has_card, cup.structure_id) == ("cup", None, False, "shelf")
    assert of(PriceType, records) == [PriceType("retail", "Розничная", "RUB"), PriceType("wholesale", "Оптовая", "UAH")]
    assert of(Price, records) == [
        Price("shirt#size-s", "retail", Decimal("1299.50"), "RUB"),
        Price("shirt#size-s", "wholesale", Decimal("900.00"), "UAH"),
    ]
    assert of(ExportScope, records) == [ExportScope("offers", True, "shelf")]


def test_stock_per_warehouse_else_on_the_default_one_reported_once() -> None:
    records = read(DATA / "shop_offers_1251.xml")
    assert of(StoreWarehouse, records) == [
        StoreWarehouse("w-1", "Магазин"),
        StoreWarehouse("w-2", "Дальний"),
        StoreWarehouse(DEFAULT_WAREHOUSE_ID, "Основной склад"),
    ]
    assert of(Stock, records) == [
        Stock("shirt#size-s", "w-1", Decimal(3)),
        Stock("shirt#size-s", "w-2", Decimal("4.5")),
        Stock("shirt#size-m", DEFAULT_WAREHOUSE_ID, Decimal(5)),
        Stock("cup", DEFAULT_WAREHOUSE_ID, Decimal(-2)),
    ]


def test_changes_of_offers_are_never_full_and_newer_stock_lists_are_read() -> None:
    records = read(DATA / "changes.xml")
    assert of(ExportScope, records) == [ExportScope("offers", False, "catalog-1")]
    assert of(Stock, records) == [Stock("cup", "w-1", Decimal(2)), Stock("cup", "w-2", Decimal(0))]
    assert of(PriceType, records) == [PriceType("default", "Цена", "RUB")]
    assert of(Price, records) == [Price("cup", "default", Decimal(350), "RUB")]


@pytest.mark.parametrize(("written", "full"), [("true", False), ("1", False), ("false", True), ("", True)])
def test_an_export_of_changes_only_is_not_full(tmp_path: Path, written: str, full: bool) -> None:
    text = (
        f'<КоммерческаяИнформация><Каталог СодержитТолькоИзменения="{written}"><Ид>c</Ид><Наименование>К</Наименование>'
        "<Товары><Товар><Ид>1</Ид></Товар></Товары></Каталог></КоммерческаяИнформация>"
    )
    records = read(saved(tmp_path, text))
    assert of(ExportScope, records) == [ExportScope("catalog", full, "c")]
    assert of(CatalogStructure, records) == [CatalogStructure("c", "К")]


def test_catalogue_and_offers_in_one_file(tmp_path: Path) -> None:
    text = (
        "<КоммерческаяИнформация><Классификатор><Ид>k</Ид><Наименование>К</Наименование></Классификатор>"
        "<Каталог><Ид>c</Ид><Товары><Товар><Ид>1</Ид><Наименование>Стол</Наименование></Товар></Товары></Каталог>"
        "<ПакетПредложений><Предложения><Предложение><Ид>1</Ид><Количество>3</Количество></Предложение></Предложения></ПакетПредложений>"
        "</КоммерческаяИнформация>"
    )
    records = read(saved(tmp_path, text))
    assert of(ExportScope, records) == [ExportScope("catalog", True, "k"), ExportScope("offers", True, "k")]
    assert [(product.name, product.has_card) for product in of(Product, records)] == [("Стол", True), ("", False)]


def test_old_file_without_encoding_declaration_is_read_as_windows_1251(tmp_path: Path) -> None:
    text = offers("<Предложения><Предложение><Ид>1</Ид><Наименование>Стол</Наименование></Предложение></Предложения>")
    assert of(Product, read(saved(tmp_path, text, "windows-1251")))[0].name == "Стол"


def test_entity_declaration_is_refused_with_its_line() -> None:
    with pytest.raises(UnsafeFile) as caught:
        read(DATA / "bomb.xml")
    assert (caught.value.subject, caught.value.line) == ("bomb.xml", 4)


def test_entity_hidden_behind_a_long_prolog_is_refused_too(tmp_path: Path) -> None:
    long_prolog = f"<!-- {'x' * 70_000} -->"
    text = f'{long_prolog}<!DOCTYPE КоммерческаяИнформация [<!ENTITY a "ha">]>{offers("<Ид>&a;</Ид>")}'
    with pytest.raises(UnsafeFile):
        read(saved(tmp_path, text))


def test_plain_doctype_is_tolerated(tmp_path: Path) -> None:
    path = saved(tmp_path, f'<!DOCTYPE КоммерческаяИнформация SYSTEM "nowhere.dtd">{offers("<Предложения/>")}')
    assert of(ExportScope, read(path)) == [ExportScope("offers", True, "k")]


def test_text_that_only_looks_like_an_entity_is_fine(tmp_path: Path) -> None:
    body = "<Предложения><Предложение><Ид>1</Ид><Наименование><![CDATA[<!ENTITY]]></Наименование></Предложение></Предложения>"
    assert of(Product, read(saved(tmp_path, offers(body))))[0].name == "<!ENTITY"


def test_file_that_is_no_xml_is_broken_in_line_one(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile) as caught:
        read(saved(tmp_path, "просто текст"))
    assert caught.value.line == 1


def test_empty_file_is_broken(tmp_path: Path) -> None:
    with pytest.raises(BrokenFile):
        read(saved(tmp_path, ""))


@pytest.mark.parametrize(
    ("cut_after", "element", "product"),
    [
        ("<Описание>Мягкий", "Описание", "Футболка «Лето»"),
        ("<Наименование>Чаш", "Наименование", "Чаш"),
        ("</Изготовитель>\n      </Товар>", "Товары", "Чашка"),
    ],
)
def test_file_cut_in_the_middle_names_line_element_and_product(tmp_path: Path, cut_after: str, element: str, product: str) -> None:
    whole = (DATA / "shop_import.xml").read_text(encoding="utf-8-sig")
    part = whole[: whole.index(cut_after) + len(cut_after)]
    with pytest.raises(BrokenFile) as caught:
        read(saved(tmp_path, part))
    assert caught.value.line == part.count("\n") + 1
    assert (caught.value.element, caught.value.product) == (element, product)


def test_another_root_is_an_unknown_format(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat):
        read(saved(tmp_path, "<html><body/></html>"))


def test_orders_are_no_store_export(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat):
        read(saved(tmp_path, "<КоммерческаяИнформация><Документ><Ид>1</Ид></Документ></КоммерческаяИнформация>"))


@pytest.mark.parametrize(
    ("offer", "element"),
    [
        ("<Цены><Цена><ИдТипаЦены>t</ИдТипаЦены>\n<ЦенаЗаЕдиницу>дорого</ЦенаЗаЕдиницу></Цена></Цены>", "ЦенаЗаЕдиницу"),
        ("\n<Количество>много</Количество>", "Количество"),
        ('\n<Склад ИдСклада="w" КоличествоНаСкладе="1e999"/>', "Склад"),
    ],
)
def test_wrong_number_names_line_element_and_product(tmp_path: Path, offer: str, element: str) -> None:
    body = f"<Предложения><Предложение><Ид>1</Ид><Наименование>Стул</Наименование>{offer}</Предложение></Предложения>"
    records = read(saved(tmp_path, offers(body)))
    [problem] = of(ImportProblem, records)
    assert (problem.line, problem.element, problem.product, problem.product_id) == (2, element, "Стул", "1")
    assert problem.kind is ImportProblemKind.WRONG_NUMBER
    assert [product.id for product in of(Product, records)] == ["1"]
    assert not of(Price, records) + of(Stock, records)


def test_an_offer_without_id_is_left_out_and_said(tmp_path: Path) -> None:
    body = "<Предложение><Наименование>Стул</Наименование></Предложение><Предложение><Ид>2</Ид></Предложение>"
    records = read(saved(tmp_path, offers(f"<Предложения>{body}</Предложения>")))
    assert [(problem.kind, problem.product) for problem in of(ImportProblem, records)] == [(ImportProblemKind.NO_ID, "Стул")]
    assert [product.id for product in of(Product, records)] == ["2"]


def test_a_product_given_twice_with_other_words_is_said(tmp_path: Path) -> None:
    """Its offer, which has the same id in the same file, is no second product."""
    first, other, second = (
        f"<Товар><Ид>{id_}</Ид><Наименование>{name}</Наименование></Товар>" for id_, name in (("1", "Стул"), ("2", "Стол"), ("1", "Кресло"))
    )
    goods = f"<Каталог><Ид>k</Ид><Товары>{first}{other}{other}{second}</Товары></Каталог>"
    offer = "<ПакетПредложений><Предложения><Предложение><Ид>2</Ид></Предложение></Предложения></ПакетПредложений>"
    records = read(saved(tmp_path, f"<КоммерческаяИнформация>{goods}{offer}</КоммерческаяИнформация>"))
    assert [(problem.kind, problem.product) for problem in of(ImportProblem, records)] == [(ImportProblemKind.REPEATED_ID, "Кресло")]


@pytest.mark.parametrize("name", ["shop_import.xml", "shop_offers_1251.xml", "changes.xml"])
def test_a_file_cut_anywhere_is_always_a_broken_file_with_a_line(tmp_path: Path, name: str) -> None:
    whole = (DATA / name).read_bytes().rstrip()
    path = tmp_path / "export.xml"
    for length in range(1, len(whole) - 1, 23):
        path.write_bytes(whole[:length])
        with pytest.raises(BrokenFile) as caught:
            read(path)
        assert 1 <= caught.value.line <= whole.count(b"\n") + 1, length


def test_product_without_characteristic_may_end_with_the_mark(tmp_path: Path) -> None:
    body = "<Предложения><Предложение><Ид>shirt#</Ид><Количество>1</Количество></Предложение></Предложения>"
    records = read(saved(tmp_path, offers(body)))
    assert [(product.id, product.parent_id) for product in of(Product, records)] == [("shirt", None)]
    assert of(Stock, records) == [Stock("shirt", DEFAULT_WAREHOUSE_ID, Decimal(1))]


@needs_samples
@pytest.mark.parametrize("name", ["mats_import.xml", "nested_groups_import.xml"])
def test_sample_catalogue_counts_like_a_plain_reading(name: str) -> None:
    root = ET.parse(SAMPLES / name).getroot()
    records = read(SAMPLES / name)
    products = root.findall(f"{NS}Каталог/{NS}Товары/{NS}Товар")
    assert [product.id for product in of(Product, records)] == [product.findtext(f"{NS}Ид") for product in products]
    assert len(of(StoreCategory, records)) == sum(1 for _ in root.iter(f"{NS}Группа"))
    assert len(of(PropertyDefinition, records)) == len(root.findall(f"{NS}Классификатор/{NS}Свойства/{NS}Свойство"))
    known = {category.id for category in of(StoreCategory, records)}
    assert all(set(product.category_ids) <= known for product in of(Product, records))


@needs_samples
def test_sample_offers_count_like_a_plain_reading() -> None:
    path = SAMPLES / "mats_offers.xml"
    root = ET.parse(path).getroot()
    records = read(path)
    assert len(of(Product, records)) == sum(1 for _ in root.iter(f"{NS}Предложение"))
    prices = [Decimal(price.text or "") for price in root.iter(f"{NS}ЦенаЗаЕдиницу")]
    assert [price.value for price in of(Price, records)] == prices
    stocks = root.findall(f"{NS}ПакетПредложений/{NS}Предложения/{NS}Предложение/{NS}Склад")
    assert sum(stock.quantity for stock in of(Stock, records)) == sum(Decimal(stock.get("КоличествоНаСкладе", "")) for stock in stocks)
    assert len(of(StoreWarehouse, records)) == 3


@needs_samples
def test_sample_orders_are_refused() -> None:
    with pytest.raises(UnknownFormat):
        read(SAMPLES / "orders_windows1251.xml")


def test_line_of_an_error_far_down_a_big_file_is_exact(tmp_path: Path) -> None:
    body = "<Предложения>\n" + "<Предложение>\n<Ид>1</Ид>\n</Предложение>\n" * 25_000
    bad = "<Предложение><Ид>2</Ид><Наименование>Стул</Наименование>\n<Количество>много</Количество></Предложение></Предложения>"
    text = '<?xml version="1.0" encoding="windows-1251"?>\n' + offers(body + bad)
    [problem] = of(ImportProblem, read(saved(tmp_path, text, "windows-1251")))
    assert (problem.line, problem.product) == (text[: text.index("<Количество>")].count("\n") + 1, "Стул")
    assert problem.line > 75_000


def test_memory_stays_flat_on_a_big_file(tmp_path: Path) -> None:
    path = tmp_path / "export.xml"
    offer = f"<Предложение><Ид>1</Ид><Наименование>{'Стул ' * 200}</Наименование><Количество>1</Количество></Предложение>\n"
    path.write_text(offers(f"<Предложения>{offer * 4000}</Предложения>"), encoding="utf-8")
    deepest = 0
    with opened(path) as stream:
        elements = ElementStream(HeadedStream(stream, path.name, lambda: opened(path)), path.name, TAGS, PRODUCTS, ("Наименование",))
        for event, element in elements:
            parent = element.getparent()
            deepest = max(deepest, 0 if parent is None else len(parent))
            if event == "end" and element.tag == "Предложение":
                elements.release(element)
    assert deepest < 200, "elements that were dealt with stay in the tree"


def test_properties_of_a_group_are_known_as_well(tmp_path: Path) -> None:
    inner = "<Свойства><Свойство><Ид>p</Ид><Наименование>Цвет</Наименование></Свойство></Свойства>"
    groups = f"<Группы><Группа><Ид>g</Ид><Наименование>Обувь</Наименование>{inner}</Группа></Группы>"
    value = "<ЗначенияСвойств><ЗначенияСвойства><Ид>p</Ид><Значение>красный</Значение></ЗначенияСвойства></ЗначенияСвойств>"
    text = (
        f"<КоммерческаяИнформация><Классификатор><Ид>k</Ид><Наименование>К</Наименование>{groups}</Классификатор>"
        f"<Каталог><Ид>c</Ид><Товары><Товар><Ид>1</Ид>{value}</Товар></Товары></Каталог></КоммерческаяИнформация>"
    )
    records = read(saved(tmp_path, text))
    assert of(Product, records)[0].properties == (("Цвет", "красный"),)
    assert [category.name for category in of(StoreCategory, records)] == ["Обувь"]


def test_a_brand_written_out_in_a_property_of_a_directory_is_the_vendor(tmp_path: Path) -> None:
    kind = "<Свойства><Свойство><Ид>b</Ид><Наименование>Бренд</Наименование><ТипЗначений>Справочник</ТипЗначений></Свойство></Свойства>"
    value = "<ЗначенияСвойств><ЗначенияСвойства><Ид>b</Ид><Значение>Полочка</Значение></ЗначенияСвойства></ЗначенияСвойств>"
    text = (
        f"<КоммерческаяИнформация><Классификатор><Ид>k</Ид><Наименование>К</Наименование>{kind}</Классификатор>"
        f"<Каталог><Ид>c</Ид><Товары><Товар><Ид>1</Ид>{value}</Товар></Товары></Каталог></КоммерческаяИнформация>"
    )
    assert of(Product, read(saved(tmp_path, text)))[0].vendor == "Полочка"


def test_a_part_may_stand_in_a_file_by_itself(tmp_path: Path) -> None:
    group = "<Группы><Группа><Ид>g</Ид><Наименование>Обувь</Наименование></Группа></Группы>"
    records = read(saved(tmp_path, f"<Классификатор><Ид>k</Ид><Наименование>К</Наименование>{group}</Классификатор>"))
    assert [category.structure_id for category in of(StoreCategory, records)] == ["k"]
    records = read(saved(tmp_path, "<Каталог><Ид>c</Ид><Товары><Товар><Ид>1</Ид></Товар></Товары></Каталог>"))
    assert [product.id for product in of(Product, records)] == ["1"]
    offer = "<Предложения><Предложение><Ид>1</Ид><Количество>2</Количество></Предложение></Предложения>"
    records = read(saved(tmp_path, f"<ПакетПредложений>{offer}</ПакетПредложений>"))
    assert of(Stock, records) == [Stock("1", DEFAULT_WAREHOUSE_ID, Decimal(2))]
