"""Yandex Market (YML) exports: categories and offers with one price and a stock, streamed from a file of any size."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import PurePath

from lxml import etree

from ozon_desktop.domain.pricing import iso_currency
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
from ozon_desktop.store.numbers import split_codes
from ozon_desktop.store.xml_stream import ElementStream, HeadedStream, children, local, parent_name, text

ROOT = "yml_catalog"
TAGS = ("yml_catalog", "shop", "name", "company", "categories", "category", "offers", "offer")
PRICE_TYPE = PriceType("price", "Цена")
OLD_PRICE_TYPE = PriceType("oldprice", "Цена до скидки")
DEFAULT_WAREHOUSE = StoreWarehouse(DEFAULT_WAREHOUSE_ID, "Основной склад")
VAT_CODES = {"VAT_22": "22", "VAT_20": "20", "VAT_18": "18", "VAT_10": "10", "VAT_7": "7", "VAT_5": "5", "VAT_0": "0", "NO_VAT": "Без НДС"}
VAT_NUMBERS = {"2": "10", "6": "Без НДС"}
VAT_AMBIGUOUS = frozenset({"1", "3", "4", "5", "7", "10", "11"})
"""Numbers that are a code of the format in one file and a rate in percent in another: no rate is better than a wrong one."""


def read_yml(stream: HeadedStream, name: str) -> Iterator[StoreRecord]:
    """The records of one file, in file order. StoreFileError names line, element and offer."""
    return _Reader(ElementStream(stream, name, TAGS, frozenset({"offer"}), ("name", "model", "vendorCode")), name).records()


class _Reader:
    def __init__(self, stream: ElementStream, name: str) -> None:
        self._stream = stream
        self._structure = CatalogStructure("yml", PurePath(name).stem)
        self._structure_given = False
        self._position = 0
        self._warehouses: set[str] = set()
        self._old_prices = False

    def records(self) -> Iterator[StoreRecord]:
        found = False
        for event, element in self._stream:
            tag = local(element)
            parent = parent_name(element)
            if event == "start" and tag in {"categories", "offers"} and parent == "shop":
                found = True
                yield from self._shop(element)
                if tag == "offers":
                    yield from self._scopes()
            elif event == "end" and tag == "category" and parent == "categories":
                yield self._category(element)
                self._stream.release(element)
            elif event == "end" and tag == "offer" and parent == "offers":
                yield from self._offer(element)
                self._stream.release(element)
        if not found:
            raise self._stream.failure(BrokenFile, None, detail="shop", line=1)

    def _shop(self, inner: etree._Element) -> Iterator[StoreRecord]:
        """The shop itself as structure and organization, given when its first list begins."""
        shop = inner.getparent()
        if self._structure_given or shop is None:
            return
        self._structure_given = True
        name = text(shop, "name") or text(shop, "company") or self._structure.name
        company = text(shop, "company")
        self._structure = CatalogStructure(self._structure.id, name, company)
        yield self._structure
        if company:
            yield Organization(company, company)

    def _scopes(self) -> Iterator[StoreRecord]:
        yield PRICE_TYPE
        yield ExportScope("catalog", True, self._structure.id)
        yield ExportScope("offers", True, self._structure.id)

    def _category(self, element: etree._Element) -> StoreCategory:
        parent_id = (element.get("parentId") or "").strip()
        self._position += 1
        return StoreCategory(
            self._required_id(element),
            self._structure.id,
            # "0" is how some shops write "no parent".
            parent_id if parent_id not in {"", "0"} else None,
            " ".join((element.text or "").split()),
            self._position - 1,
        )

    def _offer(self, element: etree._Element) -> Iterator[StoreRecord]:
        product = self._product(element)
        yield product
        currency = iso_currency(text(element, "currencyId"))
        price = self._number(element, "price")
        if price is not None:
            yield Price(product.id, PRICE_TYPE.id, price, currency)
        old_price = self._number(element, "oldprice")
        if old_price is not None:
            if not self._old_prices:
                self._old_prices = True
                yield OLD_PRICE_TYPE
            yield Price(product.id, OLD_PRICE_TYPE.id, old_price, currency)
        yield from self._stocks(element, product.id)

    def _product(self, element: etree._Element) -> Product:
        vendor = text(element, "vendor")
        full_name = " ".join(part for part in (text(element, "typePrefix"), vendor, text(element, "model")) if part)
        offer_id = self._required_id(element)
        return Product(
            id=offer_id,
            # The article on the site; without one the id is what the shop calls the offer.
            offer_id=text(element, "shop-sku") or text(element, "vendorCode") or offer_id,
            name=" ".join((text(element, "name") or full_name).split()),
            structure_id=self._structure.id,
            category_ids=tuple(found for child in children(element, "categoryId") if (found := (child.text or "").strip())),
            description=text(element, "description"),
            barcodes=split_codes([child.text or "" for child in children(element, "barcode")]),
            pictures=tuple(dict.fromkeys(url for child in children(element, "picture") if (url := (child.text or "").strip()))),
            vat=_vat(text(element, "vat")),
            vendor=vendor,
            properties=tuple(_properties(element)),
        )

    def _stocks(self, element: etree._Element, product_id: str) -> Iterator[StoreRecord]:
        outlets = [outlet for block in children(element, "outlets") for outlet in children(block, "outlet")]
        by_warehouse: dict[StoreWarehouse, Decimal] = {}
        for outlet in outlets:
            quantity = self._stream.number(outlet, outlet.get("instock") or "")
            if quantity is not None:
                warehouse = _warehouse(outlet)
                by_warehouse[warehouse] = by_warehouse.get(warehouse, Decimal(0)) + quantity
        if not by_warehouse:
            count = self._number(element, "count")
            if count is None and (element.get("available") or "").strip().casefold() == "false":
                count = Decimal(0)
            if count is not None:
                by_warehouse[DEFAULT_WAREHOUSE] = count
        for warehouse, quantity in by_warehouse.items():
            if warehouse.id not in self._warehouses:
                self._warehouses.add(warehouse.id)
                yield warehouse
            yield Stock(product_id, warehouse.id, quantity)

    def _required_id(self, element: etree._Element) -> str:
        found = (element.get("id") or "").strip()
        if not found:
            raise self._stream.failure(BrokenFile, element, detail="id")
        return found

    def _number(self, element: etree._Element, name: str) -> Decimal | None:
        child = next(iter(children(element, name)), None)
        return None if child is None else self._stream.number(child, child.text or "")


def _properties(element: etree._Element) -> Iterator[tuple[str, str]]:
    """Params with the unit behind the value, then the package under the names the format's documentation gives it (kg, cm)."""
    joined: dict[str, list[str]] = {}
    for param in children(element, "param"):
        name = " ".join((param.get("name") or "").split())
        value = " ".join(part for part in ((param.text or "").strip(), (param.get("unit") or "").strip()) if part)
        if name and (param.text or "").strip() and value not in joined.setdefault(name, []):
            joined[name].append(value)
    yield from ((name, "; ".join(values)) for name, values in joined.items() if values)
    weight = text(element, "weight")
    if weight:
        yield "Вес упаковки, кг", weight
    dimensions = text(element, "dimensions")
    if dimensions:
        yield "Размер упаковки, см", dimensions


def _warehouse(outlet: etree._Element) -> StoreWarehouse:
    name = (outlet.get("warehouse_name") or "").strip()
    outlet_id = (outlet.get("id") or "").strip()
    if not name and not outlet_id:
        return DEFAULT_WAREHOUSE
    return StoreWarehouse(outlet_id or name, name or f"Склад {outlet_id}")


def _vat(written: str) -> str | None:
    code = written.strip().upper()
    if code in VAT_AMBIGUOUS:
        return None
    return VAT_CODES.get(code) or VAT_NUMBERS.get(code) or code or None
