"""Whether a cabinet may be sent to, what is held for a person with the decisions about it, and what runs sent."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Executable, Row, Select, delete, func, select, update

from ozon_desktop.domain.held_items import HeldItem, SentValue
from ozon_desktop.domain.holds import HeldKey
from ozon_desktop.domain.sync_plan import Hold, Verdict
from ozon_desktop.storage.guard_tables import IN_DOUBT, LEFT_BEHIND, held_items, sending_states, sent_values, store_absences
from ozon_desktop.storage.sql import batches, of_integration, prepared, upsert
from ozon_desktop.storage.tables import store_products, store_stocks


class GuardRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- the cabinet ------------------------------------------------------------------------------------------------

    def confirmed_at(self, integration_id: int) -> datetime | None:
        """When the first sending was confirmed; None = nothing may be sent unseen."""
        state = self._state(integration_id)
        return None if state is None else state.confirmed_at

    def confirm(self, integration_id: int, at: datetime) -> None:
        """The first sending was confirmed then; a later confirmation changes nothing."""
        if self.confirmed_at(integration_id) is None:
            self._set(integration_id, at, self.is_read_only(integration_id))

    def is_read_only(self, integration_id: int) -> bool:
        state = self._state(integration_id)
        return state is not None and state.read_only

    def set_read_only(self, integration_id: int, read_only: bool) -> None:
        self._set(integration_id, self.confirmed_at(integration_id), read_only)

    def _state(self, integration_id: int) -> Row[Any] | None:
        return of_integration(self._connection, sending_states, integration_id).one_or_none()

    def _set(self, integration_id: int, confirmed_at: datetime | None, read_only: bool) -> None:
        row = {"integration_id": integration_id, "confirmed_at": confirmed_at, "read_only": read_only}
        upsert(self._connection, sending_states, [row])

    # --- held items -------------------------------------------------------------------------------------------------

    def held(self, integration_id: int) -> list[HeldItem]:
        """All that is held, decided or not, in the order of their keys."""
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
            for row in of_integration(self._connection, held_items, integration_id, "what", "offer_id", "value")
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
        _told(self._connection, integration_id)

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
        _without_sent_before(self._connection, older_than)

    # --- what an export lacked --------------------------------------------------------------------------------------

    def absent(self) -> dict[str, int]:
        """By product id the import that did not mention a product it should have; of stocks, when it mentioned none of them."""
        return {row.product_id: row.import_number for row in _absent(self._connection)}

    def left_to_a_person(self) -> tuple[frozenset[str], frozenset[str]]:
        """What a take-over left: products that only the source of before had, and those that may be on Ozon as another product."""
        found: dict[str, set[str]] = {LEFT_BEHIND: set(), IN_DOUBT: set()}
        for row in _left(self._connection):
            found[row.part].add(row.product_id)
        return frozenset(found[LEFT_BEHIND]), frozenset(found[IN_DOUBT])

    def count_products(self) -> int:
        """Products and variants of the store that are not deleted."""
        count: int = _alive(self._connection).scalar_one()
        return count


@prepared
def _told(integration_id: int) -> Executable:
    return update(held_items).where(held_items.c.integration_id == integration_id).values(told=True)


@prepared
def _without_sent_before(moment: datetime) -> Executable:
    return delete(sent_values).where(sent_values.c.sent_at < moment)


@prepared
def _absent() -> Select[Any]:
    rows, absences = store_stocks.c, store_absences.c
    alive = select(rows.product_id).where(rows.quantity != Decimal(0), rows.product_id == absences.product_id)
    gone = absences.part.in_(("catalog", LEFT_BEHIND)) | ~alive.exists()
    return select(absences.product_id, absences.import_number).where(gone, absences.part != IN_DOUBT)


@prepared
def _left() -> Select[Any]:
    table = store_absences.c
    return select(table.product_id, table.part).where(table.part.in_((LEFT_BEHIND, IN_DOUBT)))


@prepared
def _alive() -> Select[Any]:
    return select(func.count()).where(store_products.c.deleted.is_(False))


def _is(integration_id: int, key: HeldKey) -> tuple[Any, ...]:
    table = held_items.c
    return (table.integration_id == integration_id, table.offer_id == key.offer_id, table.what == key.what, table.value == key.value)
