"""One product and one offer of a CommerceML file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from lxml import etree

from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.domain.models import bracket_properties, without_brackets
from ozon_desktop.domain.store_catalog import Product, StoreRecord, fold
from ozon_desktop.store.commerceml_amounts import AmountReader
from ozon_desktop.store.numbers import split_codes
from ozon_desktop.store.xml_stream import ElementStream, by_name, content, local, rich_content, text

TECHNICAL_REQUISITES = frozenset(
    {"типноменклатуры", "полное наименование", "описаниефайла", "файл", "описаниевформатеhtml", "пометкаудаления", "пометка удаления"}
)
"""Requisites that say nothing about the product (names as `fold` gives them)."""
VENDOR_PROPERTIES = ("Бренд", "Производитель", "Торговая марка", "Изготовитель")
CODE_REQUISITES = ("Код", "Код товара", "Код номенклатуры", "КодТовара", "КодНоменклатуры")
DIRECTORY = "справочник"
YES = frozenset({"true", "1", "да", "истина", "yes", "y", "+"})
DELETED = frozenset({"удален", "удалена", "удалено", "удалить", "удаление", "deleted", "delete"})
DELETION_ELEMENTS = frozenset({"Статус", "ПометкаУдаления", "Удален"})
NO_CHARACTERISTIC = "00000000-0000-0000-0000-000000000000"
"""How some back offices write that a product has no characteristic."""

_folded = lru_cache(maxsize=4096)(fold)
"""Names of properties are few, and each product has all of them."""
VENDOR_NAMES, CODE_NAMES = tuple(map(fold, VENDOR_PROPERTIES)), tuple(map(fold, CODE_REQUISITES))

Pairs = list[tuple[str, str]]
Children = Mapping[str, list[etree._Element]]
NOTHING: list[etree._Element] = []


@dataclass
class Words:
    """Property names by id, their types, and directory values (text by id) by property id; they grow while files are read."""

    names: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    directories: dict[str, dict[str, str]] = field(default_factory=dict)

    def named(self, property_id: str, given: str, value: str) -> tuple[str, str]:
        """Name and value. A value of a directory that is not known yet keeps the property's id as name, so that it is read later."""
        directory = self.directories.get(property_id, {})
        if value in directory:
            return self.names.get(property_id) or given or property_id, directory[value]
        if self.types.get(property_id, "").casefold() == DIRECTORY and property_id:
            return property_id, value
        return self.names.get(property_id) or given or property_id, value


class ProductReader:
    """Makes a Product of an element; `words` of the properties grow while the file is read."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def product(self, element: etree._Element, structure_id: str, product_id: str, *, changes: bool) -> Product:
        """The product of a catalogue; one with a characteristic in its id stands for itself there.

        changes: the export holds changes only, and what it does not mention stays.
        """
        return self._product(element, by_name(element), structure_id, product_id, None, has_card=True, changes=changes)

    def offer(self, element: etree._Element, inside: Children, structure_id: str, product_id: str) -> Product:
        """The characteristic an offer speaks of, or the bare product."""
        parent, mark, _ = product_id.partition("#")
        product = self._product(element, inside, structure_id, product_id, parent if mark else None, has_card=False, changes=True)
        if not mark:
            return product
        described = "ХарактеристикиТовара" in inside
        # Some write size and colour nowhere but in the name.
        found = () if described else bracket_properties(product.name)
        named = {fold(name) for name, _ in product.properties}
        extra = tuple((name, value) for name, value in found if fold(name) not in named)
        unsaid = product.unsaid - {"properties"} if described else product.unsaid
        return replace(product, properties=extra + product.properties, model=without_brackets(product.name), unsaid=unsaid)

    def _product(
        self,
        element: etree._Element,
        inside: Children,
        structure_id: str,
        product_id: str,
        parent_id: str | None,
        *,
        has_card: bool,
        changes: bool,
    ) -> Product:
        requisite_pairs = _named_values(inside, "ЗначенияРеквизитов")
        requisites = {_folded(name): value for name, value in requisite_pairs}
        properties = self._properties(inside, requisite_pairs)
        names = self._words.names
        named = {_folded(names.get(name, name)): value for name, value in properties}
        makers = inside.get("Изготовитель", NOTHING)
        vendor = next((found for maker in makers if (found := _maker(maker))), "")
        described = next(iter(inside.get("Описание", NOTHING)), None)
        return Product(
            id=product_id,
            offer_id=" ".join(_first(inside, "Артикул").split()),
            name=" ".join((_first(inside, "Наименование") or requisites.get("полное наименование", "")).split()),
            structure_id=structure_id,
            parent_id=parent_id,
            category_ids=_category_ids(inside),
            description=("" if described is None else rich_content(described)) or requisites.get("описаниевформатеhtml", ""),
            barcodes=split_codes(
                [content(child) for name in ("Штрихкод", "ШтрихКод") for child in inside.get(name, NOTHING)] + _codes(inside)
            ),
            pictures=tuple(dict.fromkeys(path for child in inside.get("Картинка", NOTHING) if (path := content(child)))),
            vat=_vat(inside),
            vendor=vendor or next((named[name] for name in VENDOR_NAMES if name in named), ""),
            unit=_unit(inside),
            properties=tuple(properties),
            deleted=is_deleted(element, inside) or _marked(requisites),
            has_card=has_card,
            code=_first(inside, "Код") or next((named[name] for name in CODE_NAMES if name in named), ""),
            unsaid=_unsaid(inside, requisites, vendor) if changes else frozenset(),
        )

    def _properties(self, inside: Children, requisites: Pairs) -> Pairs:
        """Characteristics, then properties, then the useful requisites; several values of one name become one, joined by "; "."""
        if not requisites and inside.keys().isdisjoint({"ХарактеристикиТовара", "ЗначенияСвойств"}):
            return []
        pairs = _named_values(inside, "ХарактеристикиТовара")
        for block in inside.get("ЗначенияСвойств", NOTHING):
            for entry in block:
                property_id, given, written, ids = "", "", list[str](), list[str]()
                for child in entry:
                    name = local(child)
                    if name == "Ид":
                        property_id = content(child)
                    elif name == "Наименование":
                        given = content(child)
                    elif name == "Значение":
                        written.append(content(child))
                    elif name == "ИдЗначения":
                        ids.append(content(child))
                pairs.extend(self._words.named(property_id, given, value) for value in (written if any(written) else ids))
        pairs.extend((name, value) for name, value in requisites if _folded(name) not in TECHNICAL_REQUISITES)
        joined: dict[str, str] = {}
        several: dict[str, set[str]] = {}
        for name, value in pairs:
            if not name or not value:
                continue
            known = joined.get(name)
            if known is None:
                joined[name] = value
            elif value not in several.setdefault(name, {known}):
                several[name].add(value)
                joined[name] = f"{known}; {value}"
        return list(joined.items())


class OfferReader:
    """Makes the records of one offer: its product, prices and stocks."""

    def __init__(self, stream: ElementStream, products: ProductReader, amounts: AmountReader) -> None:
        self._stream = stream
        self._products = products
        self._amounts = amounts

    def records(self, element: etree._Element, structure_id: str) -> Iterator[StoreRecord]:
        """Product, then prices, then stocks; an offer without an id is a problem and nothing else."""
        inside = by_name(element)
        product_id = offer_product_id(inside)
        if not product_id:
            self._stream.problem(ImportProblemKind.NO_ID, element)
            return
        yield self._products.offer(element, inside, structure_id, product_id)
        yield from self._amounts.records(element, inside, product_id)


def offer_product_id(inside: Children) -> str:
    """The product and characteristic an offer speaks of, as «product#characteristic»; "" when it names none."""
    # "P#" is how some exports write a product without a characteristic.
    product_id = _first(inside, "Ид").removesuffix(f"#{NO_CHARACTERISTIC}").rstrip("#")
    characteristic = _first(inside, "ИдХарактеристики")
    if product_id and characteristic and characteristic != NO_CHARACTERISTIC and "#" not in product_id:
        # Some write the whole id there once more.
        return f"{product_id}#{characteristic.removeprefix(f'{product_id}#')}"
    return product_id


def is_deleted(element: etree._Element, inside: Children) -> bool:
    """Whether the element says that what it describes is gone, as attribute or child, in any of the spellings of back offices."""
    if not element.attrib and inside.keys().isdisjoint(DELETION_ELEMENTS):
        return False
    status = element.get("Статус") or _first(inside, "Статус")
    marks = (element.get("ПометкаУдаления"), element.get("Удален"), _first(inside, "ПометкаУдаления"), _first(inside, "Удален"))
    return fold(status) in DELETED or any(mark is not None and mark.strip().casefold() in YES for mark in marks)


def _marked(requisites: Mapping[str, str]) -> bool:
    """Whether a requisite is the mark of deletion."""
    return any(requisites.get(name, "").casefold() in YES for name in ("пометкаудаления", "пометка удаления"))


def _first(inside: Children, name: str) -> str:
    found = inside.get(name)
    return content(found[0]) if found else ""


def _maker(maker: etree._Element) -> str:
    return text(maker, "Наименование") or text(maker, "ОфициальноеНаименование") or ("" if len(maker) else content(maker))


def _codes(inside: Children) -> list[str]:
    """Barcodes, also those in a list of their own (Штрихкоды/Штрихкод), each as text or with its value inside."""
    found = [content(child) for name in ("Штрихкод", "ШтрихКод") for child in inside.get(name, NOTHING)]
    for block in inside.get("Штрихкоды", NOTHING):
        entries = list(block.iterchildren(etree.Element))
        found += [text(entry, "Значение") or text(entry, "Штрихкод") or content(entry) for entry in entries] or [content(block)]
    return found


def _category_ids(inside: Children) -> tuple[str, ...]:
    ids = (content(child) for groups in inside.get("Группы", NOTHING) for child in groups.iter("{*}Ид"))
    return tuple(dict.fromkeys(found for found in ids if found))


def _named_values(inside: Children, block_name: str) -> Pairs:
    pairs: Pairs = []
    for block in inside.get(block_name, NOTHING):
        for entry in block:
            name = value = ""
            for child in entry:
                tag = local(child)
                if tag == "Наименование":
                    name = name or content(child)
                elif tag == "Значение":
                    value = value or content(child)
            pairs.append((name, value))
    return pairs


def _vat(inside: Children) -> str | None:
    rates = [rate for block in inside.get("СтавкиНалогов", NOTHING) for rate in block.iterchildren("{*}СтавкаНалога")]
    vat = next((rate for rate in rates if text(rate, "Наименование").casefold() in {"ндс", ""}), None)
    return None if vat is None else text(vat, "Ставка") or None


def _unit(inside: Children) -> str:
    for unit in inside.get("БазоваяЕдиница", NOTHING):
        written = (unit.text or "").strip()
        if written and not written.isdigit():
            return written
        names = (unit.get("НаименованиеКраткое"), unit.get("НаименованиеПолное"), written, unit.get("Код"))
        return next((name.strip() for name in names if name and name.strip()), "")
    return ""


def _unsaid(inside: Children, requisites: Mapping[str, str], vendor: str) -> frozenset[str]:
    """Fields of which an element of changes holds nothing at all; an empty element says that there is nothing any more."""
    said = {
        "offer_id": "Артикул" in inside,
        "code": "Код" in inside,
        "name": "Наименование" in inside or "полное наименование" in requisites,
        "category_ids": "Группы" in inside,
        "description": "Описание" in inside or "описаниевформатеhtml" in requisites,
        "barcodes": not inside.keys().isdisjoint({"Штрихкод", "ШтрихКод", "Штрихкоды"}),
        "pictures": "Картинка" in inside,
        "vat": "СтавкиНалогов" in inside,
        "vendor": bool(vendor),
        "unit": "БазоваяЕдиница" in inside,
        # Properties stand in two blocks: only both of them are all.
        "properties": "ЗначенияСвойств" in inside and "ЗначенияРеквизитов" in inside,
    }
    return frozenset(name for name, there in said.items() if not there)
