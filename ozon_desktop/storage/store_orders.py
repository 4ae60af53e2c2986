"""Orders on their way to the store's back office, and as they are there."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select, update

from ozon_desktop.domain.orders import ENDED
from ozon_desktop.domain.store_connection import OrderStage, PlacedOrder
from ozon_desktop.storage.order_tables import orders
from ozon_desktop.storage.preferences import PreferenceRepository
from ozon_desktop.storage.sql import batches, insert_missing, prepared
from ozon_desktop.storage.store_order_tables import store_orders

PREFIX = "store/orders/prefix"
NUMBERS = 100_000_000
"""Own numbers of one database: with its prefix of three digits they have the eleven that 1C looks at."""


@dataclass(frozen=True, slots=True)
class KeptOrder:
    """What is known of one order in the store. set_stage None = the store never confirmed it."""

    integration_id: int
    posting_number: str
    own_number: int
    asked_stage: OrderStage | None = None
    asked_at: datetime | None = None
    set_stage: OrderStage | None = None
    set_state: str = ""
    placed: PlacedOrder | None = None
    problem: str = ""


class StoreOrderRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, integration_id: int, most: int) -> list[str]:
        """Postings the store has not confirmed in their present state, oldest first.

        Not what was over, or accounted for, before the store heard of it for the first time.
        """
        return list(_waiting(self._connection, integration_id, most).scalars())

    def count_waiting(self, integration_id: int) -> int:
        return int(_count_waiting(self._connection, integration_id).scalar_one())

    def unknown(self, integration_id: int) -> list[str]:
        """Those of the waiting postings that the store never confirmed in any state."""
        return list(_unknown(self._connection, integration_id).scalars())

    def count_unknown(self, integration_id: int) -> int:
        return int(_count_unknown(self._connection, integration_id).scalar_one())

    def numbered(self, integration_id: int, posting_numbers: Iterable[str]) -> dict[str, KeptOrder]:
        """What is known of these known orders, each with its permanent number. To be called by one process at a time."""
        wanted = list(dict.fromkeys(posting_numbers))
        known = self.some(integration_id, wanted)
        missing = [number for number in wanted if number not in known]
        if missing:
            last = _last_number(self._connection).scalar_one() or self._prefix() * NUMBERS
            rows = [
                {"integration_id": integration_id, "posting_number": number, "own_number": last + place}
                for place, number in enumerate(missing, start=1)
            ]
            insert_missing(self._connection, store_orders, rows)
            known |= self.some(integration_id, missing)
        return known

    def some(self, integration_id: int, posting_numbers: Iterable[str]) -> dict[str, KeptOrder]:
        """Those of these postings that have a number already."""
        found: dict[str, KeptOrder] = {}
        for batch in batches(posting_numbers):
            found |= {row.posting_number: _kept(row) for row in _some(self._connection, integration_id, batch)}
        return found

    def by_own_number(self, numbers: Iterable[int]) -> dict[int, KeptOrder]:
        """Whose numbers these are, in whichever cabinet; a number of nobody is left out."""
        found: dict[int, KeptOrder] = {}
        for batch in batches(numbers):
            found |= {row.own_number: _kept(row) for row in _by_own_number(self._connection, batch)}
        return found

    def placed(self, integration_id: int) -> list[KeptOrder]:
        """Those the store has, oldest number first."""
        return [_kept(row) for row in _placed(self._connection, integration_id)]

    def latest_placed(self, integration_id: int, most: int) -> list[KeptOrder]:
        """Those the store has, newest number first, at most so many."""
        return [_kept(row) for row in _latest_placed(self._connection, integration_id, most)]

    def count_placed(self, integration_id: int) -> int:
        return int(_count_placed(self._connection, integration_id).scalar_one())

    def ask(self, integration_id: int, posting_number: str, stage: OrderStage, at: datetime) -> None:
        """Notes what is about to be asked for."""
        self._update(integration_id, posting_number, {"asked_stage": stage.value, "asked_at": at})

    def confirm(self, integration_id: int, posting_number: str, stage: OrderStage, state: str, placed: PlacedOrder | None) -> None:
        """The store has it at this stage. placed None = it did not say what became of it; what was known stays."""
        values: dict[str, Any] = {"set_stage": stage.value, "set_state": state, "problem": ""}
        if placed is not None:
            values["placed"] = placed
        self._update(integration_id, posting_number, values)

    def see(self, seen: Mapping[tuple[int, str], PlacedOrder]) -> int:
        """Keeps how orders stand in the store, by cabinet and posting number; gives how many of them stand otherwise than before."""
        changed = 0
        by_cabinet: dict[int, list[str]] = {}
        for integration_id, posting_number in seen:
            by_cabinet.setdefault(integration_id, []).append(posting_number)
        for integration_id, numbers in by_cabinet.items():
            for number, kept in self.some(integration_id, numbers).items():
                placed = seen[integration_id, number]
                if _without_time(kept.placed) != _without_time(placed):
                    changed += 1
                    self._update(integration_id, number, {"placed": placed})
        return changed

    def refuse(self, integration_id: int, posting_number: str, problem: str) -> bool:
        """Keeps why the store did not take it; gives whether that is news."""
        kept = self.some(integration_id, [posting_number]).get(posting_number)
        if kept is None or kept.problem == problem:
            return False
        self._update(integration_id, posting_number, {"problem": problem})
        return True

    def problems(self, integration_id: int) -> dict[str, str]:
        """Why orders were not taken, by posting number."""
        table = store_orders.c
        query = select(table.posting_number, table.problem).where(table.integration_id == integration_id, table.problem != "")
        return {row.posting_number: row.problem for row in self._connection.execute(query)}

    def _update(self, integration_id: int, posting_number: str, values: dict[str, Any]) -> None:
        same = (store_orders.c.integration_id == integration_id, store_orders.c.posting_number == posting_number)
        self._connection.execute(update(store_orders).where(*same).values(values))

    def _prefix(self) -> int:
        """Three digits of this database, so that two of them beside one store do not give the same numbers."""
        preferences = PreferenceRepository(self._connection)
        known = preferences.get(PREFIX)
        if known is None:
            known = str(100 + secrets.randbelow(900))
            preferences.set(PREFIX, known)
        return int(known)


def _without_time(placed: PlacedOrder | None) -> tuple[object, ...] | None:
    if placed is None:
        return None
    return astuple(replace(placed, seen_at=None))


def _unconfirmed(integration_id: int) -> Select[Any]:
    columns, kept = orders.c, store_orders.c
    both = orders.outerjoin(store_orders, (columns.integration_id == kept.integration_id) & (columns.posting_number == kept.posting_number))
    begun = kept.asked_stage.is_not(None)
    fresh = columns.exported_at.is_(None) & columns.in_store_at.is_(None) & columns.status.not_in(ENDED)
    stands_otherwise = or_(columns.exported_status.is_(None), columns.exported_status != columns.status)
    query = select(columns.posting_number).select_from(both)
    return query.where(columns.integration_id == integration_id, stands_otherwise, or_(begun, fresh))


@prepared
def _waiting(integration_id: int, most: int) -> Select[Any]:
    placed = func.coalesce(orders.c.created_at, orders.c.received_at)
    return _unconfirmed(integration_id).order_by(placed, orders.c.posting_number).limit(most)


@prepared
def _count_waiting(integration_id: int) -> Select[Any]:
    return select(func.count()).select_from(_unconfirmed(integration_id).subquery())


def _never_confirmed(integration_id: int) -> Select[Any]:
    return _unconfirmed(integration_id).where(store_orders.c.set_stage.is_(None))


@prepared
def _unknown(integration_id: int) -> Select[Any]:
    return _never_confirmed(integration_id)


@prepared
def _count_unknown(integration_id: int) -> Select[Any]:
    return select(func.count()).select_from(_never_confirmed(integration_id).subquery())


@prepared
def _last_number() -> Select[Any]:
    return select(func.max(store_orders.c.own_number))


@prepared
def _some(integration_id: int, posting_numbers: list[str]) -> Select[Any]:
    table = store_orders.c
    return select(store_orders).where(table.integration_id == integration_id, table.posting_number.in_(posting_numbers))


@prepared
def _by_own_number(numbers: list[int]) -> Select[Any]:
    return select(store_orders).where(store_orders.c.own_number.in_(numbers))


@prepared
def _placed(integration_id: int) -> Select[Any]:
    table = store_orders.c
    query = select(store_orders).where(table.integration_id == integration_id, table.placed.is_not(None))
    return query.order_by(table.own_number)


@prepared
def _latest_placed(integration_id: int, most: int) -> Select[Any]:
    table = store_orders.c
    query = select(store_orders).where(table.integration_id == integration_id, table.placed.is_not(None))
    return query.order_by(table.own_number.desc()).limit(most)


@prepared
def _count_placed(integration_id: int) -> Select[Any]:
    table = store_orders.c
    return select(func.count()).where(table.integration_id == integration_id, table.placed.is_not(None))


def _kept(row: Row[Any]) -> KeptOrder:
    return KeptOrder(
        row.integration_id,
        row.posting_number,
        row.own_number,
        None if row.asked_stage is None else OrderStage(row.asked_stage),
        row.asked_at,
        None if row.set_stage is None else OrderStage(row.set_stage),
        row.set_state or "",
        row.placed,
        row.problem,
    )
