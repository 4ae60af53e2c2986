"""«Сначала пять»: which products go first, and whether Ozon shows of them what was sent."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ozon_desktop.domain.cabinet import shown_on
from ozon_desktop.domain.sync_plan import ActionKind, PlanItem, Shown, SyncPlan, card_changes

FIVE = 5
OF_EACH_KIND = 3
"""Of the five, so many are new cards and the rest updates, or the other way round where one kind has fewer."""

_NUMBERS = ("price", "old_price", "min_price")


@dataclass(frozen=True, slots=True)
class FieldCheck:
    """One field of a product as it was sent and as Ozon shows it; names and texts as in a FieldChange."""

    offer_id: str
    name: str
    field: str
    sent: str
    shown: str
    matches: bool


def typical(plan: SyncPlan) -> frozenset[str]:
    """Up to five articles of what the plan would send, the same ones for the same plan.

    New cards and updates mixed, each kind from the types most products have; then products of which only numbers go.
    """
    created, updated = (_by_types(plan.of(kind)) for kind in (ActionKind.CREATE, ActionKind.UPDATE))
    first = max(min(OF_EACH_KIND, len(created)), FIVE - len(updated))
    chosen = [*created[:first], *updated[: FIVE - min(first, len(created))]]
    numbers = sorted({item.offer_id for kind in (ActionKind.PRICE, ActionKind.STOCK) for item in plan.of(kind)} - set(chosen))
    return frozenset([*chosen, *numbers][:FIVE])


def _by_types(items: Iterable[PlanItem]) -> list[str]:
    """Articles, one of each type in turn, the type with the most products first."""
    by_type: dict[str, list[str]] = {}
    for item in sorted(items, key=lambda item: item.offer_id):
        if item.payload is not None:
            by_type.setdefault(str(item.payload.type_key), []).append(item.offer_id)
    sizes = Counter({key: len(offers) for key, offers in by_type.items()})
    order = sorted(by_type, key=lambda key: (-sizes[key], key))
    places = ((turn, order.index(key), offer) for key, offers in by_type.items() for turn, offer in enumerate(offers))
    return [offer for _, _, offer in sorted(places)]


def compare(items: Iterable[PlanItem], shown: Mapping[str, Shown]) -> tuple[FieldCheck, ...]:
    """Each field that was sent beside what Ozon shows; a product that cannot be read matches in nothing."""
    found: list[FieldCheck] = []
    for item in items:
        seen = shown.get(item.offer_id, Shown())
        found += _compare_card(item, seen)
        found += _compare_numbers(item, seen)
    return tuple(sorted(found, key=lambda check: (check.offer_id, check.matches)))


def _compare_card(item: PlanItem, seen: Shown) -> list[FieldCheck]:
    if item.payload is None:
        return []
    sent = {change.field: change.new for change in card_changes(None, item.payload) if change.new not in {"", "0"}}
    if seen.card is None:
        return [FieldCheck(item.offer_id, item.name, field, text, "", False) for field, text in sent.items()]
    differing = {change.field: change.old for change in card_changes(seen.card, item.payload, only_sent=True)}
    # Ozon keeps pictures under addresses of its own: what can be compared is how many there are.
    if len(seen.card.images) < len(item.payload.images):
        differing["images"] = str(len(seen.card.images))
    if item.payload.barcode and not seen.card.barcode:
        differing["barcode"] = ""
    if seen.price != item.payload.price:
        differing["price"] = _text(seen.price)
    return [
        FieldCheck(item.offer_id, item.name, field, text, differing.get(field, text), field not in differing)
        for field, text in sent.items()
    ]


def _compare_numbers(item: PlanItem, seen: Shown) -> list[FieldCheck]:
    checks: list[FieldCheck] = []
    if item.kind is ActionKind.PRICE:
        for field in _NUMBERS:
            sent, has = getattr(item, field), getattr(seen, field)
            if sent is not None:
                checks.append(FieldCheck(item.offer_id, item.name, field, _text(sent), _text(has), (has or 0) == sent))
    elif item.kind is ActionKind.STOCK:
        for house, stock in item.stocks:
            here = None if seen.stocks is None else shown_on(seen.stocks, house)
            text = "" if here is None else str(here.free)
            checks.append(FieldCheck(item.offer_id, item.name, f"stock:{house}", str(stock), text, here is not None and here.shows(stock)))
    return checks


def _text(value: object) -> str:
    return "" if value is None else str(value)
