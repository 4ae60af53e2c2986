"""Tables of the work on FBS postings: what was asked of Ozon with what became of it, and the codes on pieces."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from ozon_desktop.domain.fbs import ActionAsked
from ozon_desktop.storage.columns import Json, Serial, UtcDateTime
from ozon_desktop.storage.table_base import metadata, of_integration

fbs_actions = Table(
    "fbs_actions",
    metadata,
    Column("id", Serial, primary_key=True),
    of_integration(),
    Column("run_id", BigInteger, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("asked", Json(ActionAsked), nullable=False),
    Column("who", Text, nullable=False, server_default=""),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("detail", Text, nullable=False, server_default=""),
    Column("result", Json(tuple[str, ...]), nullable=False),
    Index(None, "subject"),
    Index(None, "answered_at"),
)
"""A row is there before Ozon is asked. answered_at: when it was known what became of it."""

fbs_marks = Table(
    "fbs_marks",
    metadata,
    of_integration(primary_key=True),
    Column("posting_number", Text, primary_key=True),
    Column("sku", BigInteger, primary_key=True, autoincrement=False),
    Column("piece", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("code", Text),
    Column("digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("errors", Json(tuple[str, ...]), nullable=False),
    Column("entered_at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False, server_default=""),
    Index(None, "digest"),
)
"""code None = forgotten: the parcel is gone and the time for returns over. digest: SHA-256 of what names the piece."""
