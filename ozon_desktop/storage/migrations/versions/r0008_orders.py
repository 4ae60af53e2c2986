"""What came back of an order, the state the store was given, how far each list of Ozon was read, and the batches written for the store."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Applies the revision."""
    op.add_column("orders", sa.Column("returns", sa.Text()))
    op.add_column("orders", sa.Column("exported_status", sa.Text()))
    op.create_index("ix_orders_integration_id_status", "orders", ["integration_id", "status"])
    # What was handed over before is known to the store in its state of today: it is not written again.
    op.execute("UPDATE orders SET exported_status = status WHERE exported_at IS NOT NULL")
    _of_integration(
        "order_marks",
        "list",
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("read_to", sa.DateTime(timezone=True), nullable=False),
    )
    _of_integration(
        "order_batches",
        "number",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("posting_numbers", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
    )


def _of_integration(name: str, key: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("integration_id", SERIAL, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name=f"fk_{name}_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", key, name=f"pk_{name}"),
    )
