"""What of a plan waits for a person: price and stock jumps, many prices at once, products missing from an export. And what is sent then."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import blake2b

from ozon_desktop.domain.price_rules import HUNDRED, GuardLimits, PriceChange, PriceGuard, guard_prices
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
    in_order,
    price_changes,
)

STOCK_TIMES, STOCK_PIECES = 100, 1_000
"""A rise of one stock beyond both, as a factor and in pieces, is held."""

VANISHED_SHARE, VANISHED_AT_LEAST = Decimal(5), 10
"""Products missing from a full export are held when they are more than this many per cent of all and no fewer than this many."""

FEW = 2

RELEASED_BY_CONFIRMING = frozenset({Hold.PRICE_JUMP, Hold.MANY_PRICES, Hold.DRIFTED, Hold.STOCK_JUMP, Hold.VANISHED})
"""Holds of guards. An unanswered question and what was taken back are no mistakes to look out for: confirming a plan leaves them."""

OF_PRICES = frozenset({Hold.PRICE_JUMP, Hold.MANY_PRICES})
PLAN_ID_BYTES = 6


@dataclass(frozen=True, slots=True, order=True)
class HeldKey:
    """What a decision is about: one change of one product, old → new. what: "price", "stock", "vanished", "doubtful" or
    "taken_back:<kind>"."""

    offer_id: str
    what: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Absences:
    """Products that a full export did not mention although it should have.

    offers: by offer_id the import that missed it; counts: how many products each import missed; alive: products the store has now.
    left: those a take-over of the store found no partner for, which are held however few they are; doubtful: those whose card may be on
    Ozon as that of another product.
    """

    offers: Mapping[str, int]
    counts: Mapping[int, int]
    alive: int
    left: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()

    def too_many(self, plan: SyncPlan, on_ozon: int) -> frozenset[str]:
        """Offers of the plan that are held. on_ozon: how many products of the store are there, those that are missing left out.

        Judged twice: by what one import missed of the store, and by what is to be taken off Ozon in all.
        """
        planned = {item.offer_id for item in plan.items if _takes_away(item)}
        missed = {offer: self.offers[offer] for offer in planned if offer in self.offers}
        gone = sum(1 for item in plan.items if item.reason is Reason.DELETED_IN_STORE and item.offer_id in missed)
        if _is_much(len(missed), on_ozon + gone):
            return frozenset(missed)
        much = (offer for offer, number in missed.items() if _is_much(self.counts[number], self.alive + self.counts[number]))
        return frozenset(much) | (self.left & planned)


NOTHING_ABSENT = Absences({}, {}, 0)


def _is_much(missing: int, of: int) -> bool:
    return missing >= VANISHED_AT_LEAST and missing * HUNDRED > VANISHED_SHARE * of


def much_is_missing(missing: int, before: int) -> bool:
    """Whether an export that lacks so many of the products there were before is worth a word: as many as are held, or half of few."""
    return _is_much(missing, before) or (missing >= FEW and missing * 2 >= before)


# --- Keys and decisions -----------------------------------------------------------------------------------------------


def key_of(item: PlanItem) -> HeldKey | None:
    """The change a held item is about; None = it is not held, or is decided about elsewhere."""
    if item.hold is None or item.hold is Hold.UNANSWERED:
        return None
    if item.hold in {Hold.VANISHED, Hold.DOUBTFUL}:
        return HeldKey(item.offer_id, item.hold.value)
    if item.hold is Hold.TAKEN_BACK:
        return taken_back_key(item)
    what = "price" if item.kind is ActionKind.PRICE else "stock"
    changes = [change for change in item.changes if change.field == "price"] or item.changes
    return HeldKey(item.offer_id, what, "; ".join(f"{change.field}: {change.old} > {change.new}" for change in changes))


def taken_back_key(item: PlanItem) -> HeldKey:
    """A value of the store that was taken back: whatever Ozon holds, it is the new value that is not wanted there."""
    digest = blake2b(repr((item.payload and replace(item.payload, price=Decimal(0)), item.price, item.stocks)).encode(), digest_size=12)
    return HeldKey(item.offer_id, f"taken_back:{item.kind.value}", digest.hexdigest())


def with_verdicts(plan: SyncPlan, verdicts: Mapping[HeldKey, Verdict | None]) -> SyncPlan:
    """The plan with these decisions; held items without one are undecided."""
    return SyncPlan(tuple(_judged(item, verdicts) for item in plan.items))


def _judged(item: PlanItem, verdicts: Mapping[HeldKey, Verdict | None]) -> PlanItem:
    key = key_of(item)
    # Who takes something back has decided about it.
    usual = Verdict.KEEP if item.hold is Hold.TAKEN_BACK else None
    return item if key is None else replace(item, verdict=verdicts.get(key, usual))


def confirmed(plan: SyncPlan, holds: Collection[Hold] = RELEASED_BY_CONFIRMING) -> SyncPlan:
    """The plan as a person confirms it whole: what is held for these reasons is sent, what was decided to be kept is kept."""
    return SyncPlan(
        tuple(replace(item, verdict=Verdict.SEND) if item.hold in holds and item.verdict is None else item for item in plan.items)
    )


def plan_id(plan: SyncPlan, integration_id: int) -> str:
    """Names everything a confirmation of the plan could send: another plan has another id. Held items count, kept ones do not."""
    digest = blake2b(str(integration_id).encode(), digest_size=PLAN_ID_BYTES)
    for item in confirmed(plan).items:
        if item.kind is not ActionKind.SKIP and not item.waits:
            sent = (item.kind.value, item.offer_id, item.payload, item.price, item.old_price, item.min_price, item.stocks)
            # Also what would be replaced: somebody has seen and agreed to that as well.
            digest.update(repr((*sent, item.changes)).encode())
    return digest.hexdigest()


def sendable(plan: SyncPlan) -> SyncPlan:
    """What is sent of a plan: without what is held, and with one stock item for each product, a released rise joined to the rest."""
    stocks: dict[str, PlanItem] = {}
    items: list[PlanItem] = []
    for item in plan.items:
        if item.waits:
            continue
        if item.kind is not ActionKind.STOCK:
            items.append(item)
        elif (other := stocks.get(item.offer_id)) is None:
            stocks[item.offer_id] = item
        else:
            stocks[item.offer_id] = replace(other, stocks=other.stocks + item.stocks, changes=other.changes + item.changes)
    return in_order([*items, *stocks.values()])


# --- Holding ------------------------------------------------------------------------------------------------------------


def hold_back(
    plan: SyncPlan,
    accepted: Mapping[str, Accepted],
    guard: PriceGuard | None,
    limits: GuardLimits,
    vanished: Collection[str] = (),
    decided: Mapping[HeldKey, Verdict | None] | None = None,
    doubtful: Collection[str] = (),
    drifted: Collection[str] = (),
) -> SyncPlan:
    """The plan with everything held that a person should see first, and with what was decided about it.

    guard: what was found of many prices at once, None = prices are not sent; vanished: offers whose products are missing too many at
    once; doubtful: offers whose cards may be there already; drifted: offers whose price somebody else has set on Ozon, which `accepted`
    says. decided: also names what was taken back. All else goes on: a card whose
    price is held goes with the price Ozon has.
    """
    known = decided or {}
    held = _hold_prices(plan, accepted, guard, limits, drifted)
    items: list[PlanItem] = []
    archived = _archived_again(held, accepted, known)
    # What a card is created with waits with it.
    created = {item.offer_id for item in held.items if item.kind is ActionKind.CREATE} if doubtful else frozenset()
    for item in held.items:
        if (item.hold is None or item.hold in {*OF_PRICES, Hold.DRIFTED}) and _is_taken_back(item, known, archived):
            items.append(replace(item, hold=Hold.TAKEN_BACK))
        elif item.hold is not None:
            items.append(item)
        elif item.offer_id in vanished and _takes_away(item):
            items.append(replace(item, hold=Hold.VANISHED))
        elif item.offer_id in doubtful and item.offer_id in created:
            items.append(replace(item, hold=Hold.DOUBTFUL))
        elif item.kind is ActionKind.STOCK:
            items += _hold_rises(item, accepted.get(item.offer_id))
        else:
            items.append(item)
    return with_verdicts(in_order(items), known)


def _takes_away(item: PlanItem) -> bool:
    """Archivings and stocks of nothing."""
    return item.kind is ActionKind.ARCHIVE or (item.kind is ActionKind.STOCK and not any(stock for _, stock in item.stocks))


def _archived_again(plan: SyncPlan, accepted: Mapping[str, Accepted], known: Collection[HeldKey]) -> frozenset[str]:
    """Products that were taken back into the archive: nothing of theirs can be sent while their card stays there."""
    if not known:
        return frozenset()
    cards = (item for item in plan.items if item.kind is ActionKind.UPDATE and taken_back_key(item) in known)
    return frozenset(item.offer_id for item in cards if (found := accepted.get(item.offer_id)) is not None and found.archived)


def _is_taken_back(item: PlanItem, known: Collection[HeldKey], archived: Collection[str]) -> bool:
    if item.offer_id in archived and item.kind is not ActionKind.SKIP:
        return True
    return bool(known) and _may_be_kept(item) and taken_back_key(item) in known


def _may_be_kept(item: PlanItem) -> bool:
    """A stock that is lower than what Ozon offers is never kept away: Ozon would sell what is not there."""
    if item.kind in {ActionKind.SKIP, ActionKind.CREATE}:
        return False
    return item.kind is not ActionKind.STOCK or all(_number(change.old) <= _number(change.new) for change in item.changes)


def _number(text: str) -> int:
    return int(text) if text else 0


# --- prices -------------------------------------------------------------------------------------------------------------


def prices_that_change(plan: SyncPlan, accepted: Mapping[str, Accepted]) -> list[PriceChange]:
    """Selling prices Ozon has that the plan would change, alone or with their card."""
    found: dict[str, PriceChange] = {}
    for item in plan.items:
        new = item.payload.price if item.payload is not None else item.price if item.kind is ActionKind.PRICE else None
        known = accepted.get(item.offer_id)
        if new is not None and item.hold is None and known is not None and known.price is not None and known.price != new:
            found[item.offer_id] = PriceChange(item.offer_id, known.price, new)
    return list(found.values())


def judge_prices(plan: SyncPlan, accepted: Mapping[str, Accepted], prices: int, limits: GuardLimits) -> PriceGuard:
    """What the guard of many prices says of a plan. prices: how many are known on Ozon."""
    return guard_prices(prices_that_change(plan, accepted), prices, limits)


def _hold_prices(
    plan: SyncPlan, accepted: Mapping[str, Accepted], guard: PriceGuard | None, limits: GuardLimits, drifted: Collection[str]
) -> SyncPlan:
    if guard is None:
        return plan
    many = guard.stopped
    jumps = {change.offer_id for change in prices_that_change(plan, accepted) if change.percent > limits.single}
    if not many and not jumps and not drifted:
        return plan
    items: list[PlanItem] = []
    for item in plan.items:
        known = accepted.get(item.offer_id)
        hold = Hold.DRIFTED if item.offer_id in drifted else Hold.MANY_PRICES if many else Hold.PRICE_JUMP
        if item.hold is not None or not (many or item.offer_id in jumps or item.offer_id in drifted):
            items.append(item)
        elif item.kind is ActionKind.PRICE:
            items.append(replace(item, hold=hold, changes=_from_drifted(item, known) if hold is Hold.DRIFTED else item.changes))
        elif item.payload is None or known is None or known.price is None or known.price == item.payload.price:
            items.append(item)
        else:
            items += _parted(item, known, hold)
    return in_order(_joined(items))


def _from_drifted(item: PlanItem, known: Accepted | None) -> tuple[FieldChange, ...]:
    """The changes, from the price Ozon has: it is what somebody decides about."""
    now = "" if known is None or known.price is None else str(known.price)
    return tuple(replace(change, old=now) if change.field == "price" else change for change in item.changes)


def _parted(item: PlanItem, known: Accepted, hold: Hold) -> tuple[PlanItem, PlanItem]:
    """The card with the price Ozon has, and its price by itself, held."""
    assert item.payload is not None and known.price is not None  # noqa: PT018
    # A card without a price before the discount takes it away; a price by itself says so, or Ozon would refuse it beside the old one.
    old_price = item.old_price or (Decimal(0) if known.old_price else None)
    changes = price_changes((known.price, known.old_price, None), (item.payload.price, old_price, None))
    price = replace(
        item,
        kind=ActionKind.PRICE,
        reason=Reason.PRICE_CHANGED,
        payload=None,
        changes=changes,
        price=item.payload.price,
        old_price=old_price,
        hold=hold,
    )
    left = tuple(change for change in item.changes if change.field not in {"price", "old_price"})
    return replace(item, payload=replace(item.payload, price=known.price), old_price=known.old_price, changes=left), price


def _joined(items: Iterable[PlanItem]) -> Iterable[PlanItem]:
    """A product whose card and lowest price both change has its held prices in one item."""
    held: dict[str, PlanItem] = {}
    for item in items:
        if item.hold not in OF_PRICES:
            yield item
        elif (other := held.get(item.offer_id)) is None:
            held[item.offer_id] = item
        else:
            changes = {change.field: change for change in (*other.changes, *item.changes)}
            price, minimum = item.price or other.price, item.min_price if other.min_price is None else other.min_price
            old = item.old_price if other.old_price is None else other.old_price
            held[item.offer_id] = replace(other, changes=tuple(changes.values()), price=price, old_price=old, min_price=minimum)
    yield from held.values()


# --- stocks -------------------------------------------------------------------------------------------------------------


def _hold_rises(item: PlanItem, known: Accepted | None) -> list[PlanItem]:
    """The item in two: what rises too much, held, and the rest. A first stock is no rise; pieces that only move are none either."""
    last = {house: stock for house, stock in known.stocks if stock != UNSURE_STOCK} if known is not None else {}
    if sum({**last, **dict(item.stocks)}.values()) - sum(last.values()) <= STOCK_PIECES:
        return [item]
    rises = {house for house, stock in item.stocks if house in last and _jumps(last[house], stock)}
    if not rises:
        return [item]
    held = _of_houses(item, rises, inside=True)
    parts = [replace(held, hold=Hold.STOCK_JUMP)]
    rest = _of_houses(item, rises, inside=False)
    return [rest, *parts] if rest.stocks else parts


def _jumps(old: int, new: int) -> bool:
    return new > old * STOCK_TIMES and new - old > STOCK_PIECES


def _of_houses(item: PlanItem, houses: Collection[int], *, inside: bool) -> PlanItem:
    def wanted(change: FieldChange) -> bool:
        return (int(change.field.partition(":")[2]) in houses) is inside

    stocks = tuple(pair for pair in item.stocks if (pair[0] in houses) is inside)
    return replace(item, stocks=stocks, changes=tuple(filter(wanted, item.changes)))
