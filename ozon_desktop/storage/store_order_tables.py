"""The table of orders as the store's back office has them: the program's own number of each, what was asked for, what is there."""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Table, Text, UniqueConstraint

from ozon_desktop.domain.store_connection import PlacedOrder
from ozon_desktop.storage.columns import Json, UtcDateTime
from ozon_desktop.storage.table_base import metadata, of_integration

store_orders = Table(
    "store_orders",
    metadata,
    of_integration(primary_key=True),
    Column("posting_number", Text, primary_key=True),
    Column("own_number", BigInteger, nullable=False),
    Column("asked_stage", Text),
    Column("asked_at", UtcDateTime),
    Column("set_stage", Text),
    Column("set_state", Text),
    Column("placed", Json(PlacedOrder)),
    Column("problem", Text, nullable=False, server_default=""),
    ForeignKeyConstraint(["integration_id", "posting_number"], ["orders.integration_id", "orders.posting_number"], ondelete="CASCADE"),
    UniqueConstraint("own_number"),
)
"""asked: the stage that was last asked for, and when, written before the asking; set: the stage the store has confirmed, with the state
it was given for it. placed: as it was last seen there, None = it was not. problem: why the store did not take it, "" = it did.
"""
