"""Tables of take-overs: which id became which, and the products as they were, until the next take-over makes it final."""

from sqlalchemy import Boolean, Column, Table, Text, false

from ozon_desktop.domain.take_over import KeptForUndo
from ozon_desktop.storage.columns import Json, Serial, UtcDateTime
from ozon_desktop.storage.table_base import metadata
from ozon_desktop.storage.tables import store_products

take_overs = Table(
    "take_overs",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("plan_id", Text, nullable=False),
    Column("came_from", Text, nullable=False),
    Column("goes_on_with", Text, nullable=False),
    Column("same_ids", Boolean, nullable=False, server_default=false()),
    Column("kept", Json(KeptForUndo)),
    Column("at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
)
"""kept None = it can be undone no more. came_from, goes_on_with: the sources, in words."""

take_over_ids = Table(
    "take_over_ids",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("old_id", Text, primary_key=True),
    Column("new_id", Text, nullable=False),
)
"""Of the last take-over that can be undone."""

take_over_products = Table(
    "take_over_products",
    metadata,
    *(
        Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable)
        for column in store_products.columns
        if column.name != "seen"
    ),
)
"""Rows of `store_products` as the old source left them: of the last take-over that can be undone."""
