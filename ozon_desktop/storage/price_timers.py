"""The timers of lowest prices, beside the products they are about."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, delete, select, update

from ozon_desktop.domain.price_timers import KnownTimer, MinPriceTimer
from ozon_desktop.storage.price_timer_tables import price_timers
from ozon_desktop.storage.sql import batches, upsert
from ozon_desktop.storage.tables import accepted_offers


class PriceTimerRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, integration_id: int, offer_ids: Iterable[str] | None = None) -> list[KnownTimer]:
        """Of each product on Ozon with a lowest price of the program's, in the order of articles. offer_ids: only of these."""
        card, timer = accepted_offers.c, price_timers.c
        same = and_(timer.integration_id == card.integration_id, timer.offer_id == card.offer_id, timer.product_id == card.product_id)
        query = select(card.offer_id, card.product_id, card.min_price, timer.enabled, timer.ends_at, timer.read_at)
        query = query.select_from(accepted_offers.outerjoin(price_timers, same))
        query = query.where(card.integration_id == integration_id, card.product_id != 0, card.archived.is_(False))
        query = query.where(card.min_price.is_not(None)).order_by(card.offer_id)
        chosen = [query] if offer_ids is None else [query.where(card.offer_id.in_(batch)) for batch in batches(offer_ids)]
        found: list[KnownTimer] = []
        for one in chosen:
            # Nothing is an amount as well: there is no lowest price then.
            for row in (row for row in self._connection.execute(one) if row.min_price):
                known = None if row.enabled is None else MinPriceTimer(row.product_id, row.enabled, row.ends_at)
                found.append(KnownTimer(row.offer_id, row.product_id, known, row.read_at))
        return found

    def save(self, integration_id: int, timers: Iterable[tuple[str, MinPriceTimer]], read_at: datetime) -> None:
        """Replaces what is known of these articles."""
        for batch in batches(timers):
            rows = [
                {
                    "integration_id": integration_id,
                    "offer_id": offer_id,
                    "product_id": timer.product_id,
                    "enabled": timer.enabled,
                    "ends_at": timer.ends_at,
                    "read_at": read_at,
                }
                for offer_id, timer in batch
            ]
            upsert(self._connection, price_timers, rows)

    def forget_minimum(self, integration_id: int, offer_ids: Iterable[str]) -> None:
        """Ozon does not respect the lowest prices of these any more: that they were set does not count, so they are planned anew."""
        table = accepted_offers.c
        for batch in batches(offer_ids):
            here = and_(table.integration_id == integration_id, table.offer_id.in_(batch))
            self._connection.execute(update(accepted_offers).where(here).values(min_price=None, card_print=None))

    def forget(self, integration_id: int) -> None:
        """Has all of them read again."""
        self._connection.execute(delete(price_timers).where(price_timers.c.integration_id == integration_id))
