"""A store that goes on with another source, and back."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TEXTS = ("offer_id", "name", "structure_id", "category_ids", "description", "barcodes", "pictures", "vendor", "unit", "properties")


def upgrade() -> None:
    """Applies the revision."""
    op.create_table(
        "take_overs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("plan_id", sa.Text(), nullable=False),
        sa.Column("came_from", sa.Text(), nullable=False),
        sa.Column("goes_on_with", sa.Text(), nullable=False),
        sa.Column("same_ids", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("kept", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_take_overs"),
    )
    op.create_table(
        "take_over_ids",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("old_id", sa.Text(), nullable=False),
        sa.Column("new_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "old_id", name="pk_take_over_ids"),
    )
    op.create_table(
        "take_over_products",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*TEXTS, "code", "group_id", "model", "sold_as")),
        *(sa.Column(name, sa.Text()) for name in ("parent_id", "vat")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("deleted", "has_card")),
        sa.PrimaryKeyConstraint("id", name="pk_take_over_products"),
    )
