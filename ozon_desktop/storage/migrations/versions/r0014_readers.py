"""What the values of directories mean is kept from export to export, and of a product its own number and its group."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies the revision."""
    for name in ("code", "group_id"):
        op.add_column("store_products", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "store_directory_values",
        sa.Column("property_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("property_id", "id", name="pk_store_directory_values"),
    )
