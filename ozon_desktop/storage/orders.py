"""Store orders made of Ozon's postings: their states over time, how far Ozon's lists were read, and what was written for the store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, exists, func, insert, literal, or_, select, update

from ozon_desktop.domain.orders import ENDED, Order, OrderBatch, OrderReturn, placed_at
from ozon_desktop.domain.sold_pieces import GIVEN_BACK, SoldPosting, StoreMoment, left_the_store
from ozon_desktop.domain.store_connection import PlacedOrder
from ozon_desktop.errors import NotFound
from ozon_desktop.storage.order_tables import order_batches, order_marks, order_statuses, orders
from ozon_desktop.storage.product_rows import last_import, sold_article
from ozon_desktop.storage.sql import batches, insert_missing, prepared, upsert
from ozon_desktop.storage.store_order_tables import store_orders
from ozon_desktop.storage.tables import cabinet_articles, product_links, store_products

MOST_IN_BATCH = 5_000
"""Orders in one file: a year of a large shop is read by the back office in pieces."""

_NEW_STATUS = insert(order_statuses)


class OrderRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # --- orders -----------------------------------------------------------------------------------------------------

    def upsert(self, order: Order, *, written_before: bool = False) -> bool:
        """Stores an order; True = it is new. written_before: a new one is one the store has accounted for without this program.

        Of a known one only the posting changes: organization, direction, responsible, returns and export stay as they were. Its
        `received_at` is then the moment it was seen again, which dates a change of its state.
        """
        same = self._same(order.integration_id, order.posting.posting_number)
        row = _state_of(self._connection, order.integration_id, order.posting.posting_number).one_or_none()
        if row is None:
            return self._add(order, written_before)
        posting = order.posting
        state = replace(order, returns=row.returns or ()).state
        content = {"posting": posting, "status": state, "created_at": posting.created_at, "seen_at": order.received_at}
        if row.shipped_import is None and left_the_store(posting):
            content |= {"shipped_at": order.received_at, "shipped_import": self._last_import()}
        self._connection.execute(update(orders).where(*same).values(content))
        if row.status != state:
            self._add_status(order.integration_id, posting.posting_number, order.received_at, state)
        return False

    def all(self, integration_id: int, status: str | None = None) -> list[Order]:
        """The integration's orders, newest first."""
        query = select(orders).where(orders.c.integration_id == integration_id)
        if status is not None:
            query = query.where(orders.c.status == status)
        query = query.order_by(func.coalesce(orders.c.created_at, orders.c.received_at).desc(), orders.c.posting_number.desc())
        return [_order(row) for row in self._connection.execute(query)]

    def some(self, integration_id: int, posting_numbers: Iterable[str]) -> list[Order]:
        """Those of these numbers that are known, oldest first."""
        found: list[Order] = []
        for batch in batches(posting_numbers):
            found += [_order(row) for row in _with_numbers(self._connection, integration_id, batch)]
        return sorted(found, key=lambda order: (placed_at(order), order.posting.posting_number))

    def open(self, integration_id: int) -> list[Order]:
        """Those whose state may still change."""
        return [_order(row) for row in _open(self._connection, integration_id)]

    def placed_since(self, integration_id: int, moment: datetime) -> list[Order]:
        """Those placed at or after a moment; one whose time Ozon does not say counts from when it was seen."""
        return [_order(row) for row in _placed_since(self._connection, integration_id, moment)]

    def get(self, integration_id: int, posting_number: str) -> Order:
        """The order of a posting; NotFound when there is none."""
        row = _of_posting(self._connection, integration_id, posting_number).one_or_none()
        if row is None:
            raise NotFound(posting_number)
        return _order(row)

    def last_seen(self, integration_id: int) -> datetime | None:
        """When a posting was last received or updated; None when there are no orders."""
        seen: datetime | None = _last_seen(self._connection, integration_id).scalar_one()
        return seen

    def add_returns(self, integration_id: int, returns: Iterable[OrderReturn], now: datetime) -> int:
        """Keeps what came back of known orders; gives how many of them changed. A return that is known takes its new state."""
        by_number: dict[str, list[OrderReturn]] = {}
        for entry in returns:
            by_number.setdefault(entry.posting_number, []).append(entry)
        changed = 0
        for order in self.some(integration_id, by_number):
            number = order.posting.posting_number
            known = {entry.id: entry for entry in order.returns}
            known |= {entry.id: entry for entry in by_number[number]}
            later = replace(order, returns=tuple(known[key] for key in sorted(known)))
            if later.returns == order.returns:
                continue
            changed += 1
            same = self._same(integration_id, number)
            self._connection.execute(update(orders).where(*same).values(returns=later.returns, status=later.state))
            if later.state != order.state:
                moments = [entry.changed_at for entry in by_number[number] if entry.changed_at is not None]
                self._add_status(integration_id, number, max(moments, default=now), later.state)
        return changed

    def status_history(self, integration_id: int, posting_number: str) -> list[tuple[datetime, str]]:
        """Each state with the moment it was first seen, oldest first."""
        table = order_statuses
        same = (table.c.integration_id == integration_id, table.c.posting_number == posting_number)
        query = select(table.c.at, table.c.status).where(*same).order_by(table.c.id)
        return [(row.at, row.status) for row in self._connection.execute(query)]

    # --- how far Ozon's lists were read -----------------------------------------------------------------------------

    def read_to(self, integration_id: int, list_: str) -> datetime | None:
        """Ozon's time of the newest entry of a list that was kept; None = the list was never read. list_: fbs, fbo, returns."""
        return _read_to(self._connection, integration_id, list_).scalar_one_or_none()

    def mark_read(self, integration_id: int, list_: str, to: datetime) -> None:
        """Moves the mark on; it never goes back."""
        known = self.read_to(integration_id, list_)
        if known is None or to > known:
            upsert(self._connection, order_marks, [{"integration_id": integration_id, "list": list_, "read_to": to}])

    # --- what was written for the store -----------------------------------------------------------------------------

    def mark_exported(self, integration_id: int, posting_numbers: Iterable[str], at: datetime) -> None:
        """Remembers that these orders were handed to the store in their state of now."""
        for batch in batches(posting_numbers):
            where = (orders.c.integration_id == integration_id, orders.c.posting_number.in_(batch))
            values = {"exported_at": at, "exported_status": orders.c.status, **self._handed(at)}
            self._connection.execute(update(orders).where(*where).values(values))

    def count_new(self, integration_id: int, *, again: bool = False) -> int:
        """How many orders were not handed to the store yet. again: those whose state changed since, too."""
        query = select(func.count()).where(orders.c.integration_id == integration_id, _not_exported(again))
        return self._connection.execute(query).scalar_one()

    def unexported(self, integration_id: int) -> list[str]:
        """Postings that were not handed to the store yet."""
        return list(_unexported(self._connection, integration_id).scalars())

    def product_ids(self, integration_id: int, offer_ids: Iterable[str]) -> dict[str, str]:
        """The store's product ids by article on Ozon: of cards the manager linked, else of products sold by it, gone ones included."""
        found: dict[str, str] = {}
        linked: dict[str, str] = {}
        products, variants = store_products.c, store_products.alias("variants").c
        # A size that was sold by its product's article stays the one that was sold, also when it is gone.
        has_it = exists().where(variants.parent_id == products.id, variants.sold_as == sold_article())
        for batch in batches(dict.fromkeys(offer_ids)):
            # Variants come last: an article a product shares with its variant means the variant.
            by_article = products.sold_as.in_(batch) | ((products.sold_as == "") & products.offer_id.in_(batch))
            query = select(sold_article().label("article"), products.id).where(by_article, ~has_it)
            query = query.order_by(products.deleted.desc(), products.parent_id.is_not(None), products.id)
            found |= {row.article: row.id for row in self._connection.execute(query)}
            for table in (cabinet_articles.c, product_links.c):
                query = select(table.offer_id, table.product_id).where(table.integration_id == integration_id, table.offer_id.in_(batch))
                linked |= {row.offer_id: row.product_id for row in self._connection.execute(query)}
        return found | linked

    def start_batch(
        self, integration_id: int, now: datetime, *, again: bool, most: int = MOST_IN_BATCH, installation: str = ""
    ) -> OrderBatch | None:
        """A batch of orders the store does not know yet, oldest first; None without any. again: those whose state changed since, too."""
        taken = {number for batch in self.unfinished(integration_id) for number in batch.posting_numbers}
        query = select(orders.c.posting_number).where(orders.c.integration_id == integration_id, _not_exported(again))
        query = query.order_by(func.coalesce(orders.c.created_at, orders.c.received_at), orders.c.posting_number)
        numbers = tuple(number for number in self._connection.execute(query).scalars() if number not in taken)[:most]
        if not numbers:
            return None
        last = select(func.max(order_batches.c.number)).where(order_batches.c.integration_id == integration_id)
        batch = OrderBatch(integration_id, (self._connection.execute(last).scalar_one() or 0) + 1, numbers, now, installation)
        values = {"integration_id": integration_id, "number": batch.number, "posting_numbers": numbers, "created_at": now}
        self._connection.execute(insert(order_batches).values(**values, installation=installation))
        return batch

    def unfinished(self, integration_id: int) -> list[OrderBatch]:
        """Batches whose files were perhaps not written, oldest first."""
        rows = _unfinished(self._connection, integration_id)
        return [OrderBatch(row.integration_id, row.number, row.posting_numbers, row.created_at, row.installation or "") for row in rows]

    def finish_batch(self, batch: OrderBatch, states: Mapping[str, str], at: datetime) -> None:
        """Its files are written. states: by posting number, as they stand in the files."""
        table = order_batches
        where = (table.c.integration_id == batch.integration_id, table.c.number == batch.number)
        self._connection.execute(update(table).where(*where).values(finished_at=at))
        self.mark_handed(batch.integration_id, states, at)

    def mark_handed(self, integration_id: int, states: Mapping[str, str], at: datetime) -> None:
        """The store has these orders in these states, which need not be those of now. states: by posting number."""
        rows: Sequence[dict[str, Any]] = [{"number": number, "state": state} for number, state in states.items()]
        if rows:
            this = (orders.c.integration_id == integration_id, orders.c.posting_number == bindparam("number"))
            statement = update(orders).where(*this).values(exported_at=at, exported_status=bindparam("state"), **self._handed(at))
            self._connection.execute(statement, rows)

    # --- what of it the store has written off -------------------------------------------------------------------------

    def unwritten(self) -> list[SoldPosting]:
        """Postings of all integrations whose pieces the store's stocks perhaps still count: neither FBO nor given back."""
        found = [
            SoldPosting(
                row.integration_id,
                row.posting,
                _moment(row.handed_import, row.handed_at),
                _moment(row.shipped_import, row.shipped_at),
                *_kept_apart(row.placed),
            )
            for row in _unwritten(self._connection)
        ]
        return [sold for sold in found if sold.posting.scheme != "fbo"]

    def mark_in_store(self, integration_id: int, posting_numbers: Iterable[str], at: datetime) -> int:
        """The store's stocks count these orders from now on; gives how many of them did not before."""
        changed = 0
        for batch in batches(posting_numbers):
            where = (orders.c.integration_id == integration_id, orders.c.posting_number.in_(batch), orders.c.in_store_at.is_(None))
            changed += self._connection.execute(update(orders).where(*where).values(in_store_at=at)).rowcount
        return changed

    def _handed(self, at: datetime) -> dict[str, Any]:
        """The store knows it from the first time on that it was handed over."""
        columns = orders.c
        return {
            "handed_at": func.coalesce(columns.handed_at, literal(at, columns.handed_at.type)),
            "handed_import": func.coalesce(columns.handed_import, self._last_import()),
        }

    def _last_import(self) -> int:
        return int(last_import(self._connection).scalar_one())

    def _add(self, order: Order, written_before: bool) -> bool:
        posting = order.posting
        shipped = left_the_store(posting)
        values = {
            "integration_id": order.integration_id,
            "posting_number": posting.posting_number,
            "posting": posting,
            "status": order.state,
            "created_at": posting.created_at,
            "organization_id": order.organization_id,
            "direction_id": order.direction_id,
            "responsible_id": order.responsible_id,
            "received_at": order.received_at,
            "seen_at": order.received_at,
            "exported_at": order.exported_at,
            "shipped_at": order.received_at if shipped else None,
            "shipped_import": self._last_import() if shipped else None,
            "in_store_at": order.received_at if written_before else None,
        }
        values |= self._of_parent(order.integration_id, posting.parent)
        # Another process on the same database may be bringing the same posting.
        insert_missing(self._connection, orders, [values])
        self._add_status(order.integration_id, posting.posting_number, order.received_at, order.state)
        return True

    def _of_parent(self, integration_id: int, parent: str) -> dict[str, Any]:
        """What the store knows of the posting this parcel was taken from: its pieces stand in that order already, and in no other.

        Not of one that was split before the assembling: Ozon cancels that, and the store with it.
        """
        row = _of_posting(self._connection, integration_id, parent).one_or_none() if parent else None
        if row is None or row.exported_at is None or row.status in GIVEN_BACK:
            return {}
        return {name: getattr(row, name) for name in ("exported_at", "exported_status", "handed_at", "handed_import", "in_store_at")}

    def _add_status(self, integration_id: int, posting_number: str, at: datetime, state: str) -> None:
        values = {"integration_id": integration_id, "posting_number": posting_number, "at": at, "status": state}
        self._connection.execute(_NEW_STATUS, values)

    @staticmethod
    def _same(integration_id: int, posting_number: str) -> tuple[Any, ...]:
        return orders.c.integration_id == integration_id, orders.c.posting_number == posting_number


@prepared
def _of_posting(integration_id: int, posting_number: str) -> Select[Any]:
    return select(orders).where(orders.c.integration_id == integration_id, orders.c.posting_number == posting_number)


@prepared
def _state_of(integration_id: int, posting_number: str) -> Select[Any]:
    columns = select(orders.c.status, orders.c.returns, orders.c.shipped_import)
    return columns.where(orders.c.integration_id == integration_id, orders.c.posting_number == posting_number)


@prepared
def _with_numbers(integration_id: int, posting_numbers: list[str]) -> Select[Any]:
    return select(orders).where(orders.c.integration_id == integration_id, orders.c.posting_number.in_(posting_numbers))


@prepared
def _open(integration_id: int) -> Select[Any]:
    return select(orders).where(orders.c.integration_id == integration_id, orders.c.status.not_in(ENDED))


@prepared
def _placed_since(integration_id: int, moment: datetime) -> Select[Any]:
    placed = func.coalesce(orders.c.created_at, orders.c.received_at, type_=orders.c.received_at.type)
    return select(orders).where(orders.c.integration_id == integration_id, placed >= moment)


@prepared
def _last_seen(integration_id: int) -> Select[Any]:
    return select(func.max(orders.c.seen_at, type_=orders.c.seen_at.type)).where(orders.c.integration_id == integration_id)


@prepared
def _read_to(integration_id: int, list_: str) -> Select[Any]:
    return select(order_marks.c.read_to).where(order_marks.c.integration_id == integration_id, order_marks.c.list == list_)


@prepared
def _unexported(integration_id: int) -> Select[Any]:
    return select(orders.c.posting_number).where(orders.c.integration_id == integration_id, _not_exported(again=False))


@prepared
def _unfinished(integration_id: int) -> Select[Any]:
    table = order_batches.c
    query = select(order_batches).where(table.integration_id == integration_id, table.finished_at.is_(None))
    return query.order_by(table.number)


@prepared
def _unwritten() -> Select[Any]:
    columns = orders.c
    handed, shipped = (columns.handed_at, columns.handed_import), (columns.shipped_at, columns.shipped_import)
    there = store_orders.c
    same = (there.integration_id == columns.integration_id) & (there.posting_number == columns.posting_number)
    query = select(columns.integration_id, columns.posting, *handed, *shipped, there.placed).select_from(
        orders.outerjoin(store_orders, same)
    )
    query = query.where(columns.in_store_at.is_(None), or_(columns.status.not_in(GIVEN_BACK), columns.shipped_import.is_not(None)))
    return query.order_by(columns.integration_id, columns.posting_number)


def _kept_apart(placed: PlacedOrder | None) -> tuple[bool, datetime | None, tuple[str, ...]]:
    """What `SoldPosting` says of it."""
    return (False, None, ()) if placed is None else (placed.reserved, placed.seen_at, placed.left_out)


def _not_exported(again: bool) -> ColumnElement[bool]:
    """Orders the store does not know, or with `again` knows in another state."""
    never = orders.c.exported_at.is_(None)
    return or_(never, orders.c.exported_status.is_(None), orders.c.exported_status != orders.c.status) if again else never


def _moment(import_number: int | None, at: datetime | None) -> StoreMoment | None:
    return None if import_number is None or at is None else StoreMoment(import_number, at)


def _order(row: Row[Any]) -> Order:
    return Order(
        row.integration_id,
        row.posting,
        row.organization_id,
        row.direction_id,
        row.responsible_id,
        row.received_at,
        row.exported_at,
        row.returns or (),
    )
