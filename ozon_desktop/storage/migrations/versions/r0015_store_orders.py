"""Orders as a connected back office has them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies the revision."""
    op.create_table(
        "store_orders",
        sa.Column("integration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("posting_number", sa.Text(), nullable=False),
        sa.Column("own_number", sa.BigInteger(), nullable=False),
        sa.Column("asked_stage", sa.Text()),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("set_stage", sa.Text()),
        sa.Column("set_state", sa.Text()),
        sa.Column("placed", sa.Text()),
        sa.Column("problem", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_store_orders_integration_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["integration_id", "posting_number"],
            ["orders.integration_id", "orders.posting_number"],
            name="fk_store_orders_integration_id_posting_number",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("integration_id", "posting_number", name="pk_store_orders"),
        sa.UniqueConstraint("own_number", name="uq_store_orders_own_number"),
    )
