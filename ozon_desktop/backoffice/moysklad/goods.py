"""Rows of goods as records of the store: kopecks become roubles, links become ids."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from ozon_desktop.backoffice.moysklad.models import Attribute, BadRow, GoodRow, Money, Number, Value
from ozon_desktop.domain.import_problems import ImportProblem, ImportProblemKind
from ozon_desktop.domain.pricing import iso_currency
from ozon_desktop.domain.store_catalog import Price, PriceType, Product, PropertyDefinition, StoreRecord, fold

STRUCTURE = "moysklad"
SOURCE = "МойСклад"
LOWEST_PRICE = PriceType("moysklad-min-price", "Минимальная цена")
WEIGHT, VOLUME = "Вес, кг", "Объём, м³"
VENDORS = frozenset({"бренд", "производитель", "торговая марка", "изготовитель"})
WITHOUT_VAT = "Без НДС"
_KOPECK = Decimal("0.01")
_TYPES = {
    "string": "Строка",
    "text": "Строка",
    "link": "Строка",
    "long": "Число",
    "double": "Число",
    "boolean": "Флажок",
    "time": "Дата",
    "customentity": "Справочник",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What ids in rows of goods mean: codes of currencies and names of units by id."""

    currencies: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


class Goods:
    """Makes records of rows; pictures: links to pictures were asked for, so a good without any has none.

    changes: the rows are changes, and what they do not speak of stays.
    """

    def __init__(self, words: Words, *, pictures: bool, changes: bool) -> None:
        self._words = words
        self._pictures = pictures
        self._changes = changes
        self._given: set[str] = set()

    def records(self, row: GoodRow, pictures: tuple[str, ...] = ()) -> Iterator[StoreRecord]:
        """The good and its prices, each price type before its first price."""
        yield self.product(row, pictures)
        for money in row.sale_prices or ():
            kind = money.price_type
            if kind is not None:
                yield from self._price(row, money, PriceType(kind.id, kind.name or kind.id))
        if row.min_price is not None:
            yield from self._price(row, row.min_price, LOWEST_PRICE)

    def product(self, row: GoodRow, pictures: tuple[str, ...] = ()) -> Product:
        properties = tuple(self._properties(row))
        named = {fold(name): value for name, value in properties}
        unsaid = set()
        unit = row.uom.id if row.uom is not None else ""
        if self._changes:
            unsaid |= {"pictures"} if not self._pictures else set()
            unsaid |= {"unit"} if unit and unit not in self._words.units else set()
        return Product(
            id=row.id,
            offer_id=" ".join((row.article or "").split()),
            name=" ".join((row.name or "").split()),
            structure_id=STRUCTURE,
            parent_id=row.product.id if row.product is not None else None,
            category_ids=(row.product_folder.id,) if row.product_folder is not None else (),
            description=(row.description or "").strip(),
            barcodes=barcodes(row.barcodes or ()),
            pictures=pictures,
            vat=_vat(row),
            vendor=next((named[name] for name in named if name in VENDORS), ""),
            unit=self._words.units.get(unit, ""),
            properties=properties,
            deleted=bool(row.archived),
            code=(row.code or "").strip(),
            unsaid=frozenset(unsaid),
        )

    def _price(self, row: GoodRow, money: Money, kind: PriceType) -> Iterator[StoreRecord]:
        """Nothing for one that is not filled in: that is nought there."""
        value = roubles(money.value)
        if value is None or value == 0:
            return
        if value < 0:
            yield _problem(ImportProblemKind.NEGATIVE_PRICE, row, kind.name, str(value))
            return
        currency = iso_currency(self._words.currencies.get(money.currency.id if money.currency is not None else "", ""))
        if kind.id not in self._given:
            self._given.add(kind.id)
            yield PriceType(kind.id, kind.name, currency)
        yield Price(row.id, kind.id, value, currency)

    @staticmethod
    def _properties(row: GoodRow) -> Iterator[tuple[str, str]]:
        """Characteristics, then the shop's own fields, then weight and volume unless the shop has fields of those names."""
        given: set[str] = set()
        for one in row.characteristics or ():
            if one.name and one.value:
                given.add(fold(one.name))
                yield one.name, one.value
        for attribute in row.attributes or ():
            text = attribute_text(attribute)
            if attribute.name and text:
                given.add(fold(attribute.name))
                yield attribute.name, text
        for name, number in ((WEIGHT, row.weight), (VOLUME, row.volume)):
            if number and number > 0 and fold(name) not in given:
                yield name, plain(number)


def definitions(rows: Iterable[GoodRow], known: dict[str, PropertyDefinition]) -> None:
    """Adds the shop's own fields of these rows to the known ones."""
    for row in rows:
        for attribute in row.attributes or ():
            if attribute.id not in known and attribute.name:
                kind = attribute.type or ""
                known[attribute.id] = PropertyDefinition(attribute.id, attribute.name, _TYPES.get(kind, kind))


def roubles(value: Number | None) -> Decimal | None:
    """Of kopecks. None for what is no amount."""
    if value is None:
        return None
    try:
        return (Decimal(str(value)) / 100).quantize(_KOPECK, ROUND_HALF_UP)
    except InvalidOperation:
        return None


def plain(number: Number) -> str:
    """A number without the signs of powers."""
    text = format(Decimal(str(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def barcodes(given: Iterable[Mapping[str, str | int | None]]) -> tuple[str, ...]:
    """Codes of every kind in the order they stand, each once."""
    return tuple(dict.fromkeys(code for each in given for value in each.values() if (code := str(value or "").strip())))


def attribute_text(attribute: Attribute) -> str:
    """What stands in the field, "" for nothing and for a file."""
    value = attribute.value
    if value is None or attribute.type == "file":
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, Value):
        return (value.name or "").strip()
    if isinstance(value, int | float):
        return plain(value)
    return value.partition(" ")[0] if attribute.type == "time" else " ".join(value.split())


def bad_row_records(bad: BadRow) -> Iterator[StoreRecord]:
    """The problem, and a mention: a product that cannot be read is not gone."""
    yield ImportProblem(ImportProblemKind.UNREADABLE_ROW, SOURCE, 0, bad.id, bad.name, written=bad.detail[:200])
    if bad.id:
        yield Product(bad.id, "", "", STRUCTURE, has_card=False)


def _vat(row: GoodRow) -> str | None:
    rate, has_vat = (row.vat, row.vat_enabled) if row.effective_vat is None else (row.effective_vat, row.effective_vat_enabled)
    if rate is None and has_vat is None:
        return None
    return plain(rate or 0) if has_vat is not False else WITHOUT_VAT


def _problem(kind: ImportProblemKind, row: GoodRow, element: str, written: str) -> ImportProblem:
    return ImportProblem(kind, SOURCE, 0, row.id, row.name or "", element, written)
