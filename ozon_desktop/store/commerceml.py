"""CommerceML 2 exports: classifier, catalogue and offers, streamed from a file of any size."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.domain.pricing import iso_currency
from ozon_desktop.domain.store_catalog import (
    CatalogStructure,
    DirectoryValue,
    ExportScope,
    KnownElement,
    Organization,
    PriceType,
    PropertyDefinition,
    StoreCategory,
    StoreRecord,
    StoreWarehouse,
)
from ozon_desktop.errors import UnknownFormat
from ozon_desktop.store.commerceml_amounts import AmountReader, has_amounts
from ozon_desktop.store.commerceml_goods import YES, OfferReader, ProductReader, Words, is_deleted, offer_product_id, written_id
from ozon_desktop.store.known import KnownElements, context_of
from ozon_desktop.store.lifted import Whole
from ozon_desktop.store.xml_stream import ElementStream, HeadedStream, children, local, parent_name, text

ROOT = "КоммерческаяИнформация"
PACKAGES = frozenset({"ПакетПредложений", "ИзмененияПакетаПредложений"})
PARTS = frozenset({"Классификатор", "Каталог", *PACKAGES})
ROOTS = PARTS | {ROOT}
"""The schema lets each part stand in a file by itself."""
PRODUCTS = frozenset({"Товар", "Предложение"})
TAGS = (
    "Классификатор",
    "Владелец",
    "Группы",
    "Группа",
    "Свойства",
    "Свойство",
    "СвойствоНоменклатуры",
    "Каталог",
    "Товары",
    "Товар",
    *sorted(PACKAGES),
    "ТипЦены",
    "Склад",
    "Предложения",
    "Предложение",
    "Документ",
)


@dataclass
class Book:
    """What one part of an export needs from the parts before it: property words, price types, warehouses, records already given.

    columns: of price lists, roles by heading, by layout, as they were chosen. described: products whose variants have no id of their own.
    known: elements of earlier imports, None where all are to be read. told: how often price types and warehouses grew.
    """

    words: Words = field(default_factory=Words)
    currencies: dict[str, str] = field(default_factory=dict)
    warehouses: dict[str, str] = field(default_factory=dict)
    given: set[StoreRecord] = field(default_factory=set)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    described: set[str] = field(default_factory=set)
    known: KnownElements | None = None
    told: int = 0

    def new(self, record: StoreRecord) -> Iterator[StoreRecord]:
        """The record, unless the very same was given before."""
        if record not in self.given:
            self.given.add(record)
            yield record


def read_commerceml(stream: HeadedStream, name: str, book: Book) -> Iterator[StoreRecord]:
    """The records of one file, in file order; a scope comes before the products or offers it speaks of.

    A property whose definition is in a part not read yet keeps its id as name. StoreFileError names line, element and product.
    """
    elements = ElementStream(stream, name, TAGS, PRODUCTS, ("Наименование", "Артикул", "Ид"), book.known, written_id)
    return _Reader(elements, name, book).records()


class Contexts(NamedTuple):
    """Prints of what elements are read by. plain: of one without prices and stocks, which price types and warehouses do not concern."""

    plain: bytes
    amounts: bytes


class _Reader:
    def __init__(self, stream: ElementStream, name: str, book: Book) -> None:
        self._stream = stream
        self._name = name
        self._book = book
        self._structure_id = ""
        self._position = 0
        self._found = False
        self._changes = False
        self._told: tuple[int, int, str, bool] | None = None
        self._said = Contexts(b"", b"")
        self._products = ProductReader(book.words)
        self._amounts = AmountReader(stream, book.currencies, book.warehouses)
        self._offers = OfferReader(stream, self._products, self._amounts, book.described)

    def records(self) -> Iterator[StoreRecord]:
        for event, element in self._stream:
            tag = local(element)
            parent = parent_name(element)
            if not parent and tag not in ROOTS:
                raise UnknownFormat(self._name, detail=tag, line=1, element=tag)
            if event == "start":
                yield from self._started(element, tag, parent)
            else:
                yield from self._ended(element, tag, parent)
            if self._stream.troubled:
                yield from self._stream.drained()
        if not self._found:
            # Well formed, but orders or something else: nothing a store consists of.
            raise UnknownFormat(self._name, detail=ROOT, line=1, element=ROOT)

    def _started(self, element: etree._Element, tag: str, parent: str) -> Iterator[StoreRecord]:
        self._found = self._found or tag in PARTS
        around = element.getparent()
        if around is None:
            return
        if tag in {"Группы", "Свойства"} and parent == "Классификатор":
            yield from self._structure(around, repeated=False)
        elif tag == "Товары" and parent == "Каталог":
            yield from self._catalog(around)
        elif tag == "Предложения" and parent in PACKAGES:
            yield from self._package(around, parent)

    def _ended(self, element: etree._Element, tag: str, parent: str) -> Iterator[StoreRecord]:
        if tag == "Группа" and parent == "Группы" and _grandparent(element) == "Классификатор":
            yield from self._categories(element, None)
            self._stream.release(element)
        elif tag in {"Свойство", "СвойствоНоменклатуры"} and _grandparent(element) in {"Классификатор", "Группа"}:
            yield from self._property(element)
            self._stream.release(element)
        elif tag == "Товар" and parent == "Товары" and _grandparent(element) == "Каталог":
            contexts = self._contexts()
            for product in self._stream.products(element, contexts):
                if isinstance(product, KnownElement):
                    self._stream.tell_repeated(product.product_id, product)
                    yield product
                    continue
                yield from self._product(product, contexts)
                yield from self._stream.drained()
            self._stream.release(element)
        elif tag == "Предложение" and parent == "Предложения":
            contexts = self._contexts()
            for offer in self._stream.products(element, contexts):
                if isinstance(offer, KnownElement):
                    yield from self._each_once(self._offers.rest())
                    yield offer
                    continue
                yield from self._each_once(self._offers.records(offer, self._structure_id, contexts.amounts))
                yield from self._stream.drained()
            self._stream.release(element)
        elif tag == "Предложения" and parent in PACKAGES:
            yield from self._each_once(self._offers.rest())
        elif tag == "Документ" and parent == ROOT:
            self._stream.release(element)
        else:
            yield from self._small(element, tag, parent)

    def _contexts(self) -> Contexts:
        """What products and offers are read by, beside their own words."""
        book, words = self._book, self._book.words
        told = (words.told, book.told, self._structure_id, self._changes)
        if self._told != told:
            self._told = told
            plain = (self._structure_id, self._changes, *(sorted(each.items()) for each in (words.names, words.types, words.directories)))
            self._said = Contexts(context_of(*plain), context_of(*plain, *self._amounts.depends_on()))
        return self._said

    def _product(self, whole: Whole, contexts: Contexts) -> Iterator[StoreRecord]:
        planned = None if whole.cut is None else self._products.planned(whole.cut)
        read = None if planned is None else self._products.by_plan(planned, self._structure_id, has_card=True, changes=self._changes)
        if read is not None:
            self._stream.tell_repeated(read.id, whole)
            yield read
            yield from self._stream.read(whole, read.id, contexts.plain)
            return
        product, inside = whole.root, whole.inside
        product_id = offer_product_id(inside)
        if not product_id:
            self._stream.problem(ImportProblemKind.NO_ID, product)
            return
        self._stream.tell_repeated(product_id, whole)
        yield self._products.product(product, inside, self._structure_id, product_id, changes=self._changes)
        # Some back offices put prices and stocks into the catalogue.
        yield from self._each_once(self._amounts.records(product, inside, product_id))
        yield from self._stream.read(whole, product_id, contexts.amounts if has_amounts(inside) else contexts.plain)

    def _each_once(self, records: Iterator[StoreRecord]) -> Iterator[StoreRecord]:
        for record in records:
            if isinstance(record, PriceType | StoreWarehouse):
                yield from self._book.new(record)
            else:
                yield record

    def _small(self, element: etree._Element, tag: str, parent: str) -> Iterator[StoreRecord]:
        """Elements that come a few times per file; they stay in the tree."""
        if tag == "Классификатор":
            # Offers files carry a bare classifier, named differently by many back offices.
            described = any(True for name in ("Группы", "Свойства") for _ in children(element, name))
            yield from self._structure(element, repeated=not described)
        elif tag == "Владелец" and parent in {"Классификатор", "Каталог", *PACKAGES}:
            owner = Organization(text(element, "Ид") or text(element, "Наименование"), _owner_name(element))
            if owner.id:
                yield from self._book.new(owner)
        elif tag == "ТипЦены" and parent == "ТипыЦен" and _grandparent(element) not in PRODUCTS:
            yield from self._price_type(element)
        elif tag == "Склад" and parent == "Склады" and _grandparent(element) not in PRODUCTS:
            yield from self._warehouse(element)

    def _price_type(self, element: etree._Element) -> Iterator[StoreRecord]:
        price_type = PriceType(text(element, "Ид"), _name(element), iso_currency(text(element, "Валюта")))
        if price_type.id:
            self._book.currencies[price_type.id] = price_type.currency
            self._book.told += 1
            yield from self._book.new(price_type)
        else:
            self._stream.problem(ImportProblemKind.NO_ID, element, price_type.name)

    def _warehouse(self, element: etree._Element) -> Iterator[StoreRecord]:
        warehouse = StoreWarehouse(text(element, "Ид") or text(element, "ИдСклада") or (element.get("Ид") or "").strip(), _name(element))
        if warehouse.id:
            self._book.warehouses[warehouse.id] = warehouse.name
            self._book.told += 1
            yield from self._book.new(warehouse)
        elif warehouse.name:
            self._stream.problem(ImportProblemKind.NO_ID, element, warehouse.name)

    def _structure(self, classifier: etree._Element, *, repeated: bool) -> Iterator[StoreRecord]:
        self._structure_id = text(classifier, "Ид") or _name(classifier) or local(classifier)
        owner = next(iter(children(classifier, "Владелец")), None)
        owner_name = "" if owner is None else _owner_name(owner)
        yield from self._book.new(CatalogStructure(self._structure_id, _name(classifier), owner_name, repeated))

    def _catalog(self, catalog: etree._Element) -> Iterator[StoreRecord]:
        self._structure_id = text(catalog, "ИдКлассификатора") or self._structure_id
        if not self._structure_id:
            # Without any classifier the catalogue itself is the structure one chooses.
            self._structure_id = text(catalog, "Ид") or _name(catalog) or local(catalog)
            yield from self._book.new(CatalogStructure(self._structure_id, _name(catalog)))
        self._changes = not is_full(catalog)
        yield from self._book.new(ExportScope("catalog", is_full(catalog), self._structure_id))

    def _package(self, package: etree._Element, tag: str) -> Iterator[StoreRecord]:
        self._structure_id = text(package, "ИдКлассификатора") or self._structure_id or text(package, "ИдКаталога")
        full = is_full(package) and tag == "ПакетПредложений"
        yield from self._book.new(ExportScope("offers", full, self._structure_id))

    def _categories(self, group: etree._Element, parent_id: str | None, *, gone: bool = False) -> Iterator[StoreRecord]:
        """The group and those below it; with a deleted group those below it are gone as well."""
        category_id = text(group, "Ид")
        gone = gone or is_deleted(group)
        if category_id:
            yield StoreCategory(category_id, self._structure_id, parent_id, _name(group), self._position, gone)
            self._position += 1
        else:
            self._stream.problem(ImportProblemKind.NO_ID, group, _name(group))
        for groups in children(group, "Группы"):
            for inner in children(groups, "Группа"):
                yield from self._categories(inner, category_id or parent_id, gone=gone)

    def _property(self, element: etree._Element) -> Iterator[StoreRecord]:
        definition = PropertyDefinition(text(element, "Ид"), _name(element), text(element, "ТипЗначений"))
        if not definition.id:
            self._stream.problem(ImportProblemKind.NO_ID, element, definition.name)
            return
        self._book.words.define(definition)
        yield from self._book.new(definition)
        for entry in element.iterdescendants(etree.Element):
            value_id = text(entry, "ИдЗначения") or text(entry, "Ид")
            meaning = text(entry, "Значение") or text(entry, "Наименование")
            if value_id and meaning:
                value = DirectoryValue(definition.id, value_id, meaning)
                self._book.words.mean(value)
                yield value


def _name(element: etree._Element) -> str:
    return " ".join(text(element, "Наименование").split())


def _owner_name(owner: etree._Element) -> str:
    return _name(owner) or text(owner, "ОфициальноеНаименование") or text(owner, "Ид")


def _grandparent(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else parent_name(parent)


def is_full(part: etree._Element) -> bool:
    """Whether a catalogue or package says that it is the whole, rather than changes."""
    return (part.get("СодержитТолькоИзменения") or "").strip().casefold() not in YES
