"""Table of the timers of lowest prices, as Ozon last told them."""

from sqlalchemy import BigInteger, Boolean, Column, Table, Text

from ozon_desktop.storage.columns import UtcDateTime
from ozon_desktop.storage.table_base import metadata, of_integration

price_timers = Table(
    "price_timers",
    metadata,
    of_integration(primary_key=True),
    Column("offer_id", Text, primary_key=True),
    Column("product_id", BigInteger, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("ends_at", UtcDateTime),
    Column("read_at", UtcDateTime, nullable=False),
)
