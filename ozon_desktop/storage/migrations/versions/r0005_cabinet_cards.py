"""Cards of the cabinet as last read, what the manager said of them, and whose values win."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Applies the revision."""
    _of_integration(
        "cabinet_loads",
        [],
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
    )
    _of_integration(
        "cabinet_cards",
        ["product_id"],
        sa.Column("product_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("barcodes", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
    )
    op.create_index("ix_cabinet_cards_integration_id_offer_id", "cabinet_cards", ["integration_id", "offer_id"])
    _of_integration(
        "card_decisions",
        ["product_id", "offer_id"],
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("offer_id", sa.Text(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
    )
    _of_integration(
        "card_sides",
        ["product_id", "field"],
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
    )


def _of_integration(name: str, key: list[str], *columns: sa.Column[object]) -> None:
    """A table whose rows go with their integration; `key`: what distinguishes the rows of one integration."""
    op.create_table(
        name,
        sa.Column("integration_id", SERIAL, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name=f"fk_{name}_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", *key, name=f"pk_{name}"),
    )
