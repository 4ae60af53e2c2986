"""What one synchronization would send: the desired state compared with what Ozon last accepted."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ozon_desktop.domain.cabinet import CabinetAttribute, ItemError, WarehouseStock, shown_on
from ozon_desktop.domain.card import Card, CardPayload, CardProblem, ProblemCode
from ozon_desktop.domain.card_losses import lost_files, lost_items, lost_size, lost_text, lost_values
from ozon_desktop.domain.field_values import Values
from ozon_desktop.domain.ozon_catalog import TypeKey
from ozon_desktop.domain.package import Package
from ozon_desktop.domain.price_rules import PriceProblem
from ozon_desktop.domain.stock_rules import Pairs

Prices = tuple[Decimal | None, Decimal | None, Decimal | None]
"""The price, the one before the discount, and the lowest one."""


class ActionKind(StrEnum):
    """What is done with one product; the order is that of the preview."""

    CREATE = "create"
    UPDATE = "update"
    ARCHIVE = "archive"
    PRICE = "price"
    TIMER = "timer"
    STOCK = "stock"
    SKIP = "skip"


class Part(StrEnum):
    """Parts of a synchronization that can be switched off."""

    PRODUCTS = "products"
    PRICES = "prices"
    STOCKS = "stocks"
    ORDERS = "orders"


class Reason(StrEnum):
    NEW_PRODUCT = "new_product"
    CARD_CHANGED = "card_changed"
    ADOPTED = "adopted"
    RETURNED = "returned"
    PRICE_CHANGED = "price_changed"
    STOCK_CHANGED = "stock_changed"
    DELETED_IN_STORE = "deleted_in_store"
    NOT_READY = "not_ready"
    REFUSED_UNCHANGED = "refused_unchanged"
    PRICE_NOT_ALLOWED = "price_not_allowed"
    OZON_DIFFERS = "ozon_differs"
    OZON_UNREADABLE = "ozon_unreadable"
    ORDERS_UNREAD = "orders_unread"
    TIMER_ENDS = "timer_ends"
    TAKEN_BACK = "taken_back"


class Hold(StrEnum):
    """Why an item of a plan is not sent before a person has decided about it."""

    UNANSWERED = "unanswered"
    """Its card was on Ozon before, and nobody has said yet whose values are to win."""
    PRICE_JUMP = "price_jump"
    DRIFTED = "drifted"
    """Ozon has a price that neither this program sent nor its last reading saw: somebody else set it, a person or another program."""
    STOCK_JUMP = "stock_jump"
    MANY_PRICES = "many_prices"
    """Too many prices at once change too much."""
    VANISHED = "vanished"
    """Too many products at once are missing from a full export."""
    TAKEN_BACK = "taken_back"
    """A person has put back what Ozon held before it."""
    DOUBTFUL = "doubtful"
    """It may be a product whose card is on Ozon already: a take-over of the store could not tell."""


class Verdict(StrEnum):
    """What a person has decided about a held item: SEND = it is right, KEEP = Ozon keeps what it has."""

    SEND = "send"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, old → new, as texts.

    field: a name of CardPayload, a price ("price", "old_price", "min_price"), "min_price_timer" (moments in ISO form), "attribute:<id>"
    or "stock:<warehouse id>". lost: parts of the old value that Ozon would hold no more.
    """

    field: str
    old: str
    new: str
    lost: tuple[str, ...] = ()


UNSURE_STOCK = -1
"""In what Ozon last accepted: the stock was being set when the program was killed, so Ozon may hold the old number or the new one."""


def unsure(stocks: Iterable[tuple[int, int]], houses: Collection[int]) -> tuple[tuple[int, int], ...]:
    """With those of these warehouses not known any more; 0 among them = of all."""
    return tuple((house, UNSURE_STOCK if house in houses or 0 in houses else stock) for house, stock in stocks)


@dataclass(frozen=True, slots=True)
class Accepted:
    """What Ozon last accepted for one offer_id.

    refused: the payload it refused, not to be sent again unchanged; type_key: the type its card has on Ozon, None = not known.
    old_price, min_price: as the program last set them, None = it never did. adopted: its card was on Ozon before the program sent it.
    """

    offer_id: str
    product_id: int = 0
    payload: CardPayload | None = None
    price: Decimal | None = None
    stocks: tuple[tuple[int, int], ...] = ()
    status: str = ""
    status_name: str = ""
    errors: tuple[ItemError, ...] = ()
    refused: CardPayload | None = None
    updated_at: datetime | None = None
    archived: bool = False
    type_key: TypeKey | None = None
    old_price: Decimal | None = None
    min_price: Decimal | None = None
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One line of the preview. `stocks`: (Ozon warehouse id, quantity) pairs to send.

    old_price, min_price: None = not sent; price_problems: why its prices would be refused; hold: why it waits for a person, None = it
    is sent; verdict: what was decided about that, None = nothing yet.
    """

    kind: ActionKind
    offer_id: str
    name: str
    reason: Reason
    changes: tuple[FieldChange, ...] = ()
    payload: CardPayload | None = None
    price: Decimal | None = None
    stocks: tuple[tuple[int, int], ...] = ()
    problems: tuple[CardProblem, ...] = ()
    product_id: str = ""
    old_price: Decimal | None = None
    min_price: Decimal | None = None
    price_problems: tuple[PriceProblem, ...] = ()
    hold: Hold | None = None
    verdict: Verdict | None = None

    @property
    def waits(self) -> bool:
        """Whether it is held back: nobody has decided to send it."""
        return self.hold is not None and self.verdict is not Verdict.SEND

    @property
    def lost(self) -> tuple[FieldChange, ...]:
        """The changes that take something away from what Ozon holds."""
        return tuple(change for change in self.changes if change.lost)


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """The whole preview; it is the same plan that is then sent. Held items keep their kind and count nowhere but in `held`."""

    items: tuple[PlanItem, ...]

    def of(self, kind: ActionKind) -> tuple[PlanItem, ...]:
        """The items of a kind that would be sent, or, of SKIP, that are left out."""
        return tuple(item for item in self.items if item.kind is kind and not item.waits)

    def counts(self) -> dict[ActionKind, int]:
        """How many products of each kind, zero included, held ones not counted."""
        counted = Counter(item.kind for item in self.items if not item.waits)
        return {kind: counted[kind] for kind in ActionKind}

    @property
    def held(self) -> tuple[PlanItem, ...]:
        """What is held back, undecided or decided to be kept."""
        return tuple(item for item in self.items if item.waits)

    @property
    def undecided(self) -> tuple[PlanItem, ...]:
        """What waits for a person's decision."""
        return tuple(item for item in self.items if item.hold is not None and item.verdict is None)

    @property
    def losses(self) -> int:
        """How many fields would lose something by what would be sent."""
        return sum(len(item.lost) for item in self.items if not item.waits)

    @property
    def changes(self) -> int:
        """How many items would be sent."""
        return sum(1 for item in self.items if item.kind is not ActionKind.SKIP and not item.waits)


@dataclass(frozen=True, slots=True)
class ExistingCard:
    """A card the program did not create, and what of it may be sent. held None = what Ozon holds was not read, so no card is sent.

    payload: the store's card merged with it; old_price: what is sent with the card as the one before the discount, None = none.
    parts: what may be sent at all, the rest stays as Ozon has it; undecided: parts that wait for an answer.
    """

    held: CardPayload | None
    held_old_price: Decimal | None
    payload: CardPayload | None
    old_price: Decimal | None
    parts: frozenset[Part]
    undecided: frozenset[Part]


@dataclass(frozen=True, slots=True)
class DesiredState:
    """What the store wants for one product: its card, and the stock per Ozon warehouse (empty = stock is not sent).

    old_price, min_price: None = left as Ozon has them; price_problems: why Ozon would refuse the prices. existing: None = the program
    made the card, or will.
    """

    card: Card
    stocks: Pairs = ()
    old_price: Decimal | None = None
    min_price: Decimal | None = None
    price_problems: tuple[PriceProblem, ...] = ()
    existing: ExistingCard | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What Ozon shows of one card now. card None = it could not be read.

    stocks: on each warehouse where it has or had any; None = it was not read, or is not sent.
    """

    card: CardPayload | None = None
    price: Decimal | None = None
    old_price: Decimal | None = None
    min_price: Decimal | None = None
    stocks: tuple[WarehouseStock, ...] | None = None
    archived: bool = False


def make_plan(
    desired_states: Iterable[DesiredState],
    accepted: Mapping[str, Accepted],
    on_ozon: frozenset[str],
    parts: frozenset[Part],
    shown: Mapping[str, Shown] | None = None,
) -> SyncPlan:
    """The plan that leads to these states. `on_ozon`: offer ids known to exist in the cabinet, which are updated, never created.

    shown: what Ozon shows now, to compare with instead of what it last accepted. A product deleted in the store is not among them:
    see `archive_items`.
    """
    items: list[PlanItem] = []
    for desired in desired_states:
        offer_id = desired.card.offer_id
        items.extend(_plan_one(desired, accepted.get(offer_id), offer_id in on_ozon, parts, shown.get(offer_id) if shown else None))
    return in_order(items)


def in_order(items: Iterable[PlanItem]) -> SyncPlan:
    """The items in the order of the preview: by kind, then by offer_id."""
    order = {kind: place for place, kind in enumerate(ActionKind)}
    return SyncPlan(tuple(sorted(items, key=lambda item: (order[item.kind], item.offer_id))))


def _plan_one(desired: DesiredState, known: Accepted | None, on_ozon: bool, parts: frozenset[Part], shown: Shown | None) -> list[PlanItem]:
    if (existing := desired.existing) is not None:
        planned = _plan_existing(desired, existing, known or Accepted(desired.card.offer_id), parts, shown)
        return [_held(item, existing.undecided) for item in planned]
    card = desired.card
    exists = on_ozon or (known is not None and known.product_id != 0)
    if not card.ready:
        skip = _item(ActionKind.SKIP, card, Reason.NOT_READY, problems=card.problems)
        return [skip, *price_and_stock(desired, known, parts - _untrusted(card), shown)] if exists else [skip]
    items: list[PlanItem] = []
    if Part.PRODUCTS in parts:
        items.extend(_plan_card(desired, card.payload(), known, exists, shown))
    created = any(item.kind is ActionKind.CREATE for item in items)
    sent = any(item.kind in {ActionKind.CREATE, ActionKind.UPDATE} for item in items)
    if not exists and not created:
        return items or [_item(ActionKind.SKIP, card, Reason.NEW_PRODUCT)]
    if not sent:
        return [*items, *price_and_stock(desired, known, parts, shown)]
    # The import carries the price and the one before the discount, so a card that is sent seldom needs a price change of its own.
    carried = replace(known or Accepted(card.offer_id), price=card.price, old_price=None if desired.price_problems else desired.old_price)
    seen = None if shown is None else replace(shown, price=card.price, old_price=carried.old_price)
    return [*items, *price_and_stock(desired, carried, parts, seen)]


def _plan_existing(
    desired: DesiredState, existing: ExistingCard, known: Accepted, parts: frozenset[Part], shown: Shown | None
) -> list[PlanItem]:
    card, payload = desired.card, existing.payload
    numbers = parts & existing.parts
    if not card.ready:
        skip = _item(ActionKind.SKIP, card, Reason.NOT_READY, problems=card.problems)
        return [skip, *price_and_stock(desired, known, numbers - _untrusted(card), shown)]
    if Part.PRODUCTS not in parts:
        return price_and_stock(desired, known, numbers, shown)
    if existing.held is None or payload is None:
        return [_item(ActionKind.SKIP, card, Reason.OZON_UNREADABLE), *price_and_stock(desired, known, numbers, shown)]
    archived = known.archived or (shown is not None and shown.archived)
    if archived and Part.STOCKS not in existing.parts:
        # Whoever put it into the archive took it from sale, which is to stay as it is on Ozon.
        return []
    changes = card_changes(existing.held, payload)
    if known.refused is not None and same_card(known.refused, payload):
        return [_item(ActionKind.SKIP, card, Reason.REFUSED_UNCHANGED), *price_and_stock(desired, known, numbers, shown)]
    if not changes and not archived:
        return price_and_stock(desired, known, numbers, shown)
    carried = price_changes((existing.held.price, existing.held_old_price, None), (payload.price, existing.old_price or Decimal(0), None))
    reason = Reason.ADOPTED if known.payload is None else Reason.RETURNED if archived else Reason.CARD_CHANGED
    item = _item(ActionKind.UPDATE, card, reason, changes=(*changes, *carried), payload=payload, old_price=existing.old_price)
    if archived and Part.STOCKS in existing.undecided:
        item = replace(item, hold=Hold.UNANSWERED)
    if Part.PRODUCTS in existing.undecided or Part.PRICES in existing.undecided:
        # What the card carries may stay here while the price goes, or the other way round.
        return [item, *price_and_stock(desired, known, numbers, shown)]
    sent = replace(known, price=payload.price, old_price=existing.old_price)
    seen = None if shown is None else replace(shown, price=payload.price, old_price=existing.old_price)
    return [item, *price_and_stock(desired, sent, numbers, seen)]


PART_OF = {
    ActionKind.UPDATE: Part.PRODUCTS,
    ActionKind.ARCHIVE: Part.STOCKS,
    ActionKind.PRICE: Part.PRICES,
    ActionKind.STOCK: Part.STOCKS,
}
"""Whose answer an item waits for: an archived product is one that is not offered any more, so it is a matter of its stock."""


def _held(item: PlanItem, undecided: frozenset[Part]) -> PlanItem:
    return replace(item, hold=Hold.UNANSWERED) if PART_OF.get(item.kind) in undecided else item


def _untrusted(card: Card) -> frozenset[Part]:
    """Parts that must not be sent for an existing card: a number in another currency, or numbers of which product nobody knows."""
    codes = {problem.code for problem in card.problems}
    if ProblemCode.OFFER_ID_DUPLICATE in codes:
        return frozenset({Part.PRICES, Part.STOCKS})
    return frozenset({Part.PRICES}) if ProblemCode.CURRENCY in codes else frozenset()


def _plan_card(desired: DesiredState, payload: CardPayload, known: Accepted | None, exists: bool, shown: Shown | None) -> list[PlanItem]:
    card = desired.card
    last = known.payload if known is not None else None
    # Prices that do not fit together would make Ozon refuse the whole card.
    old_price = None if desired.price_problems else desired.old_price
    refused = known.refused if known is not None else None
    # It may have been refused for the price that it carried.
    if refused is not None and same_card(refused, payload) and refused.price == payload.price:
        return [_item(ActionKind.SKIP, card, Reason.REFUSED_UNCHANGED)]
    if last is None:
        kind, reason = (ActionKind.UPDATE, Reason.ADOPTED) if exists else (ActionKind.CREATE, Reason.NEW_PRODUCT)
        changes = card_changes(None if shown is None else shown.card, payload, only_sent=True)
        changes += price_changes((None, None, None), (None, old_price, None))
        return [_item(kind, card, reason, changes=changes, payload=payload, old_price=old_price)]
    changes = card_changes(last, payload)
    carried = _carried(known, shown, payload.price, old_price)
    if (known is not None and known.archived) or (shown is not None and shown.archived):
        return [_item(ActionKind.UPDATE, card, Reason.RETURNED, changes=changes + carried, payload=payload, old_price=old_price)]
    if changes:
        return [_item(ActionKind.UPDATE, card, Reason.CARD_CHANGED, changes=changes + carried, payload=payload, old_price=old_price)]
    if shown is not None and shown.card is not None:
        changes = card_changes(shown.card, payload, only_sent=True)
        if changes:
            return [_item(ActionKind.UPDATE, card, Reason.OZON_DIFFERS, changes=changes + carried, payload=payload, old_price=old_price)]
    return []


def _carried(known: Accepted | None, shown: Shown | None, price: Decimal, old_price: Decimal | None) -> tuple[FieldChange, ...]:
    """The prices an import changes: it carries both, and a product without one before the discount has none afterwards."""
    seen = shown if shown is not None and shown.price is not None else known
    was = (None, None, None) if seen is None else (seen.price, seen.old_price, None)
    return price_changes(was, (price, old_price or Decimal(0), None))


def price_and_stock(desired: DesiredState, known: Accepted | None, parts: frozenset[Part], shown: Shown | None = None) -> list[PlanItem]:
    """What is sent of an existing card's prices and stocks: only what differs, each with the reason."""
    items: list[PlanItem] = []
    if Part.PRICES in parts and desired.card.price is not None and desired.card.price > 0:
        items.extend(_plan_price(desired, desired.card.price, known or Accepted(desired.card.offer_id), shown))
    if Part.STOCKS in parts and desired.stocks:
        items.extend(_plan_stock(desired, dict(known.stocks) if known is not None else {}, shown))
    return items


def _plan_price(desired: DesiredState, price: Decimal, known: Accepted, shown: Shown | None) -> list[PlanItem]:
    last = (known.price, known.old_price, known.min_price)
    changes = price_changes(last, (price, desired.old_price, desired.min_price))
    reason = Reason.PRICE_CHANGED
    if not changes and shown is not None and shown.price is not None:
        changes = price_changes((shown.price, shown.old_price, shown.min_price), (price, desired.old_price, desired.min_price))
        reason = Reason.OZON_DIFFERS
    if not changes:
        return []
    if desired.price_problems:
        return [_item(ActionKind.SKIP, desired.card, Reason.PRICE_NOT_ALLOWED, changes=changes, price_problems=desired.price_problems)]
    item = _item(
        ActionKind.PRICE, desired.card, reason, changes=changes, price=price, old_price=desired.old_price, min_price=desired.min_price
    )
    return [item]


def price_changes(last: Prices, wanted: Prices) -> tuple[FieldChange, ...]:
    """What differs of the price, the one before the discount and the lowest one; not wanted = left alone, nothing = there is none."""
    pairs = zip(("price", "old_price", "min_price"), last, wanted, strict=True)
    return tuple(
        FieldChange(name, _amount(old), _amount(new), (_amount(old),) if old and not new else ())
        for name, old, new in pairs
        if new is not None and (old or 0) != new
    )


def _amount(value: Decimal | None) -> str:
    return str(value) if value else ""


def _plan_stock(desired: DesiredState, last: Mapping[int, int], shown: Shown | None) -> list[PlanItem]:
    changed = tuple(pair for pair in desired.stocks if last.get(pair[0]) != pair[1])
    if changed:
        changes = tuple(FieldChange(f"stock:{warehouse}", _stock_text(last.get(warehouse)), str(stock)) for warehouse, stock in changed)
        return [_item(ActionKind.STOCK, desired.card, Reason.STOCK_CHANGED, changes=changes, stocks=changed)]
    if shown is None or shown.stocks is None:
        return []
    # Less by what was ordered meanwhile is as it should be.
    differ = tuple(pair for pair in desired.stocks if not shown_on(shown.stocks, pair[0]).shows(pair[1]))
    if not differ:
        return []
    changes = tuple(FieldChange(f"stock:{house}", str(shown_on(shown.stocks, house).free), str(stock)) for house, stock in differ)
    return [_item(ActionKind.STOCK, desired.card, Reason.OZON_DIFFERS, changes=changes, stocks=differ)]


def archive_items(deleted: Iterable[tuple[str, str]], accepted: Mapping[str, Accepted]) -> tuple[PlanItem, ...]:
    """Archivings of products deleted in the store, given as (offer_id, name), that Ozon still shows."""
    return tuple(
        PlanItem(ActionKind.ARCHIVE, offer_id, name, Reason.DELETED_IN_STORE, _zeroed(known))
        for offer_id, name in deleted
        if (known := accepted.get(offer_id)) is not None and known.product_id and not known.archived
    )


def _zeroed(known: Accepted) -> tuple[FieldChange, ...]:
    """Ozon archives only what has no stock, so that is taken away first."""
    return tuple(FieldChange(f"stock:{warehouse}", _stock_text(stock), "0") for warehouse, stock in known.stocks if stock)


def zero_items(deleted: Iterable[tuple[str, str]], accepted: Mapping[str, Accepted]) -> tuple[PlanItem, ...]:
    """Zero stocks for products deleted in the store, where cards are not sent and so nothing is archived."""
    items: list[PlanItem] = []
    for item in archive_items(deleted, accepted):
        offered = tuple((warehouse, stock) for warehouse, stock in accepted[item.offer_id].stocks if stock)
        if offered:
            items.append(replace(item, kind=ActionKind.STOCK, stocks=tuple((house, 0) for house, _ in offered)))
    return tuple(items)


def same_card(left: CardPayload, right: CardPayload) -> bool:
    """Equal for Ozon: nothing but the price may differ."""
    return not card_changes(left, right)


SIZES = ("depth", "width", "height", "weight")


def card_changes(old: CardPayload | None, new: CardPayload, *, only_sent: bool = False) -> tuple[FieldChange, ...]:
    """Fields of the card that differ, each with what it loses; the price is left out (see `price_changes`) unless the card is new.

    only_sent: `old` is what Ozon shows: it holds pictures under addresses of its own and attributes nobody sent, which do not count.
    Sizes in mm and g.
    """
    if old is None:
        return (*_plain_changes(None, new, only_sent), *_attribute_changes((), new.attributes, only_sent))
    return (*_plain_changes(old, new, only_sent), *_attribute_changes(old.attributes, new.attributes, only_sent))


def _plain_changes(old: CardPayload | None, new: CardPayload, only_sent: bool) -> Iterator[FieldChange]:
    before, after = {} if old is None else _texts(old), _texts(new)
    if old is None:
        after["price"] = str(new.price)
    for name, text in after.items():
        was = before.get(name, "")
        # Ozon adds barcodes of its own, and leaves out what it does not know.
        if only_sent and old is not None and (name in FROM_OZON or was in {"", "0"}):
            continue
        if was != text:
            yield FieldChange(name, was, text, () if old is None else _lost(name, old, new))


FROM_OZON = frozenset({"images", "primary_image", "color_image", "pdf_list", "barcode", "barcodes"})
"""Fields that Ozon shows otherwise than they were sent, or that nobody sends but for keeping them."""


def _texts(card: CardPayload) -> dict[str, str]:
    """The fields as texts, in the order of the preview."""
    sizes = _package(card).dimensions
    texts = {name: _text(getattr(card, name)) for name in ("name", "type_key", "vat", "currency")}
    texts |= {name: str(getattr(sizes, name) or 0) for name in SIZES}
    texts |= {name: _text(getattr(card, name)) for name in ("images", "primary_image", "color_image")}
    texts |= {"pdf_list": ", ".join(pdf.name or pdf.address for pdf in card.pdf_list), "barcode": card.barcode}
    return texts | {"barcodes": ", ".join(sorted(card.more_barcodes))}


def _package(card: CardPayload) -> Package:
    return Package(card.depth, card.width, card.height, card.dimension_unit, card.weight, card.weight_unit)


def _lost(name: str, old: CardPayload, new: CardPayload) -> tuple[str, ...]:
    if name in SIZES:
        return lost_size(getattr(_package(old).dimensions, name) or 0, getattr(_package(new).dimensions, name) or 0)
    match name:
        case "name":
            return lost_text(old.name, new.name)
        case "images":
            return lost_items(old.images, (*new.images, new.primary_image))
        case "primary_image":
            return lost_items((old.primary_image,) if old.primary_image else (), (*new.images, new.primary_image))
        case "color_image":
            return lost_items((old.color_image,) if old.color_image else (), (new.color_image,))
        case "pdf_list":
            return lost_files(old.pdf_list, new.pdf_list)
        case "barcode":
            return lost_items((old.barcode,) if old.barcode else (), (new.barcode, *new.more_barcodes))
        case "barcodes":
            return lost_items(old.more_barcodes, (new.barcode, *new.more_barcodes))
        case _:
            return ()


def _attribute_changes(old: tuple[CabinetAttribute, ...], new: tuple[CabinetAttribute, ...], only_sent: bool) -> Iterator[FieldChange]:
    before, after = _by_key(old), _by_key(new)
    for key in dict.fromkeys(after if only_sent else [*before, *after]):
        old_values, new_values = before.get(key, ()), after.get(key, ())
        if old_values != new_values and not (only_sent and _meaning(old_values) == _meaning(new_values)):
            lost = lost_values(old_values, new_values)
            yield FieldChange(f"attribute:{key[0]}", _values_text(old_values), _values_text(new_values), lost)


def _by_key(attributes: tuple[CabinetAttribute, ...]) -> dict[tuple[int, int], Values]:
    """Values by (id, complex id); those of an attribute that a card has several times are put together."""
    found: dict[tuple[int, int], Values] = {}
    for item in attributes:
        key = item.id, item.complex_id
        found[key] = (*found[key], *item.values) if key in found else item.values
    return found


def _meaning(values: tuple[tuple[int, str], ...]) -> frozenset[int | str]:
    """Ozon may name a value of its dictionary otherwise, and order values as it likes."""
    return frozenset(value_id or " ".join(text.split()) for value_id, text in values)


def _values_text(values: tuple[tuple[int, str], ...]) -> str:
    return "; ".join(text for _, text in values)


def _stock_text(stock: int | None) -> str:
    return "" if stock is None or stock == UNSURE_STOCK else str(stock)


def _text(value: object) -> str:
    if value is None:
        return ""
    return ", ".join(str(part) for part in value) if isinstance(value, tuple) else str(value)


def _item(
    kind: ActionKind,
    card: Card,
    reason: Reason,
    *,
    changes: tuple[FieldChange, ...] = (),
    payload: CardPayload | None = None,
    price: Decimal | None = None,
    stocks: tuple[tuple[int, int], ...] = (),
    problems: tuple[CardProblem, ...] = (),
    old_price: Decimal | None = None,
    min_price: Decimal | None = None,
    price_problems: tuple[PriceProblem, ...] = (),
) -> PlanItem:
    product, prices = card.product, (old_price, min_price, price_problems)
    return PlanItem(kind, card.offer_id, product.name, reason, changes, payload, price, stocks, problems, product.id, *prices)
