"""One product and one offer of a CommerceML file."""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from xml.etree.ElementTree import Element

from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.domain.models import bracket_properties, without_brackets
from ozon_desktop.domain.store_catalog import (
    DirectoryValue,
    Price,
    Product,
    PropertyDefinition,
    Stock,
    StoreRecord,
    described_id,
    fold,
)
from ozon_desktop.store.bitrix_fields import MARK, is_field, plain_text, with_fields
from ozon_desktop.store.commerceml_amounts import AmountReader
from ozon_desktop.store.commerceml_plan import GoodsPlan, GoodsPlans, Planned
from ozon_desktop.store.lifted import Whole
from ozon_desktop.store.numbers import split_codes
from ozon_desktop.store.shapes import Cut, Inside
from ozon_desktop.store.xml_stream import ElementStream, XmlElement, content, rich_content, rich_text, text

TECHNICAL_REQUISITES = frozenset(
    {"типноменклатуры", "полное наименование", "описаниефайла", "файл", "описаниевформатеhtml", "пометкаудаления", "пометка удаления"}
)
"""Requisites that say nothing about the product (names as `fold` gives them)."""
VENDOR_PROPERTIES = ("Бренд", "Производитель", "Торговая марка", "Изготовитель")
CODE_REQUISITES = ("Код", "Код товара", "Код номенклатуры", "КодТовара", "КодНоменклатуры")
DIRECTORY = "справочник"
YES = frozenset({"true", "1", "да", "истина", "yes", "y", "+"})
DELETED = frozenset({"удален", "удалена", "удалено", "удалить", "удаление", "deleted", "delete"})
BARCODES = ("Штрихкод", "ШтрихКод")
DELETION_REQUISITES = frozenset({"пометкаудаления", "пометка удаления"})
DELETION_ELEMENTS = frozenset({"Статус", "ПометкаУдаления", "Удален"})
SERIALIZED = "a:"
"""How a list begins that PHP wrote, see `bitrix_fields`."""
NO_CHARACTERISTIC = "00000000-0000-0000-0000-000000000000"
"""How some back offices write that a product has no characteristic, or that a property has no value."""

ID_TAGS = tuple((f"<{name}>".encode(), f"</{name}>".encode()) for name in ("Ид", "ИдХарактеристики"))

_folded = lru_cache(maxsize=4096)(fold)
"""Names of properties are few, and each product has all of them."""
MOST_ROLES = 1_000
"""Lists of property names kept for which of them tell the vendor and the code."""
VENDOR_NAMES, CODE_NAMES = tuple(map(fold, VENDOR_PROPERTIES)), tuple(map(fold, CODE_REQUISITES))

Pairs = list[tuple[str, str]]
NOTHING: list[Element] = []
NO_FIELDS: frozenset[str] = frozenset()
VAT = frozenset({"ндс", ""})
"""Names of the tax, in small letters."""


@dataclass
class Words:
    """Property names by id, their types, and directory values (text by id) by property id; they grow while files are read.

    told: how often they grew.
    """

    names: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    directories: dict[str, dict[str, str]] = field(default_factory=dict)
    told: int = 0

    def define(self, definition: PropertyDefinition) -> None:
        """Takes the name and the type of a property."""
        self.names[definition.id] = definition.name
        self.types[definition.id] = definition.value_type
        self.told += 1

    def mean(self, value: DirectoryValue) -> None:
        """Takes what the id of a value means."""
        self.directories.setdefault(value.property_id, {})[value.id] = value.value
        self.told += 1

    def named(self, property_id: str, given: str, value: str) -> tuple[str, str]:
        """Name and value. A value of a directory that is not known yet keeps the property's id as name, so that it is read later."""
        directory = self.directories.get(property_id)
        if directory and value in directory:
            value = directory[value]
        elif property_id and self.types.get(property_id, "").casefold() == DIRECTORY:
            return property_id, value
        return self.names.get(property_id) or given or property_id, value

    def plain(self) -> dict[str, str]:
        """Names of the properties whose values mean what they say, by id, without fields of 1С-Битрикс."""
        return {
            id_: name
            for id_, name in self.names.items()
            if id_ and name and id_[:5] != MARK and not self.directories.get(id_) and self.types.get(id_, "").casefold() != DIRECTORY
        }


class ProductReader:
    """Makes a Product of an element; `words` of the properties grow while the file is read."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._told = -1
        self._plain: dict[str, str] = {}
        self._roles: dict[tuple[str, ...], tuple[int, int]] = {}
        self._plans = GoodsPlans()

    def product(self, element: Element, inside: Inside, structure_id: str, product_id: str, *, changes: bool) -> Product:
        """The product of a catalogue; one with a characteristic in its id stands for itself there.

        changes: the export holds changes only, and what it does not mention stays.
        """
        return self._product(element, inside, structure_id, product_id, None, has_card=True, changes=changes)

    def planned(self, cut: Cut) -> Planned | None:
        """The plan of a product, None for one that has to be read out of its tree."""
        return self._plans.planned(cut)

    def by_plan(self, planned: Planned, structure_id: str, *, has_card: bool, changes: bool) -> Product | None:
        """As `product`, or as `offer` of a bare product; None for one that has to be read out of its tree, as one without an id is."""
        plan, cut, texts = planned
        product_id = _product_id(texts[plan.id], "")
        requisite_pairs = [(texts[name], texts[value]) for name, value in plan.requisites]
        properties = self._planned_properties(plan, texts)
        if properties is None or not product_id:
            return None
        properties = _together(properties, requisite_pairs)
        requisites = {_folded(name): value for name, value in requisite_pairs}
        vendor = texts[plan.makers[0]] if plan.makers else ""
        code = texts[plan.code]
        made = bool(vendor)
        if plan.makers and not made:
            return None
        if properties and not (vendor and code):
            said_vendor, said_code = self._said(properties)
            vendor, code = vendor or said_vendor, code or said_code
        described = plan.description >= 0
        return Product(
            product_id,
            " ".join(texts[plan.article].split()),
            " ".join((texts[plan.name] or requisites.get("полное наименование", "")).split()),
            structure_id,
            None,
            tuple(dict.fromkeys([texts[place] for place in plan.categories if texts[place]])),
            (rich_text(cut.leaves[plan.description]) if described else "") or requisites.get("описаниевформатеhtml", ""),
            split_codes([texts[place] for place in plan.barcodes]),
            tuple(dict.fromkeys([texts[place] for place in plan.pictures if texts[place]])),
            next((texts[rate] or None for name, rate in plan.rates if texts[name].casefold() in VAT), None),
            vendor,
            "" if plan.unit is None else _planned_unit(plan, cut),
            tuple(properties),
            _marked(requisites),
            has_card,
            code,
            unsaid=_unsaid(plan.names, requisites, made=made) if changes else NO_FIELDS,
        )

    def _planned_properties(self, plan: GoodsPlan, texts: list[str]) -> Pairs | None:
        """The properties; None where one of them is more than a name and a text."""
        plain = self._plain_words()
        pairs: Pairs = []
        for id_place, place in plan.properties:
            written = texts[place]
            if written and written != NO_CHARACTERISTIC:
                meant = plain.get(texts[id_place])
                if not meant or written[:2] == SERIALIZED:
                    return None
                pairs.append((meant, written))
        return pairs

    def offer(self, element: Element, inside: Inside, structure_id: str, product_id: str) -> Product:
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
        element: Element,
        inside: Inside,
        structure_id: str,
        product_id: str,
        parent_id: str | None,
        *,
        has_card: bool,
        changes: bool,
    ) -> Product:
        requisite_pairs = _named_values(inside, "ЗначенияРеквизитов") if "ЗначенияРеквизитов" in inside else []
        requisites = {_folded(name): value for name, value in requisite_pairs}
        of_bitrix: dict[str, str] = {}
        properties = self._properties(inside, requisite_pairs, of_bitrix)
        vendor = next((found for maker in inside.within("Изготовитель") if (found := _maker(maker))), "")
        code = _first(inside, "Код")
        made = bool(vendor)
        if properties and not (vendor and code):
            said_vendor, said_code = self._said(properties)
            vendor, code = vendor or said_vendor, code or said_code
        description = rich_content(inside["Описание"][0]) if "Описание" in inside else ""
        product = Product(
            product_id,
            " ".join(_first(inside, "Артикул").split()),
            " ".join((_first(inside, "Наименование") or requisites.get("полное наименование", "")).split()),
            structure_id,
            parent_id,
            _category_ids(inside) if "Группы" in inside else (),
            description or requisites.get("описаниевформатеhtml", ""),
            split_codes(_codes(inside)),
            tuple(dict.fromkeys([path for child in inside["Картинка"] if (path := content(child))])) if "Картинка" in inside else (),
            _vat(inside) if "СтавкиНалогов" in inside else None,
            vendor,
            _unit(inside) if "БазоваяЕдиница" in inside else "",
            tuple(properties),
            ((bool(element.attrib) or not DELETION_ELEMENTS.isdisjoint(inside)) and is_deleted(element)) or _marked(requisites),
            has_card,
            code,
            unsaid=_unsaid(inside, requisites, made=made) if changes else NO_FIELDS,
        )
        return with_fields(product, of_bitrix) if of_bitrix else product

    def _said(self, properties: Pairs) -> tuple[str, str]:
        """Vendor and code where properties tell them, "" where they do not."""
        names = tuple([name for name, _ in properties])
        roles = self._roles.get(names)
        if roles is None:
            known = self._words.names
            places = {_folded(known.get(name, name)): place for place, name in enumerate(names)}
            vendor, code = (next((places[name] for name in wanted if name in places), -1) for wanted in (VENDOR_NAMES, CODE_NAMES))
            if len(self._roles) >= MOST_ROLES:
                self._roles.clear()
            roles = self._roles[names] = vendor, code
        vendor, code = roles
        return properties[vendor][1] if vendor >= 0 else "", properties[code][1] if code >= 0 else ""

    def _properties(self, inside: Inside, requisites: Pairs, of_bitrix: dict[str, str]) -> Pairs:
        """Characteristics, then properties, then the useful requisites; several values of one name become one, joined by "; ".

        of_bitrix takes those that are no properties but fields, see `bitrix_fields`.
        """
        words = self._words
        plain = self._plain_words()
        pairs = _named_values(inside, "ХарактеристикиТовара") if "ХарактеристикиТовара" in inside else []
        for entry in inside.entries("ЗначенияСвойств") if "ЗначенияСвойств" in inside else ():
            sole = entry.sole()
            if "Ид" in sole and "Значение" in sole:
                # What nearly all properties are needs no looking at exceptions.
                meant, written = plain.get(sole["Ид"].text or ""), (sole["Значение"].text or "").strip()
                if meant and written and "&" not in written and written[:2] != SERIALIZED and written != NO_CHARACTERISTIC:
                    pairs.append((meant, written))
                    continue
            property_id = content(entry["Ид"][-1]) if "Ид" in entry else ""
            values = [content(each) for each in entry["Значение"]] if "Значение" in entry else []
            place = next((place for place, value in enumerate(values) if value), -1)
            first = values[place] if place >= 0 else ""
            if first and first != NO_CHARACTERISTIC:
                if first[:2] == SERIALIZED:
                    first = plain_text(first)
                if property_id[:5] == MARK and is_field(property_id, first):
                    of_bitrix[property_id] = words.named(property_id, "", first)[1]
                    continue
                values = [first, *values[place + 1 :]]
            else:
                values = [content(each) for each in entry.get("ИдЗначения", NOTHING)]
            given = content(entry["Наименование"][-1]) if "Наименование" in entry else ""
            pairs += [words.named(property_id, given, value) for value in values]
        return _together(pairs, requisites)

    def _plain_words(self) -> dict[str, str]:
        words = self._words
        if self._told != words.told:
            self._told, self._plain, self._roles = words.told, words.plain(), {}
        return self._plain


def _together(pairs: Pairs, requisites: Pairs) -> Pairs:
    """These and the useful requisites; several values of one name become one."""
    pairs += [pair for pair in requisites if _folded(pair[0]) not in TECHNICAL_REQUISITES]
    joined = dict(pairs)
    if len(joined) != len(pairs):
        return _joined(pairs)
    if "" in joined or "" in joined.values():
        return [(name, value) for name, value in pairs if name and value]
    return pairs


def _joined(pairs: Pairs) -> Pairs:
    found: dict[str, dict[str, None]] = {}
    for name, value in pairs:
        if name and value:
            found.setdefault(name, {})[value] = None
    return [(name, "; ".join(values)) for name, values in found.items()]


@dataclass(frozen=True, slots=True)
class _Held:
    """An offer of a product that may have others, told apart by nothing but what they say of size and colour."""

    product_id: str
    characteristics: Pairs
    element: Element
    inside: Inside
    structure_id: str
    amounts: list[StoreRecord]


class OfferReader:
    """Makes the records of one offer: its product, prices and stocks.

    described: ids of products whose variants are known by their characteristics alone; it grows while files are read.
    """

    def __init__(self, stream: ElementStream, products: ProductReader, amounts: AmountReader, described: set[str]) -> None:
        self._stream = stream
        self._products = products
        self._amounts = amounts
        self._described = described
        self._held: _Held | None = None

    def records(self, whole: Whole, structure_id: str, context: bytes) -> Iterator[StoreRecord]:
        """Product, then prices, then stocks; an offer without an id is a problem and nothing else.

        One that may be a variant is held back until the next one, see `rest`.
        """
        planned = self._planned(whole, structure_id)
        if planned is not None:
            yield from self.rest()
            yield from planned
            yield from self._stream.read(whole, planned[0].id, context)
            return
        element, inside = whole.root, whole.inside
        product_id = offer_product_id(inside)
        if not product_id:
            self._stream.problem(ImportProblemKind.NO_ID, element)
            return
        if "ХарактеристикиТовара" not in inside or "#" in product_id or "#" in _first(inside, "Ид"):
            yield from self.rest()
            yield self._products.offer(element, inside, structure_id, product_id)
            yield from self._amounts.records(element, inside, product_id)
            yield from self._stream.read(whole, product_id, context)
            return
        held, characteristics = self._held, _named_values(inside, "ХарактеристикиТовара")
        if held is not None and held.product_id == product_id and held.characteristics != characteristics:
            self._described.add(product_id)
        yield from self.rest()
        amounts = list(self._amounts.records(element, inside, product_id))
        # What was read is filled with the next offer.
        kept = deepcopy(element)
        self._held = _Held(product_id, characteristics, kept, Inside(kept), structure_id, amounts)

    def _planned(self, whole: Whole, structure_id: str) -> tuple[Product, *tuple[StoreRecord, ...]] | None:
        """The records of a bare product that is written as nearly all are."""
        planned = None if whole.cut is None else self._products.planned(whole.cut)
        product = None if planned is None else self._products.by_plan(planned, structure_id, has_card=False, changes=True)
        if planned is None or product is None or "#" in product.id:
            return None
        amounts = self._amounts.by_plan(planned, product.id)
        return None if amounts is None else (product, *amounts)

    def rest(self) -> Iterator[StoreRecord]:
        """The records of the offer that was held back."""
        held, self._held = self._held, None
        if held is None:
            return
        product_id = held.product_id
        if product_id in self._described:
            product_id = described_id(product_id, held.characteristics)
        yield self._products.offer(held.element, held.inside, held.structure_id, product_id)
        for record in held.amounts:
            yield replace(record, product_id=product_id) if isinstance(record, Price | Stock) else record


def offer_product_id(inside: Inside) -> str:
    """The product and characteristic an offer speaks of, as «product#characteristic»; "" when it names none."""
    return _product_id(_first(inside, "Ид"), _first(inside, "ИдХарактеристики"))


def written_id(written: bytes) -> str:
    """Most likely what `offer_product_id` finds, out of the bytes of an offer or a product."""
    return _product_id(*(_between(written, start, end) for start, end in ID_TAGS))


def _between(written: bytes, start: bytes, end: bytes) -> str:
    place = written.find(start)
    return "" if place < 0 else written[place + len(start) : written.find(end, place)].decode(errors="replace").strip()


def _product_id(written: str, characteristic: str) -> str:
    # "P#" is how some exports write a product without a characteristic.
    product_id = written.removesuffix(f"#{NO_CHARACTERISTIC}").rstrip("#")
    if product_id and characteristic and characteristic != NO_CHARACTERISTIC and "#" not in product_id:
        # Some write the whole id there once more.
        return f"{product_id}#{characteristic.removeprefix(f'{product_id}#')}"
    return product_id


def is_deleted(element: XmlElement) -> bool:
    """Whether the element says that what it describes is gone, as attribute or child, in any of the spellings of back offices."""
    status = element.get("Статус") or text(element, "Статус")
    marks = (element.get("ПометкаУдаления"), element.get("Удален"), text(element, "ПометкаУдаления"), text(element, "Удален"))
    return fold(status) in DELETED or any(mark is not None and mark.strip().casefold() in YES for mark in marks)


def _marked(requisites: Mapping[str, str]) -> bool:
    """Whether a requisite is the mark of deletion."""
    return not DELETION_REQUISITES.isdisjoint(requisites) and any(
        requisites.get(name, "").casefold() in YES for name in DELETION_REQUISITES
    )


def _first(inside: Inside, name: str) -> str:
    found = inside.get(name)
    return content(found[0]) if found else ""


def _maker(maker: Inside) -> str:
    return _first(maker, "Наименование") or _first(maker, "ОфициальноеНаименование") or ("" if maker else content(maker.element))


def _codes(inside: Inside) -> list[str]:
    """Barcodes, also those in a list of their own (Штрихкоды/Штрихкод), each as text or with its value inside."""
    found = [content(child) for name in BARCODES if name in inside for child in inside[name]]
    for block in inside.get("Штрихкоды", NOTHING):
        found += [text(entry, "Значение") or text(entry, "Штрихкод") or content(entry) for entry in block] or [content(block)]
    return found


def _category_ids(inside: Inside) -> tuple[str, ...]:
    ids = [content(each) for each in inside.deep("Группы", "Ид")]
    return tuple(dict.fromkeys([found for found in ids if found]))


def _named_values(inside: Inside, block_name: str) -> Pairs:
    return [(_any(entry, "Наименование"), _any(entry, "Значение")) for entry in inside.entries(block_name)]


def _any(inside: Inside, name: str) -> str:
    """The first text of this name."""
    found = inside.get(name, NOTHING)
    return content(found[0]) if len(found) == 1 else next((written for each in found if (written := content(each))), "")


def _vat(inside: Inside) -> str | None:
    rates = [rate for block in inside.within("СтавкиНалогов") for rate in block.within("СтавкаНалога")]
    vat = next((rate for rate in rates if _first(rate, "Наименование").casefold() in VAT), None)
    return None if vat is None else _first(vat, "Ставка") or None


def _unit(inside: Inside) -> str:
    for unit in inside.get("БазоваяЕдиница", NOTHING):
        return _unit_of(unit.text or "", unit.attrib)
    return ""


def _unit_of(text_: str, attributes: Mapping[str, str]) -> str:
    written = text_.strip()
    if written and not written.isdigit():
        return written
    names = (attributes.get("НаименованиеКраткое"), attributes.get("НаименованиеПолное"), written, attributes.get("Код"))
    return next((name.strip() for name in names if name and name.strip()), "")


def _planned_unit(plan: GoodsPlan, cut: Cut) -> str:
    written = cut.leaves[plan.unit_place] if plan.unit_place >= 0 else ""
    return _unit_of(written, {name: cut.values[place] for name, place in plan.unit_values.items()})


def _unsaid(inside: Iterable[str], requisites: Mapping[str, str], *, made: bool) -> frozenset[str]:
    """Fields of which an element of changes holds nothing at all; an empty element says that there is nothing any more."""
    named = "полное наименование" in requisites
    return _unsaid_by(tuple(inside), named, "описаниевформатеhtml" in requisites, made)


@lru_cache(maxsize=1024)
def _unsaid_by(inside: tuple[str, ...], named: bool, described: bool, made: bool) -> frozenset[str]:
    said = {
        "offer_id": "Артикул" in inside,
        "code": "Код" in inside,
        "name": "Наименование" in inside or named,
        "category_ids": "Группы" in inside,
        "description": "Описание" in inside or described,
        "barcodes": any(name in inside for name in (*BARCODES, "Штрихкоды")),
        "pictures": "Картинка" in inside,
        "vat": "СтавкиНалогов" in inside,
        "vendor": made,
        "unit": "БазоваяЕдиница" in inside,
        # Properties stand in two blocks: only both of them are all.
        "properties": "ЗначенияСвойств" in inside and "ЗначенияРеквизитов" in inside,
    }
    return frozenset(name for name, there in said.items() if not there)
