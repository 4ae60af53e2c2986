"""Tables of orders: the orders, their states over time, how far each list of Ozon was read, and what was written for the store."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Table, Text

from ozon_desktop.domain.orders import OrderReturn, Posting
from ozon_desktop.storage.columns import Json, Serial, UtcDateTime
from ozon_desktop.storage.table_base import metadata, of_integration

orders = Table(
    "orders",
    metadata,
    of_integration(primary_key=True),
    Column("posting_number", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("created_at", UtcDateTime),
    Column("posting", Json(Posting), nullable=False),
    Column("organization_id", Text),
    Column("direction_id", Text),
    Column("responsible_id", Text),
    Column("received_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("exported_at", UtcDateTime),
    Column("returns", Json(tuple[OrderReturn, ...])),
    Column("exported_status", Text),
    Column("handed_at", UtcDateTime),
    Column("handed_import", BigInteger),
    Column("shipped_at", UtcDateTime),
    Column("shipped_import", BigInteger),
    Column("in_store_at", UtcDateTime),
    Index(None, "integration_id", "status"),
    Index(None, "in_store_at"),
)
"""status: the state of the order, so also `returned`, which no posting has.

handed: when it was first handed over to the store; shipped: when it was first seen shipped; both with the number of the store's last
import before. in_store_at: since when the store's stocks count it, so that its pieces are subtracted no more.
"""

order_statuses = Table(
    "order_statuses",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("integration_id", Serial, nullable=False),
    Column("posting_number", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("status", Text, nullable=False),
    ForeignKeyConstraint(["integration_id", "posting_number"], ["orders.integration_id", "orders.posting_number"], ondelete="CASCADE"),
    Index(None, "integration_id", "posting_number"),
)

order_marks = Table(
    "order_marks",
    metadata,
    of_integration(primary_key=True),
    Column("list", Text, primary_key=True),
    Column("read_to", UtcDateTime, nullable=False),
)
"""list: fbs, fbo or returns; read_to: Ozon's time of the newest entry that was kept."""

order_batches = Table(
    "order_batches",
    metadata,
    of_integration(primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("posting_numbers", Json(tuple[str, ...]), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("installation", Text),
)
"""A batch is there before its files, and finished after them."""
