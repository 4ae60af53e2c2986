"""An update sends a whole card, so what the store has no word about is sent again as Ozon holds it, field by field."""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from ozon_desktop.domain.adoption import CachedCard
from ozon_desktop.domain.cabinet import CabinetAttribute
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.card_differences import OWN_BARCODE, OZON_HOSTS, pictures_differ
from ozon_desktop.domain.existing_cards import Winner
from ozon_desktop.domain.field_values import Values
from ozon_desktop.domain.integration import VatRate, same_vat
from ozon_desktop.domain.ozon_catalog import ANNOTATION_ATTRIBUTE, NAME_ATTRIBUTE, TYPE_ATTRIBUTE
from ozon_desktop.domain.package import MILLIMETRES, Package
from ozon_desktop.domain.sync_plan import card_changes

Key = tuple[int, int]
"""(attribute id, complex id)."""

LENGTHS = ("depth", "width", "height")
_BREAKS = re.compile(r"<br\s*/?>|</?p>", re.IGNORECASE)


def held_payload(card: CachedCard) -> CardPayload | None:
    """The card as an import that changes nothing would send it; None when it was not read whole."""
    if card.type_key is None or not card.has_content:
        return None
    rates = (rate.ozon_value for rate in VatRate if rate.accepted_by_ozon)
    vat = next((rate for rate in rates if card.vat and same_vat(rate, card.vat)), card.vat)
    sizes = card.dimensions
    package = card.package or Package(sizes.depth or 0, sizes.width or 0, sizes.height or 0, "mm", sizes.weight or 0, "g")
    return CardPayload(
        card.offer_id,
        card.name,
        card.type_key,
        card.price or Decimal(0),
        vat,
        card.currency,
        package.depth,
        package.width,
        package.height,
        package.weight,
        card.images,
        card.barcodes[0] if card.barcodes else "",
        card.attributes,
        primary_image=card.primary_image,
        color_image=card.color_image,
        pdf_list=card.pdf_list,
        dimension_unit=package.unit,
        weight_unit=package.weight_unit,
        more_barcodes=card.barcodes[1:],
    )


def with_sent(card: CachedCard, sent: CardPayload, old_price: Decimal | None) -> CachedCard:
    """The cached card after Ozon accepted an import of it."""
    package = Package(sent.depth, sent.width, sent.height, sent.dimension_unit, sent.weight, sent.weight_unit)
    return replace(
        card,
        name=sent.name,
        type_key=sent.type_key,
        price=sent.price,
        old_price=old_price or None,
        vat=sent.vat,
        currency=sent.currency,
        barcodes=tuple(dict.fromkeys((sent.barcode, *card.barcodes))) if sent.barcode else card.barcodes,
        dimensions=package.dimensions,
        package=package,
        images=sent.images,
        primary_image=sent.primary_image,
        color_image=sent.color_image,
        pdf_list=sent.pdf_list,
        attributes=sent.attributes,
        has_content=True,
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """A card to be sent. undecided: names of its changes that nothing was answered about; they are as if filled."""

    payload: CardPayload
    undecided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merging:
    """What one merge needs to know.

    winner: of a field by its name in a plan, None = nothing was answered. fields: ids of the attributes the store's type has.
    last: as the program last sent it, None = it never did.
    """

    winner: Callable[[str], Winner | None]
    fields: Collection[int] = ()
    last: CardPayload | None = None

    def of(self, field: str) -> Winner:
        """Before an answer what is on Ozon stays, and what is empty is filled."""
        return self.winner(field) or Winner.OZON


def merge(store: CardPayload, held: CardPayload, merging: Merging) -> Merged:
    """The store's card over the one Ozon holds. The price is the store's."""
    name = _text(merging.of("name"), store.name, held.name)
    # A type is changed by mapping the category, so no side is chosen for it: the store's is taken where its card is.
    keeps_type = store.type_key == held.type_key or merging.of("type_key") not in {Winner.STORE, Winner.STORE_EVEN_EMPTY}
    barcode, more = _barcodes(merging.of("barcode"), store, held)
    payload = replace(
        store,
        name=name,
        type_key=held.type_key if keeps_type else store.type_key,
        vat=_vat(merging.of("vat"), store.vat, held.vat),
        barcode=barcode,
        more_barcodes=more,
        color_image=held.color_image,
        pdf_list=held.pdf_list,
        attributes=_attributes(store, held, merging, name, keeps_type),
    )
    payload = _with_pictures(_with_package(payload, store, held, merging), store, held, merging)
    undecided = tuple(change.field for change in card_changes(held, payload) if merging.winner(change.field) is None)
    return Merged(payload, undecided)


# --- texts, rates, barcodes -----------------------------------------------------------------------------------------


def _text(winner: Winner, store: str, held: str) -> str:
    if _words(store) == _words(held) or winner is Winner.UNTOUCHED:
        return held
    if winner is Winner.OZON:
        return held if held.strip() else store
    return store if store.strip() else held


def _words(text: str) -> list[str]:
    return _BREAKS.sub(" ", text).split()


def _vat(winner: Winner, store: str, held: str) -> str:
    """Of rates that Ozon takes: an abolished one cannot be sent again."""
    taken = any(rate.accepted_by_ozon and rate.ozon_value == held for rate in VatRate)
    return held if taken and winner in {Winner.OZON, Winner.UNTOUCHED} else store


def _barcodes(winner: Winner, store: CardPayload, held: CardPayload) -> tuple[str, tuple[str, ...]]:
    """Ozon's stay whoever wins: a barcode that goes makes goods that lie in its warehouses unreadable. The store's come beside them."""
    on_ozon = [code for code in (held.barcode, *held.more_barcodes) if code]
    own = [code for code in on_ozon if not code.startswith(OWN_BARCODE)]
    wanted = [code for code in (store.barcode, *store.more_barcodes) if code]
    if winner is Winner.UNTOUCHED or (winner is Winner.OZON and own):
        wanted = []
    codes = list(dict.fromkeys((*on_ozon, *wanted)))
    return (codes[0], tuple(codes[1:])) if codes else ("", ())


# --- pictures and package -------------------------------------------------------------------------------------------


def _with_pictures(payload: CardPayload, store: CardPayload, held: CardPayload, merging: Merging) -> CardPayload:
    winner = merging.of("images")
    shown = tuple(dict.fromkeys((held.primary_image, *held.images))) if held.primary_image else held.images
    if _stores_pictures(winner, store.images, shown, merging.last):
        return replace(payload, images=store.images, primary_image="")
    return replace(payload, images=held.images, primary_image=held.primary_image)


def _stores_pictures(winner: Winner, store: tuple[str, ...], shown: tuple[str, ...], last: CardPayload | None) -> bool:
    if winner is Winner.UNTOUCHED or (winner is Winner.OZON and shown):
        return False
    if winner is not Winner.STORE_EVEN_EMPTY and not store:
        return False
    sent = last.images if last is not None else ()
    if sent and sent != store and not any(host in address for address in sent for host in OZON_HOSTS):
        # Ozon shows the pictures sent last under addresses of its own: that the store's are others by now is seen from what was sent.
        return True
    return pictures_differ(store, shown)


def _with_package(payload: CardPayload, store: CardPayload, held: CardPayload, merging: Merging) -> CardPayload:
    unit = MILLIMETRES.get(held.dimension_unit, Decimal(1))
    was = tuple(getattr(held, name) * unit for name in LENGTHS)
    wanted = tuple(_size(merging.of(name), getattr(store, name), size) for name, size in zip(LENGTHS, was, strict=True))
    # One size changes that size alone: the unit stays where it can express it.
    used, written = (unit, held.dimension_unit) if wanted == was or not any(size % unit for size in wanted) else (Decimal(1), "mm")
    depth, width, height = (round(size / used) for size in wanted)
    payload = replace(payload, depth=depth, width=width, height=height, dimension_unit=written)
    weight = Package(0, 0, 0, "mm", held.weight, held.weight_unit).dimensions.weight or 0
    if _size(merging.of("weight"), store.weight, Decimal(weight)) == weight:
        return replace(payload, weight=held.weight, weight_unit=held.weight_unit)
    return replace(payload, weight=store.weight, weight_unit="g")


def _size(winner: Winner, store: int, held: Decimal) -> Decimal:
    """In mm or g. A size that differs by less than one is the same: the store's was rounded."""
    if winner is Winner.UNTOUCHED or (winner is Winner.OZON and held) or abs(store - held) < 1:
        return held
    return Decimal(store) if store or winner is Winner.STORE_EVEN_EMPTY else held


# --- attributes -----------------------------------------------------------------------------------------------------


def _attributes(store: CardPayload, held: CardPayload, merging: Merging, name: str, keeps_type: bool) -> tuple[CabinetAttribute, ...]:
    """In Ozon's order, what is new behind it. Attributes of one complex id, a video with its title, are taken together."""
    own = _grouped(store.attributes if keeps_type is (store.type_key == held.type_key) else ())
    found: dict[Key, tuple[CabinetAttribute, ...]] = {}
    for key, attributes in _grouped(held.attributes).items():
        kept = attributes if keeps_type else tuple(item for item in attributes if _fits(item, merging.fields))
        found[key] = _attribute(key, own.get(key, ()), kept, merging, name, held.name)
    for key, attributes in own.items():
        if key not in found:
            found[key] = _attribute(key, attributes, (), merging, name, held.name)
    return tuple(item for attributes in found.values() for item in attributes)


def _grouped(attributes: Iterable[CabinetAttribute]) -> dict[Key, tuple[CabinetAttribute, ...]]:
    """Plain ones by their own id, complex ones by that of their group."""
    groups: dict[Key, tuple[CabinetAttribute, ...]] = {}
    for item in attributes:
        key = (0, item.complex_id) if item.complex_id else (item.id, 0)
        groups[key] = (*groups.get(key, ()), item)
    return groups


def _attribute(
    key: Key,
    store: tuple[CabinetAttribute, ...],
    held: tuple[CabinetAttribute, ...],
    merging: Merging,
    name: str,
    held_name: str,
) -> tuple[CabinetAttribute, ...]:
    if key == (NAME_ATTRIBUTE, 0):
        # The card's name once more: it goes with the name.
        if (held and name == held_name) or (not held and (not store or merging.of("name") is Winner.UNTOUCHED)):
            return held
        return (CabinetAttribute(NAME_ATTRIBUTE, 0, ((0, name),)),)
    if key == (TYPE_ATTRIBUTE, 0):
        return held
    ids = dict.fromkeys(item.id for item in (*store, *held))
    winners = {merging.of(f"attribute:{attribute_id}") for attribute_id in ids}
    filled = any(text.strip() or value_id for item in held for value_id, text in item.values)
    given = any(item.values for item in store)
    if Winner.STORE_EVEN_EMPTY in winners:
        return held if given and _same(store, held) else store
    if winners == {Winner.UNTOUCHED} or not given or (filled and Winner.STORE not in winners):
        return held
    return held if _same(store, held) else store


def _same(store: tuple[CabinetAttribute, ...], held: tuple[CabinetAttribute, ...]) -> bool:
    """Ozon may name a value of its dictionary otherwise, order values as it likes, and break lines in its own way."""
    left, right = ({(item.id, _meaning(item.id, item.values)) for item in group} for group in (store, held))
    return left == right


def _meaning(attribute_id: int, values: Values) -> frozenset[int | str]:
    if attribute_id == ANNOTATION_ATTRIBUTE:
        return frozenset({" ".join(_words(" ".join(text for _, text in values)))})
    return frozenset(value_id or " ".join(text.split()) for value_id, text in values)


def _fits(item: CabinetAttribute, fields: Collection[int]) -> bool:
    """Whether an attribute of another type can be kept: the new type has it, and its values are of no dictionary."""
    return item.id in fields and not any(value_id for value_id, _ in item.values)
