"""Whether a cabinet may be sent to, what is held for a person with the decisions about it, and what runs sent."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from ozon_desktop.domain.held_items import HeldItem, SentValue
from ozon_desktop.domain.holds import HeldKey
from ozon_desktop.domain.sync_plan import Hold, Verdict
from ozon_desktop.storage.guard_tables import held_items, sending_states, sent_values, store_absences
from ozon_desktop.storage.sql import batches, upsert
from ozon_desktop.storage.tables import store_products, store_stocks


class GuardRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- the cabinet ------------------------------------------------------------------------------------------------

    def confirmed_at(self, integration_id: int) -> datetime | None:
        """When the first sending was confirmed; None = nothing may be sent unseen."""
        query = select(sending_states.c.confirmed_at).where(sending_states.c.integration_id == integration_id)
        return self._connection.execute(query).scalar_one_or_none()

    def confirm(self, integration_id: int, at: datetime) -> None:
        """The first sending was confirmed then; a later confirmation changes nothing."""
        if self.confirmed_at(integration_id) is None:
            self._set(integration_id, at, self.is_read_only(integration_id))

    def is_read_only(self, integration_id: int) -> bool:
        query = select(sending_states.c.read_only).where(sending_states.c.integration_id == integration_id)
        return bool(self._connection.execute(query).scalar_one_or_none())

    def set_read_only(self, integration_id: int, read_only: bool) -> None:
        self._set(integration_id, self.confirmed_at(integration_id), read_only)

    def _set(self, integration_id: int, confirmed_at: datetime | None, read_only: bool) -> None:
        row = {"integration_id": integration_id, "confirmed_at": confirmed_at, "read_only": read_only}
        upsert(self._connection, sending_states, [row])

    # --- held items -------------------------------------------------------------------------------------------------

    def held(self, integration_id: int) -> list[HeldItem]:
        """All that is held, decided or not, in the order of their keys."""
        table = held_items.c
        query = select(held_items).where(table.integration_id == integration_id).order_by(table.what, table.offer_id, table.value)
        return [
            HeldItem(
                HeldKey(row.offer_id, row.what, row.value),
                Hold(row.hold),
                row.name,
                row.changes,
                None if row.verdict is None else Verdict(row.verdict),
                row.told,
                row.since,
            )
            for row in self._connection.execute(query)
        ]

    def count_undecided(self, integration_id: int) -> int:
        mine = (held_items.c.integration_id == integration_id) & held_items.c.verdict.is_(None)
        return self._connection.execute(select(func.count()).select_from(held_items).where(mine)).scalar_one()

    def keep_held(self, integration_id: int, items: Iterable[HeldItem]) -> None:
        """Adds held items; one that is known is overwritten."""
        for batch in batches(items):
            rows = [
                {
                    "integration_id": integration_id,
                    "offer_id": item.key.offer_id,
                    "what": item.key.what,
                    "value": item.key.value,
                    "hold": item.hold,
                    "name": item.name,
                    "changes": item.changes,
                    "verdict": item.verdict,
                    "told": item.told,
                    "since": item.since,
                }
                for item in batch
            ]
            upsert(self._connection, held_items, rows)

    def forget_held(self, integration_id: int, keys: Iterable[HeldKey]) -> None:
        for key in keys:
            self._connection.execute(delete(held_items).where(*_is(integration_id, key)))

    def decide(self, integration_id: int, keys: Iterable[HeldKey], verdict: Verdict | None) -> int:
        """Sets or, with None, takes back a decision; gives how many of the keys are held."""
        return sum(
            self._connection.execute(update(held_items).where(*_is(integration_id, key)).values(verdict=verdict)).rowcount for key in keys
        )

    def set_told(self, integration_id: int) -> None:
        """The owner has heard of all that is held."""
        self._connection.execute(update(held_items).where(held_items.c.integration_id == integration_id).values(told=True))

    # --- what runs sent ---------------------------------------------------------------------------------------------

    def keep_sent(self, integration_id: int, run_id: int, values: Iterable[SentValue], at: datetime) -> None:
        for batch in batches(values):
            rows = [
                {
                    "integration_id": integration_id,
                    "run_id": run_id,
                    "offer_id": value.item.offer_id,
                    "kind": value.item.kind,
                    "item": value.item,
                    "before": value.before,
                    "sent_at": at,
                }
                for value in batch
            ]
            upsert(self._connection, sent_values, rows)

    def sent(self, integration_id: int, run_id: int) -> list[SentValue]:
        """What a run sent, by kind and offer_id; [] = nothing, or it is forgotten by now."""
        mine = (sent_values.c.integration_id == integration_id) & (sent_values.c.run_id == run_id)
        query = select(sent_values.c.item, sent_values.c.before).where(mine).order_by(sent_values.c.kind, sent_values.c.offer_id)
        return [SentValue(row.item, row.before) for row in self._connection.execute(query)]

    def forget_sent(self, integration_id: int, run_id: int, unsent: Collection[tuple[str, str]], older_than: datetime) -> None:
        """Forgets (offer_id, kind) pairs of a run that were not sent after all, and everything sent before a moment."""
        for offer_id, kind in unsent:
            row = (sent_values.c.run_id == run_id, sent_values.c.offer_id == offer_id, sent_values.c.kind == kind)
            self._connection.execute(delete(sent_values).where(sent_values.c.integration_id == integration_id, *row))
        self._connection.execute(delete(sent_values).where(sent_values.c.sent_at < older_than))

    # --- what an export lacked --------------------------------------------------------------------------------------

    def absent(self) -> dict[str, int]:
        """By product id the import that did not mention a product it should have; of stocks, when it mentioned none of them."""
        rows = store_stocks.c
        alive = select(rows.product_id).where(rows.quantity != Decimal(0), rows.product_id == store_absences.c.product_id)
        query = select(store_absences.c.product_id, store_absences.c.import_number)
        query = query.where((store_absences.c.part == "catalog") | ~alive.exists())
        return {row.product_id: row.import_number for row in self._connection.execute(query)}

    def count_products(self) -> int:
        """Products and variants of the store that are not deleted."""
        return self._connection.execute(select(func.count()).where(store_products.c.deleted.is_(False))).scalar_one()


def _is(integration_id: int, key: HeldKey) -> tuple[Any, ...]:
    table = held_items.c
    return (table.integration_id == integration_id, table.offer_id == key.offer_id, table.what == key.what, table.value == key.value)
