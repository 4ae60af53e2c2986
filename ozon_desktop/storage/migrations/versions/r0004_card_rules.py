"""More kinds of rules for fields, the manager's answers about doubtful values, and the order of a card's pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Applies the revision; rules that are there stay what they are."""
    with op.batch_alter_table("field_rules") as rules:
        rules.add_column(sa.Column("template", sa.Text(), nullable=False, server_default=""))
        rules.add_column(sa.Column("factor", sa.Text()))
        rules.add_column(sa.Column("value_table", sa.Text(), nullable=False, server_default="[]"))
    with op.batch_alter_table("field_rules") as rules:
        # Only the rows of earlier releases needed it.
        rules.alter_column("template", server_default=None)
        rules.alter_column("value_table", server_default=None)
    op.create_table(
        "value_choices",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("dictionary_id", sa.BigInteger(), nullable=False),
        sa.Column("category_id", sa.BigInteger(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("folded", FOLDED, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("value_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_value_choices_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "dictionary_id", "category_id", "type_id", "folded", name="pk_value_choices"),
    )
    op.create_table(
        "card_pictures",
        sa.Column("integration_id", SERIAL, nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("ordered", sa.Text(), nullable=False),
        sa.Column("main", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["integration_id"], ["integrations.id"], name="fk_card_pictures_integration_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("integration_id", "product_id", name="pk_card_pictures"),
    )
