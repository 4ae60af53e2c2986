"""The search among dictionary values: an index of pieces of text on SQLite, of trigrams on PostgreSQL where it may be made."""

import logging

from alembic import op
from sqlalchemy.exc import DBAPIError

from ozon_desktop.storage.value_index import ValueIndex

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_log = logging.getLogger(__name__)


def upgrade() -> None:
    """Applies the revision."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # Not a frozen copy: the index must be what the program of today reads, whichever revision made it.
        ValueIndex(connection).create()
        return
    try:
        with connection.begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            op.execute("CREATE INDEX ix_ozon_values_folded_trigrams ON ozon_values USING gin (folded gin_trgm_ops)")
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        # Needs a right that a shop's server may not give. Everything is found without it, only not as fast.
        _log.warning("no pg_trgm on this server, search among values does without: %s", error.orig)
