"""Writes a catalogue for the back office as CommerceML 2: an import file with the cards, an offers file with prices and stocks."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from lxml import etree

from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    Price,
    PriceType,
    Product,
    PropertyDefinition,
    Stock,
    StoreCategory,
    StoreWarehouse,
)
from ozon_desktop.errors import WrongInput
from ozon_desktop.store.order_elements import SCHEMA_VERSION
from ozon_desktop.store.orders_export import NAMESPACE
from ozon_desktop.store.own_files import mark

IMPORT_FILE, OFFERS_FILE = "import.xml", "offers.xml"
ENCODINGS = ("utf-8", "windows-1251")
_CATALOG_SUFFIX, _OFFERS_SUFFIX = "-catalog", "-offers"


@dataclass(frozen=True, slots=True)
class ExportedProduct:
    """A product with its price and stock; None = not known."""

    product: Product
    price: Price | None = None
    stock: Stock | None = None


@dataclass(frozen=True, slots=True)
class ExportedCatalog:
    """What all products of an export share. Categories come before those below them."""

    structure: CatalogStructure
    categories: Sequence[StoreCategory]
    properties: Sequence[PropertyDefinition]
    price_type: PriceType
    warehouse: StoreWarehouse


def write_catalog(
    catalog: ExportedCatalog, products: Iterable[ExportedProduct], folder: Path, encoding: str = "utf-8"
) -> tuple[Path, Path]:
    """Writes both files, each whole or not at all, product by product, and gives their paths.

    Both say that they hold changes only: a back office that reads them keeps its other products. encoding: one of ENCODINGS.
    WrongInput (subject: the path) when the folder may not be written, ("encoding") for another encoding.
    """
    if encoding not in ENCODINGS:
        raise WrongInput("encoding", detail=encoding)
    places = folder / IMPORT_FILE, folder / OFFERS_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (
            _whole(places[0]) as first,
            _whole(places[1]) as second,
            etree.xmlfile(str(first), encoding=encoding) as cards,
            etree.xmlfile(str(second), encoding=encoding) as offers,
        ):
            _write(catalog, products, cards, offers)
    except OSError as error:
        raise WrongInput(str(folder), detail=error.strerror or str(error)) from error
    return places


def write_catalog_file(catalog: ExportedCatalog, products: Sequence[ExportedProduct], path: Path, encoding: str = "utf-8") -> None:
    """Writes cards, prices and stocks as one file, whole or not at all; see `write_catalog`. WrongInput (subject: the path)."""
    if encoding not in ENCODINGS:
        raise WrongInput("encoding", detail=encoding)
    by_name = {definition.name: definition.id for definition in catalog.properties}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _whole(path) as partial, etree.xmlfile(str(partial), encoding=encoding) as stream:
            stream.write_declaration()
            stream.write(mark())
            with _root(stream):
                stream.write(_classifier(catalog))
                with _part(stream, "Каталог"):
                    _head(catalog, stream, _CATALOG_SUFFIX)
                    with stream.element(_tag("Товары")):
                        for exported in products:
                            stream.write(_card(exported.product, by_name))
                with _part(stream, "ПакетПредложений"):
                    _head(catalog, stream, _OFFERS_SUFFIX)
                    _offers_head(catalog, stream)
                    with stream.element(_tag("Предложения")):
                        for exported in products:
                            stream.write(_offer(exported, catalog))
    except OSError as error:
        raise WrongInput(str(path), detail=error.strerror or str(error)) from error


def _write(catalog: ExportedCatalog, products: Iterable[ExportedProduct], cards: Any, offers: Any) -> None:
    """Both files side by side, so that the products are gone through once."""
    by_name = {definition.name: definition.id for definition in catalog.properties}
    for stream in (cards, offers):
        stream.write_declaration()
        stream.write(mark())
    with _root(cards), _root(offers):
        cards.write(_classifier(catalog))
        with _part(cards, "Каталог"), _part(offers, "ПакетПредложений"):
            _heads(catalog, cards, offers)
            with cards.element(_tag("Товары")), offers.element(_tag("Предложения")):
                for exported in products:
                    cards.write(_card(exported.product, by_name))
                    offers.write(_offer(exported, catalog))


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file beside, which takes the place of `path` when nothing went wrong."""
    partial = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        yield partial
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _root(stream: Any) -> Any:
    return stream.element(_tag("КоммерческаяИнформация"), {"ВерсияСхемы": SCHEMA_VERSION}, nsmap={None: NAMESPACE})


def _part(stream: Any, name: str) -> Any:
    return stream.element(_tag(name), {"СодержитТолькоИзменения": "true"})


def _heads(catalog: ExportedCatalog, cards: Any, offers: Any) -> None:
    _head(catalog, cards, _CATALOG_SUFFIX)
    _head(catalog, offers, _OFFERS_SUFFIX)
    _offers_head(catalog, offers)


def _head(catalog: ExportedCatalog, stream: Any, suffix: str) -> None:
    structure = catalog.structure
    for name, text in (
        ("Ид", structure.id + suffix),
        ("ИдКлассификатора", structure.id),
        ("Наименование", structure.name),
    ):
        stream.write(_element(name, text))


def _offers_head(catalog: ExportedCatalog, offers: Any) -> None:
    structure = catalog.structure
    offers.write(_element("ИдКаталога", structure.id + _CATALOG_SUFFIX))
    types = _element("ТипыЦен")
    price_type = _add(types, "ТипЦены")
    _add(price_type, "Ид", catalog.price_type.id)
    _add(price_type, "Наименование", catalog.price_type.name)
    _add(price_type, "Валюта", catalog.price_type.currency)
    houses = _element("Склады")
    house = _add(houses, "Склад")
    _add(house, "Ид", catalog.warehouse.id)
    _add(house, "Наименование", catalog.warehouse.name)
    offers.write(types)
    offers.write(houses)


def _classifier(catalog: ExportedCatalog) -> etree._Element:
    classifier = _element("Классификатор")
    _add(classifier, "Ид", catalog.structure.id)
    _add(classifier, "Наименование", catalog.structure.name)
    groups: dict[str | None, etree._Element] = {}
    for category in catalog.categories:
        if category.parent_id not in groups:
            above = classifier if category.parent_id is None else groups[f"={category.parent_id}"]
            groups[category.parent_id] = _add(above, "Группы")
        group = _add(groups[category.parent_id], "Группа")
        groups[f"={category.id}"] = group
        _add(group, "Ид", category.id)
        _add(group, "Наименование", category.name)
    properties = _add(classifier, "Свойства")
    for definition in catalog.properties:
        entry = _add(properties, "Свойство")
        _add(entry, "Ид", definition.id)
        _add(entry, "Наименование", definition.name)
        _add(entry, "ТипЗначений", definition.value_type)
    return classifier


def _card(product: Product, by_name: dict[str, str]) -> etree._Element:
    card = _element("Товар")
    _add(card, "Ид", product.id)
    for code in product.barcodes:
        _add(card, "Штрихкод", code)
    _add(card, "Артикул", product.offer_id)
    _add(card, "Наименование", product.name)
    unit = _add(card, "БазоваяЕдиница", product.unit)
    unit.set("Код", "796")
    groups = _add(card, "Группы")
    for category_id in product.category_ids:
        _add(groups, "Ид", category_id)
    _add(card, "Описание", product.description)
    for picture in product.pictures:
        _add(card, "Картинка", picture)
    if product.vendor:
        maker = _add(card, "Изготовитель")
        _add(maker, "Ид", product.vendor)
        _add(maker, "Наименование", product.vendor)
    values = _add(card, "ЗначенияСвойств")
    for name, value in product.properties:
        entry = _add(values, "ЗначенияСвойства")
        _add(entry, "Ид", by_name[name])
        _add(entry, "Значение", value)
    if product.vat is not None:
        rate = _add(_add(card, "СтавкиНалогов"), "СтавкаНалога")
        _add(rate, "Наименование", "НДС")
        _add(rate, "Ставка", product.vat)
    return card


def _offer(exported: ExportedProduct, catalog: ExportedCatalog) -> etree._Element:
    product = exported.product
    offer = _element("Предложение")
    _add(offer, "Ид", product.id)
    _add(offer, "Артикул", product.offer_id)
    _add(offer, "Наименование", product.name)
    if exported.price is not None:
        price = _add(_add(offer, "Цены"), "Цена")
        _add(price, "ИдТипаЦены", catalog.price_type.id)
        _add(price, "ЦенаЗаЕдиницу", _plain(exported.price.value))
        _add(price, "Валюта", exported.price.currency)
        _add(price, "Единица", product.unit)
    if exported.stock is not None:
        house = _add(offer, "Склад")
        house.set("ИдСклада", exported.stock.warehouse_id)
        house.set("КоличествоНаСкладе", _plain(exported.stock.quantity))
    return offer


def _plain(value: Decimal) -> str:
    return format(value, "f")


def _element(name: str, text: str | None = None) -> etree._Element:
    # Without the namespace: written as it is, it stands in that of the root, and needs no prefix, which back offices stumble over.
    element = etree.Element(name)
    element.text = None if text is None else _allowed(text)
    return element


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = _element(name, text)
    parent.append(element)
    return element


def _allowed(text: str) -> str:
    """Without the control characters XML cannot hold."""
    return "".join(sign if sign in "\t\n\r" or (ord(sign) >= 32 and ord(sign) not in {0xFFFE, 0xFFFF}) else " " for sign in text)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
