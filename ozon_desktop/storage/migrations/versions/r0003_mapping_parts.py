"""Types for parts of a category's products (those whose property has a value), and the type each card has on Ozon."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Applies the revision."""
    op.create_table(
        "mapping_parts",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("category_id", sa.Text(), nullable=False),
        sa.Column("property_name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("description_category_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_mapping_parts_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "category_id", "property_name", "value", name="pk_mapping_parts"),
    )
    op.add_column("accepted_offers", sa.Column("type_key", sa.Text()))
