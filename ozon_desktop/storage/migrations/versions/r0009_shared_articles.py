"""Products are found by article and by barcode without reading all of them."""

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
