"""Prices and stocks of one CommerceML element, in every place and spelling that back offices use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from xml.etree.ElementTree import Element

from ozon_desktop.domain.import_problems import ImportProblemKind
from ozon_desktop.domain.pricing import iso_currency
from ozon_desktop.domain.store_catalog import DEFAULT_WAREHOUSE_ID, Price, PriceType, Stock, StoreRecord, StoreWarehouse, fold
from ozon_desktop.store.commerceml_plan import PLACES, PRICES, STOCKS, AmountPlan, Planned
from ozon_desktop.store.numbers import Meaning
from ozon_desktop.store.shapes import Inside
from ozon_desktop.store.xml_stream import ElementStream, content, descendants, local, plain_number, text

DEFAULT_WAREHOUSE = StoreWarehouse(DEFAULT_WAREHOUSE_ID, "Основной склад")
DEFAULT_PRICE_TYPE = PriceType("default", "Цена")
"""Takes a price for which the export names no price type."""

AMOUNTS = ("КоличествоНаСкладе", "Количество", "Остаток")
"""Attributes and elements that hold the number."""
WAREHOUSE_IDS = ("ИдСклада", "Ид", "Склад")
CENT = Decimal("0.01")
ONE = Decimal(1)
PIECES = frozenset({"шт", "шт.", "штука", "штук", "796", "pce"})


@dataclass(frozen=True, slots=True)
class _Offered:
    """One price as written: for `coefficient` pieces, from `least` of them on."""

    value: Decimal
    currency: str
    coefficient: Decimal
    least: Decimal
    unit: str
    element: Element


def _first(inside: Inside, name: str) -> str:
    found = inside.get(name)
    return content(found[0]) if found else ""


def has_amounts(inside: Inside) -> bool:
    """Whether there are prices or stocks in an element."""
    return not (inside.keys().isdisjoint(PRICES) and inside.keys().isdisjoint(STOCKS))


class AmountReader:
    """Makes Price and Stock records. currencies: of the price types, by id; warehouses: names by id; both grow while files are read."""

    def __init__(self, stream: ElementStream, currencies: Mapping[str, str], warehouses: Mapping[str, str]) -> None:
        self._stream = stream
        self._currencies = currencies
        self._warehouses = warehouses

    def depends_on(self) -> tuple[object, ...]:
        """What the records depend on beside their element; the default price type and warehouse are what is taken without any."""
        currencies = {id_: currency for id_, currency in self._currencies.items() if id_ != DEFAULT_PRICE_TYPE.id}
        warehouses = {id_: name for id_, name in self._warehouses.items() if id_ != DEFAULT_WAREHOUSE_ID}
        only = next(iter(currencies), "") if len(self._currencies) == 1 else ""
        return sorted(currencies.items()), sorted(warehouses.items()), only

    def records(self, element: Element, inside: Inside, product_id: str) -> Iterator[StoreRecord]:
        """The prices, then the stocks; a number that is none is a problem of the stream and costs only itself."""
        if not inside.keys().isdisjoint(PRICES):
            yield from self._prices(inside, product_id)
        if not inside.keys().isdisjoint(STOCKS):
            yield from self._stocks(element, inside, product_id)

    def by_plan(self, planned: Planned, product_id: str) -> list[StoreRecord] | None:
        """As `records`, of an offer that is written as nearly all are; None for one that has to be read out of its tree."""
        amounts, texts = planned.plan.amounts, planned.texts
        if amounts is None:
            return None
        found: list[StoreRecord] = []
        types: set[str] = set()
        for type_place, value_place, currency_place, factor_place in amounts.prices:
            type_id, written, currency = texts[type_place], texts[value_place], texts[currency_place]
            value = plain_number(written)
            # An empty price is none; one of a box, or a second one of a type, has to be chosen.
            if not type_id or type_id in types or type_id == DEFAULT_PRICE_TYPE.id or texts[factor_place] not in {"", "1"}:
                return None
            if value is None:
                if written:
                    return None
                continue
            types.add(type_id)
            found.append(Price(product_id, type_id, value, iso_currency(currency) if currency else self._currencies.get(type_id, "RUB")))
        stocks = self._planned_stocks(planned, amounts)
        if stocks is None:
            return None
        for warehouse_id, quantity in stocks.items():
            if warehouse_id == DEFAULT_WAREHOUSE_ID:
                found.append(DEFAULT_WAREHOUSE)
            found.append(Stock(product_id, warehouse_id, quantity))
        return found

    def _planned_stocks(self, planned: Planned, amounts: AmountPlan) -> dict[str, Decimal] | None:
        by_warehouse: dict[str, Decimal] = {}
        values = planned.cut.values
        for id_place, amount_place in amounts.stocks:
            warehouse_id, quantity = values[id_place].strip(), plain_number(values[amount_place].strip())
            if not warehouse_id or quantity is None:
                return None
            by_warehouse[warehouse_id] = by_warehouse[warehouse_id] + quantity if warehouse_id in by_warehouse else quantity
        total = planned.texts[amounts.total]
        if not by_warehouse and total:
            quantity = plain_number(total)
            return None if quantity is None else {DEFAULT_WAREHOUSE_ID: quantity}
        return by_warehouse

    # --- prices -----------------------------------------------------------------------------------------------------

    def _prices(self, inside: Inside, product_id: str) -> Iterator[StoreRecord]:
        by_type: dict[str, list[_Offered]] = {}
        for entry in [*inside.within("Цена"), *(entry for block in inside.within("Цены") for entry in block.within("Цена"))]:
            offered = self._offered(entry)
            if offered is not None:
                by_type.setdefault(self._type_of(entry), []).append(offered)
        for type_id, offers in by_type.items():
            chosen = self._for_one_piece(offers)
            if chosen is None:
                continue
            if type_id == DEFAULT_PRICE_TYPE.id:
                yield DEFAULT_PRICE_TYPE
            value, written = chosen
            yield Price(product_id, type_id, value, iso_currency(written) if written else self._currencies.get(type_id, "RUB"))

    def _type_of(self, inside: Inside) -> str:
        type_id = _first(inside, "ИдТипаЦены") or (inside.element.get("ИдТипаЦены") or "").strip()
        if not type_id and len(self._currencies) == 1:
            type_id = next(iter(self._currencies))
        return type_id or DEFAULT_PRICE_TYPE.id

    def _offered(self, inside: Inside) -> _Offered | None:
        holder = inside["ЦенаЗаЕдиницу"][0] if "ЦенаЗаЕдиницу" in inside else None
        if holder is None and not inside:
            holder = inside.element
        value = None if holder is None else self._stream.number(holder, content(holder), Meaning.PRICE)
        if value is None or holder is None:
            return None
        factor = self._optional(inside, "Коэффициент")
        least = self._optional(inside, "МинКоличество")
        if factor is None or least is None:
            return None
        unit = next((content(child) or child.get("Код") or "" for child in inside.get("Единица", ())), "")
        return _Offered(value, _first(inside, "Валюта"), factor, least, unit.strip().casefold(), holder)

    def _optional(self, inside: Inside, name: str) -> Decimal | None:
        """The number there, 1 when there is none; None when it is no number of pieces: then the price means nothing."""
        if name in inside:
            holder: Element | None = inside[name][0]
        elif "Единица" in inside:
            holder = next((found for unit in inside["Единица"] if len(unit) for found in descendants(unit, name)), None)
        else:
            return ONE
        written = "" if holder is None else content(holder)
        if holder is None or not written:
            return ONE
        value = self._stream.number(holder, written, Meaning.QUANTITY)
        if name == "МинКоличество" and value == 0:
            return ONE
        if value is not None and value <= 0:
            self._stream.problem(ImportProblemKind.WRONG_NUMBER, holder, written)
            return None
        return value

    def _for_one_piece(self, offers: list[_Offered]) -> tuple[Decimal, str] | None:
        """Value and currency of one piece: its own price wins, a box's is divided; one that begins with several pieces is none."""
        single = [offered for offered in offers if offered.least <= ONE]
        if not single:
            self._stream.problem(ImportProblemKind.PACKAGE_PRICE, offers[0].element, content(offers[0].element))
            return None
        pieces = [offered for offered in single if offered.coefficient == ONE]
        if pieces:
            best = next((offered for offered in pieces if offered.unit in PIECES), pieces[0])
            return best.value, best.currency
        box = single[0]
        return (box.value / box.coefficient).quantize(CENT, ROUND_HALF_UP), box.currency

    # --- stocks -----------------------------------------------------------------------------------------------------

    def _stocks(self, element: Element, inside: Inside, product_id: str) -> Iterator[StoreRecord]:
        by_warehouse: dict[str, Decimal] = {}
        named = False
        for name in PLACES:
            if name not in inside:
                continue
            for place in inside.within(name):
                named = self._count(by_warehouse, place, "") or named
        if not named:
            total = next(iter(inside.get("Количество", ())), None)
            quantity = None if total is None else self._stream.number(total, content(total), Meaning.QUANTITY)
            only = self._only_named(inside)
            if quantity is not None:
                by_warehouse = {only or DEFAULT_WAREHOUSE_ID: quantity}
        for warehouse_id, quantity in by_warehouse.items():
            if warehouse_id == DEFAULT_WAREHOUSE_ID:
                yield DEFAULT_WAREHOUSE
            yield Stock(product_id, warehouse_id, quantity)

    def _count(self, by_warehouse: dict[str, Decimal], inside: Inside, around: str) -> bool:
        """Adds what this place and those inside it hold; gives whether any number was written."""
        place = inside.element
        own = next((found for name in WAREHOUSE_IDS if (found := (place.get(name) or "").strip())), "")
        own = own or next((content(child) for name in ("ИдСклада", "Ид") for child in inside.get(name, ())), "")
        inner = [within for name in PLACES if name in inside for within in inside.within(name) if within or within.element.attrib]
        leaves = [content(child) for child in inside.get("Склад", ()) if not len(child) and not child.attrib]
        warehouse = own or self._known(next(iter(leaves), "")) or around
        holder, written = self._amount(place, inside)
        if holder is not None:
            if not warehouse and len(inner) == 1:
                warehouse = next(
                    (found for name in WAREHOUSE_IDS if (found := (inner[0].element.get(name) or "").strip() or _first(inner[0], name))), ""
                )
            quantity = self._stream.number(holder, written, Meaning.QUANTITY)
            if quantity is not None:
                key = warehouse or DEFAULT_WAREHOUSE_ID
                by_warehouse[key] = by_warehouse.get(key, Decimal(0)) + quantity
            return bool(written)
        counted = [self._count(by_warehouse, child, warehouse) for child in inner]
        return any(counted)

    def _amount(self, place: Element, inside: Inside) -> tuple[Element | None, str]:
        """Where the number of a place stands, and what is written there."""
        for name in AMOUNTS:
            attribute = place.get(name)
            if attribute is not None:
                return place, attribute.strip()
        for name in AMOUNTS:
            for child in inside.get(name, ()):
                if not len(child) and not child.attrib:
                    return child, content(child)
        if not len(place) and (place.attrib or local(place) != "Склад"):
            written = content(place)
            return (place, written) if written else (None, "")
        return None, ""

    def _only_named(self, inside: Inside) -> str:
        """The warehouse an offer names beside its number: as text of «Склад», or by id alone."""
        names = {self._known(content(place)) or (place.get("ИдСклада") or text(place, "Ид")).strip() for place in inside.get("Склад", ())}
        return names.pop() if len(names) == 1 else ""

    def _known(self, written: str) -> str:
        """The warehouse that has this id or name; "" for another text."""
        if not written or written in self._warehouses:
            return written
        return next((id_ for id_, name in self._warehouses.items() if fold(name) == fold(written)), "")
