"""One product and one offer of a CommerceML file."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from lxml import etree

from ozon_desktop.domain.pricing import iso_currency
from ozon_desktop.domain.store_catalog import DEFAULT_WAREHOUSE_ID, Price, PriceType, Product, Stock, StoreRecord, StoreWarehouse, fold
from ozon_desktop.errors import BrokenFile
from ozon_desktop.store.numbers import split_codes
from ozon_desktop.store.xml_stream import ElementStream, children, text

DEFAULT_WAREHOUSE = StoreWarehouse(DEFAULT_WAREHOUSE_ID, "Основной склад")
DEFAULT_PRICE_TYPE = PriceType("default", "Цена")
"""Takes a price for which the export names no price type."""

TECHNICAL_REQUISITES = frozenset({"типноменклатуры", "полное наименование", "описаниефайла", "файл", "описаниевформатеhtml"})
"""Requisites that say nothing about the product (names as `fold` gives them)."""
VENDOR_PROPERTIES = ("Бренд", "Производитель", "Торговая марка", "Изготовитель")

Pairs = list[tuple[str, str]]


class ProductReader:
    """Makes a Product of an element. `names` by property id and `directories` (value by id, by property id) grow while the file is read."""

    def __init__(self, names: Mapping[str, str], directories: Mapping[str, Mapping[str, str]]) -> None:
        self._names = names
        self._directories = directories

    def product(self, element: etree._Element, structure_id: str) -> Product:
        """The product of a catalogue; one with a characteristic in its id stands for itself there."""
        return self._product(element, structure_id, text(element, "Ид"), None, True)

    def offer(self, element: etree._Element, structure_id: str, product_id: str) -> Product:
        """The characteristic an offer speaks of, or the bare product."""
        parent, mark, _ = product_id.partition("#")
        return self._product(element, structure_id, product_id, parent if mark else None, False)

    def _product(self, element: etree._Element, structure_id: str, product_id: str, parent_id: str | None, has_card: bool) -> Product:
        requisites = self._requisites(element)
        properties = self._properties(element, requisites)
        named = {fold(name): value for name, value in properties}
        vendor = text(element, "Изготовитель", "Наименование") or text(element, "Изготовитель", "ОфициальноеНаименование")
        return Product(
            id=product_id,
            offer_id=text(element, "Артикул"),
            name=" ".join((text(element, "Наименование") or requisites.get("полное наименование", "")).split()),
            structure_id=structure_id,
            parent_id=parent_id,
            category_ids=_category_ids(element),
            description=text(element, "Описание") or requisites.get("описаниевформатеhtml", ""),
            barcodes=split_codes([child.text or "" for child in children(element, "Штрихкод")]),
            pictures=tuple(dict.fromkeys(path for child in children(element, "Картинка") if (path := (child.text or "").strip()))),
            vat=_vat(element),
            vendor=vendor or next((named[fold(name)] for name in VENDOR_PROPERTIES if fold(name) in named), ""),
            unit=_unit(element),
            properties=tuple(properties),
            deleted=_deleted(element),
            has_card=has_card,
        )

    def _properties(self, element: etree._Element, requisites: Mapping[str, str]) -> Pairs:
        """Characteristics, then properties, then the useful requisites; several values of one name become one, joined by "; "."""
        pairs = _named_values(element, "ХарактеристикиТовара", "ХарактеристикаТовара")
        for block in children(element, "ЗначенияСвойств"):
            for entry in block:
                property_id = text(entry, "Ид")
                name = self._names.get(property_id) or text(entry, "Наименование") or property_id
                directory = self._directories.get(property_id, {})
                for child in children(entry, "Значение"):
                    value = (child.text or "").strip()
                    pairs.append((name, directory.get(value, value)))
        pairs.extend((name, value) for name, value in _requisite_pairs(element) if fold(name) not in TECHNICAL_REQUISITES)
        joined: dict[str, list[str]] = {}
        for name, value in pairs:
            if name and value and value not in joined.setdefault(name, []):
                joined[name].append(value)
        return [(name, "; ".join(values)) for name, values in joined.items() if values]

    def _requisites(self, element: etree._Element) -> dict[str, str]:
        return {fold(name): value for name, value in _requisite_pairs(element)}


class OfferReader:
    """Makes the records of one offer: its product, prices and stocks. `currencies` of the price types by id."""

    def __init__(self, stream: ElementStream, products: ProductReader, currencies: Mapping[str, str]) -> None:
        self._stream = stream
        self._products = products
        self._currencies = currencies

    def records(self, element: etree._Element, structure_id: str) -> Iterator[StoreRecord]:
        """Product, then prices, then stocks. WrongValue for a price or a quantity that is no number."""
        # "P#" is how some exports write a product without a characteristic.
        product_id = text(element, "Ид").rstrip("#")
        if not product_id:
            raise self._stream.failure(BrokenFile, element, detail="Ид")
        yield self._products.offer(element, structure_id, product_id)
        for block in children(element, "Цены"):
            yield from self._prices(block, product_id)
        yield from self._stocks(element, product_id)

    def _prices(self, block: etree._Element, product_id: str) -> Iterator[StoreRecord]:
        seen: set[str] = set()
        for entry in children(block, "Цена"):
            value = self._number(next(iter(children(entry, "ЦенаЗаЕдиницу")), None))
            if value is None:
                continue
            type_id = text(entry, "ИдТипаЦены")
            if not type_id and len(self._currencies) == 1:
                type_id = next(iter(self._currencies))
            if not type_id:
                yield DEFAULT_PRICE_TYPE
                type_id = DEFAULT_PRICE_TYPE.id
            if type_id in seen:
                # The same price once more, for another unit (a box): the first one is per piece.
                continue
            seen.add(type_id)
            currency = text(entry, "Валюта")
            yield Price(product_id, type_id, value, iso_currency(currency) if currency else self._currencies.get(type_id, "RUB"))

    def _stocks(self, element: etree._Element, product_id: str) -> Iterator[StoreRecord]:
        by_warehouse: dict[str, Decimal] = {}
        for entry in children(element, "Склад"):
            self._count(by_warehouse, entry.get("ИдСклада"), self._attribute(entry, "КоличествоНаСкладе"))
        for rest in (rest for block in children(element, "Остатки") for rest in children(block, "Остаток")):
            for entry in children(rest, "Склад"):
                self._count(by_warehouse, text(entry, "Ид"), self._number(next(iter(children(entry, "Количество")), None)))
            if not children(rest, "Склад"):
                self._count(by_warehouse, DEFAULT_WAREHOUSE_ID, self._number(next(iter(children(rest, "Количество")), None)))
        if not by_warehouse:
            self._count(by_warehouse, DEFAULT_WAREHOUSE_ID, self._number(next(iter(children(element, "Количество")), None)))
        for warehouse_id, quantity in by_warehouse.items():
            if warehouse_id == DEFAULT_WAREHOUSE_ID:
                yield DEFAULT_WAREHOUSE
            yield Stock(product_id, warehouse_id, quantity)

    def _count(self, by_warehouse: dict[str, Decimal], warehouse_id: str | None, quantity: Decimal | None) -> None:
        if quantity is not None:
            key = (warehouse_id or "").strip() or DEFAULT_WAREHOUSE_ID
            by_warehouse[key] = by_warehouse.get(key, Decimal(0)) + quantity

    def _attribute(self, element: etree._Element, name: str) -> Decimal | None:
        return self._stream.number(element, element.get(name) or "")

    def _number(self, element: etree._Element | None) -> Decimal | None:
        return None if element is None else self._stream.number(element, element.text or "")


def _category_ids(element: etree._Element) -> tuple[str, ...]:
    ids = ((child.text or "").strip() for groups in children(element, "Группы") for child in children(groups, "Ид"))
    return tuple(dict.fromkeys(found for found in ids if found))


def _named_values(element: etree._Element, block_name: str, entry_name: str) -> Pairs:
    entries = (entry for block in children(element, block_name) for entry in children(block, entry_name))
    return [(text(entry, "Наименование"), text(entry, "Значение")) for entry in entries]


def _requisite_pairs(element: etree._Element) -> Pairs:
    return _named_values(element, "ЗначенияРеквизитов", "ЗначениеРеквизита")


def _vat(element: etree._Element) -> str | None:
    rates = [rate for block in children(element, "СтавкиНалогов") for rate in children(block, "СтавкаНалога")]
    vat = next((rate for rate in rates if text(rate, "Наименование").casefold() in {"ндс", ""}), None)
    return None if vat is None else text(vat, "Ставка") or None


def _unit(element: etree._Element) -> str:
    for unit in children(element, "БазоваяЕдиница"):
        written = (unit.text or "").strip()
        if written and not written.isdigit():
            return written
        names = (unit.get("НаименованиеКраткое"), unit.get("НаименованиеПолное"), written, unit.get("Код"))
        return next((name.strip() for name in names if name and name.strip()), "")
    return ""


def _deleted(element: etree._Element) -> bool:
    status = element.get("Статус") or text(element, "Статус")
    return fold(status) == "удален" or text(element, "ПометкаУдаления").casefold() == "true"
