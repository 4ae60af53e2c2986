"""Tables of the cabinet's own cards: as last read, what the manager said of them, and whose values win."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from ozon_desktop.domain.adoption import CachedCard
from ozon_desktop.storage.columns import Json, UtcDateTime
from ozon_desktop.storage.table_base import metadata, of_integration

cabinet_loads = Table(
    "cabinet_loads",
    metadata,
    of_integration(primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)

# What matching needs has columns of its own: reading whole cards takes many times as long.
cabinet_cards = Table(
    "cabinet_cards",
    metadata,
    of_integration(primary_key=True),
    Column("product_id", BigInteger, primary_key=True, autoincrement=False),
    Column("offer_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("barcodes", Json(tuple[str, ...]), nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("loaded_at", UtcDateTime, nullable=False),
    Column("card", Json(CachedCard), nullable=False),
    Index(None, "integration_id", "offer_id"),
)

card_decisions = Table(
    "card_decisions",
    metadata,
    of_integration(primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("offer_id", Text, primary_key=True),
    Column("same", Boolean, nullable=False),
)

# What the manager answered about the cards that were on Ozon before; NULL = not answered.
existing_card_answers = Table(
    "existing_card_answers",
    metadata,
    of_integration(primary_key=True),
    Column("content", Text),
    Column("prices", Text),
    Column("stocks", Text),
    Column("answered_at", UtcDateTime),
)

# Product "" = a rule for all products, field "" = all fields of a product.
card_sides = Table(
    "card_sides",
    metadata,
    of_integration(primary_key=True),
    Column("product_id", Text, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("side", Text, nullable=False),
)
