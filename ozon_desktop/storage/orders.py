"""Store orders made of Ozon's postings, with the history of their statuses."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from ozon_desktop.domain.orders import Order
from ozon_desktop.errors import NotFound
from ozon_desktop.storage.sql import batches
from ozon_desktop.storage.tables import order_statuses, orders


class OrderRepository:
    """Reads and writes orders."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def upsert(self, order: Order) -> bool:
        """Stores an order; True = it is new.

        Of a known one only the posting changes: organization, direction, responsible and export stay as they were. Its
        `received_at` is then the moment it was seen again, which dates a change of status.
        """
        same = self._same(order.integration_id, order.posting.posting_number)
        known = self._connection.execute(select(orders.c.status).where(*same)).scalar_one_or_none()
        posting = order.posting
        content = {"posting": posting, "status": posting.status, "created_at": posting.created_at, "seen_at": order.received_at}
        if known is None:
            values = {
                "integration_id": order.integration_id,
                "posting_number": posting.posting_number,
                "organization_id": order.organization_id,
                "direction_id": order.direction_id,
                "responsible_id": order.responsible_id,
                "received_at": order.received_at,
                "exported_at": order.exported_at,
            }
            self._connection.execute(insert(orders).values(**content, **values))
        else:
            self._connection.execute(update(orders).where(*same).values(content))
        if known != posting.status:
            self._add_status(order)
        return known is None

    def all(self, integration_id: int, status: str | None = None) -> list[Order]:
        """The integration's orders, newest first."""
        query = select(orders).where(orders.c.integration_id == integration_id)
        if status is not None:
            query = query.where(orders.c.status == status)
        query = query.order_by(func.coalesce(orders.c.created_at, orders.c.received_at).desc(), orders.c.posting_number.desc())
        return [_order(row) for row in self._connection.execute(query)]

    def get(self, integration_id: int, posting_number: str) -> Order:
        """The order of a posting; NotFound when there is none."""
        row = self._connection.execute(select(orders).where(*self._same(integration_id, posting_number))).one_or_none()
        if row is None:
            raise NotFound(posting_number)
        return _order(row)

    def last_seen(self, integration_id: int) -> datetime | None:
        """When a posting was last received or updated; None when there are no orders."""
        query = select(func.max(orders.c.seen_at, type_=orders.c.seen_at.type)).where(orders.c.integration_id == integration_id)
        seen: datetime | None = self._connection.execute(query).scalar_one()
        return seen

    def mark_exported(self, posting_numbers: Iterable[str], at: datetime) -> None:
        """Remembers that these orders were handed to the store."""
        for batch in batches(posting_numbers):
            self._connection.execute(update(orders).where(orders.c.posting_number.in_(batch)).values(exported_at=at))

    def status_history(self, integration_id: int, posting_number: str) -> list[tuple[datetime, str]]:
        """Each status with the moment it was first seen, oldest first."""
        table = order_statuses
        same = (table.c.integration_id == integration_id, table.c.posting_number == posting_number)
        query = select(table.c.at, table.c.status).where(*same).order_by(table.c.id)
        return [(row.at, row.status) for row in self._connection.execute(query)]

    def count_new(self, integration_id: int) -> int:
        """How many orders were not handed to the store yet."""
        query = select(func.count()).where(orders.c.integration_id == integration_id, orders.c.exported_at.is_(None))
        return self._connection.execute(query).scalar_one()

    def _add_status(self, order: Order) -> None:
        values = {
            "integration_id": order.integration_id,
            "posting_number": order.posting.posting_number,
            "at": order.received_at,
            "status": order.posting.status,
        }
        self._connection.execute(insert(order_statuses).values(values))

    @staticmethod
    def _same(integration_id: int, posting_number: str) -> tuple[Any, ...]:
        return orders.c.integration_id == integration_id, orders.c.posting_number == posting_number


def _order(row: Row[Any]) -> Order:
    return Order(
        row.integration_id,
        row.posting,
        row.organization_id,
        row.direction_id,
        row.responsible_id,
        row.received_at,
        row.exported_at,
    )
