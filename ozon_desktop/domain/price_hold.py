"""Holding a plan's prices back until they are confirmed, and releasing them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ozon_desktop.domain.price_rules import PriceChange
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, PlanItem, Reason, SyncPlan, in_order, price_changes


def hold_prices(plan: SyncPlan, accepted: Mapping[str, Accepted]) -> SyncPlan:
    """The plan with its price changes held back until they are confirmed; cards go on with the price Ozon has, all else as it is.

    A held change is skipped with its reason and keeps what it would send: `release_prices` makes it a change again.
    """
    items: list[PlanItem] = []
    for item in plan.items:
        known = accepted.get(item.offer_id)
        if item.kind is ActionKind.PRICE:
            items.append(replace(item, kind=ActionKind.SKIP, reason=Reason.PRICES_HELD))
        elif item.payload is None or known is None or known.price is None or known.price == item.payload.price:
            items.append(item)
        else:
            changes = price_changes((known.price, known.old_price, None), (item.payload.price, item.old_price, None))
            held = replace(item, kind=ActionKind.SKIP, reason=Reason.PRICES_HELD, payload=None, changes=changes, price=item.payload.price)
            items += [replace(item, payload=replace(item.payload, price=known.price), old_price=known.old_price), held]
    return in_order(_joined(items))


def _joined(items: Iterable[PlanItem]) -> Iterable[PlanItem]:
    """A product whose card and lowest price both change has its held prices in one item."""
    held: dict[str, PlanItem] = {}
    for item in items:
        if item.reason is not Reason.PRICES_HELD:
            yield item
        elif (other := held.get(item.offer_id)) is None:
            held[item.offer_id] = item
        else:
            changes = {change.field: change for change in (*other.changes, *item.changes)}
            price, minimum = item.price or other.price, item.min_price if other.min_price is None else other.min_price
            old = item.old_price if other.old_price is None else other.old_price
            held[item.offer_id] = replace(other, changes=tuple(changes.values()), price=price, old_price=old, min_price=minimum)
    yield from held.values()


def release_prices(plan: SyncPlan) -> SyncPlan:
    """The plan with held prices confirmed: they are sent."""
    return in_order(
        replace(item, kind=ActionKind.PRICE, reason=Reason.PRICE_CHANGED) if item.reason is Reason.PRICES_HELD else item
        for item in plan.items
    )


def prices_that_change(plan: SyncPlan, accepted: Mapping[str, Accepted]) -> list[PriceChange]:
    """Selling prices Ozon has that the plan would change, alone or with their card."""
    found: dict[str, PriceChange] = {}
    for item in plan.items:
        new = item.payload.price if item.payload is not None else item.price if item.kind is ActionKind.PRICE else None
        known = accepted.get(item.offer_id)
        if new is not None and known is not None and known.price is not None and known.price != new:
            found[item.offer_id] = PriceChange(item.offer_id, known.price, new)
    return list(found.values())
