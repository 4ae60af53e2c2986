"""What Ozon shows of products at this moment, read for a plan: cards, prices and stocks."""

from collections.abc import Collection, Sequence

from ozon_desktop.domain.adoption import CachedCard, merged
from ozon_desktop.domain.cabinet import ListedProduct, WarehouseStock
from ozon_desktop.domain.card_merging import held_payload
from ozon_desktop.domain.integration import Scheme
from ozon_desktop.domain.pricing import money
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_plan import ActionKind, PlanItem, Reason, Shown, SyncPlan, in_order
from ozon_desktop.ozon.client import OzonClient

OURS = frozenset({"fbs", "rfbs"})
"""Schemes whose goods lie in the store."""

A_REQUEST = 1_000


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
    return Shown(held_payload(card) if has_card else None, price, old_price, min_price, stocks, card.archived)
