"""Yandex Market (YML) exports: categories and offers with one price and a stock, streamed from a file of any size."""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from pathlib import PurePath
from xml.etree.ElementTree import Element

from lxml import etree

from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.domain.pricing import iso_currency
from ozon_desktop.domain.store_catalog import (
    DEFAULT_WAREHOUSE_ID,
    CatalogStructure,
    ExportScope,
    KnownElement,
    Organization,
    Price,
    PriceType,
    Product,
    Stock,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
    fold,
)
from ozon_desktop.errors import BrokenFile
from ozon_desktop.store.known import KnownElements, context_of
from ozon_desktop.store.lifted import Whole
from ozon_desktop.store.numbers import Meaning, split_codes
from ozon_desktop.store.shapes import Inside
from ozon_desktop.store.texts import FlatTexts, TextReader, Texts, TreeTexts
from ozon_desktop.store.xml_stream import (
    ElementStream,
    HeadedStream,
    children,
    content,
    local,
    parent_name,
    plain_number,
    text,
)

ROOT = "yml_catalog"
COUNTS = ("count", "stock_quantity", "quantity", "quantity_in_stock", "stock", "instock")
"""Where shops put how many there are, the format's own name first."""
YES, NO = frozenset({"true", "1", "yes", "да"}), frozenset({"false", "0", "no", "нет"})
TAGS = ("yml_catalog", "shop", "name", "company", "categories", "category", "offers", "offer")
ID_STARTS = b' id="'
CONTEXT = context_of(ROOT)
"""An offer is read by its own words alone."""
PRICE_TYPE = PriceType("price", "Цена")
OLD_PRICE_TYPE = PriceType("oldprice", "Цена до скидки")
DEFAULT_WAREHOUSE = StoreWarehouse(DEFAULT_WAREHOUSE_ID, "Основной склад")
VAT_CODES = {"VAT_22": "22", "VAT_20": "20", "VAT_18": "18", "VAT_10": "10", "VAT_7": "7", "VAT_5": "5", "VAT_0": "0", "NO_VAT": "Без НДС"}
VAT_NUMBERS = {"2": "10", "6": "Без НДС"}
VAT_AMBIGUOUS = frozenset({"1", "3", "4", "5", "7", "10", "11"})
"""Numbers that are a code of the format in one file and a rate in percent in another: no rate is better than a wrong one."""


def read_yml(stream: HeadedStream, name: str, known: KnownElements | None = None) -> Iterator[StoreRecord]:
    """The records of one file, in file order. known: elements of earlier imports. StoreFileError names line, element and offer."""
    elements = ElementStream(stream, name, TAGS, frozenset({"offer"}), ("name", "model", "vendorCode"), known, _written_id)
    return _Reader(elements, name).records()


class _Reader:
    def __init__(self, stream: ElementStream, name: str) -> None:
        self._stream = stream
        self._structure = CatalogStructure("yml", PurePath(name).stem)
        self._structure_given = False
        self._position = 0
        self._warehouses: set[str] = set()
        self._old_prices = False
        self._texts = TextReader()

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
                yield from self._category(element)
                self._stream.release(element)
            elif event == "end" and tag == "offer" and parent == "offers":
                for offer in self._stream.products(element, (CONTEXT,)):
                    if isinstance(offer, KnownElement):
                        self._stream.tell_repeated(offer.product_id, offer)
                        yield offer
                        continue
                    yield from self._offer(offer)
                    yield from self._stream.drained()
                self._stream.release(element)
            if self._stream.troubled:
                yield from self._stream.drained()
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

    def _category(self, element: etree._Element) -> Iterator[StoreRecord]:
        parent_id = (element.get("parentId") or "").strip()
        category_id = self._id(element)
        if not category_id:
            return
        self._position += 1
        yield StoreCategory(
            category_id,
            self._structure.id,
            # "0" is how some shops write "no parent".
            parent_id if parent_id not in {"", "0"} else None,
            " ".join(content(element).split()),
            self._position - 1,
        )

    def _offer(self, whole: Whole) -> Iterator[StoreRecord]:
        texts = None if whole.cut is None else self._texts.texts(whole.cut)
        if texts is None:
            texts = TreeTexts(whole.root, whole.inside)
        offer_id = (texts.attribute("id") or "").strip()
        if not offer_id:
            self._stream.problem(ImportProblemKind.NO_ID, whole.root)
            return
        self._stream.tell_repeated(offer_id, whole)
        yield self._product(texts, offer_id)
        currency = iso_currency(texts.first("currencyId"))
        price = self._number(whole, texts, Meaning.PRICE, "price")
        if price is not None:
            yield Price(offer_id, PRICE_TYPE.id, price, currency)
        old_price = self._number(whole, texts, Meaning.PRICE, "oldprice", "old_price")
        if old_price is not None:
            if not self._old_prices:
                self._old_prices = True
                yield OLD_PRICE_TYPE
            yield Price(offer_id, OLD_PRICE_TYPE.id, old_price, currency)
        yield from self._stocks(whole, texts, offer_id)
        yield from self._stream.read(whole, offer_id, CONTEXT)

    def _product(self, texts: Texts, offer_id: str) -> Product:
        vendor = texts.first("vendor")
        article = " ".join((texts.first("shop-sku") or texts.first("vendorCode")).split())
        name = texts.first("name") or _full_name(texts.first("typePrefix"), vendor, texts.first("model"))
        return Product(
            offer_id,
            # The article on the site; without one the id is what the shop calls the offer.
            article or offer_id,
            " ".join(name.split()),
            self._structure.id,
            None,
            tuple([found for found in texts.all("categoryId") if found]),
            texts.rich("description"),
            split_codes(texts.all("barcode")),
            tuple(dict.fromkeys([url for url in texts.all("picture") if url])),
            _vat(texts.first("vat")),
            vendor,
            "",
            tuple(_properties(texts)),
            (texts.attribute("deleted") or texts.first("deleted")).strip().casefold() in YES,
            code=offer_id,
            group_id=(texts.attribute("group_id") or "").strip(),
        )

    def _stocks(self, whole: Whole, texts: Texts, product_id: str) -> Iterator[StoreRecord]:
        by_warehouse = {} if isinstance(texts, FlatTexts) else self._outlets(whole.inside)
        if not by_warehouse:
            count = self._number(whole, texts, Meaning.QUANTITY, *COUNTS)
            if count is not None:
                by_warehouse[DEFAULT_WAREHOUSE] = count
        if _not_for_sale(texts):
            by_warehouse = dict.fromkeys(by_warehouse or (DEFAULT_WAREHOUSE,), Decimal(0))
        for warehouse, quantity in by_warehouse.items():
            if warehouse.id not in self._warehouses:
                self._warehouses.add(warehouse.id)
                yield warehouse
            yield Stock(product_id, warehouse.id, quantity)

    def _outlets(self, inside: Inside) -> dict[StoreWarehouse, Decimal]:
        by_warehouse: dict[StoreWarehouse, Decimal] = {}
        for outlet in (outlet for block in inside.get("outlets", ()) for outlet in children(block, "outlet")):
            quantity = self._stream.number(outlet, outlet.get("instock") or "", Meaning.QUANTITY)
            if quantity is not None:
                warehouse = _warehouse(outlet)
                by_warehouse[warehouse] = by_warehouse.get(warehouse, Decimal(0)) + quantity
        return by_warehouse

    def _id(self, element: etree._Element) -> str:
        """The id; without one the element is a problem and left out."""
        found = (element.get("id") or "").strip()
        if not found:
            self._stream.problem(ImportProblemKind.NO_ID, element)
        return found

    def _number(self, whole: Whole, texts: Texts, meaning: Meaning, *names: str) -> Decimal | None:
        for name in names:
            for place, written in enumerate(texts.all(name)):
                if written:
                    plain = plain_number(written)
                    return self._stream.number(whole.inside[name][place], written, meaning) if plain is None else plain
        return None


def _written_id(written: bytes) -> str:
    """Most likely the id of an offer, out of its bytes."""
    place = written.find(ID_STARTS)
    start = place + len(ID_STARTS)
    return "" if place < 0 else written[start : written.find(b'"', start)].decode(errors="replace").strip()


def _full_name(kind: str, vendor: str, model: str) -> str:
    """The name of an offer without one; a model that names its vendor already names it once."""
    words = [fold(word) for word in f"{kind} {model}".split()]
    brand = fold(vendor).split()
    said = any(words[start : start + len(brand)] == brand for start in range(len(words)))
    return " ".join(part for part in (kind, "" if said else vendor, model) if part)


def _not_for_sale(texts: Texts) -> bool:
    available = texts.attribute("available") or texts.first("available")
    disabled = texts.attribute("disabled") or texts.first("disabled")
    return available.strip().casefold() in NO or disabled.strip().casefold() in YES


def _properties(texts: Texts) -> list[tuple[str, str]]:
    """Params with the unit behind the value, then the package under the names the format's documentation gives it (kg, cm)."""
    values, written, units = texts.columns("param", "name", "unit")
    if units:
        values = [f"{value} {unit.strip()}".strip() if value and unit else value for value, unit in zip(values, units, strict=True)]
    names = _param_names(tuple(written))
    pairs = list(zip(names, values, strict=True)) if names else []
    if "" in names or "" in values:
        pairs = [(name, value) for name, value in pairs if name and value]
    if len(dict(pairs)) != len(pairs):
        joined: dict[str, dict[str, None]] = {}
        for name, value in pairs:
            joined.setdefault(name, {})[value] = None
        pairs = [(name, "; ".join(values)) for name, values in joined.items()]
    weight = texts.first("weight")
    if weight:
        pairs.append(("Вес упаковки, кг", weight))
    dimensions = texts.first("dimensions")
    if dimensions:
        pairs.append(("Размер упаковки, см", dimensions))
    return pairs


@lru_cache(maxsize=1024)
def _param_names(written: tuple[str, ...]) -> list[str]:
    return [" ".join(name.split()) for name in written]


def _warehouse(outlet: Element) -> StoreWarehouse:
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
