"""What a run sent is taken back: a plan that gives Ozon what it held before, as far as Ozon lets it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from ozon_desktop.domain.held_items import HeldItem, SentValue
from ozon_desktop.domain.holds import HeldKey, taken_back_key
from ozon_desktop.domain.sync_plan import (
    UNSURE_STOCK,
    Accepted,
    ActionKind,
    FieldChange,
    Hold,
    PlanItem,
    Reason,
    SyncPlan,
    Verdict,
    card_changes,
    in_order,
    price_changes,
)

NO_AMOUNT = Decimal(0)


class Lasting(StrEnum):
    """Why something that was sent stays, or goes another way."""

    ARCHIVED_INSTEAD = "archived_instead"
    """A card that was created cannot be deleted: it goes to the archive."""
    CARD_UNKNOWN = "card_unknown"
    PRICE_UNKNOWN = "price_unknown"
    STOCK_UNKNOWN = "stock_unknown"
    STOCK_GONE = "stock_gone"
    """The store has not as many pieces any more: Ozon would sell what is not there."""


@dataclass(frozen=True, slots=True)
class TakingBack:
    """The plan, and what it cannot do or does otherwise, by offer_id."""

    plan: SyncPlan
    lasting: tuple[tuple[str, Lasting], ...] = ()


def take_back(sent: Iterable[SentValue], now: Mapping[str, Accepted]) -> TakingBack:
    """The plan back. now: what Ozon holds by now; what is there again already is left out."""
    values = list(sent)
    created = {value.item.offer_id for value in values if value.item.kind is ActionKind.CREATE}
    items: list[PlanItem] = []
    lasting: list[tuple[str, Lasting]] = []
    for value in values:
        offer_id = value.item.offer_id
        if offer_id in created and value.item.kind is not ActionKind.CREATE:
            # It goes to the archive with all it has.
            continue
        made = _BACK[value.item.kind](value, now.get(offer_id, Accepted(offer_id)))
        items += [made] if isinstance(made, PlanItem) else made if isinstance(made, list) else []
        if isinstance(made, Lasting):
            lasting.append((offer_id, made))
        elif value.item.kind is ActionKind.CREATE and made:
            lasting.append((offer_id, Lasting.ARCHIVED_INSTEAD))
    return TakingBack(in_order(items), tuple(lasting))


def lessened(asked: SyncPlan, plan: SyncPlan) -> tuple[str, ...]:
    """Articles whose stock is not what was asked for, in order."""
    left = {item.offer_id: item.stocks for item in plan.of(ActionKind.STOCK)}
    return tuple(item.offer_id for item in asked.of(ActionKind.STOCK) if left.get(item.offer_id) != item.stocks)


Back = PlanItem | list[PlanItem] | Lasting | None


def _item(value: SentValue, kind: ActionKind, changes: tuple[FieldChange, ...] = ()) -> PlanItem:
    item = value.item
    return PlanItem(kind, item.offer_id, item.name, Reason.TAKEN_BACK, changes, product_id=item.product_id)


def _created(value: SentValue, now: Accepted) -> Back:
    return _item(value, ActionKind.ARCHIVE) if now.product_id and not now.archived else None


def _updated(value: SentValue, now: Accepted) -> Back:
    before = value.before
    if before.archived:
        return _created(value, now)
    if before.payload is None:
        return Lasting.CARD_UNKNOWN
    card = replace(before.payload, price=before.price or before.payload.price)
    changes = card_changes(now.payload, card)
    changes += price_changes((now.price, None, None), (card.price, None, None)) if now.payload is not None else ()
    if not changes:
        return None
    return replace(_item(value, ActionKind.UPDATE, changes), payload=card, old_price=before.old_price)


def _priced(value: SentValue, now: Accepted) -> Back:
    before, sent = value.before, value.item
    if before.price is None:
        return Lasting.PRICE_UNKNOWN
    old = None if sent.old_price is None else before.old_price or NO_AMOUNT
    minimum = None if sent.min_price is None else before.min_price or NO_AMOUNT
    changes = price_changes((now.price, now.old_price, now.min_price), (before.price, old, minimum))
    return replace(_item(value, ActionKind.PRICE, changes), price=before.price, old_price=old, min_price=minimum) if changes else None


def _stocked(value: SentValue, now: Accepted) -> Back:
    before, here = dict(value.before.stocks), dict(now.stocks)
    wanted = {house: before.get(house, 0) for house, _ in value.item.stocks}
    if UNSURE_STOCK in wanted.values():
        return Lasting.STOCK_UNKNOWN
    return _stock_item(value, wanted, here)


def _stock_item(value: SentValue, wanted: Mapping[int, int], here: Mapping[int, int]) -> PlanItem | None:
    pairs = tuple((house, stock) for house, stock in wanted.items() if here.get(house, 0) != stock)
    changes = tuple(FieldChange(f"stock:{house}", str(here.get(house, "")), str(stock)) for house, stock in pairs)
    return replace(_item(value, ActionKind.STOCK, changes), stocks=pairs) if pairs else None


def _archived(value: SentValue, now: Accepted) -> Back:
    before = value.before
    if not now.archived:
        return None
    if before.payload is None:
        return Lasting.CARD_UNKNOWN
    card = replace(before.payload, price=before.price or before.payload.price)
    update = replace(_item(value, ActionKind.UPDATE), payload=card, old_price=before.old_price)
    stock = _stock_item(value, {house: stock for house, stock in before.stocks if stock > 0}, {})
    return [update, stock] if stock is not None else [update]


_BACK = {
    ActionKind.CREATE: _created,
    ActionKind.UPDATE: _updated,
    ActionKind.PRICE: _priced,
    # Ozon only ever prolongs: that it heeds a lowest price for longer is nothing to be put back.
    ActionKind.TIMER: lambda value, now: None,
    ActionKind.STOCK: _stocked,
    ActionKind.ARCHIVE: _archived,
}


def kept_away(sent: Iterable[SentValue], taken: frozenset[str]) -> list[HeldItem]:
    """Holds that keep what was taken back from being sent again by itself. taken: articles of which something was taken back."""
    found: dict[HeldKey, HeldItem] = {}
    for value in sent:
        item = value.item
        if item.offer_id in taken:
            # What was created and then archived comes back as an update.
            as_planned = replace(item, kind=ActionKind.UPDATE) if item.kind is ActionKind.CREATE else item
            key = taken_back_key(as_planned)
            found[key] = HeldItem(key, Hold.TAKEN_BACK, item.name, item.changes, Verdict.KEEP, told=True)
    return list(found.values())
