"""Products on their way into the store: asked for, made, refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from ozon_desktop.domain.new_products import MadeProduct
from ozon_desktop.storage.new_product_tables import new_products
from ozon_desktop.storage.sql import batches, of_integration, upsert
from ozon_desktop.storage.tables import store_stocks


@dataclass(frozen=True, slots=True)
class KeptProduct:
    """One product that was asked for. store_id None: no answer came, unless there is a `problem`."""

    integration_id: int
    offer_id: str
    creation_id: str
    asked_at: datetime
    made_at: datetime | None = None
    store_id: str | None = None
    problem: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may be there without anybody knowing."""
        return self.store_id is None and not self.problem


class NewProductRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, integration_id: int) -> dict[str, KeptProduct]:
        """By offer_id."""
        return {row.offer_id: _kept(row) for row in of_integration(self._connection, new_products, integration_id)}

    def open(self) -> list[KeptProduct]:
        """Those of all cabinets whose answer never came, in a lasting order."""
        table = new_products.c
        query = select(new_products).where(table.store_id.is_(None), table.problem == "")
        return [_kept(row) for row in self._connection.execute(query.order_by(table.integration_id, table.offer_id))]

    def ask(self, integration_id: int, offer_id: str, creation_id: str, at: datetime) -> None:
        """Notes that it is about to be asked for."""
        asked = {"creation_id": creation_id, "asked_at": at, "made_at": None, "store_id": None, "counted": False, "problem": ""}
        upsert(self._connection, new_products, [{"integration_id": integration_id, "offer_id": offer_id, **asked}])

    def make(self, integration_id: int, offer_id: str, made: MadeProduct, at: datetime) -> None:
        """Keeps that the store has it."""
        self._set(integration_id, offer_id, made_at=at, store_id=made.id, problem="")

    def refuse(self, integration_id: int, offer_id: str, problem: str) -> None:
        """Keeps why the store did not take it."""
        self._set(integration_id, offer_id, problem=problem)

    def forget(self, integration_id: int, offer_id: str) -> None:
        """It was never made."""
        self._connection.execute(delete(new_products).where(*_one(integration_id, offer_id)))

    def uncounted(self) -> frozenset[str]:
        """Ids of the store's products that were made here and that the store never had a stock of."""
        table = new_products.c
        query = select(table.store_id).where(table.store_id.is_not(None), table.counted.is_(False))
        return frozenset(self._connection.execute(query).scalars())

    def note_counted(self) -> None:
        """After an import: what has a stock now was counted, whatever comes later."""
        waiting = self.uncounted()
        stocks = store_stocks.c
        for batch in batches(sorted(waiting)):
            rows = self._connection.execute(select(stocks.product_id, stocks.quantity).where(stocks.product_id.in_(batch)))
            self._count(row.product_id for row in rows if row.quantity > 0)

    def _count(self, store_ids: Iterable[str]) -> None:
        for batch in batches(sorted(set(store_ids))):
            self._connection.execute(update(new_products).where(new_products.c.store_id.in_(batch)).values(counted=True))

    def _set(self, integration_id: int, offer_id: str, **values: Any) -> None:
        self._connection.execute(update(new_products).where(*_one(integration_id, offer_id)).values(**values))


def _one(integration_id: int, offer_id: str) -> tuple[Any, Any]:
    return new_products.c.integration_id == integration_id, new_products.c.offer_id == offer_id


def _kept(row: Row[Any]) -> KeptProduct:
    return KeptProduct(row.integration_id, row.offer_id, row.creation_id, row.asked_at, row.made_at, row.store_id, row.problem)
