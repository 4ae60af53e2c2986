"""Products are found by article and by barcode without reading all of them; of planned cards it is kept what they were built from."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies the revision. PostgreSQL indexes no texts of thousands of letters, and a product may have so many barcodes."""
    op.create_index("ix_store_products_offer_id", "store_products", ["offer_id"])
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_store_products_barcodes", "store_products", ["barcodes"])
    op.create_table(
        "planned_cards",
        sa.Column("integration_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("card_print", sa.Text(), nullable=False),
        sa.Column("payload_print", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_planned_cards_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "offer_id", name="pk_planned_cards"),
    )
