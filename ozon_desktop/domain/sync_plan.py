"""What one synchronization would send: the store's wishes compared with what Ozon last accepted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from ozon_desktop.domain.cabinet import ItemError
from ozon_desktop.domain.card import Card, CardPayload, CardProblem, ProblemCode
from ozon_desktop.domain.ozon_catalog import TypeKey


class ActionKind(StrEnum):
    """What is done with one product; the order is that of the preview."""

    CREATE = "create"
    UPDATE = "update"
    ARCHIVE = "archive"
    PRICE = "price"
    STOCK = "stock"
    SKIP = "skip"


class Part(StrEnum):
    """Parts of a synchronization that can be switched off."""

    PRODUCTS = "products"
    PRICES = "prices"
    STOCKS = "stocks"
    ORDERS = "orders"


class Reason(StrEnum):
    """Why an item is in the plan."""

    NEW_PRODUCT = "new_product"
    CARD_CHANGED = "card_changed"
    ADOPTED = "adopted"
    RETURNED = "returned"
    PRICE_CHANGED = "price_changed"
    STOCK_CHANGED = "stock_changed"
    DELETED_IN_STORE = "deleted_in_store"
    NOT_READY = "not_ready"
    REFUSED_UNCHANGED = "refused_unchanged"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, old → new, as texts. field: a name of CardPayload, "price", "attribute:<id>" or "stock:<warehouse id>"."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """What Ozon last accepted for one offer_id.

    refused: the payload it refused, not to be sent again unchanged; type_key: the type its card has on Ozon, None = not known.
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


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One line of the preview. `stocks`: (Ozon warehouse id, quantity) pairs to send."""

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


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """The whole preview; it is the same plan that is then sent."""

    items: tuple[PlanItem, ...]

    def of(self, kind: ActionKind) -> tuple[PlanItem, ...]:
        """Its items of one kind."""
        return tuple(item for item in self.items if item.kind is kind)

    def counts(self) -> dict[ActionKind, int]:
        """How many products of each kind, zero included."""
        counted = Counter(item.kind for item in self.items)
        return {kind: counted[kind] for kind in ActionKind}

    @property
    def changes(self) -> int:
        """How many items would be sent."""
        return sum(1 for item in self.items if item.kind is not ActionKind.SKIP)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the store wants for one product: its card, and the stock per Ozon warehouse (empty = stock is not sent)."""

    card: Card
    stocks: tuple[tuple[int, int], ...] = ()


def make_plan(wishes: Iterable[Wish], accepted: Mapping[str, Accepted], on_ozon: frozenset[str], parts: frozenset[Part]) -> SyncPlan:
    """The plan for these wishes. `on_ozon`: offer ids known to exist in the cabinet, which are updated, never created.

    A product deleted in the store is not in `wishes`: see `archive_items`.
    """
    items: list[PlanItem] = []
    for wish in wishes:
        items.extend(_plan_one(wish, accepted.get(wish.card.offer_id), on_ozon, parts))
    order = list(ActionKind)
    return SyncPlan(tuple(sorted(items, key=lambda item: (order.index(item.kind), item.offer_id))))


def _plan_one(wish: Wish, known: Accepted | None, on_ozon: frozenset[str], parts: frozenset[Part]) -> list[PlanItem]:
    card = wish.card
    exists = card.offer_id in on_ozon or (known is not None and known.product_id != 0)
    if not card.ready:
        skip = _item(ActionKind.SKIP, card, Reason.NOT_READY, problems=card.problems)
        return [skip, *_price_and_stock(wish, known, parts - _untrusted(card))] if exists else [skip]
    payload = card.payload()
    items: list[PlanItem] = []
    if Part.PRODUCTS in parts:
        items.extend(_plan_card(card, payload, known, exists))
    created = any(item.kind is ActionKind.CREATE for item in items)
    sent = any(item.kind in {ActionKind.CREATE, ActionKind.UPDATE} for item in items)
    if not exists and not created:
        return items or [_item(ActionKind.SKIP, card, Reason.NEW_PRODUCT)]
    # The import carries the price, so a card that is sent needs no price change of its own.
    return [*items, *_price_and_stock(wish, known, parts - {Part.PRICES} if sent else parts)]


def _untrusted(card: Card) -> frozenset[Part]:
    """Parts that must not be sent for an existing card: a number in another currency, or numbers of which product nobody knows."""
    codes = {problem.code for problem in card.problems}
    if ProblemCode.OFFER_ID_DUPLICATE in codes:
        return frozenset({Part.PRICES, Part.STOCKS})
    return frozenset({Part.PRICES}) if ProblemCode.CURRENCY in codes else frozenset()


def _plan_card(card: Card, payload: CardPayload, known: Accepted | None, exists: bool) -> list[PlanItem]:
    last = known.payload if known is not None else None
    if known is not None and known.refused is not None and same_card(known.refused, payload):
        return [_item(ActionKind.SKIP, card, Reason.REFUSED_UNCHANGED)]
    if last is None:
        kind, reason = (ActionKind.UPDATE, Reason.ADOPTED) if exists else (ActionKind.CREATE, Reason.NEW_PRODUCT)
        return [_item(kind, card, reason, changes=card_changes(None, payload), payload=payload)]
    changes = card_changes(last, payload)
    if known is not None and known.archived:
        return [_item(ActionKind.UPDATE, card, Reason.RETURNED, changes=changes, payload=payload)]
    if not changes:
        return []
    return [_item(ActionKind.UPDATE, card, Reason.CARD_CHANGED, changes=changes, payload=payload)]


def _price_and_stock(wish: Wish, known: Accepted | None, parts: frozenset[Part]) -> list[PlanItem]:
    card = wish.card
    items: list[PlanItem] = []
    last_price = known.price if known is not None else None
    if Part.PRICES in parts and card.price is not None and card.price > 0 and card.price != last_price:
        change = FieldChange("price", "" if last_price is None else str(last_price), str(card.price))
        items.append(_item(ActionKind.PRICE, card, Reason.PRICE_CHANGED, changes=(change,), price=card.price))
    if Part.STOCKS in parts and wish.stocks:
        last = dict(known.stocks) if known is not None else {}
        changed = tuple(pair for pair in wish.stocks if last.get(pair[0]) != pair[1])
        if changed:
            changes = tuple(FieldChange(f"stock:{warehouse}", _text(last.get(warehouse)), str(stock)) for warehouse, stock in changed)
            items.append(_item(ActionKind.STOCK, card, Reason.STOCK_CHANGED, changes=changes, stocks=changed))
    return items


def archive_items(deleted: Iterable[tuple[str, str]], accepted: Mapping[str, Accepted]) -> tuple[PlanItem, ...]:
    """Archivings of products deleted in the store, given as (offer_id, name), that Ozon still shows."""
    return tuple(
        PlanItem(ActionKind.ARCHIVE, offer_id, name, Reason.DELETED_IN_STORE)
        for offer_id, name in deleted
        if (known := accepted.get(offer_id)) is not None and known.product_id and not known.archived
    )


def same_card(left: CardPayload, right: CardPayload) -> bool:
    """Equal for Ozon: nothing but the price may differ."""
    return not card_changes(left, right)


def card_changes(old: CardPayload | None, new: CardPayload) -> tuple[FieldChange, ...]:
    """Fields of the card that differ, the price left out (it has an action of its own) unless the card is new."""
    changes: list[FieldChange] = []
    names = ["name", "type_key", "vat", "currency", "depth", "width", "height", "weight", "images", "barcode"]
    for name in names if old is not None else [*names, "price"]:
        before = _text(getattr(old, name)) if old is not None else ""
        after = _text(getattr(new, name))
        if before != after:
            changes.append(FieldChange(name, before, after))
    before_values = {(item.id, item.complex_id): item.values for item in old.attributes} if old is not None else {}
    after_values = {(item.id, item.complex_id): item.values for item in new.attributes}
    for key in dict.fromkeys([*before_values, *after_values]):
        before, after = _values_text(before_values.get(key, ())), _values_text(after_values.get(key, ()))
        if before_values.get(key) != after_values.get(key):
            changes.append(FieldChange(f"attribute:{key[0]}", before, after))
    return tuple(changes)


def _values_text(values: tuple[tuple[int, str], ...]) -> str:
    return "; ".join(text for _, text in values)


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
) -> PlanItem:
    return PlanItem(kind, card.offer_id, card.product.name, reason, changes, payload, price, stocks, problems, card.product.id)
