"""The table of products that the program makes in the store of cards that were only on Ozon."""

from sqlalchemy import Boolean, Column, Table, Text, false

from ozon_desktop.storage.columns import UtcDateTime
from ozon_desktop.storage.table_base import metadata, of_integration

new_products = Table(
    "new_products",
    metadata,
    of_integration(primary_key=True),
    Column("offer_id", Text, primary_key=True),
    Column("creation_id", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime),
    Column("store_id", Text),
    Column("counted", Boolean, nullable=False, server_default=false()),
    Column("problem", Text, nullable=False, server_default=""),
)
"""A row is written before a product is asked for. store_id: the product's there, None = no answer came, or it was refused with `problem`.

counted: the store has had a stock of it; until then its nought means that nobody has counted.
"""
