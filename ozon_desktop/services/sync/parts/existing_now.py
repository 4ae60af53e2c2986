"""Reads cards of Ozon's again that a plan is about to send: what it keeps of them has to be what they hold now."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ozon_desktop.domain.adoption import CachedCard, merged
from ozon_desktop.domain.cabinet import CabinetCard, CabinetProduct, ListedProduct
from ozon_desktop.domain.progress import Progress, ProgressUpdate, Stage
from ozon_desktop.domain.sync_plan import Accepted, ActionKind, SyncPlan
from ozon_desktop.ozon.client import OzonClient
from ozon_desktop.services.shared import Clock
from ozon_desktop.services.sync.parts.existing import cached_cards
from ozon_desktop.storage.database import Database
from ozon_desktop.storage.unit_of_work import UnitOfWork

FRESH_FOR = timedelta(minutes=15)
"""So long a card counts as read just now: a preview and its confirmation see the same card."""

A_REQUEST = 1_000


def stale_cards(rests_on: Mapping[str, datetime | None], now: datetime) -> list[str]:
    """Those to be read again."""
    return [offer_id for offer_id, at in rests_on.items() if at is None or at < now - FRESH_FOR]


async def read_again(
    storage: Database, client: OzonClient, integration_id: int, offer_ids: Sequence[str], clock: Clock, progress: Progress
) -> frozenset[str]:
    """Puts the cards, as they are now, into the cache; gives those Ozon did not show. OzonError, NetworkError.

    Two requests for each thousand. Stocks and the lowest price stay as they were cached.
    """
    found: set[str] = set()
    for start in range(0, len(offer_ids), A_REQUEST):
        progress(ProgressUpdate(Stage.CABINET, start, len(offer_ids)))
        chunk = list(offer_ids[start : start + A_REQUEST])
        infos = {info.offer_id: info for info in await client.product_infos(chunk)}
        cards = await _cards(client, infos)
        read = [(info, card) for offer_id, info in infos.items() if (card := cards.get(offer_id)) is not None]
        at = clock()

        def save(unit: UnitOfWork, read: list[tuple[CabinetProduct, CabinetCard]] = read, at: datetime = at) -> None:
            before = cached_cards(unit, integration_id, [info.offer_id for info, _ in read])
            load = unit.cabinet.last_load(integration_id)
            now = [_merged(info, card, before.get(info.offer_id)) for info, card in read]
            unit.cabinet.save(integration_id, now, 0 if load is None else load.number, at)

        await storage.run(save)
        found.update(cards)
    return frozenset(offer_ids) - found


def unread_stocks(plan: SyncPlan, accepted: Mapping[str, Accepted]) -> list[str]:
    """Cards from before the program whose stock would be set or taken away while it is not known what Ozon offers of them."""
    kinds = {ActionKind.STOCK, ActionKind.ARCHIVE}
    asked = (accepted.get(item.offer_id) for item in plan.items if item.kind in kinds)
    return sorted({known.offer_id for known in asked if known is not None and known.product_id and known.adopted and not known.stocks})


async def learn_stocks(storage: Database, client: OzonClient, integration_id: int, offer_ids: Sequence[str]) -> bool:
    """Takes what can be bought of these cards now as what Ozon last accepted; whether any has a stock at all. OzonError, NetworkError."""
    found = await client.warehouse_stocks(offer_ids)

    def work(unit: UnitOfWork) -> None:
        accepted = unit.plan.accepted_whole(integration_id, set(found))
        learned = [
            replace(known, stocks=tuple((stock.warehouse_id, stock.free) for stock in found[offer_id]))
            for offer_id, known in accepted.items()
            if not known.stocks
        ]
        unit.sync.save_accepted(integration_id, learned)

    if found:
        await storage.run(work)
    return bool(found)


async def _cards(client: OzonClient, infos: Mapping[str, CabinetProduct]) -> dict[str, CabinetCard]:
    """Archived ones are shown only where they are asked for."""
    cards: dict[str, CabinetCard] = {}
    for visibility, archived in (("ALL", False), ("ARCHIVED", True)):
        wanted = [offer_id for offer_id, info in infos.items() if info.archived is archived]
        if wanted:
            cards |= {card.offer_id: card async for page in client.cards(wanted, visibility) for card in page}
    return cards


def _merged(info: CabinetProduct, card: CabinetCard, before: CachedCard | None) -> CachedCard:
    now = merged(ListedProduct(info.product_id, info.offer_id, info.sku, info.archived), info, card, None, ())
    return now if before is None else replace(now, min_price=before.min_price, stocks=before.stocks)
