"""A store of many products with everything their cards need, written straight into a database: what the benchmarks measure on."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import Dimensions, SavedFields
from ozon_desktop.domain.field_rules import ALL_CATEGORIES, FieldRule, RuleKind
from ozon_desktop.domain.integration import ConnectionReport, IntegrationSettings, Scheme, VatRate
from ozon_desktop.domain.mapping import MappingPlace
from ozon_desktop.domain.ozon_catalog import Attribute, DictionaryKey, DictionaryValue, OzonCategory, OzonType, TypeKey
from ozon_desktop.domain.store_catalog import CatalogStructure, Price, PriceType, Product, Stock, StoreCategory, StoreWarehouse
from ozon_desktop.domain.sync_plan import Accepted
from ozon_desktop.storage.unit_of_work import UnitOfWork

MOMENT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CATEGORIES, TYPES = 60, 20
COLOURS, BRANDS, COUNTRIES = 200, 3_000, 120
FIELDS = (
    Attribute(85, "Бренд", is_required=True, dictionary_id=28732849),
    Attribute(9048, "Название модели", is_required=True),
    Attribute(8229, "Тип", is_required=True, dictionary_id=1960, category_dependent=True),
    Attribute(4191, "Аннотация", type="multiline"),
    Attribute(10096, "Цвет товара", is_collection=True, dictionary_id=1494, max_value_count=3),
    Attribute(4389, "Страна-изготовитель", is_collection=True, dictionary_id=1935),
    Attribute(9163, "Пол", is_required=True, dictionary_id=320, category_dependent=True),
    Attribute(8050, "Состав материала"),
    Attribute(4497, "Вес товара, г", type="Decimal"),
    Attribute(8415, "Количество в упаковке, шт", type="Integer"),
    Attribute(11254, "Есть карман", type="Boolean"),
    *(Attribute(20000 + number, f"Свойство {number}", "Текст", type="String") for number in range(12)),
    *(Attribute(21000 + number, f"Мера {number}", "Число", type="Decimal") for number in range(6)),
    *(Attribute(22000 + number, f"Вид {number}", "Список", dictionary_id=9000 + number) for number in range(8)),
)


def type_key(number: int) -> TypeKey:
    """The key of one of TYPES types."""
    return TypeKey(1000 + number % TYPES, 2000 + number % TYPES)


def product(number: int) -> Product:
    """One product; one in eleven lacks a brand, one in seven has no package, one in thirteen an unknown colour."""
    properties = [
        ("Цвет", f"цвет {number % COLOURS}" if number % 13 else f"неведомый {number % 700}"),
        ("Страна-изготовитель", f"Страна {number % COUNTRIES}"),
        ("Пол", "Мужской" if number % 2 else "Женский"),
        ("Состав материала", f"хлопок {number % 90} %, лён"),
        ("Вид 1", f"вид {number % 40}"),
        ("Вид 2", f"вид {number % 40}"),
        ("Мера 1", f"{number % 300} мм"),
        ("Количество в упаковке, шт", str(number % 12 + 1)),
        ("Свойство 3", f"особенность {number % 1000}"),
    ]
    if number % 7:
        properties += [("Длина упаковки, мм", str(200 + number % 150)), ("Ширина упаковки, мм", str(100 + number % 90))]
        properties += [("Высота упаковки, мм", str(40 + number % 30)), ("Вес брутто, г", str(300 + number % 500))]
    return Product(
        f"p{number}",
        f"ART-{number:06}",
        f"Рубашка мужская льняная с длинным рукавом, модель {number}",
        "catalog",
        category_ids=(f"c{number % CATEGORIES}",),
        description=f"Лёгкая рубашка из льна номер {number}. " * 8,
        barcodes=(ean13(number),),
        pictures=tuple(f"https://shop.example/pictures/{number}-{picture}.jpg" for picture in range(3)),
        vendor=f"Бренд {number % BRANDS}" if number % 11 else "",
        properties=tuple(properties),
    )


def ean13(number: int) -> str:
    """A valid EAN-13."""
    digits = f"460{number:09}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


def fill(unit: UnitOfWork, count: int) -> int:
    """Writes the store, Ozon's catalogue, the mapping, entered fields and what Ozon answered; gives the integration's id."""
    integration = unit.integrations.add("Магазин")
    settings = IntegrationSettings(1, Scheme.FBS, "catalog", None, None, None, "retail", VatRate.VAT_22, None)
    report = ConnectionReport("Пуговка", "RUB", (), (), None, MOMENT)
    unit.integrations.save(replace(integration, settings=settings, connection=report))
    _fill_ozon(unit)
    importer = unit.store.importer("many.xml")
    importer.write(CatalogStructure("catalog", "Каталог"))
    for number in range(CATEGORIES):
        importer.write(StoreCategory(f"c{number}", "catalog", None, f"Категория {number}", number))
    importer.write(PriceType("retail", "Розница"))
    importer.write(StoreWarehouse("w", "Основной"))
    for number in range(count):
        importer.write(product(number))
        importer.write(Price(f"p{number}", "retail", Decimal(1000 + number % 5000)))
        importer.write(Stock(f"p{number}", "w", Decimal(number % 20)))
    importer.finish()
    places = {MappingPlace(f"c{number}"): type_key(number) for number in range(CATEGORIES)}
    unit.mappings.apply(integration.id, "Сопоставление", places, MOMENT, "Иванова")
    unit.cards.save_rule(integration.id, FieldRule("c1", 20000, RuleKind.TEMPLATE, template="{Бренд} {Наименование}"))
    unit.cards.save_rule(integration.id, FieldRule(ALL_CATEGORIES, 22003, RuleKind.PROPERTY, property_name="Вид 1"))
    for number in range(0, count, 10):
        unit.cards.save(
            integration.id, SavedFields(f"p{number}", type_key(number % CATEGORIES), {8050: ((0, "лён"),)}, Dimensions(weight=500))
        )
    refusal = (ItemError("error_attribute_values_empty", "", "", 9163, "Пол"),)
    known = (
        Accepted(f"ART-{number:06}", number + 1, status="price_sent", status_name="Продаётся", errors=refusal if number % 50 == 0 else ())
        for number in range(0, count, 2)
    )
    unit.sync.save_accepted(integration.id, known)
    return integration.id


def _fill_ozon(unit: UnitOfWork) -> None:
    unit.ozon.save_base([OzonCategory(1, None, "Одежда")])
    categories = [OzonCategory(type_key(number).description_category_id, 1, f"Вид одежды {number}") for number in range(TYPES)]
    types = [OzonType(type_key(number), f"Тип {number}") for number in range(TYPES)]
    unit.ozon.save_children([1], categories, types)
    wanted: dict[DictionaryKey, list[str]] = {}
    for number in range(TYPES):
        key = type_key(number)
        unit.ozon.save_attributes(key, list(FIELDS), MOMENT)
        for attribute in FIELDS:
            if attribute.has_dictionary and attribute.id != 8229:
                wanted[DictionaryKey.of(attribute, key)] = _texts(attribute.id)
    for dictionary, texts in wanted.items():
        unit.ozon.save_values(dictionary, [DictionaryValue(100 + place, text) for place, text in enumerate(texts)])
        unit.ozon.finish_dictionary(dictionary, dictionary.dictionary_id == 28732849, MOMENT)


def _texts(attribute_id: int) -> list[str]:
    known = {
        85: [f"Бренд {number}" for number in range(BRANDS)],
        10096: [f"Цвет {number}" for number in range(COLOURS)],
        4389: [f"Страна {number}" for number in range(COUNTRIES)],
        9163: ["Мужской", "Женский"],
    }
    return known.get(attribute_id, [f"вид {number}" for number in range(30)])
