"""A posting that was just read becomes what the program knows, as if a fetch had brought it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from ozon_desktop.domain.orders import Posting, order_of
from ozon_desktop.services.orders.parts.given_back import doubt_stocks, frees_goods
from ozon_desktop.storage.unit_of_work import UnitOfWork

MARK_DAYS = "fbs/mark_days"
DEFAULT_MARK_DAYS = 90
"""How long codes stay readable after their parcel has left: buyers may give goods back so long."""


def forget_codes(unit: UnitOfWork, now: datetime) -> int:
    """Codes of parcels that left long ago become their digests; gives how many."""
    days = unit.preferences.get(MARK_DAYS)
    return unit.fbs.forget_codes(now - timedelta(days=int(days) if days is not None else DEFAULT_MARK_DAYS))


def keep_postings(unit: UnitOfWork, integration_id: int, postings: Sequence[Posting], now: datetime) -> None:
    """Stores them; of those newly cancelled the stocks are not sure any more."""
    if not postings:
        return
    settings = unit.integrations.get(integration_id).settings
    numbers = [posting.posting_number for posting in postings]
    before = {order.posting.posting_number: order.posting.status for order in unit.orders.some(integration_id, numbers)}
    for posting in postings:
        unit.orders.upsert(order_of(posting, integration_id, settings, now))
    freed = [one for one in postings if frees_goods(one) and before.get(one.posting_number) != one.status]
    doubt_stocks(unit, integration_id, freed)
