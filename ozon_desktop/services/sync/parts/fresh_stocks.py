"""Keeps a plan's stocks true to what has been sold since it was made."""

from dataclasses import replace

from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, PlanItem, Reason, SyncPlan, in_order
from ozon_desktop.services.orders.sold_since import SoldSince

OUGHT_TO_STAY = frozenset({Reason.STOCK_CHANGED, Reason.TAKEN_BACK})
"""Why stocks are sent of products whose stock, when a plan of now does not name it, is to stay as Ozon is known to have it."""


def lowered(plan: SyncPlan, fresh: SyncPlan) -> SyncPlan:
    """The plan with no stock above that of a plan made now, and with what that one lowers: what was sold since is not offered."""
    return _merged(list(not_above(plan, fresh).items), fallen(fresh))


def not_above(plan: SyncPlan, fresh: SyncPlan) -> SyncPlan:
    """The plan with no stock above that of a plan made now."""
    now = {item.offer_id: item for item in fresh.of(ActionKind.STOCK)}
    items: list[PlanItem] = []
    for item in plan.items:
        if item.kind is not ActionKind.STOCK or item.hold is not None:
            items.append(item)
            continue
        wanted = dict(now[item.offer_id].stocks) if item.offer_id in now else {}
        if item.reason in OUGHT_TO_STAY:
            wanted = _before(item) | wanted
        items += _with_stocks(item, tuple((house, min(pieces, wanted.get(house, pieces))) for house, pieces in item.stocks))
    return in_order(items)


def only_lower(plan: SyncPlan, sold: SoldSince) -> SyncPlan:
    """The plan without the stocks that would rise: what has been sold meanwhile could not be asked. Those products wait.

    sold: what Ozon is known to have sold since they were set, and has subtracted by itself: sent again, a number that is lower by no
    more than that would bring back what was sold since and is not known.
    """
    items: list[PlanItem] = []
    waiting: list[PlanItem] = []
    for item in plan.items:
        if item.kind is not ActionKind.STOCK or item.hold is not None:
            items.append(item)
            continue
        before, gone = _before(item), sold.get(item.offer_id, {})
        left = {house: pieces - gone.get(house, 0) - gone.get(0, 0) for house, pieces in before.items()}
        falling = tuple((house, pieces) for house, pieces in item.stocks if pieces == 0 or pieces < left.get(house, 0))
        items += _with_stocks(item, falling)
        if len(falling) < len(item.stocks):
            waiting.append(PlanItem(ActionKind.SKIP, item.offer_id, item.name, Reason.ORDERS_UNREAD, product_id=item.product_id))
    return in_order([*items, *waiting])


def fallen(fresh: SyncPlan) -> SyncPlan:
    """The stocks of a plan that are lower than what Ozon is known to have."""
    items: list[PlanItem] = []
    # What is gone from the store is zeroed when it is archived.
    for item in (item for item in fresh.of(ActionKind.STOCK) if item.reason is Reason.STOCK_CHANGED):
        before = _before(item)
        items += _with_stocks(item, tuple((house, pieces) for house, pieces in item.stocks if pieces < before.get(house, 0)))
    return SyncPlan(tuple(items))


def _merged(items: list[PlanItem], falling: SyncPlan) -> SyncPlan:
    """The items with those that fall, one item for each product."""
    more = {item.offer_id: item for item in falling.items}
    merged: list[PlanItem] = []
    for item in items:
        added = more.pop(item.offer_id, None) if item.kind is ActionKind.STOCK and item.hold is None else None
        if added is not None:
            known = dict(item.stocks)
            stocks = tuple(pair for pair in added.stocks if pair[0] not in known)
            item = replace(item, stocks=(*item.stocks, *stocks), changes=(*item.changes, *_of_houses(added, dict(stocks))))
        merged.append(item)
    return in_order([*merged, *more.values()])


def _of_houses(item: PlanItem, houses: dict[int, int]) -> tuple[FieldChange, ...]:
    names = {f"stock:{house}" for house in houses}
    return tuple(change for change in item.changes if change.field in names)


def _before(item: PlanItem) -> dict[int, int]:
    """What Ozon is known to hold, by warehouse, where anything is known."""
    pairs = ((change.field.partition(":"), change.old) for change in item.changes)
    return {int(house): int(old) for (head, _, house), old in pairs if head == "stock" and old}


def _with_stocks(item: PlanItem, stocks: tuple[tuple[int, int], ...]) -> list[PlanItem]:
    """The item with these stocks, its changes told accordingly; nothing when they are what Ozon has, or none."""
    before = _before(item)
    changed = tuple((house, pieces) for house, pieces in stocks if before.get(house) != pieces)
    if not changed:
        return []
    new = {f"stock:{house}": str(pieces) for house, pieces in changed}
    changes = tuple(replace(change, new=new[change.field]) for change in item.changes if change.field in new)
    return [replace(item, stocks=changed, changes=changes)]
