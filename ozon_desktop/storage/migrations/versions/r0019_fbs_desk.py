"""Work on FBS postings: actions and codes on pieces."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Applies the revision."""
    op.create_table(
        "fbs_actions",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("outcome", sa.Text(), nullable=False, server_default=""),
        sa.Column("detail", sa.Text(), nullable=False, server_default=""),
        sa.Column("result", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_fbs_actions_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_fbs_actions"),
    )
    for column in ("integration_id", "subject", "answered_at"):
        op.create_index(f"ix_fbs_actions_{column}", "fbs_actions", [column])
    op.create_table(
        "fbs_marks",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("posting_number", sa.Text(), nullable=False),
        sa.Column("sku", sa.BigInteger(), nullable=False),
        sa.Column("piece", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("errors", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_fbs_marks_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "posting_number", "sku", "piece", "kind", name="pk_fbs_marks"),
    )
    op.create_index("ix_fbs_marks_digest", "fbs_marks", ["digest"])
