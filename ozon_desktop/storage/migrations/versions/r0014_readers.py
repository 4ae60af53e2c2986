"""What directories' values mean is kept from export to export; of a product its own number, group, model and the article it is sold by."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies the revision."""
    for name in ("code", "group_id", "model", "sold_as"):
        op.add_column("store_products", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_store_products_sold_as", "store_products", ["sold_as"])
    op.create_table(
        "store_directory_values",
        sa.Column("property_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("property_id", "id", name="pk_store_directory_values"),
    )
    op.create_table(
        "cabinet_articles",
        sa.Column("integration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_cabinet_articles_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "product_id", name="pk_cabinet_articles"),
    )
