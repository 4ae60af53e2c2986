"""What a plan does with cards that were on Ozon before: the store's card is merged with the one Ozon holds, and waits for an answer."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from ozon_desktop.domain.adoption import CachedCard
from ozon_desktop.domain.card import Card, CardPayload
from ozon_desktop.domain.card_differences import Side
from ozon_desktop.domain.card_merging import Merging, held_payload, merge
from ozon_desktop.domain.existing_cards import Respect, Winner
from ozon_desktop.domain.price_rules import Amounts, price_problems
from ozon_desktop.domain.sync_plan import PART_OF, Accepted, ActionKind, DesiredState, ExistingCard, Hold, Part, PlanItem, Reason, Shown
from ozon_desktop.storage.unit_of_work import UnitOfWork


def cached_cards(unit: UnitOfWork, integration_id: int, offer_ids: Iterable[str]) -> dict[str, CachedCard]:
    """The cards as last read, by article; those that are gone are left out."""
    return {card.offer_id: card for card in unit.cabinet.cards(integration_id, list(offer_ids)) if not card.gone}


def as_known(known: Accepted, cached: CachedCard | None) -> Accepted:
    """What is known of the card with the prices it has beside its price, as the program did not set them."""
    if cached is None:
        return known
    old_price, min_price = known.old_price or cached.old_price, known.min_price or cached.min_price
    return replace(known, old_price=old_price, min_price=min_price)


def respected(desired: DesiredState, known: Accepted, cached: CachedCard | None, shown: Shown | None, respect: Respect) -> DesiredState:
    """The desired state of a product whose card was on Ozon before.

    cached: as last read, None = it was not; shown: as it is now, where that was asked.
    """
    card, product_id = desired.card, desired.card.product.id
    prices, stocks = respect.prices(product_id), respect.stocks(product_id)
    held, old_price = _held(cached, shown)
    undecided = {part for part, side in ((Part.PRICES, prices), (Part.STOCKS, stocks)) if side is None}
    parts = {part for part, side in ((Part.PRICES, prices), (Part.STOCKS, stocks)) if side is not Side.OZON}
    desired = _with_old_price(desired, old_price)
    payload, sent_old_price = None, None
    if held is not None and card.ready:
        of_store = prices is Side.STORE or not held.price
        sent_old_price = _sendable(desired, old_price) if of_store else old_price
        wanted = card.payload() if of_store else replace(card.payload(), price=held.price)
        merged = merge(wanted, held, Merging(_winner(respect, card), [filled.attribute.id for filled in card.fields], known.payload))
        payload = merged.payload
        if merged.undecided:
            undecided.add(Part.PRODUCTS)
    existing = ExistingCard(held, old_price, payload, sent_old_price, frozenset(parts), frozenset(undecided))
    return replace(desired, existing=existing)


def _held(cached: CachedCard | None, shown: Shown | None) -> tuple[CardPayload | None, Decimal | None]:
    if shown is not None and shown.card is not None:
        return shown.card, shown.old_price
    return (None, None) if cached is None else (held_payload(cached), cached.old_price)


def _winner(respect: Respect, card: Card) -> Callable[[str], Winner | None]:
    return lambda field: respect.winner(card.product.id, field)


def _with_old_price(desired: DesiredState, held: Decimal | None) -> DesiredState:
    """A price is sent together with the one before the discount: Ozon's is sent again where the store has none, or taken away when it
    does not fit the new price."""
    price = desired.card.price
    if desired.old_price is not None or not held or price is None:
        return desired
    return replace(desired, old_price=held if not price_problems(Amounts(price, held)) else Decimal(0))


def _sendable(desired: DesiredState, held: Decimal | None) -> Decimal | None:
    return held if desired.price_problems else desired.old_price or None


def held_back(items: Iterable[PlanItem], respect: Respect, adopted: dict[str, str]) -> list[PlanItem]:
    """Items of products that are gone from the store; adopted: ids of those whose card was on Ozon before, by article.

    What Ozon's stock was chosen for stays on sale.
    """
    found: list[PlanItem] = []
    for item in items:
        product_id = adopted.get(item.offer_id)
        side = Side.STORE if product_id is None or item.kind not in PART_OF else respect.stocks(product_id)
        if side is None:
            found.append(replace(item, hold=Hold.UNANSWERED))
        elif side is Side.STORE:
            found.append(item)
    return found


def to_read(items: Iterable[PlanItem], cached: dict[str, datetime | None]) -> dict[str, datetime | None]:
    """Of the cards in a plan those whose content it rests upon, with the moment it was read, None = never."""
    wanted = (item.offer_id for item in items if item.kind is ActionKind.UPDATE or item.reason is Reason.OZON_UNREADABLE)
    return {offer_id: cached[offer_id] for offer_id in wanted if offer_id in cached}
