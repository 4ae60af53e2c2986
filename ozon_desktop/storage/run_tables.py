"""Tables of what runs now: leases, renewed by their owners by the clock of the database."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from ozon_desktop.storage.table_base import metadata

run_leases = Table(
    "run_leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("run_id", BigInteger, nullable=False),
    Column("token", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("machine", Text, nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("since_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("stage", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer),
)
