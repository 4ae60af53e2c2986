"""What Ozon shows of products at this moment, read for a plan: cards, prices, stocks, and what buyers have reserved."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ozon_desktop.domain.adoption import CachedCard, merged
from ozon_desktop.domain.cabinet import ListedProduct, WarehouseStock
from ozon_desktop.domain.card import CardPayload
from ozon_desktop.domain.integration import Scheme, VatRate, same_vat
from ozon_desktop.domain.pricing import money
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_plan import ActionKind, FieldChange, PlanItem, Reason, Shown, SyncPlan, in_order
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.sync.parts.plan_maker import Made

OURS = frozenset({"fbs", "rfbs"})
"""Schemes whose goods lie in the store."""

A_REQUEST = 1_000
Stocks = Mapping[str, tuple[WarehouseStock, ...]]


def reserved_pieces(stocks: Stocks, filled: Collection[int]) -> dict[str, int]:
    """Pieces of each product that buyers have reserved on the warehouses the program fills; only those that have any.

    What lies on a warehouse that is left to another program is not taken off the stock that is split here.
    """
    counted = {offer_id: sum(part.reserved for part in parts if part.warehouse_id in filled) for offer_id, parts in stocks.items()}
    return {offer_id: pieces for offer_id, pieces in counted.items() if pieces > 0}


def without_reserved(made: Made, reserved: Mapping[str, int]) -> SyncPlan:
    """The plan with the stocks of these products worked out again without the reserved pieces; what then is the same is left out."""
    items: list[PlanItem] = []
    for item in made.plan.items:
        need = made.needs.get(item.offer_id)
        if item.kind is not ActionKind.STOCK or need is None or item.offer_id not in reserved:
            items.append(item)
            continue
        last = dict(need.known)
        pairs = made.splitter.split(need.held, need.limits, reserved[item.offer_id])
        changed = tuple((house, pieces) for house, pieces in pairs if last.get(house) != pieces)
        changes = tuple(FieldChange(f"stock:{house}", str(last.get(house, "")), str(pieces)) for house, pieces in changed)
        if changed:
            items.append(replace(item, stocks=changed, changes=changes))
    return SyncPlan(tuple(items))


def without_unread(plan: SyncPlan, unread: Collection[str]) -> SyncPlan:
    """The plan with these products left out, each once."""
    if not unread:
        return plan
    kept = [item for item in plan.items if item.kind is ActionKind.SKIP or item.offer_id not in unread]
    left_out = {item.offer_id: item for item in plan.items if item.kind is not ActionKind.SKIP and item.offer_id in unread}
    skips = [PlanItem(ActionKind.SKIP, item.offer_id, item.name, Reason.OZON_UNREADABLE) for item in left_out.values()]
    return in_order([*kept, *skips])


async def shown_now(client: OzonClient, offers: Sequence[str], scheme: Scheme | None, progress: Progress) -> dict[str, Shown]:
    """What Ozon shows of these products; those it does not know are left out. OzonError, NetworkError."""
    found: dict[str, Shown] = {}
    for start in range(0, len(offers), A_REQUEST):
        progress(ProgressUpdate(Stage.CABINET, start, len(offers)))
        chunk = offers[start : start + A_REQUEST]
        infos = {info.offer_id: info for info in await client.product_infos(chunk)}
        present = list(infos)
        if not present:
            continue
        prices = {price.offer_id: price for price in await client.prices(present)}
        stocks = await client.warehouse_stocks(present) if scheme is not None and scheme.sends_stock else None
        cards = {card.offer_id: card async for page in client.cards(present) for card in page}
        for offer_id, info in infos.items():
            listed = ListedProduct(info.product_id, offer_id, info.sku, info.archived)
            whole = merged(listed, info, cards.get(offer_id), prices.get(offer_id), ())
            held = None if stocks is None or info.archived else stocks.get(offer_id, ())
            found[offer_id] = _shown(whole, offer_id in cards, held)
    return found


def _shown(card: CachedCard, has_card: bool, stocks: tuple[WarehouseStock, ...] | None) -> Shown:
    price, old_price, min_price = (None if amount is None else money(amount) for amount in (card.price, card.old_price, card.min_price))
    return Shown(payload_of(card) if has_card else None, price, old_price, min_price, stocks, card.archived)


def payload_of(card: CachedCard) -> CardPayload | None:
    """The card as it would be sent to stay as it is; None = its type is not known."""
    if card.type_key is None:
        return None
    rates = (rate.ozon_value for rate in VatRate if rate.accepted_by_ozon)
    vat = next((rate for rate in rates if card.vat and same_vat(rate, card.vat)), card.vat)
    sizes = card.dimensions
    return CardPayload(
        card.offer_id,
        card.name,
        card.type_key,
        card.price or Decimal(0),
        vat,
        card.currency,
        sizes.depth or 0,
        sizes.width or 0,
        sizes.height or 0,
        sizes.weight or 0,
        card.images,
        card.barcodes[0] if card.barcodes else "",
        card.attributes,
    )
