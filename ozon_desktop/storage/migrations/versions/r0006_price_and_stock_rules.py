"""Rules for prices and stocks, the prices beside the selling price as last accepted, and from what each card was last built."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Applies the revision."""
    op.create_table(
        "sync_rules",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("prices", sa.Text(), nullable=False),
        sa.Column("stocks", sa.Text()),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_sync_rules_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", name="pk_sync_rules"),
    )
    for name in ("old_price", "min_price", "card_print"):
        op.add_column("accepted_offers", sa.Column(name, sa.Text()))
