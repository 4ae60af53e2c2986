"""Where a store's card and the cabinet's card of the same product differ, and whose value wins in each field."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from urllib.parse import urlsplit

from ozon_desktop.domain.adoption import CachedCard
from ozon_desktop.domain.cabinet import CabinetAttribute
from ozon_desktop.domain.card import Card, Dimensions, FilledField, Origin, SavedFields, web_pictures
from ozon_desktop.domain.field_values import Values, normal_text, sent_values
from ozon_desktop.domain.integration import VatRate
from ozon_desktop.domain.ozon_catalog import ANNOTATION_ATTRIBUTE, NAME_ATTRIBUTE, TYPE_ATTRIBUTE, Attribute
from ozon_desktop.domain.store_catalog import fold
from ozon_desktop.domain.sync_plan import DesiredState

ATTRIBUTE = "attribute:"
DESCRIPTION = "description"
SIZES = ("depth", "width", "height", "weight")
HELD = frozenset({"name", "price", "vat", "barcode", "images", "stock"})
"""Fields the store's own data gives: Ozon's value cannot be entered on the card, it is kept by not being overwritten."""

OWN_BARCODE = "OZN"
"""How the barcodes begin that Ozon makes itself."""

OZON_HOSTS = ("ozone.ru", "ozon.ru", "ozonusercontent.com")
"""Ozon shows pictures under addresses of its own, so they cannot be compared with the store's."""


class Side(StrEnum):
    """Whose value wins. OZON: it is taken from Ozon or left there; STORE: the next synchronization sends the store's."""

    STORE = "store"
    OZON = "ozon"


@dataclass(frozen=True, slots=True)
class SideChoice:
    """A choice for one field of a product; field "" = all fields of the product, product_id "" = the field of all products."""

    product_id: str
    field: str
    side: Side


@dataclass(frozen=True, slots=True)
class CardDifference:
    """One field, readable: "" = no value. field: name, description, price …, "attribute:<id>"; label: an attribute's name.

    side: what was chosen, None = nothing yet. origin, source: where the store's value comes from, as in FilledField.
    """

    product_id: str
    offer_id: str
    field: str
    store: str
    ozon: str
    side: Side | None = None
    label: str = ""
    origin: Origin = Origin.AUTOMATIC
    source: str = ""

    @property
    def choosable(self) -> bool:
        """Whether Ozon's value can be taken or kept; a type is changed by mapping the category."""
        return self.field not in {"type_key", "old_price"}


@dataclass(slots=True)
class Sides:
    """Looks choices up: that of the product's field, of the product, of the field for all."""

    _chosen: dict[tuple[str, str], Side] = field(default_factory=dict)

    @classmethod
    def of(cls, choices: Iterable[SideChoice]) -> "Sides":
        return cls({(choice.product_id, choice.field): choice.side for choice in choices})

    def side(self, product_id: str, field_name: str) -> Side | None:
        """None = nothing was chosen."""
        for key in ((product_id, field_name), (product_id, ""), ("", field_name)):
            if key in self._chosen:
                return self._chosen[key]
        return None

    def exact(self, product_id: str, field_name: str) -> Side | None:
        """What was chosen for just this field of just this product."""
        return self._chosen.get((product_id, field_name))

    @property
    def empty(self) -> bool:
        return not self._chosen


def compare(
    card: Card,
    cached: CachedCard,
    stock: tuple[str, int] | None,
    sides: Sides,
    old_price: Decimal | None = None,
    entered: Dimensions | None = None,
) -> list[CardDifference]:
    """The fields that differ. stock: scheme (fbs or rfbs) and pieces the store wants there; None = stock is not sent.

    old_price: the store's, None = it has none, then Ozon's is not called a difference; entered: sizes the manager entered.
    """
    product_id = card.product.id
    plain = [
        CardDifference(product_id, cached.offer_id, name, store, ozon, sides.side(product_id, name), "", _origin(name, card, entered))
        for name, store, ozon in _plain_fields(card, cached, stock, old_price)
    ]
    return plain + [
        CardDifference(
            product_id,
            cached.offer_id,
            name,
            store,
            ozon,
            sides.side(product_id, name),
            filled.attribute.name,
            filled.origin,
            filled.source,
        )
        for name, store, ozon, filled in _attributes(card, cached)
    ]


_Row = tuple[str, str, str]


def _origin(name: str, card: Card, entered: Dimensions | None) -> Origin:
    """Where the store's side of a field comes from that is no additional one."""
    if name in SIZES:
        if entered is not None and getattr(entered, name) is not None:
            return Origin.PRODUCT
        return Origin.EMPTY if getattr(card.dimensions, name) is None else Origin.AUTOMATIC
    return Origin.PRODUCT if name == "images" and card.pictures is not None else Origin.AUTOMATIC


def _plain_fields(card: Card, cached: CachedCard, stock: tuple[str, int] | None, old_price: Decimal | None) -> Iterator[_Row]:
    if card.type is not None and cached.type_key is not None and cached.type_key != card.type.key:
        yield "type_key", str(card.type.key), str(cached.type_key)
    name = card.product.name.strip()
    if not _same_words(name, cached.name):
        yield "name", name, cached.name
    if card.price is not None and card.price != cached.price:
        yield "price", _amount(card.price), _amount(cached.price)
    if old_price is not None and old_price != cached.old_price:
        yield "old_price", _amount(old_price), _amount(cached.old_price)
    if card.vat is not None and card.vat.accepted_by_ozon and _rate(card.vat.ozon_value) != _rate(cached.vat):
        yield "vat", _percent(card.vat.ozon_value), _percent(cached.vat)
    if stock is not None:
        on_ozon = sum(part.free for part in cached.stocks if part.scheme == stock[0])
        if on_ozon != stock[1]:
            yield "stock", str(stock[1]), str(on_ozon)
    own = [code for code in cached.barcodes if not code.startswith(OWN_BARCODE)]
    barcodes = card.product.barcodes
    if (barcodes and barcodes[0] not in cached.barcodes) or (not barcodes and own):
        yield "barcode", ", ".join(barcodes), ", ".join(cached.barcodes)
    for size in SIZES:
        store, ozon = getattr(card.dimensions, size), getattr(cached.dimensions, size)
        if store != ozon:
            yield size, _amount(store), _amount(ozon)
    pictures = card.pictures.sent if card.pictures is not None else web_pictures(card.product)
    if pictures_differ(pictures, cached.pictures):
        yield "images", "\n".join(pictures), "\n".join(cached.pictures)


def pictures_differ(store: tuple[str, ...], ozon: tuple[str, ...]) -> bool:
    """By their addresses; Ozon's own say nothing, so of these only the number counts."""
    hosts = [urlsplit(address).hostname or "" for address in ozon]
    if any(host == own or host.endswith(f".{own}") for host in hosts for own in OZON_HOSTS):
        return len(store) != len(ozon)
    return store != ozon


def _attributes(card: Card, cached: CachedCard) -> Iterator[tuple[str, str, str, FilledField]]:
    if card.type is None or (cached.type_key is not None and cached.type_key != card.type.key):
        # Of another type: the same number may mean something else, and Ozon would refuse its values.
        return
    on_ozon = {(item.id, item.complex_id): item for item in cached.attributes}
    for filled in card.fields:
        attribute = filled.attribute
        if attribute.id in {TYPE_ATTRIBUTE, NAME_ATTRIBUTE}:
            continue
        other = on_ozon.get((attribute.id, attribute.complex_id))
        values = other.values if other is not None else ()
        if not _same_values(attribute, filled, values):
            name = DESCRIPTION if attribute.id == ANNOTATION_ATTRIBUTE else f"{ATTRIBUTE}{attribute.id}"
            yield name, _readable(filled.values), _readable(values), filled


def _same_values(attribute: Attribute, filled: FilledField, ozon: Values) -> bool:
    store = sent_values(attribute, filled.values)
    if not store or not ozon:
        return not store and not any(text.strip() for _, text in ozon)
    if all(value_id for value_id, _ in (*store, *ozon)):
        return {value_id for value_id, _ in store} == {value_id for value_id, _ in ozon}
    if attribute.id == ANNOTATION_ATTRIBUTE:
        return _same_words(" ".join(text for _, text in store), " ".join(text for _, text in ozon))
    return [_comparable(attribute, text) for _, text in store] == [_comparable(attribute, text) for _, text in ozon]


def _comparable(attribute: Attribute, text: str) -> str:
    return fold(text if attribute.has_dictionary else normal_text(attribute, text) or text)


def _same_words(store: str, ozon: str) -> bool:
    """Line breaks and their tags do not count."""
    return _words(store) == _words(ozon)


def _words(text: str) -> list[str]:
    return re.sub(r"<br\s*/?>|</?p>", " ", text, flags=re.IGNORECASE).split()


def _readable(values: Values) -> str:
    return "; ".join(text for _, text in values)


def _amount(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    plain = format(value, "f") if isinstance(value, Decimal) else str(value)
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _rate(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _percent(text: str) -> str:
    rate = _rate(text)
    return "" if rate is None else f"{_amount(rate * 100)} %"


# --- taking Ozon's side ---------------------------------------------------------------------------------------------


def taken_from_ozon(card: Card, cached: CachedCard, saved: SavedFields | None, fields: Collection[str]) -> SavedFields | None:
    """What is to be saved on the product so that its card has Ozon's values in these fields; None = nothing changes.

    Only fields that can be entered: attributes, the description, sizes. A value Ozon does not have is not taken.
    """
    if card.type is None or (cached.type_key is not None and cached.type_key != card.type.key):
        return None
    before = saved or SavedFields(card.product.id, card.type.key)
    values = dict(before.values)
    on_ozon = {item.id: item for item in cached.attributes}
    known = {filled.attribute.id for filled in card.fields}
    for name in fields:
        attribute_id = _attribute_id(name)
        other = on_ozon.get(attribute_id)
        if attribute_id in known and other is not None and other.values:
            values[attribute_id] = _kept_values(other)
    wanted = Dimensions(*(getattr(cached.dimensions, size) if size in fields else None for size in SIZES))
    after = replace(before, values=values, dimensions=wanted.over(before.dimensions))
    return None if after == before else after


def _attribute_id(name: str) -> int:
    if name == DESCRIPTION:
        return ANNOTATION_ATTRIBUTE
    number = name.removeprefix(ATTRIBUTE)
    return int(number) if name.startswith(ATTRIBUTE) and number.isdigit() else 0


def _kept_values(attribute: CabinetAttribute) -> Values:
    return tuple((value_id, text) for value_id, text in attribute.values)


def with_ozon_kept(desired: DesiredState, cached: CachedCard | None, sides: Sides) -> DesiredState:
    """The desired card with Ozon's own value in every field of HELD whose side is Ozon, so that sending the card changes nothing there."""
    if cached is None or sides.empty:
        return desired
    product_id = desired.card.product.id
    held = {name for name in HELD if sides.side(product_id, name) is Side.OZON}
    if not held:
        return desired
    product, card = desired.card.product, desired.card
    if "name" in held and cached.name:
        product = replace(product, name=cached.name)
    if "barcode" in held:
        product = replace(product, barcodes=cached.barcodes)
    if "images" in held:
        product = replace(product, pictures=cached.pictures)
        # The manager's order is of the store's pictures.
        card = replace(card, pictures=None)
    if "price" in held and cached.price is not None:
        card = replace(card, price=cached.price)
    if "vat" in held:
        rate = next((known for known in VatRate if known.accepted_by_ozon and _rate(known.ozon_value) == _rate(cached.vat)), None)
        card = replace(card, vat=rate or card.vat)
    return DesiredState(replace(card, product=product), () if "stock" in held else desired.stocks)
