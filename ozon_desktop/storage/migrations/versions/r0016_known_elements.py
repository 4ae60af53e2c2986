"""Elements of the store's exports are kept by their bytes: what did not change is not read again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies the revision."""
    op.create_table(
        "store_elements",
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("print", sa.LargeBinary(), nullable=False),
        sa.Column("context", sa.LargeBinary(), nullable=False),
        sa.Column("prices", sa.Integer(), nullable=False),
        sa.Column("stocks", sa.Integer(), nullable=False),
        sa.Column("pictured", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", "print", name="pk_store_elements"),
        sqlite_with_rowid=False,
    )
